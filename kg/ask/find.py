"""The ready questions: by name, and what their parameters may be."""

from __future__ import annotations

from kg import names
from kg.errors import UsageError, nearest
from kg.grounds import Engine, labels_of
from kg.queries import Compiled, Param, Query, read_file, read_queries
from kg.resources import resource


def catalogue(known: Compiled | None = None) -> list[Query]:
    """Return all canned questions, in their order."""
    return read_queries("ask", known=known)


def find(name: str, known: Compiled | None = None) -> Query:
    """Return the question of that name.

    Raises:
        UsageError: there is none; the message names the nearest.

    """
    file = resource("queries") / "ask" / f"{name}.rq"  # most have a file of their own, and no other need be read
    here = read_file(file, known) if names.SLUG.fullmatch(name) and file.is_file() else []
    questions = {question.name: question for question in here}
    if name in questions or name in (questions := {question.name: question for question in catalogue(known)}):
        return questions[name]
    hint = nearest(name, questions) or "`kg ask` lists the questions"
    raise UsageError(f"error: no question is named '{name}'\n  hint: {hint}")


def choices(engine: Engine, param: Param, language: str = "en") -> list[tuple[str, str]]:
    """Return the possible values of a parameter from the graph, as label and value, by label."""
    if not param.values:
        return []
    values = [row["value"].value for row in engine(param.listing()) if "value" in row]
    labels = labels_of(engine, values, language) if param.type == "term" else {}
    return sorted((labels.get(v, v), names.compact(v)) for v in values)
