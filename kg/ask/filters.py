"""Filters that hold for every answer: of its rows, those whose assertion has a source, a voice, a year … asked for.

A filter is a condition on one assertion. A query that gives assertions is run as it is, and one more query says which
of them meet the conditions; in a query that counts assertions (`MIN(?one) AS ?assertion`) the conditions stand where
it counts, so that its numbers are of what is left.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from kg import names
from kg.errors import UsageError, nearest, one_of
from kg.folding import plain
from kg.queries import Bound, bind, counting, counts, nodes, part
from kg.words import words

if TYPE_CHECKING:
    from kg.grounds import Engine, Solution
    from kg.queries import Query

YEARS = ("since", "until")

_TERMS = {
    "source": "air:Source",
    "voice": "air:Voice",
    "stance": "air:Stance",
    "hedge": "air:Hedge",
    "mode": "air:AssertionMode",
    "basis": "air:Basis",
    "domain": "air:Domain",
    "level": "air:Level",
    "held-by": "air:ActorTerm air:Theory",
    "work": "air:Work",
    "about": "air:ActorTerm air:PowerType air:DiplomacyMode air:Risk air:Benefit air:Mechanism air:Technology "
    "air:Theory air:Phenomenon",
}
"""For each filter but the years the classes of its values."""

_YEAR = part(
    """
    { ?one air:hasVoice code:voice.attributed ; air:hasAttribution/air:attributedTo/dcterms:issued ?issued }
    UNION { ?one air:hasVoice code:voice.own ; air:inSource/dcterms:issued ?issued }
    BIND(xsd:integer(SUBSTR(STR(?issued), 1, 4)) AS ?year)
    """
)
"""The year in which it is said: that of a cited work where the voice is attributed, else that of the source."""

_CONDITIONS = {
    "source": part("?one air:inSource ?value ."),
    "voice": part("?one air:hasVoice ?value ."),
    "stance": part("?one air:hasStance ?value ."),
    "hedge": part("?one air:hasHedge ?value ."),
    "mode": part("?one air:hasMode ?value ."),
    "basis": part("?one air:hasBasis ?value ."),
    "domain": part("?one air:hasDomain ?value ."),
    "level": part("?one air:asserts/air:hasLevel ?value ."),
    "held-by": part("?one air:heldBy ?value ."),
    "work": part("?one air:hasAttribution/air:attributedTo ?value ."),
    "about": part("?one air:asserts/air:involves ?value ."),
    "since": part("$year FILTER(?year >= ?value)", year=_YEAR),
    "until": part("$year FILTER(?year <= ?value)", year=_YEAR),
}
"""For each filter, what an assertion (`?one`) has to do with one of its values."""

_ALL = frozenset({"about"})
"""Filters that hold one by one when given again: a claim is about several things, and has one source or voice."""

FILTERS = tuple(_CONDITIONS)
"""The options, in their order."""

# joined, and not put to each as a FILTER, which took the engine a hundred times as long
_MEETING = "SELECT DISTINCT ?one WHERE { $among VALUES ?value { $values } $condition }"
_AMONG = "VALUES ?one { $assertions }"
_ANY = part("")
_DATED = "SELECT DISTINCT ?one WHERE { VALUES ?one { $assertions } $year }"

_VALUES = """
SELECT DISTINCT ?value ?label WHERE {
  VALUES ?kind { $kinds } ?value a ?kind .
  OPTIONAL { ?value skos:prefLabel|skos:altLabel ?label }
}
"""

_OF_KIND = "SELECT DISTINCT ?value WHERE { VALUES ?kind { $kinds } VALUES ?value { $values } ?value a ?kind }"

_NARROWER = "SELECT DISTINCT ?narrower WHERE { VALUES ?value { $values } ?narrower air:isNarrowerThan ?value }"


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
    kinds = nodes(map(names.expand, _TERMS[name].split()))
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
    kinds = nodes(map(names.expand, _TERMS[name].split()))
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
    # counted are only those that are left; what has none of them names no assertion
    less = counting(query, list(_meeting(engine, filters))) if counts(query) else query
    solutions = [solution for solution in engine(less) if "assertion" in solution]
    found = list(dict.fromkeys(solution["assertion"].value for solution in solutions))
    kept = _meeting(engine, filters, found)
    undated: Collection[str] = ()
    if any(one.name in YEARS for one in filters):
        undated = _meeting(engine, [one for one in filters if one.name not in YEARS], found)
        rows = engine(bind(_DATED, assertions=nodes(undated), year=_YEAR))
        undated = undated - {row["one"].value for row in rows}
    return Left(
        [solution for solution in solutions if solution["assertion"].value in kept],
        less,
        [solution for solution in solutions if solution["assertion"].value in undated],
    )


def _meeting(engine: Engine, filters: Iterable[Filter], among: Iterable[str] | None = None) -> Set[str]:
    """Return the assertions that meet all filters; of all that there are, or among some."""
    import pyoxigraph as ox

    left = None if among is None else set(among)
    for one in filters:
        if left is not None and not left:
            break
        values = [ox.Literal(int(year)) for year in one.values] if one.name in YEARS else nodes(one.values)
        these = _ANY if left is None else part(_AMONG, assertions=nodes(sorted(left)))
        rows = engine(bind(_MEETING, among=these, values=values, condition=_CONDITIONS[one.name]))
        left = {row["one"].value for row in rows}
    return left or set()
