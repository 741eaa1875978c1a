"""`kg check --fix`, which writes into a scholar's own files: only the words, only there, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.coding import FOLDER
from hostile.scene import Scene
from hostile.turtle import HEAD, TTL, term

FIX = ("check", "--fix", "--corpus", "corpus", "--alone")
TYPED = HEAD + term("norland", cls="air:DevelopedState")
CODING = FOLDER + "coding.yaml"
AFFECTED = "affected: state-monopoly\n    voice: own"


def _old(scene: Scene) -> None:
    """Let the coding name a term that has moved."""
    scene.small.edit("coding.yaml", AFFECTED, "affected: phenomenon:authority\n    voice: own")


def _anchored(scene: Scene) -> tuple[int, int]:
    return scene.spoil("coding.yaml", AFFECTED, AFFECTED.replace("state-", "‸&grip state-"))


def _read_only(scene: Scene) -> None:
    _old(scene)
    (scene.work / CODING).chmod(0o444)


def _shut(scene: Scene) -> None:
    _old(scene)
    scene.folder.chmod(0o555)


def _one_of_two(scene: Scene) -> None:
    """The vocabulary may not be written: then the coding, which might be, is not either."""
    _old(scene)
    scene.file(TTL, HEAD + term("own-council", "skos:related phenomenon:authority")).chmod(0o444)


def _elsewhere(scene: Scene) -> None:
    _old(scene)
    path = scene.work / CODING
    path.rename(scene.work / "elsewhere.yaml")
    path.symlink_to("../../elsewhere.yaml")


def _followed(scene: Scene, outcome: Outcome) -> None:
    assert (scene.work / CODING).is_symlink()
    assert outcome.err.startswith(f"{CODING}:13: phenomenon:authority → power:authority\n")
    text = (scene.work / "elsewhere.yaml").read_text()
    assert "affected: power:authority\n" in text and "phenomenon:authority" not in text


def _left(scene: Scene, outcome: Outcome) -> None:
    """Told, with what to do; and not a byte of the file is another."""
    assert outcome.out.startswith(f"{TTL}:{HEAD.count(chr(10)) + 2}:21: warning: air:DevelopedState: ")
    assert "write air:State here" in outcome.out
    assert outcome.err.startswith("0 places rewritten, 1 left to you\n")
    assert (scene.work / TTL).read_text() == TYPED


FORMS = {
    "carriage returns and a byte order mark": "affected: ‹›\n    voice: own",
    "quotation marks and a remark that looks like it": 'affected: "‹›" # phenomenon:authority\n    voice: own',
    "a block with a remark at its head": "affected: >-  # phenomenon:authority\n          ‹›\n    voice: own",
    "Persian letters and marks beside it": "affected: ‹›\n      condition: «phenomenon:authority» نیست\n    voice: own",
}


def _form(why: str, form: str) -> Case:
    wanted: list[bytes] = []

    def written(scene: Scene, word: str) -> bytes:
        text = (scene.work / CODING).read_text().replace(AFFECTED, form.replace("‹›", word))
        return (f"\ufeff{text}".replace("\n", "\r\n") if "carriage" in why else text).encode()

    def prepare(scene: Scene) -> None:
        wanted[:] = [written(scene, "power:authority")]
        (scene.work / CODING).write_bytes(written(scene, "phenomenon:authority"))

    def right(scene: Scene, outcome: Outcome) -> None:
        assert (scene.work / CODING).read_bytes() == wanted[0]

    return Case("fix", why, FIX, Accepted(right), prepare, writes=(f"work/{CODING}",))


def _refused(why: str, prepare: Callable[[Scene], object], says: str) -> Case:
    return Case("fix", why, FIX, Refused(says), lambda scene: prepare(scene) and None)


def cases() -> Iterator[Case]:
    yield Case("fix", "an anchor, as some editors write them", FIX, Refused("an anchor", CODING), _anchored)
    yield Case("fix", "a class that is none any more", FIX, Accepted(_left, 1), lambda s: s.file(TTL, TYPED) and None)
    yield Case("fix", "no corpus named", ("check", "--fix"), Refused("--fix found without --corpus", hint="your own"))
    yield _refused("a file that may not be written", _read_only, "coding.yaml may not be written")
    yield _refused("a folder in which nothing may be made", _shut, "coding.yaml may not be written")
    yield _refused("one of two files that may not be written", _one_of_two, "vocabulary.ttl may not be written")
    yield Case(
        "fix", "a link to a file elsewhere", FIX, Accepted(_followed), _elsewhere, writes=("work/elsewhere.yaml",)
    )
    yield from (_form(why, form) for why, form in FORMS.items())
