"""The catalogue tells the truth: its counts are those that SPARQL finds, its checksums those of the files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
from conforming import violations
from exporting import job_of, write

from kg import inventory, names, pipeline
from kg.grounds import Engine, local
from kg.queries import with_prefixes
from kg.resources import resource
from kg.store.local import current, open_store, read_seal

DATASET = f"<{inventory.DATASET}>"
SCHEMAS = Path(__file__).parent.parent.parent / "shared" / "schemas"
WHOLE = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{names.CATALOGUE_GRAPH}>)"


@pytest.fixture(scope="module")
def ask(founding: Path) -> Engine:
    """A function that answers SPARQL over the founding corpus, catalogue included."""
    engine = local(open_store(founding))
    return lambda query: engine(with_prefixes(query))


def value(ask: Engine, query: str) -> int:
    return int(ask(query)[0]["n"].value)


def test_the_file_has_its_prefixes_in_order(founding: Path) -> None:
    """Two builds of the same input are the same bytes."""
    lines = (founding.resolve() / "current" / "catalogue.ttl").read_text(encoding="utf-8").splitlines()
    heads = [line for line in lines if line.startswith("@prefix ")]
    assert heads == sorted(heads)
    assert len(heads) > 8


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("triples", f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ {WHOLE} }} }}"),
        (
            "entities",
            f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {WHOLE} FILTER(STRSTARTS(STR(?s), 'https://w3id.org/airkg/id/')) }}",
        ),
        ("classes", f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ {WHOLE} FILTER(?p = rdf:type) }}"),
        ("properties", f"SELECT (COUNT(DISTINCT ?p) AS ?n) {{ {WHOLE} }}"),
        ("distinctSubjects", f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {WHOLE} }}"),
        ("distinctObjects", f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ {WHOLE} }}"),
    ],
)
def test_the_counts_of_the_whole_are_what_sparql_counts(ask: Engine, name: str, count: str) -> None:
    assert value(ask, f"SELECT ?n {{ {DATASET} void:{name} ?n }}") == value(ask, count) > 0


def test_each_class_and_property_is_counted_and_none_is_missing(ask: Engine) -> None:
    """The partitions are complete, so that a reader need not ask what else there is."""
    for kind, unit, pattern in (
        ("class", "entities", "SELECT DISTINCT ?s (?o AS ?term) { WHOLE FILTER(?p = rdf:type) }"),
        ("property", "triples", "SELECT DISTINCT ?s (?p AS ?term) ?o { WHOLE }"),
    ):
        counted = ask(f"SELECT ?term (COUNT(*) AS ?n) {{ {pattern.replace('WHOLE', WHOLE)} }} GROUP BY ?term")
        told = ask(
            f"SELECT ?term ?n {{ {DATASET} void:{kind}Partition ?part . ?part void:{kind} ?term ; void:{unit} ?n }}"
        )
        assert {(r["term"].value, r["n"].value) for r in told} == {(r["term"].value, r["n"].value) for r in counted}
        assert len(told) == len(counted) > 50


def test_each_graph_is_a_part_with_its_own_counts(ask: Engine, founding: Path) -> None:
    """A source's share can be read off, and the parts are all that there is."""
    seal = read_seal(founding) or {}
    parts = {row["g"].value for row in ask(f"SELECT ?g {{ {DATASET} void:subset ?g }}")}
    sources = {names.source_graph(source) for source in seal["sources"]}
    assert parts == {names.ONTOLOGY_GRAPH, names.VOCABULARY_GRAPH, names.DERIVED_GRAPH, *sources}
    for graph in sorted(parts):
        inside = f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        for name, count in (
            ("triples", "COUNT(*)"),
            ("distinctSubjects", "COUNT(DISTINCT ?s)"),
            ("properties", "COUNT(DISTINCT ?p)"),
            ("distinctObjects", "COUNT(DISTINCT ?o)"),
        ):
            told = value(ask, f"SELECT ?n {{ <{graph}> void:{name} ?n }}")
            assert told == value(ask, f"SELECT ({count} AS ?n) {{ {inside} }}"), (graph, name)
    own = value(ask, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{names.CATALOGUE_GRAPH}> {{ ?s ?p ?o }} }}")
    whole = sum(value(ask, f"SELECT ?n {{ <{graph}> void:triples ?n }}") for graph in parts)
    assert own + whole == seal["quads"]


def test_a_source_is_told_with_its_claims_and_assertions(ask: Engine, founding: Path) -> None:
    """The sum over the sources is what the seal says."""
    seal = read_seal(founding) or {}
    rows = ask(
        "SELECT ?source ?n { ?graph dcterms:source ?source ; void:classPartition ?part . "
        "?part void:class air:Assertion ; void:entities ?n }"
    )
    assert {names.slug_of(row["source"].value) for row in rows} == set(seal["sources"])
    assert sum(int(row["n"].value) for row in rows) == seal["assertions"]


def test_the_vocabularies_are_those_of_the_classes_and_properties_in_use(ask: Engine) -> None:
    told = {row["v"].value for row in ask(f"SELECT ?v {{ {DATASET} void:vocabulary ?v }}")}
    classes = f"{WHOLE} FILTER(?p = rdf:type) BIND(?o AS ?t)"
    terms = ask(f"SELECT DISTINCT ?t {{ {{ {WHOLE} BIND(?p AS ?t) }} UNION {{ {classes} }} }}")
    assert all(any(row["t"].value.startswith(namespace) for namespace in told) for row in terms)
    assert all(any(row["t"].value.startswith(namespace) for row in terms) for namespace in told)
    assert {names.AIR, names.PREFIXES["cito"], names.PREFIXES["prov"]} <= told


def test_a_distribution_has_its_form_and_the_checksum_of_its_file(ask: Engine) -> None:
    """Who downloads a file can tell whether it is the one that was built from."""
    rows = ask(
        "SELECT ?title ?media ?size ?sum { ?d a dcat:Distribution ; dcterms:title ?title ; dcat:mediaType ?media ; "
        "dcat:byteSize ?size ; spdx:checksum ?c . ?c spdx:algorithm spdx:checksumAlgorithm_sha256 ; "
        "spdx:checksumValue ?sum }"
    )
    found = {row["title"].value: row for row in rows}
    files = [(kind, file) for kind in ("ontology", "shapes") for file in resource(kind).rglob("*.ttl")]
    assert set(found) == {f"{kind}/{file.relative_to(resource(kind)).as_posix()}" for kind, file in files}
    for kind, file in files:
        row, content = found[f"{kind}/{file.relative_to(resource(kind)).as_posix()}"], file.read_bytes()
        assert row["sum"].value == hashlib.sha256(content).hexdigest()
        assert int(row["size"].value) == len(content)
        assert row["media"].value.endswith("/text/turtle")


def test_the_file_beside_the_store_has_the_checksum_of_the_whole(founding: Path, tmp_path: Path) -> None:
    """The canonical N-Quads that anybody exports have the sum that the catalogue gives."""
    build = current(founding)
    assert build
    text = (build / inventory.FILE).read_text(encoding="utf-8")
    triples = {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
    inside = open_store(founding).quads_for_pattern(None, None, None, ox.NamedNode(names.CATALOGUE_GRAPH))
    more = triples - {quad.triple for quad in inside}
    exported = write("nquads", job_of(founding), tmp_path / "graph.nq")
    digest = hashlib.sha256(exported.read_bytes()).hexdigest()
    assert {t.object.value for t in more if t.predicate.value.endswith("checksumValue")} == {digest}
    sizes = {t for t in more if t.predicate.value.endswith("byteSize")}
    agents = {t for t in more if t.subject.value == names.thing("coder", "airkg")}
    assert {t.object.value for t in agents} == {names.expand("foaf:Agent")}
    told = {t.subject.value.rpartition("/")[2] for t in more - sizes - agents}
    assert told == {"distribution.nquads", "checksum.nquads"}
    assert {t.object.datatype.value.rpartition("#")[2] for t in sizes} == {"nonNegativeInteger"}


def test_two_builds_describe_themselves_in_the_same_bytes(small, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """No time of day, no path of a machine, no order of chance."""
    texts = []
    for name in ("one", "two"):
        pipeline.build(small.inputs, tmp_path / name)
        build = current(tmp_path / name)
        assert build
        texts.append((build / inventory.FILE).read_bytes())
    assert texts[0] == texts[1]
    assert str(tmp_path).encode() not in texts[0]


def test_the_licence_is_ours_to_give_only_where_the_coding_is_ours(small, founding: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """What a scholar codes for themselves is theirs."""
    pipeline.build(small.inputs, tmp_path / "store")
    query = with_prefixes(f"SELECT ?l {{ {DATASET} dcterms:license ?l }}")
    assert local(open_store(tmp_path / "store"))(query) == []
    assert len(local(open_store(founding))(query)) == 1


# ── DCAT-AP ───────────────────────────────────────────────────────────────────────────────────────────

PROFILE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix spdx: <http://spdx.org/rdf/terms#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Catalog ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dct:creator ; sh:class foaf:Agent ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:publisher ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dct:issued ; sh:maxCount 1 ; sh:datatype xsd:date ] ,
    [ sh:path dcat:version ; sh:maxCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dcat:distribution ; sh:class dcat:Distribution ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] ,
    [ sh:path dcat:mediaType ; sh:maxCount 1 ; sh:class dct:MediaType ] ,
    [ sh:path dct:license ; sh:maxCount 1 ; sh:class dct:LicenseDocument ] ,
    [ sh:path spdx:checksum ; sh:maxCount 1 ; sh:class spdx:Checksum ] .
[] a sh:NodeShape ; sh:targetClass spdx:Checksum ;
  sh:property [ sh:path spdx:algorithm ; sh:minCount 1 ; sh:maxCount 1 ; sh:class spdx:ChecksumAlgorithm ] ,
    [ sh:path spdx:checksumValue ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:hexBinary ] .
[] a sh:NodeShape ; sh:targetClass foaf:Agent ;
  sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
"""
"""What DCAT-AP 3 demands of the classes that we use, in our own words."""


def catalogue_of(store: Path) -> str:
    build = current(store)
    assert build
    return (build / inventory.FILE).read_text(encoding="utf-8")


def test_the_catalogue_has_what_dcat_ap_demands(founding: Path) -> None:
    """A portal takes a description that conforms to its profile, and no other."""
    text = catalogue_of(founding)
    assert violations(text, PROFILE) == []
    for told, path in (("dcat:accessURL ", "accessURL"), ("foaf:name ", "name"), ("dcat:dataset ", "dataset")):
        spoiled = text.replace(told, "dcterms:relation ")
        assert {found.rpartition("#")[2].rpartition("/")[2] for found in violations(spoiled, PROFILE)} == {path}


def test_the_catalogue_of_a_corpus_of_ones_own_has_it_too(small, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    pipeline.build(small.inputs, tmp_path / "store")
    assert violations(catalogue_of(tmp_path / "store"), PROFILE) == []


@pytest.mark.skipif(not list(SCHEMAS.glob("dcat-ap/*.ttl")), reason="the profile's own shapes are not at hand")
@pytest.mark.parametrize("file", sorted(SCHEMAS.glob("dcat-ap/*.ttl")), ids=lambda file: file.name)
def test_the_profiles_own_shapes_find_nothing(file: Path, founding: Path) -> None:
    assert violations(catalogue_of(founding), file.read_text(encoding="utf-8")) == []


def test_every_address_of_a_file_is_one_that_the_rules_lead_to_it(founding: Path) -> None:
    from kg import __version__, reference

    pages = reference.render(__version__)
    found = {q.object.value for q in open_store(founding) if q.predicate.value.endswith("accessURL")}  # type: ignore[union-attr]
    for address in found - {inventory.DATASET}:
        path = address.removeprefix(names.BASE)
        assert f"{path}.ttl" in pages or f"{path}/airkg.ttl" in pages, address
