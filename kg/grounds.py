"""The grounds on which an assertion stands, and the labels of things: what every answer and export shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.errors import Place, QueryError, StoreError
from kg.queries import Bound, bind, nodes
from kg.words import Words, words

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.Literal | ox.BlankNode

Solution = dict[str, "Term"]
Engine = Callable[[Bound], list[Solution]]
"""What answers a SPARQL SELECT that was bound: one dict a row, unbound variables absent."""

GROUNDS = {
    "claim": "what is claimed, in the coder's words",
    "condition": "the scope within which the claim is said to hold, where one is named",
    "time": "when it is said to hold, where a time is named",
    "level": "level of analysis, where the claim is at one",
    "source": "who says so",
    "place": "where",
    "voice": "the source's own voice, or whom it cites",
    "stance": "whether the source endorses, reports or contests the claim",
    "hedge": "how firmly",
    "contested": "claims that stand against it",
}
"""Columns that every answer has, after the question's own."""
SCOPE = ("condition", "time", "level")
"""Those that limit a claim."""


class Cell(NamedTuple):
    """What stands in one cell: words for people, the IRIs behind them, if any, and the label of each of these."""

    text: str
    ids: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, terms: Iterable[Term], labels: Mapping[str, str]) -> Cell:
        """Return a cell of several values, none twice: passages in the order of the text, all else as it comes."""
        distinct = list(dict.fromkeys(terms))
        if all(_is_passage(term) for term in distinct):
            distinct.sort(key=lambda term: natural(term.value))
        ids = tuple(term.value for term in distinct if is_thing(term))
        text = "; ".join(labels[term.value] if is_thing(term) else term.value for term in distinct)
        return cls(text, ids, tuple(labels[i] for i in ids))


def is_thing(term: Term) -> bool:
    """Tell whether a term is an IRI, and so has a label, and no text."""
    return type(term).__name__ == "NamedNode"


def _is_passage(term: Term) -> bool:
    return is_thing(term) and term.value.startswith(names.PREFIXES["passage"])


def local(store: ox.Store) -> Engine:
    """Return an engine over an open store, its default graph the union of all graphs."""

    def run(query: Bound) -> list[Solution]:
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
    """Return a label for each thing: in the language asked for, else English, else any, else its short name.

    What has no label of its own goes by that of what it is about: an assertion by its claim, an entry or a credit by
    its work, an authorship by its person.
    """
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    labels = _labels(engine(bind(_LABELS_QUERY, numbered=_numbered(wanted))), wanted, language)
    if bare := [iri for iri in wanted if not labels[iri]]:
        labels |= _labels(engine(bind(_LABELS_OF_OTHERS_QUERY, numbered=_numbered(bare))), bare, language)
    return {iri: label or names.compact(iri) for iri, label in labels.items()}


def _labels(rows: Iterable[Solution], iris: Sequence[str], language: str) -> dict[str, str]:
    """Return the best label of each thing from rows with its number; empty where there is none."""
    found: list[list[Any]] = [[] for _ in iris]
    for row in rows:
        found[int(row["number"].value)].append(row["label"])
    return {iri: _best(labels, language) for iri, labels in zip(iris, found, strict=True)}


def _best(literals: Sequence[Any], language: str) -> str:
    ranked = sorted(literals, key=lambda x: (_rank(x.language or "", language), x.value))
    return ranked[0].value if ranked else ""


def _rank(found: str, wanted: str) -> int:
    return [wanted, "en", ""].index(found) if found in (wanted, "en", "") else 3


def _numbered(iris: Iterable[str]) -> list[tuple[ox.NamedNode, ox.Literal]]:
    """Return IRIs with numbers, for VALUES: a number is at hand in a row, an IRI is looked up for each on disk."""
    import pyoxigraph as ox

    return [(node, ox.Literal(str(number))) for number, node in enumerate(nodes(iris))]


_LABELS_QUERY = """
SELECT ?number ?label WHERE {
  VALUES (?thing ?number) { $numbered }
  ?thing skos:prefLabel|air:statement ?label
}
"""

_LABELS_OF_OTHERS_QUERY = """
SELECT ?number ?label WHERE {
  VALUES (?thing ?number) { $numbered }
  { ?thing air:asserts/air:statement ?label }
  UNION { ?thing (air:listsWork|air:attributedTo|air:throughCitation|air:creditsAgent)/skos:prefLabel ?label }
}
"""

_GROUNDS_QUERY = """
SELECT ?key ?value (GROUP_CONCAT(?number) AS ?numbers) WHERE {
  VALUES (?assertion ?number) { $numbered }
  {
    ?assertion ?property ?value .
    VALUES (?property ?key) {
      (air:asserts "claim") (air:inSource "source") (air:hasPassage "place")
      (air:hasVoice "voice") (air:hasStance "stance") (air:hasHedge "hedge") (air:heldBy "holder")
    }
  } UNION {
    ?assertion air:hasAttribution/(air:attributedTo|air:throughCitation) ?value . BIND("cited" AS ?key)
  } UNION {
    # a branch each: with a list of properties the engine looked through all claims, 35 times as long
    ?assertion air:asserts/air:condition ?value . BIND("condition" AS ?key)
  } UNION {
    ?assertion air:asserts/air:time ?value . BIND("time" AS ?key)
  } UNION {
    ?assertion air:asserts/air:hasLevel ?value . BIND("level" AS ?key)
  } UNION {
    ?assertion air:asserts/air:isContestedBy ?value . BIND("contested" AS ?key)
  }
}
GROUP BY ?key ?value
"""


def grounds_of(engine: Engine, assertions: Iterable[str], language: str = "en") -> dict[str, dict[str, Cell]]:
    """Return the grounds of assertions: for each, one cell per column of `GROUNDS`."""
    wanted = list(dict.fromkeys(assertions))
    if not wanted:
        return {}
    found: list[dict[str, list[Term]]] = [{} for _ in wanted]
    for row in engine(bind(_GROUNDS_QUERY, numbered=_numbered(wanted))):
        for number in row["numbers"].value.split():
            found[int(number)].setdefault(row["key"].value, []).append(row["value"])
    terms = (term for keys in found for values in keys.values() for term in values)
    labels = labels_of(engine, (term.value for term in terms if is_thing(term)), language)

    say = words(language)

    @cache
    def cell(values: tuple[Term, ...]) -> Cell:
        return Cell.of(sorted(values, key=lambda term: natural(term.value)), labels)

    grounds = {}
    for assertion, keys in zip(wanted, found, strict=True):
        cells = {key: cell(tuple(keys.get(key, ()))) for key in (*GROUNDS, "cited", "holder")}
        voice = _voice(cells["voice"], cells.pop("cited"), cells.pop("holder"), say)
        grounds[assertion] = {**cells, "voice": voice}
    return grounds


def limits_of(engine: Engine, claims: Iterable[str], language: str = "en") -> dict[str, str]:
    """Return what limits each claim that anything does: `condition: during war; level: state`."""
    if not (wanted := list(dict.fromkeys(claims))):
        return {}
    say = words(language)
    rows = engine(bind(_LIMITS_QUERY, numbered=_numbered(wanted)))
    levels = labels_of(engine, (row["value"].value for row in rows if is_thing(row["value"])), language)
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        value = levels.get(row["value"].value, row["value"].value)
        found.setdefault(wanted[int(row["number"].value)], {}).setdefault(row["key"].value, []).append(value)
    return {
        claim: "; ".join(f"{say(key)}: {'; '.join(sorted(held[key]))}" for key in SCOPE if key in held)
        for claim, held in found.items()
    }


_LIMITS_QUERY = """
SELECT ?number ?key ?value WHERE {
  VALUES (?claim ?number) { $numbered }
  { ?claim air:condition ?value . BIND("condition" AS ?key) }
  UNION { ?claim air:time ?value . BIND("time" AS ?key) }
  UNION { ?claim air:hasLevel ?value . BIND("level" AS ?key) }
}
ORDER BY ?number ?key ?value
"""


def natural(iri: str) -> tuple[str, int, str]:
    """Sort key that puts passages in the order of the text."""
    source, _, rest = iri.rpartition("/")[2].partition(".")
    start = rest.partition("-")[0]
    return source, int(start) if start.isdigit() else 0, iri


def _voice(voice: Cell, cited: Cell, holder: Cell, say: Words) -> Cell:
    """Say in one cell who speaks: own; or citing whom; or reporting whose view."""
    parts = [f"{say('citing')} {cited.text}"] if cited.text else []
    parts += [f"{say('view of')} {holder.text}"] if holder.text else []
    text = ": ".join([voice.text, ", ".join(parts)]) if parts else voice.text
    return Cell(text, voice.ids + cited.ids + holder.ids, voice.parts + cited.parts + holder.parts)
