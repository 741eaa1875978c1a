"""The command line: data on stdout, words on stderr, exit codes, forms, and messages that say what to do."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small import NAME, SELECT, Run, Small, write_small

from kg import pipeline, resources
from kg.cli.table import COMMANDS
from kg.load.vocabulary import Vocabulary
from kg.store.local import current

ROWS = [
    ["claim:machines-leave-state-monopoly", "Artificial intelligence leaves the monopoly of states as it was."],
    ["claim:machines-weaken-state-monopoly", "Artificial intelligence weakens the monopoly of states."],
]


def process(*words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run `kg` in a process of its own."""
    return subprocess.run([sys.executable, "-m", "kg", *map(str, words)], capture_output=True, text=True, **more)


# ── forms of output ─────────────────────────────────────────────────────────────────────────────────


def test_data_goes_to_stdout_and_words_to_stderr(kg: Run) -> None:
    """`kg … > file` holds data alone."""
    code, out, err = kg("sparql", SELECT)
    assert (code, err) == (0, "")
    assert [line.split("\t") for line in out.splitlines()] == [["claim", "text"], *ROWS]


def test_each_form_holds_the_same_rows(kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
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
    monkeypatch.setenv("COLUMNS", "120")
    assert "  ".join(ROWS[1]) in kg("sparql", SELECT, "-f", "table")[1]


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


def test_a_table_on_a_terminal_and_tsv_in_a_pipe(small_store: Path) -> None:
    """People read tables, programs read columns, and nobody has to say which they are."""
    shown, told, code = terminal("sparql", SELECT, "--store", small_store, columns=60)
    assert (code, told) == (0, "")
    assert "\t" not in shown
    assert "───" in shown
    assert all(len(line) <= 60 for line in shown.splitlines())
    piped = process("sparql", SELECT, "--store", small_store)
    assert piped.stdout.splitlines()[0] == "claim\ttext"


def test_a_question_on_a_terminal_says_what_was_asked_on_stderr(small_store: Path) -> None:
    """The sentence is for the reader; `> file` would not hold it."""
    shown, told, code = terminal("ask", "weakens", "--store", small_store, columns=300)
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


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_is_written_whole_or_left_as_it_was(kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    with monkeypatch.context() as full:
        full.setattr(os, "replace", no_space)
        assert kg("sparql", SELECT, "-o", file)[0] == 2
    assert file.read_text() == "yesterday"
    assert sorted(f.name for f in tmp_path.iterdir()) == ["out.csv"], "no half-written file stays"


def test_a_reader_that_stops_reading_is_no_error(small_store: Path) -> None:
    """`kg … | head -1` ends quietly."""
    words = [sys.executable, "-m", "kg", "sparql", "SELECT * WHERE { ?s ?p ?o }", "--store", str(small_store)]
    writer = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    told = writer.stderr.read()
    writer.wait()
    assert (writer.returncode, told) == (0, b"")


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
            "error: nothing is named 'state-monopolly'\n  hint: did you mean phenomenon:state-monopoly (state mon",
        ),
        (["schema", "codng"], "error: no form is named 'codng'\n  hint: coding or source\n"),
        (
            ["build", "--alone"],
            "error: --alone found without --corpus\n  hint: name the directory of your own sources\n",
        ),
        (["anchor"], "error: the sources' texts are needed\n  hint: --texts DIR, or set KG_TEXTS\n"),
        (["coverage"], "error: the sources' texts are needed\n  hint: --texts DIR, or set KG_TEXTS\n"),
        (["sparql", "SELECT", "-i", "x.rq"], "error: a query and --input found, one of them expected\n"),
        (["sparql", "-i", "no-such.rq"], "no-such.rq: error: the file is not there"),
        (["build", "--corpus", "/no/such"], "/no/such: error: the directory is not there\n"),
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


def test_anchor_writes_the_locks_or_says_that_it_wrote_none(kg: Run, small: Small, tmp_path: Path) -> None:
    """A command that did nothing must not look as if it had done its work."""
    own = ("--corpus", small.root, "--alone")
    lock = small.path("anchors.lock")
    before = lock.read_bytes()
    lock.write_bytes(b"{}")
    (tmp_path / "elsewhere").mkdir()
    code, out, err = kg("anchor", *own, "--texts", tmp_path / "elsewhere")
    assert (code, out, lock.read_bytes()) == (2, "", b"{}")
    assert err.startswith("error: none of the sources' texts is in ")
    assert kg("anchor", *own, "--texts", small.texts) == (0, "", f"{NAME}: 10 passages anchored\n")
    assert lock.read_bytes() == before


def test_an_option_wins_over_free_words(founding: Path, kg: Run) -> None:
    """Who names a value by its parameter means that one, whatever else the sentence says."""
    words = ("ask", "which mechanisms weaken state monopoly?", "--store", founding, "-f", "table")
    assert "Which mechanisms weaken state monopoly?\n" in kg(*words)[2]
    for given in (("--phenomenon", "trust"), ("-p", "phenomenon=trust"), ("--phenomenon=trust",)):
        assert "Which mechanisms weaken trust?\n" in kg(*words, *given)[2]
    plain = kg("ask", "weakens", "--phenomenon", "trust", "--store", founding, "-f", "json")[1]
    assert kg(*words[:-1], "json", "--phenomenon", "trust")[1] == plain != kg(*words[:-1], "json")[1]


def test_a_thing_without_a_row_is_not_called_unknown(founding: Path, kg: Run) -> None:
    """Sovereignty is in the texts, where much challenges it and nothing is said to weaken it."""
    found = kg("ask", "weakens", "--phenomenon", "sovereignty", "--store", founding, "-f", "table")
    assert found == (0, "", "Which mechanisms weaken sovereignty?\nThe sources say nothing about this.\n")


def test_findings_are_exit_code_1_and_faults_exit_code_2(kg: Run, small: Small) -> None:
    """A script can tell a graph that breaks a rule from a file that cannot be read."""
    own = ("--corpus", small.root, "--alone")
    code, _, err = kg("check", *own, "--texts", small.texts)
    assert code == 0
    assert f"1 sources, 4 assertions; anchors verified against {small.texts}; 0 violations" in err
    bad = "  - claim: machines-weaken-state-monopoly\n"
    line, _ = small.edit("coding.yaml", "  - claim: firms-own-the-cables\n", bad)
    code, out, err = kg("check", *own, "-f", "json")
    assert code == 1
    assert "anchors not verified: no --texts" in err
    rows = json.loads(out)
    assert all(set(row) == {"severity", "rule", "focus", "message", "value", "place"} for row in rows)
    assert any(row["place"].endswith(f"doe2026/coding.yaml:{line}:5") for row in rows if row["severity"] == "violation")
    assert kg("build", *own, "--store", small.root.parent / "store")[0] == 1
    small.edit("coding.yaml", "coder: tester", "coder: The Tester")
    assert kg("check", *own)[0] == kg("build", *own, "--store", small.root.parent / "store")[0] == 2


def test_without_a_store_the_founding_corpus_is_built_first(
    kg: Run, small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first question of a new user is answered, and the wait explained."""
    resource = resources.resource
    monkeypatch.setattr(resources, "resource", lambda name: small.root if name == "corpus" else resource(name))
    monkeypatch.setattr(pipeline, "examine", lambda *_: [])
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


def test_the_json_schema_knows_every_kind_and_slot(kg: Run) -> None:
    """An editor completes from it while a person types."""
    from kg.model import KINDS

    schema = json.loads(kg("schema", "coding")[1])
    text = json.dumps(schema)
    assert all(f'"const": "{kind}"' in text for kind in KINDS)
    assert all(f'"{slot.name}"' in text for kind in KINDS.values() for slot in kind.slots)
    needed = ["id", "csl", "languages", "license", "text", "sections"]
    assert json.loads(kg("schema", "source")[1])["required"] == needed
