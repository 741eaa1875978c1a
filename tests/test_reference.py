"""What the reference tells of a term, a shape and a question, held to what stands in the files."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names, reference
from kg.queries import read_queries
from kg.reference import diagram, terms
from kg.reference.terms import Noun, Shape, Term, Text
from kg.resources import files


@cache
def nouns() -> list[Noun]:
    return terms.read()


@cache
def pages() -> dict[str, str]:
    return reference.render("1.2.3")


def term(name: str) -> Term:
    return next(t for noun in nouns() for t in noun.terms if t.name == name)


def shape(name: str) -> Shape:
    return next(s for noun in nouns() for s in noun.shapes if s.name == name)


def test_the_whole_comes_first_and_then_every_noun_by_name() -> None:
    listed = [noun.name for noun in nouns()]
    assert listed[0] == "airkg"
    assert listed[1:] == sorted(file.stem for file in files("ontology", "*.ttl") if file.stem != "airkg")


def test_texts_come_in_english_first() -> None:
    reading = terms.Reading()
    home = ox.NamedNode("https://example.org/x")
    label = ox.NamedNode("https://example.org/label")
    spoken = [("a", "fa"), ("b", "en"), ("c", "de")]
    reading.add([ox.Triple(home, label, ox.Literal(word, language=tag)) for word, tag in spoken], "noun")
    assert reading.texts(home.value, label.value) == (Text("b", "en"), Text("c", "de"), Text("a", "fa"))


@pytest.mark.parametrize(
    ("name", "bounds", "fillers"),
    [
        ("AssertionShape-asserts", "1..1", ("air:Claim",)),
        ("AssertionShape-hasPassage", "1..*", ("air:Passage",)),
        ("AssertionShape-created", "1..1", ("xsd:date",)),
    ],
)
def test_a_shape_tells_how_many_values_of_which_class(name: str, bounds: str, fillers: tuple[str, ...]) -> None:
    found = shape(name)
    assert (found.bounds, tuple(map(names.compact, found.fillers))) == (bounds, fillers)
    assert "air:Assertion" in map(names.compact, found.about)
    assert found.severity == "violation"


def test_a_defined_class_tells_its_definition_and_what_it_is_a_kind_of() -> None:
    found = term("air:AgentTechnology")
    (same,) = [line for line in found.axioms if line.startswith("is the same as ")]
    assert "air:Technology" in same
    assert names.term("Technology") in found.parents


def test_what_always_holds_and_what_shares_no_member_is_told() -> None:
    every = [(t.name, line) for noun in nouns() for t in noun.terms for line in t.axioms]
    assert ("air:RiskClaim", "always air:hasRelation value relation:poses-risk") in every
    apart = [(name, line) for name, line in every if line.startswith("shares no member with ")]
    assert apart
    for name, line in apart:
        others = line.removeprefix("shares no member with ").split(", ")
        assert name not in others
        assert all(any(n == other and name in told for n, told in apart) for other in others)


def test_a_match_says_how_close_it_is() -> None:
    skos = names.PREFIXES["skos"]
    lines = [q.triple for f in files("ontology", "**/*.ttl") for q in ox.parse(path=str(f), format=ox.RdfFormat.TURTLE)]
    for name, words in (("exactMatch", "exactly"), ("closeMatch", "closely"), ("broadMatch", "narrower than")):
        wanted = {(t.subject.value, t.object.value) for t in lines if t.predicate.value == skos + name}
        assert {(t.iri, o) for noun in nouns() for t in noun.terms for how, o in t.matches if how == words} == wanted
        assert wanted


def test_shapes_for_what_has_a_property_are_told_too() -> None:
    about = set(re.findall(r"sh:targetSubjectsOf (air:\w+)", "".join(f.read_text() for f in files("shapes", "*.ttl"))))
    assert about <= {names.compact(iri) for noun in nouns() for s in noun.shapes for iri in s.about}


def test_all_terms_are_listed_by_label() -> None:
    shown = re.findall(r'href="[\w-]+\.html#([\w.-]+)"', pages()["terms.html"].partition("<main")[2])
    labels = {t.anchor: t.label for noun in nouns() for t in noun.terms}
    order = [anchor for anchor in dict.fromkeys(shown) if anchor in labels]
    assert len(order) == len(labels)
    assert [labels[a].casefold() for a in order] == sorted(label.casefold() for label in labels.values())


@pytest.mark.parametrize(
    ("kind", "title"), [("ask", "Questions"), ("check", "Checks"), ("infer", "Rules"), ("project", "Networks")]
)
def test_each_folder_of_queries_has_its_title(kind: str, title: str) -> None:
    assert re.search(rf"<h1[^>]*>{title}</h1>", pages()[f"{kind}.html"])
    assert f'"{kind}.html">{title}</a>' in re.sub(r' aria-current="?page"?', "", pages()["index.html"])


def test_a_question_is_asked_with_its_example() -> None:
    for query in read_queries("ask"):
        for param in query.params:
            assert f"{{{param.name}}}" not in pages()["ask.html"]
    assert f"Which risks are named for {term('mode:diplomacy').label}?" in pages()["ask.html"]


def test_commands_are_those_that_one_types() -> None:
    shown = {query.name: reference.command(query) for query in [*read_queries("ask"), *read_queries("project")]}
    assert shown["risks-by-mode"] == "kg ask risks-by-mode --mode diplomacy"
    networks = [line for line in shown.values() if line.startswith("kg export html --network ")]
    assert networks and all(re.search(r" --param \w[\w-]*=\S", line) or "=" not in line for line in networks)
    assert any("--param" in line for line in networks)


def test_a_tree_leads_from_the_wider_class_to_the_narrower(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[str, str]] = []
    monkeypatch.setattr(diagram, "draw", lambda boxes, edges, *_: drawn.extend(edges) or "")
    known = {t.iri: t for noun in nouns() for t in noun.terms}
    diagram.tree(next(noun for noun in nouns() if noun.name == "actors"), known, lambda iri: "")
    assert drawn
    assert all(wide in known[narrow].parents for wide, narrow in drawn)


def test_a_box_is_a_link_to_its_term() -> None:
    known = {name: term(name) for name in ("air:Claim", "air:Assertion")}
    boxes = {name: [name] for name in known}
    drawn = diagram.draw(boxes, {("air:Assertion", "air:Claim"): "asserts"}, known, lambda name: f"p.html#{name}", "t")
    assert set(re.findall(r'<a href="([^"]+)"><g', drawn)) == {"p.html#air:Claim", "p.html#air:Assertion"}


def test_no_word_of_a_stranger_becomes_a_link_that_runs(tmp_path: Path) -> None:
    environment = reference._environment(lambda iri: "", {})
    shown = str(environment.filters["elsewhere"]("javascript:alert(1)"))
    assert "href" not in shown
    assert 'href="https://example.org/"' in str(environment.filters["elsewhere"]("https://example.org/"))
