"""The tables say what the coders wrote: every cell is held to the files of the founding corpus, column by column."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from exporting import contents, job_of, write
from ruamel.yaml import YAML

from kg import export, resources
from kg.channels import original
from kg.export import assertions, sheets
from kg.model import COMMON_SLOTS, KINDS
from kg.queries import with_prefixes

Row = dict[str, str]


class Coded(NamedTuple):
    """What one source's files hold, read by another library than the loader's."""

    name: str
    coding: dict[str, Any]
    sections: list[tuple[int, str]]
    passages: dict[str, Any]
    works: dict[str, str]


@pytest.fixture(scope="module")
def corpus() -> list[Coded]:
    found = []
    for folder in sorted(resources.resource("corpus").glob("*/coding.yaml")):
        read = YAML(typ="safe").load
        source, lock = read(folder.with_name("source.yaml")), json.loads(folder.with_name("anchors.lock").read_bytes())
        titles = {section["id"]: section["title"] for section in source["sections"]}
        works = json.loads(folder.with_name("references.json").read_bytes())
        found.append(
            Coded(
                folder.parent.name,
                read(folder),
                sorted((start, titles[id]) for id, start in lock["sections"].items()),
                {passage["at"]: passage for passage in lock["passages"]},
                {item["id"]: item.get("custom", {}).get("work", item["id"]) for item in works},
            )
        )
    return found


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


@pytest.fixture(scope="module")
def tables(job: export.Job) -> dict[str, list[Row]]:
    return {sheet.name: [dict(row) for row in sheet.rows] for sheet in sheets.tables(job)}


def many(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [] if value is None else [value])]


def section_at(source: Coded, start: int) -> str:
    return [title for begin, title in source.sections if begin <= start][-1]


def slugs(cell: str) -> list[str]:
    """Return the values of a cell without their kinds, in an order of their own."""
    return sorted(part.rpartition(":")[2] for part in cell.split("; ") if part)


def claims_of(corpus: list[Coded]) -> dict[str, dict[str, Any]]:
    told = [entry["claim"] for source in corpus for entry in source.coding["assertions"]]
    return {claim["id"]: claim for claim in told if isinstance(claim, dict)}


def expected(corpus: list[Coded]) -> Iterator[Row]:
    """Yield what the row of each passage of each assertion must say, in the order of sources and text."""
    claims = claims_of(corpus)
    for source in corpus:
        broken = {entry["id"] for entry in source.coding.get("citations", ()) if entry.get("defect")}
        rows = []
        for entry in source.coding["assertions"]:
            claim = claims[entry["claim"] if isinstance(entry["claim"], str) else entry["claim"]["id"]]
            credits = [(to, "strict") for to in many(entry.get("attributed-to"))]
            credits += [(to, "inherited") for to in many(entry.get("inherited-from"))]
            cited = {
                f"citation:{source.name}.{to}" if to in broken else f"work:{source.works[to]}" for to, _ in credits
            }
            for at in many(entry["at"]):
                passage = source.passages[at]
                row = {
                    "assertion": f"assertion:{source.name}.{entry['id']}",
                    "source": f"source:{source.name}",
                    "start": str(passage["start"]),
                    "end": str(passage["end"]),
                    "section": section_at(source, passage["start"]),
                    "claim": f"claim:{claim['id']}",
                    "kind": claim["kind"],
                    "statement": claim["says"],
                    "attributed_to": "; ".join(sorted(cited)),
                    "attribution_scope": "; ".join(sorted({scope for _, scope in credits})),
                    "note": entry.get("note", ""),
                    **{key: claim.get(key, "") for key in ("condition", "time", "level")},
                    **{key: entry[key] for key in ("voice", "stance", "hedge", "mode", "basis")},
                }
                rows.append((passage["start"], passage["end"], row["assertion"], row))
        yield from (row for *_, row in sorted(rows, key=lambda found: found[:3]))


def test_a_row_of_assertions_says_what_was_coded(corpus: list[Coded], job: export.Job) -> None:
    rows = assertions.rows(job)
    wanted = list(expected(corpus))
    assert [{key: row[key] for key in wanted[0]} for row in rows] == wanted


def test_a_row_of_assertions_has_the_slots_of_its_claim(corpus: list[Coded], job: export.Job) -> None:
    claims = claims_of(corpus)
    acts = {f"assertion:{s.name}.{entry['id']}": entry for s in corpus for entry in s.coding["assertions"]}
    for row in assertions.rows(job):
        claim = claims[row["claim"].partition(":")[2]]
        for slot in (*KINDS[claim["kind"]].slots, *COMMON_SLOTS):
            told = [one.rpartition(":")[2] if slot.filler == "term" else one for one in many(claim.get(slot.name))]
            shown = slugs(row[slot.name]) if slot.filler == "term" else sorted(filter(None, [row[slot.name]]))
            assert shown == sorted(told), (row["claim"], slot.name)
        for column, key in (("held_by", "held-by"), ("domain", "domain")):
            told = [one.rpartition(":")[2] for one in many(acts[row["assertion"]].get(key))]
            assert slugs(row[column]) == sorted(told), (row["assertion"], key)
        foreign = set(assertions.SLOTS) - {slot.name for slot in KINDS[claim["kind"]].slots}
        assert not any(row[name] for name in foreign)


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson"])
def test_the_assertions_are_the_same_in_every_form(suffix: str, job: export.Job, tmp_path: Path) -> None:
    text = write("assertions", job, tmp_path / f"coding.{suffix}").read_text(encoding="utf-8-sig")
    if suffix == "csv":
        read = [{key: original(cell) for key, cell in row.items()} for row in csv.DictReader(text.splitlines(True))]
    else:
        read = json.loads(text) if suffix == "json" else [json.loads(line) for line in text.splitlines()]
    assert read == assertions.rows(job)


def test_a_row_of_claims_says_what_was_coded(corpus: list[Coded], tables: dict[str, list[Row]]) -> None:
    claims = claims_of(corpus)
    said = [entry["claim"] for source in corpus for entry in source.coding["assertions"]]
    times = [one if isinstance(one, str) else one["id"] for one in said]
    table = {row["claim"].partition(":")[2]: row for row in tables["claims"]}
    assert table.keys() == claims.keys()
    for id, row in table.items():
        claim = claims[id]
        assert (row["kind"], row["statement"], row["statement_fa"]) == (
            claim["kind"],
            claim["says"],
            claim.get("says-fa", ""),
        )
        assert row["assertions"] == str(times.count(id))
        assert row["level"] == claim.get("level", "")


def pairs(job: export.Job, predicate: str) -> set[tuple[str, str]]:
    found = job.engine(with_prefixes(f"SELECT ?one ?other WHERE {{ ?one {predicate} ?other }}"))
    return {(row["one"].value.rpartition("/")[2], row["other"].value.rpartition("/")[2]) for row in found}


@pytest.mark.parametrize(
    ("column", "predicate"),
    [("contested_by", "air:isContestedBy"), ("supports", "air:supports"), ("refines", "air:refines")],
)
def test_a_row_of_claims_names_the_claims_that_bear_on_it(
    column: str, predicate: str, job: export.Job, tables: dict[str, list[Row]]
) -> None:
    rows = tables["claims"]
    shown = {(slugs(row["claim"])[0], other) for row in rows for other in slugs(row[column])}
    assert shown == pairs(job, predicate)
    assert shown


def test_citations_stand_as_in_the_text(corpus: list[Coded], tables: dict[str, list[Row]]) -> None:
    wanted = []
    for source in corpus:
        rows = []
        for entry in source.coding.get("citations", ()):
            passage = source.passages[entry["at"]]
            row = {
                "citation": f"citation:{source.name}.{entry['id']}",
                "source": f"source:{source.name}",
                "section": section_at(source, passage["start"]),
                "start": str(passage["start"]),
                "end": str(passage["end"]),
                "pointer": str(entry["text"]),
                "work": f"work:{source.works[entry['work']]}" if entry.get("work") else "",
                "probably": f"work:{source.works[entry['probably']]}" if entry.get("probably") else "",
            }
            rows.append((passage["start"], row["citation"], row))
        wanted += [row for *_, row in sorted(rows, key=lambda found: found[:2])]
    shown = [{key: row[key] for key in wanted[0]} for row in tables["citations"]]
    assert sorted(shown, key=lambda row: row["citation"]) == sorted(wanted, key=lambda row: row["citation"])
    assert [(row["source"], int(row["start"])) for row in shown] == sorted(
        (row["source"], int(row["start"])) for row in shown
    )


def test_the_vocabulary_has_the_broader_terms_and_labels_of_the_graph(
    job: export.Job, tables: dict[str, list[Row]]
) -> None:
    rows = {row["term"]: row for row in tables["vocabulary"]}
    shown = {(term.partition(":")[2], other) for term, row in rows.items() for other in slugs(row["broader"])}
    known = {term.partition(":")[2] for term in rows}
    assert shown == {pair for pair in pairs(job, "skos:broader") if pair[0] in known}
    power = rows["actor:middle-powers"]
    assert (power["label"], power["kind"]) == ("middle powers", "actor")
    assert rows["phenomenon:state-monopoly"]["label_fa"] == "انحصار دولت‌ها"


def test_the_codebook_tells_what_a_kind_must_have_and_may_have_often(job: export.Job) -> None:
    told = {(row["of"], row["name"]): row for row in sheets.codebook(job).rows if row["part"] == "slot"}
    effect = {name: (told["effect", name]["required"], told["effect", name]["many"]) for name in ("cause", "mechanism")}
    assert effect == {"cause": ("yes", "no"), "mechanism": ("no", "yes")}
    assert (told["assertion", "domain"]["required"], told["assertion", "domain"]["many"]) == ("no", "yes")


def test_the_package_names_every_source(job: export.Job, tmp_path: Path, corpus: list[Coded]) -> None:
    package = json.loads(contents(write("csv", job, tmp_path / "tables"))["datapackage.json"])
    assert [source["path"].rpartition("/")[2] for source in package["sources"]] == [one.name for one in corpus]
    assert [bool(source["title"]) for source in package["sources"]] == [True] * len(corpus)
