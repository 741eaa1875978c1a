"""Rows as text: a wrapped table for a terminal, Markdown, TSV, CSV, JSON, NDJSON, CSV for spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg import channels

FORMATS = ("table", "json", "ndjson", "csv", "tsv", "md", "sheet")
"""`csv` holds every cell as it is (RFC 4180); `sheet` is for spreadsheet programs, which would run some cells."""

Rows = Sequence[Mapping[str, str]]


def write(form: str, columns: Sequence[str], rows: Rows, width: int = 100, narrow: int = 0) -> str:
    """Return rows in one of `FORMATS`; a column that a row lacks is empty; `width` and `narrow` are of a `table`.

    JSON and NDJSON objects hold every key of a row, also those that are no column.
    """
    if form == "json":
        return channels.json(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2)) + "\n"
    if form == "ndjson":
        return channels.json("".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows))
    if form == "csv":
        return _separated(columns, rows)
    if form == "tsv":
        return _separated(columns, rows, _one_line, "\t")
    if form == "sheet":
        return sheet(columns, rows)
    if form == "md":
        return _markdown(columns, rows)
    return table(columns, [[row.get(c, "") for c in columns] for row in rows], width, narrow)


def sheet(columns: Sequence[str], rows: Rows) -> str:
    """Return CSV for spreadsheet programs: the mark by which they know UTF-8, CR LF, and no cell a formula."""
    return "\ufeff" + _separated(columns, rows, lambda text: channels.cell(str(text)), end="\r\n")


def _separated(
    columns: Sequence[str], rows: Rows, form: Callable[[str], str] = str, delimiter: str = ",", end: str = "\n"
) -> str:
    import csv
    from types import SimpleNamespace

    lines: list[str] = []
    # With another end of line than CR LF, Python's writer leaves a CR without quotation marks.
    writer = csv.writer(SimpleNamespace(write=lines.append), delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(map(form, columns))
    writer.writerows([form(row.get(c, "")) for c in columns] for row in rows)
    return "".join(f"{line.removesuffix(chr(13) + chr(10))}{end}" for line in lines)


def _one_line(text: Any) -> str:
    """Fold white space; a no-break space, as in `¶ 3`, stays."""
    import re

    return re.sub(r"[ \t\n\r\f\v]+", " ", str(text)).strip(" ")


def _markdown(columns: Sequence[str], rows: Rows) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cells) + " |"

    body = [line(channels.markdown(str(row.get(c, ""))) for c in columns) for row in rows]
    return "\n".join([line(map(channels.markdown, columns)), line("---" for _ in columns), *body]) + "\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int = 100, narrow: int = 0) -> str:
    """Return a table that fits the width: narrow columns keep their size, wide ones share the rest and wrap.

    No word is broken for it: where a table does not fit (see `fits`), each row becomes a block of `name: value`
    lines without its empty cells, and a blank line stands between blocks.
    """
    cells = _cells(columns, rows)
    widths = _widths(cells, width, narrow)
    if not _fit(widths, width):
        return _blocks(cells[0], cells[1:], width)
    head, *body = ["\n".join(_lines([wrap(c, w) for c, w in zip(row, widths, strict=True)], widths)) for row in cells]
    head += "\n" + (" " * _GAP).join("─" * size for size in widths)
    # where one row takes several lines, only a blank line tells where the next begins
    between = "\n\n" if any("\n" in row for row in body) else "\n"
    return "\n".join([head, *([between.join(body)] if body else [])]) + "\n"


def fits(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, narrow: int = 0) -> bool:
    """Tell whether rows can be a table: no word is broken, and no column narrower than what it holds and `narrow`."""
    cells = _cells(columns, rows)
    if not _fit([min(held, narrow) for held in _held(cells)], width):
        return False  # mostly so; the longest words take longer to find
    return _fit(_widths(cells, width, narrow), width)


def _fit(widths: Sequence[int], width: int) -> bool:
    return sum(widths) + _GAP * (len(widths) - 1) <= width


def _held(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of the longest text in each column, its head apart."""
    return [max(map(measure, column[1:]), default=0) for column in zip(*cells, strict=True)]


def _cells(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[channels.terminal(_one_line(c)) for c in row] for row in [columns, *rows]]


def _lines(wrapped: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of a row."""
    for i in range(max(map(len, wrapped), default=0)):
        parts = [_pad(w[i] if i < len(w) else "", size) for w, size in zip(wrapped, widths, strict=True)]
        yield (" " * _GAP).join(parts).rstrip(" ")


_GAP = 2
_LEAST = 20
"""A window narrower than this is no window to read in."""


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Return a block of lines a row; of no rows, the names of the columns."""
    if not rows:
        return "".join(f"{line}\n" for line in wrap(", ".join(columns), max(width, _LEAST)))
    blocks = []
    for row in rows:
        pairs = [(name, text) for name, text in zip(columns, row, strict=True) if text] or [(columns[0], "")]
        blocks.append(block("table", pairs, width))
    return "\n".join(blocks)


def block(form: str, pairs: Iterable[tuple[str, str]], width: int = 100) -> str:
    """Return a line `name: value` a pair, as `table` within the width or as `md`."""
    if form == "md":
        return "".join(f"{channels.markdown(f'{name}: {text}')}  \n" for name, text in pairs)
    return "".join(paragraph(f"{name}: {text}", width, "", "  ") for name, text in pairs)


def _widths(cells: Sequence[Sequence[str]], width: int, narrow: int) -> list[int]:
    """Share the width so that rows stay low: what is taken is taken where the tallest cell stays lowest.

    Every column keeps its longest word, and `narrow` if what it holds is longer, even where the sum is too wide then.
    """
    columns = list(zip(*cells, strict=True))
    longest = [max(map(measure, column)) for column in columns]
    words = [max((measure(p) for cell in column for _, p in _pieces(cell)), default=1) for column in columns]
    least = [max(word, min(held, narrow)) for word, held in zip(words, _held(cells), strict=True)]
    sizes = list(longest)
    room = width - _GAP * (len(columns) - 1)
    while sum(sizes) > room:
        wide = [i for i in range(len(sizes)) if sizes[i] > least[i]]
        if not wide:
            break
        sizes[min(wide, key=lambda i: longest[i] / (sizes[i] - 1))] -= 1
    return [max(1, size) for size in sizes]


def _pieces(text: str) -> list[tuple[str, str]]:
    """Return what a line may be broken between, each with what joins it to the piece before on the same line.

    That is at spaces, and after a hyphen between letters unless the word is an address. A no-break space holds.
    """
    import re

    pieces = []
    for word in text.split(" "):
        parts = [word] if "-" not in word or "://" in word else re.split(r"(?<=[^\W\d_]-)(?=[^\W\d_])", word)
        pieces += [(" " if i == 0 else "", part) for i, part in enumerate(parts) if part]
    return pieces


def wrap(text: str, width: int) -> list[str]:
    """Return a text as lines of at most so many columns, at least one; only a word wider than that is broken."""
    lines, line, size = [], "", 0
    for joint, piece in _pieces(text):
        more = measure(joint + piece)
        if line and size + more <= width:
            line, size = line + joint + piece, size + more
            continue
        if line:
            lines.append(line)
        *full, line = _cut(piece, width)
        lines += full
        size = measure(line)
    return [*lines, line]


def _cut(word: str, width: int) -> list[str]:
    """Cut a word that is too wide; a combining mark stays with its letter."""
    if measure(word) <= width:
        return [word]
    parts, part, size = [], "", 0
    for char in word:
        more = measure(char)
        if part and size + more > width:
            parts.append(part)
            part, size = "", 0
        part, size = part + char, size + more
    return [*parts, part]


def measure(text: str) -> int:
    """Return how many columns a text takes in a terminal: combining marks and ZWNJ none, wide letters two."""
    if text.isascii() or (max(text) < "\u0300" and "\xad" not in text):
        return len(text)
    import unicodedata

    total = 0
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn"):
            continue
        total += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return total


def _pad(text: str, size: int) -> str:
    return text + " " * (size - measure(text))


def hanging(head: str, text: str, width: int) -> str:
    """Return a paragraph whose further lines are indented below the text."""
    return paragraph(text, width, head, " " * measure(head))


def paragraph(text: str, width: int, head: str, indent: str) -> str:
    """Return a text as lines, the first after `head`, all others after `indent`, each within the width."""
    width = max(width, _LEAST)
    text = channels.terminal(_one_line(text))
    first = wrap(text, width - measure(head))[0]
    rest = text[len(first) :].strip(" ")
    lines = wrap(rest, width - measure(indent)) if rest else []
    return "".join(f"{line}\n" for line in [(head + first).rstrip(" "), *(indent + line for line in lines)])
