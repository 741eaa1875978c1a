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
    assert (code, err) == (0, f"the first {BEGINNING} of {count:,} are shown; -f tsv gives all\n")
    assert out.startswith("name: categorical\n") and max(map(len, out.splitlines())) <= 80
    whole = run("show", "categorical", "-f", "json")
    assert (len(json.loads(whole[1])), whole[2]) == (count, "")
    assert run("show", "code:stance.contests", "-f", "table")[2] == ""
