"""What is read costs as much as it is long, and not the square of it; what is derived has an end."""

from __future__ import annotations

import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from machine import slowness
from small import NAME, Small
from vocabularies import HEAD, told

from kg import names
from kg.bibliography.people import letters
from kg.errors import QueryError
from kg.load.founding import Founding
from kg.load.references import read_references
from kg.load.texts import Span, Text, uncovered
from kg.queries import Query
from kg.reason import rules

SECONDS = 5.0
"""Far more than each of these needs, and far less than the square of it: 20,000 references took 150 seconds."""


@pytest.mark.parametrize(
    "item",
    ['{"type": "book", "title": "T"}', '{"id": "w%d", "type": "book", "title": "T", "custom": {"work": "x%d"}}'],
    ids=["without ids", "second listings of nothing"],
)
def test_twenty_thousand_references_are_read_in_seconds(small: Small, item: str) -> None:
    entries = (item.replace("%d", str(number)) for number in range(20_000))
    small.path("references.json").write_text("[" + ",\n".join(entries) + "]")
    start = time.process_time()
    _, faults = read_references(small.folder, NAME)
    assert len(faults) == 20_000
    assert time.process_time() - start < SECONDS * slowness()


def test_works_of_one_author_and_year_get_their_letters_in_seconds() -> None:
    work = {"author": [{"family": "Roe"}], "issued": "2020"}
    start = time.process_time()
    found = letters([[(f"w{number}", work) for number in range(20_000)]])
    assert len(set(found.values())) == 20_000
    assert time.process_time() - start < SECONDS * slowness()


def test_many_terms_with_a_misspelt_broader_one_are_told_in_seconds(project: Founding, tmp_path: Path) -> None:
    text = "".join(
        f'technology:t{n} a air:Technology , skos:Concept ; skos:prefLabel "t{n}"@en ; skos:broader technology:x{n} .\n'
        for n in range(3000)
    )
    (tmp_path / "vocabulary.ttl").write_text(HEAD + text)
    start = time.process_time()
    assert told(project, tmp_path / "vocabulary.ttl")
    assert time.process_time() - start < SECONDS * slowness()


def test_words_that_stand_everywhere_are_found_in_seconds() -> None:
    """A letter stands a million times within words, and a letter may have a million marks."""
    text = Text("a" * 500_000 + " b\n" + "x" + "\u0301\u0323" * 100_000)
    start = time.process_time()
    for _ in range(100):
        assert text.find("b")
    with pytest.raises(ValueError, match="stands nowhere"):
        text.find("a")
    assert time.process_time() - start < SECONDS * slowness()


def test_one_long_passage_does_not_make_each_sentence_look_at_all() -> None:
    sentences = [Span(10 * n, 10 * n + 9) for n in range(20_000)]
    passages = [Span(10 * n + 9, 10 * n + 10) for n in range(20_000)]
    start = time.process_time()
    assert uncovered(sentences, passages) == sentences
    assert uncovered(sentences, [*passages, Span(0, 200_000)]) == []
    assert time.process_time() - start < SECONDS * slowness()


def test_a_rule_that_derives_without_end_is_stopped_and_says_about_what() -> None:
    """A few hundred claims on one thing are tens of thousands of tensions; the hint says on which."""
    node, graph = ox.NamedNode("https://example.org/p"), ox.NamedNode(names.source_graph("s"))
    things = [ox.NamedNode(f"https://example.org/{number}") for number in range(300)]
    quads = [ox.Quad(thing, node, things[0], graph) for thing in things]
    text = "CONSTRUCT { ?one <https://example.org/q> ?two } WHERE { ?one ?p ?same . ?two ?p ?same }"
    rule = Query("infer", "pairs", "pairs.rq", text, {"summary": "x"})
    with pytest.raises(QueryError, match="derives more than 50,000 triples, 5 for each one asserted") as caught:
        rules.derive(quads, [rule])
    assert "https://example.org/" in caught.value.hint
    assert len(rules.derive(quads[:200], [rule])) == 40_000
