"""What a membership follows from: a smallest set of axioms and asserted triples.

Smallest means that without any one of them it no longer follows; there may be other such sets, and those that stay
near the thing are preferred. Method: QuickXplain (Junker, AAAI 2004) over a module of candidates, where the test is
what the rules made from the axioms at hand derive (`kg/reason/definitions.py`). A test lets HermiT judge the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kg import names
from kg.reason.axioms import And, Axiom, Expression, Named, Not, Or, Some, Value, parts_of, value_of, wider
from kg.reason.definitions import closures, rules
from kg.reason.rules import derive

if TYPE_CHECKING:
    import pyoxigraph as ox

    Element = Axiom | ox.Triple

TYPE = names.PREFIXES["rdf"] + "type"


class Reasons(NamedTuple):
    """A thing, a class, and what the membership follows from; facts are asserted triples."""

    thing: str
    cls: str
    axioms: tuple[Axiom, ...]
    facts: tuple[ox.Triple, ...]


def reasons(store: ox.Store, axioms: Sequence[Axiom], thing: str, cls: str) -> Reasons | None:
    """Return why a thing belongs to a class, or None where that does not follow.

    Args:
        store: what is asserted, ontology and vocabulary included, without anything derived.
        axioms: those of the ontology.
        thing: its IRI.
        cls: the class's IRI.

    """
    import pyoxigraph as ox

    goal = ox.Triple(ox.NamedNode(thing), ox.NamedNode(TYPE), ox.NamedNode(cls))
    module = _Module(axioms, cls)
    candidates: list[Element] = [*module.axioms, *module.facts(store, thing)]

    def entails(chosen: Sequence[Element]) -> bool:
        logic, facts = _parted(chosen)
        return follows(goal, logic, facts)

    if not entails(candidates):
        return None
    logic, facts = _parted(minimal(entails, candidates))
    return Reasons(thing, cls, tuple(logic), tuple(facts))


def _parted(elements: Iterable[Element]) -> tuple[list[Axiom], list[ox.Triple]]:
    logic: list[Axiom] = []
    facts: list[ox.Triple] = []
    for one in elements:
        if isinstance(one, Axiom):
            logic.append(one)
        else:
            facts.append(one)
    return logic, facts


def follows(goal: ox.Triple, axioms: Sequence[Axiom], facts: Iterable[ox.Triple]) -> bool:
    """Tell whether a triple follows from axioms and triples."""
    import pyoxigraph as ox

    tree = (t for axiom in axioms if axiom.kind in ("subclass", "subproperty") for t in axiom.triples)
    known = dict.fromkeys([*facts, *tree])
    if goal in known:
        return True
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in known]
    return any(quad.triple == goal for quad in derive(quads, [*closures(axioms), *rules(axioms)]))


def minimal(entails: Callable[[Sequence[Element]], bool], candidates: Sequence[Element]) -> list[Element]:
    """Return a subset of the candidates that entails and of which no element can be spared, the first preferred.

    The number of tests grows with the size of the subset and the logarithm of that of the candidates.
    """

    def search(given: list[Element], changed: bool, todo: list[Element]) -> list[Element]:
        if changed and entails(given):
            return []
        if len(todo) == 1:
            return todo
        first, second = todo[: len(todo) // 2], todo[len(todo) // 2 :]
        late = search([*given, *first], True, second)
        early = search([*given, *late], bool(late), first)
        return [*early, *late]

    return [] if not candidates or entails([]) else search([], False, list(candidates))


class _Module:
    """What can bear on membership in a class: the axioms reached from it, and the triples around a thing."""

    def __init__(self, axioms: Sequence[Axiom], cls: str) -> None:
        self.axioms: list[Axiom] = []
        self.classes = {cls}
        self.roles: set[str] = set()
        self.inverse: set[str] = set()
        self.transitive: set[str] = set()
        self._outside: set[str] = set()
        self._tree = wider(axioms)
        size = -1
        while size != self._size():
            size = self._size()
            self.axioms = [axiom for axiom in axioms if self._bears(axiom)]
            for axiom in self.axioms:
                self._take(axiom)
        self.depth = sum(_depth(axiom.content) for axiom in self.axioms if axiom.kind == "definition")

    def _size(self) -> int:
        return sum(map(len, (self.axioms, self.classes, self.roles, self.inverse, self.transitive, self._outside)))

    def _bears(self, axiom: Axiom) -> bool:
        used = self.roles | self.inverse
        match axiom.kind:
            case "definition":
                return axiom.subject in self.classes
            case "subclass":
                return axiom.content in self.classes or axiom.subject in self._outside
            case "consequence":
                return axiom.content.role.iri in used
            case "subproperty":
                return axiom.content in used
            case "disjoint":
                return bool(self._outside & set(axiom.content))
        return axiom.subject in used

    def _take(self, axiom: Axiom) -> None:
        match axiom.kind:
            case "definition":
                for part in parts_of(axiom.content):
                    if isinstance(part, Named):
                        self.classes.add(part.iri)
                    elif isinstance(part, Not):
                        self._outside.add(part.iri)
                    elif isinstance(part, Some | Value):
                        (self.inverse if part.role.inverse else self.roles).add(part.role.iri)
            case "subclass":
                if axiom.content in self.classes:
                    self.classes.add(axiom.subject)
                if axiom.subject in self._outside:
                    self._outside.add(axiom.content)
            case "consequence":
                self.classes.add(axiom.subject)
            case "subproperty":
                for roles in (self.roles, self.inverse, self.transitive):
                    if axiom.content in roles:
                        roles.add(axiom.subject)
            case "disjoint":
                self.classes |= set(axiom.content) - self._outside
            case "transitive":
                self.transitive.add(axiom.subject)
            case "symmetric":
                self.inverse.add(axiom.subject)

    def facts(self, store: ox.Store, thing: str) -> list[ox.Triple]:
        """Return the triples around a thing along the roles that matter, the nearest first."""
        import pyoxigraph as ox

        start = ox.NamedNode(thing)
        found: dict[ox.Triple, None] = {}
        ring, seen = [start], {start}
        for _ in range(self.depth + 1):
            following: list[ox.NamedNode] = []
            for node in ring:  # grows by what transitive roles reach: that is no step away
                for triple in self._around(store, node):
                    found[triple] = None
                    for other in (triple.subject, triple.object):
                        if isinstance(other, ox.NamedNode) and other not in seen and triple.predicate.value != TYPE:
                            seen.add(other)
                            (ring if triple.predicate.value in self.transitive else following).append(other)
            ring = following
        return list(found)

    def _around(self, store: ox.Store, node: ox.NamedNode) -> Iterator[ox.Triple]:
        out = [quad.triple for quad in store.quads_for_pattern(node, None, None, None)]
        into = [quad.triple for quad in store.quads_for_pattern(None, None, node, None)] if self.inverse else []
        types = [t for t in out if t.predicate.value == TYPE and value_of(t.object) in self.classes]
        yield from sorted(types, key=lambda t: (len(self._tree.get(value_of(t.object), ())), str(t)))
        yield from sorted((t for t in out if t.predicate.value in self.roles), key=str)
        yield from sorted((t for t in into if t.predicate.value in self.inverse), key=str)


def _depth(expression: Expression) -> int:
    """Return how many steps along roles an expression looks."""
    match expression:
        case And(parts) | Or(parts):
            return max(map(_depth, parts))
        case Some(_, filler):
            return 1 + _depth(filler)
        case Value():
            return 1
    return 0
