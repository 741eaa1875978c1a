"""Timing of whole commands, in turn, so that ratios hold where seconds do not."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence


def alternate(commands: Mapping[str, Sequence[str]], runs: int = 9) -> dict[str, float]:
    """Run the commands in turn `runs` times after one warm-up; return the median wall seconds of each."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    # an installed package has its bytecode; a shell that forbids writing it would have each run compile anew
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for number in range(runs + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
            if number:
                times[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in times.items()}
