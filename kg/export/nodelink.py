"""Node-link JSON for notebooks, D3 and Observable: what networkx's `node_link_graph(data, edges="links")` reads.

Format: https://networkx.org/documentation/stable/reference/readwrite/json_graph.html. D3 takes `nodes` and
`links` as they are; every node and link brings its colour, size and width.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kg.export import about, style
from kg.export.cytoscape import edge_data, node_data

if TYPE_CHECKING:
    from kg.export import Job


def write(job: Job, path: Path) -> None:
    """Write the network; `key` is the edge's id, so that parallel edges stay apart."""
    network = about.network_of(job)
    data = {
        "directed": network.directed,
        "multigraph": True,
        "graph": {name: value for name, value in about.about(job).items() if value},
        "nodes": [
            {
                "id": n.id,
                **node_data(n),
                "size": style.size(n),
                "color": style.look(n).fill,
                "shape": style.look(n).shape,
            }
            for n in network.nodes
        ],
        "links": [
            {
                "source": e.source,
                "target": e.target,
                "key": e.id,
                **edge_data(e),
                "color": style.line(e).color,
                "dash": style.dash(e),
            }
            for e in network.edges
        ],
    }
    with path.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.write("\n")
