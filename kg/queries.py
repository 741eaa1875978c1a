"""Queries and what is bound into them; the question files: a `#+` header (`kg.headers`), then one SPARQL query.

The folder gives the kind: `ask/` answers, `check/` must be empty, `infer/` constructs, `project/` makes
the edges of a network. `$name` marks a parameter. Where a value is given, every `$name` outside strings,
IRIs and comments becomes that value, written by the RDF library; where none is given, a FILTER or VALUES that
names it falls away and elsewhere it stays a variable. So what is not asked costs nothing.

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
from kg.errors import Place, QueryError
from kg.resources import resource

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.headers import Form

    Value = ox.NamedNode | ox.Literal

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
    TOKEN.pattern + r"| (?P<open>[({]) | (?P<close>[)}]) | (?P<filter>(?<![\w?$:-])(?:FILTER|(?P<data>VALUES))\b)",
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
    filled = part(text, **values)
    whole = filled if any(map(_is_part, values.values())) else text  # a part declares no prefix of its own
    return Bound(_template(whole).declared + filled)


def part(text: str, /, **values: Values) -> Bound:
    """Return a part of a query, as `bind` does, without prefixes: a value for a whole or for a larger part."""
    if (holes := set(_template(text).holes)) != values.keys():
        raise TypeError(f"values for {sorted(values)} found, for {sorted(holes)} expected: {text}")
    return _filled(text, values)


def first(query: Bound, rows: int = 1) -> Bound:
    """Return a query that ends at its first row, or after so many."""
    return Bound(f"{query.rstrip()}\nLIMIT {rows}")


_COUNTED = re.compile(r"MIN\(\?(?P<one>\w+)\) AS \?assertion\)")


def counts(query: Bound) -> bool:
    """Tell whether a query counts assertions, and names one of them."""
    return _COUNTED.search(query) is not None


def counting(query: Bound, assertions: Sequence[str]) -> Bound:
    """Return a query such that, where it counts assertions and names one of them, it counts these alone."""
    for mark in reversed(list(_COUNTED.finditer(query))):
        query = _put(query, _end_of_group(query, mark.end()), mark["one"], assertions)
    return query


def _end_of_group(query: str, start: int) -> int:
    """Return where the next group `{ … }` closes; brackets in strings, IRIs and comments are none."""
    depth = 0
    bare = re.compile(f"{TOKEN.pattern}|(?P<open>{{)|(?P<close>}})", re.DOTALL | re.VERBOSE)
    for mark in bare.finditer(query, start):
        depth += bool(mark["open"]) - bool(mark["close"])
        if mark["close"] and depth == 0:
            return mark.start()
    return len(query)


def _put(query: Bound, at: int, variable: str, iris: Iterable[str]) -> Bound:
    """Say at a place of a query which values a variable may have."""
    import pyoxigraph as ox

    these = part("VALUES $variable { $values }", variable=ox.Variable(variable), values=nodes(iris))
    return Bound(f"{query[:at]} {these} {query[at:]}")


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
    if isinstance(value, Bound):
        return value
    import pyoxigraph as ox

    terms = (ox.NamedNode, ox.Literal, ox.Variable, Bound)

    def term(found: object) -> str:
        if isinstance(found, terms):
            return str(found)
        raise TypeError(f"{type(found).__name__} found, a term of the RDF library expected")

    if isinstance(value, list | tuple):
        return " ".join(f"({' '.join(map(term, row))})" if isinstance(row, tuple) else term(row) for row in value)
    return term(value)


def _is_part(value: object) -> bool:
    return isinstance(value, Bound) or (
        isinstance(value, list | tuple) and any(isinstance(one, Bound) for one in value)
    )


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
        query = bind(self.values)
        return first(_put(query, query.index("{") + 1, "value", among), len(set(among)))


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
    """Leave out each outermost FILTER or VALUES that names one of the parameters; lines keep their numbers."""
    kept, end, start, depth, named, closing = [], 0, -1, 0, False, ""
    for mark in _FILTER.finditer(query):
        if start < 0:
            if mark["filter"]:
                # the variables of VALUES may stand in brackets of their own
                start, depth, named, closing = mark.start(), 0, False, "}" if mark["data"] else ")}"
            continue
        named = named or mark["name"] in unset
        depth += bool(mark["open"]) - bool(mark["close"])
        if depth == 0 and mark["close"] and mark["close"] in closing:
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


def compiled(kind: str) -> dict[str, Any]:
    """Return what the files of a kind say as plain data, so that answering a question need not parse YAML again.

    Raises:
        QueryError: the first broken header.

    """
    return {_hash(file): _read(file) for file in _files(kind)}


def _files(kind: str, folder: Path | None = None) -> list[Path]:
    return sorted(((folder or resource("queries")) / kind).glob("*.rq"))


def _hash(file: Path) -> str:
    import hashlib

    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read(file: Path) -> dict[str, Any]:
    """Return what a file says: the line on which its query begins, and for each of its names what is asked."""
    from kg import headers

    body, above, forms = headers.read(file, _marked)
    return {"line": above + 1, "forms": [_form(body, form) for form in forms]}


def _marked(text: str) -> set[str]:
    return set(_template(text).holes)


def _form(body: str, form: Form) -> dict[str, Any]:
    """Put what a form sets in the place of each `$name`; what constrains a parameter that it lacks falls away."""
    sets = {name: Bound(value) for name, value in form.sets.items()}
    unset = {name for name, *_ in form.params}.union(form.without)
    text = _filled(_without_filters(body, {*form.without}), sets)
    params = [[*said, _filled(_without_filters(values, unset), sets), needed] for *said, values, needed in form.params]
    return {"name": form.name, "text": text, "header": form.header, "params": params}


def read_file(file: Path, known: Compiled | None = None) -> list[Query]:
    """Read a question file: one query, or one for each of its forms; from `known` where it has not changed since.

    Raises:
        QueryError: no header, an unknown or missing key, with its line.

    """
    found = known.get(_hash(file)) if known else None
    if not found or "forms" not in found:  # a store built before files had forms says otherwise what they hold
        found = _read(file)
    return [
        Query(
            *(file.parent.name, form["name"], str(file), form["text"], form["header"]),
            tuple(Param(*fields) for fields in form["params"]),
            found["line"],
        )
        for form in found["forms"]
    ]


def read_queries(kind: str, folder: Path | None = None, known: Compiled | None = None) -> list[Query]:
    """Read all queries of a kind, by their order and name.

    Raises:
        QueryError: the first broken header, or a name that two have.

    """
    read: dict[str, Query] = {}
    for file in _files(kind, folder):
        for query in read_file(file, known):
            if read.setdefault(query.name, query) is not query:
                from kg.headers import place

                hint = f"{Path(read[query.name].file).name} has this one"
                raise QueryError(place(file, query.name), f"'{query.name}' found, a new name expected", hint)
    return sorted(read.values(), key=lambda q: (q.order, q.name))
