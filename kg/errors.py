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

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kg import channels

T = TypeVar("T")

SHOWN = 50
"""How many faults of a run are printed."""
KEPT = 200
"""How many faults of a file are kept; the others are only counted."""
COMPARED = 1000
"""With how many known names a misspelt one is compared."""


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
    """Several input errors, in file order; nothing was written.

    Attributes:
        faults: those that were kept.
        more: how many were found besides.

    """

    def __init__(self, faults: Iterable[InputError], more: int = 0) -> None:
        self.faults: tuple[InputError, ...] = tuple(
            sorted(faults, key=lambda f: (str(f.place.file), f.place.line, f.place.column))
        )
        self.more = more
        super().__init__(f"{len(self.faults) + more} faults")

    def __str__(self) -> str:
        left = len(self.faults[SHOWN:]) + self.more
        return "\n".join([*map(str, self.faults[:SHOWN]), *([f"… and {left:,} more"] if left else [])])


class Tally:
    """Faults as they are found: the first ones of each file are kept, the others only counted."""

    def __init__(self) -> None:
        self.more = 0
        self._kept: dict[Path, list[InputError]] = {}

    def add(self, fault: InputError) -> None:
        """Take one fault."""
        kept = self._kept.setdefault(fault.place.file, [])
        if len(kept) < KEPT:
            kept.append(fault)
        else:
            self.more += 1

    def extend(self, faults: Iterable[InputError] | Tally | Faults) -> None:
        """Take several, one after the other, and the number of those not kept."""
        for fault in faults.faults if isinstance(faults, Faults) else faults:
            self.add(fault)
        self.more += faults.more if isinstance(faults, Tally | Faults) else 0

    def attempt(self, read: Callable[..., T], *given: Any) -> T | None:
        """Return what a function returns; None where it raises faults, which are taken."""
        try:
            return read(*given)
        except Faults as several:
            self.extend(several)
        except InputError as one:
            self.add(one)
        return None

    def settle(self) -> None:
        """Raise what was found, if anything was."""
        if self:
            raise Faults(self, self.more)

    def __iter__(self) -> Iterator[InputError]:
        return iter([fault for kept in self._kept.values() for fault in kept])

    def __len__(self) -> int:
        return sum(map(len, self._kept.values())) + self.more


class _Told(KgError):
    """An error that is told as it is put: `error: …`, and a hint after a line break."""

    def __init__(self, words: str) -> None:
        # what a person typed or a folder is called stands in it, and must neither break nor fill the line
        told, _, hint = words.partition("\n  hint: ")
        super().__init__(plain(told) + (f"\n  hint: {plain(hint)}" if hint else ""))


class UsageError(_Told):
    """The command line names something that is not there."""


class StoreError(_Told):
    """The store is missing, damaged, locked, or cannot be written."""


class MissingExtra(KgError):
    """An optional dependency is needed; the message says which extra brings it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"error: {what} needs an extra\n  hint: pip install 'airkg[{extra}]'")


def nearest(name: str, known: Collection[str]) -> str:
    """Return `did you mean 'x'?` for the known name closest to `name`, or an empty string.

    Of very many known names only those are compared that begin like it, and of those the first.
    """
    import difflib

    if len(name) > 100:  # comparing two names costs the product of their lengths
        return ""
    for letters in (1, 3):
        if len(known) > COMPARED:
            known = [other for other in known if other[:letters] == name[:letters]]
    some = sorted(known)[:COMPARED] if len(known) > COMPARED else known
    found = difflib.get_close_matches(name, [other for other in some if len(other) <= 100], n=1)
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
    """Show a path relative to the working directory when it lies below it, as harmless as any other text."""
    try:
        # no link is followed: what is shown is the name that was given, also of a link that goes round in a circle
        shown = Path(os.path.abspath(path)).relative_to(Path.cwd())  # noqa: PTH100
    except (ValueError, OSError):
        shown = path
    return plain(str(shown))
