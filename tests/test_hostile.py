"""Hostile and broken inputs through every door: each is refused with its place or answered rightly, and nothing else.

`hostile/` makes them; one runner executes each in a process with limits, in a fresh folder that is compared before and
after, beside a server that nobody may ask. The last lines of the run give the totals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile import (
    asking,
    coding,
    files,
    moved,
    others,
    outputs,
    references,
    searching,
    stores,
    surroundings,
    texts,
    totals,
    turtle,
    typed,
)
from hostile.canary import Canary
from hostile.case import Accepted, Case, Outcome, Refused
from hostile.nursery import Nursery
from hostile.runner import KINDS, Runner
from hostile.scene import Scene
from small import write_small

from kg.load.vocabulary import Vocabulary

DOORS = (
    coding,
    references,
    turtle,
    others,
    files,
    moved,
    texts,
    typed,
    asking,
    searching,
    outputs,
    stores,
    surroundings,
)
CASES: list[Case] = [case for door in DOORS for case in door.cases()]


@pytest.fixture(scope="module")
def runner(small_store: Path, vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    template = tmp_path_factory.mktemp("template")
    write_small(template / "corpus", template / "texts", vocabulary)
    nursery, canary = Nursery(), Canary()
    yield Runner(nursery, canary, template, small_store, tmp_path_factory.mktemp("scenes"))
    canary.close()
    nursery.close()


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_nothing_hostile_gets_through(
    case: Case, runner: Runner, record_property: Callable[[str, object], None]
) -> None:
    wrong = runner.run(case)
    record_property("hostile", totals.verdict(case, wrong))
    assert not wrong, case.name + "\n" + "\n".join(f"{kind}: {words}" for kind, words in wrong)


def test_the_inputs_are_many_and_none_stands_twice() -> None:
    """Nor do two cases of a door put the same thing in under two names."""
    assert len(CASES) >= 250
    assert len({case.name for case in CASES}) == len(CASES)
    typed_in = [(case.words, case.stdin, case.stdout, tuple(case.env.items()),
    tuple(case.limits.items())) for case in CASES
                if case.door in ("sparql", "show", "search",
                "command") and "-i" not in case.words and not case.signal]  # fmt: skip
    assert len(set(typed_in)) == len(typed_in)


FINE = Accepted(lambda scene, outcome: None)


def _says(*lines: str) -> str:
    return f"import sys; print({chr(10).join(lines)!r}, file=sys.stderr); sys.exit(2)"


def _no_row(scene: Scene, outcome: Outcome) -> None:
    assert outcome.out == "right\n"


PLANTED: list[tuple[str, str, Refused | Accepted, str]] = [
    ("traceback", "raise ValueError('x')", FINE, "ValueError: x"),
    ("traceback", "import sys; print('Exception ignored in: x', file=sys.stderr)", FINE, "Exception ignored"),
    ("traceback", "bytearray(8 << 30)", FINE, "MemoryError"),
    ("hang", "while True: pass", FINE, ""),
    ("hang", "import time; time.sleep(60)", FINE, "no end after 2 s by the clock"),
    ("hang", "import os; os.read(os.pipe()[0], 1)", FINE, "no end after 2 s by the clock"),
    ("crash", "import os; os.abort()", FINE, "killed by signal 6"),
    ("crash", "import ctypes; ctypes.string_at(0)", FINE, "killed by signal 11"),
    ("fetch", "import urllib.request as r; r.urlopen('CANARY/x')", FINE, "GET CANARY/x"),
    ("fetch", "import socket; socket.create_connection(('127.0.0.1', PORT))", FINE, "a connection"),
    ("fetch", "import socket; socket.socket(2, 2).sendto(b'x', ('127.0.0.1', 9))", FINE, "127.0.0.1"),
    ("fetch", "import pyoxigraph as o; o.Store().query('SELECT * { SERVICE <CANARY/native> { ?s ?p ?o } }')", FINE,
     "/native"),
    ("stray file", "import os; open(os.path.expanduser('~/.kgrc'), 'w')", FINE, "created home/.kgrc"),
    ("stray file", "open('OUTSIDE/left', 'w')", FINE, "opened OUTSIDE/left for writing"),
    ("stray file", "import os; os.rename('corpus/doe2026/coding.yaml', 'OUTSIDE/coding.yaml')", FINE,
     "removed work/corpus"),
    ("stray file", "import tempfile; tempfile.mkstemp()", FINE, "created tmp/"),
    ("stray file", "open('corpus/doe2026/coding.yaml', 'a').write('#')", FINE,
     "changed work/corpus/doe2026/coding.yaml"),
    ("stray file", "import os; os.chmod('corpus', 0o700)", FINE, "changed work/corpus"),
    ("stray file", "import os; os.mkdir('new')", FINE, "created work/new"),
    ("stray file", "import os; os.mkfifo('new')", FINE, "created work/new"),
    ("stray file", "import subprocess; subprocess.run(['true'])", FINE, "ran true"),
    ("terminal", "print('a\\x1b[2Jb')", FINE, "U+001B in stdout"),
    ("terminal", "import sys; print('a\\u202eb', file=sys.stderr)", FINE, "U+202E in stderr"),
    ("terminal", "import sys; sys.stdout.buffer.write(b'\\xff')", FINE, "U+DCFF in stdout"),
    ("left running", "import os, time; os.fork() or (os.setsid(), time.sleep(60))", FINE, "1 processes"),
    ("outcome", "print('wrong')", Accepted(_no_row), "AssertionError"),
    ("outcome", "import sys; print('right'); sys.exit(1)", Accepted(_no_row), "exit code 1, 0 expected"),
    ("outcome", _says("x.yaml:4:1: error: bad"), Refused("bad", "x.yaml", 3, 1), "'x.yaml:3:1' expected"),
    ("outcome", _says("x.yaml:3:2: error: bad"), Refused("bad", "x.yaml", 3, 1), "'x.yaml:3:1' expected"),
    ("outcome", _says("x.yaml:13:1: error: bad"), Refused("bad", "x.yaml", 3), "'x.yaml:3' expected"),
    ("outcome", _says("y.yaml:3:1: error: bad"), Refused("bad", "x.yaml", -1), "'x.yaml' expected"),
    ("outcome", _says("x.yaml: error: other"), Refused("bad", "x.yaml"), "does not say 'bad'"),
    ("outcome", _says("error: bad", "error: bad"), Refused("bad"), "2 faults told, 1 expected"),
    ("outcome", _says("error: bad", "… and 7 more"), Refused("bad"), "7 more faults counted, 0 expected"),
    ("outcome", _says("bad"), Refused("bad"), "neither fault nor hint"),
    ("outcome", _says("error: bad", "  hint: none"), Refused("bad", hint="some"), "no hint says 'some'"),
    ("outcome", _says("error: " + "bad " * 400), Refused("bad"), "a line of 16"),
    ("outcome", "print('row');" + _says("error: bad"), Refused("bad"), "something on stdout"),
    ("outcome", "import sys; print('error: bad', file=sys.stderr)", Refused("bad"), "exit code 0, 2 expected"),
    ("outcome", "print('x.ttl:3:1: error: bad'); raise SystemExit(1)", Refused("bad", "x.ttl", 4, findings=True),
     "'x.ttl:4' expected"),
    ("outcome", "print('wrong')", Refused("bad", or_right=_no_row), "AssertionError"),
]  # fmt: skip


@pytest.mark.parametrize("cold", [False, True], ids=["forked", "cold"])
def test_the_runner_sees_each_kind_of_wrong(runner: Runner, cold: bool, tmp_path: Path) -> None:
    """A runner that has seen nothing go wrong proves nothing: each is planted, in both kinds of process."""
    seen = set()
    for number, (kind, program, expect, words) in enumerate(PLANTED):
        filled = [
            part.replace("OUTSIDE", str(tmp_path)).replace("CANARY", runner.canary.url) for part in (program, words)
        ]
        port = runner.canary.url.rpartition(":")[2]
        case = Case("planted", str(number), (), expect, program=filled[0].replace("PORT", port), cold=cold, seconds=0.5)
        wrong = runner.run(case)
        assert any(found == kind and filled[1] in told for found, told in wrong), (program, wrong)
        seen.add(kind)
    assert seen == set(KINDS)


@pytest.mark.parametrize("cold", [False, True], ids=["forked", "cold"])
def test_the_runner_lets_what_is_right_pass(runner: Runner, cold: bool) -> None:
    """What is written where a case may write, printed as it should be, and a temporary file that goes again."""
    program = "import tempfile; open('made', 'w').write('x'); tempfile.TemporaryFile(); print('right')"
    case = Case("planted", "right", (), Accepted(_no_row), program=program, cold=cold, writes=("work/made",))
    assert runner.run(case) == []
    refused = Case(
        "planted",
        "refused",
        (),
        Refused("bad", "a.yaml", 3, 4, hint="so"),
        cold=cold,
        program=_says("a.yaml:3:4: error: bad", "  hint: do so"),
    )
    assert runner.run(refused) == []
    signalled = Case(
        "planted",
        "signal",
        (),
        Accepted(lambda scene, outcome: None, 143),
        cold=cold,
        program="import time; time.sleep(60)",
        signal=("SIGTERM", 0.1),
    )
    assert runner.run(signalled) == []


def test_root_is_held_to_the_modes_of_files(runner: Runner) -> None:
    """Else what may not be read would be read, where the tests run as root."""
    program = "open('locked').read()"
    case = Case("planted", "locked", (), FINE, lambda scene: scene.file("locked", "x").chmod(0), program=program)
    assert any("PermissionError" in words for kind, words in runner.run(case) if kind == "traceback")


def test_the_totals_count_what_was_right_and_each_kind_of_wrong() -> None:
    told = totals.line([["refused"], ["accepted"], ["refused", "crash", "outcome"], ["refused"], ["accepted", "crash"]])
    assert told.startswith(
        "hostile: 5 inputs: 2 refused with place, 1 accepted rightly; 2 crashes, 0 hangs, 0 tracebacks"
    )
    assert set(totals.PLURAL) == set(KINDS)
    assert re.search(r"1 other outcomes$", told)
