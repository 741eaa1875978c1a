"""A small network whose every part differs, written in each format: what is read back says the same of each part."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from exporting import write

from kg import export
from kg.export import about, cytoscape, layout, mermaid, style
from kg.measure.networks import Edge, Network, Node

Read = Callable[[str], str]

NODES = (
    Node("actor:china", "China", "actor", "چین", "A state.", 2),
    Node("phenomenon:bias", "bias in machines that decide on visas, loans and arms", "phenomenon", degree=2),
    Node("power:soft-power", "soft power", "power", degree=9),
    Node("mode:cyber-diplomacy", "cyber diplomacy", "mode", degree=1),
)
EDGES = (
    Edge(
        *("e1", "actor:china", "phenomenon:bias", "weakens", "relation:weakens", "weakening", True),
        *(("claim:b", "claim:a"), ("Second.", "First."), ("Doe 2025",), ("Doe 2025, Introduction, ¶ 1",)),
        *(4.0, ("2025-03", "2026"), ("assertion:doe.b", "assertion:doe.a")),
    ),
    Edge(
        *("e2", "phenomenon:bias", "power:soft-power", "raises", "relation:raises", "strengthening", False),
        *(("claim:c",), ("Third.",), ("Doe 2025", "Roe 2020"), ("Doe 2025, ¶ 2", "Roe 2020, ¶ 3")),
        *(1.0, ("2020", "2025-03"), ("assertion:doe.c",)),
    ),
    Edge(
        *("e3", "phenomenon:bias", "power:soft-power", "concerns", "relation:concerns", "other", False),
        *(("claim:d",), ("Fourth.",), ("Doe 2025",), ("Doe 2025, ¶ 2",), 2.0, ("", ""), ("assertion:doe.d",)),
    ),
    Edge(
        *("e4", "mode:cyber-diplomacy", "actor:china", "", "", "other", False, ("claim:e",), ("Fifth.",)),
        *(("Poe 2019",), ("Poe 2019, ¶ 9",), 1.0, ("2019", "2019"), ("assertion:poe.e",)),
    ),
)
NETWORK = Network("made", "A network made by hand", "SELECT", True, NODES, EDGES, {"thing": "actor:china"})
SEAL = {"version": "1.2.3", "sha256": "ab" * 32, "sources": ["doe2025"]}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda name: read_as(name, NETWORK, tmp_path)


def read_as(name: str, network: Network, folder: Path) -> str:
    job = export.Job(lambda _: [], SEAL, network)
    return write(name, job, folder / f"{len(list(folder.iterdir()))}.{name}").read_text(encoding="utf-8")


def test_about_names_the_parameters_with_their_values(read: Read) -> None:
    assert "parameters: thing=actor:china" in read("dot")


def test_gexf_says_of_each_edge_and_node_what_the_network_does(read: Read) -> None:
    root = ElementTree.fromstring(read("gexf"))
    space = {"g": "http://gexf.net/1.3", "viz": "http://gexf.net/1.3/viz"}
    starts = {n.attrib["id"]: n.attrib.get("start") for n in root.iterfind(".//g:node", space)}
    assert starts == {
        "actor:china": "2019-01-01",
        "mode:cyber-diplomacy": "2019-01-01",
        # what rests on a source without a date is shown at all times
        "phenomenon:bias": None,
        "power:soft-power": None,
    }
    found = {}
    for edge in root.iterfind(".//g:edge", space):
        cells = {c.attrib["for"]: c.attrib["value"] for c in edge.iterfind("g:attvalues/g:attvalue", space)}
        line = edge.find("viz:shape", space)
        assert line is not None
        ends = (edge.attrib["source"], edge.attrib["target"])
        found[edge.attrib["id"]] = (*ends, cells["contested"], line.attrib["value"], cells["claim_count"])
        assert (cells.get("first_issued", ""), cells.get("last_issued", "")) == EDGES[
            int(edge.attrib["id"][1:]) - 1
        ].dates
    assert found == {
        e.id: (e.source, e.target, str(e.contested).lower(), "dashed" if e.contested else "solid", str(len(e.claims)))
        for e in EDGES
    }


@pytest.mark.parametrize("directed", [True, False])
def test_graphml_says_of_each_edge_what_the_network_does(directed: bool, tmp_path: Path) -> None:
    root = ElementTree.fromstring(read_as("graphml", replace(NETWORK, directed=directed), tmp_path))
    g, y = "{http://graphml.graphdrawing.org/xmlns}", "{http://www.yworks.com/xml/graphml}"
    graph = root.find(f"{g}graph")
    assert graph is not None and graph.attrib["edgedefault"] == ("directed" if directed else "undirected")
    for edge, wanted in zip(graph.iterfind(f"{g}edge"), EDGES, strict=True):
        cells = {data.attrib["key"]: data for data in edge.iterfind(f"{g}data")}
        assert (edge.attrib["source"], edge.attrib["target"]) == (wanted.source, wanted.target)
        assert cells["e_contested"].text == str(wanted.contested).lower()
        assert cells["e_claim_count"].text == str(len(wanted.claims))
        line, arrows = cells["line"].find(f".//{y}LineStyle"), cells["line"].find(f".//{y}Arrows")
        assert line is not None and arrows is not None
        assert line.attrib["type"] == ("dashed" if wanted.contested else "line")
        heads = {"weakening": "t_shape", "strengthening": "standard", "other": "circle"}
        assert arrows.attrib["target"] == (heads[wanted.direction] if directed else "none")


def test_node_link_keeps_parallel_edges_apart(read: Read) -> None:
    links = json.loads(read("node-link"))["links"]
    assert [(link["source"], link["target"], link["key"]) for link in links] == [
        (e.source, e.target, e.id) for e in EDGES
    ]
    assert [link["dash"] for link in links] == ["dashed", "solid", "solid", "solid"]


@pytest.mark.parametrize("directed", [True, False])
def test_cytoscape_draws_what_the_network_says(directed: bool, tmp_path: Path) -> None:
    data = json.loads(read_as("cyjs", replace(NETWORK, directed=directed), tmp_path))
    ends = [(edge["data"]["source"], edge["data"]["target"]) for edge in data["elements"]["edges"]]
    assert ends == [(e.source, e.target) for e in EDGES]
    sheet = {rule["selector"]: rule["style"] for rule in data["style"]}
    assert sheet["edge[?contested]"] == {"line-style": "dashed"}
    assert {"line-style": "dashed"} not in [rule for name, rule in sheet.items() if name != "edge[?contested]"]
    heads = {name: sheet[f'edge[direction = "{name}"]'].get("target-arrow-shape", "none") for name in style.DIRECTIONS}
    drawn = {"weakening": "tee", "strengthening": "triangle", "other": "circle"}
    assert heads == (drawn if directed else dict.fromkeys(drawn, "none"))


def test_cx2_says_of_each_edge_what_the_network_does(read: Read) -> None:
    aspects = {key: value for part in json.loads(read("cx2")) for key, value in part.items()}
    ids = {node["id"]: node["v"]["represents"] for node in aspects["nodes"]}
    found = [(ids[e["s"]], ids[e["t"]], e["v"]["interaction"]) for e in aspects["edges"]]
    assert found == [(e.source, e.target, e.relation or "associated with") for e in EDGES]
    counts = {entry["name"]: entry["elementCount"] for entry in aspects["metaData"]}
    assert (counts["nodes"], counts["edges"]) == (len(NODES), len(EDGES))


def test_mermaid_keeps_the_heaviest_edges_and_says_so(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mermaid, "EDGES", 2)
    text = read("mermaid")
    assert "%% shown: the 2 heaviest of 4 edges" in text
    assert re.findall(r'\|"(\w+)"\|', text) == ["weakens", "concerns"]
    lines = re.findall(r"linkStyle (\d+) stroke:(#\w+),stroke-width:[\d.]+px(,stroke-dasharray)?", text)
    assert lines == [("0", style.DIRECTIONS["weakening"].color, ",stroke-dasharray"), ("1", "#767676", "")]
    monkeypatch.setattr(mermaid, "EDGES", 4)
    assert "%% shown" not in read("mermaid")


def test_property_graphs_say_true_and_false_and_name_both_ends(read: Read, tmp_path: Path) -> None:
    folder = write("neo4j-csv", export.Job(lambda _: [], SEAL, NETWORK), tmp_path / "csv")
    with (folder / "relationships.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r[":START_ID"], r[":END_ID"], r["contested:boolean"], r[":TYPE"]) for r in rows] == [
        ("actor:china", "phenomenon:bias", "true", "WEAKENS"),
        ("phenomenon:bias", "power:soft-power", "false", "RAISES"),
        ("phenomenon:bias", "power:soft-power", "false", "CONCERNS"),
        ("mode:cyber-diplomacy", "actor:china", "false", "RELATES_TO"),
    ]
    with (folder / "nodes.csv").open(encoding="utf-8", newline="") as stream:
        assert [row[":LABEL"] for row in csv.DictReader(stream)] == ["Actor", "Phenomenon", "Power", "Mode"]
    made = [line for line in read("cypher").splitlines() if line.startswith("MATCH")]
    ends = [re.findall(r'\((?:a|b):(\w+) \{id: "([^"]+)"\}\)', line) for line in made]
    assert [(a[1], b[1]) for a, b in ends] == [(e.source, e.target) for e in EDGES]
    assert [re.findall(r"contested: (\w+)", line) for line in made] == [["true"], ["false"], ["false"], ["false"]]


def test_the_table_of_a_page_says_of_each_edge_what_the_network_does(read: Read) -> None:
    rows = re.findall(r"<tr data-edge=(e\d)>(.*?)</tr>", read("html"), re.DOTALL)
    labels = {node.id: node.label for node in NODES}
    assert [name for name, _ in rows] == [edge.id for edge in EDGES]
    for (_, row), edge in zip(rows, EDGES, strict=True):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        assert cells[:3] == [labels[edge.source], edge.relation or "with", labels[edge.target]]
        assert cells[3] == edge.direction + ", contested" * edge.contested
        assert re.findall(r"<li dir=auto>(.*?)</li>", cells[4]) == list(edge.statements)
        assert cells[5] == "; ".join(edge.places)


# ── pictures ──────────────────────────────────────────────────────────────────────────────────────────

graphviz = pytest.mark.skipif(not shutil.which("neato"), reason="Graphviz is not installed")


def test_every_format_shows_the_same_map(read: Read) -> None:
    """In DOT and GEXF y grows upwards, in GraphML and Cytoscape downwards."""
    spots = layout.positions(NETWORK)
    dot = {
        id: (float(x), -float(y))
        for id, x, y in re.findall(r'"([a-z]+:[a-z-]+)" \[.*?pos="([^,]+),([^"]+)"', read("dot"))
    }
    assert dot == spots
    found = re.findall(r'<node id="([^"]+)".*?<viz:position x="([^"]+)" y="([^"]+)"', read("gexf"))
    assert {id: (float(x), -float(y)) for id, x, y in found} == spots
    nodes = json.loads(read("cyjs"))["elements"]["nodes"]
    assert {n["data"]["id"]: (n["position"]["x"], n["position"]["y"]) for n in nodes} == spots
    for id, x, y, w, h in re.findall(
        r'<node id="([^"]+)">.*?<y:Geometry x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"', read("graphml")
    ):
        middle = float(x) + float(w) / 2, float(y) + float(h) / 2
        assert middle == pytest.approx(spots[id], abs=0.2)


def test_dot_tells_verb_and_claims_in_its_tooltips(read: Read) -> None:
    tips = re.findall(r'-> .*?tooltip="((?:[^"\\]|\\.)*)".*?style=(\w+)', read("dot"))
    assert tips[:2] == [("weakens\\nSecond.\\nFirst.", "dashed"), ("raises\\nThird.", "solid")]


@graphviz
def test_a_picture_has_a_legend_for_what_it_shows_and_tells_what_it_is(read: Read) -> None:
    svg = read("svg")
    assert "<!--" not in svg.partition("<svg")[0] and "graphviz version" not in svg
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    told = root.find(f"{space}desc")
    assert told is not None and "ab" * 32 in (told.text or "") and "A network made by hand" in (told.text or "")
    words = {"".join(text.itertext()).replace("\xa0", " ") for text in root.iter(f"{space}text")}
    assert {"contested", *style.CALLED.values(), "actor", "phenomenon", "power", "mode of diplomacy"} <= words
    assert "technology" not in words


@graphviz
def test_a_png_tells_what_it_is(tmp_path: Path) -> None:
    content = write("png", export.Job(lambda _: [], SEAL, NETWORK), tmp_path / "made.png").read_bytes()
    chunks, at = [], 8
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        chunks.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += size + 12
    told = [body for name, body in chunks if name == b"iTXt" and body.startswith(b"Description\0")]
    assert len(told) == 1 and b"ab" * 32 in told[0]


def test_the_look_says_what_the_legend_in_the_documentation_says() -> None:
    assert [style.width(edge) for edge in EDGES] == [3.0, 2.0, 2.0, 1.0]
    assert [style.dash(edge) for edge in EDGES] == ["dashed", "solid", "solid", "solid"]
    assert [style.line(edge).head for edge in EDGES] == ["tee", "triangle", "circle", "circle"]
    assert layout.font(NODES[2]) > layout.font(NODES[3])
    assert style.size(NODES[2]) == 32.0


def bright(color: str) -> float:
    """Return the relative luminance (WCAG 2, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance)."""
    parts = [part / 255 for part in style.rgb(color)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("kind", sorted(style.KINDS))
def test_a_label_can_be_read_on_its_node(kind: str) -> None:
    look = style.KINDS[kind]
    light, dark = sorted((bright(look.fill), bright(look.text)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def grid(size: int) -> Network:
    """Return a crowded network of several parts."""
    nodes = tuple(
        Node(f"claim:n{i}", f"a label of several words, number {i}", "claim", degree=1 + i % 7) for i in range(size)
    )
    edges = tuple(
        replace(EDGES[0], id=f"e{i}", source=f"claim:n{i}", target=f"claim:n{i // 3 * 3 if i % 10 else i}")
        for i in range(size)
    )
    return replace(NETWORK, nodes=nodes, edges=edges)


def test_no_label_of_a_map_lies_on_another() -> None:
    network = grid(60)
    spots = layout.positions(network)
    boxes = {node.id: layout.box(node) for node in network.nodes}
    ids = sorted(spots)
    for i, one in enumerate(ids):
        for other in ids[i + 1 :]:
            dx, dy = abs(spots[one][0] - spots[other][0]), abs(spots[one][1] - spots[other][1])
            wide, high = (boxes[one][0] + boxes[other][0]) / 2, (boxes[one][1] + boxes[other][1]) / 2
            assert dx > wide - 1 or dy > high - 1, (one, other)


def test_a_long_label_is_broken_into_short_lines() -> None:
    lines = layout.wrap(NODES[1].label)
    assert len(lines) > 1 and max(map(len, lines)) <= 18
    assert " ".join(lines) == NODES[1].label


def test_the_columns_of_an_edge_are_those_of_the_network() -> None:
    columns = {column.name: column.get for column in about.EDGE}
    assert [columns["claim_count"](e) for e in EDGES] == [2, 1, 1, 1]
    assert [columns["source_count"](e) for e in EDGES] == [1, 2, 1, 1]
    assert (columns["first_issued"](EDGES[0]), columns["last_issued"](EDGES[0])) == ("2025-03", "2026")
    assert cytoscape.edge_data(EDGES[0])["claims"] == ["claim:b", "claim:a"]
    assert not math.isnan(cytoscape.node_data(NODES[0])["width"])
