"""The seal: no file of a store can be other than it was built without that being found before it answers."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small import Run
from storing import files, flip, lines, refused, served, some

import kg
from kg.errors import StoreError
from kg.store import seals
from kg.store.local import COMPILED, open_store, prove, read_compiled, read_seal
from kg.store.publish import publish

WORDS = {"catalogue.ttl": lambda seal: f"# {seal['sha256']}\n", "later.txt": lambda _: "later\n"}


KINDS = ("gone", "linked", "loop", "folder", "pipe")
"""What may be in the place of a file."""


def sealed(path: Path) -> list[Path]:
    """Return the files that nobody may change: all but the proof."""
    return [file for file in files(path) if file.name != "proof.json"]


def damages(raw: bytes, foreign: bytes) -> dict[str, bytes | str]:
    """Return what a file may become: other bytes, or a word for what is no file."""
    chance = random.Random(len(raw))
    ats = {0, len(raw) // 2, len(raw) - 1, *(chance.randrange(len(raw)) for _ in range(3))} if raw else set()
    return {
        "empty": b"",
        "half": raw[: len(raw) // 2],
        "grown": raw + b"\n",
        "foreign": foreign,
        **{f"flipped at {at}": raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :] for at in ats},
        **{word: word for word in KINDS},
    }


def put(file: Path, made: bytes | str, aside: Path) -> None:
    """Put something else in a file's place."""
    if isinstance(made, bytes):
        file.write_bytes(made)
        return
    aside.write_bytes(file.read_bytes())
    file.unlink()
    make: dict[str, Callable[[], object]] = {
        "gone": lambda: None,
        "linked": lambda: file.symlink_to(aside),
        "loop": lambda: file.symlink_to(file.name),
        "folder": file.mkdir,
        "pipe": lambda: os.mkfifo(file),
    }
    make[made]()


def remove(file: Path) -> None:
    """Remove whatever is there."""
    if file.is_dir() and not file.is_symlink():
        file.rmdir()
    else:
        file.unlink(missing_ok=True)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A published store of a few files."""
    publish(tmp_path / "store", some(2000), {"inputs": "x"}, {"question": {}}, WORDS)
    return tmp_path / "store"


def test_every_file_of_a_build_is_in_the_seal(place: Path) -> None:
    """The database's files, the compiled questions, and whatever is put beside them; hashed by somebody else here."""
    found = {
        file.relative_to(served(place)).as_posix(): f"{len(raw)} {hashlib.sha256(raw).hexdigest()}"
        for file in files(place)
        if (raw := file.read_bytes()) or True
    }
    raw = (served(place) / "seal.json").read_bytes()
    assert found.pop("seal.json").endswith(served(place).name), "the seal itself, by the name of the build"
    assert found.pop("proof.json"), "which is only ever compared with what the system says of the files"
    seal = json.loads(raw)
    assert seal["files"] == found
    assert {"questions.json", "catalogue.ttl", "later.txt", "db/CURRENT", "db/LOCK", "db/IDENTITY"} <= found.keys()
    assert (seal["format"], seal["version"], seal["quads"]) == (2, kg.__version__, 2000)


def test_a_build_names_neither_the_machine_nor_its_folders(place: Path) -> None:
    """RocksDB keeps a diary with the host's name and absolute paths; a store may be given away."""
    for file in files(place):
        assert str(place).encode() not in file.read_bytes(), file.name
        assert os.uname().nodename.encode() + b" \n" not in file.read_bytes(), file.name


def test_a_changed_byte_in_any_file_is_found_and_the_file_named(place: Path) -> None:
    """Also where somebody sets the file's time back: the system notes each change in a time that nobody can set."""
    assert len(sealed(place)) > 12
    for file in sealed(place):
        name, about = file.relative_to(served(place)).as_posix(), file.stat()
        told = "has no valid seal: seal.json has been changed" if name == "seal.json" else f"its seal ({name})"
        for at in {0, about.st_size // 2, about.st_size - 1} if about.st_size else ():
            raw = flip(file, at)
            os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
            assert refused(place).endswith(told)
            file.write_bytes(raw)
    assert len(open_store(place)) == 2000


def test_a_hash_is_compared_once_and_again_after_any_change(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To read a large database whole at each question would take longer than to answer it."""
    hashed: list[str] = []
    real = seals._fingerprint
    monkeypatch.setattr(seals, "_fingerprint", lambda entry: hashed.append(entry.name) or real(entry))
    open_store(place)
    assert sorted(name.partition("-")[0] for name in hashed) == ["CURRENT", "MANIFEST"]
    hashed.clear()
    touched = served(place) / "later.txt"
    touched.touch()
    open_store(place)
    assert len(hashed) == 3
    assert "later.txt" in hashed
    open_store(place, thorough=True)
    assert len(hashed) == 3 + len(sealed(place)) - 1
    prove(place)
    hashed.clear()
    open_store(place)
    assert len(hashed) == 2
    hashed.clear()
    shutil.copytree(place, place.parent / "copy", symlinks=True)
    assert len(lines(place.parent / "copy")) == 2000
    assert len(hashed) == len(sealed(place)) - 1, "a copy may have gone wrong"


@pytest.mark.parametrize("proof", ["gone", "linked", "folder", "pipe", "", "{", "[]", "5", "[" * 100_000, '{"a": 1}'])
def test_a_damaged_proof_costs_time_and_nothing_else(place: Path, proof: str) -> None:
    """It holds nothing that is ever answered; `kg build`, which reads everything, writes it anew."""
    file = served(place) / "proof.json"
    if proof in KINDS:
        put(file, proof, place / "aside")
    else:
        file.write_text(proof)
    assert len(lines(place)) == 2000
    flip(served(place) / "later.txt", 1)
    assert "(later.txt)" in refused(place)
    flip(served(place) / "later.txt", 1)
    prove(place)
    assert len(lines(place)) == 2000
    if proof != "folder":
        assert (
            json.loads(file.read_text()).keys() == json.loads((served(place) / "seal.json").read_text())["files"].keys()
        )
    assert not (place / "aside").exists() or (place / "aside").read_bytes().startswith(b"{"), "what a link names stays"


@pytest.mark.parametrize("change", ["cut", "grown", "added", "gone", "linked", "loop", "folder", "pipe"])
def test_a_file_of_another_size_name_or_kind_is_found_before_the_store_is_served(place: Path, change: str) -> None:
    """Half a copy, a full disk, a stray file, something else in its place."""
    for file in sealed(place):
        raw, named = file.read_bytes(), file
        if change == "cut" and not raw:
            continue
        if change == "cut":
            file.write_bytes(raw[: len(raw) // 2])
        elif change == "grown":
            file.write_bytes(raw + b"\0")
        elif change == "added":
            named = file.with_name("000099.sst")
            named.write_bytes(raw)
        else:
            put(file, change, place / "aside")
        told = refused(place)
        if named.name == "seal.json":
            assert "has no valid seal: " in told
        else:
            assert told.endswith(f"differs from its seal ({named.relative_to(served(place)).as_posix()})")
        remove(named)
        file.write_bytes(raw)
    assert len(open_store(place)) == 2000


@pytest.mark.parametrize("name", ["stray.txt", "db/more", "more/inner"])
def test_a_folder_too_many_is_found(place: Path, name: str) -> None:
    """A build holds what was sealed and nothing else."""
    (served(place) / name).mkdir(parents=True)
    assert f"({name.removesuffix('/inner')})" in refused(place)


def test_an_odd_name_of_a_stray_file_does_nothing_to_a_terminal(place: Path) -> None:
    """What a stranger's store calls its files is shown with its controls escaped."""
    (served(place) / "red\x1b[31m").touch()
    assert refused(place).endswith("(red\\x1b[31m)")


def test_a_manifest_cut_in_half_is_not_served_as_an_empty_graph(place: Path) -> None:
    """Oxigraph opens such a store without an error and finds nothing in it: hence the seal."""
    (manifest,) = [f for f in files(place) if f.name.startswith("MANIFEST")]
    manifest.write_bytes(manifest.read_bytes()[: manifest.stat().st_size // 2])
    assert f"({manifest.relative_to(served(place)).as_posix()})" in refused(place)


@pytest.mark.parametrize("seal", ["", "{", "[]", '{"quads": 5}', '{"files": {}, "format": 2}', "[" * 100_000])
def test_a_store_without_a_valid_seal_is_not_served(place: Path, seal: str) -> None:
    """Whatever stands in the seal, the answer is one line."""
    (served(place) / "seal.json").write_text(seal)
    assert "has no valid seal" in refused(place)
    (served(place) / "seal.json").unlink()
    assert "has no valid seal: No such file" in refused(place)
    assert read_seal(place) is None


def test_the_seal_of_another_build_does_not_fit(place: Path) -> None:
    """Also where that build is whole: a build is named for its seal."""
    before = served(place)
    publish(place, some(3), {})
    shutil.copy(before / "seal.json", served(place))
    assert "has no valid seal: seal.json has been changed" in refused(place)


def test_a_file_of_another_build_does_not_fit(tmp_path: Path) -> None:
    """Nor one of the same size, whose own checksums are right."""
    one, other = tmp_path / "one", tmp_path / "other"
    publish(one, some(20, "value"), {})
    publish(other, some(20, "valve"), {})
    same = 0
    for file in sealed(one):
        raw, foreign = file.read_bytes(), (served(other) / file.relative_to(served(one))).read_bytes()
        if raw == foreign:
            continue
        same += len(raw) == len(foreign)
        shutil.copy2(served(other) / file.relative_to(served(one)), file)
        assert "seal" in refused(one)
        file.write_bytes(raw)
    assert same > 2, "of the same size and of other content"


@pytest.mark.slow
def test_every_damage_of_a_single_file_is_told_in_a_line_or_does_not_matter(
    small_store: Path, tmp_path: Path, kg: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a scholar meets it: asked after the damage, the store gives the same answer, or one line and exit code 2."""
    place, other = tmp_path / "store", tmp_path / "other"
    shutil.copytree(small_store, place, symlinks=True)
    prove(place)
    publish(other, [q for q in open_store(small_store) if "weakens" not in str(q)], {}, {}, WORDS)
    monkeypatch.setenv("KG_STORE", str(place))
    asked = [("ask", "weakens", "-f", "json"), ("ask", "strengthens", "-f", "json"), ("export", "nquads")]
    right = [kg(*words) for words in asked]
    assert [code for code, _, _ in right] == [0, 0, 0]
    counted = {"refused": 0, "right": 0}
    for file in files(place):
        raw, name = file.read_bytes(), file.relative_to(served(place))
        foreign = served(other) / name
        for how, made in damages(raw, foreign.read_bytes() if foreign.exists() else b"").items():
            if made == raw:
                continue
            put(file, made, tmp_path / "aside")
            for words, answer in zip(asked, right, strict=True):
                code, out, err = kg(*words)
                if name.name == "proof.json":
                    assert (code, out, err) == answer, f"{name} {how}: {words}\n{err}"
                    counted["right"] += 1
                    continue
                assert (code, out) == (2, ""), f"{name} {how}: {words}\n{out}{err}"
                assert len(err.splitlines()) == 2, err
                assert err.startswith("error: the store at ")
                assert err.splitlines()[1].startswith("  hint: `kg build")
                counted["refused"] += 1
            remove(file)
            file.write_bytes(raw)
    assert [kg(*words) for words in asked] == right
    print(counted)
    assert counted["refused"] > 500
    assert counted["right"] > 20, "the proof may be damaged"


def test_nothing_unsealed_is_ever_read(place: Path) -> None:
    """What lies beside the database is compared with the seal when it is read, whatever its size says."""
    build = served(place)
    seal = seals.verify(build)
    assert seals.read(build, seal, "later.txt") == b"later\n"
    assert read_compiled(place) == {"question": {}}
    (build / "later.txt").write_bytes(b"LATER\n")
    (build / COMPILED).write_bytes((build / COMPILED).read_bytes().replace(b"question", b"Question"))
    for name in ("later.txt", COMPILED, "nowhere.txt", "../lock"):
        with pytest.raises(StoreError, match="differs from its seal"):
            seals.read(build, seal, name)
    with pytest.raises(StoreError, match=r"differs from its seal \(questions.json\)"):
        read_compiled(place)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FORMAT", 3, "is of format 3, airkg {version} reads 2"),
        ("__version__", "9.9.9", "was built by airkg 9.9.9, this is {version}"),
    ],
)
def test_a_store_of_another_format_or_version_says_so(
    tmp_path: Path, name: str, value: object, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The questions of a version are written for the graph of that version: they might find nothing in another."""
    place = tmp_path / "store"
    with monkeypatch.context() as later:
        later.setattr(seals, name, value)
        publish(place, some(3), {})
        assert len(lines(place)) == 3
    expected = f"error: the store at {place} {told.format(version=kg.__version__)}"
    assert refused(place) == expected
    with pytest.raises(StoreError, match=r"\n  hint: `kg build` makes it anew"):
        read_compiled(place)
    publish(place, some(4), {})
    assert len(lines(place)) == 4


def test_a_store_of_version_0_1_0_says_so_and_is_built_anew(place: Path) -> None:
    """It had no format, and a build was not named for its seal; what it held can still be told."""
    old = served(place).rename(place / "builds" / "build-x1y2z3")
    (old / "seal.json").write_text(json.dumps({"quads": 2000, "files": {}, "sources": ["doe2026"]}))
    (place / "current").unlink()
    (place / "current").symlink_to("builds/build-x1y2z3")
    assert refused(place) == f"error: the store at {place} is not of format 2, which airkg {kg.__version__} reads"
    assert (read_seal(place) or {})["sources"] == ["doe2026"]
    publish(place, some(5), {})
    assert len(lines(place)) == 5
    assert old.is_dir(), "kept for one build more"
    publish(place, some(6), {})
    assert not old.exists()
