"""What free words are understood by, worked out when a store is built and kept in it: `asking.json`.

    forms     the names of things (`forms`)
    wording   of each question, by a key that changes with its words, what it is found by (`wording`)
    values    of the queries for values that every line needs, by their text: the numbers of the things among them

Where it says nothing, as of a question that was written since, the graph is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.ask.forms import Forms, made
from kg.ask.wording import FALLBACKS, Wording, key_of, wording_of
from kg.grounds import Engine
from kg.queries import Param, Query
from kg.store.local import read_beside

FILE = "asking.json"


class Prepared:
    """What is known beforehand of a graph and of the questions to it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    @cached_property
    def forms(self) -> Forms:
        """The names of the graph's things."""
        return Forms(self._data["forms"])

    def wording(self, question: Query) -> Wording:
        """Return the words by which a question is found."""
        known = self._data["wording"].get(key_of(question))
        return Wording(*known) if known else wording_of(question)

    def possible(self, engine: Engine, param: Param, things: Sequence[str]) -> set[str]:
        """Return those among some things that are values of a parameter."""
        if (kept := self._data["values"].get(param.values)) is not None:
            return {self.forms.things[number] for number in kept}.intersection(things)
        return {row["value"].value for one in things for row in engine(param.listing([one])) if "value" in row}


def of(engine: Engine) -> Prepared:
    """Return what a graph itself says, where no store has kept it."""
    return Prepared({"forms": made(engine), "wording": {}, "values": {}})


def prepare(engine: Engine, questions: Iterable[Query]) -> bytes:
    """Return what is kept of a graph and of the questions to it; the same for the same."""
    forms, asked = made(engine), list(questions)
    number = {iri: n for n, iri in enumerate(forms["things"])}
    values = dict[str, list[int]]()
    # of the others it costs as much as validating; a look-up of one thing is quick there
    for param in (param for question in asked if question.name in FALLBACKS for param in question.params):
        if param.type == "term" and param.values and param.values not in values:
            found = {row["value"].value for row in engine(param.listing()) if "value" in row}
            values[param.values] = sorted(number[iri] for iri in found & number.keys())
    wording = {key_of(question): wording_of(question) for question in asked}
    return json.dumps({"forms": forms, "wording": wording, "values": values}, ensure_ascii=False).encode()


def read(path: Path) -> Prepared:
    """Return what was worked out when a store was built.

    Raises:
        StoreError: as `kg.store.local.open_build`; or the store has no such file.

    """
    return Prepared(json.loads(read_beside(path, FILE, "the names that free words are compared with")))
