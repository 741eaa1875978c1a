"""`kg sparql`: queries that would fetch, write, run for ever, eat the memory, or break the engine."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.files import INSTEAD
from hostile.scene import Scene

EFFECTS = "SELECT (COUNT(*) AS ?n) WHERE { ?c a air:EffectClaim }"


def answers(*lines: str) -> Accepted:
    """Exactly these lines on stdout, and not a word on stderr."""

    def right(scene: Scene, outcome: Outcome) -> None:
        assert outcome.out.splitlines() == list(lines), outcome.out[:500]
        assert outcome.err == ""

    return Accepted(right)


def _typed(why: str, query: str, expect: Refused | Accepted, *more: str, seconds: float = 5, raw: bool = False) -> Case:
    """A query as an argument; from 100 kB on through stdin, since no system takes such an argument."""
    long = len(query) > 100_000
    words = ("sparql", *more) if long else ("sparql", query, *more)
    return Case("sparql", why, words, expect, stdin=query if long else b"", cold=True, seconds=seconds, raw=raw)


def _no(says: str, line: int = 0, column: int | None = None) -> Refused:
    return Refused(says, "query", line, column)


ELSEWHERE: list[tuple[str, str]] = [
    ("SERVICE", "SELECT * WHERE { SERVICE <CANARY/sparql> { ?s ?p ?o } }"),
    ("service in small letters", "select * where { service <CANARY/sparql> { ?s ?p ?o } }"),
    ("SERVICE by a prefix", "PREFIX c: <CANARY/> SELECT * WHERE { SERVICE c:sparql { ?s ?p ?o } }"),
    ("SERVICE by a variable", "SELECT * WHERE { VALUES ?s { <CANARY/> } SERVICE ?s { ?a ?b ?c } }"),
    ("SERVICE with a comment in the middle", "SELECT * WHERE { SERVICE # <x>\n<CANARY/> { ?s ?p ?o } }"),
    ("SERVICE after a text with signs in it",
     "SELECT * WHERE { BIND('''a'b#''' AS ?x) SERVICE <CANARY/> { ?s ?p ?o } }"),
    ("SERVICE after an escape in a name", "SELECT * WHERE { BIND(air:a\\'b AS ?x) SERVICE <CANARY/> { ?s ?p 'x' } }"),
    ("SERVICE between two comparisons",
     "SELECT * WHERE { FILTER(?a<?b) SERVICE <CANARY/> { ?a ?b ?c } FILTER(?c>?d) }"),
    ("SERVICE after a carriage return that ends a comment", "SELECT * WHERE { # x\rSERVICE <CANARY/> { ?s ?p ?o } }"),
    ("SERVICE in a sub-select", "SELECT * WHERE { { SELECT * WHERE { SERVICE <CANARY/> { ?s ?p ?o } } } }"),
    ("SERVICE in an OPTIONAL", "SELECT * WHERE { ?s a air:EffectClaim OPTIONAL { SERVICE <CANARY/> { ?s ?p ?o } } }"),
    ("SERVICE in a SERVICE", "SELECT * WHERE { SERVICE <CANARY/> { SERVICE <CANARY/2> { ?s ?p ?o } } }"),
    ("SERVICE in a CONSTRUCT", "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <CANARY/> { ?s ?p ?o } }"),
    ("SERVICE in an ASK", "ASK { SERVICE <CANARY/> { ?s ?p ?o } }"),
]  # fmt: skip

WRITES: list[tuple[str, str]] = [
    ("LOAD", "LOAD <CANARY/x.ttl>"),
    ("LOAD SILENT into a graph", "LOAD SILENT <CANARY/x.ttl> INTO GRAPH <http://x.example/g>"),
    ("INSERT DATA", "INSERT DATA { air:a air:b air:c }"),
    ("DELETE WHERE", "DELETE WHERE { ?s ?p ?o }"),
    ("CLEAR ALL", "CLEAR ALL"),
    ("DROP GRAPH", "DROP SILENT GRAPH <https://w3id.org/airkg/graph/derived>"),
    ("an update behind a query", "SELECT * WHERE { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }"),
]

NESTED: list[tuple[str, Callable[[], str]]] = [
    ("three thousand braces", lambda: "SELECT * WHERE " + "{" * 3000 + "}" * 3000),
    ("three thousand braces that stay open", lambda: "SELECT * WHERE " + "{" * 3000),
    ("fifty thousand parentheses", lambda: "SELECT * WHERE { FILTER(" + "(" * 25_000 + "1" + ")" * 25_000 + ") }"),
    ("thirty thousand negations", lambda: "SELECT * WHERE { FILTER(" + "!" * 30_000 + "true) }"),
    ("thirty thousand signs of minus", lambda: "SELECT (" + "-" * 30_000 + "1 AS ?x) WHERE { }"),
    ("a thousand EXISTS in each other",
     lambda: "SELECT * WHERE { ?s ?p ?o " + "FILTER EXISTS { ?s ?p ?o " * 1000 + "}" * 1000 + "}"),
    ("a thousand sub-selects in each other",
     lambda: "SELECT * WHERE { " + "{ SELECT * WHERE { " * 1000 + "} }" * 1000 + "}"),
    ("a thousand OPTIONALs in each other",
     lambda: "SELECT * WHERE { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * 1000 + "}" * 1000 + "}"),
    ("a thousand paths in each other",
     lambda: "SELECT * WHERE { ?s " + "(" * 1000 + "air:broader" + ")*" * 1000 + " ?o }"),
    ("a thousand lists in each other", lambda: "SELECT * WHERE { ?s ?p " + "(" * 1000 + ")" * 1000 + " }"),
    ("a thousand blank nodes in each other",
     lambda: "SELECT * WHERE { ?s ?p " + "[ ?p " * 1000 + "1" + "]" * 1000 + " }"),
    ("two thousand functions in each other",
     lambda: "SELECT (" + "STR(" * 2000 + "1" + ")" * 2000 + " AS ?x) WHERE { }"),
    ("ten thousand UNIONs in a row", lambda: "SELECT * WHERE { " + " UNION ".join(["{ }"] * 10_000) + " }"),
    ("five thousand conditions in a row", lambda: "SELECT * WHERE { FILTER(" + " || ".join(["?x"] * 5000) + ") }"),
]  # fmt: skip

RUNAWAYS: list[tuple[str, str]] = [
    ("a cross join that is counted", "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"),
    ("a cross join that is sorted", "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f LIMIT 1"),
    ("a cross join that is told apart", "SELECT (COUNT(DISTINCT *) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"),
    ("paths over everything",
     "SELECT (COUNT(*) AS ?n) WHERE { ?a (air:x|!air:x)* ?b . ?b (air:x|!air:x)* ?c . ?c (^air:x|!air:x)+ ?d }"),
    ("a text that doubles forty times", "SELECT (STRLEN(?z) AS ?n) WHERE { BIND('xxxxxxxx' AS ?a0) "
     + " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(40)) + " BIND(?a40 AS ?z) }"),
    ("one text of all texts of all pairs",
     "SELECT (STRLEN(GROUP_CONCAT(?x)) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
     "BIND(CONCAT(STR(?c), STR(?f)) AS ?x) }"),
    ("a pattern on every pair",
     "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
     "FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(.*)*(.*)*x$')) }"),
    ("a list of 3,000 values with itself, thrice",
     "SELECT (COUNT(*) AS ?n) WHERE { VALUES ?a { " + "1 " * 3000 + "} VALUES ?b { " + "2 " * 3000
     + "} VALUES ?c { " + "3 " * 3000 + "} }"),
]  # fmt: skip

TOO_LARGE: list[tuple[str, str]] = [
    ("rows without end", "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 100000000"),
    ("triples without end", "CONSTRUCT { ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f }"),
    ("few rows with large texts", "SELECT ?z ?s WHERE { ?s ?p ?o . BIND('xxxxxxxx' AS ?a0) "
     + " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(16)) + " BIND(?a16 AS ?z) }"),
]  # fmt: skip

BROKEN: list[tuple[str, str | bytes, str, int, int | None]] = [
    ("nothing but a comment", b"# SELECT * WHERE { ?s ?p ?o }", "not SPARQL", 1, None),
    ("UTF-16", "SELECT * WHERE { ?s ?p ?o }".encode("utf-16"), "UTF-8", 1, None),
    ("a byte of Latin-1 on line 2", b"SELECT * WHERE {\n ?s ?p 'caf\xe9' }", "UTF-8", 2, None),
    ("a NUL byte", b"SELECT * WHERE { ?s ?p '\0' } x", "not SPARQL", 1, None),
    ("a megabyte", "SELECT * WHERE { ?s ?p '" + "x" * 1_000_000 + "' }", "bytes", 0, None),
    ("a megabyte of comment", "#" * 1_000_000 + "\nSELECT * WHERE { }", "bytes", 0, None),
    ("an undeclared prefix on line 3", "SELECT * WHERE {\n\n ?s evil:x ?o }", "prefix", 3, None),
    ("an IRI with a space", "SELECT * WHERE { <http://a b> ?p ?o }", "not SPARQL", 1, None),
    ("a negative limit", "SELECT * WHERE { ?s ?p ?o } LIMIT -1", "not SPARQL", 1, None),
    ("a variable that is bound twice", "SELECT (1 AS ?x) (2 AS ?x) WHERE { }", "not SPARQL", 1, None),
    ("a text that is never closed", "SELECT * WHERE { ?s ?p 'x }", "not SPARQL", 1, None),
    ("two queries", "SELECT * WHERE { ?s ?p ?o } SELECT * WHERE { ?s ?p ?o }", "not SPARQL", 1, None),
    ("a terminal's escapes where a word should be", "SELECT * WHERE { ?s ?p ?o } \x1b[2J\x9b", "not SPARQL", 1, None),
    ("letters that turn the line where a word should be", "SELECT \u202e* WHERE { ?s ?p ?o }", "not SPARQL", 1, None),
]  # fmt: skip

HARMLESS: list[tuple[str, str, tuple[str, ...]]] = [
    ("the word SERVICE in a text", "SELECT (STRLEN('SERVICE <http://x/>') AS ?n) WHERE { } # SERVICE", ("n", "19")),
    ("FROM a graph elsewhere, which is empty here", "SELECT (COUNT(*) AS ?n) FROM <CANARY/g> WHERE { ?s ?p ?o }",
     ("n", "0")),
    ("FROM NAMED a graph elsewhere", "SELECT (COUNT(*) AS ?n) FROM NAMED <CANARY/g> WHERE { GRAPH ?g { ?s ?p ?o } }",
     ("n", "0")),
    ("FROM a file", "SELECT (COUNT(*) AS ?n) FROM <file:///etc/passwd> WHERE { ?s ?p ?o }", ("n", "0")),
    ("a base in this machine", "BASE <file:///etc/> SELECT (STR(<passwd>) AS ?x) WHERE { }", ("x",
     "file:///etc/passwd")),
    ("a pattern that other engines hang on", "SELECT (REGEX('" + "a" * 5000 + "!', '^(a+)+$') AS ?x) WHERE { }", ("x",
     "false")),
    ("a division by nought", "SELECT (1/0 AS ?x) WHERE { }", ("x", '""')),
    ("a whole number of 5,000 digits", f"SELECT (xsd:integer('{'9' * 5000}') AS ?x) WHERE {{ }}", ("x", '""')),
    ("a day beyond all calendars", "SELECT (YEAR('99999999999999999999-01-01'^^xsd:date) AS ?x) WHERE { }", ("x",
     '""')),
    ("an IRI that is none", "SELECT (IRI('http://a b> ?p <') AS ?x) WHERE { }", ("x", '""')),
    ("a language tag that is none", "SELECT (STRLANG('x', 'en\"@x') AS ?x) WHERE { }", ("x", '""')),
    ("a row without a column", "SELECT * WHERE { }", ("", "")),
    ("a thousand columns", "SELECT " + " ".join(f"(1 AS ?c{i})" for i in range(1000)) + " WHERE { }",
     ("\t".join(f"c{i}" for i in range(1000)), "\t".join(["1"] * 1000))),
    ("tabs and line breaks in a cell", "SELECT ('a\\tb\\nc\\r\\nd' AS ?x) WHERE { }", ("x", "a b c d")),
    ("a persian variable", "SELECT (1 AS ?ادعا) WHERE { }", ("ادعا", "1")),
    ("two thousand rows of values", "SELECT (COUNT(*) AS ?n) WHERE { VALUES ?x { " + "1 " * 2000 + "} }", ("n",
     "2000")),
]  # fmt: skip

FOR_A_TERMINAL = (
    ("a cell that would rename the window", "SELECT ('\\u001b]0;x\\u0007' AS ?x) WHERE { }"),
    ("a cell that turns the line", "SELECT ('a \u202e b' AS ?x) WHERE { }"),
    ("a cell of eight-bit controls", "SELECT ('\u009b2J' AS ?x) WHERE { }"),
    ("a cell of nothing but marks", "SELECT ('" + "\u0301" * 2000 + "' AS ?x) WHERE { }"),
)


UNFIT: list[tuple[str, str, str, str]] = [
    (
        "XML of a sign that it cannot hold",
        "SELECT ('\\u0001' AS ?x) WHERE { }",
        "srx",
        "cannot hold the character U+0001",
    ),
    ("Turtle of rows", EFFECTS, "ttl", "Turtle holds a graph"),
    ("results of a graph", "CONSTRUCT WHERE { ?s a air:EffectClaim }", "srj", "holds results"),
    ("rows of true or false", "ASK { ?s ?p ?o }", "w3c-tsv", "ASK gives none"),
    (
        "JSON-LD of a triple in a triple",
        "CONSTRUCT { air:a air:b <<( air:a air:b 1 )>> } WHERE { }",
        "jsonld",
        "RDF 1.2",
    ),
]


def _rendered(scene: Scene, outcome: Outcome) -> None:
    """The value, in JSON that a terminal may be shown."""
    (row,) = json.loads(outcome.out)["results"]["bindings"]
    assert row["x"]["value"] in ("\x1b]0;x\x07", "a \u202e b", "\u009b2J", "\u0301" * 2000)


def _drawn(scene: Scene, outcome: Outcome) -> None:
    """A head, a rule, a row, whatever stands in it; the runner has looked for what a terminal obeys."""
    head, rule, *rows = outcome.out.splitlines()
    assert head.strip() == "x" and set(rule) == {"─"} and "".join(rows).strip()


def _unheard(*lines: str) -> Callable[[Scene, Outcome], None]:
    """These lines, and a note that nobody was asked."""

    def right(scene: Scene, outcome: Outcome) -> None:
        assert outcome.out.splitlines() == list(lines), outcome.out
        assert outcome.err.startswith("SERVICE asks another server; none was asked"), outcome.err

    return right


def _file(what: str) -> Case:
    def prepare(scene: Scene) -> None:
        INSTEAD[what](scene, scene.work / "mine.rq")

    return Case("sparql", f"{what} for -i", ("sparql", "-i", "mine.rq"), Refused("", "mine.rq"), prepare, cold=True)


def _lines(scene: Scene) -> None:
    scene.file("mine.rq", "# one\nSELECT * WHERE {\n  ?s ?p ?o .\n  ?s nonsense ?o }\n")


def _ended(scene: Scene, outcome: Outcome) -> None:
    assert outcome.out == "" and len(outcome.err.splitlines()) <= 1, outcome.err


def cases() -> Iterator[Case]:
    for why, query in ELSEWHERE:
        yield _typed(f"{why} asks elsewhere", query, _no("SERVICE"))
    yield _typed(
        "SERVICE with a letter escaped asks elsewhere",
        "SELECT * WHERE { SERV\\u0049CE <CANARY/> { ?s ?p ?o } }",
        _no("", -1),
    )
    silent = "SELECT (COUNT(?s) AS ?n) WHERE { SERVICE SILENT <CANARY/> { ?s ?p ?o } }"
    yield _typed("SERVICE SILENT asks elsewhere", silent, Accepted(_unheard("n", "0")))
    exists = "SELECT ?s WHERE { ?s a air:EffectClaim FILTER NOT EXISTS { SERVICE <CANARY/> { ?s ?p ?o } } }"
    yield _typed("SERVICE in what must not exist asks elsewhere", exists, Accepted(_unheard("s")))
    for why, query in WRITES:
        yield _typed(f"{why} would write", query, _no("not SPARQL" if "behind" in why else "is only read", 1))
    for why, make in NESTED:
        yield _typed(why, make(), Refused("", "query", -1, or_right=lambda scene, outcome: None))
    for why, query in RUNAWAYS:
        yield _typed(f"{why}, for ever", query, _no(""), "--timeout", "2")
    for why, query in TOO_LARGE:
        yield _typed(why, query, Refused("", "query", hint="LIMIT"), "--timeout", "4", seconds=10)
    for why, text, says, line, column in BROKEN:
        given = text.encode() if isinstance(text, str) else text
        yield Case("sparql", f"{why} on stdin", ("sparql",), _no(says, line, column), stdin=given, cold=True)
    for why, given in (("nothing", b""), ("nothing but space", b" \n\t\n"), ("no stdin at all", None)):
        yield Case("sparql", f"{why} to ask", ("sparql",), Refused("no query found"), stdin=given, cold=True)
    for why, query, lines in HARMLESS:
        yield _typed(f"{why}, which is no fault", query, answers(*lines))
    marked = "\ufeff" + EFFECTS
    yield Case(
        "sparql", "a byte order mark, which is no fault", ("sparql",), answers("n", "2"), stdin=marked, cold=True
    )
    for why, query in FOR_A_TERMINAL:
        yield _typed(why, query, Accepted(_drawn), "-f", "table")
        yield _typed(f"{why}, in W3C's JSON", query, Accepted(_rendered), "-f", "srj")
    for why, query, form, says in UNFIT:
        yield _typed(why, query, Refused(says), "-f", form)
    yield from (_file(what) for what in INSTEAD)
    yield Case(
        "sparql",
        "a file whose fault is on line 4",
        ("sparql", "-i", "mine.rq"),
        Refused("not SPARQL", "mine.rq", 4),
        _lines,
        cold=True,
    )
    yield Case("sparql", "a file that is not there", ("sparql", "-i", "mine.rq"), Refused("", "mine.rq"), cold=True)
    yield Case(
        "sparql",
        "an argument and a file",
        ("sparql", EFFECTS, "-i", "mine.rq"),
        Refused("one of them"),
        _lines,
        cold=True,
    )
    yield Case(
        "sparql",
        "bytes in an argument that are no UTF-8",
        ("sparql", os.fsdecode(b"SELECT ('\xff' AS ?x) {}")),
        Refused("", "query", -1, or_right=lambda scene, outcome: None),
        cold=True,
    )
    for time in ("0", "-1", "abc", "nan", "inf", "1e400", "", "9" * 400):
        yield _typed(f"a deadline of '{time[:9]}'", EFFECTS, Refused("timeout"), "--timeout", time)
    for sign, code in (("SIGINT", 130), ("SIGTERM", 143)):
        yield Case(
            "sparql",
            f"{sign} while a query runs away",
            ("sparql", RUNAWAYS[0][1]),
            Accepted(_ended, code),
            cold=True,
            signal=(sign, 2.0),
            seconds=10,
        )
