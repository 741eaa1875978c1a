"""The grounds on which an assertion stands, and the labels of things: what every answer and export shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.errors import Place, QueryError, StoreError
from kg.queries import with_prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.Literal | ox.BlankNode

Solution = dict[str, "Term"]
Engine = Callable[[str], list[Solution]]
"""What answers a SPARQL SELECT: one dict a row, unbound variables absent."""

GROUNDS = {
    "claim": "what is claimed, in the coder's words",
    "source": "who says so",
    "place": "where",
    "voice": "the source's own voice, or whom it cites",
    "stance": "whether the source endorses, reports or contests the claim",
    "hedge": "how firmly",
    "contested": "claims that stand against it",
}
"""Columns that every answer has, after the question's own."""


class Cell(NamedTuple):
    """What stands in one cell: words for people, the IRIs behind them, if any, and the label of each of these."""

    text: str
    ids: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def local(store: ox.Store) -> Engine:
    """Return an engine over an open store, its default graph the union of all graphs."""

    def run(query: str) -> list[Solution]:
        try:
            solutions: Any = store.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(Place(Path("query")), f"not SPARQL: {error}") from None
        variables = [v.value for v in solutions.variables]
        try:
            return [{n: v for n, v in zip(variables, row, strict=True) if v is not None} for row in solutions]
        except (OSError, RuntimeError) as error:
            hint = "`kg build --force` makes it anew"
            raise StoreError(f"error: the store cannot be read: {error}\n  hint: {hint}") from None

    return run


def labels_of(engine: Engine, iris: Iterable[str], language: str = "en") -> dict[str, str]:
    """Return a label for each thing: in the language asked for, else English, else any, else its short name."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    query = with_prefixes(
        f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {_values(wanted)} }} "
        "?thing skos:prefLabel|air:statement ?label }"
    )
    found: dict[str, list[Any]] = {}
    for row in engine(query):
        found.setdefault(row["thing"].value, []).append(row["label"])
    return {iri: _best(found.get(iri, ()), language) or names.compact(iri) for iri in wanted}


def _best(literals: Sequence[Any], language: str) -> str:
    ranked = sorted(literals, key=lambda x: (_rank(x.language or "", language), x.value))
    return ranked[0].value if ranked else ""


def _rank(found: str, wanted: str) -> int:
    return [wanted, "en", ""].index(found) if found in (wanted, "en", "") else 3


def _values(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


_GROUNDS_QUERY = """
SELECT ?assertion ?key ?value WHERE {
  VALUES ?assertion { %s }
  {
    ?assertion ?property ?value .
    VALUES (?property ?key) {
      (air:asserts "claim") (air:inSource "source") (air:hasVoice "voice")
      (air:hasStance "stance") (air:hasHedge "hedge") (air:heldBy "holder")
    }
  } UNION {
    ?assertion air:hasPassage ?value . BIND("passage" AS ?key)
  } UNION {
    ?assertion air:hasAttribution/(air:attributedTo|air:throughCitation) ?value . BIND("cited" AS ?key)
  } UNION {
    ?assertion air:asserts/air:isContestedBy ?value . BIND("contested" AS ?key)
  }
}
"""

_KEYS = ("claim", "source", "voice", "stance", "hedge", "holder", "passage", "cited", "contested")


def grounds_of(engine: Engine, assertions: Iterable[str], language: str = "en") -> dict[str, dict[str, Cell]]:
    """Return the grounds of assertions: for each, one cell per column of `GROUNDS`."""
    wanted = list(dict.fromkeys(assertions))
    if not wanted:
        return {}
    found: dict[str, dict[str, list[str]]] = {a: {} for a in wanted}
    for row in engine(with_prefixes(_GROUNDS_QUERY % _values(wanted))):
        found[row["assertion"].value].setdefault(row["key"].value, []).append(row["value"].value)
    labels = labels_of(engine, (v for keys in found.values() for values in keys.values() for v in values), language)

    @cache
    def cell(values: tuple[str, ...]) -> Cell:
        ids = tuple(sorted(set(values), key=_natural))
        parts = tuple(labels[i] for i in ids)
        return Cell("; ".join(parts), ids, parts)

    grounds = {}
    for assertion, keys in found.items():
        cells = {key: cell(tuple(keys.get(key, ()))) for key in _KEYS}
        grounds[assertion] = {name: cells[name] for name in ("claim", "source", "stance", "hedge", "contested")}
        grounds[assertion]["place"] = cells["passage"]
        grounds[assertion]["voice"] = _voice(cells["voice"], cells["cited"], cells["holder"])
    return grounds


def _natural(iri: str) -> tuple[str, int, str]:
    """Sort key that puts passages in the order of the text."""
    source, _, rest = iri.rpartition("/")[2].partition(".")
    start = rest.partition("-")[0]
    return source, int(start) if start.isdigit() else 0, iri


def _voice(voice: Cell, cited: Cell, holder: Cell) -> Cell:
    """Say in one cell who speaks: own; or citing whom; or reporting whose view."""
    parts = [f"citing {cited.text}"] if cited.text else []
    parts += [f"view of {holder.text}"] if holder.text else []
    return Cell(
        ": ".join([voice.text, ", ".join(parts)]) if parts else voice.text, (*voice.ids, *cited.ids, *holder.ids)
    )
