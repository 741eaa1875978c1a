"""YAML to plain Python values that remember where they stood.

Only the event level of ruamel.yaml is used: no anchors, aliases, tags or merge keys, bounded depth and
size, duplicate keys and control characters refused, and every scalar stays the text that was typed. So a
hostile file costs no more than its length, and `NO` or `2025-02-30` reach the checks that know what they
should be. What does not stop the parser is collected in `Tree.faults`, so that one run tells it all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import CodingError, Faults, Place
from kg.reading import read_text

MAX_DEPTH = 50
MAX_VALUES = 500_000
"""Keys and values of a file; reading one costs 30 µs."""
MAX_FAULTS = 100
"""After so many faults of its YAML a file is not read on."""

_BAD = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_BAD_IN_FILE = re.compile(f"[{_BAD}]")
_BAD_IN_VALUE = re.compile(f"[\r{_BAD}]")

Path_ = tuple[str | int, ...]


@dataclass
class Tree:
    """A parsed file: `data` of dicts, lists and strings, and the place of each key and value.

    `places` maps the path of a value (`("assertions", 3, "stance")`) to line and column, both from 1.
    `keys` does the same for the keys of mappings. `faults` holds what is wrong with the YAML itself.
    """

    file: Path
    data: Any
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    faults: list[CodingError] = field(default_factory=list)

    def place(self, path: Sequence[str | int], key: bool = False) -> Place:
        """Return the place of the value (or key) at `path`, or of its nearest ancestor that stands in the file."""
        at = tuple(path)
        if key and at in self.keys:
            return Place(self.file, *self.keys[at])
        while at and at not in self.places:
            at = at[:-1]
        return Place(self.file, *self.places.get(at, (1, 1)))


def bad_character(value: str) -> str:
    """Name the first character that no label may hold (controls, bidi controls), or return an empty string.

    XML writers would otherwise emit documents that no parser accepts, and bidi controls can reorder a line.
    """
    found = _BAD_IN_VALUE.search(value)
    return f"control character U+{ord(found[0]):04X}" if found else ""


def bad_characters(text: str, file: Path, line: int = 0, column: int = 0) -> list[CodingError]:
    """Return a fault for each character of a file's text that nothing in it may hold, with its place."""
    faults = []
    for found in _BAD_IN_FILE.finditer(text):
        begin = text.rfind("\n", 0, found.start()) + 1
        place = Place(file, line + text.count("\n", 0, begin) + 1, column + found.start() - begin + 1)
        faults.append(CodingError(place, f"{bad_character(found[0])} found, plain text expected", "remove it"))
        if len(faults) == MAX_FAULTS:
            break
    return faults


def read_yaml(file: Path, hint: str = "") -> Tree:
    """Parse a YAML file into a `Tree`; `hint` says what to do where it is not there.

    Raises:
        CodingError: the file cannot be read.
        Faults: bad syntax, and what was found wrong before it.

    """
    return parse_yaml(read_text(file, hint=hint), file)


def parse_yaml(text: str, file: Path, line: int = 0, column: int = 0) -> Tree:
    """Parse YAML that stands in `file`, `line` lines down and `column` characters in (a query's header)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    tree = Tree(file, None)
    tree.faults += bad_characters(text, file, line, column)
    readable = _BAD_IN_FILE.sub("\ufffd", text) if tree.faults else text
    builder = _Builder(tree, readable, line, column)
    try:
        for event in YAML(typ="safe", pure=True).parse(readable):
            builder.take(event)
            if len(tree.faults) >= MAX_FAULTS:
                raise Faults(tree.faults)
            if len(tree.places) + len(tree.keys) > MAX_VALUES:
                line_ = line + event.start_mark.line + 1
                raise _Stop(CodingError(Place(file, line_), f"more than {MAX_VALUES:,} keys and values found"))
    except MarkedYAMLError as error:
        mark, context = error.problem_mark or error.context_mark, error.context_mark
        place = Place(file, line + mark.line + 1, column + mark.column + 1) if mark else Place(file)
        hint = f"{error.context}, from line {line + context.line + 1}" if context and error.problem else ""
        fault = CodingError(place, f"not YAML: {error.problem or error.context}", hint)
        raise Faults([*tree.faults, fault]) from None
    except _Stop as error:
        raise Faults([*tree.faults, error.fault]) from None
    return tree


def spans(text: str, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return where the words of some scalars begin and end, by line and column, as offsets into a text.

    The words alone: without the quotation marks, and without the head and the indentation of a block. What is
    written otherwise than it reads (folded, escaped) is quoted as a whole, or left out.

    Args:
        text: YAML that `parse_yaml` has read without a fault.
        places: where the scalars begin, as in `Tree.places`.

    """
    from ruamel.yaml import YAML

    found = {}
    for event in YAML(typ="safe", pure=True).parse(text):
        mark = event.start_mark
        where = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        if type(event).__name__ != "ScalarEvent" or where not in places:
            continue
        start, end = mark.index, event.end_mark.index
        if event.style in ("'", '"'):
            found[where] = (start + 1, end - 1)
            continue
        begin = start if event.style is None else text.index("\n", start)
        if text.count(event.value, begin, end) == 1:
            at = text.index(event.value, begin, end)
            found[where] = (at, at + len(event.value))
    return found


def entries(text: str, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return where some keys of mappings begin and their values end, by line and column of the key, as offsets.

    Args:
        text: YAML that `parse_yaml` has read without a fault.
        places: where the keys begin, as in `Tree.keys`.

    """
    from ruamel.yaml import YAML

    found = {}
    begun: list[tuple[int, tuple[int, int], int]] = []
    flow: list[bool] = []
    end = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        name, mark = type(event).__name__, event.start_mark
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            flow.append(event.flow_style)
            continue
        if name in ("MappingEndEvent", "SequenceEndEvent"):
            # where a block ends says its last value: its own mark stands before what comes next
            end = event.end_mark.index if flow.pop() else end
        elif name == "ScalarEvent":
            where = (mark.line + 1, mark.column + 1)
            if where in places and where not in found:
                begun.append((len(flow), where, mark.index))
                found[where] = (mark.index, mark.index)
                continue
            end = mark.index + len(text[mark.index : event.end_mark.index].rstrip())
        if begun and begun[-1][0] == len(flow):
            _, where, start = begun.pop()
            found[where] = (start, end)
    return found


class _Stop(Exception):
    """The parser cannot go on."""

    def __init__(self, fault: CodingError) -> None:
        self.fault = fault


class _Builder:
    """Builds the tree from events, one call per event."""

    def __init__(self, tree: Tree, text: str, line: int, column: int) -> None:
        self.tree = tree
        self.text = text
        self.line = line + 1
        self.column = column + 1
        self.stack: list[tuple[Any, Path_]] = []
        self.key: list[str | None] = []
        self.documents = 0

    def take(self, event: Any) -> None:
        name = type(event).__name__
        mark = event.start_mark
        where = (self.line + mark.line, self.column + mark.column) if mark else (1, 1)
        if name == "AliasEvent" or getattr(event, "anchor", None):
            self._fault(where, "an anchor or alias found, plain YAML expected", "write the value out")
        if getattr(event, "tag", None) and not (name == "ScalarEvent" and event.tag == "!"):
            self._fault(where, f"a tag found ({event.tag}), plain YAML expected", "remove the tag")
        if name == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise self._stop(where, "a second document found, one expected")
        elif name == "ScalarEvent":
            if event.style == '"':
                bad = bad_character(event.value)
                if bad and not bad_character(self.text[mark.index : event.end_mark.index]):
                    self._fault(where, f"{bad} found, plain text expected", "remove the escape")
                    event.value = _BAD_IN_VALUE.sub("\ufffd", event.value)  # half a pair would break whoever shows it
            if event.value == "" and event.style is None:
                where = self._owner(where)
            self._scalar(event.value, where)
        elif name == "AliasEvent":
            self._scalar("", where)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self.stack) >= MAX_DEPTH:
                raise self._stop(where, f"nested deeper than {MAX_DEPTH} levels")
            container: Any = {} if name == "MappingStartEvent" else []
            path = self._add(container, where)
            self.stack.append((container, path))
            self.key.append(None)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
            self.key.pop()

    def _owner(self, where: tuple[int, int]) -> tuple[int, int]:
        """Return the place of the key whose value is missing, which itself stands nowhere."""
        key = self.key[-1] if self.key else None
        return where if key is None else self.tree.keys[(*self.stack[-1][1], key)]

    def _fault(self, where: tuple[int, int], message: str, hint: str = "") -> None:
        self.tree.faults.append(CodingError(Place(self.tree.file, *where), message, hint))

    def _stop(self, where: tuple[int, int], message: str) -> _Stop:
        return _Stop(CodingError(Place(self.tree.file, *where), message))

    def _scalar(self, value: str, where: tuple[int, int]) -> None:
        if self.stack and isinstance(self.stack[-1][0], dict) and self.key[-1] is None:
            container, path = self.stack[-1]
            if value == "<<":
                self._fault(where, "a merge key found, plain YAML expected", "write the keys out")
            elif value in container:
                first = self.tree.keys[(*path, value)][0]
                self._fault(where, f"key '{value}' stands twice", f"it is first on line {first}")
            self.key[-1] = value
            self.tree.keys[(*path, value)] = where
        else:
            self._add(value, where)

    def _add(self, value: Any, where: tuple[int, int]) -> Path_:
        if not self.stack:
            self.tree.data = value
            path: Path_ = ()
        else:
            container, above = self.stack[-1]
            if isinstance(container, dict):
                key = self.key[-1]
                if key is None:
                    raise self._stop(where, "a list or mapping found as a key, a name expected")
                container[key] = value
                self.key[-1] = None
                path = (*above, key)
            else:
                path = (*above, len(container))
                container.append(value)
        self.tree.places[path] = where
        return path
