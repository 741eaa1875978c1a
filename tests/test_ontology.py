"""The ontology keeps its form, passes its own lint, and every rule of the lint has been seen to fail."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from small import Small

from kg import names
from kg.__main__ import main
from kg.headers import SEVERITIES
from kg.load.turtle import read_turtle
from kg.resources import files
from kg.store.local import open_store
from kg.validate import lint
from kg.validate.checks import check
from kg.validate.findings import Finding

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases" / "checks"
FILES = [*files("ontology", "**/*.ttl"), *files("shapes", "*.ttl")]
VOCABULARY = files("ontology", "vocabulary/*.ttl")
CHECKS = {query.name: query for query in lint.checks()}
SECTIONS = ("Classes", "Properties", "Individuals", "Axioms", "Mappings")

TERM = re.compile(r"(?:[a-z][\w-]*:[\w.-]+|<[^>]+>)")


def shown(file: Path) -> str:
    return file.relative_to(file.parent.parent.parent).as_posix()


def blocks(file: Path) -> list[tuple[str, list[str]]]:
    """Return the blocks of a file below its prefixes: the section in which each stands, and its lines."""
    section, found = "", []
    body = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("@prefix")]
    for block in re.split(r"\n\n+", "\n".join(body).strip("\n")):
        lines = block.split("\n")
        if len(lines) == 1 and lines[0].startswith("# "):
            section = lines[0][2:]
        else:
            found.append((section, [line for line in lines if not line.startswith("#")]))
    return found


@cache
def triples(file: Path) -> tuple[ox.Triple, ...]:
    return tuple(read_turtle(file, blank_nodes=True))


# ── form ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_prefix_block_is_the_same_everywhere() -> None:
    """A block of one file can be moved to another, and a diff shows terms only."""
    heads = {
        tuple(x for x in file.read_text(encoding="utf-8").split("\n") if x.startswith("@prefix")) for file in FILES
    }
    assert len(heads) == 1
    assert all(names.PREFIXES.get(p, iri) == iri for p, iri in re.findall(r"@prefix (\S+): <(.*?)>", "\n".join(*heads)))
    for file in FILES:
        first, _, rest = file.read_text(encoding="utf-8").partition("\n\n")
        assert "@prefix" not in rest, shown(file)
        assert all(line.startswith("@prefix ") for line in first.split("\n")), shown(file)


@pytest.mark.parametrize("file", FILES, ids=shown)
def test_a_file_is_made_of_one_block_a_term_that_closes_on_its_own_line(file: Path) -> None:
    """So that an added line is a one-line diff."""
    text = file.read_text(encoding="utf-8")
    assert text.endswith("\n    .\n")
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    for _, lines in blocks(file):
        assert TERM.fullmatch(lines[0]) or lines[0] == "[]", lines[0]
        assert lines[-1] == "    .", lines[0]
        assert all(line.startswith("    ") for line in lines[1:]), lines[0]


@pytest.mark.parametrize("file", FILES, ids=shown)
def test_blocks_are_alphabetical_within_their_section_and_stand_once(file: Path) -> None:
    """Who looks for a term finds its place; who adds one knows where."""
    by_section: dict[str, list[str]] = {}
    for section, lines in blocks(file):
        if lines[0] != "[]":
            by_section.setdefault(section, []).append(lines[0])
    for section, terms in by_section.items():
        if section:
            assert terms == sorted(terms, key=str.casefold), f"{section} of {shown(file)}"
        assert len(terms) == len(set(terms)), f"{section} of {shown(file)}"
    if file.parent.name == "ontology":
        assert [s for s in by_section if s] == [s for s in SECTIONS if s in by_section]


@pytest.mark.parametrize("file", FILES, ids=shown)
def test_the_type_comes_first(file: Path) -> None:
    """What a term is comes before what is said of it; blocks of axioms and mappings declare nothing."""
    for section, lines in blocks(file):
        if section in ("Axioms", "Mappings") and lines[0] != "[]":
            assert not any(re.match(r"    a\b", line) for line in lines), lines[0]
        else:
            assert lines[1].startswith("    a "), lines[0]


@pytest.mark.parametrize("file", VOCABULARY, ids=shown)
def test_a_term_of_the_vocabulary_has_its_parts_in_their_order(file: Path) -> None:
    """Type, home, labels, definition, notes, broader terms, and what the kind adds."""
    order = (
        *("a", "rdfs:isDefinedBy", "skos:prefLabel", "air:translatedInto", "skos:altLabel", "skos:definition"),
        *("skos:example", "skos:scopeNote", "skos:editorialNote", "skos:changeNote"),
        *("iso-thes:broaderGeneric", "iso-thes:broaderInstantial", "iso-thes:broaderPartitive"),
        *(
            "skos:related",
            "air:isArguablyNarrowerThan",
            "air:isOppositeOf",
            "air:kindOf",
            "air:hasDirection",
            "air:hasEdgeProperty",
        ),
        *("owl:deprecated", "dcterms:isReplacedBy"),
    )
    for _, lines in blocks(file):
        keys = [line.split()[0] for line in lines[1:-1]]
        assert keys == sorted(keys, key=order.index), lines[0]
        assert len(keys) == len(set(keys)), lines[0]


def test_every_term_says_what_it_is_called_what_it_means_and_where_it_is_defined() -> None:
    """The style's promise: label, home and meaning; a foreign term says its use and keeps its meaning."""
    skos, rdf, owl = (names.PREFIXES[p] for p in ("skos", "rdf", "owl"))
    facts: dict[str, dict[str, set[str]]] = {}
    for file in FILES:
        for t in triples(file):
            if isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.NamedNode | ox.Literal):
                facts.setdefault(t.subject.value, {}).setdefault(t.predicate.value, set()).add(t.object.value)
    kinds = {owl + x for x in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")} | {
        skos + "Concept"
    }
    terms = {iri: about for iri, about in facts.items() if about.get(rdf + "type", set()) & kinds}
    assert len(terms) > 900
    for iri, about in terms.items():
        meaning, other = ("definition", "scopeNote")[:: 1 if iri.startswith(names.BASE) else -1]
        assert {skos + "prefLabel", skos + meaning, names.PREFIXES["rdfs"] + "isDefinedBy"} <= set(about), iri
        assert other == "scopeNote" or skos + other not in about, iri
    classes = [i for i, about in terms.items() if owl + "Class" in about[rdf + "type"] and i.startswith(names.AIR)]
    assert [names.compact(i) for i in sorted(classes) if skos + "example" not in terms[i]] == []


def test_all_that_is_ours_has_a_persian_label_too() -> None:
    """Classes, properties, codes and terms stand in answers and pages; none falls back to English inside a row."""
    labels, ours = set[str](), set[str]()
    for file in files("ontology", "**/*.ttl"):
        for t in triples(file):
            iri = t.subject.value if isinstance(t.subject, ox.NamedNode) else ""
            if t.predicate.value == names.PREFIXES["skos"] + "prefLabel" and iri.startswith(names.BASE):
                ours.add(iri)
                labels |= {iri} if isinstance(t.object, ox.Literal) and t.object.language == "fa" else set()
    assert len(ours) > 900
    assert sorted(map(names.compact, ours - labels)) == []


# ── isolated terms ────────────────────────────────────────────────────────────────────────────────────

ISOLATED = dict.fromkeys(
    ("domain:economic", "domain:environmental", "domain:scholarly"),
    "a field of its own in a list of fields beside each other",
)
"""Terms without any broader, narrower, related or opposite term, each with the reason why it stands alone."""


def test_no_term_stands_alone_without_a_reason() -> None:
    """A thesaurus leads from each term to its neighbours; kinds of relations and what is deprecated have none."""
    ties = {names.expand(f"iso-thes:broader{sort}") for sort in ("Generic", "Instantial", "Partitive")}
    ties |= {names.expand("skos:related"), names.expand("air:isOppositeOf")}
    concepts, apart = set[str](), set[str]()
    for t in (t for file in VOCABULARY for t in triples(file)):
        iri = getattr(t.subject, "value", "")
        if t.predicate.value in ties:
            apart |= {iri, getattr(t.object, "value", "")}
        elif t.predicate.value == names.expand("owl:deprecated") or iri.startswith(names.PREFIXES["relation"]):
            apart.add(iri)
        elif getattr(t.object, "value", "") == names.expand("skos:Concept"):
            concepts.add(iri)
    alone = {names.compact(iri) for iri in concepts - apart}
    assert sorted(alone - set(ISOLATED)) == []
    assert sorted(set(ISOLATED) - alone) == [], "no longer isolated"


# ── orphans ───────────────────────────────────────────────────────────────────────────────────────────

KNOWN_ORPHANS = {
    "code:force.may": "completes the list must, should, may, which the coding format fixes",
    "actor:turkey": "named by a source only within another term; kept for its match in Wikidata",
    "code:role.translator": "completes author, editor, translator, which CSL fixes; no list of the corpus names one",
    "power:coercive-power": "completes hard power beside military power",
    **dict.fromkeys(("air:DevelopedState", "air:DevelopingState"), "deprecated: whether a state is one is a claim"),
    **dict.fromkeys(
        (
            *(
                "actor:citizens",
                "actor:diplomatic-institutions",
                "actor:like-minded-states",
                "actor:middle-power-governments",
                "mechanism:control-over-data",
            ),
            *(
                "mechanism:ethical-standard-setting",
                "mechanism:online-recruitment",
                "mechanism:redefinition-of-authority",
            ),
        ),
        "a released name is never taken back; the second reading found that no sentence gives it a slot",
    ),
    "relation:originates-in": "a released name is never taken back; the one claim that had it says first use",
}
"""Terms that nothing uses, each with the reason why it stays."""


def test_no_term_is_there_that_nothing_uses(founding: Path) -> None:
    """A class, property, code or individual that no question, shape, term, coding or rule names is dead weight."""
    used: set[str] = set()
    for quad in open_store(founding):
        used |= {node.value for node in (quad.predicate, quad.object) if isinstance(node, ox.NamedNode)}
    for file in files("shapes", "*.ttl"):
        used |= {t.object.value for t in triples(file) if isinstance(t.object, ox.NamedNode)}
    for file in files("queries", "*/*.rq"):
        used |= {names.expand(word) for word in re.findall(r"[a-z][\w-]*:[\w.-]*\w", file.read_text(encoding="utf-8"))}
    code = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "kg").rglob("*.py")))
    used |= {names.PREFIXES["fabio"] + word for word in re.findall(r'"([A-Z]\w+)"', code)}
    declared = {
        t.subject.value
        for file in files("ontology", "**/*.ttl")
        for t in triples(file)
        if t.predicate.value == names.PREFIXES["rdf"] + "type" and isinstance(t.subject, ox.NamedNode)
    }
    terms = {iri for iri in declared if not iri.startswith(names.BASE + "ontology")}
    defined = {t.subject for f in files("ontology", "definitions.ttl") for t in triples(f)}
    orphans = {names.compact(iri) for iri in terms - used if ox.NamedNode(iri) not in defined}
    assert orphans <= set(KNOWN_ORPHANS), sorted(orphans - set(KNOWN_ORPHANS))


# ── lint ──────────────────────────────────────────────────────────────────────────────────────────────


@cache
def own_findings() -> tuple[Finding, ...]:
    return tuple(lint.lint())


def test_our_own_ontology_passes() -> None:
    """We keep the rules that we set."""
    assert [lint.line(finding) for finding in own_findings()] == []


def test_findings_come_in_the_order_of_files_and_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever mends them goes through each file once."""
    told = [
        Finding("warning", rule, iri, "", "told")
        for rule, iri in (("b", "air:Term"), ("a", "air:Firm"), ("a", "air:Actor"), ("b", "air:Actor"))
    ]
    monkeypatch.setattr(lint, "conform", lambda *_: [replace(f, focus=names.expand(f.focus)) for f in told])
    monkeypatch.setattr(lint, "check", lambda *_: [])
    found = [(f.place.file.name, names.compact(f.focus), f.rule) for f in lint.lint() if f.place]
    assert found == [
        *(("actors.ttl", "air:Actor", "a"), ("actors.ttl", "air:Actor", "b"), ("actors.ttl", "air:Firm", "a")),
        ("basics.ttl", "air:Term", "b"),
    ]


def case_findings(file: Path) -> list[Finding]:
    """Return what all checks of the ontology find in a case, which stands in a named graph as a file does."""
    graph = ox.NamedNode(f"{names.BASE}ontology/case")
    store = ox.Store()
    parsed = ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in parsed)
    return check(store, list(CHECKS.values()), {})


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_passes_what_is_right(name: str) -> None:
    """A rule that also finds what is right would be switched off by the first who meets it."""
    assert [lint.line(finding) for finding in case_findings(CASES / name / "pass.ttl")] == []


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_finds_what_is_wrong_and_no_other_does(name: str) -> None:
    """A rule nobody has seen fail is not a rule."""
    found = case_findings(CASES / name / "fail.ttl")
    assert {finding.rule for finding in found} == {name}, [lint.line(finding) for finding in found]
    assert {finding.severity for finding in found} == {CHECKS[name].header["severity"]}
    for finding in found:
        assert names.compact(finding.focus) in finding.message
        assert "{" not in finding.message


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_keeps_to_the_form(name: str) -> None:
    """Its message names what it found, then what to do, and its tags say whose rule it mirrors."""
    query = CHECKS[name]
    assert query.header["severity"] in SEVERITIES
    assert "ORDER BY" in query.text
    assert "{focus}" in str(query.header["message"])
    assert ("{value}" in str(query.header["message"])) == ("?value" in query.text)
    mirrored = [tag for tag in query.tags if tag != lint.TAG]
    assert mirrored
    assert all(re.fullmatch(r"(robot|oops|owl2|skos|fair):[\w.-]+", tag) for tag in mirrored)


BROKEN = """@prefix air: <https://w3id.org/airkg/ns/> .
@prefix phenomenon: <https://w3id.org/airkg/id/phenomenon/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

phenomenon:cable-cuts
    a air:Phenomenon , skos:Concept ;
    rdfs:isDefinedBy <https://w3id.org/airkg/ontology/vocabulary> ;
    skos:prefLabel "cable cuts"@en ;
    skos:definition "A state in which sea cables are severed."@en ;
    .

phenomenon:silence
    a air:Phenomenon , skos:Concept ;
    rdfs:isDefinedBy <https://w3id.org/airkg/ontology/vocabulary> ;
    skos:prefLabel "silence"@en ;
    skos:definition "The silence after cables are cut."@en ;
    skos:broader phenomenon:silence ;
    .
"""


def test_the_command_prints_like_a_linter(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """An editor jumps to `file:line:column`, and a gate sees the exit code."""
    assert main(["check", "--ontology"]) == 0
    assert capsys.readouterr().out == ""
    own = small.folder / "vocabulary.ttl"
    own.write_text(BROKEN, encoding="utf-8")
    assert main(["check", "--ontology", "--corpus", str(small.root)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        f"{own}:13:1: violation: BroaderSelfShape: phenomenon:silence: A term is not broader than itself, at any "
        "distance; drop the broader term that is wrong (skos:broader in RDF).",
        f"{own}:13:1: violation: broader-cycle: phenomenon:silence is broader than itself, by way of "
        "phenomenon:silence; drop the skos:broader that is wrong",
        f"{own}:13:1: violation: definition-uses-label: the definition of phenomenon:silence holds its own label "
        "«silence»; say it in other words",
    ]
    assert main(["check", "--ontology", "--corpus", str(small.root), "-f", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["rule"], row["focus"], row["place"]) for row in rows] == [
        ("BroaderSelfShape", "phenomenon:silence", f"{own}:13:1"),
        ("broader-cycle", "phenomenon:silence", f"{own}:13:1"),
        ("definition-uses-label", "phenomenon:silence", f"{own}:13:1"),
    ]


def test_a_shape_that_a_term_breaks_is_told_with_its_line(small: Small) -> None:
    """The lint runs the shapes of terms too, also on what is in no store."""
    own = small.folder / "vocabulary.ttl"
    own.write_text(BROKEN.replace('    skos:definition "A state in which sea cables are severed."@en ;\n', ""))
    found = {(f.rule, f.place.line if f.place else 0) for f in lint.lint([own])}
    assert ("ConceptShape-definition", 6) in found


def test_a_question_that_names_an_undeclared_term_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt property gives an empty answer, and nobody would know."""
    told = [*lint.mentions(), ("https://w3id.org/airkg/queries/ask/x", Path("x.rq"), names.term("assrts"))]
    monkeypatch.setattr(lint, "mentions", lambda: iter(told))
    found = [f for f in lint.lint() if f.rule == "term-undeclared"]
    assert [(str(f.place), "air:assrts" in f.message) for f in found] == [("x.rq:1:1", True)]


def test_the_documented_checks_are_those_there_are() -> None:
    """`docs/CHECKS.md` names every check with the rules it mirrors, and every rule of ROBOT's report and of OOPS!."""
    text = (ROOT / "docs" / "CHECKS.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (?:violation|warning|info) \| .*? \| (.*?) \|$", text, re.MULTILINE))
    assert rows == {name: ", ".join(t for t in q.tags if t != lint.TAG) for name, q in CHECKS.items()}
    mirrored = {tag for query in CHECKS.values() for tag in query.tags}
    for line in re.findall(r"^\| (?:robot|oops):.*", text, re.MULTILINE):
        rule = line.split(" | ")[0].removeprefix("| ")
        assert rule in mirrored or re.search("shape|not testable|not a fault", line), line
    listed = set(re.findall(r"^\| oops:P(\d\d) ", text, re.MULTILINE))
    assert listed == {f"{number:02}" for number in range(1, 42)}
