"""No ready question does more work, as the corpus grows, than what it returns and what it must scan account for.

Work is counted by the engine, in rows, and not timed: the rows that all operators of the plan gave, and for a join on
nothing the pairs that it looked at. `bench/QUESTIONS.md` has the times.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from bench import corpus
from bench.questions import Step, named, plan, write
from kg import names, pipeline
from kg.ask import answer as ask
from kg.ask import find as questions
from kg.ask.links import explain
from kg.grounds import Cell, Solution, grounds_of, local
from kg.load.inputs import Inputs
from kg.queries import Bound, Query

SMALL, LARGE = 1025, 4100
TYPE = names.PREFIXES["rdf"] + "type"
TOLERANCE = 1.5
"""Random slots differ from corpus to corpus; work with the square of the corpus would grow four times too much."""

LITTLE = 2000
"""Rows of work below which growth is noise."""


class Work(NamedTuple):
    steps: int
    rows: int
    quads: dict[str, int]


class Grown(NamedTuple):
    """A made-up corpus as a database."""

    folder: Path
    store: ox.Store

    def work(self, question: Query) -> Work:
        values = ask.resolve(local(self.store), question, {})
        steps = list(plan(self.folder, question.bind({name: term for name, (term, _) in values.items()})))
        return Work(count(steps), steps[0].rows, named(self.store, question))


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Grown, Grown]:
    founding = pipeline.load(Inputs.of())
    made = []
    for size in (SMALL, LARGE):
        folder = tmp_path_factory.mktemp("grown") / str(size)
        write(folder, corpus.store_of(founding, size))
        made.append(Grown(folder, ox.Store.read_only(str(folder))))
    return made[0], made[1]


def count(steps: list[Step]) -> int:
    """Count rows, and pairs for a join without keys; within a test for existence, joins are one for each row tested."""
    total, tested = 0, 0
    for number, step in enumerate(steps):
        total += step.rows
        if step.depth <= tested:
            tested = 0
        if not tested and re.match(r"Filter\(.*EXISTS", step.name):
            tested = step.depth
        if not tested and step.name.startswith("Join(") and "keys = )" in step.name:
            below = [s.rows for s in _below(steps[number + 1 :], step.depth) if s.depth == step.depth + 1]
            total += below[0] * below[1]
    return total


def _below(steps: list[Step], depth: int) -> list[Step]:
    end = next((number for number, step in enumerate(steps) if step.depth <= depth), len(steps))
    return steps[:end]


def excess(small: Work, large: Work) -> float:
    """Return the growth of the work over that of the rows, or of the property in the question that grew most."""
    fair = max(large.rows / max(small.rows, 1), *(large.quads[p] / n for p, n in small.quads.items() if n))
    return large.steps / max(small.steps, LITTLE) / fair


@pytest.mark.slow
@pytest.mark.parametrize("name", [question.name for question in questions.catalogue()])
def test_work_grows_no_faster_than_what_is_returned_and_scanned(grown: tuple[Grown, Grown], name: str):
    question = questions.find(name)
    assert excess(*(one.work(question) for one in grown)) < TOLERANCE


def beside(grown: Grown, size: int) -> Work:
    """Return the work of what stands beside a question for so many rows: grounds, and the links of an explanation."""
    asked: list[Bound] = []

    def engine(query: Bound) -> list[Solution]:
        asked.append(query)
        return local(grown.store)(query)

    kind = ox.NamedNode(names.term("Assertion"))
    found = sorted(q.subject.value for q in grown.store.quads_for_pattern(None, ox.NamedNode(TYPE), kind, None))
    rows = [{**cells, "assertion": Cell("", (a,))} for a, cells in grounds_of(engine, found[:size]).items()]
    explain(ask.Answer(questions.find("weakens"), {}, (), rows, ""), engine)
    return Work(sum(count(list(plan(grown.folder, query))) for query in asked), size, {})


@pytest.mark.slow
def test_grounds_and_links_of_as_many_rows_cost_as_much_in_any_corpus(grown: tuple[Grown, Grown]):
    """They are looked up for the rows of an answer, and nothing else is looked through."""
    small, large = (beside(one, 40) for one in grown)
    assert large.steps / max(small.steps, LITTLE) < TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        "?claim air:hasBenefit ?benefit . { ?other air:hasRisk ?risk } UNION { ?other air:quantity ?risk }",
        "?claim air:hasBenefit ?benefit . FILTER EXISTS { ?claim air:hasLevel ?level . ?other air:hasLevel ?level }",
    ],
    ids=["pairs that have nothing in common", "a claim looked up by what all share"],
)
def test_a_question_that_compares_all_with_all_is_seen(grown: tuple[Grown, Grown], pattern: str):
    text = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    question = Query("ask", "bad", "bad.rq", text, {})
    assert excess(*(one.work(question) for one in grown)) > TOLERANCE
