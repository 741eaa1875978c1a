"""From names as printed to people and organisations; the rule of identity stands in `kg/corpus/README.md`.

Names are few and people many, so two names are one person only on evidence: an ORCID, a given name in full, or the
same place in two listings of one work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, combinations, count, takewhile
from typing import Any

from kg.bibliography.people import name_of, person
from kg.folding import ARABIC, LATIN
from kg.load import identifiers
from kg.model import CODES
from kg.records import Agent, Authorship, Source, Work

_LETTERS = str.maketrans(ARABIC)
_ASCII = str.maketrans(LATIN)
_SLUG_LENGTH = 80
_INITIALS = 3
"""Capitals without dots that are initials, at most: `JE`, `JEK`."""


@dataclass(frozen=True)
class Mention:
    """One name as one list prints it, in the order of sources, works and roles.

    `work` is what all listings of a work share, `of` the kind and id of the listing that describes it, `listing` its
    number among them; `role` is empty for the organisation of an affiliation, which stands after the name that has it;
    `companions` counts the names of the list; `printed` is the affiliation as printed.
    """

    source: str
    work: str
    of: tuple[str, str]
    listing: int
    role: str
    position: int
    csl: dict[str, Any] = field(hash=False)
    organisation: bool
    identifier: str
    companions: int = 0
    printed: str = ""

    @cached_property
    def label(self) -> str:
        """The name as a list prints it: `Hanggarini, Peni`."""
        return person(self.csl)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The name by which it is known as another's, folded; empty where given names are initials or missing."""
        name = name_of(self.csl)
        if self.organisation:
            return ("organisation", fold(name.whole))
        if not any(not short for _, short in parts(name.given)):
            return ()
        return ("person", fold(name.whole), fold(name.given), fold(name.suffix))


def named(sources: Sequence[Source], same: Callable[[Work], str]) -> list[Source]:
    """Return the sources with the people and organisations that their lists name, each of them once in the graph.

    Args:
        sources: in the order in which they are loaded; the first that names somebody decides the label.
        same: gives for a cited work the id of the source that it is, or its own.

    """
    mentions = [mention for source in sources for mention in _mentions(source, same)]
    groups = _Groups(mentions)
    _within_works(groups)
    _by_identifier(groups)
    _by_name(groups)
    members, ids = groups.all(), _ids(groups)
    mine: dict[str, list[int]] = {}
    for i, mention in enumerate(mentions):
        mine.setdefault(mention.source, []).append(i)
    found = []
    for source in sources:
        here = mine.get(source.id, [])
        authorships = _authorships([(mentions[i], ids[groups.root(i)]) for i in here])
        wanted = {one.agent for one in authorships} | {to for one in authorships for _, to in one.affiliations}
        roots = [root for root in dict.fromkeys(map(groups.root, here)) if ids[root] in wanted]
        agents = [_agent(ids[root], [mentions[i] for i in members[root]], source.id) for root in roots]
        found.append(replace(source, agents=tuple(agents), authorships=tuple(authorships)))
    return found


def _mentions(source: Source, same: Callable[[Work], str]) -> Iterator[Mention]:
    described = [(source.id, ("source", source.id), [source.csl])]
    described += [(same(work), ("work", work.id), [work.csl, *work.listings]) for work in source.works]
    for work, of, listings in described:
        for listing, csl in enumerate(listings):
            for role in CODES["role"]:
                people = csl.get(role) or ()
                for position, one in enumerate(people, 1):
                    body = bool(one.get("literal"))
                    found = identifiers.ror(one.get("ror")) if body else _orcid(one)
                    at = (source.id, work, of, listing)
                    yield Mention(*at, role, position, one, body, found, companions=len(people))
                    for printed, name, ror in identifiers.affiliations(one):
                        yield Mention(*at, "", position, {"literal": name}, True, ror, printed=printed)


def _orcid(name: dict[str, Any]) -> str:
    return identifiers.orcid(name.get("ORCID") or name.get("orcid"))


class _Groups:
    """Mentions joined to agents; a group is known by its first mention, and never has two identifiers."""

    def __init__(self, mentions: list[Mention]) -> None:
        self.mentions = mentions
        self._parent = list(range(len(mentions)))
        self._identifier = [mention.identifier for mention in mentions]

    def root(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = i = self._parent[self._parent[i]]
        return i

    def identifier(self, i: int) -> str:
        return self._identifier[self.root(i)]

    def join(self, i: int, j: int) -> None:
        first, second = sorted((self.root(i), self.root(j)))
        found = {self._identifier[first], self._identifier[second]} - {""}
        if len(found) < 2:
            self._parent[second] = first
            self._identifier[first] = next(iter(found), "")

    def all(self) -> dict[int, list[int]]:
        """Return the members of each group by its first."""
        found: dict[int, list[int]] = {}
        for i in range(len(self.mentions)):
            found.setdefault(self.root(i), []).append(i)
        return found


def _within_works(groups: _Groups) -> None:
    """Join the same place in two listings of a work, and an author with the editor who alone fits."""
    works: dict[str, list[int]] = {}
    for i, mention in enumerate(groups.mentions):
        if mention.role:
            works.setdefault(mention.work, []).append(i)
    for members in works.values():
        places: dict[tuple[str, int, int], list[int]] = {}
        for i in members:
            mention = groups.mentions[i]
            places.setdefault((mention.role, mention.position, mention.companions), []).append(i)
        for first, *others in places.values():
            for i in others:
                if _may_be(groups.mentions[first], groups.mentions[i]):
                    groups.join(first, i)
        _across_roles(groups, members)


def _across_roles(groups: _Groups, members: list[int]) -> None:
    roles: dict[tuple[tuple[str, str], int, str], list[int]] = {}
    for i in members:
        mention = groups.mentions[i]
        roles.setdefault((mention.of, mention.listing, mention.role), []).append(i)
    for one, other in combinations(roles.values(), 2):
        pairs = [(i, j) for i in one for j in other if _fit(groups.mentions[i], groups.mentions[j])]
        for i, j in pairs:
            if sum(i == a or j == b for a, b in pairs) == 1:
                groups.join(i, j)


def _may_be(one: Mention, other: Mention) -> bool:
    """Tell whether two names at one place of two listings may be one: in two scripts anything may."""
    return _script(one.label) != _script(other.label) or _fit(one, other)


def _fit(one: Mention, other: Mention) -> bool:
    """Tell whether two names in one work fit: the same family name, and given names that do not differ."""
    first, second = name_of(one.csl), name_of(other.csl)
    if one.organisation or other.organisation:
        return one.key == other.key
    pairs = list(zip(parts(first.given), parts(second.given), strict=False))
    alike = all(a == b or ((a_short or b_short) and a[0] == b[0]) for (a, a_short), (b, b_short) in pairs)
    return bool(pairs) and alike and fold(first.whole) == fold(second.whole)


def _by_identifier(groups: _Groups) -> None:
    first: dict[str, int] = {}
    for i in range(len(groups.mentions)):
        if found := groups.identifier(i):
            groups.join(first.setdefault(found, i), i)


def _by_name(groups: _Groups) -> None:
    """Join those of one full name, unless two identifiers say that several bear it: then none is guessed."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for i, mention in enumerate(groups.mentions):
        if mention.key:
            alike.setdefault(mention.key, []).append(i)
    for members in alike.values():
        if len({groups.identifier(i) for i in members} - {""}) < 2:
            for i in members[1:]:
                groups.join(members[0], i)


def _ids(groups: _Groups) -> dict[int, str]:
    """Return the slug of each group's agent.

    A person known by initials is one work's, and the slug says whose; so does one of several who bear a name.
    """
    found: dict[int, str] = {}
    taken: set[str] = set()
    for root, members in groups.all().items():
        mentions = sorted((groups.mentions[i] for i in members), key=lambda mention: (not mention.key, mention.listing))
        lead = next((one for one in mentions if slug(one.label)), mentions[0])
        own = slug(lead.label) or "unnamed"
        whose = groups.identifier(root).rpartition("/")[2].lower() or lead.of[1]
        choices = chain(
            [own] if lead.key and slug(lead.label) else [],
            [f"{own}.{whose}"],
            (f"{own}.{whose}.{number}" for number in count(2)),
        )
        found[root] = next(one for one in choices if one not in taken)
        taken.add(found[root])
    return found


def _authorships(mentions: list[tuple[Mention, str]]) -> list[Authorship]:
    """Return the authorships that a source's mentions are, each given with its agent.

    What a second listing prints with the same name is added.
    """
    found: dict[tuple[tuple[str, str], str, int], Authorship] = {}
    here: tuple[tuple[str, str], str, int] | None = None
    for mention, agent in mentions:
        if mention.role:
            here = (mention.of, mention.role, mention.position)
            if mention.listing == 0:
                found[here] = Authorship(*here, agent, mention.label)
            elif here not in found or found[here].agent != agent:
                here = None
        elif here:
            # the organisations of a name follow it
            told = dict.fromkeys([*found[here].affiliations, (mention.printed, agent)])
            found[here] = replace(found[here], affiliations=tuple(told))
    return list(found.values())


def _agent(id: str, mentions: list[Mention], source: str) -> Agent:
    """Return what a source says of an agent: the first source to name it gives the label, others add their forms.

    Whoever prints the label says the whole of it too, so that the order of the sources changes nothing.
    """
    mine = [mention for mention in mentions if mention.source == source]
    lead = _spokesman([mention for mention in mentions if mention.source == mentions[0].source])
    known = {lead.label} | {mention.label for mention in takewhile(lambda one: one.source != source, mentions)}
    others = tuple(dict.fromkeys(mention.label for mention in mine if mention.label not in known))
    identifier = next((mention.identifier for mention in mine if mention.identifier), "")
    if lead.label not in {mention.label for mention in mine}:
        return Agent(id, not lead.organisation, "", others=others, identifier=identifier)
    name = name_of(lead.csl)
    whole = " ".join(filter(None, (name.given, name.whole, name.suffix)))
    family = "" if lead.organisation else name.whole
    return Agent(id, not lead.organisation, lead.label, whole, family, name.given, others, identifier)


def _spokesman(mentions: list[Mention]) -> Mention:
    """Return the mention whose form is the label: the fullest, in Latin letters where one is printed so."""
    return min(mentions, key=lambda mention: (not mention.key, _script(mention.label) != "LATIN"))


def slug(name: str) -> str:
    """Return a name as a slug; empty where it is not written in Latin letters."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_ASCII))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if any(letter.isalnum() and not letter.isascii() for letter in bare):
        return ""
    return "-".join(re.findall("[a-z0-9]+", re.sub("[\u2019'`]", "", bare)))[:_SLUG_LENGTH].strip("-")


def fold(text: str) -> str:
    """Return the letters, marks and digits of a name in one case."""
    whole = unicodedata.normalize("NFKC", text).translate(_LETTERS).casefold()
    return "".join(letter for letter in whole if unicodedata.category(letter)[0] in "LMN")


def parts(given: str) -> list[tuple[str, bool]]:
    """Return the words of a given name, folded, each with whether it is an initial: `S.J.`, `SJ`, `S. J.`, `St.`."""
    found = []
    for word, dot in re.findall(r"([^\s.,\-\u2010'\u2019]+)(\.?)", unicodedata.normalize("NFKC", given)):
        letters = fold(word)
        if word.isupper() and 1 < len(letters) <= _INITIALS:
            found += [(letter, True) for letter in letters]
        elif letters:
            found.append((letters, bool(dot) or len(letters) == 1))
    return found


def _script(text: str) -> str:
    """Return the first word of the Unicode name of the first letter: LATIN, ARABIC, CJK."""
    letter = next((one for one in text if one.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""
