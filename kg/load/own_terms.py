"""What a corpus's own `vocabulary.ttl` may say: what its new terms are, in the words listed here, and nothing else.

So no stranger's file can change, hide or add to what the project, a source or another corpus has said. The rule for
people stands in `kg/corpus/README.md`; whether the terms stand rightly above each other is looked at in `hierarchy`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.errors import KEPT, CodingError, Place, Tally, nearest, plain
from kg.load import csl
from kg.load.founding import FORMS, SHORT_FORMS, Founding, folded, value_of
from kg.load.moved import Use, in_statement
from kg.load.turtle import OwnTurtle
from kg.load.vocabulary import Vocabulary
from kg.tree import bad_character

if TYPE_CHECKING:
    import pyoxigraph as ox

TEXT_LENGTH = 5000
"""Characters of a label or note."""

TYPE, CONCEPT, SCHEME = map(names.expand, ("rdf:type", "skos:Concept", "skos:ConceptScheme"))
BROADER, HOME, TITLE = map(names.expand, ("skos:broader", "rdfs:isDefinedBy", "dcterms:title"))
GENERIC, INSTANCE, PART = (names.expand(f"iso-thes:broader{sort}") for sort in ("Generic", "Instantial", "Partitive"))
BROADERS = (BROADER, GENERIC, INSTANCE, PART)
_ADDRESS = re.compile(r"(?i)https?://[^/?#]|urn:[a-z0-9][a-z0-9-]*:.")
_OURS = re.compile(r"(?i)https?://(?:[^/?#@]*@)?(?:www\.)?w3id\.org(?::\d+)?/airkg(?![\w-])")
"""The project's namespace, also as a reader might mistake it."""


class Wrong(NamedTuple):
    """What is wrong with a statement: with which part of it, and a hint."""

    part: str
    message: str
    hint: str = ""


@dataclass
class Own:
    """The vocabulary of one folder.

    Attributes:
        graph: IRI of the named graph for it.
        file: where it stands.
        triples: as written, and to which graph each term and the whole belongs.
        places: each term, and where it is first spoken of.

    """

    graph: str
    file: Path
    triples: list[ox.Triple] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


@dataclass
class Gate:
    """Lets through what vocabularies may say; who comes first keeps a name.

    Attributes:
        founding: what stands already.
        accepted: the vocabularies that were read, in their order.
        terms: all terms with their classes, those of the project among them.
        broader: narrower term, broader term and place of each statement on the order of terms.
        moved: where they name terms that are deprecated.
        faults: what was not let through.

    """

    founding: Founding
    accepted: list[Own] = field(default_factory=list)
    terms: Vocabulary = field(default_factory=Vocabulary)
    broader: list[tuple[str, str, Place]] = field(default_factory=list)
    moved: list[Use] = field(default_factory=list)
    faults: Tally = field(default_factory=Tally)

    def read(self, files: Iterable[Path]) -> None:
        """Read vocabularies, in the order in which they may speak."""
        opened = []
        for file in files:
            if turtle := self.faults.attempt(lambda file=file: OwnTurtle(file)):
                opened.append((self._own(file), turtle))
        known = self.founding.vocabulary
        self.terms = Vocabulary(dict(known.terms), known.parents, known.deprecated)
        self._homes: dict[str, Own] = {}
        self._concepts = set[str]()
        self._kinds: dict[str, set[str]] = {}
        for own, turtle in opened:
            self._note(own, turtle)
        self._labels = dict(self.founding.labels)
        # of two terms with one slug the one in use is told
        self._slugs = {names.slug_of(iri): iri for iri in sorted(known.terms, key=lambda x: x not in known.deprecated)}
        for own, turtle in opened:
            self._hear(own, turtle)

    def _own(self, file: Path) -> Own:
        graph, taken = names.vocabulary_graph(file.resolve().parent.name), {own.graph for own in self.accepted}
        self.accepted.append(Own(f"{graph}.{len(taken)}" if graph in taken else graph, file))
        return self.accepted[-1]

    def _note(self, own: Own, turtle: OwnTurtle) -> None:
        """Note which terms a vocabulary defines, so that others may be set below them, wherever they stand."""
        for number, triple in enumerate(turtle.triples):
            iri, value = value_of(triple.subject), value_of(triple.object)
            if self._homes.setdefault(iri, own) is not own or iri in self.founding.known:
                continue
            own.places.setdefault(iri, turtle.place(number))
            classes = self.terms.terms.setdefault(iri, set())
            if triple.predicate.value == TYPE:
                classes |= {value.removeprefix(names.AIR)} & self.terms.parents.keys()
                self._concepts |= {iri} if value == CONCEPT else set()

    def _hear(self, own: Own, turtle: OwnTurtle) -> None:
        """Hold each statement of a vocabulary to the rule; of a subject that it may not speak of, only the first."""
        refused = set[str]()
        for number, triple in enumerate(turtle.triples):
            iri = value_of(triple.subject)
            if iri in refused:
                continue
            wrong = self._subject(iri, own)
            if wrong:
                refused.add(iri)
            elif not (wrong := self._statement(triple, own)):
                value = value_of(triple.object)
                if triple.predicate.value in BROADERS:
                    self.broader.append((iri, value, turtle.place(number, "object")))
                if value in self.founding.fates and isinstance(triple.object, type(triple.predicate)):
                    fits = partial(self._statement, own=own)
                    self.moved.append(in_statement(turtle, number, self.founding.fates[value], self.terms, fits))
            if wrong:
                self.faults.add(CodingError(turtle.place(number, wrong.part), wrong.message, wrong.hint))
        for iri in own.places.keys() - refused:
            self.faults.extend(CodingError(own.places[iri], w.message, w.hint) for w in self._whole(iri))
        own.triples = [*turtle.triples, *homed(turtle.triples, own.graph, own.file.resolve().parent.name)]

    def _subject(self, iri: str, own: Own) -> Wrong | None:
        shown, home = names.compact(iri), self._homes[iri]
        if bad := bad_character(iri):
            return Wrong("subject", f"{bad} found in a name, plain text expected")
        if home is not own:
            return Wrong("subject", f"{shown} is defined already", f"by {home.places.get(iri, Place(home.file))}")
        if iri in self.founding.known:
            hint = "give your term another name; skos:broader or skos:exactMatch say how the two stand"
            return Wrong("subject", f"{shown} is not this vocabulary's to speak of", hint)
        kind = next((k for k in names.VOCABULARY_KINDS if iri.startswith(names.PREFIXES[k])), "")
        if kind and names.SLUG.fullmatch(names.slug_of(iri)) and iri == names.PREFIXES[kind] + names.slug_of(iri):
            other = self._slugs.setdefault(names.slug_of(iri), iri)
            if other != iri and self._homes.get(other) is not own:
                hint = "whoever writes the bare slug means that one; take another"
                return Wrong("subject", f"slug '{names.slug_of(iri)}' is that of {names.compact(other)}", hint)
        elif _OURS.match(iri):
            kinds = ", ".join(f"{k}:" for k in names.VOCABULARY_KINDS)
            hint = "a vocabulary defines new terms and says nothing of claims, sources or anything else"
            return Wrong("subject", f"{shown} found, a term of lower-case words below one of {kinds} expected", hint)
        elif not _ADDRESS.match(iri):
            return Wrong("subject", f"{shown} found, a name that begins with http://, https:// or urn: expected")
        elif any(iri.startswith(namespace) for namespace in names.PREFIXES.values()):
            hint = "define a term of your own, and say skos:exactMatch or skos:broadMatch of it"
            return Wrong("subject", f"{shown} belongs to another vocabulary", hint)
        return None

    def _statement(self, triple: ox.Triple, own: Own) -> Wrong | None:
        subject, predicate, value = value_of(triple.subject), triple.predicate.value, triple.object
        form = FORMS.get(predicate)
        if form is None:
            hint = f"it may say {', '.join(SHORT_FORMS)}"
            if predicate == names.expand("skos:narrower"):
                hint = "say skos:broader of the narrower term, which has to be yours"
            message = f"{names.compact(predicate)} found, which a vocabulary of one's own does not say"
            return Wrong("predicate", message, hint)
        if form in ("label", "text"):
            return self._text(subject, value, form == "label", own)
        found = value_of(value)
        shown = names.compact(found)
        if not isinstance(value, type(triple.predicate)):
            return Wrong("object", f"the text '{found}' found, a name expected for {names.compact(predicate)}")
        if form == "class":
            if found != CONCEPT and "Term" not in self.terms.above(found.removeprefix(names.AIR)):
                hint = nearest(names.slug_of(found), self.terms.parents) or "air:Actor is one, or a class below it"
                return Wrong("object", f"{shown} is no class of the vocabulary", hint)
        elif form == "term":
            return self._term(subject, predicate, found)
        elif form == "sort":
            if "Actor" not in self.terms.above(found.removeprefix(names.AIR)):
                hint = nearest(names.slug_of(found), self.terms.parents) or "air:Firm is one"
                return Wrong("object", f"{shown} found, air:Actor or a class below it expected", hint)
        elif form == "foreign":
            if not _ADDRESS.match(found) or _OURS.match(found) or bad_character(found):
                hint = "leave it out: the build says so" if predicate == HOME else "skos:related is for one of ours"
                message = f"{shown} found, an address elsewhere (http://, https:// or urn:) expected"
                return Wrong("object", message, hint)
        elif found not in self.founding.used.get(predicate, ()):
            known = ", ".join(sorted(map(names.compact, self.founding.used.get(predicate, ()))))
            return Wrong("object", f"{shown} is not one of {known}")
        return None

    def _text(self, subject: str, value: Any, label: bool, own: Own) -> Wrong | None:
        plain = value.datatype.value == names.expand("xsd:string") if hasattr(value, "datatype") else False
        if not hasattr(value, "datatype") or not (plain or value.language):
            return Wrong("object", f"{value} found, a text expected")
        if value.language and value.direction:
            return Wrong(
                "object", f"@{value.language}--{value.direction} found, a language tag such as en or fa expected"
            )
        if label and not value.language:
            return Wrong("object", f"'{value.value}' found, a text with a language tag expected", 'write "…"@en')
        if value.language and not csl.LANGUAGE.fullmatch(value.language):
            return Wrong("object", f"@{value.language} found, a language tag such as en or fa expected")
        if not 0 < len(value.value.strip()) <= len(value.value) <= TEXT_LENGTH:
            return Wrong("object", f"{len(value.value):,} characters found, 1 to {TEXT_LENGTH:,} expected")
        if label:
            other = self._labels.setdefault(folded(value), subject)
            if other != subject and self._homes.get(other) is not own:
                hint = "two terms with one name hide each other"
                return Wrong("object", f"'{value.value}' is the name of {names.compact(other)}", hint)
        return None

    def _term(self, subject: str, predicate: str, found: str) -> Wrong | None:
        shown, relation = names.compact(found), "broader than" if predicate in BROADERS else "related to"
        if found not in self.terms.terms:
            # to compare names costs a millisecond: not for faults that nobody will read
            hint = nearest(names.slug_of(found), self._slugs) if len(self.faults) < KEPT else ""
            return Wrong("object", f"{shown} is no term of the vocabulary", hint)
        if found == subject:
            return Wrong("object", f"{shown} is {relation} itself")
        same = subject.rpartition("/")[0] == found.rpartition("/")[0]
        shared = self._sorts(subject) & self._sorts(found)
        if predicate in BROADERS and not same and not shared:
            hint = "take a broader term of the same kind, or skos:related"
            return Wrong("object", f"{names.compact(subject)} is narrower than {shown}, which is of another kind", hint)
        return None

    def _whole(self, iri: str) -> Iterator[Wrong]:
        """Yield what is wrong with a term as a whole."""
        shown, sorts = names.compact(iri), self._sorts(iri)
        kind = next((k for k in names.VOCABULARY_KINDS if iri.startswith(names.PREFIXES[k])), "")
        wanted = self._of_kind(kind)
        if not wanted <= sorts or not sorts:
            which = " and ".join(f"air:{name}" for name in sorted(wanted)) or "air:Actor, air:ActorKind or its like"
            found = " and ".join(sorted(f"air:{name}" for name in self.terms.terms[iri])) or "of no class"
            yield Wrong("subject", f"{shown} is {found}, {which} or a class below it expected")
        if iri not in self._concepts:
            yield Wrong("subject", f"{shown} is no skos:Concept, as every term is", "add skos:Concept to its classes")

    def _of_kind(self, kind: str) -> set[str]:
        """Return the classes that all terms of a kind have in common."""
        if kind not in self._kinds:
            space = names.PREFIXES.get(kind, ":")
            found = [self._sorts(iri) for iri in self.founding.vocabulary.terms if iri.startswith(space)]
            self._kinds[kind] = set.intersection(*found) if found else set()
        return self._kinds[kind]

    def _sorts(self, iri: str) -> set[str]:
        """Return the classes of a term that say what sort of thing it is: those below air:Term."""
        return {name for name in self.terms.lineage(iri) if name != "Term" and ":" not in name}


def homed(triples: Iterable[ox.Triple], graph: str, name: str) -> Iterator[ox.Triple]:
    """Yield to which scheme each concept belongs that does not say so itself, what it is, and that plain is generic.

    ISO 25964 knows three sorts of broader terms; who writes skos:broader means the first, and is followed so.

    Args:
        triples: a vocabulary.
        graph: the IRI of its named graph, which is the scheme's too.
        name: its folder's name.

    """
    import pyoxigraph as ox

    scheme, home, kind = ox.NamedNode(graph), ox.NamedNode(HOME), ox.NamedNode(TYPE)
    triples = list(triples)
    said = {triple.subject for triple in triples if triple.predicate == home}
    for triple in triples:
        if triple.predicate == kind and value_of(triple.object) == CONCEPT and triple.subject not in said:
            yield ox.Triple(triple.subject, home, scheme)
        if triple.predicate.value == BROADER:
            yield ox.Triple(triple.subject, ox.NamedNode(GENERIC), triple.object)
    yield ox.Triple(scheme, kind, ox.NamedNode(SCHEME))
    yield ox.Triple(scheme, ox.NamedNode(TITLE), ox.Literal(plain(f"Vocabulary of {name}"), language="en"))
