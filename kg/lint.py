"""Linting the ontology: shapes and checks over every Turtle file of ontology, vocabulary and shapes.

Unlike the build, which reads what enters the store, the lint sees all files, `definitions.ttl` with its nameless
class expressions too, each in a named graph of its own, and the terms that questions and rules name. The checks are
those of `queries/check/` with the tag `ontology`; their further tags say which rule of ROBOT, OOPS!, SKOS, OWL 2 or
FAIR each mirrors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg import names, resources
from kg.errors import Faults, InputError, Place
from kg.loaders.vocabulary import read_turtle
from kg.queries import TOKEN, Query, read_queries
from kg.validate import Finding, check, conform

if TYPE_CHECKING:
    import pyoxigraph as ox

TAG = "ontology"
SHAPES = ("ontology", "vocabulary")
"""The files of `shapes/` that are about terms and headers, not about claims."""

_SEE_ALSO = names.PREFIXES["rdfs"] + "seeAlso"
_NAME = re.compile(r"(?<![\w:-])([a-z][\w-]*):([A-Za-z0-9](?:[\w.-]*[\w-])?)")
_HEAD = re.compile(r"(?:([a-z][\w-]*):([\w.-]+)|<([^<>\s]+)>)\s*")


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
    return {**found, **{f"{names.BASE}corpus/{file.parent.name}": file for file in own}}


def checks() -> list[Query]:
    """Return the checks that are about the ontology, by name."""
    return [query for query in read_queries("check") if TAG in query.tags]


def lint(own: Sequence[Path] = ()) -> list[Finding]:
    """Return what shapes and checks find in the ontology, with the line of the term's block, in file order.

    Raises:
        Faults: a file is not Turtle.

    """
    import pyoxigraph as ox

    graphs = files(own)
    quads: list[ox.Quad] = []
    faults: list[InputError] = []
    for graph, file in graphs.items():
        try:
            node = ox.NamedNode(graph)
            quads += (ox.Quad(t.subject, t.predicate, t.object, node) for t in read_turtle(file, blank_nodes=True))
        except Faults as error:
            faults.extend(error.faults)
    if faults:
        raise Faults(faults)
    places = {**places_of(graphs), **{query: Place(file, 1, 1) for query, file, _ in mentions()}}
    quads += (
        ox.Quad(ox.NamedNode(query), ox.NamedNode(_SEE_ALSO), ox.NamedNode(term), ox.NamedNode(f"{names.BASE}queries"))
        for query, _, term in mentions()
    )
    store = ox.Store()
    store.bulk_extend(quads)
    shapes = [t for name in SHAPES for t in read_turtle(resources.resource("shapes") / f"{name}.ttl", blank_nodes=True)]
    found = conform(quads, shapes, places) + check(store, checks(), places)
    return sorted(found, key=lambda f: (str(f.place.file if f.place else ""), f.place.line if f.place else 0, f.rule))


def places_of(graphs: Mapping[str, Path]) -> dict[str, Place]:
    """Return where each term's block begins: the one that declares it, else the first one about it."""
    declared: dict[str, Place] = {}
    named: dict[str, Place] = {}
    for graph, file in graphs.items():
        lines = file.read_text(encoding="utf-8").splitlines()
        prefixes = dict(m.groups() for line in lines if (m := re.match(r"@prefix ([\w-]*): <([^>]*)> *\.", line)))
        named.setdefault(graph, Place(file, 1, 1))
        for number, line in enumerate(lines, 1):
            head = _HEAD.match(line)
            if head and (head[3] or head[1] in prefixes):
                iri = head[3] or prefixes[head[1]] + head[2]
                rest = line[head.end() :] or "".join(lines[number : number + 1])
                place = Place(file, number, 1)
                (declared if re.match(r"\s*(?:a|rdf:type)\s", rest) else named).setdefault(iri, place)
    return {**named, **declared}


def mentions() -> Iterator[tuple[str, Path, str]]:
    """Yield each question and rule with its file and each term of ours that it names.

    So a term that only a rule derives is not unconnected, and a misspelt one in a question is undeclared.
    """
    for file in resources.files("queries", "*/*.rq"):
        text = TOKEN.sub(lambda m: " " if m["skip"] else m[0], file.read_text(encoding="utf-8"))
        iri = f"{names.BASE}queries/{file.parent.name}/{file.stem}"
        for prefix, local in dict.fromkeys(_NAME.findall(text)):
            if prefix in ("air", "code", *names.VOCABULARY_KINDS):
                yield iri, file, names.PREFIXES[prefix] + local


def line(finding: Finding) -> str:
    """Return a finding as a linter prints it: `file:line:column: severity: rule: term: what; remedy`."""
    where = f"{finding.place}: " if finding.place else ""
    value = f" (found {names.compact(finding.value)})" if finding.value else ""
    focus = names.compact(finding.focus)
    about = "" if focus in finding.message else f"{focus}: "
    return f"{where}{finding.severity}: {finding.rule}: {about}{finding.message}{value}"
