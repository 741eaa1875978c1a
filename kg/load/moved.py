"""Terms that have moved: what became of a deprecated one, since which version, and where a corpus still names it.

What replaces a term stands in its block (`dcterms:isReplacedBy`), and since when in its `skos:changeNote`, which
begins with a version. A use is told wherever it stands; it can be rewritten (`kg.coding.migrate`) only where one
term replaces the old one, fits where that stands, and does not stand there already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg import names
from kg.errors import Place, one_of
from kg.load.keys import items
from kg.load.vocabulary import Unresolved, Vocabulary
from kg.model import ASSERTION_SLOTS, COMMON_SLOTS, KINDS
from kg.tree import Path_, Tree

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from kg.load.own_terms import Wrong
    from kg.load.turtle import OwnTurtle

_DEPRECATED, _REPLACED = map(names.expand, ("owl:deprecated", "dcterms:isReplacedBy"))
_NOTE, _LABEL = map(names.expand, ("skos:changeNote", "skos:prefLabel"))
_READ = {_DEPRECATED, _REPLACED, _NOTE, _LABEL}
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+): ")


@dataclass(frozen=True)
class Fate:
    """What became of a deprecated term.

    Attributes:
        term: its IRI.
        since: the version that deprecated it; empty where no note says so.
        to: the terms in use at the ends of the ways from it, without repeats.
        astray: whether some way ends at a term that nothing replaces.
        circle: terms that replace each other in a circle, the first one again at the end.
        labels: of the term and of what replaces it, by IRI and language.

    """

    term: str
    since: str
    to: tuple[str, ...]
    astray: bool
    circle: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]] = field(hash=False)

    @property
    def successor(self) -> str:
        """The one term that replaces it; empty where there is none, or no single one."""
        return self.to[0] if len(self.to) == 1 and not self.astray and not self.circle else ""

    def shown(self, iri: str, language: str = "en") -> str:
        """Return a term as people know it: its name, and its label in a language, else in English."""
        labels = self.labels.get(iri, {})
        label = labels.get(language) or labels.get("en", "")
        return f"{names.compact(iri)} «{label}»" if label else names.compact(iri)


@dataclass(frozen=True)
class Use:
    """A place where a corpus names a deprecated term.

    Attributes:
        written: the name as it stands there.
        new: the name to write in its place; empty where a person has to decide.
        why: then, what keeps the one successor from taking the place, and what to do.
        at: the path of the value in a YAML file; in Turtle, the number of the statement.

    """

    place: Place
    fate: Fate
    written: str
    new: str
    why: str
    at: Path_

    def message(self, language: str = "en") -> str:
        """Say since when the term is deprecated, what replaces it, and what to do."""
        fate = self.fate
        labels = fate.labels.get(fate.term, {})
        label = labels.get(language) or labels.get("en", "")
        since = f" since version {fate.since}" if fate.since else ""
        told = f"{f'«{label}» ' if label else ''}is deprecated{since}"
        if fate.circle:
            circle = " → ".join(map(names.compact, fate.circle))
            return f"{told}, and replaced in a circle ({circle}); take a term in use, and tell whoever keeps these"
        if not fate.to:
            return f"{told}, and nothing replaces it; name what the text names by a term in use"
        ends = one_of([*(fate.shown(iri, language) for iri in fate.to), *["nothing"] * fate.astray])
        if not fate.successor:
            return f"{told}; {ends} replaces it; choose the one that the text means"
        return f"{told}; {ends} replaces it" + (f"; `kg check --fix` writes '{self.new}'" if self.new else self.why)


def fates(triples: Iterable[Triple]) -> dict[str, Fate]:
    """Return what became of each deprecated term, by its IRI, as the project's own triples say."""
    gone, after, since = set[str](), dict[str, list[str]](), dict[str, tuple[int, ...]]()
    labels: dict[str, dict[str, str]] = {}
    for triple in triples:
        predicate = triple.predicate.value
        if predicate not in _READ:
            continue
        subject, value = (str(getattr(node, "value", "")) for node in (triple.subject, triple.object))
        if predicate == _DEPRECATED and value in ("true", "1"):
            gone.add(subject)
        elif predicate == _REPLACED:
            after.setdefault(subject, []).append(value)
        elif predicate == _NOTE and (found := _VERSION.match(value)):
            since[subject] = max(since.get(subject, ()), tuple(map(int, found.groups())))
        elif predicate == _LABEL:
            labels.setdefault(subject, {})[getattr(triple.object, "language", None) or "en"] = value
    return {term: _fate(term, gone, after, since, labels) for term in sorted(gone)}


def _fate(
    term: str,
    gone: set[str],
    after: Mapping[str, list[str]],
    since: Mapping[str, tuple[int, ...]],
    labels: Mapping[str, Mapping[str, str]],
) -> Fate:
    """Walk every way from a term to its end; a term that was met on the same way closes a circle."""
    ends, circle = set[str](), tuple[str, ...]()
    todo: list[tuple[str, ...]] = [(term,)]
    while todo:
        way = todo.pop()
        for one in sorted(after.get(way[-1], ())):
            if one in way:
                circle = circle or (*way[way.index(one) :], one)
            elif one in gone and after.get(one):
                todo.append((*way, one))
            else:
                ends.add(one)
    told = {iri: labels[iri] for iri in (term, *ends) if iri in labels}
    version = ".".join(map(str, since.get(term, ())))
    return Fate(term, version, tuple(sorted(ends - gone)), not after.get(term) or bool(ends & gone), circle, told)


def in_coding(coding: Tree, vocabulary: Vocabulary, gone: Mapping[str, Fate]) -> Iterator[Use]:
    """Yield each deprecated term in a slot of a `coding.yaml`, in file order."""
    forms = {form for iri in gone for form in (iri, names.compact(iri), names.slug_of(iri))}
    for path, value, classes in _slots(coding):
        values = value if isinstance(value, list) else [value]
        if forms.isdisjoint(one for one in values if isinstance(one, str)):
            continue
        meant = [_means(one, vocabulary, classes) for one in values]
        for number, written in enumerate(values):
            if not (fate := gone.get(meant[number])):
                continue
            others = {*meant[:number], *meant[number + 1 :]}
            others |= {gone[iri].successor for iri in meant[:number] if iri in gone}
            new, why = _successor(fate, written, vocabulary, classes, path[-1], others)
            at = (*path, number) if isinstance(value, list) else path
            yield Use(coding.place(at), fate, written, new, why, at)


def _means(name: Any, vocabulary: Vocabulary, classes: Collection[str] = ()) -> str:
    """Return the IRI of what a name stands for in a slot; empty where it stands for none, or for several."""
    try:
        return vocabulary.meant(name, classes) if isinstance(name, str) else ""
    except Unresolved:
        return ""


def _slots(coding: Tree) -> Iterator[tuple[Path_, Any, tuple[str, ...]]]:
    """Yield the path and value of each slot that names terms, with the classes that it takes."""
    for i, entry in items(coding, "assertions"):
        found: list[tuple[Path_, Any, tuple[str, ...]]] = []
        claim: dict[str, Any] = entry["claim"] if isinstance(entry.get("claim"), dict) else {}
        kind = KINDS.get(str(claim.get("kind")))
        for slot in (*kind.slots, *COMMON_SLOTS) if kind else ():
            if slot.filler == "term" and slot.name in claim:
                found.append((("assertions", i, "claim", slot.name), claim[slot.name], slot.classes))
        for slot in ASSERTION_SLOTS:
            if slot.name in entry:
                found.append((("assertions", i, slot.name), entry[slot.name], slot.classes))
        yield from sorted(found, key=lambda one: coding.place(one[0]))


def _successor(
    fate: Fate, written: str, vocabulary: Vocabulary, classes: tuple[str, ...], slot: Any, others: set[str]
) -> tuple[str, str]:
    """Return how a coding writes the one successor, in the form of the old name; or why it cannot take its place."""
    iri = fate.successor
    if not iri:
        return "", ""
    if iri not in vocabulary.terms:
        return "", ", which is no term that a slot may hold; name what the text names by a term in use"
    if not vocabulary.fits(iri, classes):
        found = one_of(sorted(vocabulary.terms[iri])) or "term without a class"
        return "", f", which is a {found}, {one_of(list(classes))} expected in '{slot}'; recode the claim"
    if iri in others:
        return "", ", which stands beside it already; strike the old one out"
    if written in vocabulary.terms:
        return iri, ""
    slug = names.slug_of(iri)
    bare = ":" not in written and _means(slug, vocabulary) == iri
    return (slug if bare else names.compact(iri)), ""


def in_statement(
    turtle: OwnTurtle, number: int, fate: Fate, terms: Vocabulary, refused: Callable[[Triple], Wrong | None]
) -> Use:
    """Return how a statement of one's own vocabulary names a deprecated term, and whether it may name the successor.

    Args:
        turtle: the file.
        number: of the statement in it.
        fate: of its object.
        terms: all terms and classes.
        refused: what is wrong with a statement, None where it may stand.

    """
    triple, word, iri = turtle.triples[number], turtle.word(number), fate.successor
    new, why = "", ""
    if iri:
        name = type(triple.predicate)
        then = type(triple)(triple.subject, triple.predicate, name(iri))
        if wrong := refused(then):
            why = (
                _no_class(fate, terms)
                if iri in terms.terms and fate.term.startswith(names.AIR)
                else f", but {wrong.message}"
            )
        elif then in turtle.triples:
            why = ", which stands beside it already; strike the old one out"
        else:
            new = turtle.like(word, iri)
    return Use(turtle.place(number, "object"), fate, word, new, why, (number,))


def _no_class(fate: Fate, terms: Vocabulary) -> str:
    """Tell what to do where a class has become a sort of actor: whether somebody is one is a claim now."""
    above = sorted(
        f"air:{name}" for name in terms.parents.get(fate.term.removeprefix(names.AIR), ()) if ":" not in name
    )
    told = f", which is no class; write {one_of(above) or 'a class in use'} here"
    if "ActorKind" not in terms.lineage(fate.successor):
        return told
    slug = names.slug_of(fate.successor)
    return f"{told}, and code that it is one as a characterisation with 'counted-among: {slug}'"
