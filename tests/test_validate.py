"""Validation: what breaks a shape or a check is told with its place in the coding, and a violation stops the build."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from small import Small

from kg import names, pipeline
from kg.errors import Place, QueryError
from kg.queries import Query, read_file
from kg.store.local import current, open_store
from kg.validate.checks import check
from kg.validate.findings import Finding, Invalid
from kg.validate.shapes import conform

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.PREFIXES.items())

SHAPES = """
air:ThingShape a sh:NodeShape ; sh:targetClass air:Thing ;
    sh:property air:ThingShape-name , air:ThingShape-size , air:ThingShape-note ;
    sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:severity sh:Violation ;
    sh:message "A thing has no other property; remove it."@en .
air:ThingShape-name a sh:PropertyShape ; sh:path air:name ; sh:minCount 1 ; sh:severity sh:Violation ;
    sh:message "Braucht einen Namen."@de , "Needs a name; give it one."@en .
air:ThingShape-size a sh:PropertyShape ; sh:path air:size ; sh:datatype xsd:integer ; sh:severity sh:Warning ;
    sh:message "A size is a number; write digits."@en .
air:ThingShape-note a sh:PropertyShape ; sh:path air:note ; sh:maxCount 0 ; sh:severity sh:Info ;
    sh:message "A note is for coders; leave it out."@en .
"""

WHERE = {names.thing("actor", "a"): Place(Path("coding.yaml"), 7, 3)}


def quads(text: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))


def shapes(text: str = SHAPES) -> list[ox.Triple]:
    return [quad.triple for quad in quads(text)]


def test_a_finding_says_what_is_wrong_where_and_what_to_do() -> None:
    """The line that a coder reads: place, severity, node, message with remedy, value, rule."""
    data = 'actor:a a air:Thing ; air:size "big" ; air:colour "red" ; air:note "x" .'
    found = conform(quads(data), shapes(), WHERE)
    assert list(map(str, found)) == [
        "coding.yaml:7:3: error: actor:a: A thing has no other property; remove it. (found red) [ThingShape]",
        "coding.yaml:7:3: error: actor:a: Needs a name; give it one. [ThingShape-name]",
        "coding.yaml:7:3: warning: actor:a: A size is a number; write digits. (found big) [ThingShape-size]",
        "coding.yaml:7:3: info: actor:a: A note is for coders; leave it out. [ThingShape-note]",
    ]


def test_a_thing_that_keeps_its_shapes_has_no_finding() -> None:
    """A closed shape knows its own properties, also when they are checked apart from it."""
    assert conform(quads('actor:a a air:Thing ; air:name "a" ; air:size 5 .'), shapes(), {}) == []


def test_checking_property_shapes_apart_finds_what_checking_them_in_place_does(small: Small) -> None:
    """Property shapes are given the targets of their node shape, for speed; the findings must not change."""
    import pyshacl
    import rdflib

    asserted = pipeline.load(small.inputs)
    claim = ox.NamedNode(names.thing("claim", "firms-own-the-cables"))
    graph = ox.NamedNode(names.source_graph("doe2026"))
    cause, subject = (ox.NamedNode(names.term(name)) for name in ("hasCause", "hasSubject"))
    broken = [q for q in asserted.quads if (q.subject, q.predicate) != (claim, subject)]
    broken.append(ox.Quad(claim, cause, ox.Literal("x"), graph))
    found = {(f.focus, f.rule) for f in conform(broken, asserted.shapes, {})}

    def parsed(triples: object) -> rdflib.Graph:
        return rdflib.Graph().parse(data="".join(f"{t} .\n" for t in triples), format="nt")  # type: ignore[attr-defined]

    _, report, _ = pyshacl.validate(
        parsed(q.triple for q in broken), shacl_graph=parsed(asserted.shapes), allow_infos=True, allow_warnings=True
    )
    sh = rdflib.Namespace(names.PREFIXES["sh"])
    plain = {
        (str(report.value(r, sh.focusNode)), names.slug_of(str(report.value(r, sh.sourceShape))))
        for r in report.subjects(rdflib.RDF.type, sh.ValidationResult)
    }
    assert found == plain
    assert len(found) >= 2


def test_findings_come_in_a_fixed_order() -> None:
    """Violations first, then by node: two runs over the same data can be compared line by line."""
    data = 'actor:b a air:Thing ; air:note "x" . actor:a a air:Thing ; air:size "big" . actor:c a air:Thing .'
    found = [(f.severity, names.compact(f.focus)) for f in conform(quads(data), shapes(), {})]
    assert found == [
        ("violation", "actor:a"),
        ("violation", "actor:b"),
        ("violation", "actor:c"),
        ("warning", "actor:a"),
        ("info", "actor:b"),
    ]


def test_no_inference_lends_bad_data_the_type_that_its_shape_asks_for() -> None:
    """A range or a subclass in the ontology must not make a wrong value right."""
    ontology = "air:knows rdfs:range air:Person . air:knows rdfs:domain air:Person . "
    shape = (
        "air:S a sh:NodeShape ; sh:targetSubjectsOf air:knows ; sh:property air:S-knows . "
        "air:S-knows a sh:PropertyShape ; "
        'sh:path air:knows ; sh:class air:Person ; sh:severity sh:Violation ; sh:message "A person."@en .'
    )
    assert len(conform(quads(ontology + "actor:a air:knows actor:b ."), shapes(shape), {})) == 1


def test_the_small_corpus_keeps_every_shape_and_check(small: Small) -> None:
    """The tests below mean something only because of this one."""
    asserted = pipeline.load(small.inputs)
    assert [f for f in pipeline.examine(asserted, pipeline.derive(asserted)) if f.severity != "info"] == []


def test_every_node_that_a_coder_made_has_a_place(small: Small) -> None:
    """Whatever a shape complains of, the coder is sent to a line or at least to a file."""
    asserted = pipeline.load(small.inputs)
    graph = names.source_graph("doe2026")
    made = {q.subject.value for q in asserted.quads if q.graph_name.value == graph}
    helpers = tuple(names.PREFIXES[kind] for kind in ("position", "coder"))
    assert {iri for iri in made - asserted.places.keys() if not iri.startswith(helpers)} == set()
    files = {
        kind: asserted.places[names.thing(kind, *slug)].file.name
        for kind, slug in (
            ("source", ("doe2026",)),
            ("work", ("roe2020",)),
            ("claim", ("firms-own-the-cables",)),
        )
    }
    assert files == {"source": "source.yaml", "work": "references.json", "claim": "coding.yaml"}


def test_a_violation_stops_the_build_and_nothing_is_published(small: Small, tmp_path: Path) -> None:
    """A graph that breaks a rule is not served, and the good one that was there still is."""
    store = tmp_path / "store"
    good, bad = "  - claim: firms-own-the-cables\n", "  - claim: machines-weaken-state-monopoly\n"
    line, _ = small.edit("coding.yaml", good, bad)
    with pytest.raises(Invalid) as caught:
        pipeline.build(small.inputs, store)
    assert caught.value.exit_code == 1
    assert current(store) is None
    assert not list(store.glob("builds/*"))
    shown = str(caught.value).split("\n")
    assert all(" error: " in one for one in shown)
    assert any(f"doe2026/coding.yaml:{line}:5: error: link:doe2026.machines-weaken" in one for one in shown)

    small.edit("coding.yaml", bad, good)
    pipeline.build(small.inputs, store)
    before = current(store)
    small.edit("coding.yaml", good, bad)
    with pytest.raises(Invalid):
        pipeline.build(small.inputs, store)
    assert current(store) == before
    assert len(open_store(store))


def test_warnings_do_not_stop_a_build_and_are_counted(small: Small, tmp_path: Path) -> None:
    """A coder's doubt is no reason to serve nothing."""
    small.edit("coding.yaml", "    hedge: categorical\n    mode: norm", "    hedge: conditional\n    mode: norm")
    built = pipeline.build(small.inputs, tmp_path / "store")
    assert built.fresh
    (warning,) = [f for f in built.findings if f.severity == "warning"]
    assert warning.rule == "condition-missing"
    assert warning.place is not None
    assert warning.place.line == 49


def query(folder: Path, text: str, severity: str = "warning") -> Query:
    (folder / "check").mkdir(exist_ok=True)
    file = folder / "check" / "colour.rq"
    header = f'#+ summary: x\n#+ message: "{{focus}} is {{value}}"\n#+ remedy: paint it\n#+ severity: {severity}\n'
    file.write_text(header + text)
    return read_file(file)[0]


def store_of(text: str) -> ox.Store:
    store = ox.Store()
    store.extend(quads(text))
    return store


def test_each_row_of_a_check_is_a_finding(tmp_path: Path) -> None:
    """Message and remedy stand in the query's header, filled from the row."""
    asked = query(tmp_path, "SELECT ?focus ?value WHERE { ?focus air:colour ?value } ORDER BY ?focus\n")
    found = check(store_of("actor:b air:colour actor:red . actor:a air:colour actor:red ."), [asked], WHERE)
    one, other = (names.thing("actor", slug) for slug in "ab")
    assert found == [
        Finding("warning", "colour", one, "actor:a is actor:red; paint it", "", WHERE[one]),
        Finding("warning", "colour", other, "actor:b is actor:red; paint it", "", None),
    ]
    assert str(found[0]) == "coding.yaml:7:3: warning: actor:a: actor:a is actor:red; paint it [colour]"


def test_a_check_without_rows_is_no_finding(tmp_path: Path) -> None:
    """Checks must be empty."""
    asked = query(tmp_path, "SELECT ?focus WHERE { ?focus air:size ?value }\n")
    assert check(store_of("actor:a air:colour actor:red ."), [asked], {}) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT ?focus WHERE {\n  ?focus nowhere:x ?y }\n", "colour.rq:6:19: error: not SPARQL: an undeclared prefix"),
        ("ASK { ?focus air:x ?y }\n", "colour.rq: error: a SELECT query expected"),
    ],
)
def test_a_broken_check_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    """A check that does not run must not pass for one that found nothing."""
    with pytest.raises(QueryError) as caught:
        check(store_of(""), [query(tmp_path, text)], {})
    assert told in str(caught.value)


def test_a_check_of_an_unknown_severity_is_refused(tmp_path: Path) -> None:
    """Severity is a promise: a misspelt violation would stop nothing."""
    with pytest.raises(QueryError) as caught:
        query(tmp_path, "SELECT ?focus WHERE { }\n", severity="violaton")
    assert "colour.rq:4:14: error: severity 'violaton' is not one of violation, warning, info" in str(caught.value)
    assert "did you mean 'violation'?" in str(caught.value)


HEADERS = [
    ("SELECT * WHERE { }\n", 1, 1, "no header found, lines that begin with #+ expected"),
    ("#+summary: x\n", 1, 3, "'s' found, a space after #+ expected"),
    ("#+ summary: x\n#+ sumary: y\n", 2, 4, "unknown key 'sumary'"),
    ("#+ summary: x\n#+ summary: y\n", 2, 4, "key 'summary' stands twice"),
    ("#+ summary: [x\n", 2, 4, "not YAML: expected ',' or ']', but got '<stream end>'"),
    ("#+ - x\n", 1, 1, "a header of keys and values, in one of the folders ask, check, infer, project, expected"),
    ("#+ summary: x\n", 1, 1, "key 'order' is missing from the header"),
    ("#+ summary: x\n#+ order: first\n", 2, 11, "'first' found, a number expected for 'order'"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), HEADERS)
def test_a_broken_header_is_an_error_with_its_line(
    tmp_path: Path, text: str, line: int, column: int, message: str
) -> None:
    """A question whose header is half read would answer something else."""
    (tmp_path / "infer").mkdir()
    file = tmp_path / "infer" / "x.rq"
    file.write_text(text)
    with pytest.raises(QueryError) as caught:
        read_file(file)[0]
    assert (caught.value.place.line, caught.value.place.column, caught.value.message) == (line, column, message)


@pytest.mark.parametrize("key", ["tags", "tags-fa"])
def test_the_words_by_which_a_question_is_found_are_a_list(tmp_path: Path, key: str) -> None:
    """A text would be taken for its letters."""
    (tmp_path / "ask").mkdir()
    file = tmp_path / "ask" / "x.rq"
    header = {"summary": "x", "question": "x", "tags": "[a]", "tags-fa": "[a]", "columns": "{a: a}"} | {key: "weaken"}
    file.write_text(
        "".join(f"#+ {name}: {value}\n" for name, value in header.items()) + "SELECT ?a WHERE { ?a ?b ?c }\n"
    )
    with pytest.raises(QueryError) as caught:
        read_file(file)[0]
    found = (caught.value.place.line, caught.value.message)
    assert found == (list(header).index(key) + 1, f"a list expected for '{key}'")


def test_a_comment_below_the_header_belongs_to_the_query(tmp_path: Path) -> None:
    """The body begins where the header ends, and is left as it is."""
    (tmp_path / "infer").mkdir()
    file = tmp_path / "infer" / "x.rq"
    file.write_text(
        "#+ summary: x\n#+ order: 1\n# why: no prefix air: needed\nCONSTRUCT { ?s a air:X } WHERE { ?s a air:Y }\n"
    )
    read = read_file(file)[0]
    assert (read.line, read.text.split("\n")[0]) == (3, "# why: no prefix air: needed")
    assert read.bind({}).startswith("PREFIX air: <https://w3id.org/airkg/ns/>\n# why")


def test_an_invalid_graph_is_one_error_with_all_its_findings() -> None:
    """What the user reads is every finding, not the first."""
    one = Finding("violation", "a", "x", "m")
    assert str(Invalid([one, replace(one, rule="b")])) == "error: x: m [a]\nerror: x: m [b]"
