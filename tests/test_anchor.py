"""Anchoring: a passage is found exactly once, where it stands, whatever differs between copies of a text."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small import NAME, TEXT, Small

from kg.coding.coverage import coverage
from kg.errors import AnchorError, Faults, Place
from kg.load.inputs import Inputs
from kg.load.lock import NAME as LOCK
from kg.load.lock import Anchor, Lock, read_lock, verify
from kg.load.texts import NotFound, Span, Text, _fold, covers, uncovered
from kg.resources import resource


def passage(text: str, at: str) -> str:
    """Return the passage that `at` names."""
    span = Text(text).find(at)
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("One two three four.", "two three", "two three"),
        ("One two three four. Five six.", "two … Five", "two three four. Five"),
        ("😀 one 𝔞 two three", "two three", "two three"),
        ("one\ntwo\r\nthree\ttab four", "one two three tab", "one\ntwo\r\nthree\ttab"),
        ("cut by\x0cthe page", "cut by the page", "cut by\x0cthe page"),
        ("a *stressed word* here", "a stressed word here", "a *stressed word* here"),
        ("a **stressed** and _this_ word", "stressed and this", "stressed** and _this"),
        ("a *stressed* word", "stressed", "stressed"),
        ("the of\ufb01ce of \ufb01nance", "office of finance", "of\ufb01ce of \ufb01nance"),
        ("the cafe\u0301 closes", "café closes", "cafe\u0301 closes"),
        ("the café closes", "cafe\u0301 closes", "café closes"),
        ("co\u00adoperation of states", "cooperation of", "co\u00adoperation of"),
        ("no\u00a0break here", "no break here", "no\u00a0break here"),
        ("انحصار دولت‌ها را", "انحصار دولتها را", "انحصار دولت‌ها را"),
        ("انحصار دولتها را", "انحصار دولت‌ها را", "انحصار دولتها را"),
        ("قدرت سياسي كشور", "قدرت سیاسی کشور", "قدرت سياسي كشور"),
        ("در سال ۱۴۰۳ و ١٤٠٤", "سال 1403 و 1404", "سال ۱۴۰۳ و ١٤٠٤"),
        ("نامۀ او", "نامه او", "نامۀ او"),
        ("he waits… and goes", "waits... and", "waits… and"),
        ("¿word? (Roe, 2020)", "(Roe, 2020)", "(Roe, 2020)"),
    ],
)
def test_a_passage_is_found_whatever_differs_between_copies(text: str, at: str, expected: str) -> None:
    """Page breaks, emphasis, ligatures and lost ZWNJ belong to the copy, not to what the author wrote."""
    assert passage(text, at) == expected


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("one two three", "two four", "'two four' stands nowhere in the text; 'two' does, followed by something other"),
        ("one two three", "One two", "'One two' stands nowhere"),
        ("another day", "other day", "'other day' stands nowhere"),
        ("one days after", "one day", "'one day' stands nowhere"),
        ("one two, one two", "one two", "'one two' stands 2 times (lines 1, 1); take more words or others"),
        ("a b\na b\na c", "a b … c", "'a b' stands 2 times (lines 1, 2)"),
        ("so so so", "so so", "'so so' stands 2 times"),
        ("one two three", "two … one", "'one' does not stand after 'two'"),
        ("one two three", "one … on", "'on' does not stand after 'one'"),
        ("one two three", "one two ... three", "write … between first and last words, not three dots"),
        ("one two three", "… three", "words before and after the … expected"),
        ("one two three", "one …", "words before and after the … expected"),
        ("one two three", "", "words before and after the … expected"),
        ("one two three", "*", "'*' stands nowhere"),
        ("a b c d e f g h i", "a b c d e f g h i", "9 words found at one end, at most 8 expected"),
        ("a b c d e f g h i", "a b c d e f g … i", "7 words found at one end, at most 6 expected"),
        ("it ends… here", "ends.", "'ends.' stands nowhere"),
        ("half ½ of it", "half 1", "'half 1' stands nowhere"),
        ("کتابِ او", "کتاب", "'کتاب' stands nowhere"),
    ],
)
def test_a_passage_that_is_not_there_exactly_once_is_refused_with_the_reason(text: str, at: str, message: str) -> None:
    """A wrong passage is worse than none: nothing is guessed, and the coder learns where to look."""
    with pytest.raises(NotFound) as caught:
        Text(text).find(at)
    assert message in str(caught.value)


WORDS = st.sampled_from(
    "power state the of AI firms *may* دولتها سیاسي قدرت‌ها cafe\u0301 of\ufb01ce 2025 ۱۴۰۳ (Roe, … n't".split()
)
GAPS = st.sampled_from([" ", "  ", "\n", "\x0c", "\t", "\u00a0", " \n "])


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_whatever_is_found_is_what_was_asked_for(data: st.DataObject) -> None:
    """For any text and any part of it: a span that folds to the words asked for, or a reason."""
    words = data.draw(st.lists(WORDS, min_size=1, max_size=30))
    text = "".join(word + data.draw(GAPS) for word in words)
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    head = " ".join(words[start : min(end, start + data.draw(st.integers(1, 6)))])
    tail = " ".join(words[max(start, end - data.draw(st.integers(1, 6))) : end])
    at = data.draw(st.sampled_from([head, f"{head} … {tail}"]))
    try:
        span = Text(text).find(at)
    except NotFound as error:
        assert str(error)
        return
    found = _fold(text[span.start : span.end])[0]
    first, _, last = at.partition("…")
    assert found.startswith(_fold(first)[0])
    assert found.endswith(_fold(last)[0])
    if first == at:
        assert found == _fold(at)[0]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_part_of_a_text_of_different_words_is_always_found_in_its_place(data: st.DataObject) -> None:
    """Where no words stand twice there is nothing to refuse: the offsets are those of the file as it stands."""
    count = data.draw(st.integers(1, 25))
    words = [f"w{i}" + data.draw(st.sampled_from(["", "s", "‌ها", "\u0301", "\ufb01", "😀"])) for i in range(count)]
    text, places = "", []
    for word in words:
        text += data.draw(GAPS)
        places.append((len(text), len(text) + len(word)))
        text += word
    start = data.draw(st.integers(0, count - 1))
    end = data.draw(st.integers(start, count - 1))
    at = words[start] if start == end else f"{words[start]} … {words[end]}"
    assert Text(text).find(at) == Span(places[start][0], places[end][1])


@given(text=st.text(max_size=200))
def test_folding_keeps_the_way_back_to_every_character(text: str) -> None:
    """An offset that is off by one cites half a word."""
    folded, starts, ends = _fold(text)
    assert len(starts) == len(ends) >= len(folded)
    assert starts == sorted(starts)
    assert all(0 <= a < b <= len(text) for a, b in zip(starts, ends, strict=True))


def test_the_lock_says_where_each_passage_stands(small: Small) -> None:
    """`text[start:end]` is the passage, in code points, also after a page break and in Persian."""
    lock = read_lock(small.folder)
    found = {at: TEXT[a.start : a.end] for at, a in lock.passages.items()}
    assert found == {
        "Clever machines loosen … on world affairs.": (
            "Clever machines loosen the grip that governments once had on world affairs."
        ),
        "nothing of the sort has happened": "nothing of the sort has happened",
        "happened (Roe, 2020)": "happened (Roe, 2020)",
        "(Poe, 2019)": "(Poe, 2019)",
        "the cables (Poe, 2019) … private firms own.": "the cables (Poe, 2019), which *private firms* own.",
        "Every ministry should … train its": "Every ministry should therefore train its",
        "people in data … crisis comes.": "people in data work before the next crisis comes.",
        "INTRODUCTION": "INTRODUCTION",
        "CONCLUSION": "CONCLUSION",
        "ماشین هوشمند … سست میکند.": "ماشین هوشمند انحصار دولتها را سست میکند.",
    }
    assert {name: TEXT[start : start + 12] for name, start in lock.sections.items()} == {
        "title": "Small Powers",
        "introduction": "INTRODUCTION",
        "conclusion": "CONCLUSION\n\n",
    }
    assert [lock.passages[at].paragraph for at in ("(Poe, 2019)", "people in data … crisis comes.")] == [3, 5]


def test_anchoring_twice_writes_the_same_bytes(small: Small) -> None:
    """The lock is committed: it may change only when the text or the coding does."""
    before = small.path(LOCK).read_bytes()
    assert small.anchor() == {NAME: 10}
    assert small.path(LOCK).read_bytes() == before
    assert not list(small.folder.glob("*.tmp"))


def test_a_passage_that_is_nowhere_or_twice_is_told_with_its_place(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them at once, in the coding file where they are mended, and no lock is written."""
    monkeypatch.chdir(small.folder)
    small.edit("coding.yaml", '"nothing of the sort has happened"', '"something of the sort"')
    small.edit("coding.yaml", '"INTRODUCTION"', '"(Roe, 2020)", "the"')
    small.edit("source.yaml", '"CONCLUSION"', '"ENDING"')
    before = small.path(LOCK).read_bytes()
    with pytest.raises(Faults) as caught:
        small.anchor()
    assert str(caught.value).split("\n") == [
        "coding.yaml:21:9: error: passage: 'something of the sort' stands nowhere in the text",
        "coding.yaml:78:25: error: passage: 'the' stands 4 times (lines 5, 6, 7, 10); take more words or others",
        "source.yaml:24:9: error: section 'conclusion': 'ENDING' stands nowhere in the text",
    ]
    assert small.path(LOCK).read_bytes() == before


def test_with_the_text_at_hand_a_build_says_why_a_passage_is_not_anchored(small: Small) -> None:
    """`run kg anchor` is no help where `kg anchor` would fail too."""
    small.edit("coding.yaml", '"nothing of the sort has happened"', '"something of the sort"')
    (fault,) = small.faults(texts=True)
    assert fault.message == "passage: 'something of the sort' stands nowhere in the text"
    small.edit("coding.yaml", '"something of the sort"', '"of the sort"')
    (fault,) = small.faults(texts=True)
    assert fault.message == "passage 'of the sort' is not in anchors.lock"


def test_a_broken_lock_can_be_written_anew(small: Small) -> None:
    """The hint of a broken lock is `kg anchor`, which therefore must not read it first."""
    for broken in ("", "{", "[]", '{"text": 5}', small.path(LOCK).read_text().replace('"start": ', '"start": 9999')):
        small.path(LOCK).write_text(broken)
        (fault,) = small.faults()
        assert (fault.place.file.name, fault.message.partition(":")[0]) == (LOCK, "not a lock file")
        assert "kg anchor" in fault.hint
    small.path(LOCK).unlink()
    (fault,) = small.faults()
    assert (fault.place.file.name, fault.message) == (LOCK, "the file is not there")
    small.anchor()
    assert small.faults(texts=True) == []


def test_a_text_of_another_copy_is_not_anchored(small: Small) -> None:
    """Offsets hold for one copy; another printing of the same article needs its own hash, knowingly set."""
    small.edit(f"{NAME}.txt", "Every ministry", "Each ministry")
    with pytest.raises(Faults) as caught:
        small.anchor()
    (fault,) = caught.value.faults
    assert (fault.place.file.name, fault.place.line, fault.place.column) == ("source.yaml", 13, 11)
    assert re.fullmatch(rf"sha256 \w{{12}}… found, \w{{12}}… of {NAME}.txt expected", fault.message)


def test_a_changed_text_is_noticed(small: Small) -> None:
    """A citation must not silently point at other words than those that were coded."""
    small.edit(f"{NAME}.txt", "Every ministry", "Each ministry")
    (fault,) = small.faults(texts=True)
    assert isinstance(fault, AnchorError)
    assert (fault.place.file.name, fault.hint.split(",")[0]) == (LOCK, "use the copy named in source.yaml")
    assert "the text differs from the one that was anchored" in fault.message
    assert small.faults() == [], "without the texts the lock stands for them"


def test_a_source_with_another_hash_than_its_lock_is_noticed_without_the_text(small: Small) -> None:
    """The two files are held to each other even where nobody has the text."""
    digest = read_lock(small.folder).sha256
    line, column = small.edit("source.yaml", digest, "0" * 64)
    (fault,) = small.faults()
    assert (fault.place.line, fault.place.column) == (line, column)
    assert fault.message == f"sha256 000000000000… found, {digest[:12]}… of anchors.lock expected"


START = TEXT.index("nothing of the sort")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            f'happened", "start": {START}',
            f'happened", "start": {START + 1}',
            "'nothing of the sort has happened' is not",
        ),
        ('"introduction": 34', '"introduction": 36', "section 'introduction' does not begin where the lock says"),
        ('"at": "INTRODUCTION"', '"at": "Every ministry"', "passage 'Every ministry' is not where the lock says"),
    ],
)
def test_a_lock_that_does_not_fit_its_text_is_noticed(small: Small, old: str, new: str, message: str) -> None:
    """A lock edited by hand, or merged badly, is found out as soon as somebody has the text."""
    if "Every" in new:
        small.edit("coding.yaml", '"INTRODUCTION"', '"Every ministry"')
    small.edit(LOCK, old, new)
    (fault,) = small.faults(texts=True)
    assert fault.place.file.name == LOCK
    assert message in fault.message


@given(
    passages=st.dictionaries(
        st.text(min_size=1, max_size=20),
        st.builds(Anchor, st.integers(0, 99), st.integers(100, 200), st.integers(1, 9), st.just("0" * 64)),
        max_size=5,
    )
)
def test_a_lock_that_is_written_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, passages: dict[str, Anchor]
) -> None:
    """Whatever an `at` holds, quotation marks and Persian too."""
    assume(all(not 0xD800 <= ord(c) < 0xE000 for at in passages for c in at))
    folder = tmp_path_factory.mktemp("lock")
    lock = Lock("x.txt", "0" * 64, {"a": 0}, passages)
    (folder / LOCK).write_text(lock.dump(), encoding="utf-8")
    assert read_lock(folder) == lock
    assert read_lock(folder).dump() == lock.dump()


@settings(max_examples=150, deadline=None)
@given(
    text=st.lists(
        st.sampled_from([*"abc .!?\n\t()", "Dr. ", "e.g. ", "Hello world. ", "سلام. ", "؟ ", "۱.۲ ", "\x0c", "\u2028"]),
        max_size=40,
    )
)
def test_sentences_leave_no_word_out(text: list[str]) -> None:
    """A sentence that the splitter loses is one whose missing citation nobody would notice."""
    whole = Text("".join(text))
    sentences = whole.sentences([(0, "en")])
    assert sentences == sorted(sentences, key=lambda s: s.start)
    assert all(a.end <= b.start for a, b in pairwise(sentences))
    rest = [c for i, c in enumerate(whole.text) if not any(s.start <= i < s.end for s in sentences)]
    assert not "".join(rest).strip()
    assert all(whole.text[s.start : s.end].strip() for s in sentences)


def test_a_passage_covers_a_sentence_of_which_it_has_half() -> None:
    """A word of a sentence is no citation of it; a sentence within a passage is covered."""
    sentence = Span(100, 200)
    for passage, told in (
        *((Span(100, 150), True), (Span(0, 150), True), (Span(0, 149), False), (Span(195, 400), False)),
        *((Span(0, 400), True), (Span(120, 130), True), (Span(200, 300), False)),
    ):
        assert covers(passage, sentence) is told, passage


def test_each_section_is_split_in_its_own_language() -> None:
    """An abbreviation of one language ends a sentence in another."""
    words = "He met J. Doe vs. No. 5. He left.\n"
    en, de = (len(Text(words).sentences([(0, language)])) for language in ("en", "de"))
    assert en != de
    whole = Text(words * 3)
    assert len(whole.sentences([(0, "en"), (len(words), "de")])) == en + 2 * de
    assert len(whole.sentences([(0, "de"), (len(words), "en"), (2 * len(words), "de")])) == en + 2 * de


SPANS = st.lists(st.builds(lambda a, n: Span(a, a + n), st.integers(0, 60), st.integers(1, 20)), max_size=12)


@given(sentences=SPANS, passages=SPANS)
def test_the_quick_search_for_uncited_sentences_finds_what_the_plain_one_does(
    sentences: list[Span], passages: list[Span]
) -> None:
    """`uncovered` looks only at passages near a sentence; it must not overlook a long one."""
    plain = [s for s in sentences if not any(covers(p, s) for p in passages)]
    assert uncovered(sentences, passages) == plain


def test_coverage_names_the_sentences_that_nothing_cites(small: Small) -> None:
    """What was not coded is said, with its line, so that silence is never taken for absence."""
    (found,) = coverage(small.inputs, small.texts)
    assert (found.sentences, found.left_out, found.cited) == (9, 2, 6)
    assert found.open == ((1, 0, "Small Powers and Clever Machines"),)
    assert round(found.share, 3) == round(6 / 7, 3)


def test_every_sentence_of_the_founding_sources_is_cited_or_left_out(texts: Path) -> None:
    """The three texts are coded completely, and stay so when a passage is moved."""
    assert {found.source: found.open for found in coverage(Inputs.of(), texts)} == {
        "baig": (),
        "hanggarini2025": (),
        "koohkan2026": (),
    }


def test_every_lock_of_the_founding_corpus_fits_its_text(texts: Path) -> None:
    """The founding corpus is cited from locks that nobody edits by hand."""
    checked = 0
    for folder in sorted(p.parent for p in resource("corpus").glob("*/anchors.lock")):
        lock = read_lock(folder)
        if not (texts / lock.file).is_file():
            continue
        text = Text.read(texts / lock.file)
        assert list(verify(lock, text, Place(folder / LOCK))) == []
        assert all(json.dumps(at) and text.find(at).start == a.start for at, a in lock.passages.items())
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize(
    ("text", "word", "number"),
    [
        ("INTRODUCTION\n\nOne says it.\n\nTwo says it.\n", "Two", 2),
        ("INTRODUCTION\n\nOne says it.\n\nTwo says it.\n", "INTRO", 1),
        ("One says it.\n\nTwo says it.\n", "One", 1),
        ("One says it.\n\nTwo says it.\n", "Two", 2),
        ("چکیده\n\nیکی می‌گوید.\n\nدومی می‌گوید.\n", "دومی", 2),
        ("گفت چرا؟\nدومی گفت.\n", "دومی", 2),
    ],
)
def test_a_heading_is_no_paragraph_and_a_section_may_begin_without_one(text: str, word: str, number: int) -> None:
    """A reader who counts paragraphs must come to the one that is cited."""
    assert Text(text).paragraph(0, text.index(word)) == number
