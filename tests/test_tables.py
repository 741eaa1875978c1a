"""Printing rows: a table fits its terminal, and every cell comes back from the forms that programs read."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import tables

COLUMNS = ["one", "two", "three"]
CELLS = st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), max_size=4)
LETTERS = [*"abcdeßیـ界é\u0301-", "ی\u200c"]
WORDS = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=24).map("".join).filter(str.strip)
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)
ROWS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=4)


def folded(text: str) -> str:
    return re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(" ")


@given(cells=CELLS, width=st.integers(0, 120))
def test_any_table_fits_any_terminal(cells: list[list[str]], width: int) -> None:
    """A narrow window makes a table high, not wrong."""
    shown = tables.table(COLUMNS, cells, width)
    for line in shown.split("\n"):
        assert tables.measure(line) <= max(width, 20)


@pytest.mark.parametrize("width", range(40, 60))
def test_a_table_fills_the_window_and_no_more(width: int) -> None:
    """With words enough to fill any width; the last column is where one letter too many would show."""
    rows = [["a " * 40, "b " * 40, "c " * 40]] * 2
    lines = tables.table(COLUMNS, rows, width).splitlines()
    assert "─" in lines[1]
    assert len(lines[1]) == max(map(tables.measure, lines)) <= width
    assert len(lines[1]) >= width - 1


@given(rows=ROWS, width=st.sampled_from([0, 20, 40, 80, 120]))
def test_words_stand_whole_and_in_their_order(rows: list[list[str]], width: int) -> None:
    """Only a word wider than the window is broken; a table in which one would be becomes a block a row."""
    shown = tables.table(COLUMNS, rows, width)
    wide = max(width, 20)
    said = shown.split()
    for row in rows:
        for word in " ".join(row).split():
            pieces = re.split(r"(?<=[^\W\d_]-)(?=[^\W\d_])", word)
            assert all(tables.measure(p) > wide - 2 or any(p in found for found in said) for p in pieces), word
    if "─" not in shown:
        blocks = [re.sub(r"\n +", " ", block) for block in shown.rstrip("\n").split("\n\n")]
        assert len(blocks) == len(rows)


@given(text=TEXTS, width=st.integers(1, 60))
def test_wrapped_lines_make_up_the_text(text: str, width: int) -> None:
    """Nothing is lost at the breaks, and none comes before it must."""
    lines = tables.wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line, after in pairwise(lines):
        piece = re.split(r" |(?<=[^\W\d_]-)(?=[^\W\d_])", after)[0]
        assert tables.measure(line + piece) >= width


@pytest.mark.parametrize("width", [40, 80, 120])
def test_an_address_is_broken_only_where_it_must_be(width: int) -> None:
    """A hyphen in an address is no place to break: who copies the line would lose the rest."""
    url = "https://example.org/a-long-path"
    assert url in tables.table(["one", "two"], [["word " * 20, f"see {url} there"]], width)
    assert url in tables.hanging("[1] ", f"A title of several words and more words. {url}.", width)


def test_a_table_that_cannot_fit_is_a_block_a_row() -> None:
    """Names and values are read one under the other, empty cells left out."""
    rows = [["antidisestablishmentarianism", "", "a b c"], ["incomprehensibilities", "telecommunications", "d"]]
    assert tables.table(COLUMNS, rows, 40) == (
        "one: antidisestablishmentarianism\nthree: a b c\n\n"
        "one: incomprehensibilities\ntwo: telecommunications\nthree: d\n"
    )
    assert tables.table(COLUMNS, [["a", "b", "c"]], 40) == "one  two  three\n───  ───  ─────\na    b    c\n"
    assert tables.table(COLUMNS, [["", "", ""], ["x" * 30, "y" * 30, ""]], 40).startswith("one:\n\none: xxx")


@given(cells=CELLS)
def test_any_cell_stays_in_its_column(cells: list[list[str]]) -> None:
    """Tabs, quotation marks and line breaks in a statement must not make new columns."""
    rows = [dict(zip(COLUMNS, cell, strict=True)) for cell in cells]
    plain = [[folded(text) for text in cell] for cell in cells]
    text = tables.write("csv", COLUMNS, rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [COLUMNS, *cells], "CSV holds any cell as it is"
    text = tables.write("tsv", COLUMNS, rows)
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter="\t")) == [COLUMNS, *plain]
    assert json.loads(tables.write("json", COLUMNS, rows)) == rows
    for line in tables.write("md", COLUMNS, rows).split("\n")[:-1]:
        bare = re.sub(r"\\.", "", line)
        assert (bare.count("|"), bare[0], bare[-1]) == (4, "|", "|")
