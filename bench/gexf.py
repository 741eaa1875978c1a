"""A network of 100,000 nodes and 300,000 edges to GEXF: ours, and networkx's writer with the same attributes.

Each writer runs in a process of its own, on the same network, made from the same seed. What is timed is writing
alone, as processor time, which other programs on the machine disturb less; the peak of memory is that of the
whole process, network included.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.export import Job, about, gexf, style
from kg.measure.networks import Edge, Network, Node

KINDS = ("actor", "technology", "mechanism", "phenomenon", "power", "risk")
RELATIONS = (("weakens", "weakening"), ("strengthens", "strengthening"), ("transforms", "other"))
SOURCES = tuple((f"Author {i} 20{i % 25:02}",) for i in range(200))
PLACES = tuple((f"{SOURCES[i % 200][0]}, Discussion, ¶ {i // 200}",) for i in range(10_000))


def network(nodes: int, edges: int) -> Network:
    """Make a network; one claim and one assertion an edge, 200 sources."""
    chance = random.Random(1)
    kinds = [chance.choice(KINDS) for _ in range(nodes)]
    ids = [f"{kind}:concept-{i}" for i, kind in enumerate(kinds)]
    made = []
    degree = [0] * nodes
    for i in range(edges):
        a, b, p = chance.randrange(nodes), chance.randrange(nodes), chance.randrange(len(PLACES))
        relation, direction = RELATIONS[i % 3]
        degree[a] += 1
        degree[b] += 1
        made.append(
            Edge(
                *(f"e{i + 1}", ids[a], ids[b], relation, f"relation:{relation}", direction, i % 7 == 0),
                *(
                    (f"claim:c{i}",),
                    (f"Concept {a} is said to have an effect on concept {b}.",),
                    SOURCES[p % 200],
                    PLACES[p],
                ),
                *(1.0, ("2025-11-06", "2025-11-06"), (f"assertion:a{i}",)),
            )
        )
    things = tuple(Node(ids[i], f"concept {i} & <co>", kinds[i], "", "", degree[i]) for i in range(nodes))
    return Network("bench", "A network to measure with", "SELECT", True, things, tuple(made))


def ours(made: Network, path: Path) -> float:
    """Write with our writer; return the seconds of the processor."""
    job = Job(lambda query: [], {"version": "0", "sha256": "0" * 64}, made)
    start = time.process_time()
    gexf.write(job, path)
    return time.process_time() - start


def theirs(made: Network, path: Path) -> float:
    """Write with networkx, which takes its attributes from a graph; return the seconds of writing."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    for node in made.nodes:
        data = {c.name: v for c in about.NODE if (v := c.get(node)) != ""}
        red, green, blue = style.rgb(style.look(node).fill)
        look = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}, "size": style.size(node), "shape": "disc"}
        graph.add_node(node.id, **data, viz=look)
    for edge in made.edges:
        data = {c.name: " | ".join(v) if isinstance(v, tuple) else v for c in about.EDGE if (v := c.get(edge)) != ""}
        red, green, blue = style.rgb(style.line(edge).color)
        look = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}, "thickness": style.width(edge)}
        graph.add_edge(
            edge.source, edge.target, key=edge.id, start=gexf.day(edge.dates[0]), label=edge.relation, **data, viz=look
        )
    start = time.process_time()
    nx.write_gexf(graph, path, version="1.3")
    return time.process_time() - start


def main(nodes: int = 100_000, edges: int = 300_000) -> dict[str, dict[str, float]]:
    """Measure both; print and return seconds, megabytes at the peak, and the size of the file."""
    found = {}
    for name in ("ours", "theirs"):
        command = [sys.executable, "-m", "bench.gexf", name, str(nodes), str(edges)]
        found[name] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        print(
            f"{name:7} {found[name]['seconds']:8.2f} s {found[name]['peak']:8.0f} MB {found[name]['file']:8.0f} MB file"
        )
    print(f"ratio   {found['theirs']['seconds'] / found['ours']['seconds']:8.1f}")
    return found


def measure(name: str, nodes: int, edges: int) -> None:
    """Run one writer in this process and print what it took, as JSON."""
    made = network(nodes, edges)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.gexf"
        seconds = {"ours": ours, "theirs": theirs}[name](made, path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak": peak, "file": path.stat().st_size / 1e6}))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
