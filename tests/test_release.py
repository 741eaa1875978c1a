"""Stability: what was released stays; a term that has had its day is deprecated and says what to use instead."""

from __future__ import annotations

from pathlib import Path

from release_terms import LIST, declared, released, write

from kg import names


def test_no_released_term_has_vanished() -> None:
    """Data coded with an earlier version must still mean something: deprecate (owl:deprecated true), never delete."""
    gone = released()[1] - declared()
    assert sorted(map(names.compact, gone)) == [], (
        "deprecate them; or, before the release, python -m tests.release_terms"
    )


def test_the_list_names_terms_of_ours_once_and_in_order() -> None:
    """A reviewer reads additions as added lines."""
    lines = LIST.read_text(encoding="utf-8").splitlines()[1:]
    assert lines == sorted(set(lines))
    assert len(lines) > 800
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
    assert old not in released(file)[1]
