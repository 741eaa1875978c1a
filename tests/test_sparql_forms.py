"""What `kg sparql` gives in W3C's forms, and what it says of a query that means nothing here."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from small import SELECT, Run

from kg import channels, names
from kg.ask.results import GRAPHS, RESULTS
from kg.ask.unknown import used
from kg.cli.table import W3C

MADE = "CONSTRUCT { ?a air:supports ?b ; air:statement ?text } WHERE { ?a air:supports ?b ; air:statement ?text }"
ASKED = "ASK { ?claim a air:Claim }"
TERMS = """SELECT * { VALUES (?iri ?text ?tagged ?number ?none) {
  (<http://x.org/é> "a\\tb\\n\\"c\\", \u202b" "سلام"@fa 1.5 UNDEF) ("=1+1" "" "x"@en--rtl true air:Claim) } }"""


def test_the_command_offers_the_forms_that_there_are() -> None:
    assert (*RESULTS, *GRAPHS) == W3C


@pytest.mark.parametrize(("form", "engine"), [("srj", "JSON"), ("srx", "XML"), ("w3c-tsv", "TSV")])
@pytest.mark.parametrize("query", [SELECT, TERMS], ids=["rows", "terms of every kind"])
def test_results_are_read_back_as_they_were(kg: Run, form: str, engine: str, query: str) -> None:
    """By a reader of W3C's forms: IRIs whole, languages, datatypes and directions kept."""
    code, out, err = kg("sparql", query, "-f", form)
    assert (code, err) == (0, "")
    found = ox.parse_query_results(out.encode(), getattr(ox.QueryResultsFormat, engine))
    rows = [[row[variable] for variable in found.variables] for row in found]
    if query == TERMS:
        wanted = ox.Store().query(TERMS, prefixes=names.PREFIXES)
        assert rows == [[row[variable] for variable in found.variables] for row in wanted]
    else:
        plain = json.loads(kg("sparql", query, "-f", "json")[1])
        assert [[names.compact(term.value) for term in row] for row in rows] == [list(row.values()) for row in plain]


def test_csv_of_w3c_has_values_alone_and_iris_whole(kg: Run) -> None:
    code, out, _ = kg("sparql", TERMS, "-f", "w3c-csv")
    assert code == 0 and out.count("\r\n") == 3
    head, first, second = csv.reader(io.StringIO(out, newline=""))
    found = [dict(zip(head, row, strict=True)) for row in (first, second)]
    assert [*map(found[0].get, ("iri", "text", "tagged", "number", "none"))] == [
        *("http://x.org/é", 'a\tb\n"c", \u202b', "سلام", "1.5", "")
    ]
    assert found[1]["none"] == names.expand("air:Claim")


def test_the_projects_own_forms_stay_as_they_are(kg: Run) -> None:
    """`json`, `csv` and `tsv` are rows with short names, as of every other command."""
    query = "SELECT (air:Claim AS ?x) { }"
    assert json.loads(kg("sparql", query, "-f", "json")[1]) == [{"x": "air:Claim"}]
    assert (kg("sparql", query, "-f", "csv")[1], kg("sparql", query, "-f", "tsv")[1]) == ("x\nair:Claim\n",) * 2


@pytest.mark.parametrize("form", GRAPHS)
def test_a_graph_is_read_back_as_it_was(kg: Run, form: str) -> None:
    code, out, err = kg("sparql", MADE, "-f", form)
    assert (code, err) == (0, "")
    format = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}[form]
    found = {tuple(map(str, (q.subject, q.predicate, q.object))) for q in ox.parse(out, format)}
    assert ("<" + names.expand("claim:firms-own-the-cables") + ">", "<" + names.term("supports") + ">") in {
        row[:2] for row in found
    }
    assert len(found) == 2
    assert kg("sparql", MADE, "-f", form)[1] == out
    described = kg("sparql", "DESCRIBE claim:firms-own-the-cables", "-f", form)
    assert described[0] == 0 and "firms-own-the-cables" in described[1]


def test_turtle_declares_the_prefixes_that_it_uses(kg: Run) -> None:
    out = kg("sparql", MADE, "-f", "ttl")[1]
    assert {line.split()[1] for line in out.splitlines() if line.startswith("@prefix")} == {"air:", "claim:"}
    assert "claim:firms-own-the-cables air:" in out


def test_ask_is_true_or_false_in_json_xml_and_text(kg: Run) -> None:
    assert json.loads(kg("sparql", ASKED, "-f", "srj")[1]) == {"head": {}, "boolean": True}
    assert "<boolean>false</boolean>" in kg("sparql", "ASK { ?x air:supports 2 }", "-f", "srx")[1]
    assert kg("sparql", ASKED, "-f", "tsv")[1] == "answer\ntrue\n"


@pytest.mark.parametrize("form", ["srj", "srx", *GRAPHS])
def test_a_suffix_says_the_form(kg: Run, tmp_path: Path, form: str) -> None:
    query = MADE if form in GRAPHS else SELECT
    file = tmp_path / f"answer.{form.upper()}"
    assert kg("sparql", query, "-o", file) == (0, "", "")
    assert file.read_bytes().decode() == kg("sparql", query, "-f", form)[1]
    assert kg("ask", "weakens", "-o", file)[2].startswith(f"error: no form ends in '.{form}'\n")


@pytest.mark.parametrize(
    ("query", "form", "told"),
    [
        (SELECT, "ttl", "error: Turtle holds a graph, and this query gives none\n  hint: CONSTRUCT or DESCRIBE"),
        (ASKED, "jsonld", "error: JSON-LD holds a graph, and this query gives none\n"),
        (MADE, "srx", "error: SPARQL Results XML holds results, and this query gives a graph\n  hint: -f ttl"),
        (ASKED, "w3c-csv", "error: W3C's CSV holds rows, and ASK gives none\n  hint: -f srj"),
        ('SELECT ("a\\u0001" AS ?x) { }', "srx", "error: XML cannot hold the character U+0001 of this answer\n"),
        ('SELECT ("a\\uFFFE" AS ?x) { }', "srx", "error: XML cannot hold the character U+FFFE of this answer\n"),
        ("CONSTRUCT { air:a air:b <<( air:a air:b 1 )>> } { }", "jsonld", "error: JSON-LD does not support RDF 1.2"),
    ],
)
def test_a_form_that_cannot_hold_the_answer_is_refused(
    kg: Run, tmp_path: Path, query: str, form: str, told: str
) -> None:
    """In one line with a hint; the file keeps what it held."""
    code, out, err = kg("sparql", query, "-f", form)
    assert (code, out) == (2, "") and err.startswith(told) and "\n  hint: " in err
    file = tmp_path / "kept"
    file.write_text("before")
    assert kg("sparql", query, "-f", form, "-o", file)[0] == 2
    assert file.read_text() == "before"


def test_what_a_form_holds_survives_a_line_end_and_does_nothing_to_a_reader(kg: Run) -> None:
    """XML's readers make a line feed of a carriage return, unless it is written as a reference."""
    query = 'SELECT ("a\\rb<&>]]>\\u202E" AS ?x) { }'
    written = kg("sparql", query, "-f", "srx")[1]
    (literal,) = ElementTree.fromstring(written).iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert literal.text == "a\rb<&>]]>\u202e"
    out = kg("sparql", query, "-f", "srj")[1]
    assert channels.terminal(out) == out
    assert json.loads(out)["results"]["bindings"][0]["x"]["value"] == "a\rb<&>]]>\u202e"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * { ?c air:hasEfect ?e }", ["air:hasEfect is nowhere in the graph; did you mean 'air:hasEffect'?"]),
        (
            "ASK { ?c a air:EfectClaim }",
            ["air:EfectClaim is nowhere in the graph; did you mean 'air:EffectClaim'?"],
        ),
        (
            "SELECT * { claim:firms-own-the-cable ?p ?o }",
            ["claim:firms-own-the-cable is nowhere in the graph; did you mean 'claim:firms-own-the-cables'?"],
        ),
        (
            "SELECT * FROM <https://w3id.org/airkg/id/graph/doe2025> { ?s ?p ?o }",
            ["graph:doe2025 is nowhere in the graph; did you mean 'graph:doe2026'?"],
        ),
        ("SELECT * { { ?c a air:Claim } UNION { ?c air:zzzz 1 } }", ["air:zzzz is nowhere in the graph"]),
        ("SELECT * { ?c a air:Claim . FILTER(?c != 'air:zz') # air:zzz\n }", []),
        ("PREFIX air: <http://x.org/> SELECT * { ?c air:zzzz ?e }", []),
        ("CONSTRUCT { ?a air:zzzz ?b } { ?a air:supports ?b }", []),
        ("SELECT * { ?c <http://x.org/zzzz> ?e }", []),
        ("SELECT * FROM graph:doe2026 { ?c a air:Claim ; air:statement ?text }", []),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_nearest(kg: Run, query: str, told: list[str]) -> None:
    code, _, err = kg("sparql", query)
    assert (code, err.splitlines()) == (0, told)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p <https://w3id.org/airkg/ns/\\u0041> }",
        "SELECT * { " + "?s air:zzzz ?o . " * 3000 + "}",
        "SELECT * { ?s air:" + "z" * 60_000 + " ?o }",
        "CONSTRUCT { CONSTRUCT { " * 5000,
        "PREFIX " * 9000,
        "air:a." * 10_000,
        "actor:é air:\u200c \u202e:x air:%20",
    ],
    ids=lambda query: query[:20],
)
def test_names_are_sought_in_anything_in_no_time(query: str) -> None:
    assert all(iri.startswith(names.BASE) for iri in used(query))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELEC * { ?s ?p ?o }", "query:1:1: error: not SPARQL: 'SELEC' found, SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("PREFIX a: <urn:x#SELECT>\n# SELECT\n  selct ?s { }", "query:3:3: error: not SPARQL: 'selct' found"),
        ("BASE   <urn:x>\n\nDESCRIB <a>", "query:3:1: error: not SPARQL: 'DESCRIB' found"),
        *(
            (
                f"{word} x",
                f"query:1:1: error: {word.upper()} changes a graph, and this one is only read\n  hint: `kg build`",
            )
            for word in ("INSERT", "delete", "LOAD", "CLEAR", "DROP", "CREATE", "WITH", "ADD", "MOVE", "COPY")
        ),
        ("PREFIX a: <urn:x> INSERT DATA { a:a a:b a:c }", "query:1:19: error: INSERT changes a graph"),
    ],
)
def test_what_is_no_query_is_told_what_is_wrong(kg: Run, query: str, told: str) -> None:
    code, out, err = kg("sparql", query)
    assert (code, out) == (2, "") and err.startswith(told)


def test_from_and_from_named_are_honoured(kg: Run) -> None:
    """Without them a query sees all graphs as one; with them, those alone that they name."""
    count = "SELECT (COUNT(*) AS ?n) {} {{ {} }}"
    own, pattern = "graph:doe2026", "?s ?p ?o"
    named = f"GRAPH ?g {{ {pattern} }}"

    def rows(clause: str, what: str) -> int:
        return int(kg("sparql", count.format(clause, what))[1].splitlines()[1])

    inside = rows("", f"GRAPH {own} {{ {pattern} }}")
    assert 0 < inside == rows(f"FROM {own}", pattern) == rows(f"FROM NAMED {own}", named) < rows("", pattern)
    assert rows(f"FROM NAMED {own}", pattern) == rows(f"FROM {own}", named) == rows("FROM <urn:none>", pattern) == 0
