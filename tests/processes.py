"""Real processes for tests: `kg` as a user starts it, with the signals, limits and streams that a shell gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


def command(*words: str | Path) -> list[str]:
    """Return the command line of `kg` in a process of its own."""
    return [sys.executable, "-m", "kg", *map(str, words)]


def process(*words: str | Path, before: Sequence[str] = (), **more: Any) -> subprocess.CompletedProcess[str]:
    """Run `kg` to its end; `before` stands before the command."""
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.run([*before, *command(*words)], text=True, timeout=600, **more)


def shell(line: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `kg` is the program."""
    kg = f'kg() {{ {sys.executable} -m kg "$@"; }}\n'
    return subprocess.run(["bash", "-c", kg + line], capture_output=True, text=True, timeout=600, **more)


def started(code: str, *words: str | Path, **more: Any) -> subprocess.Popen[str]:
    """Start a process that runs some Python and then `kg`; return once it says `ready` on stderr.

    The Python may call `wait()`, which takes a minute.
    """
    # A signal just before a long sleep begins would be noticed only after it: so many short ones.
    wait = "def wait():\n    for _ in range(600):\n        time.sleep(0.1)\n"
    script = f"import sys, time\n{wait}{code}\nfrom kg.__main__ import main\nsys.exit(main())"
    words = (sys.executable, "-c", script, *map(str, words))
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, **more)
    assert child.stderr is not None
    line = child.stderr.readline()
    assert line == "ready\n", line + child.stderr.read()
    return child


def without_rights() -> list[str]:
    """Return what stands before a command so that root has no more rights than a file's mode gives to its owner."""
    if os.geteuid():
        return []
    words = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    if not shutil.which("setpriv") or subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("root cannot give up its rights here: setpriv of util-linux does that")
    return words


def one_line(err: str) -> bool:
    """Tell whether a fault was told as errors are: one line, and hints below it."""
    lines = [line for line in err.splitlines() if not line.startswith(("  hint: ", "Which "))]
    return "Traceback" not in err and len(lines) == 1 and "error: " in lines[0]
