"""Showing why a thing belongs to a class: the reasons in words, with the lines and passages they come from."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg import names, resources
from kg.errors import Place, UsageError, nearest
from kg.grounds import Engine, grounds_of, labels_of
from kg.load.blocks import Blocks
from kg.queries import bind, nodes
from kg.reason.axioms import Axiom, manchester, value_of
from kg.reason.reasons import Reasons

RDF, RDFS, OWL = (names.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl"))

_CLASSES = "SELECT ?class ?label WHERE { ?class a owl:Class ; skos:prefLabel ?label }"

_ASSERTED = "SELECT DISTINCT ?assertion ?claim WHERE { VALUES ?claim { $things } ?assertion air:asserts ?claim }"

_CITATIONS = """
SELECT ?thing ?source ?passage WHERE {
  VALUES ?thing { $things }
  ?thing a air:InTextCitation ; air:inSource/skos:prefLabel ?source ; air:hasPassage/skos:prefLabel ?passage
}
"""


class Line(NamedTuple):
    """One line of an explanation.

    Attributes:
        part: `axiom`, `fact` or `passage`.
        element: the axiom in Manchester syntax, the triple, or the assertion's id.
        words: the same in labels; for a passage, who says it, where, and how.
        place: file and line, or empty.

    """

    part: str
    element: str
    words: str
    place: str


def class_named(name: str, axioms: Iterable[Axiom], engine: Engine) -> str:
    """Return the IRI of the class that an id, a local name or a label names.

    Args:
        name: `air:PowerShiftClaim`, `PowerShiftClaim` or `claim of a shift in power`, in any case.
        axioms: their classes are known, and those that the engine knows.
        engine: over a store with the ontology.

    Raises:
        UsageError: there is none.

    """
    rows = engine(bind(_CLASSES))
    known = {a.subject: "" for a in axioms if a.kind in ("definition", "subclass")}
    forms: dict[str, str] = {}
    for cls, label in [*((row["class"].value, row["label"].value) for row in rows), *known.items()]:
        for form in (cls, names.compact(cls), names.slug_of(cls), label):
            forms.setdefault(form.casefold(), cls)
    wanted = name.strip().casefold()
    if wanted in forms:
        return forms[wanted]
    near = {form.casefold(): names.compact(cls) for form, cls in forms.items() if not form.startswith("http")}
    hint = next((f"did you mean '{near[form]}'?" for form in near if f"'{form}'" in nearest(wanted, near)), "")
    raise UsageError(f"error: no class is named '{name}'\n  hint: {hint or '`kg ask members --values` lists classes'}")


def lines(
    found: Reasons, engine: Engine, places: Mapping[str, Place], own: Sequence[Path] = (), language: str = "en"
) -> list[Line]:
    """Return the explanation line by line: axioms, facts, then the passages on which the facts rest.

    Args:
        found: what the membership follows from.
        engine: over what is asserted.
        places: node IRI to where it was coded.
        own: Turtle files of a scholar's own terms, beside those of the ontology.
        language: of labels.

    """
    where = Blocks([*resources.files("ontology", "**/*.ttl"), *own]).place
    parts = {value_of(node): node for t in found.facts for node in (t.subject, t.predicate, t.object)}
    things = sorted(value for value, node in parts.items() if type(node).__name__ == "NamedNode")
    labels = labels_of(engine, things, language) | {RDF + "type": "is a"}
    rows = [Line("axiom", words(axiom), "", str(_axiom_place(axiom, where) or "")) for axiom in found.axioms]
    told = {found.thing}
    for triple in found.facts:
        near, role, far = map(value_of, (triple.subject, triple.predicate, triple.object))
        element = " ".join(
            names.compact(value) if value in labels else str(parts[value]) for value in (near, role, far)
        )
        said = " · ".join(labels.get(value, value) for value in (near, role, far) if value != near or near not in told)
        told.add(near)
        place = places.get(near) or where(near, far if far in labels else role) or where(near)
        rows.append(Line("fact", element, said, str(place or "")))
    return rows + _passages(engine, things, places, language)


def _passages(engine: Engine, things: Sequence[str], places: Mapping[str, Place], language: str) -> list[Line]:
    """Return a line for each assertion among the things, or that asserts a claim among them, and each citation."""
    stated = {thing for thing in things if thing.startswith(names.PREFIXES["assertion"])}
    around = nodes(things)
    pairs = [(row["assertion"].value, row["claim"].value) for row in engine(bind(_ASSERTED, things=around))]
    reached = {claim for assertion, claim in pairs if assertion in stated}
    assertions = sorted(stated | {assertion for assertion, claim in pairs if claim not in reached})
    rows = []
    for assertion, ground in sorted(grounds_of(engine, assertions, language).items()):
        how = ", ".join(ground[key].text for key in ("voice", "stance", "hedge"))
        text = f"{ground['source'].text}, {ground['place'].text} ({how}): {ground['claim'].text}"
        rows.append(Line("passage", names.compact(assertion), text, str(places.get(assertion) or "")))
    for row in engine(bind(_CITATIONS, things=around)):
        text = f"{row['source'].value}, {row['passage'].value}"
        rows.append(Line("passage", names.compact(row["thing"].value), text, str(places.get(row["thing"].value) or "")))
    return rows


def page(found: Reasons, rows: Sequence[Line], engine: Engine, width: int = 100, language: str = "en") -> str:
    """Return the explanation for people: what is explained, then axioms, facts and passages, each with its place."""
    labels = labels_of(engine, [found.thing, found.cls], language)
    text = [f"{names.compact(found.thing)} ({labels[found.thing]})"]
    text += [f"is a member of {names.compact(found.cls)} ({labels[found.cls]})."]
    text += ["It follows from these lines, and would not without any one of 1 and 2."]
    for part, title in (
        ("axiom", "1. By the ontology"),
        ("fact", "2. By what is coded"),
        ("passage", "3. At these passages"),
    ):
        listed = [row for row in rows if row.part == part]
        text += ["", title] if listed else []
        for row in listed:
            text += textwrap.wrap(row.element, width, initial_indent="  ", subsequent_indent="      ")
            if row.words:
                text += textwrap.wrap(row.words, width, initial_indent="      ", subsequent_indent="      ")
            text += [f"      {row.place}"] if row.place else []
    if not any(row.part == "passage" for row in rows):
        text += ["", "No passage: it rests on the vocabulary alone."]
    return "\n".join(text) + "\n"


def words(axiom: Axiom) -> str:
    """Return an axiom in OWL's Manchester syntax, with compact ids (https://www.w3.org/TR/owl2-manchester-syntax/)."""
    subject = names.compact(axiom.subject)
    match axiom.kind:
        case "definition":
            return f"{subject} EquivalentTo: {manchester(axiom.content)}"
        case "consequence" | "necessary":
            return f"{subject} SubClassOf: {manchester(axiom.content)}"
        case "cover":
            return f"{subject} DisjointUnionOf: {', '.join(map(names.compact, axiom.content))}"
        case "subclass":
            return f"{subject} SubClassOf: {names.compact(axiom.content)}"
        case "subproperty":
            return f"{subject} SubPropertyOf: {names.compact(axiom.content)}"
        case "disjoint":
            return f"DisjointClasses: {', '.join(map(names.compact, axiom.content))}"
    return f"{subject} Characteristics: {axiom.kind.capitalize()}"


def _axiom_place(axiom: Axiom, where: Callable[..., Place | None]) -> Place | None:
    match axiom.kind:
        case "definition":
            return where(axiom.subject, OWL + "equivalentClass")
        case "consequence":
            return where(axiom.subject, OWL + "hasValue")
        case "disjoint" if axiom.subject:
            return where(axiom.subject, OWL + "disjointUnionOf")
        case "disjoint":
            return where("[]", *axiom.content, OWL + "AllDisjointClasses")
        case "subclass" | "subproperty":
            return where(axiom.subject, axiom.content)
    return where(axiom.subject)
