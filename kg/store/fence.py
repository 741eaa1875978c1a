"""The fence: a query that a person typed runs in a process of its own, without a network, under limits, to be killed.

Its worker (`kg.store.worker`) opens the store once and answers one query after the other; when one meets a limit,
the worker is killed, and the next query starts another. A `Fence` serves one query at a time; whoever wants several
at once keeps several.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from kg.store.limits import QUERY, Limits, check, fault

_LENGTH = struct.Struct("!Q")

_BOOT = (
    "import sys, json; given = json.loads(sys.argv[1]); sys.path[:] = given['path']; "
    "from kg.store.worker import main; main(given)"
)


class Reply(NamedTuple):
    """A result in the engine's own bytes: `results` is SPARQL's JSON of a SELECT or an ASK, `graph` is N-Triples."""

    kind: str
    data: bytes


class Fence:
    """A worker over one store, started when it is needed.

    Args:
        store: the store.
        limits: what each query may take.
        closed: whether the worker is kept from the network; only a person may say no.

    """

    def __init__(self, store: Path, limits: Limits | None = None, closed: bool = True) -> None:
        self.store = store
        self.limits = limits or Limits()
        self.closed = closed
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Fence:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def ask(self, query: str, place: Path = QUERY) -> Reply:
        """Run a query over the union of all graphs; the project's prefixes need no declaration.

        Raises:
            QueryError: it does not parse, is an update, is too long or nests too deep, or asks another server.
            FenceError: it met a limit or the engine broke; or this system can build no fence.
            StoreError: there is no store, or it is damaged.

        """
        check(query, place)
        request = json.dumps({"query": query, "seconds": self.limits.seconds}).encode()
        try:
            said, data = self._exchange(_LENGTH.pack(len(request)) + request, place)
        except BaseException:  # also Ctrl-C: nothing goes on working for nobody
            self.end()
            raise
        if said["kind"] in ("results", "graph"):
            return Reply(said["kind"], data)
        if said["kind"] in ("fence", "store", "engine", "memory"):
            self.end()
        elsewhere = said["kind"] == "service" and not self.closed
        raise fault("elsewhere" if elsewhere else said["kind"], said["text"], self.limits, place)

    def start(self) -> None:
        """Start the worker, so that it opens the store while something else is done; `ask` does so where needed."""
        if self._worker and self._worker.poll() is not None:  # it was killed while it had nothing to do
            self.end()
        self._worker = self._worker or self._start()

    def end(self) -> None:
        """Kill the worker, if there is one; the next query starts another."""
        worker, self._worker = self._worker, None
        if worker:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout, worker.stderr):
                if pipe:
                    pipe.close()

    def _start(self) -> subprocess.Popen[bytes]:
        given = json.dumps({**self.limits._asdict(), "store": str(self.store), "fenced": self.closed, "path": sys.path})
        pipe = subprocess.PIPE
        try:
            # -I -S: the environment and `site` have no say, the path of modules is this process's own
            flags = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
            words = [sys.executable, *flags, "-c", _BOOT, given]
            environment = {**os.environ, "RUST_BACKTRACE": "0"}  # a backtrace takes seconds
            worker = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, env=environment)
        except OSError as error:
            raise fault("engine", f"no process can be started: {error.strerror}", self.limits) from None
        for end in (worker.stdin, worker.stdout, worker.stderr):
            assert end
            os.set_blocking(end.fileno(), False)
        return worker

    def _exchange(self, request: bytes, place: Path) -> tuple[dict[str, str], bytes]:
        """Send a request and wait for the two frames of its reply, until the deadline."""
        until = time.monotonic() + self.limits.seconds
        self.start()
        worker = self._worker
        assert worker and worker.stdin and worker.stdout
        to, back = worker.stdin.fileno(), worker.stdout.fileno()
        poll = select.poll()
        poll.register(back, select.POLLIN)
        poll.register(to, select.POLLOUT)
        sent, got = 0, bytearray()
        while True:
            left = until - time.monotonic()
            if left <= 0:
                raise fault("late", "", self.limits, place)
            ready = dict(poll.poll(left * 1000))
            if to in ready:
                try:
                    sent += os.write(to, request[sent:])
                except BrokenPipeError:  # it has ended, and perhaps said why
                    sent = len(request)
                if sent == len(request):
                    poll.unregister(to)
            if back in ready:
                more = os.read(back, 1 << 20)
                got += more
                if not more:
                    raise self._fate(worker, place)
                if (whole := self._frames(got)) is not None:
                    return whole

    def _frames(self, got: bytearray) -> tuple[dict[str, str], bytes] | None:
        """Return what a whole reply says, and its data; None while a part of it is missing."""
        frames, start = [], 0
        for most in (1 << 20, self.limits.size):
            if len(got) < start + _LENGTH.size:
                return None
            length = _LENGTH.unpack_from(got, start)[0]
            if length > most:
                raise fault("engine", "the engine sent what is no reply", self.limits)
            start += _LENGTH.size
            if len(got) < start + length:
                return None
            frames.append(bytes(got[start : start + length]))
            start += length
        if len(got) > start:
            raise fault("engine", "the engine sent more than a reply", self.limits)
        said: dict[str, str] = json.loads(frames[0])
        return said, frames[1]

    def _fate(self, worker: subprocess.Popen[bytes], place: Path) -> BaseException:
        """Say how a worker ended that did not answer."""
        assert worker.stderr
        try:
            code = worker.wait(1)
        except subprocess.TimeoutExpired:
            worker.kill()
            code = worker.wait()
        told = (worker.stderr.read() or b"").decode(errors="replace").strip()
        if code == -signal.SIGINT:  # Ctrl-C reaches both processes, and this one will hear of it, too
            return KeyboardInterrupt()
        if code == -signal.SIGALRM:  # this process was held up, and did not kill it in time
            return fault("late", "", self.limits, place)
        if code == -signal.SIGABRT and "alloc" in told:
            return fault("memory", "", self.limits, place)
        if code >= 0:
            return fault("engine", told.splitlines()[-1] if told else f"exit code {code}", self.limits, place)
        return fault("engine", f"its process ended by signal {-code}, {signal.strsignal(-code)}", self.limits, place)
