"""A folder of Markdown notes that link to one another, for Obsidian and its like.

    index.md
    actor/…, phenomenon/…, …   a note a term: definition, broader and narrower terms, the claims it stands in
    claim/…                    a note a claim: what it says, who asserts it where, what contests it
    source/…, work/…           a note a text: its reference, and what it asserts, or who cites it for what

Links are paths from the top, so that two kinds may share a slug; file names are fit for every operating system.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg import channels, names
from kg.bibliography.items import by_iri
from kg.bibliography.lists import reference_list
from kg.channels import file_name, markdown
from kg.export.dataset import TITLE, describe, first, label, natural, things, values
from kg.grounds import grounds_of
from kg.model import COMMON_SLOTS, KINDS, LINKS

if TYPE_CHECKING:
    from kg.export import Job
    from kg.export.dataset import Thing
    from kg.grounds import Cell


def write(job: Job, path: Path) -> None:
    """Write the notes."""
    vault = _Vault(job)
    notes = {"index.md": vault.index()}
    for iri in vault.terms:
        notes[f"{vault.name(iri)}.md"] = vault.term(iri)
    for iri in vault.claims:
        notes[f"{vault.name(iri)}.md"] = vault.claim(iri)
    for iri in vault.works:
        notes[f"{vault.name(iri)}.md"] = vault.work(iri)
    for name, text in sorted(notes.items()):
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


class _Vault:
    """Everything the notes say, read once."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.claims = things(job.engine, "air:Claim")
        self.works = things(job.engine, "air:Work")
        self.items = by_iri(job.engine)
        self.acts = things(job.engine, "air:Assertion")
        self.credits = things(job.engine, "air:Attribution")
        concepts = things(job.engine, "skos:Concept")
        self.terms = {i: t for i, t in concepts.items() if names.compact(i).partition(":")[0] in names.VOCABULARY_KINDS}
        self.grounds = grounds_of(job.engine, self.acts, job.language)
        self.of_claim: dict[str, list[str]] = {}
        self.of_source: dict[str, list[str]] = {}
        self.citing: dict[str, list[str]] = {}
        for act, thing in sorted(
            self.acts.items(), key=lambda pair: (natural(first(pair[1], "air:hasPassage")), pair[0])
        ):
            self.of_claim.setdefault(first(thing, "air:asserts"), []).append(act)
            self.of_source.setdefault(first(thing, "air:inSource"), []).append(act)
            for work in self.cited(thing):
                self.citing.setdefault(work, []).append(act)
        self.standing: dict[str, list[str]] = {}
        for claim, thing in self.claims.items():
            for term in sorted({t.value for found in thing.values() for t in found if t.value in self.terms}):
                self.standing.setdefault(term, []).append(claim)
        for said in self.acts.values():
            for term in values(said, "air:hasDomain"):
                self.standing.setdefault(term, []).append(first(said, "air:asserts"))
        self.narrower: dict[str, list[str]] = {}
        for iri, thing in self.terms.items():
            for broader in values(thing, "skos:broader"):
                self.narrower.setdefault(broader, []).append(iri)

    def cited(self, act: Thing) -> list[str]:
        """Return the works that an assertion credits."""
        credits = [self.credits.get(credit, {}) for credit in values(act, "air:hasAttribution")]
        return sorted({work for credit in credits for work in values(credit, "air:attributedTo")})

    def name(self, iri: str) -> str:
        """Return a note's path without suffix."""
        kind = next((k for k, base in names.PREFIXES.items() if k in names.KINDS and iri.startswith(base)), "thing")
        return f"{kind}/{file_name(names.slug_of(iri))}"

    def called(self, iri: str) -> str:
        """Return a thing's label or statement."""
        if iri in self.claims:
            return label(self.claims[iri], self.job.language, "air:statement")
        thing = self.terms.get(iri) or self.works.get(iri) or {}
        return label(thing, self.job.language) or names.compact(iri)

    def link(self, iri: str) -> str:
        """Return a link to a note; plain words where there is none."""
        if iri in self.claims or iri in self.terms or iri in self.works:
            return f"[[{self.name(iri)}|{channels.wiki(self.called(iri))}]]"
        return markdown(names.slug_of(iri).rpartition(".")[2])

    def head(self, iri: str, kind: str) -> list[str]:
        """Return a note's properties and title."""
        properties = {"aliases": [self.called(iri)], "id": names.compact(iri), "iri": iri, "tags": [kind]}
        lines = [f"{key}: {channels.json(json.dumps(value, ensure_ascii=False))}" for key, value in properties.items()]
        return ["---", *lines, "---", "", f"# {markdown(self.called(iri))}", ""]

    def term(self, iri: str) -> str:
        """Return a term's note."""
        thing = self.terms[iri]
        lines = self.head(iri, names.compact(iri).partition(":")[0])
        lines += [*map(markdown, values(thing, "skos:definition")), ""]
        other = [
            v for name in ("skos:prefLabel", "skos:altLabel") for v in values(thing, name) if v != self.called(iri)
        ]
        lines += _field("Also", map(markdown, other))
        lines += _field("Broader", map(self.link, values(thing, "skos:broader")))
        lines += _field("Narrower", map(self.link, self.narrower.get(iri, ())))
        lines += _field("Same elsewhere", map(_address, values(thing, "skos:exactMatch")))
        return _note([*lines, *_section("Claims", map(self.link, dict.fromkeys(self.standing.get(iri, ()))))])

    def claim(self, iri: str) -> str:
        """Return a claim's note."""
        thing = self.claims[iri]
        kind = next((k for k in KINDS.values() if names.term(k.cls) in values(thing, "rdf:type")), None)
        lines = self.head(iri, "claim")
        lines += _field("Kind", [kind.name] if kind else [])
        other = [v for v in values(thing, "air:statement") if v != self.called(iri)]
        lines += _field("Also", map(markdown, other))
        for slot in (*(kind.slots if kind else ()), *COMMON_SLOTS):
            found = thing.get(f"air:{slot.property}", ())
            words = [self.link(t.value) if type(t).__name__ == "NamedNode" else markdown(str(t.value)) for t in found]
            lines += _field(slot.name.replace("-", " ").capitalize(), words)
        lines += _section("Who says so", (self.ground(act, claim=False) for act in self.of_claim.get(iri, ())))
        for relation, prop in LINKS.items():
            lines += _section(relation.capitalize(), map(self.link, values(thing, f"air:{prop}")))
        return _note([*lines, *_section("Contested by", map(self.link, values(thing, "air:isContestedBy")))])

    def work(self, iri: str) -> str:
        """Return the note of a source or cited work."""
        lines = self.head(iri, "source" if iri in self.of_source else "work")
        lines += [*map(markdown, reference_list([self.items[iri]] if iri in self.items else [])), ""]
        lines += _section("Asserts", (self.ground(act, source=False) for act in self.of_source.get(iri, ())))
        return _note([*lines, *_section("Cited for", (self.ground(act) for act in self.citing.get(iri, ())))])

    def ground(self, act: str, claim: bool = True, source: bool = True) -> str:
        """Return one line on an assertion: claim, source, place, stance, hedge, domains, voice with the cited works."""
        row, thing = self.grounds[act], self.acts[act]
        parts = [self.link(first(thing, "air:inSource"))] if source else []
        parts += [_cells(row[column]) for column in ("place", "stance", "hedge")]
        parts += map(self.link, values(thing, "air:hasDomain"))
        cited = ", ".join(map(self.link, self.cited(thing)))
        parts.append(f"citing {cited}" if cited else _cells(row["voice"]))
        words = ", ".join(part for part in parts if part)
        return f"{self.link(first(thing, 'air:asserts'))} ({words})" if claim else words

    def index(self) -> str:
        """Return the note that names the data set and leads to all others."""
        data = describe(self.job)
        lines = [f"# {markdown(TITLE)}", "", markdown(data.sentence), ""]
        lines += _section("Sources", (self.link(iri) for iri, _ in data.sources))
        for kind in names.VOCABULARY_KINDS:
            mine = [iri for iri in self.terms if iri.startswith(names.PREFIXES[kind]) and iri in self.standing]
            lines += _section(f"{kind.capitalize()} terms with claims", map(self.link, mine))
        return _note(lines)


def _cells(cell: Cell) -> str:
    return markdown(cell.text)


def _address(iri: str) -> str:
    """Return an address as a link, or as plain words where a link would lead astray (`javascript:`)."""
    return f"<{iri}>" if channels.link(iri) else markdown(iri)


def _field(name: str, found: Iterable[str]) -> list[str]:
    words = list(found)
    return [f"- **{name}**: {', '.join(words)}"] if words else []


def _section(name: str, found: Iterable[str]) -> list[str]:
    lines = [f"- {line}" for line in found]
    return ["", f"## {name}", "", *lines] if lines else []


def _note(lines: Sequence[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"
