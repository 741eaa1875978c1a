"""Where output goes: data to stdout or whole to a file, words to stderr; a terminal gets nothing that it would obey."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from kg import channels
from kg.errors import UsageError, one_of
from kg.tables import FORMATS

FORMS = (*FORMATS, "xlsx")
"""Forms of rows; a workbook is no text."""

_SUFFIXES = {"": "tsv", "txt": "tsv", **{form: form for form in FORMS}}


def say(words: str) -> None:
    """Print words for people on stderr; where that is closed or full, there is nobody to tell."""
    with suppress(OSError, ValueError):
        print(channels.terminal(words), file=sys.stderr)


def to_stdout(output: str | None) -> bool:
    """Tell whether output goes to stdout: where no file is named, and for `-`."""
    return output is None or output == "-"


def form_of(format: str | None, output: str | None, default: str = "", more: Sequence[str] = ()) -> str:
    """Return the form asked for; else that of the file's suffix; else the default, or table on a terminal, else TSV.

    Some commands have `more` forms; those that are no suffix are only asked for.

    Raises:
        UsageError: the suffix is no form's, or a workbook's where another form is asked for.

    """
    suffix = "" if output is None or to_stdout(output) else Path(output).suffix.lstrip(".").lower()
    if format:
        if suffix == "xlsx" and format != "xlsx":
            raise UsageError(f"error: {output} would hold {format}, which no program opens under that name")
        return format
    if suffix in more:
        return suffix
    if suffix not in _SUFFIXES:
        known = one_of([f".{form}" for form in (*FORMS, *more) if form not in ("table", "sheet") and "-" not in form])
        raise UsageError(f"error: no form ends in '.{suffix}'\n  hint: {known}; or name the form with -f")
    if suffix:
        return _SUFFIXES[suffix]
    if default:
        return default
    return "table" if to_stdout(output) and sys.stdout.isatty() else "tsv"


def width(output: str | None) -> int:
    """Return the terminal's width (`COLUMNS` first); 100 where there is none."""
    if not to_stdout(output):
        return 100
    if (given := os.environ.get("COLUMNS", "")).isdecimal() and 0 < len(given) < 5 and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except (ValueError, OSError):
        return 100


def put(
    columns: Sequence[str], rows: Sequence[Mapping[str, Any]], format: str | None, output: str | None, default: str = ""
) -> int:
    """Print rows in the form asked for; return exit code 0."""
    form = form_of(format, output, default)
    if form == "xlsx":
        from kg.export.spreadsheets import book

        with written(output, ".xlsx") as path:
            book(columns, rows, path)
        return 0
    from kg import tables

    text = tables.write(form, columns, rows, width(output))
    if form in ("table", "md"):
        write_page(text, output)
    else:
        write(text, output)
    return 0


def write_page(text: str, output: str | None, pager: bool = False) -> None:
    """Write a text for people: it does nothing to a terminal, not even later, by way of a file.

    Lines marked as quiet (`channels.quiet`) are grey on a terminal. With `pager`, a text that is too long for the
    terminal is shown in the reader's.
    """
    if pager and output is None and sys.stdout.isatty():
        from kg.cli.pager import paged

        if paged(text, styled()):
            return
    shown = channels.terminal(text)
    if to_stdout(output) and styled():
        _styled(channels.shaded(shown, *GREY))
    else:
        write(channels.shaded(shown), output)


GREY, BOLD = ("\x1b[2m", "\x1b[22m"), ("\x1b[1m", "\x1b[22m")
"""Faint and bold letters, and the end of both: faint is grey on light and dark alike, which the colour grey is not."""


def styled() -> bool:
    """Tell whether stdout is a terminal that knows faint and bold letters, and its reader wants them."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def write_marked(text: str, form: str, output: str | None) -> None:
    """Write a text for people in which words are marked (`channels.emphasised`): bold in Markdown and on a terminal."""
    shown = channels.terminal(text)
    if form == "md":
        write(channels.bold(shown, "**", "**"), output)
    elif to_stdout(output) and styled():
        _styled(channels.bold(shown, *BOLD))
    else:
        write(channels.bold(shown), output)


def _styled(text: str) -> None:
    """Write a text that has passed `channels.terminal`, and signs of ours since, to the terminal."""
    with _telling():
        sys.stdout.write(text)
        sys.stdout.flush()


def write(text: str, output: str | None) -> None:
    """Write data to stdout, or to a file so that a failure leaves the old one; see `kg.files`.

    Raises:
        UsageError: it cannot be written.

    """
    if output is not None and not to_stdout(output):
        from kg.files import write_text

        write_text(output, text)
        return
    with _telling():
        sys.stdout.write(channels.terminal(text) if sys.stdout.isatty() else text)
        sys.stdout.flush()


@contextmanager
def written(output: str | None, suffix: str, folder: bool = False) -> Iterator[Path]:
    """Yield a path to write to, whose content then goes to stdout or becomes the file or folder named.

    Raises:
        UsageError: it cannot be written; or what is no text would go to a terminal.

    """
    from kg import files

    if output is not None and not to_stdout(output):
        with files.replacing(output, folder) as path:
            yield path
        return
    if folder:
        raise UsageError("error: this is a folder of files\n  hint: name it with -o DIR")
    stream: BinaryIO = sys.stdout.buffer
    if suffix in (".xlsx", ".png") and stream.isatty():
        raise UsageError("error: this is no text for a terminal\n  hint: name a file with -o")
    with _telling(), files.streaming(stream, suffix) as path:
        yield path


@contextmanager
def _telling() -> Iterator[None]:
    """Turn a stdout that takes no more (a full disk, a closed descriptor) into one line."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_stdout()
        raise UsageError(f"error: stdout cannot be written: {error.strerror or error}") from None


def drop_stdout() -> None:
    """Send what is still to be flushed to nowhere; Python would try again at its end and complain."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
