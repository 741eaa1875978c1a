"""A corpus of one small source with words of our own, whole and valid, to be spoilt by the tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg.coding.anchor import anchor
from kg.errors import Faults, InputError
from kg.load import corpus
from kg.load.folder import Folder, open_folder
from kg.load.inputs import Inputs
from kg.load.vocabulary import Vocabulary
from kg.records import Source

NAME = "doe2026"
MARK = "‸"

TEXT = """\
Small Powers and Clever Machines

INTRODUCTION

Clever machines loosen the grip that governments once had on world affairs.
Some observers answer that nothing of the sort has happened (Roe, 2020).
Others point to the cables (Poe, 2019), which *private firms* own.

Every ministry should therefore train its
\x0cpeople in data work before the next crisis comes.

CONCLUSION

ماشین هوشمند انحصار دولتها را سست میکند.
"""
"""Markdown emphasis, a sentence cut by a page break, and Persian that has lost its ZWNJ."""

SOURCE = """\
id: doe2026
csl:
  type: article-journal
  title: Small Powers and Clever Machines
  author: [{family: Doe, given: Jane}]
  issued: "2026-02"
  language: en
languages: [en, fa]
license: unknown
url: https://example.org/doe2026
text:
  file: doe2026.txt
  sha256: SHA256
sections:
  - id: title
    title: Title
    at: "Small Powers and Clever Machines"
  - id: introduction
    title: Introduction
    at: "INTRODUCTION"
  - id: conclusion
    title: Conclusion
    language: fa
    at: "CONCLUSION"
"""

CODING = """\
coder: tester
date: 2026-11-21
assertions:
  - id: grip-loosens
    at: ["Clever machines loosen … on world affairs.", "ماشین هوشمند … سست میکند."]
    claim:
      id: machines-weaken-state-monopoly
      kind: effect
      says: Artificial intelligence weakens the monopoly of states.
      says-fa: هوش مصنوعی انحصار دولت‌ها را سست می‌کند.
      cause: artificial-intelligence
      effect: weakens
      affected: state-monopoly
    voice: own
    stance: endorses
    hedge: categorical
    mode: finding
    basis: reasoning
    domain: [political]
  - id: nothing-happened
    at: "nothing of the sort has happened"
    claim:
      id: machines-leave-state-monopoly
      kind: effect
      says: Artificial intelligence leaves the monopoly of states as it was.
      cause: artificial-intelligence
      effect: leaves-unchanged
      affected: state-monopoly
    voice: attributed
    attributed-to: [roe2020]
    stance: reports
    hedge: categorical
    mode: finding
    basis: cited-work
  - id: firms-own-cables
    at: "the cables (Poe, 2019) … private firms own."
    claim:
      id: firms-own-the-cables
      kind: characterisation
      says: Technology firms own the cables.
      subject: technology-firms
      attribute: owners of the cables
    voice: attributed
    attributed-to: poe-2019
    stance: reports
    hedge: categorical
    mode: premise
    basis: cited-work
  - id: ministries-train
    at: ["Every ministry should … train its", "people in data … crisis comes."]
    claim:
      id: ministries-train-their-people
      kind: prescription
      says: Ministries should train their people in working with data.
      addressee: states
      action: train the people of their ministries in working with data
      force: should
    voice: own
    stance: endorses
    hedge: categorical
    mode: norm
    basis: reasoning
citations:
  - id: roe-2020
    at: "happened (Roe, 2020)"
    text: (Roe, 2020)
    work: roe2020
  - id: poe-2019
    at: "(Poe, 2019)"
    text: (Poe, 2019)
    defect: missing-entry
relations:
  - claim: firms-own-the-cables
    relation: supports
    other: machines-weaken-state-monopoly
    because: Who owns the cables has a part of what governments had.
left-out:
  - at: ["INTRODUCTION", "CONCLUSION"]
    reason: heading
"""

SELECT = (
    "SELECT ?claim ?text WHERE { ?claim a air:EffectClaim ; air:statement ?text . FILTER(LANG(?text) = 'en') } "
    "ORDER BY ?claim"
)
"""Two rows of the small corpus, in a fixed order."""

Run = Callable[..., tuple[int, str, str]]
"""Run a command line: exit code, stdout, stderr."""

REFERENCES = """\
[
  {
    "id": "roe2020",
    "type": "article-journal",
    "title": "Nothing New",
    "author": [{"family": "Roe", "given": "R."}],
    "issued": {"date-parts": [[2020]]}
  }
]
"""


@dataclass
class Small:
    """The corpus on disk: `root/doe2026` is the source's folder, `texts` the reader's copies."""

    root: Path
    texts: Path
    vocabulary: Vocabulary

    @property
    def folder(self) -> Path:
        return self.root / NAME

    @property
    def inputs(self) -> Inputs:
        return Inputs((self.root,), self.texts)

    def path(self, name: str) -> Path:
        """Return a file of the source: coding.yaml, source.yaml, references.json, anchors.lock, or its text."""
        return self.texts / name if name.endswith(".txt") else self.folder / name

    def edit(self, name: str, old: str, new: str) -> tuple[int, int]:
        """Replace the one place where `old` stands; return line and column of where it stood, both from 1."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        at = text.index(old)
        self.path(name).write_text(text.replace(old, new), encoding="utf-8")
        return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)

    def rename(self, name: str) -> None:
        """Give the source another id, and all that goes with it."""
        for file in ("coding.yaml", "source.yaml", "anchors.lock"):
            self.path(file).write_text(self.path(file).read_text().replace(NAME, name))
        self.path(f"{NAME}.txt").rename(self.texts / f"{name}.txt")
        self.folder.rename(self.root / name)

    def anchor(self) -> dict[str, int]:
        return anchor(self.inputs, self.texts)

    def open(self) -> Folder:
        return open_folder(self.folder)

    def load(self, texts: bool = False) -> Source:
        """Load the source as `kg build` does, without the ontology's own files."""
        return corpus.load([self.open()], self.vocabulary, self.texts if texts else None)[0]

    def faults(self, texts: bool = False) -> list[InputError]:
        """Return what loading complains of, in the order in which it is told."""
        try:
            self.load(texts)
        except Faults as error:
            return list(error.faults)
        return []


def write_small(root: Path, texts: Path, vocabulary: Vocabulary) -> Small:
    """Write the corpus and its lock."""
    small = Small(root, texts, vocabulary)
    small.folder.mkdir(parents=True)
    texts.mkdir(parents=True, exist_ok=True)
    (texts / f"{NAME}.txt").write_text(TEXT, encoding="utf-8")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    small.path("source.yaml").write_text(SOURCE.replace("SHA256", digest), encoding="utf-8")
    small.path("coding.yaml").write_text(CODING, encoding="utf-8")
    small.path("references.json").write_text(REFERENCES, encoding="utf-8")
    small.anchor()
    return small


def spoil(small: Small, file: str, old: str, new: str) -> tuple[int, int]:
    """Put `new` in the place of `old`; return line and column, from 1, of the mark in it."""
    path = small.path(file)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    text = text.replace(old, new)
    assert text.count(MARK) == 1
    lines = text[: text.index(MARK)].split("\n")
    path.write_text(text.replace(MARK, ""), encoding="utf-8")
    return len(lines), len(lines[-1]) + 1
