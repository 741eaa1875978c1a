"""A long answer on a terminal goes to the reader's pager, and nowhere else does one appear."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest


def on_terminal(
    founding: Path, pager: str, *words: str, lines: int = 24, more: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run `kg` with a terminal of so many lines for its stdout; return the exit code and what the terminal gets."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, 80, 0, 0))
    env = {**os.environ, "PAGER": pager, "KG_STORE": str(founding)}
    for name in ("COLUMNS", "LESS", "NO_COLOR", "TERM"):
        env.pop(name, None)
    env.update(more or {})
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
    assert re.sub(r"\x1b\[\d+m", "", plain[1]) == shown.removeprefix("PAGED\n")
    assert on_terminal(founding, str(pager), "ask", "predictions", lines=2000) == plain


def test_what_is_shown_of_a_thing_is_paged_too(founding: Path, pager: Path) -> None:
    code, shown = on_terminal(founding, str(pager), "show", "china")
    assert (code, shown.startswith("PAGED\nname: China\n")) == (0, True)
    code, shown = on_terminal(founding, str(pager), "show", "china", "--no-pager")
    assert (code, shown.startswith("name: China\n")) == (0, True)


ON, OFF = "\x1b[2m", "\x1b[22m"


def test_the_grounds_of_cards_are_grey_line_by_line(founding: Path) -> None:
    """A pager shows lines one by one: none may leave the next one grey."""
    shown = on_terminal(founding, "cat", "ask", "loses-power")[1]
    grey = [line for line in shown.splitlines() if ON in line]
    assert grey and all(line.lstrip(" ").startswith(ON) and line.endswith(OFF) for line in grey)
    assert all(line.count("\x1b") == 2 for line in grey) and shown.count("\x1b") == 2 * len(grey)
    for line in shown.splitlines():
        assert not line.startswith("  ["), "grounds that are not grey"
    (card,) = (block for block in shown.split("\n\n") if block.startswith("As digital systems spread"))
    assert [ON in line for line in card.split("\n")] == [False] * 6 + [True] * 3
    assert "\ufe0b" not in shown


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_whoever_wants_no_grey_or_a_terminal_that_knows_none_gets_none(founding: Path, more: dict[str, str]) -> None:
    shown = on_terminal(founding, "cat", "ask", "loses-power", more=more)[1]
    assert "; endorses; " in shown and not {"\x1b", "\ufe0b"} & set(shown)


@pytest.mark.parametrize(("pager", "less", "grey"), [("less -R", "", True), ("less", "-R", True), ("less", "", False)])
def test_less_gets_grey_where_it_passes_it_on(
    tmp_path: Path, founding: Path, pager: str, less: str, grey: bool
) -> None:
    """By an option of its own, or in `LESS`; a stand-in of that name shows what it gets."""
    script = tmp_path / "less"
    script.write_text("#!/bin/sh\nexec cat\n")
    script.chmod(0o755)
    more = {"LESS": less} if less else {}
    shown = on_terminal(founding, pager.replace("less", str(script)), "ask", "loses-power", more=more)[1]
    assert (ON in shown) == grey and "weaken" in shown and "\ufe0b" not in shown


def test_a_file_and_a_pipe_have_no_mark_of_it(founding: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    on_terminal(founding, "cat", "ask", "loses-power", "-f", "table", "-o", str(file))
    env = {**os.environ, "COLUMNS": "80", "KG_STORE": str(founding)}
    command = [sys.executable, "-m", "kg", "ask", "loses-power", "-f", "table"]
    piped = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    for text in (file.read_text(encoding="utf-8"), piped):
        assert "; endorses; " in text and not {"\x1b", "\ufe0b"} & set(text)


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
