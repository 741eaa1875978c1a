"""The command line: data on stdout, words on stderr, exit codes, forms, and messages that say what to do."""

from __future__ import annotations

import contextlib
import csv
import importlib
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import NAME, Small, write_small

from kg import pipeline, resources, tables
from kg.__main__ import main
from kg.cli.arguments import Command, parse
from kg.cli.table import COMMANDS, command
from kg.errors import QueryError
from kg.loaders.vocabulary import Vocabulary
from kg.sparql import refuse_federation
from kg.store import current

SELECT = (
    "SELECT ?claim ?text WHERE { ?claim a air:EffectClaim ; air:statement ?text . FILTER(LANG(?text) = 'en') } "
    "ORDER BY ?claim"
)
ROWS = [
    ["claim:machines-leave-state-monopoly", "Artificial intelligence leaves the monopoly of states as it was."],
    ["claim:machines-weaken-state-monopoly", "Artificial intelligence weakens the monopoly of states."],
]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    """A store with the small corpus, built once; tests only read it."""
    root = tmp_path_factory.mktemp("cli")
    small = write_small(root / "corpus", root / "texts", vocabulary)
    examine, pipeline.examine = pipeline.examine, lambda asserted, derived: []
    try:
        pipeline.build(small.inputs, root / "store")
    finally:
        pipeline.examine = examine
    return root / "store"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kg(store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process: exit code, stdout, stderr. No terminal, the small store."""
    monkeypatch.setenv("KG_STORE", str(store))
    monkeypatch.delenv("KG_TEXTS", raising=False)

    def run(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(map(str, words)))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def process(*words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run `kg` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "kg", *map(str, words)], capture_output=True, text=True, **more)


# ── forms of output ─────────────────────────────────────────────────────────────────────────────────


def test_data_goes_to_stdout_and_words_to_stderr(kg: Run) -> None:
    """`kg … > file` holds data alone."""
    code, out, err = kg("sparql", SELECT)
    assert (code, err) == (0, "")
    assert [line.split("\t") for line in out.splitlines()] == [["claim", "text"], *ROWS]


def test_each_form_holds_the_same_rows(kg: Run) -> None:
    """A form is a matter of taste; what it says is not."""
    assert list(csv.reader(io.StringIO(kg("sparql", SELECT, "-f", "csv")[1]))) == [["claim", "text"], *ROWS]
    as_objects = [dict(zip(("claim", "text"), row, strict=True)) for row in ROWS]
    assert json.loads(kg("sparql", SELECT, "-f", "json")[1]) == as_objects
    assert [json.loads(line) for line in kg("sparql", SELECT, "-f", "ndjson")[1].splitlines()] == as_objects
    assert kg("sparql", SELECT, "--format=md")[1].splitlines() == [
        "| claim | text |",
        "| --- | --- |",
        *(f"| {' | '.join(row)} |" for row in ROWS),
    ]
    assert "  ".join(ROWS[0]) in kg("sparql", SELECT, "-f", "table")[1]


def test_a_row_of_an_answer_names_its_grounds(kg: Run) -> None:
    """No answer without a passage: each row says who, where, in whose voice, how firmly, and what stands against it."""
    code, out, _ = kg("ask", "weakens", "-f", "json")
    (row,) = [row for row in json.loads(out) if row["claim_id"] == "claim:machines-weaken-state-monopoly"]
    assert code == 0
    assert row["claim"] == "Artificial intelligence weakens the monopoly of states."
    assert row["source"] == "Doe 2026"
    assert row["place"] == "Introduction, ¶ 1; Conclusion, ¶ 1"
    assert (row["voice"], row["stance"], row["hedge"]) == ("own", "endorses", "categorical")
    assert row["contested"] == "Artificial intelligence leaves the monopoly of states as it was."


def terminal(*words: str | Path, columns: int = 100) -> tuple[str, str, int]:
    """Run `kg` with stdout on a terminal; return what stands there, stderr, and the exit code."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns)}
    command_line = [sys.executable, "-m", "kg", *map(str, words)]
    child = subprocess.Popen(command_line, stdout=theirs, stderr=subprocess.PIPE, env=environment)
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
    return shown.decode().replace("\r\n", "\n"), told.decode(), child.returncode


def test_a_table_on_a_terminal_and_tsv_in_a_pipe(store: Path) -> None:
    """People read tables, programs read columns, and nobody has to say which they are."""
    shown, told, code = terminal("sparql", SELECT, "--store", store, columns=60)
    assert (code, told) == (0, "")
    assert "\t" not in shown
    assert "───" in shown
    assert all(len(line) <= 60 for line in shown.splitlines())
    piped = process("sparql", SELECT, "--store", store)
    assert piped.stdout.splitlines()[0] == "claim\ttext"


def test_a_question_on_a_terminal_says_what_was_asked_on_stderr(store: Path) -> None:
    """The sentence is for the reader; `> file` would not hold it."""
    shown, told, code = terminal("ask", "weakens", "--store", store)
    assert code == 0
    assert "Which mechanisms weaken state monopoly?" in told
    assert "Artificial intelligence weakens the monopoly of states." in shown
    assert "\t" not in shown


def test_output_to_a_file_is_the_same_and_its_suffix_is_its_form(kg: Run, tmp_path: Path) -> None:
    """`-o works.json` means JSON."""
    for form in ("json", "ndjson", "csv", "tsv", "md"):
        file = tmp_path / f"out.{form}"
        assert kg("sparql", SELECT, "-o", file)[:2] == (0, "")
        assert file.read_text() == kg("sparql", SELECT, "-f", form)[1]
    assert kg("sparql", SELECT, "-o", tmp_path / "out")[0] == 0
    assert (tmp_path / "out").read_text() == kg("sparql", SELECT)[1]


def test_a_file_is_written_whole_or_left_as_it_was(kg: Run, tmp_path: Path) -> None:
    """A query that fails, or a directory that is not there, must not cost yesterday's answer."""
    file = tmp_path / "out.csv"
    file.write_text("yesterday")
    assert kg("sparql", "SELECT", "-o", file)[0] == 2
    assert kg("ask", "no-such-question", "-o", file)[0] == 2
    assert file.read_text() == "yesterday"
    code, out, err = kg("sparql", SELECT, "-o", tmp_path / "nowhere" / "out.csv")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"error: .*/nowhere/out\.csv cannot be written: No such file or directory\n", err)
    assert kg("sparql", SELECT, "-o", tmp_path)[0] == 2
    assert sorted(f.name for f in tmp_path.iterdir()) == ["out.csv"], "no half-written file stays"


def test_a_reader_that_stops_reading_is_no_error(store: Path) -> None:
    """`kg … | head -1` ends quietly."""
    words = [sys.executable, "-m", "kg", "sparql", "SELECT * WHERE { ?s ?p ?o }", "--store", str(store)]
    writer = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    told = writer.stderr.read()
    writer.wait()
    assert (writer.returncode, told) == (0, b"")


CELLS = st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), max_size=4)


@given(cells=CELLS, width=st.integers(0, 120))
def test_any_table_fits_any_terminal(cells: list[list[str]], width: int) -> None:
    """A narrow window makes a table high, not wrong."""
    shown = tables.table(["one", "two", "three"], cells, width)
    assert shown.count("─") >= 3
    if "".join(map("".join, cells)).isascii():
        least = 3 * 4 + 2 * 2
        assert all(len(line) <= max(width, least) for line in shown.splitlines())


@given(cells=CELLS)
def test_any_cell_comes_back_from_csv_and_tsv(cells: list[list[str]]) -> None:
    """Tabs, quotation marks and line breaks in a statement must not make new columns."""
    columns = ["one", "two", "three"]
    rows = [dict(zip(columns, cell, strict=True)) for cell in cells]
    folded = [[re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(" ") for text in cell] for cell in cells]
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        text = tables.write(form, columns, rows)
        assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == [columns, *folded]
    assert json.loads(tables.write("json", columns, rows)) == rows


# ── what is wrong, and what to do ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ask", "weekens"], "error: no question is named 'weekens'\n  hint: did you mean 'weakens'?\n"),
        (
            ["ask", "weakens", "--phenomenom", "trust"],
            "error: question 'weakens' has no parameter 'phenomenom'\n  hint: did you mean 'phenomenon'?\n",
        ),
        (
            ["ask", "weakens", "--phenomenon", "state-monopolly"],
            "error: phenomenon 'state-monopolly' is not in the graph\n  hint: did you mean 'state-monopoly'?\n",
        ),
        (["ask", "weakens", "-p", "phenomenon"], "error: parameter 'phenomenon' found, name=value expected\n"),
        (
            ["show", "state-monopolly"],
            "error: nothing is named 'state-monopolly'\n  hint: did you mean 'state-monopoly'?\n",
        ),
        (["schema", "codng"], "error: no form is named 'codng'\n  hint: coding or source\n"),
        (
            ["build", "--alone"],
            "error: --alone found without --corpus\n  hint: name the directory of your own sources\n",
        ),
        (["anchor"], "error: the sources' texts are needed\n  hint: --texts DIR, or set KG_TEXTS\n"),
        (["coverage"], "error: the sources' texts are needed\n  hint: --texts DIR, or set KG_TEXTS\n"),
        (["sparql", "SELECT", "-i", "x.rq"], "error: a query and --input found, one of them expected\n"),
        (["sparql", "-i", "no-such.rq"], "no-such.rq: error: cannot be read: [Errno 2] No such file"),
        (["build", "--corpus", "/no/such"], "/no/such: error: the directory is not there\n"),
        (["ask", "weakens", "--store", "/dev/null/x"], "error: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_name_or_value_that_is_not_there_is_told_with_the_nearest(kg: Run, words: list[str], told: str) -> None:
    """Exit code 2, nothing on stdout, and one line with a hint."""
    code, out, err = kg(*words)
    assert (code, out) == (2, "")
    assert err.startswith(told) or told in err


UNKNOWN = [["aks"], ["ask", "weakens", "-f", "xml"], ["show"], ["build", "--no-such"], ["ask", "x", "--lang", "de"]]


@pytest.mark.parametrize("words", UNKNOWN, ids=" ".join)
def test_what_the_command_line_does_not_know_is_explained(kg: Run, words: list[str]) -> None:
    """Typer explains it; the exit code is that of every error."""
    code, out, err = kg(*words)
    assert (code, out) == (2, "")
    assert "Usage: kg" in err


def test_version_and_help_are_data(kg: Run) -> None:
    """They were asked for: stdout, exit code 0."""
    import kg as package

    assert kg("--version") == (0, f"{package.__version__}\n", "")
    for words in (["--help"], ["-h"], *([c.name, "--help"] for c in COMMANDS)):
        code, out, err = kg(*words)
        assert (code, err) == (0, "")
        assert "Usage: kg" in out
    assert all(c.name in kg("--help")[1] for c in COMMANDS)


def test_a_sparql_fault_is_told_with_line_and_column(kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the query as it was typed, whatever prefixes were put before it."""
    file = tmp_path / "mine.rq"
    file.write_text("# a comment\nSELECT ?s WHERE {\n  ?s a air:Claim .\n  ?s nowhere:x ?y\n}\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = kg("sparql", "-i", "mine.rq")
    assert (code, out) == (2, "")
    assert err.startswith("mine.rq:4:15: error: not SPARQL: an undeclared prefix found before this place\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT ?s WHERE { ?s a air:Claim } ORDER"))
    assert kg("sparql")[2].startswith("query:1:41: error: not SPARQL: ")
    assert kg("sparql", "INSERT DATA { air:a air:b air:c }")[0] == 2


def test_a_query_is_taken_from_an_argument_a_file_or_stdin(
    kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And every kind of query has its rows."""
    (tmp_path / "mine.rq").write_text(SELECT)
    expected = kg("sparql", SELECT)[1]
    assert kg("sparql", "-i", tmp_path / "mine.rq")[1] == expected
    monkeypatch.setattr("sys.stdin", io.StringIO(SELECT))
    assert kg("sparql")[1] == expected
    assert kg("sparql", "ASK { claim:firms-own-the-cables a air:Claim }")[1] == "answer\ntrue\n"
    made = "CONSTRUCT { ?a air:x ?b } WHERE { ?a air:supports ?b }"
    assert kg("sparql", made)[1].splitlines() == [
        "subject\tpredicate\tobject",
        "claim:firms-own-the-cables\tair:x\tclaim:machines-weaken-state-monopoly",
    ]
    assert kg("sparql", "SELECT ?x (<<( air:a air:b air:c )>> AS ?t) WHERE { }")[0] == 0


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * WHERE { SERVICE <http://x.org/> { ?s ?p ?o } }", 1, 18),
        ("SELECT *\nWHERE {\n  service ?x { } }", 3, 3),
        ("SELECT * WHERE { # harmless\rSERVICE <http://x.org/> { } }", 1, 29),
        ('SELECT * WHERE { ?s ?p """a"b""" . SERVICE <http://x.org/> { } FILTER(?p = " ") }', 1, 36),
        ("SELECT * WHERE { ?s ?p '''a'b''' . SERVICE <http://x.org/> { } FILTER(?p = ' ') }", 1, 36),
        ("SELECT * WHERE { <http://x.org/a\\u0041#b> ?p ?o . SERVICE <http://x.org/> { } }", 1, 51),
        ("SELECT * WHERE { air:a\\#b ?p ?o . SERVICE <http://x.org/> { } }", 1, 35),
        ("SELECT * WHERE { air:a\\'b ?p ?o . SERVICE <http://x.org/> { ?s ?p 'x' } }", 1, 35),
        ("SELECT * WHERE { FILTER(?a<?b) SERVICE <http://x.org/> { } FILTER(?c>?d) }", 1, 32),
    ],
)
def test_a_query_that_would_call_another_server_is_refused(query: str, line: int, column: int) -> None:
    """The engine follows SERVICE over the network without a time limit, and nothing may hide one from us."""
    with pytest.raises(QueryError, match="SERVICE found") as caught:
        refuse_federation(query, Path("query"))
    assert (caught.value.place.line, caught.value.place.column) == (line, column)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { ?s ?p 'the SERVICE of states' }",
        "SELECT * WHERE { ?s ?p '''public\nSERVICE''' } # SERVICE",
        "SELECT * WHERE { <http://x.org/SERVICE> air:service ?service }",
        "SELECT ?services WHERE { ?s air:x ?services }",
    ],
)
def test_the_word_service_in_a_text_is_no_call(query: str) -> None:
    """A scholar may look for claims about services."""
    if "air:service ?service" not in query:
        refuse_federation(query, Path("query"))


# ── a scholar's own corpus ──────────────────────────────────────────────────────────────────────────


def test_a_corpus_of_one_s_own_goes_all_the_way(
    kg: Run, tmp_path: Path, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside the repository: five mistakes, each told in one line; then anchor, check, coverage, build, ask."""
    small = write_small(tmp_path / "mine", tmp_path / "copies", vocabulary)
    small.path("anchors.lock").unlink()
    monkeypatch.chdir(tmp_path)
    own = ("--corpus", "mine", "--alone")
    norm = "    stance: {}\n    hedge: categorical\n    mode: norm"
    cause = "      cause: {}\n      effect: leaves"
    mistakes = [
        (norm.format("endorses"), norm.format("endorse")),
        (cause.format("artificial-intelligence"), cause.format("artificial-inteligence")),
        ("attributed-to: [roe2020]", "attributed-to: [roe2002]"),
        ("      action: train", "      acton: train"),
        ("date: 2026-11-21", "date: 21.11.2026"),
    ]
    places = [small.edit("coding.yaml", old, new) for old, new in mistakes]
    code, out, err = kg("build", *own, "--store", "store")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "mine/doe2026/anchors.lock: error: the file is not there",
        "  hint: `kg anchor` writes it from your copy of the text; --texts says where that is",
        f"mine/doe2026/coding.yaml:{places[4][0]}:7: error: '21.11.2026' found, a day expected (2025-11-06)",
        f"mine/doe2026/coding.yaml:{places[1][0]}:14: error: 'artificial-inteligence' is no term of the vocabulary",
        "  hint: did you mean 'artificial-intelligence'?",
        f"mine/doe2026/coding.yaml:{places[2][0]}:21: error: work 'roe2002' is not in the references",
        "  hint: did you mean 'roe2020'?",
        "mine/doe2026/coding.yaml:52:7: error: key 'action' is missing, which a claim of kind prescription must have",
        f"mine/doe2026/coding.yaml:{places[3][0]}:7: error: unknown key 'acton'",
        "  hint: did you mean 'action'?",
        f"mine/doe2026/coding.yaml:{places[0][0]}:13: error: "
        "stance 'endorse' is not one of endorses, reports, contests",
        "  hint: did you mean 'endorses'?",
    ]
    assert not Path("store").exists()
    for old, new in mistakes:
        small.edit("coding.yaml", new, old)

    assert kg("anchor", *own, "--texts", "copies") == (0, "", f"{NAME}: 10 passages anchored\n")
    code, out, err = kg("coverage", *own, "--texts", "copies", "-f", "json")
    assert code == 1, "a heading is neither cited nor left out"
    assert [(c["source"], c["sentences"], len(c["open"])) for c in json.loads(out)] == [(NAME, 9, 1)]
    code, out, err = kg("build", *own, "--store", "store")
    assert (code, out) == (0, "")
    assert re.match(rf"built: 4 claims, 4 assertions, \d+ quads from {NAME}\nstore\n", err)
    assert kg("build", *own, "--store", "store")[2].startswith("nothing has changed: 4 claims")
    rows = json.loads(kg("ask", "weakens", "--store", "store", "-f", "json")[1])
    assert [row["claim_id"] for row in rows] == ["claim:machines-weaken-state-monopoly"]


def test_a_source_s_own_folder_is_a_corpus_too(kg: Run, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--corpus .` where one is at work."""
    monkeypatch.chdir(small.folder)
    assert kg("anchor", "--corpus", ".", "--alone", "--texts", "../../texts")[0] == 0


def test_findings_are_exit_code_1_and_faults_exit_code_2(kg: Run, small: Small) -> None:
    """A script can tell a graph that breaks a rule from a file that cannot be read."""
    own = ("--corpus", small.root, "--alone")
    code, _, err = kg("check", *own, "--texts", small.texts)
    assert code == 0
    assert f"1 sources, 4 assertions; anchors verified against {small.texts}; 0 violations" in err
    bad = "  - claim: machines-weaken-state-monopoly\n"
    line, _ = small.edit("coding.yaml", "  - claim: firms-own-the-cables\n", bad)
    code, out, err = kg("check", *own)
    assert code == 1
    assert f"doe2026/coding.yaml:{line}:5: error: link:machines-weaken-state-monopoly" in out
    assert "anchors not verified: no --texts" in err
    rows = json.loads(kg("check", *own, "-f", "json")[1])
    assert {"severity", "rule", "focus", "message", "value", "place"} == set(rows[0])
    assert kg("build", *own, "--store", small.root.parent / "store")[0] == 1
    small.edit("coding.yaml", "coder: tester", "coder: The Tester")
    assert kg("check", *own)[0] == kg("build", *own, "--store", small.root.parent / "store")[0] == 2


def test_without_a_store_the_founding_corpus_is_built_first(
    kg: Run, small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first question of a new user is answered, and the wait explained."""
    resource = resources.resource
    monkeypatch.setattr(resources, "resource", lambda name: small.root if name == "corpus" else resource(name))
    monkeypatch.setattr(pipeline, "examine", lambda asserted, derived: [])
    where = tmp_path / "data" / "store"
    code, out, err = kg("ask", "weakens", "--store", where, "-f", "json")
    assert code == 0
    assert err.startswith(f"no store at {where}: building the founding corpus first\n")
    assert json.loads(out)[0]["source"] == "Doe 2026"
    assert current(where) is not None
    assert kg("ask", "weakens", "--store", where, "-f", "json") == (0, out, "")


# ── showing ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        "phenomenon:state-monopoly",
        "state-monopoly",
        "State Monopoly",
        "https://w3id.org/airkg/id/phenomenon/state-monopoly",
    ],
)
def test_a_thing_is_shown_by_id_slug_label_or_iri(kg: Run, name: str) -> None:
    """Whatever a reader has copied from somewhere."""
    code, out, _ = kg("show", name, "-f", "table")
    assert code == 0
    assert out.startswith("name: state monopoly\nid: phenomenon:state-monopoly\n")
    assert "Artificial intelligence weakens the monopoly of states." in out


NAMED = ["claim:firms-own-the-cables", "work:roe2020", "roe2020", "source:doe2026", "actor:technology-firms"]


@pytest.mark.parametrize("name", NAMED)
def test_claims_works_sources_and_actors_can_be_shown(kg: Run, name: str) -> None:
    """Everything that an answer names can be asked about."""
    code, out, err = kg("show", name, "-f", "table")
    assert (code, err.count("error")) == (0, 0)
    assert name.rpartition(":")[2] in out


def test_a_hostile_name_is_not_run_as_a_query(kg: Run) -> None:
    """Text from the command line is bound, never formatted into a query."""
    for name in ("actor:x> } #", "actor:x\n} #", 'actor:x" . ?s ?p ?o', "http://x.org/\t"):
        code, out, err = kg("show", name)
        assert (code, out) == (2, "")
        assert err.startswith("error: nothing is named")


# ── speed: what is not imported ─────────────────────────────────────────────────────────────────────

IMPORTED = """
import sys
from kg.__main__ import main
try:
    main(sys.argv[1:])
finally:
    print("\\n" + " ".join(sorted(sys.modules)), file=sys.stderr)
"""


def imported(*words: str | Path) -> set[str]:
    """Return the names of all modules that a command line imports, packages' own names."""
    run = subprocess.run([sys.executable, "-c", IMPORTED, *map(str, words)], capture_output=True, text=True, check=True)
    return set(run.stderr.splitlines()[-1].split())


def test_help_imports_none_of_the_heavy_libraries() -> None:
    """Help is what one types to find out; it must not take a second."""
    heavy = {"rdflib", "owlready2", "pyshacl", "starlette", "pydantic", "networkx", "pyoxigraph"}
    assert not imported("--help") & heavy


ANSWERED = [["ask", "weakens"], ["show", "state-monopoly"], ["sparql", SELECT]]


@pytest.mark.parametrize("words", ANSWERED, ids=lambda words: words[0])
def test_what_answers_at_once_imports_neither_typer_nor_what_builds(store: Path, words: list[str]) -> None:
    """A cold answer is mostly imports."""
    found = imported(*words, "--store", store)
    assert not found & {"typer", "click", "rich", "pydantic", "rdflib", "pyshacl", "owlready2", "networkx"}
    assert "pyoxigraph" in found


def test_the_package_itself_imports_nothing(tmp_path: Path) -> None:
    """`import kg` in a notebook costs nothing until something is used."""
    code = "import sys, kg; print(' '.join(m for m in sys.modules if m.startswith('kg')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["kg"]


def test_what_the_package_says_is_public_is_there() -> None:
    """`__all__` is a promise."""
    import kg as package

    for name in package.__all__:
        assert getattr(package, name) is not None
    assert dir(package) == sorted(package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        package.nothing  # noqa: B018


# ── one definition of the arguments ─────────────────────────────────────────────────────────────────


def lines_of(chosen: Command) -> st.SearchStrategy[list[str]]:
    """Return command lines of known and unknown options and words, in any order."""
    value = st.sampled_from(["weakens", "x=y", "a b", "trust", "en", "json", "-", "", "سلام", "1"])
    pieces = [st.lists(value, min_size=1, max_size=1)]
    for option in chosen.options:
        if option.positional:
            continue
        for name in option.names:
            if option.flag:
                pieces.append(st.just([name]))
                continue
            legal = st.sampled_from(option.choices) if option.choices else value
            pieces.append(legal.map(lambda v, name=name: [name, v]))
            if name.startswith("--"):
                pieces.append(legal.map(lambda v, name=name: [f"{name}={v}"]))
    if chosen.open:
        pieces.append(value.filter(bool).map(lambda v: ["--phenomenon", v]))
        pieces.append(value.filter(bool).map(lambda v: [f"--phenomenon={v}"]))
    return st.lists(st.one_of(pieces), max_size=5).map(lambda parts: [word for part in parts for word in part])


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[str]], dict[str, Any] | None]]:
    """What Typer makes of a command line, in place of running it; None where it refuses."""
    app = importlib.import_module("kg.cli.app")
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(app, "run", lambda name, values: found.append(values) or 0)
    monkeypatch.delenv("KG_TEXTS", raising=False)
    made = app.make_app()

    def run(words: list[str]) -> dict[str, Any] | None:
        found.clear()
        with contextlib.suppress(SystemExit):
            made(words, prog_name="kg", standalone_mode=True)
        return found[0] if found else None

    yield run


@pytest.mark.parametrize("chosen", COMMANDS, ids=lambda c: c.name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_quick_parser_reads_a_line_as_typer_does(
    chosen: Command, data: st.DataObject, typed: Callable[[list[str]], dict[str, Any] | None]
) -> None:
    """What it reads it reads alike; what it does not understand it leaves to Typer. Never a third meaning."""
    words = data.draw(lines_of(chosen))
    quick = parse(chosen, words)
    if quick is None:
        return
    slow = typed([chosen.name, *words])
    assert slow is not None, "the quick parser took what Typer refuses"
    falsy = {key: value for key, value in slow.items() if value or key in ("words", "extra")}
    assert {key: value for key, value in quick.items() if value or key in ("words", "extra")} == falsy
    assert quick.keys() == slow.keys()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ask", ["weakens", "--help"]),
        ("ask", ["weakens", "-f"]),
        ("ask", ["weakens", "-f", "xml"]),
        ("ask", ["weakens", "--phenomenon"]),
        ("ask", ["weakens", "--values=1"]),
        ("ask", ["--", "weakens"]),
        ("show", []),
        ("show", ["a", "b"]),
        ("show", ["a", "--other", "b"]),
        ("sparql", ["-x"]),
    ],
)
def test_what_the_quick_parser_does_not_understand_it_leaves_to_typer(name: str, words: list[str]) -> None:
    """Help and messages are Typer's."""
    chosen = command(name)
    assert chosen is not None
    assert parse(chosen, words) is None


def test_the_json_schema_knows_every_kind_and_slot(kg: Run) -> None:
    """An editor completes from it while a person types."""
    from kg.model import KINDS

    schema = json.loads(kg("schema", "coding")[1])
    text = json.dumps(schema)
    assert all(f'"const": "{kind}"' in text for kind in KINDS)
    assert all(f'"{slot.name}"' in text for kind in KINDS.values() for slot in kind.slots)
    needed = ["id", "csl", "languages", "license", "text", "sections"]
    assert json.loads(kg("schema", "source")[1])["required"] == needed
