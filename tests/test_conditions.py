"""What always holds of a thing of each class: the axioms say what the table of kinds says, and clash with the rest."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import logic
import pyoxigraph as ox
import pytest
from test_owl import judged

from kg import names
from kg.model import KINDS, Slot
from kg.reason.axioms import Axiom, Named, Only, Or, Some, Value
from kg.reason.definitions import closures, rules
from kg.reason.explain import words

SCHEMES = {"aspect": "StudyAspect"}
"""Schemes of codes whose class is not simply their name."""

Condition = tuple[str, str, str]
"""`some` or `only`, a property, and the class or datatype of its values."""


@cache
def conditions() -> dict[str, list[Axiom]]:
    """Return the necessary conditions of each class, by its compact name."""
    found: dict[str, list[Axiom]] = defaultdict(list)
    for axiom in logic.axioms():
        if axiom.kind in ("necessary", "consequence"):
            found[names.compact(axiom.subject)].append(axiom)
    return found


def stated(cls: str) -> set[Condition]:
    """Return what is said of the values of one class's properties, constants and choices left out."""
    found = set()
    for axiom in conditions()[cls]:
        if isinstance(axiom.content, Some | Only):
            assert isinstance(axiom.content.filler, Named)
            sort = "some" if isinstance(axiom.content, Some) else "only"
            found.add((sort, *(names.compact(iri) for iri in (axiom.content.role.iri, axiom.content.filler.iri))))
    return found


def both(prop: str, filler: str) -> set[Condition]:
    return {("some", prop, filler), ("only", prop, filler)}


def expected(slot: Slot) -> set[Condition]:
    """Return what must be said of a required slot."""
    match slot.filler:
        case "term":
            (filler,) = slot.classes or ("Term",)
        case "code":
            filler = SCHEMES.get(slot.classes[0], slot.classes[0].capitalize())
        case _:
            return both(f"air:{slot.property}", "xsd:string")
    return both(f"air:{slot.property}", f"air:{filler}")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_of_claim_has_its_required_slots_with_fillers_of_their_classes(kind) -> None:  # type: ignore[no-untyped-def]
    required = [slot for slot in kind.slots if slot.required]
    assert stated(f"air:{kind.cls}") == set().union(*map(expected, required))
    constants = {
        names.compact(axiom.content.node.value)
        for axiom in conditions()[f"air:{kind.cls}"]
        if isinstance(axiom.content, Value)
    }
    slots = {slot.name for slot in kind.slots}
    assert constants == (set() if kind.relation in slots else {f"relation:{kind.relation}"})


def test_a_claim_is_of_one_of_the_ten_kinds_and_of_no_two() -> None:
    kinds = tuple(sorted(names.term(kind.cls) for kind in KINDS.values()))
    of_claims = {
        axiom.kind: axiom for axiom in logic.axioms() if axiom.subject == names.term("Claim") and axiom.content == kinds
    }
    assert set(of_claims) == {"cover", "disjoint"}
    assert words(of_claims["cover"]).startswith("air:Claim DisjointUnionOf: air:BenefitClaim, air:Char")


CORE = {
    "air:Assertion": {
        *("air:asserts Claim", "air:codedBy Coder", "air:hasBasis Basis", "air:hasHedge Hedge", "air:inSource Source"),
        *("air:hasMode AssertionMode", "air:hasPassage Passage", "air:hasStance Stance", "air:hasVoice Voice"),
    },
    "air:Attribution": {"air:hasScope AttributionScope"},
    "air:Authorship": {"air:contributesTo Work", "air:creditsAgent Agent", "air:hasRole AuthorshipRole"},
    "air:ClaimLink": {"air:hasLinkProperty LinkProperty", "air:linksFrom Claim", "air:linksTo Claim"},
    "air:EffectEdge": {"air:edgeFrom Term", "air:edgeTo Term", "air:hasEffect Effect", "air:standsFor EffectClaim"},
    "air:InTextCitation": {"air:hasPassage Passage", "air:inSource Source"},
    "air:Passage": {"air:inSection Section", "air:inSource Source"},
    "air:ReferenceEntry": {"air:inSource Source", "air:listsWork Work"},
    "air:Section": {"air:inSource Source"},
}
"""What a thing of each class of the core leads to, and to nothing of another class."""


@pytest.mark.parametrize("cls", CORE)
def test_a_class_of_the_core_says_what_each_of_its_things_has(cls: str) -> None:
    wanted = set().union(*(both(prop, f"air:{filler}") for prop, filler in map(str.split, CORE[cls])))
    ours = {(sort, prop, filler) for sort, prop, filler in stated(cls) if filler.startswith("air:")}
    assert ours == wanted


def test_whoever_is_credited_is_a_work_or_a_pointer() -> None:
    choices = {
        cls: {names.compact(part.role.iri) for part in axiom.content.parts}
        for cls, found in conditions().items()
        for axiom in found
        if isinstance(axiom.content, Or)
    }
    assert choices == {
        "air:Attribution": {"air:attributedTo", "air:throughCitation"},
        "air:InTextCitation": {"air:citesWork", "air:hasDefect"},
    }


def test_no_rule_is_made_of_what_is_merely_necessary() -> None:
    """That a claim of effect has a cause finds neither the cause nor a claim."""
    axioms = [axiom for axiom in logic.axioms() if axiom.kind in ("necessary", "cover")]
    assert len(axioms) > 100
    assert rules(axioms) == []
    assert len(closures(axioms)) == len(closures([]))
    defined = {axiom.subject for axiom in logic.axioms() if axiom.kind == "definition"}
    assert not defined & {axiom.subject for axiom in axioms}


def test_the_founding_corpus_fulfils_every_condition_in_its_own_words() -> None:
    """A reasoner would invent what is missing; here it must stand in the coding or follow by a rule."""
    out: dict[str, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for quad in [*logic.asserted().quads, *logic.derived()]:
        out[quad.subject.value][quad.predicate.value].add(quad.object)
    members = logic.types([quad.triple for quad in [*logic.asserted().quads, *logic.derived()]])
    for cls in conditions():
        assert members[cls], cls
        for sort, prop, filler in stated(cls):
            for thing in members[cls]:
                values = out[names.expand(thing)][names.expand(prop)]
                assert values or sort == "only", (thing, prop)
                fits = [v for v in values if is_a(v, filler, members)]
                assert len(fits) == len(values) if sort == "only" else fits, (thing, prop)


def is_a(value: object, filler: str, members: dict[str, frozenset[str]]) -> bool:
    if isinstance(value, ox.Literal):
        return filler == "rdfs:Literal" or names.compact(value.datatype.value) == filler
    assert isinstance(value, ox.NamedNode)
    return names.compact(value.value) in members.get(filler, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    "clash",
    [
        "air:Else a owl:Class ; rdfs:subClassOf air:Claim ; owl:disjointWith "
        + ", ".join(f"air:{kind.cls}" for kind in KINDS.values())
        + " . claim:a a air:Else .",
        "assertion:a a air:Assertion ; air:asserts work:a . work:a a air:Work .",
        "assertion:a a air:Assertion ; air:hasStance code:voice.own .",
        "claim:a a air:EffectClaim ; air:hasEffect power:p . power:p a air:PowerType .",
        "claim:a a air:RiskClaim ; air:hasRisk benefit:b . benefit:b a air:Benefit .",
        "passage:a a air:Passage ; air:inSource claim:a . claim:a a air:FactClaim .",
        "air:Causeless a owl:Class ; rdfs:subClassOf air:EffectClaim , "
        "[ a owl:Restriction ; owl:onProperty air:hasCause ; owl:allValuesFrom owl:Nothing ] . "
        "claim:a a air:Causeless .",
    ],
    ids=(
        "of no kind",
        "asserts a work",
        "a code of another list",
        "a power as effect",
        "a gain as risk",
        "in a claim",
        "no cause",
    ),
)
def test_what_breaks_a_condition_is_inconsistent(clash: str) -> None:
    assert not judged(clash).consistent
