"""Everything the graph holds about one thing: its card, and every claim in which it stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg import names
from kg.ask.answer import Answer, answer
from kg.ask.find import find
from kg.bibliography.people import creators, et_al, person
from kg.grounds import Cell, Engine, labels_of, natural
from kg.queries import bind, nodes
from kg.words import words

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.ask.filters import Filter

_CARD = (
    ("kind", "rdf:type"),
    ("title", "dcterms:title"),
    ("definition", "skos:definition"),
    ("also called", "skos:altLabel"),
    ("ORCID", "air:orcid"),
    ("ROR", "air:ror"),
    ("spoken of as", "air:isSpokenOfAs"),
    ("statement", "air:statement"),
    ("source", "air:inSource"),
    ("cites", "air:citesWork"),
    ("broader", "skos:broader"),
    ("replaced by", "dcterms:isReplacedBy"),
    ("by", "dcterms:creator"),
    ("institutions", "air:hasAffiliation"),
    ("in", "air:container"),
    ("date", "dcterms:issued"),
    ("DOI", "bibo:doi"),
    ("supports", "air:supports"),
    ("refines", "air:refines"),
    ("repeats", "air:repeats"),
    ("contested by", "air:isContestedBy"),
    ("note", "skos:note"),
)

_MERGED = """
SELECT ?new WHERE {
  $thing owl:deprecated true ; dcterms:isReplacedBy ?new . FILTER NOT EXISTS { $thing a ?sort }
}
ORDER BY ?new
"""

_VALUES = """
SELECT ?name ?value WHERE { VALUES (?property ?name) { $card } $thing ?property ?value } ORDER BY ?name ?value
"""

_BEHIND = """
SELECT DISTINCT ?name ?position ?organisation WHERE {
  ?authorship air:contributesTo $thing ; air:nameAsPrinted ?name ; air:position ?position .
  ?authorship air:hasAffiliation ?organisation
}
ORDER BY ?position ?organisation
"""

_CREDITED = """
SELECT DISTINCT ?work ?role ?printed ?member WHERE {
  { ?authorship air:creditsAgent $thing } UNION { ?authorship air:hasAffiliation $thing ; air:creditsAgent ?member }
  ?authorship air:contributesTo ?work ; air:hasRole ?role .
  OPTIONAL { ?authorship air:affiliationAsPrinted ?printed }
}
ORDER BY ?work ?role ?printed ?member
"""

_KINDS = {"foaf:Person": "person", "foaf:Organization": "organisation"}
"""Foreign classes that say more than ours, in plain words."""

_READ = tuple(names.PREFIXES[kind] for kind in ("section", "source", "code"))
"""Things the rows about which stand in the order of the text."""

_LONG = names.PREFIXES["code"]
BEGINNING = 50
"""How many of the rows with a code are printed: hundreds have it, `--page` goes on, and a form for machines has all."""

_CSL = "SELECT ?csl WHERE { $thing air:csl ?csl } ORDER BY DESC(?csl)"


def merged_into(engine: Engine, iri: str) -> str:
    """Return the claim or assertion into which another was merged, if the IRI is of one that was; else nothing."""
    (thing,) = nodes([iri])
    return next((row["new"].value for row in engine(bind(_MERGED, thing=thing))), "")


def merged(old: str, new: str, language: str = "en") -> str:
    """Say that one id was merged into another."""
    return f"{names.compact(old)} {words(language)('was merged into')} {names.compact(new)}"


def describe(engine: Engine, iri: str, language: str = "en") -> list[tuple[str, str]]:
    """Return the thing's card: names and values, in a fixed order."""
    import pyoxigraph as ox

    (thing,) = nodes([iri])
    pairs = [(ox.NamedNode(names.expand(prop)), ox.Literal(name)) for name, prop in _CARD]
    rows = engine(bind(_VALUES, card=pairs, thing=thing))
    things = [row["value"].value for row in rows if type(row["value"]).__name__ == "NamedNode"]
    labels = labels_of(engine, [iri, *things], language)
    found: dict[str, list[str]] = {}
    plainer: list[str] = []
    for row in rows:
        value = row["value"].value
        if row["name"].value == "kind" and not value.startswith(names.AIR):
            if plain := _KINDS.get(names.compact(value)):
                plainer.append(plain)
            continue
        found.setdefault(row["name"].value, []).append(labels.get(value, value))
    for row in engine(bind(_CSL, thing=thing)):
        item = json.loads(row["csl"].value)
        # a graph has no order of authors, the item has
        found["by"] = [*map(person, creators(item)), *(["et al."] if et_al(item) else [])]
        found["institutions"] = _institutions(engine, thing, language)
    if plainer:
        found["kind"] = plainer
    card = [("name", labels[iri]), ("id", names.compact(iri))]
    card += [(name, "; ".join(found[name])) for name, _ in _CARD if found.get(name)]
    return card + _credited(engine, thing, language)


def _institutions(engine: Engine, work: ox.NamedNode, language: str) -> list[str]:
    """Return the institutions printed beside the names of a work; where there are several, each with its people."""
    rows = engine(bind(_BEHIND, thing=work))
    labels = labels_of(engine, [row["organisation"].value for row in rows], language)
    people: dict[str, dict[str, None]] = {}
    for row in rows:
        people.setdefault(labels[row["organisation"].value], {})[row["name"].value] = None
    several = len(people) > 1
    return [f"{name} ({' and '.join(those)})" if several else name for name, those in people.items()]


def _credited(engine: Engine, agent: ox.NamedNode, language: str) -> list[tuple[str, str]]:
    """Return what a person or an organisation has to do with works; nothing for anything else."""
    rows = engine(bind(_CREDITED, thing=agent))
    things = [row[key].value for row in rows for key in ("work", "role", "member") if key in row]
    labels = labels_of(engine, things, language)
    roles: dict[tuple[str, str], dict[str, None]] = {}
    printed = dict[str, None]()
    for row in rows:
        member = f"{labels[row['member'].value]}: " if "member" in row else ""
        line = ("through" if member else "works", member + labels[row["work"].value])
        roles.setdefault(line, {})[labels[row["role"].value]] = None
        if "printed" in row and not member:
            printed[row["printed"].value] = None
    lists: dict[str, list[str]] = {"works": [], "affiliation as printed": list(printed), "through": []}
    for (name, work), did in roles.items():
        lists[name].append(f"{work} ({', '.join(did)})")
    return [(name, "; ".join(values)) for name, values in lists.items() if values]


def beginning(iri: str) -> str | None:
    """Return how many rows about a thing are printed where nobody says how many; None for all."""
    return str(BEGINNING) if iri.startswith(_LONG) else None


def _position(row: dict[str, Cell]) -> tuple[str, int, str]:
    """Return a sort key that puts rows in the order of the text."""
    return natural(row["place"].ids[0] if row["place"].ids else "")


def claims_about(
    engine: Engine, iri: str, language: str = "en", merged_from: str = "", filters: Sequence[Filter] = ()
) -> Answer:
    """Return the answer to the question `about`: every assertion whose claim, source, work or passage the thing is.

    A thing that was asked for by a merged id has that id in each row, under `merged_from`.
    """
    question = find("about")
    (thing,) = question.params
    # the thing is known to be in the graph: as a default it is not held to the values that the question offers
    found = answer(engine, question._replace(params=(thing._replace(default=iri),)), {}, language, filters)
    if iri.startswith(_READ):
        found = found._replace(rows=sorted(found.rows, key=_position))
    if not merged_from:
        return found
    rows = [{**row, "merged_from": Cell(names.compact(merged_from))} for row in found.rows]
    return found._replace(columns=(*found.columns, "merged_from"), rows=rows)
