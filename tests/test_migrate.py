"""`kg check --fix`: deprecated terms rewritten in place, the words themselves and not a byte besides, or not at all."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from moving import CLAIM, fixed, planted, uses
from small import Run, Small
from vocabularies import CABLE, HEAD

from kg.coding import migrate
from kg.errors import CodingError, Faults, UsageError

AFFECTED = "affected: state-monopoly\n    voice: own"


@pytest.fixture(autouse=True)
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant the deprecated terms."""
    planted(tmp_path / "planted", monkeypatch)


def put(small: Small, new: str, old: str = AFFECTED) -> None:
    """Write a slot in another form."""
    small.edit("coding.yaml", old, new)


FORMS = [
    ("affected: ‹old-grip›  # سخن: old-grip, as ‘once’ was", "state-monopoly"),
    ("affected: ‹phenomenon:old-grip›", "phenomenon:state-monopoly"),
    ("affected: '‹old-grip›' ", "state-monopoly"),
    ('affected: "‹old-grip›"', "state-monopoly"),
    ('"affected"  :   ‹old-grip›', "state-monopoly"),
    ("affected:\n        # old-grip\n          ‹old-grip›", "state-monopoly"),
    ("affected: |-  # old-grip\n          ‹old-grip›", "state-monopoly"),
    ("affected: >-\n        ‹old-grip›", "state-monopoly"),
    ("affected: ‹https://w3id.org/airkg/id/phenomenon/old-grip›", "https://w3id.org/airkg/id/phenomenon/state-monopoly"),
    ("affected: ‹oldest-grip›", "state-monopoly"),
    ('affected: "‹old\\u002dgrip›"', "state-monopoly"),
    ('affected: "‹old-\\\n          grip›"', "state-monopoly"),
    ("affected: trust\n      performer: [ states,‹old-firms› , users ]", "technology-firms"),
    ("affected: trust\n      performer: [\n        states,\n        '‹old-firms›', # old\n      ]", "technology-firms"),
    ("affected: trust\n      performer:\n      -   states\n      -   ‹old-firms›", "technology-firms"),
    ("affected: ‹cloudy›", "mechanism:misty"),
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_the_words_change_and_no_byte_besides(small: Small, end: str) -> None:
    """Comments, order, quoting, line ends, a byte order mark: who keeps a file by hand finds it as it was."""
    path = small.path("coding.yaml")
    start, rest = path.read_text(encoding="utf-8").split("assertions:\n")
    old = new = "\ufeff" + start + "assertions:\n"
    for number, (form, word) in enumerate(FORMS):
        old += CLAIM.format(number, re.sub("[‹›]", "", form))
        new += CLAIM.format(number, re.sub("‹.*?›", word, form, flags=re.DOTALL))
    path.write_bytes((old + rest).replace("\n", end).encode())
    told, left = fixed(small.root)
    assert (len(told), left) == (len(FORMS), 0)
    assert path.read_bytes().decode() == (new + rest).replace("\n", end)
    assert uses(small.root) == []


def test_a_whole_claim_in_flow_style_is_rewritten(small: Small) -> None:
    """Braces, several names on one line, letters of another script before them, and a star outside the plane."""
    put(
        small,
        '{id: firms-own-the-cables, kind: characterisation, says: "𝒯 شرکت‌ها", subject: old-firms,'
        ' attribute: old-firms, "relates-to":old-grip}',
        old="\n      id: firms-own-the-cables\n      kind: characterisation\n"
        "      says: Technology firms own the cables.\n      subject: technology-firms\n"
        "      attribute: owners of the cables",
    )
    small.edit("coding.yaml", "claim:{id", "claim: {id")
    assert fixed(small.root) == (["37: old-firms → technology-firms", "37: old-grip → state-monopoly"], 0)
    assert 'subject: technology-firms, attribute: old-firms, "relates-to":state-monopoly}' in (
        small.path("coding.yaml").read_text(encoding="utf-8")
    )


def test_what_a_person_has_to_decide_stays_as_it_is_and_all_else_is_rewritten(small: Small) -> None:
    put(small, "affected: forked\n    voice: own")
    put(small, "affected: old-grip\n    voice: attributed", "affected: state-monopoly\n    voice: attributed")
    put(small, "subject: gone", "subject: technology-firms")
    old = small.path("coding.yaml").read_bytes()
    assert fixed(small.root) == (["28: old-grip → state-monopoly"], 2)
    assert small.path("coding.yaml").read_bytes() == old.replace(b"old-grip", b"state-monopoly")


WHOLE = "<https://w3id.org/airkg/id/phenomenon/state-monopoly>"
TURTLE = [
    ("skos:related ‹phenomenon:old-grip›", "phenomenon:state-monopoly"),
    ("skos:related ‹<https://w3id.org/airkg/id/phenomenon/old-grip>›", WHOLE),
    ("skos:related ‹phenomenon:old-grip›;skos:note '#'", "phenomenon:state-monopoly"),
    ("skos:related phenomenon:trust,‹phenomenon:old-grip›#old-grip\n , phenomenon:sovereignty",
     "phenomenon:state-monopoly"),
    ("skos:related ‹gone-by:old-grip›", "gone-by:state-monopoly"),
    ("skos:related ‹<phenomenon/old-grip>›", WHOLE),
    ("skos:related ‹phenomenon:cloudy›", "<https://w3id.org/airkg/id/mechanism/misty>"),
    ('skos:note "phenomenon:old-grip" ; skos:related ‹phenomenon:old-grip› ; skos:note """\nphenomenon:old-grip"""',
     "phenomenon:state-monopoly"),
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_vocabulary_of_ones_own_is_rewritten_likewise(small: Small, end: str) -> None:
    """Only where it is the object of a statement: what a text or a remark says is nobody's to change."""
    head = "@base <https://w3id.org/airkg/id/x> .\n" + re.sub("@prefix mechanism: .*\n", "", HEAD)
    old = new = f"\ufeff{head}PREFIX gone-by: <https://w3id.org/airkg/id/phenomenon/>\n# پایان\n"
    for number, (form, word) in enumerate(TURTLE):
        term = CABLE.replace("cable", f"cable-{number}")
        old += term.replace("    .\n", f"    {re.sub('[‹›]', '', form)} ;\n    .\n")
        new += term.replace("    .\n", f"    {re.sub('‹.*?›', word, form)} ;\n    .\n")
    path = small.folder / "vocabulary.ttl"
    path.write_bytes(old.replace("\n", end).encode())
    told, left = fixed(small.root)
    assert (len(told), left) == (len(TURTLE), 0)
    assert path.read_bytes().decode() == new.replace("\n", end)
    assert uses(small.root) == []


def test_a_class_that_became_a_sort_of_actor_is_left(small: Small) -> None:
    norland = CABLE.replace("technology:cable", "actor:norland").replace("air:Technology", "air:DevelopedState")
    (small.folder / "vocabulary.ttl").write_text(HEAD + norland)
    assert fixed(small.root) == ([], 1)
    assert (small.folder / "vocabulary.ttl").read_text() == HEAD + norland


# ── nothing, rather than something wrong ──────────────────────────────────────────────────────────────


def both(small: Small) -> dict[Path, bytes]:
    """Let coding and vocabulary name a deprecated term each; return what stands in them."""
    put(small, "affected: old-grip\n    voice: own")
    own = small.folder / "vocabulary.ttl"
    own.write_text(HEAD + CABLE.replace("    .\n", "    skos:related phenomenon:old-grip ;\n    .\n"))
    return {file: file.read_bytes() for file in (small.path("coding.yaml"), own)}


def unchanged(before: dict[Path, bytes]) -> bool:
    return {file: file.read_bytes() for file in before} == before


def test_a_corpus_with_a_fault_is_not_touched(small: Small) -> None:
    before = both(small)
    small.edit("coding.yaml", "effect: weakens", "effect: weakened")
    before[small.path("coding.yaml")] = small.path("coding.yaml").read_bytes()
    with pytest.raises(Faults, match="weakened"):
        fixed(small.root)
    assert unchanged(before)


def test_a_place_that_is_not_clear_keeps_all_files_as_they_are(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the reader's marks ever be wrong, what would be written says something else, and is not written."""
    before = both(small)
    spans = migrate.spans
    monkeypatch.setattr(migrate, "spans", lambda *given: {k: (a - 1, e - 1) for k, (a, e) in spans(*given).items()})
    with pytest.raises(CodingError, match=r"coding.yaml:13:17: error: how to write 'state-monopoly' for 'old-grip'"):
        fixed(small.root)
    assert unchanged(before)
    monkeypatch.setattr(migrate, "spans", lambda *given: {})
    with pytest.raises(CodingError, match="is unclear here"):
        fixed(small.root)
    assert unchanged(before)


def test_a_file_that_somebody_changes_meanwhile_is_left_to_them(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is read, while it is made ready, and at the last moment before the new one takes its place."""
    before = both(small)
    coding = small.path("coding.yaml")

    def meanwhile(home: object, name: str) -> None:
        real = getattr(home, name)

        def changed(*given: object) -> object:
            coding.write_bytes(b"# mine\n" + before[coding])
            return real(*given)

        with monkeypatch.context() as patch:
            patch.setattr(home, name, changed)
            with pytest.raises(UsageError, match=r"coding.yaml has changed meanwhile"):
                fixed(small.root)
        assert coding.read_bytes() == b"# mine\n" + before[coding]
        coding.write_bytes(before[coding])
        assert unchanged(before)

    meanwhile(migrate, "parse_yaml")
    meanwhile(os, "fsync")
    assert [file.name for file in small.folder.iterdir() if file.name.startswith(".")] == []


def test_a_link_stays_and_what_it_points_to_is_rewritten_with_its_mode(small: Small, tmp_path: Path) -> None:
    before = both(small)
    coding, real = small.path("coding.yaml"), tmp_path / "elsewhere.yaml"
    coding.rename(real)
    real.chmod(0o640)
    coding.symlink_to(real)
    assert len(fixed(small.root)[0]) == 2
    assert coding.is_symlink() and stat.S_IMODE(real.stat().st_mode) == 0o640
    assert real.read_bytes() == before[coding].replace(b"old-grip", b"state-monopoly")


def test_of_two_files_neither_is_written_where_one_may_not_be(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write all; so the system's answer is planted."""
    before = both(small)
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "vocabulary.ttl" and real(path, mode))
    with pytest.raises(UsageError, match=r"vocabulary.ttl may not be written; nothing was"):
        fixed(small.root)
    assert unchanged(before)


def test_what_belongs_to_an_installation_is_not_written(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout the founding corpus is a corpus as any other, where it is named."""
    before = both(small)
    monkeypatch.setattr(migrate, "resources", SimpleNamespace(PACKAGE=small.root, installed=lambda: True))
    with pytest.raises(UsageError, match="belongs to the installed airkg"):
        fixed(small.root)
    assert unchanged(before)
    monkeypatch.setattr(migrate, "resources", SimpleNamespace(PACKAGE=small.root, installed=lambda: False))
    assert len(fixed(small.root)[0]) == 2


# ── the command ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_command_says_what_it_rewrote_and_checks_what_stands_there_then(
    small: Small, kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0: all is done; 1: something is left to a person; and again, there is nothing to do."""
    planted(tmp_path / "planted", monkeypatch, "phenomenon:old-grip", "phenomenon:forked")
    both(small)
    monkeypatch.chdir(small.root)
    code, out, err = kg("check", "--fix", "--alone", "--corpus", ".")
    assert (code, [line for line in out.splitlines() if " warning: " in line]) == (0, [])
    assert err.splitlines()[:3] == [
        "doe2026/coding.yaml:13: old-grip → state-monopoly",
        f"doe2026/vocabulary.ttl:{HEAD.count(chr(10)) + 5}: phenomenon:old-grip → phenomenon:state-monopoly",
        "2 places rewritten",
    ]
    small.edit("coding.yaml", "unchanged\n      affected: state-monopoly", "unchanged\n      affected: forked")
    code, out, err = kg("check", "--fix", "--alone", "--corpus", ".", "--lang", "fa")
    assert code == 1 and err.startswith("0 places rewritten, 1 left to you\n")
    assert "phenomenon:sovereignty «حاکمیت» or phenomenon:trust «اعتماد» replaces it; choose" in out


def test_the_founding_corpus_is_not_touched_unless_it_is_named(kg: Run) -> None:
    """Whoever only wants to see what is wrong with the installation must not change it."""
    for words, told in (
        (("--fix",), "error: --fix found without --corpus"),
        (("--fix", "--ontology", "--corpus", "."), "error: --fix found with --ontology"),
    ):
        code, out, err = kg("check", *words)
        assert (code, out) == (2, "") and err.startswith(told)
