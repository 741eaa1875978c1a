"""`domain` stood in the claim once: an older coding is read as it was meant, each place is told, `--fix` moves it."""

from __future__ import annotations

from pathlib import Path

import pytest
from moving import fixed
from small import Run, Small, spoil

from kg import pipeline
from kg.coding.keys import moved
from kg.load.inputs import Inputs
from kg.load.keys import Misplaced

CLAIM = "      affected: state-monopoly\n    voice: own\n"
NOW = "    domain: [political]\n"


def misplaced(root: Path) -> tuple[Misplaced, ...]:
    """Return the keys that a corpus has in the wrong place."""
    return pipeline.load(Inputs.of([root], founding=False)).misplaced


def older(small: Small, written: str = "domain: [political]\n") -> tuple[int, int]:
    """Write the domain into the claim, as version 0.1.0 had it; return where it stands."""
    small.edit("coding.yaml", NOW, "")
    return spoil(small, "coding.yaml", CLAIM, CLAIM.replace("    voice", f"      ‸{written}    voice"))


def test_an_older_coding_says_what_it_said_and_is_told_with_its_place(small: Small) -> None:
    new = small.load()
    place = older(small)
    old = small.load()
    (told,) = misplaced(small.root)
    assert [a.domain for a in old.assertions] == [a.domain for a in new.assertions]
    assert [c.values for c in old.claims] == [c.values for c in new.claims]
    assert (told.place.line, told.place.column, told.claim) == (*place, "machines-weaken-state-monopoly")
    assert told.message == "'domain' belongs to the assertion since version 0.2.0; `kg check --fix` moves it there"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("domain: [political, ‸zzz]\n", "'zzz' is no term of the vocabulary"),
        ("domain: ‸states\n", "'states' is a ActorKind, Domain expected"),
        ("domain: ‸{a: b}\n", "keys and values found, a list expected for 'domain'"),
    ],
)
def test_what_is_wrong_in_it_is_told_where_it_stands(small: Small, written: str, message: str) -> None:
    small.edit("coding.yaml", NOW, "")
    line, column = spoil(small, "coding.yaml", CLAIM, CLAIM.replace("    voice", f"      {written}    voice"))
    (fault,) = small.faults()
    assert (fault.place.line, fault.place.column) == (line, column)
    assert message in str(fault)


FORMS = [
    ("domain: [political]  # سیاست\n",) * 2,
    ("'domain' :   political\n",) * 2,
    ("domain:\n        # two of them\n        - political\n        - legal # last\n",
     "domain:\n      # two of them\n      - political\n      - legal # last\n"),
    ("domain: [\n        political,\n     legal\n      ]\n", "domain: [\n      political,\n   legal\n    ]\n"),
    ("domain: >-\n        political\n\n", "domain: >-\n      political\n"),
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("written", "after"), FORMS)
def test_its_lines_are_moved_behind_the_basis_and_not_a_byte_besides(
    small: Small, written: str, after: str, end: str
) -> None:
    older(small, written)
    path = small.path("coding.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_bytes(("\ufeff" + text).replace("\n", end).encode())
    (told,) = misplaced(small.root)
    assert fixed(small.root) == ([f"{told.place.line}: domain of the claim → domain of the assertion"], 0)
    kept = written.removesuffix("\n") if written.endswith("\n\n") else written
    wanted = text.replace(f"      {kept}", "", 1).replace("basis: reasoning\n", f"basis: reasoning\n    {after}", 1)
    assert path.read_bytes().decode() == ("\ufeff" + wanted).replace("\n", end)
    assert misplaced(small.root) == ()
    assert len(small.load().assertions[0].domain) == 1 + ("legal" in written)


def test_a_file_that_ends_with_the_basis_gets_no_new_end(small: Small) -> None:
    text = "assertions:\n- claim:\n    id: x\n    domain: a\n  basis: reasoning"
    assert moved(text, Path("x")) == "assertions:\n- claim:\n    id: x\n  basis: reasoning\n  domain: a"


def test_a_claim_in_braces_is_left_to_a_person(small: Small) -> None:
    """What stands in one line with other keys is no line that could be moved."""
    small.edit("coding.yaml", NOW, "")
    small.edit(
        "coding.yaml",
        "\n      id: firms-own-the-cables\n      kind: characterisation\n      says: Technology firms own the cables.\n"
        "      subject: technology-firms\n      attribute: owners of the cables\n",
        " {id: firms-own-the-cables, kind: characterisation, says: Firms own the cables., subject: technology-firms,\n"
        "      domain: [technological],\n      attribute: owners of the cables}\n",
    )
    old = small.path("coding.yaml").read_bytes()
    assert fixed(small.root) == ([], 1)
    assert small.path("coding.yaml").read_bytes() == old
    (told,) = misplaced(small.root)
    assert told.message.endswith("; write it there, beside hedge, mode and basis")


def test_a_domain_in_both_places_is_a_fault(small: Small) -> None:
    """Which of the two is meant, no program knows."""
    line, column = spoil(small, "coding.yaml", CLAIM, CLAIM.replace("    voice", "      ‸domain: [legal]\n    voice"))
    assert [str(fault) for fault in small.faults()] == [
        f"{small.path('coding.yaml')}:{line}:{column}: error: key 'domain' found in the claim, and in the assertion, "
        "to which it belongs\n  hint: strike it out of the claim"
    ]


@pytest.mark.slow
def test_check_warns_and_the_command_mends_it(small: Small, kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    line, column = older(small)
    monkeypatch.chdir(small.root)
    code, out, _ = kg("check", "--alone", "--corpus", ".")
    assert code == 0 and out.splitlines()[0] == (
        f"doe2026/coding.yaml:{line}:{column}: warning: claim:machines-weaken-state-monopoly: 'domain' belongs to the "
        "assertion since version 0.2.0; `kg check --fix` moves it there [key-moved]"
    )
    code, out, err = kg("check", "--fix", "--alone", "--corpus", ".")
    assert code == 0 and "key-moved" not in out
    assert err.splitlines()[:2] == [
        f"doe2026/coding.yaml:{line}: domain of the claim → domain of the assertion",
        "1 places rewritten",
    ]
