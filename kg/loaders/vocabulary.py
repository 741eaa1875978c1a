"""Reading the Turtle of ontology and vocabulary, and the terms that a coding may name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg import names
from kg.errors import CodingError, Place, nearest

if TYPE_CHECKING:
    from pyoxigraph import Triple


def read_turtle(file: Path, blank_nodes: bool = False) -> list[Triple]:
    """Parse a Turtle file; blank nodes are refused unless allowed, control characters always.

    Raises:
        CodingError: bad syntax, with line and column; a blank node; a control character in a literal.

    """
    import pyoxigraph as ox

    try:
        triples = [q.triple for q in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise CodingError(Place(file, error.lineno or 0, error.offset or 0), f"not Turtle: {error.msg}") from None
    except (OSError, ValueError) as error:
        raise CodingError(Place(file), f"cannot be read: {error}") from None
    for triple in triples:
        if not blank_nodes and (isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)):
            raise CodingError(Place(file), f"a blank node found ({triple.predicate.value})", "give the node a name")
        if isinstance(triple.object, ox.Literal) and (bad := bad_character(triple.object.value)):
            raise CodingError(Place(file), f"{bad} found in a text of {names.compact(str(triple.subject.value))}")
    return triples


def bad_character(text: str) -> str:
    """Name the first character that no label may hold (controls, bidi controls), or return an empty string.

    XML writers would otherwise emit documents that no parser accepts, and bidi controls can reorder a line.
    """
    for char in text:
        if (
            (unicodedata.category(char) == "Cc" and char not in "\n\t")
            or char in _BIDI
            or ord(char) in (0xFFFE, 0xFFFF)
        ):
            return f"control character U+{ord(char):04X}"
    return ""


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass
class Vocabulary:
    """The terms a slot may hold, and the class tree that says which slot they fit.

    Attributes:
        terms: IRI of each individual, with its asserted classes (local names in `air:`).
        parents: class to its direct superclasses, local names.

    """

    terms: dict[str, set[str]] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=dict)
    _by_slug: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Vocabulary:
        """Index the individuals and the class tree of some triples."""
        rdf_type = names.PREFIXES["rdf"] + "type"
        sub_class = names.PREFIXES["rdfs"] + "subClassOf"
        spaces = {names.PREFIXES[kind] for kind in names.VOCABULARY_KINDS}
        found = cls()
        for triple in triples:
            subject, predicate = str(getattr(triple.subject, "value", "")), triple.predicate.value
            value = getattr(triple.object, "value", "")
            if predicate == rdf_type and subject.rpartition("/")[0] + "/" in spaces:
                classes = found.terms.setdefault(subject, set())
                if value.startswith(names.AIR):
                    classes.add(value.removeprefix(names.AIR))
            elif predicate == sub_class and subject.startswith(names.AIR):
                found.parents.setdefault(subject.removeprefix(names.AIR), set()).add(value.removeprefix(names.AIR))
        for iri in sorted(found.terms):
            found._by_slug.setdefault(names.slug_of(iri), []).append(iri)
        return found

    def resolve(self, name: str) -> str:
        """Return the IRI for `slug` or `kind:slug`.

        Raises:
            KeyError: no such term, or several; its argument says which.

        """
        kind, colon, slug = name.rpartition(":")
        candidates = self._by_slug.get(slug, [])
        if colon:
            candidates = [iri for iri in candidates if iri == names.PREFIXES.get(kind, "") + slug]
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            raise KeyError("is several terms: " + ", ".join(map(names.compact, candidates)), "write the kind first")
        raise KeyError("is no term of the vocabulary", nearest(slug, self._by_slug) or "add it in ontology/vocabulary/")

    def fits(self, iri: str, classes: Iterable[str]) -> bool:
        """Tell whether a term belongs to one of the classes or to a subclass of one."""
        wanted = set(classes)
        todo, seen = list(self.terms.get(iri, ())), set[str]()
        while todo:
            cls = todo.pop()
            if cls in wanted:
                return True
            if cls not in seen:
                seen.add(cls)
                todo.extend(self.parents.get(cls, ()))
        return not wanted
