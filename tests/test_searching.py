"""`kg search` as a command: each form, what filters leave, what is said where nothing is found."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from pathlib import Path

import pytest
from printing import plain
from small import Run

from kg.cli.searching import COLUMNS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["monopolly"], "nothing found for 'monopolly'; did you mean monopoly (near 'monopolly')?"),
        (["qqqqqq"], "nothing found for 'qqqqqq'; no word of the index is near"),
        (["cables", "ministries"], "nothing found for 'cables ministries'; alone: 'cables': 1, 'ministries': 4"),
        (["cables", "--kind", "work"], "nothing found for 'cables'; without --kind: 1"),
        (["cables", "--lang", "fa"], "nothing found for 'cables'; without --lang: 1"),
    ],
)
def test_where_nothing_is_found_one_line_says_what_is_near(kg: Run, words: list[str], told: str) -> None:
    for form in ("table", "md", "json", "csv"):
        code, out, err = kg("search", *words, "-f", form)
        assert (code, err) == (0, f"{told}\n")
        assert out == {"table": "", "md": "", "json": "[]\n", "csv": f"{','.join(COLUMNS)}\n"}[form]


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────

FILTERS = [
    (["--stance", "endorses"], {"claim:machines-weaken-state-monopoly"}),
    (["--stance", "reports"], {"claim:machines-leave-state-monopoly"}),
    (["--stance", "endorses,reports"], {"claim:machines-weaken-state-monopoly", "claim:machines-leave-state-monopoly"}),
    (["--voice", "own", "--source", "doe2026"], {"claim:machines-weaken-state-monopoly"}),
    (["--work", "roe2020"], {"claim:machines-leave-state-monopoly"}),
    (["--mode", "finding", "--basis", "reasoning"], {"claim:machines-weaken-state-monopoly"}),
    (["--domain", "political"], {"claim:machines-weaken-state-monopoly"}),
    (["--until", "2020"], {"claim:machines-leave-state-monopoly"}),
]


@pytest.mark.parametrize(
    ("options", "claims"),
    FILTERS,
    ids=lambda value: " ".join(sorted(value)) if isinstance(value, set) else " ".join(value),
)
def test_filters_leave_claims_of_which_an_assertion_meets_all(kg: Run, options: list[str], claims: set[str]) -> None:
    """And of these only the assertions that do; what is no claim has neither source nor stance."""
    rows = json.loads(kg("search", "monopoly", *options, "-f", "json")[1])
    assert {row["id"] for row in rows} == claims
    assert all(row["source"] == "Doe 2026" and len(row["assertion"].split()) == 1 for row in rows)


def test_a_claim_of_several_sources_is_placed_in_those_that_are_left(founding: Path, kg: Run) -> None:
    line = ("search", "intelligence", "--kind", "claim", "--limit", "1000", "-f", "json", "--store", founding)
    shared = [row for row in json.loads(kg(*line)[1]) if ";" in row["source"]]
    assert shared
    left = {row["id"]: row for row in json.loads(kg(*line, "--source", "baig")[1])}
    assert all(row["source"] == "Baig n.d." and "assertion:baig." in row["assertion"] for row in left.values())
    assert {row["id"] for row in shared if "Baig" in row["source"]} <= left.keys()


def test_where_filters_leave_nothing_the_count_without_them_is_told(kg: Run) -> None:
    code, out, err = kg("search", "cables", "--stance", "contests", "--lang", "en", "-f", "json")
    assert (code, out) == (0, "[]\n")
    assert err == "nothing found for 'cables'; without --lang and filters: 1\n"


def test_a_filter_with_a_value_that_is_none_is_told(kg: Run) -> None:
    code, out, err = kg("search", "cables", "--stance", "endorse")
    assert (code, out) == (2, "")
    assert "stance 'endorse' is not in the graph" in err and "did you mean 'endorses'?" in err


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────

STATEMENT = "Artificial intelligence weakens the monopoly of states."


def test_each_form_holds_the_same_rows(kg: Run, tmp_path: Path) -> None:
    line = ("search", "monopoly", "states", "--kind", "claim")
    rows = json.loads(kg(*line, "-f", "json")[1])
    assert [row["id"] for row in rows] == [
        "claim:machines-weaken-state-monopoly",
        "claim:machines-leave-state-monopoly",
    ]
    assert rows[0] == {
        "kind": "claim",
        "id": "claim:machines-weaken-state-monopoly",
        "text": STATEMENT,
        "language": "en",
        "source": "Doe 2026",
        "place": "Introduction, ¶ 1; Conclusion, ¶ 1",
        "assertion": rows[0]["assertion"],
        "marks": "36-44 48-54",
    }
    assert STATEMENT[36:44] == "monopoly" and STATEMENT[48:54] == "states"
    assert [json.loads(one) for one in kg(*line, "-f", "ndjson")[1].splitlines()] == rows
    for form, delimiter in (("csv", ","), ("tsv", "\t"), ("sheet", ",")):
        text = kg(*line, "-f", form)[1].removeprefix("\ufeff")
        assert list(csv.DictReader(io.StringIO(text), delimiter=delimiter)) == rows
    kg(*line, "-o", tmp_path / "hits.json")
    assert json.loads((tmp_path / "hits.json").read_text()) == rows
    assert kg(*line, "-o", tmp_path / "hits.xlsx")[0] == 0 and (tmp_path / "hits.xlsx").stat().st_size > 1000


def test_in_markdown_the_words_are_bold_and_nothing_else_is(kg: Run) -> None:
    code, out, err = kg("search", "monopoly", "states", "-f", "md", "--kind", "claim")
    assert (code, err) == (0, "`kg show ID` shows one with its passages\n")
    head, _, row, _ = out.splitlines()
    assert head == "| kind | text | where | id |"
    cells = row.strip("| ").split(" | ")
    assert cells[1] == "Artificial intelligence weakens the **monopoly** of **states**."
    assert plain(cells[2]) == "Doe 2026: Introduction, ¶\u00a01; Conclusion, ¶\u00a01"


def test_in_a_window_the_words_are_bold_and_an_id_stands_whole_on_its_line(
    kg: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    line = ("search", "monopoly", "states", "--kind", "claim", "--limit", "1", "-f", "table")
    _, piped, err = kg(*line)
    assert err == "1 of 2 shown (--limit); `kg show ID` shows one with its passages\n"
    assert piped == (
        "claim  Artificial intelligence weakens the monopoly of\n"
        "       states.\n"
        "       Doe 2026: Introduction, ¶\u00a01; Conclusion, ¶\u00a01\n"
        "       claim:machines-weaken-state-monopoly\n"
    )
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    _, shown, _ = kg(*line)
    assert shown == re.sub("monopoly(?= )|states", "\x1b[1m\\g<0>\x1b[22m", piped)
    monkeypatch.setenv("TERM", "dumb")
    assert kg(*line)[1] == piped


def test_in_persian_all_words_are_persian(kg: Run) -> None:
    out = kg("search", "هوش", "مصنوعي", "--lang", "fa", "-f", "md", "--kind", "claim")[1]
    head, _, row = out.splitlines()
    assert head == "| گونهٔ متن | متن | کجا | id |"
    assert row.startswith("| ادعا | **هوش** **مصنوعی** انحصار دولت‌ها را سست می‌کند. |")


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "1.5", "10001", "９", "9" * 100])
def test_a_limit_that_is_none_is_told(kg: Run, limit: str) -> None:
    code, out, err = kg("search", "monopoly", f"--limit={limit}")
    assert (code, out) == (2, "")
    assert err == f"error: --limit '{limit}' found, a whole number from 1 to 10000 expected\n"


@pytest.mark.parametrize("typed", ["???", " ", "*", '""', "—"])
def test_what_holds_no_word_is_told(kg: Run, typed: str) -> None:
    code, out, err = kg("search", typed)
    assert (code, out) == (2, "")
    assert err == f"error: no word found in '{typed}'\n  hint: letters and digits can be searched for\n"


def test_a_strangers_text_can_mark_nothing(kg: Run) -> None:
    """The signs that become bold are taken out of what was written by others."""
    from kg.channels import bold, emphasised

    text = emphasised("a \ufe09bold\ufe0a word", [(9, 13)])
    assert bold(text, "**", "**") == "a bold\ufe0a **word**".replace("\ufe0a", "")
    assert bold("\ufe09two words\ufe0a", "<", ">") == "<two> words", "no further than the word"
