"""Runs one case and judges it: the tree before and after, what was printed, what was asked, how it ended."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from machine import slowness

from hostile.canary import Canary
from hostile.case import SECONDS, Accepted, Case, Outcome, Refused
from hostile.nursery import Nursery
from hostile.scene import Scene, changes, look, make_scene

PATIENCE = 4
"""How many times longer than its processor time a case may take by the clock: the machine has other work."""

KINDS = ("crash", "hang", "traceback", "fetch", "stray file", "terminal", "left running", "outcome")
"""What can be wrong with a case."""

_FAULT = re.compile(r"(?:(?P<place>.+?): )?error: (?P<says>.+)")
_HINT = re.compile(r" {2}hint: .+")
_MORE = re.compile(r"… and ([\d,]+) more")
_TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PROGRAMS = {"dot", "pandoc", "java"}


@dataclass
class Runner:
    """Runs cases, each in a scene of its own below `root`."""

    nursery: Nursery
    canary: Canary
    template: Path
    store: Path
    root: Path
    number: int = 0

    def run(self, case: Case) -> list[tuple[str, str]]:
        """Return what was wrong: one of `KINDS` and a sentence, each; nothing where all was right."""
        self.number += 1
        base = self.root / str(self.number)
        scene = make_scene(base / "scene", self.template, self.store, self.canary.url)
        try:
            place = case.prepare(scene)
            before = look(scene.root, self.store)
            heard = len(self.canary.heard())
            outcome, killed = self._live(case, scene, base)
            wrong = list(_health(case, outcome, killed))
            wrong += [("fetch", one) for one in self.canary.heard()[heard:]]
            wrong += _watched(case, outcome, scene)
            wrong += [("stray file", c) for c in changes(before, look(scene.root, self.store), scene.root, case.writes)]
            wrong += [("outcome", one) for one in _judge(case, scene, outcome, place)]
            if wrong:
                shown = f"exit {outcome.code}\nstdout: {outcome.out[:800]!r}\nstderr: {outcome.err[:3000]}"
                wrong.append(("outcome", shown))
            return wrong
        finally:
            _remove(base)

    def _live(self, case: Case, scene: Scene, base: Path) -> tuple[Outcome, bool]:
        given, out, err, audit = (base / name for name in ("stdin", "stdout", "stderr", "audit"))
        stdin = case.stdin.encode() if isinstance(case.stdin, str) else case.stdin
        given.write_bytes((stdin or b"").replace(b"CANARY", self.canary.url.encode()))
        env = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(scene.root / "home"),
            "TMPDIR": str(scene.root / "tmp"),
            "LANG": "C.UTF-8",
            "KG_STORE": str(self.store),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "http_proxy": self.canary.url,
            "https_proxy": self.canary.url,
            "all_proxy": self.canary.url,
            **case.env,
        }
        named = None if case.stdin is None else str(given)
        job = {
            "file": str(base / "job.json"),
            "words": [word.replace("CANARY", self.canary.url) for word in case.words],
            "cwd": str(scene.work / "gone") if case.vanish else str(scene.work),
            "env": {name: value for name, value in env.items() if value is not None},
            "stdin": named,
            "stdout": {"file": str(out)}.get(case.stdout, case.stdout),
            "stderr": str(err),
            "audit": str(audit),
            "limits": dict(case.limits),
            "seconds": case.seconds,
            "cold": case.cold,
            "vanish": case.vanish,
            "program": case.program,
        }
        if case.vanish:
            (scene.work / "gone").mkdir()
        told = self.nursery.run(job, case.seconds * PATIENCE, case.signal)
        number = getattr(signal, case.signal[0]) if case.signal else 0
        outcome = Outcome(
            128 + number if number and told["code"] == -number else told["code"],  # a shell sees no difference
            out.read_text(encoding="utf-8", errors="surrogateescape") if out.exists() else "",
            err.read_text(encoding="utf-8", errors="surrogateescape"),
            told["seconds"],
            told["megabytes"],
            told["left"],
            told["waited"],
            tuple(_noted(audit)),
        )
        if case.vanish:
            shutil.rmtree(scene.work / "gone", ignore_errors=True)
        return outcome, told["killed"]


def _noted(audit: Path) -> Iterator[tuple[str, str]]:
    for line in audit.read_text().splitlines():
        try:
            what, path = json.loads(line)
        except ValueError:  # cut, where the case allows no file of that length
            return
        yield what, path


def _health(case: Case, outcome: Outcome, killed: bool) -> Iterator[tuple[str, str]]:
    """Yield what must not be, whatever the case expects."""
    if killed:
        yield "hang", f"no end after {case.seconds * PATIENCE:.0f} s by the clock"
    elif outcome.seconds > case.seconds and outcome.seconds > (most := case.seconds * slowness()):
        yield "hang", f"{outcome.seconds:.1f} s of a processor, {most:.1f} s at most expected"
    elif outcome.code < 0:
        yield "crash", f"killed by signal {-outcome.code}"
    if case.signal and outcome.waited > SECONDS:
        yield "hang", f"{outcome.waited:.1f} s from {case.signal[0]} to the end"
    for stream in (outcome.out, outcome.err):
        if re.search(
            r"Traceback \(most recent|Exception ignored|^\w*(Error|Warning|Exception|Interrupt):", stream, re.M
        ):
            yield "traceback", next(line for line in reversed(stream.splitlines()) if line.strip())
    for name, stream in (("stdout", "" if case.raw else outcome.out), ("stderr", outcome.err)):
        if found := _TERMINAL.search(stream):
            yield "terminal", f"U+{ord(found[0]):04X} in {name}"
    if outcome.left:
        yield "left running", f"{outcome.left} processes"


def _watched(case: Case, outcome: Outcome, scene: Scene) -> list[tuple[str, str]]:
    """Return what Python opened for writing outside the scene, whom it asked, what it ran."""
    wrong = []
    for what, path in outcome.audit:
        if what == "asked":
            wrong.append(("fetch", f"asked {path}"))
        elif what == "ran" and Path(path).name not in _PROGRAMS and not Path(path).name.startswith("python"):
            wrong.append(("stray file", f"ran {path}"))
        elif what == "wrote" and "TMPDIR" in case.env and not os.path.lexists(path):
            continue  # without a TMPDIR, Python looks for another, and what was there is gone
        elif what == "wrote" and not path.startswith((f"{scene.root}/", "/dev/", "/proc/self/")):
            wrong.append(("stray file", f"opened {path} for writing"))
    return list(dict.fromkeys(wrong))


def _judge(case: Case, scene: Scene, outcome: Outcome, place: tuple[int, int] | None) -> Iterator[str]:
    """Yield how the outcome differs from the right one."""
    expect = case.expect
    if isinstance(expect, Refused) and expect.or_right and outcome.code == 0:
        expect = Accepted(expect.or_right)
    if outcome.code != (1 if isinstance(expect, Refused) and expect.findings else expect.code):
        yield f"exit code {outcome.code}, {expect.code} expected"
    if isinstance(expect, Accepted):
        try:
            expect.right(scene, outcome)
        except Exception as error:  # whatever it is, this case is not right
            yield f"{type(error).__name__}: {error}"
    elif expect.findings:
        told = outcome.out.splitlines()
        yield from _lines(expect, [line for line in told if not re.match(r"(\S+: )?(info|warning): ", line)], place)
    elif outcome.out:
        yield "something on stdout, nothing expected"
    elif expect.usage:
        if expect.says not in " ".join(re.sub("[╭╰│─╮╯]", " ", outcome.err).split()):
            yield f"nothing says {expect.says!r}"
        if outcome.err.count("\n") > 16:
            yield f"{outcome.err.count(chr(10))} lines of usage, 16 at most expected"
    else:
        yield from _lines(expect, outcome.err.splitlines(), place)


def _lines(expect: Refused, lines: list[str], place: tuple[int, int] | None) -> Iterator[str]:
    more = sum(int(found[1].replace(",", "")) for line in lines if (found := _MORE.fullmatch(line)))
    lines = [line for line in lines if not _MORE.fullmatch(line)]
    if more != expect.more:
        yield f"{more} more faults counted, {expect.more} expected"
    faults = [found for line in lines if (found := _FAULT.fullmatch(line))]
    hints = [line for line in lines if _HINT.fullmatch(line)]
    if others := [line for line in lines if not _FAULT.fullmatch(line) and not _HINT.fullmatch(line)]:
        yield f"neither fault nor hint: {others[0]!r}"
    if expect.faults is not None and len(faults) != expect.faults:
        yield f"{len(faults)} faults told, {expect.faults} expected"
    if not faults:
        yield "no fault told"
        return
    if max(map(len, lines)) > 1000:
        yield f"a line of {max(map(len, lines))} characters"
    meant = next((one for one in faults if expect.says in one["says"]), None)
    if meant is None:
        yield f"{faults[0]['says']!r} does not say {expect.says!r}"
        return
    if expect.hint and not any(expect.hint in hint for hint in hints):
        yield f"no hint says {expect.hint!r}"
    if expect.file:
        line, column = place or (expect.line, expect.column)
        wanted = ":".join([expect.file, *map(str, filter(None, (line, column)))])
        found = meant["place"] or ""
        if line < 0:
            wanted, found = expect.file, found.partition(":")[0]
        elif line and not column:
            found = found.rpartition(":")[0] if found.count(":") > wanted.count(":") else found
        if found != wanted:
            yield f"place {meant['place']!r}, {wanted!r} expected"


def _remove(folder: Path) -> None:
    """Remove a scene, whatever its modes are by now."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
