"""The index of `kg search`: every statement, label, definition and title, in SQLite's FTS5, beside the store.

Made at `kg build` from the quads, in a fixed order, so that the same graph gives the same bytes; sealed with the
build. The index holds the words folded (`folding`), one token for each word of the text, so that a hit is marked
in the text as it was written.

    text(number, kind, thing, language, weight, text)    a row a text
    folded(words, joined)                                its words, and those that a hyphen or ZWNJ makes one
    word(word, shown, texts)                             every folded word, how it is mostly written, in how many texts
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import names
from kg.errors import StoreError
from kg.store import seals
from kg.store.folding import joined, words
from kg.store.local import steadily

if TYPE_CHECKING:
    import sqlite3

    import pyoxigraph as ox

FILE = "search.db"

KINDS = ("term", "claim", "definition", "source", "work", "person", "organisation")
"""What a text may be of; a term's, a person's or an organisation's are its labels, a work's its label and title."""

_LABEL, _SYNONYM, _TITLE, _SENTENCE = 3.0, 2.5, 2.0, 1.0
"""By which a rank is multiplied. BM25 gives a short text with a word once at least 1 and any text less than 2.2 times
the word's rarity: so a label that is a word stands above every sentence that has it, however often."""

_SCHEMA = """
CREATE TABLE text (number INTEGER PRIMARY KEY, kind TEXT, thing TEXT, language TEXT, weight REAL, text TEXT);
CREATE VIRTUAL TABLE folded USING fts5(words, joined, tokenize = 'porter ascii');
CREATE TABLE word (word TEXT PRIMARY KEY, shown TEXT, texts INTEGER) WITHOUT ROWID;
"""
"""The tokenizer sees folded words between spaces alone, whatever SQLite's tables of letters know."""


class Text(NamedTuple):
    """What can be found: kind, IRI of the thing, language tag or nothing, weight, and the text itself."""

    kind: str
    thing: str
    language: str
    weight: float
    text: str


def texts(quads: Iterable[ox.Quad]) -> list[Text]:
    """Return the texts of a graph, each once, in a fixed order; those of deprecated things are left out.

    Args:
        quads: the whole graph.

    """
    iris = {names.expand(name): name for name in (*_OF_ANY, "rdf:type", "owl:deprecated")}
    old, organisations = set[str](), set[str]()
    found: list[tuple[str, str, ox.Quad]] = []
    for quad in quads:
        name, subject = iris.get(quad.predicate.value, ""), getattr(quad.subject, "value", "")
        if name == "owl:deprecated":
            old.add(subject)
        elif name == "rdf:type":
            organisations |= {subject} if getattr(quad.object, "value", "") == _ORGANISATION else set()
        elif name:
            found.append((name, subject, quad))
    made = set()
    for name, subject, quad in found:
        kind = _kind(name, subject, getattr(quad.graph_name, "value", ""), organisations)
        if kind and subject not in old:
            literal: ox.Literal = quad.object  # type: ignore[assignment]
            made.add(Text(kind, subject, literal.language or "", _OF_ANY[name], literal.value))
    return sorted(made)


_OF_ANY = {
    "skos:prefLabel": _LABEL,
    "skos:altLabel": _SYNONYM,
    "dcterms:title": _TITLE,
    "skos:definition": _SENTENCE,
    "air:statement": _SENTENCE,
}
_ORGANISATION = names.PREFIXES["foaf"] + "Organization"


def _kind(name: str, subject: str, graph: str, organisations: set[str]) -> str:
    """Return what a text is of; empty where it is of no interest: places, links, the ontology's own classes."""
    if name == "air:statement":
        return "claim"
    if names.is_vocabulary(graph):
        return "definition" if name == "skos:definition" else "term"
    for kind in ("source", "work"):
        if subject.startswith(names.PREFIXES[kind]):
            return kind
    if subject.startswith(names.PREFIXES["agent"]):
        return "organisation" if subject in organisations else "person"
    return ""


def made(found: Iterable[Text]) -> bytes:
    """Return the index of some texts, as the bytes of an SQLite database.

    Raises:
        StoreError: this Python's SQLite has no FTS5.

    """
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(":memory:")) as base:
        try:
            base.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            raise StoreError(f"error: SQLite {sqlite3.sqlite_version} cannot make the index: {error}") from None
        count, written = Counter[str](), defaultdict[str, Counter[str]](Counter)
        for number, text in enumerate(found, 1):
            parts = words(text.text)
            base.execute("INSERT INTO text VALUES (?, ?, ?, ?, ?, ?)", (number, *text))
            runs = " ".join(run for run, _, _ in joined(parts))
            row = (number, " ".join(part.text for part in parts), runs)
            base.execute("INSERT INTO folded (rowid, words, joined) VALUES (?, ?, ?)", row)
            count.update({part.text for part in parts})
            for part in parts:
                written[part.text][text.text[part.start : part.end].lower()] += 1
        rows = [
            (word, min(forms, key=lambda form: (-forms[form], form)), count[word]) for word, forms in written.items()
        ]
        base.executemany("INSERT INTO word VALUES (?, ?, ?)", sorted(rows))
        base.execute("INSERT INTO folded (folded) VALUES ('optimize')")
        base.commit()
        return base.serialize()


def opened(path: Path) -> sqlite3.Connection:
    """Open the index of the build that is served, for reading, after all of the build was compared with its seal.

    Raises:
        StoreError: as `kg.store.local.open_build`; or the build has no index.

    """
    return steadily(path, _opened)


def _opened(build: Path) -> sqlite3.Connection:
    import sqlite3

    if FILE not in seals.verify(build)["files"]:
        raise seals.broken(build, "has no index for `kg search`")
    try:
        base = sqlite3.connect(f"{(build / FILE).absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("SELECT 1 FROM folded, text, word LIMIT 1")
    except sqlite3.Error as error:
        raise seals.broken(build, f"has an index that cannot be read: {error}") from None
    return base
