"""How fast this machine is at the moment: a limit in seconds of a processor is one of work, and machines differ."""

from __future__ import annotations

import time

NOMINAL = 0.027
"""Seconds that the work took on a quiet machine on which every limit was kept."""


def slowness() -> float:
    """Return how many times as long this machine now takes as that one, at least 1, by the best of five runs."""
    return max(1.0, min(_work() for _ in range(5)) / NOMINAL)


def _work() -> float:
    start = time.process_time()
    found: dict[str, int] = {}
    for number in range(100_000):
        word = f"w{number % 977}"
        found[word] = found.get(word, 0) + number
    return time.process_time() - start
