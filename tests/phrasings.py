"""The panel of phrasings: what people typed who had not seen how words are understood, and what would be right."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.ask.prepared import Prepared
from kg.ask.understand import Understood, understand
from kg.errors import UsageError
from kg.grounds import Engine
from kg.queries import Query

PANEL = Path(__file__).parent / "panel"


class Phrasing(NamedTuple):
    """A line of the panel.

    Attributes:
        id: `p` and a number.
        language: `en` or `fa`.
        phrasing: what was typed.
        questions: names of the questions that serve, the best first.
        params: `name=id|id`, or `question.name=…` where one question differs; `-` among the ids: may be left out.
        things: ids of what is named, alternatives with `|`.
        absent: `yes` where something is named that the graph does not hold.

    """

    id: str
    language: str
    phrasing: str
    questions: str
    params: str
    things: str
    absent: str

    def wanted(self, question: str) -> dict[str, set[str]] | None:
        """Return the values that each parameter of a question may have; None where the question does not serve."""
        served = self.questions.split()
        if question not in served:
            return None
        found = dict[str, set[str]]()
        for pair in self.params.split():
            name, _, values = pair.partition("=")
            of, _, own = name.rpartition(".")
            if of == question or (not of and own not in found):
                found[own] = set(values.split("|"))
        return found


def read(name: str) -> list[Phrasing]:
    """Read one half of the panel: `open` or `kept`."""
    with (PANEL / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return [Phrasing(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


class Judged(NamedTuple):
    """What became of a phrasing: whether it was right, and whether a wrong answer would have said so."""

    phrasing: Phrasing
    right: bool
    honest: bool
    told: str


def judge(engine: Engine, questions: Sequence[Query], line: Phrasing, prepared: Prepared) -> Judged:
    """Ask, and compare with what would be right.

    Right is: one of the questions that serve, with the things named in its parameters and filters, or told as not used,
    and no other value; for what the
    graph does not hold, a line that says so. Honest is: right, or with the words that were not used named.
    """
    try:
        found = understand(engine, line.phrasing, questions, {}, prepared)
    except UsageError as error:
        return Judged(line, line.absent == "yes" or not line.questions, True, str(error).splitlines()[0])
    told = " ".join([found.question.name, *(f"{name}={value}" for name, value in found.given.items())])
    told += "".join(f" --{name}={value}" for name, value in found.filters)
    told += f"  unused: {', '.join(found.unused)}" if found.unused else ""
    if line.absent == "yes":
        return Judged(line, bool(found.unused), _says_so(found), told)
    return Judged(line, _is_right(line, found), _is_right(line, found) or _says_so(found), told)


def _is_right(line: Phrasing, found: Understood) -> bool:
    named = {thing for group in line.things.split() for thing in group.split("|")}
    filters = {name: set(value.split(",")) for name, value in found.filters}
    if not all(values & named for values in filters.values()):
        return False
    given = {name: set(value.split(",")) for name, value in found.given.items() if value != "any"}
    wanted = line.wanted(_served(line, found, filters))
    if wanted is None:
        return False
    wanted = {name: values for name, values in wanted.items() if name in {p.name for p in found.question.params}}
    values = set().union(*given.values(), *filters.values())
    if any(not values & set(group.split("|")) for group in line.things.split()) and not _says_so(found):
        return False
    complete = all("-" in right or given.get(name, set()) & right for name, right in wanted.items())
    return complete and all(values & (wanted.get(name, set()) | named) for name, values in given.items())


def _served(line: Phrasing, found: Understood, filters: Mapping[str, set[str]]) -> str:
    """Return the question of the panel that this one is with its filters.

    About one thing with another is what is said of both together, and so is about each where it says that nothing is
    of both; about a thing with whoever says it, what they say of it. Of a work that only a list names, about it and
    who wrote it both say none.
    """
    served, question = line.questions.split(), found.question.name
    if question == "together" and "together" not in served and len(line.things.split()) > 1 and "about" in served:
        return "about"
    whose = next((name for name in ("authors", "says-about", "rests-on") if name in served), question)
    if question == "about" and filters.keys() & {"source", "work"}:
        return whose
    if question == "about" and question not in served:
        if "together" in served and ("about" in filters or "together: none" in found.notes):
            return "together"
        return whose if "authors" in served else question
    return question


def _says_so(found: Understood) -> bool:
    return bool(found.unused or found.notes)
