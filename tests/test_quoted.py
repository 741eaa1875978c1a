"""What a reader is shown beside an answer: the words of its passages, and the links on which its claims stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from printing import EVERY, QUESTIONS, SCOPE, Ask, Graph, Row, ids, of_markdown, rows_of, same, start

from kg import names
from kg.ask import page
from kg.ask.links import explain
from kg.ask.quote import quote
from kg.grounds import Engine

# ── the words of passages ─────────────────────────────────────────────────────────────────────────────


def words_of(row: Row, texts: Path, graph: Graph, without: str = "") -> str:
    """Return the words of a row's passages as they stand in the reader's copies, each with its link."""
    parts = []
    for passage in ids(row, "place"):
        source, _, span = names.slug_of(passage).partition(".")
        begin, end = map(int, span.split("-"))
        text = (texts / f"{source}.txt").read_bytes().decode()
        parts += [f"“{text[begin:end]}”"] if source != without else []
        parts += graph.values(passage, "webPage")
    return " ".join(parts)


@pytest.mark.parametrize("name", QUESTIONS)
def test_quotes_are_the_words_of_the_passages_and_nothing_else(
    engine: Engine, graph: Graph, asked: Ask, name: str, texts: Path
) -> None:
    """Not a letter more or less; and nothing but the words is added to the answer."""
    quoted, lacks = quote(asked(name, "en"), engine, texts)
    assert lacks == []
    plain, rows = rows_of(asked(name, "en")), rows_of(quoted)
    assert [row.pop("words") for row in rows] == [words_of(row, texts, graph) for row in plain]
    assert rows == plain
    printed = of_markdown(page.page(quoted, engine, "md")).rows
    for row, shown in zip(plain, printed, strict=True):
        assert same(shown["words"], words_of(row, texts, graph))


def copies(texts: Path, folder: Path) -> Path:
    for file in texts.glob("*.txt"):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "a word changed at its end": (lambda file: file.write_bytes(file.read_bytes() + b"."), "not the copy"),
    "a letter before all": (lambda file: file.write_bytes(b"x" + file.read_bytes()), "not the copy"),
    "missing": (lambda file: file.unlink(), "not there"),
    "no text": (lambda file: file.write_bytes(b"\xff\xfe"), "UTF-8"),
    "a folder": (lambda file: (file.unlink(), file.mkdir()), "folder found"),
}


@pytest.mark.parametrize(("spoil", "said"), SPOILT.values(), ids=SPOILT)
def test_another_copy_gives_no_words_and_is_told(
    engine: Engine, graph: Graph, asked: Ask, texts: Path, tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    """Offsets lead elsewhere in another copy: wrong words are worse than none, and none without a word are, too."""
    spoil(copies(texts, tmp_path) / "hanggarini2025.txt")
    quoted, lacks = quote(asked("standing", "en"), engine, tmp_path)
    plain = rows_of(asked("standing", "en"))
    assert [row["words"] for row in rows_of(quoted)] == [words_of(row, texts, graph, "hanggarini2025") for row in plain]
    (line,) = lacks
    assert "hanggarini2025.txt" in line and said in line


def test_without_copies_only_links_are_shown_and_it_is_told(engine: Engine, graph: Graph, asked: Ask) -> None:
    quoted, lacks = quote(asked("weakens", "en"), engine, None)
    assert ["“" in row["words"] for row in rows_of(quoted)] == [False] * len(quoted.rows)
    links = [" ".join(v for p in ids(row, "place") for v in graph.values(p, "webPage")) for row in rows_of(quoted)]
    assert [row["words"] for row in rows_of(quoted)] == links
    (line,) = lacks
    assert "--texts" in line


# ── what an answer stands on ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_an_explanation_names_every_link_of_a_claim_as_the_graph_has_it(
    engine: Engine, graph: Graph, asked: Ask, name: str, language: str
) -> None:
    """Which way the arrow goes, what the relation is, whether a coder judged it or a rule derived it, and why."""
    answer = asked(name, language)
    text = explain(answer, engine, language)
    query, _, rest = text.partition("\n\n")
    assert query.split() == answer.query.split()
    blocks = re.findall(r"^row (\d+): (.*?)(?=^row |\Z)", rest, re.MULTILINE | re.DOTALL)
    rows = [(str(number), row) for number, row in enumerate(rows_of(answer), 1) if "assertion" in row]
    assert [number for number, _ in blocks] == [number for number, _ in rows]
    for (_, block), (_, row) in zip(blocks, rows, strict=True):
        lines = block.rstrip("\n").split("\n")
        limits = "; ".join(f"{c}: {row[c]}" for c in SCOPE if row.get(c))
        assert lines[0] == f"{row['claim']}{f' ({limits})' if limits else ''} ({row['claim_id']})"
        assert lines[1] == f"  {row['assertion']}: {row['source']}, {row['place']}"
        found = {(line, *places) for line, *places in links_of(lines[2:])}
        assert found == {(line, *p) for line, p in meant_links(graph, names.expand(row["claim_id"]), language)}


def links_of(lines: list[str]) -> list[list[str]]:
    """Gather the lines of a link with those of its passages."""
    found: list[list[str]] = []
    for line in lines:
        if line.startswith("    "):
            found[-1].append(line.strip())
        else:
            found.append([line.strip()])
    return found


def meant_links(graph: Graph, claim: str, language: str) -> list[tuple[str, list[str]]]:
    """Return the lines that the links of a claim are to have, from the graph."""
    found = []
    for arrow, near, far in (("→", "linksFrom", "linksTo"), ("←", "linksTo", "linksFrom")):
        for link in graph.values(claim, f"^{near}"):
            (other,), (relation,) = graph.values(link, far), graph.values(link, "hasLinkProperty")
            (reason,), rule = graph.values(link, "reason"), graph.values(link, "derivedBy")
            by = f"derived by the rule {rule[0]}" if rule else "judged by the coder"
            head = f"{arrow} {graph.label(relation, language)}: {graph.label(other, language)} ({names.compact(other)})"
            passages = [(a, p) for a in graph.values(other, "^asserts") for p in graph.values(a, "hasPassage")]
            order = sorted({p for _, p in passages}, key=lambda p: (names.slug_of(p).partition(".")[0], start(p), p))
            sources = {p: graph.label(graph.values(a, "inSource")[0], language) for a, p in passages}
            found.append((f"{head} — {by}: {reason}", [f"{sources[p]}, {graph.label(p, language)}" for p in order]))
    return found
