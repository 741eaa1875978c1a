"""What every exported network says of itself and of its nodes and edges: the same in all formats.

`about` is the description of the file: which projection of which data set, and under which licence.
`NODE` and `EDGE` are the columns of nodes and edges, with their types in GraphML's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.export import Job
    from kg.networks import Edge, Network, Node

CREATOR = "airkg"
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
JOINT = " | "
"""Between several values in a format that has no lists."""


class Column(NamedTuple):
    """A column: name, type (string, boolean, int, double, or strings for several), and how to get its value."""

    name: str
    type: str
    get: Callable[[Any], Any]


def _node(name: str, get: Callable[[Node], Any], type: str = "string") -> Column:
    return Column(name, type, get)


def _edge(name: str, get: Callable[[Edge], Any], type: str = "string") -> Column:
    return Column(name, type, get)


NODE: tuple[Column, ...] = (
    _node("label", lambda n: n.label),
    _node("kind", lambda n: n.kind),
    _node("label_fa", lambda n: n.label_fa),
    _node("definition", lambda n: n.definition),
    _node("iri", lambda n: names.expand(n.id)),
    _node("degree", lambda n: n.degree, "int"),
)
"""Columns of a node, after its id."""

EDGE: tuple[Column, ...] = (
    _edge("relation", lambda e: e.relation),
    _edge("relation_id", lambda e: e.relation_id),
    _edge("direction", lambda e: e.direction),
    _edge("contested", lambda e: e.contested, "boolean"),
    _edge("weight", lambda e: e.weight, "double"),
    _edge("claim_count", lambda e: len(e.claims), "int"),
    _edge("source_count", lambda e: len(e.sources), "int"),
    _edge("claims", lambda e: e.claims, "strings"),
    _edge("statements", lambda e: e.statements, "strings"),
    _edge("sources", lambda e: e.sources, "strings"),
    _edge("places", lambda e: e.places, "strings"),
    _edge("assertions", lambda e: e.assertions, "strings"),
    _edge("first_issued", lambda e: e.dates[0]),
    _edge("last_issued", lambda e: e.dates[1]),
)
"""Columns of an edge, after its id and ends."""


def network_of(job: Job) -> Network:
    """Return the network that a job carries.

    Raises:
        UsageError: it carries none, because a question was given instead.
    """
    if job.network is None:
        raise UsageError("error: a question found, this format shows a network\n  hint: use --network NAME")
    return job.network


def about(job: Job) -> dict[str, str]:
    """Return what the file says of itself, in a fixed order; every value is one string."""
    network = network_of(job)
    seal = job.seal
    return {
        "title": network.title,
        "network": network.name,
        "parameters": ", ".join(f"{name}={value}" for name, value in network.values.items()),
        "query": network.query.strip(),
        "dataset": "AIRKG, what the literature on artificial intelligence and international relations claims",
        "version": str(seal.get("version", "")),
        "sha256": str(seal.get("sha256", "")),
        "sources": ", ".join(map(str, seal.get("sources", ()))),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "creator": CREATOR,
    }


def lines(job: Job) -> list[str]:
    """Return what the file says of itself as lines of text, for formats that have only comments."""
    return [line for name, value in about(job).items() if value for line in f"{name}: {value}".splitlines()]


_TOKEN = re.compile(r"[A-Za-z0-9._:-]+")


def token(id: str) -> str:
    """Return an id as an NMTOKEN; other characters become `_` and their code point in hexadecimal and `_`.

    Compact ids (`actor:china`) are NMTOKENs already.
    """
    if _TOKEN.fullmatch(id):
        return id
    return "".join(c if _TOKEN.fullmatch(c) else f"_{ord(c):x}_" for c in id)
