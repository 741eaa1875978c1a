"""What every exported network says of itself and of its nodes and edges: the same in all formats.

`about` is the description of the file: which projection of which data set, whose coding, and under which licence.
`NODE` and `EDGE` are the columns of nodes and edges, with their types in GraphML's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.errors import UsageError
from kg.licences import called, rights_of

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Network

PROGRAM = "airkg"
JOINT = " | "
"""Between several values in a format that has no lists."""


class Column(NamedTuple):
    """A column: name, type (string, boolean, int, double, or strings for several), and how to get its value."""

    name: str
    type: str
    get: Callable[[Any], Any]


NODE: tuple[Column, ...] = (
    Column("label", "string", attrgetter("label")),
    Column("kind", "string", attrgetter("kind")),
    Column("label_fa", "string", attrgetter("label_fa")),
    Column("definition", "string", attrgetter("definition")),
    Column("iri", "string", lambda node: names.expand(node.id)),
    Column("degree", "int", attrgetter("degree")),
)
"""Columns of a node, after its id."""

EDGE: tuple[Column, ...] = (
    Column("relation", "string", attrgetter("relation")),
    Column("relation_id", "string", attrgetter("relation_id")),
    Column("direction", "string", attrgetter("direction")),
    Column("contested", "boolean", attrgetter("contested")),
    Column("endorsed", "boolean", attrgetter("endorsed")),
    Column("weight", "double", attrgetter("weight")),
    Column("claim_count", "int", lambda edge: len(edge.claims)),
    Column("source_count", "int", lambda edge: len(edge.sources)),
    Column("claims", "strings", attrgetter("claims")),
    Column("statements", "strings", attrgetter("statements")),
    Column("sources", "strings", attrgetter("sources")),
    Column("places", "strings", attrgetter("places")),
    Column("assertions", "strings", attrgetter("assertions")),
    Column("first_issued", "string", lambda edge: edge.dates[0]),
    Column("last_issued", "string", lambda edge: edge.dates[1]),
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
    seal, rights = job.seal, rights_of(job.engine)
    return {
        "title": network.title,
        "network": network.name,
        "parameters": ", ".join(f"{name}={value}" for name, value in network.values.items()),
        "query": network.query.strip(),
        "dataset": "AIRKG, what the literature on artificial intelligence and international relations claims",
        "version": str(seal.get("version", "")),
        "sha256": str(seal.get("sha256", "")),
        "sources": ", ".join(map(str, seal.get("sources", ()))),
        "licence": called(rights.licence) if rights.licence else rights.sentence,
        "licence_url": rights.licence,
        "creator": rights.creators,
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
