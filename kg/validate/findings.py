"""What validation found: one form for shapes, checks, linter and reasoner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg import names
from kg.errors import SHOWN, KgError, Place
from kg.headers import SEVERITIES


@dataclass(frozen=True)
class Finding:
    """What a shape or a check query found.

    Attributes:
        severity: `violation` stops the build, `warning` is counted, `info` is listed.
        rule: name of the shape or query.
        focus: the node it is about.
        message: what is needed, then what to do.
        value: the value that is wrong, if one is.
        place: where the node was coded, if known.

    """

    severity: str
    rule: str
    focus: str
    message: str
    value: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        value = f" (found {names.compact(self.value)})" if self.value else ""
        word = "error" if self.severity == "violation" else self.severity
        return f"{where}{word}: {names.compact(self.focus)}: {self.message}{value} [{self.rule}]"


class Invalid(KgError):
    """The graph breaks shapes; nothing was published."""

    exit_code = 1

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        left = [f"… and {len(findings[SHOWN:]):,} more; `kg check` lists them"] if len(findings) > SHOWN else []
        super().__init__("\n".join([*map(str, findings[:SHOWN]), *left]))


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without repeats, violations first, then by focus and rule."""
    return sorted(set(findings), key=lambda f: (SEVERITIES.index(f.severity), f.focus, f.rule, f.value))
