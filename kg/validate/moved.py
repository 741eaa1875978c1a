"""Deprecated terms that a corpus still names: a warning a place, with what replaces the term and since when."""

from __future__ import annotations

from collections.abc import Iterable

from kg.load.moved import Use
from kg.validate.findings import Finding

RULE = "term-moved"


def told(uses: Iterable[Use], language: str = "en") -> list[Finding]:
    """Return a finding for each use of a deprecated term, in the order of files and lines; labels in a language."""
    return [Finding("warning", RULE, use.fate.term, use.message(language), "", use.place) for use in uses]
