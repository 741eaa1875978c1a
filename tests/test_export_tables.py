"""Spreadsheet exports: every cell is read back as it was, none is a formula, and the tables agree with the graph."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exporting import LABELS, NASTY, contents, job_around, job_of, write
from hypothesis import given, settings

from kg import export, names
from kg.channels import original
from kg.errors import MissingExtra, UsageError
from kg.export.spreadsheets import CELL_LIMIT
from kg.model import CODES, KINDS
from kg.queries import with_prefixes

TABLES = ("claims", "assertions", "citations", "vocabulary")
FORMULA = tuple("=+-@\t\r")


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def sheets_of(file: Path) -> dict[str, list[list[Any]]]:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(file)
    return {page.title: [list(row) for row in page.iter_rows()] for page in book.worksheets}


def count(job: export.Job, cls: str) -> int:
    row = job.engine(with_prefixes(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ ?x a {cls} }}"))[0]
    return int(row["n"].value)


def test_the_tables_have_a_row_for_everything(crate: Path, job: export.Job) -> None:
    tables = {name: rows_of(crate / "tables" / f"{name}.csv") for name in TABLES}
    assert len(tables["claims"]) == len({row["claim"] for row in tables["claims"]}) == count(job, "air:Claim")
    assert len({row["assertion"] for row in tables["assertions"]}) == count(job, "air:Assertion")
    assert len({row["citation"] for row in tables["citations"]}) == count(job, "air:InTextCitation")
    assert {row["claim"] for row in tables["assertions"]} == {row["claim"] for row in tables["claims"]}


def test_a_claim_says_in_its_row_what_it_says_in_the_graph(crate: Path, job: export.Job) -> None:
    rows = {row["claim"]: row for row in rows_of(crate / "tables" / "claims.csv")}
    query = "SELECT ?claim ?words WHERE { ?claim air:statement ?words FILTER(LANG(?words) = 'en') }"
    for found in job.engine(with_prefixes(query)):
        claim = found["claim"].value.rpartition("/")[2]
        assert original(rows[f"claim:{claim}"]["statement"]) == found["words"].value
    terms = {row["term"] for row in rows_of(crate / "tables" / "vocabulary.csv")}
    for row in rows.values():
        assert row["kind"] in KINDS
        assert set(filter(None, (row["cause"], row["affected"], row["risk"]))) <= terms


def test_the_coding_s_table_has_the_scope_of_each_claim_and_the_coder_s_note(job: export.Job, tmp_path: Path) -> None:
    """A claim read without its condition says more than its source does."""
    paths = {
        "condition": "SELECT ?a ?v WHERE { ?a air:asserts/air:condition ?v }",
        "time": "SELECT ?a ?v WHERE { ?a air:asserts/air:time ?v }",
        "level": "SELECT ?a ?v WHERE { ?a air:asserts/air:hasLevel ?v }",
        "note": "SELECT ?a ?v WHERE { ?a a air:Assertion ; skos:note ?v }",
    }
    meant: dict[str, dict[str, str]] = {}
    for name, query in paths.items():
        for row in job.engine(with_prefixes(query)):
            value = row["v"].value.rpartition("/code/level.")[2]
            meant.setdefault(names.compact(row["a"].value), {})[name] = value
    assert {name for said in meant.values() for name in said} == set(paths)
    table = json.loads(write("assertions", job, tmp_path / "assertions.json").read_text())
    assert {row["assertion"] for row in table} >= set(meant)
    for row in table:
        assert {name: row[name] for name in paths if row[name]} == meant.get(row["assertion"], {})


def test_the_data_package_describes_every_column(crate: Path, job: export.Job) -> None:
    """Whoever opens a column in ten years needs to know what it holds (Frictionless Data)."""
    package = json.loads((crate / "tables" / "datapackage.json").read_text())
    assert package["version"] == job.seal["version"] and job.seal["sha256"] in package["id"]
    assert package["licenses"][0]["name"] == "CC-BY-4.0" and len(package["sources"]) == len(job.seal["sources"])
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        with (crate / "tables" / resource["path"]).open(encoding="utf-8-sig", newline="") as stream:
            assert next(csv.reader(stream)) == [field["name"] for field in fields]
        assert all(field["description"] for field in fields)


def test_the_workbook_says_the_same_as_the_csv_files(crate: Path) -> None:
    sheets = sheets_of(crate / "tables.xlsx")
    assert list(sheets) == [*TABLES, "codebook", "about"]
    for name in TABLES:
        head, *body = [[cell.value or "" for cell in row] for row in sheets[name]]
        rows = rows_of(crate / "tables" / f"{name}.csv")
        assert body == [[original(row[column]) for column in head] for row in rows]


def test_the_codebook_holds_every_kind_slot_and_code(crate: Path) -> None:
    head, *body = [[cell.value or "" for cell in row] for row in sheets_of(crate / "tables.xlsx")["codebook"]]
    rows = [dict(zip(head, row, strict=True)) for row in body]
    assert [row["name"] for row in rows if row["part"] == "kind"] == list(KINDS)
    slots = {(row["of"], row["name"]) for row in rows if row["part"] == "slot"}
    assert {(kind.name, slot.name) for kind in KINDS.values() for slot in kind.slots} <= slots
    codes = {(row["of"], row["name"]) for row in rows if row["part"] == "code"}
    assert codes == {(scheme, code) for scheme, values in CODES.items() for code in values}
    assert all(row["meaning"] for row in rows)


def test_no_cell_is_a_formula(crate: Path) -> None:
    """A spreadsheet program runs what begins with one of these (OWASP, CSV injection)."""
    for name in TABLES:
        for row in rows_of(crate / "tables" / f"{name}.csv"):
            assert not [cell for cell in row.values() if cell.startswith(FORMULA)]
    for rows in sheets_of(crate / "tables.xlsx").values():
        assert {cell.data_type for row in rows for cell in row if cell.value is not None} <= {"s"}


def asked(*cells: str) -> export.Job:
    """Return a job for the answer to a question, one cell a row."""
    return replace(job_around("label"), answer=(["word", "word_id"], [{"word": cell} for cell in cells]))


@pytest.mark.parametrize("cell", NASTY)
def test_csv_disarms_what_a_spreadsheet_would_run(cell: str, tmp_path: Path) -> None:
    found = rows_of(write("csv", asked(cell), tmp_path / "answer.csv"))[0]["word"]
    assert not found.startswith(FORMULA) and original(found) == cell


@given(label=LABELS)
@settings(max_examples=60, deadline=None)
def test_csv_gives_any_cell_back(label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    target = tmp_path_factory.getbasetemp() / "answer.csv"
    assert original(rows_of(write("csv", asked(label), target))[0]["word"]) == label


@given(label=LABELS)
@settings(max_examples=40, deadline=None)
def test_xlsx_gives_any_cell_back_as_text(label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("xlsxwriter")
    cell = sheets_of(write("xlsx", asked(label), tmp_path_factory.getbasetemp() / "answer.xlsx"))["answer"][1][0]
    assert cell.data_type == "s" and cell.value == label


def test_xlsx_says_where_it_cuts_what_no_cell_can_hold(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    words = "x" * (CELL_LIMIT + 5)
    found = sheets_of(write("xlsx", asked(words), tmp_path / "answer.xlsx"))["answer"][1][0].value
    assert len(found) == CELL_LIMIT and found.endswith(f"[cut: {len(words)} characters]")


def test_csv_is_utf_8_that_excel_knows(tmp_path: Path) -> None:
    """Without the mark at its head Excel takes Persian for Latin-1."""
    content = write("csv", asked("هوش مصنوعی"), tmp_path / "answer.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and "هوش مصنوعی" in content.decode("utf-8-sig")


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_the_answer_to_a_question_is_one_file(name: str, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    assert export.find(name).answer == name
    assert write(name, asked("one", "two"), tmp_path / "answer").is_file()


def test_a_sheet_is_filtered_by_every_column_and_keeps_its_head(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    page = openpyxl.load_workbook(write("xlsx", asked("one", "two"), tmp_path / "answer.xlsx"))["answer"]
    assert (page.auto_filter.ref, page.freeze_panes) == ("A1:B3", "B2")


def test_xlsx_without_its_library_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"airkg\[sheets\]"):
        write("xlsx", asked("one"), tmp_path / "answer.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        export.export(export.find("csv"), job_around("label"), tmp_path)
    assert contents(tmp_path) == {"mine.txt": b"mine"}


def test_an_export_that_fails_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "graph.nq"
    target.write_text("old")

    def broken(job: export.Job, graph: str) -> Iterator[Any]:
        yield from ()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.export.rdf._quads", broken)
    with pytest.raises(UsageError, match="No space left"):
        export.export(export.find("nquads"), job_around("label"), target)
    assert contents(tmp_path) == {"graph.nq": b"old"}


def test_rows_are_rfc_4180(tmp_path: Path) -> None:
    content = write("csv", asked('a "quoted", cell'), tmp_path / "answer.csv").read_bytes().decode("utf-8-sig")
    assert content == 'word,word_id\r\n"a ""quoted"", cell",\r\n'
    assert list(csv.reader(io.StringIO(content)))[1][0] == 'a "quoted", cell'
