"""Names of the project's that stand in a query and are nowhere in the graph: misspelt, most likely."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from kg import names
from kg.errors import KgError, nearest
from kg.queries import TOKEN, bind, nodes
from kg.store.fence import Fence, Reply

_KNOWN = """
SELECT ?thing WHERE {
  VALUES ?thing { $things }
  FILTER(
    EXISTS { ?thing ?property ?value } || EXISTS { ?one ?thing ?other } || EXISTS { ?another ?way ?thing }
    || EXISTS { GRAPH ?thing { ?subject ?predicate ?object } }
  )
}
"""
_ALIKE = "SELECT DISTINCT ?thing WHERE { ?thing a ?sort FILTER(STRSTARTS(STR(?thing), $space)) } ORDER BY ?thing"
_GRAPHS = "SELECT ?thing WHERE { GRAPH ?thing { } } ORDER BY ?thing"

_NAME = re.compile(r"(?<![\w:.?$@-])([A-Za-z][\w-]*):(\w(?:[\w.-]*[\w-])?)")
_PREFIX = re.compile(r"(?i)\bPREFIX\s+([\w-]*):\s*<([^<>]*)>")
_TEMPLATE = re.compile(r"(?i)\bCONSTRUCT\s*\{[^{}]*\}")

SECONDS = 3
"""How long it may take; the answer is there already, and this is a courtesy."""
SOUGHT, TOLD = 200, 5
"""How many of a query's names are looked up, and how many unknown ones are told."""


def unknown(fence: Fence, query: str) -> list[str]:
    """Return a line for each of the project's names in a query that is nowhere in the graph, with the nearest.

    What a CONSTRUCT makes may be called as one likes. To be asked last, since it shortens what the fence allows.
    """
    wanted = used(query)[:SOUGHT]
    if not wanted:
        return []
    fence.limits = fence.limits._replace(seconds=min(SECONDS, fence.limits.seconds))
    told = []
    with suppress(KgError, ValueError):  # too large a graph, no IRI: the answer stands all the same
        known = set(_things(fence.ask(bind(_KNOWN, things=nodes(wanted)))))
        for iri in [iri for iri in wanted if iri not in known][:TOLD]:
            told.append(f"{names.compact(iri)} is nowhere in the graph")
            if hint := nearest(names.compact(iri), [names.compact(other) for other in _alike(fence, iri)]):
                told[-1] += f"; {hint}"
    return told


def used(query: str) -> list[str]:
    """Return the IRIs below the project's that stand in a query, in their order, other than in a template."""
    bare = TOKEN.sub(lambda mark: mark[0] if mark[0].startswith(("<", "$")) else " ", query)
    prefixes = {**names.PREFIXES, **dict(_PREFIX.findall(bare))}
    body = _TEMPLATE.sub(" ", _PREFIX.sub(" ", bare))
    found = re.findall(r"<([^<>]*)>", body)
    found += [prefixes[p] + local for p, local in _NAME.findall(re.sub("<[^<>]*>", " ", body)) if p in prefixes]
    return [iri for iri in dict.fromkeys(found) if iri.startswith(names.BASE) and "\\" not in iri]


def _alike(fence: Fence, iri: str) -> list[str]:
    """Return what there is of the kind that an IRI means: terms of the ontology, actors, graphs."""
    import pyoxigraph as ox

    space = iri[: -len(names.slug_of(iri)) or None]
    if space == names.PREFIXES["graph"]:
        return _things(fence.ask(bind(_GRAPHS)))
    return _things(fence.ask(bind(_ALIKE, space=ox.Literal(space))))


def _things(reply: Reply) -> list[str]:
    import pyoxigraph as ox

    found: Any = ox.parse_query_results(reply.data, ox.QueryResultsFormat.JSON)
    return [row["thing"].value for row in found]
