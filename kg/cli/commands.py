"""Running a command: one call to the function that bears its name, in one of the modules beside this one.

Exit codes: 0 success, 1 findings, 2 could not run.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any

from kg.cli.output import say
from kg.errors import KgError

HOMES = {
    "asking": ("ask", "show", "sparql"),
    "building": ("build", "check", "explain", "anchor", "coverage"),
    "exporting": ("export", "stats", "schema", "docs"),
}
"""The module in which each command is."""


def run(name: str, values: Mapping[str, Any]) -> int:
    """Run a command; a `KgError` becomes its line on stderr and its exit code, anything else is a bug."""
    try:
        return int(_home(name)(**values))
    except KgError as error:
        say(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _home(name: str) -> Any:
    module = next(module for module, names in HOMES.items() if name in names)
    return getattr(importlib.import_module(f"kg.cli.{module}"), name)
