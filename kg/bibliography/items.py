"""Sources and cited works as CSL-JSON, the internal form (`air:csl` in the graph); other writers start from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kg import channels, names
from kg.queries import bind, node, nodes, part

if TYPE_CHECKING:
    from kg.grounds import Engine
    from kg.queries import Bound

Item = dict[str, Any]

_DATES = ("issued", "accessed", "submitted", "event-date", "original-date", "available-date")

_ITEMS = """
SELECT DISTINCT ?thing ?csl ?page ?title WHERE {
  $wanted
  ?thing air:csl ?csl .
  OPTIONAL { ?thing a air:Source ; air:webPage ?page }
  OPTIONAL { ?thing dcterms:title ?title }
}
ORDER BY ?thing ?csl ?title
"""

_ALL = ""
_THESE = "VALUES ?thing { $things }"

_CITED = """
SELECT DISTINCT ?thing WHERE {
  VALUES ?start { $starts }
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
    starts = [start for iri in dict.fromkeys(iris) if (start := node(iri))]
    if not starts:
        return []
    chosen = [row["thing"].value for row in engine(bind(_CITED, starts=starts))]
    return list(_once(_read(engine, part(_THESE, things=nodes(chosen)))).values())


def listed(engine: Engine, iris: Iterable[str]) -> list[Item]:
    """Return the items of sources and works in the order given, one for each."""
    wanted = list(dict.fromkeys(iris))
    found = _read(engine, part(_THESE, things=nodes(wanted)))
    return [found.get(iri) or {"id": names.slug_of(iri), "type": "document"} for iri in wanted]


def everything(engine: Engine) -> list[Item]:
    """Return the CSL items of all sources and cited works, by id."""
    return list(by_iri(engine).values())


def by_iri(engine: Engine) -> dict[str, Item]:
    """Return the item of each publication, by id; one that is both a source and a cited work, as the source."""
    return _once(_read(engine, part(_ALL)))


def _once(found: dict[str, Item]) -> dict[str, Item]:
    """Leave out the cited work that is a source, too; the others in the order of their ids."""
    chosen: dict[str, str] = {}
    for iri in sorted(found, key=lambda iri: (names.slug_of(iri), not iri.startswith(names.PREFIXES["source"]))):
        chosen.setdefault(found[iri]["id"], iri)
    return {iri: found[iri] for iri in chosen.values()}


def _read(engine: Engine, wanted: Bound) -> dict[str, Item]:
    """Return the items of what `wanted`, a part of the query, leaves of all sources and works."""
    found: dict[str, Item] = {}
    titles: dict[str, list[tuple[str, str]]] = {}
    for row in engine(bind(_ITEMS, wanted=wanted)):
        iri = row["thing"].value
        item = found.setdefault(iri, _clean(json.loads(row["csl"].value)))
        if "page" in row and "URL" not in item:
            item["URL"] = row["page"].value
        if "title" in row:
            title: Any = row["title"]
            titles.setdefault(iri, []).append((title.language or "", title.value))
    for iri, item in found.items():
        other = [title for language, title in titles.get(iri, ()) if language not in ("", item.get("language", "en"))]
        if other:
            item["custom"] = {**item.get("custom", {}), "other-title": other[0]}
    return found


def _clean(item: Item) -> Item:
    """Bring dates to CSL's `date-parts`; the rest of an item is as the coder wrote it."""
    for name in _DATES:
        value = item.get(name)
        if isinstance(value, str):
            parts = [int(part) for part in value.split("-")] if re.fullmatch(r"\d{4}(-\d\d){0,2}", value) else []
            item[name] = {"date-parts": [parts]} if parts else {"literal": value}
    if (address := item.get("URL")) and not channels.link(str(address)):
        # Readers make a link of what stands there, and run `javascript:`.
        item["note"] = "; ".join(filter(None, (str(item.get("note", "")), str(item.pop("URL")))))
    return {key: item[key] for key in sorted(item)}


def as_csl(items: Sequence[Item]) -> str:
    """Return items as a CSL-JSON document."""
    return json.dumps(list(items), ensure_ascii=False, indent=1) + "\n"


def as_bibtex(items: Sequence[Item]) -> str:
    """Return items as BibTeX entries; see `kg.bibliography.bibtex`."""
    from kg.bibliography.bibtex import entry

    return "\n".join(map(entry, items))


def as_ris(items: Sequence[Item]) -> str:
    """Return items as RIS records; see `kg.bibliography.ris`."""
    from kg.bibliography.ris import record

    return "\r\n".join(map(record, items))
