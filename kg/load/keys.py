"""Keys of a `coding.yaml` that have moved: what an older coding writes in a claim is the assertion's now.

Such a coding means what it meant, but for the assertions that name its claims by id: they have their own.
Each key is told, and `kg.coding.migrate` writes it where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kg.errors import Place
from kg.tree import Path_, Tree

SINCE = {"domain": "0.2.0"}
"""The keys, with the version since which they belong to the assertion."""


@dataclass(frozen=True)
class Misplaced:
    """A key that stands in a claim and belongs to the assertion.

    Attributes:
        place: of the key.
        claim: the claim's id, empty where it has none.
        at: the path of the assertion.
        movable: whether `kg check --fix` can move it, which takes keys that stand on lines of their own.

    """

    place: Place
    key: str
    claim: str
    at: Path_
    movable: bool

    @property
    def written(self) -> str:
        """What stands there, in the line that tells of the move."""
        return f"{self.key} of the claim"

    @property
    def new(self) -> str:
        """What is written in its stead; empty where a person has to."""
        return f"{self.key} of the assertion" if self.movable else ""

    @property
    def message(self) -> str:
        """Say since when the key belongs to the assertion, and what to do."""
        how = "`kg check --fix` moves it there" if self.movable else "write it there, beside hedge, mode and basis"
        return f"'{self.key}' belongs to the assertion since version {SINCE[self.key]}; {how}"


def items(coding: Tree, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the entries of a list of mappings, whatever else stands in it."""
    entries = coding.data.get(key) if isinstance(coding.data, dict) else None
    for i, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield i, entry


def lift(coding: Tree) -> list[Misplaced]:
    """Read each such key as the assertion's, with its place, unless the assertion has one; return where each stood."""
    found = list(_misplaced(coding))
    for one in found:
        entry = coding.data["assertions"][one.at[1]]
        entry[one.key] = value = entry["claim"].pop(one.key)
        for path in _within(value):
            old, new = (*one.at, "claim", one.key, *path), (*one.at, one.key, *path)
            for known in (coding.places, coding.keys):
                if old in known:
                    known[new] = known.pop(old)
    return found


def _within(value: Any) -> Iterator[Path_]:
    """Yield the path of a value and of everything in it."""
    yield ()
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield from ((step, *path) for path in _within(one))


def _misplaced(coding: Tree) -> Iterator[Misplaced]:
    for i, entry in items(coding, "assertions"):
        claim, at = entry.get("claim"), ("assertions", i)
        for key in SINCE:
            if isinstance(claim, dict) and key in claim and key not in entry:
                movable = _in_block(coding, at, entry) and _in_block(coding, (*at, "claim"), claim)
                place = coding.place((*at, "claim", key), key=True)
                yield Misplaced(place, key, str(claim.get("id", "")), at, movable and "basis" in entry)


def _in_block(coding: Tree, at: Path_, mapping: dict[str, Any]) -> bool:
    """Tell whether a mapping is written without braces: it then begins with its first key."""
    return coding.places[at] == min(coding.keys[*at, key] for key in mapping)
