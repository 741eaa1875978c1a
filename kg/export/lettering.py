"""How wide a label is, whichever fonts a machine has: by the widths of DejaVu Sans, in em.

It is among the widest of the common sans-serif fonts (Helvetica, Arial, Liberation, Noto are narrower), and what
Graphviz finds on a bare Debian. So a box that is wide enough by these figures is wide enough for any of them.
"""

from __future__ import annotations

import unicodedata

_EMS = {
    char: ems
    for ems, chars in {
        0.3: "'IJijl",
        0.35: " ,./:;\\|’‘",
        0.41: "!()-[]frt",
        0.53: '"*?_`sz“”–',
        0.6: "FLckvxy",
        0.64: "$0123456789EPSTYabdeghnopqu{}«»",
        0.7: "ABCKRVXZ",
        0.79: "&DGHNOQU",
        0.84: "#+<=>^w~",
        0.87: "M",
        1.0: "%@Wm—…",
    }.items()
    for char in chars
}
_LARGE, _SMALL, _JOINED, _WIDE, _NARROW = 0.85, 0.75, 0.62, 0.85, 0.48
"""Capital letters, and all other letters and signs, of other alphabets; letters of Arabic script, which are joined.

The last two are of the letters of Arabic script with teeth or a loop, which are wider than the others, and of those
that no letter after them is joined to, which are narrower.
"""


def ems(line: str) -> float:
    """Return the width of a line of text, in em: times the size of its letters, that in points."""
    return sum(map(_ems, line))


def _ems(char: str) -> float:
    base = char if char in _EMS else unicodedata.normalize("NFD", char)[0]  # é is as wide as e
    if base in _EMS:
        return _EMS[base]
    category = unicodedata.category(base)
    if category in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(base) in "WF":
        return 1.0
    if "\u0600" <= base <= "\u06ff":
        return _WIDE if base in "سشصض" else _NARROW if base in "اآأإدذرزژو" else _JOINED
    return _LARGE if category == "Lu" else _SMALL
