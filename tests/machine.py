"""How fast this machine is: limits in seconds were set on one machine, and others take up to three times as long."""

from __future__ import annotations

import time

NOMINAL = 0.02
"""Seconds that the work took on the machine on which the limits were set."""


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
