"""From corpus folders to records: every fault of every file at once, or the whole corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import CodingError, Faults, InputError, Place
from kg.loaders import lock as locks
from kg.loaders import references as refs
from kg.loaders.schema import CodingForm, Known, SourceForm, validate
from kg.loaders.texts import Text
from kg.loaders.vocabulary import Vocabulary, bad_character
from kg.model import (
    COMMON_SLOTS,
    KINDS,
    Assertion,
    Attribution,
    Citation,
    Claim,
    Link,
    Omission,
    Passage,
    Section,
    Source,
)
from kg.tree import Tree, read_yaml


@dataclass
class Folder:
    """One source's folder, parsed but not yet checked against the others."""

    path: Path
    source: Tree
    coding: Tree
    form: SourceForm
    references: refs.References
    lock: locks.Lock | None

    @property
    def ats(self) -> list[tuple[str, Place]]:
        """Every passage the coding names, with its place, in file order."""
        return list(_ats(self.coding))

    @property
    def section_ats(self) -> list[tuple[str, str, Place]]:
        """Every section's id, first words and place."""
        return [
            (section.id, section.at, self.source.place(("sections", i, "at")))
            for i, section in enumerate(self.form.sections)
        ]


def folders_below(directory: Path) -> list[Path]:
    """Return the source folders: the directory itself, or those in it, by name.

    Raises:
        CodingError: there is none.

    """
    if (directory / "source.yaml").is_file():
        return [directory]
    found = sorted(p.parent for p in directory.glob("*/source.yaml"))
    if not found:
        hint = "a source is a folder with source.yaml, references.json and coding.yaml"
        raise CodingError(Place(directory), "no source found, at least one folder with a source.yaml expected", hint)
    return found


def open_folder(path: Path) -> Folder:
    """Parse a source's files and check those that need no other file.

    Raises:
        Faults: everything that is wrong with them.

    """
    faults: list[InputError] = []

    def attempt(read: Any, *args: Any) -> Any:
        try:
            return read(*args)
        except Faults as several:
            faults.extend(several.faults)
        except InputError as one:
            faults.append(one)
        return None

    source = attempt(read_yaml, path / "source.yaml")
    coding = attempt(read_yaml, path / "coding.yaml")
    form = None
    if source:
        form, wrong = validate(SourceForm, source)
        faults += wrong + _bad_characters(source)
        if form and form.csl.get("type") not in refs.FABIO:
            message = f"csl type '{form.csl.get('type')}' is not one of {', '.join(refs.FABIO)}"
            faults.append(CodingError(source.place(("csl", "type")), message))
        if form and form.id != path.name:
            message = f"id '{form.id}' found, the folder's name '{path.name}' expected"
            faults.append(CodingError(source.place(("id",)), message))
    listed = attempt(refs.read_references, path, path.name)
    if listed:
        faults += listed[1]
    lock = attempt(locks.read_lock, path)
    if coding:
        faults += _bad_characters(coding) + _duplicate_ids(coding)
    if faults:
        raise Faults(faults)
    return Folder(path, source, coding, form, listed[0], lock)  # type: ignore[arg-type]


def load(folders: Sequence[Folder], vocabulary: Vocabulary, texts: Path | None = None) -> list[Source]:
    """Check all folders against the vocabulary and each other, and return their records.

    Args:
        texts: a folder with the readers' copies; where it holds a source's file, each passage is verified.

    Raises:
        Faults: every fault of every folder.

    """
    faults: list[InputError] = []
    claims = dict[str, Place]()
    for folder in folders:
        for name, place in _claim_ids(folder.coding):
            if name in claims:
                faults.append(CodingError(place, f"claim id '{name}' stands twice", f"it is first at {claims[name]}"))
            claims.setdefault(name, place)
    sources = []
    for folder in folders:
        known = Known(
            vocabulary,
            works=frozenset(entry.id for entry in folder.references.entries),
            unresolved=frozenset(_unresolved(folder.coding)),
            claims=frozenset(claims),
            locate=_locator(folder),
        )
        form, wrong = validate(CodingForm, folder.coding, known)
        faults += wrong + _beyond_the_form(folder.coding)
        if texts and folder.lock and (texts / folder.form.text.file).is_file():
            text = Text.read(texts / folder.form.text.file)
            faults += locks.verify(folder.lock, text, Place(folder.path / locks.NAME))
        if form and folder.lock:
            sources.append(_source(folder, form, folder.lock))
    if faults:
        raise Faults(faults)
    return sources


def _locator(folder: Folder) -> Any:
    lock = folder.lock

    def locate(at: str) -> str:
        if lock is None:
            return f"passage '{at}': there is no anchors.lock yet"
        return "" if at in lock.passages else f"passage '{at}' is not in anchors.lock"

    return locate


def _items(coding: Tree, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    entries = coding.data.get(key) if isinstance(coding.data, dict) else None
    for i, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield i, entry


def _ats(coding: Tree) -> Iterator[tuple[str, Place]]:
    for key in ("assertions", "citations", "left-out"):
        for i, entry in _items(coding, key):
            at = entry.get("at")
            if isinstance(at, str):
                yield at, coding.place((key, i, "at"))
            for j, one in enumerate(at if isinstance(at, list) else []):
                if isinstance(one, str):
                    yield one, coding.place((key, i, "at", j))


def _claim_ids(coding: Tree) -> Iterator[tuple[str, Place]]:
    for i, entry in _items(coding, "assertions"):
        claim = entry.get("claim")
        if isinstance(claim, dict) and isinstance(claim.get("id"), str):
            yield claim["id"], coding.place(("assertions", i, "claim", "id"))


def _unresolved(coding: Tree) -> Iterator[str]:
    for _, entry in _items(coding, "citations"):
        if entry.get("defect") and isinstance(entry.get("id"), str):
            yield entry["id"]


def _duplicate_ids(coding: Tree) -> list[CodingError]:
    faults, seen = [], dict[tuple[str, str], int]()
    for key in ("assertions", "citations"):
        for i, entry in _items(coding, key):
            name = entry.get("id")
            if isinstance(name, str):
                if (key, name) in seen:
                    hint = f"it is first on line {seen[key, name]}"
                    faults.append(CodingError(coding.place((key, i, "id")), f"id '{name}' stands twice", hint))
                seen.setdefault((key, name), coding.place((key, i, "id")).line)
    return faults


def _beyond_the_form(coding: Tree) -> list[CodingError]:
    """Check what concerns several keys at once."""
    faults = []
    for i, entry in _items(coding, "assertions"):
        place = coding.place(("assertions", i, "voice"))
        credited = any(entry.get(key) for key in ("attributed-to", "inherited-from", "held-by"))
        if entry.get("voice") == "attributed" and not credited:
            hint = "name attributed-to, inherited-from or held-by; or the voice is own"
            faults.append(CodingError(place, "voice 'attributed' found without anybody it is attributed to", hint))
        if entry.get("voice") == "own" and (entry.get("attributed-to") or entry.get("inherited-from")):
            faults.append(
                CodingError(place, "voice 'own' found together with an attribution", "the voice is attributed")
            )
    for i, entry in _items(coding, "citations"):
        if bool(entry.get("work")) == bool(entry.get("defect")):
            message = "either 'work' (resolved) or 'defect' (unresolved) expected"
            faults.append(CodingError(coding.place(("citations", i)), message))
    return faults


def _bad_characters(tree: Tree) -> list[CodingError]:
    def walk(value: Any, path: tuple[str | int, ...]) -> Iterator[CodingError]:
        if isinstance(value, str):
            if bad := bad_character(value):
                yield CodingError(tree.place(path), f"{bad} found, plain text expected", "remove it")
        else:
            pairs: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
            for key, inner in pairs:
                yield from walk(inner, (*path, key))

    return list(walk(tree.data or "", ()))


def _source(folder: Folder, form: CodingForm, lock: locks.Lock) -> Source:
    about = folder.form
    sections = tuple(
        Section(s.id, s.title, s.language or about.languages[0], lock.sections[s.id])
        for s in about.sections
        if s.id in lock.sections
    )
    maker = _Maker(folder, form, lock, sections)
    claims, assertions = maker.assertions()
    return Source(
        about.id,
        dict(about.csl),
        refs.FABIO[str(about.csl["type"])],
        about.title_fa,
        tuple(about.languages),
        about.license,
        about.url,
        about.text.file,
        about.text.sha256,
        sections,
        folder.references.works,
        folder.references.entries,
        maker.citations(),
        claims,
        assertions,
        maker.links(),
        maker.omissions(),
    )


@dataclass
class _Maker:
    """Turns a checked form into records."""

    folder: Folder
    form: CodingForm
    lock: locks.Lock
    sections: tuple[Section, ...]

    @property
    def id(self) -> str:
        return self.folder.form.id

    def passage(self, at: str) -> Passage:
        anchor = self.lock.passages[at]
        section = max(
            (s for s in self.sections if s.start <= anchor.start), key=lambda s: s.start, default=self.sections[0]
        )
        return Passage(self.id, at, anchor.start, anchor.end, anchor.paragraph, section, anchor.sha256)

    def work(self, entry: str) -> str:
        return next(e.work for e in self.folder.references.entries if e.id == entry)

    def place(self, *path: str | int) -> Place:
        return self.folder.coding.place(path)

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
        unresolved = set(_unresolved(self.folder.coding))
        for i, raw in enumerate(self.form.assertions):
            name = raw.claim
            if not isinstance(name, str):
                claims.append(self.claim(raw.claim, self.place("assertions", i, "claim")))
                name = raw.claim.id
            credits = []
            for scope, cited in (("strict", raw.attributed_to), ("inherited", raw.inherited_from)):
                for to in cited:
                    resolved = to not in unresolved
                    credits.append(Attribution(self.work(to) if resolved else to, resolved, scope))
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
                self.work(raw.work) if raw.work else None,
                raw.defect,
                self.work(raw.probably) if raw.probably else None,
                self.place("citations", i),
            )
            for i, raw in enumerate(self.form.citations)
        )

    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(self.id, raw.claim, raw.relation, raw.other, raw.because, self.place("relations", i))
            for i, raw in enumerate(self.form.relations)
        )

    def omissions(self) -> tuple[Omission, ...]:
        return tuple(Omission(self.passage(at), raw.reason) for raw in self.form.left_out for at in raw.at)
