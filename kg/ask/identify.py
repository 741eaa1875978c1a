"""Which thing of the graph a name means."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from functools import cached_property

from kg import names
from kg.ask import work_names
from kg.ask.lexicon import Lexicon
from kg.ask.work_names import fold
from kg.errors import COMPARED, UsageError
from kg.grounds import Engine, labels_of
from kg.queries import bind, node

_KNOWN = "SELECT ?property WHERE { $thing ?property ?value } LIMIT 1"

_NAMES = """
SELECT DISTINCT ?thing ?label ?old WHERE {
  {
    ?thing skos:prefLabel|skos:altLabel|air:statement ?label
  } UNION {
    ?thing owl:deprecated true ; dcterms:isReplacedBy ?new . BIND("" AS ?label)
    FILTER NOT EXISTS { ?thing a ?sort }
  }
  BIND(EXISTS { ?thing owl:deprecated true } AS ?old)
  FILTER(STRSTARTS(STR(?thing), STR(air:)) = false)
}
"""

_PEOPLE = """
SELECT DISTINCT ?thing ?name WHERE {
  { ?thing foaf:familyName|foaf:name ?name }
  UNION { ?thing foaf:familyName ?family ; skos:altLabel ?other . BIND(STRBEFORE(STR(?other), ",") AS ?name) }
}
"""

_POINTERS = tuple(names.PREFIXES[kind] for kind in ("citation", "passage", "reference", "assertion", "authorship"))
"""What points at a thing and is called by its name: meant only where nothing else is."""

_NEAR = 5
"""How many near names are told."""
_COMPARED = 100
"""Characters of names that are compared."""


class Names:
    """The names of all things of a graph, each kind of name read when it is first needed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.slugs = dict[str, set[str]]()
        self.old = set[str]()
        for row in engine(bind(_NAMES)):
            iri = row["thing"].value
            self.old |= {iri} if row["old"].value == "true" else set()
            for form in filter(None, (row["label"].value.casefold(), names.slug_of(iri), names.compact(iri))):
                self.slugs.setdefault(form, set()).add(iri)

    @cached_property
    def folded(self) -> dict[str, dict[str, int]]:
        """The things of each folded name, each with how far the name stands from its label."""
        found: dict[str, dict[str, int]] = {}
        for form, iri, rank in self._all():
            if key := fold(form):
                things = found.setdefault(key, {})
                things[iri] = min(rank, things.get(iri, rank))
        return found

    def _all(self) -> Iterator[tuple[str, str, int]]:
        for form, iris in self.slugs.items():
            yield from ((form, iri, work_names.OWN) for iri in iris)
        for iri, forms in work_names.works(self.engine).items():
            yield from ((form, iri, rank) for form, rank in forms.items())
        for row in self.engine(bind(_PEOPLE)):
            iri, name = row["thing"].value, row["name"].value
            yield name, iri, work_names.USUAL
            yield without_particle(name), iri, work_names.LOOSE

    def called(self, name: str) -> list[str]:
        """Return what bears a name, as `named` does."""
        kind, colon, rest = name.strip().partition(":")
        if colon and not rest and kind in names.PREFIXES:
            return []  # `claim:` begins an id, and is not the word
        exact = self.slugs.get(name.strip().casefold(), set())
        if plain := set(filter(_is_meant, exact - self.old)):
            return sorted(plain)
        found = {**dict.fromkeys(exact, work_names.OWN), **self.folded.get(fold(name), {})}
        ranks = {iri: (iri in self.old, not _is_meant(iri), rank) for iri, rank in found.items()}
        return sorted(iri for iri, rank in ranks.items() if rank == min(ranks.values()))

    def near(self, name: str) -> list[str]:
        """Return the few things with the names nearest to one that nothing has: best first, then what contains it."""
        if not 2 < len(key := fold(name)) <= _COMPARED:  # comparing two names costs the product of their lengths
            return []
        known = [form for form, things in self.folded.items() if len(form) <= _COMPARED and any(map(_is_meant, things))]
        for letters in (1, 3):
            if len(known) > COMPARED * 10:
                known = [form for form in known if form[:letters] == key[:letters]]
        close = difflib.get_close_matches(key, known[: COMPARED * 10], n=4 * _NEAR, cutoff=0.75)
        longer = sorted((form for form in known if key in form and len(key) > 3), key=lambda form: (len(form), form))
        found = dict.fromkeys(iri for form in [*close, *longer] for iri in sorted(self.folded[form]))
        behind = names.PREFIXES["claim"]  # whose sentences hold many a word
        return sorted(filter(_is_meant, found), key=lambda iri: (iri in self.old, iri.startswith(behind)))[:_NEAR]


def named(engine: Engine, name: str) -> list[str]:
    """Return the IRIs of the things that a name means; a deprecated one, or a pointer, only for want.

    A name is an id, a slug or a label as it stands; else one that differs in case, accents, joiners, Arabic letters or
    punctuation, the way in which scholars write a work (`kg.ask.work_names`), or the family name of a person; else one
    in another number or spelling.
    """
    return _known(engine, name) or Names(engine).called(name) or Lexicon(engine).named(name)


def identify(engine: Engine, name: str) -> str:
    """Return the IRI of the one thing that a name means.

    Raises:
        UsageError: there is none, or several; the hint tells the near names, best first, or all that bear it.

    """
    if known := _known(engine, name):
        return known[0]
    every = Names(engine)
    found = every.called(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"error: '{name}' names several things\n  hint: {told(engine, found)}")
    close = every.near(name)
    hint = f"did you mean {told(engine, close)}?" if close else "`kg ask --values` lists names"
    raise UsageError(f"error: nothing is named '{name}'\n  hint: {hint}")


def told(engine: Engine, iris: Sequence[str]) -> str:
    """Return things as a list of ids, each with its label."""
    labels = labels_of(engine, iris)
    return ", ".join(f"{names.compact(iri)} ({labels[iri]})" for iri in iris)


def without_particle(name: str) -> str:
    """Return a family name without the words before it that have no capital: `van der Meer` is `Meer`, too."""
    words = name.split()
    start = next((i for i, word in enumerate(words[:-1]) if not word[0].islower()), max(0, len(words) - 1))
    return " ".join(words[start:])


def _is_meant(iri: str) -> bool:
    return not iri.startswith(_POINTERS)


def _known(engine: Engine, name: str) -> list[str]:
    thing = node(names.expand(name))
    return [thing.value] if thing and engine(bind(_KNOWN, thing=thing)) else []
