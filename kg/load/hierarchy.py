"""Whether the terms of corpora stand rightly above each other: no circles, and no deeper than a closure can follow.

The build derives every pair of a term and one above it (`queries/infer/narrower.rq`); with these limits their number
grows as the number of terms does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from kg import names
from kg.errors import CodingError, InputError, Place

LEVELS = 30
"""Terms one above the other; the project's own vocabulary has 6, AGROVOC 14."""
WIDER = 100
"""Terms above one term, on all its ways up; the project's own have at most 7."""

Statement = tuple[str, str, Place]
"""A narrower term, a broader term, and where that is said."""

_CIRCLES = 20
"""So many are told; where all stands above all there is no end of them."""


def faults(own: Sequence[Statement], founding: Mapping[str, Iterable[str]]) -> Iterator[InputError]:
    """Yield what is wrong with an order of terms, each fault where the statement stands that brings it about.

    Args:
        own: what corpora say; of terms of their own only.
        founding: the project's terms, each with its broader terms; their order is sound.

    """
    up: dict[str, list[str]] = {term: list(wider) for term, wider in founding.items()}
    places: dict[tuple[str, str], Place] = {}
    for narrower, broader, place in own:
        up.setdefault(narrower, []).append(broader)
        places.setdefault((narrower, broader), place)
    order, circles = _walk(up)
    for circle in circles:
        place = next(places[pair] for pair in pairwise(circle) if pair in places)
        shown = " → ".join(map(names.compact, circle[:6])) + (" → …" if len(circle) > 6 else "")
        yield CodingError(place, f"a term is broader than itself: {shown}", "drop the skos:broader that is wrong")
    if not circles:
        yield from _too_far(order, up, places)


def _walk(up: Mapping[str, Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Walk up from every term, without recursion; return the terms, wider ones first, and the circles met."""
    order: list[str] = []
    circles: list[list[str]] = []
    done, path = set[str](), dict[str, Iterator[str]]()
    for start in up:
        if start in done:
            continue
        path[start] = iter(up[start])
        while path:
            term = next(reversed(path))
            wider = next(path[term], None)
            if wider is None:
                del path[term]
                done.add(term)
                order.append(term)
            elif wider in path:
                way = list(path)
                circles.append([*way[way.index(wider) :], wider])
                if len(circles) == _CIRCLES:
                    return order, circles
            elif wider not in done:
                path[wider] = iter(up.get(wider, ()))
    return order, circles


def _too_far(
    order: Iterable[str], up: Mapping[str, Sequence[str]], places: Mapping[tuple[str, str], Place]
) -> Iterator[InputError]:
    """Yield where a term first has too many terms above it; what stands below it is not told too."""
    levels: dict[str, int] = {}
    above: dict[str, frozenset[str]] = {}
    for term in order:
        wider = up.get(term, ())
        if any(one not in levels for one in wider):
            continue
        level = 1 + max((levels[one] for one in wider), default=0)
        all_ = frozenset(wider).union(*(above[one] for one in wider))
        found = ""
        if level > LEVELS:
            found = f"{names.compact(term)} stands {level} levels deep, at most {LEVELS} expected"
        elif len(all_) > WIDER:
            found = f"{names.compact(term)} has {len(all_)} broader terms, at any distance, at most {WIDER} expected"
        if found:
            yield CodingError(next(places[term, one] for one in wider if (term, one) in places), found)
            continue
        levels[term], above[term] = level, all_
