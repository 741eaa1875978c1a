"""IRIs and prefixes: the one module that mints names.

Terms live under `air:`, things under one prefix per kind, since a slash cannot stand in a prefixed name.
"""

from __future__ import annotations

import re

BASE = "https://w3id.org/airkg/"
AIR = BASE + "ns/"

VOCABULARY_KINDS = (
    *("actor", "power", "mode", "risk", "benefit", "mechanism"),
    *("technology", "theory", "method", "phenomenon", "domain", "relation"),
)
"""Kinds whose individuals a slot may hold."""

KINDS = (
    *VOCABULARY_KINDS,
    *("code", "claim", "assertion", "attribution", "passage", "position", "citation", "reference"),
    *("link", "edge", "source", "section", "work", "agent", "authorship", "coder", "coding", "graph", "catalogue"),
)
"""Kinds of things; each is a folder under `/id/` and a prefix of the same name."""

PREFIXES: dict[str, str] = {
    "air": AIR,
    **{kind: f"{BASE}id/{kind}/" for kind in KINDS},
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "iso-thes": "http://purl.org/iso25964/skos-thes#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "cito": "http://purl.org/spar/cito/",
    "c4o": "http://purl.org/spar/c4o/",
    "biro": "http://purl.org/spar/biro/",
    "fabio": "http://purl.org/spar/fabio/",
    "bibo": "http://purl.org/ontology/bibo/",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "obo": "http://purl.obolibrary.org/obo/",
    "airo": "https://w3id.org/airo#",
    "dpv-ai": "https://w3id.org/dpv/ai#",
    "dpv-risk": "https://w3id.org/dpv/risk#",
    "wd": "http://www.wikidata.org/entity/",
    "spdx": "http://spdx.org/rdf/terms#",
}

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What a slug may look like: lower-case ASCII words joined by single hyphens; a dot joins the slugs of a name."""
SLUG_LENGTH = 200

ONTOLOGY_GRAPH = BASE + "id/graph/ontology"
VOCABULARY_GRAPH = BASE + "id/graph/vocabulary"
DERIVED_GRAPH = BASE + "id/graph/derived"
CATALOGUE_GRAPH = BASE + "id/graph/catalogue"
RESERVED = ("ontology", "vocabulary", "derived", "catalogue", "dataset", "shapes", "queries", "corpus")
"""Names of graphs and of parts of the catalogue, which no source may bear."""

_NAMESPACES = sorted(((iri, prefix) for prefix, iri in PREFIXES.items()), key=lambda pair: -len(pair[0]))
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


def thing(kind: str, *parts: str) -> str:
    """Return the IRI of a thing; parts are joined by a dot (`assertion:baig.power-shift`)."""
    return f"{PREFIXES[kind]}{'.'.join(parts)}"


def term(name: str) -> str:
    """Return the IRI of a term of the ontology (`air:Claim`)."""
    return AIR + name


def source_graph(source: str) -> str:
    """Return the named graph that holds what one source's coding asserts."""
    return thing("graph", source)


def vocabulary_graph(name: str) -> str:
    """Return the named graph that holds the terms of a corpus's own vocabulary, by the name of its folder."""
    from urllib.parse import quote

    return f"{VOCABULARY_GRAPH}.{quote(name, safe='')}"


def is_vocabulary(graph: str) -> bool:
    """Tell whether a named graph holds terms: the project's or those of a corpus."""
    return graph == VOCABULARY_GRAPH or graph.startswith(VOCABULARY_GRAPH + ".")


def compact(iri: str) -> str:
    """Shorten an IRI to `prefix:local` where a prefix fits; otherwise return it unchanged."""
    for namespace, prefix in _NAMESPACES:
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(name: str) -> str:
    """Lengthen `prefix:local` to an IRI; a name without a known prefix is returned unchanged."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name


def slug_of(iri: str) -> str:
    """Return what follows the last slash or hash of an IRI."""
    return re.split(r"[/#]", iri)[-1]
