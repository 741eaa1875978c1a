"""Defined classes: the rules made from them find what a reasoner finds, and the members stay as reviewed."""

from __future__ import annotations

from pathlib import Path

import logic
import pyoxigraph as ox
import pytest

from kg import names
from kg.errors import InputError
from kg.queries import read_queries
from kg.reason import axioms, definitions
from kg.reason.rules import derive

GOLDEN = Path(__file__).parent / "golden" / "memberships.tsv"
LISTED = 40
"""A class with more members is reviewed by their number."""

FILE = Path("definitions.ttl")

TREE = """
air:A a owl:Class . air:B a owl:Class ; rdfs:subClassOf air:A . air:C a owl:Class . air:D rdfs:subClassOf air:C .
[] a owl:AllDisjointClasses ; owl:members ( air:A air:C ) .
"""

DATA = """
claim:a a air:A . claim:b a air:B . claim:d a air:D . claim:x a air:X .
claim:a air:p claim:b ; air:q "words" . claim:x air:p claim:d ; air:q 5 . claim:b air:p claim:x .
"""

FORMS = {
    "and": ("owl:intersectionOf ( air:A [ owl:onProperty air:p ; owl:someValuesFrom air:A ] )", "a"),
    "or": ("owl:unionOf ( air:B air:D )", "b d"),
    "one of": ("owl:oneOf ( claim:a claim:x )", "a x"),
    "some": ("owl:onProperty air:p ; owl:someValuesFrom air:C", "x"),
    "some of a datatype": ("owl:onProperty air:q ; owl:someValuesFrom xsd:string", "a"),
    "value": ("owl:onProperty air:p ; owl:hasValue claim:x", "b"),
    "value that is a literal": ("owl:onProperty air:q ; owl:hasValue 5", "x"),
    "inverse": ("owl:onProperty [ owl:inverseOf air:p ] ; owl:someValuesFrom air:B", "x"),
    "value of an inverse": ("owl:onProperty [ owl:inverseOf air:p ] ; owl:hasValue claim:a", "b"),
    "not": ("owl:intersectionOf ( air:A [ owl:complementOf air:D ] )", "a b"),
    "not, for what is not known to be apart": ("owl:intersectionOf ( air:X [ owl:complementOf air:C ] )", ""),
    "nested": (
        "owl:onProperty air:p ; "
        "owl:someValuesFrom [ owl:unionOf ( air:D [ owl:onProperty air:p ; owl:someValuesFrom air:X ] ) ]",
        "a x",
    ),
}


def compiled(text: str) -> list[axioms.Axiom]:
    return axioms.read(logic.turtle(text), FILE)


def found(text: str, data: str) -> dict[str, frozenset[str]]:
    """Return the members by the closures and the rules, over some data."""
    known = compiled(text)
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in axioms.named(logic.turtle(text + data))]
    rules = [*definitions.closures(known), *definitions.rules(known)]
    return logic.types([quad.triple for quad in derive(quads, rules)])


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_class_expression_has_these_members_and_no_others(form: str) -> None:
    """What is not proved to be outside a class may belong to it: no rule concludes from absence."""
    expression, expected = FORMS[form]
    text = TREE + f"air:Defined a owl:Class ; owl:equivalentClass [ {expression} ] ."
    assert found(text, DATA).get("air:Defined", frozenset()) == {f"claim:{name}" for name in expected.split()}


def test_a_definition_may_use_another_whatever_their_names() -> None:
    text = """
    air:A owl:equivalentClass [ owl:intersectionOf ( air:Z [ owl:onProperty air:p ; owl:someValuesFrom air:Y ] ) ] .
    air:Z owl:equivalentClass [ owl:onProperty air:q ; owl:hasValue 1 ] .
    air:Y owl:equivalentClass air:W . air:V owl:equivalentClass [ owl:oneOf ( claim:v ) ] ; rdfs:subClassOf air:W .
    """
    members = found(text, "claim:one air:q 1 ; air:p claim:v .")
    assert {cls: members[cls] for cls in ("air:A", "air:W", "air:Y")} == {
        "air:A": {"claim:one"},
        "air:W": {"claim:v"},
        "air:Y": {"claim:v"},
    }


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("owl:onProperty air:p ; owl:allValuesFrom air:A", "allValuesFrom"),
        ("owl:onProperty air:p ; owl:maxCardinality 1", "maxCardinality"),
        ("owl:complementOf [ owl:unionOf ( air:A air:B ) ]", "complementOf"),
        ("owl:intersectionOf ( air:A [] )", "an empty expression"),
    ],
)
def test_what_no_rule_can_derive_is_refused(expression: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        compiled(f"air:Defined owl:equivalentClass [ {expression} ] .")
    assert str(error.value).startswith(f"definitions.ttl: error: air:Defined: {told} is nothing that a rule can derive")


def test_of_what_always_holds_only_a_value_is_derived() -> None:
    """That a value exists, or that there is none of another class, gives a rule nothing to write down."""
    (axiom,) = compiled("air:Kind rdfs:subClassOf [ owl:onProperty air:p ; owl:hasValue claim:a ] .")
    assert (axiom.kind, axiom.subject) == ("consequence", names.term("Kind"))
    text = """
    air:Kind rdfs:subClassOf [ owl:onProperty air:p ; owl:someValuesFrom air:A ] ,
      [ owl:onProperty air:p ; owl:allValuesFrom air:A ] , [ owl:unionOf ( air:A air:B ) ] .
    air:Whole owl:disjointUnionOf ( air:A air:B ) .
    """
    known = compiled(text)
    assert [axiom.kind for axiom in known] == ["cover", "disjoint", "necessary", "necessary", "necessary"]
    told = {axioms.manchester(axiom.content) for axiom in known if axiom.kind == "necessary"}
    assert told == {"air:A or air:B", "air:p only air:A", "air:p some air:A"}
    assert definitions.rules(known) == []
    data = "claim:k a air:Kind ; air:p claim:x . claim:w a air:Whole ."
    assert found(text, data) == {}


def test_what_is_wider_is_wider_at_any_distance() -> None:
    tree = "air:A rdfs:subClassOf air:B . air:B rdfs:subClassOf air:C . air:C rdfs:subClassOf air:D ."
    a, b, c, d = (names.term(name) for name in "ABCD")
    assert axioms.wider(compiled(tree)) == {a: {b, c, d}, b: {c, d}, c: {d}}


def test_definitions_that_go_round_in_a_circle_are_refused() -> None:
    text = "air:A owl:equivalentClass [ owl:unionOf ( air:B air:C ) ] . air:B owl:equivalentClass air:A ."
    with pytest.raises(InputError, match="circle: air:"):
        definitions.rules(compiled(text))


def test_closures_follow_from_the_axioms_on_properties() -> None:
    text = """
    skos:broader rdfs:subPropertyOf air:isNarrowerThan . air:isNarrowerThan a owl:TransitiveProperty .
    air:near a owl:SymmetricProperty .
    air:RiskClaim rdfs:subClassOf [ owl:onProperty air:hasRelation ; owl:hasValue claim:r ] .
    """
    data = """
    claim:a skos:broader claim:b ; air:near claim:b . claim:b skos:broader claim:c . claim:x a air:RiskClaim .
    """
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in axioms.named(logic.turtle(text + data))]
    told = {
        tuple(names.compact(part.value) for part in (q.subject, q.predicate, q.object))
        for q in derive(quads, definitions.closures(compiled(text)))
    }
    assert told == {
        ("claim:a", "air:isNarrowerThan", "claim:b"),
        ("claim:b", "air:isNarrowerThan", "claim:c"),
        ("claim:a", "air:isNarrowerThan", "claim:c"),
        ("claim:b", "air:near", "claim:a"),
        ("claim:x", "air:hasRelation", "claim:r"),
    }


# ── ours ──────────────────────────────────────────────────────────────────────────────────────────────


def test_classes_that_scholars_ask_for_are_defined_and_contested_claims_are_not() -> None:
    """That nothing contests a claim cannot be derived, so neither side of that pair is a defined class."""
    wanted = {
        *("air:StateMonopolyErosionClaim", "air:OwnVoiceClaim", "air:NonStateActorSecurityClaim"),
        *("air:MiddlePower", "air:TrustRaisingMechanism", "air:PowerShiftClaim", "air:PowerGainClaim"),
        "air:PowerLossClaim",
        *("air:RiskInDiplomacyClaim", "air:MiddlePowerClaim", "air:StateCentricPosition", "air:DoubleEdgedCause"),
        *("air:AgentTechnology", "air:UnresolvedCitation", "air:InheritedAttributionAssertion"),
    }
    assert wanted <= set(logic.defined())
    assert "air:ContestedClaim" not in logic.defined()


def test_the_rules_of_the_build_say_what_the_axioms_say() -> None:
    """The constant relations stand in a rule and in axioms; the closure of broader does too."""
    rule = next(query for query in read_queries("infer") if query.name == "constant-relations")
    stated = {
        (names.compact(a.subject), names.compact(a.content.node.value))
        for a in logic.axioms()
        if a.kind == "consequence"
    }
    assert all(f"({cls} {relation})" in rule.text for cls, relation in stated)
    assert len(stated) == rule.text.count("(air:")
    kinds = {(a.kind, names.compact(a.subject)) for a in logic.axioms()}
    assert {("transitive", "air:isNarrowerThan"), ("transitive", "air:isPartOf")} <= kinds
    assert {("subproperty", f"iso-thes:broader{sort}") for sort in ("Generic", "Instantial", "Partitive")} <= kinds


def test_the_members_in_the_founding_corpus_are_the_reviewed_ones(golden: bool) -> None:
    """A change of a definition or of coding shows here as members that come and go."""
    rows = []
    for cls, members in logic.members().items():
        rows += [f"{cls}\t{len(members)}\n"]
        rows += [f"{cls}\t{member}\n" for member in members if len(members) <= LISTED]
    if golden:
        GOLDEN.write_text("class\tmember, or how many\n" + "".join(rows), encoding="utf-8")
    assert ["class\tmember, or how many\n", *rows] == GOLDEN.read_text(encoding="utf-8").splitlines(keepends=True)
    assert all(logic.members().values()), "a class without a member is not used"


def test_memberships_are_derived_once_and_answer_queries() -> None:
    asserted = logic.asserted()
    whole = [*asserted.quads, *logic.derived()]
    rules = [*read_queries("infer"), *definitions.rules(asserted.axioms)]
    assert derive(whole, rules) == []
    found = ox.Store()
    found.bulk_extend(whole)
    query = "SELECT ?x { ?x a <https://w3id.org/airkg/ns/StateMonopolyErosionClaim> }"
    assert list(found.query(query, use_default_graph_as_union=True))


def test_no_anonymous_class_enters_the_graph() -> None:
    """What a definition is called and means is in the graph; how it is put together is not."""
    triples = [quad.triple for quad in logic.asserted().quads]
    assert axioms.named(triples) == triples
    assert any(q.subject == logic.node("air:OwnVoiceClaim") for q in logic.asserted().quads)


@pytest.mark.slow
def test_hermit_finds_the_members_that_the_rules_find() -> None:
    """On a sample in which every class has a member; at scale only the rules run."""
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in logic.sample()]
    rules = [*read_queries("infer"), *definitions.rules(logic.axioms())]
    by_rules = logic.types([quad.triple for quad in derive(quads, rules)])
    by_hermit = {
        names.compact(cls): set(map(names.compact, found)) for cls, found in logic.classified().members.items()
    }
    assert {cls: by_hermit[cls] for cls in logic.defined()} == {cls: set(by_rules[cls]) for cls in logic.defined()}
    assert all(by_hermit[cls] for cls in logic.defined())
