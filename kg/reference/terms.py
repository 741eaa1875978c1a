"""What ontology, vocabulary and shapes say, as records for the reference: one noun a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names, resources
from kg.load.turtle import read_turtle
from kg.reason import axioms
from kg.reason.axioms import manchester
from kg.reference import words

if TYPE_CHECKING:
    import pyoxigraph as ox

RDF, RDFS, OWL, SKOS, SH, DCT = (names.PREFIXES[p] for p in ("rdf", "rdfs", "owl", "skos", "sh", "dcterms"))
KINDS = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "property",
    OWL + "DatatypeProperty": "property",
    OWL + "AnnotationProperty": "property",
    SKOS + "Concept": "individual",
}
SORTS = {
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
}
MATCHES = {SKOS + name: words for name, words in (("exactMatch", "exactly"), ("closeMatch", "closely"))}
MATCHES |= {SKOS + "broadMatch": "narrower than", SKOS + "narrowMatch": "wider than"}


@dataclass(frozen=True)
class Text:
    """A text and its language."""

    value: str
    language: str = ""


@dataclass(frozen=True)
class Term:
    """A class, property or individual.

    Attributes:
        kind: class, property or individual.
        sort: for a property, which kind; for an individual, its classes.
        parents: what it is a kind of: superclasses, wider properties, broader terms.
        axioms: further axioms about it, in Manchester syntax.
        matches: how it matches which foreign terms.
        words: the axioms as sentences.
        foreign: terms of other vocabularies that it is a kind of.

    """

    iri: str
    kind: str
    sort: tuple[str, ...]
    labels: tuple[Text, ...]
    others: tuple[Text, ...]
    definition: str
    examples: tuple[str, ...]
    notes: tuple[str, ...]
    parents: tuple[str, ...]
    axioms: tuple[str, ...] = ()
    matches: tuple[tuple[str, str], ...] = ()
    deprecated: bool = False
    words: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where its own page stands, without a suffix: the path of its IRI; empty for a foreign term."""
        return self.iri.removeprefix(names.BASE) if self.iri.startswith(names.BASE) else ""

    @property
    def file(self) -> str:
        """The name of its own page in the page's folder."""
        return self.path.rpartition("/")[2]

    @property
    def name(self) -> str:
        """Its prefixed name."""
        return names.compact(self.iri)

    @property
    def anchor(self) -> str:
        """The id of its place on the page."""
        return self.name.replace(":", "-")

    @property
    def label(self) -> str:
        """Its English label."""
        return next((text.value for text in self.labels if text.language == "en"), self.name)


@dataclass(frozen=True)
class Shape:
    """A rule for data.

    Attributes:
        about: the classes, or the properties whose subjects, it is for.
        path: the property that it is about, empty for a rule on the node itself.
        fillers: the classes that a value must belong to.

    """

    iri: str
    about: tuple[str, ...]
    path: str
    bounds: str
    fillers: tuple[str, ...]
    severity: str
    message: str

    @property
    def name(self) -> str:
        """Its name without the prefix, and the id of its place on the page."""
        return names.slug_of(self.iri)


@dataclass(frozen=True)
class Noun:
    """A file of `ontology/` with what belongs to it: terms, vocabulary, shapes."""

    name: str
    iri: str
    header: dict[str, str]
    terms: tuple[Term, ...] = ()
    shapes: tuple[Shape, ...] = ()

    def of(self, kind: str) -> list[Term]:
        """Return the terms of a kind, by name."""
        return sorted((t for t in self.terms if t.kind == kind), key=lambda t: t.name.casefold())


@dataclass
class Reading:
    """All triples, by subject and predicate; and which file first declares a subject."""

    facts: dict[str, dict[str, list[Any]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    home: dict[str, str] = field(default_factory=dict)

    def add(self, triples: Iterable[ox.Triple], noun: str) -> None:
        """Take in the triples of a file."""
        for t in triples:
            subject = str(t.subject.value) if hasattr(t.subject, "value") else str(t.subject)
            self.facts[subject][t.predicate.value].append(t.object)
            if t.predicate.value == RDF + "type" and type(t.subject).__name__ == "NamedNode":
                self.home.setdefault(subject, noun)

    def values(self, subject: str, predicate: str) -> list[str]:
        """Return the values of a property, as text."""
        return [str(node.value) for node in self.facts[subject][predicate]]

    def texts(self, subject: str, predicate: str) -> tuple[Text, ...]:
        """Return the literals of a property with their languages, English first."""
        found = [Text(node.value, node.language or "") for node in self.facts[subject][predicate]]
        return tuple(sorted(found, key=lambda text: (text.language != "en", text.language)))


def read() -> list[Noun]:
    """Return the nouns in the order of their names, the whole (`airkg`) first."""
    reading, logic, genus = Reading(), defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    stated: list[axioms.Axiom] = []
    root = resources.resource("ontology")
    for file in resources.files("ontology", "**/*.ttl"):
        triples = read_turtle(file, blank_nodes=True)
        reading.add(triples, file.stem)
        for axiom in axioms.read(triples, file.relative_to(root.parent) if file.is_relative_to(root.parent) else file):
            stated.append(axiom)
            if axiom.kind in ("definition", "consequence"):
                word = "is the same as" if axiom.kind == "definition" else "always"
                logic[axiom.subject].append(f"{word} {manchester(axiom.content)}")
                parts = axiom.content.parts if isinstance(axiom.content, axioms.And) else ()
                genus[axiom.subject] += (part.iri for part in parts if isinstance(part, axioms.Named))
            elif axiom.kind == "necessary":
                logic[axiom.subject].append(f"always {manchester(axiom.content)}")
            elif axiom.kind == "cover":
                logic[axiom.subject].append(f"always one of {', '.join(map(names.compact, axiom.content))}")
            elif axiom.kind in ("transitive", "symmetric"):
                logic[axiom.subject].append(axiom.kind)
            elif axiom.kind == "disjoint":
                for cls in axiom.content:
                    others = ", ".join(names.compact(other) for other in axiom.content if other != cls)
                    logic[cls].append(f"shares no member with {others}")
    sentences = defaultdict[str, list[str]](list)
    for axiom in stated:
        for iri, sentence in words.told(axiom, lambda iri: _label(reading, iri)).items():
            sentences[iri].append(sentence)
    terms = defaultdict[str, list[Term]](list)
    for iri, noun in sorted(reading.home.items()):
        if term := _term(iri, reading, tuple(logic[iri]), genus[iri]):
            terms[noun].append(replace(term, words=tuple(sentences[iri])))
    shapes = {file.stem: tuple(_shapes(file)) for file in resources.files("shapes", "*.ttl")}
    shapes["airkg"] = shapes.pop("ontology") + shapes.pop("vocabulary") + shapes.pop("derived")
    found = []
    for file in resources.files("ontology", "*.ttl"):
        iri = f"{names.BASE}ontology" if file.stem == "airkg" else f"{names.BASE}ontology/{file.stem}"
        header = {names.compact(p): str(v[0].value) for p, v in reading.facts[iri].items()}
        found.append(Noun(file.stem, iri, header, tuple(terms[file.stem]), shapes.get(file.stem, ())))
    return sorted(found, key=lambda noun: (noun.name != "airkg", noun.name))


def _label(reading: Reading, iri: str) -> str:
    return next((text.value for text in reading.texts(iri, SKOS + "prefLabel")), names.compact(iri))


def _term(iri: str, reading: Reading, logic: tuple[str, ...], genus: Sequence[str]) -> Term | None:
    types = reading.values(iri, RDF + "type")
    kind = next((KINDS[t] for t in types if t in KINDS), "")
    if not kind:
        return None
    wider = {"class": RDFS + "subClassOf", "property": RDFS + "subPropertyOf", "individual": SKOS + "broader"}[kind]
    parents = [node.value for node in reading.facts[iri][wider] if type(node).__name__ == "NamedNode"]
    sort = {
        "class": (),
        "property": tuple(SORTS[t] for t in types if t in SORTS),
        "individual": tuple(t for t in types if t != SKOS + "Concept"),
    }[kind]
    definitions = reading.texts(iri, SKOS + "definition")
    return Term(
        iri,
        kind,
        sort,
        reading.texts(iri, SKOS + "prefLabel"),
        reading.texts(iri, SKOS + "altLabel"),
        definitions[0].value if definitions else "",
        tuple(reading.values(iri, SKOS + "example")),
        tuple(reading.values(iri, SKOS + "scopeNote") + reading.values(iri, SKOS + "editorialNote")),
        tuple(dict.fromkeys([*parents, *genus])),
        logic,
        tuple((words, foreign) for p, words in MATCHES.items() for foreign in reading.values(iri, p)),
        "true" in reading.values(iri, OWL + "deprecated"),
        foreign=tuple(parent for parent in parents if not parent.startswith(names.BASE)),
    )


def _shapes(file: Path) -> Iterator[Shape]:
    """Yield the shapes of a file that can report: those for a class, and the properties of those."""
    reading = Reading()
    reading.add(read_turtle(file, blank_nodes=True), file.stem)
    owners = defaultdict[str, list[str]](list)
    for node in list(reading.facts):
        for shape in reading.values(node, SH + "property"):
            owners[shape].append(node)
    for iri in sorted(reading.home):
        nodes = owners.get(iri, [iri])
        about = [v for n in nodes for p in ("targetClass", "targetSubjectsOf") for v in reading.values(n, SH + p)]
        severity = reading.values(iri, SH + "severity")
        if not about or not severity:
            continue
        path = [node.value for node in reading.facts[iri][SH + "path"] if type(node).__name__ == "NamedNode"]
        low, high = (reading.values(iri, SH + name) for name in ("minCount", "maxCount"))
        bounds = f"{low[0] if low else '0'}..{high[0] if high else '*'}" if path else ""
        fillers = [*reading.values(iri, SH + "class"), *reading.values(iri, SH + "datatype")]
        message = " ".join(reading.values(iri, SH + "message"))
        word = names.slug_of(severity[0]).lower()
        yield Shape(iri, tuple(about), path[0] if path else "", bounds, tuple(fillers), word, message)
