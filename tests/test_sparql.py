"""SPARQL of one's own: from an argument, a file or stdin, told with line and column, and never over the network."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small import SELECT, Run

from kg.store.limits import LONGEST


def typed(text: str) -> io.TextIOWrapper:
    """Return a stdin that holds a text."""
    return io.TextIOWrapper(io.BytesIO(text.encode()))


def test_a_sparql_fault_is_told_with_line_and_column(kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the query as it was typed, whatever prefixes were put before it."""
    file = tmp_path / "mine.rq"
    file.write_text("# a comment\nSELECT ?s WHERE {\n  ?s a air:Claim .\n  ?s nowhere:x ?y\n}\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = kg("sparql", "-i", "mine.rq")
    assert (code, out) == (2, "")
    assert err.startswith("mine.rq:4:15: error: not SPARQL: an undeclared prefix found before this place\n")
    monkeypatch.setattr("sys.stdin", typed("SELECT ?s WHERE { ?s a air:Claim } ORDER"))
    assert kg("sparql")[2].startswith("query:1:41: error: not SPARQL: ")
    assert kg("sparql", "INSERT DATA { air:a air:b air:c }")[0] == 2


def test_a_query_is_taken_from_an_argument_a_file_or_stdin(
    kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And every kind of query has its rows."""
    (tmp_path / "mine.rq").write_text(SELECT)
    expected = kg("sparql", SELECT)[1]
    assert kg("sparql", "-i", tmp_path / "mine.rq")[1] == expected
    monkeypatch.setattr("sys.stdin", typed(SELECT))
    assert kg("sparql")[1] == expected
    assert kg("sparql", "ASK { claim:firms-own-the-cables a air:Claim }")[1] == "answer\ntrue\n"
    made = "CONSTRUCT { ?a air:x ?b } WHERE { ?a air:supports ?b }"
    assert kg("sparql", made)[1].splitlines() == [
        "subject\tpredicate\tobject",
        "claim:firms-own-the-cables\tair:x\tclaim:machines-weaken-state-monopoly",
    ]
    assert kg("sparql", "SELECT ?x (<<( air:a air:b air:c )>> AS ?t) WHERE { }")[0] == 0


def test_a_query_comes_from_a_regular_file_and_no_more_of_it_than_is_allowed(
    kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe in place of a file would hang, a device would fill the memory."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("loop").symlink_to("loop")
    Path("long.rq").write_text("#" * (LONGEST + 1))
    Path("latin.rq").write_bytes(b"SELECT *\n{ ?s ?p 'caf\xe9' }")
    for name, told in (
        ("pipe", "pipe: error: a pipe found, a file expected"),
        ("/dev/zero", "/dev/zero: error: a device found, a file expected"),
        ("loop", "loop: error: cannot be read: Too many levels of symbolic links"),
        ("none", "none: error: the file is not there"),
        ("long.rq", "long.rq: error: 65,537 bytes found, at most 65,536 expected"),
        ("latin.rq", "latin.rq:2:13: error: byte 0xe9 found, UTF-8 text expected\n  hint: save the file as UTF-8"),
    ):
        assert kg("sparql", "-i", name) == (2, "", f"{told}\n")
    assert kg("sparql", "-i", ".")[2].endswith(": error: a folder found, a file expected\n")
    Path("link").symlink_to("mine.rq")
    Path("mine.rq").write_text(SELECT)
    assert kg("sparql", "-i", "link") == kg("sparql", SELECT)


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ("yes |", "query: error: more than 65,536 bytes found, at most 65,536 expected in a query\n"),
        ("printf 'ASK {\\n\\351}' |", "query:2:1: error: byte 0xe9 found, UTF-8 text expected\n"),
        ("printf ' ' |", "error: no query found\n  hint: type one, name a file with -i, or send it to stdin\n"),
        ("<&-", "error: no query found\n  hint: type one, name a file with -i, or send it to stdin\n"),
    ],
)
def test_stdin_may_be_endless_empty_closed_or_no_text(small_store: Path, stdin: str, told: str) -> None:
    kg = f"{sys.executable} -m kg sparql --store {small_store}"
    line = f"{stdin} {kg}" if stdin.endswith("|") else f"{kg} {stdin}"
    run = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30)
    assert (run.returncode, run.stdout, run.stderr) == (2, "", told)


@pytest.mark.parametrize("seconds", ["0", "-1", "0.01", "86401", "1e9", "nan", "inf", "soon", "", "1,5", "\x1b[2J"])
def test_a_timeout_is_a_number_of_seconds(kg: Run, seconds: str) -> None:
    code, out, err = kg("sparql", SELECT, "--timeout", seconds)
    assert (code, out) == (2, "")
    assert err.startswith("error: --timeout '")
    assert err.endswith("' found, seconds from 0.1 to 86400 expected\n")
    assert "\x1b" not in err


def test_what_used_to_kill_the_process_is_one_line(kg: Run) -> None:
    told = "query:1:65: error: 65 brackets are open here, at most 64 expected\n"
    assert kg("sparql", "{" * 3000) == (2, "", told)


def test_terms_of_every_kind_are_shown_as_they_were(kg: Run) -> None:
    """They have come through a pipe."""
    query = """SELECT * { VALUES (?iri ?short ?text ?tagged ?typed ?directed ?none) {
      (<http://x.org/é> air:Claim "a\\tb\\n\\"c\\" \u202b" "سلام"@fa 1.5 "x"@en--ltr UNDEF) }
      BIND(<<( air:a air:b "c"@en )>> AS ?triple) }"""
    code, out, _ = kg("sparql", query, "-f", "json")
    assert code == 0
    assert json.loads(out) == [
        {
            "directed": "x",
            "iri": "http://x.org/é",
            "none": "",
            "short": "air:Claim",
            "tagged": "سلام",
            "text": 'a\tb\n"c" \u202b',
            "triple": '<https://w3id.org/airkg/ns/a> <https://w3id.org/airkg/ns/b> "c"@en',
            "typed": "1.5",
        }
    ]


def test_the_projects_prefixes_may_be_declared_otherwise(kg: Run) -> None:
    """What one declares oneself holds, and lines count as they were typed."""
    own = "PREFIX air: <http://x.org/>\nSELECT (air:a AS ?x) (claim:b AS ?y) { }"
    assert kg("sparql", own)[1] == "x\ty\nhttp://x.org/a\tclaim:b\n"
    assert kg("sparql", "PREFIX air: <http://x.org/>\nSELECT (air:a AS ?x) { } ORDER")[2].startswith("query:2:")
