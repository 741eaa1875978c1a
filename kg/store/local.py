"""The sealed store: an Oxigraph database on disk, verified before it is served.

    STORE/current            symlink to the build that is served
    STORE/builds/HASH/       a build, named by the hash of its seal
        db/                  the database
        seal.json            every file of the build, and what it was made from (`seals`)
        proof.json           which of these were compared with the seal
        questions.json       headers of the ready questions, parsed
        catalogue.ttl        what the graph holds, in VoID and DCAT
        asking.json          what free words are understood by (`kg.ask.prepared`)
        search.db            the index of `kg search` (`index`)
    STORE/lock               held while a build is published (`publish`)

Whoever opens the store sees the last good graph or the whole new one, also after `kill -9`.
An Oxigraph store whose manifest is damaged opens as an empty graph without an error: hence the seal.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kg.errors import StoreError
from kg.store import seals

if TYPE_CHECKING:
    import pyoxigraph as ox

COMPILED = "questions.json"
OURS = re.compile(rf"making-.+|build-.+|{seals.SEALED.pattern}")
"""What a build's directory is named: while it is made, by version 0.1.0, and once it is sealed."""

ROOM = 768 << 20
"""Bytes of address space in which a database opens; 700 MiB sufficed, 500 did not."""

T = TypeVar("T")


def default_path() -> Path:
    """Return `KG_STORE`, or `airkg/store` in the user's data directory (XDG base directories).

    Raises:
        StoreError: nobody says where that is.

    """
    if given := os.environ.get("KG_STORE"):
        return Path(given)
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    try:
        # a relative path there is to be ignored, says the specification
        base = data if data.is_absolute() else Path.home() / ".local" / "share"
    except RuntimeError:
        raise StoreError(
            "error: no home directory to keep the store in\n  hint: --store DIR, or set KG_STORE"
        ) from None
    return base / "airkg" / "store"


def current(path: Path) -> Path | None:
    """Return the directory of the build that is served, or None when nothing was ever published.

    Raises:
        StoreError: `current` is gone or something else than a link to one of the store's own builds.

    """
    link = path / "current"
    try:
        folder, _, name = os.readlink(link).partition("/")
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EINVAL):
            hint = "--store names another, or KG_STORE"
            raise StoreError(f"error: the store at {path} cannot be read: {error.strerror}\n  hint: {hint}") from None
        builds = (path / "builds").glob("*")
        # where builds are but no link, to say that there is no store would mean to build another in its place
        if error.errno != errno.EINVAL and not any(seals.SEALED.fullmatch(build.name) for build in builds):
            return None
        folder = name = ""
    if folder != "builds" or not OURS.fullmatch(name):
        raise StoreError(f"error: {link} is no link to a build of the store\n  hint: `kg build --force` makes one")
    return path / folder / name


def read_seal(path: Path) -> dict[str, Any] | None:
    """Return the seal of the build that is served, unverified; None when there is none or it is broken."""
    try:
        build = current(path)
        seal = json.loads(seals.content(build / seals.FILE)) if build else None
    except (StoreError, OSError, ValueError):
        return None
    return seal if isinstance(seal, dict) else None


class Build(NamedTuple):
    """A build that was verified: its seal and its database, open for reading."""

    seal: dict[str, Any]
    store: ox.Store


def open_build(path: Path, thorough: bool = False) -> Build:
    """Verify the build that is served and open its database for reading.

    Args:
        path: the store.
        thorough: hash every file, also those that are proven.

    Raises:
        StoreError: no store, or one that differs from its seal, or is of another format or version.

    """
    return steadily(path, lambda build: opened(build, thorough))


def open_store(path: Path, thorough: bool = False) -> ox.Store:
    """Return the database of the build that is served, as `open_build` does."""
    return open_build(path, thorough).store


def read_compiled(path: Path) -> dict[str, Any]:
    """Return the question headers that were read when the store was built.

    Raises:
        StoreError: as `open_build`.

    """
    found: dict[str, Any] = json.loads(steadily(path, lambda build: seals.read(build, seals.of(build), COMPILED)))
    return found


def read_beside(path: Path, name: str, what: str) -> bytes:
    """Return the content of a file that was made beside the graph.

    Args:
        path: the store.
        name: the file's.
        what: is in it, for the error.

    Raises:
        StoreError: as `open_build`; or the build was made without it.

    """

    def content(build: Path) -> bytes:
        seal = seals.of(build)
        if name not in seal["files"]:
            raise seals.broken(build, f"has not {what}")
        return seals.read(build, seal, name)

    return steadily(path, content)


def prove(path: Path) -> None:
    """Hash every file of the build that is served, so that opening it need not.

    Raises:
        StoreError: as `open_build`.

    """
    steadily(path, seals.prove)


def steadily(path: Path, read: Callable[[Path], T]) -> T:
    """Read the build that is served; where it is replaced and removed meanwhile, the one that was put in its place."""
    build = current(path)
    while build:
        try:
            return read(build)
        except StoreError:
            before, build = build, current(path)
            if build == before:
                raise
    raise StoreError(f"error: no store at {path}\n  hint: `kg build` makes one")


def _room() -> None:
    """Refuse to open a database where its threads would find no room: RocksDB then ends the whole process.

    Raises:
        StoreError: a limit on memory (`ulimit -v`) is too low.

    """
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft < ROOM:
        raise StoreError(
            f"error: {soft >> 20:,} MiB of memory allowed to this process, {ROOM >> 20:,} expected to open a store"
            "\n  hint: `ulimit -v` sets it"
        )


def opened(build: Path, thorough: bool = False) -> Build:
    """Verify a build, be it served or not, and open its database for reading."""
    import pyoxigraph as ox

    seal = seals.verify(build, thorough)
    _room()
    try:
        return Build(seal, ox.Store.read_only(str(build / seals.DATABASE)))
    except (OSError, RuntimeError) as error:
        raise seals.broken(build, f"cannot be opened: {error}") from None
