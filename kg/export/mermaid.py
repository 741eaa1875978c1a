"""Mermaid, which GitHub and many Markdown viewers draw (https://mermaid.js.org/syntax/flowchart.html).

Mermaid draws at most 500 edges, and a reader takes in far fewer: the heaviest are kept, and the file says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.channels import line, mermaid
from kg.export import about, style

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Node

EDGES = 100
"""How many edges are kept."""

LETTERS = 60
"""How long a label may be."""


def write(job: Job, path: Path) -> None:
    """Write the network's heaviest edges, with their ends, as a flowchart."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_lines(job))


def _lines(job: Job) -> Iterator[str]:
    network = about.network_of(job)
    heaviest = sorted(enumerate(network.edges), key=lambda pair: (-pair[1].weight, -len(pair[1].sources), pair[0]))
    kept = [edge for _, edge in sorted(heaviest[:EDGES], key=lambda pair: pair[0])]
    ends = {end for edge in kept for end in (edge.source, edge.target)}
    short = {node.id: f"n{i}" for i, node in enumerate(network.nodes, 1)}
    yield from (f"%% {words}\n" for words in _comments(job))
    if len(kept) < len(network.edges):
        yield f"%% shown: the {len(kept)} heaviest of {len(network.edges)} edges\n"
    yield "flowchart LR\n"
    kinds = set()
    for node in network.nodes:
        if node.id in ends:
            kinds.add(node.kind)
            yield f"  {short[node.id]}{_shape(node)}:::{_class(node.kind)}\n"
    for edge in kept:
        yield f"  {short[edge.source]} {_arrow(edge, network.directed)} {short[edge.target]}\n"
    for number, edge in enumerate(kept):
        dash = ",stroke-dasharray:6 4" if edge.contested else ""
        yield f"  linkStyle {number} stroke:{style.line(edge).color},stroke-width:{style.width(edge)}px{dash}\n"
    for kind in sorted(kinds):
        fill, _, color = style.KINDS.get(kind, style.OTHER)
        yield f"  classDef {_class(kind)} fill:{fill},color:{color},stroke:{style.BORDER}\n"


def _comments(job: Job) -> Iterator[str]:
    """Yield what the file says of itself; braces would open a directive, even in a comment."""
    return (line(words).replace("{", "(").replace("}", ")") for words in about.lines(job))


def _class(kind: str) -> str:
    """Return a class name; `kind-` keeps clear of the language's own words."""
    return "kind-" + "".join(c for c in kind if c.isalnum() and c.isascii())


def _shape(node: Node) -> str:
    return style.shape(node, "mermaid").format(mermaid(_short(node.label)))


def _arrow(edge: Edge, directed: bool) -> str:
    head = style.HEADS[style.line(edge).head]["mermaid"] if directed else "-"
    return f'--{head}|"{mermaid(_short(edge.relation))}"|' if edge.relation else f"--{head}"


def _short(words: str) -> str:
    """Return words on one line, no longer than `LETTERS`."""
    line = " ".join(words.split())
    return line if len(line) <= LETTERS else line[: LETTERS - 1].rstrip() + "…"
