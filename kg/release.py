"""The ontology as others import it: the modules in one file or each by itself, with the labels their tools look for.

`ontology/` is written by hand, one file a noun; a release is made from its text, so that comments, order and nested
class expressions stay readable. Some things are added, by line, and none is kept by hand, lest two copies differ:
`rdfs:label` beside each `skos:prefLabel` (Protégé, ROBOT and the OWL API show it), `obo:IAO_0000115` beside each
`skos:definition` (where ROBOT's report looks for definitions), and what tools of SKOS alone look for: scheme, top
concepts, and `skos:broader` beside each of ISO 25964's kinds of it. A term of another vocabulary gets neither label
nor definition: merged with its own vocabulary, it would have two.

The whole is one OWL document: one header, no `owl:imports`, so that nothing is fetched by whoever opens it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg import names, resources

if TYPE_CHECKING:
    import pyoxigraph as ox

WHOLE = names.BASE + "ontology"

_OURS = re.compile(rf"(?:air|code|{'|'.join(names.VOCABULARY_KINDS)}):")
_TWINS = {"skos:prefLabel": "rdfs:label", "skos:definition": "obo:IAO_0000115"}
_LINE = re.compile(rf"(?m)^    ({'|'.join(_TWINS)}) (.*)\n")
_IMPORTS = re.compile(r"(?m)^    owl:imports\n(?:        <.*\n)+")
_HOME = re.compile(r"(?m)^    rdfs:isDefinedBy (<.*>) ;\n")
_BROADER = re.compile(r"\n    (?:skos:broader|iso-thes:broader\w+) ")
_KINDS = re.compile(r"(?m)^    iso-thes:broader\w+ (.*)\n")
_TYPE = names.PREFIXES["rdf"] + "type"
_ADDED = """obo:IAO_0000115
    a owl:AnnotationProperty ;
    rdfs:isDefinedBy <http://purl.obolibrary.org/obo/iao.owl> ;
    skos:prefLabel "definition (IAO)"@en ;
    skos:scopeNote "The same words as skos:definition, for the tools of OBO, which look for them here."@en ;
    .
"""


class Module(NamedTuple):
    """A part of the ontology that has an IRI: its name (`claims`; empty for the header of the whole), its files."""

    name: str
    iri: str
    files: tuple[Path, ...]


@cache
def modules() -> tuple[Module, ...]:
    """Return the modules by name, that of the whole first; the vocabulary is one, whatever files it has."""
    found = []
    for file in resources.files("ontology", "*.ttl"):
        name = "" if file.stem == "airkg" else file.stem
        below = resources.files("ontology", f"{name}/*.ttl") if name == "vocabulary" else []
        found.append(Module(name, f"{WHOLE}/{name}" if name else WHOLE, (file, *below)))
    return tuple(sorted(found))


def whole() -> str:
    """Return the whole ontology as one Turtle document, vocabulary and alignments included."""
    parts = [_IMPORTS.sub("", _body(modules()[0])), _ADDED]
    for module in modules()[1:]:
        parts.append(f"# ── {module.name} ".ljust(100, "─") + "\n")
        parts.append(_body(module, header=False))
    return _prefixes() + "\n" + "\n".join(parts)


def module(name: str) -> str:
    """Return one module as a Turtle document with its own header and imports."""
    found = next(m for m in modules() if m.name == name)
    return _prefixes() + "\n" + _body(found) + "\n" + _ADDED


@cache
def by_term() -> dict[str, str]:
    """Return for each term of ours, by its prefixed name, a document of all that the whole says of it."""
    prefixes, found = _prefixes().splitlines(keepends=True), dict[str, list[str]]()
    blocks = [block for module in modules() for block in _body(module, header=False).split("\n\n")]
    nameless = [block for block in blocks if re.search(r"(?m)^\[\]$", block)]
    for block in blocks:
        if _OURS.match(block):
            found.setdefault(block.partition("\n")[0], []).append(block.strip("\n") + "\n")
    documents = {}
    for name, own in found.items():
        mentioned = re.compile(rf"(?<![\w:.-]){re.escape(name)}(?![\w.-]*\w)")
        body = "\n".join([*own, *(block.strip("\n") + "\n" for block in nameless if mentioned.search(block))])
        used = [p for p in prefixes if re.search(rf"(?<![\w:.<-]){re.escape(p.split()[1])}\w", body)]
        documents[name] = "".join(used) + "\n" + body
    return documents


def triples(text: str) -> list[ox.Triple]:
    """Return the triples of a document in its order; blank nodes are named alike each time."""
    import pyoxigraph as ox

    found: dict[str, ox.BlankNode] = {}

    def named(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> object:
        if isinstance(node, ox.BlankNode):
            return found.setdefault(node.value, ox.BlankNode(f"b{len(found) + 1}"))
        return node

    parsed = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    return [ox.Triple(named(q.subject), q.predicate, named(q.object)) for q in parsed]  # type: ignore[arg-type]


def rdfxml() -> str:
    """Return the whole as RDF/XML, for Protégé and the OWL API."""
    import pyoxigraph as ox

    found = triples(whole())
    return (ox.serialize(found, format=ox.RdfFormat.RDF_XML, prefixes=used_prefixes(found)) or b"").decode()


def used_prefixes(found: list[ox.Triple]) -> dict[str, str]:
    """Return the prefixes with which some term is written."""
    text = " ".join(map(str, found))
    return {prefix: iri for prefix, iri in sorted(names.PREFIXES.items()) if f"<{iri}" in text}


@cache
def nameless() -> tuple[ox.Triple, ...]:
    """Return the triples that need blank nodes, which no store holds: class expressions, restrictions, disjointness."""
    import pyoxigraph as ox

    blank = (ox.BlankNode,)
    return tuple(t for t in triples(whole()) if isinstance(t.subject, blank) or isinstance(t.object, blank))


def skos() -> list[ox.Triple]:
    """Return vocabulary and codes alone, for programs that read SKOS: schemes, and concepts with what SKOS says."""
    import pyoxigraph as ox

    space, kept = names.PREFIXES["skos"], {names.expand(p) for p in _KEPT}
    found = triples(whole())
    kinds = {space + "Concept", space + "ConceptScheme"}
    mine = {t.subject for t in found if t.predicate.value == _TYPE and getattr(t.object, "value", "") in kinds}
    schemes = sorted({getattr(t.object, "value", "") for t in found if t.predicate.value == space + "inScheme"})
    # SkoHub asks for the namespace; the headers of modules do not give one, since it is that of all terms
    home = ox.NamedNode(names.expand("vann:preferredNamespaceUri"))
    spaces = [ox.Triple(ox.NamedNode(s), home, ox.Literal(names.BASE + "id/")) for s in schemes]
    return spaces + [
        t
        for t in found
        if t.subject in mine
        and (t.predicate.value.startswith(space) or t.predicate.value in kept)
        and (t.predicate.value != _TYPE or getattr(t.object, "value", "") in kinds)
    ]


_KEPT = (
    *("rdf:type", "dcterms:title", "dcterms:description", "dcterms:created", "dcterms:license", "dcterms:creator"),
    *("vann:preferredNamespaceUri", "vann:preferredNamespacePrefix", "owl:deprecated", "dcterms:isReplacedBy"),
)
"""What stands in a file of SKOS beside SKOS's own properties."""


def _prefixes() -> str:
    text = modules()[0].files[0].read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if line.startswith("@prefix "))


def _blocks(file: Path) -> Iterator[str]:
    """Yield the blocks of a file: one term each, as `tests/test_ontology.py` holds them to."""
    text = re.sub(r"(?m)^@prefix .*\n", "", file.read_text(encoding="utf-8"))
    for block in re.split(r"\n\n+", text.strip("\n")):
        if not re.fullmatch(r"# .*", block):
            yield block + "\n"


def _body(module: Module, header: bool = True) -> str:
    """Return the blocks of a module with what a release adds; without its header only what makes a scheme is left."""
    found = [block for file in module.files for block in _blocks(file)]
    tops = sorted({b.partition("\n")[0] for b in found if _is_concept(b) and not _BROADER.search(b)}, key=str.casefold)
    blocks: list[str] = []
    for block in found:
        if not block.startswith(f"<{module.iri}>"):
            blocks.append(_twinned(block))
            continue
        scheme = "skos:ConceptScheme" in block
        if scheme:
            listed = " ,\n        ".join(tops)
            block = block.removesuffix("    .\n") + f"    skos:hasTopConcept\n        {listed} ;\n    .\n"
        if header:
            blocks.append(block)
        elif scheme:
            block = _IMPORTS.sub("", block).replace("a owl:Ontology , skos:ConceptScheme", "a skos:ConceptScheme")
            blocks.append(re.sub(r"(?m)^    owl:version.*\n", "", block))
    return "\n".join(blocks)


def _is_concept(block: str) -> bool:
    """Tell whether a block declares a concept of ours."""
    return bool(_OURS.match(block)) and "skos:Concept ;\n" in block.partition(";\n")[0] + ";\n"


def _twinned(block: str) -> str:
    if not _OURS.match(block):
        return block
    if _is_concept(block):
        top = "" if _BROADER.search(block) else "    skos:topConceptOf {0} ;\n"
        block = _HOME.sub(lambda m: m[0] + ("    skos:inScheme {0} ;\n" + top).format(m[1]), block)
    block = _KINDS.sub(lambda m: f"{m[0]}    skos:broader {m[1]}\n", block)
    return _LINE.sub(lambda m: f"{m[0]}    {_TWINS[m[1]]} {m[2]}\n", block)
