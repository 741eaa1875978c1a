"""The seal of a build: every file with its size and hash, the store's format, the version of the program.

    STORE/current ─names▶ builds/HASH ─is the hash of▶ seal.json ─names▶ every file of the build

So a byte changed anywhere shows, also in the seal, and so does a file too many, another build's file, and a
link, pipe or directory in a file's place.

To hash a large database at each opening would take too long, and RocksDB's own checksums do not suffice: over a
damaged block Oxigraph repeats its error without end, and `ORDER BY` gathers errors until memory is full. So what
was hashed is noted in `proof.json`, with size and times of each file, and hashed again only where one of
these is another: after any change by whatever program, and in a copy. A damaged or missing proof costs time alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kg import __version__
from kg.errors import StoreError, plain

FORMAT = 2
"""The number of the form in which a store is kept; 1, without a number, was that of version 0.1.0."""

FILE = "seal.json"
PROOF = "proof.json"
DATABASE = "db"
SEALED = re.compile("[0-9a-f]{64}")
"""The name of a sealed build: the hash of its seal."""

_POINTERS = (f"{DATABASE}/MANIFEST", f"{DATABASE}/CURRENT")
"""Small files that are hashed at each opening: with a damaged manifest a database opens as an empty one."""


def write(build: Path, about: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Seal a build that is complete.

    Returns:
        The name that its directory must now bear, and the seal.

    """
    files = {name: _fingerprint(entry) for name, entry in _entries(build).items()}
    seal = {**about, "format": FORMAT, "version": __version__, "files": files}
    raw = (json.dumps(seal, indent=1, sort_keys=True) + "\n").encode()
    (build / FILE).write_bytes(raw)
    return hashlib.sha256(raw).hexdigest(), seal


def of(build: Path) -> dict[str, Any]:
    """Return the seal of a build, which is that which the build is named for.

    Raises:
        StoreError: it is not, or it is of a format or version other than this program's.

    """
    if not SEALED.fullmatch(build.name):
        raise _foreign(build, f"is not of format {FORMAT}, which airkg {__version__} reads")
    try:
        raw = content(build / FILE)
    except OSError as error:
        raise broken(build, f"has no valid seal: {error.strerror or error}") from None
    if hashlib.sha256(raw).hexdigest() != build.name:
        raise broken(build, f"has no valid seal: {FILE} has been changed")
    seal: dict[str, Any] = json.loads(raw)
    if seal.get("format") != FORMAT:
        raise _foreign(build, f"is of format {seal.get('format')}, airkg {__version__} reads {FORMAT}")
    if seal["version"] != __version__:
        # the questions of a version ask for what the rules of that version derive
        raise _foreign(build, f"was built by airkg {seal['version']}, this is {__version__}")
    return seal


def verify(build: Path, thorough: bool = False) -> dict[str, Any]:
    """Compare a build with its seal, and return the seal.

    Compared are the names, kinds, sizes and hashes of all files; a hash that was proven is taken as read.

    Args:
        build: its directory.
        thorough: hash every file, proven or not; a build does so.

    Raises:
        StoreError: it differs; and as `of`.

    """
    seal = of(build)
    _compare(build, seal, {} if thorough else _proof(build))
    return seal


def prove(build: Path) -> None:
    """Compare a build with its seal thoroughly, and note what was compared, if that can be written.

    Raises:
        StoreError: as `verify`.

    """
    stamps = _compare(build, of(build), {})
    if stamps != _proof(build):
        with suppress(OSError):  # whoever may not write here hashes at each opening
            (build / PROOF).unlink(missing_ok=True)
            (build / PROOF).write_text(json.dumps(stamps, indent=1, sort_keys=True) + "\n")


def read(build: Path, seal: Mapping[str, Any], name: str) -> bytes:
    """Return the content of a file that lies beside the database, which is that which was sealed.

    Raises:
        StoreError: it was never sealed, or has been changed since.

    """
    sealed = seal["files"].get(name, "")
    try:
        raw = content(build / name, int(sealed.partition(" ")[0] or 0))
    except OSError:
        raise _differs(build, [name]) from None
    if sealed != f"{len(raw)} {hashlib.sha256(raw).hexdigest()}":
        raise _differs(build, [name])
    return raw


def _differs(build: Path, names: list[str]) -> StoreError:
    return broken(build, f"differs from its seal ({plain(', '.join(names[:3]))})")


def broken(build: Path, how: str) -> StoreError:
    """Return the error that names the store, what is wrong with this build of it, and what mends it."""
    return StoreError(f"error: the store at {build.parent.parent} {how}\n  hint: `kg build --force` makes it anew")


def _foreign(build: Path, how: str) -> StoreError:
    return StoreError(f"error: the store at {build.parent.parent} {how}\n  hint: `kg build` makes it anew")


def content(file: Path, longest: int = 1 << 20) -> bytes:
    """Return what is in a regular file; at most one byte more than the longest that is expected, a seal by default.

    Raises:
        OSError: there is none, it cannot be read, or something else has its name.

    """
    # NONBLOCK: a pipe in its place must not hold us up
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{file.name} is no regular file")
        return stream.read(longest + 1)


def _proof(build: Path) -> dict[str, str]:
    """Return what is noted of files whose hash was compared; empty where nothing is, or nothing that makes sense."""
    try:
        found = json.loads(content(build / PROOF))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _compare(build: Path, seal: Mapping[str, Any], proof: Mapping[str, str]) -> dict[str, str]:
    """Compare all files with the seal, and return the stamps that they had before."""
    sealed, stamps = seal["files"], dict[str, str]()
    try:
        entries = _entries(build)
        wrong = sorted(entries.keys() ^ sealed.keys())
        for name in sorted(entries.keys() & sealed.keys()):
            about = entries[name].stat(follow_symlinks=False)
            stamps[name] = _stamp(about)
            proven = proof.get(name) == stamps[name] and not name.startswith(_POINTERS)
            if not stat.S_ISREG(about.st_mode) or not (proven or _fingerprint(entries[name]) == sealed[name]):
                wrong.append(name)
    except OSError as error:
        raise broken(build, f"cannot be read: {error.strerror or error}") from None
    if wrong:
        raise _differs(build, wrong)
    return stamps


def _stamp(about: os.stat_result) -> str:
    """Return what changes with every change of a file; who sets the times back changes the last."""
    return f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"


def _fingerprint(entry: os.DirEntry[str]) -> str:
    with open(entry.path, "rb") as stream:
        return f"{os.fstat(stream.fileno()).st_size} {hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _entries(build: Path) -> dict[str, os.DirEntry[str]]:
    """Return what lies in a build's directory and in its database's, by name, but the seal and the proof."""
    found: dict[str, os.DirEntry[str]] = {}
    for entry in os.scandir(build):
        if entry.name == DATABASE and entry.is_dir(follow_symlinks=False):
            found |= {f"{DATABASE}/{inner.name}": inner for inner in os.scandir(entry)}
        elif entry.name not in (FILE, PROOF):
            found[entry.name] = entry
    return found
