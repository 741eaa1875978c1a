"""The check queries of `queries/check/`: each must be empty; a row is a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names
from kg.errors import Place, QueryError
from kg.queries import Query
from kg.validate.findings import Finding, ordered

if TYPE_CHECKING:
    import pyoxigraph as ox


def check(store: ox.Store, checks: Sequence[Query], places: Mapping[str, Place]) -> list[Finding]:
    """Run the check queries; each row is a finding.

    A check selects `?focus` and, if it helps, `?value`; `{name}` in its message is filled from the row.

    Raises:
        QueryError: a check is not a SELECT query.

    """
    import pyoxigraph as ox

    findings = []
    for query in checks:
        try:
            solutions: Any = store.query(query.bind({}), use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise query.fault(error) from None
        if not isinstance(solutions, ox.QuerySolutions):
            raise QueryError(Place(Path(query.file)), "a SELECT query expected")
        variables = [v.value for v in solutions.variables]
        for row in solutions:
            values = {name: row[name].value if row[name] is not None else "" for name in variables}
            shown = {name: names.compact(value) for name, value in values.items()}
            text = f"{query.header['message']}; {query.header['remedy']}".format_map(_Blank(shown))
            focus = values.get("focus", "")
            severity = str(query.header["severity"])
            findings.append(Finding(severity, query.name, focus, text, "", places.get(focus)))
    return ordered(findings)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
