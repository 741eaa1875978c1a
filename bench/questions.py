"""Every ready question in a warm process, on the founding corpus and on made-up corpora that grow.

`python -m bench.questions 1000 10000 100000 > bench/QUESTIONS.md` writes the report: for each size the time of
every question with the grounds of its rows, how its time grew, and the plans of the slowest three.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from bench import corpus
from kg import ask, grounds, pipeline
from kg.queries import Query

PATIENCE = 2.0
"""Seconds after which a question is not measured again."""


class Measured(NamedTuple):
    """A question's best time in milliseconds, and the rows of its answer."""

    ms: float
    rows: int


class Step(NamedTuple):
    """One operator of a plan, with the rows that it gave and the milliseconds that it and those below it took."""

    depth: int
    name: str
    rows: int
    ms: float


def write(folder: Path, quads: Iterable[ox.Quad]) -> Path:
    """Write quads as a store on disk, as a build would, and close it."""
    store = ox.Store(str(folder))
    store.bulk_extend(quads)
    store.optimize()
    return folder


def measure(engine: grounds.Engine, question: Query, runs: int = 5) -> Measured:
    """Answer a question with its grounds `runs` times after a first time that warms up."""
    best, rows = float("inf"), 0
    for number in range(runs + 1):
        started = time.perf_counter()
        rows = len(ask.answer(engine, question, {}).rows)
        took = time.perf_counter() - started
        if number or took > PATIENCE:
            best = min(best, took)
        if took > PATIENCE:
            break
    return Measured(best * 1000, rows)


def plan(folder: Path, query: str) -> Iterator[Step]:
    """Yield the operators that the engine ran for a query, with its own counts; the command-line Oxigraph tells."""
    with tempfile.TemporaryDirectory() as work:
        told = Path(work) / "plan.json"
        command = ["oxigraph", "query", "--location", folder, "--union-default-graph", "--query", query]
        options = ["--results-format", "tsv", "--results-file", Path(work) / "rows", "--explain-file", told, "--stats"]
        subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield from _steps(json.loads(told.read_text())["plan"])


def _steps(node: dict[str, Any], depth: int = 0) -> Iterator[Step]:
    yield Step(depth, node["name"], node["number of results"], node["duration in seconds"] * 1000)
    for child in node["children"]:
        yield from _steps(child, depth + 1)


def growth(small: Measured, large: Measured, times: float) -> float:
    """Return how much faster the time grew than what is returned or, if that grew less, what is there."""
    return (large.ms / small.ms) / max(times, large.rows / max(small.rows, 1))
