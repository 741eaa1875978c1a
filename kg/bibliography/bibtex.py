"""One CSL item as a BibTeX entry (Patashnik, *BibTeXing*, 1988), in UTF-8.

Titles stand in double braces, so that no style changes their case; LaTeX's special characters are escaped,
except in `doi` and `url`, which LaTeX packages read as they stand.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from kg.bibliography.people import et_al, issued_date, name_of

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
        "author": _names(item.get("author", ()), et_al(item)),
        "editor": _names(item.get("editor", ()), et_al(item) and not item.get("author")),
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


def _names(people: Any, others: bool) -> str:
    found = [*filter(None, map(_name, people))]
    return _braced(" and ".join([*found, "others"] if others and found else found))


def _name(person: dict[str, Any]) -> str:
    """Return `von Family, Suffix, Given`; a body, or a name in one part, stands in braces so that it stays whole."""
    name = name_of(person)
    if not name.given:
        return _text(name.whole)
    family = name._replace(family=_whole(name.family), particle=_escape(name.particle)).whole
    return ", ".join(filter(None, (family, _whole(name.suffix), _whole(name.given))))


def _whole(name: str) -> str:
    """Put a name in braces that BibTeX would take apart: at `and`, at a comma, or at a word without capitals (`von`).

    Persian has no capitals, so the first of two Persian family names would be lost.
    """
    divisible = any(not word[0].isupper() for word in name.split()[:-1]) or re.search(r"\band\b|,", name)
    return _braced(_escape(name)) if divisible else _escape(name)


def _text(value: Any) -> str:
    return _braced(_escape("" if value is None else value))


def _braced(text: str) -> str:
    return "{" + text + "}" if text else ""


def _escape(value: Any) -> str:
    text = "".join(_SPECIAL.get(char, char) for char in " ".join(str(value).split()))
    return re.sub(r"-(?=-)", "-{}", text)


def _verbatim(value: Any) -> str:
    return _braced(quote(str(value), safe=";/?:@&=+$,#%!~*'()[]<>|^")) if value else ""
