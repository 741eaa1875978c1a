"""Where the processes of cases are born: forked from one that has loaded what `kg` loads, or started cold."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

_LOADED = """
import pyoxigraph, pydantic, ruamel.yaml, rdflib, pyshacl, typer, networkx, jinja2
from kg import __main__, graph, names, pipeline, queries
from kg.cli import app, asking, building, exporting, output
from kg.load import corpus
from kg.store import local
from kg.validate import checks, shapes
"""


def _serve() -> None:
    """Answer one job a line: fork, name the process, wait for its end, tell how it was."""
    import ctypes

    from hostile.child import live

    exec(_LOADED)
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: what a case leaves behind becomes our child
    for line in open(os.dup(0), "rb"):  # noqa: SIM115 - the children want a stdin that nobody has read from
        job = json.loads(line)
        read, job["pipe"] = os.pipe()
        child = os.fork()
        if child == 0:
            if job["cold"]:
                _start(job)
            live(job)
        os.close(job["pipe"])
        reader = threading.Thread(target=_drain, args=(read, job["stderr"]))
        reader.start()
        os.write(1, f"{child}\n".encode())
        _, status, used = os.wait4(child, 0)
        left = _end_orphans()
        reader.join()
        told = {
            "code": os.waitstatus_to_exitcode(status),
            "seconds": used.ru_utime + used.ru_stime,
            "megabytes": used.ru_maxrss // 1024,
            "left": left,
        }
        os.write(1, json.dumps(told).encode() + b"\n")


def _drain(read: int, file: str) -> None:
    """Write what comes through a pipe to a file, until all who hold the other end have gone."""
    with open(read, "rb") as pipe, open(file, "wb") as out:
        shutil.copyfileobj(pipe, out)


def _start(job: dict[str, Any]) -> None:
    """Become a real `python`, which knows nothing yet."""
    from hostile.child import settle

    try:
        settle(job)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execve(sys.executable, [sys.executable, "-P", str(HERE / "child.py"), job["file"]], job["env"])
    finally:
        os._exit(125)


def _end_orphans() -> int:
    """Kill the processes that the case left behind, half a second after its end; return how many there were."""
    until, left = time.monotonic() + 0.5, set[str]()
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return len(left)
        if not ended:
            if time.monotonic() > until:
                for child in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
                    os.kill(int(child), signal.SIGKILL)
                    left.add(child)
            time.sleep(0.01)


def _used(session: int) -> float:
    """Return the seconds of a processor that the processes of a session have used."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(") ")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _begun(audit: Path) -> bool:
    from hostile.child import BEGAN

    return audit.exists() and BEGAN in audit.read_bytes()


def _send(group: int, number: int) -> None:
    with suppress(ProcessLookupError):  # it has ended this very moment
        os.killpg(group, number)


class Nursery:
    """Starts the processes of cases, and ends those that take too long."""

    def __init__(self) -> None:
        path = f"{HERE.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "hostile.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
        )
        self.rest = b""

    def run(self, job: dict[str, Any], patience: float, sign: tuple[str, float] | None = None) -> dict[str, Any]:
        """Run a job; kill its session after so many seconds by the clock in which it did nothing.

        Args:
            job: as `child.py` reads it.
            patience: seconds by the clock.
            sign: a signal to send to the process group, and seconds after the command began.

        Returns:
            Exit code, seconds of processor, megabytes, processes left behind, seconds by the clock (since the
            signal, where one was sent), `killed` where patience ended.

        """
        assert self.process.stdin is not None
        Path(job["file"]).write_text(json.dumps(job), encoding="utf-8")
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        self.process.stdin.flush()
        child, begun, killed = int(self._line(60) or b"0"), time.monotonic(), False
        line = None
        if sign:
            while line is None and not _begun(Path(job["audit"])) and time.monotonic() < begun + 10 * patience:
                line = self._line(0.005)
            line = line or self._line(sign[1])
        if sign and line is None:
            begun = time.monotonic()
            _send(child, getattr(signal, sign[0]))
        last, until = 0.0, begun + 10 * patience
        while line is None and (line := self._line(patience)) is None:
            used = _used(child)
            if used > last + 0.1 and time.monotonic() < until:  # it gets on, the machine has other work
                last = used
                continue
            killed = True
            _send(child, signal.SIGKILL)
            line = self._line(60)
        return {**json.loads(line or b"{}"), "killed": killed, "waited": time.monotonic() - begun}

    def _line(self, seconds: float) -> bytes | None:
        assert self.process.stdout is not None
        until = time.monotonic() + seconds
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, until - time.monotonic()))
            if not ready:
                return None
            read = os.read(self.process.stdout.fileno(), 65536)
            assert read, "the nursery has ended"
            self.rest += read
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)


if __name__ == "__main__":
    _serve()
