"""Cytoscape: `cyjs` for Cytoscape.js and the desktop program, and CX2 for the desktop program and NDEx.

Formats: https://js.cytoscape.org/#notation/elements-json and https://cytoscape.org/cx/cx2/specification/.
Both carry their style: mappings from `kind`, `direction`, `contested` and the measures below, not a colour a node.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.export import about, layout, style

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Node

_CX2_TYPES = {"int": "integer", "strings": "list_of_string"}


def node_data(node: Node) -> dict[str, Any]:
    """Return the columns of a node as JSON values, with its width, height and size of label in points."""
    wide, high = layout.box(node)
    return {**_data(about.NODE, node), "width": wide, "height": high, "font": layout.font(node)}


def edge_data(edge: Edge) -> dict[str, Any]:
    """Return the columns of an edge as JSON values, with its width."""
    return {**_data(about.EDGE, edge), "width": style.width(edge)}


def _data(columns: tuple[about.Column, ...], thing: Node | Edge) -> dict[str, Any]:
    return {c.name: list(v) if c.type == "strings" else v for c in columns if (v := c.get(thing)) not in ("", ())}


# ── Cytoscape.js ──────────────────────────────────────────────────────────────────────────────────────


def write_cyjs(job: Job, path: Path) -> None:
    """Write the network as one JSON object that `cytoscape(object)` takes as it is."""
    network = about.network_of(job)
    _dump(
        path,
        {
            "format_version": "1.0",
            "generated_by": about.PROGRAM,
            "data": {**{k: v for k, v in about.about(job).items() if v}, "name": network.title},
            "elements": elements(job),
            "style": stylesheet(network.directed),
            "layout": {"name": "preset"},
        },
    )


def elements(job: Job) -> dict[str, list[dict[str, Any]]]:
    """Return nodes with their positions, and edges, as Cytoscape.js takes them."""
    network = about.network_of(job)
    spots = layout.positions(network)
    nodes = [
        {"data": {"id": n.id, **node_data(n)}, "position": {"x": spots[n.id][0], "y": spots[n.id][1]}}
        for n in network.nodes
    ]
    edges = [{"data": {"id": e.id, "source": e.source, "target": e.target, **edge_data(e)}} for e in network.edges]
    return {"nodes": nodes, "edges": edges}


def stylesheet(directed: bool) -> list[dict[str, Any]]:
    """Return the style sheet of Cytoscape.js (https://js.cytoscape.org/#style)."""
    sheet = [
        {
            "selector": "node",
            "style": {
                "label": "data(label)",
                "width": "data(width)",
                "height": "data(height)",
                "background-color": style.OTHER.fill,
                "shape": style.SHAPES[style.OTHER.shape]["cyjs"],
                "border-width": 1,
                "border-color": style.BORDER,
                "color": style.OTHER.text,
                "font-size": "data(font)",
                "font-family": style.FONT,
                "text-wrap": "wrap",
                "text-max-width": "150px",
                "text-valign": "center",
            },
        },
        {
            "selector": "edge",
            "style": {
                "width": "data(width)",
                "curve-style": "bezier",
                "arrow-scale": 1.1,
                "line-color": style.DIRECTIONS["other"].color,
                "target-arrow-shape": "none",
            },
        },
    ]
    for kind, (fill, shape, color) in style.KINDS.items():
        seen = {"background-color": fill, "color": color, "shape": style.SHAPES[shape]["cyjs"]}
        sheet.append({"selector": f'node[kind = "{kind}"]', "style": seen})
    for direction, (color, head) in style.DIRECTIONS.items():
        look: dict[str, Any] = {"line-color": color, "target-arrow-color": color}
        if directed:
            look["target-arrow-shape"] = head
        sheet.append({"selector": f'edge[direction = "{direction}"]', "style": look})
    sheet.append({"selector": "edge[?contested]", "style": {"line-style": "dashed"}})
    return sheet


# ── CX2 ───────────────────────────────────────────────────────────────────────────────────────────────


def write_cx2(job: Job, path: Path) -> None:
    """Write the network as CX2, a list of aspects; nodes are numbered, their ids stand in `represents`."""
    network = about.network_of(job)
    spots = layout.positions(network)
    number = {node.id: i for i, node in enumerate(network.nodes)}
    nodes = [
        {
            "id": number[n.id],
            "x": spots[n.id][0],
            "y": spots[n.id][1],
            "v": {**_renamed(node_data(n)), "represents": n.id},
        }
        for n in network.nodes
    ]
    edges = [
        {
            "id": i,
            "s": number[e.source],
            "t": number[e.target],
            "v": {"id": e.id, **_renamed(edge_data(e)), "interaction": e.relation or "associated with"},
        }
        for i, e in enumerate(network.edges)
    ]
    described = {name: value for name, value in about.about(job).items() if value}
    described["name"] = network.title
    declared = {
        "networkAttributes": {name: {"d": "string"} for name in described},
        "nodes": {
            "represents": {"d": "string"},
            "width": {"d": "double"},
            "height": {"d": "double"},
            "font": {"d": "integer"},
            **_declared(about.NODE),
        },
        "edges": {
            "id": {"d": "string"},
            "interaction": {"d": "string"},
            "width": {"d": "double"},
            **_declared(about.EDGE),
        },
    }
    aspects: list[tuple[str, list[Any]]] = [
        ("attributeDeclarations", [declared]),
        ("networkAttributes", [described]),
        ("nodes", nodes),
        ("edges", edges),
        ("visualProperties", [_visual(network.directed)]),
    ]
    counts = [{"name": name, "elementCount": len(items)} for name, items in aspects]
    _dump(
        path,
        [
            {"CXVersion": "2.0", "hasFragments": False},
            {"metaData": counts},
            *({name: items} for name, items in aspects),
            {"status": [{"success": True}]},
        ],
    )


def _renamed(data: dict[str, Any]) -> dict[str, Any]:
    """Call the label `name`, as Cytoscape does."""
    return {"name" if key == "label" else key: value for key, value in data.items()}


def _declared(columns: tuple[about.Column, ...]) -> dict[str, dict[str, str]]:
    return _renamed({c.name: {"d": _CX2_TYPES.get(c.type, c.type)} for c in columns})


def _visual(directed: bool) -> dict[str, Any]:
    """Return defaults and mappings of the visual properties (Cytoscape's names of them)."""
    kinds, lines = style.KINDS, style.DIRECTIONS
    shapes = {kind: style.SHAPES[look.shape]["cx2"] for kind, look in kinds.items()}
    heads = {name: style.HEADS[line.head]["cx2"] if directed else "none" for name, line in lines.items()}
    colors = {name: line.color for name, line in lines.items()}
    return {
        "default": {
            "network": {"NETWORK_BACKGROUND_COLOR": "#FFFFFF"},
            "node": {
                "NODE_BACKGROUND_COLOR": style.OTHER.fill,
                "NODE_SHAPE": style.SHAPES[style.OTHER.shape]["cx2"],
                "NODE_BORDER_COLOR": style.BORDER,
                "NODE_BORDER_WIDTH": 1.0,
                "NODE_BORDER_STYLE": "solid",
                "NODE_LABEL_COLOR": "#000000",
                "NODE_LABEL_FONT_SIZE": 12,
                "NODE_LABEL_MAX_WIDTH": 150,
            },
            "edge": {
                "EDGE_LINE_COLOR": lines["other"].color,
                "EDGE_WIDTH": 1.0,
                "EDGE_LINE_STYLE": "solid",
                "EDGE_TARGET_ARROW_SHAPE": "none",
            },
        },
        "nodeMapping": {
            "NODE_LABEL": _through("name", "string"),
            "NODE_WIDTH": _through("width", "double"),
            "NODE_HEIGHT": _through("height", "double"),
            "NODE_LABEL_FONT_SIZE": _through("font", "integer"),
            "NODE_LABEL_COLOR": _by("kind", {kind: look.text for kind, look in kinds.items()}),
            "NODE_BACKGROUND_COLOR": _by("kind", {kind: look.fill for kind, look in kinds.items()}),
            "NODE_SHAPE": _by("kind", shapes),
        },
        "edgeMapping": {
            "EDGE_WIDTH": _through("width", "double"),
            "EDGE_LINE_COLOR": _by("direction", colors),
            "EDGE_TARGET_ARROW_COLOR": _by("direction", colors),
            "EDGE_TARGET_ARROW_SHAPE": _by("direction", heads),
            "EDGE_LINE_STYLE": {
                "type": "DISCRETE",
                "definition": {
                    "attribute": "contested",
                    "type": "boolean",
                    "map": [{"v": True, "vp": "dashed"}, {"v": False, "vp": "solid"}],
                },
            },
        },
    }


def _through(attribute: str, type: str) -> dict[str, Any]:
    return {"type": "PASSTHROUGH", "definition": {"attribute": attribute, "type": type}}


def _by(attribute: str, looks: dict[str, str]) -> dict[str, Any]:
    pairs = [{"v": value, "vp": look} for value, look in looks.items()]
    return {"type": "DISCRETE", "definition": {"attribute": attribute, "type": "string", "map": pairs}}


def _dump(path: Path, data: Any) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.write("\n")
