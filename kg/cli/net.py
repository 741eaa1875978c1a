"""The last net: whatever ends a command otherwise than by its own code becomes one line and an exit code.

A fault of the environment (a full disk, a closed pipe, no memory) is told for what it is. Anything else is a bug of
ours: the line says so, and what to send. `KG_DEBUG=1` shows the traceback of either.
"""

from __future__ import annotations

import os
import sys

from kg.cli.output import drop_stdout, say
from kg.errors import KgError
from kg.names import BASE

COULD_NOT = 2
BUG = 70
"""EX_SOFTWARE of BSD's sysexits."""


def ended(fault: BaseException) -> int:
    """Tell a fault in one line on stderr and return the exit code."""
    if isinstance(fault, SystemExit):
        return _code(fault)
    if os.environ.get("KG_DEBUG"):
        import traceback

        traceback.print_exception(fault)
    if isinstance(fault, BrokenPipeError):
        # Whoever read has seen enough: `kg … | head -1`.
        drop_stdout()
        return 0
    if isinstance(fault, KgError):
        say(str(fault))
        return fault.exit_code
    told = _environment(fault)
    where = _where(fault)
    fault.__traceback__ = None  # frames that hold what filled the memory
    if told:
        say(f"error: {told}")
        return COULD_NOT
    return _bug(fault, where)


def _code(fault: SystemExit) -> int:
    if fault.code is None or isinstance(fault.code, int):
        return fault.code or 0
    say(str(fault.code))
    return COULD_NOT


def _environment(fault: BaseException) -> str:
    """Return what is wrong around the program; empty when the fault is its own."""
    text = " ".join(str(fault).split())
    if isinstance(fault, MemoryError):
        return "out of memory\n  hint: there was less than the command needs"
    if isinstance(fault, RecursionError):
        return "the input is nested too deeply"
    if isinstance(fault, OSError):
        place = f"{os.fsdecode(fault.filename)}: " if isinstance(fault.filename, str | bytes) else ""
        return f"{place}{fault.strerror or text or type(fault).__name__}"
    if isinstance(fault, UnicodeDecodeError):
        return f"UTF-8 expected, byte {fault.object[fault.start]:#04x} found at {fault.start}"
    if isinstance(fault, ImportError) and not (fault.name or "").startswith("kg"):
        return f"a library cannot be loaded: {text}\n  hint: install airkg anew, and see that files may be opened"
    if isinstance(fault, RuntimeError) and text == "can't start new thread":
        return "the machine lets no further thread start"
    return ""


def _where(fault: BaseException) -> str:
    """Return the innermost of our own lines at which it happened."""
    from pathlib import Path

    found, trace = "", fault.__traceback__
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "kg" in file.parts:
            found = f"{'/'.join(file.parts[-3:])}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _bug(fault: BaseException, where: str) -> int:
    from kg import __version__

    what = " ".join(f"{type(fault).__name__}: {fault}".split())[:500]
    python = ".".join(map(str, sys.version_info[:3]))
    say(f"error: a bug in airkg {__version__} (Python {python}, {where}): {what}")
    say(f"  hint: send this line and the command to {BASE}; KG_DEBUG=1 shows the traceback")
    return BUG
