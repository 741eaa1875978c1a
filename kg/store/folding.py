"""Words as they are compared in a search: folded, each with its place in the text that it stands in.

English: case, accents, American spelling to British or the other way, whichever is the plainer; endings are left to
the index, which stems. Persian: Arabic letters, vowel signs, tatweel, digits. A hyphen or a zero-width non-joiner
parts words and links them, so that *non-state*, *nonstate* and *non state* can meet.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
_LINKS = "-\u2010\u2011\u200c\u200d"
_LETTERS = str.maketrans("\u064a\u0649\u0643\u0629\u06d5\u06c1", "\u06cc\u06cc\u06a9\u0647\u0647\u0647", "\u0640")
"""Arabic yeh, kaf, teh marbuta and their like to Persian ones; decomposition has taken away hamza and madda before."""

_SPELLINGS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"(?<=\w{3})iz(e[ds]?|ers?|ing|ations?|ational)$", r"is\1"),
        (r"(?<=\w{3})yz(e[ds]?|ers?|ing)$", r"ys\1"),
        (r"(behavi|col|fav|hon|hum|lab|neighb|rum|val|vig|harb|arm|endeav|flav)our", r"\1or"),
        (r"^(def|off|pret|lic)ens", r"\1enc"),
        (r"(?<=cent)re(s?)$|(?<=heat)re(s?)$", r"er\1\2"),
        (r"(?<=cent)red$", "ered"),
        (r"(catal|dial|anal)ogue", r"\1og"),
        (r"^(programm)e(s?)$", r"program\2"),
        (r"^(trave|mode|labe|signa|cance|fue|leve)ll(ed|ing|ers?)$", r"\1l\2"),
        (r"^(judg|acknowledg)ement", r"\1ment"),
        (r"^artefact", "artifact"),
        (r"^sceptic", "skeptic"),
        (r"^grey(s?)$", r"gray\1"),
    )
)


class Word(NamedTuple):
    """A word of a text: folded; from which code point to which, end exclusive; whether a sign links it to the last."""

    text: str
    start: int
    end: int
    linked: bool


def words(text: str) -> list[Word]:
    """Return the words of a text in their order; the `s` of a possessive is none."""
    found: list[Word] = []
    last = -1
    for mark in _WORD.finditer(text):
        start, end = mark.span()
        folded = fold(mark[0])
        possessive = folded == "s" and start == last + 1 and text[last] in "'’"
        if folded and not possessive:
            found.append(Word(folded, start, end, bool(found) and start == last + 1 and text[last] in _LINKS))
        last = end
    return found


@lru_cache(maxsize=1 << 14)
def fold(word: str) -> str:
    """Return a word as it is compared: letters and digits alone."""
    bare = unicodedata.normalize("NFKD", word.casefold()).casefold().translate(_LETTERS)
    bare = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in bare if c.isalnum())
    if bare.isascii():
        for pattern, form in _SPELLINGS:
            bare = pattern.sub(form, bare)
    return bare


def joined(found: list[Word]) -> list[tuple[str, int, int]]:
    """Return the words that links make one: written together, and the numbers of the first and the last, inclusive."""
    runs: list[tuple[str, int, int]] = []
    first = 0
    for number in range(1, len(found) + 1):
        if number == len(found) or not found[number].linked:
            if number - first > 1:
                runs.append(("".join(word.text for word in found[first:number]), first, number - 1))
            first = number
    return runs
