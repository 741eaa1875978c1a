"""The entry of `kg`: a plain command line is run at once, anything else goes to Typer, which explains.

Nothing leaves here but an exit code; see `kg.cli.net`.
"""

from __future__ import annotations

import os
import sys

STOPPED = 130
"""128 and the number of SIGINT, as a shell counts."""

_interrupts: list[int] = []


def main(words: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    try:
        _prepare()
        if words is None:
            _mind_ctrl_c()
        code = _run(sys.argv[1:] if words is None else words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = STOPPED
    except BaseException as fault:
        from kg.cli.net import ended

        code = ended(fault)
    _settle()
    return STOPPED if _interrupts else code


def _run(args: list[str]) -> int:
    from kg.cli.arguments import parse
    from kg.cli.commands import run
    from kg.cli.table import command

    if any("\0" in word for word in args):  # no shell lets one through, a program that calls `main` may
        from kg.errors import UsageError

        raise UsageError("error: a NUL found, which no name and no text can hold")
    chosen = command(args[0]) if args else None
    if chosen:
        values = parse(chosen, args[1:])
        if values is not None:
            return run(chosen.name, values)
    from kg.cli.app import make_app

    try:
        return int(make_app()(args, prog_name="kg", standalone_mode=True) or 0)
    except SystemExit as stop:
        # Typer and Rich turn a closed pipe into exit code 1, each in its own way.
        fault = stop.__context__
        while fault:
            if isinstance(fault, BrokenPipeError):
                raise BrokenPipeError from None
            fault = fault.__context__
        raise


def _prepare() -> None:
    """Take the edges off what the process was started with: closed streams, another encoding, an absurd width."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _reopen()
    # Data are UTF-8 whatever the locale; a terminal gets what it can show.
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace") if stream.isatty() else stream.reconfigure(
                encoding="utf-8", errors="backslashreplace" if stream is sys.stdout else "strict"
            )
    for name in ("COLUMNS", "LINES"):
        given = os.environ.get(name, "20")
        if not (given.isdecimal() and len(given) < 5 and int(given) >= 20):
            del os.environ[name]  # Rich would fill a thousand million columns, and shows nothing in one


def _mind_ctrl_c() -> None:
    """Let Ctrl-C end the process quietly wherever it falls.

    In the import of a library in Rust it comes out as a panic, with a backtrace on stderr; in a finaliser Python
    reports and forgets it. A second Ctrl-C does not disturb the tidying up after the first.
    """
    import signal

    def stop(number: int, _: object) -> None:
        _interrupts.append(number)
        if len(_interrupts) != 2:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
            raise KeyboardInterrupt

    def again(lost: sys.UnraisableHookArgs) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            _interrupts.clear()
            signal.setitimer(signal.ITIMER_REAL, 0.01)  # raised here it would be lost, too
        elif os.environ.get("KG_DEBUG"):
            sys.__unraisablehook__(lost)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGALRM, stop)
        sys.unraisablehook = again


def _settle() -> None:
    """Leave nothing that Python would try to write at its end, and complain about."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        from kg.cli.output import drop_stdout

        drop_stdout()


def _reopen() -> None:
    """Fill the places of closed streams, which the next file opened would take, to be written over by the output."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # stdout is opened so that it can only be read: what is written there must fail, not vanish.
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


if __name__ == "__main__":
    sys.exit(main())
