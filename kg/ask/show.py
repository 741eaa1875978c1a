"""Everything the graph holds about one thing: its card, and every claim in which it stands."""

from __future__ import annotations

import json

from kg import names
from kg.ask.answer import Answer, answer
from kg.ask.find import find
from kg.bibliography.people import creators, et_al, person
from kg.errors import UsageError, nearest
from kg.grounds import Engine, labels_of
from kg.queries import bind, node, nodes

_CARD = (
    ("kind", "rdf:type"),
    ("title", "dcterms:title"),
    ("definition", "skos:definition"),
    ("also called", "skos:altLabel"),
    ("statement", "air:statement"),
    ("broader", "skos:broader"),
    ("by", "dcterms:creator"),
    ("in", "air:container"),
    ("date", "dcterms:issued"),
    ("DOI", "bibo:doi"),
    ("supports", "air:supports"),
    ("refines", "air:refines"),
    ("repeats", "air:repeats"),
    ("contested by", "air:isContestedBy"),
    ("note", "skos:note"),
)

_KNOWN = "SELECT ?property WHERE { $thing ?property ?value } LIMIT 1"

_NAMES = """
SELECT DISTINCT ?thing ?label WHERE {
  ?thing skos:prefLabel|skos:altLabel|air:statement ?label .
  FILTER(STRSTARTS(STR(?thing), STR(air:)) = false)
}
"""

_VALUES = """
SELECT ?name ?value WHERE { VALUES (?property ?name) { $card } $thing ?property ?value } ORDER BY ?name ?value
"""

_CSL = "SELECT ?csl WHERE { $thing air:csl ?csl } ORDER BY DESC(?csl)"


def identify(engine: Engine, name: str) -> str:
    """Return the IRI of the thing that an id, a slug or a label names.

    Raises:
        UsageError: there is none, or several.

    """
    if (thing := node(names.expand(name))) and engine(bind(_KNOWN, thing=thing)):
        return thing.value
    wanted = name.strip().casefold()
    slugs: dict[str, set[str]] = {}
    for row in engine(bind(_NAMES)):
        iri = row["thing"].value
        for form in (row["label"].value.casefold(), names.slug_of(iri), names.compact(iri)):
            slugs.setdefault(form, set()).add(iri)
    found = sorted(slugs.get(wanted, ()))
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"error: '{name}' names several things\n  hint: {', '.join(map(names.compact, found))}")
    raise UsageError(
        f"error: nothing is named '{name}'\n  hint: {nearest(wanted, slugs) or '`kg ask --values` lists names'}"
    )


def describe(engine: Engine, iri: str, language: str = "en") -> list[tuple[str, str]]:
    """Return the thing's card: names and values, in a fixed order."""
    import pyoxigraph as ox

    (thing,) = nodes([iri])
    pairs = [(ox.NamedNode(names.expand(prop)), ox.Literal(name)) for name, prop in _CARD]
    rows = engine(bind(_VALUES, card=pairs, thing=thing))
    things = [row["value"].value for row in rows if type(row["value"]).__name__ == "NamedNode"]
    labels = labels_of(engine, [iri, *things], language)
    found: dict[str, list[str]] = {}
    for row in rows:
        value = row["value"].value
        if row["name"].value == "kind" and not value.startswith(names.AIR):
            continue
        found.setdefault(row["name"].value, []).append(labels.get(value, value))
    for row in engine(bind(_CSL, thing=thing)):
        item = json.loads(row["csl"].value)
        # a graph has no order of authors, the item has
        found["by"] = [*map(person, creators(item)), *(["et al."] if et_al(item) else [])]
    card = [("name", labels[iri]), ("id", names.compact(iri))]
    return card + [(name, "; ".join(found[name])) for name, _ in _CARD if found.get(name)]


def claims_about(engine: Engine, iri: str, language: str = "en") -> Answer:
    """Return the answer to the question `about`: every assertion whose claim, source, work or passage the thing is."""
    question = find("about")
    (thing,) = question.params
    # the thing is known to be in the graph: as a default it is not held to the values that the question offers
    return answer(engine, question._replace(params=(thing._replace(default=iri),)), {}, language)
