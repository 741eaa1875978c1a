"""Measures of the corpus and of networks: counts, degree, betweenness, communities."""

from __future__ import annotations

from typing import Any

from kg.grounds import Engine
from kg.measure.networks import Network
from kg.queries import bind

SEED = 2026

_COUNTS = """
SELECT ?source ?kind (COUNT(DISTINCT ?claim) AS ?claims) (COUNT(DISTINCT ?assertion) AS ?assertions)
WHERE {
  ?assertion a air:Assertion ; air:inSource/skos:prefLabel ?source ; air:asserts ?claim .
  ?claim a ?class . ?class rdfs:subClassOf air:Claim ; skos:prefLabel ?kind .
  FILTER(LANG(?kind) = "en")
}
GROUP BY ?source ?kind ORDER BY ?source ?kind
"""


def counts(engine: Engine) -> list[dict[str, str]]:
    """Return claims and assertions per source and kind, and per source in all."""
    rows = [{name: term.value for name, term in row.items()} for row in engine(bind(_COUNTS))]
    sources = list(dict.fromkeys(row["source"] for row in rows))
    for source in sources:
        mine = [row for row in rows if row["source"] == source]
        total = {name: str(sum(int(row[name]) for row in mine)) for name in ("claims", "assertions")}
        rows.append({"source": source, "kind": "all", **total})
    return rows


def network(projected: Network) -> list[dict[str, str]]:
    """Return one row per node: degree (in and out where directed), betweenness, community.

    Betweenness: Brandes' algorithm on the simple graph, normalised. Communities: Louvain on the undirected
    graph weighted by claims, with a fixed seed, numbered by size. Both as networkx defines them.
    """
    import networkx as nx

    simple: Any = nx.DiGraph() if projected.directed else nx.Graph()
    for node in projected.nodes:
        simple.add_node(node.id, label=node.label, kind=node.kind)
    for edge in projected.edges:
        before = simple.get_edge_data(edge.source, edge.target, {"weight": 0.0})["weight"]
        simple.add_edge(edge.source, edge.target, weight=before + edge.weight)
    betweenness = nx.betweenness_centrality(simple)
    groups = nx.community.louvain_communities(simple.to_undirected(), weight="weight", seed=SEED)
    groups = sorted(groups, key=lambda group: (-len(group), min(group)))
    community = {node: number for number, group in enumerate(groups, 1) for node in group}
    rows = []
    for node in projected.nodes:
        row = {"node": node.label, "kind": node.kind, "degree": str(simple.degree(node.id))}
        if projected.directed:
            row |= {"in": str(simple.in_degree(node.id)), "out": str(simple.out_degree(node.id))}
        row |= {
            "betweenness": f"{betweenness[node.id]:.4f}",
            "community": str(community[node.id]),
            "node_id": node.id,
        }
        rows.append(row)
    return sorted(rows, key=lambda row: (-int(row["degree"]), row["node_id"]))
