"""Vocabularies of one's own, right and wrong, and what the gate says of them; `‸` marks where a fault must be told."""

from __future__ import annotations

from pathlib import Path

from small import MARK

from kg import names
from kg.errors import Faults, InputError
from kg.load import hierarchy
from kg.load.founding import Founding
from kg.load.own_terms import Gate

PREFIXES = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in names.PREFIXES.items())
HEAD = f"{PREFIXES}@prefix my: <https://example.org/terms#> .\n\n"

CABLE = """\
technology:cable
    a air:Technology , skos:Concept ;
    skos:prefLabel "cable"@en ;
    skos:definition "A technology that carries signals."@en ;
    .
"""

ALL = """\
technology:cable
    a air:Technology , skos:Concept ;
    skos:prefLabel "cable"@en , "کابل"@fa ;
    skos:altLabel "line of fibre"@en ;
    skos:definition "A technology that carries signals."@en ;
    skos:example "The one below the Strait."@en ;
    skos:scopeNote "Not the landing station."@en ;
    skos:editorialNote "Is a satellite one?" ;
    skos:changeNote "2026: first version." ;
    skos:note "See also the maps."@en ;
    skos:notation "C-1" ;
    skos:broader my:Conduit.Thing ;
    iso-thes:broaderGeneric technology:digital-technology ;
    iso-thes:broaderPartitive technology:digital-infrastructure ;
    skos:related phenomenon:trust ;
    air:isOppositeOf technology:drones ;
    skos:exactMatch <https://vocabulary.example.org/cable> ;
    skos:closeMatch wd:Q1001 ;
    skos:broadMatch <urn:example:things> ;
    rdfs:isDefinedBy <https://example.org/my-vocabulary> ;
    .

my:Conduit.Thing a air:Technology , skos:Concept ;
    skos:prefLabel "conduit"@en ;
    skos:definition "A technology that guides what flows."@en .

actor:cable-landers a air:ActorKind , skos:Concept ;
    skos:prefLabel "cable landers"@en ;
    skos:definition "Those who bring cables ashore."@en ;
    air:kindOf air:Firm .

actor:this-cable-lander a air:Firm , skos:Concept ;
    skos:prefLabel "this cable lander"@en ;
    skos:definition "The one at the Strait."@en ;
    iso-thes:broaderInstantial actor:cable-landers .

<urn:example:erodes> a air:Effect , skos:Concept ;
    skos:prefLabel "erodes"@en ;
    skos:definition "Takes away bit by bit."@en ;
    air:hasDirection code:direction.decrease ;
    air:hasEdgeProperty air:weakens .
"""
"""Each thing that may be said, once."""


def write(file: Path, text: str) -> tuple[int, int]:
    """Write a vocabulary without the mark in it; return the line and column where that stood."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = HEAD + text
    lines = whole[: whole.index(MARK)].split("\n") if MARK in whole else [""]
    file.write_text(whole.replace(MARK, ""), encoding="utf-8")
    return len(lines), len(lines[-1]) + 1


def faults(founding: Founding, *files: Path) -> list[InputError]:
    """Return what is wrong with some vocabularies, in the order of files and lines."""
    gate = Gate(founding)
    gate.read(files)
    gate.faults.extend(hierarchy.faults(gate.broader, founding.broader))
    return list(Faults(gate.faults).faults)


def told(founding: Founding, *files: Path) -> list[tuple[int, int, str]]:
    return [(f.place.line, f.place.column, f.message) for f in faults(founding, *files)]


NOT_ITS_OWN = "is not this vocabulary's to speak of"

SUBJECTS = [
    ("‸claim:ai-empowers-firms air:hasMechanism mechanism:x .", "claim:ai-empowers-firms found, a term of"),
    ("‸assertion:baig.x air:heldBy actor:china .", "assertion:baig.x found, a term of"),
    ("‸source:baig skos:prefLabel 'X'@en .", "source:baig found, a term of"),
    ("‸work:roe2020 skos:note 'X'@en .", "work:roe2020 found, a term of"),
    ("‸edge:x skos:note 'X'@en .", "edge:x found, a term of"),
    ("‸code:stance.x skos:note 'X'@en .", "code:stance.x found, a term of"),
    ("‸graph:derived skos:note 'X'@en .", "graph:derived found, a term of"),
    ("‸air:hasVerb skos:note 'X'@en .", "air:hasVerb found, a term of"),
    ("‸<https://w3id.org/airkg/ontology/x> skos:note 'X'@en .", "https://w3id.org/airkg/ontology/x found, a term of"),
    ("‸<https://w3id.org/airkg> skos:note 'X'@en .", "https://w3id.org/airkg found, a term of"),
    ("‸<http://w3id.org/airkg/id/claim/x> skos:note 'X'@en .", "http://w3id.org/airkg/id/claim/x found, a term of"),
    ("‸<HTTPS://W3ID.org/airkg/id/actor/x> a skos:Concept .", "HTTPS://W3ID.org/airkg/id/actor/x found, a term of"),
    ("‸actor:China a air:State , skos:Concept .", "actor:China found, a term of lower-case words"),
    ("‸actor:a.b a air:State , skos:Concept .", "actor:a.b found, a term of lower-case words"),
    ("‸<https://w3id.org/airkg/id/actor/a/b> a air:State .", "https://w3id.org/airkg/id/actor/a/b found, a term of"),
    ("‸actor: a air:State , skos:Concept .", "https://w3id.org/airkg/id/actor/ found, a term of lower-case words"),
    ("‸actor:china skos:altLabel 'Cathay'@en .", f"actor:china {NOT_ITS_OWN}"),
    ("‸actor:china skos:broader actor:firms .", f"actor:china {NOT_ITS_OWN}"),
    ("‸air:Actor skos:prefLabel 'X'@en .", f"air:Actor {NOT_ITS_OWN}"),
    ("‸relation:weakens air:hasEdgeProperty air:strengthens .", f"relation:weakens {NOT_ITS_OWN}"),
    ("‸skos:Concept skos:prefLabel 'X'@en .", f"skos:Concept {NOT_ITS_OWN}"),
    ("‸skos:member skos:prefLabel 'X'@en .", "skos:member belongs to another vocabulary"),
    ("‸wd:Q999999999 a air:State , skos:Concept .", "wd:Q999999999 belongs to another vocabulary"),
    ("‸<javascript:alert(1)> a air:State , skos:Concept .", "javascript:alert(1) found, a name that begins with http"),
    ("‸<file:///etc/passwd> a air:State , skos:Concept .", "file:///etc/passwd found, a name that begins with http"),
    ("‸<https://> a air:State , skos:Concept .", "https:// found, a name that begins with http"),
    ("‸theory:china a air:Theory , skos:Concept .", "slug 'china' is that of actor:china"),
]

PREDICATES = [
    *("air:hasMechanism", "air:supports", "air:isInTensionWith", "air:weakens", "air:leadsTo", "air:isNarrowerThan"),
    *("air:heldBy", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:label", "owl:sameAs", "owl:equivalentClass"),
    *("skos:inScheme", "skos:topConceptOf", "skos:broaderTransitive", "skos:narrower", "dcterms:title", "my:says"),
    *("prov:wasDerivedFrom", "owl:imports", "air:definiens", "air:edgeTo"),
]

OBJECTS = [
    ("a ‸owl:Class", "owl:Class is no class of the vocabulary"),
    ("a ‸air:Claim", "air:Claim is no class of the vocabulary"),
    ("a ‸air:Term", ""),
    ("a ‸air:Technolgy", "air:Technolgy is no class of the vocabulary"),
    ("a ‸air:AgentTechnology", "air:AgentTechnology is no class of the vocabulary"),
    ("a ‸'Technology'", "the text 'Technology' found, a name expected for rdf:type"),
    ("skos:prefLabel ‸'wire'", "'wire' found, a text with a language tag expected"),
    ("skos:prefLabel ‸'abc'^^xsd:integer", '"abc"^^<http://www.w3.org/2001/XMLSchema#integer> found, a text expected'),
    ("skos:altLabel ‸<https://example.org/wire>", "<https://example.org/wire> found, a text expected"),
    ("skos:altLabel ‸''@en", "0 characters found, 1 to 5,000 expected"),
    (f"skos:altLabel ‸'{'x' * 5001}'@en", "5,001 characters found, 1 to 5,000 expected"),
    ("skos:altLabel ‸'wire'@abcdefgh", "@abcdefgh found, a language tag such as en or fa expected"),
    ("skos:altLabel ‸'CHINA '@en", "'CHINA ' is the name of actor:china"),
    ("skos:altLabel ‸'چین'@fa", "'چین' is the name of actor:china"),
    ("skos:altLabel ‸'چینه'@fa", ""),
    ("skos:definition ‸5", '"5"^^<http://www.w3.org/2001/XMLSchema#integer> found, a text expected'),
    ("skos:note ‸'2026'^^xsd:gYear", '"2026"^^<http://www.w3.org/2001/XMLSchema#gYear> found, a text expected'),
    ("skos:broader ‸'technology'@en", "the text 'technology' found, a name expected for skos:broader"),
    ("skos:broader ‸technology:digital-technolgy", "technology:digital-technolgy is no term of the vocabulary"),
    ("skos:broader ‸claim:ai-empowers-firms", "claim:ai-empowers-firms is no term of the vocabulary"),
    ("skos:broader ‸technology:cable", "technology:cable is broader than itself"),
    ("air:kindOf ‸air:Technology", "air:Technology found, air:Actor or a class below it expected"),
    ("skos:broader ‸actor:china", "technology:cable is narrower than actor:china, which is of another kind"),
    ("skos:related ‸technology:cable", "technology:cable is related to itself"),
    ("skos:related ‸source:baig", "source:baig is no term of the vocabulary"),
    ("skos:exactMatch ‸<javascript:alert(1)>", "javascript:alert(1) found, an address elsewhere"),
    ("skos:exactMatch ‸<data:text/html,x>", "data:text/html,x found, an address elsewhere"),
    ("skos:closeMatch ‸technology:digital-technology", "technology:digital-technology found, an address elsewhere"),
    ("skos:closeMatch ‸'https://example.org/'", "the text 'https://example.org/' found, a name expected"),
    ("rdfs:isDefinedBy ‸<https://w3id.org/airkg/ontology/vocabulary>", "https://w3id.org/airkg/ontology/vocabulary "),
    ("air:hasEdgeProperty ‸air:asserts", "air:asserts is not one of air:challenges, air:constrains, air:creates"),
    ("air:hasDirection ‸code:stance.reports", "code:stance.reports is not one of code:direction.change"),
]
