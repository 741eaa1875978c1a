"""How a network looks, once for all formats: what colour, shape, line, arrow head and width mean.

    kind of node          fill colour and shape
    degree of node        size of its label, and of the node where the label stands outside
    direction of effect   colour and arrow head of the edge
    contested edge        dashed line
    claims and sources    width of the edge

Each meaning has a channel of its own. Colours are Okabe and Ito's (https://jfly.uni-koeln.de/color/), which
people with the common forms of colour blindness tell apart; kinds that share a colour differ in shape.
`docs/exports.md` shows the same table.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kg.measure.networks import Edge, Node


class Look(NamedTuple):
    """Fill, shape (a key of `SHAPES`) and colour of the label on the fill."""

    fill: str
    shape: str
    text: str = "#000000"


class Line(NamedTuple):
    """Colour and arrow head (a key of `HEADS`) of an edge."""

    color: str
    head: str


KINDS: dict[str, Look] = {
    "actor": Look("#0072B2", "ellipse", "#FFFFFF"),
    "technology": Look("#56B4E9", "hexagon"),
    "mechanism": Look("#E69F00", "round-rectangle"),
    "phenomenon": Look("#F0E442", "rectangle"),
    "power": Look("#CC79A7", "parallelogram"),
    "mode": Look("#CC79A7", "hexagon"),
    "risk": Look("#D55E00", "octagon"),
    "benefit": Look("#009E73", "octagon"),
    "theory": Look("#BBBBBB", "ellipse"),
    "method": Look("#BBBBBB", "parallelogram"),
    "domain": Look("#FFFFFF", "parallelogram"),
    "relation": Look("#FFFFFF", "ellipse"),
    "claim": Look("#FFFFFF", "rectangle"),
    "source": Look("#000000", "rectangle", "#FFFFFF"),
    "work": Look("#BBBBBB", "rectangle"),
}
"""What each kind of node looks like."""

NAMES = {kind: "mode of diplomacy" if kind == "mode" else kind for kind in KINDS}
"""What a legend calls each kind."""

OTHER = Look("#EEEEEE", "round-rectangle")
"""A kind that is not in the table, such as a scholar's own."""

BORDER = "#333333"

DIRECTIONS: dict[str, Line] = {
    "weakening": Line("#D55E00", "tee"),
    "strengthening": Line("#0072B2", "triangle"),
    "other": Line("#767676", "circle"),
}
"""What an edge does to its end, or how its ends stand to each other."""

CALLED = {"weakening": "weakening, opposing", "strengthening": "strengthening, agreeing", "other": "other"}
"""What a legend calls each direction."""

SHAPES: dict[str, dict[str, str]] = {
    shape: dict(zip(("cyjs", "cx2", "dot", "yed", "gexf", "mermaid"), names, strict=True))
    for shape, *names in (
        ("ellipse", "ellipse", "ellipse", "ellipse", "ellipse", "disc", '(["{}"])'),
        ("rectangle", "rectangle", "rectangle", "box", "rectangle", "square", '["{}"]'),
        ("round-rectangle", "round-rectangle", "round-rectangle", "box", "roundrectangle", "square", '("{}")'),
        ("hexagon", "hexagon", "hexagon", "hexagon", "hexagon", "diamond", '{{{{"{}"}}}}'),
        ("octagon", "octagon", "octagon", "octagon", "octagon", "triangle", '[/"{}"\\]'),
        ("parallelogram", "right-rhomboid", "parallelogram", "parallelogram", "parallelogram", "diamond", '[/"{}"/]'),
    )
}
"""The shapes and what each format calls them, or the nearest it has."""

HEADS: dict[str, dict[str, str]] = {
    "triangle": {"dot": "normal", "cx2": "triangle", "yed": "standard", "mermaid": ">"},
    "tee": {"dot": "tee", "cx2": "tee", "yed": "t_shape", "mermaid": "x"},
    "circle": {"dot": "dot", "cx2": "circle", "yed": "circle", "mermaid": "o"},
}
"""The arrow heads by their names in Cytoscape.js, and in the other formats."""

FONT = "system-ui, Vazirmatn, Tahoma, Arial, sans-serif"
"""Fonts of pages and of Cytoscape, with Persian letters."""


def look(node: Node) -> Look:
    """Return fill, shape and text colour of a node."""
    return KINDS.get(node.kind, OTHER)


def shape(node: Node, form: str) -> str:
    """Return the shape of a node under its name in a format."""
    return SHAPES[look(node).shape][form]


def line(edge: Edge) -> Line:
    """Return colour and head of an edge."""
    return DIRECTIONS[edge.direction]


def dash(edge: Edge) -> str:
    """Return `dashed` for a contested edge, else `solid`: the same words in DOT, GEXF, CX2 and Cytoscape.js."""
    return "dashed" if edge.contested else "solid"


def width(edge: Edge) -> float:
    """Return the width of an edge in points: 1, plus log2 of its weight, plus 1 for each source after the first.

    At most 8; the weight is the number of claims, unless the network counts something else.
    """
    return round(min(8.0, 1 + math.log2(max(1.0, edge.weight)) + max(0, len(edge.sources) - 1)), 2)


def size(node: Node) -> float:
    """Return the diameter of a node in points, growing with the root of its degree: 20 to 80."""
    return round(min(80.0, 14 + 6 * math.sqrt(node.degree)), 1)


def rgb(color: str) -> tuple[int, int, int]:
    """Return red, green and blue of `#rrggbb`, each 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
