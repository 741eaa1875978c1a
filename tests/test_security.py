"""docs/SECURITY.md says the numbers that hold in the program, and names what is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<what>.+?) \| (?P<number>[\d,]+)(?: (?P<unit>bytes|s))? \| `(?P<name>kg\.[\w.]+)` \|$", re.M)


def constant(name: str) -> Any:
    """Return what a dotted name stands for: a module's constant, or the default of a field of its class."""
    module, _, rest = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), rest)
    except ModuleNotFoundError:
        owner, _, holder = module.rpartition(".")
        return getattr(importlib.import_module(owner), holder)._field_defaults[rest]


def test_each_number_is_the_programs() -> None:
    """A limit that the document does not keep up with is a promise that nobody made."""
    rows = list(ROW.finditer(TEXT))
    table = TEXT.partition("where it is set |\n")[2].partition("\n\n")[0].splitlines()[1:]
    assert len(rows) == len(table) > 10
    said = {row["name"]: int(row["number"].replace(",", "")) for row in rows}
    assert said == {name: constant(name) for name in said}
    assert len(said) == len(rows)


def test_the_limits_of_a_query_all_stand_in_it() -> None:
    """But how far it stands back, which is no limit."""
    from kg.store.limits import Limits

    named = {row["name"].rpartition(".")[2] for row in ROW.finditer(TEXT) if ".Limits." in row["name"]}
    assert named == set(Limits._fields) - {"nice"}


def test_what_it_points_at_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (ROOT / "docs" / target).resolve().exists(), target
    for folder in re.findall(r"`(tests/\w+)/`", TEXT):
        assert (ROOT / folder).is_dir(), folder
    assert "docs/SECURITY.md" in (ROOT / "README.md").read_text(encoding="utf-8")
