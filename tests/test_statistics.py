"""The measures that `kg stats` prints, on networks small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

from small import Run

from kg.measure import statistics
from kg.measure.networks import Edge, Network, Node


def network(*pairs: tuple[str, str, float], directed: bool = True) -> Network:
    """Return a network of edges with their weights; degrees are counted anew by what is tested."""
    ids = sorted({end for one, other, _ in pairs for end in (one, other)})
    nodes = tuple(Node(id, id.upper(), "claim") for id in ids)
    edges = tuple(
        Edge(f"e{n}", one, other, "", "", "other", False, (), (), (), (), weight)
        for n, (one, other, weight) in enumerate(pairs, 1)
    )
    return Network("made", "Made by hand", "", directed, nodes, edges)


def test_in_and_out_are_counted_at_their_ends() -> None:
    rows = {row["node"]: row for row in statistics.network(network(("a", "b", 1), ("a", "c", 1), ("d", "a", 1)))}
    assert [rows["A"][name] for name in ("degree", "in", "out")] == ["3", "1", "2"]
    assert [rows["B"][name] for name in ("degree", "in", "out")] == ["1", "1", "0"]
    assert [rows["D"][name] for name in ("degree", "in", "out")] == ["1", "0", "1"]
    # of the six ordered pairs of others, two lie on a way through a: d to b and d to c
    assert (rows["A"]["betweenness"], rows["B"]["betweenness"]) == ("0.3333", "0.0000")


def test_an_undirected_network_has_no_in_and_out() -> None:
    (row, *_) = statistics.network(network(("a", "b", 1), directed=False))
    assert "in" not in row and "out" not in row


def test_degrees_are_sorted_as_numbers_and_ties_by_id() -> None:
    star = [("hub", f"n{i:02}", 1.0) for i in range(11)]
    rows = statistics.network(network(*star, ("n00", "n01", 1.0)))
    assert [(row["node_id"], row["degree"]) for row in rows[:4]] == [
        ("hub", "11"),
        ("n00", "2"),
        ("n01", "2"),
        ("n02", "1"),
    ]


def test_communities_are_numbered_by_size_and_parallel_edges_add_up() -> None:
    """The node between two groups belongs where its edges weigh more, all of them together."""
    left = [("a", "b", 2.0), ("b", "c", 2.0), ("a", "c", 2.0), ("c", "d", 2.0), ("a", "d", 2.0)]
    right = [("x", "y", 2.0), ("y", "z", 2.0), ("x", "z", 2.0)]
    # eight parallel edges of weight 1 to the right, then one of weight 3 to the left
    between = [*(("m", "x", 1.0) for _ in range(8)), ("m", "a", 3.0)]
    rows = {row["node_id"]: row["community"] for row in statistics.network(network(*left, *right, *between))}
    assert rows["m"] == rows["x"] == rows["y"] == rows["z"]
    assert rows["a"] == rows["b"] == rows["c"] == rows["d"] != rows["m"]
    pair = {row["node_id"]: row["community"] for row in statistics.network(network(*left, ("p", "q", 1.0)))}
    assert (pair["a"], pair["p"]) == ("1", "2")


def test_each_source_has_its_total(kg: Run) -> None:
    code, out, _ = kg("stats", "-f", "tsv")
    head, *rows = [line.split("\t") for line in out.splitlines()]
    assert (code, head) == (0, ["source", "kind", "claims", "assertions"])
    assert ["Doe 2026", "all", "4", "4"] in rows
    assert ["Doe 2026", "claim of effect", "2", "2"] in rows


def test_a_total_counts_assertions_where_a_claim_has_several(founding: Path) -> None:
    from kg.grounds import local
    from kg.store.local import open_store

    rows = statistics.counts(local(open_store(founding)))
    totals = {row["source"]: row for row in rows if row["kind"] == "all"}
    for source, total in totals.items():
        mine = [row for row in rows if row["source"] == source and row["kind"] != "all"]
        for name in ("claims", "assertions"):
            assert int(total[name]) == sum(int(row[name]) for row in mine)
    assert any(row["claims"] != row["assertions"] for row in totals.values())
