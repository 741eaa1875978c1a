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


def columns_of(name: str, rows: list[Row]) -> list[str]:
    """Return the columns that a printed answer is to have."""
    if name in UNGROUNDED:
        return list(QUESTIONS[name].columns)
    own = [c for c in QUESTIONS[name].columns if c not in GROUNDS or c in SCOPE]
    return [*own, "claim", WHO, *(["contested by"] if any(row["contested"] for row in rows) else [])]


def counts_of(rows: list[Row], sources: int, language: str) -> str:
    """Return what is to stand at the foot of a page."""
    claims = {one for row in rows for one in ids(row, "claim")}
    held = {one for row in rows for key in row if key.endswith("_id") for one in ids(row, key.removesuffix("_id"))}
    works = {one for one in held if one.startswith(names.PREFIXES["work"])}
    numbers = (("row", len(rows)), ("claim", len(claims)), ("source", sources), ("cited work", len(works)))
    if language == "fa":
        return "، ".join(f"{n} {said(word, language)}" for word, n in numbers if n)
    return ", ".join(f"{n} {word}{'s' if n > 1 else ''}" for word, n in numbers if n)


def found_sources(rows: list[Row], name: str) -> list[str]:
    """Return the sources that the rows name, in the order in which a reader meets them: row by row, from the left."""
    order = [*QUESTIONS[name].columns, *GROUNDS]
    found = [i for row in rows for c in dict.fromkeys(order) for i in ids(row, c)]
    return [i for i in dict.fromkeys(found) if i.startswith(names.PREFIXES["source"])]


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

    def named(self, thing: str, language: str) -> str:
        """Return what is to be seen of a thing beside a row's claim: a claim with what limits it."""
        found = {"condition": self.values(thing, "condition"), "time": self.values(thing, "time")}
        found["level"] = [self.label(one, language) for one in self.values(thing, "hasLevel")]
        limits = "; ".join(f"{said(key, language)}: {'; '.join(sorted(held))}" for key, held in found.items() if held)
        claim = thing.startswith(names.PREFIXES["claim"]) and limits
        return f"{self.label(thing, language)} ({limits})" if claim else self.label(thing, language)


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


def of_table(text: str, columns: Iterable[str], language: str = "en") -> Page:
    """Take a page for a terminal apart: a table with a rule under its head, or cards; repeats of a claim made whole."""
    blocks = text.rstrip("\n").split("\n\n")
    counts = " ".join(blocks.pop().split()) if re.match(r"\d+ ", blocks[-1]) else ""
    start = next((i for i, block in enumerate(blocks) if re.match(r"\((a)\) |\[1\] ", block)), len(blocks))
    body, foot = blocks[:start], blocks[start:]
    joined = [line for block in foot for line in _joined(block.split("\n"))]
    notes, listed = _foot(joined)
    columns = list(columns)
    if "─" in text.split("\n\n")[0]:
        rows = list(_of_columns("\n\n".join(body)))
    else:
        rows = [row for block in body if not _is_head(block, columns) for row in _of_card(block, columns, language)]
    return Page(_whole(rows, language), notes, listed, counts)


def _is_head(block: str, columns: Iterable[str]) -> bool:
    return " ".join(block.split()) == ", ".join(columns)


def _whole(rows: list[dict[str, str]], language: str) -> list[dict[str, str]]:
    """Put into each row that repeats a claim what it has in common with the row above."""
    claim, found = said("claim", language), list[dict[str, str]]()
    for row in rows:
        if row.get(claim) == said("also", language):
            assert found, "nothing stands above that could be repeated"
            held = {column: text for column, text in row.items() if text and column != claim}
            row = {**found[-1], **{column: "" if text == "–" else text for column, text in held.items()}}
        found.append(row)
    return found


def _of_card(block: str, columns: list[str], language: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a card, each in the columns of a table: claim first, grounds last, what repeats below."""
    claim, who, also = (said(word, language) for word in ("claim", WHO, "also"))
    lines = _items(block)
    first = _pair(lines[0], columns)
    row = dict.fromkeys(columns, "")
    if not first and claim in row:
        row[claim] = lines[0]
    for line in lines if first else lines[1:]:
        if pair := _pair(line, columns):
            assert row[pair[0]] == "", f"{pair[0]} stands twice"
            row[pair[0]] = pair[1]
            continue
        repeats = line.startswith(f"{also}: ")
        assert not row[who], "grounds without a claim"
        held, limits, marks = _parted(line.removeprefix(f"{also}: "), language)
        row[who], row[claim] = held, also if repeats else row[claim] + (f" ({limits})" if limits else "")
        if marks:
            row[said("contested by", language)] = marks
        yield row
        row = dict.fromkeys(columns, "")
    if any(row.values()):
        yield row


def _items(block: str) -> list[str]:
    """Return the lines of a card, each joined with what goes on below it: deeper, or flush in the first."""
    found: list[str] = []
    for line in block.split("\n"):
        if found and (line.startswith("    ") or not line.startswith("  ")):
            found[-1] += " " + line.strip(" ")
        else:
            found.append(line.strip(" "))
    return found


def _pair(line: str, columns: list[str]) -> tuple[str, str] | None:
    name = next((c for c in sorted(columns, key=len, reverse=True) if line.startswith(f"{c}:")), None)
    return (name, line[len(name) + 1 :].strip(" ")) if name else None


def _parted(grounds: str, language: str) -> tuple[str, str, str]:
    """Return who says it, what limits the claim, and the letters of what contests it."""
    scope = "|".join(re.escape(said(word, language)) for word in SCOPE)
    contested = re.escape(said("contested by", language))
    found = re.fullmatch(rf"(.*?)(?:; ((?:{scope}): .*?))?(?:; {contested} ([a-z ]+))?", grounds)
    assert found
    return found[1], found[2] or "", found[3] or ""


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
