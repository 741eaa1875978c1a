"""Every parameter of every question, set alone, leaves the rows that the graph says, found by look-ups of our own.

A question is asked with all parameters open. Of these rows, a value must leave those whose assertion, claim or column
leads to it along the path below. Questions that count, or follow chains, are answered anew in Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pyoxigraph as ox
import pytest
from anew import ANEW, beside, chains, parts, within
from printing import Graph

from kg import names
from kg.ask.find import catalogue, choices
from kg.grounds import Engine
from kg.queries import Param

QUESTIONS = {question.name: question for question in catalogue()}
PARAMS = [(question.name, param.name) for question in QUESTIONS.values() for param in question.params]

NARROWER = "/isNarrowerThan?"
UNDER = "/isNarrowerThan?|isPartOf|isArguablyNarrowerThan"
COUNTED = "/countsAs?"
EFFECTS = ("weakens", "strengthens", "creates", "transforms", "enables", "mitigates", "influences")
STUDY = ("methods-and-data", "research-questions", "gaps", "contributions", "frameworks")

PATHS: dict[tuple[str, str], str] = {
    **{(name, "phenomenon"): f"affected: {UNDER}" for name in (*EFFECTS, "challenges", "redistributes", "changes")},
    **{(name, "mechanism"): f"claim: hasMechanism|hasCause{NARROWER}" for name in (*EFFECTS, "challenges", "changes")},
    **{(name, "cause"): f"claim: hasCause{NARROWER}" for name in (*EFFECTS, "challenges", "redistributes", "changes")},
    **{(name, "performer"): f"claim: hasPerformer{NARROWER}" for name in (*EFFECTS, "changes")},
    **{
        (name, "power"): f"claim: hasPowerType{NARROWER}"
        for name in ("weakens", "strengthens", "creates", "transforms", "influences", "changes", "gains-power")
    },
    **{
        (name, "domain"): f"assertion: hasDomain{NARROWER}"
        for name in (
            *(*EFFECTS, "changes", "technology-does", "findings-by-domain", "risks-by-domain"),
            *("benefits-by-domain", "levels", "challenges"),
        )
    },
    **{(name, "domain"): "assertion: hasDomain" for name in ("reported-only", "most-contested")},
    **{
        (name, "source"): "assertion: inSource"
        for name in (
            *("findings-by-domain", "self-contradictions", "reported-only", "rejected", "uncited-core", "hedged"),
            *("predictions", "numbers-and-cases", "timeline", "inherited-attributions", "own-uncited", *STUDY),
        )
    },
    **{(name, "source"): "source:" for name in ("says-about", "source-integrity", "in-text-citations")},
    **{(name, "actor"): f"actor: {COUNTED}" for name in ("gains-power", "loses-power", "actor-does", "happens-to")},
    **{(name, "actor"): f"actor: {COUNTED}" for name in ("described-as", "competes", "named-with")},
    **{(name, "mode"): f"mode: {NARROWER}" for name in ("table-1", "risks-by-mode", "benefits-by-mode")},
    **{(name, "mode"): f"mode: {NARROWER}" for name in ("modes", "mode-for", "modes-changed")},
    **{(name, "gainer"): f"claim: hasBeneficiary|hasPerformer|hasGainer{NARROWER}" for name in ("benefits-by-mode",)},
    **{(name, "topic"): f"claim: hasSubject|hasObject{NARROWER}" for name in ("conditions", *STUDY)},
    ("authors", "person"): "person:",
    ("actor-does", "what"): f"what: {NARROWER}",
    ("loses-power", "through"): f"through: {NARROWER}",
    ("gains-power", "means"): f"means: {NARROWER}",
    ("positions-of-theory", "topic"): f"claim: hasTopic|hasSubject|hasObject{NARROWER}",
    ("institutions", "institution"): "institution:",
    ("redistributes", "gainer"): f"claim: hasGainer{NARROWER}",
    ("redistributes", "loser"): f"claim: hasLoser{NARROWER}",
    ("benefits-by-domain", "gainer"): f"claim: hasBeneficiary|hasPerformer|hasGainer{NARROWER}",
    ("changes", "effect"): "claim: hasEffect",
    ("technology-does", "technology"): f"technology: {NARROWER}",
    ("mechanism-does", "mechanism"): f"mechanism: {NARROWER}",
    ("power-at-stake", "power"): f"power: {NARROWER}",
    ("examples", "class"): f"class: {NARROWER}",
    ("non-human-agents", "agent"): f"agent: {NARROWER}",
    **{(name, "thing"): f"thing: {NARROWER}" for name in ("says-about", "side-by-side", "causal-status")},
    **{(name, "risk"): f"risk: {NARROWER}" for name in ("risks-by-mode", "counters")},
    ("prerequisites", "for"): f"for: {NARROWER}",
    ("prerequisites", "whom"): f"claim: isRequiredOf{NARROWER}",
    ("strategies", "actor"): f"claim: hasPerformer{NARROWER}",
    ("strategies", "strategy"): f"strategy: {NARROWER}",
    ("recommendations", "addressee"): f"addressee: {NARROWER}",
    ("recommendations", "force"): "claim: hasForce",
    ("recommendations", "aim"): f"claim: hasAim{NARROWER}",
    ("trust-instruments", "instrument"): f"instrument: {NARROWER}",
    ("findings-by-domain", "voice"): "assertion: hasVoice",
    ("risks-by-domain", "bearer"): f"claim: hasBearer{NARROWER}",
    ("levels", "level"): "level:",
    ("theories-on-topic", "topic"): f"on: {NARROWER}",
    ("positions-of-theory", "theory"): f"school: {NARROWER}",
    ("theories-disagree", "theory"): "school|opponent:",
    ("theories-challenged", "theory"): "school:",
    ("definitions", "term"): "defined:",
    ("definitions-of-ai", "technology"): "claim: defines|hasSubject",
    ("disagreements", "source"): "source|against_source:",
    ("shared-claims", "source"): "source|other_source:",
    ("both-sides", "work"): "cited:",
    ("one-language-only", "language"): "assertion: dcterms:language",
    ("views-held-by", "holder"): "assertion: heldBy",
    ("hedged", "degree"): "assertion: hasHedge",
    ("inherited-attributions", "work"): "credited:",
    ("inherited-attributions", "section"): "assertion: hasPassage/inSection",
    ("gap-matrix", "domain"): "field:",
    ("gap-matrix", "power"): "kind:",
    ("source-integrity", "problem"): "problem:",
}
"""For each parameter, from where which path leads to the value: the assertion, its claim, or what a column holds."""

Solution = dict[str, str]


def term(param: Param, value: str) -> Any:
    return ox.Literal(value) if param.type == "text" else ox.NamedNode(names.expand(value))


@cache
def solutions(engine: Engine, name: str, param: str = "", value: str = "") -> list[Solution]:
    """Return what a question's query gives with one parameter set, or none."""
    question = QUESTIONS[name]
    given = {p.name: term(p, value) for p in question.params if p.name == param}
    return [{k: v.value for k, v in row.items()} for row in engine(question.bind(given))]


def distinct(rows: Iterable[Solution]) -> set[tuple[tuple[str, str], ...]]:
    """Return the rows; `reading` says how a row stands to the value asked for, and is none of its own."""
    return {tuple(sorted((key, value) for key, value in row.items() if key != "reading")) for row in rows}


def ends_of(graph: Graph, row: Solution, path: str) -> set[str]:
    """Return where a path leads from a row."""
    start, _, steps = path.partition(":")
    steps = steps.strip().removeprefix("/")
    if start in ("claim", "assertion"):
        steps = f"asserts/{steps}" if start == "claim" else steps
        ends = [row["assertion"]]
    else:
        columns = [c for c in start.split("|") if c in row]
        ends = [row[c] for c in columns]
        if "source" in start.split("|") and "source" not in row and "assertion" in row:
            ends += graph.values(row["assertion"], "inSource")
    return {value for end in ends for value in (graph.values(end, steps) if steps else [end])}


@pytest.mark.parametrize(("name", "param"), PATHS)
def test_a_value_leaves_the_rows_that_lead_to_it(engine: Engine, graph: Graph, name: str, param: str) -> None:
    """For the default, the value with the fewest rows and the one with the most that are not all."""
    this = next(p for p in QUESTIONS[name].params if p.name == param)
    whole = distinct(solutions(engine, name))
    meant: dict[str, set[tuple[tuple[str, str], ...]]] = {}
    for row in solutions(engine, name):
        for end in ends_of(graph, row, PATHS[name, param]):
            meant.setdefault(end, set()).update(distinct([row]))
    offered = [names.expand(value) for _, value in choices(engine, this)]
    some = sorted((v for v in offered if v in meant), key=lambda v: (len(meant[v]), v))
    parts = [v for v in some if len(meant[v]) < len(whole)]
    assert some
    assert parts or len(some) == 1, "no value leaves out anything"
    for value in {*parts[:1], *parts[-1:], *some[-1:], *filter(None, [names.expand(this.default)])}:
        assert distinct(solutions(engine, name, param, value)) == meant.get(value, set()), value


@pytest.mark.parametrize(("name", "param"), ANEW)
def test_a_question_answered_anew_gives_the_same_rows(engine: Engine, graph: Graph, name: str, param: str) -> None:
    """Every branch of the query has a part in some of the values taken: the default, and a dozen spread over all."""
    this = next(p for p in QUESTIONS[name].params if p.name == param)
    offered = [value for _, value in choices(engine, this)]
    answer, columns = ANEW[name, param]
    for value in dict.fromkeys([*filter(None, [this.default]), *offered[:: max(1, len(offered) // 12)]]):
        found = {tuple(row.get(c, "") for c in columns) for row in solutions(engine, name, param, value)}
        assert found == answer(graph, names.expand(value)), value


@pytest.mark.parametrize("name", ["about", "says-about"])
def test_what_is_said_in_a_domain_is_found_by_the_domain(engine: Engine, graph: Graph, name: str) -> None:
    """It is no slot of the claim; who asks about it is to find what each source says in it, and that alone."""
    said = {row["assertion"] for row in solutions(engine, name, "thing", "domain:legal")}
    assert said == {*graph.values(names.expand("domain:legal"), "^hasDomain")} != set()


def test_two_sources_side_by_side_are_those_two(engine: Engine, graph: Graph) -> None:
    """What either says about the thing, or a kind of it, and nothing that a third says."""
    names_of = {"thing": "theory:realism", "source": "source:hanggarini2025", "other": "source:koohkan2026"}
    given = {name: names.expand(value) for name, value in names_of.items()}
    rows = engine(QUESTIONS["side-by-side"].bind({name: ox.NamedNode(iri) for name, iri in given.items()}))
    found = {tuple(row[c].value for c in ("thing", "role", "source", "assertion")) for row in rows}
    said = {row for row in beside(graph, given["source"]) if within(graph, row[0], names_of["thing"])}
    assert found == {row for row in said if row[2] in (given["source"], given["other"])}
    assert {row[2] for row in found} == {given["source"], given["other"]} < {row[2] for row in beside(graph, "")}


PAIRS = [
    ("theory:realism", "technology:technology"),  # a kind of either
    ("actor:major-powers", "actor:middle-powers"),
    ("technology:technology", "technology:artificial-intelligence"),  # what falls under both is not two things
    ("domain:security", "technology:artificial-intelligence"),
    ("source:koohkan2026", "power:power"),
    ("actor:scholars", "mode:diplomacy"),
]


@pytest.mark.parametrize(("thing", "other"), PAIRS)
def test_what_is_said_of_two_things_has_to_do_with_both(engine: Engine, graph: Graph, thing: str, other: str) -> None:
    question = QUESTIONS["together"]
    rows = engine(
        question.bind({"thing": ox.NamedNode(names.expand(thing)), "with": ox.NamedNode(names.expand(other))})
    )
    columns = ("thing", "role", "with", "with_role", "assertion")
    meant = set()
    for assertion in graph.all("air:Assertion"):
        found = parts(graph, assertion)
        first = [one for one in found if within(graph, one[0], thing)]
        second = [one for one in found if within(graph, one[0], other)]
        meant |= {(*one, *two, assertion) for one in first for two in second if one[0] != two[0]}
    assert {tuple(row[c].value for c in columns) for row in rows} == meant != set()


def test_chains_of_two_and_three_claims_are_those_of_the_graph(engine: Engine, graph: Graph) -> None:
    question = QUESTIONS["chains"]
    columns = ("through", "then", "step", "cause", "effect", "affected", "assertion")
    lengths = set()
    begin = names.expand("technology:artificial-intelligence")
    ends = [value for _, value in choices(engine, question.params[1])]
    for end in ["phenomenon:sovereignty", names.compact(begin), *ends[::8]]:
        rows = engine(question.bind({"from": ox.NamedNode(begin), "to": ox.NamedNode(names.expand(end))}))
        found = {tuple(row[c].value if c in row else "" for c in columns) for row in rows}
        assert found == chains(graph, begin, names.expand(end)), end
        lengths |= {(row[2], bool(row[1])) for row in found}
    assert lengths == {("1", False), ("2", False), ("1", True), ("2", True), ("3", True)}


def test_every_parameter_has_its_test() -> None:
    """A parameter that nobody has seen bite may do nothing."""
    assert sorted({*PATHS, *ANEW, ("chains", "from"), ("chains", "to")}) == sorted(PARAMS)
