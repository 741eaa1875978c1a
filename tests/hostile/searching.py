"""`search`: words that would be a query of FTS5, SQL, a pattern, a terminal's command; and an index that is none."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.scene import Scene
from hostile.stores import build_of

JSON = ("-f", "json")
MONOPOLY = {"claim:machines-weaken-state-monopoly", "claim:machines-leave-state-monopoly"}


def monopoly(scene: Scene, outcome: Outcome) -> None:
    """The claims of the small corpus on the monopoly of states, and nothing that is said of something else."""
    rows = json.loads(outcome.out)
    assert {row["id"] for row in rows if row["kind"] == "claim"} == MONOPOLY
    for row in rows:
        spans = [tuple(map(int, mark.split("-"))) for mark in row["marks"].split()]
        marked = [row["text"][start:end].lower()[:8] for start, end in spans]
        assert "monopoly" in marked or "monopoli" in marked, row


def nothing(scene: Scene, outcome: Outcome) -> None:
    """No row, and one line that says so."""
    assert json.loads(outcome.out) == []
    assert outcome.err.startswith("nothing found for ") and len(outcome.err.splitlines()) == 1, outcome.err


def none_in_a_page(scene: Scene, outcome: Outcome) -> None:
    assert outcome.out == "" and len(outcome.err.splitlines()) == 1, outcome.err


FOUND: list[tuple[str, tuple[str, ...]]] = [
    ("a quotation mark that is not closed", ('"monopoly',)),
    ("a quotation mark that is not opened", ('monopoly"',)),
    ("an empty phrase beside a word", ('"" monopoly',)),
    ("a phrase of one word", ('"monopoly"',)),
    ("a caret", ("^monopoly",)),
    ("stars everywhere", ("*", "**monopoly**", "*")),
    ("brackets that are not closed", ("((((monopoly",)),
    ("a plus and a minus", ("+", "-", "monopoly")),
    ("quotes of SQL", ("monopoly'", "';", "--")),
    ("a terminal's escapes around a word", ("\x1b[", "monopoly", "\u202e")),
    ("bytes that are no UTF-8 beside a word", (os.fsdecode(b"\xff\xfe"), "monopoly")),
    ("marks on every letter", ("m\u0301o\u0301n\u0301o\u0301p\u0301o\u0301l\u0301y\u0301",)),
    ("full-width letters", ("ＭＯＮＯＰＯＬＹ",)),
    ("a thousand blanks", (" " * 1000 + "monopoly" + "\n" * 1000,)),
    ("a word in forty copies", ("monopoly",) * 40),
]

MISSED: list[tuple[str, tuple[str, ...]]] = [
    ("a word and its negation in FTS5", ("monopoly NOT zebra",)),
    ("nearness in FTS5", ("NEAR(monopoly cables, 99)",)),
    ("two words of which FTS5 would take either", ("zebra OR quagga",)),
    ("SQL that ends the statement", ("x'); DROP TABLE text; --",)),
    ("a query that closes", ('" } UNION { ?s ?p ?o } #',)),
    ("an address", ("CANARY/x",)),
    ("a path", ("../../../../etc/passwd",)),
    ("a word of a hundred thousand letters", ("x" * 100_000,)),
    ("a phrase of twenty thousand words", ('"' + "word " * 20_000 + '"',)),
    ("a letter that is eighteen", ("ﷺ",)),
    ("a name of a parameter", ("?1", ":claims", "$claims")),
]

REFUSED: list[tuple[str, tuple[str, ...], str]] = [
    ("nothing", ("",), "no word"),
    ("signs alone", ('"*^(){}:-+"',), "no word"),
    ("pictures", ("🤖🤖🤖",), "no word"),
    ("a lone half of a pair", (os.fsdecode(b"\xff"),), "no word"),
    ("a sign that turns the line", ("\u202e",), "no word"),
    ("a hundred thousand stars", ("*" * 100_000,), "no word"),
    ("twenty thousand words", ("monopoly " * 20_000,), "20000 words found, 40 expected at most"),
    ("a NUL", ("mono\0poly",), "NUL"),
    ("a limit of nothing", ("monopoly", "--limit", ""), "--limit"),
    ("a limit below nothing", ("monopoly", "--limit=-1"), "--limit"),
    ("a limit beyond reason", ("monopoly", "--limit", "9" * 1000), "--limit"),
    ("a limit that is SQL", ("monopoly", "--limit", "1; DROP TABLE text"), "--limit"),
]


def _broken(content: bytes | None) -> Callable[[Scene], None]:
    """The index is something else, and the seal does not know; None: a link to a file outside."""

    def prepare(scene: Scene) -> None:
        scene.own_store()
        file: Path = build_of(scene) / "search.db"
        raw = file.read_bytes()
        file.unlink()
        if content is None:
            file.symlink_to(scene.file("outside.db", raw))
        else:
            file.write_bytes(content or raw[:-1])

    return prepare


def _beside(scene: Scene) -> None:
    """A journal that SQLite would play back into the index."""
    scene.own_store()
    (build_of(scene) / "search.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))


def cases() -> Iterator[Case]:
    for why, typed in FOUND:
        yield Case("search", why, ("search", "--lang", "en", *JSON, "--", *typed), Accepted(monopoly))
    for why, typed in MISSED:
        yield Case("search", why, ("search", *JSON, "--", *typed), Accepted(nothing))
    yield Case("search", "nothing to show in a page", ("search", "zebra", "-f", "table"), Accepted(none_in_a_page))
    for why, typed, says in REFUSED:
        yield Case("search", why, ("search", *JSON, *typed), Refused(says))
    yield Case("search", "a kind that nobody knows", ("search", "x", "-k", "../x"), Refused("../x", usage=True))
    yield Case("search", "an option that nobody knows", ("search", "x", "--evil"), Refused("--evil", usage=True))
    yield Case("search", "a language that nobody knows", ("search", "x", "--lang", "de"), Refused("de", usage=True))
    line = ("search", "monopoly", *JSON, "--store", "store")
    yield Case("store", "an index that is empty", line, Refused("search.db"), _broken(b" "))
    yield Case("store", "an index without its last byte", line, Refused("search.db"), _broken(b""))
    yield Case("store", "an index of 50 megabytes", line, Refused("search.db"), _broken(bytes(50_000_000)))
    yield Case("store", "an index that is a link", line, Refused("search.db"), _broken(None))
    yield Case("store", "a journal beside the index", line, Refused("search.db-journal"), _beside)
