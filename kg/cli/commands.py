"""Running a command: one call to the function that bears its name, in one of the modules beside this one.

What comes of an error of ours is said here; what ends a command otherwise, in `kg.cli.net`. The README lists the codes.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from typing import Any

from kg.cli.output import say
from kg.errors import KgError

HOMES = {
    "asking": ("ask", "show", "sparql"),
    "building": ("build", "check", "explain", "anchor", "coverage"),
    "searching": ("search",),
    "exporting": ("export", "stats", "schema", "docs"),
}
"""The module in which each command is."""


def run(name: str, values: Mapping[str, Any]) -> int:
    """Run a command; a `KgError` becomes its line on stderr and its exit code, anything else is for `kg.cli.net`."""
    try:
        return int(_home(name)(**values))
    except KgError as error:
        if os.environ.get("KG_DEBUG"):
            raise
        say(str(error))
        return error.exit_code


def _home(name: str) -> Any:
    module = next(module for module, names in HOMES.items() if name in names)
    return getattr(importlib.import_module(f"kg.cli.{module}"), name)
