"""Filters that hold for every answer: of its rows, those whose assertion has a source, a voice, a year … asked for.

A filter is a condition on one assertion. A query that gives assertions is run as it is, and one more query says which
of them meet the conditions; in a query that counts assertions (`MIN(?one) AS ?assertion`) the conditions stand where
it counts, so that its numbers are of what is left.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kg import names
from kg.errors import UsageError, nearest, one_of
from kg.folding import plain
from kg.queries import TOKEN, Bound, bind, nodes, part
from kg.words import words

if TYPE_CHECKING:
    from kg.grounds import Engine, Solution
    from kg.queries import Query

YEARS = ("since", "until")

_TERMS = {
    "source": ("air:Source", "$one air:inSource ?value"),
    "voice": ("air:Voice", "$one air:hasVoice ?value"),
    "stance": ("air:Stance", "$one air:hasStance ?value"),
    "hedge": ("air:Hedge", "$one air:hasHedge ?value"),
    "mode": ("air:AssertionMode", "$one air:hasMode ?value"),
    "basis": ("air:Basis", "$one air:hasBasis ?value"),
    "domain": ("air:Domain", "$one air:hasDomain ?value"),
    "level": ("air:Level", "$one air:asserts/air:hasLevel ?value"),
    "held-by": ("air:ActorTerm air:Theory", "$one air:heldBy ?value"),
    "work": ("air:Work", "$one air:hasAttribution/air:attributedTo ?value"),
    "about": (
        "air:ActorTerm air:PowerType air:DiplomacyMode air:Risk air:Benefit air:Mechanism air:Technology air:Theory "
        "air:Phenomenon",
        "$one air:asserts/air:involves ?value",
    ),
}
"""For each filter the classes of its values, and what an assertion has to do with one of them."""

_ALL = frozenset({"about"})
"""Filters that hold one by one when given again: a claim is about several things, and has one source or voice."""

FILTERS = (*_TERMS, *YEARS)
"""The options, in their order."""

_YEAR = """
  { $one air:hasVoice code:voice.attributed ; air:hasAttribution/air:attributedTo/dcterms:issued ?issued }
  UNION { $one air:hasVoice code:voice.own ; air:inSource/dcterms:issued ?issued }
  BIND(xsd:integer(SUBSTR(STR(?issued), 1, 4)) AS ?year)
"""
"""The year in which it is said: that of a cited work where the voice is attributed, else that of the source."""

_KEPT = "SELECT DISTINCT ?assertion WHERE { VALUES ?assertion { $assertions } $condition }"

_VALUES = """
SELECT DISTINCT ?value ?label WHERE {
  VALUES ?kind { $kinds } ?value a ?kind .
  OPTIONAL { ?value skos:prefLabel|skos:altLabel ?label }
}
"""

_OF_KIND = "SELECT DISTINCT ?value WHERE { VALUES ?kind { $kinds } VALUES ?value { $values } ?value a ?kind }"

_NARROWER = "SELECT DISTINCT ?narrower WHERE { VALUES ?value { $values } ?narrower air:isNarrowerThan ?value }"

_AMONG = "{ SELECT DISTINCT $one WHERE { $one air:asserts ?said . $condition } }"
"""Looked up once; a condition in the group itself would be put to each of its rows."""


class Filter(NamedTuple):
    """One filter: its option, what was typed, and the IRIs of which one is to hold; for a year, the year."""

    name: str
    typed: tuple[str, ...]
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"--{self.name} {shlex.quote(','.join(self.typed))}"


class Left(NamedTuple):
    """What filters leave.

    Attributes:
        solutions: those of the query whose assertion meets every condition.
        query: the query that was run.
        undated: those left out only because no year is known in which they are said.

    """

    solutions: list[Solution]
    query: Bound
    undated: list[Solution]


def parted(
    engine: Engine, question: Query, given: Mapping[str, str], options: Mapping[str, Sequence[str]]
) -> tuple[Query, dict[str, str], tuple[Filter, ...]]:
    """Part what was typed into parameters of the question and filters of its answer.

    A question's own parameter of that name takes one value. Of several, the parameter stays open and the filter takes
    them all; so it is with `mode`, where the value is a part that claims play and no mode of diplomacy.

    Returns:
        The question, the parameters, and the filters in their order.

    Raises:
        UsageError: an unknown value, a year that is none, or a filter where rows rest on no assertion.

    """
    own = {p.name for p in question.params}
    typed = {name: [*filter(None, [given.get(name)]), *options.get(name, ())] for name in FILTERS}
    left = {name: value for name, value in given.items() if name in own or name not in FILTERS}
    found = []
    for name, these in typed.items():
        value, others = _owned(engine, name, these) if name in own and these else (None, these)
        left = (
            {**left, name: value} if value is not None else {n: v for n, v in left.items() if n != name or not others}
        )
        if others:
            groups = [[one] for one in others] if name in _ALL else [others]
            found += [filter_of(engine, name, some) for some in groups]
    if found and question.header.get("grounds") == "none":
        named = one_of([f"--{f.name}" for f in found])
        hint = f"its parameters: {', '.join(sorted(own))}" if own else f"`kg ask {question.name}` gives all of it"
        raise UsageError(
            f"error: {named} found, and the rows of '{question.name}' rest on no one assertion\n  hint: {hint}"
        )
    _see_years(found)
    # a mode of diplomacy that nobody named stays the question's own, whatever part in the argument is asked for
    taken = own & {f.name for f in found} - left.keys() - {"mode"}
    params = tuple(p._replace(default="") if p.name in taken else p for p in question.params)
    return question._replace(params=params), left, tuple(found)


def _owned(engine: Engine, name: str, words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """Part what was typed for a question's own parameter from what is for the filter of that name.

    Raises:
        UsageError: several modes of diplomacy, which no filter knows.

    """
    known = _known(engine, name)
    several = len(words) > 1 or ("," in words[0] and fold(words[0]) not in known)
    if name != "mode":
        return (None, words) if several else (words[0], ())
    typed = _parts(words, known)
    own = [word for word in typed if fold(word) not in known]
    if len(own) > 1:
        raise UsageError(f"error: --mode '{', '.join(own)}' found, one mode of diplomacy expected")
    return own[0] if own else None, [word for word in typed if fold(word) in known]


def _parts(words: Sequence[str], known: Collection[str]) -> list[str]:
    """Return the values typed; commas part them where the whole is no value."""
    parts = [word.strip() for typed in words for word in ([typed] if fold(typed) in known else re.split("[,،]", typed))]
    return list(dict.fromkeys(filter(None, parts)))


def filter_of(engine: Engine, name: str, words: Sequence[str]) -> Filter:
    """Return the filter of what was typed; several values are parted by commas where the whole is no value.

    Raises:
        UsageError: a value that is none, or no year.

    """
    if (things := _by_id(engine, name, words)) is not None:
        return of_things(engine, name, things)
    known = _known(engine, name) if name not in YEARS else {}
    typed = _parts(words, known)
    if not typed:
        raise UsageError(f"error: --{name} found without a value")
    if name in YEARS:
        return Filter(name, tuple(typed), (_year(name, typed),))
    values = dict[str, None]()
    for word in typed:
        if fold(word) not in known:
            raise UsageError(f"error: {name} '{word}' is not in the graph\n  hint: {_hint(word, known)}")
        values |= dict.fromkeys(known[fold(word)])
    return of_things(engine, name, list(values))._replace(typed=tuple(typed))


def of_things(engine: Engine, name: str, iris: Sequence[str]) -> Filter:
    """Return the filter that asks for one of these things, or what is narrower."""
    # looked up here: a path of no length or one, in a condition, took the engine a hundred times as long
    narrower = engine(bind(_NARROWER, values=nodes(iris)))
    values = dict.fromkeys([*iris, *(row["narrower"].value for row in narrower)])
    return Filter(name, tuple(map(names.compact, iris)), tuple(values))


def _by_id(engine: Engine, name: str, words: Sequence[str]) -> list[str] | None:
    """Return the things that were all typed as short ids; to read the names of all takes ten times as long."""
    parts = [part.strip() for word in words for part in word.split(",")]
    if name in YEARS or not all(re.fullmatch(r"[a-z]+:[\w.-]+", part) for part in parts):
        return None
    iris = list(dict.fromkeys(map(names.expand, parts)))
    kinds = nodes(map(names.expand, _TERMS[name][0].split()))
    found = {row["value"].value for row in engine(bind(_OF_KIND, kinds=kinds, values=nodes(iris)))}
    return iris if found == set(iris) else None


def _year(name: str, typed: Sequence[str]) -> str:
    """Return the year typed, in digits of any script.

    Raises:
        UsageError: none, or several.

    """
    if len(typed) > 1 or not re.fullmatch(r"\d{1,4}", typed[0]):
        raise UsageError(f"error: --{name} '{', '.join(typed)}' found, a year expected\n  hint: --{name} 2020")
    return str(int(typed[0]))


def _see_years(found: Iterable[Filter]) -> None:
    """See that the years leave a span.

    Raises:
        UsageError: the last is before the first.

    """
    years = {f.name: int(f.values[0]) for f in found if f.name in YEARS}
    if len(years) == 2 and years["since"] > years["until"]:
        raise UsageError(f"error: no year is since {years['since']} and until {years['until']}")


def _hint(word: str, known: Mapping[str, Sequence[str]]) -> str:
    slugs = list(dict.fromkeys(_slug(iri) for iris in known.values() for iri in iris))
    return nearest(fold(word), known) or f"possible values: {', '.join(slugs[:12])}{' …' if len(slugs) > 12 else ''}"


def _slug(iri: str) -> str:
    """Return the short name of a value; that of a code is without what it is a code of."""
    slug = names.slug_of(iri)
    return slug.partition(".")[2] if names.compact(iri).startswith("code:") else slug


def fold(text: str) -> str:
    """Return a name without case, space to spare, and what Persian writes in two ways."""
    return " ".join(plain(text.replace("\u200c", " ")).split())


def _known(engine: Engine, name: str) -> dict[str, list[str]]:
    """Return the values of a filter, by every name that they go by."""
    kinds = nodes(map(names.expand, _TERMS[name][0].split()))
    known: dict[str, list[str]] = {}
    for row in engine(bind(_VALUES, kinds=kinds)):
        iri = row["value"].value
        label = [row["label"].value] if "label" in row else []
        for form in {iri, names.compact(iri), names.slug_of(iri), _slug(iri), *label}:
            these = known.setdefault(fold(form), [])
            these += [] if iri in these else [iri]
    return known


def none_left(filters: Sequence[Filter], without: Sequence[int], language: str = "en") -> str:
    """Say that filters leave no row, how many there are without them, and with each of them alone."""
    say = words(language)
    rows, *alone = [f"{n} {say('row' if n == 1 else 'rows')}" for n in without]
    parts = [f"{say('none with')} {joined(filters)}", f"{say('without filters')}: {rows}"]
    if len(filters) > 1:
        parts += [f"{say('only with')} {one}: {n}" for one, n in zip(filters, alone, strict=True)]
    return "; ".join(parts)


def undated(rows: int, language: str = "en") -> str:
    """Say how many rows are left out because no year is known in which they are said."""
    say = words(language)
    return f"{rows} {say('row' if rows == 1 else 'rows')} {say('left out: no year is known')}"


def joined(filters: Iterable[Filter]) -> str:
    """Return filters as they are typed."""
    return " ".join(map(str, filters))


def narrowed(engine: Engine, query: Bound, filters: Sequence[Filter]) -> Left:
    """Run a query and leave of its solutions those whose assertion meets every filter."""
    if not filters:
        return Left(engine(query), query, [])
    query = _counting_less(query, filters)
    solutions = [solution for solution in engine(query) if "assertion" in solution]
    every = [_condition(one, "assertion") for one in filters]
    left = _meeting(engine, solutions, every)
    undated: list[Solution] = []
    if any(one.name in YEARS for one in filters):
        others = [_condition(one, "assertion") for one in filters if one.name not in YEARS]
        undated = _meeting(engine, solutions, [*others, _undated("assertion")])
    return Left(left, query, undated)


def _meeting(engine: Engine, solutions: Sequence[Solution], conditions: Sequence[Bound]) -> list[Solution]:
    """Return the solutions whose assertion meets all conditions, in their order."""
    for condition in conditions:
        assertions = nodes(dict.fromkeys(solution["assertion"].value for solution in solutions))
        rows = engine(bind(_KEPT, assertions=assertions, condition=condition)) if assertions else ()
        kept = {row["assertion"].value for row in rows}
        solutions = [solution for solution in solutions if solution["assertion"].value in kept]
    return list(solutions)


def _condition(one: Filter, variable: str) -> Bound:
    """Return the condition of a filter on a variable of a query."""
    import pyoxigraph as ox

    this = ox.Variable(variable)
    if one.name in YEARS:
        sign = ">=" if one.name == "since" else "<="
        text = f"FILTER EXISTS {{ {_YEAR} FILTER(?year {sign} $year) }}"
        return part(_full(text), one=this, year=ox.Literal(int(one.values[0])))
    # joined, and not put to each as a filter, which took the engine a hundred times as long
    text = f"VALUES ?value {{ $values }} {_TERMS[one.name][1]}"
    return part(_full(text), one=this, values=nodes(one.values))


def _undated(variable: str) -> Bound:
    import pyoxigraph as ox

    return part(_full(f"FILTER NOT EXISTS {{ {_YEAR} FILTER(BOUND(?year)) }}"), one=ox.Variable(variable))


def _full(text: str) -> str:
    """Write short names of ours as full IRIs: a part of a query declares no prefix."""
    return re.sub(r"\b([a-z]+):([\w.-]*\w)", lambda m: f"<{names.expand(m[0])}>", text)


_COUNTED = re.compile(r"MIN\(\?(\w+)\) AS \?assertion\)")


def _counting_less(query: Bound, filters: Sequence[Filter]) -> Bound:
    """Put the conditions where a query counts assertions: at the end of the group from which it takes one of them."""
    import pyoxigraph as ox

    todo = [(mark[1], _end_of_group(query, mark.end())) for mark in _COUNTED.finditer(query)]
    for variable, end in reversed(todo):
        one = ox.Variable(variable)
        among = [part(_full(_AMONG), one=one, condition=_condition(f, variable)) for f in filters]
        query = Bound(f"{query[:end]} {' '.join(among)} {query[end:]}")
    return query


def _end_of_group(query: str, start: int) -> int:
    """Return where the next group `{ … }` closes; brackets in strings, IRIs and comments are none."""
    depth, at = 0, start
    bare = re.compile(f"{TOKEN.pattern}|(?P<open>{{)|(?P<close>}})", re.DOTALL | re.VERBOSE)
    for mark in bare.finditer(query, start):
        depth += bool(mark["open"]) - bool(mark["close"])
        at = mark.start()
        if mark["close"] and depth == 0:
            break
    return at
