"""What free words are understood by is worked out at build: a free line takes little more than a command."""

from __future__ import annotations

import resource
import shlex
import time
from contextlib import suppress
from pathlib import Path

import pytest
from machine import slowness
from processes import process
from small import Run
from storing import some

from kg import names
from kg.ask import forms, prepared
from kg.ask.find import catalogue
from kg.ask.understand import understand
from kg.errors import StoreError, UsageError
from kg.grounds import Engine, Solution
from kg.queries import Bound
from kg.store.local import read_beside
from kg.store.publish import publish

QUESTIONS = catalogue()
LINES = (
    "which mechanisms weaken state monopoly?",
    "what do realists say about AI in war?",
    "AI and sovereignty",
    "soverignty",
    "Baig on China",
    "چه چیزی حاکمیت را تضعیف می‌کند؟",
)


def test_what_is_kept_is_what_the_graph_says(founding: Path, engine: Engine) -> None:
    assert read_beside(founding, prepared.FILE, "") == prepared.prepare(engine, QUESTIONS)


def test_a_line_is_understood_alike_with_and_without_what_is_kept(founding: Path, engine: Engine) -> None:
    """A graph without a store says the same, only more slowly."""
    kept, made = prepared.read(founding), prepared.of(engine)
    for line in LINES:
        assert understand(engine, line, QUESTIONS, {}, kept) == understand(engine, line, QUESTIONS, {}, made)


@pytest.mark.parametrize("line", LINES)
def test_understanding_asks_the_graph_little(founding: Path, engine: Engine, line: str) -> None:
    """It asked for all names, and for all that was said of a thing by each question that might take it."""
    rows: list[int] = []

    def counting(query: Bound) -> list[Solution]:
        found = engine(query)
        rows.append(len(found))
        return found

    understand(counting, line, QUESTIONS, {}, prepared.read(founding))
    *looked_up, _ = rows  # the last is the answer
    assert len(looked_up) < 60
    assert sum(looked_up) < 150


@pytest.mark.parametrize("line", [LINES[0], "who gains power", "soverignty"])
def test_a_free_line_takes_at_most_twice_the_time_of_the_exact_one(founding: Path, line: str) -> None:
    """All names were read and folded for each line, which took three times as long."""
    told = process("ask", line, "--store", founding).stderr
    exact = shlex.split(told.partition("taken as: kg ask ")[2].splitlines()[0].partition("  (")[0])
    assert seconds("ask", line, "--store", founding) < 2 * seconds("ask", *exact, "--store", founding)


def seconds(*words: str | Path) -> float:
    """Return how long a processor is busy with a command, by the best of three runs."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process(*words)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(once() for _ in range(3))


def test_a_look_up_of_one_value_ends_at_the_first_row() -> None:
    """The question `together` went through all that is said of artificial intelligence to say that something is."""
    for param in (param for question in QUESTIONS for param in question.params if param.values):
        assert param.listing([names.expand("actor:states")]).endswith("\nLIMIT 1")


def test_too_many_words_are_told_at_once_and_forty_slips_take_no_time(founding: Path, engine: Engine) -> None:
    """For every slip all names are looked through: a hundred took as long as a build."""
    kept = prepared.read(founding)
    slips = [word[:2] + word[3:] for word in sorted(kept.forms.words) if word.isascii() and len(word) > 7]
    with pytest.raises(UsageError, match="error: 41 words found, 40 expected at most\n  hint: ask in one sentence"):
        understand(engine, " ".join(slips[:41]), QUESTIONS, {}, kept)
    start = time.process_time()
    with suppress(UsageError):
        understand(engine, " ".join(slips[:: len(slips) // 39][:40]), QUESTIONS, {}, kept)
    assert time.process_time() - start < 1.5 * slowness()


def test_a_question_changed_since_the_build_is_found_by_its_new_words(founding: Path, engine: Engine) -> None:
    kept = prepared.read(founding)
    weakens = next(q for q in QUESTIONS if q.name == "weakens")
    changed = [q._replace(header={**q.header, "tags": ["zebra"]}) if q == weakens else q for q in QUESTIONS]
    now, before = (kept.wording(each[QUESTIONS.index(weakens)]).weights for each in (changed, QUESTIONS))
    assert now.keys() - before.keys() == {"zebr"}
    assert understand(engine, "what does zebra do to state monopoly", changed, {}, kept).question.name == "weakens"
    listing = "SELECT ?value WHERE { ?value a air:State }"
    param = QUESTIONS[0].params[0]._replace(values=listing)
    states = kept.possible(engine, param, kept.forms.things)
    assert states and states == {row["value"].value for row in engine(param.listing())} & set(kept.forms.things)


def test_a_store_without_it_is_refused_in_a_line(tmp_path: Path) -> None:
    publish(tmp_path / "store", some(3), {})
    with pytest.raises(StoreError, match="has not the names that free words are compared with\n  hint: `kg build --f"):
        prepared.read(tmp_path / "store")


def test_an_exact_line_neither_reads_it_nor_makes_it(founding: Path, kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("an exact line needs no names")

    monkeypatch.setattr(prepared, "read", refuse)
    monkeypatch.setattr(forms, "made", refuse)
    assert kg("ask", "weakens", "--phenomenon", "state-monopoly", "--store", founding)[0] == 0
