"""How much of an answer is shown, and in what order: what was asked for beside the question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kg.errors import UsageError
from kg.words import words

SORTS = ("weight", "source", "place")
"""By how many assertions the claim has; by the source's name; by source and place in the text."""


class View(NamedTuple):
    """What of an answer is shown, and how.

    Attributes:
        sort: one of `SORTS`; empty for the question's own order.
        group: the column whose values become headings; empty for none.
        columns: those to be shown, in order; empty for all.
        limit: rows of a page; 0 for all rows.
        page: from 1.

    """

    sort: str = ""
    group: str = ""
    columns: tuple[str, ...] = ()
    limit: int = 0
    page: int = 1


class Counts(NamedTuple):
    """Of a whole answer, whatever part of it is shown: rows, claims, sources, and works cited for the claims."""

    rows: int
    claims: int
    sources: int
    works: int


def view_of(sort: str | None, group: str | None, columns: Iterable[str], limit: str | None, page: str | None) -> View:
    """Return a view from what was typed.

    Raises:
        UsageError: a number that is none, or a page of no limit.

    """
    if page and not limit:
        raise UsageError("error: --page found without --limit\n  hint: --limit says how many rows a page has")
    named = [name.strip() for typed in columns for name in typed.split(",")]
    if any(not name for name in named):
        raise UsageError("error: --columns found without a name\n  hint: --columns claim,source")
    size, number = _number("limit", limit, 0), _number("page", page, 1)
    return View(sort or "", (group or "").strip(), tuple(dict.fromkeys(named)), size, number)


def _number(name: str, typed: str | None, default: int) -> int:
    if typed is None:
        return default
    if not (typed.isdecimal() and len(typed) < 10 and int(typed)):
        raise UsageError(f"error: --{name} '{typed}' found, a number from 1 expected")
    return int(typed)


def told(counts: Counts, view: View, language: str = "en") -> str:
    """Return what stands at the foot: `12 rows, 11 claims, 3 sources, 4 cited works`, and which rows are shown."""
    say = words(language)
    units = (("row", "rows"), ("claim", "claims"), ("source", "sources"), ("cited work", "cited works"))
    # after a number, Persian has the singular
    single = language != "en"
    named = zip(counts, units, strict=True)
    parts = [f"{n} {say(one if n == 1 or single else several)}" for n, (one, several) in named if n]
    line = say(", ").join(parts)
    if not view.limit or counts.rows <= view.limit:
        return line
    first, last = (view.page - 1) * view.limit + 1, min(view.page * view.limit, counts.rows)
    shown = f"{say('rows')} {first}–{last} {say('of')} {counts.rows}"
    more = [f"--page {view.page + 1} {say('goes on')}"] if last < counts.rows else []
    return f"{line}; " + "; ".join([shown, *more])
