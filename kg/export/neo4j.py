"""Property graphs: a folder of CSV for Neo4j and Kùzu with their load scripts, and one Cypher script.

Headers: https://neo4j.com/docs/operations-manual/current/tools/neo4j-admin/neo4j-admin-import/; Kùzu reads the
same two files by position (https://docs.kuzudb.com/import/csv/). In Cypher a node's label is its kind
(`Phenomenon`), a relationship's type its relation (`WEAKENS`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.channels import cypher, line
from kg.export import about

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Network, Node

_NEO4J = {"strings": "string[]", "string": "string", "boolean": "boolean", "int": "int", "double": "double"}
_KUZU = {"strings": "STRING", "string": "STRING", "boolean": "BOOLEAN", "int": "INT64", "double": "DOUBLE"}
_JOINT = "|"

_LOAD = """\
# {title}
# Neo4j: with the server stopped, from this folder
neo4j-admin database import full --overwrite-destination --multiline-fields=true --array-delimiter='|' \\
  --nodes=nodes.csv --relationships=relationships.csv neo4j
"""


def label(kind: str) -> str:
    """Return the node label of a kind: `Phenomenon`."""
    return re.sub(r"\W", "", kind.title(), flags=re.ASCII) or "Thing"


def relationship(edge: Edge) -> str:
    """Return the relationship type of an edge: `LEAVES_UNCHANGED`; `RELATES_TO` for one without words."""
    words = edge.relation_id.rpartition(":")[2] or edge.relation
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", words)
    return re.sub(r"[^A-Z0-9]+", "_", spaced.upper()).strip("_") or "RELATES_TO"


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────────


def write_csv(job: Job, path: Path) -> None:
    """Write `nodes.csv`, `relationships.csv`, `load-neo4j.sh`, `load-kuzu.cypher` and `about.txt` into a folder."""
    network = about.network_of(job)
    path.mkdir()
    with (path / "nodes.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["id:ID", *(f"{c.name}:{_NEO4J[c.type]}" for c in about.NODE), ":LABEL"])
        rows.writerows([n.id, *_cells(about.NODE, n), label(n.kind)] for n in network.nodes)
    with (path / "relationships.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        columns = [f"{c.name}:{_NEO4J[c.type]}" for c in about.EDGE]
        rows.writerow([":START_ID", ":END_ID", "id:string", *columns, ":TYPE"])
        rows.writerows([e.source, e.target, e.id, *_cells(about.EDGE, e), relationship(e)] for e in network.edges)
    for name, content in (
        ("load-neo4j.sh", _LOAD.format(title=line(network.title))),
        ("load-kuzu.cypher", _kuzu()),
        ("about.txt", "".join(f"{line(words)}\n" for words in about.lines(job))),
    ):
        (path / name).write_text(content, encoding="utf-8", newline="\n")


def _cells(columns: tuple[about.Column, ...], thing: Node | Edge) -> Iterator[str]:
    for column in columns:
        value = column.get(thing)
        if column.type == "strings":
            yield _JOINT.join(part.replace(_JOINT, "¦") for part in value)
        else:
            yield str(value).lower() if column.type == "boolean" else str(value)


def _kuzu() -> str:
    nodes = ", ".join(f"{c.name} {_KUZU[c.type]}" for c in about.NODE)
    edges = ", ".join(f"{c.name} {_KUZU[c.type]}" for c in about.EDGE)
    form = "(HEADER=true, PARALLEL=false, ESCAPE='\"')"
    return (
        f"CREATE NODE TABLE Thing (id STRING PRIMARY KEY, {nodes}, category STRING);\n"
        f"CREATE REL TABLE Edge (FROM Thing TO Thing, id STRING, {edges}, category STRING);\n"
        f'COPY Thing FROM "nodes.csv" {form};\n'
        f'COPY Edge FROM "relationships.csv" {form};\n'
    )


# ── Cypher ────────────────────────────────────────────────────────────────────────────────────────────


def write_cypher(job: Job, path: Path) -> None:
    """Write a script of plain CREATE statements, one a line, for an empty database."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"// {line(words)}\n" for words in about.lines(job))
        file.writelines(_statements(about.network_of(job)))


def _statements(network: Network) -> Iterator[str]:
    kinds = {node.id: label(node.kind) for node in network.nodes}
    for node in network.nodes:
        yield f"CREATE (:{kinds[node.id]} {_map({'id': node.id, **_values(about.NODE, node)})});\n"
    for edge in network.edges:
        yield (
            f"MATCH (a:{kinds[edge.source]} {_map({'id': edge.source})}),"
            f" (b:{kinds[edge.target]} {_map({'id': edge.target})})"
            f" CREATE (a)-[:{relationship(edge)} {_map({'id': edge.id, **_values(about.EDGE, edge)})}]->(b);\n"
        )


def _values(columns: tuple[about.Column, ...], thing: Node | Edge) -> dict[str, Any]:
    return {c.name: v for c in columns if (v := c.get(thing)) not in ("", ())}


def _map(values: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_literal(value)}" for name, value in values.items()) + "}"


def _literal(value: Any) -> str:
    """Return a Cypher literal (https://neo4j.com/docs/cypher-manual/current/values-and-types/)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return cypher(str(value))
