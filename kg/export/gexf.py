"""GEXF 1.3 for Gephi and Gephi Lite: colours, sizes and shapes as `viz`, kinds on parallel edges, dates as dynamics.

Format: https://gexf.net/primer.html. The file is written line by line, so that it costs no memory of its own.
An edge starts to stand on the day its first source was issued, and a node with its first edge; what rests on
a source without a date has no start, and Gephi shows it at all times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.channels import attribute, xml
from kg.export import about, layout, style

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Network

_TYPES = {"int": "integer", "strings": "string"}

_NODE = tuple(column for column in about.NODE if column.name != "label")
_OWN = tuple(c for c in about.EDGE if c.name in ("claims", "statements", "places", "assertions"))
_COMMON = tuple(c for c in about.EDGE if c.name != "weight" and c not in _OWN)
"""Columns of an edge that many edges share word for word: written once and remembered."""

POSITIONED = 3000
"""Up to how many nodes positions are worked out; Gephi lays out larger networks itself."""


def write(job: Job, path: Path) -> None:
    """Write the job's network."""
    with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
        file.writelines(_lines(job))


def _lines(job: Job) -> Iterator[str]:
    network, described = about.network_of(job), about.about(job)
    dynamic = any(edge.dates[0] for edge in network.edges)
    mode = ' mode="dynamic" timeformat="date" timerepresentation="interval"' if dynamic else ' mode="static"'
    kind = "directed" if network.directed else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield f"<meta><creator>{xml(described['creator'])}</creator>"
    yield f"<keywords>{xml(network.name)}</keywords>"
    yield f"<description>{xml(chr(10).join(about.lines(job)))}</description></meta>\n"
    yield f'<graph defaultedgetype="{kind}" idtype="string"{mode}>\n'
    yield from _declared("node", _NODE)
    yield from _declared("edge", _COMMON + _OWN)
    yield f'<nodes count="{len(network.nodes)}">\n'
    yield from _nodes(network)
    yield f'</nodes>\n<edges count="{len(network.edges)}">\n'
    yield from map(_edge, network.edges)
    yield "</edges>\n</graph>\n</gexf>\n"


@lru_cache(maxsize=1000)
def day(issued: str) -> str:
    """Return the first day of a date of issue (`2025` is 2025-01-01); empty when there is none."""
    return f"{issued}-01-01"[:10] if issued else ""


def _declared(cls: str, columns: tuple[about.Column, ...]) -> Iterator[str]:
    yield f'<attributes class="{cls}">\n'
    for column in columns:
        yield f'<attribute id="{column.name}" title="{column.name}" type="{_TYPES.get(column.type, column.type)}"/>\n'
    yield "</attributes>\n"


def _cells(columns: tuple[about.Column, ...], values: Iterable[Any]) -> str:
    """Return values as attvalues; an empty one is left out."""
    parts = []
    for (name, type, _), value in zip(columns, values, strict=True):
        if type == "strings":
            words = value[0] if len(value) == 1 else about.JOINT.join(value)
        elif type == "boolean":
            words = "true" if value else "false"
        else:
            words = str(value)
        if words:
            parts.append(f'<attvalue for="{name}" value="{attribute(words)}"/>')
    return "".join(parts)


@lru_cache(maxsize=10_000)
def _common(values: tuple[Any, ...]) -> str:
    return _cells(_COMMON, values)


def _nodes(network: Network) -> Iterator[str]:
    first: dict[str, str] = {}
    for edge in network.edges:
        began = day(edge.dates[0])
        for end in (edge.source, edge.target):
            if began < first.get(end, "9999"):
                first[end] = began
    spots = layout.positions(network) if len(network.nodes) <= POSITIONED else {}
    looks = {kind: _look(kind) for kind in {node.kind for node in network.nodes}}
    for node in network.nodes:
        begins = f' start="{attribute(first[node.id])}"' if first.get(node.id) else ""
        at = spots.get(node.id)
        position = f'<viz:position x="{at[0]}" y="{-at[1]}" z="0"/>' if at else ""
        yield (
            f'<node id="{attribute(node.id)}" label="{attribute(node.label)}"{begins}>'
            f"<attvalues>{_cells(_NODE, [column.get(node) for column in _NODE])}</attvalues>"
            f'{looks[node.kind]}<viz:size value="{style.size(node)}"/>{position}</node>\n'
        )


def _look(kind: str) -> str:
    fill, shape, _ = style.KINDS.get(kind, style.OTHER)
    return f'{_color(fill)}<viz:shape value="{style.SHAPES[shape]["gexf"]}"/>'


def _color(color: str) -> str:
    red, green, blue = style.rgb(color)
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


_COLORS = {direction: _color(line.color) for direction, line in style.DIRECTIONS.items()}


def _edge(edge: Edge) -> str:
    relation = attribute(edge.relation)
    kind = attribute(edge.relation_id) or relation
    named = f' label="{relation}" kind="{kind}"' if relation else ""
    began = f' start="{attribute(day(edge.dates[0]))}"' if edge.dates[0] else ""
    own = _cells(_OWN, [column.get(edge) for column in _OWN])
    return (
        f'<edge id="{edge.id}" source="{attribute(edge.source)}" target="{attribute(edge.target)}"'
        f' weight="{edge.weight}"{named}{began}>'
        f"<attvalues>{_common(tuple([column.get(edge) for column in _COMMON]))}{own}</attvalues>"
        f'{_COLORS[edge.direction]}<viz:thickness value="{style.width(edge)}"/>'
        f'<viz:shape value="{style.dash(edge)}"/></edge>\n'
    )
