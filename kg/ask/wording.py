"""The words by which a question is found, and those that tell nothing of what is asked."""

from __future__ import annotations

import hashlib
import json
import re
from typing import NamedTuple

from kg.ask.forms import empty, root, stem
from kg.ask.spelling import fold, tokens, typed
from kg.queries import Query

FALLBACKS = ("about", "together", "says-about", "authors")
"""The questions that take whatever is named, when the words fit no other."""


def _folded(text: str) -> frozenset[str]:
    return frozenset(filter(None, map(fold, text.split())))


FILLER = _folded(
    "what which who whom whose how when where why do does did has have had can could would will may might me i you we "
    "they their them his her our your there any all some more most much many very so than into through between about "
    "vs versus et al de del der van von according source text author scholar literature paper article essay corpus "
    "graph scholarly academic one two three claim show list give find please role relation relationship way thing "
    "during against while if then out up "
    "چه چیست چیستند کدام کدامند چگونه چطور چرا آیا کی کجا کیست درباره مورد می شود شده شد است هست هستند چیزی "
    "چیزهایی توسط طریق منابع منبع متن نویسنده نویسندگان پژوهشگران بین میان دارد دارند کند کنند ی ای برابر نقش رابطه "
    "عوامل عواملی بکنند کرد کردن بکند میشود میشوند میتوان میتواند میتوانند میکند میکنند میدهد میدهند میآید میآورد "
    "ناشی مقاله اند بگو بگویید"
)
"""Words that leave open what is asked; they are used up without being used."""
SAYING = _folded(
    "view opinion perspective say said says tell told think thought believe hold held argue argument write wrote "
    "mention "
    "گفته گوید گویند میگوید میگویند نوشته دیدگاه نظر عقیده"
)
"""Words that tell little of what is asked; not to use them is no loss."""

PLAIN = frozenset(form for word in (*FILLER, *SAYING) for form in (stem(word), root(word)))
"""The stems and roots of both."""


class Wording(NamedTuple):
    """The words of a question.

    Attributes:
        weights: their stems, each with what it tells.
        known: the stems and roots of all of them, which are no misspelt names.
        saying: whether it is one of who says what.

    """

    weights: dict[str, float]
    known: tuple[str, ...]
    saying: bool


def wording_of(question: Query) -> Wording:
    """Return the words of a question: of its name, its tags, its sentence."""
    found = _words_of(question)
    weights = dict[str, float]()
    for word, weight in found.items():
        weights[stem(word)] = max(weight, weights.get(stem(word), 0))
    known = sorted({form for word in found for form in (stem(word), root(word))})
    return Wording(weights, tuple(known), sum(fold(tag) in SAYING for tag in question.tags) > 1)


def key_of(question: Query) -> str:
    """Return what changes whenever the words of a question do."""
    return hashlib.sha256(json.dumps(_texts(question)).encode()).hexdigest()[:16]


def _texts(question: Query) -> list[str]:
    header = question.header
    said = " ".join(str(header.get(key, "")) for key in ("question", "question-fa", "summary"))
    return [re.sub(r"\{\w+\}", " ", said), *question.tags, *header.get("tags-fa", ()), question.name]


def _words_of(question: Query) -> dict[str, float]:
    sentence, *tags, name = _texts(question)
    found = dict.fromkeys(solid(sentence), 1.0)
    for tag in tags:
        for word in (these := solid(tag)):
            found[word] = max(found.get(word, 0), 1.5 / len(these))  # half of a tag tells half as much
    return found | dict.fromkeys(solid(name), 2.0)


def solid(text: str) -> list[str]:
    """Return the words of a text, folded, but for those that tell nothing."""
    return [t.text for t in tokens(typed(text)) if not empty(t.text) and t.text not in FILLER]


def stems(text: str) -> set[str]:
    """Return the stems of the words of a text that tell something."""
    return set(map(stem, solid(text)))
