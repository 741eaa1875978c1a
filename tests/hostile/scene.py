"""The fresh folder in which a case happens, and what it looks like before and after."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import small as samples

Look = dict[str, tuple[object, ...]]
"""A path relative to a root, and what is there: kind, mode, size, time of change, contents."""


@dataclass
class Scene:
    """`work` is the working directory, with `corpus/` and `texts/`; `home` and `tmp` are HOME and TMPDIR.

    Attributes:
        store: a store with the small corpus, shared by all cases, which only read it.
        url: the canary's address.

    """

    root: Path
    store: Path
    url: str

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def folder(self) -> Path:
        """The small source's folder."""
        return self.work / "corpus" / samples.NAME

    @property
    def small(self) -> samples.Small:
        return samples.Small(self.work / "corpus", self.work / "texts", None)  # type: ignore[arg-type]

    def file(self, name: str, content: str | bytes) -> Path:
        """Write a file of the working directory; CANARY becomes the canary's address."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data.replace(b"CANARY", self.url.encode()))
        return path

    def spoil(self, file: str, old: str, new: str) -> tuple[int, int]:
        """As `small.spoil`: put `new` for `old`, return the place of the mark in it."""
        return samples.spoil(self.small, file, old, new.replace("CANARY", self.url))

    def own_store(self) -> Path:
        """Copy the store into the working directory, to be damaged."""
        return Path(shutil.copytree(self.store, self.work / "store", symlinks=True))

    def device(self, name: str, minor: int) -> Path:
        """Make a character device of the memory driver (3: null, 5: zero, 7: full), or link to the machine's own.

        Only root may make one, and only root could ever replace the machine's own.
        """
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
            path.chmod(0o666)
        else:
            path.symlink_to({3: "/dev/null", 5: "/dev/zero", 7: "/dev/full"}[minor])
        return path


def make_scene(root: Path, template: Path, store: Path, url: str) -> Scene:
    """Lay out a scene: the small corpus with its text, an empty home and an empty TMPDIR."""
    for name in ("home", "tmp"):
        (root / name).mkdir(parents=True)
    shutil.copytree(template, root / "work")
    return Scene(root, store, url)


def look(*roots: Path) -> Look:
    """Describe every file and folder below some folders, without following links."""
    return {str(path): _describe(path) for root in roots for path in _walk(root)}


def _walk(folder: Path) -> Iterable[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for path in entries:
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)


def _describe(path: Path) -> tuple[object, ...]:
    found = path.lstat()
    kind = stat.S_IFMT(found.st_mode)
    if stat.S_ISDIR(kind):  # its time changes with every temporary file, which may come and go
        return "folder", oct(found.st_mode)
    if stat.S_ISLNK(kind):
        return "link", os.readlink(path)
    if not stat.S_ISREG(kind):
        return "special", oct(found.st_mode), found.st_rdev, found.st_ino
    try:
        content = hashlib.sha256(path.read_bytes()).hexdigest() if found.st_size < 1 << 20 else ""
    except OSError:
        content = "unreadable"
    return "file", oct(found.st_mode), found.st_size, found.st_mtime_ns, content


def changes(before: Look, after: Look, root: Path, allowed: Iterable[str]) -> list[str]:
    """Return what was created, changed or removed, but for what a case may write."""
    globs = [str(root / one) for one in allowed]
    told = []
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path) and not any(fnmatchcase(path, one) for one in globs):
            did = "created" if path not in before else "removed" if path not in after else "changed"
            told.append(f"{did} {path.removeprefix(f'{root}/')}")
    return told
