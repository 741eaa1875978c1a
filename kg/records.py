"""The records that pass from loading to the graph: sources with their claims, assertions, passages and citations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.errors import Place


@dataclass(frozen=True)
class Section:
    """A part of a source's text, from `start` to the next section's start (code points)."""

    id: str
    title: str
    language: str
    start: int


@dataclass(frozen=True)
class Passage:
    """Where a source says something: `text[start:end]` of its file, in Unicode code points."""

    source: str
    at: str
    start: int
    end: int
    paragraph: int
    section: Section
    digest: str

    @property
    def id(self) -> str:
        """Slug: `<source>.<start>-<end>`."""
        return f"{self.source}.{self.start}-{self.end}"


@dataclass(frozen=True)
class Work:
    """A publication; `csl` is its CSL-JSON entry, `titles` all titles it is listed under.

    `listings` are the entries of the same list that list it again: a repetition, or its translation.
    """

    id: str
    csl: dict[str, Any] = field(hash=False)
    fabio: str
    titles: tuple[tuple[str, str], ...] = ()
    listings: tuple[dict[str, Any], ...] = field(default=(), hash=False)


@dataclass(frozen=True)
class Agent:
    """A person or an organisation, as one source names it.

    `label` is empty where an earlier source has named it; `others` are further forms of its name; `identifier` is
    the address of its ORCID or ROR entry, empty where the source gives none.
    """

    id: str
    person: bool
    label: str
    name: str = ""
    family: str = ""
    given: str = ""
    others: tuple[str, ...] = ()
    identifier: str = ""


@dataclass(frozen=True)
class Authorship:
    """One name in the list of a work's authors, editors or translators, at its position (1-based).

    `of` is the kind (`source` or `work`) and the id of the work; `affiliations` pair what is printed with the id of
    the organisation.
    """

    of: tuple[str, str]
    role: str
    position: int
    agent: str
    name: str
    affiliations: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """Slug: `work.bjola2024.editor-2`."""
        return f"{'.'.join(self.of)}.{self.role}-{self.position}"


@dataclass(frozen=True)
class Reference:
    """One entry of a source's reference list, at its position (1-based); two entries may be one work."""

    source: str
    id: str
    work: str
    position: int
    defects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Citation:
    """An in-text pointer: resolved to a work, or with the defect for which it is not."""

    source: str
    id: str
    passage: Passage
    text: str
    work: str | None
    defect: str | None
    probably: str | None
    place: Place


@dataclass(frozen=True)
class Claim:
    """The content, sharable between sources. `values` maps a slot's name to IRIs or literals, in file order."""

    id: str
    kind: str
    source: str
    statement: str
    statement_fa: str | None
    values: tuple[tuple[str, tuple[str, ...]], ...]
    place: Place

    def get(self, slot: str) -> tuple[str, ...]:
        """Return the values of a slot, or an empty tuple."""
        return dict(self.values).get(slot, ())


@dataclass(frozen=True)
class Attribution:
    """Whom an assertion credits: a listed work, or an in-text citation that resolves to none."""

    to: str
    resolved: bool
    scope: str


@dataclass(frozen=True)
class Assertion:
    """An act by which one source, at its passages, puts a claim forward, reports it or contests it."""

    id: str
    source: str
    claim: str
    passages: tuple[Passage, ...]
    voice: str
    stance: str
    hedge: str
    mode: str
    basis: str
    attributions: tuple[Attribution, ...]
    held_by: tuple[str, ...]
    domain: tuple[str, ...]
    coder: str
    date: str
    note: str | None
    place: Place


@dataclass(frozen=True)
class Link:
    """A coder's judgement that one claim supports, refines, repeats or is in tension with another."""

    source: str
    subject: str
    relation: str
    object: str
    reason: str
    place: Place


@dataclass(frozen=True)
class Omission:
    """A sentence that is no argument, with the reason it was left out."""

    passage: Passage
    reason: str


@dataclass(frozen=True)
class Merger:
    """An id that a source uses no more: of a claim or an assertion (`kind`), and what it was merged into."""

    kind: str
    source: str
    old: str
    into: str
    place: Place


@dataclass(frozen=True)
class Source:
    """A coded text: its own description and everything its coding says.

    `license` is that of the text, as given; `coding_license` the IRI of the coding's, empty where none is given;
    `coders` the ids of coders with their names; `merged` the ids that are used no more.
    """

    id: str
    csl: dict[str, Any] = field(hash=False)
    fabio: str
    title_fa: str | None
    languages: tuple[str, ...]
    license: str
    url: str | None
    file: str
    sha256: str
    sections: tuple[Section, ...]
    works: tuple[Work, ...]
    references: tuple[Reference, ...]
    citations: tuple[Citation, ...]
    claims: tuple[Claim, ...]
    assertions: tuple[Assertion, ...]
    links: tuple[Link, ...]
    omissions: tuple[Omission, ...]
    coding_license: str = ""
    coders: tuple[tuple[str, str], ...] = ()
    agents: tuple[Agent, ...] = ()
    authorships: tuple[Authorship, ...] = ()
    merged: tuple[Merger, ...] = ()
