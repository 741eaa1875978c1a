"""Words as they are compared in a search: folded, each with its place in the text that it stands in.

Letters and spelling are those of `kg.folding`; endings are left to the index, which stems. A hyphen or a zero-width
non-joiner parts words and links them, so that *non-state*, *nonstate* and *non state* can meet.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.folding import WORD, letters, one_spelling

_WORD = re.compile(WORD)
_LINKS = "-\u2010\u2011\u200c\u200d"


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
    return one_spelling(letters(word))


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
