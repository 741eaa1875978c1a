"""A scholar's own SPARQL over the local store: SELECT, ASK, CONSTRUCT and DESCRIBE, as rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names
from kg.errors import Place, QueryError, StoreError
from kg.queries import TOKEN, not_sparql, with_prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


def refuse_federation(query: str, place: Path) -> None:
    """Refuse SERVICE, which the engine would follow over the network, without a time limit.

    Raises:
        QueryError: the query holds one, with its line.

    """
    bare = TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), query)
    found = re.search(r"(?i)\bSERVICE\b", bare)
    if found:
        line = query.count("\n", 0, found.start()) + 1
        column = found.start() - query.rfind("\n", 0, found.start())
        raise QueryError(Place(place, line, column), "SERVICE found, a query over this graph alone expected")


def solve(store: ox.Store, query: str, place: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Run a query; it may use the project's prefixes undeclared, and IRIs are shortened where one fits.

    Returns:
        Columns and rows; a CONSTRUCT or DESCRIBE gives subject, predicate, object; an ASK gives `answer`.

    Raises:
        QueryError: it does not parse, or it is an update.
        StoreError: what it reads is damaged.

    """
    full = with_prefixes(query)
    try:
        result: Any = store.query(full, use_default_graph_as_union=True)
        return _table(result)
    except (SyntaxError, ValueError, OSError) as error:
        raise not_sparql(error, place, query.count("\n") - full.count("\n")) from None
    except RuntimeError as error:
        raise StoreError(f"error: the store is damaged: {error}\n  hint: `kg build --force` makes it anew") from None


def _table(result: Any) -> tuple[list[str], list[dict[str, str]]]:
    import pyoxigraph as ox

    if isinstance(result, ox.QueryBoolean):
        return ["answer"], [{"answer": "true" if result else "false"}]
    if isinstance(result, ox.QueryTriples):
        columns = ["subject", "predicate", "object"]
        rows = [dict(zip(columns, map(_text, (t.subject, t.predicate, t.object)), strict=True)) for t in result]
        return columns, sorted(rows, key=lambda row: tuple(row.values()))
    columns = [v.value for v in result.variables]
    return columns, [{c: _text(row[c]) for c in columns} for row in result]


def _text(term: Any) -> str:
    if term is None:
        return ""
    if type(term).__name__ == "NamedNode":
        return names.compact(term.value)
    return str(getattr(term, "value", term))
