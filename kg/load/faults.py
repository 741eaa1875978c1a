"""Checking a parsed file against its form: each of pydantic's errors as one line with the place in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from kg.errors import KEPT, CodingError, Place, Tally, nearest
from kg.load.keys import SINCE
from kg.load.schema import (
    CLAIM_FORMS,
    AssertionForm,
    CitationForm,
    Form,
    Known,
    MergerForm,
    OmissionForm,
    RelationForm,
    SectionForm,
    TextForm,
)
from kg.model import KINDS
from kg.tree import Tree


def validate(form: type[Form], tree: Tree, known: Known | None = None) -> tuple[Any, Tally]:
    """Check a parsed file against a form.

    Returns:
        The form's instance, or None where the file has faults; and all faults but those of its YAML (`tree.faults`).

    """
    found = Tally()
    try:
        return form.model_validate(tree.data, context=known), found
    except ValidationError as error:
        told = {one.place for one in tree.faults}
        # an item is translated, with its hint, only as long as somebody may read it
        items = error.errors(include_url=False, include_input=False)
        found.extend(one for item in items[:KEPT] if (one := _translate(form, tree, item)).place not in told)
        found.more += len(items[KEPT:])
        return None, found


def _translate(form: type[Form], tree: Tree, error: Any) -> CodingError:
    """Turn one pydantic error into a line with its place."""
    loc: list[str | int] = list(error["loc"])
    tag: str | int = ""
    if len(loc) > 3 and (loc[0], loc[2]) == ("assertions", "claim"):
        tag = loc.pop(3)  # pydantic puts the member of the union here: the kind, which may be a key of the claim too
    path: list[str | int] = []
    here = tree.data
    last = loc[-1] if loc else ""
    for step in loc:
        inside = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if inside:
            path.append(step)
            here = here[step]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "airkg":
        return CodingError(tree.place(path), context["message"], context["hint"]())
    if kind == "airkg_kind":
        return _not_one_of(tree.place([*path, "kind"]), "kind", here.get("kind", ""), tuple(KINDS))
    if kind == "extra_forbidden" and tag in CLAIM_FORMS and last in SINCE:
        message = f"key '{last}' found in the claim, and in the assertion, to which it belongs"
        return CodingError(tree.place(path, key=True), message, "strike it out of the claim")
    if kind == "extra_forbidden":
        return CodingError(tree.place(path, key=True), f"unknown key '{last}'", _expected_keys(form, loc, tag))
    if kind == "missing":
        return CodingError(tree.place(path), f"key '{last}' is missing{_of(here)}")
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return _not_one_of(tree.place(path), next(p for p in reversed(path) if isinstance(p, str)), here, choices)
    if kind in ("too_long", "string_too_long"):
        unit = "entries" if kind == "too_long" else "characters"
        message = f"{len(here):,} {unit} found, at most {context['max_length']:,} expected{_for(path)}"
        return CodingError(tree.place(path), message)
    expected = {
        "string_type": "text", "list_type": "a list", "model_type": "keys and values",
        "dict_type": "keys and values", "string_too_short": "some text", "too_short": "at least one entry",
        "model_attributes_type": "keys and values",
    }.get(kind, error["msg"])  # fmt: skip
    return CodingError(tree.place(path), f"{_show(here)} found, {expected} expected{_for(path)}")


def _not_one_of(place: Place, name: str, found: Any, choices: Sequence[str]) -> CodingError:
    if not isinstance(found, str) or not found:
        return CodingError(place, f"{_show(found)} found, one of {', '.join(choices)} expected for '{name}'")
    return CodingError(place, f"{name} '{found}' is not one of {', '.join(choices)}", nearest(found, choices))


def _of(here: Any) -> str:
    if isinstance(here, dict):
        if "kind" in here:
            return f", which a claim of kind {here['kind']} must have"
        if "id" in here:
            return f" in '{here['id']}'"
    return ""


def _for(path: Sequence[str | int]) -> str:
    name = next((p for p in reversed(path) if isinstance(p, str)), "")
    return f" for '{name}'" if name else ""


def _show(value: Any) -> str:
    if isinstance(value, str):
        return value if value else "nothing"
    return "keys and values" if isinstance(value, dict) else "a list" if isinstance(value, list) else "nothing"


def _expected_keys(form: type[BaseModel], loc: Sequence[str | int], tag: str | int) -> str:
    """Name the known key that is nearest to the last of `loc`; `tag` is the kind where the key is a claim's."""
    nested: dict[str, type[BaseModel]] = {
        "assertions": AssertionForm, "citations": CitationForm, "relations": RelationForm,
        "merged": MergerForm, "left-out": OmissionForm, "sections": SectionForm, "text": TextForm,
    }  # fmt: skip
    for step in loc[:-1]:
        form = nested.get(str(step), form)
    form = CLAIM_FORMS.get(str(tag), form)
    keys = [f.alias or n for n, f in form.model_fields.items()]
    return nearest(str(loc[-1]), keys) or f"known keys: {', '.join(keys)}"
