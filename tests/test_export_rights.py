"""Every export says whose coding it holds and under which licence, and claims none that was not given.

Three stores: a scholar's own corpus without a licence, the same with a licence and a named coder, and the founding
corpus together with the first. What an export says is read back from the file.
"""

from __future__ import annotations

import csv
import html
import json
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from exporting import job_of, readable, write
from small import NAME, write_small

from kg import export, names, pipeline
from kg.licences import LICENCES, OURS, rights_of
from kg.load.inputs import Inputs
from kg.load.vocabulary import Vocabulary
from kg.measure.networks import find, project

STORES = ("own", "licensed", "both")
TOLD = {
    "own": ["coding of Doe 2026 by tester: no licence given"],
    "licensed": ["coding of Doe 2026 by Jane Tester (tester): CC BY-SA 4.0"],
    "both": [
        "coding of Baig n.d., Hanggarini 2025, Koohkan and Asgarian 2026 by airkg contributors (airkg): CC BY 4.0",
        "coding of Doe 2026 by tester: no licence given",
    ],
}
"""What an export has to say of its codings."""

OURS_TOLD = "airkg's ontology and vocabulary: CC BY 4.0"
LINKED = ("turtle", "nquads", "trig", "jsonld", "rdfxml")
FACTS = ("csl-json", "ris")
"""Reference lists: bibliographic facts, in formats that have no place for a word about themselves."""


def exported(corpora: Path, store: str, name: str, target: Path) -> Path:
    """Write an export of a store; networks show the neighbourhood of one thing, which is quickly laid out."""
    job = job_of(corpora / store)
    if export.find(name).network:
        thing = ox.NamedNode(names.thing("phenomenon", "state-monopoly"))
        job = replace(job, network=project(job.engine, find("neighbourhood"), {"thing": thing}))
    return write(name, job, target)


# ── what a file says of itself, read back ─────────────────────────────────────────────────────────────

Said = dict[str, str]
"""`licence`, `licence_url` and `creator` as a file gives them."""


def of_lines(text: str) -> Said:
    pairs = re.findall(r"^\W*(licence|licence_url|creator): (.*)$", text, re.MULTILINE)
    return {"licence_url": "", **dict(pairs)}


def of_mapping(data: dict[str, str]) -> Said:
    return {key: data.get(key, "") for key in ("licence", "licence_url", "creator")}


def of_graphml(file: Path) -> Said:
    import networkx

    return of_mapping(networkx.read_graphml(file, force_multigraph=True).graph)


def of_gexf(file: Path) -> Said:
    meta = ElementTree.parse(file).getroot().find("{http://gexf.net/1.3}meta")
    assert meta is not None
    said = of_lines(meta.findtext("{http://gexf.net/1.3}description") or "")
    assert said["creator"] == meta.findtext("{http://gexf.net/1.3}creator")
    return said


def of_cx2(file: Path) -> Said:
    parts = json.loads(file.read_text())
    return of_mapping(next(part["networkAttributes"][0] for part in parts if "networkAttributes" in part))


def of_svg(file: Path) -> Said:
    return of_lines("".join(ElementTree.parse(file).getroot().itertext()))


def of_png(file: Path) -> Said:
    content, at = file.read_bytes(), 8
    while content[at + 4 : at + 8] != b"iTXt":
        at += 12 + struct.unpack(">I", content[at : at + 4])[0]
    return of_lines(content[at + 8 : at + 8 + struct.unpack(">I", content[at : at + 4])[0]].decode())


def of_html(file: Path) -> Said:
    text = file.read_text(encoding="utf-8")
    pairs = re.findall(r"<dt>(licence|licence_url|creator)</dt><dd dir=auto>(.*?)</dd>", text)
    said = {"licence_url": "", **{key: html.unescape(value) for key, value in pairs}}
    shown = re.search(r"data set .*? · (.*?)</p>", text)
    assert shown and html.unescape(re.sub("<[^>]+>", "", shown[1])) == said["licence"]
    assert ("<a rel=license" in shown[1]) == bool(said["licence_url"])
    return said


NETWORKS: dict[str, Callable[[Path], Said]] = {
    "gexf": of_gexf,
    "graphml": of_graphml,
    "cyjs": lambda file: of_mapping(json.loads(file.read_text())["data"]),
    "cx2": of_cx2,
    "dot": lambda file: of_lines(file.read_text()),
    "svg": of_svg,
    "png": of_png,
    "node-link": lambda file: of_mapping(json.loads(file.read_text())["graph"]),
    "mermaid": lambda file: of_lines(file.read_text()),
    "neo4j-csv": lambda folder: of_lines((folder / "about.txt").read_text()),
    "cypher": lambda file: of_lines(file.read_text()),
    "html": of_html,
    "dna": lambda folder: of_lines((folder / "about.txt").read_text()),
}


def test_every_export_is_held_to_what_it_says_of_rights() -> None:
    """A new format finds its place here, or among those that can say nothing."""
    others = {"assertions", "csv", "xlsx", "bibtex", "nanopub", "webannotation", "rocrate", "vault", "shapes"}
    others |= {"ontology", "skos", "context"}
    assert {form.name for form in export.FORMATS} == {*NETWORKS, *LINKED, *FACTS, *others}


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_says_whose_coding_it_shows_and_under_which_licence(
    name: str, store: str, corpora: Path, tmp_path: Path
) -> None:
    said = NETWORKS[name](exported(corpora, store, name, tmp_path / "out"))
    assert said["licence"] == "; ".join([*TOLD[store], OURS_TOLD])
    assert said["licence_url"] == ""
    assert (
        said["creator"]
        == {
            "own": "tester",
            "licensed": "Jane Tester (tester)",
            "both": "airkg contributors (airkg), tester",
        }[store]
    )


def triples(name: str, file: Path) -> list[ox.Quad]:
    form = {"turtle": "TURTLE", "nquads": "N_QUADS", "trig": "TRIG", "jsonld": "JSON_LD", "rdfxml": "RDF_XML"}[name]
    return list(ox.parse(path=str(file), format=getattr(ox.RdfFormat, form)))


def values(quads: list[ox.Quad], subject: str, predicate: str) -> set[str]:
    wanted = ox.NamedNode(names.expand(subject)), ox.NamedNode(names.expand(predicate))
    return {quad.object.value for quad in quads if (quad.subject, quad.predicate) == wanted}  # type: ignore[union-attr]


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("name", LINKED)
def test_linked_data_say_the_rights_in_each_graph_and_in_the_whole(
    name: str, store: str, corpora: Path, tmp_path: Path
) -> None:
    """The catalogue inside the data and the description beside them agree, and nobody else's graph has our licence."""
    quads = triples(name, exported(corpora, store, name, tmp_path / "out"))
    licence = {"licensed": {LICENCES["CC-BY-SA-4.0"][1]}}.get(store, set())
    assert values(quads, f"graph:{NAME}", "dcterms:license") == licence
    assert values(quads, f"graph:{NAME}", "dcterms:creator") == {names.thing("coder", "tester")}
    assert values(quads, "coder:tester", "foaf:name") == ({"Jane Tester"} if licence else set())
    assert values(quads, "graph:dataset", "dcterms:license") == set()
    (rights,) = values(quads, "graph:dataset", "dcterms:rights")
    assert rights == "; ".join([*TOLD[store], OURS_TOLD])
    coders = {names.thing("coder", coder) for coder in ("tester", *(["airkg"] if store == "both" else []))}
    assert values(quads, "graph:dataset", "dcterms:creator") == coders
    ours = {q.subject.value for q in quads if q.predicate.value.endswith("license") and q.object.value == OURS}  # type: ignore[union-attr]
    founding = {names.source_graph(s) for s in ("baig", "hanggarini2025", "koohkan2026")} if store == "both" else set()
    # the files of ontology and shapes are the project's own, whoever builds with them
    project = tuple(f"{names.BASE}{path}" for path in ("ontology", *_FILES))
    assert {iri for iri in ours if not iri.startswith(project)} == founding


_FILES = ("id/catalogue/distribution.ontology", "id/catalogue/distribution.shapes")


@pytest.mark.parametrize("store", STORES)
def test_tables_say_the_rights_in_each_row_or_beside_the_rows(store: str, corpora: Path, tmp_path: Path) -> None:
    file = exported(corpora, store, "assertions", tmp_path / "assertions.csv")
    rows = [row for row in csv.DictReader(file.open(encoding="utf-8")) if row["source"] == f"source:{NAME}"]
    licence = {"licensed": "CC BY-SA 4.0"}.get(store, "no licence given")
    coder = {"licensed": "Jane Tester (tester)"}.get(store, "tester")
    assert {(row["coder"], row["licence"]) for row in rows} == {(coder, licence)}
    folder = exported(corpora, store, "csv", tmp_path / "tables")
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["description"] == "; ".join([*TOLD[store], OURS_TOLD]) and "licenses" not in package
    assert coder in [person["title"] for person in package["contributors"]]
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    book = openpyxl.load_workbook(exported(corpora, store, "xlsx", tmp_path / "book.xlsx"))
    about = [[cell.value for cell in row] for row in book["about"].iter_rows()]
    assert ["licence", "; ".join([*TOLD[store], OURS_TOLD])] in about
    assert f"{coder} ({names.thing('coder', 'tester')})" in [value for what, value in about if what == "coder"]


@pytest.mark.parametrize("store", STORES)
def test_notes_and_lists_say_it_at_their_head(store: str, corpora: Path, tmp_path: Path) -> None:
    told = "; ".join([*TOLD[store], OURS_TOLD])
    assert told in exported(corpora, store, "bibtex", tmp_path / "works.bib").read_text().splitlines()[0]
    index = (exported(corpora, store, "vault", tmp_path / "vault") / "index.md").read_text()
    assert told in index.replace("\\", "")


@pytest.mark.parametrize("store", STORES)
def test_a_nanopublication_has_the_licence_of_the_coding_it_holds(store: str, corpora: Path, tmp_path: Path) -> None:
    quads = triples("trig", exported(corpora, store, "nanopub", tmp_path / "np.trig"))
    found: dict[str, dict[str, set[str]]] = {}
    for quad in quads:
        about = found.setdefault(quad.graph_name.value.partition("#")[0], {})  # type: ignore[union-attr]
        about.setdefault(names.compact(quad.predicate.value), set()).add(quad.object.value)  # type: ignore[union-attr]
    for about in found.values():
        (source,) = about["prov:hadPrimarySource"]
        own = source.endswith(NAME)
        expected = {OURS} if not own else {LICENCES["CC-BY-SA-4.0"][1]} if store == "licensed" else set()
        # a cited work has no licence here, a source has its text's as a word
        assert {value for value in about.get("dcterms:license", set()) if value.startswith("http")} == expected
        assert about.get("dcterms:rights", set()) == (set() if expected else {TOLD[store][-1]})
        assert names.thing("coder", "tester" if own else "airkg") in about["dcterms:creator"]


def test_a_nanopublication_of_a_claim_that_another_coding_states_says_both(
    corpora: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    """Who asserts a claim of the founding corpus takes its words along, and their licence."""
    small = write_small(tmp_path / "corpus", tmp_path / "texts", vocabulary)
    coding = small.path("coding.yaml").read_text()
    claim = re.search(r"    claim:\n      id: machines-weaken-state-monopoly\n(?:      .*\n)+", coding)
    assert claim
    coding = coding.replace(claim[0], "    claim: ai-diplomacy-is-interplay-of-ai-and-diplomacy\n")
    coding = coding[: coding.index("relations:")] + coding[coding.index("left-out:") :]
    small.path("coding.yaml").write_text(coding)
    pipeline.build(Inputs.of([small.root]), tmp_path / "store")
    job = job_of(tmp_path / "store")
    quads = triples("trig", write("nanopub", job, tmp_path / "np.trig"))
    assertion = ox.NamedNode(names.thing("assertion", NAME, "grip-loosens"))
    (home,) = {
        q.graph_name.value.partition("#")[0]
        for q in quads
        if q.subject == assertion and "#assertion" in str(q.graph_name)
    }
    mine = [q for q in quads if q.graph_name.value.startswith(f"{home}#pubinfo")]  # type: ignore[union-attr]
    said = {names.compact(q.predicate.value): q.object.value for q in mine}  # type: ignore[union-attr]
    assert "dcterms:license" not in said
    assert said["dcterms:rights"] == "; ".join(
        [
            "coding of Baig n.d. by airkg contributors (airkg): CC BY 4.0",
            "coding of Doe 2026 by tester: no licence given",
        ]
    )


@pytest.mark.parametrize("store", STORES)
def test_an_annotation_has_the_licence_of_the_coding_it_holds(store: str, corpora: Path, tmp_path: Path) -> None:
    collection = json.loads(exported(corpora, store, "webannotation", tmp_path / "a.jsonld").read_text())
    share = LICENCES["CC-BY-SA-4.0"][1]
    assert collection.get("rights") == (share if store == "licensed" else None)
    assert all(told in collection["label"] for told in TOLD[store])
    for item in collection["first"]["items"]:
        own = item["target"]["id"].startswith(names.thing("passage", NAME))
        assert item.get("rights") == ((share if store == "licensed" else None) if own else OURS)
        name = ("Jane Tester (tester)" if store == "licensed" else "tester") if own else "airkg contributors (airkg)"
        assert item["creator"]["name"] == name


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES)
def test_a_crate_names_its_coders_and_its_licence_or_that_there_is_none(
    store: str, corpora: Path, tmp_path: Path
) -> None:
    crate = exported(corpora, store, "rocrate", tmp_path / "crate")
    entities = {e["@id"]: e for e in json.loads((crate / "ro-crate-metadata.json").read_text())["@graph"]}
    root = entities["./"]
    assert entities[root["license"]["@id"]]["description"] == "; ".join([*TOLD[store], OURS_TOLD])
    assert root["license"]["@id"] == "#rights"
    by = root["author"] if isinstance(root["author"], list) else [root["author"]]
    authors = [entities[author["@id"]]["name"] for author in by]
    assert authors == {"own": ["tester"], "licensed": ["Jane Tester"], "both": ["airkg contributors", "tester"]}[store]
    assert root["publisher"] == root["author"]
    ours = {i for i, e in entities.items() if e.get("license") == {"@id": OURS}}
    assert ours == {"context.jsonld", "ontology.ttl", "shapes.ttl", "vocabulary.ttl"}


OURS_ALONE = ("context", "ontology", "shapes", "skos")
"""Exports of the project's own words, whatever the store holds."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [form.name for form in export.FORMATS if form.name not in (*LINKED, *OURS_ALONE, "rocrate")]
)
@pytest.mark.parametrize("store", ["own", "licensed"])
def test_nothing_says_our_licence_of_what_is_not_ours(name: str, store: str, corpora: Path, tmp_path: Path) -> None:
    """Whatever the format: once the one true sentence is taken out, neither its name nor its address is left."""
    for path, text in readable(exported(corpora, store, name, tmp_path / "out")):
        rest = html.unescape(text).replace("\\", "").replace(OURS_TOLD, "")
        assert not re.search(r"CC[ -]BY[ -]4\.0|licenses/by/4\.0|airkg contributors", rest), path


def test_the_founding_corpus_is_under_one_licence_by_its_contributors(founding: Path) -> None:
    """Said of the corpus by its own files; no code knows which folders are ours."""
    rights = rights_of(job_of(founding).engine)
    assert (rights.licence, rights.of_codings, rights.creators) == (OURS, OURS, "airkg contributors (airkg)")
