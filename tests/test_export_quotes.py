"""The sources' words leave in an export only when they were asked for, and outside its licence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from exporting import readable
from small import TEXT

from kg import export
from kg.__main__ import main
from kg.licences import LICENCES


def runs(text: str, length: int = 9) -> set[str]:
    """Return every run of nine words."""
    words = re.findall(r"\w+", text.casefold().replace("\u200c", ""))
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


@pytest.fixture
def kg(corpora: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command over the own corpus with KG_TEXTS set; return what it says on stderr."""
    monkeypatch.setenv("KG_STORE", str(corpora / "own"))
    monkeypatch.setenv("KG_TEXTS", str(corpora / "texts"))

    def run(*words: str | Path, code: int = 0) -> str:
        capsys.readouterr()
        assert main(list(map(str, words))) == code
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize("name", [form.name for form in export.FORMATS])
def test_no_export_quotes_because_a_variable_is_set(name: str, kg: Callable[..., str], tmp_path: Path) -> None:
    """The texts are at hand for reading; that is no wish to pass them on."""
    kg("export", name, "-o", tmp_path / "out")
    prose = runs(TEXT)
    assert len(prose) > 20
    for path, text in readable(tmp_path / "out"):
        assert not runs(text) & prose, path


def test_quotes_leave_only_when_asked_for_and_are_left_out_of_the_rights(
    kg: Callable[..., str], corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens the file reads whose words they are; the licence is said of the coder's words alone."""
    monkeypatch.setenv("KG_STORE", str(corpora / "licensed"))
    said = kg("export", "webannotation", "--quote", "-o", tmp_path / "a.jsonld")
    assert "their words belong to their authors" in said
    text = (tmp_path / "a.jsonld").read_text()
    assert runs(text) & runs(TEXT)
    collection = json.loads(text)
    assert "rights" not in collection and "belong to their authors" in collection["label"]
    for item in collection["first"]["items"]:
        assert "rights" not in item and "rights" not in item["target"]
        quotes = [selector for selector in item["target"]["selector"] if selector["type"] == "TextQuoteSelector"]
        assert len(quotes) == 1 and not any("rights" in selector for selector in item["target"]["selector"])
        own_words = [body for body in item["body"] if body.get("purpose") == "describing"]
        assert own_words and all(body["rights"] == LICENCES["CC-BY-SA-4.0"][1] for body in own_words)


def test_quoting_needs_the_texts_and_a_format_that_quotes(
    kg: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "webannotation does" in kg("export", "gexf", "--quote", "-o", tmp_path / "x", code=2)
    assert "turtle, nquads, trig" in kg("export", "gexf", "--asserted", "-o", tmp_path / "x", code=2)
    monkeypatch.delenv("KG_TEXTS")
    assert "--texts DIR" in kg("export", "webannotation", "--quote", "-o", tmp_path / "x", code=2)
    assert not (tmp_path / "x").exists()
