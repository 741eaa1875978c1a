"""Where answers go: `-o` on what is no file, a stdout that takes nothing, exports of hostile names."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.asking import weakens
from hostile.case import Accepted, Case, Outcome, Refused
from hostile.files import INSTEAD
from hostile.scene import Scene
from hostile.typed import EFFECTS

ASK = ("ask", "weakens", "-f", "json", "-o")

COMMANDS: dict[str, tuple[str, ...]] = {
    "ask": ("ask", "weakens", "-f", "json"),
    "ask --explain": ("ask", "weakens", "--explain"),
    "the list of questions": ("ask",),
    "show": ("show", "state-monopoly"),
    "sparql": ("sparql", EFFECTS),
    "check": ("check", "--corpus", "corpus", "--alone"),
    "coverage": ("coverage", "--corpus", "corpus", "--alone", "--texts", "texts"),
    "stats": ("stats",),
    "schema": ("schema",),
    "export assertions": ("export", "assertions"),
    "export gexf": ("export", "gexf"),
    "export turtle": ("export", "turtle"),
    "export html": ("export", "html"),
}
"""Commands that write one file; each exits as it does without -o."""

OLD = "what was there before\n"


def _refused(
    why: str, name: str, prepare: Callable[[Scene], object], says: str = "", words: tuple[str, ...] = ASK
) -> Case:
    return Case("output", why, (*words, name), Refused(says or name), lambda scene: prepare(scene) and None)


def _written(
    why: str,
    name: str,
    prepare: Callable[[Scene], object],
    right: Callable[[Scene, Outcome], object],
    *writes: str,
    words: tuple[str, ...] = ASK,
) -> Case:
    return Case("output", why, (*words, name), Accepted(right), lambda scene: prepare(scene) and None, writes=writes)


def _old(scene: Scene) -> Path:
    path = scene.file("out.json", OLD)
    path.chmod(0o640)
    return path


def _holds(name: str) -> Callable[[Scene, Outcome], None]:
    def right(scene: Scene, outcome: Outcome) -> None:
        assert outcome.out == ""
        weakens(scene, outcome._replace(out=(scene.work / name).read_text()))

    return right


def _kept_mode(scene: Scene, outcome: Outcome) -> None:
    _holds("out.json")(scene, outcome)
    assert stat.S_IMODE((scene.work / "out.json").stat().st_mode) == 0o640


def _kept_link(scene: Scene, outcome: Outcome) -> None:
    assert (scene.work / "link").is_symlink()
    _holds("out.json")(scene, outcome)


def _link(scene: Scene) -> Path:
    (scene.work / "link").symlink_to("out.json")
    return _old(scene)


def _empty_link(scene: Scene) -> None:
    (scene.work / "link").symlink_to("out.json")


def _device(minor: int) -> Callable[[Scene], object]:
    return lambda scene: scene.device("device", minor)


_readers: list[int] = []


def _read_pipe(scene: Scene) -> None:
    """A pipe with a reader: this process."""
    os.mkfifo(scene.work / "pipe")
    _readers.append(os.open(scene.work / "pipe", os.O_RDONLY | os.O_NONBLOCK))


def _piped(scene: Scene, outcome: Outcome) -> None:
    reader = _readers.pop()
    try:
        weakens(scene, outcome._replace(out=os.read(reader, 65536).decode()))
    finally:
        os.close(reader)


def _readonly(scene: Scene) -> None:
    (scene.work / "ro").mkdir(0o555)


def _readonly_file(scene: Scene) -> None:
    _old(scene).chmod(0o444)


def _full(what: str, words: tuple[str, ...]) -> Case:
    """A disk that takes no more than some bytes: the old file stays as it was."""

    def prepare(scene: Scene) -> None:
        _old(scene)

    return Case(
        "output",
        f"a disk that is full, for {what}",
        (*words, "-o", "out.json"),
        Refused("out.json"),
        prepare,
        limits={"FSIZE": 10},
    )


def _no_stdout(what: str, words: tuple[str, ...]) -> Iterator[Case]:
    """Standard output that is full, closed, or a pipe whose reader has gone."""

    def quiet(scene: Scene, outcome: Outcome) -> None:
        assert "rror" not in outcome.err, outcome.err

    yield Case("stdout", f"a full disk behind {what}", words, Refused("", faults=1), stdout="/dev/full", cold=True)
    yield Case("stdout", f"nothing behind {what}", words, Refused("", faults=1), stdout="closed", cold=True)
    yield Case("stdout", f"a reader who has gone before {what}", words, Accepted(quiet), stdout="broken", cold=True)


def _folder(
    name: str,
    expect: Refused | Accepted,
    why: str,
    prepare: Callable[[Scene], object],
    *writes: str,
    words: tuple[str, ...] = ("export", "neo4j-csv", "-o"),
) -> Case:
    return Case("output", why, (*words, name), expect, lambda scene: prepare(scene) and None, writes=writes)


def _filled(scene: Scene, outcome: Outcome) -> None:
    """The folder itself stays, and notes are in it."""
    assert (scene.work / "vault").stat().st_ino == int((scene.work / "inode").read_text())
    assert any((scene.work / "vault").rglob("*.csv"))


def _empty(scene: Scene) -> None:
    (scene.work / "vault").mkdir()
    scene.file("inode", str((scene.work / "vault").stat().st_ino))


def _crowded(scene: Scene) -> None:
    scene.file("vault/precious.csv", OLD)


NAMES: list[tuple[str, tuple[str, ...], str]] = [
    ("an export that nobody knows", ("export", "exe"), "exe"),
    ("an export that climbs", ("export", "../../etc/passwd", "-o", "x"), "no export is named"),
    ("an export of nothing", ("export", ""), "no export is named"),
    ("an export with a terminal's escapes", ("export", "\x1b[2J"), "no export is named"),
    ("a network that climbs", ("export", "gexf", "-n", "../ask/weakens"), "weakens"),
    ("a network of nothing", ("export", "gexf", "-n", ""), ""),
    ("a network with a query in it", ("export", "gexf", "-n", "x } #"), "x }"),
    ("a thing that closes an IRI", ("export", "gexf", "-n", "neighbourhood", "-p", "thing=x> } #"), "thing"),
    ("a parameter that the network has not", ("export", "gexf", "-p", "evil=x"), "evil"),
    ("a parameter without its value", ("export", "gexf", "-p", "thing"), "name=value"),
    ("a question that climbs", ("export", "csv", "-q", "../check/x"), "no question is named"),
    ("a question for a network", ("export", "gexf", "-q", "weakens"), "no answer"),
    (
        "a question's parameter that closes an IRI",
        ("export", "csv", "-q", "weakens", "-p", "phenomenon=x> } #"),
        "phenomenon",
    ),
    ("a folder of files on stdout", ("export", "vault"), "folder"),
    ("a measured network that climbs", ("stats", "-n", "../../x"), "x"),
    ("a measured thing that closes an IRI", ("stats", "-n", "neighbourhood", "-p", "thing=x> } #"), "thing"),
    ("a form that climbs", ("schema", "../coding"), "no form is named"),
]


def cases() -> Iterator[Case]:
    for why, words, says in NAMES:
        yield Case("export", why, words, Refused(says))
    for what in ("a link to itself", "a folder"):
        yield _refused(f"{what} for -o", "out", lambda scene, what=what: INSTEAD[what](scene, scene.work / "out"))
    yield _refused("a folder that is not there", "no/out.json", lambda scene: None)
    yield _refused("a folder that takes nothing", "ro/out.json", _readonly)
    yield _refused("a file below a file", "out.json/x.json", _old)
    yield _refused("a name that no disk takes", "x" * 300, lambda scene: None, "cannot be written")
    yield _refused("a name with a NUL", "out\0.json", lambda scene: None, "NUL")
    yield _refused("a name of nothing", "", lambda scene: None, "")
    yield _refused("a name that ends in a slash", "out/", lambda scene: None)
    yield _refused(
        "a name with a terminal's escapes in a folder that is not there",
        "no\x1b[2J/out\u202e",
        lambda scene: None,
        "cannot be written",
    )
    yield _refused("a device that is full", "device", _device(7))
    yield _written("a device that swallows all", "device", _device(3), lambda scene, outcome: None)
    yield _written("a link to a file, which stays a link", "link", _link, _kept_link, "work/out.json")
    yield _written("a link to nothing, which is made", "link", _empty_link, _kept_link, "work/out.json")
    yield _written("a file whose mode stays", "out.json", _old, _kept_mode, "work/out.json")
    yield _written("a pipe with a reader", "pipe", _read_pipe, _piped)
    yield _written("a dash, which is stdout", "-", lambda scene: None, weakens)
    yield _written("stdout by its name", "/dev/stdout", lambda scene: None, weakens)
    yield _written("a name with a line break", "out\n.json", lambda scene: None, _holds("out\n.json"), "work/out*")
    yield _written("a name that looks like an option", "./-rf", lambda scene: None, _holds("-rf"), "work/-rf")
    for what, words in COMMANDS.items():
        yield _refused(
            f"a folder for the output of {what}",
            "out",
            lambda scene: INSTEAD["a folder"](scene, scene.work / "out"),
            words=(*words, "-o"),
        )
        yield _full(what, words)
    for what in ("ask", "sparql", "export turtle", "schema"):
        yield from _no_stdout(what, COMMANDS[what])
    yield _folder("vault", Accepted(_filled), "an empty folder, which is filled", _empty, "work/vault/*")
    yield _folder("vault", Refused("not empty"), "a folder that holds something", _crowded)
    yield _folder("vault", Refused("vault"), "a file for a folder", lambda scene: scene.file("vault", OLD))
    yield _folder(
        "vault", Refused("vault"), "a link to itself for a folder", lambda s: (s.work / "vault").symlink_to("vault")
    )
    yield _folder("ro/vault", Refused("ro/vault"), "a folder in one that takes nothing", _readonly)
    yield _folder(
        "site", Refused("site"), "a file for the reference", lambda s: s.file("site", OLD), words=("docs", "-o")
    )
    yield _folder(
        "site",
        Refused("site"),
        "a crowd for the reference",
        lambda s: s.file("site/index.html", OLD),
        words=("docs", "-o"),
    )
    yield _folder(
        "ro/site", Refused("ro/site"), "a reference in a folder that takes nothing", _readonly, words=("docs", "-o")
    )
    yield Case("export", "an answer, which is no fault", ("export", "csv", "-q", "weakens"), Accepted(_csv))
    yield Case(
        "export",
        "a network of one thing, which is no fault",
        ("export", "node-link", "-n", "neighbourhood", "-p", "thing=state-monopoly"),
        Accepted(_nodes),
    )


def _csv(scene: Scene, outcome: Outcome) -> None:
    import csv
    import io

    (row,) = csv.DictReader(io.StringIO(outcome.out))
    assert row["claim_id"] == "claim:machines-weaken-state-monopoly"


def _nodes(scene: Scene, outcome: Outcome) -> None:
    found = {node["id"] for node in json.loads(outcome.out)["nodes"]}
    assert "phenomenon:state-monopoly" in found
