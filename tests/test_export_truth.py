"""Archives and tables say what the graph says: each statement is held against the graph behind it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph as ox
import pytest
from exporting import contents, job_of, write

from kg import export, names
from kg.export.spreadsheets import xlsx
from kg.model import CODES, KINDS
from kg.queries import with_prefixes


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


def pairs(job: export.Job, predicate: str) -> dict[str, set[str]]:
    """Return what the graph says by a predicate: subject to values, IRIs in full."""
    found: dict[str, set[str]] = {}
    for row in job.engine(with_prefixes(f"SELECT ?s ?o {{ ?s {predicate} ?o }}")):
        found.setdefault(row["s"].value, set()).add(row["o"].value)
    return found


# ── nanopublications ──────────────────────────────────────────────────────────────────────────────────


def test_a_nanopublication_names_source_passages_and_coder_of_its_assertion(crate: Path, job: export.Job) -> None:
    """Who follows its provenance has to arrive at the text that makes the claim, and at the place."""
    said: dict[str, dict[str, set[str]]] = {}
    for quad in ox.parse(path=str(crate / "nanopublications.trig"), format=ox.RdfFormat.TRIG):
        uri, _, part = quad.graph_name.value.partition("#")  # type: ignore[union-attr]
        key = f"{part} {names.compact(quad.predicate.value)}"
        about = said.setdefault(uri, {})
        about.setdefault(key, set()).add(quad.object.value)  # type: ignore[union-attr]
        if key == "assertion air:asserts":
            about["assertion"] = {quad.subject.value}  # type: ignore[union-attr]
    assert len(said) == job.seal["assertions"]
    expected = {
        "provenance prov:hadPrimarySource": pairs(job, "air:inSource"),
        "provenance prov:wasDerivedFrom": pairs(job, "air:hasPassage"),
        "provenance prov:wasAttributedTo": pairs(job, "air:codedBy"),
        "pubinfo dcterms:creator": pairs(job, "air:codedBy"),
        "assertion air:asserts": pairs(job, "air:asserts"),
        "assertion air:hasStance": pairs(job, "air:hasStance"),
        "assertion air:hasHedge": pairs(job, "air:hasHedge"),
    }
    for uri, about in said.items():
        (act,) = about["assertion"]
        for key, graph in expected.items():
            assert about[key] == graph[act], (uri, key)
        # what is asserted is not mixed with where it stands
        assert "assertion air:hasPassage" not in about and "assertion air:codedBy" not in about


# ── annotations ───────────────────────────────────────────────────────────────────────────────────────


def test_an_annotation_points_at_the_passage_and_the_claim_of_its_assertion(corpora: Path, tmp_path: Path) -> None:
    """By position, by a link that opens the page at the words, and by the ids of what it is about."""
    job = job_of(corpora / "own")
    graph = {
        name: pairs(job, name)
        for name in (
            "air:hasPassage",
            "air:asserts",
            "air:words",
            "oa:hasSelector",
            "oa:start",
            "oa:end",
            "air:webPage",
        )
    }
    pages = pairs(job, "air:inSource")
    items = json.loads(write("webannotation", job, tmp_path / "a.jsonld").read_text())["first"]["items"]
    assert sorted((i["id"].partition("#")[0], i["target"]["id"]) for i in items) == sorted(
        (act, passage) for act in graph["air:asserts"] for passage in graph["air:hasPassage"][act]
    )
    for item in items:
        act, target = item["id"].partition("#")[0], item["target"]
        assert {b["source"] for b in item["body"] if b["purpose"] == "identifying"} == graph["air:asserts"][act]
        selectors = {selector["type"]: selector for selector in target["selector"]}
        (position,) = graph["oa:hasSelector"][target["id"]]
        where = selectors["TextPositionSelector"]
        assert ({str(where["start"])}, {str(where["end"])}) == (graph["oa:start"][position], graph["oa:end"][position])
        (words,) = graph["air:words"][target["id"]]
        ends = [re.sub(r"[*_]", "", end).strip() for end in words.split("…")]
        fragment = selectors["FragmentSelector"]["value"]
        assert fragment == ":~:text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)
        assert [unquote(end) for end in fragment.removeprefix(":~:text=").split(",")] == ends
        (source,) = pages[target["id"]]
        assert {target["source"]} == graph["air:webPage"][source]
        assert {f"{target['source']}#{fragment}"} == graph["air:webPage"][target["id"]]


# ── archive ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_crate_gives_each_file_its_true_size_and_form(crate: Path) -> None:
    """An archive checks them before it takes the file."""
    entities = {e["@id"]: e for e in json.loads((crate / "ro-crate-metadata.json").read_text())["@graph"]}
    forms = {".nq": "n-quads", ".trig": "trig", ".ttl": "turtle", ".rdf": "rdf+xml", ".csv": "csv", ".txt": "plain"}
    for name, content in contents(crate).items():
        if name == "ro-crate-metadata.json":
            continue
        assert entities[name]["contentSize"] == str(len(content)), name
        if wanted := forms.get(Path(name).suffix):
            assert entities[name]["encodingFormat"].endswith(f"/{wanted}"), name


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────

CODED = {"voice": "Voice", "stance": "Stance", "hedge": "Hedge", "mode": "Mode", "basis": "Basis"}
IDS = ("assertion", "source", "sources", "claim", "citation", "work", "probably", "attributed_to", "held_by", "domain")
"""Columns of ids in one table or another; slots that hold terms are added."""


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_assertions_say_the_codes_of_the_graph(crate: Path, job: export.Job) -> None:
    """Statistics count these words; a cut in the wrong place would count other ones."""
    rows = rows_of(crate / "assertions.csv")
    assert rows
    for column, name in CODED.items():
        graph = pairs(job, f"air:has{name}")
        for row in rows:
            assert {names.thing("code", column, row[column])} == graph[names.expand(row["assertion"])], row
            assert row[column] in CODES[column]
    scopes = pairs(job, "air:hasAttribution/air:hasScope")
    for row in rows:
        found = {names.thing("code", "scope", word) for word in filter(None, row["attribution_scope"].split("; "))}
        assert found == scopes.get(names.expand(row["assertion"]), set())
    for kind in KINDS.values():
        for slot in (slot for slot in kind.slots if slot.filler == "code"):
            graph = pairs(job, f"air:{slot.property}")
            for row in (row for row in rows if row["kind"] == kind.name):
                found = {
                    names.thing("code", slot.classes[0], word) for word in filter(None, row[slot.name].split("; "))
                }
                assert found == graph.get(names.expand(row["claim"]), set()), row["claim"]


def test_ids_are_written_alike_in_all_tables_and_join(crate: Path, job: export.Job, tmp_path: Path) -> None:
    """Each is the short form of a node of the graph, so that tables join with each other and with the graph."""
    slots = {slot.name for kind in KINDS.values() for slot in kind.slots if slot.filler == "term"}
    nodes = {row["n"].value for row in job.engine(with_prefixes("SELECT DISTINCT ?n { ?n ?p ?o }"))}
    tables = {file.stem: rows_of(file) for file in sorted((crate / "tables").glob("*.csv"))}
    tables["csv"] = rows_of(crate / "assertions.csv")
    tables["json"] = json.loads(write("assertions", job, tmp_path / "assertions.json").read_text())
    seen: dict[str, dict[str, set[str]]] = {}
    for name, rows in tables.items():
        columns = seen.setdefault(name, {})
        for row in rows:
            for column in {*IDS, *slots} & set(row):
                columns.setdefault(column, set()).update(filter(None, row[column].split("; ")))
        for column, ids in columns.items():
            wrong = [id for id in sorted(ids) if names.expand(id) == id or names.expand(id) not in nodes]
            assert wrong == [], (name, column)
    sources = {names.compact(iri) for iri in pairs(job, "air:textFile")}
    for name, column in (("assertions", "source"), ("csv", "source"), ("json", "source"), ("claims", "sources")):
        assert seen[name][column] == sources, name
    assert set() < seen["citations"]["source"] <= sources
    for name in ("assertions", "csv", "json"):
        assert seen[name]["claim"] == seen["claims"]["claim"], name
    assert seen["csv"]["cause"] <= {row["term"] for row in tables["vocabulary"]}


def test_the_workbook_has_the_same_ids(job: export.Job, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    xlsx(job, tmp_path / "book.xlsx")
    book: Any = openpyxl.load_workbook(tmp_path / "book.xlsx")
    head, *body = [[cell.value for cell in row] for row in book["assertions"].iter_rows()]
    at = head.index("source")
    assert {row[at] for row in body} == {names.compact(iri) for iri in pairs(job, "air:textFile")}
