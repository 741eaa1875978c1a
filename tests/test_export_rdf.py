"""Linked-data exports: what other programs read from them is what the store holds."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from exporting import LABELS, job_around, job_of, stored, write
from hypothesis import given, settings

from kg import export, graph, names, release
from kg.export.rdf import description
from kg.grounds import local

FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
FILES = {name: f"graph.{export.find(name).suffix}" for name in FORMATS}
GRAPHS = ("nquads", "trig")
DATASET = ox.NamedNode(names.thing("graph", "dataset"))


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


@pytest.fixture(scope="module")
def whole(job: export.Job) -> set[ox.Quad]:
    """Every quad of the founding store."""
    return stored(job)


def expected(name: str, job: export.Job, quads: set[ox.Quad]) -> set[Any]:
    """Return what a reader should find: the store's content, the axioms, and the description of the data set."""
    if name == "nquads":
        return quads
    about, logic = set(description(job)), set(release.nameless())
    if name in GRAPHS:
        home = ox.NamedNode(names.ONTOLOGY_GRAPH)
        held = any(quad.graph_name == home for quad in quads)
        axioms = {ox.Quad(t.subject, t.predicate, t.object, home) for t in logic if held}
        return quads | axioms | {ox.Quad(t.subject, t.predicate, t.object, DATASET) for t in about}
    return {quad.triple for quad in quads} | about | logic


def found(name: str, quads: Iterable[ox.Quad]) -> set[Any]:
    return set(quads) if name in GRAPHS else {quad.triple for quad in quads}


def with_oxigraph(name: str, file: Path) -> set[Any]:
    return found(name, ox.parse(path=str(file), format=FORMATS[name]))


def with_rapper(name: str, file: Path) -> set[Any]:
    """Read with Raptor, which is written in C and shares no code with Oxigraph."""
    if not shutil.which("rapper"):
        pytest.skip("rapper is not installed: Debian's raptor2-utils brings it")
    run = subprocess.run(["rapper", "-q", "-i", name, "-o", "nquads", str(file)], capture_output=True, check=True)
    assert not run.stderr
    return found(name, ox.parse(input=run.stdout, format=ox.RdfFormat.N_QUADS))


def with_pyld(name: str, file: Path) -> set[Any]:
    jsonld = pytest.importorskip("pyld.jsonld")
    text = jsonld.to_rdf(json.loads(file.read_text()), {"format": "application/n-quads"})
    return found(name, ox.parse(input=text.encode(), format=ox.RdfFormat.N_QUADS))


def canonical(rows: set[Any]) -> set[Any]:
    """Return rows as quads with canonical names of blank nodes."""
    data = ox.Dataset(row if isinstance(row, ox.Quad) else ox.Quad(*row) for row in rows)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(data)


def same(one: set[Any], other: set[Any]) -> bool:
    """Compare large sets, whatever blank nodes are called; the few that differ are what a failing test should show."""
    differ = sorted(map(str, canonical(one) ^ canonical(other)))
    assert not differ[:3]
    return True


READERS = [
    *((name, with_oxigraph) for name in FORMATS),
    *((name, with_rapper) for name in FORMATS if name != "jsonld"),
    ("jsonld", with_pyld),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "read"), READERS)
def test_another_program_reads_what_the_store_holds(
    name: str, read: Callable[[str, Path], set[Any]], crate: Path, job: export.Job, whole: set[ox.Quad]
) -> None:
    """A scholar who loads the file elsewhere must be able to repeat every answer."""
    assert same(read(name, crate / FILES[name]), expected(name, job, whole))


def test_rdflib_reads_the_same_graph_from_turtle_and_json_ld(tmp_path: Path) -> None:
    import rdflib
    from rdflib.compare import isomorphic

    job = job_around("label")
    turtle = rdflib.Graph().parse(write("turtle", job, tmp_path / "one"), format="turtle")
    jsonld = rdflib.Graph().parse(write("jsonld", job, tmp_path / "two"), format="json-ld")
    assert isomorphic(turtle, jsonld) and len(turtle) == len(expected("turtle", job, stored(job)))


def test_the_n_quads_are_the_bytes_that_the_seal_names(job: export.Job, crate: Path) -> None:
    """So whoever has the seal can check a copy of the data with `sha256sum` alone."""
    assert hashlib.sha256((crate / "graph.nq").read_bytes()).hexdigest() == job.seal["sha256"]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "nquads"])
def test_the_file_names_version_hash_sources_and_licence(name: str, job: export.Job, crate: Path) -> None:
    text = (crate / FILES[name]).read_text()
    assert job.seal["sha256"] in text and "https://creativecommons.org/licenses/by/4.0/" in text
    assert all(source in text for source in job.seal["sources"])
    assert not any(corpus in text for corpus in job.seal["corpora"]), "a path of the machine stands in the export"


def test_json_ld_reads_like_a_record(tmp_path: Path) -> None:
    """The context exists so that a person, or a script without an RDF library, can read the file."""
    document = json.loads(write("jsonld", job_around("Machines weaken it."), tmp_path / "out").read_text())
    nodes = {node["id"]: node for node in document["@graph"]}
    assert nodes["claim:one"] == {
        "id": "claim:one",
        "type": ["Claim", "EffectClaim"],
        "hasAffected": "phenomenon:state-monopoly",
        "hasCause": "phenomenon:state-monopoly",
        "hasEffect": "relation:weakens",
        "statement": {"en": "Machines weaken it.", "fa": "Machines weaken it."},
    }
    assert nodes["position:doe.3-14"]["start"] == 3


@given(label=LABELS)
@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize(("name", "read"), READERS)
def test_any_label_comes_back_the_same(
    name: str, read: Callable[[str, Path], set[Any]], label: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the corpus lets in must survive the way out, whoever reads it."""
    job = job_around(label)
    file = write(name, job, tmp_path_factory.getbasetemp() / "label")
    assert same(read(name, file), expected(name, job, stored(job)))


def test_a_data_set_is_dated_by_the_last_day_of_coding() -> None:
    held = ox.Store()
    for id, day in (("doe.a", "2026-11-21"), ("doe.b", "2026-12-24"), ("doe.c", "2026-12-01")):
        node = graph.iri(f"assertion:{id}")
        held.add(ox.Quad(node, graph.iri("rdf:type"), graph.iri("air:Assertion")))
        held.add(ox.Quad(node, graph.iri("dcterms:created"), graph.literal(day, "date")))
    told = {t.predicate.value: t.object.value for t in description(export.Job(local(held), {}))}  # type: ignore[union-attr]
    assert told[names.expand("dcterms:modified")] == "2026-12-24"


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "nquads"])
def test_all_triples_hold_the_axioms_too(name: str, crate: Path) -> None:
    """Class expressions, disjointness: what a reasoner needs, and a store without blank nodes does not hold."""
    owl = names.PREFIXES["owl"]
    uses = [q.predicate.value for q in ox.parse(path=str(crate / FILES[name]), format=FORMATS[name])]
    for said in ("onProperty", "equivalentClass", "intersectionOf", "members"):
        wanted = [t for t in release.triples(release.whole()) if t.predicate.value == owl + said]
        assert uses.count(owl + said) == len(wanted) > 0, said


def test_the_context_published_alone_reads_every_export_alike(job: export.Job, crate: Path, tmp_path: Path) -> None:
    """Who strips the context from a large file, and names the hosted one, must get the same triples."""
    hosted = json.loads(write("context", job, tmp_path / "context.jsonld").read_text())["@context"]
    document = json.loads((crate / "graph.jsonld").read_text())
    assert document["@context"] == hosted
    inlined = json.dumps({"@context": hosted, "@graph": document["@graph"]}).encode()
    triples = {quad.triple for quad in ox.parse(inlined, format=ox.RdfFormat.JSON_LD)}
    assert same(triples, with_oxigraph("turtle", crate / "graph.ttl"))


def test_a_context_is_never_fetched(tmp_path: Path) -> None:
    """No document of ours names a context by its address."""
    for name in ("jsonld", "context", "ontology"):
        found = json.loads(write(name, job_around("x"), tmp_path / f"{name}.jsonld").read_text())["@context"]
        assert isinstance(found, dict), name
