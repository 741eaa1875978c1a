"""Order, groups, columns and pages of an answer: the same rows in every form, counted before any is left out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from printing import QUESTIONS, Ask, Graph, counts_of, found_sources, rows_of, start
from small import Run

from kg import names
from kg.ask.arrange import arranged
from kg.ask.page import page
from kg.ask.view import View
from kg.grounds import Engine


@pytest.fixture
def run(kg: Run, founding: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the founding corpus, in a window of 100 columns."""
    monkeypatch.setenv("KG_STORE", str(founding))
    monkeypatch.setenv("COLUMNS", "100")
    return kg


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, err = run("ask", *words, "-f", "json")
    assert code == 0, err
    return json.loads(out)  # type: ignore[no-any-return]


def test_pages_make_up_the_whole_in_every_form(run: Run) -> None:
    whole = rows(run, "predictions")
    pages = [rows(run, "predictions", "--limit", "4", "--page", str(n)) for n in range(1, 5)]
    assert [row for page in pages for row in page] == whole
    assert [len(page) for page in pages] == [4, 4, 4, len(whole) - 12]
    second = ("ask", "predictions", "--limit", "4", "--page", "2", "-f")
    assert [json.loads(line) for line in run(*second, "ndjson")[1].splitlines()] == pages[1]
    for form, mark in (("csv", ","), ("tsv", "\t")):
        found = list(csv.DictReader(io.StringIO(run(*second, form)[1]), delimiter=mark))
        assert [row["claim"] for row in found] == [row["claim"] for row in pages[1]]


@pytest.mark.parametrize(("lang", "goes_on"), [("en", "goes on"), ("fa", "ادامه دارد")])
def test_the_foot_says_which_rows_are_shown_of_how_many(run: Run, lang: str, goes_on: str) -> None:
    whole = rows(run, "predictions")
    claims, sources = ({row[key] for row in whole} for key in ("claim_id", "source_id"))
    foots = [
        run("ask", "predictions", "--limit", "4", "--page", page, "-f", "table", "--lang", lang)[1].split("\n")[-2]
        for page in ("2", "4")
    ]
    numbers = [list(map(int, re.findall(r"\d+", foot))) for foot in foots]
    held = {one for row in whole for key in row if key.endswith("_id") for one in row[key].split()}
    works = sum(one.startswith("work:") for one in held)
    counts = [len(whole), len(claims), len(sources), works]
    assert numbers == [[*counts, 5, 8, len(whole), 3], [*counts, 13, len(whole), len(whole)]]
    assert foots[0].endswith(f"; --page 3 {goes_on}")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_foot_counts_the_whole_answer_whatever_is_shown_of_it(engine: Engine, asked: Ask, name: str) -> None:
    """A page, a group, a column; cards, table and Markdown: rows, claims, sources and works are those of all rows."""
    whole = asked(name, "en")
    rows = rows_of(whole)
    if not rows:
        return
    meant = counts_of(rows, len(found_sources(rows, name)), "en")
    shown = f"; rows 1–2 of {len(rows)}; --page 2 goes on" if len(rows) > 2 else ""
    first = whole.columns[0]
    for view, more in ((View(), ""), (View(limit=2), shown), (View(group=first), ""), (View(columns=(first,)), "")):
        part = arranged(whole, engine, view)
        for form, width in (("table", 40), ("table", 160), ("md", 80)):
            foot = page(part, engine, form, width).rstrip("\n").split("\n\n")[-1]
            assert " ".join(foot.split()) == (meant + more).replace("--", "-\\-" if form == "md" else "--")


def test_weight_puts_first_the_claims_that_most_assertions_make(run: Run, graph: Graph) -> None:
    whole, found = rows(run, "disagreements"), rows(run, "disagreements", "--sort", "weight")
    weights = [len(graph.values(names.expand(row["claim_id"]), "^asserts")) for row in found]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) > 1
    assert Counter(map(str, found)) == Counter(map(str, whole)) and found != whole


def test_place_is_the_order_of_the_text_and_source_that_of_names(run: Run) -> None:
    found = rows(run, "hedged", "--sort", "place")
    passages = [names.expand(row["place_id"].split()[0]) for row in found]
    keys = [(names.slug_of(one).partition(".")[0], start(one)) for one in passages]
    assert keys == sorted(keys)
    found = rows(run, "disagreements", "--sort", "source")
    assert [row["source"] for row in found] == sorted((row["source"] for row in found), key=str.casefold)
    assert found != rows(run, "disagreements")


def test_groups_are_headings_on_a_page_and_the_first_column_elsewhere(run: Run) -> None:
    whole = rows(run, "predictions")
    found = rows(run, "predictions", "--group-by", "hedge")
    assert all(next(iter(row)) == "hedge" for row in found)
    values = list(dict.fromkeys(row["hedge"] for row in whole))
    assert [row["claim"] for row in found] == [row["claim"] for v in values for row in whole if row["hedge"] == v]
    out = run("ask", "predictions", "--group-by", "hedge", "--columns", "claim", "-f", "md")[1]
    heads = re.findall(r"^## hedge: (.*)$", out, re.MULTILINE)
    assert heads == values
    for value, block in zip(values, re.split(r"^## .*$", out, flags=re.MULTILINE)[1:], strict=True):
        assert block.split("\n\n")[1].count("\n") == 1 + sum(row["hedge"] == value for row in whole)
    assert run("ask", "predictions", "--group-by", "hedge", "-f", "csv")[1].startswith("hedge,")


def test_columns_are_those_named_in_that_order(run: Run) -> None:
    """Ids are columns too; a heading of the page, in its language, is as good a name."""
    whole = rows(run, "predictions")
    found = rows(run, "predictions", "--columns", "source,claim", "--columns", "claim_id")
    assert found == [{c: row[c] for c in ("source", "claim", "claim_id")} for row in whole]
    assert run("ask", "predictions", "--columns", "source,claim", "-f", "tsv")[1].startswith("source\tclaim\n")
    out = run("ask", "predictions", "--columns", "claim,hedge", "-f", "md")[1]
    assert out.startswith("| claim | hedge |\n") and "[1]" not in out
    assert list(rows(run, "predictions", "--lang", "fa", "--columns", "ادعا")[0]) == ["claim"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--columns", "claim,hegde"),
            "error: --columns 'hegde' found, which is no column of this answer",
        ),
        (("--group-by", "sauce"), "error: --group-by 'sauce' found, which is no column of this answer"),
        (("--columns", "claim,,hedge"), "error: --columns found without a name"),
        (("--page", "2"), "error: --page found without --limit"),
        (("--limit", "0"), "error: --limit '0' found, a number from 1 expected"),
        (("--limit", "many"), "error: --limit 'many' found, a number from 1 expected"),
        (("--limit", "4", "--page", "5"), "error: --page 5 found, the last is 4"),
    ],
)
def test_a_wrong_option_is_one_line(run: Run, words: tuple[str, ...], message: str) -> None:
    code, out, err = run("ask", "predictions", *words)
    assert (code, out) == (2, "")
    assert err.startswith(message) and len(err.splitlines()) <= 2


def test_an_order_by_what_the_rows_have_not_is_refused(run: Run) -> None:
    code, out, err = run("ask", "gap-matrix", "--sort", "weight")
    assert (code, out) == (2, "")
    assert err == "error: --sort weight found, and the rows of 'gap-matrix' have no claim\n"
