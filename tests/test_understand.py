"""What somebody asks in their own words: the things named decide, and what was not understood is said."""

from __future__ import annotations

from itertools import chain

import pytest
from small import Run

from kg import names
from kg.ask import wording
from kg.ask.find import catalogue
from kg.ask.lexicon import Lexicon
from kg.ask.spelling import key
from kg.ask.understand import Understood, understand
from kg.errors import UsageError
from kg.grounds import Engine

QUESTIONS = catalogue()


def asked(engine: Engine, words: str, **given: str) -> Understood:
    return understand(engine, words, QUESTIONS, given)


KNOWN = frozenset(chain.from_iterable(wording.wording_of(question).known for question in QUESTIONS)) | wording.PLAIN


@pytest.fixture(scope="module")
def lexicon(engine: Engine) -> Lexicon:
    return Lexicon(engine)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cyber security", "cybersecurity"),
        ("defense diplomacy", "Defence Diplomacy"),
        ("organizations' behavior", "organisation behaviour"),
        ("AI's risks", "artificial intelligence risk"),
        ("crises", "crisis"),
        ("دولت‌ها", "دولتها"),
        ("سوگيري الگوريتمي", "سوگیری الگوریتمی"),
        ("نظم بین‌الملل", "نظم بین‌المللی"),
        ("Besenyő", "besenyo"),
    ],
)
def test_one_name_in_two_spellings_is_one(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("states", "status"), ("power", "powers that be"), ("realism", "realist")])
def test_two_names_stay_two(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("words", "things"),
    [
        ("what do liberals think", ["theory:liberalism"]),
        ("AI and sovereignty", ["technology:artificial-intelligence", "phenomenon:sovereignty"]),
        ("nerd power", ["actor:technical-experts"]),
        ("soverignty", ["phenomenon:sovereignty"]),
        ("What does the US do to us?", ["actor:united-states"]),
        ("سوگیری الگوریتمی", ["risk:algorithmic-bias"]),
        ("Lambach et al. (2023)", ["work:lambach2023"]),
        ("Baig on China", ["source:baig", "actor:china"]),
        ("quantum computing", []),
        ("Big Tech companies", ["actor:multinational-technology-corporations"]),
        ("trust between states", ["phenomenon:trust-among-states"]),
        ("war and artificial intelligence", ["phenomenon:war", "technology:artificial-intelligence"]),
        ("non-Western rules", []),
        ("scholarly disputes", []),
        ("the scholarly domain", ["domain:scholarly"]),
        ("آچاریا ۲۰۱۴", ["agent:acharya-a.acharya2014"]),
        ("wolf warrior", ["work:chen2023"]),
        ("Washington and Beijing", ["actor:united-states", "actor:china"]),
    ],
)
def test_words_name_things(lexicon: Lexicon, words: str, things: list[str]) -> None:
    assert [names.compact(m.things[0]) for m in lexicon.mentions(words, KNOWN)] == things


def test_every_label_of_a_term_is_understood_as_that_term(lexicon: Lexicon) -> None:
    """Else somebody who types what a page prints is told of something else."""
    wrong = []
    for iri, label in lexicon.labels.items():
        kind = names.compact(iri).partition(":")[0]
        found = [m for m in lexicon.mentions(label) if iri in m.things]
        if kind not in ("agent", "work", "source", "domain") and not found:
            wrong.append((names.compact(iri), label))
    assert wrong == []


@pytest.mark.parametrize(
    ("words", "question", "given"),
    [
        ("what do liberals think", "positions-of-theory", {"theory": "theory:liberalism"}),
        ("What is said about algorithmic bias?", "about", {"thing": "risk:algorithmic-bias"}),
        ("inequality", "about", {"thing": "phenomenon:inequality"}),
        ("What do the sources say about China?", "about", {"thing": "actor:china"}),
        ("Baig on China", "says-about", {"source": "source:baig", "thing": "actor:china"}),
        ("what influences cybersecurity?", "influences", {"phenomenon": "phenomenon:cybersecurity"}),
        ("what does AI weaken?", "weakens", {"cause": "technology:artificial-intelligence"}),
        ("definition of defence diplomacy", "definitions", {"term": "mode:defence-diplomacy"}),
        ("چه چیزی حاکمیت را به چالش می‌کشد؟", "challenges", {"phenomenon": "phenomenon:sovereignty"}),
    ],
)
def test_the_thing_named_decides(engine: Engine, words: str, question: str, given: dict[str, str]) -> None:
    """Each of these was answered about something else, or not at all."""
    found = asked(engine, words)
    assert (found.question.name, {k: v for k, v in found.given.items() if v != "any"}) == (question, given)
    assert not found.unused


def test_two_things_are_taken_together(engine: Engine) -> None:
    found = asked(engine, "AI and war")
    assert found.question.name == "together"
    assert set(found.given.values()) == {"technology:artificial-intelligence", "phenomenon:war"}


def test_of_two_things_with_nothing_in_common_each_is_answered(engine: Engine) -> None:
    found = asked(engine, "AI and sovereignty")
    assert found.question.name == "about" and "together: none" in found.notes
    assert set(found.given["thing"].split(",")) == {"technology:artificial-intelligence", "phenomenon:sovereignty"}


def test_two_things_that_one_name_holds_are_that_thing(engine: Engine) -> None:
    found = asked(engine, "drones in Libya")
    assert (found.question.name, found.given) == ("about", {"thing": "phenomenon:turkish-drones-in-libya"})
    assert found.notes == ("'drones in Libya' taken for use of Turkish drones in Libya",)


def test_of_three_things_the_two_rarer_are_taken(engine: Engine) -> None:
    """Something is said of states and artificial intelligence everywhere; the gap between states was meant."""
    found = asked(engine, "AI and the power gap between states")
    assert "phenomenon:power-gap" in found.given.values()


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("what do Koohkan and Asgarian conclude about state monopoly", "says-about"),
        ("what does Koohkan conclude", "contributions"),
        ("who gains power through AI", "gains-power"),
        ("on which points do the three texts contradict each other", "disagreements"),
        ("منابع درباره چه چیزی اختلاف نظر دارند؟", "disagreements"),
    ],
)
def test_who_speaks_and_what_they_do_choose_the_question(engine: Engine, words: str, question: str) -> None:
    assert asked(engine, words).question.name == question


def test_what_acts_is_no_answer_to_what_is_acted_upon(engine: Engine) -> None:
    found = asked(engine, "Is there any evidence that AI boosts state power?")
    assert found.given.get("phenomenon") != "technology:artificial-intelligence"


def test_what_has_no_row_gives_way_and_is_named(engine: Engine) -> None:
    found = asked(engine, "what weakens cybersecurity?")
    assert (found.question.name, found.given) == ("about", {"thing": "phenomenon:cybersecurity"})
    assert found.notes == ("weakens: none",) and found.unused == ("weakens",)


@pytest.mark.parametrize(
    ("words", "filters"),
    [
        ("what changes power according to Sevin", (("work", "work:sevin2024"),)),
        ("what weakens state monopoly according to Baig", (("source", "source:baig"),)),
    ],
)
def test_what_no_parameter_takes_a_filter_takes(
    engine: Engine, words: str, filters: tuple[tuple[str, str], ...]
) -> None:
    assert asked(engine, words).filters == filters
    assert not asked(engine, words).unused


@pytest.mark.parametrize(
    ("words", "things"),
    [
        ("بیگ چه می‌گوید", "source:baig"),
        ("دیدگاه کوهکن و عسگریان", "source:koohkan2026"),
        ("نظر هانگارینی", "source:hanggarini2025"),
    ],
)
def test_a_latin_name_is_known_in_persian_letters(lexicon: Lexicon, words: str, things: str) -> None:
    assert [names.compact(m.things[0]) for m in lexicon.mentions(words, KNOWN, who=True)] == [things]


def test_no_example_answers_for_what_was_not_asked(engine: Engine) -> None:
    """Whatever the words name, every other parameter that has an example is set to nothing."""
    for words in ("what should middle powers do?", "who gains power", "what does Baig predict?", "gaps in research"):
        found = asked(engine, words)
        for param in found.question.params:
            assert not param.default or param.name in found.given, (words, param.name)


def test_words_that_were_not_used_are_named(engine: Engine) -> None:
    assert asked(engine, "what influences zebra cybersecurity?").unused == ("zebra",)


def test_what_the_graph_does_not_hold_is_said(engine: Engine) -> None:
    with pytest.raises(UsageError, match="nothing in the graph is named 'blockchain'"):
        asked(engine, "blockchain")


def test_a_slip_is_told(engine: Engine) -> None:
    assert asked(engine, "soverignty").notes == ("'soverignty' taken for sovereignty",)


def test_any_unsets_and_what_is_given_alone_has_no_example_beside_it(founding: object, kg: Run) -> None:
    """`prerequisites --whom middle-powers` kept the example `--for defence-diplomacy`, which could not be unset."""
    store = ("--store", founding, "-f", "tsv")

    def assertions(*options: str) -> list[str]:
        heading, *lines = kg("ask", "prerequisites", *options, *store)[1].splitlines()
        return [line.split("\t")[heading.split("\t").index("assertion")] for line in lines]

    whole, some = assertions("--for", "any"), assertions("--whom", "middle-powers")
    assert assertions("--whom", "middle-powers", "--for", "any") == some
    assert len(whole) > len(some) > 2 and set(some) < set(whole)


@pytest.mark.parametrize(
    "value", ["defense diplomacy", "Defence Diplomacy", "دیپلماسی دفاعی", "mode:defence-diplomacy"]
)
def test_a_parameter_knows_a_thing_by_each_of_its_names(founding: object, kg: Run, value: str) -> None:
    store = ("--store", founding, "-f", "json")
    assert kg("ask", "modes", "--mode", value, *store) == kg("ask", "modes", "--mode", "defence-diplomacy", *store)
