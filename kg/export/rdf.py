"""Linked data: Turtle, TriG, N-Quads, RDF/XML, and JSON-LD with a context made for reading.

N-Quads are the canonical lines of the store, so that `sha256sum` of the file is the seal's hash; TriG keeps
the named graphs too. Turtle, RDF/XML and JSON-LD hold one graph: all triples, asserted and derived.
All but N-Quads also describe the data set itself (version, hash, sources, licence), in TriG in a graph of its own.
Each can hold only what sources assert, with ontology and vocabulary; the catalogue, which counts the whole, is then
left out with what rules derive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names
from kg.export.dataset import TITLE, describe, graphs
from kg.queries import bind

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.export import Job

_ASSERTED = "; what sources assert, without what rules derive"
_RDF_TYPE = names.PREFIXES["rdf"] + "type"
_XSD = names.PREFIXES["xsd"]
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
            yield from sorted(_quads(job, graph), key=_order)

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
    """Write one graph as JSON-LD: one node a thing, plain keys, texts by language, links as `kind:slug`."""
    triples = _union(job)
    context, keys = _context(triples)
    nodes: list[dict[str, Any]] = []
    for triple in triples:
        subject = names.compact(triple.subject.value)  # type: ignore[union-attr]
        if not nodes or nodes[-1]["id"] != subject:
            nodes.append({"id": subject})
        _add(nodes[-1], triple, keys, context)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"@context": ' + json.dumps(context, ensure_ascii=False, indent=1) + ',\n"@graph": [\n')
        ordered = ({key: node[key] for key in ("id", "type", *context) if key in node} for node in nodes)
        file.write(",\n".join(json.dumps(node, ensure_ascii=False, indent=1) for node in ordered))
        file.write("\n]}\n")


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
    return sorted(triples, key=_order)


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
    return sorted({*found, *description(job)}, key=_order)


def _order(row: ox.Triple | ox.Quad) -> tuple[str, bool, str, str]:
    """Sort by subject, the type first, then predicate and object."""
    predicate = row.predicate.value
    return str(row.subject), predicate != _RDF_TYPE, predicate, str(row.object)


# ── the JSON-LD context ───────────────────────────────────────────────────────────────────────────────


def _context(triples: Iterable[ox.Triple]) -> tuple[dict[str, Any], dict[str, str]]:
    """Make the context from what the data hold, and the key of each predicate.

    A key is the predicate's local name (`asserts`), or `prefix:local` where `air:` has the same name. Its
    entry says how its values are read: links, texts by language, or literals of one datatype.
    """
    shapes: dict[str, set[str]] = {}
    iris: set[str] = set()
    for triple in triples:
        shapes.setdefault(triple.predicate.value, set()).add(_shape(triple.object))
        nodes: tuple[Any, ...] = (triple.subject, triple.predicate, triple.object)
        iris.update(node.value for node in nodes if _shape(node) == "@id")
    used = {"air", "xsd", *(names.compact(iri).partition(":")[0] for iri in iris)}
    context: dict[str, Any] = {"@version": 1.1, "@vocab": names.AIR, "id": "@id", "type": "@type"}
    context.update({prefix: iri for prefix, iri in names.PREFIXES.items() if prefix in used})
    taken = {"id", "type", *names.PREFIXES}
    keys = {_RDF_TYPE: "type"}
    for predicate in sorted(shapes, key=lambda p: (not p.startswith(names.AIR), p)):
        if predicate == _RDF_TYPE:
            continue
        compact = names.compact(predicate)
        local = compact.rpartition(":")[2]
        key = local if compact != predicate and local not in taken else compact
        taken.add(key)
        keys[predicate] = key
        entry: dict[str, Any] = {"@id": compact}
        if len(shapes[predicate]) == 1:
            entry |= _coercion(next(iter(shapes[predicate])))
        context[key] = entry if len(entry) > 1 or key != compact else predicate
    return context, keys


def _shape(term: Any) -> str:
    if type(term).__name__ != "Literal":
        return "@id"
    return "@language" if term.language else str(term.datatype.value)


def _coercion(shape: str) -> dict[str, str]:
    if shape == "@id":
        return {"@type": "@id"}
    if shape == "@language":
        return {"@container": "@language"}
    return {} if shape == _XSD + "string" else {"@type": names.compact(shape)}


def _add(node: dict[str, Any], triple: ox.Triple, keys: dict[str, str], context: dict[str, Any]) -> None:
    """Put one triple into its node."""
    key = keys[triple.predicate.value]
    term: Any = triple.object
    if key == "type":
        _append(node, key, _class(term.value, context))
        return
    entry = context[key]
    coerced = entry if isinstance(entry, dict) else {}
    if coerced.get("@container") == "@language":
        _append(node.setdefault(key, {}), term.language, term.value)
    elif "@type" in coerced:
        _append(node, key, names.compact(term.value) if coerced["@type"] == "@id" else _native(term))
    else:
        _append(node, key, _expanded(term))


def _append(node: dict[str, Any], key: str, value: Any) -> None:
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _class(iri: str, context: dict[str, Any]) -> str:
    local = iri.removeprefix(names.AIR)
    return local if local != iri and re.fullmatch(r"\w+", local) and local not in context else names.compact(iri)


def _native(term: Any) -> str | int:
    """Return an integer as a number where that says the same."""
    value = str(term.value)
    plain = term.datatype.value == _XSD + "integer" and re.fullmatch(r"0|-?[1-9]\d{0,14}", value)
    return int(value) if plain else value


def _expanded(term: Any) -> Any:
    if type(term).__name__ != "Literal":
        return {"id": names.compact(term.value)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _XSD + "string":
        return term.value
    return {"@value": term.value, "@type": names.compact(term.datatype.value)}
