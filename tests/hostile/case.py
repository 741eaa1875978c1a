"""What a hostile case is: a door, what is put through it, and what is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hostile.scene import Scene

SECONDS = 5.0
"""What a case may take of a processor, unless it says that it legitimately needs longer."""


class Outcome(NamedTuple):
    """What a process did: how it ended (negative: the signal that killed it), and what it printed."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: int
    left: int = 0
    waited: float = 0.0
    audit: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Refused:
    """One clear line for each fault, nothing on stdout, nothing written.

    Attributes:
        says: what must stand in the line of the (first) fault.
        file: the place it must begin with, relative to the working directory; empty where no file is at fault.
        line: line from 1; 0 where the input has none, -1 where any will do. What `prepare` returns goes first.
        column: the column, or None where the engine that reads the file decides.
        faults: how many lines begin a fault; None: at least one.
        more: how many others are only counted, in a last line.
        usage: the command line itself is wrong, so that the usage is shown.
        hint: what must stand in some hint.
        or_right: where the same right answer is as good (a damaged block that no query needs): what tests it.
        findings: a `kg check` told it among its findings, on stdout, and ends with 1.

    """

    says: str
    file: str = ""
    line: int = 0
    column: int | None = None
    faults: int | None = 1
    more: int = 0
    code: int = 2
    usage: bool = False
    hint: str = ""
    or_right: Callable[[Scene, Outcome], object] | None = None
    findings: bool = False


@dataclass(frozen=True)
class Accepted:
    """The right answer: `right` looks at what was printed and written, and asserts."""

    right: Callable[[Scene, Outcome], object]
    code: int = 0


@dataclass(frozen=True)
class Case:
    """A hostile input.

    Attributes:
        door: where it is put in; one word.
        why: what is hostile about it; a sentence's beginning, unique within the door.
        words: the command line after `kg`; CANARY stands for the address of the server that nobody may ask.
        expect: what is right.
        prepare: makes the files; may return line and column of the fault.
        stdin: what is on standard input; None: it is closed.
        stdout: `file`, `closed`, `broken` (a pipe that nobody reads), or the path of a file to open.
        env: variables to set, None to unset.
        limits: names of resource limits (`NOFILE`) and their values.
        writes: globs, relative to the scene, of what may be created or changed.
        cold: the process must be a real one, born without any module; others are forked from a loaded one.
        signal: name of a signal, and seconds after the command began at which its process group gets it.
        vanish: the working directory is removed before the command runs.
        raw: the output is data whose control characters are kept as they are.
        seconds: of a processor.
        program: Python to run in the place of `kg`, by which the runner itself is proven.
    """

    door: str
    why: str
    words: tuple[str, ...]
    expect: Refused | Accepted
    prepare: Callable[[Scene], tuple[int, int] | None] = field(default=lambda scene: None)
    stdin: bytes | str | None = b""
    stdout: str = "file"
    env: Mapping[str, str | None] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    writes: tuple[str, ...] = ()
    cold: bool = False
    signal: tuple[str, float] | None = None
    vanish: bool = False
    raw: bool = False
    seconds: float = SECONDS
    program: str = ""

    @property
    def name(self) -> str:
        return f"{self.door}: {self.why}"
