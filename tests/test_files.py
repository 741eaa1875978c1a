"""Files and folders that the user names: filled, never replaced; nothing of a process that was stopped stays."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest
from processes import process, started
from small import Run

from kg import files
from kg.errors import UsageError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(f.name for f in folder.iterdir())


# ── folders ──────────────────────────────────────────────────────────────────────────────────────────

FOLDERS = ["csv", "vault", "neo4j-csv", "dna"]


@pytest.mark.parametrize("name", FOLDERS)
def test_an_empty_folder_is_filled_not_replaced(name: str, kg: Run, tmp_path: Path) -> None:
    """Its mode, its owner, and whoever stands in it, stay."""
    folder = tmp_path / "mine"
    folder.mkdir()
    folder.chmod(0o750)
    (tmp_path / "link").symlink_to("mine")
    before = folder.stat().st_ino
    assert kg("export", name, "-o", tmp_path / "link")[0] == 0
    assert (folder.stat().st_ino, mode(folder), (tmp_path / "link").is_symlink()) == (before, 0o750, True)
    assert names(folder) and not [n for n in names(folder) if n.startswith(".")]
    assert kg("export", name, "-o", tmp_path / "new")[0] == 0
    assert {f.relative_to(folder): f.read_bytes() for f in folder.rglob("*") if f.is_file()} == {
        f.relative_to(tmp_path / "new"): f.read_bytes() for f in (tmp_path / "new").rglob("*") if f.is_file()
    }
    assert names(tmp_path) == ["link", "mine", "new"]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_with_something_in_it_or_a_file_is_refused(name: str, kg: Run, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for target in ("full", "file"):
        code, out, err = kg("export", name, "-o", tmp_path / target)
        assert (code, out) == (2, "") and err.startswith("error: ")
    assert kg("export", name)[0] == kg("export", name, "-o", "-")[0] == 2
    assert names(tmp_path) == ["file", "full"] and names(tmp_path / "full") == ["mine"]
    assert not Path("-").exists()


def test_the_pages_of_the_reference_are_written_one_by_one(kg: Run, tmp_path: Path) -> None:
    """A second `kg docs` writes over the first, and leaves what else is there."""
    site = tmp_path / "deep" / "site"
    assert kg("docs", "-o", site)[0] == 0
    (site / "mine.html").write_text("mine")
    (site / "terms.html").write_text("old")
    assert kg("docs", "-o", site)[0] == 0
    assert (site / "mine.html").read_text() == "mine" and (site / "terms.html").read_text() != "old"
    assert not [n for n in names(site) if n.startswith(".")]
    (tmp_path / "file").write_text("mine")
    assert kg("docs", "-o", tmp_path / "file")[0] == kg("docs", "-o", "-")[0] == 2
    assert (tmp_path / "file").read_text() == "mine" and not Path("-").exists()


# ── killed ───────────────────────────────────────────────────────────────────────────────────────────

HALF = """
def half(job, path):
    if path.suffix or {folder} is False:
        path.write_text("half")
    else:
        path.mkdir()
        (path / "half").write_text("half")
    print("ready", file=sys.stderr, flush=True)
    wait()

import kg.export.{module}
kg.export.{module}.{function} = half
"""

EXPORTS = {"bibtex": ("references", "bibtex", False), "vault": ("vault", "write", True)}


def half(name: str, target: Path | str, store: Path) -> subprocess.Popen[str]:
    """Start an export that has written half of it and waits."""
    module, function, folder = EXPORTS[name]
    code = HALF.format(module=module, function=function, folder=folder)
    return started(code, "export", name, "-o", target, "--store", store)


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda s: s.name)
@pytest.mark.parametrize("old", [True, False], ids=["over an old one", "anew"])
def test_a_process_that_is_stopped_leaves_nothing(
    name: str, number: signal.Signals, old: bool, small_store: Path, tmp_path: Path
) -> None:
    """Ctrl-C, `kill`, a closed terminal: 128 and the signal's number, no half file, yesterday's still there."""
    target = tmp_path / "out"
    if old:
        target.mkdir() if EXPORTS[name][2] else target.write_text("old")
    child = half(name, target, small_store)
    child.send_signal(number)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (128 + number, "")
    assert "Traceback" not in err and err.count("\n") <= 1
    assert names(tmp_path) == ["out"] * old
    if old and not EXPORTS[name][2]:
        assert target.read_text() == "old"
    assert not target.is_dir() or names(target) == []


@pytest.mark.parametrize("name", EXPORTS)
def test_what_a_killed_process_left_goes_with_the_next(name: str, kg: Run, small_store: Path, tmp_path: Path) -> None:
    """Nobody can clean up after SIGKILL but the next, who must not take what another is still writing."""
    (tmp_path / ".kg-notes").write_text("mine")
    (tmp_path / ".kg-0123456789abcdef").symlink_to("nowhere")
    dead, alive = half(name, tmp_path / "out", small_store), half(name, tmp_path / "other", small_store)
    try:
        assert len(names(tmp_path)) == 4
        dead.kill()
        dead.wait()
        assert kg("export", name, "-o", tmp_path / "out")[0] == 0
        assert len(names(tmp_path)) == 4, "the dead one's is gone, the live one's and the user's own are there"
    finally:
        alive.send_signal(signal.SIGTERM)
        alive.communicate(timeout=30)
    assert names(tmp_path) == [".kg-0123456789abcdef", ".kg-notes", "out"]


@pytest.mark.parametrize("form", ["-", "pipe"])
def test_an_export_to_a_stream_leaves_nothing_in_the_folder_for_temporary_files(
    form: str, small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    child = half("bibtex", "-" if form == "-" else tmp_path / "pipe", small_store)
    assert len(names(tmp_path / "tmp")) == 1
    assert mode(next((tmp_path / "tmp").iterdir())) == 0o600, "others read the same folder"
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=30)
    assert (child.returncode, names(tmp_path / "tmp")) == (143, [])
    child = half("bibtex", "-", small_store)
    child.kill()
    child.communicate()
    assert len(names(tmp_path / "tmp")) == 1
    assert process("export", "bibtex", "--store", small_store).returncode == 0
    assert names(tmp_path / "tmp") == []


def test_a_pipe_that_nobody_reads_can_be_given_up(small_store: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    words = ["export", "bibtex", "-o", str(tmp_path / "pipe"), "--store", str(small_store)]
    opening = "import builtins; was = open\ndef told(name, *more, **named):\n    if str(name).endswith('pipe'):\n"
    opening += "        print('ready', file=sys.stderr, flush=True)\n    return was(name, *more, **named)\n"
    for number in (signal.SIGTERM, signal.SIGINT):
        child = started(f"{opening}builtins.open = told", *words)
        time.sleep(0.2)
        assert child.poll() is None, "it waits for a reader"
        child.send_signal(number)
        _, err = child.communicate(timeout=30)
        assert child.returncode == 128 + number and "Traceback" not in err


# ── the module itself ────────────────────────────────────────────────────────────────────────────────


def test_an_error_in_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), files.replacing(target) as path:
        path.write_text("new")
        raise ZeroDivisionError
    with pytest.raises(UsageError, match="No space"), files.replacing(target) as path:
        raise OSError(28, "No space left on device")
    assert (names(tmp_path), target.read_text()) == (["x"], "old")


def test_a_rename_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x"
    target.write_text("old")

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for call in ("replace", "fsync"):
        with monkeypatch.context() as broken:
            broken.setattr(os, call, no_space)
            with pytest.raises(UsageError, match="No space left"):
                files.write_text(target, "new")
        assert (names(tmp_path), target.read_text()) == (["x"], "old")


def test_signals_are_as_before_when_all_is_written(tmp_path: Path) -> None:
    """A program that uses the package has its own ways with them."""
    before = [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)]
    files.write_text(tmp_path / "x", "x")
    assert [signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)] == before
    done: list[str] = []
    thread = threading.Thread(target=lambda: (files.write_text(tmp_path / "y", "y"), done.append("y")))
    thread.start()
    thread.join()
    assert done == ["y"], "no signal can be asked for outside the main thread; writing works there"


def test_many_at_once_in_one_folder_take_nothing_from_each_other(tmp_path: Path) -> None:
    faults: list[BaseException] = []

    def often(number: int) -> None:
        try:
            for turn in range(60):
                files.write_text(tmp_path / f"x{number}", f"{number} {turn}")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=often, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert names(tmp_path) == [f"x{n}" for n in range(6)]
    assert [(tmp_path / f"x{n}").read_text() for n in range(6)] == [f"{n} 59" for n in range(6)]


def test_what_is_written_is_utf_8_also_where_a_name_is_none(tmp_path: Path) -> None:
    """A file's name may hold bytes that are no text."""
    files.write_text(tmp_path / "x", "ä \udcff")
    assert (tmp_path / "x").read_bytes() == "ä \\udcff".encode()
    assert re.fullmatch(r"\.kg-[0-9a-f]{16}\.csv", files._new(tmp_path, ".csv", False, 0o600)[0].name)
