"""From corpus folders to records: every fault of every file at once, or the whole corpus."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.bibliography.people import letters
from kg.errors import CodingError, Place, Tally, nearest
from kg.load import agents, csl, merged, rights
from kg.load import lock as locks
from kg.load.faults import validate
from kg.load.folder import Folder, beyond_the_form, claim_ids, unresolved
from kg.load.references import References
from kg.load.schema import CodingForm, Known
from kg.load.texts import NotFound, Text
from kg.load.vocabulary import Vocabulary
from kg.model import COMMON_SLOTS, KINDS
from kg.records import Assertion, Attribution, Citation, Claim, Link, Merger, Omission, Passage, Section, Source, Work
from kg.tree import Tree


def load(folders: Sequence[Folder], vocabulary: Vocabulary | None, texts: Path | None = None) -> list[Source]:
    """Check all folders against the vocabulary and each other, and return their records.

    What could not be read (a vocabulary, a reference list, another source's coding) is not held against
    the files that name something of it.

    Args:
        folders: as opened, with the faults found then.
        vocabulary: the terms; None where its own files have faults.
        texts: a folder with the readers' copies; where it holds a source's file, each passage is verified.

    Raises:
        Faults: every fault of every folder.

    """
    faults = Tally()
    for folder in folders:
        faults.extend(folder.faults)
    claims = dict[str, Place]()
    for folder in folders:
        for name, place in claim_ids(folder.coding) if folder.coding else ():
            if name in claims:
                faults.add(CodingError(place, f"claim id '{name}' stands twice", f"it is first at {claims[name]}"))
            claims.setdefault(name, place)
    faults.extend(merged.faults(folders))
    faults.extend(rights.faults(folders))
    works = rights.first_descriptions(folders)
    complete = all(folder.coding for folder in folders)
    checked = []
    for folder in folders:
        text = _text(folder, texts, faults)
        lock = _lock(folder, text, faults)
        if folder.coding is None:
            continue
        known = Known(
            vocabulary,
            works=frozenset(entry.id for entry in folder.references.entries) if folder.references else None,
            unresolved=frozenset(unresolved(folder.coding)),
            claims=frozenset(claims) if complete else None,
            merged=merged.claims(folders),
            locate=_locator(lock, text),
        )
        form, wrong = validate(CodingForm, folder.coding, known)
        faults.extend(wrong)
        faults.extend(beyond_the_form(folder.coding))
        if form and lock and folder.references:
            checked.append((folder, folder.coding, replace(folder.references, works=works[folder.path]), form, lock))
    faults.extend(_misnamed((coding, form) for _, coding, _, form, _ in checked))
    faults.settle()
    sources = [_source(*parts) for parts in checked]
    return agents.named(_lettered(sources), _same_as(sources))


def _misnamed(codings: Iterable[tuple[Tree, CodingForm]]) -> Iterator[CodingError]:
    """Yield each coder who is named without coding anything there, or otherwise than in another folder."""
    known: dict[str, tuple[str, Place]] = {}
    for coding, form in codings:
        busy = {form.coder, *(assertion.coder for assertion in form.assertions if assertion.coder)}
        for coder, name in form.coders.items():
            place = coding.place(("coders", coder))
            if coder not in busy:
                yield CodingError(place, f"coder '{coder}' codes nothing here", nearest(coder, busy))
            first, where = known.setdefault(coder, (name, place))
            if first != name:
                message = f"coder '{coder}' is named '{name}', '{first}' expected"
                yield CodingError(place, message, f"so named first at {where}; another person needs another id")


def _same_as(sources: Sequence[Source]) -> Callable[[Work], str]:
    """Return what gives a work's id, or that of the source that it is: a work with a source's id or DOI."""
    same = {str(source.csl["DOI"]).casefold(): source.id for source in sources if source.csl.get("DOI")}
    return lambda work: same.get(str(work.csl.get("DOI", "")).casefold(), work.id)


def _lettered(sources: Sequence[Source]) -> list[Source]:
    """Return the sources with the letters after the years of sources and works that tell apart what is called alike."""
    key, lists = _same_as(sources), []
    for source in sources:
        lists += [[(source.id, source.csl)], [(key(work), work.csl) for work in source.works]]
    found = letters(lists)

    def lettered(csl: dict[str, Any], letter: str) -> dict[str, Any]:
        bare = {name: value for name, value in csl.items() if name != "year-suffix"}
        return {**bare, "year-suffix": letter} if letter else bare

    return [
        replace(
            source,
            csl=lettered(source.csl, found[source.id]),
            works=tuple(replace(work, csl=lettered(work.csl, found[key(work)])) for work in source.works),
        )
        for source in sources
    ]


def _text(folder: Folder, texts: Path | None, faults: Tally) -> Text | None:
    """Return the reader's copy of a folder's text, if it is at hand."""
    file = folder.text_in(texts) if texts and folder.form else None
    return faults.attempt(lambda: Text.read(file)) if file else None


def _lock(folder: Folder, text: Text | None, faults: Tally) -> locks.Lock | None:
    """Read a folder's lock and hold it to `source.yaml` and, where it is at hand, to the text."""
    lock = faults.attempt(lambda: locks.read_lock(folder.path))
    if folder.form is None or lock is None:
        return lock
    hint = "write the lock anew with `kg anchor`"
    if lock.sha256 != folder.form.text.sha256:
        message = f"sha256 {folder.form.text.sha256[:12]}… found, {lock.sha256[:12]}… of anchors.lock expected"
        faults.add(CodingError(folder.place("text", "sha256"), message, hint))
    for i, section in enumerate(folder.form.sections):
        if section.id not in lock.sections:
            message = f"section '{section.id}' is not in anchors.lock"
            faults.add(CodingError(folder.place("sections", i, "id"), message, hint))
    if text:
        sections = [(section.id, section.at) for section in folder.form.sections]
        faults.extend(locks.verify(lock, text, Place(folder.path / locks.NAME), sections))
    return lock


def _locator(lock: locks.Lock | None, text: Text | None) -> Callable[[str], tuple[str, ...]]:
    def locate(at: str) -> tuple[str, ...]:
        if lock is None or at in lock.passages:
            return ()
        try:
            if text:
                text.find(at)
        except NotFound as error:
            return (f"passage: {error}",)
        return f"passage '{at}' is not in anchors.lock", "run `kg anchor`, which finds each passage in the text"

    return locate


def _source(folder: Folder, coding: Tree, references: References, form: CodingForm, lock: locks.Lock) -> Source:
    about = folder.about
    sections = tuple(
        Section(s.id, s.title, s.language or about.languages[0], lock.sections[s.id]) for s in about.sections
    )
    works = {entry.id: entry.work for entry in references.entries}
    maker = _Maker(about.id, coding, works, form, lock, sections)
    claims, assertions = maker.assertions()
    return Source(
        about.id,
        dict(about.csl),
        csl.FABIO[about.csl["type"]],
        about.title_fa,
        tuple(about.languages),
        about.license,
        about.url,
        about.text.file,
        about.text.sha256,
        sections,
        references.works,
        references.entries,
        maker.citations(),
        claims,
        assertions,
        maker.links(),
        maker.omissions(),
        form.license or "",
        tuple(sorted(form.coders.items())),
        merged=maker.merged(),
    )


@dataclass
class _Maker:
    """Turns a checked form into records."""

    id: str
    coding: Tree
    works: dict[str, str]
    form: CodingForm
    lock: locks.Lock
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        self.ordered = sorted(self.sections, key=lambda section: section.start)
        self.starts = [section.start for section in self.ordered]

    def passage(self, at: str) -> Passage:
        anchor = self.lock.passages[at]
        nearest = max(bisect_right(self.starts, anchor.start) - 1, 0)
        section = self.ordered[bisect_left(self.starts, self.starts[nearest])]  # of several that begin there, the first
        return Passage(self.id, at, anchor.start, anchor.end, anchor.paragraph, section, anchor.sha256)

    def place(self, *path: str | int) -> Place:
        return self.coding.place(path)

    def claim(self, raw: Any, place: Place) -> Claim:
        kind = KINDS[raw.kind]
        values = []
        for slot in (*kind.slots, *COMMON_SLOTS):
            value = getattr(raw, slot.name.replace("-", "_"))
            if value not in (None, []):
                values.append((slot.name, tuple(value) if isinstance(value, list) else (value,)))
        return Claim(raw.id, raw.kind, self.id, raw.says, raw.says_fa, tuple(values), place)

    def assertions(self) -> tuple[tuple[Claim, ...], tuple[Assertion, ...]]:
        claims, assertions = [], []
        pointers = set(unresolved(self.coding))
        for i, raw in enumerate(self.form.assertions):
            name = raw.claim
            if not isinstance(name, str):
                claims.append(self.claim(raw.claim, self.place("assertions", i, "claim")))
                name = raw.claim.id
            credits = []
            for scope, cited in (("strict", raw.attributed_to), ("inherited", raw.inherited_from)):
                for to in cited:
                    resolved = to not in pointers
                    credits.append(Attribution(self.works[to] if resolved else to, resolved, scope))
            assertions.append(
                Assertion(
                    raw.id,
                    self.id,
                    name,
                    tuple(map(self.passage, raw.at)),
                    raw.voice,
                    raw.stance,
                    raw.hedge,
                    raw.mode,
                    raw.basis,
                    tuple(credits),
                    tuple(raw.held_by),
                    tuple(raw.domain),
                    raw.coder or self.form.coder,
                    raw.date or self.form.date,
                    raw.note,
                    self.place("assertions", i),
                )
            )
        return tuple(claims), tuple(assertions)

    def citations(self) -> tuple[Citation, ...]:
        return tuple(
            Citation(
                self.id,
                raw.id,
                self.passage(raw.at),
                raw.text,
                self.works[raw.work] if raw.work else None,
                raw.defect,
                self.works[raw.probably] if raw.probably else None,
                self.place("citations", i),
            )
            for i, raw in enumerate(self.form.citations)
        )

    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(self.id, raw.claim, raw.relation, raw.other, raw.because, self.place("relations", i))
            for i, raw in enumerate(self.form.relations)
        )

    def merged(self) -> tuple[Merger, ...]:
        return tuple(Merger(e.kind, self.id, e.old, e.into, e.place) for e in merged.entries(self.coding))

    def omissions(self) -> tuple[Omission, ...]:
        return tuple(Omission(self.passage(at), raw.reason) for raw in self.form.left_out for at in raw.at)
