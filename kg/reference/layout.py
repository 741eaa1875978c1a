"""Where the boxes of a diagram stand: layers from left to right, few crossings, always the same.

After Sugiyama, Tagawa and Toda 1981: rank the nodes, let long edges pass through every layer, order the layers
by the mean of their neighbours, then place. The diagrams are small, so the plain method is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

GAP = 18.0
"""Between two boxes of a layer."""
PORT = 13.0
"""Between two edges that meet a box on one side, where some have labels."""
SWEEPS = 24


class Box(NamedTuple):
    """A placed node: its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height at which edges meet it."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Layout:
    """Boxes by node, and for each edge the points that it passes, from its first node to its second."""

    boxes: dict[str, Box]
    routes: dict[tuple[str, str], list[tuple[float, float]]]
    width: float
    height: float


def place(sizes: Mapping[str, tuple[float, float]], edges: Mapping[tuple[str, str], float]) -> Layout:
    """Place nodes of given sizes; `edges` gives the room that the label of each edge needs between two layers.

    What is not joined stands one below the other. Each edge meets a box at a place of its own.
    """
    links = [edge for edge in edges if edge[0] != edge[1]]
    boxes: dict[str, Box] = {}
    routes: dict[tuple[str, str], list[tuple[float, float]]] = {}
    below = 0.0
    for group in _groups(list(sizes), links):
        part = _place({n: sizes[n] for n in group}, {e: edges[e] for e in links if e[0] in group})
        boxes |= {node: box._replace(y=box.y + below) for node, box in part.boxes.items()}
        routes |= {edge: [(x, y + below) for x, y in points] for edge, points in part.routes.items()}
        below += part.height + 2 * GAP
    return Layout(boxes, routes, max((box.x + box.width for box in boxes.values()), default=0.0), below - 2 * GAP)


def _groups(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the nodes that are joined, at any distance, together; the largest groups first."""
    of = {node: {node} for node in nodes}
    for one, other in edges:
        if of[one] is not of[other]:
            of[one] |= of[other]
            for node in of[other]:
                of[node] = of[one]
    distinct = {id(group): [node for node in nodes if node in group] for group in of.values()}
    return sorted(distinct.values(), key=lambda group: (-len(group), group))


def _place(sizes: Mapping[str, tuple[float, float]], edges: Mapping[tuple[str, str], float]) -> Layout:
    port = PORT if any(edges.values()) else PORT / 4
    ranks = _ranks(list(sizes), list(edges))
    chains, layers = _layers(ranks, list(edges))
    sides: dict[tuple[str, bool], list[tuple[str, str]]] = defaultdict(list)
    for edge in edges:
        forward = ranks[edge[0]] <= ranks[edge[1]]
        sides[edge[0], forward].append(edge)
        sides[edge[1], not forward if ranks[edge[0]] != ranks[edge[1]] else True].append(edge)
    heights = {node: 4.0 for layer in layers for node in layer}
    for node, (_, height) in sizes.items():
        heights[node] = max(height, 6.0 + port * max(len(sides.get((node, side), ())) for side in (True, False)))
    pairs = [pair for chain in chains.values() for pair in pairwise(chain)]
    _order(layers, pairs)
    tops = _heights(layers, heights, pairs)
    lefts, widths, at = [], [], 0.0
    for number, layer in enumerate(layers):
        widths.append(max((sizes[node][0] for node in layer if node in sizes), default=0.0))
        room = max((room for e, room in edges.items() if ranks[e[0]] == number), default=0.0)
        back = max((room for e, room in edges.items() if ranks[e[0]] == number + 1 > ranks[e[1]]), default=0.0)
        lefts.append(at)
        at += widths[-1] + max(56.0, max(room, back) + 36.0)
    boxes = {node: Box(lefts[rank], tops[node], widths[rank], heights[node]) for node, rank in ranks.items()}
    ports: dict[tuple[tuple[str, str], str], float] = {}
    for (node, _), meeting in sides.items():
        meeting.sort(key=lambda edge: _next(edge, node, chains, tops, heights))
        for number, edge in enumerate(meeting):
            ports[edge, node] = tops[node] + heights[node] * (number + 0.5) / len(meeting)
    routes = {edge: _route(edge, chain, boxes, tops, ports, (lefts, widths, ranks)) for edge, chain in chains.items()}
    return Layout(boxes, routes, at, max((tops[node] + heights[node] for node in tops), default=0.0))


def _next(
    edge: tuple[str, str],
    node: str,
    chains: Mapping[tuple[str, str], Sequence[str]],
    tops: Mapping[str, float],
    heights: Mapping[str, float],
) -> float:
    """Return the height at which an edge of a node goes on."""
    chain = chains[edge]
    other = chain[1] if chain[0] == node else chain[-2]
    return tops[other] + heights[other] / 2


def _ranks(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the layer of each node: the longest path to it, edges that would close a circle left out."""
    after = defaultdict(list)
    for start, end in edges:
        after[start].append(end)
    state: dict[str, int] = {}
    forward: list[tuple[str, str]] = []

    def visit(node: str) -> None:
        state[node] = 1
        for other in after[node]:
            if state.get(other) != 1:
                forward.append((node, other))
            if other not in state:
                visit(other)
        state[node] = 2

    incoming = {end for _, end in edges}
    for node in sorted(nodes, key=lambda n: n in incoming):
        if node not in state:
            visit(node)
    ranks = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for start, end in forward:
            ranks[end] = max(ranks[end], ranks[start] + 1)
    for node in nodes:
        ends = [ranks[end] for start, end in forward if start == node]
        if ends and node not in {end for _, end in forward}:
            ranks[node] = min(ends) - 1
    return ranks


def _layers(
    ranks: Mapping[str, int], edges: Sequence[tuple[str, str]]
) -> tuple[dict[tuple[str, str], list[str]], list[list[str]]]:
    """Return the chain of nodes that each edge passes, with a point in each layer between, and the layers."""
    layers: list[list[str]] = [[] for _ in range(max(ranks.values(), default=0) + 1)]
    for node, rank in ranks.items():
        layers[rank].append(node)
    chains = {}
    for start, end in edges:
        low, high = sorted((start, end), key=lambda n: ranks[n])
        points = [f"{start}→{end}@{rank}" for rank in range(ranks[low] + 1, ranks[high])]
        for point, rank in zip(points, range(ranks[low] + 1, ranks[high]), strict=True):
            layers[rank].append(point)
        chains[start, end] = [low, *points, high] if low == start else [low, *points, high][::-1]
    return chains, layers


def _order(layers: list[list[str]], pairs: Sequence[tuple[str, str]]) -> None:
    """Order each layer by the mean place of what its nodes are joined to, in the layers beside it."""
    beside = defaultdict(list)
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)
    rank = {node: number for number, layer in enumerate(layers) for node in layer}
    for sweep in range(SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        for number in range(len(layers))[::step]:
            at = {node: place for layer in layers for place, node in enumerate(layer)}

            def mean(node: str, at: dict[str, int] = at, side: int = number - step) -> float:
                found = [at[other] for other in beside[node] if rank[other] == side]
                return sum(found) / len(found) if found else at[node]

            layers[number].sort(key=mean)


def _heights(
    layers: Sequence[Sequence[str]], heights: Mapping[str, float], pairs: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """Return the top of each node: as near to the middle of its neighbours as its layer leaves room."""
    beside = defaultdict(list)
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)
    tops: dict[str, float] = {}
    for layer in layers:
        at = 0.0
        for node in layer:
            tops[node] = at
            at += heights[node] + GAP
    for sweep in range(SWEEPS):
        for layer in layers[:: 1 if sweep % 2 == 0 else -1]:
            wanted = {}
            for node in layer:
                middles = [tops[other] + heights[other] / 2 for other in beside[node]]
                wanted[node] = (sum(middles) / len(middles) if middles else tops[node]) - heights[node] / 2
            tops |= _apart(layer, wanted, heights)
    least = min(tops.values(), default=0.0)
    return {node: top - least for node, top in tops.items()}


def _apart(layer: Sequence[str], wanted: Mapping[str, float], heights: Mapping[str, float]) -> dict[str, float]:
    """Return tops near the wanted ones that keep the order and the gaps: the mean of a push down and a push up."""
    down, floor = {}, float("-inf")
    for node in layer:
        down[node] = max(wanted[node], floor)
        floor = down[node] + heights[node] + GAP
    up, roof = {}, float("inf")
    for node in reversed(layer):
        up[node] = min(wanted[node], roof - heights[node] - GAP)
        roof = up[node]
    return {node: (down[node] + up[node]) / 2 for node in layer}


def _route(
    edge: tuple[str, str],
    chain: Sequence[str],
    boxes: Mapping[str, Box],
    tops: Mapping[str, float],
    ports: Mapping[tuple[tuple[str, str], str], float],
    columns: tuple[Sequence[float], Sequence[float], Mapping[str, int]],
) -> list[tuple[float, float]]:
    """Return the points of an edge: out of one box, straight through each layer between, into the other."""
    lefts, widths, ranks = columns
    start, end = boxes[edge[0]], boxes[edge[1]]
    leaving, entering = ports[edge, edge[0]], ports[edge, edge[1]]
    if ranks[edge[0]] == ranks[edge[1]]:
        return [(start.x + start.width, leaving), (end.x + end.width, entering)]
    forward = ranks[edge[0]] < ranks[edge[1]]
    points = [(start.x + start.width if forward else start.x, leaving)]
    for point in chain[1:-1]:
        rank = int(point.rpartition("@")[2])
        across = (lefts[rank], lefts[rank] + widths[rank])
        points += [(x, tops[point] + 2.0) for x in (across if forward else across[::-1])]
    return [*points, (end.x if forward else end.x + end.width, entering)]
