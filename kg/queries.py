"""Queries and what is bound into them; the question files: a `#+` YAML header in grlc's manner, then one SPARQL query.

The folder gives the kind: `ask/` answers, `check/` must be empty, `infer/` constructs, `project/` makes
the edges of a network. `$name` marks a parameter. Where a value is given, every `$name` outside strings,
IRIs and comments becomes that value, written by the RDF library; where none is given, a FILTER that names it
falls away and elsewhere it stays a variable. So a file is valid SPARQL as it stands, and what is not asked
costs nothing.

No text is ever formatted into a query. Every query of the project is a constant with `$name` where a value belongs,
and `bind` puts terms of the RDF library there, whose constructors validate and which escape themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.errors import Faults, Place, QueryError, nearest
from kg.resources import resource

if TYPE_CHECKING:
    import pyoxigraph as ox

    Value = ox.NamedNode | ox.Literal

FOLDERS = ("ask", "check", "infer", "project")

_KEYS = {
    "ask": (
        *("summary", "question", "question-fa", "tags", "tags-fa", "params", "columns", "row", "order"),
        *("grounds", "nothing", "nothing-fa", "compute"),
    ),
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
SEVERITIES = ("violation", "warning", "info")
"""What the severity of a check promises: a violation stops the build, a warning is counted, an info is listed."""

TOKEN = re.compile(
    r"""(?P<skip>
        \#[^\n\r]*                                                                # a comment
      | <(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>        # an IRI
      | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}   # long strings
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'                            # strings
      | \\.                                                                      # an escape in a local name
    ) | \$(?P<name>[A-Za-z_]\w*)""",
    re.DOTALL | re.VERBOSE,
)
"""SPARQL's strings, IRIs and comments (`skip`), within which nothing is what it seems, and parameters (`name`)."""

_FILTER = re.compile(
    TOKEN.pattern + r"| (?P<filter>(?<![\w?$:-])FILTER\b) | (?P<open>[({]) | (?P<close>[)}])",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)


class Bound(str):
    """A query that is ready to run, or a part of one; engines take nothing else, and the type checker holds to it."""

    __slots__ = ()


if TYPE_CHECKING:
    Part = Value | ox.Variable | Bound
    Values = Part | Sequence[Part] | Sequence[tuple[Part, ...]]


def bind(text: str, /, **values: Values) -> Bound:
    """Return a query with its values in the place of every `$name`, and the project's prefixes that it uses declared.

    Args:
        text: SPARQL, a constant; `$name` within strings, IRIs and comments is not a parameter.
        values: for each name a term; or a list of terms, or of tuples of terms, for `VALUES ?x { $name }`.

    Raises:
        TypeError: a value is no term, a name has no value, or a value no name: a slip in the program.

    """
    return Bound(_template(text).declared + part(text, **values))


def part(text: str, /, **values: Values) -> Bound:
    """Return a part of a query, as `bind` does, without prefixes: a value for a whole or for a larger part."""
    if (holes := set(_template(text).holes)) != values.keys():
        raise TypeError(f"values for {sorted(values)} found, for {sorted(holes)} expected: {text}")
    return _filled(text, values)


class _Template(NamedTuple):
    """A query cut at its parameters: `texts` has one more element than `holes`."""

    declared: str
    texts: tuple[str, ...]
    holes: tuple[str, ...]


@lru_cache(maxsize=256)
def _template(text: str) -> _Template:
    texts, holes, end = [], [], 0
    for mark in TOKEN.finditer(text):
        if mark["name"]:
            texts.append(text[end : mark.start()])
            holes.append(mark["name"])
            end = mark.end()
    return _Template(_declarations(text), (*texts, text[end:]), tuple(holes))


def _filled(text: str, values: Mapping[str, Values]) -> Bound:
    """Fill in the values that there are; any other `$name` stays, which SPARQL takes as a variable."""
    _, texts, holes = _template(text)
    written = {name: _written(value) for name, value in values.items() if name in holes}
    pairs = zip(texts, holes, strict=False)
    return Bound("".join([*(before + written.get(name, f"${name}") for before, name in pairs), texts[-1]]))


def _written(value: object) -> str:
    """Write a value as SPARQL; only what the library writes, or what was bound before, is taken for a term."""
    import pyoxigraph as ox

    terms = (ox.NamedNode, ox.Literal, ox.Variable, Bound)

    def term(found: object) -> str:
        if isinstance(found, terms):
            return str(found)
        raise TypeError(f"{type(found).__name__} found, a term of the RDF library expected")

    if isinstance(value, list | tuple):
        return " ".join(f"({' '.join(map(term, row))})" if isinstance(row, tuple) else term(row) for row in value)
    return term(value)


def node(iri: str) -> ox.NamedNode | None:
    """Return the node of an IRI that somebody typed; None where the text is no IRI."""
    import pyoxigraph as ox

    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def nodes(iris: Iterable[str]) -> list[ox.NamedNode]:
    """Return the nodes of IRIs, in order.

    Raises:
        ValueError: one of them is no IRI.

    """
    import pyoxigraph as ox

    return [ox.NamedNode(iri) for iri in iris]


class Param(NamedTuple):
    """A parameter of a question.

    Attributes:
        name: as in `$name`; the command-line option is `--name`.
        label: what it stands for, for people.
        type: `term` (an IRI of the graph) or `text`.
        default: value when none is given; empty: unconstrained.
        values: a query that lists the possible `?value`s.
        needed: `always`, or `one`: of those so marked, one at least; empty: it may be left open.

    """

    name: str
    label: str
    type: str
    default: str
    values: str
    needed: str = ""

    def listing(self, among: Sequence[str] | None = None) -> Bound:
        """Return the query that lists its possible values; of some IRIs, those that are among them."""
        if among is None:
            return bind(self.values)
        # said at the beginning, so that the engine looks up these values and does not list all; of one it ends at the
        # first row, and else went through all that is said of it
        text = self.values.replace("{", "{ VALUES ?value { $among }", 1)
        return Bound(f"{bind(text, among=nodes(among)).rstrip()}\nLIMIT {len(set(among))}")


class Query(NamedTuple):
    """One file of `queries/`: its header, and its text, which begins on `line`."""

    kind: str
    name: str
    file: str
    text: str
    header: dict[str, Any]
    params: tuple[Param, ...] = ()
    line: int = 1

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

    def bind(self, values: Mapping[str, Value]) -> Bound:
        """Return the query with parameters replaced by values; what constrains others falls away.

        Prefixes of the project that the query uses and does not declare are declared.
        """
        text = _without_filters(self.text, {p.name for p in self.params} - values.keys())
        return Bound(_template(text).declared + _filled(text, values))

    def fault(self, error: Exception) -> QueryError:
        """Turn what Oxigraph says of the bound query into a fault of the file."""
        return not_sparql(error, Path(self.file), self.line - 1 - _declarations(self.text).count("\n"))


def not_sparql(error: Exception, file: Path, shift: int = 0) -> QueryError:
    """Turn Oxigraph's `error at 2:19: expected …` into a fault with its place.

    Args:
        error: what it raised.
        file: where the query stands.
        shift: the number of lines by which the file is ahead of the query that was run.

    """
    found = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if not found:
        return QueryError(Place(file), f"not SPARQL: {error}")
    line = int(found[1]) + shift
    place = Place(file, line, int(found[2])) if line > 0 else Place(file)
    if "Prefix not found" in found[3]:
        return QueryError(place, "not SPARQL: an undeclared prefix found before this place", "PREFIX declares one")
    return QueryError(place, f"not SPARQL: {' '.join(found[3].split())}")


def _without_filters(query: str, unset: set[str]) -> str:
    """Leave out each outermost FILTER that names one of the parameters; lines keep their numbers."""
    kept, end, start, depth, named = [], 0, -1, 0, False
    for mark in _FILTER.finditer(query):
        if start < 0:
            if mark["filter"]:
                start, depth, named = mark.start(), 0, False
            continue
        named = named or mark["name"] in unset
        depth += bool(mark["open"]) - bool(mark["close"])
        if depth == 0 and mark["close"]:
            if named:
                kept.append(query[end:start].rstrip(" ") + "\n" * query.count("\n", start, mark.end()))
                end = mark.end()
            start = -1
    return "".join([*kept, query[end:]])


def with_prefixes(query: str) -> str:
    """Declare the project's prefixes that a query, as a person typed it, uses without declaring them."""
    return _declarations(query) + query


def _declarations(query: str) -> str:
    """Return a line for each prefix of the project that a query uses and does not declare."""
    bare = TOKEN.sub(lambda m: " " if m["skip"] else m[0], query)
    declared = set(re.findall(r"(?i)\bprefix\s+([\w-]*):", bare))
    used = set(re.findall(r"(?<![\w:-])([a-z][\w-]*):", bare)) - declared
    return "".join(f"PREFIX {p}: <{names.PREFIXES[p]}>\n" for p in sorted(used) if p in names.PREFIXES)


Compiled = Mapping[str, Any]
"""Question files read before: the hash of a file's text to what was made of it, as `compiled` gives them."""


def compiled(queries: Iterable[Query]) -> dict[str, Any]:
    """Return what the files say as plain data, so that answering a question need not parse YAML again."""
    return {
        _hash(Path(q.file).read_text(encoding="utf-8")): {
            "text": q.text,
            "header": q.header,
            "params": [list(p) for p in q.params],
            "line": q.line,
        }
        for q in queries
    }


def _hash(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def read_query(file: Path, known: Compiled | None = None) -> Query:
    """Read one question file; from `known` where the file has not changed since.

    Raises:
        QueryError: no header, an unknown or missing key, with its line.
    """
    found = known.get(_hash(file.read_text(encoding="utf-8"))) if known else None
    if found is None:
        return _parse(file)
    params = tuple(Param(*fields) for fields in found["params"])
    return Query(file.parent.name, file.stem, str(file), found["text"], found["header"], params, found["line"])


def _parse(file: Path) -> Query:
    from kg.reading import read_text
    from kg.tree import parse_yaml

    kind = file.parent.name
    text = read_text(file)
    lines = text.splitlines()
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
    for key, form in (("tags", list), ("tags-fa", list), ("columns", dict), ("row", list), ("params", dict)):
        if key in data and not isinstance(data[key], form):
            expected = "a list" if form is list else "keys and values"
            raise QueryError(tree.place((key,)), f"{expected} expected for '{key}'")
    for column in data.get("row", ()):
        if column not in data["columns"]:
            raise QueryError(tree.place(("row",)), f"'{column}' found, one of the columns expected for 'row'")
    if "order" in data and not re.fullmatch("[0-9]+", str(data["order"])):
        raise QueryError(tree.place(("order",)), f"'{data['order']}' found, a number expected for 'order'")
    if kind == "check" and data["severity"] not in SEVERITIES:
        message = f"severity '{data['severity']}' is not one of {', '.join(SEVERITIES)}"
        raise QueryError(tree.place(("severity",)), message, nearest(str(data["severity"]), SEVERITIES))
    body = "\n".join(lines[len(header) :]) + "\n"
    used = {m["name"] for m in TOKEN.finditer(body)} - {None}
    params = []
    for name, raw in data.pop("params", {}).items():
        place = tree.place(("params", name))
        if not isinstance(raw, dict) or "label" not in raw:
            raise QueryError(place, f"parameter '{name}' needs at least a label")
        for key in raw:
            if key not in ("label", "type", "default", "values", "needed"):
                raise QueryError(tree.place(("params", name, key), key=True), f"unknown key '{key}' of a parameter")
        if raw.get("needed", "one") not in ("always", "one"):
            raise QueryError(tree.place(("params", name, "needed")), f"'{raw['needed']}' found, always or one expected")
        if name not in used:
            raise QueryError(place, f"parameter '{name}' stands nowhere in the query as ${name}")
        rest = (raw.get(key, "") for key in ("default", "values", "needed"))
        params.append(Param(name, raw["label"], raw.get("type", "term"), *rest))
    return Query(kind, file.stem, str(file), body, data, tuple(params), len(header) + 1)


def read_queries(kind: str, folder: Path | None = None, known: Compiled | None = None) -> list[Query]:
    """Read all queries of a kind, by their order and name.

    Raises:
        QueryError: the first broken header.

    """
    root = folder or resource("queries")
    read = [read_query(file, known) for file in (root / kind).glob("*.rq")]
    return sorted(read, key=lambda q: (q.order, q.name))
