"""A scholar's own SPARQL over the local store: SELECT, ASK, CONSTRUCT and DESCRIBE, as rows."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from kg import names
from kg.errors import Place, QueryError
from kg.queries import TOKEN
from kg.reading import read_text
from kg.store.fence import Fence, Reply
from kg.store.limits import LONGEST, QUERY


def read(file: Path | None) -> tuple[str, Path]:
    """Return the query in a file, or on stdin where there is none, and its place; no more of it than is allowed.

    A byte order mark before it is left out.

    Raises:
        InputError: no regular file, unreadable, too long, or not UTF-8.

    """
    if file:
        return read_text(file, LONGEST).removeprefix("\ufeff"), file
    try:
        raw = sys.stdin.buffer.read(LONGEST + 1)
    except OSError as error:
        raise QueryError(Place(QUERY), f"stdin cannot be read: {error.strerror}") from None
    if len(raw) > LONGEST:
        raise QueryError(Place(QUERY), f"more than {LONGEST:,} bytes found, at most {LONGEST:,} expected in a query")
    try:
        return raw.decode("utf-8-sig"), QUERY
    except UnicodeDecodeError as error:
        at = error.start
        where = Place(QUERY, raw.count(b"\n", 0, at) + 1, at - raw.rfind(b"\n", 0, at))
        raise QueryError(where, f"byte 0x{raw[at]:02x} found, UTF-8 text expected") from None


def calls(query: str) -> bool:
    """Tell whether a query speaks of another server: for a note to who reads the answer, never to keep one out."""
    bare = TOKEN.sub(" ", query)
    return bool(re.search(r"(?i)(?<![\w?:-])SERVICE(?![\w:-])", bare))


def solve(fence: Fence, query: str, place: Path) -> Reply:
    """Run a query behind the fence; `rows` and `kg.ask.results` say what came of it.

    Raises:
        QueryError, StoreError: as `Fence.ask`.

    """
    fence.start()
    import pyoxigraph  # noqa: F401, while the worker opens the store

    return fence.ask(query, place)


def rows(reply: Reply) -> tuple[list[str], list[dict[str, str]]]:
    """Return what a query gave as columns and rows; IRIs are shortened where one of the project's prefixes fits.

    A CONSTRUCT or DESCRIBE gives subject, predicate, object; an ASK gives `answer`.
    """
    import pyoxigraph as ox

    if reply.kind == "graph":
        columns = ["subject", "predicate", "object"]
        found = [(t.subject, t.predicate, t.object) for t in ox.parse(reply.data, ox.RdfFormat.N_TRIPLES)]
        return columns, [dict(zip(columns, row, strict=True)) for row in sorted(tuple(map(_text, t)) for t in found)]
    result: Any = ox.parse_query_results(reply.data, ox.QueryResultsFormat.JSON)
    if isinstance(result, ox.QueryBoolean):
        return ["answer"], [{"answer": "true" if result else "false"}]
    columns = [v.value for v in result.variables]
    return columns, [{c: _text(row[c]) for c in columns} for row in result]


def _text(term: Any) -> str:
    if term is None:
        return ""
    if type(term).__name__ == "NamedNode":
        return names.compact(term.value)
    return str(getattr(term, "value", term))
