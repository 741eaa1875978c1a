"""What a query that a person typed may take, and what is said when it wants more."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from kg.errors import FenceError, KgError, Place, QueryError, StoreError, nearest, plain
from kg.queries import TOKEN, not_sparql

QUERY = Path("query")
"""What stands for the file where a query has none."""

LONGEST = 64 << 10
"""Bytes of a query."""

DEEPEST = 64
"""Brackets open at once; the engine takes more, and plans for minutes where it has to plan a few hundred."""

_BRACKET = re.compile(TOKEN.pattern + r"| (?P<open>[({\[]) | (?P<close>[)}\]])", re.DOTALL | re.VERBOSE)


class Limits(NamedTuple):
    """What a query may take.

    Attributes:
        seconds: from the question to the answer, the start of the worker included.
        memory: bytes, beside what the open store takes.
        size: bytes of the result.
        rows: rows, or triples, of the result.
        nice: how far it stands back for other processes, from 0 to 19; at 10, a busy machine leaves it next to nothing.

    """

    seconds: float = 30
    memory: int = 1 << 30
    size: int = 64 << 20
    rows: int = 250_000
    nice: int = 5


_PROLOGUE = re.compile(r"\s*(?:PREFIX\s+[^\s:]*:\s*|BASE\s+|VERSION\s+)*", re.IGNORECASE)
_ASKS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CHANGES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


def check(query: str, place: Path = QUERY) -> None:
    """Refuse what is no query, or is empty, too long or nests too deep: for the message; what protects is the process.

    Raises:
        QueryError: it is; with the place of the bracket that is one too many, or of the word that begins no query.

    """
    if not query.strip():
        raise QueryError(Place(place), "nothing found, a query expected")
    size = len(query.encode(errors="replace"))
    if size > LONGEST:
        raise QueryError(Place(place), f"{size:,} bytes found, at most {LONGEST:,} expected in a query")
    depth = 0
    for mark in _BRACKET.finditer(query):
        depth += bool(mark["open"]) - bool(mark["close"])
        if depth > DEEPEST:
            at = mark.start()
            where = Place(place, query.count("\n", 0, at) + 1, at - query.rfind("\n", 0, at))
            raise QueryError(where, f"{depth} brackets are open here, at most {DEEPEST} expected")
    _check_kind(query, place)


def _check_kind(query: str, place: Path) -> None:
    """Refuse an update, and a query whose first word is no kind of query, in words that say so."""
    bare = TOKEN.sub(lambda mark: re.sub(r"[^\n]", " ", mark[0]), query)
    begin = _PROLOGUE.match(bare)
    word = re.compile(r"[^\W\d_]+").match(bare, begin.end() if begin else 0)
    if not word or word[0].upper() in _ASKS:
        return
    at = word.start()
    where = Place(place, query.count("\n", 0, at) + 1, at - query.rfind("\n", 0, at))
    if word[0].upper() in _CHANGES:
        told = f"{word[0].upper()} changes a graph, and this one is only read"
        raise QueryError(where, told, "`kg build` makes it, from the coded sources; CONSTRUCT makes triples of it")
    hint = nearest(word[0].upper(), _ASKS)
    raise QueryError(where, f"not SPARQL: '{word[0]}' found, SELECT, ASK, CONSTRUCT or DESCRIBE expected", hint)


def fault(kind: str, text: str, limits: Limits, place: Path = QUERY) -> KgError:
    """Say in one line, with a hint, what became of a query.

    Args:
        kind: as the worker says it; or `late`; or `elsewhere`, where SERVICE failed without a fence.
        text: what the engine or the system said.
        limits: what the query could take.
        place: where it stands.

    """
    at = Place(place)
    match kind:
        case "syntax":
            return not_sparql(SyntaxError(text), place)
        case "service":
            hint = "leave SERVICE out, or ask that server by itself and bring the result as VALUES"
            return QueryError(at, f"SERVICE asks another server; a query here sees this graph alone ({text})", hint)
        case "elsewhere":
            return QueryError(at, f"SERVICE: {text}")
        case "store":
            if text.startswith("error: "):
                return StoreError(text)
            return StoreError(f"error: the store is damaged: {plain(text)}\n  hint: `kg build --force` makes it anew")
        case "large":
            most = f"{limits.rows:,} rows or {limits.size >> 20} MiB"
            hint = "LIMIT takes a part, COUNT a number; `kg export` writes the whole graph"
            return FenceError(at, f"the answer is larger than {most}", hint)
        case "late":
            hint = "--timeout SECONDS gives it longer; LIMIT, or a pattern that binds more, makes it shorter"
            return FenceError(at, f"stopped after {limits.seconds:g} s", hint)
        case "memory":
            hint = "LIMIT, or a pattern that binds more, needs less; so does a query without ORDER BY or DISTINCT"
            return FenceError(at, f"stopped: it needs more memory than {limits.memory >> 20:,} MiB", hint)
        case "fence":
            hint = "--unfenced runs it all the same; SERVICE then reaches other servers"
            return FenceError(at, f"no fence can be built here, so it was not run: {text}", hint)
        case _:
            return FenceError(at, f"not answered: {text}")
