"""Answering a canned question: its own rows, and for each row the grounds on which it stands.

A question's query selects `?assertion` and whatever else its columns name. The grounds of each assertion
(claim and its scope, source, place, voice, stance, hedge, what contests it) are added here, by one query for all
rows, so that every question has them and none has to repeat them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from kg import names
from kg.ask.filters import narrowed
from kg.ask.find import choices
from kg.ask.identify import named
from kg.ask.view import Counts, View
from kg.errors import UsageError, nearest
from kg.grounds import GROUNDS, Cell, Engine, grounds_of, is_thing, labels_of, limits_of
from kg.queries import Param, Query, node
from kg.words import words

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.ask.filters import Filter
    from kg.grounds import Solution
    from kg.queries import Bound, Value


ANY = "any"
"""The value that asks nothing of a parameter."""
_SEVERAL = re.compile(r"[a-z]+:[\w.-]+(,[a-z]+:[\w.-]+)+")


class Answer(NamedTuple):
    """The rows of an answer.

    Attributes:
        question: what was asked.
        values: the parameters' values as labels.
        columns: names in order, grounds last.
        rows: one dict a row, by column; `assertion` is there too where the row rests on one.
        query: the SPARQL that was run.
        language: of labels, headings and the sentence.
        filters: what each row's assertion has to meet.
        without: where they leave no row, the number of rows without them, and that with each alone.
        undated: the number of rows left out because no year is known in which they are said.
        view: which part of the answer its rows are.
        counts: of the whole answer, where the rows are a part of it.

    """

    question: Query
    values: dict[str, str]
    columns: tuple[str, ...]
    rows: list[dict[str, Cell]]
    query: str
    language: str = "en"
    filters: tuple[Filter, ...] = ()
    without: tuple[int, ...] = ()
    undated: int = 0
    view: View = View()
    counts: Counts | None = None

    @property
    def sentence(self) -> str:
        """The question in words, with the values in their places."""
        header, say = self.question.header, words(self.language)
        sentence = header.get(f"question-{self.language}") or header["question"]
        return str(sentence).format_map(defaultdict(lambda: say("anything"), self.values))


def resolve(
    engine: Engine, question: Query, given: Mapping[str, str], language: str = "en"
) -> dict[str, tuple[Value, str]]:
    """Turn what the user typed into terms.

    A value is a prefixed name, a slug, a name or, for a parameter of type text, any words; `any` asks nothing of it.
    The example that a question of the graph has for a thing stands only where nothing at all was asked of it: else it
    would answer for what nobody named.

    Returns:
        Parameter name to term and label.

    Raises:
        UsageError: an unknown parameter, a value that is none of the possible ones, or nothing asked of what is needed.

    """
    for name in given:
        if name not in {p.name for p in question.params}:
            known = [p.name for p in question.params]
            hint = nearest(name, known) or (f"its parameters: {', '.join(known)}" if known else "it has no parameters")
            raise UsageError(f"error: question '{question.name}' has no parameter '{name}'\n  hint: {hint}")
    resolved: dict[str, Value] = {}
    for param in question.params:
        example = "" if given and param.type == "term" and question.kind == "ask" else param.default
        typed = given.get(param.name, example)
        if param.name in given and not typed.strip():
            hint = "leave it out; `--values` lists what it may be"
            raise UsageError(f"error: {param.name} found without a value\n  hint: {hint}")
        if not typed or (param.name in given and typed.casefold() == ANY):
            continue
        if param.type != "term":
            resolved[param.name] = _words(param, typed)
            continue
        iri = names.expand(typed) if param.name not in given else _choose(engine, param, typed)
        if (thing := node(iri)) is None:
            raise UsageError(f"error: {param.name} '{typed}' is not in the graph")
        resolved[param.name] = thing
    if needed := lacking(question, resolved):
        listed = (" and " if needed[0].needed == "always" else " or ").join(param.name for param in needed)
        hint = f"without, it would be asked about everything; `kg ask {question.name} --values` lists what it takes"
        raise UsageError(f"error: question '{question.name}' found without a value for {listed}\n  hint: {hint}")
    labels = labels_of(engine, [term.value for term in resolved.values() if is_thing(term)], language)
    return {name: (term, labels[term.value] if is_thing(term) else term.value) for name, term in resolved.items()}


def lacking(question: Query, valued: Container[str]) -> tuple[Param, ...]:
    """Return the parameters without a value that need one: each of `always`; else all of `one`, if none has a value."""
    open_ = [param for param in question.params if param.name not in valued]
    one = [param for param in question.params if param.needed == "one"]
    always = tuple(param for param in open_ if param.needed == "always")
    return always or (tuple(one) if all(param in open_ for param in one) else ())


def _words(param: Param, typed: str) -> ox.Literal:
    import pyoxigraph as ox

    try:
        return ox.Literal(typed)
    except ValueError:  # a lone surrogate: how Python passes on bytes that are not UTF-8
        raise UsageError(f"error: {param.name} found with bytes that are no text\n  hint: type it in UTF-8") from None


def _choose(engine: Engine, param: Param, typed: str) -> str:
    possible = choices(engine, param)
    wanted = typed.strip().casefold()
    for label, name in possible:
        if wanted in (label.casefold(), name.casefold(), name.partition(":")[2].casefold(), names.expand(name)):
            return names.expand(name)
    if not possible and typed != names.expand(typed):
        return names.expand(typed)
    known = named(engine, typed)
    fitting = [iri for iri in known if names.compact(iri) in {name for _, name in possible}]
    if known:  # what is in the graph may be asked about, though the answer be none
        return (fitting or known)[0]
    slugs = [name.partition(":")[2] for _, name in possible]
    hint = nearest(wanted, [*slugs, *(label for label, _ in possible)])
    hint = hint or f"possible values: {', '.join(slugs[:12])}{' …' if len(slugs) > 12 else ''}"
    raise UsageError(f"error: {param.name} '{typed}' is not in the graph\n  hint: {hint}")


def _each(given: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the values to ask with, one after another: ids with commas between them ask for each."""
    several = {name: value.split(",") for name, value in given.items() if _SEVERAL.fullmatch(value)}
    return [dict(given) | dict(zip(several, one, strict=True)) for one in product(*several.values())]


def answer(
    engine: Engine,
    question: Query,
    given: Mapping[str, str],
    language: str = "en",
    filters: Sequence[Filter] = (),
) -> Answer:
    """Ask a question and give every row its grounds.

    Args:
        given: parameter values as typed.
        language: of labels and statements; English where there is none in that language.
        filters: what each row's assertion has to meet, as `kg.ask.filters.parted` gives them.

    Raises:
        UsageError: a parameter or value that is not there.
        QueryError: the query does not parse or run.

    """
    asked = [resolve(engine, question, one, language) for one in _each(given)]
    values = {name: "; ".join(dict.fromkeys(one[name][1] for one in asked)) for name in asked[0]}
    bound = [question.bind({name: term for name, (term, _) in one.items()}) for one in asked]
    parts = [narrowed(engine, query, filters) for query in bound]
    solutions = [solution for part in parts for solution in part.solutions]
    undated = [solution for part in parts for solution in part.undated]
    query = "\n".join(part.query for part in parts)
    grounds = grounds_of(engine, [s["assertion"].value for s in solutions if "assertion" in s], language)
    own = tuple(question.columns)
    labels = labels_of(engine, (s[c].value for s in solutions for c in own if c in s and is_thing(s[c])), language)
    grounded = question.header.get("grounds") != "none"
    columns = own + tuple(c for c in GROUNDS if grounded and c not in own)
    claims = {a: g["claim"].ids[0] for a, g in grounds.items() if g["claim"].ids}
    computed = _computed(question, engine, claims.values(), language)
    rows = []
    for alike in _rows(question, solutions):
        row = dict.fromkeys(columns, Cell(""))
        if "assertion" in alike[0]:
            assertion = alike[0]["assertion"].value
            row["assertion"] = Cell(assertion, (assertion,))
            row.update(grounds[assertion])
            row.update(computed.get(claims.get(assertion, ""), {}))
        for name in own:
            if terms := [solution[name] for solution in alike if name in solution]:
                row[name] = Cell.of(terms, labels)
        rows.append(row)
    rows = _limited(engine, _together(question, rows), language)
    found = Answer(question, values, columns, rows, query, language)
    if not filters:
        return found
    without = () if rows else _without(engine, question, bound, filters)
    return found._replace(filters=tuple(filters), without=without, undated=_count(question, undated))


def _without(engine: Engine, question: Query, queries: Sequence[Bound], filters: Sequence[Filter]) -> tuple[int, ...]:
    """Count the rows without filters, and with each of them alone."""
    these: list[Sequence[Filter]] = [(), *((one,) for one in filters)]
    found = [[s for query in queries for s in narrowed(engine, query, some).solutions] for some in these]
    return tuple(_count(question, solutions) for solutions in found)


def _count(question: Query, solutions: Iterable[Solution]) -> int:
    return sum(1 for _ in _rows(question, solutions))


def _rows(question: Query, solutions: Iterable[Solution]) -> Iterable[list[Solution]]:
    """Gather the solutions that make up one row, in the order of the first of each.

    A row is an assertion, whatever slots of its claim hold several values; where the header names columns under
    `row`, such as the other claim of a pair, it is an assertion with these.
    """
    gathered: dict[tuple[object, ...], list[Solution]] = {}
    for number, solution in enumerate(solutions):
        apart = (solution.get(column) for column in question.header.get("row", ()))
        gathered.setdefault((solution.get("assertion", number), *apart), []).append(solution)
    return gathered.values()


def claim_key(question: Query, row: Mapping[str, Cell]) -> tuple[object, ...]:
    """Return what two rows have in common that repeat one claim: it, and what the question's header names under `row`.

    Empty where a row rests on no assertion, and so repeats none.
    """
    if "assertion" not in row:
        return ()
    return (row["claim"].ids, *(row[name][:2] for name in question.header.get("row", ())))


def _together(question: Query, rows: list[dict[str, Cell]]) -> list[dict[str, Cell]]:
    """Return the rows in their order, but each that repeats a claim behind the first that makes it."""
    first: dict[tuple[object, ...], int] = {}
    keys = [claim_key(question, row) or (number,) for number, row in enumerate(rows)]
    for number, key in enumerate(keys):
        first.setdefault(key, number)
    return [row for _, row in sorted(zip(keys, rows, strict=True), key=lambda pair: first[pair[0]])]


def _limited(engine: Engine, rows: list[dict[str, Cell]], language: str) -> list[dict[str, Cell]]:
    """Return the rows with condition, time and level behind each claim that is named beside the row's own."""
    kind = names.PREFIXES["claim"]
    beside = {cell for row in rows for name, cell in row.items() if name != "claim"}
    limits = limits_of(engine, sorted({i for cell in beside for i in cell.ids if i.startswith(kind)}), language)
    full = {cell: _with(cell, limits) for cell in beside if any(i in limits for i in cell.ids)}
    return [{name: full.get(cell, cell) if name != "claim" else cell for name, cell in row.items()} for row in rows]


def _with(cell: Cell, limits: Mapping[str, str]) -> Cell:
    if cell.text != "; ".join(cell.parts):  # beside texts that are no thing of the graph
        return cell
    both = zip(cell.ids, cell.parts, strict=True)
    parts = tuple(f"{part} ({limits[i]})" if i in limits else part for i, part in both)
    return Cell("; ".join(parts), cell.ids, parts)


def _computed(question: Query, engine: Engine, claims: Iterable[str], language: str) -> dict[str, dict[str, Cell]]:
    """Return what a program adds to the claims of an answer, where the question's header asks for it."""
    if question.header.get("compute") != "standing":
        return {}
    from kg.measure.debate import standing

    return standing(engine, claims, language)
