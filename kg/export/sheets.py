"""The coding as tables: claims, assertions, citations and vocabulary, and the codebook from which coders choose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kg import names
from kg.export import assertions
from kg.export.dataset import first, label, natural, things, values
from kg.grounds import labels_of
from kg.model import ASSERTION_SLOTS, CODES, COMMON_SLOTS, KINDS, LINKS, Slot

if TYPE_CHECKING:
    from kg.export import Job
    from kg.export.dataset import Thing

Row = Mapping[str, str]


class Sheet(NamedTuple):
    """A table: its name, what a row is, its columns with what they hold, its rows."""

    name: str
    about: str
    columns: Mapping[str, str]
    rows: Sequence[Row]


_CLAIM_COLUMNS = {
    "claim": "id of the claim",
    "kind": "kind of claim",
    "statement": "the claim in one line, in the coder's words",
    "statement_fa": "the same in Persian, where a source is Persian",
    "subject_label": "what the claim is about",
    "relation_label": "how subject and object stand",
    "object_label": "the other end, or its words",
    "sources": "ids of the sources that assert it",
    "sources_label": "their short references",
    "assertions": "number of assertions of it",
}


def tables(job: Job) -> list[Sheet]:
    """Return the four tables, in the order in which they lean on one another."""
    return [_claims(job), _assertions(job), _citations(job), _vocabulary(job)]


def _claims(job: Job) -> Sheet:
    found = things(job.engine, "air:Claim")
    acts: dict[str, list[Thing]] = {}
    for act in things(job.engine, "air:Assertion").values():
        acts.setdefault(first(act, "air:asserts"), []).append(act)
    links = {name.replace(" ", "_"): f"air:{prop}" for name, prop in LINKS.items()}
    columns = {**_CLAIM_COLUMNS, **assertions.SLOTS, **{slot.name: slot.help for slot in COMMON_SLOTS}}
    columns |= {name: f"ids of claims that it {name.replace('_', ' ')}" for name in links}
    columns["contested_by"] = "ids of claims that stand against it"
    ends = ("air:hasSubject", "air:hasRelation", "air:hasObject")
    wanted = {v for claim in found.values() for end in ends for v in values(claim, end)}
    wanted |= {first(act, "air:inSource") for group in acts.values() for act in group}
    labels = labels_of(job.engine, sorted(filter(None, wanted)), job.language)
    kinds = {f"{names.AIR}{kind.cls}": kind for kind in KINDS.values()}
    rows = []
    for iri, claim in found.items():
        kind = next((kinds[cls] for cls in values(claim, "rdf:type") if cls in kinds), None)
        sources = sorted({first(act, "air:inSource") for act in acts.get(iri, ())})
        subject, relation, other = (_joined(labels[v] for v in values(claim, end)) for end in ends)
        row = {
            "claim": names.compact(iri),
            "kind": kind.name if kind else "",
            "statement": first(claim, "air:statement", "en") or first(claim, "air:statement"),
            "statement_fa": first(claim, "air:statement", "fa"),
            "subject_label": subject,
            "relation_label": relation,
            "object_label": other or first(claim, "air:objectText"),
            "sources": _joined(map(names.compact, sources)),
            "sources_label": _joined(labels[source] for source in sources),
            "assertions": str(len(acts.get(iri, ()))),
            "contested_by": _ids(claim, "air:isContestedBy"),
        }
        row |= {slot.name: _slot_values(claim, slot) for slot in (*(kind.slots if kind else ()), *COMMON_SLOTS)}
        row |= {name: _ids(claim, prop) for name, prop in links.items()}
        rows.append(row)
    return Sheet("claims", "a row a claim", columns, rows)


def _assertions(job: Job) -> Sheet:
    return Sheet("assertions", "a row a passage of an assertion", assertions.ABOUT, assertions.rows(job))


def _citations(job: Job) -> Sheet:
    columns = {
        "citation": "id of the in-text citation",
        "source": "id of the text in which it stands",
        "section": "its section",
        "start": "offset of its first character in the text, in code points",
        "end": "offset after its last character",
        "pointer": "the pointer as printed",
        "work": "id of the work it resolves to",
        "reference": "short reference of that work",
        "defect": "why it resolves to none",
        "probably": "id of the work that is probably meant",
    }
    passages, positions = things(job.engine, "air:Passage"), things(job.engine, "oa:TextPositionSelector")
    found = things(job.engine, "air:InTextCitation")
    sections = [first(p, "air:inSection") for p in passages.values()]
    works = [first(c, "air:citesWork") for c in found.values()]
    labels = labels_of(job.engine, filter(None, [*sections, *works]), job.language)
    rows = []
    for iri, citation in sorted(found.items(), key=lambda pair: (natural(first(pair[1], "air:hasPassage")), pair[0])):
        passage = passages.get(first(citation, "air:hasPassage"), {})
        position = positions.get(first(passage, "oa:hasSelector"), {})
        work = first(citation, "air:citesWork")
        rows.append(
            {
                "citation": names.compact(iri),
                "source": _ids(citation, "air:inSource"),
                "section": labels.get(first(passage, "air:inSection"), ""),
                "start": first(position, "oa:start"),
                "end": first(position, "oa:end"),
                "pointer": label(citation),
                "work": names.compact(work),
                "reference": labels[work] if work else "",
                "defect": _codes(_ids(citation, "air:hasDefect")),
                "probably": _ids(citation, "air:probablyCites"),
            }
        )
    return Sheet("citations", "a row an in-text citation and work", columns, rows)


def _vocabulary(job: Job) -> Sheet:
    columns = {
        "term": "id of the term",
        "kind": "kind of thing",
        "classes": "ontology classes, derived ones included",
        "label": "label in English",
        "label_fa": "label in Persian, where a source gives the word",
        "also": "other labels",
        "definition": "what it means here",
        "broader": "ids of broader terms",
        "exact": "the same in other vocabularies",
        "close": "nearly the same in other vocabularies",
    }
    rows = []
    for iri, term in things(job.engine, "skos:Concept").items():
        compact = names.compact(iri)
        kind = compact.partition(":")[0]
        if kind not in names.VOCABULARY_KINDS:
            continue
        classes = [names.slug_of(cls) for cls in values(term, "rdf:type") if cls.startswith(names.AIR)]
        rows.append(
            {
                "term": compact,
                "kind": kind,
                "classes": _joined(classes),
                "label": first(term, "skos:prefLabel", "en"),
                "label_fa": first(term, "skos:prefLabel", "fa"),
                "also": _joined(values(term, "skos:altLabel")),
                "definition": first(term, "skos:definition", "en"),
                "broader": _ids(term, "skos:broader"),
                "exact": _ids(term, "skos:exactMatch"),
                "close": _ids(term, "skos:closeMatch"),
            }
        )
    return Sheet("vocabulary", "a row a term that a claim may name", columns, rows)


def codebook(job: Job) -> Sheet:
    """Return what a coder chooses from: kinds of claims, their slots, and the closed lists, with definitions."""
    columns = {
        "part": "kind, slot, or code",
        "of": "the kind a slot belongs to, or the assertion; the list a code stands in",
        "name": "as in coding.yaml",
        "meaning": "what it says",
        "filler": "what a slot holds: a term (of these classes), a code (of this list), or text",
        "required": "whether what it belongs to must have it",
        "many": "whether it may hold several values",
        "iri": "its term in the ontology",
    }
    meanings = {iri: first(code, "skos:definition", "en") for iri, code in things(job.engine, "air:Code").items()}
    rows: list[Row] = []
    for kind in KINDS.values():
        iri = names.term(kind.cls)
        rows.append({"part": "kind", "of": "claim", "name": kind.name, "meaning": kind.help, "iri": iri})
        rows += [_slot(slot, kind.name) for slot in kind.slots]
    rows += [_slot(slot, "any kind") for slot in COMMON_SLOTS]
    rows += [_slot(slot, "assertion") for slot in ASSERTION_SLOTS]
    for scheme, codes in CODES.items():
        for code in codes:
            iri = names.thing("code", scheme, code)
            # Reasons stand in coding.yaml alone: what is left out is not in the graph.
            meaning = meanings.get(iri, "why a sentence of the text is left out" if scheme == "reason" else "")
            known = iri if iri in meanings else ""
            rows.append({"part": "code", "of": scheme, "name": code, "meaning": meaning, "iri": known})
    return Sheet("codebook", "a row a kind, slot or code", columns, rows)


def _slot(slot: Slot, kind: str) -> Row:
    return {
        "part": "slot",
        "of": kind,
        "name": slot.name,
        "meaning": slot.help,
        "filler": f"{slot.filler} {', '.join(slot.classes)}".strip(),
        "required": "yes" if slot.required else "no",
        "many": "yes" if slot.many else "no",
        "iri": names.term(slot.property),
    }


def _slot_values(claim: Thing, slot: Slot) -> str:
    found = _ids(claim, f"air:{slot.property}")
    return _codes(found) if slot.filler == "code" else found


def _codes(ids: str) -> str:
    """Return codes as coding.yaml and the codebook have them, without the name of their list."""
    return re.sub(r"code:[a-z-]+\.", "", ids)


def _ids(thing: Thing, name: str) -> str:
    return _joined(map(names.compact, values(thing, name)))


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
