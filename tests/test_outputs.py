"""Where output goes: every command's `-o` writes whole or not at all, through links and pipes, and leaves nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from processes import process, shell, without_rights
from small import SELECT, Run, Small

from kg.cli.table import COMMANDS

WRITERS = {
    "ask": ["ask", "weakens"],
    "ask, all questions": ["ask"],
    "ask --values": ["ask", "weakens", "--values"],
    "ask --explain": ["ask", "weakens", "--explain"],
    "show": ["show", "state-monopoly"],
    "search": ["search", "states"],
    "sparql": ["sparql", SELECT],
    "check": ["check", "--ontology"],
    "coverage": ["coverage", "--corpus", "CORPUS", "--alone", "--texts", "TEXTS"],
    "explain": ["explain", "machines-weaken-state-monopoly", "StateMonopolyErosionClaim", "--corpus", "CORPUS"],
    "export, all formats": ["export"],
    "export": ["export", "bibtex"],
    "export of a network": ["export", "mermaid"],
    "stats": ["stats"],
    "stats of a network": ["stats", "--network", "effects"],
    "schema": ["schema"],
}
"""A command line for each way in which a file is written; `-o` and a name follow."""

QUICK = {name: words for name, words in WRITERS.items() if name not in ("check", "coverage", "explain")}


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(f.name for f in folder.iterdir())


@pytest.fixture
def words(request: pytest.FixtureRequest, small: Small) -> list[str]:
    """The command line of a writer, with the small corpus in its place."""
    line = WRITERS[request.param]
    return [str(small.root) if w == "CORPUS" else str(small.texts) if w == "TEXTS" else w for w in line]


def test_every_command_that_takes_a_file_is_tried_here() -> None:
    takes = {c.name for c in COMMANDS if any("--output" in o.names for o in c.options)}
    assert {line[0] for line in WRITERS.values()} | {"docs"} == takes


@pytest.mark.parametrize("words", WRITERS, indirect=True)
def test_a_file_holds_what_stdout_would_and_a_link_stays_a_link(words: list[str], kg: Run, tmp_path: Path) -> None:
    """A link in a folder of results was replaced by a file, and what it pointed to kept yesterday's rows."""
    code, out, _ = kg(*words)
    assert code in (0, 1) and (out or words[0] == "check")
    (tmp_path / "target").write_text("old")
    (tmp_path / "middle").symlink_to("target")
    (tmp_path / "link").symlink_to(tmp_path / "middle")
    assert kg(*words, "-o", tmp_path / "link")[:2] == (code, "")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "middle").is_symlink()
    assert (tmp_path / "target").read_text() == out
    assert kg(*words, "-o", "-")[:2] == (code, out)
    assert not Path("-").exists()
    assert set(names(tmp_path)) <= {"corpus", "link", "middle", "target", "texts"}


@pytest.mark.parametrize("name", QUICK)
def test_a_pipe_is_written_through(name: str, kg: Run, tmp_path: Path) -> None:
    """A named pipe was replaced by a file, and its reader waited for ever."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    assert kg(*QUICK[name], "-o", pipe)[:2] == (0, "")
    reader.join(10)
    assert read == [kg(*QUICK[name])[1]]
    assert stat.S_ISFIFO(pipe.stat().st_mode) and names(tmp_path) == ["pipe"]


@pytest.mark.parametrize("name", QUICK)
def test_a_folder_is_never_replaced_by_a_file(name: str, kg: Run, tmp_path: Path) -> None:
    for folder in (tmp_path / "empty", tmp_path / "full"):
        folder.mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "link").symlink_to("empty")
    for target in ("empty", "full", "link", "empty/", "new/"):
        code, out, err = kg(*QUICK[name], "-o", f"{tmp_path / target}{'/' * target.endswith('/')}")
        assert (code, out) == (2, "") and err.count("error") == err.count("\n") == 1
    assert names(tmp_path) == ["empty", "full", "link"] and names(tmp_path / "full") == ["mine"]


@pytest.mark.parametrize("name", QUICK)
def test_modes_are_kept_and_new_files_are_as_the_umask_says(name: str, kg: Run, tmp_path: Path) -> None:
    with umask(0o027):
        assert kg(*QUICK[name], "-o", tmp_path / "new")[0] == 0
        assert mode(tmp_path / "new") == 0o640
        for kept in (0o600, 0o666, 0o755):
            (tmp_path / "new").chmod(kept)
            assert kg(*QUICK[name], "-o", tmp_path / "new")[0] == 0
            assert mode(tmp_path / "new") == kept
    with umask(0o077):
        assert kg(*QUICK[name], "-o", tmp_path / "own")[0] == 0
        assert mode(tmp_path / "own") == 0o600


def test_an_owner_stays_where_that_may_be(kg: Run, tmp_path: Path) -> None:
    """Root writes a report into a user's folder; the user must be able to write it again."""
    if os.geteuid():
        pytest.skip("only root may give files away")
    file = tmp_path / "out.csv"
    file.write_text("old")
    file.chmod(0o604)
    os.chown(file, 12345, 54321)
    assert kg("stats", "-o", file)[0] == 0
    assert (file.stat().st_uid, file.stat().st_gid, mode(file)) == (12345, 54321, 0o604)


def test_the_bibliography_is_written_the_same_way(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "works.bib").symlink_to("real.bib")
    assert kg("ask", "weakens", "--bib", tmp_path / "works.bib")[0] == 0
    assert (tmp_path / "works.bib").is_symlink() and "@article" in (tmp_path / "real.bib").read_text()
    (tmp_path / "folder.bib").mkdir()
    assert kg("ask", "weakens", "--bib", tmp_path / "folder.bib")[0] == 2
    assert names(tmp_path) == ["folder.bib", "real.bib", "works.bib"]


# ── devices and descriptors ──────────────────────────────────────────────────────────────────────────


def test_a_device_is_never_replaced_also_by_root(kg: Run, tmp_path: Path) -> None:
    """`kg export … -o /dev/null` as root cost the machine its /dev/null."""
    null = tmp_path / "null"
    try:
        os.mknod(null, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        null.write_bytes(b"x")
    except OSError:
        pytest.skip("no device can be made here: that wants root")
    for line in QUICK.values():
        assert kg(*line, "-o", null)[:2] == (0, "")
        assert stat.S_ISCHR(null.stat().st_mode) and names(tmp_path) == ["null"]


def test_a_descriptor_of_the_shell_is_written_where_it_stands(small_store: Path, tmp_path: Path) -> None:
    """`-o /dev/stdout >> log` must not cost the log; `-o >(gzip > …)` and `3> file` are descriptors, too."""
    here = {"cwd": tmp_path, "env": {**os.environ, "KG_STORE": str(small_store)}}
    rows = shell("kg stats", **here).stdout
    assert rows
    done = shell("echo head > log; kg stats -o /dev/stdout >> log; echo foot >> log", **here)
    assert (done.returncode, (tmp_path / "log").read_text()) == (0, f"head\n{rows}foot\n")
    assert shell("exec 3> three; echo head >&3; kg stats -o /dev/fd/3", **here).returncode == 0
    assert (tmp_path / "three").read_text() == f"head\n{rows}"
    assert shell("kg stats -o /proc/self/fd/1 | cat", **here).stdout == rows
    assert shell("kg stats -o >(cat > four; touch done); while [ ! -e done ]; do sleep 0.1; done", **here).stderr == ""
    assert (tmp_path / "four").read_text() == rows
    assert names(tmp_path) == ["done", "four", "log", "three"]


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_is_one(kg: Run, tmp_path: Path) -> None:
    """`-o x.xlsx` held TSV, `export assertions -o x.xlsx` CSV; Excel opened neither."""
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    for line in (["ask", "weakens"], ["stats"], ["sparql", SELECT], ["export", "assertions"]):
        assert kg(*line, "-o", tmp_path / "x.XLSX" if line[0] == "stats" else tmp_path / "x.xlsx")[0] == 0
        file = tmp_path / ("x.XLSX" if line[0] == "stats" else "x.xlsx")
        found = [[str(cell or "") for cell in row] for row in openpyxl.load_workbook(file).active.values]
        form = ["-f", "csv"] if line[0] != "export" else ["-f", "tsv"]
        text = kg(*line, *form)[1]
        assert found == list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if line[0] == "export" else ","))


@pytest.mark.parametrize(
    ("line", "suffix"),
    [
        (["ask", "weakens"], ".ods"),
        (["stats"], ".html"),
        (["sparql", SELECT, "-f", "csv"], ".xlsx"),
        (["export", "assertions"], ".trig"),
        (["export", "assertions", "-f", "json"], ".csv"),
        (["export", "gexf"], ".graphml"),
        (["export", "csv"], ".csv"),
        (["export", "csv", "-q", "weakens"], ".xlsx"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else value,
)
def test_a_suffix_that_promises_another_form_is_refused(line: list[str], suffix: str, kg: Run, tmp_path: Path) -> None:
    """A file whose name lies is opened by the wrong program, or by none."""
    code, out, err = kg(*line, "-o", tmp_path / f"x{suffix}")
    assert (code, out, names(tmp_path)) == (2, "", [])
    assert err.startswith("error: ") and suffix in err


def test_a_suffix_is_a_form_in_commands_with_forms_of_their_own(kg: Run, small: Small, tmp_path: Path) -> None:
    """`check -o x.json` held lines for people, and the list of questions lost its parameters."""
    own = ["--corpus", str(small.root), "--alone"]
    for line in (
        ["ask"],
        ["check", "--ontology"],
        ["coverage", *own, "--texts", str(small.texts)],
        ["export", "assertions"],
    ):
        kg(*line, "-o", tmp_path / "x.json")
        assert json.loads((tmp_path / "x.json").read_text()) == json.loads(kg(*line, "-f", "json")[1])


def test_assertions_are_for_spreadsheets_as_csv_and_for_programs_as_tsv(
    kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that begins with `=` must not run in a spreadsheet, nor be changed for a program."""
    monkeypatch.setattr("kg.export.assertions.rows", lambda job: [{"statement": "=1+1", "claim": "claim:one"}])
    for suffix, found in (("csv", "'=1+1"), ("tsv", "=1+1"), ("json", "=1+1"), ("ndjson", "=1+1")):
        assert kg("export", "assertions", "-o", tmp_path / f"a.{suffix}")[0] == 0
        text = (tmp_path / f"a.{suffix}").read_text(encoding="utf-8-sig")
        assert re.findall("'?=1.1", text) == [found]
        assert kg("export", "assertions", "-f", suffix)[1].removeprefix("\ufeff").splitlines() == text.splitlines()
    assert kg("export", "assertions")[1].startswith("\ufeffassertion,"), "CSV unless another form is asked for"


def test_an_answer_without_rows_does_not_leave_the_old_rows(kg: Run, tmp_path: Path) -> None:
    file = tmp_path / "answer.md"
    file.write_text("| yesterday's rows |")
    code, _, err = kg("ask", "predictions", "-o", file)
    assert code == 0
    assert file.read_text().strip() and file.read_text().strip() in err


# ── what cannot be written ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", QUICK)
def test_a_folder_that_is_not_there_is_one_line(name: str, kg: Run, tmp_path: Path) -> None:
    code, out, err = kg(*QUICK[name], "-o", tmp_path / "no" / "x")
    assert (code, out, names(tmp_path)) == (2, "", [])
    assert err == f"error: {tmp_path}/no/x cannot be written: No such file or directory\n" or (
        err.endswith("cannot be written: No such file or directory\n") and err.count("\n") <= 2
    )


def test_no_name_and_a_loop_of_links_are_one_line(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert kg("stats", "-o", tmp_path / "a")[2].endswith("cannot be written: Too many levels of symbolic links\n")
    assert kg("stats", "-o", "")[::2] == (2, "error: -o found without a name\n")
    assert kg("stats", "-o", tmp_path / ("x" * 300))[2].endswith("cannot be written: File name too long\n")
    assert names(tmp_path) == ["a", "b"]


def test_a_name_of_the_greatest_length_can_be_written(kg: Run, tmp_path: Path) -> None:
    """What stands beside it meanwhile needs no longer a name."""
    assert kg("stats", "-o", tmp_path / ("x" * 255))[0] == 0


READ_ONLY = [["stats"], ["export", "bibtex"], ["schema"], ["ask", "weakens"]]


@pytest.mark.parametrize("line", READ_ONLY, ids=" ".join)
def test_a_read_only_folder_or_file_is_one_line_and_stays(
    line: list[str], small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that may not be written is not replaced either, as the shell's `>` would not."""
    monkeypatch.setenv("KG_STORE", str(small_store))
    closed = tmp_path / "closed"
    closed.mkdir()
    for file in (tmp_path / "x.bib", closed / "x.bib", tmp_path / "x.csv", closed / "x.csv"):
        file.write_text("old")
        file.chmod(0o444 if file.parent == tmp_path else 0o666)
    closed.chmod(0o555)
    name = "x.bib" if line[0] == "export" else "x.csv"
    for target in (closed / "new", closed / name, tmp_path / name):
        done = process(*line, "-o", target, before=without_rights())
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.endswith(f"error: {target} cannot be written: Permission denied\n")
    assert names(closed) == ["x.bib", "x.csv"] and names(tmp_path) == ["closed", "x.bib", "x.csv"]
    assert {f.read_text() for f in tmp_path.rglob("x.*")} == {"old"}


def small_disk() -> None:
    """Let no file grow beyond a hundred bytes: a full disk as a process sees it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


@pytest.mark.parametrize("name", QUICK)
def test_a_full_disk_is_one_line_and_the_old_file_stays(
    name: str, small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_STORE", str(small_store))
    file = tmp_path / "out"
    file.write_text("old")
    done = process(*QUICK[name], "-o", file, preexec_fn=small_disk)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"error: {file} cannot be written: File too large"
    assert "Traceback" not in done.stderr
    assert names(tmp_path) == ["out"] and file.read_text() == "old"
