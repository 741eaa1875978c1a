"""Reading what somebody gave: the one door for files, so that no pipe hangs it and no device fills the memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kg.errors import CodingError, Place

LIMIT = 20_000_000
"""Bytes of the largest file that is read."""

# a pipe without a writer would block the open, a terminal could become the process's own; other systems lack the words
_FLAGS = os.O_RDONLY | sum(getattr(os, f"O_{word}", 0) for word in ("NONBLOCK", "NOCTTY", "CLOEXEC", "BINARY"))
_OTHERS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_bytes(file: Path, limit: int = LIMIT, hint: str = "") -> bytes:
    """Return the bytes of a regular file, or of the one that a link leads to.

    The file is opened once; what is checked is what was opened, whatever happens to its name meanwhile.

    Args:
        file: its path.
        limit: the most bytes that it may have.
        hint: what to do where it is not there.

    Raises:
        CodingError: not there, no regular file, unreadable, or too large.

    """
    try:
        descriptor = os.open(file, _FLAGS)
    except FileNotFoundError:
        if file.is_symlink():
            raise CodingError(Place(file), "a link that leads nowhere found, a file expected") from None
        raise CodingError(Place(file), "the file is not there", hint) from None
    except (OSError, ValueError) as error:
        raise CodingError(Place(file), f"cannot be read: {reason(error)}") from None
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            found = _OTHERS.get(stat.S_IFMT(about.st_mode), "something else")
            raise CodingError(Place(file), f"{found} found, a file expected")
        if about.st_size > limit:
            raise CodingError(Place(file), f"{about.st_size:,} bytes found, at most {limit:,} expected")
        parts, size = [], 0
        # some files (below /proc, on a network) do not know their size, others grow while they are read
        while part := os.read(descriptor, max(about.st_size - size, 0) + 65_536):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise CodingError(Place(file), f"more than {limit:,} bytes found, at most {limit:,} expected")
    except OSError as error:
        raise CodingError(Place(file), f"cannot be read: {reason(error)}") from None
    finally:
        os.close(descriptor)
    return b"".join(parts)


def read_text(file: Path, limit: int = LIMIT, hint: str = "") -> str:
    """Read a UTF-8 file, its line ends as they are.

    Raises:
        CodingError: as `read_bytes`, or not UTF-8 (with the line of the first bad byte).

    """
    raw = read_bytes(file, limit, hint)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte 0x{raw[error.start]:02x} found, UTF-8 text expected"
        raise CodingError(Place(file, line, column), message, "save the file as UTF-8") from None


def reason(error: OSError | ValueError) -> str:
    """Say in the system's words why a file or folder cannot be read."""
    return getattr(error, "strerror", None) or str(error)


def listed(folder: Path) -> list[str]:
    """Return the names in a folder, sorted, without hidden ones.

    Raises:
        CodingError: not there, no folder, or unreadable.

    """
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except FileNotFoundError:
        raise CodingError(Place(folder), "the directory is not there") from None
    except (OSError, ValueError) as error:
        raise CodingError(Place(folder), f"cannot be read: {reason(error)}") from None


def is_folder(path: Path) -> bool:
    """Tell whether a path, or what a link there leads to, is a folder.

    Raises:
        CodingError: nobody can tell: a link that leads nowhere or in a circle.

    """
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except FileNotFoundError:
        raise CodingError(Place(path), "a link that leads nowhere found, a file or folder expected") from None
    except (OSError, ValueError) as error:
        raise CodingError(Place(path), f"cannot be read: {reason(error)}") from None


class Lines:
    """Places of offsets; offsets that rise cost the text once, however many they are."""

    def __init__(self, text: str, file: Path) -> None:
        self._text, self._file = text, file
        self._at, self._line = 0, 1

    def place(self, offset: int) -> Place:
        """Return the place of an offset into the text."""
        if offset < self._at:
            self._at, self._line = 0, 1
        self._line += self._text.count("\n", self._at, offset)
        self._at = offset
        return Place(self._file, self._line, offset - self._text.rfind("\n", 0, offset))
