"""Loading: whatever is wrong with a scholar's files is told at once, each fault with its place, and nothing is written.

In the tables below `‸` marks where in a spoilt file the fault must be told; it is taken out before the file is read.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import CODING, NAME, REFERENCES, SOURCE, TEXT, Small, write_small

from kg import pipeline
from kg.errors import CodingError, Faults, KgError
from kg.loaders.references import read_references
from kg.loaders.vocabulary import read_turtle
from kg.model import CODES, KINDS
from kg.store import current
from kg.tree import MAX_FAULTS, parse_yaml

MARK = "‸"

Case = tuple[str, str, str, str, str, str]
"""Name, file, what stands there, what stands there instead (`‸` before the fault), message, hint."""

FORM: list[Case] = [
    (
        "an unknown key of an assertion",
        "coding.yaml",
        "    basis: reasoning\n  - id: nothing-happened",
        "    basis: reasoning\n    ‸notes: x\n  - id: nothing-happened",
        "unknown key 'notes'",
        "did you mean 'note'?",
    ),
    (
        "an unknown key of a claim, whose kind is also the name of a slot",
        "coding.yaml",
        "      affected: state-monopoly\n      domain",
        "      affected: state-monopoly\n      ‸afected: sovereignty\n      domain",
        "unknown key 'afected'",
        "did you mean 'affected'?",
    ),
    (
        "a slot of another kind of claim",
        "coding.yaml",
        "      attribute: owners of the cables\n",
        "      attribute: owners of the cables\n      ‸wholly-other: state-monopoly\n",
        "unknown key 'wholly-other'",
        "known keys: id, kind, says, says-fa, subject, attribute, relates-to, domain, level, condition, time",
    ),
    (
        "an unknown key of the file",
        "coding.yaml",
        "relations:\n",
        "‸relation: []\nrelations:\n",
        "unknown key 'relation'",
        "did you mean 'relations'?",
    ),
    (
        "an unknown key of source.yaml",
        "source.yaml",
        "license: unknown",
        "‸licence: x\nlicense: unknown",
        "unknown key 'licence'",
        "did you mean 'license'?",
    ),
    (
        "an unknown key of a section",
        "source.yaml",
        "    language: fa\n",
        "    language: fa\n    ‸languages: fa\n",
        "unknown key 'languages'",
        "did you mean 'language'?",
    ),
    (
        "an unknown term",
        "coding.yaml",
        "      subject: technology-firms",
        "      subject: ‸tecnology-firms",
        "'tecnology-firms' is no term of the vocabulary",
        "did you mean 'technology-firms'?",
    ),
    (
        "an unknown term in a list",
        "coding.yaml",
        "domain: [political]",
        "domain: [political, ‸politics-of-cheese]",
        "'politics-of-cheese' is no term of the vocabulary",
        "add it in ontology/vocabulary/",
    ),
    (
        "a term of another class",
        "coding.yaml",
        "      effect: leaves-unchanged",
        "      effect: ‸state-monopoly",
        "'state-monopoly' is a Phenomenon, Effect expected",
        "",
    ),
    (
        "a missing slot",
        "coding.yaml",
        "    claim:\n      id: machines-leave-state-monopoly\n      kind: effect\n"
        "      says: Artificial intelligence leaves the monopoly of states as it was.\n"
        "      cause: artificial-intelligence\n",
        "    claim:\n      ‸id: machines-leave-state-monopoly\n      kind: effect\n"
        "      says: Artificial intelligence leaves the monopoly of states as it was.\n",
        "key 'cause' is missing, which a claim of kind effect must have",
        "",
    ),
    (
        "a missing key of an assertion",
        "coding.yaml",
        "  - id: firms-own-cables\n    at: \"the cables (Poe, 2019) … private firms own.\"\n",
        "  - ‸id: firms-own-cables\n",
        "key 'at' is missing in 'firms-own-cables'",
        "",
    ),
    (
        "a slot without a value",
        "coding.yaml",
        "      attribute: owners of the cables\n",
        "      attribute:‸\n",
        "nothing found, some text expected for 'attribute'",
        "",
    ),
    (
        "a slot of white space",
        "coding.yaml",
        "      attribute: owners of the cables\n",
        "      attribute: ‸'  '\n",
        "   found, some text expected for 'attribute'",
        "",
    ),
    (
        "an unknown kind of claim",
        "coding.yaml",
        "kind: prescription",
        "kind: ‸prescripton",
        f"kind 'prescripton' is not one of {', '.join(KINDS)}",
        "did you mean 'prescription'?",
    ),
    (
        "a claim without a kind",
        "coding.yaml",
        "      id: firms-own-the-cables\n      kind: characterisation\n",
        "      ‸id: firms-own-the-cables\n",
        f"nothing found, one of {', '.join(KINDS)} expected for 'kind'",
        "",
    ),
    (
        "a stance outside the list",
        "coding.yaml",
        "    attributed-to: [roe2020]\n    stance: reports",
        "    attributed-to: [roe2020]\n    stance: ‸report",
        "stance 'report' is not one of endorses, reports, contests",
        "did you mean 'reports'?",
    ),
    (
        "a list where one value is due",
        "coding.yaml",
        "    attributed-to: [roe2020]\n    stance: reports",
        "    attributed-to: [roe2020]\n    stance: ‸[reports]",
        "a list found, one of endorses, reports, contests expected for 'stance'",
        "",
    ),
    (
        "a code outside its list",
        "coding.yaml",
        "force: should",
        "force: ‸shall",
        "force 'shall' is not one of must, should, may",
        "",
    ),
    (
        "a work that is not in the references",
        "coding.yaml",
        "attributed-to: [roe2020]",
        "attributed-to: [‸roe2021]",
        "work 'roe2021' is not in the references",
        "did you mean 'roe2020'?",
    ),
    (
        "a citation of a work that is not in the references",
        "coding.yaml",
        "    work: roe2020",
        "    work: ‸roe-2020",
        "work 'roe-2020' is not in the references",
        "did you mean 'roe2020'?",
    ),
    (
        "a relation to a claim that is nowhere",
        "coding.yaml",
        "    other: machines-weaken-state-monopoly",
        "    other: ‸machine-weaken-state-monopoly",
        "claim 'machine-weaken-state-monopoly' is nowhere in the corpus",
        "did you mean 'machines-weaken-state-monopoly'?",
    ),
    (
        "a relation of an unknown sort",
        "coding.yaml",
        "relation: supports",
        "relation: ‸support",
        "relation 'support' is not one of supports, in tension with, refines, repeats",
        "did you mean 'supports'?",
    ),
    (
        "an id that is no slug",
        "coding.yaml",
        "  - id: ministries-train\n",
        "  - id: ‸Ministries train\n",
        "'Ministries train' found, a name of lower-case ASCII words joined by hyphens expected",
        "",
    ),
    (
        "an assertion's id that stands twice",
        "coding.yaml",
        "  - id: ministries-train\n",
        "  - id: ‸grip-loosens\n",
        "id 'grip-loosens' stands twice",
        "it is first on line 4",
    ),
    (
        "a citation's id that stands twice",
        "coding.yaml",
        "  - id: poe-2019\n",
        "  - id: poe-2019\n    at: \"(Poe, 2019)\"\n    text: (Poe, 2019)\n    defect: missing-entry\n  - id: ‸poe-2019\n",
        "id 'poe-2019' stands twice",
        "it is first on line 69",
    ),
    (
        "a claim's id that stands twice",
        "coding.yaml",
        "      id: firms-own-the-cables\n",
        "      id: ‸machines-weaken-state-monopoly\n",
        "claim id 'machines-weaken-state-monopoly' stands twice",
        "it is first at coding.yaml:7:11",
    ),
    (
        "a section's id that stands twice",
        "source.yaml",
        "  - id: conclusion\n",
        "  - id: ‸introduction\n",
        "id 'introduction' stands twice",
        "it is first on line 19",
    ),
    (
        "a day that the calendar lacks",
        "coding.yaml",
        "date: 2026-11-21",
        "date: ‸2026-02-30",
        "'2026-02-30' found, a day expected (2025-11-06)",
        "",
    ),
    (
        "a year where a day is due",
        "coding.yaml",
        "date: 2026-11-21",
        "date: ‸2026",
        "'2026' found, a day expected (2025-11-06)",
        "",
    ),
    (
        "a day in Persian digits, which no reader of dates knows",
        "coding.yaml",
        "date: 2026-11-21",
        "date: ‸۲۰۲۶-۱۱-۲۱",
        "'۲۰۲۶-۱۱-۲۱' found, a day expected (2025-11-06)",
        "",
    ),
    (
        "a broken date of issue",
        "source.yaml",
        '  issued: "2026-02"',
        '  issued: ‸"2026-13"',
        "'2026-13' found, a date expected (2025, 2025-11 or 2025-11-06)",
        "",
    ),
    (
        "an author who is no name",
        "source.yaml",
        "[{family: Doe, given: Jane}]",
        "‸Jane Doe",
        "'Jane Doe' found, a list of names with family and given, or literal, expected",
        "",
    ),
    (
        "an unknown type of publication",
        "source.yaml",
        "type: article-journal",
        "type: ‸article-jurnal",
        "type 'article-jurnal' is not one of article, article-journal, article-magazine, article-newspaper, book, chapter, "
        "document, entry-dictionary, entry-encyclopedia, paper-conference, report, thesis, webpage, post-weblog",
        "did you mean 'article-journal'?",
    ),
    (
        "a language that is no tag, which no literal could carry",
        "source.yaml",
        "languages: [en, fa]",
        "languages: [en, ‸Persian language]",
        "'Persian language' found, a language tag such as en or fa expected",
        "",
    ),
    (
        "an address that a link must not open",
        "source.yaml",
        "https://example.org/doe2026",
        "‸javascript:alert(1)",
        "'javascript:alert(1)' found, an address that begins with https:// expected",
        "",
    ),
    (
        "a text outside the reader's folder",
        "source.yaml",
        "file: doe2026.txt",
        "file: ‸../secret.txt",
        "'../secret.txt' found, the bare name of a .txt or .md file expected",
        "it is looked up below --texts",
    ),
    (
        "a source whose id is not its folder's name",
        "source.yaml",
        "id: doe2026\n",
        "id: ‸doe2025\n",
        "id 'doe2025' found, the folder's name 'doe2026' expected",
        "",
    ),
    (
        "an attributed voice that credits nobody",
        "coding.yaml",
        "    voice: attributed\n    attributed-to: [roe2020]\n",
        "    voice: ‸attributed\n",
        "voice 'attributed' found without anybody it is attributed to",
        "name attributed-to, inherited-from or held-by; or the voice is own",
    ),
    (
        "the source's own voice with somebody credited",
        "coding.yaml",
        "    voice: attributed\n    attributed-to: [roe2020]\n",
        "    voice: ‸own\n    attributed-to: [roe2020]\n",
        "voice 'own' found together with an attribution",
        "the voice is attributed",
    ),
    (
        "a work credited twice over",
        "coding.yaml",
        "    attributed-to: [roe2020]\n",
        "    attributed-to: [roe2020]\n    inherited-from: ‸[roe2020]\n",
        "'roe2020' stands in attributed-to and in inherited-from",
        "a citation stands at the sentence or is inherited, not both",
    ),
    (
        "a citation that is both resolved and not",
        "coding.yaml",
        "  - id: poe-2019\n    at: \"(Poe, 2019)\"\n",
        "  - ‸id: poe-2019\n    work: roe2020\n    at: \"(Poe, 2019)\"\n",
        "either 'work' (resolved) or 'defect' (unresolved) expected",
        "",
    ),
    (
        "a passage that was not anchored",
        "coding.yaml",
        '"nothing of the sort has happened"',
        '‸"of the sort has happened"',
        "passage 'of the sort has happened' is not in anchors.lock",
        "run `kg anchor`, which finds each passage in the text",
    ),
    (
        "a section that was not anchored",
        "source.yaml",
        "  - id: conclusion\n",
        "  - id: ‸ending\n",
        "section 'ending' is not in anchors.lock",
        "write the lock anew with `kg anchor`",
    ),
]

YAML: list[Case] = [
    (
        "a key that stands twice",
        "coding.yaml",
        "    stance: endorses\n    hedge: categorical\n    mode: norm",
        "    stance: endorses\n    ‸stance: endorses\n    hedge: categorical\n    mode: norm",
        "key 'stance' stands twice",
        "it is first on line 58",
    ),
    (
        "an anchor",
        "coding.yaml",
        "coder: tester",
        "coder: ‸&a tester",
        "an anchor or alias found, plain YAML expected",
        "write the value out",
    ),
    (
        "a merge key",
        "coding.yaml",
        "    attributed-to: poe-2019\n",
        "    attributed-to: poe-2019\n    ‸<<: {note: x}\n",
        "a merge key found, plain YAML expected",
        "write the keys out",
    ),
    (
        "a tag that would call code",
        "coding.yaml",
        "coder: tester",
        "coder: ‸!!python/name:os.system tester",
        "a tag found (tag:yaml.org,2002:python/name:os.system), plain YAML expected",
        "remove the tag",
    ),
    (
        "deep nesting",
        "coding.yaml",
        "    because: Who",
        "    note: " + "[" * 47 + "‸" + "[" * 500 + "\n    because: Who",
        "nested deeper than 50 levels",
        "",
    ),
    (
        "a second document",
        "coding.yaml",
        "citations:\n",
        "‸---\ncitations:\n",
        "a second document found, one expected",
        "",
    ),
    (
        "a tab for indentation",
        "coding.yaml",
        "    basis: reasoning\n  - id: nothing-happened",
        "    basis: reasoning\n‸\tnote: x\n  - id: nothing-happened",
        "not YAML: found character '\\t' that cannot start any token",
        "while scanning for the next token, from line 21",
    ),
    (
        "a quotation mark that is not closed",
        "source.yaml",
        '    at: "CONCLUSION"\n',
        '    at: "CONCLUSION\n‸',
        "not YAML: found unexpected end of stream",
        "while scanning a quoted scalar, from line 25",
    ),
    (
        "a control character",
        "coding.yaml",
        "owners of the cables",
        "owners ‸\x1b[31mof the cables",
        "control character U+001B found, plain text expected",
        "remove it",
    ),
    (
        "a character that turns the line around",
        "coding.yaml",
        "owners of the cables",
        "owners of ‸\u202ethe cables",
        "control character U+202E found, plain text expected",
        "remove it",
    ),
    (
        "a turned line in a comment",
        "source.yaml",
        "license: unknown",
        "license: unknown # ‸\u2067",
        "control character U+2067 found, plain text expected",
        "remove it",
    ),
    (
        "a control character written as an escape",
        "coding.yaml",
        "owners of the cables",
        '‸"owners of \\u202ethe cables"',
        "control character U+202E found, plain text expected",
        "remove the escape",
    ),
]

REFERENCE: list[Case] = [
    (
        "broken JSON",
        "references.json",
        '"title": "Nothing New",',
        '"title": "Nothing New"‸\n',
        "not JSON: Expecting ',' delimiter",
        "",
    ),
    (
        "an id that stands twice",
        "references.json",
        "  }\n]",
        '  },\n  {"id": ‸"roe2020", "type": "book"}\n]',
        "id 'roe2020' stands twice",
        "a second listing has its own id and custom.work",
    ),
    (
        "a second listing of nothing",
        "references.json",
        '"id": "roe2020",',
        '"id": ‸"roe2020", "custom": {"work": "roe2021"},',
        "custom.work 'roe2021' found, the id of a first listing expected",
        "did you mean 'roe2020'?",
    ),
    (
        "a broken date of issue",
        "references.json",
        '"id": "roe2020",\n    "type": "article-journal",\n    "title": "Nothing New",\n'
        '    "author": [{"family": "Roe", "given": "R."}],\n    "issued": {"date-parts": [[2020]]}',
        '"id": ‸"roe2020",\n    "type": "article-journal", "issued": {"date-parts": [[2020, 2, 30]]}',
        '{"date-parts": [[2020, 2, 30]]} found, a date expected (2025, 2025-11 or 2025-11-06)',
        "",
    ),
    (
        "an author who is no name",
        "references.json",
        '"id": "roe2020",\n    "type": "article-journal",\n    "title": "Nothing New",\n'
        '    "author": [{"family": "Roe", "given": "R."}]',
        '"id": ‸"roe2020",\n    "type": "article-journal",\n    "author": "Roe, R."',
        "'Roe, R.' found, a list of names with family and given, or literal, expected",
        "",
    ),
    (
        "half of a surrogate pair, which no store can hold",
        "references.json",
        '"id": "roe2020",\n    "type": "article-journal",\n    "title": "Nothing New"',
        '"id": ‸"roe2020",\n    "type": "article-journal",\n    "title": "Nothing \\ud800"',
        "control character U+D800 found, plain text expected",
        "remove the escape",
    ),
]


def spoil(small: Small, file: str, old: str, new: str) -> tuple[int, int]:
    """Put `new` in the place of `old`; return line and column, from 1, of the mark in it."""
    path = small.path(file)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    text = text.replace(old, new)
    assert text.count(MARK) == 1
    lines = text[: text.index(MARK)].split("\n")
    path.write_text(text.replace(MARK, ""), encoding="utf-8")
    return len(lines), len(lines[-1]) + 1


@pytest.mark.parametrize("case", [*FORM, *YAML, *REFERENCE], ids=lambda case: f"{case[1]}: {case[0]}")
def test_a_fault_is_one_line_with_its_place_and_a_hint(
    small: Small, case: Case, monkeypatch: pytest.MonkeyPatch
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
    spoiled = [
        ("coding.yaml", "coder: tester", "coder: ‸&a tester"),
        ("coding.yaml", "affected: state-monopoly\n      domain", "affected: ‸state-monopolies\n      domain"),
        ("coding.yaml", "attributed-to: [roe2020]", "attributed-to: [‸roe]"),
        ("coding.yaml", "kind: characterisation", "kind: ‸character"),
        ("coding.yaml", "basis: reasoning\ncitations:", "basis: reasoning\n    ‸basis: data\ncitations:"),
        ("coding.yaml", "text: (Roe, 2020)", "text: ‸\u200e(Roe, 2020)"),
        ("coding.yaml", "reason: heading", "reason: ‸headline"),
        ("references.json", '"id": "roe2020"', '"id": ‸"Roe 2020"'),
        ("source.yaml", "license: unknown", "‸licence: unknown"),
        ("source.yaml", 'issued: "2026-02"', 'issued: ‸"2026-00"'),
    ]
    for file, old, new in spoiled:
        spoil(small, file, old, new.replace(MARK, "") + MARK if file == "" else new)
    told = [str(fault).split("\n")[0] for fault in small.faults()]
    assert told == [
        "coding.yaml:1:8: error: an anchor or alias found, plain YAML expected",
        "coding.yaml:13:17: error: 'state-monopolies' is no term of the vocabulary",
        f"coding.yaml:40:13: error: kind 'character' is not one of {', '.join(KINDS)}",
        "coding.yaml:63:5: error: key 'basis' stands twice",
        "coding.yaml:67:11: error: control character U+200E found, plain text expected",
        f"coding.yaml:80:13: error: reason 'headline' is not one of {', '.join(CODES['reason'])}",
        "references.json:3:11: error: an item with an id of lower-case ASCII words expected",
        "source.yaml:1:1: error: key 'license' is missing in 'doe2026'",
        "source.yaml:9:1: error: unknown key 'licence'",
    ]


def test_a_reference_list_that_cannot_be_read_is_not_held_against_the_coding(small: Small) -> None:
    """One missing comma would otherwise turn every attribution of the coding into a fault."""
    spoil(small, "references.json", '"title": "Nothing New",', '"title": "Nothing New"‸')
    assert [fault.place.file.name for fault in small.faults()] == ["references.json"]


def test_a_vocabulary_that_cannot_be_read_is_not_held_against_the_coding(small: Small) -> None:
    """As above: one missing full stop must not make every term unknown."""
    (small.folder / "vocabulary.ttl").write_text("technology:x a air:Technology .\n")
    with pytest.raises(Faults) as caught:
        pipeline.load(small.inputs)
    assert [(f.place.file.name, f.place.line, f.place.column) for f in caught.value.faults] == [("vocabulary.ttl", 1, 1)]


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
        pipeline.load(pipeline.Inputs((small.root,)))
    assert {fault.place.file.parent.name for fault in caught.value.faults} == {"poe2026"}


def test_two_sources_share_claims_but_not_ids(small: Small, tmp_path: Path) -> None:
    """The same claim in two sources is two assertions; written out twice it would be two claims of one name."""
    other = write_small(tmp_path / "other", small.texts, small.vocabulary)
    other.rename("poe2026")
    (tmp_path / "other" / "poe2026").rename(small.root / "poe2026")
    with pytest.raises(Faults) as caught:
        pipeline.load(pipeline.Inputs((small.root,)))
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


@pytest.mark.parametrize("text", ["", "[]", "x", "- a\n- b\n", "null\n", "assertions: 5\n", "assertions: [1, [2], {3: 4}]\n"])
@pytest.mark.parametrize("name", ["coding.yaml", "source.yaml"])
def test_a_file_of_another_shape_is_told_and_never_crashes(small: Small, name: str, text: str) -> None:
    """Whatever stands in a file, the answer is a place in that file."""
    small.path(name).write_text(text)
    faults = small.faults()
    assert faults
    assert {f.place.file.name for f in faults} == {name}
    assert all(f.place.line and f.place.column for f in faults)


@pytest.mark.parametrize("text", ["", "{}", "5", '"x"', "[1]", "[[]]", "[{}]", '[{"id": 5}]', "[" * 9999, "[1e999]", "9" * 5000])
def test_a_reference_list_of_another_shape_is_told_and_never_crashes(small: Small, text: str) -> None:
    """As above, for JSON."""
    small.path("references.json").write_text(text)
    faults = [f for f in small.faults() if f.place.file.name == "references.json"]
    assert faults
    assert all(f.place.line for f in faults)


def test_a_corpus_without_a_source_is_refused_with_what_a_source_is(tmp_path: Path) -> None:
    """`--corpus` with the wrong directory must not silently build nothing."""
    with pytest.raises(CodingError, match="no source found") as caught:
        pipeline.Inputs.of([tmp_path], founding=False)
    assert "source.yaml" in caught.value.hint
    with pytest.raises(CodingError, match="the directory is not there"):
        pipeline.Inputs.of([tmp_path / "nowhere"], founding=False)


def test_a_message_is_one_line_that_does_nothing_to_a_terminal(small: Small) -> None:
    """What a hostile file says is shown, not obeyed: no line breaks, no colours, no turned text."""
    spoil(small, "coding.yaml", "kind: prescription", '‸kind: "a\\nb\\x1b[2Jc\\u202ed"')
    for fault in small.faults():
        shown = str(fault)
        assert shown.count("\n") == bool(fault.hint)
        assert not set(shown) & set("\x1b\u202e\r")
    assert any("a\\nb\\x1b[2Jc\\u202ed" in str(fault) for fault in small.faults())


def test_a_long_value_is_shown_in_part(small: Small) -> None:
    """A megabyte in the place of a stance is not printed back."""
    spoil(small, "coding.yaml", "kind: prescription", "kind: ‸" + "x" * 1_000_000)
    assert all(len(str(fault)) < 2000 for fault in small.faults())


def test_every_value_is_text_as_it_was_typed(small: Small) -> None:
    """YAML 1.1 reads NO as false, 2025-01-01 as a date and 1:30 as ninety; a scholar means what they typed."""
    spoil(small, "coding.yaml", "attribute: owners of the cables", "‸attribute: NO\n      time: 1:30\n      condition: 0x1F")
    claim = next(c for c in small.load().claims if c.id == "firms-own-the-cables")
    assert (claim.get("attribute"), claim.get("time"), claim.get("condition")) == (("NO",), ("1:30",), ("0x1F",))


def test_folded_and_literal_blocks_are_read_as_text(small: Small) -> None:
    """`>` and `|` are how people write long statements by hand."""
    spoil(small, "coding.yaml", "says: Technology firms own the cables.", "‸says: >\n        Technology firms own\n        the cables.")
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
        "domain": ("https://w3id.org/airkg/id/domain/political",),
    }
    assert (source.claims[0].place.line, source.claims[0].place.column) == (7, 7)


def test_a_second_listing_is_another_entry_of_the_same_work(small: Small) -> None:
    """A work listed twice, or once in translation, must not become two works in anybody's count."""
    items = json.loads(REFERENCES)
    items.append({"id": "roe2020-fa", "type": "article-journal", "title": "هیچ", "language": "fa", "custom": {"work": "roe2020"}})
    small.path("references.json").write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    references, faults = read_references(small.folder, NAME)
    assert faults == []
    assert [(e.id, e.work, e.position) for e in references.entries] == [("roe2020", "roe2020", 1), ("roe2020-fa", "roe2020", 2)]
    assert [(w.id, w.titles) for w in references.works] == [("roe2020", (("en", "Nothing New"), ("fa", "هیچ")))]


TURTLE = """\
@prefix air: <https://w3id.org/airkg/ns/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix technology: <https://w3id.org/airkg/id/technology/> .

technology:cable
    a air:Technology , skos:Concept ;
    skos:prefLabel "cable"@en ;
    .
"""


def test_a_corpus_brings_its_own_vocabulary(small: Small) -> None:
    """A scholar's terms need no change of the project's files."""
    (small.folder / "vocabulary.ttl").write_text(TURTLE)
    spoil(small, "coding.yaml", "      attribute: owners", "      relates-to: ‸cable\n      attribute: owners")
    asserted = pipeline.load(small.inputs)
    claim = next(c for c in asserted.sources[0].claims if c.id == "firms-own-the-cables")
    assert claim.get("relates-to") == ("https://w3id.org/airkg/id/technology/cable",)


def test_a_term_without_a_class_is_told_where_it_is_used(small: Small) -> None:
    """A term typed as a concept alone fits no slot that asks for a class."""
    text = TURTLE.replace("air:Technology , ", "").replace("technology:", "actor:").replace("id/technology/", "id/actor/")
    (small.folder / "vocabulary.ttl").write_text(text)
    place = spoil(small, "coding.yaml", "addressee: states", "addressee: ‸cable")
    with pytest.raises(Faults) as caught:
        pipeline.load(small.inputs)
    (fault,) = caught.value.faults
    assert (fault.place.line, fault.place.column) == place
    assert fault.message == "'cable' is a term without a class, Actor expected"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"cable"@en', '"ca‸\u202eble"@en', "control character U+202E found, plain text expected"),
        ('"cable"@en', '"ca‸\\u202Eble"@en', "an escaped control character found, plain text expected"),
        ('"cable"@en', '"ca‸\x08ble"@en', "control character U+0008 found, plain text expected"),
        ('"cable"@en ;', '"cable"@en ; skos:broader ‸[ a skos:Concept ] ;', "a blank node or list found, a node with a name expected"),
        ('"cable"@en ;', '"[cable]"@en ; skos:broader ‸_:b ;', "a blank node or list found, a node with a name expected"),
        ("skos:prefLabel", "‸skoz:prefLabel", "not Turtle: The prefix skoz: has not been declared"),
    ],
)
def test_a_fault_of_a_vocabulary_has_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Turtle is typed by hand too; a label that turns the line around would reach every export."""
    text = TURTLE.replace(old, new)
    lines = text[: text.index(MARK)].split("\n")
    file = tmp_path / "vocabulary.ttl"
    file.write_text(text.replace(MARK, ""), encoding="utf-8")
    with pytest.raises(Faults) as caught:
        read_turtle(file)
    assert [(f.place.line, f.place.column, f.message) for f in caught.value.faults] == [(len(lines), len(lines[-1]) + 1, message)]


YAMLISH = st.text(alphabet=st.sampled_from(list("ab:-?[]{},&*!|>'\"%@#\n \t\\x0\u202e\x00\x85\ufeff۱")), max_size=120)


@settings(max_examples=300, deadline=None)
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


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_file_loads_or_tells_its_faults(small: Small, data: st.DataObject) -> None:
    """Any slip of the hand, anywhere in any file, ends in lines with places, never in a traceback."""
    name, whole = data.draw(st.sampled_from([("coding.yaml", CODING), ("source.yaml", small_source(small)), ("references.json", REFERENCES)]))
    start = data.draw(st.integers(0, len(whole)))
    end = min(len(whole), start + data.draw(st.integers(0, 30)))
    put = data.draw(st.one_of(st.just(""), YAMLISH, st.sampled_from(["[", "{}", "\n", "null", "~", "*a", "- ", '"', "5", "true"])))
    spoilt = (whole[:start] + put + whole[end:]).encode("utf-8", "ignore")
    files = {"coding.yaml": CODING, "source.yaml": small_source(small), "references.json": REFERENCES}
    for file, text in files.items():
        small.path(file).write_text(text, encoding="utf-8")
    small.path(name).write_bytes(spoilt)
    try:
        small.load()
    except Faults as error:
        assert all(fault.place.line >= 1 for fault in error.faults)
    except KgError as error:
        pytest.fail(f"{error!r} is not told as a fault of a file")


def small_source(small: Small) -> str:
    import hashlib

    return SOURCE.replace("SHA256", hashlib.sha256(TEXT.encode()).hexdigest())
