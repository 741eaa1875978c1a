"""The process of one case: limits first, then a watch on what Python opens, then `kg` itself.

Imported by the nursery, which forks it; run as a program where the process must be a real one.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
BEGAN = b'["began", ""]\n'
_TALKS = {"socket.connect", "socket.sendto", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"}


def settle(job: dict[str, Any]) -> None:
    """Take the place of a freshly started program: its own session, its files, folder and environment.

    Standard error is the writing end of a pipe that the nursery reads, so that no limit on files touches it.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    out = job["stdout"]
    opened = {
        0: None if job["stdin"] is None else os.open(job["stdin"], os.O_RDONLY),
        1: _broken() if out == "broken" else None if out == "closed" else os.open(out, os.O_WRONLY | os.O_CREAT),
        2: job["pipe"],
    }
    for number, descriptor in opened.items():
        if descriptor is None:
            os.close(number)
        else:
            os.dup2(descriptor, number)
            os.close(descriptor)


def _broken() -> int:
    read, write = os.pipe()
    os.close(read)
    return write


def bound(job: dict[str, Any]) -> int:
    """Set the limits, give up what root may do beyond others, and watch what is opened from here on.

    Returns:
        The descriptor to which is written what was seen.

    """
    opened = os.open(job["audit"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    watch = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, 200)  # not in the place of a stream that is closed
    os.close(opened)
    if job["vanish"]:
        os.rmdir(job["cwd"])
    limits = {"AS": 4 << 30, "CPU": 3 * int(job["seconds"]) + 3, "CORE": 0, **job["limits"]}
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        resource.setrlimit(number, (value, hard if name == "CPU" else value))
    if os.geteuid() == 0:
        _give_up_privileges()
    sys.addaudithook(_hook(watch))
    return watch


def _give_up_privileges() -> None:
    """Drop all capabilities, so that root, too, is held to the modes of files (capset(2), version 3)."""
    libc, header = ctypes.CDLL(None, use_errno=True), (ctypes.c_uint32 * 2)(0x20080522, 0)
    libc.prctl(28, 3)  # PR_SET_SECUREBITS, SECBIT_NOROOT and its lock: an exec gives none back
    if libc.capset(header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _hook(watch: int) -> Any:
    def note(what: str, path: Any) -> None:
        try:
            text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else repr(path)
            if what == "wrote":
                text = os.path.normpath(os.path.join(os.getcwd(), text))
            os.write(watch, json.dumps([what, text]).encode() + b"\n")
        except (OSError, ValueError):  # the watch must never disturb what it watches
            pass

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            if isinstance(args[0], str | bytes) and isinstance(args[2], int) and args[2] & _WRITES:
                note("wrote", args[0])
        elif event in _CHANGES:
            for path in args[:2]:
                if isinstance(path, str | bytes):
                    note("wrote", path)
        elif event in _TALKS:
            if getattr(args[0], "family", None) != 1:  # AF_UNIX stays on the machine
                note("asked", args[1] if event == "socket.connect" else args)
        elif event == "subprocess.Popen":
            note("ran", args[0])

    return hook


def run(job: dict[str, Any], watch: int) -> int:
    """Do what the script `kg` does; signals are sent when it has begun."""
    sys.argv = ["kg", *job["words"]]
    if job["program"]:
        _began(watch)
        exec(job["program"], {"__name__": "planted"})
        return 0
    from kg.__main__ import main

    _began(watch)
    return main()


def _began(watch: int) -> None:
    with suppress(OSError):  # where no file may have a byte
        os.write(watch, BEGAN)


def live(job: dict[str, Any]) -> None:
    """Live and die as the forked process of a case; never returns."""
    code = 1
    try:
        settle(job)
        code = run(job, bound(job))
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1 if stop.code else 0
    except BaseException:
        import traceback

        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            code = 120
    os._exit(code & 0xFF)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        work = json.load(file)
    sys.exit(run(work, bound(work)))
