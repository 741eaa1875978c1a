"""One CSL item as a BibTeX entry (Patashnik, *BibTeXing*, 1988), in UTF-8.

Titles stand in double braces, so that no style changes their case; LaTeX's special characters are escaped,
except in `doi` and `url`, which LaTeX packages read as they stand.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from kg.bibliography.people import issued_date

TYPES = {
    "article": "misc", "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
    "book": "book", "chapter": "incollection", "entry-dictionary": "incollection", "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings", "report": "techreport", "thesis": "phdthesis",
}  # fmt: skip
"""CSL types and the entry type of each; all others are `misc`."""

_CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_PUBLISHERS = {"techreport": "institution", "phdthesis": "school", "misc": "organization"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{char: "\\" + char for char in "&%$#_"},
}  # fmt: skip
_BABEL = {"en": "english", "fa": "persian", "fr": "french", "de": "german", "es": "spanish", "id": "indonesian"}


def entry(item: dict[str, Any]) -> str:
    """Return an entry, its key the item's id."""
    kind = TYPES.get(item.get("type", ""), "misc")
    lines = [f"  {name} = {value}," for name, value in _fields(item, kind).items() if value]
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}"]) + "\n"


def _fields(item: dict[str, Any], kind: str) -> dict[str, str]:
    year, month, day = [*issued_date(item).split("-"), "", "", ""][:3]
    container = _CONTAINERS.get(kind, "howpublished")
    publisher = _PUBLISHERS.get(kind, "publisher")
    return {
        "author": _names(item.get("author", ())),
        "editor": _names(item.get("editor", ())),
        "title": _braced(_text(item.get("title"))),
        container: _text(item.get("container-title")),
        publisher: _text(item.get("publisher")),
        "address": _text(item.get("publisher-place")),
        "edition": _text(item.get("edition")),
        "volume": _text(item.get("volume")),
        "number": _text(item.get("issue") or item.get("number")),
        "pages": _braced(re.sub(r"\s*[-–—]+\s*", "--", " ".join(str(item.get("page", "")).split()))),
        "year": _text(year),
        "month": _MONTHS[int(month) - 1] if month.isdigit() and 1 <= int(month) <= 12 else "",
        "day": _text(str(int(day)) if day.isdigit() else ""),
        "doi": _verbatim(item.get("DOI")),
        "url": _verbatim(item.get("URL")),
        "isbn": _text(item.get("ISBN")),
        "issn": _text(item.get("ISSN")),
        "language": _text(_BABEL.get(str(item.get("language", "")), item.get("language"))),
        "note": _text(item.get("note")),
        "keywords": _text(item.get("keyword")),
    }


def _names(people: Any) -> str:
    return _braced(" and ".join(filter(None, map(_name, people))))


def _name(person: dict[str, Any]) -> str:
    """Return `Family, Given`; a body, or a name in one part, stands in braces so that it is not taken apart."""
    family = " ".join(str(person[k]) for k in ("non-dropping-particle", "family") if person.get(k))
    if not family or not person.get("given"):
        return _text(person.get("literal") or family or person.get("given"))
    parts = [family, person.get("suffix"), person["given"]]
    return ", ".join(_braced(_escape(part)) if _divisible(part) else _escape(part) for part in parts if part)


def _divisible(name: str) -> bool:
    """Tell whether BibTeX would take a name apart: at `and`, at a comma, or at a word without capitals (`von`).

    Persian has no capitals, so the first of two Persian family names would be lost.
    """
    caseless = " " in name and any(word[0].lower() == word[0].upper() for word in name.split())
    return caseless or bool(re.search(r"\band\b|,", name))


def _text(value: Any) -> str:
    return _braced(_escape("" if value is None else value))


def _braced(text: str) -> str:
    return "{" + text + "}" if text else ""


def _escape(value: Any) -> str:
    text = "".join(_SPECIAL.get(char, char) for char in " ".join(str(value).split()))
    return re.sub(r"-(?=-)", "-{}", text)


def _verbatim(value: Any) -> str:
    return _braced(quote(str(value), safe=";/?:@&=+$,#%!~*'()[]<>|^")) if value else ""
