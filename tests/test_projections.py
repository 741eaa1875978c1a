"""Networks: each projection makes of a small graph the edges that its case folder lists."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names, pipeline
from kg.grounds import Cell, local
from kg.load.turtle import read_turtle
from kg.measure import networks
from kg.queries import read_queries
from kg.reason.rules import derive
from kg.store.local import open_store

CASES = Path(__file__).parent / "cases" / "projections"
COLUMNS = ("from", "relation", "to", "direction", "contested", "weight", "assertions")


@cache
def background() -> tuple[ox.Quad, ...]:
    """Return ontology and vocabulary, which every case stands on."""
    graph = ox.NamedNode(names.VOCABULARY_GRAPH)
    return tuple(
        ox.Quad(t.subject, t.predicate, t.object, graph) for f in pipeline.ontology_files() for t in read_turtle(f)
    )


def project(name: str, values: dict[str, str]) -> networks.Network:
    graph = ox.NamedNode(names.source_graph("case"))
    mine = [ox.Quad(t.subject, t.predicate, t.object, graph) for t in read_turtle(CASES / name / "graph.ttl")]
    asserted = [*background(), *mine]
    store = ox.Store()
    store.extend([*asserted, *derive(asserted, read_queries("infer"))])
    terms = {key: ox.NamedNode(names.expand(value)) for key, value in values.items()}
    return networks.project(local(store), networks.find(name), terms)


def expected(name: str) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    lines = (CASES / name / "edges.tsv").read_text(encoding="utf-8").splitlines()
    values = dict(pair.split("=") for line in lines if line.startswith("# ") for pair in line[2:].split())
    rows = list(csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    assert tuple(rows[0]) == COLUMNS
    return sorted(map(tuple, rows[1:])), values


def test_every_projection_has_a_case() -> None:
    """A projection nobody has seen work is not one."""
    assert {query.name for query in networks.projections()} == {folder.name for folder in CASES.iterdir()}


@pytest.mark.parametrize("name", sorted(folder.name for folder in CASES.iterdir()))
def test_a_projection_makes_the_edges_of_its_case(name: str) -> None:
    rows, values = expected(name)
    network = project(name, values)
    assert rows == sorted(
        (
            *(edge.source, edge.relation_id or edge.relation, edge.target, edge.direction),
            *(str(edge.contested).lower(), str(edge.weight), " ".join(edge.assertions)),
        )
        for edge in network.edges
    )
    assert {end for edge in network.edges for end in (edge.source, edge.target)} == {node.id for node in network.nodes}
    assert [edge.id for edge in network.edges] == [f"e{i + 1}" for i in range(len(network.edges))]
    assert network.values == values


def test_an_edge_remembers_what_it_stands_for() -> None:
    """A picture must be traceable: claims with their words, sources, places, dates."""
    edge = next(e for e in project("effects", {}).edges if e.source == "technology:artificial-intelligence")
    assert edge.relation == "strengthens"
    assert edge.claims == ("claim:c2",)
    assert edge.statements == ("c2",)
    assert edge.sources == ("One 2025",)
    assert edge.dates == ("2025", "2025")


def test_the_title_names_the_values_of_the_parameters() -> None:
    network = project("neighbourhood", {"thing": "phenomenon:state-monopoly"})
    assert network.title == "What the claims about state monopoly tie together"


def test_an_unknown_network_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(networks.UsageError, match="did you mean 'effects'"):
        networks.find("efects")


def test_an_edge_is_dated_from_its_first_source_to_its_last() -> None:
    grounds = {
        f"{n}": {
            "claim": Cell(""),
            "source": Cell(iri, (iri,)),
            "place": Cell("¶ 1"),
            "contested": Cell(""),
            "stance": Cell(""),
        }
        for n, iri in enumerate(("late", "early", "undated"))
    }
    entry = networks._Gathered(assertions=list(grounds))
    edge = networks._edge("e1", ("a", "b", ""), entry, False, grounds, {"late": "2026", "early": "2020-05"})
    assert edge.dates == ("2020-05", "2026")


def test_a_degree_counts_each_edge_at_both_ends(small_store: Path) -> None:
    network = networks.project(local(open_store(small_store)), networks.find("effects"))
    ends = Counter(end for edge in network.edges for end in (edge.source, edge.target))
    assert {node.id: node.degree for node in network.nodes} == dict(ends)
