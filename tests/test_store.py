"""The store: what is built is what is served, where the user wants it, the same bytes for the same input."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small import Run, Small, write_small
from storing import flip, lines, refused, served, some

from kg import pipeline
from kg.errors import StoreError
from kg.load.inputs import Inputs
from kg.store.local import default_path, open_store, read_seal
from kg.store.publish import publish, refuse


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A published store of a few files."""
    publish(tmp_path / "store", some(2000), {"inputs": "x"})
    return tmp_path / "store"


def test_what_is_published_is_what_is_served(place: Path) -> None:
    """Every quad, and a seal that counts them."""
    assert lines(place) == sorted(map(str, some(2000)))
    seal = read_seal(place)
    assert seal is not None
    assert (seal["quads"], seal["inputs"]) == (2000, "x")


def test_the_seal_holds_the_hash_of_the_canonical_n_quads(tmp_path: Path) -> None:
    """Content is hashed before it enters the store, which may write a literal in another way."""
    import hashlib

    quads = [*some(3), *some(3)]
    seal = publish(tmp_path / "store", quads[::-1], {})
    canonical = "".join(sorted({f"{quad} .\n" for quad in quads}))
    assert seal["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_store_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    """Opening must never leave an empty store that looks like one without claims."""
    with pytest.raises(StoreError, match=r"no store at .*nowhere\n  hint: `kg build` makes one"):
        open_store(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    assert read_seal(tmp_path / "nowhere") is None
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="no store at"):
        open_store(tmp_path / "file")
    with pytest.raises(StoreError, match="cannot be written"):
        publish(tmp_path / "file", some(1), {})


@pytest.mark.parametrize("kind", ["gone", "absolute", "outside", "deeper", "itself", "file", "folder", "pipe"])
def test_a_current_that_is_no_link_to_a_build_is_told_and_mended(place: Path, tmp_path: Path, kind: str) -> None:
    """Nothing is read through it; `kg build` replaces it, but for a folder, whose content may be somebody's."""
    link, build = place / "current", served(place)
    shutil.copytree(build, tmp_path / "elsewhere" / build.name)
    link.unlink()
    make: dict[str, Callable[[], object]] = {
        "gone": lambda: None,
        "absolute": lambda: link.symlink_to(build.absolute()),
        "outside": lambda: link.symlink_to(f"../elsewhere/{build.name}"),
        "deeper": lambda: link.symlink_to(f"builds/../../elsewhere/{build.name}"),
        "itself": lambda: link.symlink_to("current"),
        "file": link.touch,
        "folder": link.mkdir,
        "pipe": lambda: os.mkfifo(link),
    }
    make[kind]()
    assert refused(place) == f"error: {link} is no link to a build of the store"
    if kind == "folder":
        with pytest.raises(StoreError, match=r"cannot be written: \[Errno 21\] Is a directory"):
            publish(place, some(3), {})
        assert list((place / "builds").iterdir()) == [build]
    else:
        publish(place, some(3), {})
        assert len(lines(place)) == 3
    assert (tmp_path / "elsewhere" / build.name / "seal.json").exists()


def test_a_link_to_a_build_that_is_gone_is_told(place: Path) -> None:
    """No store, says who looks no further, and builds another over the one that somebody could have mended."""
    shutil.rmtree(served(place))
    assert refused(place).endswith("has no valid seal: No such file or directory")


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe"])
def test_a_lock_that_is_no_file_is_told_and_nothing_written_through_it(place: Path, tmp_path: Path, kind: str) -> None:
    """Opened for writing, a link would have emptied what it names, a pipe would have waited for ever."""
    lock, mine = place / "lock", tmp_path / "mine"
    mine.write_text("precious")
    lock.unlink()
    make: dict[str, Callable[[], object]] = {
        "link": lambda: lock.symlink_to(mine),
        "dangling": lambda: lock.symlink_to(tmp_path / "nowhere"),
        "folder": lock.mkdir,
        "pipe": lambda: os.mkfifo(lock),
    }
    make[kind]()
    with pytest.raises(StoreError, match=r"^error: the store at .* cannot be written: .*(lock|levels|directory)"):
        publish(place, some(3), {})
    assert mine.read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()
    assert len(lines(place)) == 2000


def test_a_store_may_be_behind_a_link(place: Path, tmp_path: Path) -> None:
    """On another disk, say."""
    (tmp_path / "link").symlink_to(place)
    publish(tmp_path / "link", some(3), {})
    assert len(lines(tmp_path / "link")) == len(lines(place)) == 3
    assert place.is_dir()


@pytest.mark.parametrize("kind", ["file", "dangling", "loop", "below a file", "builds is a file"])
def test_a_place_where_no_store_can_be_is_told(tmp_path: Path, kind: str) -> None:
    """One line; and what is there stays as it is."""
    path, file = tmp_path / "store", tmp_path / "file"
    file.write_text("mine")
    if kind == "file":
        path = file
    elif kind == "below a file":
        path = file / "store"
    elif kind == "builds is a file":
        path.mkdir()
        (path / "builds").write_text("mine")
    else:
        path.symlink_to("store" if kind == "loop" else "nowhere")
    told = refused(path).removeprefix("error: ")
    assert told in (f"no store at {path}", f"the store at {path} cannot be read: Too many levels of symbolic links")
    with pytest.raises(StoreError, match=r"^error: the store at .* cannot be written: \[Errno \d+\] [^\n]*$"):
        publish(path, some(3), {})
    with pytest.raises(StoreError, match=r"^error: the store at .* cannot be written: [^\n]*$"):
        refuse(path)  # before a build begins
    assert file.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_the_store_is_where_the_user_says_or_in_their_data_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """KG_STORE before the XDG base directory, that before the home directory."""
    monkeypatch.setenv("HOME", "/somebody")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("KG_STORE", "/a/store")
    assert default_path() == Path("/a/store")
    monkeypatch.setenv("KG_STORE", "")
    assert default_path() == Path("/data/airkg/store")
    for none in ("", "relative/data"):  # the specification: a relative path is to be ignored
        monkeypatch.setenv("XDG_DATA_HOME", none)
        assert default_path() == Path("/somebody/.local/share/airkg/store")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert default_path() == Path("/somebody/.local/share/airkg/store")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("nobody's")))
    with pytest.raises(StoreError, match=r"no home directory .*\n  hint: --store DIR, or set KG_STORE"):
        default_path()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave validation out: it writes nothing, and takes most of a build's time."""
    monkeypatch.setattr(pipeline, "examine", lambda *_: [])


@pytest.mark.usefixtures("quick")
def test_a_build_of_unchanged_inputs_does_nothing(small: Small, tmp_path: Path) -> None:
    """Not a byte is written, so that it may be run before every question."""
    path = tmp_path / "store"
    assert pipeline.build(small.inputs, path).fresh
    before = {f: f.stat().st_mtime_ns for f in path.rglob("*")}
    again = pipeline.build(small.inputs, path)
    assert not again.fresh
    assert again.seal == read_seal(path)
    assert {f: f.stat().st_mtime_ns for f in path.rglob("*")} == before
    assert pipeline.build(small.inputs, path, force=True).fresh


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("file", ["coding.yaml", "source.yaml", "references.json", "doe2026.txt", "vocabulary.ttl"])
def test_a_build_of_changed_inputs_is_made(small: Small, tmp_path: Path, file: str) -> None:
    """Whatever a build reads, also the reader's copy of the text, counts as input."""
    path = tmp_path / "store"
    pipeline.build(small.inputs, path)
    before = small.inputs.fingerprint()
    with small.path(file).open("a") as stream:
        stream.write(" \n")
    assert small.inputs.fingerprint() != before


@pytest.mark.usefixtures("quick")
def test_a_damaged_store_is_built_anew_though_nothing_changed(small: Small, tmp_path: Path) -> None:
    """The hint says `kg build`: it has to help."""
    path = tmp_path / "store"
    pipeline.build(small.inputs, path)
    whole = lines(path)
    for name in ("*.sst", "CURRENT", "questions.json", "seal.json"):
        flip(next(served(path).rglob(name)), 0)
        assert pipeline.build(small.inputs, path).fresh
        assert lines(path) == whole


DUMP = """
import sys
from pathlib import Path
from kg import pipeline
from kg.load.inputs import Inputs
from kg.store import local as store
from kg.load.inputs import Inputs
pipeline.examine = lambda *_: []
path = Path(sys.argv[1])
inputs = Inputs(tuple(map(Path, sys.argv[2:])))
seal = pipeline.build(inputs, path).seal
print(seal["sha256"])
print("".join(sorted(f"{quad} .\\n" for quad in store.open_store(path))))
"""


def dump(seed: str, path: Path, *corpora: Path) -> str:
    """Build in a process of its own and return the hash and the N-Quads of what is served."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", DUMP, str(path), *map(str, corpora)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_two_builds_of_the_same_input_give_the_same_n_quads(small: Small, tmp_path: Path) -> None:
    """Two people who build from the same files can compare one hash; no order of a set may leak into a name."""
    one, other = (dump(seed, tmp_path / seed, small.root) for seed in ("1", "4242"))
    assert one == other
    assert one.count("\n") > 5000


@pytest.mark.slow
def test_two_builds_of_the_founding_corpus_give_the_same_n_quads(founding: Path, tmp_path: Path) -> None:
    """As above, over everything that is coded, and whatever the order of its files."""
    from kg.resources import resource

    seal = read_seal(founding)
    assert seal is not None
    built = dump("77", tmp_path / "store", resource("corpus"))
    assert built.partition("\n")[0] == seal["sha256"]


def write_poe(small: Small, root: Path) -> Path:
    """Write a second corpus, which says the same as the small one under other names."""
    write_small(root, small.texts, small.vocabulary).rename("poe2026")
    coding = root / "poe2026" / "coding.yaml"
    coding.write_text(re.sub(r"(machines-\w|firms-own-the|ministries-train-their)", r"poe-\1", coding.read_text()))
    return root


def test_the_order_of_the_sources_does_not_change_the_n_quads(small: Small, tmp_path: Path) -> None:
    """`--corpus A --corpus B` and `--corpus B --corpus A` are the same graph, where nothing is called alike."""
    other = write_poe(small, tmp_path / "other")
    source = other / "poe2026" / "source.yaml"
    source.write_text(source.read_text().replace("family: Doe", "family: Poe"))  # of two called alike one has a letter
    found = []
    for i, corpora in enumerate([(small.root, other), (other, small.root)]):
        asserted = pipeline.load(Inputs(corpora))
        seal = publish(tmp_path / f"store{i}", [*asserted.quads, *pipeline.derive(asserted)], {})
        found.append((seal["sha256"], seal["quads"]))
    assert found[0] == found[1]


def test_the_seal_says_what_was_built_from_what(small: Small, tmp_path: Path, quick: None) -> None:
    """Whoever opens a store can tell which sources are in it."""
    seal = pipeline.build(small.inputs, tmp_path / "store").seal
    assert {key: seal[key] for key in ("sources", "claims", "assertions")} == {
        "sources": ["doe2026"],
        "claims": 4,
        "assertions": 4,
    }
    assert seal["inputs"] == small.inputs.fingerprint()
    assert json.loads(json.dumps(seal)) == read_seal(tmp_path / "store")


@pytest.mark.usefixtures("quick")
def test_a_build_says_which_sources_are_no_longer_in_the_store(small: Small, tmp_path: Path, kg: Run) -> None:
    """Who forgets `--corpus` would ask on, and miss their own source without a word."""
    other = write_poe(small, tmp_path / "other")
    place = ("--store", tmp_path / "store", "--alone")
    assert "no longer" not in kg("build", "--corpus", small.root, "--corpus", other, *place)[2]
    told = kg("build", "--corpus", small.root, *place)[2].splitlines()
    assert told[-1] == f"no longer in the store: poe2026; --corpus {other} keeps it"
    assert "no longer" not in kg("build", "--corpus", small.root, *place)[2], "said once"
    told = kg("build", "--corpus", other, *place)[2].splitlines()
    assert told[-1] == f"no longer in the store: doe2026; --corpus {small.root} keeps it"
