"""Vocabularies of one's own: a corpus defines new terms, in listed words, and says nothing of anything else.

`‸` marks where in a file the fault must be told, as in `test_load.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small import Small, spoil
from vocabularies import ALL, CABLE, HEAD, OBJECTS, PREDICATES, SUBJECTS, faults, told, write

from kg import names, pipeline
from kg.load import hierarchy
from kg.load.founding import SHORT_FORMS, Founding
from kg.load.inputs import Inputs
from kg.load.turtle import OwnTurtle
from kg.validate import lint

# ── what is permitted ─────────────────────────────────────────────────────────────────────────────────


def test_every_permitted_thing_is_let_through(project: Founding, tmp_path: Path) -> None:
    """A rule that refused these too would keep all the promises below, and be of no use."""
    write(tmp_path / "vocabulary.ttl", ALL)
    assert told(project, tmp_path / "vocabulary.ttl") == []
    used = set(re.findall(r"^.*?[ .]((?:skos|rdfs|air|iso-thes):[a-z]\w+) ", ALL, re.MULTILINE)) | {"rdf:type"}
    assert used == set(SHORT_FORMS)


@pytest.mark.slow
def test_every_permitted_thing_builds_is_valid_and_is_used(small: Small, tmp_path: Path) -> None:
    """As a scholar does: terms of one's own in all slots, among them one that draws edges; and not a finding."""
    write(small.folder / "vocabulary.ttl", ALL)
    small.edit("coding.yaml", "cause: artificial-intelligence\n      effect: weakens",
               "cause: https://example.org/terms#Conduit.Thing\n      effect: urn:example:erodes")  # fmt: skip
    small.edit("coding.yaml", "says: Artificial intelligence weakens", "says: A conduit weakens")
    small.edit("coding.yaml", "attribute: owners", "relates-to: cable\n      attribute: owners")
    asserted = pipeline.load(Inputs.of([small.root]))
    derived = pipeline.derive(asserted)
    own = {names.expand(name) for name in ("technology:cable", "claim:machines-weaken-state-monopoly")}
    own |= {"https://example.org/terms#Conduit.Thing", "urn:example:erodes"}
    found = [f for f in pipeline.examine(asserted, derived) if f.focus in own and f.severity != "info"]
    assert [str(f) for f in found] == []
    assert [f for f in lint.lint([small.folder / "vocabulary.ttl"]) if f.focus in own] == []
    lines = {str(quad.triple) for quad in derived}
    edge = f"{names.BASE}id/edge/https%3A%2F%2Fexample%2Eorg%2Fterms%23Conduit%2EThing.urn%3Aexample%3Aerodes."
    assert any(line.startswith(f"<{edge}phenomenon.state-monopoly> ") for line in lines)
    above = names.term("isNarrowerThan")
    assert f"<{names.expand('technology:cable')}> <{above}> <https://example.org/terms#Conduit.Thing>" in lines


def test_own_terms_stand_in_a_graph_and_a_scheme_of_their_own(small: Small) -> None:
    """What the project defines and what a corpus adds can be told apart in every export."""
    write(small.folder / "vocabulary.ttl", CABLE)
    quads = pipeline.load(small.inputs).quads
    graph = names.vocabulary_graph("doe2026")
    mine = {names.expand("technology:cable"), graph}
    assert {q.graph_name.value for q in quads if q.subject.value in mine} == {graph}
    said = {str(q.triple) for q in quads if q.graph_name.value == graph}
    home, scheme = names.expand("rdfs:isDefinedBy"), names.expand("skos:ConceptScheme")
    assert f"<{names.expand('technology:cable')}> <{home}> <{graph}>" in said
    assert f"<{graph}> <{names.expand('rdf:type')}> <{scheme}>" in said


def test_a_vocabulary_may_stand_beside_several_sources(small: Small) -> None:
    """One for a whole corpus, or one for terms alone in a folder of their own."""
    write(small.root / "vocabulary.ttl", CABLE)
    write(small.root / "terms" / "vocabulary.ttl", CABLE.replace("cable", "wire"))
    spoil(small, "coding.yaml", "      attribute: owners", "      relates-to: ‸cable\n      attribute: owners")
    spoil(small, "coding.yaml", "affected: state-monopoly\n    voice: own", "affected: ‸wire\n    voice: own")
    graphs = {q.graph_name.value.rpartition("/")[2] for q in pipeline.load(small.inputs).quads}
    assert {"vocabulary", "vocabulary.corpus", "vocabulary.terms"} <= graphs


def test_a_shape_that_an_own_term_breaks_is_told_with_its_line(small: Small) -> None:
    """`kg check` named no file for a term, so that nobody knew where to mend it."""
    line, column = write(small.folder / "vocabulary.ttl", "‸" + CABLE.replace("skos:definition", "skos:note"))
    asserted = pipeline.load(small.inputs)
    found = [f for f in pipeline.examine(asserted, []) if f.focus == names.expand("technology:cable")]
    assert {f.rule for f in found} == {"ConceptShape-definition"}
    assert [(f.place.file.name, f.place.line, f.place.column) for f in found if f.place] == [
        ("vocabulary.ttl", line, column)
    ]


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("text", "message"), SUBJECTS, ids=lambda v: v[:60])
def test_a_vocabulary_speaks_of_nothing_but_its_own_terms(
    project: Founding, tmp_path: Path, text: str, message: str
) -> None:
    """A file that says something of another's claim, source or term would change what they said."""
    place = write(tmp_path / "vocabulary.ttl", CABLE + text + "\n")
    line, column, found = told(project, tmp_path / "vocabulary.ttl")[0]
    assert (line, column) == place
    assert found.startswith(message)


@pytest.mark.parametrize("predicate", PREDICATES)
def test_a_term_says_only_what_the_list_allows(project: Founding, tmp_path: Path, predicate: str) -> None:
    """Rules read every property of the graph: what may be written there is listed, not what may not."""
    place = write(tmp_path / "vocabulary.ttl", CABLE.replace("    .\n", f"    ‸{predicate} actor:china ;\n    .\n"))
    message = f"{names.compact(names.expand(predicate).replace('my:', 'https://example.org/terms#'))} found"
    ((line, column, found),) = told(project, tmp_path / "vocabulary.ttl")
    assert (line, column) == place
    assert found == f"{message}, which a vocabulary of one's own does not say"


@pytest.mark.parametrize(("said", "message"), OBJECTS, ids=lambda v: v[:60])
def test_what_a_term_says_has_the_form_it_must_have(project: Founding, tmp_path: Path, said: str, message: str) -> None:
    """A class that is none, a link that runs a script, an edge that poses as an assertion."""
    place = write(tmp_path / "vocabulary.ttl", CABLE.replace("    .\n", f"    {said} ;\n    .\n"))
    found = told(project, tmp_path / "vocabulary.ttl")
    assert [(line, column) for line, column, _ in found] == [place] * bool(message)
    assert all(one.startswith(message) for _, _, one in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "‸actor:x a skos:Concept ; skos:altLabel 'x'@en .",
            "actor:x is of no class, air:ActorTerm or a class below it",
        ),
        ("‸actor:x a air:Risk , skos:Concept .", "actor:x is air:Risk, air:ActorTerm or a class below it expected"),
        ("‸my:x a skos:Concept .", "https://example.org/terms#x is of no class, air:Actor, air:ActorKind or its like"),
        ("‸actor:x a air:Firm ; skos:prefLabel 'x'@en .", "actor:x is no skos:Concept, as every term is"),
    ],
)
def test_a_term_is_a_concept_of_its_kind(project: Founding, tmp_path: Path, text: str, message: str) -> None:
    place = write(tmp_path / "vocabulary.ttl", CABLE + "\n" + text)
    ((line, column, found),) = told(project, tmp_path / "vocabulary.ttl")
    assert (line, column) == place
    assert found.startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("technology:cable skos:broader ‸[ a skos:Concept ] .", "a blank node or list found"),
        ("technology:cable skos:broader ‸_:b .", "a blank node or list found"),
        ("technology:cable skos:broader ‸( ) .", "a blank node or list found"),
        ("technology:cable skos:broader ‸<<( my:a my:b my:c )>> .", "a statement about a statement found"),
        ("‸<< my:a my:b my:c >> skos:note 'x' .", "a statement about a statement found"),
        ("technology:cable skos:note 'x' ‸{| my:a my:b |} .", "a statement about a statement found"),
        ("technology:cable skos:note 'x' ‸~ my:r .", "a statement about a statement found"),
        (f"technology:cable skos:broader ‸<https://example.org/{'x' * 500}> .", "a name of 522 characters found"),
        ("technology:cable skos:note ‸skoz:x .", "not Turtle: The prefix skoz: has not been declared"),
        ("technology:cable skos:note 'x‸\u202e' .", "control character U+202E found"),
        ("technology:cable skos:note 'x‸\\u202E' .", "an escaped control character found"),
    ],
    ids=lambda v: v[:40],
)
def test_no_node_without_a_name_and_no_statement_on_statements(
    project: Founding, tmp_path: Path, text: str, message: str
) -> None:
    """What has no name cannot be told apart, and 200,000 triple terms one in another kill the library."""
    place = write(tmp_path / "vocabulary.ttl", CABLE + text)
    found = told(project, tmp_path / "vocabulary.ttl")
    assert found[0][:2] == place
    assert found[0][2].startswith(message)


def test_nested_triple_terms_do_not_reach_the_library(project: Founding, tmp_path: Path) -> None:
    """pyoxigraph 0.5 frees them by recursion: a crash that nothing could catch."""
    many = 200_000
    write(tmp_path / "vocabulary.ttl", "my:a my:b " + "<<( my:a my:b " * many + "my:c " + ")>> " * many + ".")
    assert faults(project, tmp_path / "vocabulary.ttl")


def test_a_subject_that_is_refused_is_told_once(project: Founding, tmp_path: Path) -> None:
    """Not with each of its statements; and the other terms of the file are looked at all the same."""
    text = CABLE.replace("technology:cable", "‸claim:x") + CABLE.replace("air:Technology", "air:Tecnology")
    place = write(tmp_path / "vocabulary.ttl", text)
    found = told(project, tmp_path / "vocabulary.ttl")
    assert found[0][:2] == place
    assert ["claim:x" in message for _, _, message in found] == [True, False, False]


# ── the order of terms ────────────────────────────────────────────────────────────────────────────────


def term(number: int, *broader: str) -> str:
    above = f" skos:broader {' , '.join(broader)} ;" if broader else ""
    return (
        f'technology:t{number} a air:Technology , skos:Concept ; skos:prefLabel "t{number}"@en ;{above} '
        'skos:definition "A technology."@en .\n'
    )


def test_a_circle_of_terms_is_told_where_it_closes(project: Founding, tmp_path: Path) -> None:
    """A circle makes every term in it broader than itself, and a table of narrower terms endless."""
    text = term(1, "technology:t2") + term(2, "technology:t3") + term(3, "‸technology:t1") + term(4, "technology:t1")
    write(tmp_path / "vocabulary.ttl", text)
    ((line, _, message),) = told(project, tmp_path / "vocabulary.ttl")
    assert HEAD.count("\n") < line <= HEAD.count("\n") + 3
    assert message == ("a term is broader than itself: technology:t1 → technology:t2 → technology:t3 → technology:t1")


def test_a_circle_through_two_corpora_is_told_too(project: Founding, tmp_path: Path) -> None:
    write(tmp_path / "a" / "vocabulary.ttl", term(1, "technology:t2"))
    write(tmp_path / "b" / "vocabulary.ttl", term(2, "technology:t1"))
    ((_, _, message),) = told(project, tmp_path / "a" / "vocabulary.ttl", tmp_path / "b" / "vocabulary.ttl")
    assert message.startswith("a term is broader than itself")


def test_a_hierarchy_has_so_many_levels_and_no_more(project: Founding, tmp_path: Path) -> None:
    """A chain of 1,000 made half a million triples; no vocabulary that people use is 30 levels deep."""
    levels = hierarchy.LEVELS
    chain = term(1) + "".join(term(n, f"technology:t{n - 1}") for n in range(2, levels + 1))
    write(tmp_path / "vocabulary.ttl", chain)
    assert told(project, tmp_path / "vocabulary.ttl") == []
    more = "".join(term(n, f"‸technology:t{n - 1}"[n > levels + 1 :]) for n in range(levels + 1, levels + 4))
    place = write(tmp_path / "vocabulary.ttl", chain + more)
    assert told(project, tmp_path / "vocabulary.ttl") == [
        (*place, f"technology:t{levels + 1} stands {levels + 1} levels deep, at most {levels} expected")
    ]


def test_a_term_has_so_many_broader_terms_and_no_more(project: Founding, tmp_path: Path) -> None:
    """Thirty layers, each below all of the one above, are a closure of millions within 30 levels."""
    layers = [[f"technology:t{10 * layer + n}" for n in range(10)] for layer in range(12)]
    text = "".join(
        term(int(name[12:]), *(layers[depth - 1] if depth else ()))
        for depth, layer in enumerate(layers)
        for name in layer
    )
    write(tmp_path / "vocabulary.ttl", text)
    found = told(project, tmp_path / "vocabulary.ttl")
    assert {message for _, _, message in found} == {
        f"technology:t{n} has 110 broader terms, at any distance, at most {hierarchy.WIDER} expected"
        for n in range(110, 120)
    }
    assert min(line for line, _, _ in found) == HEAD.count("\n") + 111
    write(tmp_path / "vocabulary.ttl", "".join(text.splitlines(keepends=True)[:110]))
    assert told(project, tmp_path / "vocabulary.ttl") == []


# ── where a statement stands ──────────────────────────────────────────────────────────────────────────


def test_every_statement_of_the_founding_vocabulary_has_its_place() -> None:
    """The place comes from a reader of tokens of our own, which must see what the library sees."""
    seen = 0
    for file in pipeline.ontology_files():
        if file.parent.name != "vocabulary":
            continue
        turtle = OwnTurtle(file)
        lines = file.read_text(encoding="utf-8").split("\n")
        for number, triple in enumerate(turtle.triples):
            for part in ("subject", "predicate", "object"):
                place = turtle.place(number, part)
                stands = lines[place.line - 1][place.column - 1 :]
                node = getattr(triple, part)
                text = f'"{node.value}'.split("\n")[0] if hasattr(node, "datatype") else names.compact(node.value)
                text = "a " if text == "rdf:type" else text
                # Turtle writes a truth value bare
                text = text.strip('"') if text in ('"true', '"false') else text
                assert stands.replace('\\"', '"').startswith(text) or stands.startswith(f"<{node.value}>"), (
                    place,
                    text,
                )
                seen += 1
    assert seen > 10_000


@pytest.mark.parametrize(
    "text",
    [
        "my:a my:p my:b.\nmy:c my:p my:d .",
        r"my:a my:p 'it\'s'@en-GB , 'a\\' ;; my:q 1.5 , .5 , 1. my:b a my:C .",
        'my:a my:p """long "quoted" . ; ,\n text""" , """\\"""" . my:b a my:C .',
        'my:a my:p true,false;my:q<urn:x>.<urn:y>my:p"z".my:b my:p my:c',
        "PREFIX z: <urn:z:>\nz:a z:b z:c . # z:d . ; ,\nBASE <urn:b:> z:x z:y <e#f> .\n@base <urn:c:> . <g> z:y '#' .",
        "my:a.b my:c\\,d my:%20x , my:e-f.g ; a my:h .",
        "my:a my:p '''x'''^^xsd:string , 'y'^^<urn:t> ; my:q 'z' .",
        "my:prefix my:base my:version . my:a my:p my:b .",
    ],
)
def test_places_are_found_however_turtle_is_written(tmp_path: Path, text: str) -> None:
    """People write Turtle in many ways; a fault told on the wrong line is worse than one without a line."""
    text = text if text.rstrip().endswith(".") else text + " ."
    write(tmp_path / "vocabulary.ttl", text)
    turtle = OwnTurtle(tmp_path / "vocabulary.ttl")
    lines = (HEAD + text).split("\n")
    for number, triple in enumerate(turtle.triples):
        for part in ("subject", "predicate", "object"):
            place = turtle.place(number, part)
            stands = lines[place.line - 1][place.column - 1 :]
            value = getattr(triple, part).value
            last = re.split(r"[/#:]", value)[-1][:3].replace("\\", "")
            assert place.line > HEAD.count("\n")
            assert last.split("\n")[0].replace("'", "") in stands.replace("\\", "").replace(
                "'", ""
            ) or stands.startswith("a ")
