"""The sealed store: an Oxigraph database on disk, published atomically and verified before it is served.

    STORE/current            symlink to the build that is served
    STORE/builds/NAME/db     the database
    STORE/builds/NAME/seal.json
    STORE/builds/NAME/questions.json   headers of the ready questions, parsed
    STORE/builds/NAME/catalogue.ttl    what the graph holds, in VoID and DCAT
    STORE/lock               held while a build is published

A build is made in a directory of its own, sealed (sizes and hashes of every file, number of quads, hash
of the canonical N-Quads), reopened and compared, and only then does the symlink turn to it, by rename.
So whoever opens the store sees the last good graph or the whole new one, also after `kill -9`.
An Oxigraph store whose manifest is damaged opens as an empty graph without an error: hence the seal.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError

if TYPE_CHECKING:
    import pyoxigraph as ox

SEAL = "seal.json"
COMPILED = "questions.json"
KEPT = 2
_UNSEALED = ("LOCK", "LOG", "IDENTITY")
_POINTERS = ("MANIFEST", "CURRENT")


def default_path() -> Path:
    """Return `KG_STORE`, or `airkg/store` in the user's data directory (XDG base directories)."""
    if given := os.environ.get("KG_STORE"):
        return Path(given)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "airkg" / "store"


def current(path: Path) -> Path | None:
    """Return the directory of the build that is served, or None when there is none."""
    link = path / "current"
    return path / os.readlink(link) if link.is_symlink() else None


def read_seal(path: Path) -> dict[str, Any] | None:
    """Return the seal of the build that is served, unverified; None when there is none or it is broken."""
    build = current(path)
    try:
        seal = json.loads((build / SEAL).read_bytes()) if build else None
    except (OSError, ValueError):
        return None
    return seal if isinstance(seal, dict) else None


def open_store(path: Path, thorough: bool = False) -> ox.Store:
    """Verify the seal and open the store for reading.

    Verified are the number, names and sizes of all files and the hashes of the manifest and its pointer,
    without which a damaged store would open as an empty one; RocksDB itself checks each block that it reads.

    Args:
        path: the store.
        thorough: hash every file instead; a build does so.

    Raises:
        StoreError: no store, or one that differs from its seal.

    """
    build = current(path)
    if build is None:
        raise StoreError(f"error: no store at {path}\n  hint: `kg build` makes one")
    return _open(build, path, thorough)


def _open(build: Path, path: Path, thorough: bool = False) -> ox.Store:
    import pyoxigraph as ox

    hint = "\n  hint: `kg build --force` makes it anew"
    try:
        seal = json.loads((build / SEAL).read_bytes())
        expected = {str(name): str(value) for name, value in dict(seal["files"]).items()}
        quads = int(seal["quads"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"error: the store at {path} has no valid seal ({type(error).__name__}){hint}") from None
    found = _fingerprints(build / "db", thorough)
    expected = expected if thorough else {name: _quick(name, value) for name, value in expected.items()}
    if found != expected:
        wrong = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
        raise StoreError(f"error: the store at {path} differs from its seal ({', '.join(wrong[:3])}){hint}")
    try:
        store = ox.Store.read_only(str(build / "db"))
        empty = next(iter(store.quads_for_pattern(None, None, None, None)), None) is None
    except (OSError, RuntimeError) as error:
        raise StoreError(f"error: the store at {path} cannot be opened: {error}{hint}") from None
    if empty or not quads:
        raise StoreError(f"error: the store at {path} is empty{hint}")
    return store


def read_compiled(path: Path) -> dict[str, Any]:
    """Return the question headers that were read when the store was built; empty when there are none."""
    build = current(path)
    try:
        found = json.loads((build / COMPILED).read_bytes()) if build else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def publish(
    path: Path,
    quads: Iterable[ox.Quad],
    about: dict[str, Any],
    compiled: dict[str, Any] | None = None,
    beside: Mapping[str, Callable[[Mapping[str, Any]], str]] | None = None,
) -> dict[str, Any]:
    """Write quads as a new build and turn the store to it.

    Args:
        path: the store.
        quads: the whole graph.
        about: what else the seal records (the inputs' fingerprint, counts).
        compiled: question headers to keep beside the graph.
        beside: names of further text files to keep there, each with what makes its text from the seal.

    Returns:
        The seal.

    Raises:
        StoreError: another build is running, or the disk does not take it; the old build stays.

    """
    import shutil
    import tempfile

    import pyoxigraph as ox

    builds = path / "builds"
    try:
        builds.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            work = Path(tempfile.mkdtemp(prefix="build-", dir=builds))
            try:
                lines = sorted({f"{quad} ." for quad in quads})
                store = ox.Store(str(work / "db"))
                store.bulk_load("\n".join(lines).encode(), ox.RdfFormat.N_QUADS)
                store.flush()
                count = len(store)
                del store
                seal = {
                    **about,
                    "quads": count,
                    "sha256": hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest(),
                    "files": _fingerprints(work / "db"),
                }
                (work / SEAL).write_text(json.dumps(seal, indent=1, sort_keys=True) + "\n")
                (work / COMPILED).write_text(json.dumps(compiled or {}, ensure_ascii=False))
                for name, text in (beside or {}).items():
                    (work / name).write_text(text(seal), encoding="utf-8")
                for file in [
                    *(work / "db").iterdir(),
                    *(f for f in work.iterdir() if f.is_file()),
                    work / "db",
                    work,
                    builds,
                ]:
                    _sync(file)
                if len(lines) != count or len(_open(work, path, thorough=True)) != count:
                    raise StoreError(f"error: the new store holds {count} quads, {len(lines)} expected")
            except BaseException:
                shutil.rmtree(work, ignore_errors=True)
                raise
            _turn(path, work)
            _tidy(path, work)
            return seal
    except OSError as error:
        raise StoreError(f"error: the store at {path} cannot be written: {error}") from None


def _turn(path: Path, build: Path) -> None:
    """Point `current` to a build, by rename."""
    link = path / f"current.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("builds") / build.name)
    os.replace(link, path / "current")
    _sync(path)


def _tidy(path: Path, newest: Path) -> None:
    """Remove all but the newest builds; leftovers of killed builds have no seal and go first."""
    import shutil

    for link in path.glob("current.*"):
        link.unlink(missing_ok=True)
    others = [b for b in (path / "builds").iterdir() if b != newest]
    sealed = sorted((b for b in others if (b / SEAL).exists()), key=lambda b: (b / SEAL).stat().st_mtime_ns)
    for old in [b for b in others if b not in sealed] + sealed[: len(sealed) - (KEPT - 1)]:
        shutil.rmtree(old, ignore_errors=True)


def _quick(name: str, fingerprint: str) -> str:
    """Return what the quick verification compares: size and hash of the manifest and its pointer, else the size."""
    return fingerprint if name.startswith(_POINTERS) else fingerprint.partition(" ")[0]


def _fingerprints(db: Path, thorough: bool = True) -> dict[str, str]:
    """Return each file's size and hash; unless thorough, the hash of the manifest and its pointer alone."""
    found: dict[str, str] = {}
    try:
        entries = sorted(os.scandir(db), key=lambda e: e.name)
    except OSError:
        return found
    for entry in entries:
        if entry.name.startswith(_UNSEALED):
            continue
        found[entry.name] = str(entry.stat().st_size)
        if thorough or entry.name.startswith(_POINTERS):
            try:
                digest = hashlib.sha256(Path(entry.path).read_bytes()).hexdigest()
            except OSError:
                digest = "unreadable"
            found[entry.name] += f" {digest}"
    return found


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    import fcntl

    with open(path / "lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"error: another build is writing to {path}\n  hint: wait for it, or use --store"
            ) from None
        yield


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
