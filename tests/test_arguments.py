"""Arguments: one definition, read by a quick parser and by Typer alike; and what a command does not import."""

from __future__ import annotations

import contextlib
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import SELECT

from kg.cli.arguments import Command, parse
from kg.cli.table import COMMANDS, command

# ── speed: what is not imported ─────────────────────────────────────────────────────────────────────

IMPORTED = """
import sys
from kg.__main__ import main
try:
    main(sys.argv[1:])
finally:
    print("\\n" + " ".join(sorted(sys.modules)), file=sys.stderr)
"""


def imported(*words: str | Path) -> set[str]:
    """Return the names of all modules that a command line imports, packages' own names."""
    run = subprocess.run([sys.executable, "-c", IMPORTED, *map(str, words)], capture_output=True, text=True, check=True)
    return set(run.stderr.splitlines()[-1].split())


def test_help_imports_none_of_the_heavy_libraries() -> None:
    """Help is what one types to find out; it must not take a second."""
    heavy = {"rdflib", "owlready2", "pyshacl", "starlette", "pydantic", "networkx", "pyoxigraph"}
    assert not imported("--help") & heavy


ANSWERED = [["ask", "weakens"], ["show", "state-monopoly"], ["search", "states"], ["sparql", SELECT]]


@pytest.mark.parametrize("words", ANSWERED, ids=lambda words: words[0])
def test_what_answers_at_once_imports_neither_typer_nor_what_builds(small_store: Path, words: list[str]) -> None:
    """A cold answer is mostly imports."""
    found = imported(*words, "--store", small_store)
    assert not found & {"typer", "click", "rich", "pydantic", "rdflib", "pyshacl", "owlready2", "networkx"}
    assert "pyoxigraph" in found


def test_the_package_itself_imports_nothing(tmp_path: Path) -> None:
    """`import kg` in a notebook costs nothing until something is used."""
    code = "import sys, kg; print(' '.join(m for m in sys.modules if m.startswith('kg')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["kg"]


# ── one definition of the arguments ─────────────────────────────────────────────────────────────────


def lines_of(chosen: Command) -> st.SearchStrategy[list[str]]:
    """Return command lines of known and unknown options and words, in any order."""
    value = st.sampled_from(["weakens", "x=y", "a b", "trust", "en", "json", "-", "", "سلام", "1"])
    pieces = [st.lists(value, min_size=1, max_size=1)]
    for option in chosen.options:
        if option.positional:
            continue
        for name in option.names:
            if option.flag:
                pieces.append(st.just([name]))
                continue
            legal = st.sampled_from(option.choices) if option.choices else value
            pieces.append(legal.map(lambda v, name=name: [name, v]))
            if name.startswith("--"):
                pieces.append(legal.map(lambda v, name=name: [f"{name}={v}"]))
    if chosen.open:
        pieces.append(value.filter(bool).map(lambda v: ["--phenomenon", v]))
        pieces.append(value.filter(bool).map(lambda v: [f"--phenomenon={v}"]))
    return st.lists(st.one_of(pieces), max_size=5).map(lambda parts: [word for part in parts for word in part])


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[str]], dict[str, Any] | None]]:
    """What Typer makes of a command line, in place of running it; None where it refuses."""
    app = importlib.import_module("kg.cli.app")
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(app, "run", lambda name, values: found.append(values) or 0)
    monkeypatch.delenv("KG_TEXTS", raising=False)
    made = app.make_app()

    def run(words: list[str]) -> dict[str, Any] | None:
        found.clear()
        with contextlib.suppress(SystemExit):
            made(words, prog_name="kg", standalone_mode=True)
        return found[0] if found else None

    yield run


@pytest.mark.parametrize("chosen", COMMANDS, ids=lambda c: c.name)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_quick_parser_reads_a_line_as_typer_does(
    chosen: Command, data: st.DataObject, typed: Callable[[list[str]], dict[str, Any] | None]
) -> None:
    """What it reads it reads alike; what it does not understand it leaves to Typer. Never a third meaning."""
    words = data.draw(lines_of(chosen))
    quick = parse(chosen, words)
    if quick is None:
        return
    slow = typed([chosen.name, *words])
    assert slow is not None, "the quick parser took what Typer refuses"
    falsy = {key: value for key, value in slow.items() if value or key in ("words", "extra")}
    assert {key: value for key, value in quick.items() if value or key in ("words", "extra")} == falsy
    assert quick.keys() == slow.keys()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ask", ["weakens", "--help"]),
        ("ask", ["weakens", "-f"]),
        ("ask", ["weakens", "-f", "xml"]),
        ("ask", ["weakens", "--phenomenon"]),
        ("ask", ["weakens", "--values=1"]),
        ("ask", ["--", "weakens"]),
        ("show", []),
        ("show", ["a", "b"]),
        ("show", ["a", "--other", "b"]),
        ("sparql", ["-x"]),
    ],
)
def test_what_the_quick_parser_does_not_understand_it_leaves_to_typer(name: str, words: list[str]) -> None:
    """Help and messages are Typer's."""
    chosen = command(name)
    assert chosen is not None
    assert parse(chosen, words) is None
