"""Architecture: what holds for all files, whoever writes the next one."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.tree import read_yaml

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "kg").rglob("*.py"))
CEILING = 400
RUN = 9
OWN_WORDS_EXEMPT = ("references.json", "package-lock.json", "uv.lock", "anchors.lock")
"""Titles of works are facts and may stay, here and anywhere; locks are written by machines."""


def tracked() -> list[Path]:
    """Return the files that belong to the project: those that git tracks, or is about to."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no checkout: git cannot say which files belong to the project")
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def texts_of(files: list[Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file that is text."""
    for file in files:
        try:
            yield file.relative_to(ROOT), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_module_is_longer_than_can_be_read_in_one_go() -> None:
    """At 400 lines a module has two ideas."""
    files = [f for f in tracked() if f.suffix == ".py"]
    long = {str(f.relative_to(ROOT)): n for f in files if (n := f.read_text().count("\n")) > CEILING}
    assert long == {}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_says_what_it_is_for(module: Path) -> None:
    """The first line is what a reader of the folder sees."""
    said = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    assert said
    assert said.splitlines()[0].endswith((".", ":"))


def test_no_module_is_named_for_what_does_not_belong_anywhere() -> None:
    """One module, one idea, one plain word."""
    assert not {f.stem for f in MODULES} & {"utils", "util", "helpers", "common", "manager", "misc", "base", "core"}


def test_what_the_package_says_is_public_is_there() -> None:
    """`__all__` is a promise: all of it is there, and nothing else is offered."""
    for name in kg.__all__:
        assert getattr(kg, name) is not None
    assert dir(kg) == sorted(kg.__all__)
    assert len(kg.__all__) < 20
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        kg.nothing  # noqa: B018


def test_the_import_contract_is_kept_and_names_every_module() -> None:
    """Stages meet in the records and the graph; one module knows the order."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = settings["contracts"]
    assert (contract["type"], contract["exhaustive"], contract["containers"]) == ("layers", True, ["kg"])
    pytest.importorskip("importlinter", reason="import-linter is not installed; the gate runs lint-imports by itself")
    code = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: NFKC, lower case, without ZWNJ."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).replace("\u200c", "").lower())


def runs(text: str) -> Iterator[str]:
    found = words(text)
    return (" ".join(found[i : i + RUN]) for i in range(len(found) - RUN + 1))


def test_no_file_holds_nine_words_in_a_row_of_a_source(texts: Path) -> None:
    """Claims are restated and passages located: the sources' sentences belong to their authors."""
    known = set()
    for source in texts.glob("*.txt"):
        body = source.read_text(encoding="utf-8")
        for mark in ("\nREFERENCES\n", "\nReferences\n"):
            body = body.split(mark)[0]
        known.update(runs(body))
    assert len(known) > 1000
    for described in (ROOT / "kg" / "corpus").glob("*/source.yaml"):
        csl = read_yaml(described).data["csl"]
        known.difference_update(runs(csl["title"]))
    files = [f for f in tracked() if f.name not in OWN_WORDS_EXEMPT and f.stat().st_size < 2_000_000]
    copied = {str(f): hit for f, text in texts_of(files) if (hit := next((r for r in runs(text) if r in known), None))}
    assert copied == {}


MACHINE = (
    r"(?<![A-Za-z0-9_.])/(?:wor[k]|far[m]|home/\w+|Users/\w+)/|regist[r]y\.npm|pyp[i]\.org|pythonhoste[d]|deb\.debia[n]"
)


def test_no_file_names_a_path_of_one_machine_or_a_registry() -> None:
    """What runs here has to run elsewhere."""
    told = [
        f"{file}:{number}: {line.strip()[:80]}"
        for file, text in texts_of(tracked())
        if file.name != "CHANGELOG.md"
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(MACHINE, line)
    ]
    assert told == []


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    """A command pays only for what it does; `kg/load/schema.py` is itself imported late."""
    heavy = {"rdflib", "pyshacl", "owlready2", "pyoxigraph", "networkx", "starlette", "ruamel", "sentencex", "openpyxl"}
    found = []
    for module in MODULES:
        tree = ast.parse(module.read_text(encoding="utf-8"))
        guarded = {id(n) for node in tree.body if isinstance(node, ast.If) for n in ast.walk(node)}
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in guarded:
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
                if {name.split(".")[0] for name in names} & heavy:
                    found.append(f"{module.relative_to(ROOT)}:{node.lineno}")
    assert found == []
