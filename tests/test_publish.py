"""Publishing: whole or not at all, one at a time, readable by whom it should be, wherever the store is."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from storing import builder, files, lines, refused, said, served, some

from kg.errors import StoreError
from kg.store import publish as publishing
from kg.store import seals
from kg.store.local import current, open_store
from kg.store.publish import publish, refuse


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A published store of a few files."""
    publish(tmp_path / "store", some(2000), {"inputs": "x"})
    return tmp_path / "store"


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


@pytest.mark.parametrize("kind", [fcntl.LOCK_EX, fcntl.LOCK_SH], ids=["exclusive", "shared"])
def test_a_second_writer_is_told_to_wait(place: Path, kind: int) -> None:
    """Two builds at once would each remove what the other makes; a lock that both can hold is none."""
    with open(place / "lock", "w") as held:
        fcntl.flock(held, kind)
        with pytest.raises(StoreError) as caught:
            publish(place, some(3), {})
    assert str(caught.value) == f"error: another build is writing to {place}\n  hint: wait for it, or use --store"
    assert len(lines(place)) == 2000
    publish(place, some(3), {})
    assert len(lines(place)) == 3


def test_a_build_in_progress_is_not_touched_by_another(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a build stands before its turn, another process is refused, and leaves it and what is served alone."""
    before, turn, said_by_other = served(place), publishing._turn, list[str]()

    def other_first(path: Path, build: Path) -> None:
        said_by_other.extend(said(builder(path, 1, 9)))
        assert build.is_dir()
        assert served(path) == before
        turn(path, build)

    monkeypatch.setattr(publishing, "_turn", other_first)
    publish(place, some(3), {})
    assert said_by_other == [f"error: another build is writing to {place}", "hint: wait for it, or use --store"]
    assert len(lines(place)) == 3
    assert before.is_dir()


@pytest.mark.slow
def test_two_builders_at_once_leave_a_store_that_is_whole(place: Path) -> None:
    """Each of their builds is made or refused, and whoever reads meanwhile finds a whole graph."""
    builders = [builder(place, 12, count) for count in (300, 400)]
    found = set()
    while any(process.poll() is None for process in builders):
        found.add(len(lines(place)))
    told = [line for process in builders for line in said(process)]
    assert found <= {2000, 300, 400}
    assert len(found) > 1
    assert set(told) <= {"built", f"error: another build is writing to {place}", "hint: wait for it, or use --store"}
    assert told.count("built") > 1
    assert len(list((place / "builds").iterdir())) <= 2


WATCH = """
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
watch = libc.inotify_init()
libc.inotify_add_watch(watch, os.fsencode(sys.argv[1]), 0x3C0)   # moved from, to, created, deleted
print("watching", flush=True)
sys.stdin.read()
os.set_blocking(watch, False)
while raw := os.read(watch, 1 << 16):
    while raw:
        _, mask, _, length = struct.unpack_from("iIII", raw)
        name, raw = raw[16 : 16 + length].rstrip(b"\\0").decode(), raw[16 + length :]
        print({0x40: "from", 0x80: "to", 0x100: "created", 0x200: "deleted"}[mask & 0x3C0], name, flush=True)
"""
"""Tells what happened to the names in a directory, in order, from the kernel's own notes."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_there_is_no_moment_without_a_current(place: Path) -> None:
    """The link is replaced in one step: it is never removed, never made where it stands."""
    words = [sys.executable, "-c", WATCH, str(place)]
    watcher = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert watcher.stdout is not None
    assert watcher.stdout.readline() == "watching\n"
    for count in (3, 4):
        publish(place, some(count), {})
    told = watcher.communicate()[0].splitlines()
    assert [line for line in told if line.endswith(" current")] == ["to current"] * 2


@pytest.mark.slow
def test_the_link_leads_to_a_build_at_every_moment(place: Path) -> None:
    """As above, looked at as often as can be while another process builds."""
    other, looked = builder(place, 25, 300), 0
    while other.poll() is None:
        assert os.stat(place / "current" / "seal.json").st_size
        looked += 1
    assert looked > 1000
    assert list(said(other)) == ["built"] * 25


def test_a_build_that_is_removed_before_it_is_opened_is_looked_for_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader takes no lock, so two builds may pass between its first step and its second."""
    from kg.store import seals

    verify = seals.verify

    def slow(build: Path, thorough: bool = False) -> dict[str, object]:
        monkeypatch.setattr(seals, "verify", verify)
        publish(place, some(3), {})
        publish(place, some(4), {})
        assert not build.exists()
        return verify(build, thorough)

    monkeypatch.setattr(seals, "verify", slow)
    assert len(lines(place)) == 4


@pytest.mark.parametrize("when", ["a file", "the directory"])
def test_a_disk_that_fails_leaves_a_store_that_is_whole(
    place: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the turn the old graph is served, after it the new one; never a link to nothing."""
    sync = publishing._sync

    def full(path: Path) -> None:
        if (path == place) == (when == "the directory"):
            raise OSError(28, "No space left on device")
        sync(path)

    monkeypatch.setattr(publishing, "_sync", full)
    with pytest.raises(StoreError, match=r"cannot be written: .*No space left on device"):
        publish(place, some(3), {})
    monkeypatch.undo()
    assert len(lines(place)) == (2000 if when == "a file" else 3)


def test_every_file_is_on_the_disk_before_the_store_turns_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files, then folders, then the turn, then the link; what the disk makes of it no test can see."""
    done: list[str] = []
    sync, turn = publishing._sync, publishing._turn

    def note(path: Path) -> None:
        done.append(path.relative_to(tmp_path).as_posix())
        sync(path)

    monkeypatch.setattr(publishing, "_sync", note)
    monkeypatch.setattr(publishing, "_turn", lambda path, build: (done.append("turned"), turn(path, build)))
    publish(tmp_path / "store", some(3), {})
    synced = {"/".join(name.split("/")[3:]) for name in done if name.startswith("store/builds/making-")}
    made = {file.relative_to(served(tmp_path / "store")).as_posix() for file in files(tmp_path / "store")}
    assert synced == (made - {"proof.json"}) | {"", "db"}
    assert done[-3:] == ["store/builds", "turned", "store"]


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077, 0o002])
def test_a_build_is_readable_by_whom_the_umask_lets(tmp_path: Path, umask: int) -> None:
    """A store that a group shares, or everybody; or nobody but who built it."""
    before = os.umask(umask)
    try:
        publish(tmp_path / "store", some(30), {})
    finally:
        os.umask(before)
    for made in (tmp_path / "store", *(tmp_path / "store").rglob("*")):
        if not made.is_symlink():
            assert stat.S_IMODE(made.stat().st_mode) == (0o777 if made.is_dir() else 0o666) & ~umask, made


@pytest.fixture
def public() -> Iterator[Path]:
    """A directory that everybody may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def as_nobody(action: Callable[[], object]) -> str:
    """Do something in a process that belongs to nobody in particular; return its result, or its error, as text."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            told = str(action())
        except BaseException as error:
            told = str(error)
        os.write(into, told.encode())
        os._exit(0)
    os.close(into)
    os.waitpid(child, 0)
    with open(out) as stream:
        return stream.read()


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@needs_root
def test_another_user_can_ask_a_store_and_not_write_it(public: Path) -> None:
    """Whoever may read it may ask it: nothing is written for that."""
    publish(public / "store", some(30), {})
    publish(public / "closed", some(30), {})
    (public / "closed").chmod(0o700)
    assert as_nobody(lambda: len(open_store(public / "store"))) == "30"
    assert "Permission denied" in as_nobody(lambda: publish(public / "store", some(3), {}))
    assert as_nobody(lambda: refused(public / "closed")).endswith("cannot be read: Permission denied")
    (served(public / "store") / "db" / "CURRENT").chmod(0o600)
    assert as_nobody(lambda: refused(public / "store")).endswith("cannot be read: Permission denied")
    assert len(lines(public / "store")) == 30


@needs_root
def test_a_folder_that_may_not_be_written_in_is_told_in_a_line(public: Path) -> None:
    """A read-only home, a disk that was mounted so."""
    told = as_nobody(lambda: publish(public / "store", some(3), {}))
    assert told.startswith(f"error: the store at {public / 'store'} cannot be written: [Errno 13] Permission denied")
    assert as_nobody(lambda: refuse(public / "store")).startswith(told.partition(" denied")[0])
    refuse(public / "store")  # which its owner may write
    assert list(public.iterdir()) == []


@pytest.mark.parametrize("limit", [0, 1000, 30_000])
def test_a_disk_that_takes_no_more_leaves_what_was_served(place: Path, limit: int) -> None:
    """The system itself refuses to write on, at the first byte, in a small file, in a table of the database."""
    child = os.fork()
    if not child:
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            publish(place, some(3000), {})
        except StoreError as error:
            os._exit(0 if str(error).startswith(f"error: the store at {place} cannot be written: ") else 3)
        finally:
            os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(lines(place)) == 2000
    assert len(list((place / "builds").iterdir())) == 1


def test_a_build_that_is_not_proven_is_not_served(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was served stays until the new build was read again and compared; then one build more."""
    before = served(place)

    def damaged(build: Path) -> None:
        (build / "db" / "CURRENT").write_bytes(b"MANIFEST-000001\n")
        real(build)

    real = seals.prove
    with monkeypatch.context() as patched:
        patched.setattr(seals, "prove", damaged)
        with pytest.raises(StoreError, match=r"differs from its seal \(db/CURRENT\)"):
            publish(place, some(3), {})
    assert served(place) == before
    assert list((place / "builds").iterdir()) == [before]
    assert len(lines(place)) == 2000


def test_who_stops_a_build_just_after_its_turn_keeps_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is cleaned away after Ctrl-C must not be what the store has just turned to."""
    turn = publishing._turn

    def stopped(path: Path, build: Path) -> None:
        turn(path, build)
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "_turn", stopped)
    with pytest.raises(KeyboardInterrupt):
        publish(place, some(3), {})
    assert len(lines(place)) == 3


def test_no_clock_decides_which_build_is_kept(place: Path) -> None:
    """One that says it is of next year must not crowd out the one that was served a moment ago."""
    dated = served(place)
    publish(place, some(3), {})
    publish(place, some(4), {})
    ahead = time.time() + 400 * 86400
    strange = shutil.copytree(served(place), place / "builds" / ("0" * 64))
    for made in (strange, *strange.rglob("*")):
        os.utime(made, (ahead, ahead))
    before = served(place)
    publish(place, some(5), {})
    assert set((place / "builds").iterdir()) == {before, served(place)}
    for made in (before, *before.rglob("*"), served(place), *served(place).rglob("*")):
        os.utime(made, (0, ahead) if made == before else (0, 0))
    before = served(place)
    publish(place, some(6), {})
    assert set((place / "builds").iterdir()) == {before, served(place)}
    assert not dated.exists()


def test_what_is_no_build_of_ours_is_left_alone(place: Path) -> None:
    """Somebody's notes in the folder of builds are not ours to remove."""
    (place / "builds" / "notes").mkdir()
    (place / "builds" / "README").write_text("mine")
    publish(place, some(3), {})
    assert {"notes", "README"} < {found.name for found in (place / "builds").iterdir()}
