"""Deprecated terms, and keys that have moved, in a corpus: a warning a place, with what is to be written."""

from __future__ import annotations

from collections.abc import Iterable

from kg import names
from kg.load.keys import Misplaced
from kg.load.moved import Use
from kg.validate.findings import Finding

RULES = TERM, KEY = "term-moved", "key-moved"


def told(uses: Iterable[Use], language: str = "en") -> list[Finding]:
    """Return a finding for each use of a deprecated term, in the order of files and lines; labels in a language."""
    return [Finding("warning", TERM, use.fate.term, use.message(language), "", use.place) for use in uses]


def keys(misplaced: Iterable[Misplaced]) -> list[Finding]:
    """Return a finding for each key that stands in a claim and belongs to the assertion."""
    return [Finding("warning", KEY, names.thing("claim", one.claim), one.message, "", one.place) for one in misplaced]
