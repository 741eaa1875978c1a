"""What the tests of network exports share: jobs with a network, and the readers that live on npm."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg import export
from kg.ask import answer as ask
from kg.grounds import local
from kg.measure import networks
from kg.measure.networks import Edge, Network, Node
from kg.store import local as store

JS = Path(__file__).parent / "js"

NETWORK_FORMATS = [form.name for form in export.FORMATS if form.network]


@cache
def job_with(path: Path, name: str, language: str = "en", **given: str) -> export.Job:
    """Return a job over a built store with one of its networks."""
    engine = local(store.open_store(path))
    query = networks.find(name)
    values = {name: term for name, (term, _) in ask.resolve(engine, query, given).items()}
    network = networks.project(engine, query, values, language)  # type: ignore[arg-type]
    return export.Job(engine, store.read_seal(path) or {}, network, language=language)


def job_of_labels(labels: Sequence[str]) -> export.Job:
    """Return a job with a network whose nodes, relation, claims and definitions read like the labels; ends parallel."""
    nodes = tuple(Node(f"phenomenon:n{i}", label, "phenomenon", label, label, 2) for i, label in enumerate(labels))
    edges = []
    for i, label in enumerate(labels):
        ends = nodes[i].id, nodes[(i + 1) % len(nodes)].id
        for relation in (label, f"not {label}"):
            edges.append(
                Edge(
                    *(f"e{len(edges) + 1}", *ends, relation, "", "weakening", True, (f"claim:c{i}",), (label,)),
                    *((label,), (f"{label}, ¶ 1",), 1.0, ("2025", "2026-02"), (f"assertion:a{i}",)),
                )
            )
    network = Network("labels", labels[0], "SELECT * WHERE { ?s ?p ?o }", True, nodes, tuple(edges))
    return export.Job(lambda query: [], {"version": "0", "sha256": "0" * 64}, network)


def read_with_node(reader: str, file: Path) -> dict[str, Any]:
    """Read a file with `tests/js/read.cjs`; skip where npm's readers are not installed."""
    if not (JS / "node_modules").is_dir() or not shutil.which("node"):
        pytest.skip("npm's readers are not installed: npm ci --ignore-scripts --prefix tests/js")
    command = ["node", str(JS / "read.cjs"), reader, str(file)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr.strip(), done.stderr.decode()
    return json.loads(done.stdout)  # type: ignore[no-any-return]
