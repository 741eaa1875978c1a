"""Corpus folders and texts in which something else stands where a file should."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.coding import CHECK, COVERAGE, FOLDER, READ, covered
from hostile.scene import Scene
from hostile.turtle import second_source

FILES = ("source.yaml", "coding.yaml", "references.json", "anchors.lock", "vocabulary.ttl")


def _fifo(scene: Scene, path: Path) -> None:
    os.mkfifo(path)


def _directory(scene: Scene, path: Path) -> None:
    path.mkdir()


def _loop(scene: Scene, path: Path) -> None:
    path.symlink_to(path.name)


def _nowhere(scene: Scene, path: Path) -> None:
    path.symlink_to("nothing-here")


def _socket(scene: Scene, path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket holds 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _zeroes(scene: Scene, path: Path) -> None:
    scene.device(str(path.relative_to(scene.work)), 5)


def _unreadable(scene: Scene, path: Path) -> None:
    path.write_text("x")
    path.chmod(0)


INSTEAD: dict[str, Callable[[Scene, Path], None]] = {
    "a pipe that nobody writes to": _fifo,
    "a folder": _directory,
    "a link to itself": _loop,
    "a link to nothing": _nowhere,
    "a socket": _socket,
    "a device without end": _zeroes,
    "a file that may not be read": _unreadable,
}
WHICH: dict[str, tuple[str, ...]] = {
    "a pipe that nobody writes to": FILES,
    "a folder": FILES,
    "a link to itself": ("coding.yaml", "vocabulary.ttl", "anchors.lock"),
    "a link to nothing": ("references.json", "vocabulary.ttl"),
    "a socket": ("coding.yaml", "anchors.lock"),
    "a device without end": ("coding.yaml", "references.json", "anchors.lock"),
    "a file that may not be read": ("source.yaml", "anchors.lock", "vocabulary.ttl"),
}


def _instead(what: str, file: str) -> Case:
    def prepare(scene: Scene) -> None:
        path = scene.folder / file
        path.unlink(missing_ok=True)
        INSTEAD[what](scene, path)

    return Case("files", f"{what} for {file}", CHECK, Refused("", FOLDER + file, faults=1), prepare)


def _text(what: str) -> Case:
    def prepare(scene: Scene) -> None:
        path = scene.work / "texts" / "doe2026.txt"
        path.unlink()
        INSTEAD[what](scene, path)

    return Case(
        "texts", f"{what} for the text", (*CHECK, "--texts", "texts"), Refused("", "texts/doe2026.txt"), prepare
    )


def _corpus(why: str, prepare: Callable[[Scene], None], expect: Refused | Accepted, corpus: str = "corpus") -> Case:
    command = COVERAGE if isinstance(expect, Accepted) else CHECK
    words = tuple(corpus if word == "corpus" else word for word in command)
    return Case("folders", why, words, expect, prepare)


def _replace(make: Callable[[Scene, Path], None]) -> Callable[[Scene], None]:
    def prepare(scene: Scene) -> None:
        shutil.rmtree(scene.work / "corpus")
        make(scene, scene.work / "corpus")

    return prepare


def _move(name: str | bytes) -> Callable[[Scene], None]:
    return lambda scene: os.rename(scene.folder, os.path.join(os.fsencode(scene.work / "corpus"), os.fsencode(name)))


def _cut(scene: Scene) -> None:
    second_source(scene)
    (scene.folder / "source.yaml").unlink()


def _crowd(scene: Scene) -> None:
    for i in range(500):
        (scene.work / "corpus" / f"empty{i}").mkdir()


def _deep(scene: Scene) -> None:
    path = scene.work / "corpus"
    for _ in range(200):
        path = path / "d"
    path.mkdir(parents=True)
    (scene.work / "corpus" / "up").symlink_to("..")
    (scene.folder / "round").symlink_to(".")


def _traps(scene: Scene) -> None:
    """Lay modules that Python would import from the working directory, were it on the path."""
    for name in ("json", "yaml", "re", "sitecustomize", "usercustomize", "pyoxigraph", "kg", "typing_extensions"):
        scene.file(f"{name}.py", "import os; os.mkdir('TRAPPED')\n")
        scene.file(f"corpus/doe2026/{name}.py", "import os; os.mkdir('TRAPPED')\n")
    for name in (".env", "pyproject.toml", "pydantic.cfg", ".pdbrc", "conftest.py"):
        scene.file(name, "import os; os.mkdir('TRAPPED')\n")


def _both(scene: Scene, outcome: Outcome) -> None:
    assert [row.split("\t")[0] for row in outcome.out.splitlines()] == ["source", "doe2026", "roe2027"]


def _twin(scene: Scene) -> None:
    shutil.copytree(scene.work / "corpus", scene.work / "twin")


def cases() -> Iterator[Case]:
    for what, files in WHICH.items():
        yield from (_instead(what, file) for file in files)
        yield _text(what) if what != "a link to nothing" else _instead(what, "coding.yaml")
    refused = Refused
    yield _corpus("a file for the corpus", _replace(lambda s, p: p.write_text("x")), refused("", "corpus"))  # type: ignore[arg-type,return-value]
    yield _corpus("a pipe for the corpus", _replace(_fifo), refused("", "corpus"))
    yield _corpus("a link to itself for the corpus", _replace(_loop), refused("", "corpus"))
    yield _corpus("nothing in the corpus", _replace(_directory), refused("no source found", "corpus"))
    yield _corpus("a corpus that is not there", lambda s: None, refused("not there", "nowhere"), "nowhere")
    yield _corpus("a corpus that may not be read", lambda s: (s.work / "corpus").chmod(0), refused("", "corpus"))
    yield _corpus(
        "a source's folder that may not be entered", lambda s: s.folder.chmod(0), refused("", "corpus/doe2026")
    )
    yield _corpus("a corpus named by nothing", lambda s: None, refused(""), "")
    yield _corpus("a corpus with a NUL in its name", lambda s: None, refused(""), "cor\0pus")
    yield _corpus("a corpus named at a length that no disk takes", lambda s: None, refused(""), "x" * 5000)
    yield _corpus("a folder named with a terminal's escapes", _move("doe\x1b[2J2026"), refused("expected", faults=None))
    yield _corpus("a folder whose name turns the line", _move("doe\u202e2026"), refused("expected", faults=None))
    yield _corpus("a folder whose name is two lines", _move("doe\n2026"), refused("expected", faults=None))
    yield _corpus("a folder whose name is no UTF-8", _move(b"doe\xff2026"), refused("expected", faults=None))
    yield _corpus("a folder in capitals", _move("DOE2026"), refused("expected", "corpus/DOE2026/source.yaml", 1, 5))
    for name in ("derived", "ontology", "vocabulary", "catalogue"):
        yield _corpus(
            f"a source that calls itself {name}",
            lambda s, name=name: s.small.rename(name),
            refused(name, f"corpus/{name}/source.yaml", 1, 5),
        )
    yield _corpus(
        "a folder with a coding but no source.yaml beside a whole one", _cut, refused("", "corpus/doe2026/source.yaml")
    )
    yield _corpus("five hundred empty folders, which are no fault", _crowd, READ)
    yield _corpus("links that go round, which are no fault", _deep, READ)
    yield _corpus("a link to the coding, which is no fault", lambda s: _linked(s), READ)
    yield Case(
        "folders",
        "modules that lie in wait in the working directory",
        COVERAGE,
        Accepted(covered, 1),
        _traps,
        cold=True,
    )
    yield Case("folders", "the same corpus twice", (*CHECK, "--corpus", "corpus"), refused("stands twice", faults=None))
    yield Case(
        "folders",
        "the same source in two corpora",
        (*CHECK, "--corpus", "twin"),
        refused("stands twice", faults=None),
        _twin,
    )
    yield Case("folders", "two sources, of which neither is at fault", COVERAGE, Accepted(_both, 1), second_source)
    yield Case("folders", "alone, without a corpus", ("check", "--alone"), refused("--alone"))


def _linked(scene: Scene) -> None:
    (scene.folder / "coding.yaml").rename(scene.work / "coding.yaml")
    (scene.folder / "coding.yaml").symlink_to("../../coding.yaml")
