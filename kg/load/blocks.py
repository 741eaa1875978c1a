"""Where things stand in the hand-written Turtle files: one block a term, its subject at the start of a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kg import names
from kg.errors import Place
from kg.reading import read_text

_START = re.compile(r"(<[^>]*>|\[\]|[\w-]*:[\w.-]*\w)(?=\s|$)")


class Block(NamedTuple):
    """A block: the file, the line on which it starts, and its lines."""

    file: Path
    line: int
    lines: tuple[str, ...]


class Blocks:
    """The blocks of some files by the IRI of their subject; those of blank nodes under `[]`."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._of: dict[str, list[Block]] = {}
        for file in files:
            lines = read_text(file).splitlines()
            starts = [(number, found[1]) for number, line in enumerate(lines) if (found := _START.match(line))]
            ends = [number for number, _ in starts[1:]] + [len(lines)]
            for (number, name), end in zip(starts, ends, strict=True):
                subject = name[1:-1] if name.startswith("<") else names.expand(name)
                self._of.setdefault(subject, []).append(Block(file, number + 1, tuple(lines[number:end])))

    def place(self, subject: str, *mentioned: str) -> Place | None:
        """Return where a block says something of a subject.

        Args:
            subject: an IRI, or `[]`.
            mentioned: IRIs that must all be named in the block; the place is the line that names the last.

        """
        forms = [re.compile(rf"(?<![\w:.-]){re.escape(names.compact(iri))}(?![\w-])") for iri in mentioned]
        for block in self._of.get(subject, ()):
            lines = [[n for n, text in enumerate(block.lines) if form.search(text)] for form in forms]
            if all(lines):
                return Place(block.file, block.line + (lines[-1][0] if lines else 0))
        return None
