"""Discourse network analysis: the event list gives back the three networks, cell by cell, and no source's words."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from exporting import job_of, write

from kg import names
from kg.export.dna import COLUMNS
from kg.measure import networks
from kg.queries import bind

Matrix = dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def folder(founding: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write("dna", job_of(founding), tmp_path_factory.mktemp("dna") / "dna")


@pytest.fixture(scope="module")
def events(folder: Path) -> list[dict[str, str]]:
    """The event list as a reader of semicolon CSV sees it."""
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def rows(founding: Path) -> list[dict[str, str]]:
    """What the projection query itself answers."""
    job = job_of(founding)
    query = networks.find("affiliation").bind({})
    return [{name: term.value for name, term in row.items()} for row in job.engine(query)]


def matrix(file: Path) -> Matrix:
    with file.open(encoding="utf-8", newline="") as stream:
        head, *body = csv.reader(stream, delimiter=";")
    return {(row[0], name): int(cell) for row in body for name, cell in zip(head[1:], row[1:], strict=True)}


def test_the_header_is_the_one_of_discourse_network_analyzer(folder: Path) -> None:
    first = (folder / "events.csv").read_text(encoding="utf-8").partition("\n")[0]
    assert first == (
        "statement_id;time;person;organization;concept;agreement;start_position;stop_position;text;coder;"
        "document_id;document_title;document_author;document_source;document_section;document_type"
    )
    assert tuple(first.split(";")) == COLUMNS


def test_every_line_has_as_many_semicolons_as_the_header(folder: Path) -> None:
    """DNA's own form needs no quoting rules: within a text a semicolon is a comma, a double quote a single one."""
    for line in (folder / "events.csv").read_text(encoding="utf-8").splitlines():
        assert line.count(";") == len(COLUMNS) - 1


def test_every_row_of_the_projection_is_an_event(events: list[dict[str, str]], rows: list[dict[str, str]]) -> None:
    assert len(events) == len({(r["assertion"], r["from"], r["to"], r["relation"]) for r in rows})
    assert [int(event["statement_id"]) for event in events] == list(range(1, len(events) + 1))
    assert {event["agreement"] for event in events} == {"0", "1"}
    for event in events:
        assert int(event["start_position"]) < int(event["stop_position"])
        assert event["time"] == "" or event["time"][10:] == " 00:00:00"


AFFIRMS = {"strengthens": "1", "creates": "1", "enables": "1", "exacerbates": "1"}
DENIES = {"weakens": "0", "constrains": "0", "mitigates": "0"}


def test_an_event_agrees_where_the_source_affirms_and_only_there(founding: Path, events: list[dict[str, str]]) -> None:
    """Worked out from effect and stance as coded, and not from the projection that the export reads."""
    query = """
    SELECT ?statement ?start ?effect ?stance ?concept WHERE {
      ?assertion air:asserts ?claim ; air:hasStance ?stance ; air:hasVoice code:voice.own ; air:hasPassage ?passage .
      ?claim air:statement ?statement ; air:hasEffect ?effect ; air:hasAffected/skos:prefLabel ?concept .
      ?passage oa:hasSelector/oa:start ?start .
      FILTER(LANG(?statement) = "en" && LANG(?concept) = "en" && ?stance != code:stance.reports)
      FILTER NOT EXISTS { ?assertion air:heldBy ?holder }
    }
    """
    found: dict[tuple[str, str, str], set[str]] = {}
    for event in events:
        key = event["text"], event["start_position"], event["concept"]
        found.setdefault(key, set()).add(event["agreement"])
    seen = Counter[str]()
    for row in job_of(founding).engine(bind(query)):
        effect = names.slug_of(row["effect"].value)
        agreement = {**AFFIRMS, **DENIES}.get(effect)
        if agreement and row["stance"].value.endswith("contests"):
            agreement = {"1": "0", "0": "1"}[agreement]
        key = (_as_dna(row["statement"].value), row["start"].value, _as_dna(row["concept"].value))
        if agreement and key in found:
            assert found[key] == {agreement}, key
            seen[agreement] += 1
    assert min(seen["1"], seen["0"]) > 20, "both are there in number"


def _as_dna(words: str) -> str:
    return " ".join(words.replace(";", ",").replace('"', "'").split())


def test_the_matrices_follow_from_the_event_list(folder: Path, events: list[dict[str, str]]) -> None:
    """Recomputed as DNA does it: duplicates counted once across the whole range, no normalisation."""
    held = {(e["organization"], e["concept"], e["agreement"]) for e in events}
    affiliation = matrix(folder / "affiliation.csv")
    for (holder, concept), cell in affiliation.items():
        found = [int(value) for value in "10" if (holder, concept, value) in held]
        assert cell == {(): 0, (1,): 1, (0,): 2, (1, 0): 3}[tuple(found)]
    congruence, conflict = matrix(folder / "congruence.csv"), matrix(folder / "conflict.csv")
    holders = sorted({holder for holder, *_ in held})
    views = {h: {(c, a) for one, c, a in held if one == h} for h in holders}
    for one, other in itertools.product(holders, holders):
        opposed = {(c, "1" if a == "0" else "0") for c, a in views[other]}
        assert congruence[one, other] == (len(views[one] & views[other]) if one != other else 0)
        assert conflict[one, other] == (len(views[one] & opposed) if one != other else 0)


@pytest.mark.parametrize("name", ["congruence", "conflict"])
def test_the_matrix_is_the_projection_cell_by_cell(name: str, folder: Path, founding: Path) -> None:
    job = job_of(founding)
    found = matrix(folder / f"{name}.csv")
    network = networks.project(job.engine, networks.find(name))
    everybody = {node.id: node.label for node in networks.project(job.engine, networks.find("affiliation")).nodes}
    count = Counter(everybody.values())
    labels = {id: label if count[label] == 1 else f"{label} ({id})" for id, label in everybody.items()}
    expected = {(labels[e.source], labels[e.target]): int(e.weight) for e in network.edges}
    assert {pair: cell for pair, cell in found.items() if cell} == {
        **expected,
        **{(b, a): weight for (a, b), weight in expected.items()},
    }


@pytest.mark.parametrize("name", ["affiliation", "congruence", "conflict"])
def test_networkx_reads_the_networks(name: str, folder: Path, founding: Path) -> None:
    graph = nx.read_graphml(folder / f"{name}.graphml", force_multigraph=True)
    network = networks.project(job_of(founding).engine, networks.find(name))
    assert {(a, b, d["weight"]) for a, b, d in graph.edges(data=True)} == {
        (e.source, e.target, e.weight) for e in network.edges
    }
    ElementTree.parse(folder / f"{name}.graphml")


def test_the_text_is_the_claim_in_the_coders_words(events: list[dict[str, str]], founding: Path) -> None:
    """DNA puts the coded sentence there; the sources' sentences never leave their owners."""
    engine = job_of(founding).engine
    said = engine(f"SELECT ?words WHERE {{ ?claim <{names.AIR}statement> ?words }}")
    statements = {" ".join(r["words"].value.replace(";", ",").replace('"', "'").split()) for r in said}
    assert {event["text"] for event in events} <= statements
