"""Nanopublications (http://nanopub.net/guidelines/): one per assertion, all in one TriG file, each with its trusty URI.

    Head         the nanopublication and its three graphs
    assertion    a source asserts a claim: stance, voice, hedge, whom it credits; and what the claim says
    provenance   from which passage of which source, coded by whom
    pubinfo      created, by whom, licence

The trusty URI (http://trustyuri.net/spec/, module RA) is a hash of the content, so it changes when, and only
when, the assertion or its grounds change; therefore the data set's version stands at the head of the file, not
in the nanopublications. They are not signed: signing is for whoever publishes them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.export.dataset import describe, first, label, things, values
from kg.licences import stated_in
from kg.model import LINKS

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.export import Job
    from kg.export.dataset import Dataset, Thing
    from kg.grounds import Term

BASE = names.BASE + "np/"
_SCHEMA = "http://www.nanopub.org/nschema#"
_GRAPHS = ("Head", "assertion", "provenance", "pubinfo")
_MINE = " "
"""Stands for the hash while it is computed, as the specification asks."""

_CODING = ("air:codedBy", "air:hasPassage", "dcterms:created", "skos:note")
_BIBLIOGRAPHIC = ("rdf:type", "skos:prefLabel", "dcterms:title", "dcterms:creator", "dcterms:issued", "bibo:doi")

Row = tuple[str, str, "Term"]


class _Graph(NamedTuple):
    """What the nanopublications draw on: the sources whose coding states each claim, and things, all by IRI."""

    homes: dict[str, set[str]]
    claims: dict[str, Thing]
    credits: dict[str, Thing]
    passages: dict[str, Thing]
    positions: dict[str, Thing]
    works: dict[str, Thing]


def write(job: Job, path: Path) -> None:
    """Write the nanopublications of all assertions, in the order of the assertions' ids."""
    import pyoxigraph as ox

    data = describe(job)
    classes = ("air:Claim", "air:Attribution", "air:Passage", "oa:TextPositionSelector", "air:Work")
    found = (things(job.engine, cls, asserted=True) for cls in classes)
    graph = _Graph(stated_in(job.engine), *found)
    acts = things(job.engine, "air:Assertion", asserted=True)
    with path.open("wb") as file:
        file.write(f"# {data.sentence}\n".encode())
        quads = (quad for iri, act in acts.items() for quad in quads_of(iri, act, graph, data))
        ox.serialize(quads, file, ox.RdfFormat.TRIG, prefixes={"np": _SCHEMA, **names.PREFIXES})


def quads_of(iri: str, act: Thing, graph: _Graph, data: Dataset) -> Iterator[ox.Quad]:
    """Yield the quads of one assertion's nanopublication, graph by graph, sorted."""
    import pyoxigraph as ox

    parts = [
        _head(),
        _assertion(iri, act, graph),
        _provenance(iri, act, graph),
        _pubinfo(act, graph, data),
    ]
    rows = {(_own(name), row) for name, part in zip(_GRAPHS, parts, strict=True) for row in part}
    ordered = sorted((g, s, p, *_object(value), value) for g, (s, p, value) in rows)
    code = artifact_code((g, s, p, value) for g, s, p, *_, value in ordered)

    def final(text: str) -> ox.NamedNode:
        return ox.NamedNode(text.replace(_MINE, code))

    order = [_own(name) for name in _GRAPHS]
    for g, s, p, *_, value in sorted(ordered, key=lambda row: order.index(row[0])):
        yield ox.Quad(final(s), ox.NamedNode(p), final(value.value) if isinstance(value, _Iri) else value, final(g))


def artifact_code(rows: Any) -> str:
    """Return the trusty URI's code for sorted rows of graph, subject, predicate, object.

    Each stands on a line of its own: IRIs as they are, with a blank for the code; literals as
    `^datatype text` or `@language text`, backslashes and line feeds escaped.
    """
    digest = hashlib.sha256()
    for graph, subject, predicate, value in rows:
        digest.update(f"{graph}\n{subject}\n{predicate}\n{_line(value)}\n".encode())
    return "RA" + base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _line(value: Any) -> str:
    if type(value).__name__ != "Literal":
        return str(value.value)
    text = value.value.replace("\\", "\\\\").replace("\n", "\\n")
    return f"@{value.language.lower()} {text}" if value.language else f"^{value.datatype.value} {text}"


def _object(value: Any) -> tuple[bool, bytes, str, str]:
    """Sort key of an object: IRIs first; literals by text, then those with a language, by datatype, by language."""
    if type(value).__name__ != "Literal":
        return False, value.value.encode(), "", ""
    return True, value.value.encode(), "" if value.language else value.datatype.value, value.language or ""


def _own(name: str = "") -> str:
    """Return an IRI inside the nanopublication, or its own."""
    return f"{BASE}{_MINE}#{name}" if name else BASE + _MINE


class _Iri(NamedTuple):
    """An IRI that may still hold the blank for the code, which no RDF library lets pass."""

    value: str


def _row(subject: str, predicate: str, value: str | Term) -> Row:
    """Return a triple; an object given as text is an IRI or a compact one."""
    return subject, names.expand(predicate), _node(value) if isinstance(value, str) else value


def _node(iri: str) -> Any:
    import pyoxigraph as ox

    return _Iri(iri) if _MINE in iri else ox.NamedNode(names.expand(iri))


def _text(value: str, language: str = "") -> ox.Literal:
    import pyoxigraph as ox

    return ox.Literal(value, language=language) if language else ox.Literal(value)


def _head() -> Iterator[Row]:
    yield _row(_own(), "rdf:type", _SCHEMA + "Nanopublication")
    for name, part in (
        ("hasAssertion", "assertion"),
        ("hasProvenance", "provenance"),
        ("hasPublicationInfo", "pubinfo"),
    ):
        yield _row(_own(), _SCHEMA + name, _own(part))


def _assertion(iri: str, act: Thing, graph: _Graph) -> Iterator[Row]:
    yield from _described(iri, act, without=_CODING)
    for credit in values(act, "air:hasAttribution"):
        yield from _described(credit, graph.credits.get(credit, {}))
    links = tuple(f"air:{name}" for name in LINKS.values())
    for claim in values(act, "air:asserts"):
        yield from _described(claim, graph.claims.get(claim, {}), without=links)


def _provenance(iri: str, act: Thing, graph: _Graph) -> Iterator[Row]:
    sources = values(act, "air:inSource")
    for coder in values(act, "air:codedBy"):
        yield _row(_own("assertion"), "prov:wasAttributedTo", coder)
    for note in act.get("skos:note", ()):
        yield _row(iri, "skos:note", note)
    for passage in values(act, "air:hasPassage"):
        yield _row(_own("assertion"), "prov:wasDerivedFrom", passage)
        yield _row(iri, "air:hasPassage", passage)
        yield from _described(passage, graph.passages.get(passage, {}))
        for position in values(graph.passages.get(passage, {}), "oa:hasSelector"):
            yield from _described(position, graph.positions.get(position, {}))
    for source in sources:
        yield _row(_own("assertion"), "prov:hadPrimarySource", source)
    credits = [graph.credits.get(credit, {}) for credit in values(act, "air:hasAttribution")]
    for work in sources + [work for credit in credits for work in values(credit, "air:attributedTo")]:
        for name in _BIBLIOGRAPHIC:
            for value in graph.works.get(work, {}).get(name, ()):
                yield _row(work, name, value)


def _pubinfo(act: Thing, graph: _Graph, data: Dataset) -> Iterator[Row]:
    source = label(graph.works.get(first(act, "air:inSource"), {}))
    statement = label(graph.claims.get(first(act, "air:asserts"), {}), name="air:statement")
    yield _row(_own(), "rdfs:label", _text(f"{source}: {statement}", "en"))
    for day in act.get("dcterms:created", ()):
        yield _row(_own(), "dcterms:created", day)
    for coder in values(act, "air:codedBy"):
        yield _row(_own(), "dcterms:creator", coder)
    # the assertion is one source's coding, its claim may be another's
    coded = {*values(act, "air:inSource"), *(s for c in values(act, "air:asserts") for s in graph.homes.get(c, ()))}
    rights = data.rights.among(coded)
    if rights.of_codings:
        yield _row(_own(), "dcterms:license", rights.of_codings)
    else:
        yield _row(_own(), "dcterms:rights", _text(rights.told, "en"))


def _described(iri: str, thing: Thing, without: tuple[str, ...] = ()) -> Iterator[Row]:
    for name, found in thing.items():
        if name not in without:
            for value in found:
                yield _row(iri, name, value)
