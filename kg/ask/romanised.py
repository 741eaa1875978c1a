"""A Latin name written in Persian letters: what both spellings have in common is their consonants.

Persian has no one way of writing Koohkan, Baig or Hanggarini; short vowels are left out, long ones stand for several
Latin ones, and letters that sound alike in Persian differ in Latin.
"""

from __future__ import annotations

import re

from kg.folding import plain

_PERSIAN = dict(
    zip("بپفکگقغلمنرتطدجچخشحهثسصذزضظژ", "bpfkggglmnrttdgskshhssszzzzz", strict=True),
)
"""Letters that are not here are vowels, or may be."""
_LATIN = (
    (r"^[vw]", "V"),
    (r"sch|sh|tch|ch", "s"),
    (r"kh|ck|q(?=u)", "k"),
    (r"gh|q", "g"),
    (r"zh", "z"),
    (r"ph", "f"),
    (r"th", "t"),
    (r"dj|j", "g"),
    (r"x", "ks"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"[aeiouvwy]", ""),
    (r"h$", ""),
)


def consonants(name: str) -> str:
    """Return the consonants of a word, Latin or Persian, in one spelling; doubled ones once."""
    text = re.sub(r"(.)\1+", r"\1", plain(name))
    if text.isascii():
        for pattern, form in _LATIN:
            text = re.sub(pattern, form, text)
        text = re.sub("[^a-zV]", "", text)
    else:
        text = "V" * text.startswith("و") + "".join(_PERSIAN.get(char, "") for char in re.sub("[هة]$", "", text))
    return text
