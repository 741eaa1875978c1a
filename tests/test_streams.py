"""Streams as a shell gives them: full, closed, of another encoding, of an absurd width; and what a terminal gets."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest
from processes import command, one_line, process, shell
from small import SELECT

PRINTS = {
    "ask": ["ask", "weakens", "-f", "json"],
    "list": ["ask"],
    "show": ["show", "state-monopoly"],
    "search": ["search", "states"],
    "sparql": ["sparql", SELECT],
    "export": ["export", "turtle"],
    "stats": ["stats"],
    "schema": ["schema"],
    "help": ["--help"],
    "help of a command": ["ask", "--help"],
    "version": ["--version"],
}
"""A command line for each way in which data reach stdout."""


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, small_store: Path) -> None:
    monkeypatch.setenv("KG_STORE", str(small_store))
    for name in ("KG_DEBUG", "KG_TEXTS", "COLUMNS", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)


# ── stdout and its like ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", PRINTS)
def test_a_full_disk_behind_stdout_is_one_line(name: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    with open("/dev/full", "wb") as full:
        done = process(*PRINTS[name], stdout=full)
    assert done.returncode == 2
    assert one_line(done.stderr) and "No space left on device" in done.stderr


@pytest.mark.parametrize("name", PRINTS)
def test_a_closed_stdout_is_one_line(name: str) -> None:
    """`kg … >&-` raised AttributeError; and the next file opened would have become stdout."""
    done = shell(f"kg {' '.join(map(quoted, PRINTS[name]))} >&-")
    assert (done.returncode, done.stdout) == (2, "") and one_line(done.stderr)


def quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


@pytest.mark.parametrize("name", PRINTS)
def test_a_reader_that_has_had_enough_is_no_error(name: str) -> None:
    """`kg … | head -1` ends quietly, also where all is already in the pipe when the reader goes."""
    line = " ".join(map(quoted, PRINTS[name]))
    done = shell(f"kg {line} | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}")
    assert done.stdout == "0\n" and "error" not in done.stderr.lower()
    done = shell(f"kg {line} | (exec <&-; sleep 1); echo ${{PIPESTATUS[0]}}")
    assert done.stdout == "0\n" and "rror" not in done.stderr


def test_words_do_not_get_among_the_data_where_stderr_is_closed() -> None:
    """`print(…, file=None)` prints to stdout."""
    rows = shell("kg ask weakens -f json 2>/dev/null").stdout
    assert rows.startswith("[")
    assert shell("kg ask weakens -f json 2>&-").stdout == rows
    done = shell("kg ask no-such-question 2>&-")
    assert (done.returncode, done.stdout) == (2, "")
    assert shell("kg ask weakens -f json <&- 2>&-").stdout == rows
    assert shell("kg ask weakens >&- 2>&-; echo $?").stdout == "2\n"
    if Path("/dev/full").exists():
        assert shell("kg ask weakens -f json 2>/dev/full").stdout == rows


def test_nothing_to_read_on_stdin_is_one_line() -> None:
    done = shell("kg sparql <&-")
    assert (done.returncode, done.stdout) == (2, "") and one_line(done.stderr)


@pytest.mark.parametrize(
    "locale",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=str,
)
def test_data_are_utf_8_in_any_locale(locale: dict[str, str]) -> None:
    """Persian raised UnicodeEncodeError in an ASCII locale; JSON, TSV and Turtle are UTF-8 by definition."""
    there = {**os.environ, **locale}
    for words in (["ask", "weakens", "--lang", "fa"], ["export", "turtle"], ["ask", "weakens", "-f", "table"]):
        plain = subprocess.run(command(*words), capture_output=True, check=True)
        done = subprocess.run(command(*words), capture_output=True, env=there, check=True)
        assert done.stdout == plain.stdout
    assert "دولت" in subprocess.run(command("export", "turtle"), capture_output=True, env=there).stdout.decode()
    asked = subprocess.run(command("sparql"), input="SELECT ('ب' AS ?x) {}".encode(), capture_output=True, env=there)
    assert asked.stdout.decode() == "x\nب\n"


def on_a_terminal(*words: str, **more: Any) -> tuple[bytes, str, int]:
    """Run `kg` with stdout on a terminal; return what stands there, stderr, and the exit code."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(command(*words), stdout=theirs, stderr=subprocess.PIPE, **more)
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    _, told = child.communicate()
    os.close(ours)
    return shown, told.decode(errors="replace"), child.returncode


def test_a_terminal_gets_what_it_can_show() -> None:
    """An ASCII terminal shows other letters by their numbers, and no terminal gets what it would obey."""
    there = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "120"}
    shown, _, code = on_a_terminal("sparql", "SELECT ('ب' AS ?x) {}", env=there)
    assert code == 0 and b"\\u0628" in shown
    for form in ("table", "tsv", "json", "md", "csv"):
        query = 'SELECT ("red\\u001B[31m\\u009B\\u202E" AS ?x) {}'
        shown, _, code = on_a_terminal("sparql", query, "-f", form)
        assert code == 0 and b"\x1b" not in shown and b"\xc2\x9b" not in shown and "\u202e".encode() not in shown
        assert b"red" in shown


@pytest.mark.parametrize("columns", ["-5", "0", "1", "abc", "", "1000000000", "9" * 5000, "80 ", "٨٠", "1e3"])
def test_an_absurd_width_is_as_none(columns: str) -> None:
    """`COLUMNS=-5` was a traceback, and a thousand million columns no help at all."""
    there = {**os.environ, "COLUMNS": columns, "LINES": columns}
    for words in (["ask", "weakens", "-f", "table"], ["--help"], ["ask", "--help"], ["aks"]):
        done = process(*words, env=there)
        plain = process(*words)
        assert done.returncode == plain.returncode and "Traceback" not in done.stderr
        if columns != "٨٠":  # eighty, in digits that Python knows
            assert done.stdout == plain.stdout
