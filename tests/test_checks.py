"""Every check finds its failing case, passes its passing case, and finds nothing in the cases of the others.

Cases stand in `tests/cases/checks/<check>/`. Each is a graph as the pipeline asserts it; the class tree, the
codes and the effects are added, and what the rules derive from it all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names, pipeline
from kg.headers import SEVERITIES
from kg.load.turtle import read_turtle
from kg.queries import read_queries
from kg.reason.rules import derive
from kg.store.local import open_store
from kg.validate.checks import check
from kg.validate.findings import Finding

CASES = Path(__file__).parent / "cases" / "checks"
CHECKS = {query.name: query for query in read_queries("check") if "ontology" not in query.tags}
"""The checks of the corpus; those tagged `ontology` have tests of their own."""

CODED_WELL = (
    "ai-without-term",
    "claims-alike",
    "effect-on-itself",
    "gainer-without-redistribution",
    "mechanism-echoes",
    "performer-affected",
    "tension-of-studies",
)
"""The checks that the codebook marks ⚙: warnings where others code, none in our own coding."""


@cache
def background() -> tuple[ox.Quad, ...]:
    """Return the ontology and the relations, without the terms that a case would leave unused."""
    graph = ox.NamedNode(names.ONTOLOGY_GRAPH)
    files = [f for f in pipeline.ontology_files() if f.parent.name != "vocabulary" or f.stem == "relations"]
    return tuple(ox.Quad(t.subject, t.predicate, t.object, graph) for f in files for t in read_turtle(f))


def findings(file: Path) -> list[Finding]:
    """Return what all checks find in a case."""
    graph = ox.NamedNode(names.source_graph("case"))
    case = [ox.Quad(t.subject, t.predicate, t.object, graph) for t in read_turtle(file)]
    asserted = [*background(), *case]
    store = ox.Store()
    store.extend([*asserted, *derive(asserted, read_queries("infer"))])
    return check(store, list(CHECKS.values()), {})


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_passes_what_is_right(name: str) -> None:
    """A check that also finds what is right would be switched off by the first who meets it."""
    assert [str(f) for f in findings(CASES / name / "pass.ttl")] == []


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_finds_what_is_wrong_and_no_other_does(name: str) -> None:
    """A check nobody has seen fail is no check; a case that breaks two says nothing about either."""
    found = findings(CASES / name / "fail.ttl")
    assert {f.rule for f in found} == {name}, [str(f) for f in found]
    assert {f.severity for f in found} == {CHECKS[name].header["severity"]}
    for finding in found:
        assert names.compact(finding.focus) in finding.message
        assert "{" not in finding.message


def test_every_check_has_its_cases_and_every_case_a_check() -> None:
    """A folder left behind by a check that was renamed would never run."""
    folders = {folder.name for folder in CASES.iterdir()}
    assert set(CHECKS) <= folders <= {query.name for query in read_queries("check")}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_keeps_to_the_form(name: str) -> None:
    """Its severity is one of the three, it orders its rows, and its message fills in what it selects."""
    query = CHECKS[name]
    assert query.header["severity"] in SEVERITIES
    assert "ORDER BY" in query.text
    assert "{focus}" in str(query.header["message"])
    assert ("{value}" in str(query.header["message"])) == ("?value" in query.text)


def test_every_sort_of_echo_is_found() -> None:
    """One claim found would hide nine that are missed."""
    case = read_turtle(CASES / "mechanism-echoes" / "fail.ttl")
    echoing = {str(t.subject).strip("<>") for t in case if t.predicate.value == names.expand("air:hasMechanism")}
    assert {f.focus for f in findings(CASES / "mechanism-echoes" / "fail.ttl")} == echoing


@pytest.mark.parametrize("name", CODED_WELL)
def test_the_founding_corpus_keeps_the_codebook(founding: Path, name: str) -> None:
    """What coders of other texts are warned of, our own coding has none of."""
    assert [str(f) for f in check(open_store(founding), [CHECKS[name]], {})] == []


def test_the_founding_corpus_has_no_violation(founding: Path) -> None:
    """What the project ships keeps the rules that it makes others keep."""
    found = check(open_store(founding), list(CHECKS.values()), {})
    assert [str(f) for f in found if f.severity == "violation"] == []
