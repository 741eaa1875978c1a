"""Class expressions in the Manchester syntax (https://www.w3.org/TR/owl2-manchester-syntax/), with prefixed names."""

from __future__ import annotations

from kg import names
from kg.axioms import And, Expression, Named, Not, OneOf, Or, Role, Some, Value


def manchester(expression: Expression) -> str:
    """Return a class expression as text."""
    match expression:
        case Named(iri):
            return names.compact(iri)
        case Not(iri):
            return f"not {names.compact(iri)}"
        case OneOf(members):
            return "{" + ", ".join(map(names.compact, members)) + "}"
        case Value(role, node):
            return f"{_role(role)} value {names.compact(node.strip('<>'))}"
        case Some(role, filler):
            return f"{_role(role)} some {_inner(filler)}"
        case And(parts):
            return " and ".join(map(_inner, parts))
        case Or(parts):
            return " or ".join(map(_inner, parts))


def _role(role: Role) -> str:
    return f"inverse {names.compact(role.iri)}" if role.inverse else names.compact(role.iri)


def _inner(expression: Expression) -> str:
    text = manchester(expression)
    return text if isinstance(expression, Named | OneOf) else f"({text})"
