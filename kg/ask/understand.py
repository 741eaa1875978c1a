"""What somebody asks in their own words: the things named decide, then the words of the questions that take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import log
from typing import NamedTuple

from kg import names
from kg.ask.answer import ANY, lacking
from kg.ask.forms import empty, root, stem
from kg.ask.lexicon import Lexicon, Mention
from kg.ask.prepared import Prepared, of
from kg.ask.spelling import tokens, typed
from kg.ask.wording import FALLBACKS, FILLER, SAYING, Wording, stems
from kg.errors import UsageError
from kg.grounds import Engine
from kg.queries import Param, Query, nodes

MOST = 40
"""Words of one line, as of one search; for each that is spelt wrong all names are looked through."""
TRIED = 4
"""Questions that are asked until one has an answer."""
CANDIDATES = 12
"""Questions whose parameters are looked at; looking at all would take as long as the answer."""


class Understood(NamedTuple):
    """A question and what its parameters are, as free words were understood.

    Attributes:
        question: the ready question.
        given: value of each parameter: short ids, or `any`.
        unused: words that played no part, as typed.
        near: other questions that fit.
        notes: sentences on names that are ambiguous or spelt otherwise.

    """

    question: Query
    given: dict[str, str]
    unused: tuple[str, ...] = ()
    near: tuple[Query, ...] = ()
    notes: tuple[str, ...] = ()


class _Fit(NamedTuple):
    score: float
    question: Query
    taken: dict[str, Mention]
    used: frozenset[int]
    stems: frozenset[str]


def understand(
    engine: Engine,
    words: str,
    questions: Sequence[Query],
    given: Mapping[str, str],
    prepared: Prepared | None = None,
) -> Understood:
    """Find the question that somebody's words ask.

    Args:
        engine: over the graph whose names count.
        words: as typed.
        questions: all ready questions.
        given: parameters that were given as options; they are not sought in the words.
        prepared: what was worked out when the store was built; made of the engine's graph where there is none.

    Raises:
        UsageError: the words name nothing of the graph and fit no question, or they are too many.

    """
    raw = typed(words)
    if len(raw) > MOST:
        raise UsageError(f"error: {len(raw)} words found, {MOST} expected at most\n  hint: ask in one sentence")
    prepared = prepared or of(engine)
    lexicon = Lexicon(engine, prepared.forms)
    wording = {question.name: prepared.wording(question) for question in questions}
    own = (form for word in (*FILLER, *SAYING) for form in (stem(word), root(word)))
    known = frozenset(chain(own, *(found.known for found in wording.values())))
    mentions = lexicon.mentions(words, known)
    left = _left(words, mentions)
    wanted = {stem(text) for text, _ in left if text not in FILLER | SAYING}
    saying = any(text in SAYING for text, _ in left)
    plain = {m.start: found for m in mentions if (found := stems(m.words)) and found <= known}
    # methods are asked for by their own question, in the words of which they go by themselves
    wanted = wanted.union(*(plain[m.start] for m in mentions if m.start in plain and _kind(m) == "method"))
    unknown = [raw[number] for text, number in left if text not in FILLER | SAYING and stem(text) not in known]
    fits = _fits(engine, questions, wording, prepared, wanted, saying, mentions, plain, given)
    if not fits and mentions and (about := next((q for q in questions if q.name == FALLBACKS[0]), None)):
        # what nothing is said about is in the graph all the same: the answer is none
        taken = {p.name: mentions[0]._replace(things=mentions[0].things[:1]) for p in about.params[:1]}
        fits = [_Fit(0, about, taken, frozenset({mentions[0].start}), frozenset())]
    if not fits or (not mentions and unknown):
        raise _nothing(lexicon, " ".join(unknown) or words)
    best = next((fit for fit in fits[:TRIED] if _has_rows(engine, fit)), fits[0])
    none = [fit for fit in fits[: fits.index(best)] if fit.score > best.score]
    used = set(best.taken.values())
    unused = [m.words for m in mentions if m.start not in best.used]
    said = best.stems.union(*(stems(lexicon.labels.get(m.things[0], "")) for m in best.taken.values()))
    unused += [raw[n] for text, n in left if text not in FILLER | SAYING and stem(text) not in said]
    return Understood(
        best.question,
        _values(best, given),
        tuple(dict.fromkeys(unused)),
        tuple(fit.question for fit in [fit for fit in fits if fit not in (best, *none)][:3]),
        (*_notes(lexicon, used), *(f"{fit.question.name}: none" for fit in none)),
    )


def _left(words: str, mentions: Sequence[Mention]) -> list[tuple[str, int]]:
    taken = {n for m in mentions for n in range(m.start, m.end)}
    return [(t.text, t.number) for n, t in enumerate(tokens(typed(words))) if n not in taken and not empty(t.text)]


def _fits(
    engine: Engine,
    questions: Sequence[Query],
    wording: Mapping[str, Wording],
    prepared: Prepared,
    wanted: set[str],
    saying: bool,
    mentions: Sequence[Mention],
    plain: Mapping[int, set[str]],
    given: Mapping[str, str],
) -> list[_Fit]:
    """Rank the questions: by the things they take, and by the words they share with what was asked.

    What is named by words of questions, as *power* in *who gains power*, may be what the question is about by itself.
    """
    vocabulary = {name: found.weights for name, found in wording.items()}
    count = {w: sum(w in weights for weights in vocabulary.values()) for w in wanted}
    rare = {w: log(1 + len(questions) / count[w]) for w in wanted if count[w]}
    verbs = {q.name: sum(rare[w] * vocabulary[q.name].get(w, 0) for w in rare) for q in questions}
    most = max(verbs.values(), default=0) or 1
    ranked = sorted((q for q in questions if verbs[q.name]), key=lambda q: -verbs[q.name])[:CANDIDATES]
    says = {q.name for q in questions if saying and wording[q.name].saying}
    if mentions:
        ranked += [q for q in questions if q not in ranked and (q.name in FALLBACKS or q.name in says)]
    fits = []
    for question in ranked:
        share = verbs[question.name] / most
        taken, first = _takes(engine, prepared, question, mentions, given)
        if question.name in FALLBACKS and not share and any(p.default and p.name not in taken for p in question.params):
            continue
        score = (
            3 * (max(share, 0.15) if question.name in FALLBACKS else share)
            + 1.3 * len(taken)
            + 0.7 * first
            + (question.name in says)
        )
        score += 0.3 * sum(_of_sort(p, taken[p.name]) for p in question.params if p.name in taken)
        if question.name in FALLBACKS and not share and any(verbs.values()):
            score -= 0.4  # it leaves unused what was asked about the things
        if not taken and share > 0.7:
            taken = _akin(question, mentions, given)
        used = {m.start for m in taken.values()}
        for start, said in plain.items():
            if share and start not in used and said <= vocabulary[question.name].keys():
                used.add(start)
                score += 1
        score -= 0.5 * (len(mentions) - len(used)) + 0.1 * _unset(question, taken)
        valued = {*taken, *(name for name, value in given.items() if value.casefold() != ANY)}
        if (used or not mentions) and not (mentions and lacking(question, valued)):
            fits.append(_Fit(score, question, taken, frozenset(used), frozenset(vocabulary[question.name])))
    return sorted(fits, key=lambda fit: (-fit.score, fit.question.order, fit.question.name))


def _akin(question: Query, mentions: Sequence[Mention], given: Mapping[str, str]) -> dict[str, Mention]:
    """Return a parameter that could take one of the things, being of the sort of its example, though it has no row."""
    for param in question.params:
        for mention in mentions:
            if _of_sort(param, mention) and param.name not in given:
                return {param.name: mention._replace(things=mention.things[:1])}
    return {}


def _of_sort(param: Param, mention: Mention) -> bool:
    return param.default.startswith(f"{_kind(mention)}:")


def _kind(mention: Mention) -> str:
    return names.compact(mention.things[0]).partition(":")[0]


def _takes(
    engine: Engine, prepared: Prepared, question: Query, mentions: Sequence[Mention], given: Mapping[str, str]
) -> tuple[dict[str, Mention], int]:
    """Return which parameter takes which of the things named, each once; and of how many it is the likeliest thing."""
    taken, first = dict[str, Mention](), 0
    open_params = [p for p in question.params if p.type == "term" and p.values and p.name not in given]
    for mention in mentions:
        for param in open_params:
            if param.name in taken:
                continue
            wanted = mention.things if mention.all else mention.things[:3]
            possible = prepared.possible(engine, param, wanted)
            kept = tuple(iri for iri in mention.things if iri in possible)
            works = tuple(iri for iri in kept if not iri.startswith(names.PREFIXES["agent"]))
            if kept := works or kept:
                taken[param.name] = mention._replace(things=kept if mention.all else kept[:1])
                first += mention.all or kept[0] == mention.things[0]
                break
    return taken, first


def _unset(question: Query, taken: Mapping[str, Mention]) -> int:
    """Return how many parameters that have an example find nothing in the words."""
    return sum(1 for p in question.params if p.default and p.name not in taken)


def _values(fit: _Fit, given: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each parameter; no example stands for what was not asked."""
    found = {name: ",".join(map(names.compact, m.things)) for name, m in fit.taken.items()}
    open_params = (p for p in fit.question.params if p.default and p.name not in found and p.name not in given)
    return {**found, **{p.name: ANY for p in open_params}}


def _has_rows(engine: Engine, fit: _Fit) -> bool:
    """Tell whether the question has an answer with what it takes: who asks in free words wants what there is.

    One that lacks what it needs is not asked: it says itself what that is.
    """
    if lacking(fit.question, fit.taken):
        return True
    given = {name: nodes(mention.things[:1])[0] for name, mention in fit.taken.items()}
    return bool(engine(fit.question.bind(given)))


def _notes(lexicon: Lexicon, used: set[Mention]) -> list[str]:
    notes = []
    for mention in sorted(used, key=lambda m: m.start):
        label = lexicon.labels.get(mention.things[0], names.compact(mention.things[0]))
        if not mention.exact:
            notes.append(f"'{mention.words}' taken for {label}")
    return notes


def _nothing(lexicon: Lexicon, words: str) -> UsageError:
    near = lexicon.near(words)
    hint = f"did you mean {', '.join(near)}?" if near else "`kg ask` lists the questions, `kg show` knows every name"
    return UsageError(f"error: nothing in the graph is named '{words}', and no question is near\n  hint: {hint}")
