"""Writing where the user says: whole or not at all, through links and pipes, and nothing left behind.

    a file that is there       a new one takes its place by rename, with its mode, and its owner where that may be
    a link                     what it points to is written; the link stays
    a pipe or a device         is written through, never replaced: `-o /dev/null` as root must not cost the machine it
    /dev/stdout, /dev/fd/3     is this process's own descriptor, at the place where that stands
    a folder                   is filled where it is empty, made where it is not there, refused otherwise

What is under way stands beside its target as `.kg-…`, locked by who writes it. A process that is killed outright
cannot take its own away: the next that writes there finds it unlocked and removes it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kg.errors import UsageError

_OURS = r"\.kg-[0-9a-f]{16}(\.[^/]*)?"
_NAMED = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}


def write_text(target: str | Path, text: str) -> None:
    """Write a text in UTF-8.

    Raises:
        UsageError: the target cannot be written; what was there is still there.
        BrokenPipeError: a pipe whose reader has gone.

    """
    with replacing(target) as path:
        path.write_bytes(text.encode("utf-8", "backslashreplace"))


@contextmanager
def replacing(target: str | Path, folder: bool = False, still: bytes | None = None) -> Iterator[Path]:
    """Yield a path to write to, which takes the target's place when the block ends without an error.

    Args:
        target: a file or folder.
        folder: the block makes a folder at the path; else a file.
        still: what a file must hold to the end; if somebody has changed it meanwhile, it is left to them.

    Raises:
        UsageError: the target cannot be written; what was there is still there.
        BrokenPipeError: a pipe whose reader has gone.

    """
    named = str(target)
    if not named:
        raise UsageError("error: -o found without a name")
    try:
        with _stopped_by_signals():
            if folder:
                yield from _a_folder(Path(target))
            elif (through := _through(named)) is not None:
                with streaming(through, Path(named).suffix) as path:
                    yield path
            else:
                if named.endswith("/"):
                    raise IsADirectoryError(21, "a folder's name found")
                yield from _a_file(Path(os.path.realpath(named)), Path(named).suffix, still)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"error: {named} cannot be written: {error.strerror or error}") from None


def _through(named: str) -> int | str | None:
    """Return what must be written through rather than replaced: an open descriptor, or a path; None for a file."""
    own = re.compile(rf"/(?:dev|proc/(?:self|thread-self|{os.getpid()}))/fd/(\d+)")
    hop, hops = named, 0
    while hops < 40:
        hop, hops = os.path.normpath(Path(hop).absolute()), hops + 1
        if hop in _NAMED:
            return _NAMED[hop]
        if found := own.fullmatch(hop):
            return int(found[1])
        if not Path(hop).is_symlink():
            break
        hop = str(Path(hop).parent / os.readlink(hop))
    try:
        mode = os.stat(named).st_mode
    except FileNotFoundError:
        return None
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else named


@contextmanager
def streaming(through: BinaryIO | int | str, suffix: str = "") -> Iterator[Path]:
    """Yield a path to write to, and at the end copy what stands there to a stream, a descriptor, a pipe or a device."""
    import shutil
    import tempfile

    with _stopped_by_signals(), _beside(Path(tempfile.gettempdir()) / "x", suffix, private=True) as path:
        yield path
        with open(path, "rb") as source:
            if not isinstance(through, int | str):
                shutil.copyfileobj(source, through)
                through.flush()
                return
            with open(through, "wb", closefd=isinstance(through, str)) as pipe:
                shutil.copyfileobj(source, pipe)


def _a_file(target: Path, suffix: str, still: bytes | None) -> Iterator[Path]:
    """Yield a path beside the target, and rename it to that in the end."""
    try:
        old = target.stat()
    except FileNotFoundError:
        old = None
    if old and stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(21, "it is a folder")
    if old and not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied")
    with _beside(target, suffix) as path:
        yield path
        with open(path, "rb+") as written:
            if old:
                _keep(written.fileno(), old)
            os.fsync(written.fileno())
        if still is not None and target.read_bytes() != still:
            raise UsageError(f"error: {target} has changed meanwhile, and is left as it is\n  hint: try again")
        os.replace(path, target)


def _keep(file: int, old: os.stat_result) -> None:
    """Give a file the owner, where that may be, and the mode of the one whose place it takes."""
    now = os.fstat(file)
    if (now.st_uid, now.st_gid) != (old.st_uid, old.st_gid):
        for owner in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
            try:
                os.fchown(file, *owner)
            except OSError:
                continue
            break
    # After the owner, whose change takes away the set-user and set-group bits.
    os.fchmod(file, stat.S_IMODE(old.st_mode))


def _a_folder(target: Path) -> Iterator[Path]:
    """Yield a path for a new folder; an empty one that is there is filled, so that its mode and owner stay."""
    target = Path(os.path.realpath(target))
    if not target.is_dir():
        if target.exists():
            raise NotADirectoryError(20, "it is no folder")
        with _beside(target, "", folder=True) as path:
            yield path / "whole"
            (path / "whole").rename(target)
        return
    _sweep(target)
    if any(os.scandir(target)):
        raise UsageError(f"error: {target} is a folder that is not empty\n  hint: name a new one")
    with _beside(target / "x", "", folder=True) as path:
        yield path / "whole"
        for part in sorted((path / "whole").iterdir()):
            part.rename(target / part.name)


@contextmanager
def _beside(target: Path, suffix: str, folder: bool = False, private: bool = False) -> Iterator[Path]:
    """Yield a new file or folder in the target's folder, locked while it is there, and gone at the end."""
    import shutil

    _sweep(target.parent)
    path, lock = _new(target.parent, suffix, folder, 0o600 if private else 0o666)
    try:
        yield path
    finally:
        os.close(lock)
        if folder:
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _new(parent: Path, suffix: str, folder: bool, mode: int) -> tuple[Path, int]:
    """Make a file or folder with a name of its own, and lock it; return it and the descriptor that holds the lock."""
    import fcntl
    from contextlib import suppress

    while True:
        path = parent / f".kg-{os.urandom(8).hex()}{suffix}"
        if folder:
            path.mkdir()
        try:
            lock = os.open(path, os.O_RDONLY if folder else os.O_RDONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileNotFoundError:
            if folder and parent.is_dir():
                continue
            raise
        with suppress(OSError):  # a file system without locks; there nothing is swept
            fcntl.flock(lock, fcntl.LOCK_EX)
        # Another process may have swept it away between its making and its locking.
        if os.fstat(lock).st_nlink and path.exists():
            return path, lock
        os.close(lock)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left: a lock ends with its process."""
    import fcntl
    import shutil

    for entry in os.scandir(folder):
        if not re.fullmatch(_OURS, entry.name) or entry.is_symlink():
            continue
        try:
            lock = os.open(entry.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if entry.is_dir():
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                Path(entry.path).unlink()
        except OSError:
            pass
        finally:
            os.close(lock)


class Stopped(SystemExit):
    """A signal asked the process to end; its code is 128 and the signal's number, as a shell counts."""


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block by an exception, so that what is under way is taken away."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: object) -> None:
        raise Stopped(128 + number)

    before = {s: signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        if handler == signal.SIG_DFL:
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)
