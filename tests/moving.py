"""Terms that have moved, planted into the project's vocabulary, and a corpus that still names them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from vocabularies import PREFIXES

from kg import names, pipeline
from kg.coding.migrate import migrate
from kg.load import turtle
from kg.load.founding import Founding
from kg.load.inputs import Inputs
from kg.load.moved import Use

_TERM = """
{name}
    a {cls} , skos:Concept ;
    rdfs:isDefinedBy <https://w3id.org/airkg/ontology/vocabulary> ;
    skos:prefLabel "{label}"@en , "{label} به فارسی"@fa ;
    skos:definition "A thing that was."@en ;
    {note}owl:deprecated true ;
    {to}.
"""
_MORE = {
    "actor": "air:kindOf air:Firm ;\n    ",
    "relation": "air:hasDirection code:direction.decrease ;\n    air:hasEdgeProperty air:weakens ;\n    ",
}

_TWINS = "".join(
    f"""
{kind}:misty
    a {cls} , skos:Concept ;
    rdfs:isDefinedBy <https://w3id.org/airkg/ontology/vocabulary> ;
    skos:prefLabel "misty {kind}"@en ;
    skos:definition "One of two terms in use with one slug."@en ;
    .
"""
    for kind, cls in (("mechanism", "air:Mechanism"), ("phenomenon", "air:Phenomenon"))
)

MOVED: dict[str, tuple[str, ...]] = {
    "phenomenon:old-grip": ("phenomenon:state-monopoly",),
    "phenomenon:older-grip": ("phenomenon:old-grip",),
    "phenomenon:oldest-grip": ("phenomenon:older-grip",),
    "phenomenon:forked": ("phenomenon:trust", "phenomenon:sovereignty"),
    "phenomenon:joined": ("phenomenon:old-grip", "phenomenon:older-grip"),
    "phenomenon:gone": (),
    "phenomenon:after-gone": ("phenomenon:gone",),
    "phenomenon:half-gone": ("phenomenon:gone", "phenomenon:trust"),
    "phenomenon:round-one": ("phenomenon:round-two",),
    "phenomenon:round-two": ("phenomenon:round-one",),
    "phenomenon:undated": ("phenomenon:trust",),
    "phenomenon:cloudy": ("mechanism:misty",),
    "technology:turned": ("phenomenon:trust",),
    "mechanism:misnamed": ("phenomenon:trust",),
    "actor:old-firms": ("actor:technology-firms",),
    "technology:old-machines": ("technology:artificial-intelligence",),
    "relation:loosens": ("relation:weakens",),
}
"""Deprecated terms, and what each is replaced by."""


# what is the same in every test is read once: a load takes half of the time
_known: dict[tuple[str, ...], Founding] = {}
_of = Founding.of
_read = cache(turtle.read_turtle)
CLAIM = """\
  - id: form-{0}
    at: "nothing of the sort has happened"
    claim:
      id: form-{0}
      kind: effect
      says: Artificial intelligence does old-grip to {0}.
      cause: artificial-intelligence
      effect: weakens
      {1}
    voice: own
    stance: endorses
    hedge: categorical
    mode: finding
    basis: reasoning
"""
"""A claim with a number, and a slot."""

_files = pipeline.ontology_files


def planted(folder: Path, monkeypatch: pytest.MonkeyPatch, *only: str) -> None:
    """Let the project's vocabulary have the terms of `MOVED`, or only some of them."""
    classes = {"actor": "air:ActorKind", "phenomenon": "air:Phenomenon", "mechanism": "air:Mechanism",
               "technology": "air:Technology", "relation": "air:Effect"}  # fmt: skip
    text = PREFIXES
    for name in only or MOVED:
        to = MOVED[name]
        kind, _, slug = name.partition(":")
        note = (
            ""
            if slug == "undated"
            else 'skos:changeNote "0.1.1: Renamed."@en , "0.10.0: It had had its day."@en ;\n    '
        )
        after = f"dcterms:isReplacedBy {' , '.join(to)} ;\n    " if to else ""
        label = slug.replace("-", " ")
        text += _TERM.format(name=name, cls=classes[kind], label=label, note=note, to=after + _MORE.get(kind, ""))
    text += _TWINS
    file = folder / "vocabulary" / "planted.ttl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    files = [*_files(), file]
    monkeypatch.setattr(Founding, "of", lambda triples: _known.get(only) or _known.setdefault(only, _of(triples)))
    monkeypatch.setattr(turtle, "read_turtle", lambda one, blank_nodes=False: _read(one, blank_nodes))
    monkeypatch.setattr(pipeline, "ontology_files", lambda: files)


def uses(root: Path) -> list[Use]:
    """Return where a corpus names terms that have moved."""
    return list(pipeline.load(Inputs.of([root], founding=False)).moved)


def fixed(root: Path) -> tuple[list[str], int]:
    """Rewrite a corpus; return what was told, `line: old → new`, and how many uses are left."""
    told: list[Use] = []
    written, left = migrate(Inputs.of([root], founding=False), [root], told.append)
    assert written == len(told)
    return [f"{use.place.line}: {use.written} → {use.new}" for use in told], left


def shown(use: Use, language: str = "en") -> str:
    """Return a use as a line: place in the file, term, message."""
    return f"{use.place.line}:{use.place.column}: {names.compact(use.fate.term)} {use.message(language)}"
