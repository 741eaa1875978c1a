"""The coding, or the answer to a question, for spreadsheet programs: a folder of CSV files, or one workbook.

The folder has a `datapackage.json` (https://specs.frictionlessdata.io/tabular-data-package/).
No spreadsheet program takes a cell of either for a formula.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.export.dataset import TITLE, describe
from kg.export.sheets import Row, Sheet, codebook, tables
from kg.licences import spdx
from kg.resources import extra
from kg.tables import sheet as as_text

if TYPE_CHECKING:
    from kg.export import Job

CELL_LIMIT = 32_767
"""Characters that a cell of a workbook may hold."""


def csv(job: Job, path: Path) -> None:
    """Write a folder of CSV files; for a question, its answer as one file."""
    if job.answer:
        columns, rows = job.answer
        path.write_bytes(as_csv(columns, rows))
        return
    path.mkdir()
    sheets = tables(job)
    for sheet in sheets:
        (path / f"{sheet.name}.csv").write_bytes(as_csv(list(sheet.columns), sheet.rows))
    data = describe(job)
    package = {
        "name": "airkg",
        "title": TITLE,
        "version": data.version,
        "id": f"sha256:{data.digest}",
        "description": data.rights.sentence,
        "licenses": [{"name": spdx(licence), "path": licence}] if (licence := data.rights.licence) else [],
        "contributors": [{"title": str(coder), "path": coder.iri, "role": "author"} for coder in data.rights.coders],
        "sources": [{"title": title, "path": iri} for iri, title in data.sources],
        "resources": [_resource(sheet) for sheet in sheets],
    }
    text = json.dumps({k: v for k, v in package.items() if v}, ensure_ascii=False, indent=1)
    (path / "datapackage.json").write_text(text + "\n", encoding="utf-8")


def _resource(sheet: Sheet) -> dict[str, object]:
    fields = [{"name": name, "type": "string", "description": about} for name, about in sheet.columns.items()]
    return {
        "name": sheet.name,
        "path": f"{sheet.name}.csv",
        "profile": "tabular-data-resource",
        "description": sheet.about,
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return CSV for spreadsheet programs; see `kg.tables.sheet`."""
    return as_text(columns, list(rows)).encode()


def xlsx(job: Job, path: Path) -> None:
    """Write a workbook: a sheet a table, the codebook, and a sheet that names the data set.

    Raises:
        MissingExtra: XlsxWriter is not installed.

    """
    data = describe(job)
    about = [
        {"what": "title", "value": TITLE},
        {"what": "version", "value": data.version},
        {"what": "sha256 of the data", "value": data.digest},
        {"what": "last coded", "value": data.date},
        *({"what": "source", "value": f"{title} ({iri})"} for iri, title in data.sources),
        *({"what": "coder", "value": f"{coder} ({coder.iri})"} for coder in data.rights.coders),
        {"what": "licence", "value": f"{data.rights.sentence} {data.rights.licence}".strip()},
    ]
    if job.answer:
        columns, rows = job.answer
        sheets = [Sheet("answer", "the answer to a question", dict.fromkeys(columns, ""), rows)]
    else:
        sheets = [*tables(job), codebook(job)]
    properties = {"title": TITLE, "comments": data.sentence[:255], "created": _day(data.date)}
    _workbook([*sheets, Sheet("about", "the data set", {"what": "", "value": ""}, about)], properties, path)


def book(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write rows as a workbook of one sheet.

    Raises:
        MissingExtra: XlsxWriter is not installed.

    """
    texts = [{name: str(row.get(name, "")) for name in columns} for row in rows]
    sheet = Sheet("answer", "the rows of a command", dict.fromkeys(columns, ""), texts)
    _workbook([sheet], {"created": _day("")}, path)


def _workbook(sheets: Sequence[Sheet], properties: Mapping[str, object], path: Path) -> None:
    xlsxwriter = extra("xlsxwriter", "xlsx", "sheets")
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    # The library would otherwise write the hour of the export.
    book.set_properties(properties)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 1)
        for number, name in enumerate(sheet.columns):
            page.write_string(0, number, name, bold)
            longest = max([len(name), *(len(row.get(name, "")) for row in sheet.rows)])
            page.set_column(number, number, min(60, max(8, longest + 2)))
            for line, row in enumerate(sheet.rows, 1):
                if text := row.get(name, ""):
                    page.write_string(line, number, _fitting(text), wrap)
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    book.close()


def _fitting(text: str) -> str:
    """Cut what no cell can hold, and say so in the cell."""
    if len(text) <= CELL_LIMIT:
        return text
    note = f" … [cut: {len(text)} characters]"
    return text[: CELL_LIMIT - len(note)] + note


def _day(date: str) -> object:
    from datetime import datetime

    return datetime.fromisoformat(date or "1980-01-01")
