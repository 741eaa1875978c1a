"""The canned questions: whole headers, answers that are right on a small graph, and answers that stay as reviewed.

A question has a folder in `tests/cases/questions/` with a `graph.ttl`, its `expected.tsv` (the question's own columns
and the claim) and, where its defaults do not fit the case, a `params.yaml`; for one more parameter the same graph has
`expected.PARAM.tsv` and `params.PARAM.yaml`. The answers on the founding corpus stand in `tests/golden/ask/`, and
change only with `pytest --update-golden`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names, pipeline
from kg.ask import answer as ask
from kg.ask import find as questions
from kg.grounds import GROUNDS, Cell, Engine, local
from kg.load.turtle import read_turtle
from kg.queries import Param, Query, read_queries
from kg.reason.rules import derive
from kg.store import local as store
from kg.tree import parse_yaml

CASES = Path(__file__).parent / "cases" / "questions"
GOLDEN = Path(__file__).parent / "golden" / "ask"
QUESTIONS = {question.name: question for question in questions.catalogue()}
PARAMS = [(question.name, param.name) for question in QUESTIONS.values() for param in question.params]
UNGROUNDED = {"gap-matrix", "in-text-citations", "kinds-of-claims", "shared-works"}
"""Questions about what nobody says, about pointers, or about numbers of claims: no row rests on one assertion."""

PARTLY = {"source-integrity"}
"""Questions of which some rows are about a list of references, where no assertion is; they name their source."""

OVERVIEWS = {"mechanisms"}
"""Questions whose rows count claims and show one of them: another value shows another one."""

COMPUTED = {"standing": ("attackers", "supporters", "grounded", "preferred", "strength")}
"""Columns that a program adds, by the value of `compute`."""

MISSING = [name for name in QUESTIONS if not (CASES / name / "expected.tsv").is_file()]
FURTHER = sorted((file.parent.name, file.stem.partition(".")[2]) for file in CASES.glob("*/expected.*.tsv"))


# ── headers ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_header_says_in_one_line_what_the_question_gives(name: str):
    question = QUESTIONS[name]
    assert names.SLUG.fullmatch(name)
    assert 20 <= len(question.summary) <= 160
    assert not question.summary.endswith(".")
    assert str(question.header["question"]).endswith(("?", "}"))
    assert len(question.tags) >= 4, "free words find a question by its tags: give synonyms"
    assert len(set(question.tags)) == len(question.tags)
    assert all(words.strip() for words in question.columns.values())
    assert all(param.label for param in question.params)


def test_every_question_has_its_place_in_the_order():
    orders = [question.order for question in QUESTIONS.values()]
    assert len(set(orders)) == len(orders)
    assert max(orders) < 1000


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_in_words_names_only_its_own_parameters(name: str):
    question = QUESTIONS[name]
    assert set(re.findall(r"{(\w+)}", str(question.header["question"]))) <= {p.name for p in question.params}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_columns_are_what_the_query_selects(name: str):
    question = QUESTIONS[name]
    found = ox.Store().query(question.bind({}))
    assert isinstance(found, ox.QuerySolutions)
    selected = {variable.value for variable in found.variables}
    added = {*COMPUTED.get(str(question.header.get("compute")), ()), *GROUNDS}
    assert set(question.columns) - added <= selected
    # a form may show fewer columns than another of its file
    shown = {column for other in QUESTIONS.values() if other.file == question.file for column in other.columns}
    assert selected - shown <= {"assertion"}
    assert ("assertion" in selected) == (name not in UNGROUNDED)


UNSET = {
    "a filter that names the parameter falls away": ("{ ?c a ?k . FILTER(?c = $x) }", "{ ?c a ?k . }"),
    "whole, with brackets within": ("{ FILTER EXISTS { ?c air:p (1 $x) } ?c a ?k }", "{ ?c a ?k }"),
    "the outermost of nested filters": ("{ FILTER NOT EXISTS { ?a a ?b FILTER(?a = $x) } ?c a ?k }", "{ ?c a ?k }"),
    "a filter that names none stays": ('{ ?c a ?k FILTER(?c != "$x)" && ?k = $y) }',) * 2,
    "so does a pattern": ("{ ?c a $x . FILTER(?c != ?k) }",) * 2,
    "a variable is no keyword": ("{ ?filter a $x . $filter a ?k . }",) * 2,
    "nor is a comment": ("{ # FILTER(\n ?c a $x }",) * 2,
    "the lines after it keep their numbers": ("{\n  FILTER(\n    $x = 1\n  )\n  ?c a ?k }", "{\n\n\n\n  ?c a ?k }"),
}


@pytest.mark.parametrize(("text", "kept"), UNSET.values(), ids=UNSET)
def test_what_constrains_a_parameter_without_a_value_falls_away(text: str, kept: str):
    params = tuple(Param(name, name, "term", "", "") for name in ("x", "filter"))
    bound = Query("ask", "q", "q.rq", f"SELECT * WHERE {text}", {}, params).bind({})
    assert re.sub(" +", " ", bound.partition("WHERE ")[2]) == re.sub(" +", " ", kept)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_rows_come_in_a_fixed_order(name: str):
    assert re.search(r"^ORDER BY [^}]+\Z", QUESTIONS[name].text, re.MULTILINE)


def test_a_question_without_grounds_says_why():
    """No answer without a passage; what has none is listed here, and says in its header what it is about."""
    assert {q.name for q in QUESTIONS.values() if q.header.get("grounds") == "none"} == UNGROUNDED


# ── cases ─────────────────────────────────────────────────────────────────────────────────────────────


@cache
def background() -> tuple[ox.Quad, ...]:
    """Return the ontology with its codes and relations; the terms are those of `common.ttl`."""
    graph = ox.NamedNode(names.ONTOLOGY_GRAPH)
    files = [f for f in pipeline.ontology_files() if f.parent.name != "vocabulary" or f.stem == "relations"]
    return tuple(ox.Quad(t.subject, t.predicate, t.object, graph) for f in files for t in read_turtle(f))


@cache
def case(name: str) -> tuple[Engine, dict[str, str], frozenset[str]]:
    """Return an engine over a case's graph with what the rules derive, its parameters, and its claims."""
    text = "".join((CASES / file).read_text(encoding="utf-8") for file in ("common.ttl", f"{name}/graph.ttl"))
    graph = ox.NamedNode(names.source_graph("case"))
    store_ = ox.Store()
    store_.extend(background())
    store_.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in ox.parse(text, ox.RdfFormat.TURTLE))
    store_.extend(filled_in(store_, graph))
    claims = frozenset(q.object.value for q in store_.quads_for_pattern(None, air("asserts"), None, None))
    store_.extend(derive(list(store_), read_queries("infer")))
    return local(store_), params(name, "params.yaml"), claims


def params(name: str, file_name: str) -> dict[str, str]:
    file = CASES / name / file_name
    return parse_yaml(file.read_text(encoding="utf-8"), file).data if file.is_file() else {}


def air(name: str) -> ox.NamedNode:
    return ox.NamedNode(names.term(name))


def filled_in(store_: ox.Store, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """Yield the statement and the assertion that a case does not write out for its claims (see `common.ttl`)."""
    prefix = names.PREFIXES["claim"]
    kinds = {q.subject for q in store_.quads_for_pattern(None, None, None, graph) if q.subject.value.startswith(prefix)}
    for claim in sorted(kinds, key=str):
        slug = claim.value.removeprefix(prefix)
        if not any(store_.quads_for_pattern(claim, air("statement"), None, None)):
            yield ox.Quad(claim, air("statement"), ox.Literal(slug.replace("-", " "), language="en"), graph)
        if any(store_.quads_for_pattern(None, air("asserts"), claim, None)):
            continue
        node = ox.NamedNode(names.thing("assertion", "one", slug))
        says = {"asserts": claim.value, "inSource": names.thing("source", "one")}
        says |= {"hasPassage": names.thing("passage", "one.1-2")}
        for scheme, value in (("Voice", "own"), ("Stance", "endorses"), ("Hedge", "categorical"), ("Mode", "finding")):
            says[f"has{scheme}"] = names.thing("code", scheme.lower(), value)
        says["hasBasis"] = names.thing("code", "basis", "none-given")
        yield ox.Quad(node, ox.NamedNode(names.PREFIXES["rdf"] + "type"), air("Assertion"), graph)
        for name, value in says.items():
            yield ox.Quad(node, air(name), ox.NamedNode(value), graph)


def table(file: Path) -> list[list[str]]:
    with open(file, encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def cells(answer: ask.Answer, columns: tuple[str, ...]) -> list[list[str]]:
    """Return an answer's labels under the columns, which come first."""
    return [list(columns), *([row[column].text for column in columns] for row in answer.rows)]


def own_columns(question: Query) -> tuple[str, ...]:
    grounded = question.name not in UNGROUNDED and "claim" not in question.columns
    return (*question.columns, *(("claim",) if grounded else ()))


def test_every_question_has_a_case():
    """An answer nobody has seen right on a graph that fits in the head is not known to be right."""
    assert not MISSING, f"no case for {', '.join(MISSING)}"
    assert {folder.name for folder in CASES.iterdir() if folder.is_dir()} <= set(QUESTIONS)


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in MISSING])
def test_a_question_gives_the_rows_of_its_case_and_no_others(name: str):
    engine, given, claims = case(name)
    answer = ask.answer(engine, QUESTIONS[name], given)
    assert cells(answer, own_columns(QUESTIONS[name])) == table(CASES / name / "expected.tsv")
    answered = {iri for row in answer.rows for iri in row.get("claim", Cell("")).ids}
    assert claims - answered or name in UNGROUNDED, "the case has nothing that must stay out of the answer"


@pytest.mark.parametrize(("name", "param"), FURTHER)
def test_a_further_parameter_leaves_the_rows_of_its_case_and_no_others(name: str, param: str):
    """With what is asked already, or alone: two things may be asked of a question."""
    engine, _, _ = case(name)
    given = params(name, f"params.{param}.yaml")
    assert param in given
    answer = ask.answer(engine, QUESTIONS[name], given)
    assert cells(answer, own_columns(QUESTIONS[name])) == table(CASES / name / f"expected.{param}.tsv")
    without = {key: value for key, value in given.items() if key != param}
    assert len(answer.rows) < len(ask.answer(engine, QUESTIONS[name], without).rows), "the parameter leaves out nothing"


# ── the founding corpus ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def engine(founding: Path) -> Engine:
    return local(store.open_store(founding))


def param_of(name: str, param: str) -> Param:
    return next(p for p in QUESTIONS[name].params if p.name == param)


@pytest.mark.parametrize(("name", "param"), PARAMS)
def test_a_parameter_offers_its_values_and_its_default_is_among_them(engine: Engine, name: str, param: str):
    this = param_of(name, param)
    if this.type != "term":
        return
    values = {value for _, value in questions.choices(engine, this)}
    assert values
    assert not this.default or this.default in values


@pytest.mark.parametrize(("name", "param"), PARAMS)
def test_a_parameter_left_open_constrains_nothing(engine: Engine, name: str, param: str):
    """With a value, an answer is part of the answer without: an optional `$name` must work as a variable too."""
    this = param_of(name, param)
    values = questions.choices(engine, this) if this.type == "term" else []
    if not values or name in UNGROUNDED or name in OVERVIEWS:
        return
    value = ox.NamedNode(names.expand(this.default or values[0][1]))
    others = (p for p in QUESTIONS[name].params if p.needed == "always" and p.name != param)
    ends = {p.name: ox.NamedNode(names.expand(p.default)) for p in others}
    some = assertions(engine, name, {**ends, param: value})
    assert some, f"{value} is offered and has no answer"
    assert this.default or some <= whole(engine, name)


@cache
def whole(engine: Engine, name: str) -> set[str]:
    return assertions(engine, name, {})


def assertions(engine: Engine, name: str, values: dict[str, ox.NamedNode]) -> set[str]:
    return {row["assertion"].value for row in engine(QUESTIONS[name].bind(values)) if "assertion" in row}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_row_of_an_answer_names_claim_source_and_place(engine: Engine, name: str):
    if name in UNGROUNDED:
        return
    for row in ask.answer(engine, QUESTIONS[name], {}).rows:
        if name in PARTLY and "assertion" not in row:
            assert row["source"].text, row
            continue
        assert all(row[column].text for column in ("claim", "source", "place", "voice", "stance", "hedge")), row


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_shows_labels_and_not_identifiers(engine: Engine, name: str):
    short = re.compile(rf"\b(?:{'|'.join(names.KINDS)}):[a-z0-9]")
    for row in ask.answer(engine, QUESTIONS[name], {}).rows:
        for column in QUESTIONS[name].columns:
            assert not short.match(row[column].text), (column, row[column].text)
            assert "https://w3id.org" not in row[column].text


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_on_the_founding_corpus_is_the_reviewed_one(engine: Engine, name: str, golden: bool):
    """What contests a claim is left out: it is the same in every answer, and the longest of the columns."""
    question = QUESTIONS[name]
    answer = ask.answer(engine, question, {})
    columns = tuple(column for column in answer.columns if column != "contested" or column in question.columns)
    found = cells(answer, columns)
    file = GOLDEN / f"{name}.tsv"
    if golden:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join("\t".join(row) + "\n" for row in found), encoding="utf-8")
    assert file.is_file(), "no reviewed answer: look at it, then run pytest --update-golden"
    assert found == table(file), "if the change is meant, run pytest --update-golden and read the difference"


def test_no_reviewed_answer_is_left_of_a_question_that_is_gone():
    assert {file.stem for file in GOLDEN.glob("*.tsv")} <= set(QUESTIONS)


def test_what_no_source_says_is_an_empty_answer_and_words_for_it(engine: Engine):
    question = QUESTIONS["says-about"]
    answer = ask.answer(engine, question, {"source": "baig", "thing": "middle-powers"})
    assert answer.sentence == "What does Baig n.d. say about middle powers?"
    assert answer.rows == []
    assert question.header["nothing"]
