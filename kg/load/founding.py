"""What the project's own vocabulary says, to which the vocabularies of corpora are held."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import names
from kg.load.moved import Fate, fates
from kg.load.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pyoxigraph as ox


SHORT_FORMS = {
    "rdf:type": "class",
    "skos:prefLabel": "label",
    "skos:altLabel": "label",
    **dict.fromkeys(("skos:definition", "skos:example", "skos:scopeNote", "skos:editorialNote"), "text"),
    **dict.fromkeys(("skos:changeNote", "skos:note", "skos:notation"), "text"),
    **dict.fromkeys(("skos:broader", "iso-thes:broaderGeneric", "iso-thes:broaderInstantial"), "term"),
    **dict.fromkeys(("iso-thes:broaderPartitive", "skos:related", "air:isOppositeOf"), "term"),
    "air:kindOf": "sort",
    **dict.fromkeys(("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "rdfs:isDefinedBy"), "foreign"),
    **dict.fromkeys(("air:hasDirection", "air:hasEdgeProperty"), "used"),
}
"""What a term may say of itself, and of which form that is."""

FORMS = {names.expand(name): form for name, form in SHORT_FORMS.items()}
_BROADER = {names.expand(name) for name in SHORT_FORMS if "broader" in name}


@dataclass(frozen=True)
class Founding:
    """What stands before any corpus speaks.

    Attributes:
        known: every IRI that ontology and vocabulary name.
        vocabulary: the project's terms and classes.
        labels: each name of a term, folded, with its language, and the term that has it.
        used: the objects of each predicate whose objects are a closed list.
        broader: each term with its broader terms.
        fates: what became of each deprecated term.

    """

    known: frozenset[str]
    vocabulary: Vocabulary
    labels: dict[tuple[str, str], str]
    used: dict[str, set[str]]
    broader: dict[str, list[str]]
    fates: dict[str, Fate]

    @classmethod
    def of(cls, triples: Iterable[ox.Triple]) -> Founding:
        """Gather it from the triples of ontology and vocabulary."""
        triples = list(triples)
        vocabulary = Vocabulary.of(triples)
        known, labels = set[str](), dict[tuple[str, str], str]()
        used, broader = dict[str, set[str]](), dict[str, list[str]]()
        for triple in triples:
            subject, predicate, value = map(value_of, triple)
            known |= {subject, predicate, value}
            form = FORMS.get(predicate)
            if form == "label" and subject in vocabulary.terms:
                labels[folded(triple.object)] = subject
            elif form == "used":
                used.setdefault(predicate, set()).add(value)
            elif predicate in _BROADER:
                broader.setdefault(subject, []).append(value)
        return cls(frozenset(known), vocabulary, labels, used, broader, fates(triples))


def value_of(node: object) -> str:
    """Return a node's IRI or a literal's text."""
    return str(getattr(node, "value", ""))


def folded(label: Any) -> tuple[str, str]:
    """Return a label as it is compared, with its language."""
    text = unicodedata.normalize("NFKC", label.value).casefold()
    return " ".join(text.split()), (label.language or "").lower()
