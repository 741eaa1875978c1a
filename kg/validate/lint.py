"""Linting the ontology: shapes and checks over every Turtle file of ontology, vocabulary and shapes.

Unlike the build, which reads what enters the store, the lint sees all files, `definitions.ttl` with its nameless
class expressions too, each in a named graph of its own, and the terms that questions and rules name. The checks are
those of `queries/check/` with the tag `ontology`; their further tags say which rule of ROBOT, OOPS!, SKOS, OWL 2 or
FAIR each mirrors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg import names, resources
from kg.errors import Place, Tally
from kg.headers import FOLDERS
from kg.load.blocks import Blocks
from kg.load.founding import value_of
from kg.load.own_terms import homed
from kg.load.turtle import OwnTurtle, read_turtle
from kg.queries import TOKEN, Query, read_queries
from kg.validate.checks import check
from kg.validate.findings import Finding
from kg.validate.shapes import conform

if TYPE_CHECKING:
    import pyoxigraph as ox

TAG = "ontology"
SHAPES = ("ontology", "vocabulary")
"""The files of `shapes/` that are about terms and headers, not about claims."""

_NAME = re.compile(r"(?<![\w:-])([a-z][\w-]*):([A-Za-z0-9](?:[\w.-]*[\w-])?)")


def files(own: Sequence[Path] = ()) -> dict[str, Path]:
    """Return every Turtle file that the lint reads, by the named graph in which it is put.

    Args:
        own: `vocabulary.ttl` of a scholar's own corpora.

    """
    found = {}
    for kind in ("ontology", "shapes"):
        root = resources.resource(kind)
        for file in resources.files(kind, "**/*.ttl"):
            path = file.relative_to(root).with_suffix("").as_posix()
            found[f"{names.BASE}{kind}" if path == "airkg" else f"{names.BASE}{kind}/{path}"] = file
    for file in own:
        graph = names.vocabulary_graph(file.resolve().parent.name)
        found[f"{graph}.{len(found)}" if graph in found else graph] = file
    return found


def checks() -> list[Query]:
    """Return the checks that are about the ontology, by name."""
    return [query for query in read_queries("check") if TAG in query.tags]


def lint(own: Sequence[Path] = ()) -> list[Finding]:
    """Return what shapes and checks find in the ontology, with the line of the term's block, in file order.

    Raises:
        Faults: an own file is not Turtle, or has nodes without a name.

    """
    import pyoxigraph as ox

    graphs, told = files(own), list(mentions())
    node, see = ox.NamedNode(f"{names.BASE}queries"), ox.NamedNode(names.PREFIXES["rdfs"] + "seeAlso")
    quads, starts = _read(graphs, own)
    quads += (ox.Quad(ox.NamedNode(query), see, ox.NamedNode(term), node) for query, _, term in told)
    store = ox.Store()
    store.bulk_extend(quads)
    shapes = [t for name in SHAPES for t in read_turtle(resources.resource("shapes") / f"{name}.ttl", blank_nodes=True)]
    places = {**{graph: Place(file, 1, 1) for graph, file in graphs.items()}, **{q: Place(f, 1, 1) for q, f, _ in told}}
    blocks = Blocks(sorted(graphs.values(), key=lambda file: file.stem in ("alignments", "definitions")))
    found = [
        replace(
            finding, place=starts.get(finding.focus) or _start(blocks.place(finding.focus)) or places.get(finding.focus)
        )
        for finding in conform(quads, shapes, {}) + check(store, checks(), {})
    ]
    return sorted(found, key=lambda f: (str(f.place.file if f.place else ""), f.place.line if f.place else 0, f.rule))


def _read(graphs: Mapping[str, Path], own: Sequence[Path]) -> tuple[list[ox.Quad], dict[str, Place]]:
    """Return the triples of all files, each in its graph, and where the own files first speak of a term."""
    import pyoxigraph as ox

    quads: list[ox.Quad] = []
    places: dict[str, Place] = {}
    faults = Tally()
    for graph, file in graphs.items():
        triples: Iterable[ox.Triple] = ()
        if file not in own:
            triples = read_turtle(file, blank_nodes=True)
        elif turtle := faults.attempt(OwnTurtle, file):
            triples = [*turtle.triples, *homed(turtle.triples, graph, file.resolve().parent.name)]
            for number, triple in enumerate(turtle.triples):
                places.setdefault(value_of(triple.subject), turtle.place(number))
        quads += (ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for t in triples)
    faults.settle()
    return quads, places


def _start(place: Place | None) -> Place | None:
    return place._replace(column=1) if place else None


def mentions() -> Iterator[tuple[str, Path, str]]:
    """Yield each question and rule with its file and each term of ours that it names.

    So a term that only a rule derives is not unconnected, and a misspelt one in a question is undeclared.

    Raises:
        QueryError: a broken header.

    """
    for query in [query for kind in FOLDERS for query in read_queries(kind)]:
        text = TOKEN.sub(lambda m: " " if m["skip"] else m[0], query.text)
        iri = f"{names.BASE}queries/{query.kind}/{query.name}"
        for prefix, local in dict.fromkeys(_NAME.findall(text)):
            if prefix in ("air", "code", *names.VOCABULARY_KINDS):
                yield iri, Path(query.file), names.PREFIXES[prefix] + local


def line(finding: Finding) -> str:
    """Return a finding as a linter prints it: `file:line:column: severity: rule: term: what; remedy`."""
    where = f"{finding.place}: " if finding.place else ""
    value = f" (found {names.compact(finding.value)})" if finding.value else ""
    focus = names.compact(finding.focus)
    about = "" if focus in finding.message else f"{focus}: "
    return f"{where}{finding.severity}: {finding.rule}: {about}{finding.message}{value}"
