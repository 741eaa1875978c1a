"""`references.json`: a source's reference list, entry by entry, as CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import names
from kg.errors import CodingError, Place, nearest
from kg.load import csl
from kg.records import Reference, Work
from kg.tree import bad_character, bad_characters, read_text

NAME = "references.json"


@dataclass(frozen=True)
class References:
    """The list as printed, and the works behind it."""

    entries: tuple[Reference, ...]
    works: tuple[Work, ...]


def read_references(folder: Path, source: str) -> tuple[References, list[CodingError]]:
    """Read the reference list of a source.

    Returns:
        The entries with their positions from 1, and one work per entry that is no second listing;
        and every fault found.

    Raises:
        CodingError: the file is not there or not JSON.

    """
    file = folder / NAME
    text = read_text(file).removeprefix("\ufeff")
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise CodingError(Place(file, error.lineno, error.colno), f"not JSON: {error.msg}") from None
    except (RecursionError, ValueError) as error:
        raise CodingError(Place(file, 1, 1), f"not JSON: {error}") from None
    if not isinstance(items, list):
        raise CodingError(Place(file, 1, 1), "a list of CSL-JSON items expected")
    faults = bad_characters(text, file)
    plain = not faults
    places = _places(text, file, items)
    seen: dict[str, Any] = {}
    for item, place in zip(items, places, strict=True):
        if not isinstance(item, dict) or not isinstance(item.get("id"), str) or not names.SLUG.fullmatch(item["id"]):
            faults.append(CodingError(place, "an item with an id of lower-case ASCII words expected"))
            continue
        if item["id"] in seen:
            faults.append(
                CodingError(place, f"id '{item['id']}' stands twice", "a second listing has its own id and custom.work")
            )
        faults += [CodingError(place, one.message, one.hint) for one in csl.wrong(item)]
        bad = next(filter(None, map(bad_character, _strings(item))), "")
        if bad and plain:
            faults.append(CodingError(place, f"{bad} found, plain text expected", "remove the escape"))
        seen[item["id"]] = item
    for item, place in zip(items, places, strict=True):
        other = _custom(item).get("work")
        if other is None:
            continue
        if not isinstance(other, str) or other not in seen or _custom(seen[other]).get("work"):
            hint = nearest(str(other), seen)
            faults.append(CodingError(place, f"custom.work '{other}' found, the id of a first listing expected", hint))
    if faults:
        return References((), ()), faults
    return _records(items, source), []


def _records(items: list[dict[str, Any]], source: str) -> References:
    entries, titles = [], dict[str, list[tuple[str, str]]]()
    for position, item in enumerate(items, 1):
        custom = _custom(item)
        work = custom.get("work", item["id"])
        entries.append(Reference(source, item["id"], work, position, tuple(custom.get("defects", ()))))
        title = (str(item.get("language", "en")), str(item.get("title", item["id"])))
        if title not in titles.setdefault(work, []):
            titles[work].append(title)
    works = [
        Work(item["id"], item, _custom(item).get("fabio", csl.FABIO[item["type"]]), tuple(titles[item["id"]]))
        for item in items
        if not _custom(item).get("work")
    ]
    return References(tuple(entries), tuple(works))


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


def _places(text: str, file: Path, items: list[Any]) -> list[Place]:
    """Return where each item's id stands (where the item before it does, when it has none)."""
    places, place, offset = [], Place(file, 1, 1), 0
    for item in items:
        name = item.get("id") if isinstance(item, dict) else None
        key = rf'"id"\s*:\s*({re.escape(json.dumps(name, ensure_ascii=False))})' if isinstance(name, str) else "(?!)"
        if found := re.compile(key).search(text, offset):
            offset = found.end()
            begin = text.rfind("\n", 0, found.start(1)) + 1
            place = Place(file, text.count("\n", 0, begin) + 1, found.start(1) - begin + 1)
        places.append(place)
    return places
