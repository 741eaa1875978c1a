"""Binding: what a person or a file says reaches SPARQL as a term of the RDF library, never as text."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Run
from unbound import unbound

from kg.queries import Bound, Param, Query, bind, node, nodes, part

ROOT = Path(__file__).parent.parent
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
        {"x": ox.BlankNode("b")},
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


# no argument of a process can hold a NUL, and one that comes otherwise is refused: see the test after this
@pytest.mark.parametrize(
    "text",
    ["either / or", "http://x.org/x", *(text.replace("\0", "") for text in NASTY)],
    ids=lambda text: ascii(text)[:30],
)
def test_a_parameter_of_type_text_may_hold_anything(kg: Run, text: str) -> None:
    """It names no thing, so that no label is looked up for it; here no claims differ in such a slot."""
    code, out, err = kg("ask", "disagreements", "--slot", text, "-f", "tsv")
    assert (code, out.count("\n"), err) == (0, 1, "The sources say nothing about this.\n")


def test_a_nul_is_refused(kg: Run) -> None:
    code, out, err = kg("ask", "disagreements", "--slot", "a\0b", "-f", "tsv")
    assert (code, out) == (2, "")
    assert err.startswith("error: ") and "\0" not in err


def test_bytes_that_are_no_text_are_refused(kg: Run) -> None:
    """Python passes them on as lone surrogates, for which RDF has no place."""
    code, out, err = kg("ask", "disagreements", "--slot", "\udcff")
    assert (code, out, err.splitlines()[0]) == (2, "", "error: slot found with bytes that are no text")


NO_NAMES = (
    "http://a b",
    "<x>",
    "<http://x.org/>",
    "x>} SELECT * WHERE { ?s ?p ?o",
    "actor:x> ?p ?o } #",
    "a:{",
)


@pytest.mark.parametrize("typed", NO_NAMES, ids=ascii)
def test_what_names_nothing_is_told_in_a_line(kg: Run, typed: str) -> None:
    code, out, err = kg("show", typed)
    assert (code, out, err.splitlines()[0]) == (2, "", f"error: nothing is named '{typed}'")
    code, out, err = kg("ask", "about", "--thing", typed)
    assert (code, out, err.splitlines()[0]) == (2, "", f"error: thing '{typed}' is not in the graph")


# ── nothing goes round it ─────────────────────────────────────────────────────────────────────────────

TYPED = {"kg/store/worker.py": "runs the query that a person typed, whole"}
"""Modules that may run what was not bound, each with its reason."""

MODULES = sorted(file for folder in ("kg", "bench") for file in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_query_is_a_constant_with_terms_bound_into_it(module: Path) -> None:
    """Text that is formatted into a query can end what it stands in, whoever wrote it."""
    found = unbound(module.read_text(encoding="utf-8"))
    assert bool(found) == (module.relative_to(ROOT).as_posix() in TYPED), found


HEAD = """
import pyoxigraph as ox, rdflib
from typing import cast
from kg import names, queries
from kg.grounds import Engine
from kg.queries import Bound, Param, Query, bind, counting, first, part, with_prefixes
from kg.queries import bind as fill
A, B = "?s a", "air:Claim"
Q = "SELECT * WHERE { ?s a $x }"
TWICE = "SELECT * WHERE { ?s a air:Claim }"
TWICE = names.AIR
JOINED = "SELECT * WHERE { ?s a " + B + " }"
def ask(engine: Engine, store: ox.Store, graph: rdflib.Graph, job, question, x, text: str, ready: Bound):
"""

PLANTED = (
    'engine(f"SELECT * WHERE {{ ?s a <{x}> }}")',
    'engine(bind(f"SELECT * WHERE {{ ?s a <{x}> }}"))',
    'engine(bind("SELECT * WHERE { ?s a <%s> }" % x))',
    'engine(bind("SELECT * WHERE {{ ?s a <{}> }}".format(x)))',
    'engine(bind("SELECT * WHERE { ?s a <" + x + "> }"))',
    'engine(bind(Q.replace("$x", x)))',
    'engine(bind(" ".join(["SELECT * WHERE {", x, "}"])))',
    "engine(bind(Q % x))",
    "engine(bind(Q.format(x)))",
    "engine(bind(Q + x))",
    "engine(bind(TWICE))",
    "engine(bind(JOINED))",
    "engine(bind(text))",
    "engine(bind(*text))",
    "engine(bind(x.text))",
    "engine(bind())",
    "engine(queries.bind(text))",
    "engine(fill(text))",
    'engine(bind("SELECT * WHERE { $part }", part=part(f"?s a <{x}>")))',
    "engine(with_prefixes(text))",
    "engine(first(text))",
    "engine(first(str(ready)))",
    "engine(first())",
    "query = bind(Q, x=x)\n query = counting(text, x)\n engine(query)",
    "engine(text)",
    "engine(Q)",
    "engine(str(ready))",
    "engine(ready if x else text)",
    "grounds.local(store)(text)",
    "job.engine(text)",
    "job.engine(query=text)",
    "store.query(text)",
    "store.query(Q)",
    "graph.query(text)",
    "x.anything.query(text)",
    "store.update(text)",
    "x.store.update(Q)",
    'x.update("DELETE WHERE { ?s ?p ?o }")',
    "rdflib.plugins.sparql.prepareQuery(text)",
    "query = bind(Q, x=x)\n query = query + x\n engine(query)",
    "query = bind(Q, x=x)\n query += x\n engine(query)",
    "for query in x: engine(query)",
    "query, other = bind(Q, x=x), text\n engine(query)",
    "Q = text\n engine(bind(Q))",
    "engine(Bound(text))",
    "engine(queries.Bound(text))",
    "engine(cast(Bound, text))",
    'engine(cast("Bound", text))',
    'engine(Query("ask", "q", "q.rq", text, {}).bind({}))',
    'engine(Query(kind="ask", name="q", file="q.rq", text=text, header={}).bind({}))',
    "engine(question._replace(text=text).bind({}))",
    'engine(Param("p", "p", "term", "", text).listing())',
    "def inner(query: str): return engine(query)",
    'x.post(f"SELECT * WHERE {{ ?s a <{text}> }}")',
    'x.post("INSERT DATA { %s }" % text)',
)


@pytest.mark.parametrize("line", PLANTED)
def test_a_query_made_of_text_is_found(line: str) -> None:
    """The rule has been seen to fail for each kind of call and each way of making a text."""
    found = [what for what in unbound(f"{HEAD} {line}\n") if int(what.partition(":")[0]) >= len(HEAD.splitlines())]
    assert found, line


SOUND = (
    "engine(bind(Q, x=x))",
    "job.engine(queries.bind(Q, x=x))",
    "engine(bind('SELECT * ' 'WHERE { ?s a $x }', x=x))",
    "engine(bind(Q, x=x) if x else question.bind({}))",
    "engine(question.bind(x))",
    "engine(question.params[0].listing())",
    "query = bind(Q, x=x)\n engine(query)",
    "engine(ready)",
    "engine(first(bind(Q, x=x)))",
    "less = counting(ready, x)\n engine(less)",
    "def inner(query: Bound): return engine(first(query))",
    "def inner(query: Bound): return store.query(query)",
    "engine(bind('SELECT * WHERE { $all }', all=[part('?s a $x .', x=x)]))",
    'engine(Query("infer", "q", "q.rq", bind(Q, x=x), {}).bind({}))',
    'x.update(f"{text}")',
    'print(f"values: {text}")',
    "store.query(bind(Q, x=x), use_default_graph_as_union=True)",
)


@pytest.mark.parametrize("line", SOUND)
def test_a_query_that_is_bound_is_not_found(line: str) -> None:
    assert [what for what in unbound(f"{HEAD} {line}\n") if int(what.partition(":")[0]) >= len(HEAD.splitlines())] == []


def test_a_slip_in_a_module_of_ours_is_found_with_its_line() -> None:
    source = (ROOT / "kg" / "ask" / "links.py").read_text(encoding="utf-8")
    sound, slip = "bind(_LINKS, claims=nodes(claims))", "bind(_LINKS.replace('$claims', ' '.join(claims)))"
    assert (unbound(source), source.count(sound)) == ([], 1)
    line = source[: source.index(sound)].count("\n") + 1
    assert unbound(source.replace(sound, slip)) == [
        f"{line}: SPARQL is made by .replace",
        f"{line}: bind of what is no constant",
    ]
