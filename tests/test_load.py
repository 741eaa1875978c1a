"""Loading: whatever is wrong with a scholar's files is told at once, each fault with its place, and nothing is written.

In `faults_of_coding.py`, `faults_of_files.py` and below, `‸` marks where in a spoilt file the fault must be told; it is
taken out before the file is read.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import faults_of_coding
import faults_of_files
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import CODING, NAME, REFERENCES, SOURCE, TEXT, Small, spoil, write_small

from kg import pipeline
from kg.errors import CodingError, Faults, KgError
from kg.load.inputs import Inputs
from kg.load.references import read_references
from kg.model import CODES, KINDS
from kg.store.local import current
from kg.tree import MAX_FAULTS, parse_yaml

CASES = [*faults_of_coding.CODING, *faults_of_files.SOURCE, *faults_of_files.REFERENCES, *faults_of_files.YAML]
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()
SOURCE_YAML = SOURCE.replace("SHA256", DIGEST)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_fault_is_one_line_with_its_place_and_a_hint(
    small: Small, case: faults_of_coding.Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scholar mends a file by the line they are shown: it has to be the right one, and say what to do."""
    monkeypatch.chdir(small.folder)
    _, file, old, new, message, hint = case
    line, column = spoil(small, file, old, new)
    expected = f"{file}:{line}:{column}: error: {message}" + (f"\n  hint: {hint}" if hint else "")
    assert [str(fault) for fault in small.faults()] == [expected]


def test_a_valid_corpus_has_no_fault(small: Small) -> None:
    """Every other test here means something only because of this one."""
    assert small.faults() == []
    assert small.faults(texts=True) == []


def test_all_faults_of_all_files_are_told_at_once(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever mends one fault and runs again for the next gives up after the fifth."""
    monkeypatch.chdir(small.folder)
    spoilt = [
        ("coding.yaml", "coder: tester", "coder: ‸&a tester", "an anchor or alias found, plain YAML expected"),
        (
            "coding.yaml",
            "affected: state-monopoly\n    voice: own",
            "affected: ‸zzz\n    voice: own",
            "'zzz' is no term of the vocabulary",
        ),
        (
            "coding.yaml",
            "kind: characterisation",
            "kind: ‸character",
            f"kind 'character' is not one of {', '.join(KINDS)}",
        ),
        (
            "coding.yaml",
            "basis: reasoning\ncitations:",
            "basis: reasoning\n    ‸basis: data\ncitations:",
            "key 'basis' stands twice",
        ),
        (
            "coding.yaml",
            "text: (Roe, 2020)",
            "text: ‸\u200e(Roe, 2020)",
            "control character U+200E found, plain text expected",
        ),
        (
            "coding.yaml",
            "reason: heading",
            "reason: ‸head",
            f"reason 'head' is not one of {', '.join(CODES['reason'])}",
        ),
        (
            "references.json",
            '"id": "roe2020"',
            '"id": ‸"Roe 2020"',
            "an item with an id of lower-case ASCII words expected",
        ),
        ("source.yaml", "license: unknown", "license: unknown\n‸licence: x", "unknown key 'licence'"),
        (
            "source.yaml",
            "sha256: ",
            "sha256: ‸x",
            f"'x{DIGEST}' found, the 64 hexadecimal digits of a SHA-256 expected",
        ),
    ]
    expected = []
    for file, old, new, message in spoilt:
        line, column = spoil(small, file, old, new)
        expected.append(f"{file}:{line}:{column}: error: {message}")
    assert [str(fault).split("\n")[0] for fault in small.faults()] == expected


def test_a_reference_list_that_cannot_be_read_is_not_held_against_the_coding(small: Small) -> None:
    """One missing comma would otherwise turn every attribution of the coding into a fault."""
    spoil(small, "references.json", '"title": "Nothing New",', '"title": "Nothing New"‸')
    assert [fault.place.file.name for fault in small.faults()] == ["references.json"]


def test_a_vocabulary_that_cannot_be_read_is_not_held_against_the_coding(small: Small) -> None:
    """As above: one missing full stop must not make every term unknown."""
    (small.folder / "vocabulary.ttl").write_text("technology:x a air:Technology .\n")
    with pytest.raises(Faults) as caught:
        pipeline.load(small.inputs)
    assert [(f.place.file.name, f.place.line, f.place.column) for f in caught.value.faults] == [
        ("vocabulary.ttl", 1, 1)
    ]


def test_a_coding_that_cannot_be_read_is_not_held_against_another(
    small: Small, tmp_path: Path, vocabulary: object
) -> None:
    """A claim of another source counts as known while that source's own file is broken."""
    other = write_small(tmp_path / "other", small.texts, small.vocabulary)
    other.rename("poe2026")
    broken = small.root / "poe2026"
    (small.root.parent / "other" / "poe2026").rename(broken)
    coding = broken / "coding.yaml"
    coding.write_text(coding.read_text().replace("coder: tester", "coder: [") + "\n")
    spoil(small, "coding.yaml", "other: machines-weaken-state-monopoly", "other: ‸a-claim-of-poe")
    with pytest.raises(Faults) as caught:
        pipeline.load(Inputs((small.root,)))
    assert {fault.place.file.parent.name for fault in caught.value.faults} == {"poe2026"}


def test_two_sources_share_claims_but_not_ids(small: Small, tmp_path: Path) -> None:
    """The same claim in two sources is two assertions; written out twice it would be two claims of one name."""
    other = write_small(tmp_path / "other", small.texts, small.vocabulary)
    other.rename("poe2026")
    (tmp_path / "other" / "poe2026").rename(small.root / "poe2026")
    with pytest.raises(Faults) as caught:
        pipeline.load(Inputs((small.root,)))
    assert [f.message for f in caught.value.faults] == [
        f"claim id '{name}' stands twice"
        for name in (
            "machines-weaken-state-monopoly",
            "machines-leave-state-monopoly",
            "firms-own-the-cables",
            "ministries-train-their-people",
        )
    ]
    assert {f.place.file.parent.name for f in caught.value.faults} == {"poe2026"}


def test_nothing_is_written_when_a_fault_is_found(small: Small, tmp_path: Path) -> None:
    """A build that fails must leave no half of anything: no store, no lock, no leftover file."""
    spoil(small, "coding.yaml", "coder: tester", "coder: ‸The Tester")
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    store = tmp_path / "store"
    with pytest.raises(Faults):
        pipeline.build(small.inputs, store)
    assert current(store) is None
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_an_alias_bomb_is_refused_without_being_unfolded(small: Small) -> None:
    """Nine lines of aliases stand for a billion words; reading them must cost nine lines."""
    bomb = ["a0: &a0 [lol, lol]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 60)]
    small.path("coding.yaml").write_text("\n".join(bomb) + "\n")
    faults = [f for f in small.faults() if "anchor or alias" in f.message]
    assert len(faults) == MAX_FAULTS
    assert (faults[0].place.line, faults[0].place.column) == (1, 5)
    assert (faults[2].place.line, faults[2].place.column) == (2, 10)


def test_a_file_that_is_not_utf_8_is_told_with_its_first_bad_byte(small: Small) -> None:
    """A file saved by an old editor must not crash the build, nor be read as something it does not say."""
    for name in ("coding.yaml", "source.yaml", "references.json"):
        raw = small.path(name).read_bytes()
        at = raw.index(b"\n") + 3
        small.path(name).write_bytes(raw[:at] + b"\xe9" + raw[at:])
    told = [(f.place.file.name, f.place.line, f.place.column, f.message) for f in small.faults()]
    expected = "byte 0xe9 found, UTF-8 text expected"
    assert told == [
        ("coding.yaml", 2, 3, expected),
        ("references.json", 2, 3, expected),
        ("source.yaml", 2, 3, expected),
    ]


def test_a_text_that_is_not_utf_8_is_told_too(small: Small) -> None:
    """The reader's own copy is a file like any other."""
    small.path("doe2026.txt").write_bytes(TEXT.encode("utf-8").replace(b"Clever", b"Cl\xe9ver", 1))
    assert [str(f).rpartition("/")[2] for f in small.faults(texts=True)] == [
        "doe2026.txt:1:20: error: byte 0xe9 found, UTF-8 text expected\n  hint: save the file as UTF-8"
    ]


@pytest.mark.parametrize("name", ["coding.yaml", "source.yaml", "references.json", "anchors.lock"])
def test_a_file_that_is_not_there_is_named(small: Small, name: str) -> None:
    """The first thing a new coder forgets is a file."""
    small.path(name).unlink()
    faults = [f for f in small.faults() if f.message == "the file is not there"]
    assert [f.place.file.name for f in faults] == [name]
    assert faults[0].hint


@pytest.mark.parametrize(
    "text", ["", "[]", "x", "- a\n- b\n", "null\n", "assertions: 5\n", "assertions: [1, [2], {3: 4}]\n"]
)
@pytest.mark.parametrize("name", ["coding.yaml", "source.yaml"])
def test_a_file_of_another_shape_is_told_and_never_crashes(small: Small, name: str, text: str) -> None:
    """Whatever stands in a file, the answer is a place in that file."""
    small.path(name).write_text(text)
    faults = small.faults()
    assert faults
    assert {f.place.file.name for f in faults} == {name}
    assert all(f.place.line and f.place.column for f in faults)


@pytest.mark.parametrize(
    "text", ["", "{}", "5", '"x"', "[1]", "[[]]", "[{}]", '[{"id": 5}]', "[" * 9999, "[1e999]", "9" * 5000]
)
def test_a_reference_list_of_another_shape_is_told_and_never_crashes(small: Small, text: str) -> None:
    """As above, for JSON."""
    small.path("references.json").write_text(text)
    faults = [f for f in small.faults() if f.place.file.name == "references.json"]
    assert faults
    assert all(f.place.line for f in faults)


def test_a_corpus_without_a_source_is_refused_with_what_a_source_is(tmp_path: Path) -> None:
    """`--corpus` with the wrong directory must not silently build nothing."""
    with pytest.raises(CodingError, match="no source found") as caught:
        Inputs.of([tmp_path], founding=False)
    assert "source.yaml" in caught.value.hint
    with pytest.raises(CodingError, match="the directory is not there"):
        Inputs.of([tmp_path / "nowhere"], founding=False)


def test_a_message_is_one_line_that_does_nothing_to_a_terminal(small: Small) -> None:
    """What a hostile file says is shown, not obeyed: no line breaks, no colours, no turned text."""
    spoil(small, "coding.yaml", "kind: prescription", 'kind: ‸"a\\n\\tb"')
    (fault,) = small.faults()
    assert fault.message.startswith("kind 'a\n\tb' is not one of")
    assert "kind 'a\\n\\tb' is not one of" in str(fault)
    assert "\n" not in str(fault)
    hostile = CodingError(fault.place, "a\nb\x1b[2Jc\u202ed\u2028e\ud800", "f\x9bg")
    assert str(hostile).endswith("error: a\\nb\\x1b[2Jc\\u202ed\\u2028e\\ud800\n  hint: f\\x9bg")


def test_a_long_value_is_shown_in_part(small: Small) -> None:
    """A megabyte in the place of a stance is not printed back."""
    spoil(small, "coding.yaml", "kind: prescription", "kind: ‸" + "x" * 1_000_000)
    assert all(len(str(fault)) < 2000 for fault in small.faults())


def test_every_value_is_text_as_it_was_typed(small: Small) -> None:
    """YAML 1.1 reads NO as false, 2025-01-01 as a date and 1:30 as ninety; a scholar means what they typed."""
    spoil(
        small,
        "coding.yaml",
        "attribute: owners of the cables",
        "‸attribute: NO\n      time: 1:30\n      condition: 0x1F",
    )
    claim = next(c for c in small.load().claims if c.id == "firms-own-the-cables")
    assert (claim.get("attribute"), claim.get("time"), claim.get("condition")) == (("NO",), ("1:30",), ("0x1F",))


def test_folded_and_literal_blocks_are_read_as_text(small: Small) -> None:
    """`>` and `|` are how people write long statements by hand."""
    spoil(
        small,
        "coding.yaml",
        "says: Technology firms own the cables.",
        "‸says: >\n        Technology firms own\n        the cables.",
    )
    claim = next(c for c in small.load().claims if c.id == "firms-own-the-cables")
    assert claim.statement == "Technology firms own the cables."


def test_records_say_what_the_files_say(small: Small) -> None:
    """The way from file to record, slot by slot, on one small source."""
    source = small.load()
    assert (source.id, source.languages, source.file) == (NAME, ("en", "fa"), f"{NAME}.txt")
    assert [s.id for s in source.sections] == ["title", "introduction", "conclusion"]
    assert [(w.id, w.fabio) for w in source.works] == [("roe2020", "JournalArticle")]
    assert [(c.id, c.work, c.defect) for c in source.citations] == [
        ("roe-2020", "roe2020", None),
        ("poe-2019", None, "missing-entry"),
    ]
    first, second, third, _ = source.assertions
    assert [(p.section.id, p.paragraph) for p in first.passages] == [("introduction", 1), ("conclusion", 1)]
    assert [(a.to, a.resolved, a.scope) for a in second.attributions] == [("roe2020", True, "strict")]
    assert [(a.to, a.resolved, a.scope) for a in third.attributions] == [("poe-2019", False, "strict")]
    assert dict(source.claims[0].values) == {
        "cause": ("https://w3id.org/airkg/id/technology/artificial-intelligence",),
        "effect": ("https://w3id.org/airkg/id/relation/weakens",),
        "affected": ("https://w3id.org/airkg/id/phenomenon/state-monopoly",),
    }
    assert first.domain == ("https://w3id.org/airkg/id/domain/political",) and second.domain == ()
    assert (source.claims[0].place.line, source.claims[0].place.column) == (7, 7)


def test_a_second_listing_is_another_entry_of_the_same_work(small: Small) -> None:
    """A work listed twice, or once in translation, must not become two works in anybody's count."""
    items = json.loads(REFERENCES)
    items.append(
        {"id": "roe2020-fa", "type": "article-journal", "title": "هیچ", "language": "fa", "custom": {"work": "roe2020"}}
    )
    small.path("references.json").write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    references, faults = read_references(small.folder, NAME)
    assert not faults
    assert [(e.id, e.work, e.position) for e in references.entries] == [
        ("roe2020", "roe2020", 1),
        ("roe2020-fa", "roe2020", 2),
    ]
    assert [(w.id, w.titles) for w in references.works] == [("roe2020", (("en", "Nothing New"), ("fa", "هیچ")))]


YAMLISH = st.text(alphabet=st.sampled_from(list("ab:-?[]{},&*!|>'\"%@#\n \t\\x0\u202e\x00\x85\ufeff۱")), max_size=120)


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(YAMLISH, st.text(max_size=80)))
def test_any_text_is_yaml_or_a_fault_with_its_line(text: str) -> None:
    """No file may crash the reader or be told of at a place that it does not have."""
    text = text.encode("utf-8", "ignore").decode()
    try:
        faults = parse_yaml(text, Path("x.yaml")).faults
    except Faults as error:
        faults = list(error.faults)
    for fault in faults:
        assert 1 <= fault.place.line <= text.count("\n") + text.count("\r") + 2


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_file_loads_or_tells_its_faults(small: Small, data: st.DataObject) -> None:
    """Any slip of the hand, anywhere in any file, ends in lines with places, never in a traceback."""
    name, whole = data.draw(
        st.sampled_from([("coding.yaml", CODING), ("source.yaml", SOURCE_YAML), ("references.json", REFERENCES)])
    )
    start = data.draw(st.integers(0, len(whole)))
    end = min(len(whole), start + data.draw(st.integers(0, 30)))
    put = data.draw(
        st.one_of(st.just(""), YAMLISH, st.sampled_from(["[", "{}", "\n", "null", "~", "*a", "- ", '"', "5", "true"]))
    )
    spoilt = (whole[:start] + put + whole[end:]).encode("utf-8", "ignore")
    files = {"coding.yaml": CODING, "source.yaml": SOURCE_YAML, "references.json": REFERENCES}
    for file, text in files.items():
        small.path(file).write_text(text, encoding="utf-8")
    small.path(name).write_bytes(spoilt)
    try:
        small.load()
    except Faults as error:
        assert all(fault.place.line >= 1 for fault in error.faults)
    except KgError as error:
        pytest.fail(f"{error!r} is not told as a fault of a file")
