"""Searching: `search`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kg.cli.given import engine_of, filters_of, store_path
from kg.cli.output import form_of, put, say, to_stdout, width, write_marked
from kg.errors import UsageError, plain

if TYPE_CHECKING:
    from kg.ask.search import Hit, Where

COLUMNS = ("kind", "id", "text", "language", "source", "place", "assertion", "marks")
"""Of the forms for programs; `marks` are pairs of code points of `text`, `start-end`, end exclusive."""


def search(
    words: Sequence[str],
    kind: str | None,
    lang: str | None,
    limit: str,
    format: str | None,
    output: str | None,
    store: str | None,
    **filters: list[str],
) -> int:
    from contextlib import closing

    from kg.ask import search as searching
    from kg.ask.filters import parted, undated
    from kg.ask.find import find
    from kg.store.index import opened

    form, most = form_of(format, output), _most(limit)
    engine = engine_of(store)
    _, _, conditions = parted(engine, find("about"), {}, filters_of(filters))
    said = searching.said(engine, conditions)
    with closing(opened(store_path(store))) as base:
        sought = searching.wanted(base, " ".join(words))
        found = searching.search(base, sought, kind or "", lang or "", most, said and said.claims)
        told = "" if found.total else searching.nothing(base, sought, kind or "", lang or "", said is not None)
        left = searching.search(base, sought, kind or "", lang or "", 0, said.undated).total if said else 0
    places = searching.places(engine, found.hits, lang or "en", said and said.assertions)
    if form not in ("table", "md"):
        put(COLUMNS, [_row(hit, places.get(hit.thing, ())) for hit in found.hits], form, output)
    elif found.hits or not to_stdout(output):
        page = _page(form, found.hits, places, lang or "en", width(output))
        write_marked(page, form, output)
    if told:
        say(told)
    elif form in ("table", "md"):
        more = f"{len(found.hits)} of {found.total} shown (--limit); " if found.total > len(found.hits) else ""
        say(f"{more}`kg show ID` shows one with its passages")
    if left:
        say(undated(left, lang or "en"))
    return 0


def _most(limit: str) -> int:
    from kg.ask.search import LIMIT

    if not (limit.isascii() and limit.isdecimal() and len(limit) < 9 and 1 <= int(limit) <= LIMIT):
        raise UsageError(f"error: --limit '{plain(limit)}' found, a whole number from 1 to {LIMIT} expected")
    return int(limit)


def _row(hit: Hit, where: Sequence[Where]) -> dict[str, str]:
    """Return a hit as text: the places in the order of the assertions, each source once."""
    from kg import names

    return {
        "kind": hit.kind,
        "id": names.compact(hit.thing),
        "text": hit.text,
        "language": hit.language,
        "source": "; ".join(dict.fromkeys(one.source for one in where)),
        "place": "; ".join(one.place for one in where),
        "assertion": " ".join(one.assertion for one in where),
        "marks": " ".join(f"{start}-{end}" for start, end in hit.marks),
    }


def _page(form: str, hits: Sequence[Hit], places: Mapping[str, Sequence[Where]], language: str, width: int) -> str:
    """Return hits for people, the words that were meant marked.

    In Markdown a table; in a window a paragraph a hit, with source and place below it, and last its id on a line of
    its own, from where it can be copied.
    """
    from kg import channels, names, tables
    from kg.words import words

    say_in = words(language)
    rows = []
    for hit in hits:
        sources: dict[str, list[str]] = {}
        for one in places.get(hit.thing, ()):
            sources.setdefault(one.source, []).append(one.place)
        where = "; ".join(f"{source}: {'; '.join(some)}" for source, some in sources.items()).replace("¶ ", "¶\u00a0")
        text = channels.emphasised(hit.text, hit.marks)
        rows.append((say_in(hit.kind), text, channels.emphasised(where, ()), names.compact(hit.thing)))
    if form == "md":
        kind = "kind" if language == "en" else say_in("kind of text")
        heads = (kind, *map(say_in, ("text", "where")), "id")
        return tables.write(form, heads, [dict(zip(heads, row, strict=True)) for row in rows])
    edge = max((tables.measure(kind) for kind, *_ in rows), default=0) + 2
    blocks = []
    for kind, *parts in rows:
        head = kind + " " * (edge - tables.measure(kind))
        lines = filter(None, parts)
        blocks.append(
            "".join(tables.hanging(head if n == 0 else " " * edge, part, width) for n, part in enumerate(lines))
        )
    return "\n".join(blocks)
