"""Binding: what a person or a file says reaches SPARQL as a term of the RDF library, never as text."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.queries import Bound, Param, Query, bind, node, nodes, part

X = ox.NamedNode("http://x.org/x")

NASTY = (
    '"',
    "'",
    "\\",
    '\\"',
    '"""',
    "'''",
    "a\nb\r\tc",
    "\x00\x01\x1f\x7f\x85\u2028\ufeff\uffff",
    "\\u0022 } #",  # SPARQL decodes these before it parses
    "\\\\u0022 } #",
    "\\U00000022",
    '" } SELECT * WHERE { ?s ?p ?o } #',
    "} SERVICE <http://x.org/> { ?s ?p ?o",
    "$text $other ?v <a> #",
    "either / or",
    "http://x.org/x",
    "\u202e‌ی😀",
    "}" * 100_000,
)

QUERY = Query("ask", "q", "q.rq", "SELECT ($text AS ?v) (1 AS ?w) WHERE { }", {}, (Param("text", "", "text", "", ""),))


def comes_back(text: str) -> None:
    """One row with the two columns of the question: a text that ended its string would add, drop or break something."""
    for query in (QUERY.bind({"text": ox.Literal(text)}), bind(QUERY.text, text=ox.Literal(text))):
        found = ox.Store().query(query)
        assert isinstance(found, ox.QuerySolutions)
        assert [variable.value for variable in found.variables] == ["v", "w"]
        assert [[term.value for term in row] for row in found] == [[text, "1"]]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:30])
def test_a_text_made_to_break_out_comes_back_as_itself(text: str) -> None:
    comes_back(text)


TEXT = st.lists(st.sampled_from(NASTY[:-1]) | st.text(st.characters(exclude_categories=["Cs"]))).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXT)
def test_any_text_comes_back_as_itself_and_changes_nothing_else(text: str) -> None:
    comes_back(text)


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(TEXT, max_size=20))
def test_a_list_is_the_rows_of_values_whatever_it_holds(texts: list[str]) -> None:
    rows = [(X, ox.Literal(text)) for text in texts]
    found = ox.Store().query(bind("SELECT ?x ?t WHERE { VALUES (?x ?t) { $rows } }", rows=rows))
    assert [tuple(row) for row in found] == rows
    bare = ox.Store().query(bind("SELECT ?t WHERE { VALUES ?t { $rows } }", rows=[t for _, t in rows]))
    assert [row["t"].value for row in bare] == texts


def test_a_name_within_a_string_an_iri_or_a_comment_is_none() -> None:
    text = '# $a\nSELECT * WHERE { ?s <http://x.org/$b> "$c", \'$d\', """$e""" ; ?p $x }'
    assert bind(text, x=X) == text.replace("$x", str(X))


def test_prefixes_of_the_project_are_declared_and_values_declare_none() -> None:
    assert bind("SELECT ?s WHERE { ?s a air:Claim ; ?p $text }", text=ox.Literal("owl:x")).splitlines() == [
        "PREFIX air: <https://w3id.org/airkg/ns/>",
        'SELECT ?s WHERE { ?s a air:Claim ; ?p "owl:x" }',
    ]


def test_what_was_bound_may_stand_in_a_larger_query() -> None:
    inner = part("?x a $cls .", cls=X)
    assert type(inner) is Bound
    assert bind("SELECT $v WHERE { $inner }", v=ox.Variable("x"), inner=inner) == f"SELECT ?x WHERE {{ ?x a {X} . }}"
    assert part("$all", all=[inner, inner]) == f"{inner} {inner}"


@pytest.mark.parametrize(
    "values",
    [
        {"x": "<http://x.org/>"},
        {"x": 1},
        {"x": None},
        {"x": ["a"]},
        {"x": [("a",)]},
        {"x": [[X]]},
        {"x": ox.BlankNode()},
    ],
    ids=str,
)
def test_a_value_that_is_no_term_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="a term of the RDF library expected"):
        bind("SELECT * WHERE { $x ?p ?o }", **values)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a term of the RDF library expected"):
        Query("ask", "q", "q.rq", "SELECT * WHERE { $x ?p ?o }", {}).bind(values)  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [{}, {"y": X}, {"x": X, "y": X}], ids=str)
def test_a_name_without_a_value_or_a_value_without_a_name_is_a_slip(values: dict[str, ox.NamedNode]) -> None:
    """SPARQL would take the name as a variable, which matches everything."""
    with pytest.raises(TypeError, match="expected"):
        bind("SELECT * WHERE { $x ?p ?o }", **values)


@pytest.mark.parametrize("typed", ["", "a", "<x>", "http://a b", "x>} SELECT", "a:{", "http://a/\ud800", 'a:"'])
def test_what_is_no_iri_makes_no_node(typed: str) -> None:
    assert node(typed) is None
    with pytest.raises(ValueError):
        nodes([typed])
