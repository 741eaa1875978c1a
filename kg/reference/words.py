"""Axioms in words, for readers who do not read Manchester syntax: the same trees, told with labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg import names
from kg.reason.axioms import And, Axiom, Expression, Named, Not, OneOf, Only, Or, Role, Some, Value

Label = Callable[[str], str]
"""The English label of a term."""


def told(axiom: Axiom, label: Label) -> dict[str, str]:
    """Return a sentence for each term that an axiom is about; none for the plain hierarchy, which pages show anyway."""
    match axiom.kind:
        case "definition":
            return {axiom.subject: f"{_capital(_a(label(axiom.subject)))} is the same as {of(axiom.content, label)}."}
        case "consequence":
            value = axiom.content
            return {axiom.subject: f"Every {label(axiom.subject)} {_verb(value.role, label)} {_node(value, label)}."}
        case "necessary":
            phrase = of(axiom.content, label).removeprefix("something that ")
            return {axiom.subject: f"Every {label(axiom.subject)} {phrase}."}
        case "cover":
            return {axiom.subject: f"Every {label(axiom.subject)} is {_or(_a(label(c)) for c in axiom.content)}."}
        case "transitive":
            return {axiom.subject: "What is so related step by step is so related from the first to the last."}
        case "symmetric":
            return {axiom.subject: "What relates one to another relates the other to the one."}
        case "disjoint":
            others = {cls: sorted(label(o) for o in axiom.content if o != cls) for cls in axiom.content}
            return {cls: f"No {label(cls)} is {_or(map(_a, rest))}." for cls, rest in others.items()}
    return {}


def of(expression: Expression, label: Label) -> str:
    """Return a class expression as a phrase: `a claim such that an assertion asserts it`."""
    match expression:
        case Named(iri):
            if iri.startswith(names.PREFIXES["xsd"]):
                return {"string": "text"}.get(names.slug_of(iri), f"a value of {names.compact(iri)}")
            return _a(label(iri))
        case Not(iri):
            return f"anything but {_a(label(iri))}"
        case OneOf(members):
            return _or(f"“{label(member)}”" for member in members)
        case Value(role, _):
            if role.inverse:
                return f"something such that {_node(expression, label)} {label(role.iri)} it"
            return f"something that {_verb(role, label)} {_node(expression, label)}"
        case Some(role, filler):
            if role.inverse:
                return f"something such that {of(filler, label)} {label(role.iri)} it"
            return f"something that {_verb(role, label)} {of(filler, label)}"
        case Only(role, filler):
            return f"something that {_verb(role, label)} nothing but {of(filler, label)}"
        case And(parts):
            first, *rest = [of(part, label) for part in parts]
            told = [part.removeprefix("something ") for part in rest]
            joint = " " if told[0].startswith(("that ", "such ")) else " and "
            return f"{first}{joint}{' and '.join(told)}"
        case Or(parts):
            told = [of(part, label) for part in parts]
            if all(part.startswith("something that ") for part in told):
                return f"something that either {_or(part.removeprefix('something that ') for part in told)}"
            return _or(told)


def _verb(role: Role, label: Label) -> str:
    """Return a property as a verb: its label, before which `has` stands where it is a noun."""
    words = label(role.iri)
    verbal = words.split()[0].endswith("s") or words.split()[0] in ("attributed", "coded", "held", "through", "in")
    said = {"coded by": "is coded by", "held by": "is held by", "attributed to": "is attributed to"}.get(words, words)
    return said if verbal else f"has a {words}:"


def _node(value: Value, label: Label) -> str:
    node = value.node
    return f"“{label(node.value)}”" if type(node).__name__ == "NamedNode" else f"“{node.value}”"


def _or(parts: Iterable[str]) -> str:
    """Join phrases: `a, b or c`."""
    *found, last = parts
    return f"{', '.join(found)} or {last}" if found else last


def _a(label: str) -> str:
    # labels that begin with a vowel sound; `user`, `European` and their like are the exceptions that occur
    vowel = label[:1].lower() in "aeiou" and not label.lower().startswith(("us", "uni", "eu"))
    return f"{'an' if vowel else 'a'} {label}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
