"""Every shape accepts its passing case, catches its failing case, and catches nothing else there.

Cases stand in `tests/cases/shapes/<file>/<shape>/`; `common.ttl` holds one thing of each sort to point at.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef

from kg import names
from kg.model import COMMON_SLOTS, KINDS, LINKS, Slot
from kg.resources import files

CASES = Path(__file__).parent / "cases" / "shapes"
AIR = rdflib.Namespace(names.AIR)
LOGIC = (SH["or"], SH["and"], SH.xone, SH["not"])
CONSTRAINTS = (
    *LOGIC,
    SH.closed,
    SH.nodeKind,
    SH.pattern,
    SH["class"],
    SH["in"],
    SH.hasValue,
    SH.node,
    SH.datatype,
    SH.sparql,
)
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
SCHEMES = {"aspect": "StudyAspect"}
"""Schemes of codes whose class is not simply their name."""

OF_CLASSES = (RDFS.isDefinedBy, SKOS.prefLabel, SKOS.definition)
"""What a case knows of the classes that it names."""

logging.getLogger("pyshacl").setLevel(logging.ERROR)


@cache
def shapes_of(file: str) -> Graph:
    return Graph().parse(next(path for path in files("shapes", "*.ttl") if path.stem == file))


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in files("shapes", "*.ttl"):
        graph += shapes_of(path.stem)
    return graph


@cache
def ontology() -> Graph:
    graph = Graph()
    for path in files("ontology", "*.ttl"):
        graph.parse(path)
    return graph


@cache
def common() -> Graph:
    """One thing of each sort, and the codes."""
    graph = Graph().parse(CASES / "common.ttl")
    for triple in ontology():
        if str(triple[0]).startswith(names.PREFIXES["code"]):
            graph.add(triple)
    return graph


@cache
def tree() -> Graph:
    graph = Graph()
    graph += (t for t in ontology().triples((None, RDFS.subClassOf, None)) if isinstance(t[2], URIRef))
    return graph


def grounded(case: Graph) -> Graph:
    """Return a case with the class tree and the common things that it names, directly or through others."""
    data = tree() + case
    todo = set(case.subjects()) | set(case.objects())
    seen = set()
    while todo:
        node = todo.pop()
        seen.add(node)
        data += common().triples((node, None, None))
        todo |= set(common().objects(node))
        todo |= {s for p in (AIR.asserts, AIR.hasPassage, AIR.listsWork) for s in common().subjects(p, node)}
        if (node, RDF.type, OWL.Class) in ontology():
            data += (triple for p in OF_CLASSES for triple in ontology().triples((node, p, None)))
        todo -= seen
    return data


@cache
def shapes_of_asserted_data() -> Graph:
    """All shapes, those switched on that hold for what no rule has touched yet."""
    graph = Graph()
    graph += (triple for triple in shapes() if triple[1] != SH.deactivated)
    return graph


def results(case: Graph, asserted: bool = True) -> set[tuple[str, str, str]]:
    """Validate a case on its ground; return shape, focus and severity of each result."""
    data, rules = grounded(case), shapes_of_asserted_data() if asserted else shapes()
    _, report, text = pyshacl.validate(data, shacl_graph=rules, inference="none", inplace=True)
    assert isinstance(report, Graph), text
    return {
        (
            names.slug_of(str(report.value(result, SH.sourceShape))),
            str(report.value(result, SH.focusNode)),
            names.slug_of(str(report.value(result, SH.resultSeverity))),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def rules(file: str) -> Iterator[str]:
    """Yield the shapes of a file that can report: property shapes, and node shapes with a constraint of their own."""
    graph = shapes_of(file)
    for shape in sorted(set(graph.subjects(SH.severity))):
        targeted = any((shape, p, None) in graph for p in TARGETS)
        reports = targeted and any((shape, p, None) in graph for p in CONSTRAINTS)
        if reports or (None, SH.property, shape) in graph:
            yield names.slug_of(str(shape))


DERIVED = (
    *("AssertionShape-language", "AssertionShape-wasGeneratedBy", "AttributionShape-hasCit", "ClaimLinkShape-d"),
    *("ClaimShape-involves", "ClaimShape-isContestedBy", "ClaimShape-isMitigatedBy", "ClaimShape-objectText"),
    *("ClaimShape-restsOnlyOn", "CodingShape", "ConceptShape-inScheme", "EffectEdgeShape", "ReadingShape"),
    *("RelationReadingShape", "UntypedEffectEdgeShape", "WorkShape-cites"),
)
"""The shapes of what no author may assert: their cases are taken as derived."""


def asserted(rule: str) -> bool:
    return not rule.startswith(DERIVED)


RULES = [(path.stem, rule) for path in files("shapes", "*.ttl") for rule in rules(path.stem)]


def test_the_common_ground_breaks_no_shape() -> None:
    assert results(common()) == set()


def test_every_rule_has_its_two_cases_and_no_case_lacks_its_rule() -> None:
    """A rule that nobody has seen fail is not a rule."""
    found = {(case.parent.parent.name, case.parent.name, case.stem) for case in CASES.glob("*/*/*.ttl")}
    assert found == {(file, rule, stem) for file, rule in RULES for stem in ("pass", "fail")}


@pytest.mark.parametrize(("file", "rule"), RULES, ids=lambda value: str(value))
def test_a_rule_accepts_its_passing_case(file: str, rule: str) -> None:
    assert results(Graph().parse(CASES / file / rule / "pass.ttl"), asserted=asserted(rule)) == set()


FILLED = sorted(
    (path.stem, names.slug_of(str(shape)))
    for path in files("shapes", "*.ttl")
    for shape in shapes_of(path.stem).subjects(SH.minLength)
)


@pytest.mark.parametrize(("file", "rule"), FILLED)
def test_a_text_that_is_wanted_may_not_be_empty(file: str, rule: str) -> None:
    """A failing case shows one way to break a rule; that the text is there and says nothing is another."""
    case = Graph().parse(CASES / file / rule / "pass.ttl")
    path = shapes_of(file).value(AIR[rule], SH.path)
    paths = set(shapes_of(file).items(shapes_of(file).value(path, SH.alternativePath))) or {path}
    texts = [(s, p, o) for s, p, o in case if p in paths and isinstance(o, Literal)]
    assert texts, "the passing case has no such text"
    for s, p, o in texts:
        case.remove((s, p, o))
        case.add((s, p, Literal("", lang=o.language, datatype=None if o.language else o.datatype)))
    assert rule in {shape for shape, _, _ in results(case, asserted=asserted(rule))}


@pytest.mark.parametrize(("file", "rule"), RULES, ids=lambda value: str(value))
def test_a_failing_case_breaks_only_the_rule_it_is_named_for(file: str, rule: str) -> None:
    severity = names.slug_of(str(shapes().value(AIR[rule], SH.severity)))
    found = results(Graph().parse(CASES / file / rule / "fail.ttl"), asserted=asserted(rule))
    assert {(shape, level) for shape, _, level in found} == {(rule, severity)}
    assert len({focus for _, focus, _ in found}) == 1


def test_every_shape_has_a_name_a_severity_and_one_message() -> None:
    """Validators ignore a message under any other property, and a report about a blank shape names nobody."""
    graph = shapes()
    named = set(graph.subjects(RDF.type, SH.NodeShape)) | set(graph.subjects(RDF.type, SH.PropertyShape))
    assert all(isinstance(shape, URIRef) for shape in named)
    assert set(graph.objects(None, SH.property)) <= named
    assert set(graph.subjects(SH.path)) <= named
    for shape in named:
        assert graph.value(shape, SH.severity, any=False) in (SH.Violation, SH.Warning), shape
        message = graph.value(shape, SH.message, any=False)
        assert isinstance(message, Literal), shape
        assert str(message).endswith("."), shape


def test_a_rules_message_says_what_is_needed_then_what_to_do() -> None:
    missing = [rule for _, rule in RULES if not set(";:") & set(str(shapes().value(AIR[rule], SH.message)))]
    assert missing == []


def test_a_property_shape_is_named_after_its_node_and_path() -> None:
    graph = shapes()
    for node, shape in graph.subject_objects(SH.property):
        path = graph.value(shape, SH.path)
        own, _, rest = names.slug_of(str(shape)).partition("-")
        assert own == names.slug_of(str(node)), shape
        if isinstance(path, URIRef):
            assert rest.split("-")[0] == names.slug_of(str(path)), shape


def test_the_shapes_use_classes_and_properties_that_the_ontology_declares() -> None:
    """A misspelt path or class would make a rule that never fires."""
    graph = shapes()
    plain = (SH["class"], SH.targetClass, SH.targetSubjectsOf, SH.path, SH.equals, SH.disjoint, SH.lessThan)
    used = {node for predicate in (*plain, SH.inversePath) for node in graph.objects(None, predicate)}
    for listing in (SH.ignoredProperties, SH.alternativePath, SH["in"]):
        used |= {node for head in graph.objects(None, listing) for node in graph.items(head)}
    built_in = (str(OWL), str(RDF), str(RDFS))
    foreign = {node for node in used if not isinstance(node, URIRef) or str(node).startswith(built_in)}
    assert used - foreign - set(ontology().subjects(RDF.type)) == set()


def bounds(kind: str, slot: Slot) -> dict[str, object]:
    """What `shapes/claims.ttl` says of a slot."""
    graph, shape = shapes_of("claims"), AIR[f"{kind}Shape-{slot.property}"]
    assert (AIR[f"{kind}Shape"], SH.property, shape) in graph, shape
    assert graph.value(shape, SH.path) == AIR[slot.property]
    classes = {names.slug_of(str(cls)) for cls in graph.objects(shape, SH["class"])}
    return {
        "required": graph.value(shape, SH.minCount) == Literal(1),
        "many": graph.value(shape, SH.maxCount) is None,
        "classes": classes,
        "datatype": names.slug_of(str(graph.value(shape, SH.datatype) or "")),
    }


def expected(slot: Slot) -> dict[str, object]:
    scheme = {SCHEMES.get(name, name.capitalize()) for name in slot.classes}
    classes = {"term": set(slot.classes) or {"Term"}, "code": scheme}.get(slot.filler, set())
    datatype = {"term": "", "code": "", "number": "decimal"}.get(slot.filler, "string")
    return {"required": slot.required, "many": slot.many, "classes": classes, "datatype": datatype}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_shapes_ontology_and_model_agree_on_the_slots_of_a_kind(kind) -> None:  # type: ignore[no-untyped-def]
    """The three state the same in their own languages; nobody is to change one alone."""
    graph, terms = shapes_of("claims"), ontology()
    for slot in kind.slots:
        assert bounds(kind.cls, slot) == expected(slot), slot.name
    stated = {str(graph.value(shape, SH.path)) for shape in graph.objects(AIR[f"{kind.cls}Shape"], SH.property)}
    assert stated == {names.term(slot.property) for slot in kind.slots}
    assert (AIR[kind.cls], RDFS.subClassOf, AIR.Claim) in terms
    for slot in (*kind.slots, *COMMON_SLOTS):
        sort = OWL.ObjectProperty if slot.filler in ("term", "code") else OWL.DatatypeProperty
        assert (AIR[slot.property], RDF.type, sort) in terms, slot.name


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_reading_of_a_kind_is_stated_by_sub_properties_and_its_constant_relation(kind) -> None:  # type: ignore[no-untyped-def]
    terms = ontology()

    def reads_as(slot: Slot, part: str) -> bool:
        return slot.property == part or (AIR[slot.property], RDFS.subPropertyOf, AIR[part]) in terms

    slots = {slot.name: slot for slot in kind.slots}
    assert reads_as(slots[kind.subject], "hasSubject")
    end = slots[kind.object]
    assert reads_as(end, "hasObject" if end.filler == "term" else "objectText")
    if kind.relation in slots:
        assert reads_as(slots[kind.relation], "hasRelation")
    else:
        constants = {
            terms.value(axiom, OWL.hasValue)
            for axiom in terms.objects(AIR[kind.cls], RDFS.subClassOf)
            if terms.value(axiom, OWL.onProperty) == AIR.hasRelation
        }
        assert constants == {URIRef(names.thing("relation", kind.relation))}


def test_every_slot_that_holds_terms_is_below_one_property() -> None:
    """So that everything about a thing is one step away; a slot forgotten here would be missing from its answers."""
    terms = ontology()
    below = set(terms.transitive_subjects(RDFS.subPropertyOf, AIR.involves)) - {AIR.involves}
    slots = {slot for kind in KINDS.values() for slot in (*kind.slots, *COMMON_SLOTS)}
    reading = {AIR.hasSubject, AIR.hasRelation, AIR.hasObject}
    assert below == reading | {AIR[slot.property] for slot in slots if slot.filler == "term"}


def test_a_kind_of_claim_is_closed_but_for_what_every_claim_may_carry() -> None:
    graph = shapes_of("claims")
    common = {names.term(slot.property) for slot in COMMON_SLOTS} | {names.term(name) for name in LINKS.values()}
    for kind in KINDS.values():
        shape = AIR[f"{kind.cls}Shape"]
        assert graph.value(shape, SH.closed) == Literal(True)
        ignored = {str(item) for item in graph.items(graph.value(shape, SH.ignoredProperties))}
        assert common <= ignored
        assert not (ignored - READING) & {names.term(s.property) for s in kind.slots}


READING = {names.term(name) for name in ("hasSubject", "hasRelation", "hasObject")}
"""What a rule adds to most kinds, and some kinds have as slots of their own."""


def test_the_ten_kinds_share_one_list() -> None:
    """What a rule derives of claims is then allowed once, and no kind is forgotten."""
    lists = {shapes().value(AIR[f"{kind.cls}Shape"], SH.ignoredProperties) for kind in KINDS.values()}
    assert lists == {AIR.CommonToClaims}


def test_no_shape_is_a_mere_remark() -> None:
    """A validator takes any result for a failure; what nobody has to mend is a check of severity info."""
    assert set(shapes().subjects(SH.severity, SH.Info)) == set()


def test_the_rules_on_common_slots_agree_with_the_model() -> None:
    for slot in COMMON_SLOTS:
        assert bounds("Claim", slot) == expected(slot), slot.name
