"""Every ready question in a warm process, on the founding corpus and on made-up corpora that grow.

`python -m bench.questions 1000 10000 100000` prints, for each size, the time of every question, and names
the three slowest of the largest with the number of rows they return.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from bench import corpus
from kg import ask, grounds, pipeline
from kg.queries import Query


def measure(engine: grounds.Engine, questions: list[Query], runs: int = 3) -> Iterator[tuple[str, float, int]]:
    """Yield name, best milliseconds of an answer with its grounds, and its rows."""
    for question in questions:
        best, rows = float("inf"), 0
        for _ in range(runs):
            started = time.perf_counter()
            rows = len(ask.answer(engine, question, {}).rows)
            best = min(best, time.perf_counter() - started)
        yield question.name, best * 1000, rows


def main(sizes: tuple[int, ...] = ()) -> None:
    """Print a table; without sizes, the founding corpus alone."""
    import pyoxigraph as ox

    questions = ask.catalogue()
    founding = pipeline.load(pipeline.Inputs.of())
    whole = ox.Store()
    whole.bulk_extend([*founding.quads, *pipeline.derive(founding)])
    table = {name: [(ms, rows)] for name, ms, rows in measure(grounds.local(whole), questions)}
    for size in sizes:
        started = time.perf_counter()
        store = corpus.store_of(founding, size)
        print(f"{size} claims: {len(store)} quads, made and derived in {time.perf_counter() - started:.1f} s")
        for name, ms, rows in measure(grounds.local(store), questions, 1):
            table[name].append((ms, rows))
    print("question".ljust(32), "founding", *(f"{s:>16}" for s in sizes), "   ms (rows)")
    for name, cells in sorted(table.items(), key=lambda item: -item[1][-1][0]):
        print(name.ljust(32), *(f"{ms:9.1f} ({rows})".rjust(16) for ms, rows in cells))


if __name__ == "__main__":
    main(tuple(int(word) for word in sys.argv[1:]))
