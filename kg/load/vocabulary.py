"""The terms that a coding may name, and the classes that say which slot they fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg import names
from kg.errors import nearest

if TYPE_CHECKING:
    from pyoxigraph import Triple


class Unresolved(LookupError):
    """A name stands for no term, or for several; `str()` says which, `hint` what to do (told only when it is read)."""

    def __init__(self, message: str, near: str = "", known: Iterable[str] = (), hint: str = "") -> None:
        super().__init__(message)
        self._near, self._known, self._hint = near, known, hint

    def hint(self) -> str:
        """Return the nearest known name, or what else to do."""
        return (nearest(self._near, [*self._known]) if self._near else "") or self._hint


@dataclass
class Vocabulary:
    """The terms a slot may hold, and the class tree that says which slot they fit.

    Attributes:
        terms: IRI of each individual, with its asserted classes (local names in `air:`).
        parents: class to its direct superclasses, local names.
        deprecated: IRIs of the terms that are out of use, kept for what was coded with them.

    """

    terms: dict[str, set[str]] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=dict)
    deprecated: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Vocabulary:
        """Index the individuals and the class tree of the project's own triples."""
        rdf_type = names.PREFIXES["rdf"] + "type"
        sub_class = names.PREFIXES["rdfs"] + "subClassOf"
        deprecated = names.PREFIXES["owl"] + "deprecated"
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
            elif predicate == deprecated and value == "true":
                found.deprecated.add(subject)
        return found

    @cached_property
    def _by_slug(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for iri in sorted(iri for iri in self.terms if iri.startswith(names.BASE)):
            found.setdefault(names.slug_of(iri), []).append(iri)
        return found

    def resolve(self, name: str) -> str:
        """Return the IRI for `slug` or `kind:slug`, or for the IRI of a term in a namespace of its own.

        A slug alone means a term in use before one that is deprecated; `kind:slug` means what it says.

        Raises:
            Unresolved: no such term, or several.

        """
        if name in self.terms:
            return name
        kind, colon, slug = name.rpartition(":")
        candidates = self._by_slug.get(slug, [])
        if colon:
            candidates = [iri for iri in candidates if iri == names.PREFIXES.get(kind, "") + slug]
        else:
            candidates = [iri for iri in candidates if iri not in self.deprecated] or candidates
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            several = ", ".join(map(names.compact, candidates))
            raise Unresolved(f"is several terms: {several}", hint="write the kind first")
        hint = "add it in ontology/vocabulary/"
        raise Unresolved("is no term of the vocabulary", slug, self._by_slug, hint)

    def meant(self, name: str, classes: Collection[str] = ()) -> str:
        """Return the IRI for a name in a slot that takes some classes.

        Where the term in use that a slug means does not fit, and a deprecated one of that slug does, it is that one:
        what was coded before the term moved means what it meant.

        Raises:
            Unresolved: no such term, or several.

        """
        iri = self.resolve(name)
        if ":" in name or self.fits(iri, classes):
            return iri
        old = [one for one in self._by_slug.get(name, ()) if one in self.deprecated and self.fits(one, classes)]
        return old[0] if len(old) == 1 else iri

    def above(self, cls: str) -> set[str]:
        """Return a class with all its superclasses."""
        todo, seen = [cls], set[str]()
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo.extend(self.parents.get(one, ()))
        return seen

    def lineage(self, iri: str) -> set[str]:
        """Return all classes to which a term belongs."""
        return set().union(*map(self.above, self.terms.get(iri, ())))

    def fits(self, iri: str, classes: Iterable[str]) -> bool:
        """Tell whether a term belongs to one of the classes or to a subclass of one; without any, any does."""
        wanted = set(classes)
        return not wanted or bool(wanted & self.lineage(iri))
