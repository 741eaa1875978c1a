"""Whose word counts between sources: each speaks for itself, and what another has said stays as it is.

The rule for people stands in `kg/corpus/README.md`. Sources speak in the order of the inputs: the founding corpus
first, then corpora as they were named, each by the names of its folders.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg import names, resources
from kg.bibliography.people import issued_date
from kg.errors import CodingError, Place
from kg.folding import letters
from kg.load import csl
from kg.load.folder import Folder
from kg.load.keys import items
from kg.records import Work
from kg.tree import Tree

PROJECT = "airkg"
"""The coder whose name only the founding corpus may sign with."""

_ALIKE = 0.6
"""How alike two titles of one language are, at least, if they are to be one work's."""


def faults(folders: Sequence[Folder]) -> Iterator[CodingError]:
    """Yield where a source says something that is not its own to say."""
    founding = any(folder.corpus == resources.resource("corpus") for folder in folders)
    described: dict[str, tuple[dict[str, Any], Place]] = {}
    for folder in folders:
        if folder.name in names.RESERVED:
            hint = "give the folder another name"
            yield CodingError(folder.place("id"), f"source id '{folder.name}' is a name of the project's own", hint)
        yield from _works(folder, described)
        if folder.coding:
            yield from _relations(folder.coding)
            yield from _pointers(folder, folder.coding)
        if folder.coding and founding and folder.corpus != resources.resource("corpus"):
            yield from _signatures(folder.coding)


def first_descriptions(folders: Sequence[Folder]) -> dict[Path, tuple[Work, ...]]:
    """Return for each folder the works that its source describes: it lists them first, or as the first one does.

    So the order of sources matters only where they differ.
    """
    first = dict[str, Work]()
    return {
        folder.path: tuple(w for w in folder.references.works if first.setdefault(w.id, w) == w)
        for folder in folders
        if folder.references
    }


def _works(folder: Folder, described: dict[str, tuple[dict[str, Any], Place]]) -> Iterator[CodingError]:
    """Yield each work that is another one where it was first described; note those that are new."""
    about = folder.form
    told = [(about.id, about.csl, folder.place("csl"))] if about and not any(csl.wrong(about.csl)) else []
    if folder.references:
        told += [(work.id, work.csl, folder.references.places[work.id]) for work in folder.references.works]
    for name, item, place in told:
        first, where = described.setdefault(name, (item, place))
        if not same_work(first, item):
            message = f"work '{name}' is another work than the one described at {where}"
            yield CodingError(place, message, "two works have two ids: give this one another")


def same_work(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two CSL items may well describe one work.

    By DOI, where both have one. Otherwise year, first author and title decide, if the two are in one language:
    a translation has another title, its author another script, its year another calendar.
    """
    if one.get("DOI") and other.get("DOI"):
        return _folded(one["DOI"]) == _folded(other["DOI"])
    if _language(one) != _language(other):
        return True
    for read in (lambda item: issued_date(item)[:4], _first_author):
        if len({read(one), read(other)} - {""}) > 1:
            return False
    title, as_well = (_folded(item.get("title", "")) for item in (one, other))
    return not (title and as_well) or difflib.SequenceMatcher(None, title, as_well).ratio() >= _ALIKE


def _first_author(item: dict[str, Any]) -> str:
    first = item["author"][0] if item.get("author") else {}
    return _folded(first.get("family") or first.get("literal") or "")


def _folded(text: str) -> str:
    return letters(text[:300])


def _language(item: dict[str, Any]) -> str:
    return str(item.get("language", "en"))[:2].lower()


def _relations(coding: Tree) -> Iterator[CodingError]:
    """Yield relations of two claims that the source does not assert, and those that stand twice."""
    asserted = {_claim(entry) for _, entry in items(coding, "assertions")}
    seen: dict[tuple[str, ...], int] = {}
    for i, entry in items(coding, "relations"):
        ends = tuple(str(entry.get(key)) for key in ("claim", "relation", "other"))
        place = coding.place(("relations", i, "claim"))
        if not asserted & {ends[0], ends[2]}:
            hint = "assert one of the two, with its passage, or leave the relation to a source that does"
            yield CodingError(place, "both claims are others'; this source asserts neither", hint)
        elif ends in seen:
            yield CodingError(place, "the same relation stands twice", f"it is first on line {seen[ends]}")
        seen.setdefault(ends, place.line)


def _claim(entry: dict[str, Any]) -> str:
    """Return the id of the claim that an assertion introduces or names."""
    claim = entry.get("claim")
    name = claim.get("id") if isinstance(claim, dict) else claim
    return name if isinstance(name, str) else ""


def _pointers(folder: Folder, coding: Tree) -> Iterator[CodingError]:
    """Yield unresolved citations that are called like a listed work, and works credited in both ways under two ids."""
    works = {entry.id: entry.work for entry in folder.references.entries} if folder.references else {}
    for i, entry in items(coding, "citations"):
        name = entry.get("id")
        if entry.get("defect") and isinstance(name, str) and name in works:
            hint = "whoever credits that id means the work; call the citation otherwise"
            yield CodingError(coding.place(("citations", i, "id")), f"id '{name}' is that of a listed work", hint)
    for i, entry in items(coding, "assertions"):
        here = {works.get(key, key): key for key in _keys(entry, "attributed-to")}
        for key in _keys(entry, "inherited-from"):
            if (same := here.get(works.get(key, key), key)) != key:
                hint = "a citation stands at the sentence or is inherited, not both"
                message = f"'{key}' is the same work as '{same}' in attributed-to"
                yield CodingError(coding.place(("assertions", i, "inherited-from")), message, hint)


def _keys(entry: dict[str, Any], name: str) -> list[str]:
    value = entry.get(name)
    return [value] if isinstance(value, str) else [v for v in value or () if isinstance(v, str)]


def _signatures(coding: Tree) -> Iterator[CodingError]:
    """Yield where a corpus of one's own is signed with the project's name."""
    whole = {"coder": coding.data.get("coder") if isinstance(coding.data, dict) else ""}
    for path, entry in [((), whole), *((("assertions", i), entry) for i, entry in items(coding, "assertions"))]:
        if entry.get("coder") == PROJECT:
            message = f"coder '{PROJECT}' is the name of those who coded the founding corpus"
            yield CodingError(coding.place((*path, "coder")), message, "sign with a name of your own")
