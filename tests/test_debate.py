"""Standing in the debate: the semantics agree with an independent solver and with worked examples."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import graph, names
from kg.grounds import local
from kg.measure.debate import Debate, standing

NAMES = "abcdef"
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=8)


def test_two_endorsed_claims_in_tension_both_stay_open():
    debate = Debate.of([("a", "b")], [], ["a", "b"])
    assert debate.grounded() == {"a": "undecided", "b": "undecided"}
    assert debate.preferred() == {"a": "some", "b": "some"}


def test_an_endorsed_claim_stands_against_one_that_is_only_reported():
    debate = Debate.of([("a", "b")], [], ["a"])
    assert debate.grounded() == {"a": "in", "b": "out"}
    assert debate.preferred() == {"a": "all", "b": "none"}


def test_what_its_sources_only_deny_attacks_nothing():
    """Nobody holds `d`: it falls before a claim that is only reported, and weakens none."""
    debate = Debate.of([("d", "r"), ("r", "s")], [], [], ["d"])
    assert debate.conflicts == {"d": {"r"}, "r": {"s"}, "s": {"r"}}
    assert debate.attackers == debate.conflicts
    alone = Debate.of([("d", "r")], [], [], ["d"])
    assert (alone.grounded()["d"], alone.preferred()["r"], alone.strength(["r"])) == ("out", "all", {"r": 0.5})


def test_what_attacks_a_supported_claim_attacks_its_supporter():
    """Support is deductive: whoever accepts the supporter accepts the supported."""
    debate = Debate.of([("a", "b")], [("s", "b")], ["a"])
    assert debate.attackers["s"] == {"a"}
    assert debate.grounded()["s"] == "out"


def test_a_supporter_attacks_what_its_claim_attacks():
    debate = Debate.of([("a", "b")], [("s", "a")], ["a", "s"])
    assert debate.attackers["b"] == {"a", "s"}


def test_support_raises_and_attack_lowers_the_strength():
    """Potyka 2018: energy 0.5 moves a claim of weight 0.5 by half of 0.5² / (1 + 0.5²)."""
    debate = Debate.of([], [("s", "a")], ["a", "s"])
    assert debate.strength(["a"])["a"] == pytest.approx(0.5 + 0.5 * 0.25 / 1.25, abs=1e-3)
    contested = Debate.of([("a", "b")], [], ["a", "b"]).strength(["a"])
    assert contested["a"] < 0.5
    assert contested["a"] == pytest.approx(contested["b"])


@settings(max_examples=150, deadline=None)
@given(
    conflicts=PAIRS, supports=PAIRS, endorsed=st.sets(st.sampled_from(NAMES)), denied=st.sets(st.sampled_from(NAMES))
)
def test_grounded_and_preferred_agree_with_an_independent_solver(conflicts, supports, endorsed, denied):
    """pygarg decides the same questions with a SAT solver; it knows nothing of our reasoning."""
    solver = pytest.importorskip("pygarg.dung.solver")
    debate = Debate.of(conflicts, supports, endorsed - denied, denied - endorsed)
    arguments = sorted(debate.attackers)
    attacks = [[a, c] for c in arguments for a in sorted(debate.attackers[c])]
    if not arguments:
        return
    grounded = debate.grounded()
    assert {a for a in arguments if grounded[a] == "in"} == set(solver.compute_some_extension(arguments, attacks, "GR"))
    extensions = solver.extension_enumeration(arguments, attacks, "PR")
    preferred = debate.preferred()
    for argument in arguments:
        held = sum(argument in extension for extension in extensions)
        assert preferred[argument] == ("all" if held == len(extensions) else "some" if held else "none")


def test_an_answer_names_attackers_and_supporters_and_where_a_claim_stands():
    """`a` is contested by `b` and supported by `s`; of `lone` nobody else says anything."""
    held = ox.Store()
    claim = lambda name: graph.iri(f"claim:{name}")  # noqa: E731
    triples = [("a", "air:isContestedBy", claim("b")), ("b", "air:isContestedBy", claim("a"))]
    triples += [("s", "air:supports", claim("a"))]
    triples += [(name, "air:statement", graph.literal(f"Claim {name}.", language="en")) for name in "abs"]
    held.extend(ox.Quad(claim(one), graph.iri(predicate), other) for one, predicate, other in triples)
    act = graph.iri("assertion:doe.b")
    held.add(ox.Quad(act, graph.iri("air:asserts"), claim("b")))
    held.add(ox.Quad(act, graph.iri("air:hasStance"), graph.iri("code:stance.endorses")))
    ids = [names.thing("claim", name) for name in ("a", "b", "lone")]
    told = {iri: {key: cell.text for key, cell in row.items()} for iri, row in standing(local(held), ids).items()}
    first, second, lone = (told[iri] for iri in ids)
    assert (first["attackers"], first["supporters"]) == ("Claim b.", "Claim s.")
    assert (first["grounded"], first["preferred"]) == ("out", "none")
    assert (second["attackers"], second["supporters"], second["grounded"]) == ("Claim a.", "", "in")
    assert lone == {"attackers": "", "supporters": "", "grounded": "in", "preferred": "all", "strength": "0.50"}


def test_what_is_contested_and_contests_nothing_is_what_nobody_holds():
    """The rule derives `contested by` in one direction only where one of the two is only denied."""
    held = ox.Store()
    claims = [graph.iri(f"claim:{name}") for name in "abd"]
    for one, other in ((0, 1), (1, 0), (2, 0)):
        held.add(ox.Quad(claims[one], graph.iri("air:isContestedBy"), claims[other]))
    a, b, d = (claim.value for claim in claims)
    debate = Debate.read(local(held))
    assert debate.conflicts == {a: {b}, b: {a}, d: {a}}
    assert (debate.attackers, debate.grounded()[d]) == (debate.conflicts, "undecided")
