"""Ids that a coding uses no more: what `merged` says of them, and what is wrong with it.

Whoever has cited such an id finds by it the claim or assertion into which it was merged. A source speaks for its own
ids alone: nobody leads another's anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kg import names
from kg.errors import CodingError, Place, nearest
from kg.load.folder import Folder, claim_ids
from kg.load.keys import items
from kg.tree import Tree

KINDS = ("claim", "assertion")

_Key = tuple[str, str, str]
"""Kind, source, id; claims are named in the whole corpus, so their source is empty."""


class Entry(NamedTuple):
    """One entry of `merged`, as it stands in the file."""

    kind: str
    old: str
    into: str
    place: Place
    to: Place


def entries(coding: Tree) -> Iterator[Entry]:
    """Yield each sound entry, in file order; the form of the others is told elsewhere."""
    for i, entry in items(coding, "merged"):
        kinds = [kind for kind in KINDS if kind in entry]
        if len(kinds) == 1 and all(_is_slug(entry.get(key)) for key in (kinds[0], "into")):
            places = (coding.place(("merged", i, key)) for key in (kinds[0], "into"))
            yield Entry(kinds[0], entry[kinds[0]], entry["into"], *places)


def _is_slug(value: Any) -> bool:
    return isinstance(value, str) and bool(names.SLUG.fullmatch(value))


def claims(folders: Sequence[Folder]) -> dict[str, str]:
    """Return what each merged claim was merged into; of several entries the first."""
    found: dict[str, str] = {}
    for folder in folders:
        for entry in entries(folder.coding) if folder.coding else ():
            if entry.kind == "claim":
                found.setdefault(entry.old, entry.into)
    return found


def faults(folders: Sequence[Folder]) -> Iterator[CodingError]:
    """Yield what is wrong with merged ids; of two folders that want one id, the later one is told.

    Args:
        folders: in the order in which they come first to a name.

    """
    used, gone = dict[_Key, Place](), dict[_Key, Entry]()
    for folder in folders:
        if not folder.coding:
            continue
        for key, place in _used(folder, folder.coding):
            if key in gone:
                message = f"claim id '{key[2]}' found, which was merged into '{gone[key].into}'"
                yield CodingError(place, message, f"so it says at {gone[key].place}; another claim needs another id")
            used.setdefault(key, place)
        has = _has(folder.coding)
        for entry in entries(folder.coding):
            key = (entry.kind, "" if entry.kind == "claim" else folder.name, entry.old)
            if key in used:
                hint = f"it is at {used[key]}; only what is used no more is merged"
                yield CodingError(entry.place, f"{entry.kind} '{entry.old}' found, which is in use", hint)
            elif key in gone:
                message = f"{entry.kind} '{entry.old}' is merged twice"
                yield CodingError(entry.place, message, f"it is first at {gone[key].place}")
            gone.setdefault(key, entry)
            if entry.into not in has[entry.kind]:
                yield _astray(entry, gone.get((*key[:2], entry.into)), has[entry.kind])


def _used(folder: Folder, coding: Tree) -> Iterator[tuple[_Key, Place]]:
    """Yield the claims that a coding writes out, and its assertions."""
    for name, place in claim_ids(coding):
        yield ("claim", "", name), place
    for i, entry in items(coding, "assertions"):
        if isinstance(entry.get("id"), str):
            yield ("assertion", folder.name, entry["id"]), coding.place(("assertions", i, "id"))


def _has(coding: Tree) -> dict[str, set[str]]:
    """Return the claims that a source asserts, written out or named, and its assertions."""
    found: dict[str, set[str]] = {"claim": set(), "assertion": set()}
    for _, entry in items(coding, "assertions"):
        claim = entry.get("claim")
        found["claim"].add(str(claim.get("id")) if isinstance(claim, dict) else str(claim))
        found["assertion"].add(str(entry.get("id")))
    return found


def _astray(entry: Entry, further: Entry | None, has: set[str]) -> CodingError:
    """Tell that an id leads to nothing that the source has; if that was merged too, what to write."""
    if further:
        message = f"{entry.kind} '{entry.into}' found, which was merged itself"
        return CodingError(entry.to, message, f"write what it was merged into, '{further.into}'")
    hint = nearest(entry.into, has) or f"name the {entry.kind} of this file that says what the old one said"
    return CodingError(entry.to, f"{entry.kind} '{entry.into}' found, one that this source asserts expected", hint)
