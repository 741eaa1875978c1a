"""Keys that have moved from the claim to the assertion, moved in the text of a `coding.yaml`, as whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kg.load.keys import lift
from kg.tree import entries, parse_yaml

Edit = tuple[int, int, str]
"""Where words begin and end, as offsets, and what to write in their place."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with the edits made, none of which overlap."""
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def moved(text: str, file: Path) -> str:
    """Return a coding with each movable key behind the assertion's basis; who writes it must see what it says then."""
    tree = parse_yaml(text, file)
    basis, keys = {}, [one for one in lift(tree) if one.movable]
    for one in keys:
        basis[one.at] = tree.keys[*one.at, "basis"]
    found = entries(text, {*basis.values(), *((one.place.line, one.place.column) for one in keys)})
    edits = []
    for one in keys:
        column = one.place.column
        start, end = found[one.place.line, column]
        first, last = start - column + 1, _line_end(text, end)
        behind = _line_end(text, found[basis[one.at]][1])
        deeper = column - basis[one.at][1]
        lines = text[first:last].splitlines(keepends=True)
        block = "".join(re.sub(rf"^ {{0,{max(deeper, 0)}}}", " " * max(-deeper, 0), line) for line in lines)
        if text[:behind].endswith("\n"):
            edits += [(first, last, ""), (behind, behind, block)]
        else:  # the file's last line, which has no end: the block's own comes before it
            bare = block.rstrip("\r\n")
            edits += [(first, last, ""), (behind, behind, block[len(bare) :] + bare)]
    return edited(text, edits)


def _line_end(text: str, at: int) -> int:
    """Return where the next line begins, or the text ends."""
    return text.find("\n", at) + 1 or len(text)
