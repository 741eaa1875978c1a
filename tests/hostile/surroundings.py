"""The environment: what is missing, too small, or odd around a command that itself is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hostile.asking import weakens
from hostile.case import Accepted, Case, Outcome, Refused
from hostile.coding import COVERAGE, READ
from hostile.scene import Scene
from hostile.stores import BUILD
from hostile.typed import EFFECTS

ASK = ("ask", "weakens", "-f", "json")
TABLE = ("ask", "weakens", "-f", "table")
PERSIAN = ("show", "state-monopoly", "--lang", "fa", "-f", "table")


def drawn(scene: Scene, outcome: Outcome) -> None:
    """A table with the row and the list of sources, whatever its width."""
    letters = "".join(outcome.out.split())
    assert "[1]Doe,Jane(2026)" in letters and outcome.err.startswith("Which mechanisms"), outcome.out


def persian(scene: Scene, outcome: Outcome) -> None:
    """Persian letters, or signs that say what they were; never an empty page."""
    assert outcome.out.strip()


VARIABLES: list[tuple[str, Mapping[str, str | None], tuple[str, ...], Callable[[Scene, Outcome], object]]] = [
    ("no HOME", {"HOME": None}, ASK, weakens),
    ("a HOME that is not there", {"HOME": "/nonexistent/home"}, ASK, weakens),
    ("a TMPDIR that is not there", {"TMPDIR": "/nonexistent/tmp"}, ASK, weakens),
    ("no variable at all but the store", dict.fromkeys(("HOME", "TMPDIR", "LANG", "PATH")), ASK, weakens),
    ("COLUMNS below nought", {"COLUMNS": "-5"}, TABLE, drawn),
    ("COLUMNS of nought", {"COLUMNS": "0"}, TABLE, drawn),
    ("COLUMNS of one", {"COLUMNS": "1"}, TABLE, drawn),
    ("COLUMNS of a thousand million", {"COLUMNS": "1000000000"}, TABLE, drawn),
    ("COLUMNS of 5,000 digits", {"COLUMNS": "9" * 5000}, TABLE, drawn),
    ("COLUMNS that is a word", {"COLUMNS": "abc"}, TABLE, drawn),
    ("COLUMNS in other digits", {"COLUMNS": "٨٠"}, TABLE, drawn),
    ("a locale that is nowhere", {"LC_ALL": "xx_YY.KOI9"}, PERSIAN, persian),
    ("a locale of ASCII", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, PERSIAN, persian),
    ("a stdout of ASCII", {"PYTHONIOENCODING": "ascii"}, PERSIAN, persian),
    ("a stdout of Latin-1", {"PYTHONIOENCODING": "latin-1:strict"}, PERSIAN, persian),
    ("KG_TEXTS that is not there", {"KG_TEXTS": "/nonexistent"}, ASK, weakens),
    ("KG_TEXTS of nothing", {"KG_TEXTS": ""}, ASK, weakens),
    ("a terminal that nobody knows", {"TERM": "\x1b[2J", "LINES": "-1", "NO_COLOR": "", "FORCE_COLOR": "9"}, TABLE,
     drawn),
    ("settings of Python that ask for more", {"PYTHONWARNINGS": "error::FutureWarning", "PYTHONHASHSEED": "0"}, ASK,
     weakens),
]  # fmt: skip


def _still(words: str) -> Callable[[Scene, Outcome], None]:
    """Nothing but perhaps one line, and nothing on stdout."""

    def right(scene: Scene, outcome: Outcome) -> None:
        assert outcome.out == "" and len(outcome.err.splitlines()) <= 1, outcome.err
        assert not list(scene.work.glob(".*")), list(scene.work.glob(".*"))

    return right


def cases() -> Iterator[Case]:
    for why, env, words, right in VARIABLES:
        yield Case("surroundings", why, words, Accepted(right), env=env, cold=True)
    yield Case(
        "surroundings",
        "a store named with a line break",
        ASK,
        Refused("store"),
        lambda scene: scene.file("no\nstore\x1b[2J", "x") and None,
        env={"KG_STORE": "no\nstore\x1b[2J"},
        cold=True,
    )
    yield Case(
        "surroundings",
        "a data folder that takes nothing",
        ("ask", "weakens"),
        Refused(""),
        _locked_home,
        env={"KG_STORE": None, "HOME": "ro"},
        cold=True,
        seconds=15,
    )
    for words, name in ((ASK, "ask"), (("sparql", EFFECTS), "sparql"), (("schema",), "schema")):
        yield Case(
            "surroundings",
            f"a working directory that has gone, for {name}",
            words,
            Accepted(lambda scene, outcome: _spoke(outcome)),
            vanish=True,
            cold=True,
        )
    yield Case(
        "surroundings",
        "a corpus named from a working directory that has gone",
        ("check", "--corpus", ".", "--alone"),
        Refused(""),
        vanish=True,
        cold=True,
    )
    yield Case(
        "surroundings",
        "an output in a working directory that has gone",
        (*ASK, "-o", "x.json"),
        Refused("x.json"),
        vanish=True,
        cold=True,
    )
    for count in (5, 8, 12):
        yield Case(
            "surroundings",
            f"{count} open files at most",
            ASK,
            Refused("", faults=None),
            limits={"NOFILE": count},
            cold=True,
        )
    yield Case(
        "surroundings",
        "eight open files at most, for a typed query",
        ("sparql", EFFECTS),
        Refused("", faults=None),
        limits={"NOFILE": 8},
        cold=True,
    )
    yield Case(
        "surroundings",
        "eight open files at most, for a corpus, which is no fault",
        COVERAGE,
        READ,
        limits={"NOFILE": 8},
    )
    yield Case(
        "surroundings", "80 megabytes of memory", ASK, Refused("memory allowed"), limits={"AS": 80 << 20}, cold=True
    )
    yield Case(
        "surroundings",
        "300 megabytes of memory, for a typed query",
        ("sparql", EFFECTS),
        Refused("memory allowed"),
        limits={"AS": 300 << 20},
        cold=True,
    )
    yield Case(
        "surroundings",
        "no bytes of any file, for a build",
        BUILD,
        Refused(""),
        limits={"FSIZE": 0},
        seconds=8,
        cold=True,
        writes=("work/store", "work/store/*"),
    )
    yield Case(
        "surroundings",
        "no TMPDIR, for an export on stdout",
        ("export", "assertions"),
        Accepted(_rows),
        env={"TMPDIR": "/nonexistent"},
        cold=True,
    )
    yield Case("surroundings", "no stdin, for a question", ASK, Accepted(weakens), stdin=None, cold=True)
    for sign, code in (("SIGINT", 130), ("SIGTERM", 143)):
        yield Case(
            "surroundings",
            f"{sign} in a build",
            BUILD,
            Accepted(_still(sign), code),
            signal=(sign, 0.5),
            cold=True,
            seconds=8,
            writes=("work/store", "work/store/*"),
        )
        yield Case(
            "surroundings",
            f"{sign} in a check",
            ("check",),
            Accepted(_still(sign), code),
            signal=(sign, 1.0),
            cold=True,
            seconds=8,
        )
        yield Case(
            "surroundings",
            f"{sign} in an export",
            ("export", "rocrate", "-o", "crate"),
            Accepted(_still(sign), code),
            signal=(sign, 0.4),
            cold=True,
            seconds=8,
        )
    yield Case(
        "surroundings",
        "SIGINT while modules load",
        ASK,
        Accepted(_still("SIGINT"), 130),
        signal=("SIGINT", 0.02),
        cold=True,
    )


def _locked_home(scene: Scene) -> None:
    (scene.work / "ro").mkdir(0o555)


def _spoke(outcome: Outcome) -> None:
    assert outcome.out.strip() and outcome.err == ""


def _rows(scene: Scene, outcome: Outcome) -> None:
    assert outcome.out.count("\n") >= 5 and "machines-weaken-state-monopoly" in outcome.out
