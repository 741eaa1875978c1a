"""Every error the project raises on purpose; all descend from `KgError`.

KgError                    one clear line on stderr; the command ends with `exit_code`
├── InputError             a file is wrong: file, line, column, what was found, what was expected
│   ├── CodingError        a corpus folder (coding, references, source, vocabulary)
│   ├── AnchorError        a passage that is nowhere, or in several places, or has moved
│   └── QueryError         a canned question's header or a scholar's SPARQL
│       └── FenceError     a scholar's SPARQL that met a limit: time, memory, size, or the engine's end
├── Faults                 several of these, reported together
├── UsageError             an unknown name or a missing value on the command line
├── StoreError             no store, a broken seal, a locked or full disk
└── MissingExtra           a feature whose optional dependency is not installed
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from kg import channels


class KgError(Exception):
    """Something the user can mend; `str()` is what they read."""

    exit_code = 2


class Place(NamedTuple):
    """A position in a file; `line` and `column` count from 1, 0 means unknown."""

    file: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [show_path(self.file)]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


class InputError(KgError):
    """A fault in a file, at a place, with an optional hint how to mend it."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.place}: error: {plain(self.message)}"
        return f"{line}\n  hint: {plain(self.hint)}" if self.hint else line


class CodingError(InputError):
    """A corpus folder does not keep the format of `kg/corpus/README.md`."""


class AnchorError(InputError):
    """A passage cannot be found exactly once, or is no longer where its lock says."""


class QueryError(InputError):
    """A question's header is broken, or a query does not parse or run."""


class FenceError(QueryError):
    """A query was stopped: by its deadline, its memory, the size of its answer, or because the engine broke."""


class Faults(KgError):
    """Several input errors, in file order; nothing was written."""

    def __init__(self, faults: Iterable[InputError]) -> None:
        self.faults: tuple[InputError, ...] = tuple(
            sorted(faults, key=lambda f: (str(f.place.file), f.place.line, f.place.column))
        )
        super().__init__(f"{len(self.faults)} faults")

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class UsageError(KgError):
    """The command line names something that is not there."""


class StoreError(KgError):
    """The store is missing, damaged, locked, or cannot be written."""


class MissingExtra(KgError):
    """An optional dependency is needed; the message says which extra brings it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"error: {what} needs an extra\n  hint: pip install 'airkg[{extra}]'")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the known name closest to `name`, or an empty string."""
    import difflib

    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean '{found[0]}'?" if found else ""


def one_of(names: Sequence[str]) -> str:
    """Join names for a message: `a, b or c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def plain(text: str, limit: int = 600) -> str:
    """Return text from a file as one line of a message, which does nothing to a terminal."""
    return channels.line(text, limit)


def show_path(path: Path) -> str:
    """Show a path relative to the working directory when it lies below it."""
    try:
        return channels.line(str(path.resolve().relative_to(Path.cwd())))
    except (ValueError, OSError):  # elsewhere, or the working directory is gone
        return channels.line(str(path))
