"""Reasoning: what each rule derives from a small graph, and that all of them together derive it in one run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_cases import CASES, STRENGTHENS, TERMS, WEAKENS
from small import Small

from kg import names, pipeline
from kg.errors import QueryError
from kg.load.inputs import Inputs
from kg.queries import Query, read_queries
from kg.reason.rules import derive
from kg.store.local import open_store

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.PREFIXES.items())


def graph(text: str) -> list[ox.Quad]:
    """Parse Turtle with the project's prefixes into one named graph."""
    name = ox.NamedNode(names.source_graph("s"))
    parsed = ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return [ox.Quad(q.subject, q.predicate, q.object, name) for q in parsed]


def show(quads: list[ox.Quad]) -> list[str]:
    return sorted(str(q.triple) for q in quads)


RULES = {rule.name: rule for rule in read_queries("infer")}


@pytest.mark.parametrize(
    ("rule", "given_", "derived"),
    [pytest.param(rule, *case[1:], id=f"{rule}: {case[0]}") for rule, cases in CASES.items() for case in cases],
)
def test_a_rule_derives_this_and_nothing_else(rule: str, given_: str, derived: str) -> None:
    """A rule nobody has seen at work is not a rule; one that derives more than it says is worse."""
    found = derive(graph(given_), [RULES[rule]])
    assert show(found) == show(graph(derived))
    assert {q.graph_name.value for q in found} <= {names.DERIVED_GRAPH}


def test_every_rule_has_a_case() -> None:
    """A rule added without one would be believed unseen."""
    assert set(RULES) == set(CASES)


def test_rules_see_what_the_rules_before_them_derived() -> None:
    """Tension needs the closure of broader powers, and what contests a claim needs the tension."""
    found = show(
        derive(
            graph(
                TERMS
                + WEAKENS
                + STRENGTHENS
                + "claim:a air:hasPowerType power:cyber . claim:b air:hasPowerType power:hard . "
                + "power:cyber iso-thes:broaderGeneric power:hard ."
            ),
            list(RULES.values()),
        )
    )
    assert show(graph("claim:b air:isContestedBy claim:a ."))[0] in found


def test_what_was_asserted_is_not_derived_again() -> None:
    """What a coder said and what a rule concluded are never mixed up."""
    asserted = graph("power:a iso-thes:broaderGeneric power:b . power:a air:isNarrowerThan power:b .")
    assert derive(asserted, [RULES["narrower"]]) == []


def test_reasoning_again_over_the_small_corpus_adds_nothing(small: Small) -> None:
    """The order of the rules is enough: nobody has to run them until nothing changes."""
    asserted = pipeline.load(small.inputs)
    derived = pipeline.derive(asserted)
    assert derived
    assert pipeline.derive(replace(asserted, quads=(*asserted.quads, *derived))) == []


def test_reasoning_again_over_the_founding_corpus_adds_nothing(founding: Path) -> None:
    """As above, over every claim that is coded."""
    quads = tuple(open_store(founding))
    assert any(q.graph_name.value == names.DERIVED_GRAPH for q in quads)
    assert show(pipeline.derive(replace(pipeline.load(Inputs.of()), quads=quads))) == []


CLAIM = st.tuples(
    st.sampled_from(["weakens", "strengthens"]),
    st.sampled_from(["trust", "order"]),
    st.sampled_from(["endorses", "reports", "contests"]),
    st.sampled_from(["", "hard", "cyber"]),
)


@settings(max_examples=30, deadline=None)
@given(
    claims=st.lists(CLAIM, max_size=6), tensions=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=3)
)
def test_reasoning_again_over_any_claims_adds_nothing(
    claims: list[tuple[str, ...]], tensions: list[tuple[int, int]]
) -> None:
    """Claims that agree, oppose and contest each other in any number, with a coder's own links among them."""
    text = TERMS + 'phenomenon:order skos:prefLabel "order"@en . power:cyber iso-thes:broaderGeneric power:hard .'
    for i, (effect, affected, stance, power) in enumerate(claims):
        text += (
            f"claim:c{i} a air:EffectClaim ; air:hasCause technology:ai ; air:hasEffect relation:{effect} ; "
            f"air:hasAffected phenomenon:{affected} . assertion:s.c{i} air:asserts claim:c{i} ; "
            f"air:hasStance code:stance.{stance} ."
        )
        text += f"claim:c{i} air:hasPowerType power:{power} ." if power else ""
    text += "".join(f"claim:c{a} air:isInTensionWith claim:c{b} ." for a, b in tensions if a != b)
    asserted = graph(text)
    rules = list(RULES.values())
    derived = derive(asserted, rules)
    assert show(derive([*asserted, *derived], rules)) == []


def test_a_contradiction_stays_data(small: Small) -> None:
    """Two claims against each other are what the graph is for: both stay, and each says what stands against it."""
    asserted = pipeline.load(small.inputs)
    derived = show(pipeline.derive(asserted))
    against = "claim:{} air:isContestedBy claim:{} ."
    one, other = "machines-weaken-state-monopoly", "machines-leave-state-monopoly"
    for line in (against.format(one, other), against.format(other, one)):
        assert show(graph(line))[0] in derived
    said = {str(q.subject.value) for q in asserted.quads if q.predicate.value == names.term("statement")}
    assert {names.thing("claim", one), names.thing("claim", other)} <= said
    assert not [f for f in pipeline.examine(asserted, []) if f.severity == "violation"]


def rule(text: str, folder: Path) -> Query:
    from kg.queries import read_file

    (folder / "infer").mkdir()
    (folder / "infer" / "x.rq").write_text("#+ summary: x\n#+ order: 1\n" + text)
    return read_file(folder / "infer" / "x.rq")[0]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("# why\nCONSTRUCT { ?s a air:X } WHERE {\n  ?s a nowhere:Y\n}\n", ":5:17", "not SPARQL: an undeclared prefix"),
        ("SELECT ?s WHERE { ?s a air:Claim }\n", "", "a CONSTRUCT query expected"),
        (
            "CONSTRUCT { ?s air:x [] } WHERE { ?s a air:Claim }\n",
            "",
            "the rule makes a blank node, a named node expected",
        ),
    ],
)
def test_a_broken_rule_is_told_with_its_line(tmp_path: Path, text: str, place: str, message: str) -> None:
    """Prefixes are put before a rule and its header stands above it; its line is still that of the file."""
    with pytest.raises(QueryError) as caught:
        derive(graph("claim:a a air:Claim ."), [rule(text, tmp_path)])
    assert f"x.rq{place}: error: {message}" in str(caught.value)
