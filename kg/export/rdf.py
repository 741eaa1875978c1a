"""Linked data: Turtle, TriG, N-Quads, RDF/XML, and JSON-LD with a context made for reading.

N-Quads are the canonical lines of the store, so that `sha256sum` of the file is the seal's hash; TriG keeps
the named graphs too. Turtle, RDF/XML and JSON-LD hold one graph: all triples, asserted and derived.
A store has no blank nodes; the axioms that need them (class expressions, disjointness) stand in all but N-Quads,
which would no longer be the seal's bytes: who loads those takes `kg export ontology` beside them.
All but N-Quads also describe the data set itself (version, hash, sources, licence), in TriG in a graph of its own.
Each can hold only what sources assert, with ontology and vocabulary; the catalogue, which counts the whole, is then
left out with what rules derive.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names, release
from kg.export.dataset import TITLE, describe, graphs
from kg.jsonld import document, order
from kg.queries import bind

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.export import Job

_ASSERTED = "; what sources assert, without what rules derive"
_GRAPH = "SELECT DISTINCT ?s ?p ?o WHERE { GRAPH $graph { ?s ?p ?o } }"


def nquads(job: Job, path: Path) -> None:
    """Write the canonical N-Quads: sorted, distinct lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(sorted({f"{quad} .\n" for graph in _graphs(job) for quad in _quads(job, graph)}))


def trig(job: Job, path: Path) -> None:
    """Write all named graphs, one after another, and one that describes the data set."""
    import pyoxigraph as ox

    def rows() -> Iterator[ox.Quad]:
        node = ox.NamedNode(describe(job).iri)
        yield from (ox.Quad(t.subject, t.predicate, t.object, node) for t in description(job))
        for graph in _graphs(job):
            yield from sorted(_quads(job, graph), key=order)
            if graph == names.ONTOLOGY_GRAPH:
                home = ox.NamedNode(graph)
                yield from (ox.Quad(t.subject, t.predicate, t.object, home) for t in release.nameless())

    ox.serialize(rows(), str(path), ox.RdfFormat.TRIG, prefixes=names.PREFIXES)


def turtle(job: Job, path: Path) -> None:
    """Write one graph as Turtle."""
    import pyoxigraph as ox

    ox.serialize(_union(job), str(path), ox.RdfFormat.TURTLE, prefixes=names.PREFIXES)


def rdfxml(job: Job, path: Path) -> None:
    """Write one graph as RDF/XML."""
    import pyoxigraph as ox

    ox.serialize(_union(job), str(path), ox.RdfFormat.RDF_XML, prefixes=names.PREFIXES)


def jsonld(job: Job, path: Path) -> None:
    """Write one graph as JSON-LD, with the project's context inline."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(document(_union(job)))


def description(job: Job) -> list[ox.Triple]:
    """Return the triples that describe the data set, sorted (DCAT, VoID, Dublin Core)."""
    import pyoxigraph as ox

    from kg.graph import iri, literal

    data = describe(job)
    rows: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        ("rdf:type", iri("dcat:Dataset")),
        ("rdf:type", iri("void:Dataset")),
        ("dcterms:title", literal(TITLE + _ASSERTED * job.asserted, language="en")),
        ("dcterms:rights", literal(data.rights.sentence, language="en")),
        *(("dcterms:creator", iri(coder.iri)) for coder in data.rights.coders),
        ("owl:versionInfo", literal(data.version)),
        ("void:uriSpace", literal(names.BASE + "id/")),
        *(("dcterms:source", iri(source)) for source, _ in data.sources),
    ]
    if data.rights.licence:
        rows.append(("dcterms:license", iri(data.rights.licence)))
    if data.digest:
        rows.append(("dcterms:identifier", literal(f"sha256:{data.digest}")))
    if data.date:
        rows.append(("dcterms:modified", literal(data.date, "date")))
    node = ox.NamedNode(data.iri)
    triples = [ox.Triple(node, ox.NamedNode(names.expand(predicate)), value) for predicate, value in rows]
    return sorted(triples, key=order)


def _graphs(job: Job) -> Iterator[str]:
    """Yield the IRIs of the named graphs to write."""
    left_out = (names.DERIVED_GRAPH, names.CATALOGUE_GRAPH) if job.asserted else ()
    return (graph for graph in graphs(job.engine) if graph not in left_out)


def _quads(job: Job, graph: str) -> list[ox.Quad]:
    import pyoxigraph as ox

    node = ox.NamedNode(graph)
    found: Any = job.engine(bind(_GRAPH, graph=node))
    return [ox.Quad(row["s"], row["p"], row["o"], node) for row in found]


def _union(job: Job) -> list[ox.Triple]:
    found = {quad.triple for graph in _graphs(job) for quad in _quads(job, graph)}
    return sorted({*found, *description(job), *release.nameless()}, key=order)
