"""Publishing: a build is made in a directory of its own, sealed, reopened and compared, and only then served.

`current` turns to it by rename, so that there is no moment without it, and the build served before is kept for
those who have it open. No step asks the clock which build is the newer one. Killed at any moment, a build leaves
what was served before or the whole new graph, and what else it leaves is removed by the next.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError
from kg.store import seals
from kg.store.local import COMPILED, OURS, opened

if TYPE_CHECKING:
    import pyoxigraph as ox

_TICK = 0.02
"""Seconds after which a change of a file surely has another time than the one before; kernels count in 1 to 10 ms."""


def publish(
    path: Path,
    quads: Iterable[ox.Quad],
    about: dict[str, Any],
    compiled: dict[str, Any] | None = None,
    beside: Mapping[str, Callable[[Mapping[str, Any]], str | bytes]] | None = None,
    asked: Mapping[str, Callable[[ox.Store], bytes]] | None = None,
) -> dict[str, Any]:
    """Write quads as a new build and turn the store to it.

    Args:
        path: the store.
        quads: the whole graph.
        about: what else the seal records (the inputs' fingerprint, counts).
        compiled: question headers to keep beside the graph.
        beside: names of further files to keep there, each with what makes its text or its bytes from what the
            seal will say of the graph.
        asked: the same of files that are made by asking the graph itself.

    Returns:
        The seal.

    Raises:
        StoreError: another build is running, or the disk does not take it; the old build stays.

    """
    lines = sorted({f"{quad} ." for quad in quads})
    if not lines:
        raise StoreError(f"error: the graph for the store at {path} is empty, at least one quad expected")
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    about = {**about, "quads": len(lines), "sha256": digest}
    files: dict[str, str | bytes] = {COMPILED: json.dumps(compiled or {}, ensure_ascii=False)}
    files |= {name: make(about) for name, make in (beside or {}).items()}
    builds = path / "builds"
    try:
        builds.mkdir(parents=True, exist_ok=True)
        with _locked(path / "lock"):
            before = _target(path)
            build = builds / f"making-{os.getpid()}-{os.urandom(4).hex()}"
            try:
                _write(build, lines, files, asked or {})
                name, seal = seals.write(build, about)
                for file in (*build.rglob("*"), build):
                    _sync(file)
                build = build.rename(builds / name)
                _sync(builds)
                time.sleep(_TICK)
                seals.prove(build)
                if (count := len(opened(build).store)) != len(lines):
                    raise StoreError(f"error: the new store holds {count} quads, {len(lines)} expected")
                _turn(path, build)
            except BaseException:
                if _target(path) != build.name:
                    _remove(build)
                raise
            _sync(path)
            _tidy(path, {build.name, before})
            return seal
    except OSError as error:
        raise StoreError(f"error: the store at {path} cannot be written: {error}") from None


def refuse(path: Path) -> None:
    """Refuse a place where no store can be written, before time is spent on what should be there.

    Raises:
        StoreError: what is there is no folder, or may not be written in, or the name is none.

    """
    for folder in (path / "builds", path, *path.absolute().parents):
        try:
            found = folder.stat()
        except FileNotFoundError:
            if not folder.is_symlink():
                continue
            reason = f"{folder} leads nowhere"
        except OSError as error:
            reason = str(error)
        else:
            writable = os.access(folder, os.W_OK | os.X_OK)
            reason = "" if writable else f"[Errno {errno.EACCES}] Permission denied: '{folder}'"
            reason = reason if stat.S_ISDIR(found.st_mode) else f"{folder} is no folder"
        if reason:
            raise StoreError(f"error: the store at {path} cannot be written: {reason}")
        return


def _write(
    build: Path,
    lines: list[str],
    files: Mapping[str, str | bytes],
    asked: Mapping[str, Callable[[ox.Store], bytes]],
) -> None:
    """Make a build's directory, database and further files, readable by whom the umask lets."""
    import pyoxigraph as ox

    build.mkdir()
    allowed = build.stat().st_mode & 0o777
    store = ox.Store(str(build / seals.DATABASE))
    store.bulk_load("\n".join(lines).encode(), ox.RdfFormat.N_QUADS)
    store.flush()
    files = {**files, **{name: make(store) for name, make in asked.items()}}
    del store
    for log in (build / seals.DATABASE).glob("LOG*"):
        log.unlink()  # RocksDB's diary names the machine and the user's folders, and no reader wants it
    for name, content in files.items():
        (build / name).write_bytes(content.encode() if isinstance(content, str) else content)
    for made in build.rglob("*"):
        made.chmod(allowed if made.is_dir() else allowed & 0o666)


def _turn(path: Path, build: Path) -> None:
    """Point `current` to a build, by rename, so that there is no moment without it."""
    link = path / f"current.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / build.name)
    os.replace(link, path / "current")


def _target(path: Path) -> str:
    """Return the name of the build that is served; empty when there is none."""
    try:
        return Path(os.readlink(path / "current")).name
    except OSError:
        return ""


def _tidy(path: Path, kept: set[str]) -> None:
    """Remove all builds but those named, and what killed ones have left; whoever builds holds the lock."""
    for link in path.glob("current.*"):
        link.unlink(missing_ok=True)
    for build in (path / "builds").iterdir():
        if build.name not in kept and OURS.fullmatch(build.name):
            _remove(build)


def _remove(build: Path) -> None:
    import shutil

    shutil.rmtree(build, ignore_errors=True)


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    import fcntl

    # neither through a link, whose target is not ours, nor held up by a pipe
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{lock} is no regular file")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"error: another build is writing to {lock.parent}\n  hint: wait for it, or use --store"
            ) from None
        yield
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
