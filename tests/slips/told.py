"""A plugin of pytest for a run that is over at the first failure: what is likely to fail comes first, and is told.

SLIPS_NEAR   the name of the module with the slip; tests that bear it come first, slow ones last
SLIPS_TOLD   the file to which each failure is added, a line of JSON
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in the order in which a failure is likely to come soonest; the files stay in theirs."""
    near = os.environ.get("SLIPS_NEAR", "")
    files = list(dict.fromkeys(item.path for item in items))

    def likely(item: pytest.Item) -> tuple[bool, int, bool]:
        return item.get_closest_marker("slow") is not None, files.index(item.path), near not in item.nodeid

    items.sort(key=likely)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down a failure of a test, or of what it is set up with."""
    if report.failed and (file := os.environ.get("SLIPS_TOLD")):
        with Path(file).open("a", encoding="utf-8") as told:
            told.write(json.dumps({"test": report.nodeid, "said": report.longreprtext}) + "\n")
