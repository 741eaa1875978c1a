"""Explanations: each follows, none has a line to spare, HermiT agrees, and every line says where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import logic
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import Small

from kg import names
from kg.__main__ import main
from kg.grounds import local
from kg.queries import read_queries
from kg.reason import axioms, definitions, explain, hermit
from kg.reason.reasons import Reasons, follows, minimal, reasons
from kg.reason.rules import derive

CLASSES = logic.defined()


def goal(why: Reasons) -> ox.Triple:
    return ox.Triple(ox.NamedNode(why.thing), logic.TYPE, ox.NamedNode(why.cls))


def without_one(why: Reasons) -> list[Reasons]:
    """Return the explanation once without each of its elements."""
    spoilt = [why._replace(axioms=tuple(a for a in why.axioms if a is not gone)) for gone in why.axioms]
    return spoilt + [why._replace(facts=tuple(t for t in why.facts if t != gone)) for gone in why.facts]


# ── minimal ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("cls", CLASSES)
def test_a_membership_follows_from_its_explanation_and_from_no_part_of_it(cls: str) -> None:
    why = logic.explained()[cls]
    assert follows(goal(why), why.axioms, why.facts)
    for spoilt in without_one(why):
        assert not follows(goal(spoilt), spoilt.axioms, spoilt.facts)


@pytest.mark.parametrize("cls", CLASSES)
def test_an_explanation_holds_asserted_triples_only_and_the_build_s_rules_agree(cls: str) -> None:
    why = logic.explained()[cls]
    stated = {quad.triple for quad in logic.asserted().quads}
    assert set(why.facts) <= stated
    tree = [t for axiom in why.axioms if axiom.kind in ("subclass", "subproperty") for t in axiom.triples]
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in [*why.facts, *tree]]
    rules = [*read_queries("infer"), *definitions.rules(why.axioms)]
    assert goal(why) in {quad.triple for quad in derive(quads, rules)}


def test_what_is_asserted_explains_itself() -> None:
    claim = next(t.subject.value for t in logic.explained()["air:PowerShiftClaim"].facts)
    why = reasons(logic.store(), logic.axioms(), claim, names.term("EffectClaim"))
    assert why is not None
    assert (why.axioms, why.facts) == ((), (ox.Triple(ox.NamedNode(claim), logic.TYPE, logic.node("air:EffectClaim")),))


def test_a_superclass_is_explained_by_the_class_tree() -> None:
    why = reasons(logic.store(), logic.axioms(), names.expand("actor:china"), names.term("Actor"))
    assert why is not None
    assert [explain.words(axiom) for axiom in why.axioms] == [
        "air:State SubClassOf: air:Actor",
    ]


def test_what_does_not_follow_has_no_explanation() -> None:
    """Nobody counts China among the middle powers; and the sort is no member of the class of which it speaks."""
    for actor in ("actor:china", "actor:middle-powers"):
        assert reasons(logic.store(), logic.axioms(), names.expand(actor), names.term("MiddlePower")) is None


def test_what_lies_outside_a_class_by_disjointness_is_explained_by_it() -> None:
    """None of our own classes is defined by what it is not, at present; a scholar's may be."""
    text = """
    air:Rest owl:equivalentClass [ a owl:Class ; owl:intersectionOf (
      air:State [ a owl:Class ; owl:complementOf air:Great ] ) ] .
    [] a owl:AllDisjointClasses ; owl:members ( air:Great air:Small ) . air:Tiny rdfs:subClassOf air:Small .
    """
    data = ox.Store()
    data.bulk_extend(
        ox.Quad(t.subject, t.predicate, t.object) for t in logic.turtle("actor:x a air:State , air:Tiny .")
    )
    known = axioms.read(logic.turtle(text), Path("rest.ttl"))
    why = reasons(data, known, names.expand("actor:x"), names.term("Rest"))
    assert why is not None
    assert {axiom.kind for axiom in why.axioms} == {"definition", "disjoint", "subclass"}
    assert reasons(data, [a for a in known if a.kind != "disjoint"], why.thing, why.cls) is None


SETS = st.lists(st.frozensets(st.integers(0, 12), min_size=1, max_size=5), min_size=1, max_size=4)


@given(SETS, st.permutations(range(13)))
def test_minimal_finds_a_set_that_cannot_be_made_smaller(sets: list[frozenset[int]], order: list[int]) -> None:
    def entails(chosen: Sequence[object]) -> bool:
        return any(one <= set(chosen) for one in sets)

    found = minimal(entails, order)  # type: ignore[arg-type]
    assert entails(found)
    assert not any(entails([other for other in found if other is not one]) for one in found)


# ── HermiT ────────────────────────────────────────────────────────────────────────────────────────────


def declarations() -> list[ox.Triple]:
    """Return what is a class or which kind of property: HermiT must know, and nothing follows from it."""
    kinds = {logic.node(f"owl:{kind}") for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
    return [t for t in logic.ontology() if t.predicate == logic.TYPE and t.object in kinds]


def hermit_follows(why: Reasons) -> bool:
    axioms = [triple for axiom in why.axioms for triple in axiom.triples]
    return why.thing in hermit.classify([*declarations(), *axioms, *why.facts]).members.get(why.cls, ())


@pytest.mark.slow
@pytest.mark.parametrize("cls", ["air:MiddlePower", "air:StateCentricPosition", "air:NonStateActorSecurityClaim"])
def test_hermit_agrees_that_the_membership_follows(cls: str) -> None:
    """Disjointness, the closure of broader, and one definition within another."""
    assert hermit_follows(logic.explained()[cls])


@pytest.mark.slow
def test_hermit_agrees_that_no_line_can_be_spared() -> None:
    for spoilt in without_one(logic.explained()["air:MiddlePower"]):
        assert not hermit_follows(spoilt)


# ── in words ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("cls", CLASSES)
def test_every_line_says_where_it_stands(cls: str) -> None:
    why = logic.explained()[cls]
    rows = explain.lines(why, local(logic.store()), logic.asserted().places)
    assert [row.part for row in rows if row.part != "passage"] == ["axiom"] * len(why.axioms) + ["fact"] * len(
        why.facts
    )
    for row in rows:
        file, line = re.fullmatch(r"(.+?\.(?:ttl|yaml)):(\d+)(?::\d+)?", row.place).groups()  # type: ignore[union-attr]
        text = "\n".join(Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1 :][:25])
        slugs = [names.slug_of(names.expand(word)) for word in re.findall(r"[a-z]+:[\w.-]*\w", row.element)]
        assert any(slug in text or slug.partition(".")[2] in text for slug in slugs), row


def test_claims_and_assertions_are_explained_with_their_passages() -> None:
    for cls, why in logic.explained().items():
        rows = [
            row for row in explain.lines(why, local(logic.store()), logic.asserted().places) if row.part == "passage"
        ]
        said = {n.value for t in why.facts for n in (t.subject, t.object) if isinstance(n, ox.NamedNode)}
        needs = any(
            iri.startswith(tuple(names.PREFIXES[k] for k in ("claim", "assertion", "citation"))) for iri in said
        )
        assert bool(rows) == needs, cls
        assert all("¶" in row.words for row in rows)


def test_axioms_are_written_in_manchester_syntax() -> None:
    written = {explain.words(axiom) for axiom in logic.axioms()}
    assert {
        "air:RiskClaim SubClassOf: air:hasRelation value relation:poses-risk",
        "iso-thes:broaderInstantial SubPropertyOf: air:isNarrowerThan",
        "air:isNarrowerThan Characteristics: Transitive",
        "DisjointClasses: air:Actor, air:ActorKind",
        "air:HedgedAssertion EquivalentTo: air:Assertion and (air:hasHedge some "
        "{code:hedge.conditional, code:hedge.likely, code:hedge.possible})",
        "air:DoubleEdgedCause EquivalentTo: air:Term and (inverse air:arisesFrom some air:RiskClaim) and "
        "(inverse air:arisesFrom some air:BenefitClaim)",
    } <= written


# ── the command ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def line(small: Small) -> list[str]:
    return ["--alone", "--corpus", str(small.root)]


def test_the_command_prints_axioms_triples_and_passages(
    line: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    thing, cls = "machines-weaken-state-monopoly", "claim of ERODING state monopoly"
    assert main(["explain", thing, cls, "-f", "table", *line]) == 0
    shown = capsys.readouterr().out
    for piece in (
        "is a member of air:StateMonopolyErosionClaim (claim of eroding state monopoly).",
        "  air:StateMonopolyErosionClaim EquivalentTo: air:EffectClaim and (air:hasEffect some\n",
        "  claim:machines-weaken-state-monopoly air:hasAffected phenomenon:state-monopoly\n",
        "\n      has affected · state monopoly\n",
        "  relation:weakens air:hasDirection code:direction.decrease\n      weakens · has direction · decrease\n",
        "\n1. By the ontology\n  air:StateMonopolyErosionClaim",
        "\n2. By what is coded\n  claim:machines-weaken-state-monopoly",
        "\n3. At these passages\n  assertion:doe2026.grip-loosens\n",
        "\n      Doe 2026, Introduction, ¶ 1; Conclusion, ¶ 1 (own, endorses, categorical):",
    ):
        assert piece in shown, shown
    assert main(["explain", thing, "StateMonopolyErosionClaim", "-f", "tsv", *line]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "part\telement\twords\tplace"
    assert [row.split("\t")[0] for row in rows[1:]] == ["axiom", *["fact"] * 4, "passage"]


def test_the_command_speaks_the_language_asked_for(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["machines-weaken-state-monopoly", "StateMonopolyErosionClaim", "-f", "table", "--lang", "fa"]
    assert main(["explain", *words, *line]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("claim:machines-weaken-state-monopoly (هوش مصنوعی انحصار دولت‌ها را سست می‌کند.)\n")
    assert "انحصار دولت‌ها\n" in shown


def test_what_rests_on_the_vocabulary_alone_has_no_passage(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "actor:technical-experts", "air:NonStateActorTerm", "-f", "table", *line]) == 0
    assert capsys.readouterr().out.endswith("\nNo passage: it rests on the vocabulary alone.\n")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            ["actor:china", "MiddlePower"],
            1,
            "actor:china is no member of air:MiddlePower, by what is coded\n",
        ),
        (
            ["machines-weaken-state-monopoli", "air:Claim"],
            2,
            "error: nothing is named 'machines-weaken-state-monopoli'\n"
            "  hint: did you mean claim:machines-weaken-state-monopoly (Artificial intelligence weakens the monopoly "
            "of states.), claim:machines-leave-state-monopoly (Artificial intelligence leaves the monopoly of states "
            "as it was.), mechanism:weakening-of-state-monopoly (weakening of state monopoly)?\n",
        ),
        (
            ["actor:china", "MiddlePowers"],
            2,
            "error: no class is named 'MiddlePowers'\n  hint: did you mean 'air:MiddlePower'?\n",
        ),
        (
            ["actor:china", "xyz"],
            2,
            "error: no class is named 'xyz'\n  hint: `kg ask members --values` lists classes\n",
        ),
    ],
)
def test_what_cannot_be_explained_is_told_in_a_line(
    words: list[str], code: int, told: str, line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *words, *line]) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", told)
