"""What the tests of the fence share."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from kg.store.fence import Fence
from kg.store.limits import Limits

TIGHT = Limits(seconds=2, memory=200 << 20, size=2 << 20, rows=20_000)
"""Small enough for a test to meet each limit soon."""

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"
"""Works for centuries, in little memory, and has one row to tell."""


def rows(fence: Fence, query: str) -> list[dict[str, Any]]:
    """Return the rows of a SELECT."""
    found: list[dict[str, Any]] = json.loads(fence.ask(query).data)["results"]["bindings"]
    return found


def pid(fence: Fence) -> int:
    """Return the process of its worker."""
    assert fence._worker
    return fence._worker.pid


def state(process: int) -> str:
    """Return the state of a process as the kernel has it: R, S, T, Z …; empty where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
    except OSError:
        return ""


def gone(process: int, within: float = 3) -> None:
    """Wait until a process runs no more: its first thread is dead, and there is no other."""
    until = time.monotonic() + within
    while state(process) and not (state(process) in "ZX" and len(os.listdir(f"/proc/{process}/task")) == 1):
        assert time.monotonic() < until, f"process {process} goes on ({state(process)})"
        time.sleep(0.01)


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def working(process: int, within: float = 20) -> int:
    """Wait until a child of a process has been busy for a moment; return it."""
    tick = os.sysconf("SC_CLK_TCK")
    until = time.monotonic() + within
    while time.monotonic() < until:
        for child in children(process):
            try:
                taken = Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2].split()[11]
            except OSError:
                continue
            if int(taken) > 0.4 * tick:
                return child
        time.sleep(0.01)
    raise AssertionError(f"process {process} has no child that works")
