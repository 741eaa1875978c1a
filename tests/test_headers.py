"""One question file asked under several names, and what is said of a header whose forms are broken."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.ask.find import catalogue, find
from kg.errors import QueryError, UsageError
from kg.queries import compiled, read_file, read_queries
from kg.resources import resource

FILE = """\
#+ columns: {cause: what brings it about}
#+ tags: [change]
#+ params:
#+   thing:
#+     label: what changes
#+     values: |
#+       SELECT ?value WHERE { VALUES ?effect { $effect } ?claim air:hasEffect ?effect ; air:hasAffected ?value }
#+   effect:
#+     label: kind of change
#+   power:
#+     label: type of power
#+ forms:
#+   weakens:
#+     summary: what weakens it
#+     question: What weakens {thing}?
#+     order: 2
#+     sets: {effect: [relation:weakens, relation:constrains]}
#+     without: [power]
#+     params:
#+       thing: {label: what is weakened, default: power:power}
#+   changes:
#+     summary: what changes it
#+     question: What changes {thing}?
#+     tags: [alter]
#+     order: 1
SELECT ?cause ?assertion WHERE {
  VALUES ?effect { $effect }
  ?claim air:hasEffect ?effect ; air:hasCause ?cause ; air:hasAffected ?affected .
  FILTER(?affected = $thing)
  FILTER EXISTS { ?claim air:hasPowerType $power }
  ?assertion air:asserts ?claim .
}
ORDER BY ?cause
"""


def written(tmp_path: Path, text: str, name: str = "effects") -> Path:
    (tmp_path / "ask").mkdir(exist_ok=True)
    file = tmp_path / "ask" / f"{name}.rq"
    file.write_text(text)
    return file


def test_a_file_is_asked_under_each_of_its_forms_and_not_under_its_own_name(tmp_path: Path) -> None:
    written(tmp_path, FILE)
    assert [query.name for query in read_queries("ask", tmp_path)] == ["changes", "weakens"]


def test_what_a_form_says_stands_in_place_of_what_the_header_says(tmp_path: Path) -> None:
    weakens, changes = read_file(written(tmp_path, FILE))
    assert (weakens.tags, changes.tags) == (("change",), ("alter",))
    assert weakens.columns == changes.columns == {"cause": "what brings it about"}
    assert (weakens.params[0].label, weakens.params[0].default) == ("what is weakened", "power:power")
    assert (changes.params[0].label, changes.params[0].default) == ("what changes", "")


def test_what_a_form_sets_or_is_without_is_no_parameter_of_it(tmp_path: Path) -> None:
    weakens, changes = read_file(written(tmp_path, FILE))
    assert [p.name for p in weakens.params] == ["thing"]
    assert [p.name for p in changes.params] == ["thing", "effect", "power"]


def test_what_a_form_sets_stands_in_its_query_and_in_that_of_its_values(tmp_path: Path) -> None:
    """And in a form that sets it not, nothing is asked of it until somebody does."""
    weakens, changes = read_file(written(tmp_path, FILE))
    assert "VALUES ?effect { relation:weakens relation:constrains }" in weakens.bind({})
    assert "VALUES ?effect { relation:weakens relation:constrains }" in weakens.params[0].listing()
    assert "VALUES" not in changes.bind({})
    assert "VALUES" not in changes.params[0].listing()
    transforms = ox.NamedNode("https://w3id.org/airkg/id/relation/transforms")
    assert f"VALUES ?effect {{ {transforms} }}" in changes.bind({"effect": transforms})


def test_what_constrains_a_parameter_that_a_form_lacks_falls_away(tmp_path: Path) -> None:
    weakens, changes = read_file(written(tmp_path, FILE))
    assert "$power" not in weakens.text
    assert "$power" in changes.text
    assert weakens.text.count("\n") == changes.text.count("\n"), "lines keep their numbers"


def test_a_fault_of_a_forms_query_is_told_with_its_line_in_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, FILE.replace("ORDER BY ?cause", "ORDER ?cause"))
    for query in read_file(file):
        with pytest.raises(SyntaxError) as caught:
            ox.Store().query(query.bind({}))
        assert query.fault(caught.value).place.line == FILE.splitlines().index("ORDER BY ?cause") + 1


BROKEN = [
    ("    order: 2\n", "    ordr: 2\n", 16, "unknown key 'ordr'", "did you mean 'order'?"),
    ("sets: {effect", "sets: {efect", 17, "unknown parameter 'efect' of form 'weakens'", "did you mean 'effect'?"),
    ("[power]\n", "[powr]\n", 18, "unknown parameter 'powr' of form 'weakens'", "did you mean 'power'?"),
    (
        "without: [power]",
        "without: [effect]",
        18,
        "unknown parameter 'effect' of form 'weakens'",
        "the query has: thing",
    ),
    ("      thing: {l", "      thng: {l", 20, "unknown parameter 'thng' of form 'weakens'", "did you mean 'thing'?"),
    ("{label: what is", "{lable: what is", 20, "unknown key 'lable' of a parameter", ""),
    ("without: [power]", "without: power", 18, "a list expected for 'without'", ""),
    (
        "relation:constrains]",
        "constrains]",
        17,
        "'constrains' found, a short name (relation:weakens) or a variable",
        "",
    ),
    ("relation:constrains]", '"a:b } #"]', 17, "'a:b } #' found, a short name (relation:weakens) or a variable", ""),
    ("relation:constrains]", "nowhere:x]", 17, "'nowhere:x' found, a short name (relation:weakens) or a variable", ""),
    ("    question: What weakens {thing}?\n#+ ", "", 13, "key 'question' is missing from form 'weakens'", ""),
    ("  changes:", "  weakens:", 21, "key 'weakens' stands twice", ""),
    ("  changes:", "  Changes:", 21, "form 'Changes' found, a name such as risks-by-mode", ""),
    ("forms:\n", "forms: x\n#+ row:\n", 12, "keys and values expected for 'forms'", ""),
    ("?cause ?assertion", "?cause $first", 13, "form 'weakens' sets no 'first'", ""),
]


@pytest.mark.parametrize(("was", "now", "line", "message", "hint"), BROKEN)
def test_a_broken_form_is_one_error_with_its_line(
    tmp_path: Path, was: str, now: str, line: int, message: str, hint: str
) -> None:
    """A form that is half read would answer something else."""
    assert FILE.count(was) == 1
    file = written(tmp_path, FILE.replace(was, now))
    with pytest.raises(QueryError) as caught:
        read_file(file)
    assert caught.value.place.line == line
    assert caught.value.message.startswith(message)
    assert (caught.value.hint or "").startswith(hint)


def test_a_name_that_two_questions_have_is_an_error_with_its_line(tmp_path: Path) -> None:
    written(tmp_path, FILE)
    written(tmp_path, FILE.replace("  changes:", "  alters:"), "more")
    with pytest.raises(QueryError) as caught:
        read_queries("ask", tmp_path)
    assert (caught.value.place.file.name, caught.value.place.line) == ("more.rq", 13)
    assert (caught.value.message, caught.value.hint) == (
        "'weakens' found, a new name expected",
        "effects.rq has this one",
    )


def test_what_was_compiled_at_a_build_is_what_the_files_say() -> None:
    known = compiled("ask")
    assert read_queries("ask", known=known) == read_queries("ask")
    assert {len(file["forms"]) > 1 for file in known.values()} == {True, False}


def test_a_store_of_before_files_had_forms_is_no_hindrance() -> None:
    """What it compiled says otherwise what a file holds; the file itself is read."""
    old = {key: {"text": "", "header": {}, "params": [], "line": 1} for key in compiled("ask")}
    assert find("weakens", old) == find("weakens")


def test_a_form_is_found_by_its_name_and_the_file_that_holds_it_is_no_question() -> None:
    assert find("weakens").file == str(resource("queries") / "ask" / "effects.rq")
    assert "effects" not in {question.name for question in catalogue()}
    with pytest.raises(UsageError, match="no question is named 'effects'"):
        find("effects")
