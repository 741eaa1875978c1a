"""`references.json`: a source's reference list, entry by entry, as CSL-JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg import names
from kg.errors import KEPT, CodingError, Place, Tally, nearest
from kg.load import csl, json_text
from kg.load.inputs import HINT
from kg.reading import read_text
from kg.records import Reference, Work
from kg.tree import bad_character, bad_characters

NAME = "references.json"


@dataclass(frozen=True)
class References:
    """The list as printed, the works behind it, and where in the file each id stands."""

    entries: tuple[Reference, ...] = ()
    works: tuple[Work, ...] = ()
    places: dict[str, Place] = field(default_factory=dict, hash=False)


def read_references(folder: Path, source: str) -> tuple[References, Tally]:
    """Read the reference list of a source.

    Returns:
        The entries with their positions from 1, and one work per entry that is no second listing;
        and every fault found.

    Raises:
        CodingError: the file is not there or not JSON.

    """
    file = folder / NAME
    text = read_text(file, hint=HINT).removeprefix("\ufeff")
    items = list(json_text.entries(text, file))
    faults = Tally()
    faults.extend(bad_characters(text, file))
    plain = not faults
    seen: dict[str, Any] = {}
    for item, place in items:
        name = item.get("id") if isinstance(item, dict) else None
        if not isinstance(name, str) or len(name) > names.SLUG_LENGTH or not names.SLUG.fullmatch(name):
            faults.add(CodingError(place, "an item with an id of lower-case ASCII words expected"))
            continue
        if name in seen:
            hint = "a second listing has its own id and custom.work"
            faults.add(CodingError(place, f"id '{name}' stands twice", hint))
        faults.extend(CodingError(place, one.message, one.hint) for one in csl.wrong(item))
        bad = next(filter(None, map(bad_character, _strings(item))), "")
        if bad and plain:
            faults.add(CodingError(place, f"{bad} found, plain text expected", "remove the escape"))
        seen[name] = item
    for item, place in items:
        other = _custom(item).get("work")
        if other is None:
            continue
        if not isinstance(other, str) or other not in seen or _custom(seen[other]).get("work"):
            hint = nearest(str(other), seen) if len(faults) < KEPT else ""
            faults.add(CodingError(place, f"custom.work '{other}' found, the id of a first listing expected", hint))
    if faults:
        return References(), faults
    return _records([item for item, _ in items], source, {item["id"]: place for item, place in items}), faults


def _records(items: list[dict[str, Any]], source: str, places: dict[str, Place]) -> References:
    entries, titles, again = [], dict[str, dict[tuple[str, str], None]](), dict[str, list[dict[str, Any]]]()
    for position, item in enumerate(items, 1):
        custom = _custom(item)
        work = custom.get("work", item["id"])
        entries.append(Reference(source, item["id"], work, position, tuple(custom.get("defects", ()))))
        title = (str(item.get("language", "en")), str(item.get("title", item["id"])))
        titles.setdefault(work, {})[title] = None
        if work != item["id"]:
            again.setdefault(work, []).append(item)
    works = [
        Work(
            item["id"],
            item,
            csl.expression(item["type"], _custom(item).get("fabio")),
            tuple(titles[item["id"]]),
            tuple(again.get(item["id"], ())),
        )
        for item in items
        if not _custom(item).get("work")
    ]
    return References(tuple(entries), tuple(works), places)


def _custom(item: Any) -> dict[str, Any]:
    custom = item.get("custom") if isinstance(item, dict) else None
    return custom if isinstance(custom, dict) else {}


def _strings(value: Any) -> Iterator[str]:
    """Yield every text of a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
