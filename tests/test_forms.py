"""A form can be made of the shapes: names in two languages, an order, groups; and messages speak to all who read them.

Who codes knows keys of YAML; who was sent an export knows properties. A message names both, in one form.
"""

from __future__ import annotations

import re

import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from test_shapes import AIR, ontology, shapes

from kg import names
from kg.model import COMMON_SLOTS, KINDS, LINKS

FILLED = (
    *("ClaimShape", "AssertionShape", "WorkShape", "SourceShape", "ConceptShape", "TermShape", "ActorKindShape"),
    *("ActorShape", "PowerTypeShape", "DiplomacyModeShape", "RiskShape", "BenefitShape", "MechanismShape"),
    *("TechnologyShape", "TheoryShape", "PhenomenonShape", "DomainShape", "RelationShape", "EffectShape"),
    *("MethodShape", "AgentShape", "PersonShape", "OrganisationShape", "AuthorshipShape", "AttributionShape"),
    *("ClaimLinkShape", "InTextCitationShape", "ReferenceEntryShape", "SectionShape", "CoderShape"),
    *("PassageShape", "PositionShape", "EffectEdgeShape", "CodingShape"),
    *(f"{kind.cls}Shape" for kind in KINDS.values()),
)
"""The shapes of what people fill; the last but the kinds are made by code, and a form shows them."""

RULE = "see the rule that derives it"
"""What people do not fill has a message that says so."""

FORM = re.compile(
    r"[A-Z`].+[:;] .+ \((?:(?P<keys>`[^`]+`(?:, `[^`]+`)*) in [a-z]+\.(?:yaml|json), )?(?P<rdf>[^()`]+) in RDF\)\."
)


def fields(node: str) -> list[URIRef]:
    """Return the property shapes of a node shape that a person fills."""
    found = [shape for shape in shapes().objects(AIR[node], SH.property) if isinstance(shape, URIRef)]
    assert found, node
    return sorted(shape for shape in found if RULE not in str(shapes().value(shape, SH.message)))


def path(shape: URIRef) -> list[str]:
    """Return the properties of a path, in short form, each once."""
    found: dict[str, None] = {}

    def walk(node: object) -> None:
        if isinstance(node, URIRef):
            found[names.compact(str(node))] = None
            return
        steps = list(shapes().items(node)) if (node, RDF.first, None) in shapes() else list(shapes().objects(node))  # type: ignore[arg-type]
        for step in steps:
            walk(step)

    walk(shapes().value(shape, SH.path))
    return list(found)


@pytest.mark.parametrize("node", FILLED)
def test_a_form_can_be_made_of_a_shape(node: str) -> None:
    graph: Graph = shapes()
    for shape in fields(node):
        said = [name for name in graph.objects(shape, SH.name) if isinstance(name, Literal)]
        assert sorted(str(name.language) for name in said) == ["en", "fa"], shape
        assert isinstance(graph.value(shape, SH.order, any=False), Literal), shape
        group = graph.value(shape, SH.group, any=False)
        assert (group, RDF.type, SH.PropertyGroup) in graph, shape
        labels = {str(label.language) for label in graph.objects(group, RDFS.label) if isinstance(label, Literal)}
        assert labels == {"en", "fa"}
        assert graph.value(group, SH.order) is not None


def test_no_closed_shape_of_things_is_without_a_form() -> None:
    """A class that comes later is not forgotten here; terms are closed in one place, and formed by their sort."""
    closed = {names.slug_of(str(shape)) for shape in shapes().subjects(SH.closed, Literal(True))}
    assert closed - set(FILLED) == {"TermPropertiesShape"}


def test_a_message_lists_its_properties_once() -> None:
    """At its end; a name before it is an example of what to write, never the same list."""
    for shape in sorted(set(shapes().objects(None, SH.property))):
        assert isinstance(shape, URIRef)
        before = str(shapes().value(shape, SH.message)).rpartition(" (")[0]
        assert len([name for name in path(shape) if name in before]) < 2, shape


@pytest.mark.parametrize("node", FILLED)
def test_a_field_is_called_what_its_property_is_called(node: str) -> None:
    for shape in fields(node):
        predicate = shapes().value(shape, SH.path)
        labels = set(ontology().objects(predicate, SKOS.prefLabel)) if isinstance(predicate, URIRef) else set()
        assert not labels or labels <= set(shapes().objects(shape, SH.name)), shape


def order(node: str, prop: str) -> int:
    return int(str(shapes().value(AIR[f"{node}-{prop}"], SH.order)))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_fields_stand_in_the_order_of_the_model(kind) -> None:  # type: ignore[no-untyped-def]
    """Kind and statement, the slots of the kind, those of all kinds, the links to other claims."""
    stand = [order("ClaimShape", "type"), order("ClaimShape", "statement")]
    stand += [order(f"{kind.cls}Shape", slot.property) for slot in kind.slots]
    stand += [order("ClaimShape", slot.property) for slot in COMMON_SLOTS]
    stand += [order("ClaimShape", name) for name in LINKS.values()]
    assert stand == sorted(set(stand))


def test_a_message_says_what_is_needed_what_to_do_and_the_names_of_both_worlds() -> None:
    """The key where a file is written, the properties wherever."""
    for shape in sorted(set(shapes().objects(None, SH.property))):
        assert isinstance(shape, URIRef)
        said = FORM.fullmatch(str(shapes().value(shape, SH.message)))
        assert said, shape
        wanted = [name for name in path(shape) if not name.startswith("sh:")]
        assert said["rdf"].split(", ") == wanted, shape


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_key_in_a_message_is_that_of_the_model(kind) -> None:  # type: ignore[no-untyped-def]
    for slot in kind.slots:
        said = FORM.fullmatch(str(shapes().value(AIR[f"{kind.cls}Shape-{slot.property}"], SH.message)))
        assert said and said["keys"] == f"`{slot.name}`"
