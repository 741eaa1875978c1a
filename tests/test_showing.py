"""What `kg show` prints of sections, domains and codes: their card, and the assertions in or with them."""

from __future__ import annotations

import json

import pytest
from anew import about
from printing import Graph
from small import Run

from kg import names
from kg.ask.show import BEGINNING, claims_about
from kg.grounds import Engine, natural


@pytest.fixture
def run(kg: Run, founding: object, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the founding corpus, in a window of 80 columns."""
    monkeypatch.setenv("KG_STORE", str(founding))
    monkeypatch.setenv("COLUMNS", "80")
    return kg


@pytest.mark.parametrize(
    "thing",
    [
        *("section:hanggarini2025.results", "section:koohkan2026.fa-abstract", "domain:legal"),
        *("code:voice.attributed", "code:stance.contests", "code:hedge.possible", "code:mode.hypothesis"),
        *("code:basis.data", "code:scope.strict", "code:level.group", "code:force.must", "code:aspect.gap"),
    ],
)
def test_all_that_is_said_in_a_section_or_with_a_code_is_shown(engine: Engine, graph: Graph, thing: str) -> None:
    rows = claims_about(engine, names.expand(thing)).rows
    found = {(row["role"].ids[0] if row["role"].ids else row["role"].text, row["assertion"].text) for row in rows}
    assert found == about(graph, names.expand(thing)) != set()


@pytest.mark.parametrize("thing", ["section:hanggarini2025.results", "source:baig", "code:hedge.possible"])
def test_sections_sources_and_codes_are_read_from_beginning_to_end(engine: Engine, thing: str) -> None:
    places = [natural(row["place"].ids[0]) for row in claims_about(engine, names.expand(thing)).rows]
    assert places == sorted(places) and len(set(places)) > 20


def test_a_section_says_whose_it_is_and_a_pointer_what_it_cites(run: Run) -> None:
    for form in ("table", "md"):
        out = run("show", "results & discussion", "-f", form)[1]
        assert [line.strip() for line in out.splitlines()[:4]] == [
            *("name: Results and discussion", "id: section:hanggarini2025.results", "kind: section"),
            "source: Hanggarini 2025",
        ]
    assert "cites: Chen 2023\n" in run("show", "citation:hanggarini2025.c65", "-f", "table")[1]


def test_of_a_code_that_hundreds_have_the_first_are_printed_which_is_said(run: Run, graph: Graph) -> None:
    """A form for machines has them all."""
    count = len(graph.values(names.expand("code:hedge.categorical"), "^hasHedge"))
    code, out, err = run("show", "categorical", "-f", "table")
    assert (code, err) == (0, "")
    assert out.startswith("name: categorical\n") and max(map(len, out.splitlines())) <= 80
    foot = " ".join(out.split("\n\n")[-1].split())
    assert foot.startswith(f"{count} rows, ") and foot.endswith(f"rows 1–{BEGINNING} of {count}; --page 2 goes on")
    assert out.count("; categorical") == BEGINNING
    whole = run("show", "categorical", "-f", "json")
    assert (len(json.loads(whole[1])), whole[2]) == (count, "")
    assert "--page" not in run("show", "code:stance.contests", "-f", "table")[1]


def test_what_is_shown_has_orders_pages_groups_and_columns_as_an_answer_has(run: Run) -> None:
    """The same options, the same rows in every form; the card stands before each page."""
    whole = json.loads(run("show", "middle-powers", "-f", "json")[1])
    pages = [json.loads(run("show", "middle-powers", "-f", "json", "--limit", "60", "--page", p)[1]) for p in "12"]
    assert pages[0] + pages[1] == whole and len(pages[0]) == 60
    sources = [row["source"] for row in json.loads(run("show", "china", "-f", "json", "--sort", "source")[1])]
    assert sources == sorted(sources, key=str.casefold) and len(set(sources)) > 1
    out = run("show", "middle-powers", "-f", "table", "--limit", "60", "--page", "2")[1]
    assert out.startswith("name: middle powers\n") and f"rows 61–{len(whole)} of {len(whole)}\n" in out
    out = run("show", "china", "-f", "table", "--group-by", "role", "--columns", "claim")[1]
    roles = dict.fromkeys(row["role"] for row in json.loads(run("show", "china", "-f", "json")[1]))
    assert [line.removeprefix("══ role: ") for line in out.splitlines() if line.startswith("══")] == [*roles]
    second = run("show", "categorical", "-f", "table", "--page", "2")[1]
    assert f"rows {BEGINNING + 1}–{2 * BEGINNING} of" in " ".join(second.split())
    code, out, err = run("show", "china", "--page", "2")
    assert (code, out, err.splitlines()[0]) == (2, "", "error: --page found without --limit")
