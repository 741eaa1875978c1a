"""Stability: what was released stays; what has had its day is deprecated and says what to use instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from release_terms import LIST, coded, declared, known, released, write

from kg import names

CODED = (names.PREFIXES["claim"], names.PREFIXES["assertion"])


def test_no_released_term_has_vanished() -> None:
    """Data coded with an earlier version must still mean something: deprecate (owl:deprecated true), never delete."""
    gone = {iri for iri in released()[1] if not iri.startswith(CODED)} - declared()
    assert sorted(map(names.compact, gone)) == [], (
        "deprecate them; or, before the release, python -m tests.release_terms"
    )


@pytest.mark.parametrize("kind", ["claim", "assertion"])
def test_no_released_claim_or_assertion_has_vanished(kind: str) -> None:
    """Somebody has cited it: an id that is used no more stands under `merged` in its source's coding.yaml."""
    of_kind = {iri for iri in released()[1] if iri.startswith(names.PREFIXES[kind])}
    assert len(of_kind) > 900
    assert sorted(map(names.compact, of_kind - coded())) == [], "write them under `merged`, each into what says it now"


def test_the_list_names_ids_of_ours_once_and_in_order() -> None:
    """A reviewer reads additions as added lines."""
    lines = LIST.read_text(encoding="utf-8").splitlines()[1:]
    assert lines == sorted(set(lines))
    assert len(lines) > 2800
    assert all(line.startswith((names.AIR, f"{names.BASE}id/")) for line in lines)


def test_a_later_version_cannot_write_a_list_that_lacks_a_released_term(tmp_path: Path) -> None:
    """The list is no place to forget a term."""
    file = tmp_path / "terms.txt"
    assert write(file, "1.0.0") == set()
    old = "https://w3id.org/airkg/ns/Gone"
    file.write_text(f"{file.read_text()}{old}\n")
    assert write(file, "1.1.0") == {old}
    assert old in released(file)[1]
    assert write(file, "1.0.0") == set()
    assert released(file)[1] == known()
