"""Full text: which statements, labels, definitions and titles hold some words, in English or Persian.

What is typed is cut into words of letters and digits, and these alone reach the index, each in quotation marks: no
sign of FTS5's own language does. Words stand for all their endings, `govern*` for all words that begin so, words in
quotation marks for themselves in that order; words with a hyphen or a ZWNJ are found apart, linked and joined.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg import names
from kg.ask.filters import Filter, narrowed
from kg.errors import UsageError
from kg.grounds import Engine, grounds_of, natural
from kg.queries import bind, nodes
from kg.store.folding import Word, fold, joined, words

if TYPE_CHECKING:
    import sqlite3

MOST = 40
"""Words of one search."""
EXPANDED = 1000
"""Words that one beginning stands for; of more, those that are in most texts."""
LIMIT = 10_000
"""Hits that may be asked for."""

_STOP = frozenset(map(fold, "a an and as at by for from in is of on or the to with و در به از که را با".split()))
"""Not sought where other words are."""
_SHORT = {
    "AI": "artificial intelligence",
    "ai": "artificial intelligence",
    "EU": "european union",
    "IR": "international relations",
    "UN": "united nations",
    "US": "united states",
}
"""What stands for these letters in most texts, beside them."""
_PIECES = re.compile(r"\"([^\"]*)\"|“([^”]*)”|«([^»]*)»|(\S+)")
_PAIRS = 8
"""Of so many words at most, any two neighbours are sought as one word, too."""


class Hit(NamedTuple):
    """A text that was found: of which kind, of which thing, its language tag, and the words that were meant.

    Attributes:
        marks: from which code point of the text to which, end exclusive, in the order of the text.

    """

    kind: str
    thing: str
    language: str
    text: str
    marks: tuple[tuple[int, int], ...]


class Wanted(NamedTuple):
    """What was typed: an expression of FTS5, and the plain words in it, as typed, that every hit must have."""

    expression: str
    plain: tuple[str, ...]


class Found(NamedTuple):
    """The best hits, and how many there are."""

    hits: list[Hit]
    total: int


def wanted(base: sqlite3.Connection, typed: str) -> Wanted:
    """Return what somebody looks for.

    Args:
        base: the index; it knows which words begin like one with a star.
        typed: words, and phrases in quotation marks.

    Raises:
        UsageError: no word is in it, or too many are.

    """
    units: list[tuple[str, str, str]] = []  # an expression, the word if it is a single plain one, that as typed
    for mark in _PIECES.finditer(typed):
        *phrases, chunk = mark.groups()
        phrase = next((text for text in phrases if text is not None), None)
        if phrase is not None:
            if parts := words(phrase):
                units.append((_quoted(*(part.text for part in parts)), "", f'"{phrase.strip()}"'))
        else:
            units += _units(base, chunk)
    if not units:
        raise UsageError(f"error: no word found in '{typed}'\n  hint: letters and digits can be searched for")
    if len(units) > MOST:
        raise UsageError(f"error: {len(units)} words found, {MOST} expected at most")
    units = [unit for unit in units if unit[1] not in _STOP] or units
    return Wanted(_all(units), tuple(shown for _, _, shown in units))


def _units(base: sqlite3.Connection, chunk: str) -> list[tuple[str, str, str]]:
    """Return what one piece between blanks asks for: a unit a word, and one for words that are linked."""
    parts, units, last = words(chunk), [], -1
    star = chunk.rstrip(".,;:!?؟،؛").endswith("*")
    runs = [] if star else joined(parts)
    for run, first, end in [*runs, ("", len(parts), len(parts))]:
        units += [_unit(chunk, part) for part in parts[last + 1 : first]]
        if run:
            apart = _quoted(*(part.text for part in parts[first : end + 1]))
            shown = chunk[parts[first].start : parts[end].end]
            units.append((f"({apart} OR {_quoted(run)})", "", shown))
        last = end
    if star and parts:
        begun = _beginning(base, parts[-1].text)
        units[-1] = (f"({' OR '.join(map(_quoted, begun))})", "", f"{chunk[parts[-1].start : parts[-1].end]}*")
    return units


def _unit(chunk: str, part: Word) -> tuple[str, str, str]:
    shown = chunk[part.start : part.end]
    if meaning := _SHORT.get(shown):
        return f"({_quoted(part.text)} OR {_quoted(*meaning.split())})", "", shown
    return _quoted(part.text), part.text, shown


def _quoted(*found: str) -> str:
    """Return folded words as a phrase of FTS5; of letters and digits as they are, none can end it."""
    return f'"{" ".join(found)}"'


def _beginning(base: sqlite3.Connection, start: str) -> list[str]:
    """Return the words of the index that begin so, at least the beginning itself."""
    sql = "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY texts DESC, word LIMIT ?"
    return [word for (word,) in base.execute(sql, (start, start + "\U0010ffff", EXPANDED))] or [start]


def _all(units: Sequence[tuple[str, str, str]]) -> str:
    """Return the expression that wants all units; or all with two neighbouring words written as one."""
    parts = [expression for expression, _, _ in units]
    forms = [" AND ".join(parts)]
    if len(units) <= _PAIRS:
        for i, ((_, one, _), (_, other, _)) in enumerate(pairwise(units)):
            if one and other:
                forms.append(" AND ".join([*parts[:i], _quoted(one + other), *parts[i + 2 :]]))
    return " OR ".join(f"({form})" for form in forms)


_RANKED = """
SELECT number, kind, thing FROM folded JOIN text ON number = folded.rowid
WHERE folded MATCH ? AND (? = '' OR kind = ?) AND (? = '' OR language IN (?, ''))
ORDER BY bm25(folded) * weight, number
"""

_TEXT = """
SELECT kind, thing, language, text, highlight(folded, 0, '<', '>'), highlight(folded, 1, '<', '>')
FROM folded JOIN text ON number = folded.rowid WHERE folded MATCH ? AND folded.rowid = ?
"""


def search(
    base: sqlite3.Connection,
    sought: Wanted,
    kind: str = "",
    language: str = "",
    limit: int = 20,
    claims: Container[str] | None = None,
) -> Found:
    """Return the texts that hold what is sought, the best first; of each thing the best text of a kind.

    Labels stand before sentences; equals stand in the order of the index.

    Args:
        base: the index, as `kg.store.index.opened` gives it.
        sought: as `wanted` gives it.
        kind: one of `kg.store.index.KINDS`; all where empty.
        language: of the texts; names, which have none, are found in each.
        limit: how many are returned.
        claims: IRIs, where only these claims, and nothing else, are to be found.

    Raises:
        StoreError: the index cannot be read.

    """
    given = (sought.expression, kind, kind, language, language)
    best: dict[tuple[str, str], int] = {}
    for number, of, thing in base.execute(_RANKED, given):
        if claims is None or (of == "claim" and thing in claims):
            best.setdefault((of, thing), number)
    numbers = list(best.values())[:limit]
    return Found([_hit(base, sought.expression, number) for number in numbers], len(best))


def _hit(base: sqlite3.Connection, expression: str, number: int) -> Hit:
    (kind, thing, language, text, apart, together) = base.execute(_TEXT, (expression, number)).fetchone()
    parts = words(text)
    meant = set(_marked(apart))
    runs = joined(parts)
    for run in _marked(together):
        meant |= set(range(runs[run][1], runs[run][2] + 1))
    return Hit(kind, thing, language, text, tuple((parts[i].start, parts[i].end) for i in sorted(meant)))


def _marked(folded: str) -> list[int]:
    """Return the numbers of the words between `<` and `>`, of words between spaces."""
    numbers, inside = [], False
    for number, word in enumerate(folded.split()):
        inside = inside or word.startswith("<")
        numbers += [number] if inside else []
        inside = inside and not word.endswith(">")
    return numbers


def near(base: sqlite3.Connection, word: str) -> list[str]:
    """Return up to three words of the index that are written almost like one that is not in it, the nearest first."""
    from difflib import get_close_matches

    folded = fold(word)
    if not 2 < len(folded) < 40:  # comparing two words costs the product of their lengths
        return []
    sql = "SELECT word, shown FROM word WHERE length(word) BETWEEN ? AND ? ORDER BY texts DESC, word LIMIT ?"
    shown = dict(base.execute(sql, (len(folded) - 2, len(folded) + 2, _COMPARED)))
    return [shown[one] for one in get_close_matches(folded, shown, 3, 0.75)]


_COMPARED = 20_000


def nothing(base: sqlite3.Connection, sought: Wanted, kind: str, language: str, filtered: bool) -> str:
    """Say in a line that nothing was found, and what was near: without the filters, or word by word.

    Args:
        base: the index.
        sought: what was not found.
        kind: as for `search`.
        language: as for `search`.
        filtered: claims of some assertions alone were sought.

    """
    said = f"nothing found for '{' '.join(sought.plain)}'"
    of = "claim" if filtered else ""  # with filters nothing else can be found
    if (kind or language or filtered) and (total := search(base, sought, of, limit=0).total):
        options = [name for name, given in (("--kind", kind), ("--lang", language), ("filters", filtered)) if given]
        return f"{said}; without {' and '.join(options)}: {total}"
    alone = {shown: search(base, wanted(base, shown), limit=0).total for shown in dict.fromkeys(sought.plain)}
    close = [
        f"{', '.join(some)} (near '{word}')"
        for word, total in alone.items()
        if not total and (some := near(base, word))
    ]
    if close:
        return f"{said}; did you mean {'; '.join(close)}?"
    known = [f"'{word}': {total}" for word, total in alone.items() if total]
    return f"{said}; " + (f"alone: {', '.join(known)}" if known else "no word of the index is near")


_SAID = "SELECT ?claim ?assertion WHERE { ?assertion air:asserts ?claim } ORDER BY ?claim ?assertion"


class Said(NamedTuple):
    """What filters leave: claims and their assertions; and the claims that are left out for want of a year."""

    claims: frozenset[str]
    assertions: frozenset[str]
    undated: frozenset[str]


def said(engine: Engine, filters: Sequence[Filter]) -> Said | None:
    """Return the claims of which some assertion meets every filter, and these assertions; None without filters."""
    if not filters:
        return None
    left = narrowed(engine, bind(_SAID), filters)
    claims, assertions = ({row[key].value for row in left.solutions} for key in ("claim", "assertion"))
    undated = {row["claim"].value for row in left.undated} - claims
    return Said(frozenset(claims), frozenset(assertions), frozenset(undated))


_ASSERTIONS = """
SELECT ?claim ?assertion WHERE { VALUES ?claim { $claims } ?assertion air:asserts ?claim } ORDER BY ?claim ?assertion
"""


class Where(NamedTuple):
    """By whom and where a claim is put: for each assertion source, place and id, in the order of the sources' texts."""

    source: str
    place: str
    assertion: str


def places(
    engine: Engine, hits: Sequence[Hit], language: str = "en", assertions: Container[str] | None = None
) -> dict[str, list[Where]]:
    """Return for each claim among some hits who says it where; of certain assertions, if they are given."""
    claims = list(dict.fromkeys(hit.thing for hit in hits if hit.kind == "claim"))
    if not claims:
        return {}
    rows = engine(bind(_ASSERTIONS, claims=nodes(claims)))
    pairs = [(row["claim"].value, row["assertion"].value) for row in rows]
    pairs = [pair for pair in pairs if assertions is None or pair[1] in assertions]
    grounds = grounds_of(engine, (assertion for _, assertion in pairs), language)
    found: dict[str, list[tuple[tuple[str, int, str], Where]]] = {}
    for claim, assertion in pairs:
        source, place = grounds[assertion]["source"], grounds[assertion]["place"]
        order = natural(place.ids[0]) if place.ids else ("", 0, assertion)
        found.setdefault(claim, []).append((order, Where(source.text, place.text, names.compact(assertion))))
    return {claim: [where for _, where in sorted(some)] for claim, some in found.items()}
