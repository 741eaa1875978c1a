"""The words that the project itself puts on a page, in the reader's language: headings, connecting words, sentences.

Labels of things come from the graph; these come from `queries/words.<language>.tsv`, a line an English word.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from kg.resources import resource

Words = Callable[[str], str]
"""What gives a word in the reader's language; the English one where there is no other."""


def words(language: str) -> Words:
    """Return the words of a language, as BCP 47 tag."""
    if language == "en":
        return str
    known = _read(language)
    return lambda english: known.get(english, english)


@cache
def _read(language: str) -> dict[str, str]:
    file = resource("queries") / f"words.{language}.tsv"
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)
