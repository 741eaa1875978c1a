"""The process in which a query that a person typed runs: one store open, one query after the other.

It is started by `kg.store.fence`, which is the only one to speak with it. A request on stdin is a frame, JSON with
the query; the reply on stdout is a frame with JSON that says what comes, and one with the engine's own bytes. A frame
is its length in eight bytes, then so many bytes. Where the start fails, that is the reply to the first request.
Nothing here is trusted to end by itself: whoever started it kills it; and it ends when stdin does.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import select
import signal
import struct
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names
from kg.errors import StoreError
from kg.queries import TOKEN
from kg.store import seccomp
from kg.store.local import open_store

if TYPE_CHECKING:
    import pyoxigraph as ox

STACK = 256 << 20
"""Bytes of stack for the engine, which descends as deep as a query nests; taken only where it is used."""

GRACE = 5
"""Seconds after the deadline at which the process ends by itself, should nobody be left to kill it."""

_LENGTH = struct.Struct("!Q")


class _TooLarge(Exception):
    """The result has more bytes or rows than the limits allow."""


class _Capped(io.BytesIO):
    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.most:
            raise _TooLarge
        return super().write(data)


def main(settings: dict[str, Any]) -> None:
    """Answer the requests on stdin until it ends, under the settings that `Fence` gives."""
    import pyoxigraph  # noqa: F401, here, so that nothing is slowed down before the first query

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # in the background, Ctrl-C is for others
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the replies
    try:
        os.nice(settings["nice"])
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if settings["fenced"]:
            seccomp.close()
        store = open_store(Path(settings["store"]))  # after the filter: the threads of the engine get it, too
        threading.stack_size(STACK)
        threading.Thread(target=_serve, args=(store, settings, replies), daemon=True).start()
        _cap_memory(settings["memory"])
    except (seccomp.NoFence, StoreError) as error:
        _reply(replies, {"kind": "store" if isinstance(error, StoreError) else "fence", "text": str(error)})
        return
    # the engine works without the lock of the interpreter, so that this thread hears at once when nobody is left
    end = select.poll()
    end.register(0, 0)
    end.poll()
    os._exit(0)


def _serve(store: ox.Store, settings: dict[str, Any], replies: Any) -> None:
    try:
        while request := _request(sys.stdin.buffer):
            signal.setitimer(signal.ITIMER_REAL, request["seconds"] + GRACE)
            said, data = answer(store, request["query"], settings["size"], settings["rows"])
            signal.setitimer(signal.ITIMER_REAL, 0)
            _reply(replies, said, data)
    except BaseException as error:  # a thread that ends leaves the process, and whoever waits for it would go on
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(1)


def _cap_memory(more: int) -> None:
    """Let the address space grow by so many bytes from now on, or as far as the user's own limit says."""
    try:
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        taken = 1 << 30  # more than an open store was ever seen to take
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = taken + more
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    with suppress(ValueError):  # a Mac takes no such limit
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def answer(store: ox.Store, query: str, size: int, rows: int) -> tuple[dict[str, str], bytes]:
    """Run a query over the union of all graphs, or over those that it names with FROM.

    Args:
        store: the open store.
        query: what was typed; the project's prefixes are declared.
        size: the most bytes.
        rows: the most rows or triples.

    Returns:
        What came of it (`kind`, and `text` where it failed), and SPARQL's JSON of the results, for a SELECT or an
        ASK, or the N-Triples of a graph.

    """
    import pyoxigraph as ox

    held = _Capped(size)
    try:
        result: Any = store.query(query, prefixes=names.PREFIXES, use_default_graph_as_union=not _chooses(query))
        graph = isinstance(result, ox.QueryTriples)
        result.serialize(held, ox.RdfFormat.N_TRIPLES if graph else ox.QueryResultsFormat.JSON)
        data = held.getvalue()
        if (data.count(b"\n") if graph else _rows(data, rows)) > rows:
            raise _TooLarge
    except BaseException as error:  # a panic of the engine is no Exception
        return {"kind": _kind(error), "text": str(error)}, b""
    return {"kind": "graph" if graph else "results"}, data


def _chooses(query: str) -> bool:
    """Tell whether a query has a FROM, which the union would silently override."""
    return bool(re.search(r"(?i)(?<![\w?@:.-])FROM(?![\w:.-])", TOKEN.sub(" ", query)))


def _rows(results: bytes, enough: int) -> int:
    """Return the number of rows in SPARQL's JSON, exactly when it is more than enough."""
    most = results.count(b"},{") + 1
    return most if most <= enough else re.sub(rb'"(?:[^"\\]|\\.)*"', b"", results).count(b"},{") + 1


def _kind(error: BaseException) -> str:
    """Say what failed; the engine has no classes for it, but words of RocksDB and of its own."""
    told = str(error)
    match error:
        case _TooLarge():
            return "large"
        case MemoryError():
            return "memory"
        case SyntaxError() | ValueError():
            return "syntax"
        case OSError():  # of a disk RocksDB says so; all others come of SERVICE
            return "store" if told.startswith(("IO error", "Corruption")) else "service"
        case RuntimeError():
            return "service" if told.startswith(("The variable encoding the service", "The service ")) else "store"
        case _:
            return "engine"


def _request(stdin: Any) -> dict[str, Any] | None:
    head = stdin.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    body = stdin.read(_LENGTH.unpack(head)[0])
    found: dict[str, Any] = json.loads(body)
    return found


def _reply(replies: Any, said: dict[str, str], data: bytes = b"") -> None:
    head = json.dumps(said).encode()
    replies.write(_LENGTH.pack(len(head)) + head + _LENGTH.pack(len(data)))
    replies.write(data)
    replies.flush()
