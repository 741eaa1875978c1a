"""Stores for the tests to damage, and processes that build and look on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.local import current, open_store


def some(count: int, word: str = "value") -> list[ox.Quad]:
    """Return quads enough for several files."""
    graph, predicate = ox.NamedNode("https://x.org/g"), ox.NamedNode("https://x.org/p")
    return [
        ox.Quad(ox.NamedNode(f"https://x.org/{i}"), predicate, ox.Literal(f"{word} {i} " + "x" * 50), graph)
        for i in range(count)
    ]


def lines(path: Path) -> list[str]:
    """Return what a store answers with when asked for everything."""
    return sorted(str(quad) for quad in open_store(path))


def served(path: Path) -> Path:
    """Return the directory of the build that is served; there is one."""
    build = current(path)
    assert build is not None
    return build


def files(path: Path) -> list[Path]:
    """Return every file of the build that is served, also those in its database."""
    return sorted(file for file in served(path).rglob("*") if file.is_file())


def flip(file: Path, at: int) -> bytes:
    """Turn the bits of one byte; return what was there."""
    raw = file.read_bytes()
    file.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
    return raw


def refused(path: Path) -> str:
    """Return the error with which a store refuses to be opened: one line, and a hint."""
    try:
        open_store(path)
    except StoreError as error:
        line, _, hint = str(error).partition("\n  hint: ")
        assert line.startswith("error: ")
        assert "\n" not in line + hint
        assert hint
        return line
    raise AssertionError("opened")


BUILDER = """
import os, sys
from pathlib import Path
from kg.errors import StoreError
from kg.store.publish import publish
from storing import some
for number in range(int(sys.argv[2])):
    try:
        publish(Path(sys.argv[1]), some(int(sys.argv[3])), {"by": os.getpid()})
        print("built", flush=True)
    except StoreError as error:
        print(error, flush=True)
"""


def builder(path: Path, times: int, count: int) -> subprocess.Popen[str]:
    """Start a process that publishes so many quads so many times; a line of its stdout for each."""
    words = [sys.executable, "-c", BUILDER, str(path), str(times), str(count)]
    return subprocess.Popen(words, cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> Iterator[str]:
    """Yield what a builder says, until it ends; it must end well."""
    assert process.stdout is not None
    with process.stdout:
        yield from (line.strip() for line in process.stdout)
    assert process.wait(60) == 0
