"""Rows as text: a wrapped table for a terminal, Markdown, TSV, CSV, JSON, NDJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMATS = ("table", "json", "ndjson", "csv", "tsv", "md")

Rows = Sequence[Mapping[str, str]]


def write(form: str, columns: Sequence[str], rows: Rows, width: int = 100) -> str:
    """Return rows in one of `FORMATS`; a column that a row lacks is empty.

    JSON and NDJSON objects hold every key of a row, also those that are no column.
    """
    if form == "json":
        return json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2) + "\n"
    if form == "ndjson":
        return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)
    if form in ("csv", "tsv"):
        return _separated(columns, rows, "," if form == "csv" else "\t")
    if form == "md":
        return _markdown(columns, rows)
    return table(columns, [[row.get(c, "") for c in columns] for row in rows], width)


def _separated(columns: Sequence[str], rows: Rows, delimiter: str) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_one_line(row.get(c, "")) for c in columns])
    return out.getvalue()


def _one_line(text: Any) -> str:
    """Fold white space; a no-break space, as in `¶ 3`, stays."""
    import re

    return re.sub(r"[ \t\n\r\f\v]+", " ", str(text)).strip(" ")


def _markdown(columns: Sequence[str], rows: Rows) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(_one_line(c).replace("\\", "\\\\").replace("|", "\\|") for c in cells) + " |"

    body = [line(row.get(c, "") for c in columns) for row in rows]
    return "\n".join([line(columns), line("---" for _ in columns), *body]) + "\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int = 100) -> str:
    """Return a table that fits the width: narrow columns keep their size, wide ones share the rest and wrap."""
    import textwrap

    cells = [[_one_line(c) for c in row] for row in [columns, *rows]]
    widths = _widths(cells, width)
    lines = []
    for number, row in enumerate(cells):
        wrapped = [textwrap.wrap(c, w) or [""] for c, w in zip(row, widths, strict=True)]
        for i in range(max(map(len, wrapped))):
            parts = [_pad(w[i] if i < len(w) else "", size) for w, size in zip(wrapped, widths, strict=True)]
            lines.append("  ".join(parts).rstrip())
        if number == 0:
            lines.append("  ".join("─" * size for size in widths))
        elif number < len(cells) - 1 and any(len(w) > 1 for w in wrapped):
            lines.append("")
    return "\n".join(lines) + "\n"


def _widths(cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Share the width so that rows stay low: what is taken is taken where the tallest cell stays lowest.

    A column keeps its longest word, up to 16 letters, where there is room for that, and 4 letters at least.
    """
    columns = list(zip(*cells, strict=True))
    longest = [max(map(measure, column)) for column in columns]
    words = [max((measure(w) for cell in column for w in cell.split()), default=1) for column in columns]
    sizes = list(longest)
    room = width - 2 * (len(columns) - 1)
    for limit in (16, 4):
        least = [min(word, limit) for word in words]
        while sum(sizes) > room:
            wide = [i for i in range(len(sizes)) if sizes[i] > least[i]]
            if not wide:
                break
            sizes[min(wide, key=lambda i: longest[i] / (sizes[i] - 1))] -= 1
    return [max(1, size) for size in sizes]


def measure(text: str) -> int:
    """Return how many columns a text takes in a terminal: combining marks and ZWNJ none, wide letters two."""
    if text.isascii():
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
    import textwrap

    return textwrap.fill(text, width, initial_indent=head, subsequent_indent=" " * len(head)) + "\n"
