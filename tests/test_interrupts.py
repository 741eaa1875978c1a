"""Ctrl-C, whenever it comes: exit code 130, not a word, and no half work."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from processes import process, started

from kg.store.local import open_store


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, small_store: Path) -> None:
    monkeypatch.setenv("KG_STORE", str(small_store))
    for name in ("KG_DEBUG", "KG_TEXTS", "COLUMNS", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)


# ── signals ──────────────────────────────────────────────────────────────────────────────────────────

IMPORTING = """
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "{module}":
            print("ready", file=sys.stderr, flush=True)
            wait()
sys.meta_path.insert(0, Slow())
"""

IMPORTED = {
    "kg.cli.table": ["schema"],
    "kg.cli.exporting": ["schema"],
    "kg.ask.answer": ["ask", "weakens"],
    "pyoxigraph": ["ask", "weakens"],
    "kg.export.references": ["export", "bibtex"],
    "typer": ["--help"],
    "kg.cli.app": ["--help"],
    "kg.pipeline": ["build"],
    "ruamel.yaml": ["build", "--force"],
    "rdflib": ["build", "--force"],
}


@pytest.mark.parametrize("module", IMPORTED)
def test_ctrl_c_during_an_import_is_quiet(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a short command's time is imports."""
    if IMPORTED[module][0] == "build":
        monkeypatch.setenv("KG_STORE", str(tmp_path / "store"))
    child = started(IMPORTING.format(module=module), *IMPORTED[module])
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out, err) == (130, "", "")


LOST = {
    "as a panic": """
def lost(**_):
    try:
        print("ready", file=sys.stderr, flush=True)
        wait()
    except KeyboardInterrupt:
        print("thread panicked at …", file=sys.stderr)
        raise RuntimeError("PanicException") from None
""",
    "in a finaliser": """
class Held:
    def __del__(self):
        print("ready", file=sys.stderr, flush=True)
        wait()
def lost(**_):
    Held()
    wait()
""",
}


@pytest.mark.parametrize("way", LOST)
def test_ctrl_c_that_a_library_loses_ends_the_command_all_the_same(way: str) -> None:
    """Libraries in Rust make a panic of it, and Python itself forgets it in a finaliser."""
    code = f"{LOST[way]}\nimport kg.cli.exporting\nkg.cli.exporting.schema = lost"
    child = started(code, "schema")
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (130, "", "")


def test_a_second_ctrl_c_does_not_disturb_the_tidying_up(tmp_path: Path) -> None:
    """People press it twice."""
    code = """
import shutil, kg.export.vault
def half(job, path):
    path.mkdir()
    print("ready", file=sys.stderr, flush=True)
    wait()
kg.export.vault.write = half
was = shutil.rmtree
def slowly(*words, **named):
    time.sleep(0.6)
    was(*words, **named)
shutil.rmtree = slowly
"""
    child = started(code, "export", "vault", "-o", tmp_path / "vault")
    child.send_signal(signal.SIGINT)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err, list(tmp_path.iterdir())) == (130, "", "", [])


@pytest.mark.slow
def test_ctrl_c_in_a_build_at_any_moment_leaves_a_good_store(tmp_path: Path) -> None:
    """Exit code 130, no traceback, and the store that was there answers."""
    chance = random.Random(10)
    store = tmp_path / "store"
    assert process("build", "--store", store).returncode == 0
    quads = len(open_store(store))
    codes = []
    for _ in range(5):
        child = started("print('ready', file=sys.stderr, flush=True)", "build", "--force", "--store", str(store))
        try:
            child.wait(chance.uniform(0, 6))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=60)
        codes.append(child.returncode)
        assert child.returncode in (0, 130) and "Traceback" not in err and "rror" not in err
        assert len(open_store(store)) == quads
    assert 130 in codes
