"""One source's folder: its files parsed, and what is wrong with each of them alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import CodingError, Faults, Place, Tally
from kg.load import csl
from kg.load.faults import validate
from kg.load.inputs import HINT, Inputs, source_folders
from kg.load.keys import Misplaced, items, lift
from kg.load.references import References, read_references
from kg.load.schema import SourceForm
from kg.tree import Tree, read_yaml


@dataclass
class Folder:
    """One source's folder, parsed but not yet checked against the others.

    Attributes:
        corpus: the directory of sources that it is in, or is.
        form: what `source.yaml` says, None where it has faults.
        references: None where the list has faults.
        misplaced: keys of the coding that have moved, as they stand in the file.
        faults: what is wrong with the files so far.

    """

    path: Path
    source: Tree | None
    coding: Tree | None
    form: SourceForm | None
    references: References | None
    corpus: Path = Path()
    misplaced: Sequence[Misplaced] = ()
    faults: Tally = field(default_factory=Tally)

    @property
    def name(self) -> str:
        """The folder's name, which its source has for id."""
        return name_of(self.path)

    @property
    def about(self) -> SourceForm:
        """What `source.yaml` says, once it is known to have no faults."""
        if self.form is None:
            raise Faults(self.faults, self.faults.more)
        return self.form

    def place(self, *path: str | int) -> Place:
        """Return a place in `source.yaml`."""
        return self.source.place(path) if self.source else Place(self.path / "source.yaml")

    def text_in(self, texts: Path) -> Path | None:
        """Return where the reader's copy of the text is, whatever it is; None where nothing has its name."""
        file = texts / self.about.text.file
        return file if os.path.lexists(file) else None

    @property
    def ats(self) -> list[tuple[str, Place]]:
        """Every passage the coding names, with its place, in file order."""
        return list(ats(self.coding)) if self.coding else []

    @property
    def section_ats(self) -> list[tuple[str, str, Place]]:
        """Every section's id, first words and place."""
        return [(s.id, s.at, self.place("sections", i, "at")) for i, s in enumerate(self.about.sections)]


def name_of(path: Path) -> str:
    """Return a folder's name, also where the path is `.` or ends in `..`."""
    return path.resolve().name if path.name in ("", "..") else path.name


def open_folder(path: Path, corpus: Path = Path()) -> Folder:
    """Parse a source's files and check each of them alone; what is wrong stands in the folder's `faults`."""
    faults = Tally()
    source = faults.attempt(lambda: read_yaml(path / "source.yaml", HINT))
    form = None
    if source:
        form, wrong = validate(SourceForm, source)
        faults.extend(source.faults)
        faults.extend(wrong)
        faults.extend(_duplicates(source, "sections"))
        if form:
            faults.extend(CodingError(source.place(("csl", *w.path)), w.message, w.hint) for w in csl.wrong(form.csl))
        if form and form.id != name_of(path):
            message = f"id '{form.id}' found, the folder's name '{name_of(path)}' expected"
            faults.add(CodingError(source.place(("id",)), message))
    coding = faults.attempt(lambda: read_yaml(path / "coding.yaml", HINT))
    misplaced = lift(coding) if coding else []
    if coding:
        faults.extend(coding.faults)
        faults.extend(_duplicates(coding, "assertions", "citations"))
    references, wrong = faults.attempt(lambda: read_references(path, name_of(path))) or (None, Tally())
    faults.extend(wrong)
    return Folder(path, source, coding, form, None if wrong else references, corpus, misplaced, faults)


def open_folders(inputs: Inputs) -> list[Folder]:
    """Open every source folder of the inputs; what is wrong with one stands in its `faults`."""
    opened = [open_folder(path, corpus) for corpus in inputs.corpora for path in source_folders(corpus)]
    seen: dict[str, Path] = {}
    for folder in opened:
        name = folder.name
        if name in seen:
            message = f"source id '{name}' stands twice"
            folder.faults.add(CodingError(folder.place("id"), message, f"also in {seen[name]}"))
        seen[name] = folder.path
    return opened


def ats(coding: Tree) -> Iterator[tuple[str, Place]]:
    """Yield every passage that a coding names, with its place."""
    for key in ("assertions", "citations", "left-out"):
        for i, entry in items(coding, key):
            at = entry.get("at")
            if isinstance(at, str):
                yield at, coding.place((key, i, "at"))
            for j, one in enumerate(at if isinstance(at, list) else []):
                if isinstance(one, str):
                    yield one, coding.place((key, i, "at", j))


def claim_ids(coding: Tree) -> Iterator[tuple[str, Place]]:
    """Yield the id of every claim that a coding introduces, with its place."""
    for i, entry in items(coding, "assertions"):
        claim = entry.get("claim")
        if isinstance(claim, dict) and isinstance(claim.get("id"), str):
            yield claim["id"], coding.place(("assertions", i, "claim", "id"))


def unresolved(coding: Tree) -> Iterator[str]:
    """Yield the id of every in-text citation that has a defect."""
    for _, entry in items(coding, "citations"):
        if entry.get("defect") and isinstance(entry.get("id"), str):
            yield entry["id"]


def beyond_the_form(coding: Tree) -> Iterator[CodingError]:
    """Yield what is wrong with several keys at once."""
    for i, entry in items(coding, "assertions"):
        place = coding.place(("assertions", i, "voice"))
        credited = any(entry.get(key) for key in ("attributed-to", "inherited-from", "held-by"))
        if entry.get("voice") == "attributed" and not credited:
            hint = "name attributed-to, inherited-from or held-by; or the voice is own"
            yield CodingError(place, "voice 'attributed' found without anybody it is attributed to", hint)
        if entry.get("voice") == "own" and (entry.get("attributed-to") or entry.get("inherited-from")):
            yield CodingError(place, "voice 'own' found together with an attribution", "the voice is attributed")
        for work in sorted(_listed(entry, "attributed-to") & _listed(entry, "inherited-from")):
            at = coding.place(("assertions", i, "inherited-from"))
            hint = "a citation stands at the sentence or is inherited, not both"
            yield CodingError(at, f"'{work}' stands in attributed-to and in inherited-from", hint)
    for i, entry in items(coding, "citations"):
        if bool(entry.get("work")) == bool(entry.get("defect")):
            message = "either 'work' (resolved) or 'defect' (unresolved) expected"
            yield CodingError(coding.place(("citations", i)), message)
    for i, entry in items(coding, "merged"):
        if bool(entry.get("claim")) == bool(entry.get("assertion")):
            yield CodingError(coding.place(("merged", i)), "either 'claim' or 'assertion' expected")


def _listed(entry: dict[str, Any], key: str) -> set[str]:
    value = entry.get(key)
    return {value} if isinstance(value, str) else {v for v in value or () if isinstance(v, str)}


def _duplicates(tree: Tree, *keys: str) -> Iterator[CodingError]:
    seen = dict[tuple[str, str], int]()
    for key in keys:
        for i, entry in items(tree, key):
            name = entry.get("id")
            if isinstance(name, str):
                place = tree.place((key, i, "id"))
                if (key, name) in seen:
                    hint = f"it is first on line {seen[key, name]}"
                    yield CodingError(place, f"id '{name}' stands twice", hint)
                seen.setdefault((key, name), place.line)
