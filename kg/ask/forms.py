"""The names of a graph's things in all their forms, as words that somebody typed are compared with them.

What is made of a graph (`made`) is plain data, so that it can be kept beside it; `Forms` reads it, each part when it
is first needed.

    things    IRIs; elsewhere a thing is its number in this list
    labels    a label of each
    used      how much is said of each
    whole     a form, folded and without blanks: of which things it is the label, of which another name
    stems     the stems of a form's words, in the order of the alphabet: the things
    bags      the same of its words
    sought    of the former, those that are no name of anything and only looked for (`queries/search-words.tsv`)
    titles    the stems of the words of titles: the works
    capitals  forms that are abbreviations
    words     the words of all forms
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from kg import names
from kg.ask import work_names
from kg.ask.romanised import consonants
from kg.ask.spelling import Token, fold, tokens, typed
from kg.grounds import Engine
from kg.queries import bind
from kg.resources import resource

_FORMS = """
SELECT ?thing ?label ?first WHERE {
  { ?thing skos:prefLabel ?label . BIND(true AS ?first) }
  UNION { ?thing skos:altLabel ?label . BIND(false AS ?first) }
  UNION {
    ?authorship air:contributesTo ?thing ; air:hasRole code:role.author ; air:creditsAgent ?agent .
    ?agent skos:prefLabel|skos:altLabel ?label . BIND(false AS ?first)
  }
  FILTER NOT EXISTS { ?thing owl:deprecated true }
}
"""
_USED = """
SELECT ?thing (COUNT(*) AS ?said) WHERE {
  { ?claim air:involves ?thing } UNION { ?assertion air:hasDomain|air:heldBy|air:inSource ?thing }
  UNION { ?assertion air:hasAttribution/air:attributedTo ?thing }
} GROUP BY ?thing
"""
KINDS = (
    *("actor", "power", "mode", "risk", "mechanism", "technology", "theory", "phenomenon", "benefit", "strategy"),
    *("instrument", "trust", "norm", "event", "method", "work", "agent", "source", "domain"),
)
"""Of things that words may name: what claims are about, who makes them, in which field."""
PEOPLE = ("source", "work", "agent")
"""Kinds of what speaks: who names one wants to hear that one."""
EMPTY = frozenset("a an the of on in at by for to from with and or as is are be its it this that these those".split())
_PERSIAN_EMPTY = frozenset(map(fold, "و در از به با که را این آن برای بر یا هر یک است".split()))


def made(engine: Engine) -> dict[str, Any]:
    """Return the names of a graph as plain data, always in the same order."""
    return _Making(engine).data()


class _Making:
    def __init__(self, engine: Engine) -> None:
        self.whole: dict[str, dict[str, bool]] = defaultdict(dict)
        self.stems: dict[str, set[str]] = defaultdict(set)
        self.bags: dict[str, set[str]] = defaultdict(set)
        self.titles: dict[str, set[str]] = defaultdict(set)
        self.capitals, self.words, self.sought = set[str](), set[str](), set[str]()
        self.labels: dict[str, str] = {}
        rows = engine(bind(_USED))
        self.used = {row["thing"].value: int(row["said"].value) for row in rows if "thing" in row}
        for row in engine(bind(_FORMS)):
            iri, label = row["thing"].value, row["label"].value
            kind = kind_of(iri)
            if kind in KINDS:
                first = row["first"].value == "true"
                self._add(iri, _forms(kind, label), first)
                if first and (iri not in self.labels or label.isascii()):
                    self.labels[iri] = label
        for iri, forms in work_names.works(engine).items():
            for form, rank in forms.items():
                if rank < work_names.TITLE:
                    self._add(iri, [form], rank == work_names.OWN)
                    continue
                for word in bag_of(tokens(typed(form))):
                    self.titles[word].add(iri)
        for iri, sought in search_words():
            if iri in self.labels:
                self._add_sought(iri, sought)

    def _add(self, iri: str, forms: Iterable[str], first: bool) -> None:
        for form in forms:
            said = tokens(typed(form))
            whole = "".join(token.text for token in said)
            if len(form) <= 4 and form.isupper():
                self.capitals.add(whole)
            self.whole[whole][iri] = self.whole[whole].get(iri, False) or first
            for table, bag in ((self.stems, bag_of(said)), (self.bags, bag_of(said, whole=True))):
                if bag:
                    table[" ".join(sorted(bag))].add(iri)
            self.words.update(token.text for token in said if len(token.text) > 3)

    def _add_sought(self, iri: str, forms: Iterable[str]) -> None:
        for form in forms:
            said = tokens(typed(form))
            whole, bag = "".join(token.text for token in said), " ".join(sorted(bag_of(said)))
            self.words.update(token.text for token in said if len(token.text) > 3)
            for table, word in ((self.whole, whole), (self.stems, bag)):
                if word not in table:
                    self.sought.add(word)
            self.whole.setdefault(whole, {iri: False})
            self.stems.setdefault(bag, {iri})

    def data(self) -> dict[str, Any]:
        things = sorted({iri for iris in self.whole.values() for iri in iris})
        number = {iri: n for n, iri in enumerate(things)}

        def numbers(iris: Iterable[str]) -> list[int]:
            return sorted(number[iri] for iri in iris)

        return {
            "things": things,
            "labels": [self.labels.get(iri, "") for iri in things],
            "used": [self.used.get(iri, 0) for iri in things],
            "whole": {
                form: [numbers(i for i, first in iris.items() if first is own) for own in (True, False)]
                for form, iris in sorted(self.whole.items())
            },
            "stems": {bag: numbers(iris) for bag, iris in sorted(self.stems.items())},
            "bags": {bag: numbers(iris) for bag, iris in sorted(self.bags.items())},
            "titles": {word: numbers(iris & number.keys()) for word, iris in sorted(self.titles.items())},
            "sought": sorted(self.sought),
            "capitals": sorted(self.capitals),
            "words": sorted(self.words),
        }


class Forms:
    """The names of a graph, looked up by what was typed."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data
        self.things: list[str] = data["things"]

    def called(self, whole: str) -> dict[str, bool]:
        """Return the things that a folded name without blanks means, and of which it is the label."""
        own, other = self._data["whole"].get(whole, ((), ()))
        return {self.things[n]: first for first, some in ((True, own), (False, other)) for n in some}

    def of_words(self, bag: frozenset[str]) -> set[str]:
        """Return the things that have a name of these words, or of words with these stems."""
        joined = " ".join(sorted(bag))
        return {self.things[n] for table in ("stems", "bags") for n in self._data[table].get(joined, ())}

    def titled(self, words: frozenset[str]) -> set[str]:
        """Return the works with all these words in their title, as stems."""
        titles = self._data["titles"]
        found = [{self.things[n] for n in titles.get(word, ())} for word in words]
        return set.intersection(*found) if found else set()

    @cached_property
    def holding(self) -> dict[str, set[frozenset[str]]]:
        """For each stem the names that have it, each as the stems of its words."""
        found: dict[str, set[frozenset[str]]] = defaultdict(set)
        for bag in (frozenset(joined.split()) for joined in self._data["stems"] if joined not in self.sought):
            for word in bag:
                found[word].add(bag)
        return found

    @cached_property
    def sought(self) -> frozenset[str]:
        """What is looked for and no name, folded: without blanks, or the stems of its words."""
        return frozenset(self._data["sought"])

    @cached_property
    def heard(self) -> dict[str, set[str]]:
        """The people, their works and sources by the consonants of a family name."""
        found: dict[str, set[str]] = defaultdict(set)
        for whole in self._data["whole"]:
            if whole.isascii() and whole.isalpha():
                found[consonants(whole)] |= {iri for iri in self.called(whole) if kind_of(iri) in PEOPLE}
        return found

    @cached_property
    def of_people(self) -> frozenset[str]:
        """The words that only people are called by, folded."""
        wholes = (whole for whole in self._data["whole"] if all(kind_of(i) in PEOPLE for i in self.called(whole)))
        return frozenset(wholes)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all names, folded."""
        return frozenset(self._data["words"])

    @cached_property
    def capitals(self) -> frozenset[str]:
        """The names that are abbreviations, folded."""
        return frozenset(self._data["capitals"])

    @cached_property
    def used(self) -> dict[str, int]:
        """How much is said of each thing."""
        return dict(zip(self.things, self._data["used"], strict=True))

    @cached_property
    def labels(self) -> dict[str, str]:
        """A label of each thing, in English where there is one."""
        return {iri: label for iri, label in zip(self.things, self._data["labels"], strict=True) if label}


def kind_of(iri: str) -> str:
    """Return the kind of a thing: what stands before the colon of its short name."""
    return names.compact(iri).partition(":")[0]


def search_words() -> Iterator[tuple[str, list[str]]]:
    """Yield the IRI of each term with the words by which it is looked for beside its names."""
    with (resource("queries") / "search-words.tsv").open(encoding="utf-8") as file:
        next(file)
        for line in file:
            thing, *cells = line.rstrip("\n").split("\t")
            yield names.expand(thing), [words for cell in cells for words in cell.split(" | ") if words]


def empty(token: str) -> bool:
    """Tell whether a word carries no meaning of its own."""
    return token in EMPTY or token in _PERSIAN_EMPTY


def _forms(kind: str, label: str) -> list[str]:
    """Return the ways in which a thing of that label is written; those of works are in `work_names`."""
    if kind in ("agent", "work", "source") and "," in label:
        family, _, given = label.partition(", ")
        return [family, f"{given} {family}"]
    if kind == "domain":
        return [label, label.removesuffix(" domain").removeprefix("حوزه ")]
    return [label, label.rpartition(" ")[0] or label] if kind in ("work", "source") else [label]


def root(word: str) -> str:
    """Return a folded word without its ending, uncut."""
    return re.sub(r"(?<=[a-z]{3})(ing|ed|s)$", "", word).rstrip("aeiou") if word.isascii() else word


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return what the forms of a folded word have in common: *define*, *defined*, *definition*."""
    if not word.isascii():
        return word
    bare = re.sub(r"(?<=[a-z]{3})(ing|ed|s)$", "", word)
    before = re.match(
        "under|inter|counter|over|trans|multi|con(?=tr)", bare
    )  # where what tells a word stands behind it
    bare = bare[: before.end() + 4 if before else 6]
    return bare.rstrip("aeiouy") if len(bare.rstrip("aeiouy")) > 2 else bare


def bag_of(said: Iterable[Token], whole: bool = False) -> frozenset[str]:
    """Return the stems of the words that carry meaning, or the words: a name may have them in another order."""
    return frozenset(token.text if whole else stem(token.text) for token in said if not empty(token.text))
