"""Questions that need something asked of them: about everything they would say nothing, and take minutes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from machine import slowness
from small import Run

from kg.ask.answer import lacking, resolve
from kg.ask.find import catalogue
from kg.ask.understand import understand
from kg.errors import QueryError, UsageError
from kg.grounds import Engine
from kg.queries import read_file

QUESTIONS = {question.name: question for question in catalogue()}
NEEDING = [name for name, question in QUESTIONS.items() if any(param.needed for param in question.params)]

LIMIT = 2.0
"""Seconds that a question may take with nothing asked of it."""


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in NEEDING])
def test_a_question_that_needs_nothing_is_answered_in_seconds(engine: Engine, name: str) -> None:
    """Nobody who unsets a parameter is to wait without a word."""
    start = time.process_time()
    engine(QUESTIONS[name].bind({}))
    assert time.process_time() - start < LIMIT * slowness()


@pytest.mark.parametrize("name", NEEDING)
def test_what_needs_something_is_not_asked_about_everything(engine: Engine, name: str) -> None:
    """With every parameter unset it is refused; with none given, the examples stand."""
    question = QUESTIONS[name]
    told = f"^error: question '{name}' found without a value for [^\n]+\n  hint: [^\n]+$"
    with pytest.raises(UsageError, match=told):
        resolve(engine, question, {param.name: "any" for param in question.params})
    assert resolve(engine, question, {}).keys() == {param.name for param in question.params}


@pytest.mark.parametrize(
    ("name", "valued", "lacks"),
    [
        ("together", [], ["thing", "with"]),
        ("together", ["thing"], []),
        ("together", ["with"], []),
        ("chains", [], ["from", "to"]),
        ("chains", ["from"], ["to"]),
        ("chains", ["to"], ["from"]),
        ("chains", ["from", "to"], []),
        ("weakens", [], []),
    ],
)
def test_one_of_several_is_enough_and_always_is_always(name: str, valued: list[str], lacks: list[str]) -> None:
    assert [param.name for param in lacking(QUESTIONS[name], valued)] == lacks


def test_the_refusal_says_what_is_needed(founding: Path, kg: Run) -> None:
    code, out, err = kg("ask", "together", "--thing", "any", "--with", "any", "--store", founding)
    assert (code, out) == (2, "")
    assert err == (
        "error: question 'together' found without a value for thing or with\n"
        "  hint: without, it would be asked about everything; `kg ask together --values` lists what it takes\n"
    )


@pytest.mark.parametrize("param", ["thing", "with"])
def test_one_thing_is_enough_for_together(founding: Path, kg: Run, param: str) -> None:
    """What is said of realism together with anything else."""
    start = time.process_time()
    code, out, _ = kg("ask", "together", f"--{param}", "realism", "-f", "ndjson", "--store", founding)
    assert time.process_time() - start < LIMIT * slowness()
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert {kind for row in rows for kind in row[f"{param}_id"].split()} == {"theory:realism", "theory:neorealism"}


def test_free_words_do_not_choose_what_they_leave_without_its_needs(engine: Engine) -> None:
    """A chain has two ends; who names one of them asks something else."""
    questions = list(QUESTIONS.values())
    one = understand(engine, "causal chain from artificial intelligence", questions, {})
    assert not lacking(one.question, [name for name, value in one.given.items() if value != "any"])
    both = understand(engine, "causal chain from artificial intelligence to sovereignty", questions, {})
    assert both.question.name == "chains"


def test_a_header_that_needs_something_else_is_a_fault_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "ask").mkdir()
    file = tmp_path / "ask" / "x.rq"
    header = "summary: x\nquestion: x\ntags: [x]\ncolumns: {c: x}\nparams:\n  c:\n    label: x\n    needed: often\n"
    file.write_text("".join(f"#+ {line}\n" for line in header.splitlines()) + "SELECT ?c WHERE { $c a ?c }\n")
    with pytest.raises(QueryError, match=r"x\.rq:8:\d+: error: 'often' found, always or one expected"):
        read_file(file)
