"""Killing a build: whenever it happens, the old graph or the whole new one answers, and the next build works."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from small import Small

from kg.store.local import open_store, read_seal

KILLS = 50

NURSERY = """
import json, os, sys
from pathlib import Path
import pyoxigraph, pydantic, ruamel.yaml                     # what a build imports, so that a child starts at once
from kg import graph, names, pipeline, queries
from kg.reason import rules as reason
from kg.store import local as store
from kg.load import corpus
from kg.load.inputs import Inputs
pipeline.examine = lambda *_: []                             # writes nothing, and takes most of a build's time
for line in sys.stdin:
    corpus, path = json.loads(line)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        say = lambda stage: os.write(1, (stage + "\\n").encode())
        try:
            pipeline.build(Inputs((Path(corpus),)), Path(path), force=True, progress=say)
            say("done")
        finally:
            say("over")
            os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()                                     # until then its number is nobody else's
    print("ended", os.waitpid(child, 0)[1], flush=True)
"""
"""Builds on request, each in a process of its own that is born with everything imported."""


class Nursery:
    """Starts builds and kills them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def build(self, corpus: Path, store: Path, stage: str = "", kill_after: float | None = None) -> dict[str, Any]:
        """Build; kill the process so many seconds after it named the stage (its birth, when empty).

        Returns:
            Seconds from birth to each stage that was named, and whether the process was killed.
        """
        self.tell(json.dumps([str(corpus), str(store)]))
        child, born, said = 0, time.monotonic(), dict[str, float]()
        while not child or (stage and stage not in said if kill_after is not None else "over" not in said):
            word = self.line()
            if word.isdigit():
                child = int(word)
            else:
                said[word] = time.monotonic() - born
                assert word != "over" or "done" in said, "the build failed"
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        self.tell("")
        while not (word := self.line()).startswith("ended"):
            said[word] = time.monotonic() - born
        return {"stages": said, "killed": word != "ended 0"}

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")

    def close(self) -> None:
        self.process.stdin and self.process.stdin.close()
        self.process.wait(10)


def served(store: Path) -> str:
    """Return the hash of what the store answers with, after its seal has been verified."""
    quads = open_store(store, thorough=True)
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in quads)).encode()).hexdigest()


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_old_graph_or_the_whole_new_one(small: Small, tmp_path: Path) -> None:
    """Half of the moments fall anywhere in a build, half where it writes and turns the store to what it wrote."""
    store, moments = tmp_path / "store", random.Random(20261121)
    versions = {}
    nursery = Nursery()
    try:
        for word in ("owners", "holders"):
            coding = small.path("coding.yaml")
            coding.write_text(coding.read_text().replace("owners of the", f"{word} of the"))
            took = nursery.build(small.root, store)["stages"]
            versions[word] = served(store)
        assert versions["owners"] != versions["holders"]
        whole, writing = took["done"], took["done"] - took["publishing"]
        now, killed, turned = versions["holders"], 0, 0
        for number in range(KILLS * 6):
            word = next(word for word in versions if versions[word] != now)
            coding.write_text(coding.read_text().replace("holders of", "owners of").replace("owners of", f"{word} of"))
            if number % 2:
                end = nursery.build(small.root, store, "", moments.uniform(0, whole))
            else:
                end = nursery.build(small.root, store, "publishing", moments.uniform(0, writing * 1.5))
            if not end["killed"]:  # it ended first: aim earlier from now on
                whole, writing = whole * 0.8, writing * 0.8
            found = served(store)
            assert found in {now, versions[word]}, f"kill {number}: neither the old graph nor the new one"
            killed += end["killed"]
            turned += found == versions[word]
            now = found
            if killed == KILLS:
                break
        assert killed == KILLS, f"{killed} builds were killed before they ended, {KILLS} should be"
        print(f"{killed} of {number + 1} builds killed; {turned} times the new graph was served")
        assert not nursery.build(small.root, store)["killed"], "the next build works"
        assert served(store) == versions[word]
        assert len(list((store / "builds").iterdir())) <= 2, "and has removed what the killed ones left"
        assert not list(store.glob("current.*"))
    finally:
        nursery.close()


@pytest.mark.slow
def test_the_command_itself_may_be_killed(small: Small, tmp_path: Path) -> None:
    """As above, with validation and through the command line, a few times."""
    store, moments = tmp_path / "store", random.Random(7)
    words = [sys.executable, "-m", "kg", "build", "--corpus", str(small.root), "--alone", "--store", str(store)]
    began = time.monotonic()
    subprocess.run(words, check=True, capture_output=True)
    took = time.monotonic() - began
    before = served(store)
    for _ in range(3):
        process = subprocess.Popen([*words, "--force"], stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.2 * took, took))
        process.kill()
        process.wait()
        assert served(store) == before
    told = subprocess.run(words, check=True, capture_output=True, text=True).stderr
    assert "4 claims" in told
    assert read_seal(store) is not None
