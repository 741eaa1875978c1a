"""The coding as a table: one row per passage of an assertion, for spreadsheets and statistics."""

from __future__ import annotations

from pathlib import Path

from kg import names, tables
from kg.export import Job
from kg.grounds import labels_of
from kg.licences import Rights, called, rights_of, stated_in
from kg.model import KINDS
from kg.queries import bind

SLOTS: dict[str, str] = {}
for _kind in KINDS.values():
    for _slot in _kind.slots:
        SLOTS.setdefault(_slot.name, _slot.help)

ABOUT = {
    "assertion": "id of the assertion",
    "source": "id of the text that makes it",
    "start": "offset of the passage's first character in the text, in code points",
    "end": "offset after its last character",
    "section": "section of the passage",
    "claim": "id of the claim",
    "kind": "kind of claim",
    "statement": "the claim in one line, in the coder's words",
    **SLOTS,
    "condition": "the scope within which the claim is said to hold",
    "time": "when the claim is said to hold",
    "level": "level of analysis",
    "voice": "own, or attributed to cited works",
    "attributed_to": "ids of the works, or of in-text citations that resolve to none",
    "attribution_scope": "strict where the citation stands at the sentence, inherited from a neighbour otherwise",
    "held_by": "ids of those whom the text names as holding the view",
    "stance": "whether the source endorses, reports or contests the claim",
    "hedge": "how firmly",
    "mode": "which part the claim plays in the argument",
    "basis": "on what it rests",
    "domain": "ids of the fields of world politics that the sentence or its heading names",
    "note": "the coder's remark on the assertion",
    "coder": "who coded it: name and id, or the id alone",
    "licence": "licence of the coding that says it; several where its claim is stated by another coding",
}

COLUMNS = tuple(ABOUT)
"""Columns in order; slots that may hold several values hold them joined by `; `."""

_ROWS = """
SELECT ?assertion ?source ?start ?end ?section ?claim ?kind ?statement WHERE {
  ?assertion a air:Assertion ; air:asserts ?claim ; air:inSource ?source ; air:hasPassage ?passage .
  ?passage air:inSection ?section ; oa:hasSelector ?position .
  ?position oa:start ?start ; oa:end ?end .
  ?claim a ?kind ; air:statement ?statement . ?kind rdfs:subClassOf air:Claim .
  FILTER(LANG(?statement) = "en")
}
ORDER BY ?source ?start ?end ?assertion
"""

_VALUES = """
SELECT ?thing ?property ?value WHERE {
  { ?thing a air:Claim ; ?property ?value . } UNION { ?thing a air:Assertion ; ?property ?value . }
  UNION { ?thing air:hasAttribution ?credit . ?credit ?property ?value . }
}
"""


def rows(job: Job) -> list[dict[str, str]]:
    """Return the rows; terms and works as compact ids, in the order of sources and text."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in job.engine(bind(_VALUES)):
        key = (row["thing"].value, row["property"].value.removeprefix(names.AIR))
        value = names.compact(row["value"].value)
        if value not in found.setdefault(key, []):
            found[key].append(value)

    def joined(thing: str, name: str) -> str:
        return "; ".join(sorted(found.get((thing, name), ())))

    def code(thing: str, name: str) -> str:
        return "; ".join(v.partition(".")[2] for v in sorted(found.get((thing, name), ())))

    base = job.engine(bind(_ROWS))
    sections = labels_of(job.engine, (row["section"].value for row in base))
    rights, homes = rights_of(job.engine), stated_in(job.engine)
    coders = {names.compact(coder.iri): str(coder) for coder in rights.coders}
    by_class = {kind.cls: kind for kind in KINDS.values()}
    table = []
    for row in base:
        assertion, claim = row["assertion"].value, row["claim"].value
        kind = by_class[names.slug_of(row["kind"].value)]
        cells = {
            "assertion": names.compact(assertion),
            "source": names.compact(row["source"].value),
            "start": row["start"].value,
            "end": row["end"].value,
            "section": sections[row["section"].value],
            "claim": names.compact(claim),
            "kind": kind.name,
            "statement": row["statement"].value,
            "voice": code(assertion, "hasVoice"),
            "attributed_to": "; ".join(
                sorted(found.get((assertion, "attributedTo"), []) + found.get((assertion, "throughCitation"), []))
            ),
            "attribution_scope": code(assertion, "hasScope"),
            "held_by": joined(assertion, "heldBy"),
            "stance": code(assertion, "hasStance"),
            "hedge": code(assertion, "hasHedge"),
            "mode": code(assertion, "hasMode"),
            "basis": code(assertion, "hasBasis"),
            "domain": joined(assertion, "hasDomain"),
            "condition": joined(claim, "condition"),
            "time": joined(claim, "time"),
            "level": code(claim, "hasLevel"),
            "coder": "; ".join(coders[iri] for iri in found.get((assertion, "codedBy"), ())),
            "licence": _licences(rights.among({row["source"].value, *homes.get(claim, ())})),
            "note": joined(assertion, names.PREFIXES["skos"] + "note"),
        }
        for slot in kind.slots:
            cells[slot.name] = code(claim, slot.property) if slot.filler == "code" else joined(claim, slot.property)
        table.append({name: cells.get(name, "") for name in COLUMNS})
    return table


def _licences(rights: Rights) -> str:
    return "; ".join(dict.fromkeys(called(coding.licence) for coding in rights.codings))


def write(job: Job, path: Path) -> None:
    """Write the rows in the job's form: CSV is for spreadsheets, TSV, JSON and NDJSON hold each cell as it is."""
    if job.form == "xlsx":
        from kg.export.spreadsheets import book

        book(COLUMNS, rows(job), path)
        return
    form = "sheet" if job.form in ("", "csv") else job.form
    path.write_bytes(tables.write(form, COLUMNS, rows(job)).encode())
