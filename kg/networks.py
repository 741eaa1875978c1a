"""Networks: what a query of `queries/project/` makes of the graph, as nodes and edges with their claims.

A projection selects `?from ?to` and, where they mean something, `?relation` and `?assertion`. Rows with the
same ends and relation become one edge; it remembers its claims, so that a picture can always be traced back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import names
from kg.errors import UsageError, nearest
from kg.grounds import Engine, grounds_of, labels_of
from kg.queries import Query, read_queries, read_query, with_prefixes
from kg.resources import resource

if TYPE_CHECKING:
    from kg.grounds import Term

DIRECTIONS = ("weakening", "strengthening", "other")
"""What an edge does to its end: decreases it, increases it, or anything else."""

_DIRECTION = {"direction.decrease": "weakening", "direction.increase": "strengthening"}


@dataclass(frozen=True)
class Node:
    """A node: compact id (`actor:china`), label, kind (the prefix), Persian label and definition where there are."""

    id: str
    label: str
    kind: str
    label_fa: str = ""
    definition: str = ""
    degree: int = 0


@dataclass(frozen=True)
class Edge:
    """An edge with what it stands for.

    Attributes:
        id: unique in the network, an NMTOKEN (`e1`, `e2`, … in the order of edges).
        relation: label of the relation; `relation_id` its compact id, empty for an unnamed one.
        direction: one of `DIRECTIONS`.
        contested: whether any of its claims is contested.
        claims: compact ids of the claims; `statements` their words, in the same order.
        sources: short references of the sources that assert them, sorted.
        places: source and place of every assertion, sorted.
        weight: number of claims, or the number that the projection itself gives (`?weight`).
        dates: first and last year of issue of the sources, empty when unknown.

    """

    id: str
    source: str
    target: str
    relation: str
    relation_id: str
    direction: str
    contested: bool
    claims: tuple[str, ...]
    statements: tuple[str, ...]
    sources: tuple[str, ...]
    places: tuple[str, ...]
    weight: float
    dates: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Network:
    """Nodes by id and edges by their ends, with what an exported file must say about itself."""

    name: str
    title: str
    query: str
    directed: bool
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    values: dict[str, str] = field(hash=False, default_factory=dict)


def projections() -> list[Query]:
    """Return the projection queries, in their order."""
    return read_queries("project")


def find(name: str) -> Query:
    """Return the projection of that name.

    Raises:
        UsageError: there is none; the message names the nearest.

    """
    file = resource("queries") / "project" / f"{name}.rq"
    if names.SLUG.fullmatch(name) and file.is_file():
        return read_query(file)
    known = [f.stem for f in (resource("queries") / "project").glob("*.rq")]
    raise UsageError(f"error: no network is named '{name}'\n  hint: {nearest(name, known) or ', '.join(sorted(known))}")


def project(engine: Engine, query: Query, values: Mapping[str, Term] | None = None, language: str = "en") -> Network:
    """Run a projection and gather its rows into a network; the same graph always gives the same order and ids."""
    text = query.bind(dict(values or {}))  # type: ignore[arg-type]
    rows = engine(text)
    gathered: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for row in rows:
        if "from" not in row or "to" not in row:
            continue
        key = (row["from"].value, row["to"].value, row["relation"].value if "relation" in row else "")
        entry = gathered.setdefault(key, {"assertion": [], "weight": []})
        for name, found in entry.items():
            if name in row and row[name].value not in found:
                found.append(row[name].value)
    things = {iri for key in gathered for iri in key if iri}
    english = labels_of(engine, things)
    labels = labels_of(engine, things, language) if language != "en" else english
    details = _details(engine, things)
    grounds = grounds_of(engine, [a for e in gathered.values() for a in e["assertion"]], language)
    dates = _dates(engine)
    edges, degree = [], dict[str, int]()
    for number, key in enumerate(sorted(gathered, key=lambda k: tuple(map(names.compact, k))), 1):
        entry = gathered[key]
        mine = [grounds[a] for a in sorted(entry["assertion"])]
        claims = sorted({(g["claim"].ids[0], g["claim"].text) for g in mine if g["claim"].ids})
        years = sorted(d for d in {dates.get(i, "") for g in mine for i in g["source"].ids} if d)
        for end in key[:2]:
            degree[end] = degree.get(end, 0) + 1
        edges.append(
            Edge(
                f"e{number}",
                names.compact(key[0]),
                names.compact(key[1]),
                labels.get(key[2], ""),
                names.compact(key[2]) if key[2] else "",
                _DIRECTION.get(details.get(key[2], {}).get("direction", ""), "other"),
                any(g["contested"].ids for g in mine),
                tuple(names.compact(iri) for iri, _ in claims),
                tuple(text for _, text in claims),
                tuple(sorted({g["source"].text for g in mine})),
                tuple(sorted({f"{g['source'].text}, {g['place'].text}" for g in mine})),
                float(entry["weight"][0]) if entry["weight"] else float(max(1, len(claims))),
                (years[0], years[-1]) if years else ("", ""),
            )
        )
    nodes = [
        Node(
            names.compact(iri),
            labels[iri],
            names.compact(iri).partition(":")[0],
            details.get(iri, {}).get("fa", ""),
            details.get(iri, {}).get("definition", ""),
            degree[iri],
        )
        for iri in sorted(degree, key=names.compact)
    ]
    directed = str(query.header["directed"]) == "true"
    return Network(query.name, query.summary, text, directed, tuple(nodes), tuple(edges))


_DETAILS = """
SELECT ?thing ?key ?value WHERE {
  VALUES ?thing { %s }
  { ?thing skos:prefLabel ?value . FILTER(LANG(?value) = "fa") BIND("fa" AS ?key) }
  UNION { ?thing skos:definition ?value . FILTER(LANG(?value) = "en") BIND("definition" AS ?key) }
  UNION { ?thing air:hasDirection ?value . BIND("direction" AS ?key) }
}
"""


def _details(engine: Engine, things: set[str]) -> dict[str, dict[str, str]]:
    if not things:
        return {}
    found: dict[str, dict[str, str]] = {}
    values = " ".join(f"<{iri}>" for iri in sorted(things))
    for row in engine(with_prefixes(_DETAILS % values)):
        value = row["value"].value
        found.setdefault(row["thing"].value, {})[row["key"].value] = (
            value.rpartition("/")[2] if row["key"].value == "direction" else value
        )
    return found


def _dates(engine: Engine) -> dict[str, str]:
    rows = engine(with_prefixes("SELECT ?source ?date WHERE { ?source a air:Source ; dcterms:issued ?date }"))
    return {row["source"].value: row["date"].value[:4] for row in rows}
