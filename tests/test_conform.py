"""What is exported conforms to our own shapes, as somebody finds out who has pySHACL and not `kg`.

The program is run as the documentation says, with one file of shapes and one of data and no further option. Faults
planted in the exported file are found by it; and what only a rule may say is refused where a source says it.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
import rdflib
from exporting import job_of, write
from small import spoil, write_small

from kg import names, pipeline, release, resources
from kg.export.shapes import merged
from kg.load.inputs import Inputs
from kg.load.vocabulary import Vocabulary
from kg.validate.shapes import activated, conform

Found = tuple[str, str]
"""Name of a shape, and the node that breaks it in its short form."""

PROGRAMS = {
    "kg": [sys.executable, "-m", "kg"],
    "pyshacl": [sys.executable, "-c", "from pyshacl.cli import main; main('pyshacl')"],
}
"""How each program is run, wherever it is installed."""

DOCUMENTATION = Path(__file__).parent.parent / "docs" / "exports.md"


def documented() -> list[str]:
    """Return the blocks of commands that the documentation gives for validating without `kg`."""
    text = DOCUMENTATION.read_text(encoding="utf-8")
    return re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


REPORT = re.compile(r"Source Shape: (\S+)\n\s*Focus Node: (\S+)\n")


def pyshacl(shapes: Path, data: Path) -> tuple[bool, set[Found]]:
    """Run pySHACL's own program; return whether it says that the data conform, and what it found."""
    words = ["-s", str(shapes), "-f", "human", str(data)]
    done = subprocess.run([*PROGRAMS["pyshacl"], *words], capture_output=True, text=True)
    said = re.match(r"Validation Report\nConforms: (True|False)\n", done.stdout)
    assert said, done.stderr[-2000:]
    assert (done.returncode == 0) == (said[1] == "True")
    found = {(names.slug_of(names.expand(shape)), focus) for shape, focus in REPORT.findall(done.stdout)}
    told = re.search(r"Results \((\d+)\)", done.stdout)
    assert bool(found) == bool(told)
    return said[1] == "True", found


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> dict[bool, Path]:
    """The exported shapes: those for asserted data under True, those for whole exports under False."""
    folder, job = tmp_path_factory.mktemp("shapes"), job_of(founding)
    return {
        asserted: write("shapes", replace(job, asserted=asserted), folder / f"shapes-{asserted}.ttl")
        for asserted in (True, False)
    }


OWN = """\
@prefix air: <https://w3id.org/airkg/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix technology: <https://w3id.org/airkg/id/technology/> .

technology:sea-cable
    a air:Technology , skos:Concept ;
    rdfs:isDefinedBy <https://example.org/cables> ;
    skos:prefLabel "sea cable"@en ;
    skos:definition "A line on the sea bed that carries signals."@en ;
    .
"""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    """A folder with two stores: a scholar's `own` corpus with a term of its own, and `both` this and the founding."""
    root = tmp_path_factory.mktemp("own")
    small = write_small(root / "corpus", root / "texts", vocabulary)
    (small.folder / "vocabulary.ttl").write_text(OWN, encoding="utf-8")
    spoil(small, "coding.yaml", "      attribute: owners", "      relates-to: ‸sea-cable\n      attribute: owners")
    pipeline.build(Inputs.of([small.root], founding=False), root / "own")
    pipeline.build(Inputs.of([small.root]), root / "both")
    return root


@pytest.mark.slow
@pytest.mark.parametrize("block", documented(), ids=["whole", "asserted"])
def test_the_documented_commands_give_the_documented_output(
    block: str, founding: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was sent the files and the page needs nothing of ours to see that the founding corpus conforms."""
    monkeypatch.setenv("KG_STORE", str(founding))
    commands, output = [line[2:] for line in block.splitlines() if line.startswith("$ ")], ""
    for command in commands:
        name, *words = shlex.split(command)
        done = subprocess.run([*PROGRAMS[name], *words], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        output += done.stdout
    assert len(commands) == 3 and output.splitlines() == block.splitlines()[3:]


@pytest.mark.slow
@pytest.mark.parametrize(("corpus", "asserted"), [("own", False), ("own", True), ("both", False)])
def test_an_export_of_a_scholar_s_own_conforms(
    corpus: str, asserted: bool, stores: Path, shapes: dict[bool, Path], tmp_path: Path
) -> None:
    """With a term of one's own, alone and together with the founding corpus."""
    file = write("turtle", replace(job_of(stores / corpus), asserted=asserted), tmp_path / "graph.ttl")
    assert pyshacl(shapes[asserted], file) == (True, set())


def nameless(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def canonical(triples: Iterable[ox.Triple]) -> set[ox.Quad]:
    """Return quads whose blank nodes have canonical names: the same for isomorphic graphs and for no others."""
    data = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(data)


@pytest.mark.parametrize("name", ["turtle", "trig", "nquads", "jsonld", "rdfxml"])
def test_asserted_is_what_is_in_the_graphs_of_sources_ontology_and_vocabulary(
    name: str, small_store: Path, tmp_path: Path
) -> None:
    """Not a triple of a rule, not a triple fewer of a source; and the axioms with blank nodes, which no store holds."""
    form = {"turtle": "TURTLE", "trig": "TRIG", "nquads": "N_QUADS", "jsonld": "JSON_LD", "rdfxml": "RDF_XML"}[name]
    job = job_of(small_store)
    file = write(name, replace(job, asserted=True), tmp_path / "out")
    about = ox.NamedNode(names.thing("graph", "dataset"))
    read = {quad.triple for quad in ox.parse(path=str(file), format=getattr(ox.RdfFormat, form))}
    rows = job.engine("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }")
    left_out = (names.DERIVED_GRAPH, names.CATALOGUE_GRAPH)
    stored = {ox.Triple(r["s"], r["p"], r["o"]) for r in rows if r["g"].value not in left_out}  # type: ignore[arg-type]
    axioms = {triple for triple in read if nameless(triple)}
    assert {triple for triple in read - axioms if triple.subject != about} == stored
    assert canonical(axioms) == (set() if name == "nquads" else canonical(release.nameless()))
    title = {str(t.object) for t in read if t.subject == about and t.predicate.value.endswith("terms/title")}
    assert name == "nquads" or any("without what rules derive" in text for text in title)
    assert len(read - axioms) < len({ox.Triple(r["s"], r["p"], r["o"]) for r in rows})  # type: ignore[arg-type]


# ── the file of shapes ────────────────────────────────────────────────────────────────────────────────


def test_the_exported_shapes_are_those_of_the_folder(shapes: dict[bool, Path]) -> None:
    """Joined as text, read as one graph; what is for asserted data alone is off in the one and on in the other."""
    turtle = ox.RdfFormat.TURTLE
    folder = [
        quad.triple
        for path in resources.files("shapes", "*.ttl")
        for quad in ox.parse(path=str(path), format=turtle, rename_blank_nodes=True)
    ]
    switched_on = activated(folder)
    for asserted, expected in ((False, folder), (True, switched_on)):
        read = [quad.triple for quad in ox.parse(path=str(shapes[asserted]), format=turtle)]
        assert canonical(read) == canonical(expected)
    assert len(folder) - len(switched_on) > 5
    assert merged() == shapes[False].read_text(encoding="utf-8") == merged()


@pytest.mark.slow
def test_the_shapes_are_shapes(shapes: dict[bool, Path]) -> None:
    """By the W3C's own shapes of shapes, which pySHACL carries; they nest deeper than its default allows."""
    import pyshacl as library

    judge = Path(library.__file__).parent / "assets" / "shacl-shacl.ttl"
    data = rdflib.Graph().parse(shapes[False])
    conforms, _, text = library.validate(data, shacl_graph=str(judge), max_validation_depth=100)
    assert conforms, text


# ── planted faults ────────────────────────────────────────────────────────────────────────────────────


VOICED = "air:hasVoice code:voice.own"
CITES = "air:hasAttribution ?x ; air:hasStance code:stance.endorses . MINUS { ?thing air:heldBy ?y }"


class Fault(NamedTuple):
    """A fault in the first thing of a class that no other fault took, and that fits `where`: the shape it breaks.

    `says` replaces what the thing says by its first word, the predicate; with a plus before it, it is added.
    """

    name: str
    cls: str
    says: str
    shape: str
    where: str = ""


FAULTS = (
    Fault("no stance", "air:Assertion", "air:hasStance", "AssertionShape-hasStance"),
    Fault("two hedges", "air:Assertion", "+air:hasHedge code:hedge.nowhere", "AssertionShape-hasHedge"),
    Fault("a stance for a mode", "air:Assertion", "air:hasMode code:stance.reports", "AssertionShape-hasMode"),
    Fault("two claims", "air:Assertion", "+air:asserts actor:china", "AssertionShape-asserts"),
    Fault("a day in words", "air:Assertion", 'dcterms:created "last week"', "AssertionShape-created"),
    Fault(
        "attributed to nobody", "air:Assertion", "air:hasVoice code:voice.attributed", "AttributedVoiceShape", VOICED
    ),
    Fault("credits in its own voice", "air:Assertion", "air:hasVoice code:voice.own", "CreditingShape-hasVoice", CITES),
    Fault(
        "held by a risk", "air:Assertion", "air:heldBy risk:misinformation", "AssertionShape-heldBy", "air:heldBy ?x"
    ),
    Fault("no scope", "air:Attribution", "air:hasScope", "AttributionShape-hasScope"),
    Fault("changes nothing", "air:EffectClaim", "air:hasAffected", "EffectClaimShape-hasAffected"),
    Fault("a slot of another kind", "air:EffectClaim", "air:hasRisk risk:misinformation", "EffectClaimShape"),
    Fault("a misspelt property", "air:EffectClaim", "air:hasMecanism mechanism:cyber-warfare", "EffectClaimShape"),
    Fault("arises from words", "air:RiskClaim", 'air:arisesFrom "machines"', "RiskClaimShape-arisesFrom"),
    Fault("not in English", "air:PositionClaim", 'air:statement "چنین است."@fa', "ClaimShape-statement"),
    Fault("an actor for a domain", "air:Assertion", "air:hasDomain actor:china", "AssertionShape-hasDomain"),
    Fault("a domain of a claim", "air:FactClaim", "air:hasDomain domain:security", "FactClaimShape"),
    Fault("no reason", "air:ClaimLink", "air:reason", "ClaimLinkShape-reason"),
    Fault("a link of no kind", "air:ClaimLink", "air:hasLinkProperty", "ClaimLinkShape-hasLinkProperty"),
    Fault("no digest", "air:Passage", "air:digest", "PassageShape-digest"),
    Fault("all the words", "air:Passage", f'air:words "{"word " * 14}"', "PassageShape-words"),
    Fault("ends before it starts", "oa:TextPositionSelector", "oa:end 0", "PositionShape-start-order"),
    Fault("two titles", "air:Section", 'skos:prefLabel "One"@en, "Two"@en', "SectionShape-prefLabel"),
    Fault("an address for a DOI", "air:Work", 'bibo:doi "https://doi.org/10.1/x"', "WorkShape-doi", "bibo:doi ?x"),
    Fault("a year in words", "air:Work", 'dcterms:issued "spring 2019"', "WorkShape-issued", "dcterms:issued ?x"),
    Fault("half a hash", "air:Source", 'air:textHash "1ed1fe60"', "SourceShape-textHash"),
    Fault("wider than its kind", "air:PowerType", "skos:broader actor:china", "PowerTypeShape-broader"),
    Fault("an edge of no claim", "air:EffectEdge", "air:standsFor", "EffectEdgeShape-standsFor"),
    Fault("a force for a direction", "air:Effect", "air:hasDirection code:force.may", "EffectShape-hasDirection"),
    Fault("nobody's coder", "air:Coder", "skos:prefLabel", "CoderShape-prefLabel"),
    Fault("a class without a meaning", "owl:Class", "skos:definition", "EntityMeaningShape", "skos:example ?x"),
)


def plant(store: ox.Store, fault: Fault, taken: Collection[str]) -> str:
    """Put the fault into the graph; return the thing that has it now."""
    where = f"?thing {fault.where} ." if fault.where else ""
    query = f"SELECT DISTINCT ?thing {{ ?thing a {fault.cls} . {where} }} ORDER BY ?thing"
    rows: Any = store.query(query, prefixes=names.PREFIXES)
    thing = next(row["thing"] for row in rows if row["thing"].value not in taken)
    predicate, _, values = fault.says.removeprefix("+").partition(" ")
    if not fault.says.startswith("+"):
        for quad in list(store.quads_for_pattern(thing, ox.NamedNode(names.expand(predicate)), None)):
            store.remove(quad)
    if values:
        head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.PREFIXES.items())
        store.extend(ox.parse(f"{head}{thing} {predicate} {values} .", format=ox.RdfFormat.TURTLE))
    return str(thing.value)


@pytest.fixture(scope="module")
def planted(
    founding: Path, shapes: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Found], set[Found]]:
    """By the fault's name what should be found, and what is found, in an export with one of each fault."""
    file = write("turtle", job_of(founding), tmp_path_factory.mktemp("planted") / "graph.ttl")
    store = ox.Store()
    store.extend(ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
    expected: dict[str, Found] = {}
    for fault in FAULTS:
        thing = plant(store, fault, [names.expand(node) for _, node in expected.values()])
        expected[fault.name] = (fault.shape, names.compact(thing))
    store.dump(str(file), format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph(), prefixes=names.PREFIXES)
    conforms, found = pyshacl(shapes[False], file)
    assert not conforms
    return expected, found


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_planted_in_an_export_is_found(fault: Fault, planted: tuple[dict[str, Found], set[Found]]) -> None:
    """The shapes are worth sending along only if they catch what goes wrong after the export."""
    expected, found = planted
    assert expected[fault.name] in found


@pytest.mark.slow
def test_nothing_is_found_but_what_was_planted(planted: tuple[dict[str, Found], set[Found]]) -> None:
    expected, found = planted
    assert found == set(expected.values()) and len(expected) == len(FAULTS) >= 15
    assert len({fault.cls for fault in FAULTS}) >= 10


# ── what only rules may say ───────────────────────────────────────────────────────────────────────────

BOTH = {
    names.expand(name) for name in ("rdf:type", "air:isArguablyNarrowerThan", "air:isInTensionWith", "skos:broader")
}
"""What a rule derives and a coder, or a vocabulary, may state as well."""


@pytest.mark.slow
def test_a_source_that_says_what_only_a_rule_may_say_is_refused() -> None:
    """One list for ten closed shapes allows derived predicates in exports; the build still keeps them out.

    One derived triple for each predicate and class of its subject is put among the asserted ones.
    """
    asserted = pipeline.load(Inputs.of())
    classes: dict[str, set[str]] = {}
    for quad in asserted.quads:
        if quad.predicate.value == names.expand("rdf:type"):
            classes.setdefault(str(quad.subject), set()).add(str(quad.object))
    samples: dict[tuple[str, frozenset[str]], ox.Quad] = {}
    for quad in pipeline.derive(asserted):
        known = frozenset(classes.get(str(quad.subject), ()))
        if quad.predicate.value not in BOTH and (known or "edge/" not in str(quad.subject)):
            samples.setdefault((quad.predicate.value, known), quad)
    said = ox.NamedNode(names.source_graph("baig"))
    quads = [ox.Quad(q.subject, q.predicate, q.object, said) for q in samples.values()]
    found = {f.focus for f in conform([*asserted.quads, *quads], asserted.shapes, {}) if f.rule.startswith("Derived")}
    missed = {f"{q.subject} {q.predicate}" for q in quads if q.subject.value not in found}  # type: ignore[union-attr]
    assert missed == set() and len(samples) > 50
    assert not [f for f in conform(asserted.quads, asserted.shapes, {}) if f.severity == "violation"]
