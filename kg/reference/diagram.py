"""Diagrams of the model as SVG, drawn from the Turtle, so that they cannot go stale."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from kg import names
from kg.channels import html
from kg.reference.layout import Box, place
from kg.reference.terms import Noun, Shape, Term

LINE, CHAR, BOLD, PAD = 16.0, 6.9, 7.8, 8.0
"""Height of a line, width of a letter, of a bold one, room inside a box: of a wide 12 px sans serif."""

MANY = 4
"""So many subclasses or subjects are told together."""

Link = Callable[[str], str]
"""The address of a term's place in the reference, or an empty string."""


def tree(noun: Noun, terms: Mapping[str, Term], link: Link) -> str:
    """Return the classes of a noun with what they are kinds of, wider ones on the left; empty when there are none."""
    edges = [
        (parent, term.iri)
        for term in noun.of("class")
        for parent in term.parents
        if parent in terms and (term.iri.startswith(names.AIR) or noun.name == "alignments")
    ]
    found = {node: [terms[node].label] for edge in edges for node in edge}
    return draw(found, dict.fromkeys(edges, ""), terms, link, f"Classes of {noun.header['dcterms:title']}")


def core(nouns: Sequence[Noun], terms: Mapping[str, Term], link: Link) -> str:
    """Return the model in one picture: classes with shapes of their own, what joins them, and what each carries.

    What shapes say of one of many subclasses is told of their common class (ten kinds of claims: air:Claim). In the
    box stand code lists, texts, and what many classes have (air:inSource), drawn once, from the class with most edges.
    """
    above = _above(terms)
    shapes = [shape for noun in nouns if noun.name != "airkg" for shape in noun.shapes]
    shaped = {cls for shape in shapes for cls in shape.about if cls in terms and terms[cls].kind == "class"}
    kinds = Counter(wide for cls in shaped for wide in above[cls])
    top = {cls: next((wide for wide in above[cls] if wide in shaped and kinds[wide] >= MANY), cls) for cls in terms}
    code, term = names.term("Code"), names.term("Term")
    inside: dict[str, set[str]] = defaultdict(set)
    joined: dict[tuple[str, str], set[str]] = defaultdict(set)
    for shape in shapes:
        for cls in (cls for cls in shape.about if shape.path and cls in shaped):
            if {term, code} & {cls, *above[cls]}:
                continue
            for filler in shape.fillers:
                if filler in terms and code not in (filler, *above[filler]):
                    joined[top[cls], term if term in (filler, *above[filler]) else top[filler]].add(shape.path)
                elif top[cls] == cls:
                    inside[cls].add(shape.path)
    starts = Counter(path for paths in joined.values() for path in paths)
    degree = Counter(start for start, _ in joined)
    centre = max(sorted(degree), key=lambda node: degree[node])
    for (start, end), paths in list(joined.items()):
        often = {path for path in paths if starts[path] >= MANY and start != centre}
        inside[start] |= often
        joined[start, end] = paths - often
    nodes = {node for edge, paths in joined.items() if paths for node in edge}
    words = {edge: _named(paths) for edge, paths in sorted(joined.items()) if paths}
    words |= {(node, wide): "is a" for node in sorted(nodes) for wide in above[node] if wide in nodes}
    boxes = {
        node: [terms[node].label, *sorted(names.compact(p).removeprefix("air:") for p in inside[node])]
        for node in sorted(nodes)
    }
    return draw(boxes, words, terms, link, "The core of the model")


def slots(noun: Noun, terms: Mapping[str, Term], link: Link) -> str:
    """Return the classes that a noun's shapes are about, and the classes that their values belong to."""
    joined: dict[tuple[str, str], set[str]] = defaultdict(set)
    for shape in noun.shapes:
        for cls, filler in _pairs(shape):
            if cls in terms and filler in terms:
                joined[cls, filler].add(shape.path)
    boxes = {node: [terms[node].label] for edge in sorted(joined) for node in edge}
    title = f"What values {noun.header['dcterms:title'].lower()} have, and of which classes"
    return draw(boxes, {e: _named(p) for e, p in sorted(joined.items())}, terms, link, title)


def _pairs(shape: Shape) -> Iterable[tuple[str, str]]:
    return ((cls, filler) for cls in shape.about for filler in shape.fillers) if shape.path else ()


def _named(paths: Collection[str]) -> str:
    # what a rule says again in the words of another vocabulary (cito:hasCitedEntity) is no further edge of the model
    own = [path for path in paths if path.startswith(names.AIR)] or paths
    found = sorted(names.compact(path).removeprefix("air:") for path in own)
    return ", ".join(found) if len(found) < 3 else f"{len(found)} slots"


def _above(terms: Mapping[str, Term]) -> dict[str, list[str]]:
    """Return the superclasses of each class, the nearest first."""
    found: dict[str, list[str]] = {}
    for iri in terms:
        todo, seen = list(terms[iri].parents), list[str]()
        while todo:
            node = todo.pop(0)
            if node in terms and node not in seen:
                seen.append(node)
                todo += terms[node].parents
        found[iri] = seen
    return found


def draw(
    boxes: Mapping[str, Sequence[str]],
    edges: Mapping[tuple[str, str], str],
    terms: Mapping[str, Term],
    link: Link,
    title: str,
) -> str:
    """Return boxes and edges as one SVG; empty when there is nothing to draw.

    Args:
        boxes: the lines of each box, its label first.
        edges: the words on each edge.
        terms: of which the definitions are told when a pointer rests on a box.
        link: the address of a box's term.
        title: what the picture shows, for those who do not see it.

    """
    if not edges:
        return ""
    sizes = {node: _size(lines) for node, lines in boxes.items()}
    laid = place(sizes, {edge: len(words) * CHAR * 0.86 for edge, words in edges.items()})
    loops = [edge for edge in edges if edge[0] == edge[1]]
    width, height = laid.width + 24 + (60 if loops else 0), laid.height + 24
    parts = [
        f'<svg class="diagram" role="group" aria-label="{html(title)}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="-12 -12 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z"/></marker></defs>',
    ]
    labels = []
    for edge, words in edges.items():
        points = laid.routes.get(edge) or _loop(laid.boxes[edge[0]])
        parts.append(f'<path class="edge" d="{_curve(points)}" marker-end="url(#tip)"/>')
        if words:
            labels.append(_label(points, words))
    for node, lines in boxes.items():
        parts.append(_box(laid.boxes[node], lines, terms[node], link(node)))
    return "".join([*parts, *labels, "</svg>"])


def _size(lines: Sequence[str]) -> tuple[float, float]:
    """Return the width and height of a box with these lines, the first of them bold."""
    width = max(len(lines[0]) * BOLD, *(len(line) * CHAR for line in lines)) + 2 * PAD
    return width, len(lines) * LINE + (16.0 if len(lines) > 1 else 10.0)


def _loop(box: Box) -> list[tuple[float, float]]:
    right, up, down = box.x + box.width, box.middle - 6, box.middle + 6
    return [(right, up), (right + 40, up), (right + 40, down), (right, down)]


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """Return a path that leaves and enters each point level."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x, y), (u, v) in pairwise(points):
        bend = (u - x) / 2 if abs(u - x) > 1 else 30.0
        path += f"C{x + bend:.1f} {y:.1f} {u - bend if abs(u - x) > 1 else u + bend:.1f} {v:.1f} {u:.1f} {v:.1f}"
    return path


def _label(points: Sequence[tuple[float, float]], words: str) -> str:
    """Return the words on an edge, where it leaves its first box."""
    (x, y), (u, _) = points[0], points[1]
    side, anchor = (6, "start") if u >= x else (-6, "end")
    return f'<text class="words {anchor}" x="{x + side:.1f}" y="{y - 2:.1f}">{html(words)}</text>'


def _box(box: Box, lines: Sequence[str], term: Term, address: str) -> str:
    """Return a box with its lines, as a link to its term."""
    own = "" if term.iri.startswith(names.BASE) else " foreign"
    shape = f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="5"/>'
    top = box.y + LINE + 1
    texts = [f'<text class="name" x="{box.x + PAD:.1f}" y="{top:.1f}">{html(lines[0])}</text>']
    if len(lines) > 1:
        rule = box.y + LINE + 8
        texts.append(f'<line x1="{box.x:.1f}" x2="{box.x + box.width:.1f}" y1="{rule:.1f}" y2="{rule:.1f}"/>')
    texts += (
        f'<text x="{box.x + PAD:.1f}" y="{top + 6 + LINE * number:.1f}">{html(line)}</text>'
        for number, line in enumerate(lines[1:], 1)
    )
    tip = f"<title>{html(term.name)}: {html(term.definition)}</title>"
    body = f'<g class="box{own}">{tip}{shape}{"".join(texts)}</g>'
    return f'<a href="{html(address)}">{body}</a>' if address else body
