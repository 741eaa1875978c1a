"""How a corpus says whose its coding is and under which licence, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from exporting import job_of
from small import NAME, Small, write_small

from kg import pipeline
from kg.errors import Faults
from kg.licences import LICENCES, OURS, rights_of
from kg.load.inputs import Inputs
from kg.load.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("given", "iri"),
    [
        *((spdx, address) for spdx, (_, address) in LICENCES.items()),
        ("https://example.org/terms?of=use", "https://example.org/terms?of=use"),
    ],
)
def test_a_licence_is_an_spdx_id_or_an_address(given: str, iri: str, small: Small) -> None:
    small.edit("coding.yaml", "coder: tester\n", f"coder: tester\nlicense: {given}\n")
    assert small.load().coding_license == iri


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        (
            "license: CC-BY-5.0",
            "licence 'CC-BY-5.0' found, an SPDX id of a licence for data or a web address",
            "CC-BY-4.0",
        ),
        ("license: all rights reserved", "licence 'all rights reserved' found", "known are CC0-1.0"),
        ("license: javascript:alert(1)", "licence 'javascript:alert(1)' found", ""),
        ("license: https://exa mple.org", "licence 'https://exa mple.org' found", ""),
        ("coders: {teste: Jane}", "coder 'teste' codes nothing here", "did you mean 'tester'?"),
    ],
)
def test_a_licence_or_name_that_is_none_is_told_with_its_place(
    given: str, message: str, hint: str, small: Small
) -> None:
    line, _ = small.edit("coding.yaml", "coder: tester\n", f"coder: tester\n{given}\n")
    (fault,) = small.faults()
    assert fault.place.line == line + 1
    assert message in str(fault) and hint in str(fault)


def test_two_corpora_name_a_coder_alike_or_not_at_all(small: Small, tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Whoever takes another's id must not be able to rename them."""
    other = write_small(tmp_path / "second", tmp_path / "copies", vocabulary)
    other.rename("doe2027")
    for corpus, name in ((small, "Jane Tester"), (other, "Somebody Else")):
        text = (corpus.root / ("doe2027" if corpus is other else NAME) / "coding.yaml").read_text()
        text = text.replace("coder: tester\n", f"coder: tester\ncoders: {{tester: {name}}}\n")
        for claim in re.findall(r"id: ((?:machines|firms|ministries)-[a-z-]+)", text) if corpus is other else ():
            text = text.replace(claim, f"{claim}-again")
        (corpus.root / ("doe2027" if corpus is other else NAME) / "coding.yaml").write_text(text)
    with pytest.raises(Faults, match="coder 'tester' is named 'Somebody Else', 'Jane Tester' expected"):
        pipeline.load(Inputs((small.root, other.root)))


TERM = """\
@prefix air: <https://w3id.org/airkg/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix technology: <https://w3id.org/airkg/id/technology/> .

technology:sea-cable
    a air:Technology , skos:Concept ;
    rdfs:isDefinedBy <https://example.org/cables> ;
    skos:prefLabel "sea cable"@en ;
    skos:definition "A line on the sea bed that carries signals."@en ;
    .
"""


@pytest.mark.parametrize(
    ("beside", "told"),
    [(False, "coding of Doe 2026 by tester: CC BY 4.0; "), (True, "vocabulary of corpus: no licence given; ")],
)
def test_a_vocabulary_is_under_the_licence_of_the_coding_in_its_folder(
    beside: bool, told: str, small: Small, tmp_path: Path
) -> None:
    """Terms that stand beside several sources are nobody's coding; nothing is claimed of them."""
    small.edit("coding.yaml", "coder: tester\n", "coder: tester\nlicense: CC-BY-4.0\n")
    folder = small.root if beside else small.folder
    (folder / "vocabulary.ttl").write_text(TERM, encoding="utf-8")
    pipeline.build(small.inputs, tmp_path / "store")
    rights = rights_of(job_of(tmp_path / "store").engine)
    assert rights.licence == ("" if beside else OURS)
    assert told in rights.sentence and ("vocabulary of" in rights.sentence) == beside
