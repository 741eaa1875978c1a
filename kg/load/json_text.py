"""JSON as somebody wrote it: no key twice, bounded depth, numbers that every reader takes; faults with their place.

The library reads it; where it, or what is checked after it, says no, the tokens are walked to find the place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from kg.errors import CodingError, Place
from kg.reading import Lines

MAX_DEPTH = 50
MAX_DIGITS = 15
"""Of a number: what a double holds exactly, so that no reader gives another one."""

_TOKEN = re.compile(r'(?s)"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{},:]|[^\s"\[\]{},:]+')
_GAP = re.compile(r"[\s,]*")
_ID = re.compile(r'"id"\s*:\s*("(?:[^"\\]|\\.)*+")')


class _Odd(ValueError):
    """The library reads it, we do not."""


def load(text: str, file: Path) -> Any:
    """Parse the text of a file.

    Raises:
        CodingError: not JSON, a key that stands twice, NaN or Infinity, a number that is too long, too deep.

    """
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_constant=_number, parse_int=_number, parse_float=_number
        )
        if _depth(found) > MAX_DEPTH:
            raise _Odd
    except json.JSONDecodeError as error:
        raise CodingError(Place(file, error.lineno, error.colno), f"not JSON: {error.msg}") from None
    except (_Odd, RecursionError):
        raise _offence(text, file) from None
    return found


def entries(text: str, file: Path) -> Iterator[tuple[Any, Place]]:
    """Yield the items of a list with their places: where the value of `id` stands, or else where the item begins.

    Raises:
        CodingError: as `load`, or no list.

    """
    if not isinstance(load(text, file), list):
        raise CodingError(Place(file, 1, 1), "a list of CSL-JSON items expected")
    decode, lines = json.JSONDecoder().raw_decode, Lines(text, file)
    at = text.index("[") + 1
    while text[at := _end_of_gap(text, at)] != "]":
        item, end = decode(text, at)
        name = item.get("id") if isinstance(item, dict) else None
        keys = _ID.finditer(text, at, end) if isinstance(name, str) else iter(())
        yield item, lines.place(next((k.start(1) for k in keys if json.loads(k[1]) == name), at))
        at = end


def _end_of_gap(text: str, at: int) -> int:
    found = _GAP.match(text, at)
    return found.end() if found else at


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Odd
    return found


def _number(digits: str) -> float:
    if _wrong_number(digits):
        raise _Odd
    return float(digits) if re.search("[.eE]", digits) else int(digits)


def _wrong_number(token: str) -> str:
    if token.lstrip("-") in ("NaN", "Infinity"):
        return f"{token} found, a number expected"
    if re.match("-?[0-9]", token) and (len(token) > MAX_DIGITS + 2 or abs(float(token)) >= 10**MAX_DIGITS):
        return f"a number of {len(token)} characters found, one of at most {MAX_DIGITS} digits expected"
    return ""


def _depth(value: Any) -> int:
    """Return how deep lists and mappings are nested; without recursion, since that is the question."""
    deepest, todo = 0, [(value, 1)]
    while todo:
        inner, depth = todo.pop()
        deepest = max(deepest, depth)
        below = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
        todo += [(one, depth + 1) for one in below if isinstance(one, dict | list)]
    return deepest


def _offence(text: str, file: Path) -> CodingError:
    """Walk the tokens to what the library reads and we do not."""
    lines, open_ = Lines(text, file), list[set[str]]()
    for token, after in pairwise(chain(_TOKEN.finditer(text), [None])):
        if token is None:
            break
        place, found = lines.place(token.start()), token[0]
        if found in "[{":
            open_.append(set())
            if len(open_) > MAX_DEPTH:
                return CodingError(place, f"nested deeper than {MAX_DEPTH} levels")
        elif found in "]}":
            del open_[-1:]
        elif found[0] == '"' and after and after[0] == ":":
            key = json.loads(found)
            if open_ and key in open_[-1]:
                return CodingError(place, f"key '{key}' stands twice")
            open_[-1].add(key)
        elif wrong := _wrong_number(found):
            return CodingError(place, wrong)
    return CodingError(Place(file, 1, 1), "not JSON")
