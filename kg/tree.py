"""YAML to plain Python values that remember where they stood.

Only the event level of ruamel.yaml is used: no anchors, aliases, tags or merge keys, bounded depth and
size, duplicate keys refused, and every scalar stays the text that was typed. So a hostile file costs no
more than its length, and `NO` or `2025-02-30` reach the checks that know what they should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import CodingError, Faults, Place

MAX_BYTES = 20_000_000
MAX_DEPTH = 50

Path_ = tuple[str | int, ...]


@dataclass
class Tree:
    """A parsed file: `data` of dicts, lists and strings, and the place of each key and value.

    `places` maps the path of a value (`("assertions", 3, "stance")`) to line and column, both from 1.
    `keys` does the same for the keys of mappings.
    """

    file: Path
    data: Any
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path_, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Sequence[str | int], key: bool = False) -> Place:
        """Return the place of the value (or key) at `path`, or of its nearest ancestor that stands in the file."""
        at = tuple(path)
        if key and at in self.keys:
            return Place(self.file, *self.keys[at])
        while at and at not in self.places:
            at = at[:-1]
        return Place(self.file, *self.places.get(at, (1, 1)))


def read_text(file: Path) -> str:
    """Read a UTF-8 file.

    Raises:
        CodingError: not there, too large, or not UTF-8 (with the line of the first bad byte).

    """
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise CodingError(Place(file), "the file is not there", "kg/corpus/README.md lists a source's files") from None
    except OSError as error:
        raise CodingError(Place(file), f"cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise CodingError(Place(file), f"{len(raw):,} bytes found, at most {MAX_BYTES:,} expected")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte 0x{raw[error.start]:02x} found, UTF-8 text expected"
        raise CodingError(Place(file, line, column), message, "save the file as UTF-8") from None


def read_yaml(file: Path) -> Tree:
    """Parse a YAML file into a `Tree`.

    Raises:
        CodingError: bad syntax, or something a coding file may not use.
        Faults: keys that stand twice, all of them.

    """
    return parse_yaml(read_text(file), file)


def parse_yaml(text: str, file: Path, line: int = 0, column: int = 0) -> Tree:
    """Parse YAML that stands in `file`, `line` lines down and `column` characters in (a query's header)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _Builder(Tree(file, None), line, column)
    try:
        for event in YAML(typ="rt", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, line + mark.line + 1, column + mark.column + 1) if mark else Place(file)
        raise CodingError(place, f"not YAML: {error.problem or error.context}") from None
    except YAMLError as error:
        raise CodingError(Place(file), f"not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise CodingError(Place(file), f"nested deeper than {MAX_DEPTH} levels") from None
    if builder.faults:
        raise Faults(builder.faults)
    return builder.tree


class _Builder:
    """Builds the tree from events, one call per event."""

    def __init__(self, tree: Tree, line: int, column: int) -> None:
        self.tree = tree
        self.line = line + 1
        self.column = column + 1
        self.faults: list[CodingError] = []
        self.stack: list[tuple[Any, Path_]] = []
        self.key: list[str | None] = []
        self.documents = 0

    def take(self, event: Any) -> None:
        name = type(event).__name__
        mark = event.start_mark
        where = (self.line + mark.line, self.column + mark.column) if mark else (1, 1)
        if name == "AliasEvent" or getattr(event, "anchor", None):
            raise self._fault(where, "an anchor or alias found, plain YAML expected", "write the value out")
        if getattr(event, "tag", None) and not (name == "ScalarEvent" and event.tag == "!"):
            raise self._fault(where, f"a tag found ({event.tag}), plain YAML expected", "remove the tag")
        if name == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise self._fault(where, "a second document found, one expected")
        elif name == "ScalarEvent":
            self._scalar(event.value, where)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self.stack) >= MAX_DEPTH:
                raise self._fault(where, f"nested deeper than {MAX_DEPTH} levels")
            container: Any = {} if name == "MappingStartEvent" else []
            path = self._add(container, where)
            self.stack.append((container, path))
            self.key.append(None)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
            self.key.pop()

    def _fault(self, where: tuple[int, int], message: str, hint: str = "") -> CodingError:
        return CodingError(Place(self.tree.file, *where), message, hint)

    def _scalar(self, value: str, where: tuple[int, int]) -> None:
        if self.stack and isinstance(self.stack[-1][0], dict) and self.key[-1] is None:
            container, path = self.stack[-1]
            if value == "<<":
                raise self._fault(where, "a merge key found, plain YAML expected", "write the keys out")
            if value in container:
                first = self.tree.keys[(*path, value)][0]
                self.faults.append(self._fault(where, f"key '{value}' stands twice", f"it is first on line {first}"))
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
                    raise self._fault(where, "a list or mapping found as a key, a name expected")
                container[key] = value
                self.key[-1] = None
                path = (*above, key)
            else:
                path = (*above, len(container))
                container.append(value)
        self.tree.places[path] = where
        return path
