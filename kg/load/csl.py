"""What the graph needs of a CSL-JSON item, and what is wrong with one that lacks it.

CSL-JSON: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html. Our own remarks stand in `custom`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kg.errors import nearest
from kg.load import identifiers

FABIO = {
    "article": "Preprint",
    "article-journal": "JournalArticle",
    "article-magazine": "MagazineArticle",
    "article-newspaper": "MagazineArticle",
    "book": "Book",
    "chapter": "BookChapter",
    "document": "",
    "entry-dictionary": "WebContent",
    "entry-encyclopedia": "WebContent",
    "paper-conference": "ConferencePaper",
    "report": "ReportDocument",
    "thesis": "ReportDocument",
    "webpage": "WebContent",
    "post-weblog": "WebContent",
}
"""CSL types and the FaBiO class each stands for, empty where it is none."""

FABIO_CLASSES = (*sorted(set(filter(None, FABIO.values()))), "PolicyDocument", "Abstract")
"""FaBiO classes that `custom.fabio` may name: of FRBR's levels, all are expressions."""

EXPRESSIONS = {"WorkingPaper": "ReportDocument", "Opinion": "", "WebPage": "WebContent"}
"""Classes of other levels that 0.1.0 took: a working paper and an opinion are works, a web page is a manifestation."""

DATES = ("issued", "accessed", "submitted", "event-date", "original-date", "available-date")
NAMES = (
    *("author", "editor", "translator", "collection-editor", "composer", "container-author", "director"),
    *("editorial-director", "illustrator", "interviewer", "original-author", "recipient", "reviewed-author"),
    *("chair", "compiler", "contributor", "curator", "executive-producer", "guest", "host", "narrator"),
    *("organizer", "performer", "producer", "script-writer", "series-creator"),
)
TEXTS = ("title", "container-title", "publisher")
LINKS = {
    "URL": (r"(?i)https?://[^\s<>\"{}|\\^`]+", "an address that begins with https://"),
    "DOI": (r"10\.[0-9]{4,9}/\S+", "a DOI such as 10.1000/182"),
}
"""What becomes a link in every page and export, and its form."""
TEXT_LENGTH = 20_000
"""Characters of a value; an abstract has some two thousand."""

LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""What a language tag may look like: the part of BCP 47 that titles and labels need."""


def expression(kind: str, fabio: str | None) -> str:
    """Return the FaBiO class for a CSL type, or for the class that an entry names itself; empty where there is none."""
    named = FABIO[kind] if fabio is None else fabio
    return EXPRESSIONS.get(named, named)


class Wrong(NamedTuple):
    """A fault of an item: the path to it, what was found and expected, a hint."""

    path: tuple[str | int, ...]
    message: str
    hint: str = ""


def wrong(item: dict[str, Any]) -> Iterator[Wrong]:
    """Yield what is wrong with an item, key by key."""
    yield from _forms(item)
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in FABIO:
        yield Wrong(("type",), f"type '{kind}' is not one of {', '.join(FABIO)}", nearest(str(kind), FABIO))
    language = item.get("language", "en")
    if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        yield Wrong(("language",), f"{_show(language)} found, a language tag such as en or fa expected")
    letter = item.get("year-suffix", "")
    if not isinstance(letter, str) or not re.fullmatch("[a-z]{0,2}", letter):
        yield Wrong(("year-suffix",), f"{_show(letter)} found, the letter that the list prints after the year expected")
    custom = item.get("custom", {})
    if not isinstance(custom, dict):
        yield Wrong(("custom",), f"{_show(custom)} found, keys and values expected for 'custom'")
        return
    fabio = custom.get("fabio")
    if fabio is not None and fabio not in (*FABIO_CLASSES, *EXPRESSIONS):
        message = f"custom.fabio '{fabio}' is not one of {', '.join(FABIO_CLASSES)}"
        yield Wrong(("custom", "fabio"), message, nearest(str(fabio), FABIO_CLASSES))
    defects = custom.get("defects", [])
    if not isinstance(defects, list) or not all(isinstance(d, str) for d in defects):
        yield Wrong(("custom", "defects"), f"{_show(defects)} found, a list of texts expected for 'custom.defects'")


def _forms(item: dict[str, Any]) -> Iterator[Wrong]:
    """Yield each key whose value has not the form that CSL gives it, since every writer of references relies on it."""
    for key, value in item.items():
        if key in DATES:
            if (date := date_of(value)) is None or (date and not is_date(date)):
                yield Wrong((key,), f"{_show(value)} found, a date expected (2025, 2025-11 or 2025-11-06)")
        elif key in NAMES:
            if not isinstance(value, list) or not all(map(_is_name, value)):
                message = f"{_show(value)} found, a list of names with family and given, or literal, expected"
                yield Wrong((key,), message)
                continue
            for i, name in enumerate(value):
                if bad := identifiers.wrong(name):
                    yield Wrong((key, i, bad[0]), *bad[1:])
        elif key == "categories":
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                yield Wrong((key,), f"{_show(value)} found, a list of texts expected for '{key}'")
        elif key not in ("custom", "type", "language", "id"):
            text = isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool))
            if not text or (key in TEXTS and not isinstance(value, str)):
                yield Wrong((key,), f"{_show(value)} found, text expected for '{key}'")
            elif len(str(value)) > TEXT_LENGTH:
                message = f"{len(str(value)):,} characters found, at most {TEXT_LENGTH:,} expected for '{key}'"
                yield Wrong((key,), message)
            elif key in LINKS and not re.fullmatch(LINKS[key][0], str(value)):
                yield Wrong((key,), f"{_show(value)} found, {LINKS[key][1]} expected for '{key}'")


def date_of(value: Any) -> str | None:
    """Return a date as it stands (`2025-11`), empty where there is none, None where it is no date."""
    if isinstance(value, dict):
        parts = value.get("date-parts", [[]])
        if not (isinstance(parts, list) and parts and isinstance(parts[0], list) and len(parts[0]) <= 3):
            return None
        return "-".join(str(part).zfill(2) for part in parts[0])
    return value if isinstance(value, str) else None


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a year and month, or a day of the calendar: 2025, 2025-11, 2025-11-06."""
    from datetime import date

    if not re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    try:
        date(*([int(part) for part in text.split("-")] + [1, 1])[:3])
    except ValueError:
        return False
    return True


def _is_name(author: Any) -> bool:
    if not isinstance(author, dict):
        return False
    parts = [author.get(key, "") for key in ("family", "given", "literal")]
    simple = all(isinstance(part, str | int | float) for key, part in author.items() if key != "affiliation")
    return simple and all(isinstance(part, str) for part in parts) and bool(parts[0] or parts[2])


def _show(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)[:60]
