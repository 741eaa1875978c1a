"""Defined classes as rules: `C ≡ expression` becomes one CONSTRUCT rule, which the build runs.

So every membership that a reasoner would infer from a definition is derived at build time, at scale. A test holds
the two equal. The complement of a class is what disjointness proves to be outside it; absence never proves it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from kg import names
from kg.errors import InputError, Place
from kg.queries import Bound, Query, nodes, part
from kg.reason.axioms import (
    And,
    Axiom,
    Expression,
    Named,
    Not,
    OneOf,
    Only,
    Or,
    Role,
    Some,
    Value,
    apart_from,
    parts_of,
    wider,
)

if TYPE_CHECKING:
    import pyoxigraph as ox

XSD = names.PREFIXES["xsd"]
_PLACE = Place(Path("ontology/definitions.ttl"))


def rules(axioms: Sequence[Axiom]) -> list[Query]:
    """Return one rule for each definition, those first on which others depend.

    The rules expect that superclasses and wider properties are derived already.

    Raises:
        InputError: definitions go round in a circle.

    """
    tree = wider(axioms)
    defined: dict[str, list[Expression]] = defaultdict(list)
    for axiom in axioms:
        if axiom.kind == "definition":
            defined[axiom.subject].append(axiom.content)
    filled: dict[str, set[str]] = defaultdict(set)
    for cls, expressions in defined.items():
        # a class of which the members are members already gets nothing new: a status of states adds no state
        had = set.intersection(*(_had(expression, tree) for expression in expressions))
        for reached in {cls, *tree.get(cls, ())} - had:
            filled[reached].add(cls)
    needs: dict[str, set[str]] = {}
    for cls, expressions in sorted(defined.items()):
        named = {part.iri for e in expressions for part in parts_of(e) if isinstance(part, Named)}
        needs[cls] = set().union(*(filled[name] for name in sorted(named) if name in filled))
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " → ".join(map(names.compact, error.args[1]))
        raise InputError(_PLACE, f"definitions go round in a circle: {circle}") from None
    found = []
    for cls in order:
        heads = [part("?x a $cls . ", cls=head) for head in nodes([cls, *sorted(tree.get(cls, ()))])]
        for expression in defined[cls]:
            text = part("CONSTRUCT { $heads }\nWHERE { $body }\n", heads=heads, body=pattern(expression, axioms))
            found.append(_rule(names.slug_of(cls), f"What belongs to {names.compact(cls)}, by its definition.", text))
    return found


def _had(expression: Expression, tree: Mapping[str, set[str]]) -> set[str]:
    """Return the classes to which all that match an expression belong before its rule runs."""
    match expression:
        case Named(iri):
            return {iri, *tree.get(iri, ())}
        case And(parts):
            return set().union(*(_had(one, tree) for one in parts))
        case Or(parts):
            return set.intersection(*(_had(one, tree) for one in parts))
        case _:
            return set()


def closures(axioms: Iterable[Axiom]) -> list[Query]:
    """Return the rules for all other axioms: wider properties and classes, transitivity, symmetry, fixed values."""
    upwards = part("CONSTRUCT { ?x ?q ?y } WHERE { ?p rdfs:subPropertyOf+ ?q . ?x ?p ?y }")
    texts = [upwards]
    last = [part("CONSTRUCT { ?x a ?wider } WHERE { ?class rdfs:subClassOf+ ?wider . ?x a ?class }")]
    for axiom in axioms:
        if axiom.kind == "symmetric":
            texts.append(part("CONSTRUCT { ?y $p ?x } WHERE { ?x $p ?y }", p=_node(axiom.subject)))
        elif axiom.kind == "transitive":
            texts.append(part("CONSTRUCT { ?x $p ?y } WHERE { ?x $p+ ?y }", p=_node(axiom.subject)))
        elif axiom.kind == "consequence":
            head = _match(axiom.content, _variable("x"))
            last.append(part("CONSTRUCT { $head } WHERE { ?x a $cls }", head=head, cls=_node(axiom.subject)))
    summary = "What follows from the axioms on properties and classes."
    return [_rule("closure", summary, text) for text in [*texts, *last, upwards]]


def _rule(name: str, summary: str, text: Bound) -> Query:
    return Query("infer", name, str(_PLACE.file), text, {"summary": summary})


def pattern(expression: Expression, axioms: Sequence[Axiom]) -> Bound:
    """Return the SPARQL pattern that members `?x` of an expression match; disjointness is looked up in the axioms."""
    fresh = (_variable(f"n{number}") for number in count(1))
    return _pattern(expression, _variable("x"), fresh, axioms)


def _pattern(expression: Expression, x: ox.Variable, fresh: Iterator[ox.Variable], axioms: Sequence[Axiom]) -> Bound:
    match expression:
        case Named(iri) if iri.startswith(XSD):
            return part("FILTER(DATATYPE($x) = $type)", x=x, type=_node(iri))
        case Named(iri):
            return part("$x a $cls .", x=x, cls=_node(iri))
        case Not(iri):
            cls, apart = next(fresh), nodes(sorted(apart_from(iri, axioms)))
            return part("VALUES $cls { $apart } $x a $cls .", cls=cls, apart=apart, x=x)
        case OneOf(members):
            return part("VALUES $x { $members }", x=x, members=nodes(members))
        case Value():
            return _match(expression, x)
        case Some(role, filler):
            y = next(fresh)
            inner = _pattern(filler, y, fresh, axioms)
            if isinstance(filler, And):  # found once and joined; the engine would look it up anew for every ?x
                inner = part("{ SELECT DISTINCT $y WHERE { $inner } }", y=y, inner=inner)
            return part("$step $inner", step=_step(x, role, y), inner=inner)
        case Only():
            raise ValueError("a rule cannot see that something has no other value")
        case And(parts):
            return part("$all", all=[_pattern(one, x, fresh, axioms) for one in parts])
        case Or(parts):
            groups = [part("{ $one }", one=_pattern(one, x, fresh, axioms)) for one in parts]
            return reduce(lambda before, one: part("$before UNION $one", before=before, one=one), groups)


def _match(value: Value, x: ox.Variable) -> Bound:
    return _step(x, value.role, value.node)


def _step(x: ox.Variable, role: Role, to: ox.Variable | ox.NamedNode | ox.Literal) -> Bound:
    start, end = (to, x) if role.inverse else (x, to)
    return part("$start $role $end .", start=start, role=_node(role.iri), end=end)


def _node(iri: str) -> ox.NamedNode:
    (node,) = nodes([iri])
    return node


def _variable(name: str) -> ox.Variable:
    import pyoxigraph as ox

    return ox.Variable(name)
