"""Linked-data exports: what other programs read from them is what the store holds."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from exporting import LABELS, contents, job_around, job_of, stored, write
from hypothesis import given, settings

from kg import export, names
from kg.export.rdf import description

FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
GRAPHS = ("nquads", "trig")
DATASET = ox.NamedNode(names.thing("graph", "dataset"))


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


def expected(name: str, job: export.Job) -> set[ox.Quad] | set[ox.Triple]:
    """Return what a reader should find: the store's content, and the description of the data set."""
    about = set() if name == "nquads" else set(description(job))
    if name in GRAPHS:
        return stored(job) | {ox.Quad(t.subject, t.predicate, t.object, DATASET) for t in about}
    return {quad.triple for quad in stored(job)} | about


def same(one: set[Any], other: set[Any]) -> bool:
    """Compare large sets; the few that differ are what a failing test should show."""
    differ = sorted(map(str, one ^ other))
    assert not differ[:3]
    return True


def found(name: str, file: Path) -> set[ox.Quad] | set[ox.Triple]:
    quads = list(ox.parse(path=str(file), format=FORMATS[name]))
    return set(quads) if name in GRAPHS else {quad.triple for quad in quads}


@pytest.mark.parametrize("name", FORMATS)
def test_oxigraph_reads_what_the_store_holds(name: str, job: export.Job, tmp_path: Path) -> None:
    """A scholar who loads the file elsewhere must be able to repeat every answer."""
    assert same(found(name, write(name, job, tmp_path / "out")), expected(name, job))


@pytest.mark.parametrize("name", FORMATS)
def test_two_runs_give_the_same_bytes(name: str, job: export.Job, tmp_path: Path) -> None:
    assert contents(write(name, job, tmp_path / "one")) == contents(write(name, job, tmp_path / "two"))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "jsonld"])
def test_rapper_reads_what_the_store_holds(name: str, job: export.Job, tmp_path: Path) -> None:
    """Raptor is a reader in C with no code in common with ours."""
    if not shutil.which("rapper"):
        pytest.skip("rapper is not installed: Debian's raptor2-utils brings it")
    file = write(name, job, tmp_path / "out")
    run = subprocess.run(["rapper", "-q", "-i", name, "-o", "nquads", str(file)], capture_output=True, check=True)
    assert not run.stderr
    quads = list(ox.parse(input=run.stdout, format=ox.RdfFormat.N_QUADS))
    assert same(set(quads) if name in GRAPHS else {quad.triple for quad in quads}, expected(name, job))


def read_with_pyld(file: Path) -> set[ox.Triple]:
    from pyld import jsonld

    text = jsonld.to_rdf(json.loads(file.read_text()), {"format": "application/n-quads"})
    return {quad.triple for quad in ox.parse(input=text.encode(), format=ox.RdfFormat.N_QUADS)}


@pytest.mark.slow
def test_pyld_reads_what_the_store_holds(job: export.Job, tmp_path: Path) -> None:
    pytest.importorskip("pyld")
    assert same(read_with_pyld(write("jsonld", job, tmp_path / "out")), expected("jsonld", job))


def test_rdflib_reads_the_same_graph_from_turtle_and_json_ld(tmp_path: Path) -> None:
    import rdflib
    from rdflib.compare import isomorphic

    job = job_around("label")
    turtle = rdflib.Graph().parse(write("turtle", job, tmp_path / "one"), format="turtle")
    jsonld = rdflib.Graph().parse(write("jsonld", job, tmp_path / "two"), format="json-ld")
    assert isomorphic(turtle, jsonld) and len(turtle) == len(expected("turtle", job))


def test_the_n_quads_are_the_bytes_that_the_seal_names(job: export.Job, tmp_path: Path) -> None:
    """So whoever has the seal can check a copy of the data with `sha256sum` alone."""
    content = write("nquads", job, tmp_path / "out").read_bytes()
    assert hashlib.sha256(content).hexdigest() == job.seal["sha256"]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "nquads"])
def test_the_file_names_version_hash_sources_and_licence(name: str, job: export.Job, tmp_path: Path) -> None:
    text = write(name, job, tmp_path / "out").read_text()
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
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("name", FORMATS)
def test_any_label_comes_back_the_same(name: str, label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    job = job_around(label)
    file = write(name, job, tmp_path_factory.getbasetemp() / "label")
    assert found(name, file) == expected(name, job)


@given(label=LABELS)
@settings(max_examples=40, deadline=None)
def test_pyld_finds_any_label_the_same(label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("pyld")
    job = job_around(label)
    assert read_with_pyld(write("jsonld", job, tmp_path_factory.getbasetemp() / "label")) == expected("jsonld", job)


@given(label=LABELS)
@settings(max_examples=25, deadline=None)
def test_rapper_finds_any_label_in_rdf_xml_the_same(label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    if not shutil.which("rapper"):
        pytest.skip("rapper is not installed: Debian's raptor2-utils brings it")
    job = job_around(label)
    file = write("rdfxml", job, tmp_path_factory.getbasetemp() / "label")
    run = subprocess.run(["rapper", "-q", "-i", "rdfxml", "-o", "nquads", str(file)], capture_output=True, check=True)
    assert {q.triple for q in ox.parse(input=run.stdout, format=ox.RdfFormat.N_QUADS)} == expected("rdfxml", job)
