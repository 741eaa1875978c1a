"""The `#+` header of a question file: YAML in grlc's manner, with one file asked under several names.

A file is one query under its own name. Under `forms`, it is one for each name there, and none under its own: whatever a
form says stands in place of what the header says; `sets` gives a value, or several, to a `$name` of the query, which
is no parameter of the form then; `without` lists parameters that it does not take; and `params` changes what is
said of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kg import names
from kg.errors import Faults, Place, QueryError, nearest
from kg.reading import read_text
from kg.tree import Path_, Tree

FOLDERS = ("ask", "check", "infer", "project")

SEVERITIES = ("violation", "warning", "info")
"""What the severity of a check promises: a violation stops the build, a warning is counted, an info is listed."""

_OWN = (
    *("summary", "question", "question-fa", "tags", "tags-fa", "columns", "row", "order"),
    *("grounds", "nothing", "nothing-fa", "compute"),
)
"""What each name of a file may say for itself."""
_KEYS = {
    "ask": (*_OWN, "params", "forms"),
    "check": ("summary", "message", "remedy", "severity", "tags"),
    "infer": ("summary", "order"),
    "project": ("summary", "question", "tags", "params", "columns", "order", "directed"),
}
_FORM_KEYS = (*_OWN, "sets", "without", "params")
_PARAM_KEYS = ("label", "type", "default", "values", "needed")
_NEEDED = {
    "ask": ("summary", "question", "tags", "columns"),
    "check": ("summary", "message", "remedy", "severity"),
    "infer": ("summary", "order"),
    "project": ("summary", "columns", "directed"),
}
_KINDS: dict[str, type] = {"tags": list, "tags-fa": list, "columns": dict, "row": list, "params": dict, "forms": dict}
_FORM_KINDS = {**_KINDS, "sets": dict, "without": list}

_SET = re.compile(r"\?[A-Za-z_]\w*|(?P<prefix>[a-z][\w-]*):[\w-]+(?:\.[\w-]+)*")
"""What a form may set: a variable of the query, or a short name."""


class Form(NamedTuple):
    """One name under which a file is asked.

    Attributes:
        name: the file's own where its header has no forms.
        header: keys and values.
        params: of each its name, label, type, default, the query that lists its values, and when it is needed.
        sets: what stands in the query for each `$name` that the form sets.
        without: parameters of the file that it does not take.

    """

    name: str
    header: dict[str, Any]
    params: list[list[str]]
    sets: dict[str, str]
    without: tuple[str, ...] = ()


class Read(NamedTuple):
    """A file: its query, the number of lines above it, and the names under which it is asked."""

    body: str
    above: int
    forms: list[Form]


def read(file: Path, holes: Callable[[str], set[str]]) -> Read:
    """Read a question file.

    Args:
        file: in one of the folders of `queries/`, which says its kind.
        holes: tells the names that a query marks with `$`.

    Raises:
        QueryError: no header; a key, form or parameter that is unknown, missing or of another sort; with its line.

    """
    lines = read_text(file).splitlines()
    tree, above = _tree(file, lines)
    body = "\n".join(lines[above:]) + "\n"
    kind, data = file.parent.name, dict(tree.data)
    _see_keys(tree, (), data, _KEYS[kind], _KINDS)
    params, forms = data.pop("params", {}), data.pop("forms", {})
    for name, raw in params.items():
        _see_param(tree, ("params", name), raw, ("label",))
        if name not in holes(body):
            raise QueryError(tree.place(("params", name)), f"parameter '{name}' stands nowhere in the query as ${name}")
    if not forms:
        _see_header(tree, (), data, kind)
        return Read(body, above, [Form(file.stem, data, [_param(*item) for item in params.items()], {})])
    reading = _Forms(tree, data, params, holes(body))
    return Read(body, above, [reading.form(name, raw) for name, raw in forms.items()])


def place(file: Path, name: str) -> Place:
    """Return where a file names one of its forms; its first line where it has none."""
    tree, _ = _tree(file, read_text(file).splitlines())
    return tree.place(("forms", name), key=True)


def _tree(file: Path, lines: list[str]) -> tuple[Tree, int]:
    """Parse the header; return it, and the number of its lines."""
    from kg.tree import parse_yaml

    header: list[str] = []
    for line in lines:
        if not line.startswith("#+"):
            break
        if line[2:3] not in ("", " "):
            raise QueryError(Place(file, len(header) + 1, 3), f"'{line[2]}' found, a space after #+ expected")
        header.append(line[3:])
    if not header:
        raise QueryError(Place(file, 1, 1), "no header found, lines that begin with #+ expected")
    try:
        tree = parse_yaml("\n".join(header) + "\n", file, column=3)
        if tree.faults:
            raise Faults(tree.faults)
    except Faults as error:
        first = error.faults[0]
        raise QueryError(first.place, first.message, first.hint) from None
    if file.parent.name not in FOLDERS or not isinstance(tree.data, dict):
        raise QueryError(
            Place(file, 1, 1), f"a header of keys and values, in one of the folders {', '.join(FOLDERS)}, expected"
        )
    return tree, len(header)


def _see_keys(
    tree: Tree, at: Path_, data: Mapping[str, Any], known: tuple[str, ...], kinds: Mapping[str, type]
) -> None:
    """See that keys are known, and that lists and mappings stand where they should."""
    for key, value in data.items():
        if key not in known:
            hint = nearest(key, known) or f"known keys: {', '.join(known)}"
            raise QueryError(tree.place((*at, key), key=True), f"unknown key '{key}'", hint)
        if not isinstance(value, expected := kinds.get(key, object)):
            said = "a list" if expected is list else "keys and values"
            raise QueryError(tree.place((*at, key)), f"{said} expected for '{key}'")


def _see_header(tree: Tree, at: Path_, data: Mapping[str, Any], kind: str) -> None:
    """See that all is said that has to be, of one name of a file."""
    whose = f"form '{at[-1]}'" if at else "the header"
    for key in _NEEDED[kind]:
        if key not in data:
            where = tree.place(at, key=True) if at else Place(tree.file, 1, 1)
            raise QueryError(where, f"key '{key}' is missing from {whose}")
    for column in data.get("row", ()):
        if column not in data["columns"]:
            raise QueryError(tree.place((*at, "row")), f"'{column}' found, one of the columns expected for 'row'")
    if "order" in data and not re.fullmatch("[0-9]+", str(data["order"])):
        raise QueryError(tree.place((*at, "order")), f"'{data['order']}' found, a number expected for 'order'")
    if kind == "check" and data["severity"] not in SEVERITIES:
        message = f"severity '{data['severity']}' is not one of {', '.join(SEVERITIES)}"
        raise QueryError(tree.place(("severity",)), message, nearest(str(data["severity"]), SEVERITIES))


def _see_param(tree: Tree, at: Path_, raw: object, needed: tuple[str, ...] = ()) -> None:
    if not isinstance(raw, dict) or any(key not in raw for key in needed):
        raise QueryError(tree.place(at), f"parameter '{at[-1]}' needs at least a label")
    for key in raw:
        if key not in _PARAM_KEYS:
            raise QueryError(tree.place((*at, key), key=True), f"unknown key '{key}' of a parameter")
    if raw.get("needed", "one") not in ("always", "one"):
        raise QueryError(tree.place((*at, "needed")), f"'{raw['needed']}' found, always or one expected")


def _param(name: str, raw: Mapping[str, str]) -> list[str]:
    return [name, raw["label"], raw.get("type", "term"), *(raw.get(key, "") for key in ("default", "values", "needed"))]


class _Forms(NamedTuple):
    """What the forms of a file have in common: its header, its parameters, and the `$name`s of its query."""

    tree: Tree
    data: Mapping[str, Any]
    params: Mapping[str, Mapping[str, str]]
    holes: set[str]

    def form(self, name: str, raw: object) -> Form:
        """Return a form; whatever it says stands in place of what the header says."""
        at: Path_ = ("forms", name)
        if not isinstance(raw, dict) or not names.SLUG.fullmatch(name):
            expected = "a name such as risks-by-mode, with keys and values below it, expected"
            raise QueryError(self.tree.place(at, key=True), f"form '{name}' found, {expected}")
        _see_keys(self.tree, at, raw, _FORM_KEYS, _FORM_KINDS)
        header = {**self.data, **{key: value for key, value in raw.items() if key in _OWN}}
        _see_header(self.tree, at, header, "ask")
        sets = {key: self._value((*at, "sets", key)) for key in raw.get("sets", {})}
        if missing := sorted(self.holes - sets.keys() - self.params.keys()):
            raise QueryError(self.tree.place(at, key=True), f"form '{name}' sets no '{missing[0]}'")
        kept = [key for key in self.params if key not in sets]
        for number, key in enumerate(raw.get("without", ())):
            self._see_name((*at, "without", number), key, kept)
        without = tuple(raw.get("without", ()))
        kept = [key for key in kept if key not in without]
        changed = raw.get("params", {})
        for key in changed:
            self._see_name((*at, "params", key), key, kept)
            _see_param(self.tree, (*at, "params", key), changed[key])
        params = [_param(key, {**self.params[key], **changed.get(key, {})}) for key in kept]
        return Form(name, header, params, sets, without)

    def _value(self, at: Path_) -> str:
        """Return what a form sets, as it stands in the query: short names or variables, with spaces between."""
        self._see_name(at, str(at[-1]), sorted(self.holes))
        value: Any = self.tree.data
        for key in at:
            value = value[key]
        values = value if isinstance(value, list) else [value]
        for each in values or [""]:
            found = _SET.fullmatch(each) if isinstance(each, str) else None
            if not found or (found["prefix"] and found["prefix"] not in names.PREFIXES):
                expected = "a short name (relation:weakens) or a variable (?mode), or a list of them, expected"
                raise QueryError(self.tree.place(at), f"'{each}' found, {expected}")
        return " ".join(values)

    def _see_name(self, at: Path_, name: str, known: list[str]) -> None:
        """See that a parameter that a form speaks of is one."""
        if name not in known:
            hint = nearest(name, known) or f"the query has: {', '.join(known)}"
            raise QueryError(self.tree.place(at, key=True), f"unknown parameter '{name}' of form '{at[1]}'", hint)
