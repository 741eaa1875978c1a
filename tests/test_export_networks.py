"""Network exports: each opens in a program that we did not write, and says there what the network says."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from exporting import LABELS, contents, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networking import NETWORK_FORMATS, job_of_labels, job_with, read_with_node

from kg import export
from kg.errors import KgError
from kg.export import about, layout, style
from kg.measure import networks
from kg.measure.networks import Network

SCHEMA = Path(__file__).parent.parent.parent / "shared" / "schemas" / "gexf-1.3" / "gexf.xsd"
VIZ = "{http://gexf.net/1.3/viz}"


@pytest.fixture(scope="session")
def job(founding: Path) -> export.Job:
    """The founding corpus with its network of effects."""
    return job_with(founding, "effects")


@pytest.fixture(scope="session")
def written(job: export.Job, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that writes an export of the network, once, and returns where it stands."""
    folder = tmp_path_factory.mktemp("written")
    done: dict[str, Path] = {}

    def once(name: str) -> Path:
        if name not in done:
            done[name] = write(name, job, folder / f"network.{name}")
        return done[name]

    return once


Written = Callable[[str], Path]


def ends(network: Network) -> Counter[tuple[str, str, str]]:
    return Counter((edge.source, edge.target, edge.relation) for edge in network.edges)


def labels(network: Network) -> dict[str, str]:
    return {node.id: node.label for node in network.nodes}


# ── every format ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [*NETWORK_FORMATS, "dna"])
def test_an_export_twice_gives_the_same_bytes(name: str, job: export.Job, written: Written, tmp_path: Path) -> None:
    assert contents(written(name)) == contents(write(name, job, tmp_path / "again"))


@pytest.mark.parametrize("name", [*NETWORK_FORMATS, "dna"])
def test_an_export_says_what_it_is_made_from(name: str, job: export.Job, written: Written) -> None:
    """A network that has lost its query, version and licence cannot be cited."""
    found = b"\n".join(contents(written(name)).values()).decode(errors="ignore")
    for words in (job.seal["sha256"], job.seal["version"], "CC BY 4.0", "?assertion air:asserts ?claim"):
        assert words in found


def test_a_question_instead_of_a_network_is_refused(job: export.Job, tmp_path: Path) -> None:
    asked = export.Job(job.engine, job.seal, None, ([], []))
    with pytest.raises(about.UsageError, match="this format shows a network"):
        write("gexf", asked, tmp_path / "out.gexf")


def test_every_kind_of_node_has_a_look_of_its_own() -> None:
    looks = [(look.fill, look.shape) for look in style.KINDS.values()]
    assert len(set(looks)) == len(looks)


def test_the_documentation_shows_the_same_legend() -> None:
    """One place says what a colour means; the page that people read must not drift from it."""
    text = (Path(__file__).parent.parent / "docs" / "exports.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    looks = {row[0]: row[1:] for row in rows if len(row) == 4}
    for kind, (fill, shape, _) in style.KINDS.items():
        color, drawn, in_gexf = looks[style.NAMES[kind]]
        assert f"`{fill}`" in color
        assert (drawn, in_gexf) == (shape.replace("round-", "rounded "), style.SHAPES[shape]["gexf"])
    lines = {row[0]: row[1] for row in rows if len(row) == 3}
    for direction, line in style.DIRECTIONS.items():
        assert f"`{line.color}`" in lines[style.CALLED[direction]]


def test_the_documentation_names_every_format_and_network() -> None:
    text = (Path(__file__).parent.parent / "docs" / "exports.md").read_text(encoding="utf-8")
    for name in [*(form.name for form in export.FORMATS), *(query.name for query in networks.projections())]:
        assert f"`{name}`" in text


# ── GEXF ─────────────────────────────────────────────────────────────────────────────────────────────


def test_gexf_keeps_the_published_schema(job: export.Job, written: Written) -> None:
    """The schema refuses the `viz` namespace that its own primer shows: a copy has it in the main one."""
    if not SCHEMA.is_file():
        pytest.skip(f"the GEXF 1.3 schema is not here: {SCHEMA.parent} is no part of the project")
    from lxml import etree

    tree = etree.parse(written("gexf"))
    for element in tree.iter(f"{VIZ}*"):
        element.tag = element.tag.replace("/viz}", "}")
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(tree)


def test_networkx_reads_gexf(job: export.Job, written: Written) -> None:
    network = about.network_of(job)
    graph = nx.read_gexf(written("gexf"))
    assert {n: d["label"] for n, d in graph.nodes(data=True)} == labels(network)
    assert Counter((a, b, d["relation"]) for a, b, d in graph.edges(data=True)) == ends(network)
    for edge in network.edges:
        data = next(d for d in graph.get_edge_data(edge.source, edge.target).values() if d["id"] == edge.id)
        assert data["contested"] is edge.contested
        assert data["weight"] == edge.weight
        assert data["statements"] == about.JOINT.join(edge.statements)
        assert data.get("start", "") == (f"{edge.dates[0]}-01-01"[:10] if edge.dates[0] else "")
    node = network.nodes[0]
    red, green, blue = style.rgb(style.look(node).fill)
    assert graph.nodes[node.id]["viz"]["color"] == {"r": red, "g": green, "b": blue, "a": 1.0}


def test_graphology_reads_gexf(job: export.Job, written: Written) -> None:
    network = about.network_of(job)
    found = read_with_node("gexf", written("gexf"))
    assert {n["id"]: n["label"] for n in found["nodes"]} == labels(network)
    by_id = {e["id"]: e for e in found["edges"]}
    for edge in network.edges:
        seen = by_id[edge.id]
        assert (seen["source"], seen["target"], seen["relation"]) == (edge.source, edge.target, edge.relation)
        assert (seen["kind"], seen["shape"]) == (edge.relation_id, style.dash(edge))
        assert seen["color"] == f"rgb({','.join(map(str, style.rgb(style.line(edge).color)))})"


# ── GraphML ──────────────────────────────────────────────────────────────────────────────────────────


def test_networkx_reads_graphml(job: export.Job, written: Written) -> None:
    network = about.network_of(job)
    graph = nx.read_graphml(written("graphml"), force_multigraph=True)
    assert {n: d["label"] for n, d in graph.nodes(data=True)} == labels(network)
    found = {key: (a, b, d) for a, b, key, d in graph.edges(data=True, keys=True)}
    assert len(found) == len(network.edges)
    for edge in network.edges:
        source, target, data = found[edge.id]
        assert (source, target, data["relation"], data["weight"]) == (
            edge.source,
            edge.target,
            edge.relation,
            edge.weight,
        )
        assert data["contested"] is edge.contested
    assert graph.graph["query"] == network.query.strip()


def test_igraph_reads_graphml(job: export.Job, written: Written) -> None:
    import igraph

    network = about.network_of(job)
    graph = igraph.Graph.Read_GraphML(str(written("graphml")))
    assert graph.is_directed()
    assert dict(zip(graph.vs["id"], graph.vs["label"], strict=True)) == labels(network)
    names = graph.vs["id"]
    assert Counter((names[e.source], names[e.target], e["relation"]) for e in graph.es) == ends(network)
    assert set(graph.es["contested"]) == {True, False}


def test_graphology_reads_graphml(job: export.Job, written: Written) -> None:
    network = about.network_of(job)
    found = read_with_node("graphml", written("graphml"))
    assert {n["id"]: n["label"] for n in found["nodes"]} == labels(network)
    seen = [(e["id"], e["source"], e["target"], e["relation"], e["contested"]) for e in found["edges"]]
    assert sorted(seen) == sorted((e.id, e.source, e.target, e.relation, e.contested) for e in network.edges)


def test_an_id_that_is_no_nmtoken_becomes_one() -> None:
    assert about.token("actor:china") == "actor:china"
    assert about.token("https://example.org/a b") == "https:_2f__2f_example.org_2f_a_20_b"


# ── Cytoscape ────────────────────────────────────────────────────────────────────────────────────────


def test_cytoscape_reads_cyjs_with_its_style(job: export.Job, written: Written) -> None:
    network = about.network_of(job)
    found = read_with_node("cyjs", written("cyjs"))
    assert {n["id"]: n["label"] for n in found["nodes"]} == labels(network)
    nodes = {node["id"]: node for node in found["nodes"]}
    for node in network.nodes:
        fill, shape, _ = style.look(node)
        seen = nodes[node.id]["style"]
        assert seen["background-color"] == f"rgb({','.join(map(str, style.rgb(fill)))})"
        assert seen["shape"] == style.SHAPES[shape]["cyjs"]
    edges = {edge["id"]: edge for edge in found["edges"]}
    for edge in network.edges:
        seen = edges[edge.id]
        assert (seen["source"], seen["target"], seen["statements"]) == (edge.source, edge.target, list(edge.statements))
        assert seen["style"]["line-style"] == style.dash(edge)
        assert seen["style"]["target-arrow-shape"] == style.line(edge).head
        assert seen["style"]["width"] == f"{style.width(edge):g}px"


def test_ndex2_reads_cx2(job: export.Job, written: Written) -> None:
    from ndex2.cx2 import RawCX2NetworkFactory

    network = about.network_of(job)
    raw = json.loads(written("cx2").read_bytes())
    found = RawCX2NetworkFactory().get_cx2network(raw)
    nodes = {number: node["v"] for number, node in found.get_nodes().items()}
    assert {v["represents"]: v["name"] for v in nodes.values()} == labels(network)
    seen = Counter(
        (nodes[e["s"]]["represents"], nodes[e["t"]]["represents"], e["v"]["relation"])
        for e in found.get_edges().values()
    )
    assert seen == ends(network)
    assert found.get_network_attributes()["licence"] == "CC BY 4.0"
    mapping = found.get_visual_properties()["nodeMapping"]["NODE_BACKGROUND_COLOR"]["definition"]["map"]
    assert {"v": "actor", "vp": style.KINDS["actor"].fill} in mapping
    declared = next(aspect["attributeDeclarations"][0] for aspect in raw if "attributeDeclarations" in aspect)
    assert {key for node in nodes.values() for key in node} <= set(declared["nodes"])


# ── JSON, DOT, property graphs ───────────────────────────────────────────────────────────────────────


def test_networkx_reads_node_link(job: export.Job, written: Written) -> None:
    network = about.network_of(job)
    data = json.loads(written("node-link").read_bytes())
    graph = nx.node_link_graph(data, edges="links")
    assert dict(graph.nodes(data="label")) == labels(network)
    assert Counter((a, b, d["relation"]) for a, b, d in graph.edges(data=True)) == ends(network)


def test_graphviz_reads_dot_and_draws_pictures(job: export.Job, written: Written) -> None:
    """Graphviz gives back as JSON what it read."""
    from xml.etree import ElementTree

    network = about.network_of(job)
    dot = written("dot")
    done = subprocess.run(["dot", "-Tdot_json", str(dot)], capture_output=True, check=True)
    read = json.loads(done.stdout)
    assert {node["name"] for node in read["objects"]} == set(labels(network))
    names = [node["name"] for node in read["objects"]]
    found = Counter((names[e["tail"]], names[e["head"]], e["tooltip"].partition("\\n")[0]) for e in read["edges"])
    assert found == ends(network)
    assert subprocess.run(["dot", "-Tsvg", str(dot)], capture_output=True, check=True).stderr == b""
    svg = ElementTree.parse(written("svg")).getroot()
    drawn = {e.attrib["id"] for e in svg.iter("{http://www.w3.org/2000/svg}g") if "edge " in e.attrib.get("class", "")}
    assert drawn >= {edge.id for edge in network.edges}
    assert job.seal["sha256"] in "".join(svg.find("{http://www.w3.org/2000/svg}desc").itertext())  # type: ignore[union-attr]
    png = written("png").read_bytes()
    assert png.startswith(b"\x89PNG") and b"iTXtDescription" in png


def test_without_graphviz_a_picture_says_what_to_install(
    job: export.Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KgError, match="apt-get install graphviz"):
        write("svg", job, tmp_path / "out.svg")


def test_kuzu_loads_the_csv_by_its_script(job: export.Job, written: Written) -> None:
    import kuzu

    network = about.network_of(job)
    folder = written("neo4j-csv")
    connection = kuzu.Connection(kuzu.Database(":memory:"))
    for statement in (folder / "load-kuzu.cypher").read_text().splitlines():
        connection.execute(statement.replace('FROM "', f'FROM "{folder}/'))
    rows = connection.execute("MATCH (n:Thing) RETURN n.id, n.label").get_all()
    assert dict(rows) == labels(network)
    rows = connection.execute("MATCH (a)-[e:Edge]->(b) RETURN a.id, b.id, e.relation, e.contested, e.weight").get_all()
    expected = Counter((e.source, e.target, e.relation, e.contested, e.weight) for e in network.edges)
    assert Counter(map(tuple, rows)) == expected


def test_kuzu_runs_the_cypher(job: export.Job, written: Written) -> None:
    """Kùzu wants its tables first; Neo4j makes labels and types as they come."""
    import kuzu

    from kg.export.neo4j import label, relationship

    network = about.network_of(job)
    types = {"strings": "STRING[]", "string": "STRING", "boolean": "BOOLEAN", "int": "INT64", "double": "DOUBLE"}
    kinds = {node.id: label(node.kind) for node in network.nodes}
    connection = kuzu.Connection(kuzu.Database(":memory:"))
    for kind in sorted(set(kinds.values())):
        columns = ", ".join(f"{c.name} {types[c.type]}" for c in about.NODE)
        connection.execute(f"CREATE NODE TABLE {kind} (id STRING PRIMARY KEY, {columns})")
    pairs: dict[str, set[tuple[str, str]]] = {}
    for edge in network.edges:
        pairs.setdefault(relationship(edge), set()).add((kinds[edge.source], kinds[edge.target]))
    for name, between in sorted(pairs.items()):
        columns = ", ".join(f"{c.name} {types[c.type]}" for c in about.EDGE)
        tables = ", ".join(f"FROM {a} TO {b}" for a, b in sorted(between))
        connection.execute(f"CREATE REL TABLE {name} ({tables}, id STRING, {columns})")
    for line in written("cypher").read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            connection.execute(line)
    rows = connection.execute("MATCH (a)-[e]->(b) RETURN a.id, b.id, e.relation, e.statements").get_all()
    expected = Counter((e.source, e.target, e.relation, e.statements) for e in network.edges)
    assert Counter((a, b, relation, tuple(words)) for a, b, relation, words in rows) == expected


# ── any label ────────────────────────────────────────────────────────────────────────────────────────

SOME = st.lists(LABELS, min_size=1, max_size=12)
QUIET = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def nodes_and_edges(name: str, file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return node labels by id, and relation and statement of edges by id, as a reader in Python has them."""
    if name == "gexf":
        graph = nx.read_gexf(file)
        edges = {d["id"]: (d["relation"], d["statements"]) for _, _, d in graph.edges(data=True)}
        return {n: d["label"] for n, d in graph.nodes(data=True)}, edges
    if name == "graphml":
        graph = nx.read_graphml(file, force_multigraph=True)
        edges = {key: (d["relation"], d["statements"]) for *_, key, d in graph.edges(data=True, keys=True)}
        return {n: d["label"] for n, d in graph.nodes(data=True)}, edges
    data = json.loads(file.read_bytes())
    if name == "cyjs":
        nodes, links = ([item["data"] for item in data["elements"][part]] for part in ("nodes", "edges"))
    elif name == "cx2":
        parts = {key: value for aspect in data for key, value in aspect.items()}
        nodes = [{"id": n["v"]["represents"], "label": n["v"]["name"]} for n in parts["nodes"]]
        links = [e["v"] for e in parts["edges"]]
    else:
        nodes, links = data["nodes"], [{"id": link["key"], **link} for link in data["links"]]
    return {n["id"]: n["label"] for n in nodes}, {e["id"]: (e["relation"], e["statements"][0]) for e in links}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gexf", "graphml", "cyjs", "cx2", "node-link"])
@QUIET
@given(texts=SOME)
def test_any_label_comes_back_the_same(name: str, texts: list[str], tmp_path: Path) -> None:
    job = job_of_labels(texts)
    network = about.network_of(job)
    nodes, edges = nodes_and_edges(name, write(name, job, tmp_path / f"out.{name}"))
    assert nodes == labels(network)
    assert edges == {edge.id: (edge.relation, edge.statements[0]) for edge in network.edges}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gexf", "graphml", "cyjs"])
@settings(QUIET, max_examples=8)
@given(texts=st.lists(LABELS, min_size=20, max_size=40))
def test_any_label_comes_back_the_same_in_javascript(name: str, texts: list[str], tmp_path: Path) -> None:
    job = job_of_labels(texts)
    found = read_with_node(name, write(name, job, tmp_path / f"out.{name}"))
    assert {n["id"]: n["label"] for n in found["nodes"]} == labels(about.network_of(job))


@pytest.mark.slow
@settings(QUIET, max_examples=10)
@given(texts=SOME)
def test_graphviz_draws_any_label(texts: list[str], tmp_path: Path) -> None:
    job = job_of_labels(texts)
    write("svg", job, tmp_path / "out.svg")


@given(word=st.text("abcdefghij-", min_size=1, max_size=20_000), lead=st.text("ab ", max_size=30))
def test_no_label_makes_a_node_wider_than_a_long_word(word: str, lead: str) -> None:
    """An endless word once drew its node over all its neighbours, and the page could not draw their edges."""
    lines = layout.wrap(lead + word)
    assert max(map(len, lines)) <= 42
    assert "".join("".join(lines).split())[:18] == "".join((lead + word).split())[:18]
