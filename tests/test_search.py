"""`kg search`: words are found however they are written, the best first, marked; and no sign of theirs is a command."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg import names
from kg.ask import search as searching
from kg.ask.search import Found, near, places, search, wanted
from kg.errors import UsageError
from kg.grounds import Engine
from kg.store import index
from kg.store.folding import fold, words


@pytest.fixture(scope="module")
def base(founding: Path) -> Iterator[sqlite3.Connection]:
    with closing(index.opened(founding)) as opened:
        yield opened


def found(base: sqlite3.Connection, typed: str, kind: str = "", language: str = "", limit: int = 20) -> Found:
    return search(base, wanted(base, typed), kind, language, limit)


def ids(base: sqlite3.Connection, typed: str, **more: str) -> set[str]:
    """Return all things that are found."""
    return {names.compact(hit.thing) for hit in found(base, typed, limit=10_000, **more).hits}


# ── words, however they are written ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "forms",
    [
        ("انحصار دولت‌ها", "انحصار دولتها", "انحصار دولت ها", "إنحصارِ دولت‌ها", "انحصار  دولتــها"),
        ("بین‌المللی", "بين‌المللي", "بینالمللی"),
        ("هوش مصنوعی", "هوش مصنوعي", "هُوشِ مصنوعى"),
        ("state monopoly", "State MONOPOLIES", "state, monopoly!", "monopoly state", "the monopoly of the state"),
        ("defence diplomacy", "defense diplomacy"),
        ("non-state actors", "nonstate actors", "non‑state actor"),
        ("Frąckiewicz", "frackiewicz", "FRA\u0328CKIEWICZ"),
        ("ai surveillance", "AI surveillance"),
    ],
    ids=lambda forms: forms[0],
)
def test_whoever_writes_it_otherwise_finds_the_same(base: sqlite3.Connection, forms: tuple[str, ...]) -> None:
    assert ids(base, forms[0])
    assert [form for form in forms if ids(base, form) != ids(base, forms[0])] == []


def test_a_word_of_a_linked_one_is_found_by_itself(base: sqlite3.Connection) -> None:
    assert "phenomenon:state-monopoly" in ids(base, "دولت") and "phenomenon:state-monopoly" in ids(base, "انحصار")
    assert "actor:non-state-actors" in ids(base, "state")


def made_up(*texts: tuple[str, float, str]) -> sqlite3.Connection:
    """Return an index of texts of ours: kind, weight, text; the thing is the number."""
    base = sqlite3.connect(":memory:")
    base.deserialize(index.made(index.Text(kind, str(n), "en", *rest) for n, (kind, *rest) in enumerate(texts)))
    return base


def test_linked_joined_and_apart_meet() -> None:
    """But a text that writes it apart is not found by the joined word: any two neighbours could be one."""
    forms = ("A cyberattack is near.", "Cyber-attacks are near.", "Cyber attacks are near.")
    with closing(made_up(*(("claim", 1.0, form) for form in forms))) as base:
        assert ids(base, "cyber-attacks") == ids(base, "cyber attack") == {"0", "1", "2"}
        assert ids(base, "cyberattacks") == {"0", "1"}


def test_a_sentence_that_repeats_a_word_stands_below_the_label() -> None:
    others = [("claim", 1.0, f"Other words that stand in text {n} here.") for n in range(20)]
    with closing(made_up(("claim", 1.0, "Power, power, power and power."), *others, ("term", 3.0, "power"))) as base:
        assert [hit.kind for hit in found(base, "power").hits] == ["term", "claim"]


def test_short_forms_stand_for_what_they_mean(base: sqlite3.Connection) -> None:
    """Statements write *artificial intelligence* out, and nobody types it."""
    assert ids(base, '"artificial intelligence" sovereignty') <= ids(base, "AI sovereignty")
    assert "claim:ai-weakens-state-monopoly" in ids(base, "AI monopoly")


def test_a_beginning_with_a_star_stands_for_all_words_that_begin_so(base: sqlite3.Connection) -> None:
    """Also where the index holds a stem that is shorter than the beginning: *militaris* and *militar*."""
    assert ids(base, "sovereign") < ids(base, "sover*")
    assert ids(base, "militaris*") and ids(base, "militaris*") <= ids(base, "milit*")
    assert ids(base, "دول*") >= ids(base, "دولت")
    assert not ids(base, "nerd pow") and ids(base, "nerd pow*")


@pytest.mark.parametrize("marks", ['""', "“”", "«»"])
def test_a_phrase_keeps_its_order_and_lets_nothing_between(base: sqlite3.Connection, marks: str) -> None:
    def phrase(text: str) -> set[str]:
        return ids(base, f"{marks[0]}{text}{marks[1]}")

    assert phrase("state monopoly") < ids(base, "state monopoly")
    assert phrase("monopoly of states") and phrase("monopoly of states").isdisjoint(phrase("monopoly states"))
    assert not phrase("monopoly state power of")
    assert phrase("هوش مصنوعی") and not phrase("مصنوعی هوش")


def test_little_words_are_not_sought_unless_they_are_all(base: sqlite3.Connection) -> None:
    assert ids(base, "the monopoly of states") == ids(base, "monopoly states")
    assert ids(base, "of the", kind="claim") == ids(base, '"of"', kind="claim") & ids(base, '"the"', kind="claim")


def test_only_texts_of_a_kind_or_a_language_are_found_where_one_is_asked_for(base: sqlite3.Connection) -> None:
    for kind in index.KINDS:
        hits = found(base, "a*", kind=kind, limit=50).hits
        assert hits and {hit.kind for hit in hits} == {kind}
    assert {hit.language for hit in found(base, "ai", language="fa", limit=50).hits} <= {"fa", ""}
    assert not found(base, "هوش", language="en").total
    assert found(base, "Frackiewicz", language="fa").total, "a name is of no language"


# ── what is best, what is marked ─────────────────────────────────────────────────────────────────────


def test_a_label_that_is_the_word_stands_above_every_sentence(base: sqlite3.Connection) -> None:
    """Whoever types the name of a thing wants the thing."""
    labels = base.execute("SELECT thing, text FROM text WHERE kind = 'term' AND language = 'en' AND weight = 3")
    single = {thing: text for thing, text in labels if len(words(text)) == 1 and words(text)[0].text.isalpha()}
    assert len(single) > 50
    wrong = []
    for thing, label in single.items():
        hits = found(base, label, limit=10_000).hits
        sentence = next((n for n, hit in enumerate(hits) if hit.kind in ("claim", "definition")), len(hits))
        if thing not in [hit.thing for hit in hits[:sentence] if hit.kind == "term"]:
            wrong.append(label)
    assert wrong == []


def test_hits_are_in_the_same_order_each_time_and_each_thing_once_a_kind(base: sqlite3.Connection) -> None:
    first = found(base, "power", limit=10_000)
    assert first == found(base, "power", limit=10_000)
    pairs = [(hit.kind, hit.thing) for hit in first.hits]
    assert len(pairs) == len(set(pairs)) == first.total
    assert found(base, "power", limit=7) == Found(first.hits[:7], first.total)


@pytest.mark.parametrize(
    "typed", ["sovereignty", "non-state actors", "nonstate", "govern*", '"state monopoly"', "دولت‌ها"]
)
def test_what_is_marked_is_what_was_meant(base: sqlite3.Connection, typed: str) -> None:
    """Whole words of the text as it was written, and all of them."""
    starts = {word.text[:5] for word in words(typed.replace("nonstate", "non-state"))}
    hits = found(base, typed, limit=200).hits
    assert hits
    for hit in hits:
        marked = [hit.text[start:end] for start, end in hit.marks]
        assert marked and {fold(word)[:5] for word in marked} <= starts, hit
        whole = {(word.start, word.end) for word in words(hit.text)}
        assert set(hit.marks) <= whole and list(hit.marks) == sorted(hit.marks)


def test_a_claim_says_who_says_it_and_where(base: sqlite3.Connection, engine: Engine) -> None:
    hits = found(base, '"monopoly of states"', kind="claim").hits
    where = places(engine, hits)
    assert where.keys() == {hit.thing for hit in hits}
    for some in where.values():
        assert all(one.source and one.place and one.assertion.startswith("assertion:") for one in some)
    kept = next(one.assertion for some in where.values() for one in some)
    only = places(engine, hits, assertions={names.expand(kept)})
    assert [one.assertion for some in only.values() for one in some] == [kept]


def test_certain_claims_alone_can_be_asked_for(base: sqlite3.Connection) -> None:
    claim = names.expand("claim:ai-weakens-state-monopoly")
    some = search(base, wanted(base, "monopoly"), claims={claim})
    assert [hit.thing for hit in some.hits] == [claim] and some.total == 1


# ── nothing typed is a command ───────────────────────────────────────────────────────────────────────

SIGNS = [
    '"',
    "'",
    "*",
    "^",
    "-",
    "+",
    "(",
    ")",
    "{",
    "}",
    ":",
    ",",
    ";",
    "--",
    "\0",
    "%",
    "\\",
    "“",
    "»",
    "/*",
    "\ud800",
]
ATTACKS = [
    'monopoly" OR "a', "monopoly OR power", "monopoly AND NOT states", "NEAR(monopoly states, 1)", "words : monopoly",
    "{words joined} : monopoly", "^monopoly", "monopoly + states", "-monopoly", "monopoly*", '"monopoly" *', "*",
    "x'); DROP TABLE text; --", "monopoly\0power", '"monopoly', 'monopoly"', '""', "(((((", "' OR 1=1 --", "?1", ":a",
]  # fmt: skip


@given(
    st.lists(
        st.one_of(st.sampled_from([*SIGNS, *ATTACKS, "monopoly", "NEAR", "AND", "دولت‌ها"]), st.text()), max_size=12
    )
)
@example(ATTACKS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_words_in_quotation_marks(base: sqlite3.Connection, parts: list[str]) -> None:
    """Outside of quotation marks there is nothing but our own AND, OR and brackets; within, letters and digits."""
    try:
        sought = wanted(base, " ".join(parts))
    except UsageError as error:
        assert "word" in str(error)
        return
    outside = re.sub(
        r'"([^"]*)"', lambda m: "" if all(w.isalnum() for w in m[1].split()) else "WRONG", sought.expression
    )
    assert re.fullmatch(r"(?:AND|OR|[() ])*", outside), sought.expression
    hits = search(base, sought, limit=3)
    assert hits.total >= len(hits.hits)


@pytest.mark.parametrize("typed", ["monopoly OR power", "monopoly AND NOT states", "monopoly NEAR power"])
def test_words_of_fts5s_language_are_words(base: sqlite3.Connection, typed: str) -> None:
    """`OR` gives no more, `NOT` no less than the word does: all words must be there."""
    plain_words = [word for word in typed.split() if word not in ("OR", "AND")]
    claims = [ids(base, word, kind="claim") for word in plain_words]
    assert ids(base, typed, kind="claim") == set.intersection(*claims)


def test_no_text_of_a_person_is_in_the_sql(base: sqlite3.Connection) -> None:
    """Only constants of the modules reach the engine; what is typed is bound."""
    seen: list[str] = []
    with closing(sqlite3.connect(":memory:", factory=Listening)) as copy:
        copy.deserialize(base.serialize())
        copy.seen = seen
        typed = 'zzzz mono* AI "qqqq\'" vvvv-wwww'
        sought = wanted(copy, typed)
        search(copy, sought, "claim", "fa")
        searching.nothing(copy, sought, "claim", "fa", False)
    assert len(seen) > 5
    assert not [sql for sql in seen if re.search("zzzz|mono|qqqq|vvvv|claim|'fa'", sql)]


class Listening(sqlite3.Connection):
    """Notes every statement as it is given."""

    seen: list[str]

    def execute(self, sql: str, *more: object) -> sqlite3.Cursor:  # type: ignore[override]
        if hasattr(self, "seen"):
            self.seen.append(sql)
        return super().execute(sql, *more)  # type: ignore[arg-type]


def test_too_many_words_are_told(base: sqlite3.Connection) -> None:
    assert wanted(base, "word " * searching.MOST)
    with pytest.raises(UsageError, match="41 words found, 40 expected at most"):
        wanted(base, "word " * (searching.MOST + 1))


# ── nothing found ────────────────────────────────────────────────────────────────────────────────────


def test_near_words_are_those_of_the_index_as_they_are_written(base: sqlite3.Connection) -> None:
    assert near(base, "sovreignty")[0] == "sovereignty"
    assert "behaviour" in near(base, "behavoir")
    assert "دیپلماسی" in near(base, "دپلماسی")
    assert near(base, "q" * 100_000) == near(base, "x") == []
