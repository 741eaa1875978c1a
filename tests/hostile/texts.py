"""The reader's copies of the texts: other bytes than the coder's, and bytes that attack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import small as samples

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.coding import CHECK, COVERAGE, FOLDER
from hostile.scene import Scene

TEXT = "texts/doe2026.txt"
LOCK = FOLDER + "anchors.lock"
ANCHOR = ("anchor", "--corpus", "corpus", "--alone", "--texts", "texts")


def _bytes(
    why: str, content: Callable[[], bytes], says: str, file: str = TEXT, line: int = 0, column: int | None = None
) -> Case:
    def prepare(scene: Scene) -> None:
        scene.file(TEXT, content())

    return Case("texts", why, (*CHECK, "--texts", "texts"), Refused(says, file, line, column), prepare)


def _hash(scene: Scene, text: str) -> None:
    """Put another text in its place, with its hash in source.yaml."""
    import hashlib

    scene.file(TEXT, text)
    source = (scene.folder / "source.yaml").read_text()
    old = hashlib.sha256(samples.TEXT.encode()).hexdigest()
    scene.file(FOLDER + "source.yaml", source.replace(old, hashlib.sha256(text.encode()).hexdigest()))


def _anchored(scene: Scene, outcome: Outcome) -> None:
    """The lock holds every passage where it stands in the text."""
    assert outcome.err == "doe2026: 10 passages anchored\n", outcome.err
    text = (scene.work / TEXT).read_bytes().decode()
    for passage in json.loads((scene.work / LOCK).read_text())["passages"]:
        words = text[passage["start"] : passage["end"]]
        assert words.startswith(passage["at"].split()[0]), passage
    assert not list(scene.folder.glob("*.tmp"))


def _anchor(why: str, text: str, expect: Refused | Accepted, writes: bool = False, seconds: float = 5) -> Case:
    return Case(
        "texts",
        why,
        ANCHOR,
        expect,
        lambda scene: _hash(scene, text),
        writes=(f"work/{LOCK}",) * writes,
        seconds=seconds,
    )


def _told(words: str) -> Accepted:
    def right(scene: Scene, outcome: Outcome) -> None:
        assert words in outcome.err, outcome.err
        assert outcome.out.splitlines()[1].startswith("doe2026\t")

    return Accepted(right, 1)


def _escapes(scene: Scene) -> None:
    """Sentences that nobody cites, which `coverage` prints, with what a terminal would obey."""
    _hash(scene, samples.TEXT.replace("Every ministry", "Bad \x1b]0;owned\x07 words \u202eturn here.\nEvery ministry"))
    from kg.coding.anchor import anchor

    anchor(scene.small.inputs, scene.small.texts)


def cases() -> Iterator[Case]:
    words = samples.TEXT
    yield _bytes("another text of the same length", lambda: words.replace("grip", "hold").encode(), "differs", LOCK)
    yield _bytes("nothing", lambda: b"", "differs", LOCK)
    yield _bytes("UTF-16", lambda: words.encode("utf-16"), "UTF-8", TEXT, 1)
    yield _bytes("a program", lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40, "UTF-8", TEXT, 2)
    yield _bytes(
        "a byte of another code on line 5",
        lambda: words.encode().replace(b"governments", b"gov\xe9rnments"),
        "UTF-8",
        TEXT,
        5,
    )
    yield _bytes("30 megabytes", lambda: b"x " * 15_000_000, "", TEXT)
    yield _bytes("line ends of Windows", lambda: words.replace("\n", "\r\n").encode(), "differs", LOCK)
    yield Case("texts", "a folder that is not there", (*CHECK, "--texts", "nowhere"), Refused("not there", "nowhere"))
    yield Case("texts", "a file for the folder", (*CHECK, "--texts", TEXT), Refused("", TEXT))
    yield Case("texts", "no folder at all", ("anchor", "--corpus", "corpus", "--alone"), Refused("texts are needed"))
    yield Case(
        "texts", "KG_TEXTS that is not there", CHECK, Refused("not there", "nowhere"), env={"KG_TEXTS": "nowhere"}
    )
    yield Case(
        "texts",
        "a folder without the text",
        ("anchor", "--corpus", "corpus", "--alone", "--texts", "corpus"),
        Refused("none of the sources' texts"),
    )
    yield _anchor("that is as it was anchored", words, Accepted(_anchored), True)
    yield _anchor(
        "with a passage that stands twice",
        words.replace("CONCLUSION", "nothing of the sort has happened\nCONCLUSION"),
        Refused("stands 2 times", FOLDER + "coding.yaml", 21, 9),
    )
    yield _anchor(
        "in one line of two million letters", words.replace("\n", " ") + "word " * 400_000, Accepted(_anchored), True
    )
    yield _anchor(
        "with ten thousand marks on one letter", words + "a" + "\u0301" * 10_000 + "\n", Accepted(_anchored), True
    )
    yield _anchor(
        "whose first words stand half a million times", "Clever " * 500_000 + words, Accepted(_anchored), True
    )
    yield _anchor(
        "with line separators and form feeds",
        words.replace("world affairs", "world\u2028affairs") + "\x0b\x0c\x1c\x85",
        Accepted(_anchored),
        True,
    )
    yield Case("texts", "with sentences that a terminal would obey", COVERAGE, _told("Bad"), _escapes)
    yield Case(
        "texts",
        "whose lock may not be replaced",
        ANCHOR,
        Refused("cannot be written", LOCK),
        lambda s: s.folder.chmod(0o555),
    )
    yield Case("texts", "whose lock is a folder", ANCHOR, Refused("", LOCK), _lock_folder)
    yield Case(
        "texts",
        "whose lock is a link to elsewhere",
        ANCHOR,
        Accepted(_link_replaced),
        _lock_link,
        writes=(f"work/{LOCK}",),
    )


def _lock_folder(scene: Scene) -> None:
    (scene.work / LOCK).unlink()
    (scene.work / LOCK).mkdir()


def _lock_link(scene: Scene) -> None:
    (scene.work / LOCK).rename(scene.work / "elsewhere")
    (scene.work / LOCK).symlink_to("../../elsewhere")


def _link_replaced(scene: Scene, outcome: Outcome) -> None:
    """In a stranger's folder a link may lead to anything of the reader's: it is replaced, never followed."""
    assert not (scene.work / LOCK).is_symlink()
    _anchored(scene, outcome)
