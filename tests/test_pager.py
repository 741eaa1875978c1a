"""A long answer on a terminal goes to the reader's pager, and nowhere else does one appear."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest


def on_terminal(founding: Path, pager: str, *words: str, lines: int = 24) -> tuple[int, str]:
    """Run `kg` with a terminal of so many lines for its stdout; return the exit code and what the terminal shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, 80, 0, 0))
    env = {**os.environ, "PAGER": pager, "KG_STORE": str(founding)}
    env.pop("COLUMNS", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *words], stdout=theirs, stderr=subprocess.DEVNULL, env=env, stdin=theirs
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # Linux tells the end of the other side so
        pass
    os.close(ours)
    return process.wait(), shown.decode().replace("\r\n", "\n")


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """Return a pager that says that it is one."""
    script = tmp_path / "pager"
    script.write_text("#!/bin/sh\necho PAGED\nexec cat\n")
    script.chmod(0o755)
    return script


def test_only_an_answer_longer_than_the_screen_is_paged(founding: Path, pager: Path) -> None:
    code, shown = on_terminal(founding, str(pager), "ask", "predictions")
    assert (code, shown.startswith("PAGED\n")) == (0, True)
    assert shown.rstrip().splitlines()[-1].startswith("15 rows")
    plain = on_terminal(founding, str(pager), "ask", "predictions", "--no-pager")
    assert plain == (0, shown.removeprefix("PAGED\n"))
    assert on_terminal(founding, str(pager), "ask", "predictions", lines=2000) == plain


@pytest.mark.parametrize("pager", ["true", "no-such-pager-here", "'", "cat", ""])
def test_a_pager_that_is_closed_or_missing_ends_quietly(founding: Path, pager: str) -> None:
    """One that ends at once leaves nothing to complain of; where there is none, the answer is printed."""
    code, shown = on_terminal(founding, pager, "ask", "predictions")
    assert code == 0
    assert (shown == "") == (pager == "true")


def test_a_file_and_a_pipe_are_never_paged(founding: Path, pager: Path, tmp_path: Path) -> None:
    assert on_terminal(founding, str(pager), "ask", "predictions", "-o", str(tmp_path / "a.md")) == (0, "")
    env = {**os.environ, "PAGER": str(pager), "KG_STORE": str(founding)}
    command = [sys.executable, "-m", "kg", "ask", "predictions", "-f", "table"]
    assert "PAGED" not in subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
