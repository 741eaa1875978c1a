"""Nanopublications, annotations, the archive and the vault, each held against a reader or a rule that is not ours."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from exporting import LABELS, NASTY, contents, job_around, job_of, write
from hypothesis import given, settings

from kg import export, names, pipeline
from kg.errors import UsageError
from kg.export.nanopub import BASE
from kg.load.inputs import Inputs
from kg.load.texts import Text
from kg.queries import with_prefixes

FORMATS = [form.name for form in export.FORMATS if not form.network]


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


def count(job: export.Job, pattern: str) -> int:
    row = job.engine(with_prefixes(f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT * {{ {pattern} }} }}"))[0]
    return int(row["n"].value)


# ── every export ──────────────────────────────────────────────────────────────────────────────────────

EXPORT = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from exporting import job_of, write
for name in sys.argv[3:]:
    write(name, job_of(Path(sys.argv[1])), Path(sys.argv[2]) / name)
"""


@pytest.mark.slow
def test_another_run_gives_the_same_bytes(crate: Path, founding: Path, tmp_path: Path) -> None:
    """In another process, with another order of sets: so an archive can be made anew and compared."""
    there = {**os.environ, "PYTHONHASHSEED": "12345"}
    command = [sys.executable, "-c", EXPORT, str(founding), str(tmp_path), "rocrate", "vault"]
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent, env=there)
    assert contents(tmp_path / "rocrate") == contents(crate)
    assert contents(tmp_path / "vault") == contents(write("vault", job_of(founding), tmp_path / "again"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_export_takes_every_label(name: str, tmp_path: Path) -> None:
    """None may fail on a name that the corpus lets in."""
    for label in NASTY:
        assert contents(write(name, job_around(label), tmp_path / "out"))


@pytest.mark.slow
def test_no_export_holds_nine_words_in_a_row_of_a_source(crate: Path, founding: Path, texts: Path) -> None:
    """The data are free to pass on; the sources' prose is not. Titles and reference lists are facts, not prose."""
    prose: set[str] = set()
    for source in pipeline.load(Inputs.of()).sources:
        text = Text.read(texts / source.file).text
        bounds = [section.start for section in source.sections[1:]] + [len(text)]
        for section, end in zip(source.sections, bounds, strict=True):
            if not re.search("title|front|notes|keywords|references", section.id):
                prose |= nine_words(text[section.start : end]) - nine_words(section.title)
    vault = write("vault", job_of(founding), crate.parent / "vault")
    for path, content in {**contents(crate), **contents(vault)}.items():
        if path.endswith((".xlsx", ".nq")) or path.startswith("work/"):
            continue
        for line in content.decode().splitlines():
            assert not nine_words(line) & prose, path


def nine_words(text: str) -> set[str]:
    """Return every run of nine words."""
    words = re.findall(r"[\w'’-]+", text.casefold())
    return {" ".join(words[i : i + 9]) for i in range(len(words) - 8)}


# ── nanopublications ──────────────────────────────────────────────────────────────────────────────────


def nanopubs(file: Path) -> dict[str, list[ox.Quad]]:
    """Return the quads of each nanopublication, by its trusty URI."""
    found: dict[str, list[ox.Quad]] = {}
    for quad in ox.parse(path=str(file), format=ox.RdfFormat.TRIG):
        found.setdefault(quad.graph_name.value.partition("#")[0], []).append(quad)  # type: ignore[union-attr]
    return found


def valid(quads: list[ox.Quad]) -> bool:
    """Ask the Python library of the nanopublication network; it raises where something is wrong."""
    nanopub = pytest.importorskip("nanopub")
    from rdflib import ConjunctiveGraph

    graph = ConjunctiveGraph()
    graph.parse(data=ox.serialize(quads, format=ox.RdfFormat.TRIG), format="trig")
    held = nanopub.Nanopub(rdf=graph)
    return bool(held.is_valid and held.has_valid_trusty)


def test_every_assertion_is_a_nanopublication(crate: Path, job: export.Job) -> None:
    found = nanopubs(crate / "nanopublications.trig")
    assert len(found) == count(job, "?x a air:Assertion")
    for uri, quads in found.items():
        assert uri.startswith(BASE + "RA")
        parts = {quad.graph_name.value.partition("#")[2] for quad in quads}  # type: ignore[union-attr]
        assert parts == {"Head", "assertion", "provenance", "pubinfo"}
        said = {quad.predicate.value for quad in quads}
        assert {
            names.term("asserts"),
            names.expand("prov:wasDerivedFrom"),
            names.expand("prov:wasAttributedTo"),
        } <= said


@pytest.mark.slow
def test_trusty_uris_are_valid(crate: Path) -> None:
    found = list(nanopubs(crate / "nanopublications.trig").values())
    assert all(valid(quads) for quads in found[::25])


def test_a_tampered_nanopublication_is_refused(tmp_path: Path) -> None:
    """One word changed, and the address no longer fits the content."""
    (quads,) = nanopubs(write("nanopub", job_around("Machines weaken it."), tmp_path / "np.trig")).values()
    assert valid(quads)
    changed = [
        ox.Quad(q.subject, q.predicate, ox.Literal("Machines strengthen it.", language="en"), q.graph_name)
        if isinstance(q.object, ox.Literal) and q.predicate.value == names.term("statement")
        else q
        for q in quads
    ]
    with pytest.raises(ValueError, match="not valid"):
        valid(changed)


@given(label=LABELS)
@settings(max_examples=30, deadline=None)
def test_any_label_has_a_valid_trusty_uri(label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = write("nanopub", job_around(label), tmp_path_factory.getbasetemp() / "label.trig")
    (quads,) = nanopubs(file).values()
    assert valid(quads)
    statements = {q.object for q in quads if q.predicate.value == names.term("statement")}
    assert statements == {ox.Literal(label, language="en"), ox.Literal(label, language="fa")}


def test_a_nanopublication_keeps_its_uri_when_only_the_data_set_changes(tmp_path: Path) -> None:
    """The address stands in other people's papers; a new version of the data must not move it."""
    job = job_around("label")
    older = nanopubs(write("nanopub", job, tmp_path / "one"))
    newer = nanopubs(write("nanopub", replace(job, seal={"version": "9", "sha256": "1" * 64}), tmp_path / "two"))
    assert set(older) == set(newer)


def test_what_was_coded_elsewhere_is_not_given_our_licence(tmp_path: Path, crate: Path) -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    assert licence not in write("nanopub", job_around("label"), tmp_path / "np.trig").read_text()
    assert licence in (crate / "nanopublications.trig").read_text()


# ── annotations ───────────────────────────────────────────────────────────────────────────────────────

IRI = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:"}
ANNOTATION = {
    "type": "object",
    "required": ["id", "type", "target"],
    "properties": {
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {"enum": ["describing", "classifying", "assessing", "identifying", "tagging", "linking"]},
        "created": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "creator": {"type": "object", "required": ["id"], "properties": {"id": IRI}},
        "body": {"type": "array", "items": {"$ref": "#/$defs/body"}},
        "target": {"$ref": "#/$defs/target"},
    },
    "$defs": {
        "body": {
            "oneOf": [
                {"required": ["type", "value"], "properties": {"type": {"const": "TextualBody"}}},
                {"required": ["type", "source"], "properties": {"type": {"const": "SpecificResource"}, "source": IRI}},
            ]
        },
        "target": {
            "type": "object",
            "required": ["source", "selector"],
            "properties": {"source": IRI, "selector": {"type": "array", "items": {"$ref": "#/$defs/selector"}}},
        },
        "selector": {
            "oneOf": [
                {
                    "required": ["type", "start", "end"],
                    "properties": {
                        "type": {"const": "TextPositionSelector"},
                        "start": {"type": "integer", "minimum": 0},
                        "end": {"type": "integer", "minimum": 0},
                    },
                },
                {"required": ["type", "exact"], "properties": {"type": {"const": "TextQuoteSelector"}}},
                {
                    "required": ["type", "value"],
                    "properties": {"type": {"const": "FragmentSelector"}, "conformsTo": IRI},
                },
            ]
        },
    },
}
COLLECTION = {
    "type": "object",
    "required": ["@context", "id", "type", "first", "total"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": IRI,
        "type": {"const": "AnnotationCollection"},
        "total": {"type": "integer"},
        "first": {
            "required": ["id", "type", "items"],
            "properties": {
                "id": IRI,
                "type": {"const": "AnnotationPage"},
                "items": {"type": "array", "items": ANNOTATION},
            },
        },
    },
    "$defs": ANNOTATION["$defs"],
}
"""What the model says MUST hold (https://www.w3.org/TR/annotation-model/, sections 3 to 5)."""


def selectors(annotation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {selector["type"]: selector for selector in annotation["target"]["selector"]}


def test_annotations_keep_what_the_model_demands(crate: Path, job: export.Job) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    collection = json.loads((crate / "annotations.jsonld").read_text())
    jsonschema.Draft202012Validator(COLLECTION).validate(collection)
    items = collection["first"]["items"]
    assert len(items) == len({item["id"] for item in items}) == collection["total"]
    assert collection["total"] == count(job, "?x a air:Assertion ; air:hasPassage ?p")
    assert job.seal["sha256"] in collection["label"] and "/by/4.0/" in collection["rights"]
    assert "exact" not in (crate / "annotations.jsonld").read_text()


def test_an_annotation_points_at_the_words_when_the_text_is_at_hand(
    job: export.Job, texts: Path, tmp_path: Path
) -> None:
    """The quote is the passage that was coded: its hash is the one in the lock."""
    job = replace(job, texts=texts)
    whole = [file.read_bytes().decode() for file in texts.glob("*.txt")]
    digests = {
        row["passage"].value: row["digest"].value
        for row in job.engine(with_prefixes("SELECT ?passage ?digest WHERE { ?passage air:digest ?digest }"))
    }
    items = json.loads(write("webannotation", job, tmp_path / "a.jsonld").read_text())["first"]["items"]
    for item in items:
        found = selectors(item)
        exact = found["TextQuoteSelector"]["exact"]
        position = found["TextPositionSelector"]
        assert len(exact) == position["end"] - position["start"]
        assert hashlib.sha256(exact.encode()).hexdigest() == digests[item["target"]["id"]]
        quote = found["TextQuoteSelector"]
        around = quote.get("prefix", "") + exact + quote.get("suffix", "")
        assert any(around in text for text in whole)
        assert len(quote.get("prefix", "")) == min(32, position["start"])


def test_another_copy_of_the_text_is_refused(tmp_path: Path) -> None:
    """Its words stand at other places; a quote from it would be wrong."""
    (tmp_path / "doe.txt").write_text("Another edition.")
    with pytest.raises(UsageError, match="not the copy"):
        write("webannotation", replace(job_around("label"), texts=tmp_path), tmp_path / "a.jsonld")


def test_a_text_fragment_names_first_and_last_words(tmp_path: Path) -> None:
    items = json.loads(write("webannotation", job_around("x"), tmp_path / "a").read_text())["first"]["items"]
    (item,) = items
    assert item["target"]["source"] == "https://example.org/doe"
    assert unquote(selectors(item)["FragmentSelector"]["value"]) == ":~:text=these words"


@given(label=LABELS)
@settings(max_examples=40, deadline=None)
def test_any_statement_comes_back_from_an_annotation(label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = write("webannotation", job_around(label), tmp_path_factory.getbasetemp() / "label.jsonld")
    (item,) = json.loads(file.read_text(encoding="utf-8"))["first"]["items"]
    assert [body["value"] for body in item["body"] if body.get("purpose") == "describing"] == [label, label]


# ── archive ───────────────────────────────────────────────────────────────────────────────────────────

VALIDATE = """
import io, sys
from importlib.resources import files
import requests, requests_cache, urllib3

class Shelf(requests.adapters.BaseAdapter):
    # Fills the validator's cache with the context of RO-Crate 1.1 that the package rocrate carries.
    def send(self, request, **_):
        found = requests.Response()
        found.status_code, found.url, found.request = 200, request.url, request
        body = io.BytesIO((files("rocrate") / "data" / "ro-crate.jsonld").read_bytes())
        found.headers["Content-Type"] = "application/ld+json"
        found.raw = urllib3.HTTPResponse(body=body, status=200, preload_content=False)
        return found
    def close(self):
        pass

crate, cache = sys.argv[1:]
with requests_cache.CachedSession(cache_name=cache, backend="sqlite", expire_after=-1) as session:
    session.mount("https://w3id.org/", Shelf())
    accept = "application/ld+json, application/json, */*;q=0.1"
    session.get("https://w3id.org/ro/crate/1.1/context", headers={"Accept": accept})

from rocrate_validator import models, services
settings = services.ValidationSettings(
    rocrate_uri=crate, profile_identifier="ro-crate-1.1", offline=True, cache_path=cache,
    requirement_severity=models.Severity.RECOMMENDED,
)
for issue in services.validate(settings).get_issues():
    print(issue.severity.name, issue.check.identifier, issue.message)
"""


def complaints(crate: Path, cache: Path) -> list[str]:
    """Return what the RO-Crate validator finds, required and recommended, without a network."""
    if not (find_spec("rocrate_validator") and find_spec("rocrate")):
        pytest.skip("roc-validator and rocrate below 0.15, which carries the context of 1.1, are not installed")
    command = [sys.executable, "-W", "ignore", "-c", VALIDATE, str(crate), str(cache / "http")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


@pytest.mark.slow
def test_the_validator_finds_nothing_to_complain_of(crate: Path, tmp_path: Path) -> None:
    assert complaints(crate, tmp_path) == []


@pytest.mark.slow
def test_the_validator_would_have_found_a_fault(tmp_path: Path) -> None:
    """A check that nobody has seen fail is no check."""
    crate = write("rocrate", job_around("label"), tmp_path / "crate")
    assert complaints(crate, tmp_path) == []
    (crate / "graph.ttl").unlink()
    assert "graph.ttl" in "".join(complaints(crate, tmp_path))


def test_the_crate_lists_every_file_with_its_checksum(crate: Path) -> None:
    """So that a copy can be checked in fifty years, with `sha256sum -c` and nothing else."""
    entities = {
        entity["@id"]: entity for entity in json.loads((crate / "ro-crate-metadata.json").read_text())["@graph"]
    }
    files = contents(crate)
    del files["ro-crate-metadata.json"]
    assert set(files) == {part["@id"] for part in entities["./"]["hasPart"]}
    for name, content in files.items():
        assert entities[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert entities[name]["contentSize"] == str(len(content)), "bytes, not letters"
        assert entities[name]["license"] == entities["./"]["license"]
    run = subprocess.run(["sha256sum", "--check", "--quiet", "sha256sums.txt"], cwd=crate, check=False)
    assert run.returncode == 0


def test_the_crate_holds_no_quotes_even_with_the_texts_at_hand(texts: Path, job: export.Job, tmp_path: Path) -> None:
    """An archive is made to be passed on."""
    small = replace(job_around("label"), texts=texts)
    assert contents(write("rocrate", small, tmp_path / "one")) == contents(
        write("rocrate", replace(small, texts=None), tmp_path / "two")
    )


def test_the_crate_names_data_set_sources_and_licence(crate: Path, job: export.Job) -> None:
    entities = {
        entity["@id"]: entity for entity in json.loads((crate / "ro-crate-metadata.json").read_text())["@graph"]
    }
    root = entities["./"]
    assert (root["version"], root["identifier"]) == (job.seal["version"], f"sha256:{job.seal['sha256']}")
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert [names.slug_of(source["@id"]) for source in root["isBasedOn"]] == sorted(job.seal["sources"])
