"""What a build reads: the directories of sources, and every file of the project's own that it depends on."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import __version__, resources
from kg.errors import CodingError, InputError, Place, Tally
from kg.reading import is_folder, listed, read_bytes

VOCABULARY = "vocabulary.ttl"
FILES = ("source.yaml", "references.json", "coding.yaml", "anchors.lock", VOCABULARY)
HINT = "kg/corpus/README.md lists a source's files"


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
            Faults: something in a directory is neither a source nor plainly none.

        """
        corpora = tuple([resources.resource("corpus")] * founding + list(own))
        for directory in (*corpora, *([texts] if texts else [])):
            if not os.path.lexists(directory) or not is_folder(directory):
                raise CodingError(Place(directory), "the directory is not there")
        for directory in own:
            source_folders(directory)
        return cls(corpora, texts)

    def files(self) -> list[Path]:
        """Return every file that a build depends on, in a fixed order."""
        found = [f for kind in ("ontology", "shapes", "queries") for f in resources.files(kind, "**/*") if f.is_file()]
        for corpus in self.corpora:
            found += corpus_files(corpus)
        if self.texts:
            found += [self.texts / name for name in listed(self.texts) if name.endswith((".txt", ".md"))]
        return found

    def fingerprint(self) -> str:
        """Return a hash of the contents of all inputs and of the program's version."""
        digest = hashlib.sha256(__version__.encode())
        for file in [*self.files(), *sorted(resources.PACKAGE.rglob("*.py"))]:
            digest.update(f"{file.name}\0".encode("utf-8", "surrogateescape") + _digest(file))
        return digest.hexdigest()


def _digest(file: Path) -> bytes:
    """Return the hash of a file; of one that cannot be read, what is wrong, which reading it will tell in its turn."""
    try:
        return hashlib.sha256(read_bytes(file)).digest()
    except InputError as error:
        return error.message.encode("utf-8", "surrogateescape")


def source_folders(corpus: Path) -> list[Path]:
    """Return the source folders of a directory: itself, or those in it, by name.

    Raises:
        CodingError: there is none.
        Faults: a folder that is half a source, a source within a source, a link that leads nowhere.

    """
    found, faults = list[Path](), Tally()
    for folder, names in _folders(corpus, faults):
        if "source.yaml" in names and not (found and found[0] == corpus):
            found.append(folder)
        elif "source.yaml" in names:
            message = "a source within the folder of another source found"
            faults.add(CodingError(Place(folder), message, "a corpus is one source's folder, or holds several"))
        elif coded := [name for name in ("coding.yaml", "anchors.lock") if name in names]:
            message = f"the file is not there, though {coded[0]} is"
            faults.add(CodingError(Place(folder / "source.yaml"), message, HINT))
    faults.settle()
    if not found:
        hint = "a source is a folder with source.yaml, references.json and coding.yaml"
        raise CodingError(Place(corpus), "no source found, at least one folder with a source.yaml expected", hint)
    return found


def corpus_files(corpus: Path) -> list[Path]:
    """Return the files of a directory of sources that a build reads: its own and those of the folders in it."""
    return sorted(folder / name for folder, names in _folders(corpus, Tally()) for name in FILES if name in names)


def vocabularies(corpus: Path) -> list[Path]:
    """Return the files with a corpus's own terms."""
    return [file for file in corpus_files(corpus) if file.name == VOCABULARY]


def _folders(corpus: Path, faults: Tally) -> Iterator[tuple[Path, list[str]]]:
    """Yield a directory and the folders in it, no deeper, each with the names in it; hidden ones are passed over.

    A name is enough: that `source.yaml` is a pipe, or a link to nothing, is told when it is read.
    """
    names = listed(corpus)
    yield corpus, names
    for name in names:
        inside = faults.attempt(lambda name=name: listed(corpus / name) if is_folder(corpus / name) else [])
        yield corpus / name, inside or []
