"""Networks: what a query of `queries/project/` makes of the graph, as nodes and edges with their claims.

A projection selects `?from ?to` and, where they mean something, `?relation` (a thing or words), `?assertion`
and `?other` (the assertions an edge rests on), `?direction`, `?contested`, `?weight`, or `?shared` (the weight
is then the number of different things shared). Rows with the same ends and relation become one edge; it
remembers its claims, so that a picture can always be traced back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import names
from kg.errors import UsageError, nearest
from kg.grounds import Cell, Engine, grounds_of, labels_of
from kg.queries import Query, bind, nodes, read_file, read_queries
from kg.resources import resource

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.grounds import Solution

    Term = ox.NamedNode | ox.Literal

DIRECTIONS = ("weakening", "strengthening", "other")
"""What an edge does to its end: decreases it, increases it, or anything else."""

_DIRECTION = {"direction.decrease": "weakening", "direction.increase": "strengthening"}


@dataclass(frozen=True, slots=True)
class Node:
    """A node: compact id (`actor:china`), label, kind (the prefix), Persian label and definition where there are."""

    id: str
    label: str
    kind: str
    label_fa: str = ""
    definition: str = ""
    degree: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge with what it stands for.

    Attributes:
        id: unique in the network, an NMTOKEN (`e1`, `e2`, … in the order of edges).
        relation: label of the relation; `relation_id` its compact id, empty for one that is only words.
        direction: one of `DIRECTIONS`.
        contested: whether any of its claims is contested, or what the projection itself says.
        claims: compact ids of the claims; `statements` their words, in the same order.
        sources: short references of the sources that assert them, sorted.
        places: source and place of every assertion, sorted.
        weight: number of claims, or the number that the projection itself gives.
        dates: first and last date of issue of the sources (`2025`, `2025-11-06`), empty when unknown.
        assertions: compact ids of the assertions, sorted.
        endorsed: whether any of them endorses what it says; without one, every source only reports or contests it.
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
    assertions: tuple[str, ...] = ()
    endorsed: bool = False


@dataclass(frozen=True)
class Network:
    """Nodes by id and edges by their ends, with what an exported file must say about itself.

    Attributes:
        name: of the projection; `title` says what it shows, `query` is the SPARQL that was run.
        values: parameters of the projection and what was given for them, as compact ids or words.
    """

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
        return read_file(file)[0]
    known = [f.stem for f in (resource("queries") / "project").glob("*.rq")]
    raise UsageError(f"error: no network is named '{name}'\n  hint: {nearest(name, known) or ', '.join(sorted(known))}")


@dataclass
class _Gathered:
    """What the rows of one edge say; lists keep the order of rows, without repetition."""

    label: str = ""
    assertions: list[str] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    weight: str = ""
    direction: str = ""
    contested: str = ""


Key = tuple[str, str, str]


def project(engine: Engine, query: Query, values: Mapping[str, Term] | None = None, language: str = "en") -> Network:
    """Run a projection and gather its rows into a network; the same graph always gives the same order and ids."""
    text = query.bind(dict(values or {}))
    rows = engine(text)
    gathered = _gather(rows)
    things = {row[end].value for row in rows for end in ("from", "to", "relation") if _is_thing(row.get(end))}
    labels = labels_of(engine, sorted(things), language)
    details = _details(engine, things)
    grounds = grounds_of(engine, sorted({a for e in gathered.values() for a in e.assertions}), language)
    dates = _dates(engine)
    edges, degree = [], dict[str, int]()
    for number, key in enumerate(sorted(gathered, key=lambda k: tuple(map(names.compact, k))), 1):
        entry = gathered[key]
        entry.label = labels.get(key[2], key[2])
        entry.direction = entry.direction or _DIRECTION.get(details.get(key[2], {}).get("direction", ""), "other")
        edges.append(_edge(f"e{number}", key, entry, key[2] in things, grounds, dates))
        for end in key[:2]:
            degree[end] = degree.get(end, 0) + 1
    nodes = tuple(
        Node(
            names.compact(iri),
            labels[iri],
            names.compact(iri).partition(":")[0],
            details.get(iri, {}).get("fa", ""),
            details.get(iri, {}).get("definition", ""),
            degree[iri],
        )
        for iri in sorted(degree, key=names.compact)
    )
    given = {name: names.compact(term.value) for name, term in sorted((values or {}).items())}
    title = _title(engine, query, values or {}, language)
    directed = str(query.header["directed"]) == "true"
    return Network(query.name, title, text, directed, nodes, tuple(edges), given)


def _title(engine: Engine, query: Query, values: Mapping[str, Term], language: str) -> str:
    """Return the projection's summary with each `{param}` replaced by its value's label, or by `anything`."""
    labels = labels_of(engine, [t.value for t in values.values() if _is_thing(t)], language)
    title = query.summary
    for param in query.params:
        value = values[param.name].value if param.name in values else "anything"
        title = title.replace(f"{{{param.name}}}", labels.get(value, value))
    return title


def _is_thing(term: object) -> bool:
    return type(term).__name__ == "NamedNode"


def _gather(rows: Iterable[Solution]) -> dict[Key, _Gathered]:
    gathered: dict[Key, _Gathered] = {}
    for row in rows:
        if "from" not in row or "to" not in row:
            continue
        key = (row["from"].value, row["to"].value, row["relation"].value if "relation" in row else "")
        entry = gathered.setdefault(key, _Gathered())
        for name in ("assertion", "other"):
            if name in row and row[name].value not in entry.assertions:
                entry.assertions.append(row[name].value)
        for name in ("weight", "direction", "contested"):
            if name in row and not getattr(entry, name):
                setattr(entry, name, row[name].value)
        if "shared" in row:
            entry.shared.add(row["shared"].value)
    return gathered


def _edge(
    id: str,
    key: Key,
    entry: _Gathered,
    named: bool,
    grounds: Mapping[str, Mapping[str, Cell]],
    dates: Mapping[str, str],
) -> Edge:
    assertions = sorted(entry.assertions)
    mine = [grounds[a] for a in assertions]
    claims = sorted({(g["claim"].ids[0], g["claim"].text) for g in mine if g["claim"].ids})
    issued = sorted(d for d in {dates.get(i, "") for g in mine for i in g["source"].ids} if d)
    counted = len(entry.shared) or max(1, len(claims))
    return Edge(
        id,
        names.compact(key[0]),
        names.compact(key[1]),
        entry.label,
        names.compact(key[2]) if named else "",
        entry.direction,
        entry.contested == "true" if entry.contested else any(g["contested"].ids for g in mine),
        tuple(names.compact(iri) for iri, _ in claims),
        tuple(text for _, text in claims),
        tuple(sorted({g["source"].text for g in mine})),
        tuple(sorted({f"{g['source'].text}, {g['place'].text}" for g in mine})),
        float(entry.weight) if entry.weight else float(counted),
        (issued[0], issued[-1]) if issued else ("", ""),
        tuple(map(names.compact, assertions)),
        any(names.expand("code:stance.endorses") in g["stance"].ids for g in mine),
    )


_DETAILS = """
SELECT ?thing ?key ?value WHERE {
  VALUES ?thing { $things }
  { ?thing skos:prefLabel ?value . FILTER(LANG(?value) = "fa") BIND("fa" AS ?key) }
  UNION { ?thing skos:definition ?value . FILTER(LANG(?value) = "en") BIND("definition" AS ?key) }
  UNION { ?thing air:hasDirection ?value . BIND("direction" AS ?key) }
}
"""


def _details(engine: Engine, things: set[str]) -> dict[str, dict[str, str]]:
    if not things:
        return {}
    found: dict[str, dict[str, str]] = {}
    for row in engine(bind(_DETAILS, things=nodes(sorted(things)))):
        value = row["value"].value
        found.setdefault(row["thing"].value, {})[row["key"].value] = (
            value.rpartition("/")[2] if row["key"].value == "direction" else value
        )
    return found


_DATES = "SELECT ?source ?date WHERE { ?source a air:Source ; dcterms:issued ?date }"


def _dates(engine: Engine) -> dict[str, str]:
    return {row["source"].value: row["date"].value[:10] for row in engine(bind(_DATES))}
