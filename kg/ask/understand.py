"""What somebody asks in their own words: the things named decide, then the words of the questions that take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg import names
from kg.ask.answer import ANY
from kg.ask.fitting import Asked, Fit, best, fits, ids
from kg.ask.forms import PEOPLE, empty, kind_of, stem
from kg.ask.lexicon import Lexicon, Mention
from kg.ask.prepared import Prepared, of
from kg.ask.spelling import Token, tokens, typed
from kg.ask.wording import FALLBACKS, FILLER, PLAIN, SAYING, stems
from kg.errors import UsageError
from kg.grounds import Engine
from kg.queries import Query

MOST = 40
"""Words of one line, as of one search; for each that is spelt wrong all names are looked through."""

ABOUT = ("on", "about", "regarding", "concerning", "درباره")
"""What stands between who speaks and that of which they speak."""
CONCLUDING = frozenset(("conclude",))
"""What somebody who is named does with what they say of a thing; of a whole text it asks for its conclusions."""


class Understood(NamedTuple):
    """A question and what its parameters are, as free words were understood.

    Attributes:
        question: the ready question.
        given: value of each parameter: short ids, or `any`.
        filters: names and values of the filters by which it takes what its parameters do not.
        unused: words that played no part, as typed.
        near: other questions that fit.
        notes: sentences on names that are ambiguous or spelt otherwise.

    """

    question: Query
    given: dict[str, str]
    unused: tuple[str, ...] = ()
    near: tuple[Query, ...] = ()
    notes: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()


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
    known = PLAIN.union(*(one.known for one in wording.values()))
    who = any(token.text in SAYING for token in tokens(raw))
    mentions = lexicon.mentions(words, known, who)
    who = who or _speaks(tokens(raw), mentions)
    ends = CONCLUDING if any(kind_of(m.things[0]) in PEOPLE for m in mentions) and len(mentions) > 1 else frozenset()
    who = who or any(token.text in ends for token in tokens(raw))
    left = [(text, number) for text, number in _left(words, mentions) if text not in FILLER | SAYING | ends]
    wanted = {stem(text) for text, _ in left}
    plain = {m.start: own_words for m in mentions if (own_words := stems(m.words)) and own_words <= known}
    # methods are asked for by their own question, in the words of which they go by themselves
    wanted = wanted.union(*(plain[m.start] for m in mentions if m.start in plain and kind_of(m.things[0]) == "method"))
    unknown = [raw[number] for text, number in left if stem(text) not in known]
    said = [token.text for token in tokens(raw)]
    asked = Asked(engine, prepared, questions, wording, said, mentions, wanted, who, plain, given)
    found = fits(asked)
    if not found and mentions and (about := next((q for q in questions if q.name == FALLBACKS[0]), None)):
        # what nothing is said about is in the graph all the same: the answer is none
        taken = {p.name: mentions[0]._replace(things=mentions[0].things[:1]) for p in about.params[:1]}
        found = [Fit(0, about, taken, frozenset({mentions[0].start}))]
    if not found or (not mentions and unknown):
        raise _nothing(lexicon, " ".join(unknown) or words)
    fit, none = best(asked, found)
    if fit.question.name == FALLBACKS[0] and FALLBACKS[1] in none and (span := lexicon.holding(raw, mentions)):
        fit, none = fit._replace(taken=dict.fromkeys(fit.taken, span)), none[:0]
        mentions = [span]
    question = fit.question
    near = {one.question.name: one.question for one in found if one.question.name not in (question.name, *none)}
    told = {*wording[question.name].weights}.union(*(stems(lexicon.labels.get(m.things[0], "")) for m in fit.things))
    unused = [m.words for m in mentions if m.start not in fit.used]
    unused += [raw[number] for text, number in left if stem(text) not in told]
    return Understood(
        question,
        _values(fit, given),
        tuple(dict.fromkeys(unused)),
        tuple(near.values())[:3],
        (*_notes(lexicon, mentions, fit), *(f"{name}: none" for name in none)),
        tuple((name, ids(mention)) for name, mention in fit.filters),
    )


def _speaks(said: Sequence[Token], mentions: Sequence[Mention]) -> bool:
    """Tell whether the line begins with who speaks and goes on with what of: *Baig on China*."""
    first = mentions[0] if mentions else None
    if not first or kind_of(first.things[0]) not in PEOPLE or any(not empty(t.text) for t in said[: first.start]):
        return False
    return [token.text for token in said[first.end : first.end + 1]] in ([word] for word in ABOUT)


def _left(words: str, mentions: Sequence[Mention]) -> list[tuple[str, int]]:
    taken = {n for m in mentions for n in range(m.start, m.end)}
    return [(t.text, t.number) for n, t in enumerate(tokens(typed(words))) if n not in taken and not empty(t.text)]


def _values(fit: Fit, given: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each parameter; no example stands for what was not asked."""
    found = {name: ids(mention) for name, mention in fit.taken.items()}
    open_params = (p for p in fit.question.params if p.default and p.name not in found and p.name not in given)
    return {**found, **{p.name: ANY for p in open_params}}


def _notes(lexicon: Lexicon, mentions: Sequence[Mention], fit: Fit) -> list[str]:
    """Say what was taken for something else, and what else a name may mean."""
    notes = []
    typed_as = {mention.start: mention for mention in mentions}
    for mention in sorted(fit.things, key=lambda m: m.start):
        first, *more = typed_as[mention.start].things
        meant = lexicon.labels.get(first, names.compact(first))
        # a thing and the works that are called like it, or a person and what they wrote, are no two meanings
        others = [lexicon.labels.get(iri, names.compact(iri)) for iri in more if kind_of(iri) not in PEOPLE]
        if mention.all:
            meant = ", ".join(lexicon.labels.get(iri, names.compact(iri)) for iri in mention.things)
        if not mention.exact:
            notes.append(f"'{mention.words}' taken for {meant}")
        elif others and not mention.all and kind_of(mention.things[0]) not in PEOPLE:
            notes.append(f"'{mention.words}' may mean {' or '.join(others[:2])} too")
    return notes


def _nothing(lexicon: Lexicon, words: str) -> UsageError:
    near = lexicon.near(words)
    hint = f"did you mean {', '.join(near)}?" if near else "`kg ask` lists the questions, `kg show` knows every name"
    return UsageError(f"error: nothing in the graph is named '{words}', and no question is near\n  hint: {hint}")
