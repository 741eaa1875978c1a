"""DOT, and pictures made from it by Graphviz (https://graphviz.org/doc/info/lang.html), which must be installed.

Positions are ours (`layout`), so that every format shows the same map; Graphviz draws the shapes and routes
the edges (`neato -n2`).
"""

from __future__ import annotations

import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.channels import dot as quote
from kg.channels import line, xml
from kg.errors import KgError
from kg.export import about, layout, style
from kg.export.lettering import ems

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Network, Node

PICTURED = 5000
"""How many nodes a picture may have; more is a grey cloud, and minutes of drawing."""

ROUTED = 150
"""Up to how many edges are led around the nodes; more take Graphviz minutes and are straight lines behind them."""

_SIZE = {"png": ["-Gsize=60,60"]}
"""A PNG is at most 60 inches wide and high, 5,760 pixels; a larger picture is made smaller."""


def write(job: Job, path: Path) -> None:
    """Write the job's network as DOT."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_lines(job))


def write_svg(job: Job, path: Path) -> None:
    """Draw the job's network as SVG; what it says of itself stands in `<desc>`, statements in tooltips."""
    picture = _draw(job, "svg").decode("utf-8")
    head, tag, rest = picture.partition("<g id=")
    described = f"<desc>{xml(chr(10).join(about.lines(job)))}</desc>\n"
    path.write_text(f"{_without_comments(head)}{described}{tag}{rest}", encoding="utf-8", newline="\n")


def write_png(job: Job, path: Path) -> None:
    """Draw the job's network as PNG; what it says of itself stands in an iTXt chunk named Description."""
    picture = _draw(job, "png")
    body = b"Description\0\0\0\0\0" + "\n".join(about.lines(job)).encode()
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    end_of_header = 8 + 25
    path.write_bytes(picture[:end_of_header] + chunk + picture[end_of_header:])


def _without_comments(head: str) -> str:
    """Drop Graphviz's own comments, which name its version."""
    import re

    return re.sub(r"<!--(?!\s*-->).*?-->\n?", "", head, flags=re.DOTALL)


def _draw(job: Job, form: str) -> bytes:
    network = about.network_of(job)
    if len(network.nodes) > PICTURED:
        raise KgError(
            f"error: {len(network.nodes):,} nodes found, a picture of at most {PICTURED:,} expected\n"
            "  hint: --network neighbourhood -p thing=… shows a part"
        )
    source = "".join(_lines(job, legend=True)).encode()
    try:
        done = subprocess.run(
            ["neato", "-n2", f"-T{form}", *_SIZE.get(form, ())], input=source, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise KgError(
            f"error: a picture as {form} needs Graphviz, and its `neato` is not found\n"
            "  hint: install it (Debian: apt-get install graphviz), or export dot"
        ) from None
    if done.returncode:
        raise KgError(f"error: Graphviz failed: {done.stderr.decode(errors='replace').strip()[:300]}")
    return done.stdout


def _lines(job: Job, legend: bool = False) -> Iterator[str]:
    network = about.network_of(job)
    yield from (f"// {line(words)}\n" for words in about.lines(job))
    yield f"{'digraph' if network.directed else 'graph'} {quote(network.name)} {{\n"
    splines = "true" if len(network.edges) <= ROUTED else "line"
    yield (
        f'  layout="neato"; inputscale=72; overlap=true; splines={splines};\n'
        '  outputorder="edgesfirst"; bgcolor="white"; pad=0.3;\n'
        '  node [style=filled, fontname="Helvetica,Arial,sans-serif", fixedsize=true,'
        f' color="{style.BORDER}", penwidth=0.7];\n'
        '  edge [fontname="Helvetica,Arial,sans-serif", arrowsize=0.8];\n'
    )
    spots = layout.positions(network)
    for node in network.nodes:
        yield _node(node, spots[node.id])
    joint = "->" if network.directed else "--"
    for edge in network.edges:
        yield _edge(edge, joint, network.directed)
    if legend:
        yield from _legend(network, max((-y for _, y in spots.values()), default=0.0), joint)
    yield "}\n"


def _legend(network: Network, top: float, joint: str) -> Iterator[str]:
    """Draw, above the picture, a node of each kind and an edge of each direction that it holds."""
    from kg.measure.networks import Node

    y, x = top + 90.0, 60.0
    for kind in style.KINDS:
        if any(node.kind == kind for node in network.nodes):
            sample = Node(f"legend:{kind}", style.NAMES[kind], kind)
            wide = layout.box(sample)[0]
            yield _node(sample, (x + wide / 2, -y))
            x += wide + 14
    x, y = 60.0, y - 38
    lines = [(d, False) for d in style.DIRECTIONS if any(e.direction == d for e in network.edges)]
    lines += [("contested", True)] * any(e.contested for e in network.edges)
    for name, contested in lines:
        color, head = style.DIRECTIONS.get(name, style.DIRECTIONS["other"])
        arrow = style.HEADS[head]["dot"] if network.directed and not contested else "none"
        for end, at in (("a", x), ("b", x + 40)):
            yield f'  "legend:{name}:{end}" [shape=point, style=invis, width=0.01, height=0.01, pos="{at},{y}"];\n'
        yield (
            f'  "legend:{name}:a" {joint} "legend:{name}:b" [color="{color}", arrowhead={arrow}, penwidth=1.5,'
            f" style={'dashed' if contested else 'solid'}];\n"
        )
        called = style.CALLED.get(name, name)
        words = 11 * ems(called) + 10
        yield f'  "legend:{name}" [shape=plaintext, fillcolor="transparent", label={quote(called)}, fontsize=11,'
        yield f' width={words / 72:.2f}, height=0.2, pos="{x + 46 + words / 2},{y}"];\n'
        x += 46 + words + 14


def _node(node: Node, spot: tuple[float, float]) -> str:
    fill, shape, color = style.look(node)
    rounded = ', style="filled,rounded"' if shape == "round-rectangle" else ""
    label = "\n".join(layout.wrap(node.label))
    wide, high = layout.box(node)
    tip = node.definition or node.label
    return (
        f"  {quote(node.id)} [label={quote(label)}, tooltip={quote(tip)}, kind={quote(node.kind)},"
        f' shape={style.shape(node, "dot")}{rounded}, fillcolor="{fill}", fontcolor="{color}",'
        f' fontsize={layout.font(node)}, width={wide / 72:.2f}, height={high / 72:.2f}, pos="{spot[0]},{-spot[1]}"];\n'
    )


def _edge(edge: Edge, joint: str, directed: bool) -> str:
    color, head = style.line(edge)
    tip = "\n".join([edge.relation, *edge.statements])
    arrow = f", arrowhead={style.HEADS[head]['dot']}" if directed else ""
    return (
        f"  {quote(edge.source)} {joint} {quote(edge.target)} [id={quote(edge.id)}, class={quote(edge.direction)},"
        f' tooltip={quote(tip)}, weight={max(1, round(edge.weight))}, color="{color}",'
        f" style={style.dash(edge)}, penwidth={style.width(edge)}{arrow}];\n"
    )
