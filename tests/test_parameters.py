"""Every parameter of every question, set alone, leaves the rows that the graph says, found by look-ups of our own.

A question is asked with all parameters open. Of these rows, a value must leave those whose assertion, claim or column
leads to it along the path below. Questions that count, or follow chains, are answered anew in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from printing import Graph

from kg import names
from kg.ask.find import catalogue, choices
from kg.grounds import Engine, local
from kg.queries import Param
from kg.store import local as store

QUESTIONS = {question.name: question for question in catalogue()}
PARAMS = [(question.name, param.name) for question in QUESTIONS.values() for param in question.params]

NARROWER = "/isNarrowerThan?"
EFFECTS = ("weakens", "strengthens", "creates", "transforms", "enables", "mitigates")

PATHS: dict[tuple[str, str], str] = {
    **{(name, "phenomenon"): f"affected: {NARROWER}" for name in (*EFFECTS, "redistributes", "changes")},
    **{(name, "mechanism"): f"claim: hasMechanism|hasCause{NARROWER}" for name in EFFECTS},
    **{(name, "performer"): f"claim: hasPerformer{NARROWER}" for name in (*EFFECTS, "changes")},
    **{(name, "power"): f"claim: hasPowerType{NARROWER}" for name in (*EFFECTS, "gains-power")},
    **{
        (name, "domain"): f"claim: hasDomain{NARROWER}"
        for name in (
            *(*EFFECTS, "changes", "technology-does", "findings-by-domain", "risks-by-domain"),
            *("benefits-by-domain", "levels"),
        )
    },
    **{(name, "domain"): "claim: hasDomain" for name in ("reported-only", "most-contested")},
    **{
        (name, "source"): "assertion: inSource"
        for name in (
            *("findings-by-domain", "self-contradictions", "reported-only", "rejected", "uncited-core", "hedged"),
            *("predictions", "numbers-and-cases", "timeline", "inherited-attributions", "methods-and-data"),
            *("research-questions", "contributions", "frameworks"),
        )
    },
    **{(name, "source"): "source:" for name in ("says-about", "source-integrity", "in-text-citations")},
    **{(name, "actor"): f"actor: {NARROWER}" for name in ("gains-power", "loses-power", "actor-does", "happens-to")},
    **{(name, "actor"): f"actor: {NARROWER}" for name in ("described-as", "competes")},
    **{(name, "mode"): f"mode: {NARROWER}" for name in ("table-1", "risks-by-mode", "benefits-by-mode")},
    **{(name, "mode"): f"mode: {NARROWER}" for name in ("modes", "mode-for", "modes-changed")},
    **{(name, "gainer"): f"claim: hasBeneficiary|hasPerformer{NARROWER}" for name in ("benefits-by-mode",)},
    **{(name, "topic"): f"claim: hasSubject|hasObject{NARROWER}" for name in ("conditions", "gaps")},
    ("redistributes", "gainer"): f"claim: hasPerformer{NARROWER}",
    ("benefits-by-domain", "gainer"): f"claim: hasBeneficiary|hasPerformer{NARROWER}",
    ("changes", "effect"): "claim: hasEffect",
    ("technology-does", "technology"): f"technology: {NARROWER}",
    ("mechanism-does", "mechanism"): f"mechanism: {NARROWER}",
    ("power-at-stake", "power"): f"power: {NARROWER}",
    ("examples", "class"): f"class: {NARROWER}",
    ("non-human-agents", "agent"): f"agent: {NARROWER}",
    ("says-about", "thing"): f"thing: {NARROWER}",
    ("risks-by-mode", "risk"): f"risk: {NARROWER}",
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


@pytest.fixture(scope="module")
def engine(founding: Path) -> Engine:
    return local(store.open_store(founding))


@pytest.fixture(scope="module")
def graph(founding: Path) -> Graph:
    return Graph(store.open_store(founding))


def term(param: Param, value: str) -> Any:
    return ox.Literal(value) if param.type == "text" else ox.NamedNode(names.expand(value))


@cache
def solutions(engine: Engine, name: str, param: str = "", value: str = "") -> list[Solution]:
    """Return what a question's query gives with one parameter set, or none."""
    question = QUESTIONS[name]
    given = {p.name: term(p, value) for p in question.params if p.name == param}
    return [{k: v.value for k, v in row.items()} for row in engine(question.bind(given))]


def distinct(rows: Iterable[Solution]) -> set[tuple[tuple[str, str], ...]]:
    return {tuple(sorted(row.items())) for row in rows}


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


# ── answers found anew ────────────────────────────────────────────────────────────────────────────────

Anew = Callable[[Graph, str], set[tuple[str, ...]]]


def kind(graph: Graph, thing: str, cls: str) -> bool:
    return names.expand(cls) in graph.values(thing, "rdf:type")


def within(graph: Graph, thing: str, *terms: str) -> bool:
    """Tell whether a term is one of others, or narrower than one of them."""
    return any(names.expand(one) in graph.values(thing, "isNarrowerThan?") for one in terms)


def made(graph: Graph, claim: str) -> list[str]:
    return graph.values(claim, "^asserts")


CAUSE = "^hasCause|^arisesFrom|^hasMechanism"


def link(graph: Graph, cause: str, affected: str) -> list[tuple[str, str]]:
    """Return the claims, and how they relate the two, that lead from one thing to another."""
    found = [c for c in graph.values(cause, CAUSE) if affected in graph.values(c, "hasObject")]
    pairs = [(c, relation) for c in found for relation in graph.values(c, "hasRelation")]
    return [(c, r) for c, r in pairs if r != names.expand("relation:leaves-unchanged")]


def chains(graph: Graph, begin: str, end: str) -> set[tuple[str, ...]]:
    """Rows of chains of two and three claims: the terms between, the step, its ends, its effect, its assertion."""
    paths = [[begin, a, end] for a in graph.values(begin, "leadsTo") if end in graph.values(a, "leadsTo")]
    for a in graph.values(begin, "leadsTo"):
        paths += [[begin, a, b, end] for b in graph.values(a, "leadsTo") if end in graph.values(b, "leadsTo")]
    rows = set()
    for path in paths:
        inner = path[1:-1]
        if begin == end or end in inner or (len(inner) == 2 and begin == inner[1]):
            continue
        for step, (cause, affected) in enumerate(pairwise(path), 1):
            for claim, relation in link(graph, cause, affected):
                then = inner[1] if len(inner) == 2 else ""
                rows |= {(inner[0], then, str(step), cause, relation, affected, a) for a in made(graph, claim)}
    return rows


def leads_to(graph: Graph, end: str) -> set[tuple[str, ...]]:
    rows = set()
    for through in graph.values(end, "^leadsTo"):
        for claim in graph.values(through, "^hasObject"):
            for origin in graph.values(claim, "hasCause|arisesFrom|hasMechanism"):
                for c, relation in link(graph, origin, through) if origin != end else ():
                    rows |= {(origin, through, "1", relation, a) for a in made(graph, c)}
        for origin in graph.values(through, "^leadsTo"):
            for claim, relation in link(graph, through, end) if origin != end else ():
                rows |= {(origin, through, "2", relation, a) for a in made(graph, claim)}
    return rows


LOST = (
    *("risk:loss-of-agency", "risk:loss-of-sovereignty", "risk:loss-of-human-control", "risk:marginalisation"),
    *("risk:competitive-disadvantage", "risk:technological-dependency", "risk:strategic-vulnerability"),
    "phenomenon:inequality",
)
HELD = ("phenomenon:state-monopoly", "phenomenon:state-hierarchy", "phenomenon:sovereignty", "power:state-power")


def loses_power(graph: Graph, actor: str) -> set[tuple[str, ...]]:
    """Rows of four sorts: weakened themselves, held back as performers, states by what they hold, by risks of power."""
    found = []
    for claim in graph.all("air:Claim"):
        effects = {names.compact(e) for e in graph.values(claim, "hasEffect")}
        affected = graph.values(claim, "hasAffected")
        if "relation:weakens" in effects:
            found += [(a, "", claim) for a in affected if kind(graph, a, "air:Actor")]
        if "relation:constrains" in effects:
            kinds = [*graph.values(claim, "hasPowerType"), *graph.values(claim, "hasAffected/isNarrowerThan?")]
            if any(kind(graph, k, "air:PowerType") for k in kinds):
                found += [(p, a, claim) for p in graph.values(claim, "hasPerformer") for a in affected]
        if effects & {"relation:weakens", "relation:constrains", "relation:redistributes"}:
            found += [(names.expand("actor:states"), a, claim) for a in affected if within(graph, a, *HELD)]
        risks = [r for r in graph.values(claim, "hasRisk") if within(graph, r, *LOST)]
        found += [(b, r, claim) for b in graph.values(claim, "hasBearer") for r in risks]
    return {
        (who, through, how, loss, a)
        for who, loss, claim in found
        if within(graph, who, actor)
        for how in graph.values(claim, "hasRelation")
        for through in graph.values(claim, "hasSubject")
        for a in made(graph, claim)
    }


def members(graph: Graph, cls: str) -> set[tuple[str, ...]]:
    rows = set()
    for member in graph.all(cls):
        rows |= {(member, a) for a in made(graph, member)}
        rows |= {(member, member)} if kind(graph, member, "air:Assertion") else set()
        if kind(graph, member, "air:InTextCitation"):
            rows |= {(member, a) for a in graph.values(member, "^throughCitation/^hasAttribution")}
        if kind(graph, member, "air:Term"):
            claims = graph.values(member, "^hasSubject|^hasObject|^hasMechanism|^hasPerformer")
            rows |= {(member, a) for claim in claims for a in made(graph, claim)}
    return rows


def disagreements(graph: Graph, slot: str) -> set[tuple[str, ...]]:
    tension = names.expand("code:link.isInTensionWith")
    links = [x for x in graph.values(tension, "^hasLinkProperty") if slot in graph.values(x, "differsIn")]
    return {
        (other, place, ", ".join(sorted(graph.values(x, "differsIn"))), a)
        for x in links
        for other in graph.values(x, "linksTo")
        for rebuttal in made(graph, other)
        for place in graph.values(rebuttal, "hasPassage")
        for claim in graph.values(x, "linksFrom")
        for a in made(graph, claim)
    }


WAYS = {
    "supports": ("supports it", "is supported by it"),
    "refines": ("refines it", "is refined by it"),
    "repeats": ("repeats it", "repeats it"),
    "isInTensionWith": ("stands against it", "stands against it"),
}


def for_and_against(graph: Graph, claim: str) -> set[tuple[str, ...]]:
    rejects = names.expand("code:stance.contests")
    rows = {
        ("rejects it" if rejects in graph.values(a, "hasStance") else "makes it", "", a) for a in made(graph, claim)
    }
    for near, far, way in (("linksTo", "linksFrom", 0), ("linksFrom", "linksTo", 1)):
        for x in graph.values(claim, f"^{near}"):
            (relation,), (reason,) = graph.values(x, "hasLinkProperty"), graph.values(x, "reason")
            said = WAYS[relation.rpartition(".")[2]][way]
            rows |= {(said, reason, a) for other in graph.values(x, far) for a in made(graph, other)}
    return rows


def impact(graph: Graph, work: str) -> set[tuple[str, ...]]:
    lost = graph.values(work, "^restsOnlyOn")
    rows = {("every assertion", a) for claim in lost for a in made(graph, claim)}
    for claim in {c for one in lost for c in graph.values(one, "supports")} - set(lost):
        if set(graph.values(claim, "^supports")) <= set(lost):
            rows |= {("every supporting claim", a) for a in made(graph, claim)}
    return rows


def rests_on(graph: Graph, work: str) -> set[tuple[str, ...]]:
    rows = set()
    for credit in graph.values(work, "^attributedTo"):
        for a in graph.values(credit, "^hasAttribution"):
            only = work in graph.values(a, "asserts/restsOnlyOn")
            (scope,), (basis,) = graph.values(credit, "hasScope"), graph.values(a, "hasBasis")
            rows.add(("only on it" if only else "also on something else", scope, basis, a))
    return rows


def about(graph: Graph, thing: str) -> set[tuple[str, ...]]:
    rows = set()
    for (value, prop), claims in graph.back.items():
        if value == thing and graph.values(names.expand(prop), "skos:prefLabel"):
            narrow = graph.values(names.expand(prop), "^rdfs:subPropertyOf")
            for claim in (c for c in claims if kind(graph, c, "air:Claim")):
                if not any(thing in graph.values(claim, names.compact(n)) for n in narrow):
                    rows |= {(names.expand(prop), a) for a in made(graph, claim)}
    for role, path in (
        ("claim", "^asserts"),
        ("source", "^inSource"),
        ("passage", "^hasPassage"),
        ("holds the view", "^heldBy"),
        ("cited for it", "^attributedTo/^hasAttribution"),
    ):
        rows |= {(role, a) for a in graph.values(thing, path) if kind(graph, a, "air:Assertion")}
    return rows


def mechanisms(graph: Graph, domain: str) -> set[tuple[str, ...]]:
    claims: dict[str, set[str]] = {}
    for claim in graph.all("air:EffectClaim"):
        if within(graph, claim, domain) or any(within(graph, d, domain) for d in graph.values(claim, "hasDomain")):
            for mechanism in graph.values(claim, "hasMechanism|hasCause"):
                if kind(graph, mechanism, "air:Mechanism") and made(graph, claim):
                    claims.setdefault(mechanism, set()).add(claim)
    sources = {m: {s for c in cs for s in graph.values(c, "^asserts/inSource")} for m, cs in claims.items()}
    return {(m, str(len(cs)), str(len(sources[m]))) for m, cs in claims.items()}


def most_cited(graph: Graph, source: str) -> set[tuple[str, ...]]:
    rows = set()
    for work in graph.all("air:Work"):
        places = [c for c in graph.values(work, "^citesWork") if source in graph.values(c, "inSource")]
        said = [a for a in graph.values(work, "^attributedTo/^hasAttribution") if source in graph.values(a, "inSource")]
        claims = {c for a in said for c in graph.values(a, "asserts")}
        alone = [c for c in claims if graph.values(c, "restsOnlyOn")]
        if places:
            rows.add((work, str(len(places)), *((str(len(claims)), str(len(alone))) if claims else ("", ""))))
    return rows


def single_work(graph: Graph, source: str) -> set[tuple[str, ...]]:
    rows = set()
    strict = names.expand("code:scope.strict")
    for work in graph.all("air:Work"):
        said = {
            c: [a for a in made(graph, c) if source in graph.values(a, "inSource")]
            for c in graph.values(work, "^restsOnlyOn")
        }
        claims = [c for c, assertions in said.items() if assertions]
        at = [c for c in claims if any(strict in graph.values(a, "hasAttribution/hasScope") for a in said[c])]
        if claims:
            rows.add((work, str(len(claims)), str(len(at))))
    return rows


ANEW: dict[tuple[str, str], tuple[Anew, tuple[str, ...]]] = {
    ("leads-to", "phenomenon"): (leads_to, ("origin", "through", "step", "effect", "assertion")),
    ("loses-power", "actor"): (loses_power, ("actor", "through", "how", "loss", "assertion")),
    ("members", "class"): (members, ("member", "assertion")),
    ("disagreements", "slot"): (disagreements, ("against", "against_place", "differs", "assertion")),
    ("for-and-against", "claim"): (for_and_against, ("way", "reason", "assertion")),
    ("impact", "work"): (impact, ("loss", "assertion")),
    ("rests-on", "work"): (rests_on, ("weight", "pointer", "basis", "assertion")),
    ("about", "thing"): (about, ("role", "assertion")),
    ("mechanisms", "domain"): (mechanisms, ("mechanism", "claims", "sources")),
    ("most-cited", "source"): (most_cited, ("work", "places", "claims", "alone")),
    ("single-work", "source"): (single_work, ("work", "claims", "at_sentence")),
}
"""Questions answered in Python: by their parameter, the rows under these columns."""


@pytest.mark.parametrize(("name", "param"), ANEW)
def test_a_question_answered_anew_gives_the_same_rows(engine: Engine, graph: Graph, name: str, param: str) -> None:
    """Every branch of the query has a part in some of the values taken: the default, and a dozen spread over all."""
    this = next(p for p in QUESTIONS[name].params if p.name == param)
    offered = [value for _, value in choices(engine, this)]
    answer, columns = ANEW[name, param]
    for value in dict.fromkeys([*filter(None, [this.default]), *offered[:: max(1, len(offered) // 12)]]):
        found = {tuple(row.get(c, "") for c in columns) for row in solutions(engine, name, param, value)}
        assert found == answer(graph, names.expand(value)), value


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
