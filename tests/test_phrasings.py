"""The panels of phrasings: what share is understood, of those built with and those unread till they were measured."""

from __future__ import annotations

import phrasings
import pytest

from kg.ask import forms
from kg.ask.find import catalogue
from kg.ask.spelling import key
from kg.grounds import Engine

RIGHT = {"open": 0.80, "second": 0.88, "third": 0.85, "kept": 0.80, "fourth": 0.90}
"""The shares that are held; the last is what was promised of phrasings that nobody who builds had read."""


@pytest.mark.parametrize("half", RIGHT)
def test_most_phrasings_are_understood_and_no_other_is_answered_in_silence(engine: Engine, half: str) -> None:
    questions = catalogue()
    judged = [phrasings.judge(engine, questions, line) for line in phrasings.read(half)]
    wrong = [f"{j.phrasing.id} {j.phrasing.phrasing} → {j.told}" for j in judged if not j.right]
    assert len(wrong) <= (1 - RIGHT[half]) * len(judged), "\n".join(wrong)
    assert [f"{j.phrasing.id} → {j.told}" for j in judged if not j.honest] == []


def test_words_that_are_looked_for_are_no_names_and_lead_to_one_term(engine: Engine) -> None:
    data = forms.made(engine)
    names_of = {form for form in data["whole"] if form not in set(data["sought"])}
    seen: dict[str, str] = {}
    wrong = []
    for iri, words in forms.search_words():
        wrong += [iri] if iri not in data["things"] else []
        for word in words:
            wrong += [word] if key(word) in names_of or seen.setdefault(key(word), iri) != iri else []
    assert wrong == [] and len(seen) > 4000
