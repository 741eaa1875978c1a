"""Every ready question in a warm process, on the founding corpus and on made-up corpora that grow.

`python -m bench.questions 1000 10000 100000 > bench/QUESTIONS.md` writes the report: the time of every question
with the grounds of its rows at each size, how its time grew, and the plans of the slowest three.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from bench import corpus
from kg import grounds, names, pipeline
from kg.ask import answer as ask
from kg.ask import find as questions
from kg.load.inputs import Inputs
from kg.queries import Query, bind, nodes

_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s $property ?o }"

_HEAD = """# How long the ready questions take

Milliseconds of an answer with the grounds of its rows, and in brackets its rows, written by
`python -m bench.questions {}` (Oxigraph {}, Python {}, {} cores): a warm process, the
defaults of all parameters, the best of three after one that warms up; beyond two seconds, one alone. The founding
corpus stands on disk, as `kg ask` opens it; the made-up ones in memory, so that growth is that of the questions
and not that of a cache which a large database outgrows.

Growth is that of the time between the last two sizes, divided by the growth of the rows or of the property
named in the question that grew most, whichever is more: 1 is linear. Tensions grow with the square of the
made-up corpus, because its vocabulary stays the same; a question that reads all of them (`theories-disagree`,
`theories-challenged`, `both-sides`) shows more than 1, because the properties that it names belong to the links
of support and refinement too, which do not. A test counts the work of every question in rows instead of time.

The plans are the engine's own, on disk: for each operator the rows that it gave and the milliseconds that it
took with those below it, which is longer than without counting.
"""

PATIENCE = 2.0
"""Seconds after which a question is not measured again."""


class Measured(NamedTuple):
    """A question at one size: its best time, the rows of its answer, the quads of each property that it names."""

    ms: float
    rows: int
    quads: dict[str, int]
    query: str


class Step(NamedTuple):
    """One operator of a plan: how deep it stands, the rows that it gave, the time that it and those below it took."""

    depth: int
    name: str
    rows: int
    ms: float


def write(folder: Path, quads: Iterable[ox.Quad]) -> None:
    """Write quads as a database on disk and close it."""
    store = ox.Store(str(folder))
    store.bulk_extend(quads)
    store.optimize()


def measure(store: ox.Store, question: Query, runs: int = 3) -> Measured:
    """Answer a question with its grounds `runs` times after a first time that warms up."""
    engine, times = grounds.local(store), []
    for _ in range(runs + 1):
        started = time.perf_counter()
        answer = ask.answer(engine, question, {})
        times.append(time.perf_counter() - started)
        if times[-1] > PATIENCE:
            break
    return Measured(min(times[1:] or times) * 1000, len(answer.rows), named(store, question), answer.query)


def named(store: ox.Store, question: Query) -> dict[str, int]:
    """Return how many quads the store has of each property that a question names."""
    words = {names.expand(word) for word in re.findall(r"\b[a-z]+:[A-Za-z]+\b", question.text)}
    engine = grounds.local(store)
    return {p.value: int(engine(bind(_COUNT, property=p))[0]["n"].value) for p in nodes(sorted(words))}


def growth(small: Measured, large: Measured) -> float:
    """Return by how much the time grew, over what grew most of the rows and the properties that the question names."""
    scanned = (large.quads[iri] / count for iri, count in small.quads.items() if count)
    return (large.ms / small.ms) / max(large.rows / max(small.rows, 1), *scanned)


def plan(folder: Path, query: str) -> Iterator[Step]:
    """Yield the operators that the engine ran for a query, as the command-line Oxigraph tells them."""
    with tempfile.TemporaryDirectory() as work:
        told = Path(work, "plan.json")
        command = ["oxigraph", "query", "--location", folder, "--union-default-graph", "--query", query]
        options = ["--results-format", "tsv", "--results-file", Path(work, "rows"), "--explain-file", told, "--stats"]
        subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        yield from _steps(json.loads(told.read_text())["plan"])


def _steps(node: dict[str, Any], depth: int = 0) -> Iterator[Step]:
    name = re.sub(r"<([^>]+)>", lambda m: names.compact(m[1]), node["name"])
    yield Step(depth, name, node["number of results"], node["duration in seconds"] * 1000)
    for child in node["children"]:
        yield from _steps(child, depth + 1)


def report(table: dict[str, list[Measured]], sizes: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table, the slowest at the largest size first."""
    yield f"| question | {' | '.join(sizes)} | growth |"
    yield f"|---|{'---:|' * (len(sizes) + 1)}"
    for name, cells in table.items():
        shown = " | ".join(f"{cell.ms:,.1f} ({cell.rows:,})" for cell in cells)
        yield f"| `{name}` | {shown} | {f'{growth(*cells[-2:]):.1f}' if len(cells) > 2 else ''} |"


def main(sizes: tuple[int, ...] = ()) -> None:
    """Print the report in Markdown; without sizes, of the founding corpus alone."""
    founding = pipeline.load(Inputs.of())
    table: dict[str, list[Measured]] = {question.name: [] for question in questions.catalogue()}
    titles = ["founding", *(f"{size:,} claims" for size in sizes)]
    with tempfile.TemporaryDirectory() as work:
        for title, size in zip(titles, (0, *sizes), strict=True):
            started, folder = time.perf_counter(), Path(work, title)
            store = corpus.store_of(founding, size)
            print(f"{title}: {len(store):,} quads in {time.perf_counter() - started:.0f} s", file=sys.stderr)
            if title in (titles[0], titles[-1]):
                write(folder, store)
            if not size:
                store = ox.Store.read_only(str(folder))
            for name, cells in table.items():
                cells.append(measure(store, questions.find(name)))
                print(f"  {name}: {cells[-1].ms:,.0f} ms", file=sys.stderr)
        table = dict(sorted(table.items(), key=lambda item: -item[1][-1].ms))
        print(_HEAD.format(" ".join(map(str, sizes)), ox.__version__, platform.python_version(), os.cpu_count()))
        print(*report(table, titles), sep="\n")
        for name, cells in list(table.items())[:3]:
            print(f"\n## The plan of `{name}`, {titles[-1]}\n\n```")
            for step in plan(folder, cells[-1].query):
                print(f"{step.rows:>12,} {step.ms:>10,.0f}  {'  ' * step.depth}{step.name}")
            print("```")


if __name__ == "__main__":
    main(tuple(int(word) for word in sys.argv[1:]))
