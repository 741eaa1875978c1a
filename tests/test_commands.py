"""What a command does with what it is given: the right thing is passed on, printed and returned, whoever asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small import SELECT, Run, Small

from kg import pipeline
from kg.cli.arguments import parse
from kg.cli.table import COMMANDS, LANG, command

FA = "انحصار دولت‌ها"


def rows(out: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(out)
    return found


@pytest.fixture
def passed_on(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `ask` gives to whoever answers."""
    from kg.ask import answer

    real, seen = answer.answer, dict[str, Any]()

    def listening(engine: Any, question: Any, given: Any, language: str, filters: Any) -> Any:
        seen.update(question=question.name, given=dict(given), language=language, filters=filters)
        return real(engine, question, {}, language)

    monkeypatch.setattr(answer, "answer", listening)
    return seen


def test_an_option_wins_over_what_free_words_name(kg: Run, passed_on: dict[str, Any]) -> None:
    words = ("ask", "what", "weakens", "state", "monopoly", "-f", "json")
    code, _, err = kg(*words, "--phenomenon", "power")
    assert code == 0 and passed_on["given"]["phenomenon"] == "power"
    assert err.startswith("taken as: kg ask weakens")
    kg(*words)
    assert passed_on["given"]["phenomenon"].endswith("state-monopoly")


def test_every_option_of_a_question_is_passed_on(kg: Run, passed_on: dict[str, Any]) -> None:
    kg("ask", "weakens", "-p", "phenomenon=a=b", "-p", "domain=political", "--performer", "states", "--lang", "fa")
    assert passed_on["given"] == {"phenomenon": "a=b", "domain": "political", "performer": "states"}
    assert passed_on["language"] == "fa"


@pytest.mark.parametrize("form", ["table", "md", "json", "tsv"])
def test_an_answer_without_rows_says_so_in_the_words_of_its_question(kg: Run, form: str) -> None:
    code, _, err = kg("ask", "rejected", "-f", form)
    assert code == 0
    assert "No claim in the corpus is one that a source expressly rejects." in err
    assert "expressly rejects" not in kg("ask", "weakens", "-f", form)[2]


def test_the_values_of_a_parameter_are_listed_with_labels_in_the_language(kg: Run) -> None:
    for language, label in (("en", "state monopoly"), ("fa", FA)):
        code, out, _ = kg("ask", "weakens", "--values", "-f", "json", "--lang", language)
        found = {(row["param"], row["value"]): row["label"] for row in rows(out)}
        assert code == 0 and found["phenomenon", "phenomenon:state-monopoly"] == label


def test_a_thing_is_shown_in_the_language(kg: Run) -> None:
    _, out, _ = kg("show", "state-monopoly", "--lang", "fa", "-f", "table")
    assert out.startswith(f"name: {FA}\n")
    _, out, _ = kg("show", "state-monopoly", "--lang", "fa", "-f", "json")
    assert any("هوش مصنوعی" in row["claim"] for row in rows(out))


def test_the_list_of_questions_says_what_each_parameter_is(kg: Run) -> None:
    _, out, _ = kg("ask", "-f", "json")
    listed: list[dict[str, Any]] = json.loads(out)
    weakens = next(entry for entry in listed if entry["name"] == "weakens")
    param = next(p for p in weakens["params"] if p["name"] == "phenomenon")
    assert param["label"] != "phenomenon" and param["type"] == "term" and param["default"].startswith("phenomenon:")


def test_own_texts_come_before_those_of_the_environment(
    kg: Run, small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_TEXTS", str(tmp_path))
    _, out, err = kg("ask", "weakens", "--quote", "-f", "json", "--texts", small_store.parent / "texts")
    assert "Clever machines loosen" in out and err == ""
    _, out, err = kg("ask", "weakens", "--quote", "-f", "json")
    assert "Clever machines loosen" not in out and "doe2026.txt" in err


def test_the_store_named_comes_before_the_default(
    kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_store: Path
) -> None:
    built: list[Path] = []
    monkeypatch.setattr(pipeline, "build", lambda inputs, where, *more: built.append(where))
    kg("ask", "weakens", "--store", tmp_path / "mine")
    assert built == [tmp_path / "mine"]
    monkeypatch.delenv("KG_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    kg("ask", "weakens")
    assert built[1:] == [tmp_path / "data" / "airkg" / "store"]


# ── building, checking ────────────────────────────────────────────────────────────────────────────────


def test_a_build_says_whether_anything_was_new(kg: Run, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "examine", lambda *_: [])
    line = ("build", "--corpus", small.root, "--alone", "--store", small.root.parent / "store")
    assert kg(*line)[2].startswith("built: 4 claims, 4 assertions, ")
    assert kg(*line)[2].startswith("nothing has changed: 4 claims, 4 assertions, ")
    assert kg(*line, "--force")[2].startswith("built: 4 claims, 4 assertions, ")
    small.edit("coding.yaml", "says: Technology firms own the cables.", "says: Firms of technology own the cables.")
    assert kg(*line)[2].startswith("built: ")


@pytest.mark.parametrize("alone", [True, False])
def test_alone_leaves_the_founding_corpus_out(small: Small, monkeypatch: pytest.MonkeyPatch, alone: bool) -> None:
    taken: list[Any] = []
    monkeypatch.setattr(pipeline, "build", lambda inputs, *more: taken.append(inputs) or sys.exit(0))
    with pytest.raises(SystemExit):
        from kg.cli.building import build

        build([str(small.root)], alone, None, str(small.root.parent / "store"), False)
    (inputs,) = taken
    assert (len(inputs.corpora), inputs.corpora[-1]) == (1 if alone else 2, small.root)


def test_a_lint_fails_for_violations_alone(kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.validate import lint
    from kg.validate.findings import Finding

    for severity, code in (("violation", 1), ("warning", 0), ("info", 0)):
        monkeypatch.setattr(lint, "lint", lambda own, s=severity: [Finding(s, "rule", "actor:x", "Mend it.")])
        assert kg("check", "--ontology")[0] == code


def test_coverage_tells_what_is_open_and_fails_for_it(kg: Run, small: Small) -> None:
    own = ("--corpus", small.root, "--alone", "--texts", small.texts)
    code, out, err = kg("coverage", *own, "-f", "json")
    (found,) = json.loads(out)
    assert code == 1
    assert found["share"] == pytest.approx(found["cited"] / (found["sentences"] - found["left_out"]), abs=1e-4)
    assert found["left_out"] == 2 and found["cited"] + found["left_out"] + len(found["open"]) == found["sentences"]
    code, out, err = kg("coverage", *own, "-f", "tsv")
    assert f"\t{100 * found['share']:.1f}%\t" in out
    assert [line for line in err.splitlines() if line.startswith("doe2026:1: not cited: Small Powers")]


def test_anchor_says_what_it_did_or_that_it_did_nothing(kg: Run, small: Small, tmp_path: Path) -> None:
    lock = small.path("anchors.lock")
    before = lock.read_text()
    lock.unlink()
    own = ("--corpus", small.root, "--alone")
    assert kg("anchor", *own, "--texts", tmp_path)[0] == 2 and not lock.exists()
    code, _, err = kg("anchor", *own, "--texts", small.texts)
    assert (code, err) == (0, "doe2026: 10 passages anchored\n")
    assert lock.read_text() == before


# ── exporting ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_export_of_an_answer_takes_its_parameters(kg: Run, tmp_path: Path) -> None:
    for thing in ("technology-firms", "state-monopoly"):
        _, out, _ = kg("ask", "about", "--thing", thing, "-f", "json")
        assert kg("export", "csv", "-q", "about", "-p", f"thing={thing}", "-o", tmp_path / "answer.csv")[0] == 0
        text = (tmp_path / "answer.csv").read_text(encoding="utf-8")
        assert rows(out) and all(row["claim"] in text for row in rows(out))
        assert text.count("\n") == 1 + len(rows(out))


def test_an_export_of_a_network_takes_its_parameters_and_language(kg: Run, tmp_path: Path) -> None:
    def exported(*words: str) -> dict[str, Any]:
        target = tmp_path / "network.json"
        assert kg("export", "node-link", *words, "-o", target)[0] == 0
        found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return found

    firms = exported("-n", "neighbourhood", "-p", "thing=technology-firms")
    assert firms["graph"]["parameters"] == "thing=actor:technology-firms"
    assert "technology firms" in firms["graph"]["title"]
    assert "phenomenon:state-monopoly" not in {node["id"] for node in firms["nodes"]}
    assert exported()["graph"]["network"] == "effects"
    labels = {node["id"]: node["label"] for node in exported("--lang", "fa")["nodes"]}
    assert labels["phenomenon:state-monopoly"] == FA


def test_each_form_has_its_own_schema(kg: Run) -> None:
    coding, source = (json.loads(kg("schema", name)[1]) for name in ("coding", "source"))
    assert "assertions" in coding["properties"] and "sections" in source["properties"]
    assert kg("schema")[1] == kg("schema", "coding")[1]


# ── the line itself ───────────────────────────────────────────────────────────────────────────────────


SPEAKING = [c.name for c in COMMANDS if any(option is LANG for option in c.options)]
"""Commands that answer in one language; `search` seeks in all."""


@pytest.mark.parametrize("name", SPEAKING)
def test_english_is_the_language_unless_another_is_asked_for(name: str) -> None:
    chosen = command(name)
    assert chosen
    needed = ["x" for option in chosen.options if option.required]
    values = parse(chosen, needed)
    assert values and values["lang"] == "en"
    assert parse(chosen, [*needed, "--lang", "de"]) is None


def test_an_option_that_may_be_given_again_keeps_them_all() -> None:
    chosen = command("ask")
    assert chosen
    values = parse(chosen, ["weakens", "-p", "a=1", "--param", "b=2", "--param=c=3"])
    assert values and values["param"] == ["a=1", "b=2", "c=3"]


def test_a_word_too_many_is_no_line_of_a_command() -> None:
    chosen = command("show")
    assert chosen and parse(chosen, ["one"]) and parse(chosen, ["one", "two"]) is None


def test_words_for_people_and_data_part_ways_and_a_pipe_gets_tsv(small_store: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "kg", "ask", "weakens", "--store", str(small_store)]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "COLUMNS": "60"}, check=True)
    assert "\t" in done.stdout.splitlines()[0] and "taken as" not in done.stdout
    code = subprocess.run([*words, "-o", str(tmp_path / "a.csv")], capture_output=True, text=True, check=True)
    assert code.stdout == "" and (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()[0].count(",") > 3
    free = [*words[:4], "what", "weakens", "the", "monopoly", "of", "states", *words[5:], "-f", "json"]
    done = subprocess.run(free, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) and done.stderr.startswith("taken as: kg ask weakens")


def test_what_is_not_there_is_exit_code_2_and_says_so_on_stderr(kg: Run) -> None:
    for line in (
        ("ask", "no-such-question"),
        ("show", "nobody at all"),
        ("export", "no-such-form"),
        ("sparql", "SELEC"),
    ):
        code, out, err = kg(*line)
        assert (code, out) == (2, "") and err
    assert kg("sparql", SELECT, "-f", "json")[0] == 0
