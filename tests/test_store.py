"""The store: published whole or not at all, verified before it is served, the same bytes for the same input."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from small import Small

from kg import pipeline
from kg.errors import StoreError
from kg.load.inputs import Inputs
from kg.store import local as store
from kg.store.local import current, default_path, open_store, publish, read_seal


def some(count: int, word: str = "value") -> list[ox.Quad]:
    """Return quads enough for several files."""
    graph, predicate = ox.NamedNode("https://x.org/g"), ox.NamedNode("https://x.org/p")
    return [
        ox.Quad(ox.NamedNode(f"https://x.org/{i}"), predicate, ox.Literal(f"{word} {i} " + "x" * 50), graph)
        for i in range(count)
    ]


def lines(path: Path) -> list[str]:
    return sorted(str(quad) for quad in open_store(path))


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


def files(place: Path) -> list[Path]:
    """Return the database's files that a reader depends on and that hold anything."""
    build = current(place)
    assert build is not None
    return [
        f for f in sorted((build / "db").iterdir()) if f.name not in ("LOCK", "LOG", "IDENTITY") and f.stat().st_size
    ]


def flip(file: Path, at: int) -> bytes:
    """Turn the bits of one byte; return what was there."""
    raw = file.read_bytes()
    file.write_bytes(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
    return raw


def test_a_changed_byte_in_any_file_is_found_and_the_file_named(place: Path) -> None:
    """A build reads every file again before it trusts the store that is there."""
    assert len(files(place)) > 8
    for file in files(place):
        for at in {0, file.stat().st_size // 2, file.stat().st_size - 1}:
            raw = flip(file, at)
            with pytest.raises(StoreError, match=rf"differs from its seal \({file.name}\)"):
                open_store(place, thorough=True)
            file.write_bytes(raw)
    assert len(open_store(place, thorough=True)) == 2000


def test_a_changed_byte_never_gives_a_wrong_answer(place: Path) -> None:
    """A reader verifies less, so as to answer at once; what it then reads is right, or it is told that it is not."""
    right = lines(place)
    for file in files(place):
        for at in {0, file.stat().st_size // 2, file.stat().st_size - 1}:
            raw = flip(file, at)
            try:
                assert lines(place) == right
            except (StoreError, RuntimeError) as error:
                assert "seal" in str(error) or "Corruption" in str(error)
            file.write_bytes(raw)


@pytest.mark.parametrize("change", ["cut", "grown", "gone", "added"])
def test_a_file_of_another_size_or_name_is_found_before_the_store_is_served(place: Path, change: str) -> None:
    """Half a copy, a full disk, a stray file: all of them are seen without reading the files."""
    for file in files(place):
        raw = file.read_bytes()
        named = file
        if change == "cut":
            file.write_bytes(raw[: len(raw) // 2])
        elif change == "grown":
            file.write_bytes(raw + b"\0")
        elif change == "gone":
            file.unlink()
        else:
            named = file.with_name("000099.sst")
            named.write_bytes(raw)
        with pytest.raises(StoreError, match=rf"differs from its seal \({named.name}\)\n  hint: `kg build --force`"):
            open_store(place)
        file.write_bytes(raw)
        if change == "added":
            named.unlink()
    assert len(open_store(place)) == 2000


def test_a_manifest_cut_in_half_is_not_served_as_an_empty_graph(place: Path) -> None:
    """Oxigraph opens such a store without an error and finds nothing in it: hence the seal."""
    (manifest,) = [f for f in files(place) if f.name.startswith("MANIFEST")]
    manifest.write_bytes(manifest.read_bytes()[: manifest.stat().st_size // 2])
    with pytest.raises(StoreError, match=rf"\({manifest.name}\)"):
        open_store(place)


@pytest.mark.parametrize(
    "seal", ["", "{", "[]", "5", '{"quads": 5}', '{"files": 5, "quads": 5}', '{"files": {"x": 5}, "quads": 5}']
)
def test_a_store_without_a_valid_seal_is_not_served(place: Path, seal: str) -> None:
    """Whatever stands in the seal, the answer is one line."""
    build = current(place)
    assert build is not None
    (build / "seal.json").write_text(seal)
    with pytest.raises(StoreError, match=r"has no valid seal|differs from its seal"):
        open_store(place)
    (build / "seal.json").unlink()
    with pytest.raises(StoreError, match="has no valid seal"):
        open_store(place)
    assert read_seal(place) is None


def test_an_empty_graph_is_not_served(tmp_path: Path) -> None:
    """A store without a quad answers every question with nothing, which nobody would doubt."""
    with pytest.raises(StoreError, match="is empty"):
        publish(tmp_path / "store", [], {})
    assert current(tmp_path / "store") is None


def test_the_last_two_builds_are_kept(place: Path) -> None:
    """A reader that opened the store a moment before a build must find its files."""
    before = current(place)
    opened = open_store(place)
    publish(place, some(3), {})
    assert len(lines(place)) == 3
    assert before is not None
    assert before.is_dir()
    publish(place, some(4), {})
    assert len(list((place / "builds").iterdir())) == 2
    assert len(opened) == 2000, "who has it open keeps reading it"


def test_leftovers_of_a_killed_build_are_removed_by_the_next(place: Path) -> None:
    """Nobody has to know that there were any."""
    (place / "builds" / "build-killed" / "db").mkdir(parents=True)
    (place / "current.12345").symlink_to("builds/build-killed")
    publish(place, some(3), {})
    assert sorted(f.name for f in place.iterdir()) == ["builds", "current", "lock"]
    assert not (place / "builds" / "build-killed").exists()


def test_a_second_writer_is_told_to_wait(place: Path) -> None:
    """Two builds at once would each remove what the other makes."""
    with open(place / "lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreError) as caught:
            publish(place, some(3), {})
    assert str(caught.value) == f"error: another build is writing to {place}\n  hint: wait for it, or use --store"
    assert len(lines(place)) == 2000
    publish(place, some(3), {})
    assert len(lines(place)) == 3


@pytest.mark.parametrize("when", ["a file", "the directory"])
def test_a_disk_that_fails_leaves_a_store_that_is_whole(
    place: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the turn the old graph is served, after it the new one; never a link to nothing."""
    sync = store._sync

    def full(path: Path) -> None:
        if (path == place) == (when == "the directory"):
            raise OSError(28, "No space left on device")
        sync(path)

    monkeypatch.setattr(store, "_sync", full)
    with pytest.raises(StoreError, match=r"cannot be written: .*No space left on device"):
        publish(place, some(3), {})
    monkeypatch.undo()
    assert len(lines(place)) == (2000 if when == "a file" else 3)


def test_the_store_is_where_the_user_says_or_in_their_data_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """KG_STORE, else the XDG base directory, else the home directory."""
    monkeypatch.setenv("KG_STORE", "/a/store")
    assert default_path() == Path("/a/store")
    monkeypatch.delenv("KG_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_path() == Path("/data/airkg/store")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/somebody")
    assert default_path() == Path("/somebody/.local/share/airkg/store")


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
    for file in files(path)[:3]:
        flip(file, 0)
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


def test_the_order_of_the_sources_does_not_change_the_n_quads(small: Small, tmp_path: Path) -> None:
    """`--corpus A --corpus B` and `--corpus B --corpus A` are the same graph."""
    from small import write_small

    other = write_small(tmp_path / "other", small.texts, small.vocabulary)
    other.rename("poe2026")
    coding = tmp_path / "other" / "poe2026" / "coding.yaml"
    coding.write_text(re.sub(r"(machines-\w|firms-own-the|ministries-train-their)", r"poe-\1", coding.read_text()))
    found = []
    for i, corpora in enumerate([(small.root, tmp_path / "other"), (tmp_path / "other", small.root)]):
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
