"""One CSL item as a RIS record (Research Information Systems, *RIS Format Specifications*, 2011), in UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kg.bibliography.people import et_al, issued_date, person

TYPES = {
    "article": "GEN", "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
    "book": "BOOK", "chapter": "CHAP", "entry-dictionary": "DICT", "entry-encyclopedia": "ENCYC",
    "paper-conference": "CPAPER", "post-weblog": "BLOG", "report": "RPRT", "thesis": "THES", "webpage": "ELEC",
}  # fmt: skip
"""CSL types and the reference type of each; all others are `GEN`."""


def record(item: dict[str, Any]) -> str:
    """Return a record; lines end in CR LF, as the format asks."""
    lines = [f"{tag}  - {' '.join(str(value).split())}" for tag, value in _tags(item) if value not in (None, "")]
    return "\r\n".join([*lines, "ER  - ", ""])


def _tags(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "TY", TYPES.get(item.get("type", ""), "GEN")
    yield "ID", item["id"]
    for author in item.get("author", ()):
        yield "AU", person(author)
    for editor in item.get("editor", ()):
        yield "ED", person(editor)
    yield "TI", item.get("title")
    yield "T2", item.get("container-title")
    issued = issued_date(item)
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", issued):
        yield "PY", issued[:4]
        yield "DA", "/".join([*issued.split("-"), "", ""][:3]) + "/"
    yield "VL", item.get("volume")
    yield "IS", item.get("issue") or item.get("number")
    first, _, last = re.sub(r"\s*[–—-]+\s*", "-", str(item.get("page", ""))).partition("-")
    yield "SP", first
    yield "EP", last
    yield "PB", item.get("publisher")
    yield "CY", item.get("publisher-place")
    yield "ET", item.get("edition")
    yield "SN", item.get("ISSN") or item.get("ISBN")
    yield "DO", item.get("DOI")
    yield "UR", item.get("URL")
    yield "LA", item.get("language")
    for word in str(item.get("keyword", "")).split(";"):
        yield "KW", word.strip()
    yield "N1", item.get("note")
    # There is no tag for it, and a name `et al.` would become an author.
    yield "N1", "The list prints the first author only, et al." if et_al(item) else ""
    # There is a tag for translated titles, TT; some readers take it for the title.
    other = item.get("custom", {}).get("other-title")
    yield "N1", f"Also listed as: {other}" if other else ""
