"""What a build reads: the directories of sources, and every file of the project's own that it depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import __version__, resources
from kg.errors import CodingError, Place


@dataclass(frozen=True)
class Inputs:
    """What a build reads.

    Attributes:
        corpora: directories of sources (the founding corpus is one of them).
        texts: where the readers' copies of the sources are, or None.

    """

    corpora: tuple[Path, ...]
    texts: Path | None = None

    @classmethod
    def of(cls, own: Sequence[Path] = (), texts: Path | None = None, founding: bool = True) -> Inputs:
        """Return the founding corpus and a scholar's own directories.

        Raises:
            CodingError: a directory is not there or holds no source.

        """
        corpora = tuple([resources.resource("corpus")] * founding + list(own))
        for directory in (*corpora, *([texts] if texts else [])):
            if not directory.is_dir():
                raise CodingError(Place(directory), "the directory is not there")
        for directory in own:
            resources.folders_below(directory)
        return cls(corpora, texts)

    def files(self) -> list[Path]:
        """Return every file that a build depends on, in a fixed order."""
        found = [f for kind in ("ontology", "shapes", "queries") for f in resources.files(kind, "**/*") if f.is_file()]
        for corpus in self.corpora:
            found += corpus_files(corpus)
        if self.texts:
            found += sorted(f for pattern in ("*.txt", "*.md") for f in self.texts.glob(pattern))
        return found

    def fingerprint(self) -> str:
        """Return a hash of the contents of all inputs and of the program's version."""
        digest = hashlib.sha256(__version__.encode())
        for file in [*self.files(), *sorted(resources.PACKAGE.rglob("*.py"))]:
            digest.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


_CORPUS_FILES = ("source.yaml", "references.json", "coding.yaml", "anchors.lock", "vocabulary.ttl")


def corpus_files(corpus: Path) -> list[Path]:
    """Return the files of a directory of sources that a build reads: its own and those of the folders in it."""
    return sorted(f for name in _CORPUS_FILES for f in (*corpus.glob(name), *corpus.glob(f"*/{name}")) if f.is_file())
