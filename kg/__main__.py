"""The entry of `kg`: a plain command line is run at once, anything else goes to Typer, which explains."""

from __future__ import annotations

import sys


def main(words: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    from kg.cli.arguments import parse
    from kg.cli.commands import run
    from kg.cli.table import command

    args = sys.argv[1:] if words is None else words
    chosen = command(args[0]) if args else None
    if chosen:
        values = parse(chosen, args[1:])
        if values is not None:
            return run(chosen.name, values)
    from kg.cli.app import make_app

    try:
        code = make_app()(args, prog_name="kg", standalone_mode=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    return int(code or 0)


if __name__ == "__main__":
    sys.exit(main())
