"""GraphML for yEd, igraph, networkx and visone: typed keys, an id of its own for every edge, NMTOKENs as node ids.

Format: http://graphml.graphdrawing.org/primer/graphml-primer.html; the look stands beside the data in yEd's
extension (https://yed.yworks.com/support/manual/graphml.html), which other readers pass over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.channels import xml
from kg.export import about, layout, style

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Network, Node

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">
"""

POSITIONED = 3000
"""Up to how many nodes the look and positions are written; yEd opens no larger network with pleasure."""


def write(job: Job, path: Path) -> None:
    """Write the job's network."""
    with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
        file.writelines(_lines(job))


def _lines(job: Job) -> Iterator[str]:
    network = about.network_of(job)
    described = {name: value for name, value in about.about(job).items() if value}
    drawn = len(network.nodes) <= POSITIONED
    yield _HEAD
    for name in described:
        yield f'<key id="g_{name}" for="graph" attr.name="{name}" attr.type="string"/>\n'
    for prefix, target, columns in (("n", "node", about.NODE), ("e", "edge", about.EDGE)):
        for column in columns:
            kind = "string" if column.type == "strings" else column.type
            yield f'<key id="{prefix}_{column.name}" for="{target}" attr.name="{column.name}" attr.type="{kind}"/>\n'
    if drawn:
        yield '<key id="look" for="node" yfiles.type="nodegraphics"/>\n'
        yield '<key id="line" for="edge" yfiles.type="edgegraphics"/>\n'
    yield f'<graph id="{network.name}" edgedefault="{"directed" if network.directed else "undirected"}">\n'
    yield from (f'<data key="g_{name}">{xml(value)}</data>\n' for name, value in described.items())
    yield from _nodes(network, drawn)
    for edge in network.edges:
        yield _edge(edge, network.directed, drawn)
    yield "</graph>\n</graphml>\n"


def _nodes(network: Network, drawn: bool) -> Iterator[str]:
    spots = layout.positions(network) if drawn else {}
    for node in network.nodes:
        picture = _picture(node, spots[node.id]) if drawn else ""
        yield f'<node id="{about.token(node.id)}">{_data("n", about.NODE, node)}{picture}</node>\n'


def _data(prefix: str, columns: tuple[about.Column, ...], thing: Node | Edge) -> str:
    """Return the data elements of a node or edge; an empty text is left out."""
    parts = []
    for name, type, get in columns:
        value = get(thing)
        if type == "strings":
            value = about.JOINT.join(value)
        elif type == "boolean":
            value = "true" if value else "false"
        if value != "":
            parts.append(f'<data key="{prefix}_{name}">{xml(str(value))}</data>')
    return "".join(parts)


def _picture(node: Node, spot: tuple[float, float]) -> str:
    fill, _, color = style.look(node)
    wide, high = layout.box(node)
    return (
        f'<data key="look"><y:ShapeNode><y:Geometry x="{spot[0] - wide / 2:.1f}" y="{spot[1] - high / 2:.1f}"'
        f' width="{wide}" height="{high}"/><y:Fill color="{fill}" transparent="false"/>'
        f'<y:BorderStyle color="{style.BORDER}" type="line" width="1.0"/>'
        f'<y:NodeLabel fontSize="{layout.font(node)}" textColor="{color}" configuration="CroppingLabel"'
        f' autoSizePolicy="node_size">{xml(node.label)}</y:NodeLabel>'
        f'<y:Shape type="{style.shape(node, "yed")}"/></y:ShapeNode></data>'
    )


def _edge(edge: Edge, directed: bool, drawn: bool) -> str:
    color, head = style.line(edge)
    arrow = style.HEADS[head]["yed"] if directed else "none"
    picture = (
        (
            f'<data key="line"><y:PolyLineEdge><y:LineStyle color="{color}"'
            f' type="{"dashed" if edge.contested else "line"}" width="{style.width(edge)}"/>'
            f'<y:Arrows source="none" target="{arrow}"/></y:PolyLineEdge></data>'
        )
        if drawn
        else ""
    )
    return (
        f'<edge id="{edge.id}" source="{about.token(edge.source)}" target="{about.token(edge.target)}">'
        f"{_data('e', about.EDGE, edge)}{picture}</edge>\n"
    )
