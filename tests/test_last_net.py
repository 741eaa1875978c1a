"""The last net: whatever the machine or the user does to a command, it ends in an exit code and at most one line."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest
from processes import ROOT, command, one_line, process, shell, started, without_rights
from small import Run

from kg.__main__ import main


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, small_store: Path) -> None:
    monkeypatch.setenv("KG_STORE", str(small_store))
    for name in ("KG_DEBUG", "KG_TEXTS", "COLUMNS", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)


# ── what else may go wrong ───────────────────────────────────────────────────────────────────────────

FAULTS: list[tuple[BaseException, int, str]] = [
    (OSError(28, "No space left on device", "/x/y"), 2, "error: /x/y: No space left on device\n"),
    (OSError(24, "Too many open files"), 2, "error: Too many open files\n"),
    (OSError("odd"), 2, "error: odd\n"),
    (PermissionError(13, "Permission denied", b"/x\xff\x1b"), 2, "error: /x\\udcff\\x1b: Permission denied\n"),
    (MemoryError(), 2, "error: out of memory\n  hint: there was less than the command needs\n"),
    (RecursionError("maximum recursion depth exceeded"), 2, "error: the input is nested too deeply\n"),
    (RuntimeError("can't start new thread"), 2, "error: the machine lets no further thread start\n"),
    (UnicodeDecodeError("utf-8", b"ab\xff", 2, 3, "bad"), 2, "error: UTF-8 expected, byte 0xff found at 2\n"),
    (KeyboardInterrupt(), 130, ""),
    (BrokenPipeError(32, "Broken pipe"), 0, ""),
    (SystemExit(3), 3, ""),
    (SystemExit(None), 0, ""),
    (SystemExit("words"), 2, "words\n"),
]

BUGS: list[BaseException] = [
    ZeroDivisionError("division by zero"),
    KeyError("x\ny\x1b[31m"),
    ImportError("cannot import name 'x'", name="kg.ask"),
    ValueError("x" * 5000),
    RuntimeError("odd"),
    AssertionError(),
    StopIteration(),
    UnicodeEncodeError("ascii", "é", 0, 1, "bad"),
    GeneratorExit(),
    type("PanicException", (BaseException,), {})("index out of bounds"),
]


WAYS = {"at once": ["schema"], "by way of Typer": ["schema", "--", "coding"]}


def ended(fault: BaseException, way: str, kg: Run, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """Run a command that meets a fault."""

    def meet(**values: object) -> int:
        raise fault

    monkeypatch.setattr("kg.cli.exporting.schema", meet)
    return kg(*WAYS[way])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("fault", "code", "told"), FAULTS, ids=lambda v: repr(v)[:40])
def test_a_fault_of_the_surroundings_is_told_for_what_it_is(
    fault: BaseException, code: int, told: str, way: str, kg: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(fault, BrokenPipeError):
        monkeypatch.setattr("kg.cli.net.drop_stdout", lambda: None)
    found, out, err = ended(fault, way, kg, monkeypatch)
    assert (found, out, err) == (code, "", told)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", BUGS, ids=lambda v: type(v).__name__)
def test_a_bug_says_that_it_is_one_and_what_to_send(
    fault: BaseException, way: str, kg: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads a traceback but those who wrote the program, and they need to be told."""
    code, out, err = ended(fault, way, kg, monkeypatch)
    first, second = err.splitlines()
    assert (code, out) == (70, "")
    assert re.match(rf"error: a bug in airkg \S+ \(Python [\d.]+, \S+\.py:\d+\): {type(fault).__name__}:", first)
    assert len(first) < 700 and "\x1b" not in err
    assert second.startswith("  hint: send ") and "KG_DEBUG=1" in second and "https://w3id.org/airkg/" in second


@pytest.mark.parametrize("way", WAYS)
def test_the_traceback_can_be_seen(way: str, kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_DEBUG", "1")
    for fault, code in ((ZeroDivisionError("division by zero"), 70), (OSError(5, "Input/output error"), 2)):
        found, _, err = ended(fault, way, kg, monkeypatch)
        assert found == code
        assert "Traceback (most recent call last)" in err and "in meet" in err and type(fault).__name__ in err


def test_the_place_of_a_bug_is_the_innermost_line_of_ours(kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.tables._markdown", lambda *_: 1 // 0)
    code, _, err = kg("stats", "-f", "md")
    assert code == 70 and re.search(r"kg/tables\.py:\d+\)", err)


def test_without_a_home_the_store_s_place_is_asked_for(kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_STORE")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    code, out, err = kg("stats")
    assert (code, out) == (2, "") and one_line(err) and "KG_STORE" in err


def test_a_working_directory_that_is_gone_or_closed_is_no_matter(tmp_path: Path) -> None:
    """Commands that need it not answer; those that do, say so in a line."""
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = shell(f"mkdir {tmp_path}/x; cd {tmp_path}/x; rmdir ../x; kg stats -f json", env=there)
    assert done.returncode == 0 and done.stdout.startswith("[")
    done = shell(f"mkdir {tmp_path}/x; cd {tmp_path}/x; rmdir ../x; kg build --corpus . --alone", env=there)
    assert (done.returncode, done.stdout) == (2, "") and one_line(done.stderr)
    done = shell(f"mkdir {tmp_path}/x; cd {tmp_path}/x; rmdir ../x; kg stats -o here", env=there)
    assert (done.returncode, done.stdout) == (2, "") and one_line(done.stderr)
    (tmp_path / "y").mkdir()
    before = " ".join(without_rights())
    line = f"cd {tmp_path}/y; chmod 0 .; exec {before} {' '.join(command('stats', '-f', 'json'))}"
    done = shell(line, env=there)
    assert done.returncode == 0 and done.stdout.startswith("[")


def test_a_folder_for_temporary_files_that_is_not_there_is_no_matter(tmp_path: Path) -> None:
    done = process("export", "bibtex", env={**os.environ, "TMPDIR": str(tmp_path / "none")})
    assert done.returncode == 0 and "@article" in done.stdout


@pytest.fixture(scope="module")
def least_files() -> int:
    """How many open files this Python needs to come up at all: what it says with fewer is not ours to word."""
    return next(n for n in range(3, 20) if not shell(f"ulimit -n {n}; {sys.executable} -c pass").returncode)


@pytest.mark.parametrize("more", [0, 1, 4, 8, 16])
def test_too_few_open_files_are_one_line(more: int, least_files: int) -> None:
    done = shell(f"ulimit -n {least_files + more}; kg ask weakens")
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (2, "") and one_line(done.stderr)


def test_deep_recursion_and_little_memory_in_a_real_process_are_one_line() -> None:
    """Raised by Python itself, not by a test's hand."""
    for code, told in (
        ("def f(): return f()\nkg.cli.exporting.schema = lambda **_: f()", "nested too deeply"),
        ("kg.cli.exporting.schema = lambda **_: len(bytearray(1 << 62))", "out of memory"),
    ):
        child = started(f"import kg.cli.exporting\n{code}\nprint('ready', file=sys.stderr, flush=True)", "schema")
        out, err = child.communicate(timeout=60)
        assert (child.returncode, out) == (2, "") and one_line(err) and told in err


# ── exit codes ───────────────────────────────────────────────────────────────────────────────────────


def codes_in_readme() -> dict[int, str]:
    """Return the table of exit codes in the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("| exit code | when |\n|---|---|\n")[2].partition("\n\n")[0]
    return {int(code): when for code, when in re.findall(r"^\| (\d+) \| (.*) \|$", table, re.MULTILINE)}


def test_the_readme_s_exit_codes_are_the_program_s(
    kg: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_store: Path
) -> None:
    """One example of each; scripts are written by this table."""
    told = codes_in_readme()
    assert list(told) == [0, 1, 2, 70, 130]
    assert kg("stats")[0] == 0 and "head" in told[0]
    found, _, err = kg("explain", "state-monopoly", "EffectClaim")
    assert found == 1 and "no member" in err and "belongs to no such class" in told[1]
    assert kg("ask", "no-such-question")[0] == kg("stats", "-o", tmp_path / "no" / "x")[0] == 2 and "why" in told[2]
    assert ended(KeyError("x"), "at once", kg, monkeypatch)[0] == 70 and "KG_DEBUG=1" in told[70]
    assert ended(KeyboardInterrupt(), "at once", kg, monkeypatch)[0] == 130 and "Ctrl-C" in told[130]
    for number in (signal.SIGHUP, signal.SIGTERM):
        assert str(128 + number) in told[130] and number.name in told[130]
    codes = {int(n) for n in re.findall(r"exit_code = (\d+)", (ROOT / "kg" / "errors.py").read_text())}
    assert codes <= set(told)


def test_main_returns_a_code_and_never_raises() -> None:
    """A notebook or another program may call it."""
    assert main(["schema"]) == 0
    assert main(["no-such-command"]) == 2
    assert main(["--version"]) == 0
