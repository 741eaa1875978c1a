"""The filter of system calls: what it decides on both machines, and what it does to a process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from kg.store import seccomp
from kg.store.seccomp import ALLOW, ARCHITECTURES, CALLS, EACCES, ENOSYS, ENOTTY, REFUSE

LINUX = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in ARCHITECTURES, reason="there is no filter for this system"
)
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
PROCESS = 4711

REFUSED = """
socket:41:198 socketpair:53:199 connect:42:203 bind:49:200 listen:50:201 accept:43:202 accept4:288:242
sendto:44:206 sendmsg:46:211 sendmmsg:307:269 recvmsg:47:212 io_uring_setup:425:425 io_uring_enter:426:426
io_uring_register:427:427 execve:59:221 execveat:322:281 fork:57:- vfork:58:- clone3:435:435 ptrace:101:117
process_vm_writev:311:271 process_vm_readv:310:270 pidfd_open:434:434 pidfd_getfd:438:438 pidfd_send_signal:424:424
kill:62:129 tkill:200:130 rt_sigqueueinfo:129:138 openat2:437:437 creat:85:- rename:82:- renameat2:316:276
unlink:87:- unlinkat:263:35 mkdirat:258:34 linkat:265:37 symlinkat:266:36 truncate:76:45 fchmodat:268:53 mount:165:40
umount2:166:39 unshare:272:97 setns:308:268 chroot:161:51 bpf:321:280 perf_event_open:298:241 userfaultfd:323:282
keyctl:250:219 init_module:175:105 kexec_load:246:104 reboot:169:142 mq_open:240:180 shmget:29:194 msgget:68:186
memfd_create:319:279 open_by_handle_at:304:265 name_to_handle_at:303:264 process_madvise:440:440 seccomp:317:277
"""
"""Calls that reach out of the process; the list is not what the filter goes by."""


def decided(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """Return what the filter answers to a call: an interpreter of the few instructions that it uses."""
    record = {0: number, 4: ARCHITECTURES[machine] if architecture is None else architecture}
    for position, value in enumerate((*arguments, *[0] * (6 - len(arguments)))):
        record[16 + 8 * position], record[20 + 8 * position] = value & 0xFFFFFFFF, value >> 32
    steps, at, held = seccomp.program(machine, PROCESS), 0, 0
    while True:
        code, yes, no, operand = steps[at]
        at += 1
        if code == 0x06:
            return operand
        if code == 0x20:
            held = record[operand]
        else:
            holds = {0x15: held == operand, 0x45: bool(held & operand)}[code]
            at += yes if holds else no


def listed(text: str, machine: str) -> dict[str, int]:
    """Return name and number of each call in a list of `name:number:number`."""
    column = 1 + list(ARCHITECTURES).index(machine)
    parts = [entry.split(":") for entry in text.split()]
    return {p[0]: int(p[column]) for p in parts if p[column] != "-"}


def kernel(machine: str) -> dict[str, int]:
    """Return name and number of each call, as the kernel's own headers have them."""
    if not HEADERS[machine].is_file():
        pytest.skip("the kernel's headers are not here: linux-libc-dev")
    found = re.findall(r"(?m)^#define __NR(?:3264)?_(\w+)\s+(\d+)$", HEADERS[machine].read_text())
    named = {"fstatat": "newfstatat"} if machine == "aarch64" else {}
    return {
        named.get(name, name): int(number)
        for name, number in found
        if name not in ("syscalls", "arch_specific_syscall")
    }


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_numbers_are_the_kernels(machine: str) -> None:
    """A wrong number would allow another call than the one that was meant."""
    theirs = kernel(machine)
    for text in (CALLS, REFUSED):
        ours = listed(text, machine)
        assert ours == {name: theirs[name] for name in ours}
    conditions = [c.numbers[list(ARCHITECTURES).index(machine)] for c in seccomp._conditions(PROCESS)]
    named = [theirs.get(name) for name in ("open", "openat", "clone", "tgkill", "prlimit64", "ioctl")]
    assert conditions == named


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_reaches_out_of_the_process_is_refused(machine: str) -> None:
    for name, number in listed(REFUSED, machine).items():
        assert decided(machine, number) == REFUSE | ENOSYS, name


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_is_not_listed_is_refused_be_it_known_today_or_not(machine: str) -> None:
    """A kernel of next year has calls that nobody has read yet."""
    allowed = set(listed(CALLS, machine).values())
    conditional = {c.numbers[list(ARCHITECTURES).index(machine)] for c in seccomp._conditions(PROCESS)}
    assert not allowed & conditional
    for number in range(3000):
        if number not in conditional:
            assert decided(machine, number) == (ALLOW if number in allowed else REFUSE | ENOSYS)
    assert 60 < len(allowed) < 100


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_another_convention_of_the_same_machine_is_refused(machine: str) -> None:
    """A 64-bit process may call as a 32-bit one does, with other numbers: 32-bit number 3 reads, 64-bit 3 closes."""
    for other in {0x40000003, 0x40000028, *ARCHITECTURES.values()} - {ARCHITECTURES[machine]}:
        for number in listed(CALLS, machine).values():
            assert decided(machine, number, architecture=other) == REFUSE | ENOSYS
    for number in (*listed(CALLS, machine).values(), *listed(REFUSED, machine).values()):
        assert decided(machine, number | 0x40000000) == REFUSE | ENOSYS, "x32"


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_a_file_is_opened_to_read_only_and_a_process_signals_itself_only(machine: str) -> None:
    openat, clone, tgkill, prlimit, ioctl = (257, 56, 234, 302, 16) if machine == "x86_64" else (56, 220, 131, 261, 29)
    for flags in (0, os.O_CLOEXEC, os.O_NONBLOCK | os.O_DIRECTORY):
        assert decided(machine, openat, -100, 0, flags) == ALLOW
    for flag, more in product((os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC), (0, os.O_CLOEXEC)):
        assert decided(machine, openat, -100, 0, flag | more) == REFUSE | EACCES
        if machine == "x86_64":
            assert decided(machine, 2, 0, flag | more) == REFUSE | EACCES
    assert decided(machine, clone, 0x3D0F00) == ALLOW, "a thread"
    assert decided(machine, clone, 0x1200011) == REFUSE | ENOSYS, "a process"
    assert decided(machine, tgkill, PROCESS, 1, 6) == ALLOW
    assert decided(machine, tgkill, PROCESS + 1, 1, 6) == REFUSE | ENOSYS
    assert decided(machine, prlimit, 0) == ALLOW
    assert decided(machine, prlimit, PROCESS) == REFUSE | ENOSYS
    assert decided(machine, ioctl, 0, 0x5412) == REFUSE | ENOTTY, "types into a terminal"


# ── in a process ────────────────────────────────────────────────────────────────────────────────────

TRIES = """
import ctypes, errno, os, signal, socket, subprocess, sys, threading
from kg.store import seccomp

libc = ctypes.CDLL(None, use_errno=True)
tried = []

def fails(what, attempt):
    try:
        attempt()
    except OSError as error:
        tried.append(f"{what} {errno.errorcode.get(error.errno)}")
    else:
        tried.append(f"{what} GOES")

def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "")

def reach(who):
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16):
        fails(f"{who} socket", lambda: socket.socket(family, socket.SOCK_DGRAM))
    fails(f"{who} socketpair", socket.socketpair)
    fails(f"{who} io_uring", lambda: call(425, 8, ctypes.create_string_buffer(256)))
    fails(f"{who} fork", os.fork)
    fails(f"{who} program", lambda: os.execv("/bin/true", ["true"]))
    fails(f"{who} spawned", lambda: subprocess.run(["/bin/true"]))
    fails(f"{who} kill", lambda: os.kill(os.getppid(), 0))
    fails(f"{who} write", lambda: open(sys.argv[1], "w"))
    fails(f"{who} append", lambda: os.open(sys.argv[1], os.O_RDONLY | os.O_CREAT))
    fails(f"{who} unlink", lambda: os.unlink(__file__ if "__file__" in globals() else sys.executable))
    fails(f"{who} bound", lambda: kept.bind(("127.0.0.1", 0)))

kept = socket.socket()
ready, go = threading.Event(), threading.Event()
def early():
    ready.set()
    go.wait()
    reach("early")
before = threading.Thread(target=early)
before.start()
ready.wait()
seccomp.close()
reach("main")
go.set()
before.join()
after = threading.Thread(target=lambda: reach("late"))
after.start()
after.join()
print(*sorted(set(tried)), sep="\\n")
print(open("/proc/self/status").read().split("Seccomp:")[1].split()[0])
"""


@LINUX
def test_nothing_in_the_process_gets_out_whichever_thread_tries(tmp_path: Path) -> None:
    """Threads that ran before the filter was set are not forgotten; nor is a socket that was open of any use."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TRIES, str(tmp_path / "x")], capture_output=True, text=True
    )
    *tried, mode = run.stdout.split("\n")[:-1]
    assert (mode, run.stderr) == ("2", "")
    assert not (tmp_path / "x").exists()
    whats = ("socket", "socketpair", "io_uring", "fork", "program", "spawned", "kill", "unlink", "bound")
    expected = {f"{who} {what} ENOSYS" for who in ("main", "early", "late") for what in whats}
    expected |= {f"{who} {what} EACCES" for who in ("main", "early", "late") for what in ("write", "append")}
    assert set(tried) == expected


@LINUX
def test_what_the_process_needs_it_keeps() -> None:
    """Reading files, threads, time, memory, chance; and it may abort, which is a signal to itself."""
    code = """
import os, sys, threading, time, hashlib, random, resource
from kg.store import seccomp
seccomp.close()
t = threading.Thread(target=lambda: time.sleep(0.01)); t.start(); t.join()
assert open(sys.executable, "rb").read(4) and os.listdir("/") and os.stat("/") and os.getcwd()
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
bytearray(50_000_000), random.random(), os.urandom(8), time.time()
print("kept", flush=True)
os.abort()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.stdout, run.stderr, run.returncode) == ("kept\n", "", -6)


@LINUX
def test_a_system_that_sets_no_filter_is_told_from_one_that_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "", "", "", "riscv64")))
    with pytest.raises(seccomp.NoFence, match="linux on riscv64"):
        seccomp.close()
