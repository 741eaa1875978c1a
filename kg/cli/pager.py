"""A pager for an answer that is longer than the screen."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from kg import channels
from kg.cli.output import GREY


def paged(text: str, styled: bool = False) -> bool:
    """Show a text in the reader's pager: `PAGER`, else `less -FRX`; tell whether it was shown.

    Only on a terminal that it is too long for. A pager that is closed before the end has shown enough. Quiet lines are
    grey where letters may be `styled` and the pager is a `less` that passes them on.
    """
    program = _program()
    if not (program and sys.stdout.isatty() and _longer(text)):
        return False
    shown = channels.shaded(channels.terminal(text), *(GREY if styled and _passes_on(program) else ()))
    try:
        process = subprocess.Popen(program, stdin=subprocess.PIPE)
    except OSError:
        return False
    assert process.stdin
    # Ctrl-C is the pager's while it runs: less stops a search at it, another ends
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with suppress(OSError):
            process.stdin.write(shown.encode("utf-8", "backslashreplace"))
        with suppress(OSError):
            process.stdin.close()
        process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def _program() -> list[str]:
    """Return the pager's command line; empty for none."""
    given = os.environ.get("PAGER")
    if given is None:
        found = shutil.which("less")
        return [found, "-FRX"] if found else []
    try:
        words = shlex.split(given)
    except ValueError:
        return []
    return [] if words[:1] == ["cat"] else words


def _passes_on(program: list[str]) -> bool:
    """Tell whether a pager shows grey letters, and not the signs that make them: `less` does with `-R`."""
    options = [word for word in program[1:] if word.startswith("-") and not word.startswith("--")]
    given = "".join([*options, os.environ.get("LESS", "")])
    return Path(program[0]).name == "less" and "R" in given.upper()


def _longer(text: str) -> bool:
    """Tell whether a text has more lines than the terminal."""
    with suppress(OSError, ValueError):
        return text.count("\n") >= os.get_terminal_size(sys.stdout.fileno()).lines
    return False
