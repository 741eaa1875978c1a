"""Plants slips in a copy of the tree, one at a time, and tells which of them the tests see.

    python -m tests.slips [--kind queries] [--jobs 2] [--again]

A slip is what a tired hand does: arrows turned round, a filter dropped, a wrong key. `slips/*.yaml` lists them by
kind; each names the file, the words that stood there, what they become, and the tests that ought to see it. Those
run first; only when they pass does the whole suite. What was found is kept in a file outside the tree, so that a
run that was broken off goes on where it stopped. This is no part of the gate: a run takes an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent.parent
WHOLE = ("tests",)


class Slip(NamedTuple):
    """One change for the worse: in `file`, `was` (which stands there once) becomes `now`."""

    kind: str
    name: str
    file: str
    was: str
    now: str
    seen_by: tuple[str, ...]


def slips() -> list[Slip]:
    """Read the lists, in the order of their names."""
    found = []
    for file in sorted(Path(__file__).parent.glob("*.yaml")):
        for name, slip in YAML(typ="safe").load(file).items():
            found.append(Slip(file.stem, name, slip["in"], slip["was"], slip["now"], tuple(slip["seen-by"])))
    return found


def copy_of_the_tree(target: Path) -> Path:
    """Copy what git tracks, and what the build brought, so that a slip never touches the checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    for brought in ("kg/_web", "tests/js/node_modules"):
        if (ROOT / brought).exists():
            (target / brought).symlink_to((ROOT / brought).resolve())
    subprocess.run(["git", "init", "-q"], cwd=target, check=True)
    subprocess.run(["git", "add", "-A"], cwd=target, check=True, capture_output=True)
    return target


def passes(tree: Path, tests: tuple[str, ...], workers: int = 0) -> bool:
    """Run tests in a copy; the copy's `kg` goes before the installed one, in children too."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    words += ["-n", str(workers), "--dist", "loadfile"] if workers else []
    return subprocess.run(words, cwd=tree, env=environment, capture_output=True, timeout=3600).returncode == 0


_SOUND: dict[tuple[str, ...], bool] = {}


def sound(tree: Path, tests: tuple[str, ...]) -> bool:
    """Tell whether the tests pass as things are: a test that fails anyway sees nothing."""
    if tests not in _SOUND:
        _SOUND[tests] = passes(tree, tests)
    return _SOUND[tests]


def plant(slip: Slip, tree: Path) -> str:
    """Return `seen`, `seen by the whole`, `unseen`, or why the slip cannot be planted."""
    file = tree / slip.file
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    if before.count(slip.was) != 1:
        return f"stands {before.count(slip.was)} times in {slip.file}, once expected"
    if not sound(tree, slip.seen_by):
        return f"{' '.join(slip.seen_by)} fails without any slip"
    file.write_text(before.replace(slip.was, slip.now), encoding="utf-8")
    try:
        if not passes(tree, slip.seen_by):
            return "seen"
        return "seen by the whole" if not passes(tree, WHOLE, workers=2) else "unseen"
    finally:
        file.write_text(before, encoding="utf-8")


def main() -> int:
    """Plant what is not yet known, and print the outcome by kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kind", help="only the slips of this list")
    parser.add_argument("--jobs", type=int, default=2, help="copies of the tree at work side by side")
    parser.add_argument("--again", action="store_true", help="plant those also that were seen before")
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "airkg-slips.json")
    given = parser.parse_args()
    known = json.loads(given.kept.read_text()) if given.kept.is_file() and not given.again else {}
    wanted = [slip for slip in slips() if given.kind in (None, slip.kind)]
    todo = [slip for slip in wanted if not known.get(f"{slip.kind}/{slip.name}", "").startswith("seen")]
    with tempfile.TemporaryDirectory() as folder:
        trees: Queue[Path] = Queue()
        for number in range(given.jobs):
            # the texts lie beside the project, and tests look for them there
            beside = Path(folder) / str(number)
            trees.put(copy_of_the_tree(beside / "main"))
            if (ROOT.parent / "shared").is_dir():
                (beside / "shared").symlink_to(ROOT.parent / "shared")

        def run(slip: Slip) -> None:
            tree = trees.get()
            try:
                known[f"{slip.kind}/{slip.name}"] = outcome = plant(slip, tree)
                given.kept.write_text(json.dumps(known, indent=1))
                print(f"{outcome}: {slip.kind}/{slip.name}", flush=True)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(given.jobs) as pool:
            list(pool.map(run, todo))
    for kind in dict.fromkeys(slip.kind for slip in wanted):
        outcomes = [known.get(f"{kind}/{slip.name}", "") for slip in wanted if slip.kind == kind]
        print(f"{kind}: {sum(o.startswith('seen') for o in outcomes)} of {len(outcomes)} seen")
    seen = sum(known.get(f"{slip.kind}/{slip.name}", "").startswith("seen") for slip in wanted)
    print(f"all: {seen} of {len(wanted)} seen")
    return 0 if wanted and seen >= 0.9 * len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
