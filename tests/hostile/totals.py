"""The last lines of the run: how many inputs were put in, and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from hostile.case import Accepted, Case
from hostile.runner import KINDS

PLURAL = {
    "crash": "crashes",
    "hang": "hangs",
    "traceback": "tracebacks",
    "fetch": "fetches",
    "stray file": "stray files",
    "terminal": "signs that a terminal obeys",
    "left running": "processes left",
    "outcome": "other outcomes",
}


def verdict(case: Case, wrong: Iterable[tuple[str, str]]) -> list[str]:
    """Return what is kept of a case that was run: what was expected, and the kinds of what was wrong."""
    expected = "accepted" if isinstance(case.expect, Accepted) else "refused"
    return [expected, *dict.fromkeys(kind for kind, _ in wrong)]


def line(verdicts: Iterable[list[str]]) -> str:
    """Return the totals as one line."""
    found = list(verdicts)
    right = Counter(one[0] for one in found if len(one) == 1)
    wrong = Counter(kind for one in found for kind in one[1:])
    counts = ", ".join(f"{wrong[kind]} {PLURAL[kind]}" for kind in KINDS)
    return (
        f"hostile: {len(found)} inputs: {right['refused']} refused with place, "
        f"{right['accepted']} accepted rightly; {counts}"
    )


def of_reports(reports: Iterable[Any]) -> list[list[str]]:
    """Return the verdicts among pytest's reports, whichever worker made them."""
    return [value for report in reports for name, value in getattr(report, "user_properties", ()) if name == "hostile"]
