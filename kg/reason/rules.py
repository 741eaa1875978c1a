"""Deriving: the CONSTRUCT rules of `queries/infer/`, in their order, over the asserted graphs.

Each rule sees what the rules before it derived. Derived triples live in one named graph of their own, so
that what a coder asserted and what a rule concluded are never mixed up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg import names
from kg.errors import Place, QueryError
from kg.queries import Query

if TYPE_CHECKING:
    import pyoxigraph as ox


MOST = 5
"""Triples that one rule may derive for each one asserted; for the founding corpus all rules derive half of one."""


def derive(asserted: Iterable[ox.Quad], rules: Sequence[Query]) -> list[ox.Quad]:
    """Return the quads that the rules derive and nobody asserted, in the derived graph.

    Rules run once each, in order; a rule that needs its own results is written with a property path.

    Raises:
        QueryError: a rule is not a CONSTRUCT query, or yields a blank node, or far more than is asserted.

    """
    import pyoxigraph as ox

    graph = ox.NamedNode(names.DERIVED_GRAPH)
    store = ox.Store()
    store.bulk_extend(asserted)
    known = {quad.triple for quad in store}
    most = MOST * max(len(known), 10_000)
    derived: list[ox.Quad] = []
    for rule in rules:
        place = Place(Path(rule.file))
        try:
            found = store.query(rule.bind({}), use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise rule.fault(error) from None
        if not isinstance(found, ox.QueryTriples):
            raise QueryError(place, "a CONSTRUCT query expected")
        fresh: list[ox.Quad] = []
        for number, triple in enumerate(found):
            if number >= most:
                raise _endless(rule, fresh, most)
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                raise QueryError(place, "the rule makes a blank node, a named node expected")
            if triple not in known:
                known.add(triple)
                fresh.append(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
        store.extend(fresh)
        derived += fresh
    return derived


def _endless(rule: Query, fresh: Iterable[ox.Quad], most: int) -> QueryError:
    """Return an error that names what a rule derives most about, which is where the inputs are out of hand."""
    subjects = Counter(str(quad.subject).strip("<>") for quad in fresh)
    about, times = max(subjects.items(), key=lambda item: item[1], default=("nothing new", 0))
    message = f"the rule derives more than {most:,} triples, {MOST} for each one asserted"
    hint = (
        f"{times:,} of them are about {names.compact(about)}: look for claims without number on one and the same thing"
    )
    return QueryError(Place(Path(rule.file)), message, hint)


def together(asserted: Iterable[ox.Quad], derived: Iterable[ox.Quad]) -> ox.Store:
    """Return the whole graph in memory."""
    import pyoxigraph as ox

    whole = ox.Store()
    whole.bulk_extend([*asserted, *derived])
    return whole
