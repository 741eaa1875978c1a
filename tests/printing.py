"""What the tests of printed answers share: the graph as plain look-ups, and printed pages taken apart again."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox

from kg import names, tables
from kg.ask import answer as ask
from kg.ask import page
from kg.ask.find import catalogue
from kg.resources import resource
from kg.tables import measure

GROUNDS = ("claim", "condition", "time", "level", "source", "place", "voice", "stance", "hedge", "contested")
WHO = "source, place, voice, stance, hedge"
QUESTIONS = {question.name: question for question in catalogue()}
LANGUAGES = ("en", "fa")
WIDTHS = (40, 80, 120)
EVERY = [(name, language) for name in QUESTIONS for language in LANGUAGES]
UNGROUNDED = {"gap-matrix", "in-text-citations", "kinds-of-claims", "shared-works"}
SCOPE = ("condition", "time", "level")

PERSIAN = dict(
    line.split("\t") for line in (resource("queries") / "words.fa.tsv").read_text(encoding="utf-8").splitlines()
)


def said(word: str, language: str) -> str:
    """Return a heading or a connecting word as a reader of that language is to see it."""
    return PERSIAN[word] if language == "fa" else word


Ask = Callable[[str, str], ask.Answer]
Row = dict[str, str]


def rows_of(answer: ask.Answer) -> list[Row]:
    """Return the rows of the answer as JSON has them."""
    return json.loads(tables.write("json", *page.flat(answer)))  # type: ignore[no-any-return]


def ids(row: Row, column: str) -> list[str]:
    return [names.expand(one) for one in row.get(f"{column}_id", "").split()]


def start(passage: str) -> int:
    """Return where a passage begins: it stands in its id."""
    return int(re.fullmatch(r".*\.(\d+)-\d+", passage)[1])  # type: ignore[index]


class Graph:
    """The triples of a store, by subject and property and by object and property; independent of our queries."""

    def __init__(self, store: ox.Store) -> None:
        self.forth: dict[tuple[str, str], list[Any]] = {}
        self.back: dict[tuple[str, str], list[str]] = {}
        seen = set()
        for quad in store:
            triple = (quad.subject.value, names.compact(quad.predicate.value), quad.object)
            if triple not in seen:
                seen.add(triple)
                self.forth.setdefault(triple[:2], []).append(quad.object)
                self.back.setdefault((getattr(quad.object, "value", ""), triple[1]), []).append(triple[0])

    @cache  # noqa: B019 - one graph lives as long as its tests
    def values(self, thing: str, path: str) -> list[str]:
        """Follow a path: `air:a/air:b`, alternatives by `|`, `^` backwards; `isNarrowerThan?` as in SPARQL."""
        found = [thing]
        for step in path.split("/"):
            after = [v for one in found for part in step.split("|") for v in self._step(one, part)]
            found = list(dict.fromkeys(after))
        return found

    def _step(self, thing: str, part: str) -> Iterator[str]:
        if part.endswith("?"):
            yield thing
        name = part.strip("^?")
        name = name if ":" in name else f"air:{name}"
        if part.startswith("^"):
            yield from self.back.get((thing, name), ())
        else:
            yield from (o.value for o in self.forth.get((thing, name), ()))

    def all(self, cls: str) -> list[str]:
        """Return the members of a class."""
        return self.back.get((names.expand(cls), "rdf:type"), [])

    @cache  # noqa: B019
    def label(self, thing: str, language: str) -> str:
        """Return what a reader of that language is to see of a thing."""
        paths = ("skos:prefLabel", "air:statement")
        literals = [o for path in paths for o in self.forth.get((thing, path), ())]
        if not literals:
            about = self.values(thing, "asserts|listsWork|attributedTo|throughCitation")
            literals = [o for one in about for path in paths for o in self.forth.get((one, path), ())]
        for wanted in (language, "en", None):
            found = sorted(o.value for o in literals if o.language == wanted)
            if found:
                return found[0]
        return sorted(o.value for o in literals)[0] if literals else names.compact(thing)


@dataclass
class Page:
    """A printed answer taken apart: rows by column, what stands under each letter and number, and the last line."""

    rows: list[dict[str, str]]
    notes: dict[str, str]
    listed: dict[str, str]
    counts: str = ""


def of_markdown(text: str) -> Page:
    """Take a Markdown page apart; escapes are read as Markdown has them."""
    table, *rest = text.rstrip("\n").split("\n\n")
    counts = plain(rest.pop()) if rest else ""
    lines = [[plain(cell) for cell in re.split(r"(?<!\\) ?\| ?", line)[1:-1]] for line in table.split("\n")]
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]
    notes, listed = _foot([line.rstrip(" ") for block in rest for line in block.split("\n")])
    return Page(rows, {k: plain(v) for k, v in notes.items()}, {k: plain(v) for k, v in listed.items()}, counts)


def plain(text: str) -> str:
    """Return Markdown's escapes and addresses in `<>` as the characters they stand for."""
    bare = re.sub(r"(?<!\\)<(https?://[^<>\s]+)>", r"\1", text)
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", bare)).strip(" ")


def of_table(text: str, columns: Iterable[str]) -> Page:
    """Take a page for a terminal apart: a table with a rule under its head, or a block a row."""
    blocks = text.rstrip("\n").split("\n\n")
    counts = " ".join(blocks.pop().split()) if re.match(r"\d+ ", blocks[-1]) else ""
    start = next((i for i, block in enumerate(blocks) if re.match(r"\((a)\) |\[1\] ", block)), len(blocks))
    body, foot = blocks[:start], blocks[start:]
    joined = [line for block in foot for line in _joined(block.split("\n"))]
    notes, listed = _foot(joined)
    if "─" in text.split("\n\n")[0]:
        return Page(list(_of_columns("\n\n".join(body))), notes, listed, counts)
    rows = [_of_block(block, list(columns)) for block in body if not _is_head(block, columns)]
    return Page(rows, notes, listed, counts)


def _is_head(block: str, columns: Iterable[str]) -> bool:
    return " ".join(block.split()) == ", ".join(columns)


def _of_block(block: str, columns: list[str]) -> dict[str, str]:
    row = dict.fromkeys(columns, "")
    for line in _joined(block.split("\n")):
        name = next(c for c in sorted(columns, key=len, reverse=True) if line.startswith(f"{c}:"))
        assert row[name] == "", f"{name} stands twice"
        row[name] = line[len(name) + 1 :].strip(" ")
    return row


def _joined(lines: list[str]) -> list[str]:
    """Join the lines that are indented to the line above."""
    found: list[str] = []
    for line in lines:
        if line.startswith("  "):
            found[-1] += " " + line.strip(" ")
        else:
            found.append(line)
    return found


def _foot(lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    notes, listed = {}, {}
    for line in lines:
        mark = re.match(r"(\(([a-z]+)\)|(\[\d+\])) (.*)", line)
        assert mark, f"neither a note nor an entry of the list: {line!r}"
        held = notes if mark[2] else listed
        assert (mark[2] or mark[3]) not in held
        held[mark[2] or mark[3]] = mark[4]
    return notes, listed


def _of_columns(text: str) -> Iterator[dict[str, str]]:
    lines = text.split("\n")
    rule = next(i for i, line in enumerate(lines) if line.startswith("─"))
    spans = [(mark.start(), mark.end()) for mark in re.finditer("─+", lines[rule])]
    head = _cells(lines[:rule], spans)
    body = lines[rule + 1 :]
    # a line without a first cell goes on with the row above; no blank line then means that there is one row
    whole = "" in body or any(not _cells([line], spans)[0] for line in body if line)
    rows = "\n".join(body).split("\n\n") if whole else body
    for row in filter(None, rows):
        yield dict(zip(head, _cells(row.split("\n"), spans), strict=True))


def _cells(lines: list[str], spans: list[tuple[int, int]]) -> list[str]:
    """Cut lines at columns of the terminal, not at characters: a combining mark takes none."""
    cells = [""] * len(spans)
    for line in lines:
        at, parts = 0, [""] * len(spans)
        for char in line:
            for i, (start, end) in enumerate(spans):
                if start <= at < end or (measure(char) == 0 and start < at <= end):
                    parts[i] += char
                    break
            else:
                assert char == " ", f"{char!r} stands between two columns: {line!r}"
            at += measure(char)
        cells = [f"{cell} {part.strip(' ')}".strip(" ") for cell, part in zip(cells, parts, strict=True)]
    return cells


def same(printed: str, meant: str) -> bool:
    """Tell whether a text was printed whole: lines may part it at spaces and after hyphens, and nowhere else."""
    return _folded(printed) == _folded(meant)


def _folded(text: str) -> str:
    return re.sub(r"(?<=[^\W\d_]-) (?=[^\W\d_])", "", " ".join(text.replace("\u00a0", " ").split()))
