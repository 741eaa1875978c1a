"""Cards: what a window is too narrow for as a table is read one row below the other, whole and in whole words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from printing import EVERY, PERSIAN, QUESTIONS, UNGROUNDED, WHO, Ask, columns_of, rows_of, said
from small import Run

from kg import tables
from kg.ask import cards, page
from kg.grounds import Engine

NARROW = (40, 80)


@pytest.fixture
def run(kg: Run, founding: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the founding corpus, in a window of 80 columns."""
    monkeypatch.setenv("KG_STORE", str(founding))
    monkeypatch.setenv("COLUMNS", "80")
    return kg


def pieces(text: str) -> set[str]:
    """Return what a line may end between: words without their marks, and the halves of one with a hyphen."""
    words = text.replace("\u00a0", " ").split()
    parts = (part for word in words for part in re.split(r"(?<=[^\W\d_]-)(?=[^\W\d_])", word))
    return {part.strip(",;:.()[]") for part in parts}


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_word_is_whole_and_none_is_lost(engine: Engine, asked: Ask, name: str, language: str) -> None:
    """What is printed above the list is a word of the JSON or one of the page's own; and no word of a value lacks."""
    answer = asked(name, language)
    unread = {"assertion"} if name in UNGROUNDED else {"assertion", "source"}  # a source stands there by its number
    values = [v for row in rows_of(answer) for key, v in row.items() if key not in unread and key[-3:] != "_id"]
    held = set[str]().union(*map(pieces, values))
    heads = set[str]().union(*(pieces(said(head, language)) for head in (*answer.columns, WHO, "contested by", "also")))
    for width in NARROW:
        lines = page.page(answer, engine, "table", width).splitlines()
        assert all(tables.measure(line) <= width for line in lines)
        listed = next((n for n, line in enumerate(lines) if line.startswith("[1] ") and not lines[n - 1]), -1)
        printed = set[str]().union(*map(pieces, lines[:listed]))
        strange = {piece for piece in printed - held - heads if not re.fullmatch(r"[a-z]{1,2}|\d+|–|─+|", piece)}
        lost = held - printed
        if name not in UNGROUNDED:
            sources = set[str]().union(*(pieces(row["source"]) for row in rows_of(answer)))
            strange -= sources
        assert (strange, {piece for piece in lost if tables.measure(piece) <= width - 6}) == (set(), set()), width


@pytest.mark.parametrize("name", QUESTIONS)
def test_all_rows_of_an_answer_are_cards_or_none(engine: Engine, asked: Ask, name: str) -> None:
    """A column with sentences is no narrower than 24, else there is no table; and whoever prints fewer gets one."""
    answer = asked(name, "en")
    rows = rows_of(answer)
    for width in (60, 80, 120, 200) if rows else ():
        text = page.page(answer, engine, "table", width)
        rule = next((line for line in text.splitlines() if line.startswith("─")), "")
        for size, column in zip(map(len, rule.split()), columns_of(name, rows), strict=bool(rule)):
            longest = max(tables.measure(row.get(column, "")) for row in rows)
            assert size >= min(24, longest), (width, column)


def test_a_card_is_a_claim_its_columns_and_a_line_of_grounds(run: Run) -> None:
    out = run("ask", "loses-power", "-f", "table")[1]
    card = next(block for block in out.split("\n\n") if block.startswith("As digital systems spread"))
    assert card == (
        "As digital systems spread, firms take over from governments the control of\n"
        "cyberspace.\n"
        "  actor: governments; states\n"
        "  through: digitalisation\n"
        "  how: redistributes\n"
        "  loss: state control over cyberspace\n"
        "  [2] Results and discussion, ¶\u00a03; attributed: citing Giacomello and Eriksson\n"
        "    2024; reports; categorical; time: as digitalisation expands; level: system;\n"
        "    contested by b"
    )


@pytest.mark.parametrize(("language", "also"), [("en", "also"), ("fa", PERSIAN["also"])])
def test_what_repeats_a_claim_adds_its_grounds_and_what_differs(run: Run, language: str, also: str) -> None:
    """In cards and tables; a form for programs has every row in full."""
    words = ("ask", "weakens", "--lang", language)
    out = run(*words, "-f", "table")[1]
    (card,) = (block for block in out.split("\n\n") if f"  {also}: " in block)
    assert [line.split(",")[0] for line in card.split("\n") if "[" in line] == [
        "  [2] Conclusion",
        f"  {also}: [2] Persian abstract",
        f"  {also}: [2] Research Objectives",
    ]
    claim = card.split("\n  ")[0].replace("\n", " ")
    assert run(*words, "-f", "csv")[1].count(claim) == run(*words, "-f", "md")[1].count(claim) == 3


def test_a_table_has_the_word_for_it_in_the_place_of_the_claim(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    out = run("ask", "uncited-core", "-f", "table", "--limit", "2")[1]
    rows = out.split("\n\n")[:2]
    assert re.search(r"^8  +none given  +premise  +Defence diplomacy builds trust", rows[0], re.MULTILINE)
    assert re.match(r" +finding +also +\[1\] Results", rows[1])
    after = run("ask", "uncited-core", "-f", "table", "--limit", "1", "--page", "2")[1]
    assert re.search(r"^8  +none given  +finding  +Defence diplomacy builds trust", after, re.MULTILINE), "a first row"


def test_columns_make_a_table_of_cards_again(run: Run) -> None:
    assert "───" not in run("ask", "disagreements", "-f", "table")[1]
    out = run("ask", "disagreements", "-f", "table", "--columns", "claim,against")[1]
    assert out.split("\n")[0].split() == ["claim", "against"] and out.split("\n")[1].startswith("───")


def test_groups_are_all_cards_or_all_tables(run: Run) -> None:
    """The widest of them decides; the column that they share is in none."""
    out = run("ask", "hedged", "-f", "table", "--group-by", "hedge", "--columns", "claim,hedge,source,place")[1]
    assert out.count("══") == out.count("\nclaim  ") > 1
    out = run("ask", "loses-power", "-f", "table", "--group-by", "actor")[1]
    assert out.count("══ actor: ") > 1 and "───" not in out and "\n  actor: " not in out


def test_a_cell_that_is_empty_where_the_row_above_has_one_says_so(asked: Ask) -> None:
    """Else the reader would take the value above for this row's, too."""
    answer = asked("weakens", "en")
    (claim,) = {row["claim"] for row in answer.rows if sum(row["claim"] == other["claim"] for other in answer.rows) > 2}
    repeats = [row for row in answer.rows if row["claim"] == claim]
    texts = [{"reading": "broader", "cause": "a"}, {"reading": "", "cause": "a"}, {"reading": "", "cause": "b"}]
    lines = cards.thinned(answer, zip(repeats, texts, strict=True))
    assert lines == [(texts[0], False), ({"reading": "–"}, True), ({"cause": "b"}, True)]
