"""Where the nodes of a picture stand: worked out once, so that every reader and every export sees the same map.

Stress is minimised by stochastic gradient descent (Zheng, Pawar and Goodman 2018, https://arxiv.org/abs/1710.04626):
nodes that are few steps apart come to stand near each other. Each connected part is laid out by itself, the
parts are packed side by side, and last the labels are pushed off each other. The random numbers are seeded.
"""

from __future__ import annotations

import math
import random
from collections import deque
from typing import TYPE_CHECKING

from kg.export import style
from kg.export.lettering import ems

if TYPE_CHECKING:
    from kg.measure.networks import Network, Node

Positions = dict[str, tuple[float, float]]
Spots = dict[str, list[float]]
Boxes = dict[str, tuple[float, float]]

_STEP = 130.0
_PIVOTS = 60
_ROUNDS = 30
_LINE = 18
_WORD = 40
_GAP = 10.0
_FILLED = 0.13


def positions(network: Network, seed: int = 1) -> Positions:
    """Return x and y (growing to the right and downwards) of every node, in points, each rounded to a tenth.

    The time grows with nodes times pivots: about a second for 500 nodes.
    """
    neighbours: dict[str, list[str]] = {node.id: [] for node in network.nodes}
    for edge in network.edges:
        if edge.source != edge.target:
            neighbours[edge.source].append(edge.target)
            neighbours[edge.target].append(edge.source)
    boxes = {node.id: box(node) for node in network.nodes}
    parts = []
    for part in _parts(neighbours):
        spots = _spread(part, neighbours, random.Random(seed))
        parts.append(_separate(spots, boxes))
    packed = _pack(parts, boxes)
    return {id: (round(x, 1), round(y, 1)) for id, (x, y) in packed.items()}


def wrap(label: str, width: int = _LINE) -> list[str]:
    """Break a label into lines of about `width` characters, between words; the first five lines of a long one."""
    import textwrap

    # one endless word would make a node wider than the picture, and draw it over its neighbours
    words = (word if len(word) <= _WORD else word[: _WORD - 1] + "…" for word in label.split())
    return textwrap.wrap(" ".join(words), width, break_long_words=False, max_lines=5, placeholder=" …") or [""]


def font(node: Node) -> int:
    """Return the size of a label, 10 to 20 points: a node with many edges is written larger."""
    return round(min(20.0, 9.5 + math.sqrt(node.degree)))


_ROOM = {"ellipse": (1.35, 1.3), "hexagon": (1.3, 1.15), "octagon": (1.2, 1.25), "parallelogram": (1.35, 1.1)}


def box(node: Node) -> tuple[float, float]:
    """Return how wide and high a node is with its wrapped label inside its shape, in points."""
    lines = wrap(node.label)
    wide, high = _ROOM.get(style.look(node).shape, (1.0, 1.0))
    return round((12 + font(node) * max(map(ems, lines))) * wide, 1), round(
        (8 + 1.2 * font(node) * len(lines)) * high, 1
    )


def _parts(neighbours: dict[str, list[str]]) -> list[list[str]]:
    """Return the connected parts, the largest first."""
    seen: set[str] = set()
    parts = []
    for root in sorted(neighbours):
        if root not in seen:
            part = list(_distances(root, neighbours))
            seen.update(part)
            parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _distances(root: str, neighbours: dict[str, list[str]]) -> dict[str, int]:
    """Return the number of steps from a node to each that can be reached."""
    steps = {root: 0}
    queue = deque([root])
    while queue:
        here = queue.popleft()
        for there in neighbours[here]:
            if there not in steps:
                steps[there] = steps[here] + 1
                queue.append(there)
    return steps


def _spread(part: list[str], neighbours: dict[str, list[str]], chance: random.Random) -> Spots:
    """Minimise the stress of one connected part: between neighbours, and between every node and some pivots."""
    size = _STEP * math.sqrt(len(part))
    spots = {id: [chance.uniform(-size, size), chance.uniform(-size, size)] for id in part}
    pivots = part if len(part) <= 2 * _PIVOTS else _far_apart(part, neighbours)
    terms: dict[tuple[str, str], float] = {}
    for pivot in pivots:
        for id, steps in _distances(pivot, neighbours).items():
            if steps:
                terms[min(pivot, id), max(pivot, id)] = float(steps)
    for id in part:
        for other in neighbours[id]:
            terms[min(id, other), max(id, other)] = 1.0
    crowd = {id: math.sqrt(len(set(neighbours[id]))) for id in part}
    pairs = [(a, b, _length(d, crowd[a], crowd[b]), d) for (a, b), d in sorted(terms.items())]
    longest = max((d for *_, d in pairs), default=1.0)
    fade = math.log(longest**2 / 0.1) / max(1, _ROUNDS - 1)
    for turn in range(_ROUNDS):
        eta = longest**2 * math.exp(-fade * turn)
        chance.shuffle(pairs)
        for a, b, wanted, d in pairs:
            one, two = spots[a], spots[b]
            dx, dy = one[0] - two[0], one[1] - two[1]
            found = math.hypot(dx, dy) or 0.01
            share = min(1.0, eta / d**2) * (found - wanted) / (2 * found)
            one[0] -= share * dx
            one[1] -= share * dy
            two[0] += share * dx
            two[1] += share * dy
    return spots


def _length(steps: float, one: float, other: float) -> float:
    """Return how far two nodes should be apart; around a node with many neighbours there must be room for them."""
    return _STEP * (steps + 0.05 * max(one, other) if steps == 1 else steps)


def _far_apart(part: list[str], neighbours: dict[str, list[str]]) -> list[str]:
    """Choose pivots one after the other, each as far as can be from those before it."""
    nearest = dict.fromkeys(part, math.inf)
    pivots = [max(part, key=lambda id: (len(neighbours[id]), id))]
    while len(pivots) < _PIVOTS:
        for id, steps in _distances(pivots[-1], neighbours).items():
            nearest[id] = min(nearest[id], steps)
        pivots.append(max(part, key=lambda id: (nearest[id], id)))
    return pivots


def _separate(spots: Spots, boxes: Boxes) -> Spots:
    """Stretch the map until the labels take an eighth of it at most, then push overlapping labels apart."""
    if len(spots) == 1:
        return spots
    _open(spots)
    taken = sum((boxes[id][0] + _GAP) * (boxes[id][1] + _GAP) for id in spots)
    xs, ys = [x for x, _ in spots.values()], [y for _, y in spots.values()]
    wide, high = (max(boxes[id][side] for id in spots) + _GAP for side in (0, 1))
    stretch = max(1.0, math.sqrt(taken / _FILLED / ((max(xs) - min(xs) + wide) * (max(ys) - min(ys) + high))))
    for spot in spots.values():
        spot[0] *= stretch
        spot[1] *= stretch
    for _ in range(200):
        cells: dict[tuple[int, int], list[str]] = {}
        for id in sorted(spots):
            x, y = spots[id]
            cells.setdefault((math.floor(x / wide), math.floor(y / high)), []).append(id)
        moved = False
        for (column, row), here in sorted(cells.items()):
            near = [i for c in (column, column + 1) for r in (row - 1, row, row + 1) for i in cells.get((c, r), ())]
            for a in here:
                for b in near:
                    if a != b and _push(spots[a], spots[b], boxes[a], boxes[b]):
                        moved = True
        if not moved:
            break
    return spots


def _open(spots: Spots) -> None:
    """Give the crowded middle more room and the long arms less: r becomes r to the power of 0.65, about the middle."""
    cx, cy = (sum(spot[side] for spot in spots.values()) / len(spots) for side in (0, 1))
    reach = max(math.hypot(x - cx, y - cy) for x, y in spots.values()) or 1.0
    for spot in spots.values():
        r = math.hypot(spot[0] - cx, spot[1] - cy) or 1.0
        for side, middle in ((0, cx), (1, cy)):
            spot[side] = middle + (spot[side] - middle) * (r / reach) ** -0.35


def _push(one: list[float], other: list[float], mine: tuple[float, float], its: tuple[float, float]) -> bool:
    """Move two boxes apart along the axis on which they overlap less, for their size; tell whether they did."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    wide, high = (mine[0] + its[0]) / 2 + _GAP, (mine[1] + its[1]) / 2 + _GAP
    over_x, over_y = wide - abs(dx), high - abs(dy)
    if over_x <= 0.5 or over_y <= 0.5:
        return False
    axis, over, delta = (0, over_x, dx) if over_x / wide < over_y / high else (1, over_y, dy)
    shift = math.copysign(over / 2 + 0.3, delta)
    one[axis] -= shift
    other[axis] += shift
    return True


def _pack(parts: list[Spots], boxes: Boxes) -> Positions:
    """Set the parts side by side in rows; a part that is most of the picture has a row of its own."""
    frames = []
    for spots in parts:
        left = min(x - boxes[id][0] / 2 for id, (x, _) in spots.items())
        right = max(x + boxes[id][0] / 2 for id, (x, _) in spots.items())
        top = min(y - boxes[id][1] / 2 for id, (_, y) in spots.items())
        bottom = max(y + boxes[id][1] / 2 for id, (_, y) in spots.items())
        frames.append((left, top, right - left + 40, bottom - top + 40))
    room = max([1.3 * math.sqrt(sum(w * h for *_, w, h in frames)), *(w for _, _, w, _ in frames)], default=0)
    packed: dict[str, tuple[float, float]] = {}
    x = y = row = 0.0
    for spots, (left, top, width, height) in zip(parts, frames, strict=True):
        if x and (x + width > room or row > 0.5 * room):
            x, y, row = 0.0, y + row, 0.0
        for id, (px, py) in spots.items():
            packed[id] = (px - left + x, py - top + y)
        x, row = x + width, max(row, height)
    return packed
