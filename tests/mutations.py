"""A small export with one thing of every class, and every way to spoil one statement of it, made by code.

The corpus is that of `small.py`, with a claim of every kind, a link of every sort and an author with an affiliation.
Of its whole export that is kept which the things of the source name, so that a validation takes half a second.
A mutation is drawn from class × property × what is done; what is no fault is left out by the rules at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import rdflib
from exporting import job_of, write
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from small import Small, spoil

from kg import names, pipeline

AIR = rdflib.Namespace(names.AIR)
CLASSES = (
    *("air:Assertion", "air:Attribution", "air:Passage", "oa:TextPositionSelector", "air:Section", "air:Source"),
    *("air:Work", "air:ReferenceEntry", "air:InTextCitation", "air:Authorship", "foaf:Person", "foaf:Organization"),
    *("air:Coder", "air:ClaimLink", "air:EffectEdge", "air:EffectClaim", "air:RiskClaim", "air:BenefitClaim"),
    *("air:DefinitionClaim", "air:PrescriptionClaim", "air:PrerequisiteClaim", "air:PositionClaim"),
    *("air:CharacterisationClaim", "air:FactClaim", "air:StudyClaim", "air:ActorKind", "air:Technology"),
    *("air:Method", "air:Risk", "air:Theory", "air:Effect", "air:Voice", "prov:Activity"),
)
"""One thing of each is spoilt: the first by name that says most."""

AT = 'at: "Clever machines loosen … on world affairs."'
HEAD = "    voice: own\n    stance: endorses\n    hedge: categorical\n    mode: {mode}\n    basis: none-given\n"
MORE = {
    "risk": (
        "premise",
        "risk: misinformation\narises-from: artificial-intelligence\nbearer: states\ntime: today\n"
        "consequence: state-monopoly\nlikelihood: often\nseverity: grave",
    ),
    "benefit": ("finding", "benefit: early-warning\narises-from: artificial-intelligence\nbeneficiary: states"),
    "definition": ("definition", "definiendum: artificial-intelligence\ndefiniens: clever machines\ngenus: technology"),
    "prerequisite": ("norm", "for: defence-diplomacy\nrequires: capacity-building\nof-whom: states"),
    "position": (
        "finding",
        "theory: realism\ntopic: state-monopoly\nview: nothing has changed\ncondition: in war",
    ),
    "fact": ("finding", "subject: cyber-warfare\nrelation: uses\nobject: artificial-intelligence\ndate: '2019'"),
    "study": ("premise", "aspect: method\nsubject: artificial-intelligence\nrelates-to: document-analysis"),
}
"""The kinds that the small corpus lacks: the mode of the assertion, and the slots of the claim."""

LINKS = (("refines", "risk", "benefit"), ("repeats", "fact", "study"), ("in tension with", "position", "definition"))


def enrich(small: Small) -> None:
    """Let the source say a claim of every other kind, and relate some of them."""
    text = "  - id: ministries-train\n"
    claims = ""
    for kind, (mode, slots) in MORE.items():
        claims += f"  - id: more-{kind}\n    {AT}\n    claim:\n      id: more-{kind}\n      kind: {kind}\n"
        claims += f"      says: Something of the kind {kind} is said here.\n"
        claims += "".join(f"      {line}\n" for line in slots.splitlines()) + HEAD.format(mode=mode)
    spoil(small, "coding.yaml", text, f"‸{claims}{text}")
    relations = "".join(
        f"  - claim: more-{one}\n    relation: {name}\n    other: more-{other}\n    because: So it is for this test.\n"
        for name, one, other in LINKS
    )
    spoil(small, "coding.yaml", "left-out:\n", f"‸{relations}left-out:\n")
    spoil(
        small, "coding.yaml", "    attributed-to: [roe2020]\n", "    attributed-to: [roe2020]\n    ‸held-by: realism\n"
    )
    author = "{family: Doe, given: Jane}"
    spoil(small, "source.yaml", author, f"‸{author[:-1]}, affiliation: [University of Somewhere]}}")
    small.anchor()


def exported(small: Small, folder: Path) -> Graph:
    """Build the corpus alone and export all of it as Turtle; return what its things name, directly or not."""
    from kg.load.inputs import Inputs

    enrich(small)
    pipeline.build(Inputs.of([small.root], founding=False), folder / "store")
    whole = Graph().parse(write("turtle", job_of(folder / "store"), folder / "graph.ttl"))
    kept, todo = Graph(), {node for node in whole.subjects() if of_the_source(str(node))}
    seen: set[object] = set()
    classes = set(whole.subjects(RDF.type, OWL.Class))
    while todo:
        node = todo.pop()
        seen.add(node)
        for triple in whole.triples((node, None, None)):
            if triple[1] == SKOS.hasTopConcept or (node in classes and triple[1] not in OF_CLASSES):
                continue
            kept.add(triple)
            if triple[2] not in seen:
                todo.add(triple[2])
    return kept


def of_the_source(iri: str) -> bool:
    """Whether the thing is no term, class or catalogue."""
    kind = names.compact(iri).partition(":")[0]
    return kind in KINDS


OF_CLASSES = (RDFS.subClassOf, RDFS.isDefinedBy, SKOS.prefLabel, SKOS.definition)

KINDS = {
    *(
        "assertion",
        "attribution",
        "authorship",
        "agent",
        "citation",
        "claim",
        "coder",
        "coding",
        "edge",
        "link",
        "passage",
    ),
    *("position", "reference", "section", "source", "work"),
}


class Mutation(NamedTuple):
    """What is done to one statement of a thing.

    Attributes:
        cls: the class of the thing.
        predicate: of the statement, in short form; `rdf:type` for the class itself.
        done: drop, misspell, dangle, strange (an object of another sort), datatype, language, twice, moved (to another
            source).

    """

    cls: str
    predicate: str
    done: str

    def __str__(self) -> str:
        return f"{self.cls}-{self.predicate}-{self.done}"


def instance(graph: Graph, cls: str) -> URIRef:
    """Return the thing that is spoilt for a class: of those that say most, the first by name."""
    things = sorted(t for t in graph.subjects(RDF.type, URIRef(names.expand(cls))) if isinstance(t, URIRef))
    if cls == "air:Work":
        things = [thing for thing in things if (thing, RDF.type, AIR.Source) not in graph]
    return max(things, key=lambda thing: (len(set(graph.predicates(thing))), -things.index(thing)))


def mutations(graph: Graph) -> Iterator[Mutation]:
    """Yield all that is a fault, in a fixed order."""
    for cls in CLASSES:
        thing = instance(graph, cls)
        for iri in sorted(map(str, set(graph.predicates(thing)))):
            name = names.compact(iri)
            value = min(graph.objects(thing, URIRef(iri)))
            for done in _ways(name, value):
                mutation = Mutation(cls, name, done)
                if not harmless(mutation):
                    yield mutation


def _ways(name: str, value: object) -> tuple[str, ...]:
    if name == "rdf:type":
        return ("drop", "misspell", "strange")
    if isinstance(value, Literal):
        return ("drop", "misspell", "datatype", "language", "twice", "strange")
    moved = ("moved",) if name == "air:inSource" else ()
    return ("drop", "misspell", "dangle", "strange", "twice", "datatype", *moved)


def spoilt(graph: Graph, mutation: Mutation) -> tuple[Graph, URIRef]:
    """Return the graph with the mutation, and the thing that has it."""
    thing, predicate = instance(graph, mutation.cls), URIRef(names.expand(mutation.predicate))
    new = Graph()
    new += graph
    if mutation.predicate == "rdf:type":
        _retype(new, thing, mutation)
        return new, thing
    value = min(new.objects(thing, predicate))
    replaced = {
        "drop": list,
        "misspell": lambda: [(URIRef(f"{predicate}s"), value)],
        "dangle": lambda: [(predicate, URIRef(f"{value}-that-is-nowhere"))],
        "strange": lambda: [(predicate, _stranger(new, mutation))],
        "twice": lambda: [(predicate, value), (predicate, _second(new, value))],
        "datatype": lambda: [(predicate, Literal(str(value), datatype=XSD.token))],
        "language": lambda: [(predicate, _language(value))],
        "moved": lambda: [(predicate, _copy(new, value))],
    }[mutation.done]()
    if mutation.done in ("drop", "misspell"):
        new.remove((thing, predicate, None))
    new.remove((thing, predicate, value))
    for statement in replaced:
        new.add((thing, *statement))
    return new, thing


def _retype(new: Graph, thing: URIRef, mutation: Mutation) -> None:
    """Take all classes away, and give none, one that does not exist, or one of another sort."""
    new.remove((thing, RDF.type, None))
    if mutation.done == "misspell":
        new.add((thing, RDF.type, URIRef(names.expand(mutation.cls) + "s")))
    elif mutation.done == "strange":
        new.add((thing, RDF.type, AIR.Section if mutation.cls != "air:Section" else AIR.Passage))


def _stranger(graph: Graph, mutation: Mutation) -> URIRef:
    """Return something that is there and of another sort: a section, for a section a selector."""
    return instance(graph, "air:Coder" if mutation.cls != "air:Coder" else "air:Section")


def _second(graph: Graph, value: object) -> URIRef | Literal:
    """Return another value of the same sort."""
    if isinstance(value, Literal):
        if value.datatype in (XSD.integer, XSD.decimal):
            return Literal(str(int(value) + 1000), datatype=value.datatype)
        if value.datatype == XSD.date:
            return Literal("2020-01-01", datatype=XSD.date)
        return Literal(f"{value} again", lang=value.language, datatype=value.datatype)
    kinds = set(graph.objects(value, RDF.type))  # type: ignore[arg-type]
    like = sorted(t for t in graph.subjects(RDF.type) if t != value and set(graph.objects(t, RDF.type)) == kinds)
    return URIRef(str(like[0])) if like else URIRef(f"{value}-that-is-nowhere")


def _copy(graph: Graph, source: object) -> URIRef:
    """Put another source into the graph that is like the first, and return it."""
    other = URIRef(f"{source}-b")
    for _, predicate, value in list(graph.triples((source, None, None))):  # type: ignore[arg-type]
        graph.add((other, predicate, value))
    return other


def _language(value: object) -> Literal:
    """Take the language away from a text that has one, and give one to a text that has none."""
    assert isinstance(value, Literal)
    return Literal(str(value)) if value.language else Literal(str(value), lang="en")


DROPPED = {
    *("air:asserts", "air:codedBy", "air:hasBasis", "air:hasHedge", "air:hasMode", "air:hasPassage", "air:hasStance"),
    *("air:hasVoice", "air:inSource", "dcterms:created", "air:hasScope", "air:attributedTo", "air:digest", "oa:end"),
    *("air:inSection", "air:paragraph", "air:words", "oa:hasSelector", "oa:hasSource", "oa:start", "dcterms:language"),
    *("air:textFile", "air:textHash", "dcterms:license", "dcterms:title", "air:csl", "air:listsWork", "air:position"),
    *("air:contributesTo", "air:creditsAgent", "air:hasRole", "air:nameAsPrinted", "foaf:name", "foaf:familyName"),
    *("air:hasLinkProperty", "air:linksFrom", "air:linksTo", "air:reason", "air:edgeFrom", "air:edgeTo"),
    *("air:standsFor", "air:statement", "air:hasCause", "air:hasEffect", "air:hasAffected", "air:hasRisk"),
    *("air:arisesFrom", "air:hasBenefit", "air:defines", "air:definiens", "air:hasAddressee", "air:action"),
    *("air:isPrerequisiteOf", "air:requires", "air:hasTheory", "air:attribute", "air:hasAspect", "air:kindOf"),
    *("skos:prefLabel", "skos:definition", "rdfs:isDefinedBy", "air:hasDirection", "air:hasEdgeProperty"),
}
"""What its thing cannot do without."""

MANY = {
    *("air:hasPassage", "air:hasAttribution", "air:heldBy", "air:hasMechanism", "air:hasPerformer", "air:hasPowerType"),
    *("air:hasDiplomacyMode", "air:hasDomain", "air:hasAim", "air:hasBearer", "air:hasBeneficiary", "air:isRequiredOf"),
    *("air:hasConsequence", "air:isMitigatedBy"),
    *(
        "air:supports",
        "air:refines",
        "air:repeats",
        "air:differsInTranslationFrom",
        "air:isInTensionWith",
        "air:isContestedBy",
        "air:standsFor",
    ),
    *("air:affiliationAsPrinted", "air:hasAffiliation", "air:differsIn", "dcterms:creator", "dcterms:language"),
    *("skos:altLabel", "skos:note", "skos:scopeNote", "skos:example", "air:defectNote", "air:isNarrowerThan"),
    *("air:translatedInto", "skos:inScheme", "skos:topConceptOf", "skos:notation"),
}
"""What may have several values; so may the relations of terms, below."""

OF_TERMS = ("skos:broader", "iso-thes:", "skos:related", "Match", "air:leadsTo", "air:countsAs", "cito:")
EDGES = {"air:" + name for name in ("creates", "enables", "mitigates", "strengthens", "weakens", "leavesUnchanged")}
PLAIN = {"skos:note", "skos:notation", "skos:scopeNote", "skos:example", "air:objectText"}
"""Texts that may have a language or none."""


def harmless(mutation: Mutation) -> bool:
    """Whether what is done to the statement is allowed, so that no shape is to find it."""
    _, name, done = mutation
    if name in EDGES or any(part in name for part in OF_TERMS):
        return done not in ("dangle", "strange", "misspell") or "Match" in name or "cito:" in name
    if done == "drop":
        return name not in DROPPED and name != "rdf:type"
    if done == "moved":
        return mutation.cls == "air:ClaimLink"
    if done == "twice":
        return name in MANY
    return done in ("language", "datatype", "strange") and name in PLAIN


def drawn(graph: Graph, each: int = 1) -> list[Mutation]:
    """Return some mutations of each class, always the same: a misspelt property or no class, another source, more."""
    of: dict[str, list[Mutation]] = {}
    for mutation in mutations(graph):
        of.setdefault(mutation.cls, []).append(mutation)
    found: dict[Mutation, None] = {}
    for number, some in enumerate(of.values()):
        misspelt = [m for m in some if m.done == "misspell"]
        untyped = [m for m in some if m[1:] == ("rdf:type", "drop")]
        found[misspelt[number * 5 % len(misspelt)] if number % 2 else untyped[0]] = None
        found |= dict.fromkeys(m for m in some if m.done == "moved")
        for turn in range(each):
            found[some[(number * 7 + turn * (len(some) // each)) % len(some)]] = None
    return list(found)
