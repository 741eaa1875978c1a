"""Deriving: the CONSTRUCT rules of `queries/infer/`, in their order, over the asserted graphs.

Each rule sees what the rules before it derived. Derived triples live in one named graph of their own, so
that what a coder asserted and what a rule concluded are never mixed up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kg import names
from kg.errors import Place, QueryError
from kg.queries import Query

if TYPE_CHECKING:
    import pyoxigraph as ox


def derive(asserted: Iterable[ox.Quad], rules: Sequence[Query]) -> list[ox.Quad]:
    """Return the quads that the rules derive and nobody asserted, in the derived graph.

    Rules run once each, in order; a rule that needs its own results is written with a property path.

    Raises:
        QueryError: a rule is not a CONSTRUCT query, or yields a blank node.

    """
    from pathlib import Path

    import pyoxigraph as ox

    graph = ox.NamedNode(names.DERIVED_GRAPH)
    store = ox.Store()
    store.bulk_extend(asserted)
    known = {quad.triple for quad in store}
    derived: list[ox.Quad] = []
    for rule in rules:
        place = Place(Path(rule.file))
        try:
            found = store.query(rule.bind({}), use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise rule.fault(error) from None
        if not isinstance(found, ox.QueryTriples):
            raise QueryError(place, "a CONSTRUCT query expected")
        fresh = []
        for triple in found:
            if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
                raise QueryError(place, "the rule makes a blank node, a named node expected")
            if triple not in known:
                known.add(triple)
                fresh.append(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
        store.extend(fresh)
        derived += fresh
    return derived


def together(asserted: Iterable[ox.Quad], derived: Iterable[ox.Quad]) -> ox.Store:
    """Return the whole graph in memory."""
    import pyoxigraph as ox

    whole = ox.Store()
    whole.bulk_extend([*asserted, *derived])
    return whole
