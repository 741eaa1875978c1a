"""Inputs: whatever stands in the place of a file, or in it, is a line with its place; no hang, no crash, no leak."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small import NAME, Small, spoil, write_small
from vocabularies import CABLE, HEAD

from kg import pipeline
from kg.coding.anchor import anchor
from kg.errors import KEPT, SHOWN, CodingError, Faults, InputError, Place, Tally, nearest
from kg.load.folder import open_folders
from kg.load.inputs import Inputs, corpus_files, source_folders
from kg.load.references import read_references
from kg.load.schema import MANY
from kg.reading import read_bytes, read_text
from kg.tree import MAX_VALUES, parse_yaml
from kg.validate.findings import Finding, Invalid

FILES = ["source.yaml", "references.json", "coding.yaml", "anchors.lock", "vocabulary.ttl", "doe2026.txt"]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def nowhere(path: Path) -> None:
    path.symlink_to("no-such-file")


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def kernel(path: Path) -> None:
    path.symlink_to("/proc/self/mem")


def door(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's name has at most 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20_000_001)


ODD = [pipe, folder, circle, nowhere, device, terminal, kernel, door, huge]
SAID = {
    pipe: "a pipe found, a file expected",
    folder: "a folder found, a file expected",
    circle: "cannot be read: Too many levels of symbolic links",
    nowhere: "a link that leads nowhere found, a file expected",
    device: "a device found, a file expected",
    door: "cannot be read: No such device or address",
    huge: "20,000,001 bytes found, at most 20,000,000 expected",
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_is_one_line(small: Small, name: str, odd: Callable[[Path], None]) -> None:
    """A pipe hung the build, a device filled the memory, a folder was a traceback or was passed over."""
    path = small.path(name)
    path.unlink(missing_ok=True)
    odd(path)
    with pytest.raises(Faults) as caught:
        pipeline.load(small.inputs)
    found = [f for f in caught.value.faults if f.place.file == path]
    assert len(found) == 1
    expected = SAID.get(odd, found[0].message)
    if odd is huge and name == "vocabulary.ttl":
        expected = "20,000,001 bytes found, at most 5,000,000 expected"
    assert found[0].message == expected
    assert "\n" not in str(found[0]).split("\n  hint")[0]
    assert small.inputs.fingerprint()
    assert {f.place.file.name for f in caught.value.faults} == {name}


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
def test_a_text_that_no_source_names_may_be_anything(small: Small, odd: Callable[[Path], None]) -> None:
    """The folder of texts is the reader's own, and holds what it holds."""
    odd(small.texts / "other.txt")
    assert small.faults(texts=True) == []
    assert small.inputs.fingerprint()


def test_a_file_may_be_a_link_to_a_file(small: Small, tmp_path: Path) -> None:
    """People keep texts and corpora where they like, and link them."""
    for name in FILES:
        path = small.path(name)
        if path.exists():
            path.rename(tmp_path / name)
            path.symlink_to(tmp_path / name)
    linked = tmp_path / "linked"
    linked.symlink_to(small.root)
    assert [s.id for s in pipeline.load(Inputs.of([linked], small.texts, founding=False)).sources] == [NAME]


def test_a_file_that_does_not_know_its_size_is_read_and_capped(tmp_path: Path) -> None:
    """Below /proc a file has no size; what is counted is what comes."""
    assert read_bytes(Path("/proc/self/stat"))
    with pytest.raises(CodingError, match="more than 100 bytes found, at most 100 expected"):
        read_bytes(Path("/proc/self/maps"), limit=100)
    (tmp_path / "x").write_bytes(b"x" * 100)
    assert read_bytes(tmp_path / "x", limit=100) == b"x" * 100
    with pytest.raises(CodingError, match="100 bytes found, at most 99 expected"):
        read_bytes(tmp_path / "x", limit=99)
    with pytest.raises(CodingError, match="cannot be read"):
        read_text(Path("a\0b"))


# ── finding sources ───────────────────────────────────────────────────────────────────────────────────


def told(corpus: Path) -> list[tuple[str, str]]:
    """Return what is said of a directory of sources, with the name of the file."""
    try:
        source_folders(corpus)
    except Faults as error:
        return [(str(f.place.file.relative_to(corpus)), f.message) for f in error.faults]
    except InputError as error:
        return [(str(error.place.file), error.message)]
    return []


def test_a_folder_that_is_half_a_source_is_told(small: Small) -> None:
    """It was passed over, and its author thought it was in the graph."""
    for name in ("coding.yaml", "anchors.lock"):
        (small.root / "half").mkdir(exist_ok=True)
        (small.root / "half" / name).write_text("x")
    (small.root / "notes").mkdir()
    (small.root / "notes" / "references.json").write_text("[]")
    assert told(small.root) == [("half/source.yaml", "the file is not there, though coding.yaml is")]


def test_a_source_within_a_source_is_told(small: Small) -> None:
    """A directory is one source's folder or holds several; of one in another, one would be passed over."""
    (small.folder / "inner").mkdir()
    (small.folder / "inner" / "source.yaml").write_text("x")
    assert told(small.folder) == [("inner", "a source within the folder of another source found")]


def test_links_that_go_round_or_nowhere_are_told(small: Small) -> None:
    """The folder of a source may have moved away."""
    circle(small.root / "round")
    nowhere(small.root / "gone")
    (small.root / "up").symlink_to(small.root)
    (small.root / ".hidden").symlink_to("nowhere")
    assert told(small.root) == [
        ("gone", "a link that leads nowhere found, a file or folder expected"),
        ("round", "cannot be read: Too many levels of symbolic links"),
    ]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.__name__)
def test_a_source_yaml_of_any_kind_makes_a_source(small: Small, odd: Callable[[Path], None]) -> None:
    """What it is is told when it is read; that the folder is a source's is told by the name."""
    small.path("source.yaml").unlink()
    odd(small.path("source.yaml"))
    assert source_folders(small.root) == [small.folder]
    assert small.path("source.yaml") in corpus_files(small.root)


def test_a_directory_that_is_none_is_told(tmp_path: Path) -> None:
    for odd in ODD:
        odd(tmp_path / odd.__name__)
        if odd is not folder:
            with pytest.raises(CodingError):
                Inputs.of([tmp_path / odd.__name__], founding=False)
    with pytest.raises(CodingError, match="no source found"):
        Inputs.of([tmp_path / "folder"], founding=False)


def test_a_name_from_a_strangers_folder_does_nothing_to_a_terminal(small: Small) -> None:
    """The name of a folder is text of a stranger's too."""
    evil = small.root / "a\x1b[2J\nb\u202ec"
    evil.mkdir()
    (evil / "coding.yaml").write_text("x")
    with pytest.raises(Faults) as caught:
        source_folders(small.root)
    assert "a\\x1b[2J\\nb\\u202ec" in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_anchoring_writes_the_lock_and_nothing_through_a_link(small: Small, tmp_path: Path) -> None:
    """A stranger's folder may hold links under names that can be guessed."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("anchors.tmp", ".anchors.lock", "anchors.lock.tmp"):
        (small.folder / name).symlink_to(victim)
    lock = small.path("anchors.lock")
    lock.unlink()
    lock.symlink_to(victim)
    anchor(small.inputs, small.texts)
    assert victim.read_text() == "mine"
    assert not lock.is_symlink()
    assert small.faults(texts=True) == []
    lock.unlink()
    lock.mkdir()
    before = sorted(p.name for p in small.folder.iterdir())
    with pytest.raises(CodingError, match="cannot be written: Is a directory"):
        anchor(small.inputs, small.texts)
    assert sorted(p.name for p in small.folder.iterdir()) == before


# ── YAML and Turtle ───────────────────────────────────────────────────────────────────────────────────


def test_a_yaml_file_has_so_many_values_and_no_more() -> None:
    """Two bytes make a value: 20 megabytes would be ten million, and minutes."""
    assert len(parse_yaml(f"[{'a,' * (MAX_VALUES - 2)}]", Path("x")).data) == MAX_VALUES - 2
    with pytest.raises(Faults) as caught:
        parse_yaml("a:\n" + f"- [{'a,' * (MAX_VALUES // 2)}]\n" * 3, Path("x"))
    assert [(f.place.line, f.message) for f in caught.value.faults] == [
        (3, f"more than {MAX_VALUES:,} keys and values found")
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "domain: [political]",
            "domain: ‸[" + "political, " * (MANY + 1) + "]",
            "51 entries found, at most 50",
        ),
        ("says: Technology firms own the cables.", "says: ‸" + "x" * 5001, "5,001 characters found, at most 5,000"),
        (
            'at: "nothing of the sort has happened"',
            'at: ‸"' + "x" * 1001 + '"',
            "1,001 characters found, at most",
        ),
        ("id: nothing-happened", "id: ‸" + "x" * 201, "a name of 201 characters found, at most 200 expected"),
    ],
    ids=lambda v: v[:30],
)
def test_a_record_holds_no_more_than_the_format_allows(small: Small, old: str, new: str, message: str) -> None:
    """Rules compare the values of two claims each with each, and ids are written into many names."""
    place = spoil(small, "coding.yaml", old, new)
    (fault,) = small.faults()
    assert (fault.place.line, fault.place.column) == place
    assert fault.message.startswith(message)


@pytest.mark.parametrize("quantity", ["9" * 16, "1." + "1" * 16, "1e5", "Infinity", "٣", "--1", "0x1"])
def test_a_quantity_is_a_number_that_every_store_holds(small: Small, quantity: str) -> None:
    fact = "kind: fact\n      says: Firms own it.\n      subject: technology-firms\n      quantity: "
    old = "kind: characterisation\n      says: Technology firms own the cables.\n      subject: technology-firms\n      attribute: owners of the cables"  # noqa: E501
    place = spoil(small, "coding.yaml", old, f"{fact}‸{quantity}")
    (fault,) = small.faults()
    assert ((fault.place.line, fault.place.column), fault.message) == (
        place, f"'{quantity}' found, a plain number expected (15.7)")  # fmt: skip


def test_a_vocabulary_is_small(small: Small) -> None:
    """A prefix of many letters is written once and costs with each name; so does a base."""
    file = small.folder / "vocabulary.ttl"
    file.write_text(HEAD + CABLE + "my:a my:b my:c .\n" * 200_001)
    with pytest.raises(Faults) as caught:
        pipeline.load(small.inputs)
    assert [f.message for f in caught.value.faults] == ["more than 200,000 statements found, at most 200,000 expected"]


# ── many faults ───────────────────────────────────────────────────────────────────────────────────────


def some(count: int, file: str = "x.yaml") -> Iterator[InputError]:
    return (CodingError(Place(Path(file), line + 1, 1), f"fault {line}") for line in range(count))


def test_of_many_faults_the_first_are_printed_and_the_others_counted() -> None:
    """100,000 faults printed 200,000 lines, and the first of them had scrolled away."""
    tally = Tally()
    tally.extend(some(100_000))
    with pytest.raises(Faults) as caught:
        tally.settle()
    lines = str(caught.value).split("\n")
    assert len(lines) == SHOWN + 1
    assert lines[0].endswith("x.yaml:1:1: error: fault 0")
    assert lines[-1] == "… and 99,950 more"
    assert len(caught.value.faults) == KEPT
    few = Faults(some(SHOWN))
    assert str(few).count("\n") == SHOWN - 1


def test_each_file_has_its_faults_kept_and_all_are_counted() -> None:
    """One file with a thousand faults does not hide the one of another."""
    tally = Tally()
    tally.extend(some(1000, "b.yaml"))
    tally.extend(Faults(some(2, "a.yaml"), more=5))
    more = Tally()
    more.extend(some(300, "c.yaml"))
    tally.extend(more)
    assert len(tally) == 1307
    faults = Faults(tally, tally.more)
    assert str(faults).split("\n")[0].endswith("a.yaml:1:1: error: fault 0")
    assert str(faults).endswith(f"… and {1307 - SHOWN:,} more")


def test_many_faults_of_a_coding_are_counted_and_not_all_translated(small: Small) -> None:
    """Each has a hint that compares names with names; nobody reads the ten-thousandth."""
    text = small.path("coding.yaml").read_text()
    head, _, tail = text.partition("citations:\n")
    bad = "".join(f"  - {{id: x{i}, at: nowhere, text: x, work: roe{i}}}\n" for i in range(2000))
    small.path("coding.yaml").write_text(f"{head}citations:\n{bad}{tail}")
    with pytest.raises(Faults) as caught:
        small.load()
    assert len(caught.value.faults) == KEPT
    assert len(caught.value.faults) + caught.value.more == 4000
    assert str(caught.value).endswith(f"… and {4000 - SHOWN:,} more")


def test_many_findings_are_counted_too() -> None:
    found = [Finding("violation", "rule", f"https://x/{i}", "no") for i in range(1000)]
    lines = str(Invalid(found)).split("\n")
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "… and 950 more; `kg check` lists them"


def test_the_nearest_of_very_many_names_is_found_without_comparing_all(monkeypatch: pytest.MonkeyPatch) -> None:
    import difflib

    compared: list[int] = []
    real = difflib.get_close_matches

    def counted(word: str, possible: list[str], n: int) -> list[str]:
        compared.append(len(possible))
        return real(word, possible, n=n)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    known = [f"{a}{b}-work-{i}" for a in "abcde" for b in "xyz" for i in range(1000)] + ["doe2026"]
    assert nearest("deo2026", known) == ""
    assert nearest("doe2025", known) == "did you mean 'doe2026'?"
    assert nearest("x" * 1_000_000, known) == ""
    assert max(compared) <= 1000


# ── together ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_fault_of_a_folder_does_not_hide_those_of_others(small: Small, tmp_path: Path) -> None:
    """All faults at once, also where a corpus is no corpus."""
    other = write_small(tmp_path / "other", small.texts, small.vocabulary)
    (other.root / "half").mkdir()
    (other.root / "half" / "coding.yaml").write_text("x")
    (small.folder / "vocabulary.ttl").write_text(HEAD + CABLE.replace("air:Technology", "air:Tecnology"))
    with pytest.raises(Faults) as caught:
        pipeline.load(Inputs((small.root, other.root)))
    assert {f.place.file.name for f in caught.value.faults} == {"source.yaml", "vocabulary.ttl"}


def test_references_that_cannot_be_read_leave_the_folder_open(small: Small) -> None:
    small.path("references.json").write_text("[")
    (opened,) = open_folders(small.inputs)
    assert opened.references is None
    with pytest.raises(CodingError):
        read_references(small.folder, NAME)
