"""The panel of phrasings: what share is understood, of the half seen while building and of the half that was not."""

from __future__ import annotations

import phrasings
import pytest

from kg.ask.find import catalogue
from kg.grounds import Engine

RIGHT = {"open": 0.80, "kept": 0.80}
"""The shares that are held; what was measured is in docs/ASKING.md."""


@pytest.mark.parametrize("half", RIGHT)
def test_most_phrasings_are_understood_and_no_other_is_answered_in_silence(engine: Engine, half: str) -> None:
    questions = catalogue()
    judged = [phrasings.judge(engine, questions, line) for line in phrasings.read(half)]
    wrong = [f"{j.phrasing.id} {j.phrasing.phrasing} → {j.told}" for j in judged if not j.right]
    assert len(wrong) <= (1 - RIGHT[half]) * len(judged), "\n".join(wrong)
    assert [f"{j.phrasing.id} → {j.told}" for j in judged if not j.honest] == []
