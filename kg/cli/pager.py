"""A pager for an answer that is longer than the screen."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

from kg import channels


def paged(text: str) -> bool:
    """Show a text in the reader's pager: `PAGER`, else `less -FRX`; tell whether it was shown.

    Only on a terminal that it is too long for. A pager that is closed before the end has shown enough.
    """
    program = _program()
    if not (program and sys.stdout.isatty() and _longer(text)):
        return False
    try:
        process = subprocess.Popen(program, stdin=subprocess.PIPE)
    except OSError:
        return False
    assert process.stdin
    # Ctrl-C is the pager's while it runs: less stops a search at it, another ends
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with suppress(OSError):
            process.stdin.write(channels.terminal(text).encode("utf-8", "backslashreplace"))
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


def _longer(text: str) -> bool:
    """Tell whether a text has more lines than the terminal."""
    with suppress(OSError, ValueError):
        return text.count("\n") >= os.get_terminal_size(sys.stdout.fileno()).lines
    return False
