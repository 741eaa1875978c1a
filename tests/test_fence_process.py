"""The process behind the fence: it answers many queries, ends when it should, and leaves nobody waiting."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fencing import RUNAWAY, TIGHT, children, gone, pid, rows, state, working
from small import SELECT

from kg.errors import FenceError, QueryError, StoreError
from kg.store.fence import Fence
from kg.store.limits import LONGEST, Limits
from kg.store.local import current


@pytest.fixture
def fence(small_store: Path) -> Iterator[Fence]:
    with Fence(small_store, TIGHT) as made:
        yield made


# ── the worker ──────────────────────────────────────────────────────────────────────────────────────


def test_one_worker_answers_many_and_is_replaced_when_it_is_gone(fence: Fence) -> None:
    """A server keeps some of these; none of its answers is another's."""
    first = [rows(fence, f"SELECT ({i} AS ?x) {{ }}")[0]["x"]["value"] for i in range(50)]
    assert first == [str(i) for i in range(50)]
    before = pid(fence)
    with pytest.raises(QueryError):
        fence.ask("SELECT")
    assert pid(fence) == before, "a fault of the query costs no worker"
    os.kill(before, signal.SIGKILL)
    gone(before)
    assert rows(fence, "SELECT (1 AS ?x) { }")
    assert pid(fence) != before
    fence.end()
    assert fence._worker is None
    assert rows(fence, "SELECT (1 AS ?x) { }")


def test_several_answer_side_by_side_from_threads(small_store: Path) -> None:
    """Whatever thread starts a worker may end, and the worker lives on."""
    fences = [Fence(small_store, TIGHT) for _ in range(3)]
    found: list[str] = []

    def ask(number: int) -> None:
        found.append(rows(fences[number], f"SELECT ({number} AS ?x) {{ }}")[0]["x"]["value"])

    for _ in range(3):
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        workers = {pid(fence) for fence in fences}
    assert sorted(found) == sorted("012" * 3)
    assert workers == {pid(fence) for fence in fences}, "the same ones all along"
    for fence in fences:
        fence.end()


def later(seconds: float, act: Callable[[], Any]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


ENDS = {
    signal.SIGKILL: "not answered: its process ended by signal 9, Killed",
    signal.SIGSEGV: "not answered: its process ended by signal 11, Segmentation fault",
    signal.SIGABRT: "not answered: its process ended by signal 6, Aborted",
    signal.SIGTERM: "not answered: its process ended by signal 15, Terminated",
    signal.SIGXCPU: "not answered: its process ended by signal 24, CPU time limit exceeded",
    signal.SIGALRM: "stopped after 20 s",
}


@pytest.mark.parametrize("how", ENDS, ids=lambda how: how.name)
def test_a_worker_that_is_killed_or_crashes_is_told_in_one_line(small_store: Path, how: signal.Signals) -> None:
    """And the next query has another."""
    with Fence(small_store, Limits(seconds=20)) as fence:
        fence.ask("ASK { }")
        later(0.3, lambda: os.kill(pid(fence), how))
        began = time.monotonic()
        with pytest.raises(FenceError) as caught:
            fence.ask(RUNAWAY)
        assert caught.value.message == ENDS[how]
        assert time.monotonic() - began < 5
        fence.ask("ASK { }")


def test_whoever_stops_waiting_leaves_no_worker(fence: Fence) -> None:
    """Ctrl-C, or any other exception in the one who asked; a notebook keeps the fence and asks again."""

    def give_up(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, give_up)
    try:
        fence.ask("ASK { }")
        busy = pid(fence)
        later(0.3, lambda: os.kill(os.getpid(), signal.SIGUSR1))
        with pytest.raises(KeyboardInterrupt):
            fence.ask(RUNAWAY)
    finally:
        signal.signal(signal.SIGUSR1, before)
    gone(busy)
    fence.ask("ASK { }")


def test_a_worker_that_stands_still_is_killed_at_the_deadline(small_store: Path) -> None:
    """Also where it does not take the query, because it fills the pipe."""
    for query in ("ASK { }", "ASK { } #" + "x" * (LONGEST - 10)):
        with Fence(small_store, Limits(seconds=4)) as fence:
            fence.ask("ASK { }")
            still = pid(fence)
            os.kill(still, signal.SIGSTOP)
            while state(still) != "T":
                time.sleep(0.01)
            with pytest.raises(FenceError, match="stopped after 4 s"):
                fence.ask(query)
            gone(still)
            fence.ask("ASK { }")


def test_a_store_that_is_missing_or_damaged_is_told(small_store: Path, tmp_path: Path) -> None:
    """Whether it shows when the store is opened or when a query reads it."""
    with Fence(tmp_path / "nowhere") as fence, pytest.raises(StoreError, match=r"error: no store at .*nowhere"):
        fence.ask("ASK { }")
    damaged = tmp_path / "store"
    shutil.copytree(small_store, damaged, symlinks=True)
    build = current(damaged)
    assert build
    tables = sorted((build / "db").glob("*.sst"), key=lambda file: file.stat().st_size)
    spoilt = bytearray(tables[-1].read_bytes())
    for at in range(5000, len(spoilt) // 2, 100):
        spoilt[at] ^= 0x55
    tables[-1].write_bytes(spoilt)
    with Fence(damaged) as fence, pytest.raises(StoreError, match="the store") as caught:
        for form in ("SELECT * { ?s ?p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }", "SELECT * { ?s a ?o }"):
            fence.ask(form)
    assert "kg build --force" in str(caught.value)


FAULTY_DISK = """
import ctypes, errno, os, struct, sys
from pathlib import Path
from kg.store import worker
from kg.store.local import open_store

store = open_store(Path(sys.argv[1]))
libc = ctypes.CDLL(None, use_errno=True)
read, call = (17, 317) if os.uname().machine == "x86_64" else (67, 277)
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, read), (0x06, 0, 0, 0x50000 | errno.EIO), (0x06, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
pointer = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.syscall(call, 1, 1, pointer) == 0
print(worker.answer(store, "SELECT * { GRAPH ?g { ?s ?p ?o } }", 1 << 26, 10**6)[0])
"""


def test_a_disk_that_fails_is_not_taken_for_another_server(small_store: Path) -> None:
    """The engine raises the same class for both."""
    run = subprocess.run([sys.executable, "-c", FAULTY_DISK, str(small_store)], capture_output=True, text=True)
    assert run.stdout.startswith("{'kind': 'store', 'text': 'IO error: "), run.stdout + run.stderr


# ── the command ─────────────────────────────────────────────────────────────────────────────────────


def command(store: Path, *words: str, query: str = RUNAWAY) -> subprocess.Popen[str]:
    """Start `kg sparql` as a shell does: the leader of a group of processes."""
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "sparql", query, "--store", str(store), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # were the tests themselves deaf
    )


@pytest.mark.parametrize("group", [True, False], ids=["the whole group", "the command alone"])
def test_ctrl_c_ends_a_runaway_query_at_once(small_store: Path, group: bool, tmp_path: Path) -> None:
    """Within a second, with 130, without a word of Python's, and nobody goes on working."""
    took = []
    for _ in range(3):  # a machine that has much to do may be late once
        started = command(small_store, "-o", str(tmp_path / "out.csv"))
        busy = working(started.pid)
        began = time.monotonic()
        (os.killpg if group else os.kill)(started.pid, signal.SIGINT)
        out, err = started.communicate(timeout=20)
        took.append(time.monotonic() - began)
        assert (started.returncode, out) == (130, "")
        assert "Traceback" not in err
        gone(busy)
        assert not (tmp_path / "out.csv").exists()
    assert min(took) < 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP], ids=lambda how: how.name)
def test_a_command_that_is_killed_leaves_no_worker(small_store: Path, how: signal.Signals) -> None:
    """Not even where it has no chance to say so: the worker hears that its pipe ends."""
    started = command(small_store)
    busy = working(started.pid)
    os.kill(started.pid, how)
    out, _ = started.communicate(timeout=20)
    assert out == ""
    gone(busy)


def test_a_worker_that_hears_of_nobody_ends_by_itself_after_the_deadline(small_store: Path) -> None:
    """Should another process hold the other end of its pipe, its own clock is left."""
    code = f"""
import os, sys, time
from pathlib import Path
from kg.store import worker
from kg.store.fence import Fence
from kg.store.limits import Limits
fence = Fence(Path(sys.argv[1]), Limits(seconds=1))
fence.start()
if os.fork() == 0:              # holds the pipe
    os.close(1)
    time.sleep(60)
print(fence._worker.pid, flush=True)
fence.ask({RUNAWAY!r})
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(small_store)], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        holder = next(child for child in children(parent.pid) if child != worker)
        time.sleep(0.3)
        parent.kill()
        parent.wait()
        time.sleep(0.5)
        assert state(worker) not in ("", "Z"), "somebody holds its pipe"
        gone(worker, 10)
        os.kill(holder, signal.SIGKILL)


def test_a_worker_that_is_killed_under_the_command_is_one_line(small_store: Path) -> None:
    """As by the system where memory is short."""
    started = command(small_store)
    os.kill(working(started.pid), signal.SIGKILL)
    out, err = started.communicate(timeout=20)
    assert (started.returncode, out) == (2, "")
    assert err == "query: error: not answered: its process ended by signal 9, Killed\n"


def test_the_command_stops_at_its_timeout(small_store: Path) -> None:
    began = time.monotonic()
    out, err = (started := command(small_store, "--timeout", "1")).communicate(timeout=30)
    assert (started.returncode, out) == (2, "")
    assert err.startswith("query: error: stopped after 1 s\n  hint: --timeout SECONDS")
    assert time.monotonic() - began < 5


CAPS = {
    "address space, tiny": (resource.RLIMIT_AS, 60 << 20),
    "address space, too small for the engine": (resource.RLIMIT_AS, 400 << 20),
    "address space, enough": (resource.RLIMIT_AS, 1 << 30),
    "files": (resource.RLIMIT_NOFILE, 24),
    "few files": (resource.RLIMIT_NOFILE, 8),
    "file size": (resource.RLIMIT_FSIZE, 0),
    "stack": (resource.RLIMIT_STACK, 256 << 10),
}


@pytest.mark.parametrize(("what", "most"), CAPS.values(), ids=CAPS)
def test_under_the_users_own_limits_it_answers_or_says_why_not(small_store: Path, what: int, most: int) -> None:
    """`ulimit` in a shell, a container, a cluster's queue: an answer, or one line; never half of one."""
    run = subprocess.run(
        [sys.executable, "-m", "kg", "sparql", SELECT, "--store", str(small_store)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(what, (most, most)),
        timeout=60,
    )
    if run.returncode == 0:
        assert (len(run.stdout.splitlines()), run.stderr) == (3, "")
    else:
        assert (run.returncode, run.stdout) == (2, "")
        assert "error: " in run.stderr.splitlines()[0]
        assert "Traceback" not in run.stderr
    assert run.returncode == 0 or "enough" not in str([k for k, v in CAPS.items() if v == (what, most)])


def test_a_users_cap_on_time_ends_the_worker_in_one_line(small_store: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "kg", "sparql", RUNAWAY, "--store", str(small_store), "--timeout", "300"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 4)),
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "query: error: not answered: its process ended by signal 24, CPU time limit exceeded\n"
