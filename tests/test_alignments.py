"""Alignments: terms of other vocabularies are there, of the right kind, and each identifier says where it was seen."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names
from kg.load.turtle import read_turtle
from kg.resources import files, resource

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "vocabularies.md"


@cache
def triples(file: Path) -> tuple[ox.Triple, ...]:
    return tuple(read_turtle(file, blank_nodes=True))


UNLISTED = {
    "foaf:familyName": "a part of a person's name, of which the list has the whole; in FOAF 0.99 and RDFLib's FOAF",
    "foaf:givenName": "as foaf:familyName",
    "fabio:Expression": "the level of FRBR at which our works stand; in FaBiO as rdf-vocab publishes it",
    "fabio:WebContent": "the expression of which a web page is a manifestation; in FaBiO as rdf-vocab publishes it",
    "http://eurovoc.europa.eu/3030": "artificial intelligence: docs/ALIGNMENTS.md says where each identifier was seen",
    "skos:hasTopConcept": "SKOS's own way from a scheme into its hierarchy; compared with its file by a test",
    "skos:narrowMatch": "SKOS's inverse of broadMatch; compared with its file by a test",
    "skos:topConceptOf": "SKOS's own way from a concept to the scheme at whose top it stands",
    "wd:Q117246174": "generative artificial intelligence: see docs/ALIGNMENTS.md",
    "wd:Q202833": "social media: see docs/ALIGNMENTS.md",
    "wd:Q2539": "machine learning: see docs/ALIGNMENTS.md",
    "wd:Q858810": "big data: see docs/ALIGNMENTS.md",
    "dcterms:created": "a DCMI term beside those listed; `dcterms:issued` is the date of publication, not of making",
    "prov:used": "PROV-O's relation of an activity to what it draws on; the list has the other three of the triangle",
    **dict.fromkeys(
        ("airo:hasLikelihood", "airo:hasSeverity"),
        "AIRO's properties beside its listed hasConsequence; seen with it in public files, by IRI in a list of labels",
    ),
    **dict.fromkeys(
        (
            f"https://w3id.org/dpv#{name}"
            for name in ("hasConsequence", "hasLikelihood", "hasSeverity", "isMitigatedByMeasure")
        ),
        "DPV's core, of which the list has two extensions; seen by IRI and label in a public list of DPV's terms",
    ),
    **dict.fromkeys(
        ("iso-thes:broaderGeneric", "iso-thes:broaderInstantial", "iso-thes:broaderPartitive"),
        "the hierarchical relations of ISO 25964; read in skos-thes.ttl of 2015-03-17, hosted by the DCMI",
    ),
    "skos:note": "the coder's own remark; SKOS's general note, of which those listed are kinds",
}
"""Foreign terms in use that the list of checked terms does not name, with the reason."""


def checked_terms() -> set[str]:
    """Return every IRI that the shared list of checked terms gives, and more words than terms after each namespace."""
    found: set[str] = set()
    text = SHARED.read_text(encoding="utf-8").partition("**Unverified")[0]
    for line in text.splitlines():
        namespace = ""
        for token in re.findall(r"`https?://[^`]+`|[\w-]+", line):
            if token.startswith("`"):
                namespace = token.strip("`")
            elif namespace:
                found.add(namespace + token)
        found |= {f"http://www.wikidata.org/entity/{item}" for item in re.findall(r"\bQ\d+\b", line)}
    return found


def test_only_terms_of_other_vocabularies_that_were_checked_are_used() -> None:
    """A match to a term that does not exist is worse than none."""
    if not SHARED.is_file():
        pytest.skip("the list of checked terms (../shared/vocabularies.md) is not here")
    core = tuple(names.PREFIXES[p] for p in ("rdf", "rdfs", "owl", "xsd", "sh"))
    homes = (names.PREFIXES["rdfs"] + "isDefinedBy", names.PREFIXES["dcterms"] + "license")
    used = set()
    for file in files("ontology", "**/*.ttl"):
        for t in triples(file):
            nodes = (t.subject, t.predicate, *(() if t.predicate.value in homes else (t.object,)))
            used |= {node.value for node in nodes if isinstance(node, ox.NamedNode)}
    foreign = {iri for iri in used if not iri.startswith((names.BASE, *core))}
    assert len(foreign) > 80
    assert foreign - checked_terms() == {names.expand(name) for name in UNLISTED}


def test_alignments_reach_every_vocabulary_that_was_checked() -> None:
    """The issue lists them; what is reused is reused by name."""
    text = (resource("ontology") / "alignments.ttl").read_text(encoding="utf-8").partition("# Classes")[2]
    reused = {
        *("obo", "cito", "c4o", "biro", "fabio", "dcterms", "prov", "oa", "skos", "org", "foaf", "schema"),
        *("airo", "dpv-ai", "dpv-risk", "wd"),
    }
    assert {p for p in reused if not re.search(rf"\b{p}:\w", text)} == set()
    assert "bibo:doi" in (resource("ontology") / "sources.ttl").read_text(encoding="utf-8")


def test_every_identifier_of_a_thing_says_where_it_was_verified() -> None:
    """A wrong number of Wikidata says that two different things are one; a reader can look where ours came from."""
    text = (ROOT / "docs" / "ALIGNMENTS.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\S+)` \| \S+ \| `(\S+)` \| \S.* \|$", text, re.MULTILINE))
    things = tuple(names.PREFIXES[kind] for kind in names.VOCABULARY_KINDS)
    matched = {
        (names.compact(t.subject.value), names.compact(t.object.value))
        for t in triples(resource("ontology") / "alignments.ttl")
        if t.predicate.value.endswith("Match") and t.subject.value.startswith(things)
    }
    assert told == matched


def test_a_match_is_between_things_of_one_kind() -> None:
    """A class is like a class, a property like a property, a concept like a concept."""
    kinds = {
        t.subject.value: t.object.value.rpartition("#")[2]
        for file in files("ontology", "*.ttl")
        for t in triples(file)
        if t.predicate.value == names.PREFIXES["rdf"] + "type" and isinstance(t.subject, ox.NamedNode)
    }
    classes = ("foaf:", "org:", "oa:Annotation", "airo:AISystem", "airo:Risk", "airo:Stakeholder", "schema:", "dpv-ai:")
    wrong = []
    for t in triples(resource("ontology") / "alignments.ttl"):
        if not t.predicate.value.endswith("Match"):
            continue
        mine, other = kinds.get(t.subject.value, "concept"), names.compact(t.object.value)
        local = re.split("[#/:_]", other)[-1]
        if mine == "Class":
            right = other.startswith(classes)
        elif mine.endswith("Property"):
            right = local[0].islower() or other.startswith("obo:SEPIO")
        else:
            # what DPV calls a class is a skos:Concept too; CiTO's functions are individuals where they characterize
            right = other.startswith(("wd:", "dpv-", "cito:", "http://eurovoc.europa.eu/"))
        wrong += [] if right else [(names.compact(t.subject.value), other)]
    assert wrong == []
