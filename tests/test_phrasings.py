"""The panel of phrasings: what share is understood, of the half seen while building and of the half that was not."""

from __future__ import annotations

import phrasings
import pytest

from kg.ask.find import catalogue
from kg.grounds import Engine

RIGHT = {"open": 0.80, "second": 0.88, "third": 0.85, "kept": 0.74}
"""The shares that are held, each a little under what was measured; CONTRIBUTING says how the panels came about."""
DISHONEST = {"open": 1, "second": 0, "third": 2, "kept": 2}
"""Lines of which a part was taken for something else, or left out, without a word; none is the aim."""


@pytest.mark.parametrize("half", RIGHT)
def test_most_phrasings_are_understood_and_few_others_answered_in_silence(engine: Engine, half: str) -> None:
    questions = catalogue()
    judged = [phrasings.judge(engine, questions, line) for line in phrasings.read(half)]
    wrong = [f"{j.phrasing.id} {j.phrasing.phrasing} → {j.told}" for j in judged if not j.right]
    assert len(wrong) <= (1 - RIGHT[half]) * len(judged), "\n".join(wrong)
    silent = [f"{j.phrasing.id} → {j.told}" for j in judged if not j.honest]
    assert len(silent) <= DISHONEST[half], "\n".join(silent)
