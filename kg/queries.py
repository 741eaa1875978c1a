"""Reading the question files: a `#+` YAML header in grlc's manner, then one SPARQL query.

The folder gives the kind: `ask/` answers, `check/` must be empty, `infer/` constructs, `project/` makes
the edges of a network. `$name` marks a parameter. Where a value is given, every `$name` outside strings,
IRIs and comments becomes that value, written by the RDF library; where none is given, it stays a variable
and the answer is unconstrained. So a file is valid SPARQL as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names
from kg.errors import CodingError, Faults, Place, QueryError, nearest
from kg.resources import resource

if TYPE_CHECKING:
    import pyoxigraph as ox

FOLDERS = ("ask", "check", "infer", "project")

_KEYS = {
    "ask": ("summary", "question", "tags", "params", "columns", "order", "grounds", "nothing"),
    "check": ("summary", "message", "remedy", "severity", "tags"),
    "infer": ("summary", "order"),
    "project": ("summary", "question", "tags", "params", "columns", "order", "directed"),
}
_NEEDED = {
    "ask": ("summary", "question", "tags", "columns"),
    "check": ("summary", "message", "remedy", "severity"),
    "infer": ("summary", "order"),
    "project": ("summary", "columns", "directed"),
}
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|<[^<>"{}|^`\\\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|\$(?P<name>[A-Za-z_]\w*)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Param:
    """A parameter of a question.

    Attributes:
        name: as in `$name`; the command-line option is `--name`.
        label: what it stands for, for people.
        type: `term` (an IRI of the graph) or `text`.
        default: value when none is given; empty: unconstrained.
        values: a query that lists the possible `?value`s.

    """

    name: str
    label: str
    type: str
    default: str
    values: str


@dataclass(frozen=True)
class Query:
    """One file of `queries/`: its header and its text."""

    kind: str
    name: str
    file: str
    text: str
    header: dict[str, Any] = field(hash=False)
    params: tuple[Param, ...] = ()

    @property
    def summary(self) -> str:
        """One line: what it gives."""
        return str(self.header.get("summary", ""))

    @property
    def tags(self) -> tuple[str, ...]:
        """Words by which it is found."""
        return tuple(self.header.get("tags", ()))

    @property
    def columns(self) -> dict[str, str]:
        """The columns of the answer with what they hold, in order."""
        return dict(self.header.get("columns", {}))

    @property
    def order(self) -> int:
        """Position among its kind."""
        return int(self.header.get("order", 1000))

    def bind(self, values: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
        """Return the query with parameters replaced by values; others stay variables.

        Prefixes of the project that the query uses and does not declare are declared.
        """
        body = _TOKEN.sub(lambda m: str(values[m["name"]]) if m["name"] in values else m[0], self.text)
        return with_prefixes(body)


def with_prefixes(query: str) -> str:
    """Declare the project's prefixes that a query uses without declaring them."""
    bare = _TOKEN.sub(lambda m: "" if m["skip"] else m[0], query)
    declared = set(re.findall(r"(?i)\bprefix\s+([\w-]*):", query))
    used = set(re.findall(r"(?<![\w:-])([a-z][\w-]*):", bare)) - declared
    lines = [f"PREFIX {p}: <{names.PREFIXES[p]}>" for p in sorted(used) if p in names.PREFIXES]
    return "\n".join([*lines, query])


def read_query(file: Path) -> Query:
    """Read one question file.

    Raises:
        QueryError: no header, an unknown or missing key, with its line.

    """
    from kg.tree import parse_yaml, read_text

    kind = file.parent.name
    text = read_text(file)
    lines = text.splitlines()
    header = []
    for line in lines:
        if not line.startswith("#+"):
            break
        header.append(line[3:])
    if not header:
        raise QueryError(Place(file, 1, 1), "no header found, lines that begin with #+ expected")
    try:
        tree = parse_yaml("\n".join(header) + "\n", file, column=3)
    except CodingError as error:
        raise QueryError(error.place, error.message, error.hint) from None
    except Faults as error:
        first = error.faults[0]
        raise QueryError(first.place, first.message, first.hint) from None
    data = tree.data
    if kind not in FOLDERS or not isinstance(data, dict):
        raise QueryError(
            Place(file, 1, 1), f"a header of keys and values, in one of the folders {', '.join(FOLDERS)}, expected"
        )
    for key in data:
        if key not in _KEYS[kind]:
            hint = nearest(key, _KEYS[kind]) or f"known keys: {', '.join(_KEYS[kind])}"
            raise QueryError(tree.place((key,), key=True), f"unknown key '{key}'", hint)
    for key in _NEEDED[kind]:
        if key not in data:
            raise QueryError(Place(file, 1, 1), f"key '{key}' is missing from the header")
    for key, form in (("tags", list), ("columns", dict), ("params", dict)):
        if key in data and not isinstance(data[key], form):
            expected = "a list" if form is list else "keys and values"
            raise QueryError(tree.place((key,)), f"{expected} expected for '{key}'")
    if "order" in data and not str(data["order"]).isdigit():
        raise QueryError(tree.place(("order",)), f"'{data['order']}' found, a number expected for 'order'")
    params = []
    for name, raw in data.pop("params", {}).items():
        place = tree.place(("params", name))
        if not isinstance(raw, dict) or "label" not in raw:
            raise QueryError(place, f"parameter '{name}' needs at least a label")
        for key in raw:
            if key not in ("label", "type", "default", "values"):
                raise QueryError(tree.place(("params", name, key), key=True), f"unknown key '{key}' of a parameter")
        if not re.search(rf"\${name}\b", text):
            raise QueryError(place, f"parameter '{name}' stands nowhere in the query as ${name}")
        params.append(Param(name, raw["label"], raw.get("type", "term"), raw.get("default", ""), raw.get("values", "")))
    body = "\n".join(["#" if i < len(header) else line for i, line in enumerate(lines)])
    return Query(kind, file.stem, str(file), body.lstrip("#\n") + "\n", data, tuple(params))


def read_queries(kind: str, folder: Path | None = None) -> list[Query]:
    """Read all queries of a kind, by their order and name.

    Raises:
        QueryError: the first broken header.

    """
    root = folder or resource("queries")
    return sorted(map(read_query, sorted((root / kind).glob("*.rq"))), key=lambda q: (q.order, q.name))
