"""The founding corpus as a reasoner sees it, made once for the tests of definitions, OWL and explanations."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox

from kg import names, pipeline
from kg.load.inputs import Inputs
from kg.load.turtle import read_turtle
from kg.reason import hermit
from kg.reason.axioms import Axiom, read
from kg.reason.reasons import Reasons, reasons
from kg.resources import resource

TYPE = ox.NamedNode(names.PREFIXES["rdf"] + "type")


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(names.expand(name))


def turtle(text: str) -> list[ox.Triple]:
    """Parse Turtle that uses the project's prefixes."""
    prefixes = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in names.PREFIXES.items())
    return [quad.triple for quad in ox.parse(prefixes + text, ox.RdfFormat.TURTLE)]


def types(triples: list[ox.Triple]) -> dict[str, frozenset[str]]:
    """Return the members of each class, both as compact names."""
    found: dict[str, set[str]] = {}
    for t in triples:
        if t.predicate == TYPE:
            found.setdefault(names.compact(t.object.value), set()).add(names.compact(t.subject.value))
    return {cls: frozenset(members) for cls, members in found.items()}


@cache
def asserted() -> pipeline.Asserted:
    return pipeline.load(Inputs.of())


@cache
def derived() -> tuple[ox.Quad, ...]:
    return tuple(pipeline.derive(asserted()))


@cache
def store() -> ox.Store:
    """What is asserted, and nothing derived."""
    found = ox.Store()
    found.bulk_extend(asserted().quads)
    return found


def axioms() -> tuple[Axiom, ...]:
    return asserted().axioms


def logic() -> list[ox.Triple]:
    """The axioms as triples, blank nodes included."""
    return [triple for axiom in axioms() for triple in axiom.triples]


def ontology() -> list[ox.Triple]:
    """Ontology and codes without the vocabulary: enough for HermiT to answer in a second."""
    return [q.triple for q in asserted().quads if q.graph_name == ox.NamedNode(names.ONTOLOGY_GRAPH)]


@cache
def defined() -> tuple[str, ...]:
    """Return the defined classes, without reading the corpus."""
    file = resource("ontology") / "definitions.ttl"
    found = read(read_turtle(file, blank_nodes=True), file)
    return tuple(sorted({names.compact(axiom.subject) for axiom in found if axiom.kind == "definition"}))


@cache
def members() -> dict[str, tuple[str, ...]]:
    """Members of each defined class, by the rules of the build."""
    found = types([quad.triple for quad in derived()])
    return {cls: tuple(sorted(found.get(cls, ()))) for cls in defined()}


@cache
def explained() -> dict[str, Reasons]:
    """Why the first member of each defined class belongs to it."""
    found = {}
    for cls, listed in members().items():
        why = reasons(store(), axioms(), names.expand(listed[0]), names.expand(cls))
        assert why is not None, f"{listed[0]} is derived to be {cls}, but nothing explains it"
        found[cls] = why
    return found


@cache
def sample() -> tuple[ox.Triple, ...]:
    """All terms, sixty claims of all kinds, and for each defined class what makes one thing a member."""
    keep = {t.subject.value for why in explained().values() for t in why.facts}
    of_corpus = tuple(names.PREFIXES[kind] for kind in ("claim", "assertion", "citation"))
    return tuple(hermit.sample(asserted().quads, 60, {iri for iri in keep if iri.startswith(of_corpus)}))


@cache
def classified() -> hermit.Classified:
    """What HermiT says of the sample; takes some ten seconds."""
    return hermit.classify([*sample(), *logic()])
