"""The catalogue: what the data set holds, in VoID and DCAT, counted while it is built.

The description stands in a named graph of its own, `graph:catalogue`, and beside the store as `catalogue.ttl`,
which knows one thing more: the checksum of the whole, which cannot stand in what it is the checksum of.
Counts are of distinct triples of the graphs described, which leave the catalogue itself out. Terms: VoID
(https://www.w3.org/TR/void/), DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) with all that the European profile DCAT-AP
demands (publisher and creators as agents with names, an address for each distribution), checksums as in SPDX.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg import names, resources
from kg.graph import iri, literal
from kg.grounds import local
from kg.licences import OURS, Coder, Rights, rights_of
from kg.queries import Bound, bind

if TYPE_CHECKING:
    import pyoxigraph as ox

FILE = "catalogue.ttl"
DATASET = names.thing("graph", "dataset")
CATALOG = names.thing("catalogue", "airkg")
_PUBLISHER = names.thing("catalogue", "publisher")
THINGS = names.BASE + "id/"
"""What an entity's IRI begins with."""

_TITLE = "airkg: what the literature on artificial intelligence and international relations claims"
_ABOUT = (
    "Who claims what on artificial intelligence and international relations, in whose voice, how firmly, and where."
)
_PARTS = {
    names.ONTOLOGY_GRAPH: "Ontology: classes, properties, codes and alignments",
    names.VOCABULARY_GRAPH: "Vocabulary: the individuals that claims are about",
    names.DERIVED_GRAPH: "Derived: what the rules of the build conclude",
}
_ABOUT_ONTOLOGY = "The classes, properties, codes and alignments with which the claims are written down."
_MEDIA = "https://www.iana.org/assignments/media-types/"
_NODES = """SELECT (COUNT(DISTINCT ?s) AS ?distinctSubjects) (COUNT(DISTINCT ?o) AS ?distinctObjects)
{ GRAPH ?g { ?s ?p ?o } }"""
_ENTITIES = """SELECT (COUNT(*) AS ?n) {
  SELECT DISTINCT ?s { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?s), $things)) } }"""
_CLASSES = "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s a ?term } } GROUP BY ?term ORDER BY ?term"
_CLASSES_OF = "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) { GRAPH $g { ?s a ?term } } GROUP BY ?term ORDER BY ?term"
_EXAMPLE = "SELECT (MIN(?s) AS ?first) { GRAPH ?g { ?s a air:Assertion } }"
_PROPERTIES = """SELECT ?term (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?term ?o { GRAPH ?g { ?s ?term ?o } } }
GROUP BY ?term ORDER BY ?term"""
_GRAPHS = """SELECT ?g (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?distinctSubjects)
  (COUNT(DISTINCT ?p) AS ?properties) (COUNT(DISTINCT ?o) AS ?distinctObjects)
{ GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"""

_Made = tuple[str, str, Any]


def describe(store: ox.Store, version: str) -> list[ox.Quad]:
    """Return the description of a graph, in its own named graph, sorted.

    Args:
        store: the whole graph, without a catalogue.
        version: of the program that built it.

    """
    import pyoxigraph as ox

    graphs = {row["g"].value: row for row in _rows(store, bind(_GRAPHS))}
    rights = rights_of(local(store))
    made = [*_catalogue(rights), *_dataset(store, rights, version)]
    for coding in rights.codings:
        made += _credits(names.source_graph(names.slug_of(coding.source)), coding.licence, coding.coders)
    for graph, row in graphs.items():
        made += _subset(store, graph, row)
    for kind in ("ontology", "shapes"):
        made += _files(kind, DATASET if kind == "shapes" else names.ONTOLOGY_GRAPH, version)
    home = ox.NamedNode(names.CATALOGUE_GRAPH)
    return sorted({ox.Quad(iri(subject), iri(name), value, home) for subject, name, value in made}, key=str)


def _rows(store: ox.Store, query: Bound) -> list[Any]:
    found: Any = store.query(query)
    return list(found)


def turtle(described: Iterable[ox.Quad], seal: Mapping[str, Any]) -> str:
    """Return the description as Turtle, with the checksum of the canonical N-Quads that the seal gives.

    Here alone sizes have DCAT's datatype, since from the store xsd:nonNegativeInteger would come back as xsd:integer;
    and each creator is an agent with a name, since a coder who gave none goes by the id, which the graph must not say.
    """
    import pyoxigraph as ox

    node, size = _name("distribution", "nquads"), iri("dcat:byteSize")
    triples = [
        ox.Triple(t.subject, size, literal(str(getattr(t.object, "value", "")), "nonNegativeInteger"))
        if t.predicate == size
        else t
        for t in (quad.triple for quad in described)
    ]
    triples += (ox.Triple(iri(s), iri(p), value) for s, p, value in _checksum(node, str(seal["sha256"])))
    named = {t.subject for t in triples if t.predicate == iri("foaf:name")}
    for coder in {str(getattr(t.object, "value", "")) for t in triples if t.predicate == iri("dcterms:creator")}:
        triples.append(ox.Triple(iri(coder), iri("rdf:type"), iri("foaf:Agent")))
        if iri(coder) not in named:
            triples.append(ox.Triple(iri(coder), iri("foaf:name"), literal(names.slug_of(coder))))
    text = " ".join(map(str, triples))
    prefixes = {prefix: namespace for prefix, namespace in names.PREFIXES.items() if f"<{namespace}" in text}
    written = ox.serialize(sorted(triples, key=str), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    # the library puts prefixes in an order of chance
    lines = written.decode().splitlines(keepends=True)
    return "".join([*sorted(lines[: len(prefixes)]), "\n", *lines[len(prefixes) :]])


def _credits(node: str, licence: str, coders: Iterable[Coder]) -> Iterator[_Made]:
    """Yield who coded what a part holds, and its licence if it has one."""
    if licence:
        yield node, "dcterms:license", iri(licence)
    for coder in coders:
        yield node, "dcterms:creator", iri(coder.iri)


def _catalogue(rights: Rights) -> Iterator[_Made]:
    """Yield the catalogue and who publishes it."""
    yield CATALOG, "rdf:type", iri("dcat:Catalog")
    yield CATALOG, "dcterms:title", literal("Catalogue of airkg", language="en")
    yield CATALOG, "dcterms:description", literal("What one build of airkg holds, and in which forms.", language="en")
    yield CATALOG, "dcterms:publisher", iri(_PUBLISHER)
    yield _PUBLISHER, "rdf:type", iri("foaf:Agent")
    yield _PUBLISHER, "foaf:name", literal(", ".join(c.name or c.id for c in rights.coders) or "nobody named")
    for dataset in (DATASET, names.ONTOLOGY_GRAPH):
        yield CATALOG, "dcat:dataset", iri(dataset)
        yield dataset, "dcterms:publisher", iri(_PUBLISHER)
    for coder in rights.coders:
        if coder.name:
            yield coder.iri, "foaf:name", literal(coder.name)
    yield names.ONTOLOGY_GRAPH, "rdf:type", iri("dcat:Dataset")
    yield names.ONTOLOGY_GRAPH, "dcterms:description", literal(_ABOUT_ONTOLOGY, language="en")


def _dataset(store: ox.Store, rights: Rights, version: str) -> Iterator[_Made]:
    """Yield what the whole is, whose, of what date, how much of what it holds, and in which form it can be had."""
    for cls in ("dcat:Dataset", "void:Dataset"):
        yield DATASET, "rdf:type", iri(cls)
    yield DATASET, "dcterms:title", literal(_TITLE, language="en")
    yield DATASET, "dcterms:description", literal(_ABOUT, language="en")
    yield from _credits(DATASET, rights.licence, rights.coders)
    yield DATASET, "dcterms:rights", literal(rights.sentence, language="en")
    yield DATASET, "dcat:version", literal(version)
    yield DATASET, "void:uriSpace", literal(THINGS)
    for quad in store.quads_for_pattern(iri(f"{names.BASE}ontology"), iri("dcterms:issued"), None, None):
        yield DATASET, "dcterms:issued", quad.object
    examples = _rows(store, bind(_EXAMPLE))
    yield from ((DATASET, "void:exampleResource", row["first"]) for row in examples if row["first"])
    classes, properties = _rows(store, bind(_CLASSES)), _rows(store, bind(_PROPERTIES))
    (nodes,) = _rows(store, bind(_NODES))
    counts = {
        "triples": sum(int(row["n"].value) for row in properties),
        "entities": _rows(store, bind(_ENTITIES, things=literal(THINGS)))[0]["n"].value,
        "classes": len(classes),
        "properties": len(properties),
        **{name: nodes[name].value for name in ("distinctSubjects", "distinctObjects")},
    }
    for name, number in counts.items():
        yield DATASET, f"void:{name}", literal(str(number), "integer")
    yield from _partitions(DATASET, "class", classes, "entities")
    yield from _partitions(DATASET, "property", properties, "triples")
    for namespace in sorted({re.sub(r"[^/#]+$", "", row["term"].value) for row in (*classes, *properties)}):
        yield DATASET, "void:vocabulary", iri(namespace)
    node = _name("distribution", "nquads")
    yield DATASET, "dcat:distribution", iri(node)
    title = literal("The whole graph as canonical N-Quads: kg export nquads", language="en")
    yield from _distribution(node, title, "application/n-quads", DATASET, rights.licence)


def _subset(store: ox.Store, graph: str, counts: Any) -> Iterator[_Made]:
    """Yield what one named graph holds; of a source, whose coding it is and how much of what."""
    yield DATASET, "void:subset", iri(graph)
    yield graph, "rdf:type", iri("void:Dataset")
    title = _PARTS.get(graph) or f"What the coding of {names.slug_of(graph)} asserts"
    if terms := graph not in _PARTS and names.is_vocabulary(graph):
        title = f"Vocabulary of a corpus: the terms that {names.slug_of(graph).partition('.')[2]} adds"
    yield graph, "dcterms:title", literal(title, language="en")
    for name in ("triples", "distinctSubjects", "properties", "distinctObjects"):
        yield graph, f"void:{name}", literal(counts[name].value, "integer")
    if graph not in _PARTS and not terms:
        yield graph, "dcterms:source", iri(names.thing("source", names.slug_of(graph)))
        yield from _partitions(graph, "class", _rows(store, bind(_CLASSES_OF, g=iri(graph))), "entities")


def _partitions(dataset: str, kind: str, counts: Iterable[Any], unit: str) -> Iterator[_Made]:
    """Yield how many entities a class has, or how many triples a property."""
    for row in counts:
        node = _name(names.slug_of(dataset), kind, row["term"].value)
        yield dataset, f"void:{kind}Partition", iri(node)
        yield node, f"void:{kind}", row["term"]
        yield node, f"void:{unit}", literal(row["n"].value, "integer")


def _distribution(node: str, title: Any, media: str, address: str, licence: str) -> Iterator[_Made]:
    """Yield what every distribution has: title, form, where it can be had, and under which licence if one is given."""
    yield node, "rdf:type", iri("dcat:Distribution")
    yield node, "dcterms:title", title
    yield node, "dcat:mediaType", iri(_MEDIA + media)
    yield _MEDIA + media, "rdf:type", iri("dcterms:MediaType")
    yield node, "dcat:accessURL", iri(address)
    if licence:
        yield node, "dcterms:license", iri(licence)
        yield licence, "rdf:type", iri("dcterms:LicenseDocument")


def _files(kind: str, dataset: str, version: str) -> Iterator[_Made]:
    """Yield each Turtle file of a kind as a distribution: address, form, size and checksum.

    The address is the version IRI of the module to which the file belongs; `kg docs` makes the rules that lead there.
    """
    root = resources.resource(kind)
    for file in resources.files(kind, "**/*.ttl"):
        path, content = file.relative_to(root).with_suffix("").as_posix(), file.read_bytes()
        node = _name("distribution", kind, path)
        yield dataset, "dcat:distribution", iri(node)
        module = "" if path == "airkg" else f"/{path.partition('/')[0]}"
        address = f"{names.BASE}{kind}/{version}{module}"
        yield from _distribution(node, literal(f"{kind}/{path}.ttl"), "text/turtle", address, OURS)
        yield node, "dcat:byteSize", literal(str(len(content)), "integer")
        yield from _checksum(node, hashlib.sha256(content).hexdigest())


def _checksum(distribution: str, digest: str) -> Iterator[_Made]:
    node = _name("checksum", names.slug_of(distribution).partition(".")[2])
    yield distribution, "spdx:checksum", iri(node)
    yield node, "rdf:type", iri("spdx:Checksum")
    yield node, "spdx:algorithm", iri("spdx:checksumAlgorithm_sha256")
    yield names.expand("spdx:checksumAlgorithm_sha256"), "rdf:type", iri("spdx:ChecksumAlgorithm")
    yield node, "spdx:checksumValue", literal(digest, "hexBinary")


def _name(*parts: str) -> str:
    """Return the IRI of a part of the catalogue: `catalogue:dataset.class.air.Claim`."""
    short = (re.sub(r"[^A-Za-z0-9_-]+", ".", names.compact(part).removeprefix("http://")) for part in parts)
    return names.thing("catalogue", *(part.strip(".") for part in short))
