"""ORCID and ROR ids have check digits, so that a slip of typing does not credit somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import Small, spoil

from kg.load import identifiers

PUBLIC = ("0000-0002-1825-0097", "0000-0002-1694-233X", "0000-0002-9790-8562")
"""The examples of ORCID's own pages, and the one that a founding list prints."""

REGISTERED = ("03yrm5c26", "02mhbdp94", "015w2mp89", "05a28rw58", "042nb2s44", "00f54p054")
"""Ids in use, seen in ROR's documentation and elsewhere."""


@pytest.mark.parametrize("id", PUBLIC)
def test_an_orcid_is_read_bare_or_as_an_address(id: str):
    assert {identifiers.orcid(f"{head}{id}") for head in ("", "https://orcid.org/", "http://orcid.org/")} == {
        f"https://orcid.org/{id}"
    }
    assert identifiers.orcid(id.lower()) == f"https://orcid.org/{id}"


@pytest.mark.parametrize("id", REGISTERED)
def test_a_ror_id_is_read_bare_or_as_an_address(id: str):
    assert {identifiers.ror(f"{head}{id}") for head in ("", "https://ror.org/")} == {f"https://ror.org/{id}"}


@given(st.sampled_from(PUBLIC), st.integers(0, 18), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_no_orcid(id: str, at: int, digit: str):
    if id[at] not in (digit, "-"):
        assert identifiers.orcid(id[:at] + digit + id[at + 1 :]) == ""


@given(st.sampled_from(REGISTERED), st.integers(1, 8), st.sampled_from("0123456789abcdefghjkmnpqrstvwxyz"))
def test_one_wrong_character_is_no_ror_id(id: str, at: int, character: str):
    if id[at] != character:
        assert identifiers.ror(id[:at] + character + id[at + 1 :]) == ""


@pytest.mark.parametrize("value", [None, 5, "", "0000000218250097", "https://example.org/0000-0002-1825-0097", ["x"]])
def test_what_is_no_identifier_is_none(value: Any):
    assert identifiers.orcid(value) == identifiers.ror(value) == ""


DOE = "author: [{family: Doe, given: Jane}]"
NO_ORCID = "sixteen digits in fours, the last one a check digit or X: a digit is mistyped or missing"
NO_ROR = "nine characters, the last two check digits: one is mistyped or missing; https://ror.org finds the id"
WRONG = {
    "a digit that is mistyped": (
        "author: [{family: Doe, given: Jane, orcid: ‸0000-0002-1825-0098}]",
        "'0000-0002-1825-0098' found, an ORCID such as 0000-0002-1825-0097 expected",
        NO_ORCID,
    ),
    "an ORCID of a body": (
        "author: [{literal: ITU, orcid: ‸0000-0002-1825-0097}]",
        "an ORCID found of the body 'ITU'",
        "an ORCID is a person's; a body has a ROR id",
    ),
    "a ROR id of a person": (
        "author: [{family: Doe, ror: ‸03yrm5c26}]",
        "a ROR id found of a person",
        "a ROR id is an organisation's: write it at the affiliation",
    ),
    "a ROR id of a body, mistyped": (
        "author: [{literal: ITU, ror: ‸03yrm5c27}]",
        "'03yrm5c27' found, a ROR id such as https://ror.org/03yrm5c26 expected",
        NO_ROR,
    ),
    "a ROR id of an affiliation, mistyped": (
        "author: [{family: Doe, affiliation: ‸[{name: University of X, ror: 03yrm5c2}]}]",
        "'03yrm5c2' found, a ROR id such as https://ror.org/03yrm5c26 expected",
        NO_ROR,
    ),
    "an affiliation that is no list": (
        "author: [{family: Doe, affiliation: ‸University of X}]",
        "'University of X' found, a list of at most 50 affiliations expected",
        "write [University of X]",
    ),
    "an affiliation without a name": (
        "author: [{family: Doe, affiliation: ‸[{ror: 03yrm5c26}]}]",
        "{'ror': '03yrm5c26'} found, the name of an organisation expected",
        "write what is printed, or {name: University of X, ror: https://ror.org/…, printed: …}",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_at_its_place(small: Small, name: str):
    line, message, hint = WRONG[name]
    at = spoil(small, "source.yaml", DOE, line)
    (fault,) = small.faults()
    assert (fault.place.line, fault.place.column) == at
    assert (fault.message, fault.hint) == (message, hint)


def test_a_reference_list_is_held_to_the_same(small: Small):
    """JSON is located by its item."""
    roe = '{"family": "Roe", "given": "R."}'
    slip = '{"family": "Roe", "given": "R.", "ORCID": "http://orcid.org/0000-0002-1825-0079"}'
    small.edit("references.json", roe, slip)
    (fault,) = small.faults()
    assert fault.message.startswith("'http://orcid.org/0000-0002-1825-0079' found, an ORCID")
    assert fault.place.file.name == "references.json"
    assert fault.place.line > 1


def test_what_crossref_writes_is_taken(small: Small):
    """The form of https://api.crossref.org/works, whose authors people paste into their lists."""
    crossref = (
        '{"ORCID": "http://orcid.org/0000-0002-1825-0097", "authenticated-orcid": false, "family": "Roe",'
        ' "given": "R.", "sequence": "first", "affiliation": [{"name": "University of X", "place": ["Y"],'
        ' "department": ["Z"],'
        ' "id": [{"id": "https://ror.org/03yrm5c26", "id-type": "ROR", "asserted-by": "publisher"}]}]}'
    )
    small.edit("references.json", '{"family": "Roe", "given": "R."}', crossref)
    source = small.load()
    found = {agent.id: agent.identifier for agent in source.agents}
    assert found == {
        "doe-jane": "",
        "roe-r.0000-0002-1825-0097": "https://orcid.org/0000-0002-1825-0097",
        "university-of-x": "https://ror.org/03yrm5c26",
    }
