"""The rows of an answer put in order, grouped and cut to a page, the same for every form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from kg.ask.answer import Answer
from kg.ask.page import counted, flat
from kg.ask.view import View
from kg.errors import UsageError, nearest
from kg.grounds import Cell, Engine, natural
from kg.queries import bind, nodes
from kg.words import words

_WEIGHTS = """
SELECT ?claim (COUNT(DISTINCT ?assertion) AS ?weight) WHERE {
  VALUES ?claim { $claims } ?assertion air:asserts ?claim
}
GROUP BY ?claim
"""

Row = dict[str, Cell]


def arranged(answer: Answer, engine: Engine, view: View) -> Answer:
    """Return the answer with the rows that a view shows, in its order, and counted before any is left out.

    A sort keeps the question's order where it tells two rows not apart; groups stand in the order of their first rows.

    Raises:
        UsageError: a column that is none; an order by what the rows have not; a page behind the last.

    """
    view = view._replace(
        columns=tuple(dict.fromkeys(_column(answer, name, "columns") for name in view.columns)),
        group=_column(answer, view.group, "group-by") if view.group else "",
    )
    rows = sorted(answer.rows, key=_order(answer, engine, view.sort)) if view.sort else answer.rows
    if view.group:
        groups = dict.fromkeys(_text(row, view.group) for row in rows)
        places = {group: place for place, group in enumerate(groups)}
        rows = sorted(rows, key=lambda row: places[_text(row, view.group)])
    counts = counted(answer)
    if view.limit:
        pages = max(1, -(-len(rows) // view.limit))
        if view.page > pages:
            raise UsageError(f"error: --page {view.page} found, the last is {pages}")
        rows = rows[(view.page - 1) * view.limit : view.page * view.limit]
    return answer._replace(rows=rows, view=view, counts=counts)


def _text(row: Row, column: str) -> str:
    return row[column].text if column in row else ""


def _column(answer: Answer, typed: str, option: str) -> str:
    """Return the column that a name means: as programs read it, or as the page heads it.

    Raises:
        UsageError: there is none; the nearest is named.

    """
    say = words(answer.language)
    known = flat(answer)[0] if option == "columns" else list(answer.columns)
    names_of = {**{say(column).casefold(): column for column in known}, **{column: column for column in known}}
    found = names_of.get(typed, names_of.get(typed.casefold()))
    if found is None:
        hint = nearest(typed, list(names_of)) or f"its columns: {', '.join(answer.columns)}"
        raise UsageError(f"error: --{option} '{typed}' found, which is no column of this answer\n  hint: {hint}")
    return found


def _order(answer: Answer, engine: Engine, sort: str) -> Callable[[Row], Any]:
    """Return the key of an order.

    Raises:
        UsageError: the rows have neither claim nor source to be ordered by.

    """
    needed = {"weight": "claim", "source": "source", "place": "place"}[sort]
    if needed not in answer.columns:
        raise UsageError(f"error: --sort {sort} found, and the rows of '{answer.question.name}' have no {needed}")
    if sort == "source":
        return lambda row: (not _text(row, "source"), _text(row, "source").casefold())
    if sort == "place":
        return lambda row: (not row["place"].ids, [natural(i) for i in row["place"].ids[:1]])
    claims = {i for row in answer.rows for i in row["claim"].ids}
    weights = Counter[str]()
    for found in engine(bind(_WEIGHTS, claims=nodes(sorted(claims)))) if claims else []:
        weights[found["claim"].value] = int(found["weight"].value)
    return lambda row: -max((weights[i] for i in row["claim"].ids), default=0)
