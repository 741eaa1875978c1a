"""Filters of every answer: each leaves what look-ups of our own in the graph leave, and nothing is left silently.

A question is asked without filters; of these rows a filter must leave those whose assertion leads to one of its values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from printing import QUESTIONS, UNGROUNDED, Graph
from small import Run

from kg import names
from kg.ask import answer as ask
from kg.ask import filters
from kg.cli.table import FILTERS
from kg.errors import UsageError
from kg.grounds import Engine

NARROWER = "isNarrowerThan?"
PATHS = {
    "source": ("inSource", "air:Source"),
    "voice": ("hasVoice", "air:Voice"),
    "stance": ("hasStance", "air:Stance"),
    "hedge": ("hasHedge", "air:Hedge"),
    "mode": ("hasMode", "air:AssertionMode"),
    "basis": ("hasBasis", "air:Basis"),
    "domain": (f"hasDomain/{NARROWER}", "air:Domain"),
    "level": ("asserts/hasLevel", "air:Level"),
    "held-by": (f"heldBy/{NARROWER}", "air:Theory"),
    "work": ("hasAttribution/attributedTo", "air:Work"),
    "about": (f"asserts/involves/{NARROWER}", "air:Phenomenon"),
}
COUNTING = {name for name, question in QUESTIONS.items() if "MIN(?one) AS ?assertion" in question.text}
LONG = ("disagreements", "reported-only", "inherited-attributions")
"""Questions that have rows for most values of most filters."""


def one(name: str, *values: str) -> filters.Filter:
    return filters.Filter(name, values, tuple(names.expand(value) for value in values))


def left(engine: Engine, name: str, *some: filters.Filter) -> list[dict[str, str]]:
    """Return the solutions of a question with all its parameters open, under filters."""
    found = filters.narrowed(engine, QUESTIONS[name].bind({}), some).solutions
    return [{key: term.value for key, term in solution.items()} for solution in found]


def holds(graph: Graph, assertion: str, name: str, values: Collection[str]) -> bool:
    return bool({names.expand(v) for v in values} & set(graph.values(assertion, PATHS[name][0])))


def years(graph: Graph, assertion: str) -> set[int]:
    """Return the years in which it is said."""
    own = names.expand("code:voice.own") in graph.values(assertion, "hasVoice")
    issued = graph.values(assertion, f"{'inSource' if own else 'hasAttribution/attributedTo'}/dcterms:issued")
    return {int(re.match(r"\d{4}", text)[0]) for text in issued}  # type: ignore[index]


def test_every_filter_is_an_option_of_both_commands(kg: Run) -> None:
    assert tuple(option.names[0] for option in FILTERS) == tuple(f"--{name}" for name in filters.FILTERS)
    assert (*PATHS, "since", "until") == filters.FILTERS
    for command in ("ask", "show"):
        shown = kg(command, "--help")[1]
        assert [name for name in filters.FILTERS if f"--{name}" not in shown] == []


@pytest.mark.parametrize("name", PATHS)
def test_a_filter_leaves_the_rows_whose_assertion_has_a_value(engine: Engine, graph: Graph, name: str) -> None:
    """Each value alone, and two together: any of them will do."""
    offered = [names.compact(v) for v in graph.all(PATHS[name][1])]
    for question in LONG:
        whole = left(engine, question)
        meant = {v: [row for row in whole if holds(graph, row["assertion"], name, [v])] for v in offered}
        some = sorted((v for v in offered if meant[v]), key=lambda v: (len(meant[v]), v))
        for value in dict.fromkeys([*some[:1], *some[-1:], *offered[:1]]):
            assert left(engine, question, filters.filter_of(engine, name, [value])) == meant[value], (question, value)
        for pair in list(combinations(some, 2))[:1]:
            both = [row for row in whole if holds(graph, row["assertion"], name, pair)]
            assert left(engine, question, filters.filter_of(engine, name, pair)) == both, (question, pair)


def test_every_value_of_a_small_filter_parts_the_rows(engine: Engine, graph: Graph) -> None:
    """Else a filter that leaves everything would pass."""
    for name in ("voice", "stance", "hedge", "mode", "basis"):
        counts = [len(left(engine, "reported-only", one(name, names.compact(v)))) for v in graph.all(PATHS[name][1])]
        whole = len(left(engine, "disagreements"))
        counts += [len(left(engine, "disagreements", one(name, names.compact(v)))) for v in graph.all(PATHS[name][1])]
        assert any(0 < count < whole for count in counts), name


@pytest.mark.parametrize("question", ["disagreements", "inherited-attributions", "conditions"])
def test_a_year_is_that_of_the_work_cited_else_of_the_source(engine: Engine, graph: Graph, question: str) -> None:
    """What has no year is left out, and told apart from what is of another year."""
    whole = left(engine, question)
    for first, last in ((2024, 9999), (0, 2021), (2023, 2024)):
        some = [f for f in (one("since", str(first)), one("until", str(last))) if f.values[0] not in ("0", "9999")]
        some = [f._replace(values=f.typed) for f in some]
        assert left(engine, question, *some) == [
            row
            for row in whole
            if any(first <= year for year in years(graph, row["assertion"]))
            and any(year <= last for year in years(graph, row["assertion"]))
        ]
        found = filters.narrowed(engine, QUESTIONS[question].bind({}), some)
        undated = [row["assertion"] for row in whole if not years(graph, row["assertion"])]
        assert [solution["assertion"].value for solution in found.undated] == undated


@pytest.mark.parametrize("question", sorted(QUESTIONS.keys() - UNGROUNDED - COUNTING))
def test_filters_hold_for_every_question(engine: Engine, graph: Graph, question: str) -> None:
    """Two at once, on the question with its defaults as `kg ask` has it; the rows stay in the question's order."""
    some = (one("voice", "code:voice.own"), one("hedge", "code:hedge.categorical", "code:hedge.possible"))
    found = ask.answer(engine, QUESTIONS[question], {}, filters=some)
    meant = [
        row
        for row in ask.answer(engine, QUESTIONS[question], {}).rows
        if "assertion" in row and all(holds(graph, row["assertion"].text, f.name, f.values) for f in some)
    ]
    assert found.rows == meant
    assert bool(found.without) == (not meant)


Count = Callable[[Graph, list[str]], dict[str, tuple[str, ...]]]


def by_mechanism(graph: Graph, said: list[str]) -> dict[str, tuple[str, ...]]:
    claims: dict[str, list[str]] = {}
    known = set(graph.all("air:Mechanism"))
    for assertion in said:
        for claim in graph.values(assertion, "asserts"):
            if names.expand("air:EffectClaim") in graph.values(claim, "rdf:type"):
                for mechanism in set(graph.values(claim, "hasMechanism|hasCause")) & known:
                    claims.setdefault(mechanism, []).append(assertion)
    return {
        mechanism: (
            str(len({claim for one in these for claim in graph.values(one, "asserts")})),
            str(len({source for one in these for source in graph.values(one, "inSource")})),
        )
        for mechanism, these in claims.items()
    }


def by_domain(graph: Graph, said: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for assertion in said:
        for domain in graph.values(assertion, "hasDomain"):
            found.setdefault(domain, set()).update(graph.values(assertion, "asserts"))
    risky, good = set(graph.all("air:RiskClaim")), set(graph.all("air:BenefitClaim"))
    return {d: (str(len(c)), str(len(c & risky)), str(len(c & good))) for d, c in found.items()}


@pytest.mark.parametrize(
    ("question", "key", "columns", "count"),
    [
        ("mechanisms", "mechanism", ("claims", "sources"), by_mechanism),
        ("domains", "domain", ("claims", "risks", "benefits"), by_domain),
    ],
)
@pytest.mark.parametrize("some", [("source", "source:baig"), ("voice", "code:voice.attributed"), ("until", "2022")])
def test_a_question_that_counts_counts_what_is_left(
    engine: Engine, graph: Graph, question: str, key: str, columns: tuple[str, ...], count: Count, some: tuple[str, str]
) -> None:
    """Its rows show an example each; to sift these would leave out what has others, and keep the wrong numbers."""
    name, value = some
    one_filter = filters.Filter(name, (value,), (value if name == "until" else names.expand(value),))
    said = [
        a
        for a in graph.all("air:Assertion")
        if (any(y <= 2022 for y in years(graph, a)) if name == "until" else holds(graph, a, name, [value]))
    ]
    found = left(engine, question, one_filter)
    assert {row[key]: tuple(row[c] for c in columns) for row in found} == count(graph, said) != {}
    assert {row["assertion"] for row in found} <= set(said)


@pytest.mark.parametrize("question", sorted(COUNTING))
def test_no_counting_question_shows_an_example_that_the_filter_leaves_out(
    engine: Engine, graph: Graph, question: str
) -> None:
    for value in graph.all("air:Hedge"):
        found = left(engine, question, one("hedge", value))
        assert all(value in graph.values(row["assertion"], "hasHedge") for row in found)
        assert len(found) <= len(left(engine, question))


# ── as they are typed ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def run(kg: Run, founding: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the founding corpus, in a window of 100 columns."""
    monkeypatch.setenv("KG_STORE", str(founding))
    monkeypatch.setenv("COLUMNS", "100")
    return kg


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, _ = run(*words, "-f", "json")
    assert code == 0
    return json.loads(out)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "typed",
    [
        ("--hedge", "likely", "--hedge", "possible"),
        ("--hedge", "likely,possible"),
        ("--hedge", "Likely, code:hedge.possible"),
        ("--hedge", "محتمل، ممکن"),
        ("-p", "hedge=likely,possible"),
        ("--hedge=likely", "-p", "hedge=hedge.possible"),
    ],
)
def test_values_go_by_every_name_and_several_at_once(run: Run, typed: tuple[str, ...]) -> None:
    """Labels of both languages, ids, slugs, codes; with commas or the option again."""
    found = rows(run, "ask", "hedged", *typed)
    whole = rows(run, "ask", "hedged")
    assert found == [row for row in whole if row["hedge"] in ("likely", "possible")] != whole
    assert {row["hedge"] for row in found} == {"likely", "possible"}


def test_persian_is_known_as_keyboards_have_it(engine: Engine) -> None:
    """With the letters of Arabic, a space for the joint or none, and without what stands above letters."""
    for name, word, value in (
        ("mode", "پيش‌بيني", "code:mode.prediction"),
        ("mode", "پیش بینی", "code:mode.prediction"),
        ("mode", "حكم هنجاری", "code:mode.norm"),
        ("stance", "رد مي کند", "code:stance.contests"),
        ("stance", "تأیید می‌کند", "code:stance.endorses"),
    ):
        assert filters.filter_of(engine, name, [word]).values == (names.expand(value),)


def test_every_form_has_the_rows_that_are_left(run: Run) -> None:
    words = ("ask", "predictions", "--hedge", "categorical")
    found = rows(run, *words)
    assert 1 < len(found) < len(rows(run, *words[:2]))
    for form in ("tsv", "csv"):
        assert len(run(*words, "-f", form)[1].splitlines()) == len(found) + 1
    code, out, err = run(*words, "-f", "table")
    assert code == 0
    assert re.search(rf"^{len(found)} rows, ", out, re.MULTILINE)
    assert err.endswith("? (--hedge categorical)\n")


def test_a_parameter_of_that_name_keeps_its_meaning_and_takes_several_by_the_filter(run: Run, graph: Graph) -> None:
    one_source = rows(run, "ask", "predictions", "--source", "baig")
    both = rows(run, "ask", "predictions", "--source", "baig", "--source", "koohkan2026")
    assert {row["source_id"] for row in one_source} == {"source:baig"}
    assert {row["source_id"] for row in both} == {"source:baig", "source:koohkan2026"}
    assert rows(run, "ask", "predictions", "--source", "baig,koohkan2026") == both
    whole = rows(run, "ask", "disagreements", "--domain", "legal,diplomatic")
    meant = {names.expand(f"domain:{d}") for d in ("legal", "diplomatic")}
    assert all(meant & set(graph.values(names.expand(row["assertion"]), "hasDomain")) for row in whole)
    assert whole


def test_a_mode_is_of_diplomacy_or_of_the_argument_by_its_value(run: Run) -> None:
    """`table-1` has a parameter of that name; what no mode of diplomacy is called goes to the filter."""
    assert {row["mode"] for row in rows(run, "ask", "risks-by-mode", "--mode", "cultural-diplomacy")} == {
        "cultural diplomacy"
    }
    whole = rows(run, "ask", "mode-for")
    found = rows(run, "ask", "mode-for", "--mode", "finding", "--mode", "norm")
    assert 0 < len(found) < len(whole)
    assert all(row in whole for row in found)
    both = rows(run, "ask", "risks-by-mode", "--mode", "cultural-diplomacy,finding")
    assert 0 < len(both) < len(rows(run, "ask", "risks-by-mode", "--mode", "finding"))
    code, _, err = run("ask", "risks-by-mode", "--mode", "cultural-diplomacy,public-diplomacy")
    assert (code, err.count("one mode of diplomacy expected")) == (2, 1)


def test_show_takes_filters(run: Run) -> None:
    whole = rows(run, "show", "middle-powers")
    found = rows(run, "show", "middle-powers", "--voice", "own", "--since", "2025")
    assert found == [row for row in whole if row["voice_id"] == "code:voice.own"] != whole
    code, out, err = run("show", "middle-powers", "--source", "baig", "-f", "table")
    assert (code, err) == (0, f"none with --source baig; without filters: {len(whole)} rows\n")
    assert out.startswith("name: middle powers\n")


@pytest.mark.parametrize(("lang", "none"), [("en", "none with"), ("fa", "هیچ ردیفی با")])
def test_nothing_left_is_told_with_what_each_filter_leaves_alone(run: Run, lang: str, none: str) -> None:
    """Which of them did it is what a reader asks next."""
    words = ("ask", "frameworks", "--lang", lang)
    count = [len(rows(run, *words, *some)) for some in ((), ("--mode", "prediction"), ("--voice", "attributed"))]
    assert count[0] > count[2] > count[1] == 0
    code, out, err = run(*words, "--mode", "prediction", "--voice", "attributed")
    assert (code, len(out.splitlines())) == (0, 1)
    assert err.startswith(f"{none} --voice attributed --mode prediction; ")
    assert [int(n) for n in re.findall(r": (\d+) ", err)] == [count[0], count[2], 0]
    assert run(*words, "--mode", "prediction", "--voice", "attributed", "-f", "table")[2].endswith(err)


def test_rows_without_a_year_are_counted(run: Run) -> None:
    code, _, err = run("ask", "disagreements", "--since", "2024")
    (count,) = re.findall(r"^(\d+) rows left out: no year is known$", err, re.MULTILINE)
    assert (code, int(count) > 0) == (0, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--voice", "attributd"), "error: voice 'attributd' is not in the graph\n  hint: did you mean 'attributed'?"),
        (("--stance", "own"), "error: stance 'own' is not in the graph\n  hint: "),
        (("--hedge", " , "), "error: --hedge found without a value"),
        (("--since", "last year"), "error: --since 'last year' found, a year expected\n  hint: --since 2020"),
        (("--since", "2020", "--since", "2021"), "error: --since '2020, 2021' found, a year expected"),
        (("--since", "2024", "--until", "2020"), "error: no year is since 2024 and until 2020"),
    ],
)
def test_a_value_that_is_none_is_one_line_with_the_nearest(run: Run, words: tuple[str, ...], message: str) -> None:
    for command in (("ask", "weakens"), ("show", "middle-powers")):
        code, out, err = run(*command, *words)
        assert (code, out) == (2, "")
        assert err.startswith(message)
        assert len(err.splitlines()) <= 2


@pytest.mark.parametrize("question", sorted(UNGROUNDED))
def test_a_question_whose_rows_rest_on_no_assertion_refuses(run: Run, engine: Engine, question: str) -> None:
    code, out, err = run("ask", question, "--stance", "contests")
    assert (code, out) == (2, "")
    assert err.startswith(f"error: --stance found, and the rows of '{question}' rest on no one assertion\n  hint: ")
    with pytest.raises(UsageError):
        filters.parted(engine, QUESTIONS[question], {}, {"source": ["baig", "koohkan2026"]})
