"""Vocabularies: a scholar's own terms, and what is wrong with them, told with line and column."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from small import MARK, Small, spoil

from kg import names, pipeline
from kg.errors import Faults
from kg.grounds import local
from kg.load.texts import Text
from kg.load.turtle import read_turtle
from kg.load.vocabulary import Unresolved, Vocabulary
from kg.queries import bind, nodes
from kg.store.local import open_store

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


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"cable"@en', '"ca‸\u202eble"@en', "control character U+202E found, plain text expected"),
        ('"cable"@en', '"ca‸\\u202Eble"@en', "an escaped control character found, plain text expected"),
        ('"cable"@en', '"ca‸\x08ble"@en', "control character U+0008 found, plain text expected"),
        (
            '"cable"@en ;',
            '"cable"@en ; skos:broader ‸[ a skos:Concept ] ;',
            "a blank node or list found, a node with a name expected",
        ),
        (
            '"cable"@en ;',
            '"[cable]"@en ; skos:broader ‸_:b ;',
            "a blank node or list found, a node with a name expected",
        ),
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
    assert [(f.place.line, f.place.column, f.message) for f in caught.value.faults] == [
        (len(lines), len(lines[-1]) + 1, message)
    ]


MOVED = (
    TURTLE.replace("technology:cable\n", "technology:line\n").replace('"cable"', '"line"')
    + """
<https://w3id.org/airkg/id/power/line>
    a air:PowerType , skos:Concept ;
    skos:prefLabel "line"@en ;
    .
"""
)


def test_a_slug_means_the_term_in_use_and_a_kind_what_it_says() -> None:
    """A term that moved to another kind leaves its slug behind, and a coding that has it need not change."""
    technology, power = (names.PREFIXES[kind] + "line" for kind in ("technology", "power"))
    old = f"<{technology}> <{names.PREFIXES['owl']}deprecated> true ."
    known = Vocabulary.of(quad.triple for quad in ox.parse(MOVED + old, format=ox.RdfFormat.TURTLE))
    assert known.deprecated == {technology}
    assert known.resolve("line") == known.resolve("power:line") == power
    assert known.resolve("technology:line") == technology
    two = Vocabulary(known.terms)
    with pytest.raises(Unresolved, match="is several terms: power:line, technology:line"):
        two.resolve("line")
    assert Vocabulary({technology: {"Technology"}}, deprecated={technology}).resolve("line") == technology


def test_every_term_says_what_it_said_when_it_was_reviewed(founding: Path, golden: bool) -> None:
    """A broader term that is dropped or a label that is changed shows as one line of a diff, and stops the gate."""
    engine = local(open_store(founding))
    found: dict[str, dict[str, set[str]]] = {}
    for row in engine(bind(_TERMS, said=nodes(map(names.expand, _SAID)))):
        value: Any = row["value"]
        shown = f"{value.value}@{value.language}" if getattr(value, "language", None) else names.compact(value.value)
        said = found.setdefault(names.compact(row["term"].value), {})
        said.setdefault(names.compact(row["property"].value), set()).add(shown)
    head = "\t".join(["term", *(prop for prop in _SAID)])
    lines = ["\t".join([term, *("; ".join(sorted(said.get(p, ()))) for p in _SAID)]) for term, said in found.items()]
    text = "\n".join([head, *sorted(lines)]) + "\n"
    file = Path(__file__).parent / "golden" / "terms.tsv"
    if golden:
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_a_persian_label_is_printed_by_a_source_or_marked_as_the_projects_translation(founding: Path) -> None:
    """A reader of Persian sees which words are the literature's; letters and joiners are folded as for passages."""
    texts = os.environ.get("KG_TEXTS")
    if not texts:
        pytest.skip("the sources' texts are not here (KG_TEXTS)")
    printed = " ".join(Text.read(file).folded.replace(" ", "") for file in sorted(Path(texts).glob("*.txt")))
    engine = local(open_store(founding))
    rows = [(names.compact(row["term"].value), row["label"].value) for row in engine(bind(_PERSIAN))]
    assert len(rows) > 15
    assert [pair for pair in rows if Text(pair[1]).folded.replace(" ", "") not in printed] == []


_PERSIAN = """
SELECT ?term ?label WHERE {
  ?term skos:prefLabel ?label . FILTER(LANG(?label) = "fa")
  FILTER(STRSTARTS(STR(?term), "https://w3id.org/airkg/id/") || STRSTARTS(STR(?term), STR(air:)))
  FILTER NOT EXISTS { ?term air:translatedInto "fa" }
  FILTER NOT EXISTS { ?term a air:Section }
}
"""

_SAID = (
    *("rdf:type", "air:kindOf", "skos:prefLabel", "air:translatedInto", "skos:altLabel", "iso-thes:broaderGeneric"),
    *("iso-thes:broaderInstantial", "iso-thes:broaderPartitive", "skos:related", "air:isOppositeOf", "skos:definition"),
    *("owl:deprecated", "dcterms:isReplacedBy"),
)
_TERMS = """
SELECT ?term ?property ?value WHERE {
  GRAPH <https://w3id.org/airkg/id/graph/vocabulary> {
    ?term a skos:Concept ; ?property ?value .
    VALUES ?property { $said }
  }
}
"""
