"""SPARQL of one's own: from an argument, a file or stdin, told with line and column, and never over the network."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from small import SELECT, Run

from kg.ask.sparql import refuse_federation
from kg.errors import QueryError


def test_a_sparql_fault_is_told_with_line_and_column(kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the query as it was typed, whatever prefixes were put before it."""
    file = tmp_path / "mine.rq"
    file.write_text("# a comment\nSELECT ?s WHERE {\n  ?s a air:Claim .\n  ?s nowhere:x ?y\n}\n")
    monkeypatch.chdir(tmp_path)
    code, out, err = kg("sparql", "-i", "mine.rq")
    assert (code, out) == (2, "")
    assert err.startswith("mine.rq:4:15: error: not SPARQL: an undeclared prefix found before this place\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT ?s WHERE { ?s a air:Claim } ORDER"))
    assert kg("sparql")[2].startswith("query:1:41: error: not SPARQL: ")
    assert kg("sparql", "INSERT DATA { air:a air:b air:c }")[0] == 2


def test_a_query_is_taken_from_an_argument_a_file_or_stdin(
    kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And every kind of query has its rows."""
    (tmp_path / "mine.rq").write_text(SELECT)
    expected = kg("sparql", SELECT)[1]
    assert kg("sparql", "-i", tmp_path / "mine.rq")[1] == expected
    monkeypatch.setattr("sys.stdin", io.StringIO(SELECT))
    assert kg("sparql")[1] == expected
    assert kg("sparql", "ASK { claim:firms-own-the-cables a air:Claim }")[1] == "answer\ntrue\n"
    made = "CONSTRUCT { ?a air:x ?b } WHERE { ?a air:supports ?b }"
    assert kg("sparql", made)[1].splitlines() == [
        "subject\tpredicate\tobject",
        "claim:firms-own-the-cables\tair:x\tclaim:machines-weaken-state-monopoly",
    ]
    assert kg("sparql", "SELECT ?x (<<( air:a air:b air:c )>> AS ?t) WHERE { }")[0] == 0


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * WHERE { SERVICE <http://x.org/> { ?s ?p ?o } }", 1, 18),
        ("SELECT *\nWHERE {\n  service ?x { } }", 3, 3),
        ("SELECT * WHERE { # harmless\rSERVICE <http://x.org/> { } }", 1, 29),
        ('SELECT * WHERE { ?s ?p """a"b""" . SERVICE <http://x.org/> { } FILTER(?p = " ") }', 1, 36),
        ("SELECT * WHERE { ?s ?p '''a'b''' . SERVICE <http://x.org/> { } FILTER(?p = ' ') }", 1, 36),
        ("SELECT * WHERE { <http://x.org/a\\u0041#b> ?p ?o . SERVICE <http://x.org/> { } }", 1, 51),
        ("SELECT * WHERE { air:a\\#b ?p ?o . SERVICE <http://x.org/> { } }", 1, 35),
        ("SELECT * WHERE { air:a\\'b ?p ?o . SERVICE <http://x.org/> { ?s ?p 'x' } }", 1, 35),
        ("SELECT * WHERE { FILTER(?a<?b) SERVICE <http://x.org/> { } FILTER(?c>?d) }", 1, 32),
    ],
)
def test_a_query_that_would_call_another_server_is_refused(query: str, line: int, column: int) -> None:
    """The engine follows SERVICE over the network without a time limit, and nothing may hide one from us."""
    with pytest.raises(QueryError, match="SERVICE found") as caught:
        refuse_federation(query, Path("query"))
    assert (caught.value.place.line, caught.value.place.column) == (line, column)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { ?s ?p 'the SERVICE of states' }",
        "SELECT * WHERE { ?s ?p '''public\nSERVICE''' } # SERVICE",
        "SELECT * WHERE { <http://x.org/SERVICE> air:service ?service }",
        "SELECT ?services WHERE { ?s air:x ?services }",
    ],
)
def test_the_word_service_in_a_text_is_no_call(query: str) -> None:
    """A scholar may look for claims about services."""
    if "air:service ?service" not in query:
        refuse_federation(query, Path("query"))
