"""Defined classes as rules: `C ≡ expression` becomes one CONSTRUCT rule, which the build runs.

So every membership that a reasoner would infer from a definition is derived at build time, at scale. A test holds
the two equal. The complement of a class is what disjointness proves to be outside it; absence never proves it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import count
from pathlib import Path

from kg import names
from kg.errors import InputError, Place
from kg.queries import Query
from kg.reason.axioms import (
    And,
    Axiom,
    Expression,
    Named,
    Not,
    OneOf,
    Or,
    Some,
    Value,
    apart_from,
    parts_of,
    wider,
)

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
    for cls in defined:
        for reached in (cls, *tree.get(cls, ())):
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
        heads = ", ".join(map(_iri, [cls, *sorted(tree.get(cls, ()))]))
        for expression in defined[cls]:
            text = f"CONSTRUCT {{ ?x a {heads} }}\nWHERE {{ {pattern(expression, axioms)}}}\n"
            found.append(_rule(names.slug_of(cls), f"What belongs to {names.compact(cls)}, by its definition.", text))
    return found


def closures(axioms: Iterable[Axiom]) -> list[Query]:
    """Return the rules for all other axioms: wider properties and classes, transitivity, symmetry, fixed values."""
    upwards = "CONSTRUCT { ?x ?q ?y } WHERE { ?p rdfs:subPropertyOf+ ?q . ?x ?p ?y }"
    texts = [upwards]
    last = ["CONSTRUCT { ?x a ?wider } WHERE { ?class rdfs:subClassOf+ ?wider . ?x a ?class }"]
    for axiom in axioms:
        name = _iri(axiom.subject)
        if axiom.kind == "symmetric":
            texts.append(f"CONSTRUCT {{ ?y {name} ?x }} WHERE {{ ?x {name} ?y }}")
        elif axiom.kind == "transitive":
            texts.append(f"CONSTRUCT {{ ?x {name} ?y }} WHERE {{ ?x {name}+ ?y }}")
        elif axiom.kind == "consequence":
            last.append(f"CONSTRUCT {{ {_match(axiom.content, '?x')}}} WHERE {{ ?x a {name} }}")
    summary = "What follows from the axioms on properties and classes."
    return [_rule("closure", summary, text) for text in [*texts, *last, upwards]]


def _rule(name: str, summary: str, text: str) -> Query:
    return Query("infer", name, str(_PLACE.file), text, {"summary": summary})


def pattern(expression: Expression, axioms: Sequence[Axiom]) -> str:
    """Return the SPARQL pattern that members `?x` of an expression match; disjointness is looked up in the axioms."""
    return _pattern(expression, "?x", (f"?n{number}" for number in count(1)), axioms)


def _pattern(expression: Expression, x: str, fresh: Iterator[str], axioms: Sequence[Axiom]) -> str:
    match expression:
        case Named(iri) if iri.startswith(XSD):
            return f"FILTER(DATATYPE({x}) = {_iri(iri)}) "
        case Named(iri):
            return f"{x} a {_iri(iri)} . "
        case Not(iri):
            cls, apart = next(fresh), sorted(apart_from(iri, axioms))
            return f"VALUES {cls} {{ {' '.join(map(_iri, apart))} }} {x} a {cls} . "
        case OneOf(members):
            return f"VALUES {x} {{ {' '.join(map(_iri, members))} }} "
        case Value():
            return _match(expression, x)
        case Some(role, filler):
            y = next(fresh)
            start, end = (y, x) if role.inverse else (x, y)
            text = _pattern(filler, y, fresh, axioms)
            if isinstance(filler, And):  # found once and joined; the engine would look it up anew for every ?x
                text = f"{{ SELECT DISTINCT {y} WHERE {{ {text}}} }} "
            return f"{start} {_iri(role.iri)} {end} . {text}"
        case And(parts):
            return "".join(_pattern(part, x, fresh, axioms) for part in parts)
        case Or(parts):
            return " UNION ".join(f"{{ {_pattern(part, x, fresh, axioms)}}}" for part in parts) + " "


def _match(value: Value, x: str) -> str:
    node = _iri(value.node[1:-1]) if value.node.startswith("<") else value.node
    start, end = (node, x) if value.role.inverse else (x, node)
    return f"{start} {_iri(value.role.iri)} {end} . "


def _iri(iri: str) -> str:
    short = names.compact(iri)
    return short if short != iri else f"<{iri}>"
