"""One HTML file to read a network in: pan, zoom, search, filter, and open the claims and passages of any part.

Everything is inside, Cytoscape.js too; the page's own policy forbids every connection. `page.html`, `page.css`
and `page.js` beside this module are its parts. The edges stand as a table as well, for those who cannot see a
canvas, and for printing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import channels, names
from kg.channels import html
from kg.errors import UsageError
from kg.export import about, cytoscape, layout, style
from kg.grounds import grounds_of
from kg.queries import bind, nodes
from kg.resources import web_asset

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Network

SHOWN = 3000
"""How many nodes a page may show."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_PARTS = Path(__file__).parent


def write(job: Job, path: Path) -> None:
    """Write the page.

    Raises:
        UsageError: more nodes than a reader's browser draws, or Cytoscape.js is not installed.

    """
    network = about.network_of(job)
    if len(network.nodes) > SHOWN:
        raise UsageError(
            f"error: {len(network.nodes):,} nodes found, a page of at most {SHOWN:,} expected\n"
            "  hint: --network neighbourhood -p thing=… shows a part; gexf opens in Gephi"
        )
    library = web_asset("cytoscape.min.js").replace("</script", "<\\/script")
    viewer = (_PARTS / "page.js").read_text(encoding="utf-8")
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in (library, viewer))
    described = about.about(job)
    parts = {
        "POLICY": f"{_POLICY}; script-src {hashes}",
        "TITLE": html(network.title),
        "COUNTS": f"{len(network.nodes):,} nodes, {len(network.edges):,} edges",
        "VERSION": html(f"{described['version']}, {described['sha256'][:12]}"),
        "STYLE": (_PARTS / "page.css").read_text(encoding="utf-8"),
        "LEGEND": "".join(_legend(network)),
        "SOURCES": "".join(_sources(network)),
        "ROWS": "".join(_rows(network)),
        "ABOUT": "".join(f"<dt>{html(k)}</dt><dd dir=auto>{html(v)}</dd>" for k, v in described.items() if v),
        "LICENCE": _licence(described),
        "DATA": channels.script(json.dumps(_data(job), ensure_ascii=False, separators=(",", ":"))),
        "LIBRARY": library,
        "VIEWER": viewer,
    }
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_filled((_PARTS / "page.html").read_text(encoding="utf-8"), parts))


def _licence(described: Mapping[str, str]) -> str:
    """Return the licence as a link, where there is one of everything; else what is said of each part."""
    url, words = described["licence_url"], html(described["licence"])
    return f'<a rel=license href="{html(url)}">{words}</a>' if url else words


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _filled(template: str, parts: dict[str, str]) -> Iterator[str]:
    """Yield the template with each `{{NAME}}` replaced, once: what a part holds is never looked at again."""
    import re

    for i, piece in enumerate(re.split(r"\{\{([A-Z]+)\}\}", template)):
        yield parts[piece] if i % 2 else piece


def _legend(network: Network) -> Iterator[str]:
    """Yield a box to tick for each kind and direction; the box shows the colour and line that mean it."""
    yield "<fieldset><legend>Kinds</legend>"
    present = {node.kind for node in network.nodes}
    for kind in [k for k in style.KINDS if k in present] + sorted(present - set(style.KINDS)):
        fill, _, color = style.KINDS.get(kind, style.OTHER)
        yield (
            f'<label><input type=checkbox name=kind value="{html(kind)}" checked>'
            f'<span class=kind style="background:{fill};color:{color}">'
            f"{html(style.NAMES.get(kind, kind))}</span></label>"
        )
    yield "</fieldset><fieldset><legend>Edges</legend>"
    marks = {"weakening": "⊣", "strengthening": "→", "other": "⊸"}
    for direction, (color, _) in style.DIRECTIONS.items():
        if any(edge.direction == direction for edge in network.edges):
            yield (
                f"<label><input type=checkbox name=direction value={direction} checked>"
                f'<span style="color:{color}" aria-hidden=true>{marks[direction]}</span>'
                f" {style.CALLED[direction]}</label>"
            )
    yield "<label><input type=checkbox name=contested> contested only <span aria-hidden=true>┄</span></label>"
    yield "</fieldset>"


def _sources(network: Network) -> Iterator[str]:
    for source in sorted({source for edge in network.edges for source in edge.sources}):
        shown = html(source)
        yield f'<label><input type=checkbox name=source value="{shown}" checked><bdi>{shown}</bdi></label>'


def _rows(network: Network) -> Iterator[str]:
    labels = {node.id: node.label for node in network.nodes}
    for edge in network.edges:
        cells = (labels[edge.source], edge.relation or "with", labels[edge.target])
        claims = "".join(f"<li dir=auto>{html(words)}</li>" for words in edge.statements)
        yield (
            f"<tr data-edge={edge.id}>{''.join(f'<td dir=auto>{html(cell)}</td>' for cell in cells)}"
            f"<td>{edge.direction}{', contested' if edge.contested else ''}</td><td><ul>{claims}</ul></td>"
            f"<td dir=auto>{html('; '.join(edge.places))}</td><td><button type=button>open</button></td></tr>\n"
        )


def _data(job: Job) -> dict[str, Any]:
    """Return what the viewer needs: elements, style, and the grounds of every assertion."""
    network = about.network_of(job)
    elements = cytoscape.elements(job)
    for element in elements["nodes"]:
        data = element["data"]
        data["shown"] = shown(data["label"])
        if data.get("label_fa"):
            data["shown_fa"] = shown(data["label_fa"])
    return {
        "directed": network.directed,
        "elements": elements,
        "style": cytoscape.stylesheet(network.directed),
        "assertions": _assertions(job, network.edges),
    }


def shown(label: str) -> str:
    """Return a label in lines, each of a right-to-left label isolated as such: a canvas knows no direction."""
    lines = layout.wrap(label)
    if any(right_to_left(line) for line in lines[:1]):
        lines = [f"\u2067{line}\u2069" for line in lines]
    return "\n".join(lines)


def right_to_left(text: str) -> bool:
    """Tell whether the first letter with a direction is written from right to left."""
    import unicodedata

    found = next((b for c in text if (b := unicodedata.bidirectional(c)) in ("L", "R", "AL")), "L")
    return found != "L"


_LINKS = """
SELECT ?assertion ?place ?page WHERE {
  VALUES ?assertion { $assertions } ?assertion air:hasPassage ?passage .
  ?passage skos:prefLabel ?place . OPTIONAL { ?passage air:webPage ?page }
}
ORDER BY ?assertion ?page
"""


def _assertions(job: Job, edges: Iterable[Edge]) -> dict[str, dict[str, Any]]:
    ids = sorted({assertion for edge in edges for assertion in edge.assertions})
    iris = [names.expand(id) for id in ids]
    grounds = grounds_of(job.engine, iris, job.language)
    links: dict[str, str] = {}
    if iris:
        for row in job.engine(bind(_LINKS, assertions=nodes(iris))):
            if "page" in row and channels.link(row["page"].value):
                links.setdefault(row["assertion"].value, row["page"].value)
    return {
        id: {
            **{name: cell.text for name, cell in grounds[iri].items() if cell.text},
            **({"page": links[iri]} if iri in links else {}),
        }
        for id, iri in zip(ids, iris, strict=True)
    }
