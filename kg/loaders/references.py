"""`references.json`: a source's reference list, entry by entry, as CSL-JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import names
from kg.errors import CodingError, Place, nearest
from kg.loaders.vocabulary import bad_character
from kg.model import Reference, Work
from kg.tree import read_text

NAME = "references.json"

FABIO = {
    "article": "Preprint",
    "article-journal": "JournalArticle",
    "article-magazine": "MagazineArticle",
    "article-newspaper": "MagazineArticle",
    "book": "Book",
    "chapter": "BookChapter",
    "document": "",
    "entry-dictionary": "WebPage",
    "entry-encyclopedia": "WebPage",
    "paper-conference": "ConferencePaper",
    "report": "ReportDocument",
    "thesis": "ReportDocument",
    "webpage": "WebPage",
    "post-weblog": "WebPage",
}
"""CSL types and the FaBiO class each stands for, empty where it is none."""

FABIO_CLASSES = (*sorted(set(filter(None, FABIO.values()))), "WorkingPaper", "Opinion", "PolicyDocument", "Abstract")
"""FaBiO classes that `custom.fabio` may name."""


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
    text = read_text(file)
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise CodingError(Place(file, error.lineno, error.colno), f"not JSON: {error.msg}") from None
    except RecursionError:
        raise CodingError(Place(file), "nested too deep") from None
    if not isinstance(items, list):
        raise CodingError(Place(file, 1, 1), "a list of CSL-JSON items expected")
    faults: list[CodingError] = []
    lines = _lines(text, items)
    seen: dict[str, Any] = {}
    for item, line in zip(items, lines, strict=True):
        place = Place(file, line)
        if not isinstance(item, dict) or not isinstance(item.get("id"), str) or not names.SLUG.fullmatch(item["id"]):
            faults.append(CodingError(place, "an item with an id of lower-case ASCII words expected"))
            continue
        if item["id"] in seen:
            faults.append(
                CodingError(place, f"id '{item['id']}' stands twice", "a second listing has its own id and custom.work")
            )
        if item.get("type") not in FABIO:
            found = str(item.get("type"))
            faults.append(CodingError(place, f"type '{found}' is not one of {', '.join(FABIO)}", nearest(found, FABIO)))
        if not isinstance(item.get("custom", {}), dict):
            faults.append(CodingError(place, "'custom' holds something other than keys and values"))
            item.pop("custom")
        if bad := bad_character(json.dumps(item, ensure_ascii=False)):
            faults.append(CodingError(place, f"{bad} found"))
        fabio = item.get("custom", {}).get("fabio")
        if fabio and fabio not in FABIO_CLASSES:
            faults.append(CodingError(place, f"custom.fabio '{fabio}' is not one of {', '.join(FABIO_CLASSES)}"))
        seen[item["id"]] = item
    for item, line in zip(items, lines, strict=True):
        other = item.get("custom", {}).get("work") if isinstance(item, dict) else None
        if other is not None and (other not in seen or seen[other].get("custom", {}).get("work")):
            faults.append(
                CodingError(Place(file, line), f"custom.work '{other}' is no first listing", nearest(str(other), seen))
            )
    if faults:
        return References((), ()), faults
    return _records(items, source), []


def _records(items: list[dict[str, Any]], source: str) -> References:
    entries, titles = [], dict[str, list[tuple[str, str]]]()
    for position, item in enumerate(items, 1):
        custom = item.get("custom", {})
        work = custom.get("work", item["id"])
        entries.append(Reference(source, item["id"], work, position, tuple(custom.get("defects", ()))))
        title = (str(item.get("language", "en")), str(item.get("title", item["id"])))
        if title not in titles.setdefault(work, []):
            titles[work].append(title)
    works = [
        Work(item["id"], item, item.get("custom", {}).get("fabio", FABIO[item["type"]]), tuple(titles[item["id"]]))
        for item in items
        if not item.get("custom", {}).get("work")
    ]
    return References(tuple(entries), tuple(works))


def _lines(text: str, items: list[Any]) -> list[int]:
    """Return the line on which each item's id stands (1 where it has none)."""
    lines, offset = [], 0
    for item in items:
        name = item.get("id") if isinstance(item, dict) else None
        found = text.find(json.dumps(name, ensure_ascii=False), offset) if isinstance(name, str) else -1
        if found >= 0:
            offset = found
        lines.append(text.count("\n", 0, offset) + 1)
    return lines
