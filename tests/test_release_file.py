"""The released ontology: whole, in the forms that others look for, OWL 2 DL together with SKOS; it fetches nothing."""

from __future__ import annotations

import urllib.request
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import logic
import pyoxigraph as ox
import pytest
from conforming import violations
from exporting import job_around, write

from kg import names, release
from kg.load.turtle import read_turtle
from kg.reason import hermit, owl
from kg.validate import lint
from kg.validate.checks import check

OWL, RDFS, SKOS = (names.PREFIXES[prefix] for prefix in ("owl", "rdfs", "skos"))
TYPE = names.PREFIXES["rdf"] + "type"
FORMS = {"ttl": ox.RdfFormat.TURTLE, "owl": ox.RdfFormat.RDF_XML, "rdf": ox.RdfFormat.RDF_XML}
FORMS["jsonld"] = ox.RdfFormat.JSON_LD


@cache
def whole() -> tuple[ox.Triple, ...]:
    return tuple(release.triples(release.whole()))


@cache
def written() -> dict[str, tuple[ox.Triple, ...]]:
    """Return the triples of each module as its files have them."""
    return {m.iri: tuple(t for f in m.files for t in read_turtle(f, blank_nodes=True)) for m in release.modules()}


def value(node: Any) -> str:
    return str(getattr(node, "value", ""))


def said(triples: tuple[ox.Triple, ...], predicate: str) -> dict[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for t in triples:
        if t.predicate.value == predicate:
            found[value(t.subject)].add(str(t.object))
    return found


def canonical(triples: Any) -> ox.Dataset:
    data = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return data


# ── modules ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_module_imports_those_whose_terms_it_uses_and_the_whole_imports_all() -> None:
    """Who opens one file in Protégé gets what it needs. After a term moved: list its module under owl:imports."""
    modules = written()
    home = {value(t.subject): iri for iri, ts in modules.items() for t in ts if t.predicate.value == TYPE}
    for iri, triples in modules.items():
        used = {value(node) for t in triples for node in (t.subject, t.predicate, t.object)} - set(modules)
        wanted = {home[name] for name in used if name in home} - {iri}
        if iri == release.WHOLE:
            wanted = set(modules) - {iri}
        imported = {value(t.object) for t in triples if t.predicate.value == OWL + "imports"}
        assert imported == wanted, iri


def test_nothing_that_reads_the_ontology_sees_an_import() -> None:
    """owlready2 and others fetch what an import names; store, exports and the file for others hold all already."""
    assert not [q for q in logic.asserted().quads if q.predicate.value == OWL + "imports"]
    assert not [t for t in whole() if t.predicate.value == OWL + "imports"]


# ── the whole ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_has_one_header_and_every_other_triple_of_every_module() -> None:
    headers = {value(t.subject) for t in whole() if value(t.object) == OWL + "Ontology"}
    assert headers == {release.WHOLE}
    bodies = [t for ts in written().values() for t in ts if value(t.subject) not in written()]
    mine = [t for t in whole() if value(t.subject) not in written()]
    blank = [t for t in bodies if isinstance(t.subject, ox.BlankNode) or isinstance(t.object, ox.BlankNode)]
    assert canonical(blank) == canonical(release.nameless())
    assert len(blank) > 500
    assert set(bodies) - set(blank) <= set(mine)
    header = {t for t in written()[release.WHOLE] if t.predicate.value != OWL + "imports"}
    assert header <= set(whole())


def test_every_term_of_ours_has_label_and_definition_where_owl_tools_look() -> None:
    labels, preferred = said(whole(), RDFS + "label"), said(whole(), SKOS + "prefLabel")
    there, definitions = said(whole(), names.expand("obo:IAO_0000115")), said(whole(), SKOS + "definition")
    ours = {iri for iri in preferred if iri.startswith((names.AIR, names.BASE + "id/"))}
    assert len(ours) > 800
    assert {iri: labels[iri] for iri in ours} == {iri: preferred[iri] for iri in ours}
    assert there == definitions
    assert set(there) == ours == set(labels)


def test_schemes_and_their_tops_are_told_both_ways() -> None:
    """A tool of SKOS shows a vocabulary from its top; without one it shows an empty tree."""
    triples = tuple(release.skos())
    concepts = {s for s, kinds in said(triples, TYPE).items() if f"<{SKOS}Concept>" in kinds}
    tops, inside, above = (said(triples, SKOS + name) for name in ("topConceptOf", "inScheme", "broader"))
    assert len(concepts) > 700
    assert set(inside) == concepts
    assert all(len(inside[concept]) == 1 for concept in concepts)
    assert set(tops) == concepts - set(above)
    below = {(value(t.object), f"<{value(t.subject)}>") for t in triples if t.predicate.value == SKOS + "hasTopConcept"}
    assert below == {(concept, scheme) for concept, schemes in tops.items() for scheme in schemes}
    derived = {
        q.triple for q in logic.derived() if q.predicate.value in (SKOS + "topConceptOf", SKOS + "hasTopConcept")
    }
    assert derived == {t for t in triples if t.predicate.value in (SKOS + "topConceptOf", SKOS + "hasTopConcept")}


SKOHUB = """
@prefix dct: <http://purl.org/dc/terms/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass skos:ConceptScheme ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:license ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path vann:preferredNamespaceUri ; sh:minCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path skos:hasTopConcept ; sh:minCount 1 ; sh:class skos:Concept ] .
[] a sh:NodeShape ; sh:targetClass skos:Concept ;
  sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ; sh:uniqueLang true ; sh:datatype rdf:langString ] ,
    [ sh:path skos:definition ; sh:uniqueLang true ; sh:datatype rdf:langString ] ,
    [ sh:path [ sh:alternativePath ( skos:altLabel skos:scopeNote skos:example skos:note ) ] ;
      sh:datatype rdf:langString ] ,
    [ sh:path skos:notation ; sh:datatype xsd:string ] ,
    [ sh:path [ sh:alternativePath ( skos:broader skos:related ) ] ; sh:class skos:Concept ] ,
    [ sh:path [ sh:alternativePath ( skos:exactMatch skos:closeMatch skos:broadMatch ) ] ; sh:nodeKind sh:IRI ] ,
    [ sh:path [ sh:alternativePath ( skos:inScheme skos:topConceptOf ) ] ;
      sh:minCount 1 ; sh:class skos:ConceptScheme ] .
"""
"""What SkoHub and SKOS's own conditions ask of a vocabulary, in our own words."""


def test_tools_of_skos_take_the_vocabulary(tmp_path: Path) -> None:
    text = write("skos", job_around("x"), tmp_path / "v.ttl").read_text(encoding="utf-8")
    assert violations(text, SKOHUB) == []
    for word in ("skos:hasTopConcept ", "vann:preferredNamespaceUri ", "skos:prefLabel "):
        assert word in text
        assert violations(text.replace(word, "skos:hiddenLabel "), SKOHUB)
    for file in sorted((Path(__file__).parents[2] / "shared" / "schemas").glob("sko*/*.ttl")):
        assert violations(text, file.read_text(encoding="utf-8")) == [], file.name


@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_the_same(form: str, tmp_path: Path) -> None:
    file = write("ontology", job_around("x"), tmp_path / f"airkg.{form}")
    assert canonical(q.triple for q in ox.parse(path=str(file), format=FORMS[form])) == canonical(whole())


def test_owlready_opens_it_as_protege_would_and_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owlready2 = pytest.importorskip("owlready2")
    asked: list[str] = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda address, *_: asked.append(str(address)))
    file = write("ontology", job_around("x"), tmp_path / "airkg.owl")
    onto = owlready2.World().get_ontology(f"file://{file}").load()
    assert asked == []
    classes = {cls.iri for cls in onto.classes() if cls.iri.startswith(names.AIR)}
    declared = {value(t.subject) for t in whole() if value(t.object) == OWL + "Class"}
    assert classes == {iri for iri in declared if iri.startswith(names.AIR)}
    defined = onto.search_one(iri=names.term("OwnVoiceClaim"))
    assert defined.label.en == ["claim in own voice"]
    assert str(defined.equivalent_to[0]).startswith("ns.Claim & Inverse(ns.asserts).some(")


def test_the_checks_that_mirror_robots_report_pass_on_the_one_file_too() -> None:
    """The lint reads the modules, each in a graph of its own; here is what others get. Homes are headers of modules."""
    store = ox.Store()
    graph = ox.NamedNode(f"{names.BASE}ontology/alignments")
    store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in whole())
    checks = [c for c in lint.checks() if c.name not in ("header-missing", "term-unconnected")]
    assert [lint.line(f) for f in check(store, checks, {}) if f.severity == "violation"] == []


# ── together with SKOS ────────────────────────────────────────────────────────────────────────────────


def skos_core() -> list[ox.Triple]:
    return read_turtle(Path(__file__).parent / "skos-core.ttl")


def test_our_copy_of_the_logic_of_skos_is_what_skos_says() -> None:
    """Compared with a published copy where one is at hand."""
    there = pytest.importorskip("pylode", reason="pyLODE, whose copy of SKOS this is compared with, is not installed")
    published = ox.parse(path=str(Path(there.__file__).parent / "rdf" / "skos.ttl"), format=ox.RdfFormat.TURTLE)
    facts = {q.triple for q in published}
    assert set(skos_core()) <= facts


def test_together_with_skos_it_is_owl_2_dl_in_form() -> None:
    """A property keeps the kind that its own vocabulary gives it."""
    assert owl.form_faults([*whole(), *skos_core()]) == []
    planted = logic.turtle("skos:closeMatch a owl:AnnotationProperty . skos:notation a owl:AnnotationProperty .")
    found = {(rule, names.compact(focus)) for rule, focus, _, _ in owl.form_faults([*whole(), *skos_core(), *planted])}
    assert found == {("owl-one-kind", "skos:closeMatch"), ("owl-one-kind", "skos:notation")}


@pytest.mark.slow
def test_together_with_skos_hermit_finds_it_consistent_and_every_class_can_have_members() -> None:
    """Of the vocabulary only what is matched: all terms take HermiT half a minute."""
    things = tuple(names.PREFIXES[kind] for kind in names.VOCABULARY_KINDS)
    matched = {t.subject for t in whole() if t.predicate.value.endswith("Match")}
    part = [t for t in whole() if not value(t.subject).startswith(things) or t.subject in matched]
    result = hermit.classify([*part, *skos_core()])
    assert result.consistent
    assert result.unsatisfiable == ()
    clash = logic.turtle("technology:x skos:broader <https://w3id.org/airkg/ontology/vocabulary> .")
    assert not hermit.classify([*part, *skos_core(), *clash]).consistent
