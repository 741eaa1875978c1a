"""The axioms of the ontology as records, read from triples: class expressions are trees, not blank nodes.

Form: https://www.w3.org/TR/owl2-mapping-to-rdf/, of which only what a rule can stand for is read
(`kg/reason/definitions.py` makes the rules).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import names
from kg.errors import InputError, Place

if TYPE_CHECKING:
    import pyoxigraph as ox

RDF, RDFS, OWL = (names.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl"))


class Role(NamedTuple):
    """A property, read from object to subject if `inverse`."""

    iri: str
    inverse: bool = False


class Named(NamedTuple):
    """A class or datatype by its name."""

    iri: str


class Not(NamedTuple):
    """What is proved not to belong to a named class."""

    iri: str


class OneOf(NamedTuple):
    """These individuals."""

    members: tuple[str, ...]


class Value(NamedTuple):
    """What has this node as a value of the role."""

    role: Role
    node: ox.NamedNode | ox.Literal


class Some(NamedTuple):
    """What has a value of the role that fits the filler."""

    role: Role
    filler: Expression


class Only(NamedTuple):
    """What has no value of the role but such as fit the filler; a condition, from which no rule concludes."""

    role: Role
    filler: Expression


class And(NamedTuple):
    """What fits all parts."""

    parts: tuple[Expression, ...]


class Or(NamedTuple):
    """What fits some part."""

    parts: tuple[Expression, ...]


Expression = Named | Not | OneOf | Value | Some | Only | And | Or


class Axiom(NamedTuple):
    """One axiom, whole: what it says, and the triples in which it is written.

    Attributes:
        kind: `definition`, `consequence` (each member has a value), `necessary` (each member fits an expression),
            `cover` (each member belongs to one of some classes), `subclass`, `subproperty`, `transitive`,
            `symmetric` or `disjoint`. No rule is made of `necessary` and `cover`: that something exists names nothing.
        subject: the class or property it is about; of `disjoint`, the class that is covered, where there is one.
        content: the expression, the Value, the wider class or property, or the classes apart from each other.
        triples: how it is written, its blank nodes included.

    """

    kind: str
    subject: str
    content: Any
    triples: tuple[ox.Triple, ...]


_SIMPLE = {RDFS + "subClassOf": "subclass", RDFS + "subPropertyOf": "subproperty", OWL + "disjointWith": "disjoint"}
_TYPES = {OWL + "TransitiveProperty": "transitive", OWL + "SymmetricProperty": "symmetric"}


def read(triples: Iterable[ox.Triple], file: Path) -> list[Axiom]:
    """Return the axioms that stand in the triples of one file, by kind and subject.

    Args:
        triples: of an ontology; what says nothing that a rule could use is passed over.
        file: where they stand, for faults.

    Raises:
        InputError: a class expression that no rule can stand for.

    """
    import pyoxigraph as ox

    reader = _Reader(triples, file)
    found = []
    for triple in reader.triples:
        subject, predicate, value = value_of(triple.subject), triple.predicate.value, triple.object
        named, far = isinstance(triple.subject, ox.NamedNode), value_of(value)
        if predicate == RDF + "type" and named and far in _TYPES:
            found.append(Axiom(_TYPES[far], subject, None, (triple,)))
        elif predicate == RDF + "type" and far == OWL + "AllDisjointClasses":
            apart = tuple(sorted(node.value for node in reader.items(reader.one(triple.subject, "members"))))
            found.append(Axiom("disjoint", "", apart, reader.below(triple.subject)))
        elif predicate == OWL + "disjointUnionOf" and named:
            apart = tuple(sorted(node.value for node in reader.items(value)))
            whole = (triple, *reader.below(value))
            found += [Axiom(kind, subject, apart, whole) for kind in ("disjoint", "cover")]
        elif predicate in _SIMPLE and named and isinstance(value, ox.NamedNode):
            kind = _SIMPLE[predicate]
            apart = tuple(sorted((subject, far)))
            found.append(
                Axiom(kind, "", apart, (triple,)) if kind == "disjoint" else Axiom(kind, subject, far, (triple,))
            )
        elif predicate in (OWL + "equivalentClass", RDFS + "subClassOf") and named:
            expression = reader.expression(value, subject)
            kind = "consequence" if isinstance(expression, Value) else "necessary"
            if predicate == OWL + "equivalentClass":
                kind = "definition"
                if any(isinstance(part, Only) for part in parts_of(expression)):
                    raise _unfit(file, subject, "allValuesFrom")
            below = () if isinstance(value, ox.NamedNode) else reader.below(value)
            found.append(Axiom(kind, subject, expression, (triple, *below)))
    return sorted(found, key=lambda a: (a.kind, a.subject, str(a.content)))


def value_of(node: object) -> str:
    """Return a node's IRI or a literal's text."""
    return str(getattr(node, "value", ""))


def named(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples without blank nodes: what may enter the graph."""
    import pyoxigraph as ox

    return [t for t in triples if not isinstance(t.subject, ox.BlankNode) and not isinstance(t.object, ox.BlankNode)]


class _Reader:
    """Triples by subject."""

    def __init__(self, triples: Iterable[ox.Triple], file: Path) -> None:
        self.file = file
        self.triples = list(dict.fromkeys(triples))
        self.about: dict[Any, list[ox.Triple]] = defaultdict(list)
        for triple in self.triples:
            self.about[triple.subject].append(triple)

    def one(self, node: Any, name: str, namespace: str = OWL) -> Any:
        """Return the value of a property of a node, or None."""
        return next((t.object for t in self.about[node] if t.predicate.value == namespace + name), None)

    def items(self, node: Any) -> Iterator[Any]:
        """Yield the members of an RDF list."""
        while node is not None and node.value != RDF + "nil":
            yield self.one(node, "first", RDF)
            node = self.one(node, "rest", RDF)

    def below(self, node: Any) -> tuple[ox.Triple, ...]:
        """Return the triples of a blank node and of the blank nodes that it leads to."""
        found = []
        for triple in self.about[node]:
            found.append(triple)
            if type(triple.object).__name__ == "BlankNode":
                found += self.below(triple.object)
        return tuple(found)

    def role(self, node: Any) -> Role:
        """Return the property, or the inverse of one, that a restriction is on."""
        inverted = self.one(node, "inverseOf") if type(node).__name__ == "BlankNode" else None
        return Role(inverted.value, True) if inverted is not None else Role(node.value)

    def expression(self, node: Any, about: str) -> Expression:
        """Return the class expression that a node stands for."""
        if type(node).__name__ == "NamedNode":
            return Named(node.value)
        if (parts := self.one(node, "intersectionOf")) is not None:
            return And(tuple(self.expression(part, about) for part in self.items(parts)))
        if (parts := self.one(node, "unionOf")) is not None:
            return Or(tuple(self.expression(part, about) for part in self.items(parts)))
        if (parts := self.one(node, "oneOf")) is not None:
            return OneOf(tuple(part.value for part in self.items(parts)))
        if type(other := self.one(node, "complementOf")).__name__ == "NamedNode":
            return Not(other.value)
        if (on := self.one(node, "onProperty")) is not None:
            if (value := self.one(node, "hasValue")) is not None:
                return Value(self.role(on), value)
            if (filler := self.one(node, "someValuesFrom")) is not None:
                return Some(self.role(on), self.expression(filler, about))
            if (filler := self.one(node, "allValuesFrom")) is not None:
                return Only(self.role(on), self.expression(filler, about))
        used = sorted({t.predicate.value.removeprefix(OWL) for t in self.about[node]} - {RDF + "type", "onProperty"})
        raise _unfit(self.file, about, ", ".join(used) or "an empty expression")


def _unfit(file: Path, about: str, what: str) -> InputError:
    hint = "and, or, one of, some, value, inverse and the complement of a named class are"
    return InputError(Place(file), f"{names.compact(about)}: {what} is nothing that a rule can derive", hint)


def parts_of(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and everything within it."""
    yield expression
    inner: Sequence[Expression] = ()
    if isinstance(expression, And | Or):
        inner = expression.parts
    elif isinstance(expression, Some | Only):
        inner = (expression.filler,)
    for part in inner:
        yield from parts_of(part)


def wider(axioms: Iterable[Axiom], kind: str = "subclass") -> dict[str, set[str]]:
    """Return for each class (or property) the wider ones, at any distance."""
    direct: dict[str, set[str]] = defaultdict(set)
    for axiom in axioms:
        if axiom.kind == kind:
            direct[axiom.subject].add(axiom.content)
    found: dict[str, set[str]] = {}
    for start in list(direct):
        todo, seen = [start], set[str]()
        while todo:
            fresh = direct.get(todo.pop(), set()) - seen
            seen |= fresh
            todo += fresh
        found[start] = seen
    return found


def apart_from(cls: str, axioms: Sequence[Axiom]) -> set[str]:
    """Return the classes stated to share no member with a class or one of its superclasses."""
    lineage = {cls} | wider(axioms).get(cls, set())
    groups = [set(axiom.content) for axiom in axioms if axiom.kind == "disjoint"]
    return {other for group in groups if group & lineage for other in group - lineage}


def manchester(expression: Expression) -> str:
    """Return a class expression in the Manchester syntax, with compact ids.

    Form: https://www.w3.org/TR/owl2-manchester-syntax/.
    """
    match expression:
        case Named(iri):
            return names.compact(iri)
        case Not(iri):
            return f"not {names.compact(iri)}"
        case OneOf(members):
            return "{" + ", ".join(map(names.compact, members)) + "}"
        case Value(role, node):
            return f"{_role(role)} value {names.compact(node.value) if type(node).__name__ == 'NamedNode' else node}"
        case Some(role, filler):
            return f"{_role(role)} some {_inner(filler)}"
        case Only(role, filler):
            return f"{_role(role)} only {_inner(filler)}"
        case And(parts):
            return " and ".join(map(_inner, parts))
        case Or(parts):
            return " or ".join(map(_inner, parts))


def _role(role: Role) -> str:
    return f"inverse {names.compact(role.iri)}" if role.inverse else names.compact(role.iri)


def _inner(expression: Expression) -> str:
    text = manchester(expression)
    return text if isinstance(expression, Named | Not | OneOf) else f"({text})"
