"""Deprecated terms that a corpus still names: told with their place, what replaces them and since when."""

from __future__ import annotations

from pathlib import Path

import pytest
from moving import CLAIM, planted, shown, uses
from small import Run, Small, spoil
from vocabularies import CABLE, write

from kg import names, pipeline
from kg.load.founding import Founding
from kg.load.inputs import Inputs
from kg.load.moved import Fate, fates


@pytest.fixture(autouse=True)
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant the deprecated terms."""
    planted(tmp_path / "planted", monkeypatch)


AFFECTED = "affected: state-monopoly\n    voice: own"
SLOTS = [
    ("effect: weakens", "effect: ‸loosens"),
    (AFFECTED, "affected: ‸old-grip\n    voice: own"),
    ("cause: artificial-intelligence\n      effect: leaves", "cause: ‸technology:old-machines\n      effect: leaves"),
    ("subject: technology-firms", "subject: ‸https://w3id.org/airkg/id/actor/old-firms"),
    ("attribute: owners", "relates-to: ‸old-grip\n      attribute: owners"),
    ("voice: own\n    stance: endorses\n    hedge: categorical\n    mode: norm",
     "held-by: [states, ‸old-firms]\n    voice: own\n    stance: endorses\n    hedge: categorical\n    mode: norm"),
]  # fmt: skip


def test_a_deprecated_term_in_any_slot_is_told_with_its_place(small: Small) -> None:
    places = [spoil(small, "coding.yaml", old, new) for old, new in SLOTS]
    found = uses(small.root)
    assert [(use.place.line, use.place.column) for use in found] == places
    assert {use.place.file for use in found} == {small.path("coding.yaml")}
    assert [use.new for use in found] == [
        *("weakens", "state-monopoly", "technology:artificial-intelligence"),
        *("https://w3id.org/airkg/id/actor/technology-firms", "state-monopoly", "technology-firms"),
    ]


FATES = [
    ("old-grip", "is deprecated since version 0.10.0; phenomenon:state-monopoly «state monopoly» replaces it; "
                 "`kg check --fix` writes 'state-monopoly'"),
    ("oldest-grip", "phenomenon:state-monopoly «state monopoly» replaces it; `kg check --fix` writes 'state-monopoly'"),
    ("joined", "phenomenon:state-monopoly «state monopoly» replaces it; `kg check --fix` writes 'state-monopoly'"),
    ("forked", "; phenomenon:sovereignty «sovereignty» or phenomenon:trust «trust» replaces it; choose the one"),
    ("gone", "is deprecated since version 0.10.0, and nothing replaces it; name what"),
    ("after-gone", "is deprecated since version 0.10.0, and nothing replaces it; name what"),
    ("half-gone", "; phenomenon:trust «trust» or nothing replaces it; choose the one that the text means"),
    ("round-one", "replaced in a circle (phenomenon:round-one → phenomenon:round-two → phenomenon:round-one); take"),
    ("undated", "«undated» is deprecated; phenomenon:trust «trust» replaces it; `kg check --fix` writes"),
]  # fmt: skip


def test_what_became_of_it_is_said_in_one_line(small: Small) -> None:
    """The end of a chain, both of two successors, none, a circle; and the latest version that speaks of it."""
    claims = "".join(CLAIM.format(k, f"affected: {slug}") for k, (slug, _) in enumerate(FATES))
    small.edit("coding.yaml", "assertions:\n", f"assertions:\n{claims}")
    found = uses(small.root)
    assert [use.written for use in found] == [slug for slug, _ in FATES]
    for use, (_, words) in zip(found, FATES, strict=True):
        assert words in use.message()
        assert bool(use.new) == ("--fix" in words)


def test_nothing_is_told_where_nothing_has_moved(small: Small) -> None:
    """Nor of words that only look like a term: a statement, a condition, an attribute."""
    small.edit("coding.yaml", "attribute: owners of the cables", "attribute: old-grip\n      condition: old-grip")
    assert uses(small.root) == []


def test_a_successor_that_does_not_fit_or_stands_there_already_is_not_written(small: Small) -> None:
    """A rewriting that makes a coding wrong, or says a thing twice, is none."""
    small.edit("coding.yaml", "affected: state-monopoly\n    voice: own",
               "affected: state-monopoly\n      mechanism: [misnamed]\n    voice: own")  # fmt: skip
    small.edit(
        "coding.yaml", "      action: train", "      aim: [undated, trust, old-grip, oldest-grip]\n      action: train"
    )
    found = {use.written: use for use in uses(small.root)}
    assert (
        "«trust» replaces it, which is a Phenomenon, Mechanism expected in 'mechanism'" in found["misnamed"].message()
    )
    for name in ("undated", "oldest-grip"):
        assert "which stands beside it already; strike the old one out" in found[name].message()
    assert {name: use.new for name, use in found.items() if use.new} == {"old-grip": "state-monopoly"}


def test_the_new_name_has_the_form_of_the_old_and_means_one_term(small: Small) -> None:
    """Who wrote the kind keeps it, who wrote an IRI too; a slug is written only where it means the successor."""
    small.edit("coding.yaml", AFFECTED, "affected: phenomenon:old-grip\n    voice: own")
    small.edit("coding.yaml", "subject: technology-firms", "subject: https://w3id.org/airkg/id/phenomenon/old-grip")
    small.edit("coding.yaml", "unchanged\n      affected: state-monopoly", "unchanged\n      affected: cloudy")
    assert [use.new for use in uses(small.root)] == [
        "phenomenon:state-monopoly",
        "mechanism:misty",
        "https://w3id.org/airkg/id/phenomenon/state-monopoly",
    ]


def test_a_slug_whose_term_in_use_does_not_fit_means_the_old_one_still(small: Small) -> None:
    """A method was a theory once: what holds a view in an old coding neither breaks nor becomes something else."""
    old = "kind: characterisation\n      says: Technology firms own the cables.\n      subject: technology-firms\n"
    new = "kind: position\n      says: Firms own cables.\n      topic: trust\n      theory: ‸content-analysis\n"
    place = spoil(small, "coding.yaml", f"{old}      attribute: owners of the cables\n", new)
    (use,) = uses(small.root)
    assert ((use.place.line, use.place.column), use.new) == (place, "")
    assert names.compact(use.fate.term) == "theory:content-analysis"
    assert use.message().endswith(
        "method:content-analysis «content analysis» replaces it, which is a Method, Theory expected in 'theory'; "
        "recode the claim"
    )


def test_labels_are_persian_where_that_is_asked_for(small: Small) -> None:
    small.edit("coding.yaml", AFFECTED, "affected: old-grip\n    voice: own")
    (use,) = uses(small.root)
    assert use.message("fa").startswith("«old grip به فارسی» is deprecated since version 0.10.0; phenomenon:state-mono")
    assert "phenomenon:state-monopoly «انحصار دولت‌ها» replaces it" in use.message("fa")


# ── vocabularies of one's own ─────────────────────────────────────────────────────────────────────────

OWN = [
    ("iso-thes:broaderGeneric ‸technology:old-machines",
     "`kg check --fix` writes 'technology:artificial-intelligence'"),
    ("skos:broader ‸<https://w3id.org/airkg/id/technology/old-machines>",
     "`kg check --fix` writes '<https://w3id.org/airkg/id/technology/artificial-intelligence>'"),
    ("skos:related ‸technology:old-machines", "`kg check --fix` writes 'technology:artificial-intelligence'"),
    ("air:isOppositeOf ‸phenomenon:forked", "«trust» replaces it; choose the one that the text means"),
    ("skos:related technology:artificial-intelligence , ‸technology:old-machines", "stands beside it already; strike"),
]  # fmt: skip


def test_a_deprecated_term_in_an_own_vocabulary_is_told(small: Small) -> None:
    terms = [CABLE.replace("cable", f"cable-{k}").replace("    .\n", f"    {said} ;\n    .\n")
             for k, (said, _) in enumerate(OWN)]  # fmt: skip
    places = [write(small.folder / "vocabulary.ttl", "".join(
        [*(t.replace("‸", "") for t in terms[:k]), terms[k], *(t.replace("‸", "") for t in terms[k + 1:])]
    )) for k in range(len(OWN))]  # fmt: skip
    found = uses(small.root)
    assert [(use.place.file.name, use.place.line, use.place.column) for use in found] == [
        ("vocabulary.ttl", *place) for place in places
    ]
    for use, (_, words) in zip(found, OWN, strict=True):
        assert words in use.message()


def test_a_successor_of_another_kind_is_not_written_as_a_broader_term(small: Small) -> None:
    """What was set below a phenomenon is not, for that, a kind of mechanism."""
    place = write(small.folder / "vocabulary.ttl",
                  CABLE.replace("    .\n", "    skos:broader ‸technology:turned ;\n    .\n"))  # fmt: skip
    (use,) = uses(small.root)
    assert (use.place.line, use.place.column) == place and use.new == ""
    assert use.message().endswith(
        "phenomenon:trust «trust» replaces it, but technology:cable is narrower than phenomenon:trust, "
        "which is of another kind"
    )


NORWAY = """\
actor:norland a ‸air:DevelopedState , skos:Concept ;
    skos:prefLabel "Norland"@en ;
    skos:definition "A state in the north."@en .
actor:north-states a air:ActorKind , skos:Concept ;
    skos:prefLabel "states of the north"@en ;
    skos:definition "States in the north."@en ;
    air:kindOf air:DevelopedState .
"""


def test_a_class_that_is_a_sort_of_actor_now_is_told_with_what_to_do(small: Small) -> None:
    """Whether a state is a developed one is a claim: no program can write it. The term stays the state that it was."""
    place = write(small.folder / "vocabulary.ttl", NORWAY)
    small.edit("coding.yaml", "addressee: states", "addressee: norland")
    first, second = uses(small.root)
    assert (first.place.line, first.place.column) == place
    for use in (first, second):
        assert use.new == "" and use.message() == (
            "«developed state» is deprecated since version 0.2.0; actor:developed-states «developed states» replaces "
            "it, which is no class; write air:State here, and code that it is one as a characterisation with "
            "'counted-among: developed-states'"
        )


# ── where it is told ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_check_and_build_warn_once_a_place(
    small: Small, kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning stops nothing: what was coded with an earlier version still builds, and means what it meant."""
    planted(tmp_path / "planted", monkeypatch, "phenomenon:old-grip")
    small.edit("coding.yaml", AFFECTED, "affected: old-grip\n    voice: own")
    small.edit("coding.yaml", "unchanged\n      affected: state-monopoly", "unchanged\n      affected: old-grip")
    code, out, err = kg("check", "--corpus", small.root, "--alone")
    lines = [line for line in out.splitlines() if "old-grip" in line]
    assert code == 0 and len(lines) == 2
    assert lines[0].endswith(
        "doe2026/coding.yaml:13:17: warning: phenomenon:old-grip: «old grip» is deprecated since version 0.10.0; "
        "phenomenon:state-monopoly «state monopoly» replaces it; `kg check --fix` writes 'state-monopoly' [term-moved]"
    )
    assert "2 warnings" in err and out.startswith(lines[0])
    assert "«انحصار دولت‌ها» replaces it" in kg("check", "--corpus", small.root, "--alone", "--lang", "fa")[1]
    code, out, err = kg("build", "--corpus", small.root, "--alone", "--store", tmp_path / "store")
    assert code == 0 and [line for line in err.splitlines() if "[term-moved]" in line] == lines


def test_the_founding_corpus_names_no_deprecated_term() -> None:
    """What the project asks of others, it does itself."""
    assert [shown(use) for use in pipeline.load(Inputs.of()).moved] == []


def test_every_deprecated_term_says_since_when_and_what_replaces_it(project: Founding) -> None:
    """A warning without either would leave its reader alone."""
    silent = [names.compact(iri) for iri, fate in project.fates.items() if not fate.since or fate.circle or not fate.to]
    assert silent == []


def test_a_term_that_says_false_is_in_use() -> None:
    import pyoxigraph as ox

    def said(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return ox.Triple(ox.NamedNode("x:a"), ox.NamedNode(names.expand(predicate)), value)

    after = said("dcterms:isReplacedBy", ox.NamedNode("x:b"))
    assert fates([said("owl:deprecated", ox.Literal(False)), after]) == {}
    assert fates([said("owl:deprecated", ox.Literal(True)), after]) == {"x:a": Fate("x:a", "", ("x:b",), False, (), {})}
