"""Reading the Turtle of ontology and vocabulary, and the terms that a coding may name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg import names
from kg.errors import CodingError, Faults, Place, nearest
from kg.tree import bad_character, bad_characters, read_text

if TYPE_CHECKING:
    from pyoxigraph import Triple


_QUIET = r"""\#[^\n]*|<[^<>"\s]*>|\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
_BLANK = re.compile(rf"""(?s)(?:{_QUIET}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<blank>\[|\(|_:)""")
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[bfr])")


def read_turtle(file: Path, blank_nodes: bool = False) -> list[Triple]:
    """Parse a Turtle file; blank nodes are refused unless allowed, control characters always.

    Raises:
        CodingError: the file cannot be read.
        Faults: bad syntax, blank nodes, control characters; with line and column.

    """
    import pyoxigraph as ox

    text = read_text(file).removeprefix("\ufeff")
    faults = bad_characters(text, file)
    try:
        triples = [q.triple for q in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
    except (SyntaxError, ValueError) as error:
        place = Place(file, getattr(error, "lineno", None) or 0, getattr(error, "offset", None) or 0)
        message = re.sub(r"^Parser error at .*?: ", "", getattr(error, "msg", None) or str(error))
        raise Faults([*faults, CodingError(place, f"not Turtle: {message}")]) from None
    texts = (t.object.value for t in triples if isinstance(t.object, ox.Literal))
    if not faults and any(map(bad_character, texts)):
        escapes = [m.start() for m in _ESCAPE.finditer(text) if bad_character(_decoded(m[0]))]
        message = "an escaped control character found, plain text expected"
        faults += [CodingError(_place(file, text, at), message, "remove it") for at in escapes]
    if not blank_nodes and any(isinstance(n, ox.BlankNode) for t in triples for n in (t.subject, t.object)):
        found = [m.start() for m in _BLANK.finditer(text) if m["blank"]]
        message = "a blank node or list found, a node with a name expected"
        faults += [CodingError(_place(file, text, at), message, "give the node a name") for at in found]
    if faults:
        raise Faults(faults)
    return triples


def _decoded(escape: str) -> str:
    code = int(escape[2:] or "0", 16)
    return {"b": "\b", "f": "\f", "r": "\r"}.get(escape[1]) or (chr(code) if code < 0x110000 else "")


def _place(file: Path, text: str, at: int) -> Place:
    return Place(file, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


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
