"""Plants slips in a copy of the tree, one at a time, and tells which of them the tests see.

    python -m tests.slips [--kind queries] [--jobs 2] [--named] [--again]

A slip is what a tired hand does: arrows turned round, a filter dropped, a wrong key. `slips/*.yaml` lists them by
kind; each names the file, the words that stood there, what they become, and the tests that ought to see it. Those
run first; only when they pass does the whole suite. Where a slip is left unseen on purpose, `why` says so.

A failure counts only where the same test passes without the slip; one that smells of a busy machine must come twice.
What was found is kept in a file outside the tree, so that a run that was broken off goes on where it stopped.
This is no part of the gate: a run takes hours.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from queue import Queue
from typing import NamedTuple

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent.parent
WHOLE = ("tests",)
READERS = tuple(f"kg/{name}" for name in ("ask/", "cli/", "export/", "measure/", "reference/", "tables.py"))
"""What reads a store and has no part in making one: for slips in it, the founding store is built once for all."""

_LATE = re.compile(r"from pytest-timeout|TimeoutExpired|TimeoutError|DeadlineExceeded|Flaky")


class Slip(NamedTuple):
    """One change for the worse: in `file`, `was` (which stands there once) becomes `now`."""

    kind: str
    name: str
    file: str
    was: str
    now: str
    seen_by: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name among all kinds."""
        return f"{self.kind}/{self.name}"


class Failure(NamedTuple):
    """A test that failed, and what it said."""

    test: str
    said: str


class Broken(Exception):
    """The tests could not run at all: what was planted is no slip, but a wreck."""


def slips() -> list[Slip]:
    """Read the lists, in the order of their names."""
    found = []
    for file in sorted(Path(__file__).parent.glob("*.yaml")):
        for name, slip in YAML(typ="safe").load(file).items():
            found.append(Slip(file.stem, name, slip["in"], slip["was"], slip["now"], tuple(slip["seen-by"])))
    return found


class Copy:
    """A copy of the tree in which slips are planted, one after the other.

    Args:
        beside: a folder for it; the sources' texts lie beside the project, and tests look for them there.
        anyway: tests that fail without any slip, known to all copies.
        sound: tests that pass without any slip.

    """

    def __init__(self, beside: Path, anyway: set[str], sound: set[str]) -> None:
        self.tree = beside / "main"
        self.told = beside / "told"
        self.anyway = anyway
        self.sound = sound
        self.store = ""
        self.trusted = False
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.tree / name)
        for brought in ("kg/_web", "tests/js/node_modules"):
            if (ROOT / brought).exists():
                (self.tree / brought).symlink_to((ROOT / brought).resolve())
        for words in (["init", "-q"], ["add", "-A"]):
            subprocess.run(["git", *words], cwd=self.tree, check=True, capture_output=True)
        if (ROOT.parent / "shared").is_dir():
            (beside / "shared").symlink_to(ROOT.parent / "shared")

    def plant(self, slip: Slip, named: bool = False) -> str:
        """Return `seen by` which test, `seen by the whole`, `unseen`, or why the slip cannot be planted.

        Args:
            slip: what to plant; afterwards the copy is as it was.
            named: run only the tests that the slip names.

        """
        file = self.tree / slip.file
        before = file.read_text(encoding="utf-8") if file.is_file() else ""
        if before.count(slip.was) != 1:
            return f"stands {before.count(slip.was)} times in {slip.file}, once expected"
        after = before.replace(slip.was, slip.now)
        built = slip.file.startswith(READERS)
        try:
            for tests, how in ((slip.seen_by, "seen by"), *(() if named else ((WHOLE, "seen by the whole:"),))):
                if test := self._seeing(file, before, after, tests, built):
                    return f"{how} {test}"
            return "unseen by the named" if named else "unseen"
        except Broken as error:
            # the project's own files are read before any test runs: what their reader refuses stops the gate
            return f"{'seen before any test' if 'kg.errors.' in str(error) else 'no slip but a wreck'}: {error}"
        finally:
            file.write_text(before, encoding="utf-8")

    def _seeing(self, file: Path, before: str, after: str, tests: tuple[str, ...], built: bool) -> str:
        """Return the first test that fails with the slip and passes without it; empty where there is none."""
        late: set[str] = set()
        while True:
            file.write_text(after, encoding="utf-8")
            if not (failure := self._run(tests, built, file.stem, late)):
                return ""
            if _LATE.search(failure.said) and not self._run((failure.test,), built):
                late.add(failure.test)
                continue
            file.write_text(before, encoding="utf-8")
            if self.trusted or failure.test in self.sound or not self._run((failure.test,), built):
                self.sound.add(failure.test)
                return failure.test
            self.anyway.add(failure.test)

    def _run(self, tests: tuple[str, ...], built: bool, near: str = "", but: Collection[str] = ()) -> Failure | None:
        """Run tests up to the first failure; the copy's `kg` goes before the installed one, in children too."""
        self.told.unlink(missing_ok=True)
        environment = {**os.environ, "PYTHONPATH": str(self.tree), "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= {"SLIPS_TOLD": str(self.told), "SLIPS_NEAR": near}
        environment |= {"AIRKG_FOUNDING": self.store} if built else {}
        words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "tests.slips.told", *tests]
        words += ["-n", "2", "--dist", "loadfile"] if tests == WHOLE else []
        words += [f"--deselect={test}" for test in sorted({*self.anyway, *but}) if test not in tests]
        done = subprocess.run(words, cwd=self.tree, env=environment, capture_output=True, text=True, timeout=3600)
        if self.told.is_file():
            return Failure(**json.loads(self.told.read_text(encoding="utf-8").splitlines()[0]))
        if done.returncode:
            raise Broken(" ".join(f"{done.stdout} {done.stderr}".split())[-200:])
        return None

    def founding(self, store: Path) -> str:
        """Build the founding store from the copy as it is; return where."""
        environment = {**os.environ, "PYTHONPATH": str(self.tree)}
        words = [sys.executable, "-m", "kg", "build", "--store", str(store)]
        subprocess.run(words, cwd=self.tree, env=environment, check=True, capture_output=True)
        return str(store)


def main() -> int:
    """Plant what is not yet known, and print the outcome by kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kind", help="only the slips of these lists, with commas between")
    parser.add_argument("--jobs", type=int, default=2, help="copies of the tree at work side by side")
    parser.add_argument("--named", action="store_true", help="run only the tests that each slip names")
    parser.add_argument("--trusted", action="store_true", help="the suite passed on this tree: look only with the slip")
    parser.add_argument("--again", action="store_true", help="plant those also that were seen before")
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "airkg-slips.json")
    given = parser.parse_args()
    known = json.loads(given.kept.read_text()) if given.kept.is_file() else {}
    wanted = [slip for slip in slips() if not given.kind or slip.kind in given.kind.split(",")]
    settled = () if given.again else ("seen", "unseen by") if given.named else ("seen",)
    todo = [slip for slip in wanted if not settled or not known.get(slip.key, "").startswith(settled)]
    todo.sort(key=lambda slip: sha256(slip.key.encode()).digest())  # so that a part of a run is a fair sample
    with tempfile.TemporaryDirectory() as folder:
        copies: Queue[Copy] = Queue()
        anyway, sound = set[str](), set[str]()
        store = ""
        for number in range(given.jobs if todo else 0):
            copy = Copy(Path(folder) / str(number), anyway, sound)
            copy.store = store = store or copy.founding(Path(folder) / "store")
            copy.trusted = given.trusted
            copies.put(copy)

        def run(slip: Slip) -> None:
            copy = copies.get()
            try:
                known[slip.key] = outcome = copy.plant(slip, given.named)
                given.kept.write_text(json.dumps(known, indent=1))
                print(f"{slip.key}: {outcome}", flush=True)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(given.jobs) as pool:
            list(pool.map(run, todo))
        for test in sorted(anyway):
            print(f"fails without any slip: {test}")
    for kind in dict.fromkeys(slip.kind for slip in wanted):
        outcomes = [known.get(slip.key, "") for slip in wanted if slip.kind == kind]
        print(f"{kind}: {sum(o.startswith('seen') for o in outcomes)} of {len(outcomes)} seen")
    seen = sum(known.get(slip.key, "").startswith("seen") for slip in wanted)
    print(f"all: {seen} of {len(wanted)} seen")
    return 0 if wanted and seen >= 0.9 * len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
