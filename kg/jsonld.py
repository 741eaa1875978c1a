"""JSON-LD: the one context (prefixes, and a key for each property with how its values are read), and documents in it.

The context is the same for every graph, so that it can be published once and named by others' documents; our own
exports carry it inline, since a context that has to be fetched is a request to a stranger.
Form: https://www.w3.org/TR/json-ld11/.
A key is the property's local name (`asserts`), or `prefix:local` where a prefix or an earlier key has that name.
What does not fit a key's reading is written under `prefix:local`, whose values are expanded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from kg import names, release

if TYPE_CHECKING:
    import pyoxigraph as ox

LINK, TEXT = "@id", "@language"
_XSD = names.PREFIXES["xsd"]
RDF_TYPE = names.PREFIXES["rdf"] + "type"

_LINKS = (
    *("rdfs:isDefinedBy", "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:versionIRI", "owl:equivalentClass"),
    *("owl:intersectionOf", "owl:unionOf", "owl:oneOf", "owl:complementOf", "owl:onProperty", "owl:someValuesFrom"),
    *("owl:allValuesFrom", "owl:disjointUnionOf"),
    *("owl:hasValue", "owl:inverseOf", "owl:members", "owl:disjointWith", "rdf:first", "rdf:rest"),
    *("dcterms:isPartOf", "dcterms:isReplacedBy", "dcterms:source", "dcterms:publisher", "void:class", "void:property"),
    *("void:classPartition", "void:propertyPartition", "void:subset", "void:vocabulary", "void:exampleResource"),
    *("dcat:distribution", "dcat:dataset", "dcat:mediaType", "dcat:accessURL", "dcat:downloadURL", "dcat:landingPage"),
    *("spdx:checksum", "spdx:algorithm"),
)
_TEXTS = (
    *("air:statement", "skos:altLabel", "skos:definition", "skos:example", "skos:scopeNote", "skos:editorialNote"),
    *("skos:changeNote", "dcterms:description", "dcterms:rights", "rdfs:label", "obo:IAO_0000115"),
)
_TYPED = {
    "xsd:integer": (
        *("air:paragraph", "air:position", "oa:start", "oa:end", "void:triples", "void:entities", "void:classes"),
        *("void:properties", "void:distinctSubjects", "void:distinctObjects"),
        *("air:claimCount", "air:endorsementCount", "air:sourceCount"),
    ),
    "xsd:decimal": ("air:quantity",),
    "xsd:date": ("dcterms:created", "dcterms:modified"),
    "xsd:anyURI": ("air:webPage",),
    "xsd:hexBinary": ("spdx:checksumValue",),
}
_PLAIN = ("owl:versionInfo", "dcterms:identifier", "dcat:version", "dcat:byteSize", "void:uriSpace")


def published() -> str:
    """Return the context as a document of its own; it depends on the ontology, not on what was coded."""
    return json.dumps({"@context": context()}, ensure_ascii=False, indent=1) + "\n"


def document(triples: Iterable[ox.Triple]) -> Iterator[str]:
    """Yield a document in pieces: one node a thing, by name, plain keys, texts by language, links as `kind:slug`."""
    nodes: list[dict[str, Any]] = []
    for triple in sorted(triples, key=order):
        subject = _id(triple.subject)
        if not nodes or nodes[-1]["id"] != subject:
            nodes.append({"id": subject})
        _add(nodes[-1], triple)
    rank = {key: number for number, key in enumerate(("id", "type", *context()))}
    yield '{"@context": ' + json.dumps(context(), ensure_ascii=False, indent=1) + ',\n"@graph": [\n'
    for number, node in enumerate(nodes):
        sorted_node = dict(sorted(node.items(), key=lambda item: rank.get(item[0], len(rank))))
        yield ",\n" * (number > 0) + json.dumps(sorted_node, ensure_ascii=False, indent=1)
    yield "\n]}\n"


def order(row: ox.Triple | ox.Quad) -> tuple[str, bool, str, str]:
    """Sort by subject, the type first, then predicate and object."""
    predicate = row.predicate.value
    return str(row.subject), predicate != RDF_TYPE, predicate, str(row.object)


@cache
def context() -> dict[str, Any]:
    """Return the context: keywords, prefixes, then our properties and those of others, by name."""
    made: dict[str, Any] = {"@version": 1.1, "@vocab": names.AIR, "id": "@id", "type": "@type", **names.PREFIXES}
    for key, iri, reading in _keys():
        entry: dict[str, str] = {"@id": names.compact(iri)}
        if reading == TEXT:
            entry["@container"] = TEXT
        elif reading:
            entry["@type"] = reading
        made[key] = entry
    return made


@cache
def keys() -> dict[str, tuple[str, str]]:
    """Return for each property its key, and how the key's values are read: `@id`, `@language`, a datatype, or plain."""
    return {RDF_TYPE: ("type", LINK), **{iri: (key, reading) for key, iri, reading in _keys()}}


def _keys() -> Iterator[tuple[str, str, str]]:
    readings = _readings()
    taken = {"id", "type", *names.PREFIXES}
    for iri in sorted(readings, key=lambda p: (not p.startswith(names.AIR), p)):
        compact = names.compact(iri)
        local = compact.rpartition(":")[2]
        key = local if local not in taken else compact
        taken.add(key)
        # a key that is its own compact name is read by its prefix alone where its values are plain
        if key != compact or readings[iri]:
            yield key, iri, readings[iri]


def _readings() -> dict[str, str]:
    """Return how the values of each property are read."""
    owl = names.PREFIXES["owl"]
    found = {}
    for triple in release.triples(release.whole()):
        kind = str(getattr(triple.object, "value", "")).removeprefix(owl)
        if triple.predicate.value == RDF_TYPE and kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"):
            found[str(getattr(triple.subject, "value", ""))] = LINK if kind == "ObjectProperty" else ""
    listed = {"": _PLAIN, LINK: _LINKS, TEXT: _TEXTS, **_TYPED}
    return found | {names.expand(name): reading for reading, several in listed.items() for name in several}


# ── a node of JSON-LD ─────────────────────────────────────────────────────────────────────────────────


def _id(node: Any) -> str:
    return names.compact(node.value) if type(node).__name__ == "NamedNode" else f"_:{node.value}"


def _shape(term: Any) -> str:
    if type(term).__name__ != "Literal":
        return LINK
    return TEXT if term.language else names.compact(term.datatype.value)


def _add(node: dict[str, Any], triple: ox.Triple) -> None:
    """Put one triple into its node, under the property's key where that reads the value as it is."""
    term: Any = triple.object
    predicate = triple.predicate.value
    key, reading = keys().get(predicate, ("", ""))
    shape = _shape(term)
    if key == "type" and shape == LINK:
        _append(node, key, _class(term))
    elif reading and reading == shape:
        if reading == TEXT:
            _append(node.setdefault(key, {}), term.language, term.value)
        else:
            _append(node, key, _id(term) if reading == LINK else _native(term))
    else:
        _append(node, key if key and not reading else names.compact(predicate), _expanded(term))


def _append(node: dict[str, Any], key: str, value: Any) -> None:
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _class(term: Any) -> str:
    iri = str(term.value)
    local = iri.removeprefix(names.AIR)
    return local if local != iri and re.fullmatch(r"\w+", local) and local not in context() else _id(term)


def _native(term: Any) -> str | int:
    """Return an integer as a number where that says the same."""
    value = str(term.value)
    plain = term.datatype.value == _XSD + "integer" and re.fullmatch(r"0|-?[1-9]\d{0,14}", value)
    return int(value) if plain else value


def _expanded(term: Any) -> Any:
    if type(term).__name__ != "Literal":
        return {"id": _id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _XSD + "string":
        return term.value
    return {"@value": term.value, "@type": names.compact(term.datatype.value)}
