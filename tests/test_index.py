"""The index of `kg search`: what is in it, how words are folded, and that it is sealed with the build."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from small import Run, Small
from storing import served, some

from kg import pipeline
from kg.errors import StoreError
from kg.load.inputs import Inputs
from kg.store import index
from kg.store.folding import fold, joined, words
from kg.store.local import open_store
from kg.store.publish import publish


@pytest.fixture(scope="module")
def base(founding: Path) -> Iterator[sqlite3.Connection]:
    with closing(index.opened(founding)) as opened:
        yield opened


# ── folding ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "forms",
    [
        ("behaviour", "Behavior", "BEHAVIOUR"),
        ("organisation", "organization"),
        ("analyse", "analyze"),
        ("defence", "defense"),
        ("centre", "center"),
        ("centred", "centered"),
        ("theatre", "theater"),
        ("programme", "program"),
        ("dialogue", "dialog"),
        ("modelling", "modeling"),
        ("Frąckiewicz", "Fra\u0328ckiewicz", "frackiewicz"),
        ("straße", "STRASSE"),
        ("ﬁction", "fiction"),
        ("کتاب", "كتاب", "کِتابْ", "کتـــاب"),
        ("فناوری", "فناوري", "فناورى"),
        ("آینده", "اینده", "آيندة"),
        ("۱۴۰۵", "١٤٠٥", "1405"),
    ],
    ids=lambda forms: forms[0],
)
def test_ways_to_write_a_word_are_one_word(forms: tuple[str, ...]) -> None:
    """Who types on another keyboard, or in the other English, looks for the same."""
    assert len({fold(form) for form in forms}) == 1
    assert fold(forms[0]).isalnum()


@pytest.mark.parametrize(
    ("one", "other"),
    [("size", "sise"), ("prize", "prise"), ("four", "for"), ("hour", "hor"), ("fire", "fier"), ("دولت", "دولتی")],
)
def test_words_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_each_word_has_its_place_and_what_links_it() -> None:
    text = "The state's non-state دولت‌ها, «نظم»"
    found = words(text)
    assert [word.text for word in found] == ["the", "state", "non", "state", "دولت", "ها", "نظم"]
    assert [text[word.start : word.end] for word in found] == ["The", "state", "non", "state", "دولت", "ها", "نظم"]
    assert [word.linked for word in found] == [False, False, False, True, False, True, False]
    assert joined(found) == [("nonstate", 2, 3), ("دولتها", 4, 5)]


def test_a_letter_that_stands_for_several_words_is_one_word() -> None:
    """Else the number of words of a text and of its folded form would differ, and marks would be beside the word."""
    assert [word.text.isalnum() for word in words("a ﷺ ⑴ ½ ² Ⅷ _b_ c")] == [True] * 8


# ── what is in it ────────────────────────────────────────────────────────────────────────────────────


def test_the_index_holds_what_is_said_and_what_it_is_about(base: sqlite3.Connection) -> None:
    """And not places, links, or the ontology's classes."""
    found = base.execute("SELECT DISTINCT kind, substr(thing, 1, instr(substr(thing, 30), '/') + 29) FROM text")
    kinds: dict[str, set[str]] = {}
    for kind, where in found:
        kinds.setdefault(kind, set()).add(where.split("/")[-2])
    assert kinds.keys() == set(index.KINDS)
    assert kinds["claim"] == {"claim"}
    assert kinds["person"] == kinds["organisation"] == {"agent"}
    assert kinds["term"] == kinds["definition"]
    assert {"actor", "phenomenon", "power"} <= kinds["term"]
    assert not {"code", "passage", "section", "ns"} & set().union(*kinds.values())


def test_every_statement_label_and_title_is_in_it_once(base: sqlite3.Connection, founding: Path) -> None:
    """Counted in another way; a deprecated term is replaced, and not found."""
    rows = base.execute("SELECT kind, thing, language, text FROM text").fetchall()
    assert len(rows) == len(set(rows))
    wanted = """
    PREFIX air: <https://w3id.org/airkg/ns/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX dcterms: <http://purl.org/dc/terms/>
    SELECT DISTINCT ?thing ?text WHERE {
      ?thing air:statement|skos:prefLabel|skos:altLabel|dcterms:title ?text
      FILTER(REGEX(STR(?thing), "/id/(claim|actor|phenomenon|risk|work|source|agent)/"))
      FILTER NOT EXISTS { ?thing owl:deprecated true }
    }
    """
    solutions = open_store(founding).query(wanted, use_default_graph_as_union=True)
    there = {(row["thing"].value, row["text"].language or "", row["text"].value) for row in solutions}  # type: ignore[union-attr]
    assert len(there) > 2000
    assert there <= {row[1:] for row in rows}
    assert not [
        row for row in rows if row[1].endswith("/actor/developed-states-class") or "rivalling-of-state" in row[1]
    ]


def test_the_same_graph_gives_the_same_bytes_in_whatever_order_it_comes(small: Small, tmp_path: Path) -> None:
    """A build is named for its seal, and its index says nothing of when or where it was made."""
    made = []
    for name in ("one", "other"):
        pipeline.build(Inputs.of([small.root], founding=False), tmp_path / name)
        made.append((served(tmp_path / name) / index.FILE).read_bytes())
    assert made[0] == made[1]
    quads = list(open_store(tmp_path / "one"))
    random.Random(1).shuffle(quads)
    assert hashlib.sha256(index.made(index.texts(quads))).digest() == hashlib.sha256(made[0]).digest()
    assert str(tmp_path).encode() not in made[0]


def test_the_words_of_the_index_are_shown_as_they_are_mostly_written(base: sqlite3.Connection) -> None:
    shown = dict(base.execute("SELECT word, shown FROM word"))
    assert shown["behavior"] == "behaviour" and shown["frackiewicz"] == "frąckiewicz"
    (most,) = base.execute("SELECT texts FROM word WHERE word = 'sovereignty'").fetchone()
    (counted,) = base.execute("SELECT count(*) FROM text WHERE text LIKE '%sovereignty%'").fetchone()
    assert most == counted > 5


# ── the seal ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("damage", ["cut", "flipped", "gone", "another's", "a folder"])
def test_a_damaged_index_is_one_line(small_store: Path, founding: Path, tmp_path: Path, kg: Run, damage: str) -> None:
    """It must not answer with what is left of it."""
    store = Path(shutil.copytree(small_store, tmp_path / "store", symlinks=True))
    file = served(store) / index.FILE
    raw = file.read_bytes()
    file.unlink()
    if damage == "a folder":
        file.mkdir()
    elif damage != "gone":
        flipped = raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:]
        other = (served(founding) / index.FILE).read_bytes()
        file.write_bytes({"cut": raw[: len(raw) // 2], "flipped": flipped, "another's": other}[damage])
    told = f"error: the store at {store} differs from its seal (search.db)\n  hint: `kg build --force` makes it anew\n"
    assert kg("search", "machines", "--store", store) == (2, "", told)


def test_a_store_without_an_index_says_what_makes_one(tmp_path: Path, kg: Run) -> None:
    publish(tmp_path / "store", some(3), {})
    code, out, err = kg("search", "value", "--store", tmp_path / "store")
    assert (code, out) == (2, "")
    assert "has no index for `kg search`\n  hint: `kg build --force`" in err


def test_an_index_that_was_sealed_broken_is_one_line(tmp_path: Path, kg: Run) -> None:
    """A seal says that nothing has changed, not that all was well."""
    publish(tmp_path / "store", some(3), {}, {}, {index.FILE: lambda _: b"no database"})
    code, out, err = kg("search", "value", "--store", tmp_path / "store")
    assert (code, out, err.count("\n")) == (2, "", 2)
    assert "has an index that cannot be read: file is not a database" in err


def test_a_python_without_fts5_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_SCHEMA", "CREATE VIRTUAL TABLE folded USING fts9(words)")
    with pytest.raises(StoreError, match="cannot make the index: no such module: fts9"):
        index.made([])
