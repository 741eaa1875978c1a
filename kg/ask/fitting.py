"""Which question takes the things that somebody named, by which parameters and filters, and how well its words fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import log
from typing import NamedTuple

from kg import names
from kg.ask.answer import lacking
from kg.ask.filters import FILTERS, Filter, narrowed, of_things
from kg.ask.forms import EMPTY, PEOPLE, kind_of, stem
from kg.ask.lexicon import Mention
from kg.ask.prepared import Prepared
from kg.ask.wording import FALLBACKS, Wording, stems
from kg.grounds import Engine
from kg.queries import Bound, Param, Query, first, nodes

CANDIDATES = 12
"""Questions whose parameters are looked at; looking at all would take as long as the answer."""
TRIED = 10
"""Questions that are asked until one has an answer."""
WAYS = 12
"""Ways of giving the things to the parameters that are looked at."""
WORDED = 3.0
"""What the words of a question count, where no other question has more of what was typed."""
UNWORDED = 0.05
"""What part of that a question counts that takes whatever is named."""
COMMON = 0.05
"""What it takes away, for each time that e times as much is said of a thing."""
SPEAKS = 1.5
"""What it counts that a parameter takes who speaks, where it is asked who says what."""
UNNAMED = 0.05
"""What a word of a question's name takes away that was not typed: of two that fit alike, the plainer is meant."""
TAKEN, FILTERED, FILTERED_ALONE = 2.6, 2.3, 1.6
"""What a thing counts that a parameter takes, a filter beside one, or filters alone."""
FIELD_TAKEN = 1.5
"""What the field of all of them counts, a domain or a way of studying."""


ACTING = ("cause", "mechanism", "performer", "from", "through")
"""Parameters of what acts; beside them, the first of the others is of what is acted upon."""
FIELD = "phenomenon:international-relations"
_RESULT = frozenset("effect consequence impact implication result outcome influence role contribution".split())
_REASON = frozenset("cause driver source root origin reason".split())
_BE = frozenset("is are was were be been being".split())


class Fit(NamedTuple):
    """A question, and what it takes of what was named.

    Attributes:
        score: how well it fits; higher is better.
        question: the question.
        taken: by each parameter, what it takes.
        used: where the things that play a part start.
        filters: names of filters, and what they take.
        worded: whether most of the words that are no names are its own.
        unset: whether what it is mostly asked about is left open.

    """

    score: float
    question: Query
    taken: dict[str, Mention]
    used: frozenset[int]
    filters: tuple[tuple[str, Mention], ...] = ()
    worded: bool = False
    unset: bool = False

    @property
    def things(self) -> list[Mention]:
        """All that it takes."""
        return [*self.taken.values(), *(mention for _, mention in self.filters)]

    @property
    def people(self) -> int:
        """How many of the sources, works and people that were named it takes."""
        return sum(kind_of(mention.things[0]) in PEOPLE for mention in self.things)


class Asked(NamedTuple):
    """What was typed, as far as it is understood without a question.

    Attributes:
        engine: over the graph.
        prepared: what was worked out beforehand.
        questions: all of them.
        wording: of each, by its name.
        said: the words, folded.
        mentions: what was named.
        wanted: stems of the words that are left.
        saying: whether it is asked who says what.
        plain: of mentions that are words of questions too, the stems, by where they start.
        given: parameters that were given as options.

    """

    engine: Engine
    prepared: Prepared
    questions: Sequence[Query]
    wording: Mapping[str, Wording]
    said: Sequence[str]
    mentions: Sequence[Mention]
    wanted: set[str]
    saying: bool
    plain: Mapping[int, set[str]]
    given: Mapping[str, str]


def fits(asked: Asked) -> list[Fit]:
    """Rank the questions: by the things they take, and by the words they share with what was asked."""
    found = list(_Fitting(asked).all())
    return sorted(found, key=lambda fit: (-fit.score, fit.question.order, fit.question.name))


def best(asked: Asked, found: Sequence[Fit]) -> tuple[Fit, list[str]]:
    """Return the likeliest fit with an answer, and the names of the questions that were asked before and have none.

    Who speaks is never given up for an answer, nor are two things named by their names: where nothing is said of both,
    all that is said about each.
    """
    sure = {m.start for m in asked.mentions if m.sure and _is_thing(m)}
    schools = {m.start for m in asked.mentions if asked.saying and kind_of(m.things[0]) == "theory"}

    def speak(fit: Fit) -> int:
        return fit.people + len(fit.used & schools)

    people = max(map(speak, found))
    found = [fit for fit in found if speak(fit) == people]

    def named(fit: Fit) -> int:
        return min(2, len(fit.used & sure))

    if people and len(asked.mentions) == 2:
        sure |= {mention.start for mention in asked.mentions}  # what somebody says of a thing is asked of that thing
    most = max(map(named, found))
    these = [fit for fit in found if named(fit) == most]
    apt = [fit for fit in these if fit.worded or fit.question.name in FALLBACKS]
    none, apart = dict[str, None](), set[frozenset[int]]()
    for fit in (*apt[:TRIED], *(fit for fit in these[:TRIED] if fit not in apt)):
        if fit.question.name in FALLBACKS and fit.used in apart:
            continue  # of what is not said together, all that is said of one says nothing of the other
        if _has_rows(asked.engine, fit):
            return fit, [name for name in none if name != fit.question.name]
        none[fit.question.name] = None
        if fit.question.name == FALLBACKS[1]:
            apart.add(fit.used)
    about = next((q for q in asked.questions if q.name == FALLBACKS[0]), None)
    each = [mention for mention in asked.mentions if mention.start in sure]
    if about and len(each) > 1 and not people:
        things = tuple(dict.fromkeys(iri for m in each for iri in (m.things if m.all else m.things[:1])))
        both = each[0]._replace(things=things, all=True)
        fit = Fit(0, about, {about.params[0].name: both}, frozenset(m.start for m in each))
        return fit, [name for name in dict.fromkeys((*none, FALLBACKS[1])) if name != about.name]
    return these[0], [name for name in none if name != these[0].question.name]


def _is_thing(mention: Mention) -> bool:
    """Tell whether it is a thing of its own, and not the field of all of them, a domain or a way of studying."""
    return kind_of(mention.things[0]) not in ("domain", "method") and names.compact(mention.things[0]) != FIELD


def ids(mention: Mention) -> str:
    """Return the things of a mention as the value of an option."""
    return ",".join(map(names.compact, mention.things))


class _Fitting:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._possible: dict[tuple[str, int], Mention | None] = {}

    @cached_property
    def verbs(self) -> dict[str, float]:
        """What the words that were typed tell for each question; rare words tell more."""
        weights = {name: found.weights for name, found in self.asked.wording.items()}
        count = {w: sum(w in of for of in weights.values()) for w in self.asked.wanted}
        rare = {w: log(1 + len(weights) / count[w]) for w in sorted(count) if count[w]}
        return {name: sum(rare[w] * of.get(w, 0) for w in rare) for name, of in weights.items()}

    def all(self) -> Iterator[Fit]:
        most = max(self.verbs.values(), default=0) or 1
        worded = (q for q in self.asked.questions if self.verbs[q.name])
        ranked = sorted(worded, key=lambda q: -self.verbs[q.name])[:CANDIDATES]
        if self.asked.mentions:
            says = self.asked.saying
            ranked += [
                q
                for q in self.asked.questions
                if q not in ranked and (q.name in FALLBACKS or (says and self.asked.wording[q.name].saying))
            ]
        for question in ranked:
            for taken in self._ways(question):
                yield from self._fit(question, taken, self.verbs[question.name] / most)

    def _fit(self, question: Query, taken: dict[str, Mention], share: float) -> Iterator[Fit]:
        """Yield the question with what it takes, and once more with filters for the rest."""
        asked, wording = self.asked, self.asked.wording[question.name]
        if {*asked.given} - {p.name for p in question.params} - {*FILTERS}:
            return  # an option that was typed is the question's
        if not taken and share > 0.7:
            taken = self._akin(question)
        fallback = question.name in FALLBACKS and not share
        if fallback and any(p.default and p.name not in taken for p in question.params):
            return
        score = WORDED * (UNWORDED if fallback else share) + (asked.saying and wording.saying)
        # whoever speaks is named: the question who says what takes them, rather than another that a filter narrows
        score += SPEAKS * (asked.saying and any(kind_of(m.things[0]) in PEOPLE for m in taken.values()))
        score -= 0 if fallback else UNNAMED * sum(word not in asked.wanted for word in stems(question.name))
        score += sum(0.3 * _of_sort(p, taken[p.name]) for p in question.params if p.name in taken)
        score += sum(0.7 * (m.all or m.things[0] == self._typed[m.start].things[0]) for m in taken.values())
        places = [self._in_place(question, name, mention) for name, mention in taken.items()]
        if -1 in places:
            return  # what acts is no answer to what is acted upon
        score += 0.5 * places.count(1)
        worded = share > 0.7 or (asked.saying and wording.saying)
        unset = any(p.default and p.name not in {*taken, *asked.given} for p in question.params)
        score -= (0.1 if not asked.mentions else 0.8 if taken else 2.0) * unset
        # of three things, the two of which less is said are the narrower
        used_of = asked.prepared.forms.used
        score -= sum(COMMON * log(1 + used_of.get(m.things[0], 0)) for m in taken.values())
        used = {m.start for m in taken.values()}
        used |= {start for start, said in asked.plain.items() if share and said <= wording.weights.keys()}
        score += sum(TAKEN if start in self._things else FIELD_TAKEN for start in used) + 0.3 * (
            bool(used) and min(used) == asked.mentions[0].start
        )
        lacks = bool(lacking(question, {*taken, *asked.given}))
        # without a thing that was named only where its words are the question's, or a field or way of studying is meant
        bare = all(m.start in asked.plain or not _is_thing(m) for m in asked.mentions) and share > 0.7
        if (used or not asked.mentions or bare) and not (lacks and asked.mentions):
            yield Fit(score, question, taken, frozenset(used), worded=worded, unset=unset)
        # what an option was typed for is not sought in the words too
        used |= {m.start for m in asked.mentions for p in question.params if p.name in asked.given and self._kept(p, m)}
        filters = _filters(question, [m for m in asked.mentions if m.start not in used])
        apt = bool(taken) or share > 0.9  # filters alone say little of what was asked
        if filters and apt and not lacks:
            more = frozenset(m.start for _, m in filters)
            score += (FILTERED if taken else FILTERED_ALONE) * len(filters)
            yield Fit(score, question, taken, more | used, filters, worded, unset)

    def _in_place(self, question: Query, name: str, mention: Mention) -> int:
        """Tell whether a thing stands where the words have what acts or is acted upon: 1, -1, or 0 for neither."""
        params = [p.name for p in question.params]
        upon = next((p for p in params if p not in ACTING), "")
        if not {*ACTING} & {*params} or name not in (*ACTING, upon):
            return 0
        acts = _acts(self.asked.said, mention, self.asked.wording[question.name])
        return 0 if acts is None else 1 if acts == (name in ACTING) else -1

    @cached_property
    def _things(self) -> set[int]:
        return {mention.start for mention in self.asked.mentions if _is_thing(mention)}

    @cached_property
    def _typed(self) -> dict[int, Mention]:
        return {mention.start: mention for mention in self.asked.mentions}

    def _ways(self, question: Query) -> list[dict[str, Mention]]:
        """Return the ways in which parameters may take the things, each once, of which most are taken."""
        params = [p for p in question.params if p.type == "term" and p.values and p.name not in self.asked.given]
        ways = list[dict[str, Mention]]([{}])
        own = stems(question.name)
        for mention in self.asked.mentions:
            if self.asked.plain.get(mention.start, {""}) <= own:
                continue  # who gains power: of any kind
            kept = [(param.name, self._kept(param, mention)) for param in params]
            more = [{**way, name: one} for way in ways for name, one in kept if one and name not in way]
            ways = [*more, *ways][:WAYS]
        most = max(map(len, ways))
        values = {param.name: param.values for param in params}
        # of two parameters that may be the same, it is all one which takes which
        apart = {frozenset((values[name], m.start) for name, m in way.items()): way for way in reversed(ways)}
        return [way for way in reversed(apart.values()) if len(way) == most]

    def _kept(self, param: Param, mention: Mention) -> Mention | None:
        """Return of the things that words name those which a parameter may be; of a person, rather the works."""
        key = (param.values, mention.start)
        if key not in self._possible:
            wanted = mention.things if mention.all else mention.things[:3]
            possible = self.asked.prepared.possible(self.asked.engine, param, wanted)
            kept = tuple(iri for iri in mention.things if iri in possible)
            kept = tuple(iri for iri in kept if kind_of(iri) != "agent") or kept
            self._possible[key] = mention._replace(things=kept if mention.all else kept[:1]) if kept else None
        return self._possible[key]

    def _akin(self, question: Query) -> dict[str, Mention]:
        """Return the parameter that a question is about, for a thing with which it has no row."""
        about = [p for p in question.params if p.default and p.name not in self.asked.given]
        for param in about:
            for mention in self.asked.mentions:
                if _of_sort(param, mention):
                    return {param.name: mention._replace(things=mention.things[:1])}
        return {}


def _acts(said: Sequence[str], mention: Mention, wording: Wording) -> bool | None:
    """Tell whether a thing acts in the sentence or is acted upon; None where its place does not tell."""
    before, after = said[: mention.start], said[mention.end :]
    if after[:1] == ["را"] or before[-1:] in (["بر"], ["to"]):
        return False
    if before[-1:] in (["by"], ["through"], ["from"], ["توسط"]):
        return True
    nouns = [word for word in before if word not in EMPTY][-1:] if before[-1:] in (["of"], ["the"]) else []
    if {*nouns} & (_RESULT | _REASON):
        return bool({*nouns} & _RESULT)
    verb = next((n for n, word in enumerate(said) if word.isascii() and stem(word) in wording.weights), None)
    if verb is None:
        return None
    # sovereignty is weakened: it stands before the verb and is acted upon
    passive = re.search("(ed|en|wn)$", said[verb]) is not None and any(word in _BE for word in said[:verb])
    return mention.end <= verb and not passive


def _of_sort(param: Param, mention: Mention) -> bool:
    return param.default.startswith(f"{kind_of(mention.things[0])}:")


def _filters(question: Query, left: Sequence[Mention]) -> tuple[tuple[str, Mention], ...]:
    """Return the filters that take what the parameters of a question do not; of people, the works they are cited by."""
    if question.header.get("grounds") == "none":
        return ()
    own = {p.name for p in question.params}
    found = dict[tuple[str, tuple[str, ...]], Mention]()
    for mention in left:
        kinds = list(map(kind_of, mention.things))
        speaks = kinds[0] in PEOPLE
        kind = next((kind for kind in ("source", "work") if kind in kinds), "") if speaks else kinds[0]
        name = kind if speaks or kind == "domain" else "about"
        things = tuple(iri for iri, of in zip(mention.things, kinds, strict=True) if of == kind)
        things = things if mention.all else things[:1]
        if name and name not in own:
            found.setdefault((name, things), mention._replace(things=things))
    return tuple((name, mention) for (name, _), mention in found.items())


def _has_rows(engine: Engine, fit: Fit) -> bool:
    """Tell whether the question has an answer with what it takes: who asks in free words wants what there is."""
    if lacking(fit.question, fit.taken):
        return False
    filters = [of_things(engine, name, mention.things) for name, mention in fit.filters]
    each = product(*(nodes(mention.things) for mention in fit.taken.values()))
    bound = (fit.question.bind(dict(zip(fit.taken, things, strict=True))) for things in each)
    return any(_has_row(engine, query, filters) for query in bound)


def _has_row(engine: Engine, query: Bound, filters: Sequence[Filter]) -> bool:
    return bool(narrowed(engine, query, filters).solutions if filters else engine(first(query)))
