"""The store: every kind of damage and of disguise; a store says so in a line, or gives the same right answer."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hostile.asking import weakens
from hostile.case import Accepted, Case, Outcome, Refused
from hostile.files import INSTEAD
from hostile.scene import Scene

ASK = ("ask", "weakens", "-f", "json", "--store", "store")
SPARQL = ("sparql", "SELECT (COUNT(*) AS ?n) WHERE { ?a air:asserts ?c }", "--store", "store")
BUILD = ("build", "--corpus", "corpus", "--alone", "--store", "store")
Damage = Callable[[Path], object]
"""Done to the directory of the build that is served."""


def build_of(scene: Scene) -> Path:
    return scene.work / "store" / os.readlink(scene.work / "store" / "current")


def _damaged(why: str, damage: Damage, expect: Refused | Accepted | None = None, words: tuple[str, ...] = ASK) -> Case:
    def prepare(scene: Scene) -> None:
        scene.own_store()
        damage(build_of(scene))

    return Case("store", why, words, expect or Refused("store"), prepare)


def _seal(**changes: Any) -> Damage:
    def damage(build: Path) -> None:
        seal = json.loads((build / "seal.json").read_text())
        (build / "seal.json").write_text(json.dumps({**seal, **changes}))

    return damage


def _put(name: str, content: str | bytes) -> Damage:
    return lambda build: (build / name).write_bytes(content.encode() if isinstance(content, str) else content)


def _instead(name: str, what: str) -> Damage:
    def damage(build: Path) -> None:
        path = build / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        INSTEAD[what](None, path)  # type: ignore[arg-type]

    return damage


def _flip(pattern: str, share: float) -> Damage:
    """Turn one bit of a file of the database."""

    def damage(build: Path) -> None:
        file = max((build / "db").glob(pattern), key=lambda f: f.stat().st_size)
        content = bytearray(file.read_bytes())
        content[int(len(content) * share)] ^= 1
        file.write_bytes(content)

    return damage


def _cut(pattern: str) -> Damage:
    def damage(build: Path) -> None:
        for file in (build / "db").glob(pattern):
            os.truncate(file, file.stat().st_size // 2)

    return damage


def _gone(pattern: str) -> Damage:
    return lambda build: [file.unlink() for file in build.glob(pattern)]


def _poisoned(build: Path) -> None:
    """The compiled question asks something else than its file says."""
    text = (build / "questions.json").read_text()
    assert text.count("air:weakens") or text.count("relation:weakens")
    (build / "questions.json").write_text(text.replace("relation:weakens", "relation:creates"))


def _older(build: Path) -> None:
    for file in build.rglob("*"):
        os.utime(file, (4_102_444_800, 4_102_444_800))


DAMAGES: list[tuple[str, Damage]] = [
    ("no seal", _gone("seal.json")),
    ("an empty seal", _put("seal.json", b"")),
    ("a seal that is no JSON", _put("seal.json", b"\xff\xfe{")),
    ("a seal that is a list", _put("seal.json", "[]")),
    ("a seal of a hundred thousand open lists", _put("seal.json", "[" * 100_000)),
    ("a seal of 50 megabytes", _put("seal.json", " " * 50_000_000)),
    ("a seal that names no files", _seal(files={})),
    ("a seal whose files are a list", _seal(files=[])),
    ("a seal that counts nothing", _seal(quads=0)),
    ("a seal that counts infinity", _seal(quads=float("inf"))),
    ("a seal of another format", _seal(format=9999)),
    ("a seal of another version", _seal(version="0.0.1")),
    ("a seal with a terminal's escapes", _seal(version="\x1b[2J\u202e", sources=["\x1b[2J"])),
    ("a pipe for the seal", _instead("seal.json", "a pipe that nobody writes to")),
    ("a folder for the seal", _instead("seal.json", "a folder")),
    ("a link to itself for the seal", _instead("seal.json", "a link to itself")),
    ("no database", lambda build: shutil.rmtree(build / "db")),
    ("a pipe for the database", _instead("db", "a pipe that nobody writes to")),
    ("a manifest cut in half", _cut("MANIFEST-*")),
    ("a bit of the manifest turned", _flip("MANIFEST-*", 0.5)),
    ("a pointer to another manifest", lambda build: (build / "db" / "CURRENT").write_text("MANIFEST-000001\n")),
    ("tables cut in half", _cut("*.sst")),
    ("no tables", _gone("db/*.sst")),
    ("a table too many", _put("db/999999.sst", b"x")),
    ("a table named with a terminal's escapes", _put("db/\x1b[2J.sst", b"x")),
    ("a pipe for a table", lambda build: _instead(f"db/{max(f.name for f in (build / 'db').glob('*.sst'))}",
                                                  "a pipe that nobody writes to")(build)),
    ("questions that ask something else", _poisoned),
    ("questions that are no JSON", _put("questions.json", "{")),
    ("questions of a hundred thousand open lists", _put("questions.json", "[" * 100_000)),
    ("no questions", _gone("questions.json")),
    ("a pipe for the questions", _instead("questions.json", "a pipe that nobody writes to")),
    ("a folder for the questions", _instead("questions.json", "a folder")),
    ("names for free words that are no JSON", _put("asking.json", "{")),
    ("no names for free words", _gone("asking.json")),
    ("a pipe for the names", _instead("asking.json", "a pipe that nobody writes to")),
    ("no catalogue", _gone("catalogue.ttl")),
    ("a file that nobody sealed", _put("notes.txt", "x")),
]  # fmt: skip


def _links(why: str, target: str | None, expect: Refused, words: tuple[str, ...] = ASK) -> Case:
    """`current` that points elsewhere; None: it is a folder."""

    def prepare(scene: Scene) -> None:
        store = scene.own_store()
        shutil.copytree(build_of(scene), scene.work / "elsewhere")
        (store / "current").unlink()
        if target is None:
            (store / "current").mkdir()
        else:
            (store / "current").symlink_to(target.replace("HERE", str(scene.work)))

    return Case("store", why, words, expect, prepare)


def _path(why: str, what: str) -> Case:
    return Case("store", why, ASK, Refused("store"), lambda scene: INSTEAD[what](scene, scene.work / "store"))


def _locked(scene: Scene) -> None:
    """Another process is writing: this one holds the lock as long as the scene lives."""
    import fcntl

    scene.own_store()
    file = open(scene.work / "store" / "lock", "w")  # noqa: SIM115 - closed by the next case
    fcntl.flock(file, fcntl.LOCK_EX)
    _held.append(file)


_held: list[Any] = []


def _victim(scene: Scene) -> None:
    """The lock is a link to a file that matters."""
    store = scene.own_store()
    scene.file("precious", "what matters\n")
    (store / "lock").unlink(missing_ok=True)
    (store / "lock").symlink_to("../precious")


def _readonly(scene: Scene) -> None:
    store = scene.own_store()
    for path in (store, store / "builds"):
        path.chmod(0o555)


def _mended(scene: Scene, outcome: Outcome) -> None:
    from kg.store.local import open_store

    assert len(open_store(scene.work / "store", thorough=True)) > 1000
    assert "built" in outcome.err


def cases() -> Iterator[Case]:
    yield from (_damaged(why, damage) for why, damage in DAMAGES)
    yield _damaged("a bit of a table turned in the middle", _flip("*.sst", 0.5), Refused("store", or_right=weakens))
    yield _damaged("tables cut in half, for a query of one's own", _cut("*.sst"), words=SPARQL)
    yield _damaged("a manifest cut in half, for a query of one's own", _cut("MANIFEST-*"), words=SPARQL)
    yield _damaged("a build of the year 2100, which is no fault", _older, Accepted(weakens))
    yield _damaged("a build that may not be read", lambda build: build.chmod(0))
    yield _damaged("a store that may not be read", lambda build: build.parent.parent.chmod(0))
    yield _links("current that points to nothing", "builds/gone", Refused("store"))
    yield _links("current that points outside", "../elsewhere", Refused("store"))
    yield _links("current that points outside by its whole path", "HERE/elsewhere", Refused("store"))
    yield _links("current that points to itself", "current", Refused("store"))
    yield _links("current that is a folder", None, Refused("store"))
    for why, what in (
        ("a pipe", "a pipe that nobody writes to"),
        ("a link to itself", "a link to itself"),
        ("a socket", "a socket"),
    ):
        yield _path(f"{why} for the store", what)
    yield Case("store", "a file for the store", ASK, Refused("store"), lambda scene: scene.file("store", "x") and None)
    yield Case(
        "store",
        "a file for the store that a build should write",
        BUILD,
        Refused("store"),
        lambda scene: scene.file("store", "x") and None,
    )
    yield Case("store", "a name with a NUL", (*ASK[:-1], "st\0ore"), Refused("NUL"))
    yield Case("store", "a name that no disk takes", (*ASK[:-1], "x" * 5000), Refused(""))
    yield Case(
        "store",
        "a store that another build is writing to",
        BUILD,
        Refused("another build"),
        _locked,
        seconds=8,
        writes=("work/store/lock",),
    )
    yield Case(
        "store",
        "a lock that is a link to what matters",
        BUILD,
        Refused("store"),
        _victim,
        seconds=8,
        writes=("work/store/*",),
    )
    yield Case(
        "store",
        "a store that may not be written, for a build",
        BUILD,
        Refused("store"),
        _readonly,
        seconds=8,
        writes=("work/store/lock",),
    )
    yield Case(
        "store",
        "damage that a build mends",
        BUILD,
        Accepted(_mended),
        lambda s: _mend(s),
        seconds=8,
        writes=("work/store/*",),
    )


def _mend(scene: Scene) -> None:
    scene.own_store()
    _cut("*.sst")(build_of(scene))
