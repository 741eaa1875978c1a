"""What free words are understood by is worked out at build: a free line takes little more than a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import Run
from storing import some

from kg.ask import forms, prepared
from kg.ask.find import catalogue
from kg.ask.understand import understand
from kg.errors import StoreError
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


def test_a_question_changed_since_the_build_is_found_by_its_new_words(founding: Path, engine: Engine) -> None:
    kept = prepared.read(founding)
    changed = [q._replace(header={**q.header, "tags": ["zebra"]}) if q.name == "weakens" else q for q in QUESTIONS]
    found = understand(engine, "what does zebra do to state monopoly", changed, {}, kept)
    assert found.question.name == "weakens"
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
