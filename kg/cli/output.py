"""Where output goes: data to stdout or atomically to a file, words to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.tables import FORMATS


def say(words: str) -> None:
    """Print words for people on stderr."""
    print(words, file=sys.stderr)


def form_of(format: str | None, output: str | None) -> str:
    """Return the form asked for; else that of the file's suffix; else table on a terminal, TSV in a pipe."""
    if format:
        return format
    if output:
        suffix = Path(output).suffix.lstrip(".")
        return suffix if suffix in FORMATS else "tsv"
    return "table" if sys.stdout.isatty() else "tsv"


def width(output: str | None) -> int:
    """Return the terminal's width (`COLUMNS` first); 100 where there is none."""
    if output:
        return 100
    try:
        return int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except (ValueError, OSError):
        return 100


def put(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], format: str | None, output: str | None) -> int:
    """Print rows in the form asked for; return exit code 0."""
    from kg import tables

    write(tables.write(form_of(format, output), columns, rows, width(output)), output)
    return 0


def write(text: str, output: str | None) -> None:
    """Write to stdout, or to a file by way of a temporary one, so that a failure leaves the old file.

    Raises:
        UsageError: the file cannot be written.

    """
    if not output:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    path = Path(output)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"error: {output} cannot be written: {error.strerror}") from None
