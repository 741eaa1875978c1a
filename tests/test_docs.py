"""The documentation is true: its commands run, its output is the program's, and nothing is left unmentioned."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from small import NAME, Small

from kg import export
from kg.__main__ import main
from kg.ask import find as questions
from kg.cli.table import COMMANDS
from kg.measure import networks
from kg.store.local import read_seal

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every `kg` line of the README's console blocks, without its comment."""
    lines = [line[2:] for block in CONSOLE.findall(README) for line in block.splitlines() if line.startswith("$ ")]
    plain = [re.sub(r"\s+#.*", "", line).replace(".venv/bin/kg", "kg") for line in lines]
    return [line for line in plain if line.startswith("kg ")]


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_readme_runs(line, founding, small: Small, texts, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    own = "--corpus" in line
    monkeypatch.setenv("KG_STORE", str(tmp_path / "store" if own or " build" in line else founding))
    words = shlex.split(line)[1:]
    places = {"DIR": str(small.root if own else texts), "TEXTS": str(small.texts)}
    findings = int(words[0] == "coverage")  # the small corpus leaves a sentence open
    assert main([places.get(word, word) for word in words]) == findings, capsys.readouterr().err


def test_the_demo_shown_is_the_demo_given(founding, monkeypatch, capsys):
    """Each piece of the block between two lines `…` stands in the real output, in that order."""
    shown = re.search(r"<!-- output: demo -->\n```text\n(.*?)```", README, re.DOTALL)
    assert shown, "the README shows the demo's output"
    recipe = re.search(r"^demo:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    line = next(x for x in recipe[1].splitlines() if " ask " in x)
    monkeypatch.setenv("KG_STORE", str(founding))
    monkeypatch.setenv("COLUMNS", "100")
    assert main(shlex.split(line)[1:]) == 0
    captured = capsys.readouterr()
    real = captured.err + captured.out
    start = 0
    for piece in re.split(r"^…\n", shown[1], flags=re.MULTILINE):
        found = real.find(piece, start)
        assert found >= 0, f"not in the output:\n{piece}"
        start = found + len(piece)


def test_the_readme_counts_what_the_store_holds(founding, capsys, monkeypatch):
    monkeypatch.setenv("KG_STORE", str(founding))
    assert main(["stats", "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    for row in (r for r in rows if r["kind"] == "all"):
        assert re.search(rf"^\| {re.escape(row['source'])} \|.*\| {row['assertions']} \|$", README, re.MULTILINE), row
    assert len(read_seal(founding)["sources"]) == 3


def test_every_command_is_in_the_readme():
    for command in COMMANDS:
        assert f"kg {command.name}" in README, command.name


def test_the_map_of_the_house_names_every_room():
    """A stranger finds the room for a new thing in CONTRIBUTING; what `kg/` holds stands there."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [p.name + "/" for p in (ROOT / "kg").iterdir() if (p / "__init__.py").is_file()]
    rooms += [p.name for p in (ROOT / "kg").glob("*.py") if p.name != "__init__.py"]
    assert [room for room in rooms if room not in text] == []


def test_every_question_is_in_the_readme():
    for question in questions.catalogue():
        assert f"`{question.name}`" in README, question.name


def test_every_export_and_every_network_is_in_the_documentation_of_exports():
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    for form in export.FORMATS:
        assert f"`{form.name}`" in text, form.name
    for query in networks.projections():
        assert f"`{query.name}`" in text, query.name


@pytest.mark.parametrize(
    "page",
    sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md"), *ROOT.glob("kg/corpus/*.md")]),
)
def test_every_link_to_a_file_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_corpus_readme_shows_files_that_load(small: Small, vocabulary):
    """The example of `coding.yaml` in the format's description keeps the form it describes."""
    import yaml_example

    assert yaml_example.faults(ROOT / "kg" / "corpus" / "README.md", vocabulary, NAME) == []
