"""Printing rows: a table fits its terminal, and every cell comes back from the forms that programs read."""

from __future__ import annotations

import csv
import io
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from kg import tables

CELLS = st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), max_size=4)


@given(cells=CELLS, width=st.integers(0, 120))
def test_any_table_fits_any_terminal(cells: list[list[str]], width: int) -> None:
    """A narrow window makes a table high, not wrong."""
    shown = tables.table(["one", "two", "three"], cells, width)
    assert shown.count("─") >= 3
    if "".join(map("".join, cells)).isascii():
        least = 3 * 4 + 2 * 2
        assert all(len(line) <= max(width, least) for line in shown.splitlines())


@given(cells=CELLS)
def test_any_cell_stays_in_its_column(cells: list[list[str]]) -> None:
    """Tabs, quotation marks and line breaks in a statement must not make new columns."""
    columns = ["one", "two", "three"]
    rows = [dict(zip(columns, cell, strict=True)) for cell in cells]
    folded = [[re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(" ") for text in cell] for cell in cells]
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        text = tables.write(form, columns, rows)
        assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == [columns, *folded]
    assert json.loads(tables.write("json", columns, rows)) == rows
    for line in tables.write("md", columns, rows).split("\n")[:-1]:
        bare = re.sub(r"\\.", "", line)
        assert (bare.count("|"), bare[0], bare[-1]) == (4, "|", "|")
