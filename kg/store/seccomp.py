"""What of the system a fenced process keeps: a list of calls, held by the Linux kernel, without privilege.

The list names what may be called; every other call, known today or not, fails as if the kernel had none such
(ENOSYS). So there are no sockets, no rings of requests, no programs, no other processes to signal, trace or limit,
and no file is opened for writing; whatever was open before stays open. Threads start with the filter of the thread
that starts them, and those that run when it is set get it, too. It cannot be taken off.
"""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

CALLS = """
read:0:63 readv:19:65 pread64:17:67 preadv:295:69 write:1:64 writev:20:66 close:3:57 close_range:436:436
lseek:8:62 fstat:5:80 fcntl:72:25 dup:32:23 dup2:33:- dup3:292:24 poll:7:- ppoll:271:73 fadvise64:221:223
readahead:187:213 flock:73:32
futex:202:98 futex_waitv:449:449 exit:60:93 exit_group:231:94 set_robust_list:273:99 get_robust_list:274:100
set_tid_address:218:96 rseq:334:293 arch_prctl:158:- prctl:157:167 restart_syscall:219:128 sched_yield:24:124
sched_getaffinity:204:123 sched_getparam:143:121 sched_getscheduler:145:120 getcpu:309:168
brk:12:214 mmap:9:222 munmap:11:215 mremap:25:216 mprotect:10:226 madvise:28:233 mincore:27:232 mlock:149:228
munlock:150:229 membarrier:324:283 get_mempolicy:239:236
rt_sigaction:13:134 rt_sigprocmask:14:135 rt_sigreturn:15:139 rt_sigtimedwait:128:137 rt_sigsuspend:130:133
rt_sigpending:127:136 sigaltstack:131:132 setitimer:38:103 getitimer:36:102 pause:34:-
nanosleep:35:101 clock_nanosleep:230:115 clock_gettime:228:113 clock_getres:229:114 gettimeofday:96:169 time:201:-
times:100:153
stat:4:- lstat:6:- newfstatat:262:79 statx:332:291 access:21:- faccessat:269:48 faccessat2:439:439 readlink:89:-
readlinkat:267:78 getdents:78:- getdents64:217:61 getcwd:79:17 statfs:137:43 fstatfs:138:44
uname:63:160 sysinfo:99:179 getrandom:318:278 getpid:39:172 gettid:186:178 getppid:110:173 getuid:102:174
geteuid:107:175 getgid:104:176 getegid:108:177 getresuid:118:148 getresgid:120:150 getgroups:115:158 getrusage:98:165
getrlimit:97:163 setrlimit:160:164 getpriority:140:141 capget:125:90
"""
"""The calls that are always allowed, each with its number on x86_64 and on aarch64 (`-`: none there)."""

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""What the kernel calls each of the two in the record it shows to a filter."""

ALLOW = 0x7FFF0000
REFUSE = 0x00050000  # with an errno in the lower half
EACCES, ENOTTY, ENOSYS = 13, 25, 38

_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_CLONE_THREAD = 0x10000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in the record
_LOAD, _EQUAL, _BITS, _RETURN = 0x20, 0x15, 0x45, 0x06  # instructions


class NoFence(Exception):
    """The system cannot keep a process from the network; the message says what is missing."""


class _Condition(NamedTuple):
    """A call that depends on one argument: tested with `test` against `value`, it gives `then`, else `other`."""

    numbers: tuple[int | None, int | None]
    argument: int
    test: int
    value: int
    then: int
    other: int


def _conditions(process: int) -> list[_Condition]:
    own, none = ALLOW, REFUSE | ENOSYS
    return [
        _Condition((2, None), 1, _BITS, _WRITING, REFUSE | EACCES, ALLOW),  # open
        _Condition((257, 56), 2, _BITS, _WRITING, REFUSE | EACCES, ALLOW),  # openat
        _Condition((56, 220), 0, _BITS, _CLONE_THREAD, own, none),  # clone: a thread, never a process
        _Condition((234, 131), 0, _EQUAL, process, own, none),  # tgkill: abort() signals itself
        _Condition((302, 261), 0, _EQUAL, 0, own, none),  # prlimit64
        _Condition((16, 29), 0, _EQUAL, 0, REFUSE | ENOTTY, REFUSE | ENOTTY),  # ioctl: types into a terminal
    ]


Instruction = tuple[int, int, int, int]
"""Code, steps to jump where the test holds, steps where it does not, operand."""


def program(machine: str, process: int) -> list[Instruction]:
    """Return the filter, in the instructions of classic BPF.

    Args:
        machine: one of `ARCHITECTURES`. A call by another convention of the same machine is refused: 32-bit calls
            have another architecture, x32 calls have numbers that nothing here names.
        process: the process that will set it, the only one that it may signal.

    """
    column = list(ARCHITECTURES).index(machine)
    steps: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, ARCHITECTURES[machine]),
        (_RETURN, 0, 0, REFUSE | ENOSYS),
        (_LOAD, 0, 0, _NUMBER),
    ]
    for entry in CALLS.split():
        number = entry.split(":")[1 + column]
        if number != "-":
            steps += [(_EQUAL, 0, 1, int(number)), (_RETURN, 0, 0, ALLOW)]
    for c in _conditions(process):
        only = c.numbers[column]
        if only is not None:
            steps += [
                (_EQUAL, 0, 4, only),
                (_LOAD, 0, 0, _ARGUMENTS + 8 * c.argument),  # the lower half: both machines are little-endian
                (c.test, 0, 1, c.value),
                (_RETURN, 0, 0, c.then),
                (_RETURN, 0, 0, c.other),
            ]
    return [*steps, (_RETURN, 0, 0, REFUSE | ENOSYS)]


def close() -> None:
    """Set the filter in this process, for all its threads and for good.

    Raises:
        NoFence: the system has no such filter, or does not let it be set, or it does not hold.

    """
    import ctypes
    import struct

    machine = os.uname().machine
    if sys.platform != "linux" or machine not in ARCHITECTURES or struct.calcsize("P") != 8:
        raise NoFence(f"no filter of system calls is known for {sys.platform} on {machine}")
    libc = ctypes.CDLL(None, use_errno=True)
    steps = [struct.pack("=HBBI", *step) for step in program(machine, os.getpid())]
    code = ctypes.create_string_buffer(b"".join(steps))
    pointer = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    call, socket = (317, 41) if machine == "x86_64" else (277, 198)
    no_new_privileges, set_filter, all_threads = 38, 1, 1
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        raise NoFence(f"prctl: {os.strerror(ctypes.get_errno())}")
    if (found := libc.syscall(call, set_filter, all_threads, pointer)) != 0:
        raise NoFence("seccomp: " + (f"thread {found} has another" if found > 0 else os.strerror(ctypes.get_errno())))
    if libc.syscall(socket, 2, 1, 0) != -1 or ctypes.get_errno() != ENOSYS:
        raise NoFence("a filter was set, and sockets are to be had all the same")
