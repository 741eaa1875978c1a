"""The fence: what a typed query meets when it wants more than an answer from this graph."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from fencing import CROSS, RUNAWAY, TIGHT, pid, rows
from small import SELECT, Run

from kg.ask.answer import resolve
from kg.errors import FenceError, KgError, QueryError
from kg.grounds import local
from kg.queries import read_queries
from kg.store import limits as limits_of
from kg.store.fence import Fence
from kg.store.limits import DEEPEST, LONGEST, Limits, check
from kg.store.local import open_store


@pytest.fixture
def fence(small_store: Path) -> Iterator[Fence]:
    with Fence(small_store, TIGHT) as made:
        yield made


# ── the network ─────────────────────────────────────────────────────────────────────────────────────


class Canary:
    """A server on the loopback that counts who comes."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # also what POST and HEAD are taken for
                heard.append(self.path)
                body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"fetched"}}]}}'
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self.do_GET
                raise AttributeError(name)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(HTTPServer):
            def process_request(self, request: Any, address: Any) -> None:
                heard.append("connected")  # whoever only knocks is heard, too
                super().process_request(request, address)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.server.shutdown()
    made.server.server_close()


CALLS = {
    "plain": "SELECT * { SERVICE <URL> { ?x ?y ?z } }",
    "lower case": "select * { service <URL> { ?x ?y ?z } }",
    "between what looks like an IRI": (
        "SELECT * { VALUES (?a ?b) { (1 2) } FILTER(?a<?b) SERVICE <URL> { ?x ?y ?z } FILTER(?b>?a) }"
    ),
    "after a comment": "SELECT * { # harmless\rSERVICE <URL> { ?x ?y ?z } }",
    "between strings": "SELECT * { VALUES ?p { '''a'b''' } SERVICE <URL> { ?x ?y ?z } FILTER(?p != ' ') }",
    "bound late": "SELECT * { BIND(IRI('URL') AS ?where) LATERAL { SERVICE ?where { ?x ?y ?z } } }",
    "in a sub-select": "SELECT * { { SELECT * { SERVICE <URL> { ?x ?y ?z } } } }",
    "in OPTIONAL": "SELECT * { ?s a air:EffectClaim OPTIONAL { SERVICE <URL> { ?x ?y ?z } } }",
    "by name": "SELECT * { SERVICE <http://localhost:PORT/> { ?x ?y ?z } }",
    "encrypted": "SELECT * { SERVICE <https://127.0.0.1:PORT/> { ?x ?y ?z } }",
    "constructed": "CONSTRUCT { <a:a> <a:b> ?x } WHERE { SERVICE <URL> { ?x ?y ?z } }",
}


def aimed(query: str, canary: Canary) -> str:
    return query.replace("URL", canary.url).replace("PORT", str(canary.server.server_port))


@pytest.mark.parametrize("query", CALLS.values(), ids=CALLS)
def test_a_query_that_calls_another_server_fails_and_nobody_is_called(fence: Fence, canary: Canary, query: str) -> None:
    """However it is written: no word is looked for; the process has no sockets."""
    reason = "SERVICE asks another server; a query here sees this graph alone"
    with pytest.raises(QueryError, match=reason) as caught:
        fence.ask(aimed(query, canary))
    assert not isinstance(caught.value, FenceError), "the worker goes on"
    assert str(caught.value).count("\n") == 1
    assert canary.heard == []


@pytest.mark.parametrize("query", CALLS.values(), ids=CALLS)
def test_without_the_fence_each_of_them_calls(small_store: Path, canary: Canary, query: str) -> None:
    """Otherwise the test above would prove nothing."""
    with Fence(small_store, TIGHT, closed=False) as unfenced:
        if query == CALLS["encrypted"]:
            with pytest.raises(KgError):
                unfenced.ask(aimed(query, canary))
        else:
            unfenced.ask(aimed(query, canary))
    assert canary.heard


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("SELECT ?x { SERVICE SILENT <URL> { ?x ?y ?z } }", 'x\n""\n'),
        ("ASK { FILTER EXISTS { SERVICE <URL> { ?x ?y ?z } } }", "answer\ntrue\n"),
    ],
)
def test_where_a_call_fails_unheard_a_note_says_that_nobody_was_asked(
    kg: Run, canary: Canary, query: str, answer: str
) -> None:
    """SILENT wants one empty row; and the engine takes an error within EXISTS for a yes."""
    told = "SERVICE asks another server; none was asked, and the answer is what this graph alone gives\n"
    assert kg("sparql", aimed(query, canary)) == (0, answer, told)
    assert canary.heard == []
    assert kg("sparql", aimed(query, canary), "--unfenced")[2] == ""
    assert canary.heard


def test_the_word_service_in_a_text_or_a_name_is_no_call(kg: Run) -> None:
    query = """# SERVICE
    SELECT ?service { VALUES ?service { 'the SERVICE of states' <http://x.org/SERVICE> air:service } }"""
    assert kg("sparql", query)[2] == "air:service is nowhere in the graph; did you mean 'air:view'?\n"


def test_a_server_that_does_not_answer_is_told_from_a_fence_that_lets_nothing_through(small_store: Path) -> None:
    """Whoever opened the fence wants to know what is wrong with the server."""
    with Fence(small_store, TIGHT, closed=False) as unfenced, pytest.raises(QueryError) as caught:
        unfenced.ask("SELECT * { SERVICE <http://127.0.0.1:1024/> { ?x ?y ?z } }")
    assert caught.value.message == "SERVICE: Connection refused (os error 111)"


@pytest.mark.parametrize("from_", ["FROM", "from", "# FROM\nFROM"])
def test_from_takes_the_graphs_that_it_names_and_no_other(fence: Fence, small_store: Path, from_: str) -> None:
    """And the union of all where the word is but in a name, a text or a comment."""
    graph = "https://w3id.org/airkg/id/graph/doe2026"
    count = (
        "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o . FILTER(!sameTerm(?o, 'FROM') && !sameTerm(?o, air:FROM)) }} # FROM"
    )
    own, whole = (rows(fence, count.format(clause)) for clause in (f"{from_} <{graph}>", ""))
    inside = rows(fence, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    assert own == inside != whole


@pytest.mark.parametrize("closed", [True, False])
def test_naming_a_graph_elsewhere_fetches_nothing(small_store: Path, canary: Canary, closed: bool) -> None:
    """FROM names graphs of this store; and what would load one is an update, which is refused."""
    with Fence(small_store, TIGHT, closed) as either:
        either.ask(f"SELECT * FROM <{canary.url}> {{ ?s ?p ?o }} LIMIT 1")
        either.ask(f"SELECT * FROM NAMED <{canary.url}> {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT 1")
        for update in (f"LOAD <{canary.url}>", f"LOAD <{canary.url}> INTO GRAPH <a:a>", "CLEAR ALL"):
            with pytest.raises(QueryError, match="changes a graph, and this one is only read"):
                either.ask(update)
    assert canary.heard == []


WITHOUT_SECCOMP = """
import ctypes, errno, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
call = 317 if os.uname().machine == "x86_64" else 277
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, call), (0x06, 0, 0, 0x50000 | errno.ENOSYS), (0x06, 0, 0, 0x7FFF0000)]
code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
assert libc.prctl(38, 1, 0, 0, 0) == 0
pointer = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
assert libc.syscall(call, 1, 0, pointer) == 0
os.execv(sys.executable, [sys.executable, "-m", "kg", "sparql", *sys.argv[1:]])
"""
"""Runs the command where the kernel has no such filter to offer, as in some containers."""


def test_where_no_fence_can_be_built_nothing_runs_unless_one_says_so(small_store: Path) -> None:
    def run(*more: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", WITHOUT_SECCOMP, SELECT, "--store", str(small_store), *more]
        return subprocess.run(words, capture_output=True, text=True)

    refused = run()
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "query: error: no fence can be built here, so it was not run: seccomp: Function not implemented\n"
        "  hint: --unfenced runs it all the same; SERVICE then reaches other servers\n"
    )
    told = run("--unfenced")
    assert (told.returncode, told.stderr, len(told.stdout.splitlines())) == (0, "", 3)


# ── what is too much ────────────────────────────────────────────────────────────────────────────────


DOUBLED = "BIND('aaaaaaaa' AS ?v0)" + "".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(60))
BOMBS = {
    "cross join": (f"SELECT * {{ {CROSS} }}", "larger"),
    "cross join, counted": (RUNAWAY, "stopped after 2 s"),
    "cross join, sorted": (f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f LIMIT 1", "memory|after"),
    "cross join, distinct": (f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {CROSS} }}", "memory|after"),
    "cross join, grouped": (f"SELECT (GROUP_CONCAT(STR(?c)) AS ?n) {{ {CROSS} }}", "memory|after"),
    "cross join, constructed": (f"CONSTRUCT {{ ?a ?d ?g }} {{ {CROSS} }}", "larger|memory|after"),
    "cross join, asked": (f"ASK {{ {CROSS} FILTER(STR(?c) = CONCAT(STR(?f), STR(?i), 'x')) }}", "stopped after 2 s"),
    "path of anything": ("SELECT (COUNT(*) AS ?n) { ?s (a|!a)* ?o . ?x (a|!a)* ?y }", "after|memory"),
    "path of paths": ("SELECT * { ?s ((((a|!a)*)*)*)* ?o . ?o ((a|!a)+)+ ?x }", "larger|after|memory"),
    "path, long": ("SELECT * { ?s " + "/".join(["(a|!a)"] * 3000) + " ?o }", "larger|after|memory"),
    "many values": (
        "SELECT * {" + "".join(f" VALUES ?v{i} {{ 1 2 3 4 5 6 7 8 9 }}" for i in range(60)) + " }",
        "larger|after",
    ),
    "text doubled sixty times": (f"SELECT (STRLEN(?v60) AS ?n) {{ {DOUBLED} }}", "memory|after"),
    "text repeated": ("SELECT ?c ('" + "x" * 60_000 + "' AS ?x) { ?a ?b ?c }", "larger"),
    "regex, large": (
        "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "|".join(f"(a{{50}}b*)+x{i}" for i in range(2500)) + "')) }",
        "after",
    ),
    "sum of thousands": ("SELECT (1" + "+1" * 30_000 + " AS ?x) { }", "after|ended by signal"),
    "optional, many": ("SELECT * {" + "OPTIONAL{?s a ?o}" * 3000 + "}", "larger|after|memory|ended by signal"),
}


@pytest.mark.parametrize(("query", "told"), BOMBS.values(), ids=BOMBS)
def test_a_query_that_wants_too_much_is_stopped_in_time_and_the_next_is_answered(
    fence: Fence, query: str, told: str
) -> None:
    """One line that says which limit, and what to do about it."""
    began = time.monotonic()
    with pytest.raises(FenceError, match=told) as caught:
        fence.ask(query)
    assert time.monotonic() - began < TIGHT.seconds + 10, "ending it took longer than the machine can explain"
    assert len(str(caught.value).splitlines()) <= 2
    assert rows(fence, "SELECT (1 AS ?x) { }")[0]["x"]["value"] == "1"


def test_a_regular_expression_takes_no_time_to_go_wrong(fence: Fence) -> None:
    """The engine's are linear: what hangs others is answered."""
    evil = f"SELECT (REGEX('{'a' * 50_000}!', '^(a|aa)+$') AS ?x) {{ }}"
    assert rows(fence, evil)[0]["x"]["value"] == "false"


def test_a_limit_is_told_with_its_size(small_store: Path) -> None:
    def told(query: str, limits: Limits) -> str:
        with Fence(small_store, limits) as fence, pytest.raises(FenceError) as caught:
            fence.ask(query, Path("mine.rq"))
        return str(caught.value)

    assert told(RUNAWAY, Limits(seconds=0.7)).startswith("mine.rq: error: stopped after 0.7 s\n  hint: --timeout")
    everything = "SELECT * { ?s ?p ?o }"
    larger = "mine.rq: error: the answer is larger than 100 rows or 64 MiB\n  hint: LIMIT"
    assert told(everything, Limits(rows=100)).startswith(larger)
    assert told(everything, Limits(size=1 << 20, rows=10**7)).startswith(
        "mine.rq: error: the answer is larger than 10,000,000 rows or 1 MiB\n"
    )
    doubled = told(f"SELECT (STRLEN(?v60) AS ?n) {{ {DOUBLED} }}", Limits(memory=50 << 20))
    assert doubled.startswith("mine.rq: error: stopped: it needs more memory than 50 MiB\n  hint: LIMIT")


@pytest.mark.parametrize("form", ["SELECT ?x ?y", "CONSTRUCT { <a:a> <a:b> ?x }"])
def test_rows_are_counted_exactly(small_store: Path, form: str) -> None:
    """Also where a text looks like the end of one row and the beginning of the next, and where rows are empty."""
    with Fence(small_store, Limits(rows=10)) as fence:
        for count, goes in ((10, True), (11, False)):
            values = " ".join(f'"}},{{\\\\\\"}},{{{i}"' for i in range(count))
            query = f"{form} {{ VALUES ?x {{ {values} }} }}"
            if goes:
                assert fence.ask(query).data.count(b"}") >= 20
            else:
                with pytest.raises(FenceError, match="larger than 10 rows"):
                    fence.ask(query)
        empty = "SELECT ?z { VALUES ?x { 1 2 3 4 5 6 7 8 9 10 %s} }"
        assert len(rows(fence, empty % "")) == 10
        with pytest.raises(FenceError, match="larger"):
            fence.ask(empty % "11 ")


NESTS = {
    "groups": ("SELECT * ", "{ ", "}"),
    "parentheses": ("SELECT * { FILTER", "(", "1", ")", "}"),
    "EXISTS": ("SELECT * {", "FILTER EXISTS {", "?s a ?o", "}", "}"),
    "sub-selects": ("SELECT * ", "{SELECT * {", "?s a ?o", "}", ""),
    "lists": ("SELECT * { ?s ?p ", "(", " 1 ", ")", "}"),
    "blank nodes": ("SELECT * { ?s ?p ", "[ ?q ", " 1 ", "]", "}"),
    "OPTIONAL": ("SELECT * {", "OPTIONAL { ?s a ?o ", "", "}", "}"),
    "MINUS": ("SELECT * {", "{ ?s a ?o MINUS ", "{ ?s a ?o }", "}", "}"),
    "paths": ("SELECT * { air:a ", "(", "air:nothing", ")*", " ?o }"),
    "functions": ("SELECT (", "STR(", "1", ")", " AS ?x) { }"),
    "triples": ("SELECT (", "TRIPLE(?a,?a,", "1", ")", " AS ?x) { }"),
}


def nested(kind: str, depth: int) -> str:
    """Return a query with so many brackets open at its innermost."""
    parts = NESTS[kind]
    first, opening, inner, closing, last = parts if len(parts) == 5 else (parts[0], parts[1], "", parts[2], "")
    before = first.count("{") + first.count("(") + inner.count("{")
    each = opening.count("{") + opening.count("(") + opening.count("[")
    times = (depth - before) // each
    return first + opening * times + inner + closing * (times if each == 1 else times * 2) + last


@pytest.mark.parametrize("kind", NESTS)
def test_a_query_may_nest_as_deep_as_people_write_and_no_deeper(small_store: Path, kind: str) -> None:
    """3,000 of them used to kill the process; now the one that is too many is named."""
    with Fence(small_store) as fence:
        fence.ask(nested(kind, DEEPEST))
        worker_of_it = pid(fence)
        with pytest.raises(
            QueryError, match=f" error: {DEEPEST + 1} brackets are open here, at most {DEEPEST} expected"
        ):
            fence.ask(nested(kind, 3000))
        assert pid(fence) == worker_of_it, "nothing was sent"


@pytest.mark.parametrize("kind", NESTS)
def test_what_nests_past_the_check_harms_nobody(fence: Fence, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is for the message; the process is what protects."""
    monkeypatch.setattr(limits_of, "DEEPEST", 10**6)
    query = nested(kind, 4000)
    try:
        fence.ask(query[:LONGEST])
    except KgError as error:
        assert len(str(error).splitlines()) <= 2
    assert rows(fence, "SELECT (1 AS ?x) { }")


def test_the_bracket_that_is_one_too_many_is_named_by_its_place() -> None:
    query = "# ((((\nSELECT '((((' {\n " + "{" * (DEEPEST + 5)
    with pytest.raises(QueryError) as caught:
        check(query, Path("mine.rq"))
    assert str(caught.value.place) == f"mine.rq:3:{DEEPEST + 1}", "brackets in comments and strings are none"
    check("SELECT * { ?s ?p '" + "(" * 1000 + "' }")
    check("SELECT * " + "{} " * 1000)


def test_a_query_is_no_longer_than_a_query_is(fence: Fence) -> None:
    start, end = "SELECT * { VALUES ?x { '", "' } }"
    letters, odd = divmod(LONGEST - len(start + end), 2)
    longest = start + "é" * letters + "e" * odd + end
    assert rows(fence, longest)
    with pytest.raises(QueryError, match=f"{LONGEST + 1:,} bytes found, at most {LONGEST:,} expected in a query"):
        fence.ask(longest + " ")


def test_long_chains_that_are_no_brackets_are_answered(fence: Fence) -> None:
    """The engine descends into them; its stack is large enough for all that fits into a query."""
    assert rows(fence, "SELECT (" + "!" * 60_000 + "true AS ?x) { }")[0]["x"]["value"] == "true"
    assert rows(fence, "SELECT * { BIND(1 AS ?a) FILTER(?a = 1" + " || ?a = 2" * 500 + ") }")
    assert rows(fence, "SELECT * { { } " + "UNION { } " * 500 + "}")


@pytest.mark.slow
def test_the_projects_own_questions_pass_and_answer_as_they_do_without(founding: Path) -> None:
    """The limits are for what runs away, not for what is asked every day."""
    within = local(open_store(founding))
    with Fence(founding) as fence:
        for question in [*read_queries("ask"), *read_queries("project")]:
            values = {name: term for name, (term, _) in resolve(within, question, {}).items()}
            bound = question.bind(values)
            assert len(rows(fence, bound)) == len(within(bound)), question.name
        assert len(rows(fence, "SELECT * { ?s ?p ?o }")) == len(open_store(founding))
