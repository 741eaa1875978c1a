"""`kg check --fix`, which writes into a scholar's own files: only the words, only there, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.coding import FOLDER
from hostile.scene import Scene
from hostile.turtle import HEAD, TTL, term

FIX = ("check", "--fix", "--corpus", "corpus", "--alone")
TYPED = HEAD + term("norland", cls="air:DevelopedState")


def _anchored(scene: Scene) -> tuple[int, int]:
    return scene.spoil("coding.yaml", "      affected: state-monopoly\n      domain",
                       "      affected: ‸&grip state-monopoly\n      domain")  # fmt: skip


def _left(scene: Scene, outcome: Outcome) -> None:
    """Told, with what to do; and not a byte of the file is another."""
    assert outcome.out.startswith(f"{TTL}:{HEAD.count(chr(10)) + 2}:21: warning: air:DevelopedState: ")
    assert "write air:State here" in outcome.out.splitlines()[0]
    assert outcome.err.startswith("0 deprecated terms rewritten, 1 left to you\n")
    assert (scene.work / TTL).read_text() == TYPED


def cases() -> Iterator[Case]:
    yield Case(
        "fix", "an anchor, as some editors write them", FIX, Refused("an anchor", FOLDER + "coding.yaml"), _anchored
    )
    yield Case("fix", "a class that is none any more", FIX, Accepted(_left, 1), lambda s: s.file(TTL, TYPED) and None)
    yield Case(
        "fix",
        "no corpus named",
        ("check", "--fix"),
        Refused("--fix found without --corpus", hint="name the directory of your own sources"),
    )
