"""The order of the stages: load → graph → validate → reason → check → publish. No other module knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import __version__, names, resources
from kg.errors import Place, StoreError, Tally
from kg.load.inputs import Inputs, vocabularies
from kg.store import local as store

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.load.folder import Folder
    from kg.load.keys import Misplaced
    from kg.load.moved import Use
    from kg.reason.axioms import Axiom
    from kg.reason.owl import Reasoned
    from kg.records import Source
    from kg.validate.findings import Finding

Progress = Callable[[str], None]


def _silent(stage: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Asserted:
    """What the inputs say before anything is derived.

    `axioms` are those of the ontology, among them those that need blank nodes and so never enter the graph; `moved`
    is where the corpora name terms that are deprecated, `misplaced` where they write keys of the assertion in a claim;
    both in the order of files and lines.
    """

    sources: tuple[Source, ...]
    quads: tuple[ox.Quad, ...] = field(hash=False)
    shapes: tuple[ox.Triple, ...] = field(hash=False)
    places: dict[str, Place] = field(hash=False)
    axioms: tuple[Axiom, ...] = field(hash=False)
    moved: tuple[Use, ...] = field(default=(), hash=False)
    misplaced: tuple[Misplaced, ...] = field(default=(), hash=False)


@dataclass(frozen=True)
class Built:
    """The outcome of a build: its seal, whether it was new, and what validation found short of violations."""

    seal: dict[str, Any] = field(hash=False)
    fresh: bool
    findings: tuple[Finding, ...] = ()


def load(inputs: Inputs) -> Asserted:
    """Read and check all inputs, and turn them into quads.

    Raises:
        Faults: every fault of every file.

    """
    import pyoxigraph as ox

    from kg.graph import quads_of
    from kg.load import corpus, hierarchy, moved
    from kg.load.folder import open_folders
    from kg.load.founding import Founding
    from kg.load.own_terms import Gate
    from kg.load.turtle import read_turtle
    from kg.reason import axioms

    graphs: dict[str, list[ox.Triple]] = {names.ONTOLOGY_GRAPH: [], names.VOCABULARY_GRAPH: []}
    logic: list[Axiom] = []
    for file in [*ontology_files(), resources.resource("ontology") / _DEFINITIONS]:
        triples = read_turtle(file, blank_nodes=file.name == _DEFINITIONS)
        triples = [t for t in triples if t.predicate.value != _IMPORTS]
        logic += axioms.read(triples, file)
        terms = file.parent.name == "vocabulary"
        graphs[names.VOCABULARY_GRAPH if terms else names.ONTOLOGY_GRAPH] += axioms.named(triples)
    faults = Tally()
    gate = Gate(Founding.of(triple for triples in graphs.values() for triple in triples))
    folders = faults.attempt(lambda: open_folders(inputs)) or []
    gate.read([file for corpus in inputs.corpora for file in vocabularies(corpus)])
    faults.extend(gate.faults)
    faults.extend(hierarchy.faults(gate.broader, gate.founding.broader))
    graphs |= {own.graph: own.triples for own in gate.accepted}
    sources = faults.attempt(lambda: corpus.load(folders, None if faults else gate.terms, inputs.texts)) or []
    faults.settle()
    quads = [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for graph, ts in graphs.items() for t in ts]
    for source in sources:
        quads.extend(quads_of(source))
    places = _places(sources, {folder.name: folder for folder in folders})
    for own in gate.accepted:
        places |= own.places
    # what is about the ontology itself is no corpus's business, and the lint looks at it
    judged = [file for file in resources.files("shapes", "*.ttl") if file.name != "ontology.ttl"]
    shapes = [t for file in judged for t in read_turtle(file, blank_nodes=True)]
    uses = [*gate.moved]
    for folder in folders:
        uses += moved.in_coding(folder.coding, gate.terms, gate.founding.fates) if folder.coding else ()
    uses.sort(key=lambda use: use.place)
    keys = sorted((one for folder in folders for one in folder.misplaced), key=lambda one: one.place)
    known = tuple(dict.fromkeys(quads))
    return Asserted(tuple(sources), known, tuple(shapes), places, tuple(logic), tuple(uses), tuple(keys))


_DEFINITIONS = "definitions.ttl"
_IMPORTS = names.PREFIXES["owl"] + "imports"
"""Stays out of the graph: whoever opens an export would fetch what it holds already."""


def ontology_files() -> list[Path]:
    """Return the Turtle files all of whose triples enter the graph.

    `definitions.ttl` has axioms that need anonymous classes; of it, only what it says of names enters the graph.
    """
    return [f for f in resources.files("ontology", "**/*.ttl") if f.name != _DEFINITIONS]


def _places(sources: Iterable[Source], folders: Mapping[str, Folder]) -> dict[str, Place]:
    """Return where each node was coded; `folders` has each source's by its id."""
    from kg.graph import link_id, merged_id

    places: dict[str, Place] = {}
    for source in sources:
        references, about = folders[source.id].references, folders[source.id].place("id")
        listed = references.places if references else {}
        places[names.thing("source", source.id)] = about
        for section in source.sections:
            places[names.thing("section", source.id, section.id)] = about
        for work in source.works:
            places[names.thing("work", work.id)] = listed[work.id]
        for authorship in source.authorships:
            at = places[names.thing(*authorship.of)]
            places[names.thing("authorship", authorship.id)] = at
            for agent in (authorship.agent, *(to for _, to in authorship.affiliations)):
                places.setdefault(names.thing("agent", agent), at)
        for reference in source.references:
            places[names.thing("reference", source.id, reference.id)] = listed[reference.id]
        for claim in source.claims:
            places[names.thing("claim", claim.id)] = claim.place
        for link in source.links:
            places[link_id(link)] = link.place
        for merger in source.merged:
            places[merged_id(merger)] = merger.place
        for citation in source.citations:
            places[names.thing("citation", source.id, citation.id)] = citation.place
            places.setdefault(names.thing("passage", citation.passage.id), citation.place)
        for assertion in source.assertions:
            places[names.thing("assertion", source.id, assertion.id)] = assertion.place
            for passage in assertion.passages:
                places.setdefault(names.thing("passage", passage.id), assertion.place)
            for credit in assertion.attributions:
                places[names.thing("attribution", source.id, assertion.id, credit.to)] = assertion.place
    return places


def derive(asserted: Asserted) -> list[ox.Quad]:
    """Run the rules of `queries/infer/` over what is asserted, then those of the defined classes."""
    from kg.queries import read_queries
    from kg.reason.definitions import rules
    from kg.reason.rules import derive as run

    return run(asserted.quads, [*read_queries("infer"), *rules(asserted.axioms)])


def examine(
    asserted: Asserted, derived: Iterable[ox.Quad], whole: ox.Store | None = None, language: str = "en"
) -> list[Finding]:
    """Validate the asserted graph against the shapes, run the check queries over the whole, tell what has moved.

    Checks with the tag `ontology` are left out: they want all files of the ontology, and `kg.validate.lint` runs them.
    """
    from kg.headers import SEVERITIES
    from kg.queries import read_queries
    from kg.reason.rules import together
    from kg.validate.checks import check
    from kg.validate.moved import keys, told
    from kg.validate.shapes import conform

    found = conform(asserted.quads, asserted.shapes, asserted.places)
    checks = [query for query in read_queries("check") if "ontology" not in query.tags]
    found += check(whole or together(asserted.quads, derived), checks, asserted.places)
    found += [*told(asserted.moved, language), *keys(asserted.misplaced)]
    return sorted(found, key=lambda f: SEVERITIES.index(f.severity))


def classify(asserted: Asserted, derived: Iterable[ox.Quad]) -> Reasoned:
    """Look at the graph as a reasoner would: form, clashes, and HermiT over all terms and a sample of the claims."""
    from kg.load.blocks import Blocks
    from kg.reason.owl import check

    terms, coded = Blocks(resources.files("ontology", "**/*.ttl")), asserted.places
    return check([*asserted.quads, *derived], asserted.axioms, lambda iri: coded.get(iri) or terms.place(iri))


def build(inputs: Inputs, path: Path, force: bool = False, progress: Progress = _silent) -> Built:
    """Build the graph and publish it at `path`, unless the store there was made from the same inputs.

    Raises:
        Faults: the inputs have faults. Invalid: the graph breaks shapes or checks. Nothing is published then.
        StoreError: the store cannot be written.

    """
    from kg import inventory
    from kg.ask import prepared
    from kg.grounds import local
    from kg.queries import compiled, read_queries
    from kg.reason.rules import together
    from kg.store import index
    from kg.store.publish import publish, refuse
    from kg.validate.findings import Invalid

    fingerprint = inputs.fingerprint()
    seal = store.read_seal(path)
    if not force and seal and seal.get("inputs") == fingerprint and _sound(path):
        return Built(seal, False)
    refuse(path)
    progress("reading the corpus")
    asserted = load(inputs)
    progress("deriving")
    derived = derive(asserted)
    progress("validating")
    whole = together(asserted.quads, derived)
    findings = examine(asserted, derived, whole)
    if wrong := [f for f in findings if f.severity == "violation"]:
        raise Invalid(wrong)
    progress("publishing")
    about = {
        "inputs": fingerprint,
        "sources": [s.id for s in asserted.sources],
        "corpora": [str(c.resolve()) for c in inputs.corpora],
        "assertions": sum(len(s.assertions) for s in asserted.sources),
        "claims": sum(len(s.claims) for s in asserted.sources),
    }
    questions = read_queries("ask")
    ready = compiled("ask")
    described = inventory.describe(whole, __version__)
    quads = [*asserted.quads, *derived, *described]
    files: dict[str, Callable[[Mapping[str, Any]], str | bytes]] = {
        inventory.FILE: lambda seal: inventory.turtle(described, seal),
        index.FILE: lambda _: index.made(index.texts(quads)),
    }
    asked = {prepared.FILE: lambda made: prepared.prepare(local(made), questions)}
    return Built(publish(path, quads, about, ready, files, asked), True, tuple(findings))


def _sound(path: Path) -> bool:
    try:
        store.prove(path)
    except StoreError:
        return False
    return True
