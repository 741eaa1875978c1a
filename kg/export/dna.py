"""Discourse network analysis: the event list of Discourse Network Analyzer, and its three networks.

Form: DNA's own exporter (https://github.com/leifeld/dna, `Exporter.java`): semicolons, texts in double quotes
with `;` turned into `,` and `"` into `'`, times as `yyyy-MM-dd HH:mm:ss`, agreement 1 or 0. What is a statement,
who holds it and what it is about is said by `queries/project/affiliation.rq`.

The networks count every identical statement once (DNA's duplicates setting *across date range*) and are not
normalised. In `affiliation.csv` the qualifier is combined: 1 agrees, 2 disagrees, 3 both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names
from kg.export import about, graphml
from kg.grounds import Solution, labels_of
from kg.measure.networks import find, project
from kg.queries import bind

if TYPE_CHECKING:
    from kg.export import Job
    from kg.measure.networks import Edge, Network

COLUMNS = (
    *("statement_id", "time", "person", "organization", "concept", "agreement", "start_position", "stop_position"),
    *("text", "coder", "document_id", "document_title", "document_author", "document_source"),
    *("document_section", "document_type"),
)
NUMBERS = ("statement_id", "agreement", "start_position", "stop_position", "document_id")

NETWORKS = ("affiliation", "congruence", "conflict")

_NOTE = """
events.csv       one row per statement, holder and concept, as Discourse Network Analyzer writes an event list
  person         the work that speaks: the cited works, or the source itself
  organization   who holds the view: the school or actor that the text names, else the work itself;
                 the networks are made of this variable
  concept        the thing affected, risked, gained or needed; "(change)": that it changes, "(need)": that it
                 is needed; else the claim itself
  agreement      1 affirms (of a thing: more of it), 0 denies (less of it)
  text           the claim in the coder's words; the source's own words are not here
  time           empty where the source has no date
affiliation      holders by concepts: 1 agrees, 2 disagrees, 3 both
congruence       number of concepts on which two holders agree
conflict         number of concepts on which they disagree
"""


def write(job: Job, path: Path) -> None:
    """Write `events.csv`, each network as CSV matrix and GraphML, and `about.txt` into a folder."""
    path.mkdir()
    jobs = {name: replace(job, network=project(job.engine, find(name), language=job.language)) for name in NETWORKS}
    affiliation = about.network_of(jobs["affiliation"])
    shown = _distinct({node.id: node.label for node in affiliation.nodes})
    table = _events(job, affiliation, shown)
    _text(path / "events.csv", [";".join(COLUMNS), *(_line(COLUMNS, row) for row in table)])
    concepts = sorted({row["concept"] for row in table})
    holders = sorted({row["organization"] for row in table})
    combined: dict[tuple[str, str], int] = {}
    for row in table:
        key = row["organization"], row["concept"]
        combined[key] = combined.get(key, 0) | (1 if row["agreement"] == "1" else 2)
    _matrix(path / "affiliation.csv", holders, concepts, combined)
    for name in ("congruence", "conflict"):
        cells: dict[tuple[str, str], int] = {}
        for edge in about.network_of(jobs[name]).edges:
            one, other = shown[edge.source], shown[edge.target]
            cells[one, other] = cells[other, one] = int(edge.weight)
        _matrix(path / f"{name}.csv", holders, holders, cells)
    for name, one_job in jobs.items():
        graphml.write(one_job, path / f"{name}.graphml")
    _text(path / "about.txt", [*_NOTE.strip().splitlines(), "", *about.lines(jobs["affiliation"])])


def _distinct(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels as they stand in a file; where two things share one, their ids are added."""
    clean = {id: _clean(label) for id, label in labels.items()}
    count = Counter(clean.values())
    return {id: label if count[label] == 1 else f"{label} ({id})" for id, label in clean.items()}


def _clean(words: str) -> str:
    return " ".join(words.replace(";", ",").replace('"', "'").split())


_DETAILS = """
SELECT ?assertion ?key ?value WHERE {
  ?assertion a air:Assertion .
  { ?assertion air:inSource ?value . BIND("source" AS ?key) }
  UNION { ?assertion air:codedBy/skos:prefLabel ?value . BIND("coder" AS ?key) }
  UNION { ?assertion air:asserts ?value . BIND("claim" AS ?key) }
  UNION { ?assertion air:hasAttribution/air:attributedTo ?value . BIND("cited" AS ?key) }
  UNION { ?assertion air:hasPassage ?value . BIND("passage" AS ?key) }
}
"""

_PASSAGES = """
SELECT ?passage ?start ?end ?section WHERE {
  ?passage oa:hasSelector ?position ; air:inSection ?section . ?position oa:start ?start ; oa:end ?end .
}
"""

_DOCUMENTS = """
SELECT ?source ?key ?value WHERE {
  ?source a air:Source .
  { ?source dcterms:title ?value . BIND("title" AS ?key) FILTER(LANG(?value) != "fa") }
  UNION { ?source dcterms:creator ?value . BIND("author" AS ?key) }
  UNION { ?source air:container ?value . BIND("source" AS ?key) }
  UNION { ?source dcterms:issued ?value . BIND("issued" AS ?key) }
  UNION { ?source a ?type . FILTER(STRSTARTS(STR(?type), STR(fabio:)))
          BIND(STRAFTER(STR(?type), STR(fabio:)) AS ?value) BIND("type" AS ?key) }
}
"""

Details = dict[str, dict[str, list[str]]]


def _details(rows: Iterable[Solution], thing: str) -> Details:
    found: Details = {}
    for row in rows:
        found.setdefault(row[thing].value, {}).setdefault(row["key"].value, []).append(row["value"].value)
    return found


def _events(job: Job, affiliation: Network, shown: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the rows of the event list, in the order of sources and text."""
    details = _details(job.engine(bind(_DETAILS)), "assertion")
    documents = _details(job.engine(bind(_DOCUMENTS)), "source")
    passages = {row["passage"].value: row for row in job.engine(bind(_PASSAGES))}
    places = {a: min((int(passages[p]["start"].value), p) for p in d["passage"]) for a, d in details.items()}
    labels = labels_of(job.engine, _named(details, passages, places), job.language)
    numbers = {source: str(i) for i, source in enumerate(sorted(documents), 1)}
    statements = sorted(
        ((names.expand(a), edge) for edge in affiliation.edges for a in edge.assertions),
        key=lambda pair: (details[pair[0]]["source"], places[pair[0]], pair[0], int(pair[1].id[1:])),
    )
    table = []
    for number, (assertion, edge) in enumerate(statements, 1):
        mine = details[assertion]
        source, place = mine["source"][0], passages[places[assertion][1]]
        document = documents[source]
        speakers = sorted(labels[w] for w in mine.get("cited", ())) or [labels[source]]
        own = edge.source == names.compact(source)
        row: dict[str, Any] = {
            "statement_id": number,
            "time": _time(document.get("issued", [""])[0]),
            "person": shown[edge.source] if own or edge.source.startswith("work:") else ", ".join(speakers),
            "organization": shown[edge.source],
            "concept": _concept(edge, shown),
            "agreement": int(edge.direction == "strengthening"),
            "start_position": place["start"].value,
            "stop_position": place["end"].value,
            "text": labels[mine["claim"][0]],
            "coder": mine["coder"][0],
            "document_id": numbers[source],
            "document_title": sorted(document.get("title", [""]))[0],
            "document_author": ", ".join(sorted(document.get("author", ()))),
            "document_source": document.get("source", [""])[0],
            "document_section": labels[place["section"].value],
            "document_type": sorted(document.get("type", [""]))[0],
        }
        table.append({name: _clean(str(row[name])) for name in COLUMNS})
    return table


def _named(details: Details, passages: Mapping[str, Any], places: Mapping[str, tuple[int, str]]) -> Iterable[str]:
    """Return the things whose labels the rows show: claims, works, sources, sections."""
    things = {v for d in details.values() for key in ("claim", "cited", "source") for v in d.get(key, ())}
    return sorted(things | {passages[passage]["section"].value for _, passage in places.values()})


def _concept(edge: Edge, shown: Mapping[str, str]) -> str:
    aspect = edge.relation.partition(": ")[2]
    return f"{shown[edge.target]} ({aspect})" if aspect else shown[edge.target]


def _time(issued: str) -> str:
    """Return the first second of the day, month or year of issue; empty when there is none."""
    return f"{(issued + '-01-01')[:10]} 00:00:00" if issued else ""


def _line(columns: Sequence[str], row: Mapping[str, str]) -> str:
    return ";".join(row[c] if c in NUMBERS or c == "time" else f'"{row[c]}"' for c in columns)


def _matrix(path: Path, rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[str, str], int]) -> None:
    head = ";".join(['""', *(f'"{name}"' for name in columns)])
    _text(path, [head, *(";".join([f'"{r}"', *(str(cells.get((r, c), 0)) for c in columns)]) for r in rows)])


def _text(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
