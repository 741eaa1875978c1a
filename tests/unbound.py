"""Finding queries that are made of text instead of bound: what `kg.queries.bind` is for, and who goes round it.

Three rules, over the syntax tree of a module:
* what is bound (`bind`, `part`, `with_prefixes`, the text of a `Query`) is a literal, or a constant of the same module;
* what is run (`engine(…)`, `.query(…)`, `.update(…)`) was bound: a call of `bind`, or of `first` or `counting` with
  what was; a variable that holds nothing else, a parameter declared `Bound`;
* no text that reads as SPARQL is formatted, joined, added to or replaced in, whatever becomes of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

HOME = "kg.queries"
BINDERS = ("bind", "part", "with_prefixes")
CUTTERS = ("first", "counting")
MAKERS = ("Bound", "Param")
STORES = ("store", "graph", "whole", "dataset")
SPARQL = re.compile(r"\b(?:SELECT|CONSTRUCT|DESCRIBE|ASK|INSERT|DELETE|WHERE|VALUES)\b[^{]*\{", re.IGNORECASE)


def unbound(source: str) -> list[str]:
    """Return what is wrong in a module, one line each: `3: what was found`."""
    return [f"{line}: {what}" for line, what in sorted(set(_Module(ast.parse(source)).findings()))]


class _Module:
    """A module: its constants, the names that it gives to things of `kg.queries`, and its functions."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        stores = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store | ast.Del)]
        self.constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and _is_text(node.value)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name) and stores.count(target.id) == 1
        }
        self.names: dict[str, str] = {}
        self.homes = {HOME}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == HOME:
                self.names |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module == "kg":
                self.homes |= {alias.asname or alias.name for alias in node.names if alias.name == "queries"}
            elif isinstance(node, ast.Import):
                self.homes |= {alias.asname for alias in node.names if alias.name == HOME and alias.asname}

    def findings(self) -> Iterator[tuple[int, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield from ((node.lineno, what) for what in self._call(node))
            if isinstance(node, ast.expr) and (how := self._formatted(node)):
                yield node.lineno, f"SPARQL is made by {how}"

    def _called(self, call: ast.Call) -> str:
        """Return which of the things of `kg.queries` is called, by whatever name."""
        if isinstance(call.func, ast.Name):
            return self.names.get(call.func.id, "")
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in self.homes:
            return call.func.attr
        return ""

    def _call(self, call: ast.Call) -> Iterator[str]:
        called = self._called(call)
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        first = call.args[0] if call.args else None
        if called in BINDERS and not (first and self._constant(first)):
            yield f"{called} of what is no constant"
        elif called in MAKERS:
            yield f"{called} is made elsewhere than in {HOME}"
        elif called == "Query":
            text = call.args[3] if len(call.args) > 3 else _keyword(call, "text")
            if not (text and self._bound(text)):
                yield "a Query of a text that was not bound"
        elif method == "_replace" and (_keyword(call, "text") or _keyword(call, "values")):
            yield "the text of a query is replaced"
        elif ast.unparse(call.func).endswith("prepareQuery"):
            yield "a query is prepared by rdflib"
        elif "Bound" in map(ast.unparse, call.args) and ast.unparse(call.func).endswith("cast"):
            yield "a text is cast to Bound"
        elif self._runs(call, method) and not (first and self._bound(first)):
            yield f"{ast.unparse(call.func)}: what was not bound is run"

    def _runs(self, call: ast.Call, method: str) -> bool:
        if isinstance(call.func, ast.Name):
            return call.func.id == "engine"
        if isinstance(call.func, ast.Call):
            return ast.unparse(call.func.func).endswith("local")
        if method != "update":  # which dictionaries, sets and digests have too
            return method in ("engine", "query")
        assert isinstance(call.func, ast.Attribute)
        owner = ast.unparse(call.func.value).rpartition(".")[2]
        return owner in STORES or any(SPARQL.search(arg.value) for arg in call.args if _is_text(arg))

    def _constant(self, node: ast.expr) -> bool:
        return _is_text(node) or (isinstance(node, ast.Name) and node.id in self.constants and not self._local(node))

    def _bound(self, node: ast.expr | ast.arg, seen: tuple[str, ...] = ()) -> bool:
        """Tell whether an expression can only be what `bind` or the `bind` of a question gave."""
        if isinstance(node, ast.arg):
            return node.annotation is not None and ast.unparse(node.annotation) == "Bound"
        if isinstance(node, ast.IfExp):
            return self._bound(node.body, seen) and self._bound(node.orelse, seen)
        if isinstance(node, ast.Call):
            if (called := self._called(node)) in ("bind", "part"):
                return True
            if called in CUTTERS:
                return bool(node.args) and self._bound(node.args[0], seen)
            return isinstance(node.func, ast.Attribute) and node.func.attr in ("bind", "listing")
        if not isinstance(node, ast.Name) or node.id in seen:
            return False
        found = self._local(node)
        return bool(found) and all(self._bound(one, (*seen, node.id)) for one in found)

    def _local(self, name: ast.Name) -> list[ast.expr | ast.arg]:
        """Return all that the functions around a name give it: parameters, and the values of assignments."""
        found: list[ast.expr | ast.arg] = []
        node: ast.AST = name
        while node in self.parents:
            node = self.parents[node]
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            found += [arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg) and arg.arg == name.id]
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name) and inner.id == name.id and isinstance(inner.ctx, ast.Store):
                    found.append(_value(self.parents[inner]))
            if found:
                break
        return found

    def _formatted(self, node: ast.expr) -> str:
        """Return how a text that reads as SPARQL is made, or nothing."""
        how = _is_made(node)
        pieces = " ".join(
            one.value if isinstance(one, ast.Constant) else self.constants.get(one.id, "")
            for one in ast.walk(node)
            if _is_text(one) or isinstance(one, ast.Name)
        )
        return how if how and SPARQL.search(pieces) else ""


def _value(statement: ast.AST) -> ast.expr:
    """Return what a statement gives a name; None, which is never bound, where that is not plain."""
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.NamedExpr) and statement.value:
        return statement.value
    return ast.Constant(None)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_made(node: ast.AST) -> str:
    """Return how an expression makes a text of others, or nothing."""
    if isinstance(node, ast.JoinedStr):
        return "an f-string" if any(isinstance(value, ast.FormattedValue) for value in node.values) else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return "%" if isinstance(node.op, ast.Mod) else "+"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        made = ("format", "format_map", "join", "replace", "substitute", "translate")
        return f".{node.func.attr}" if node.func.attr in made else ""
    return ""
