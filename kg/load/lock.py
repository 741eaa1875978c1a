"""`anchors.lock`: where each passage of a coding stands in the text, written by `kg anchor`.

JSON, one passage a line, in the order of the text. `start` and `end` count Unicode code points of the
file as it stands, end exclusive; `paragraph` counts the section's paragraphs from 1; `sha256` is the
hash of the passage's words, so that a changed text is noticed without the words being here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import AnchorError, CodingError, Faults, Place
from kg.load.texts import NotFound, Span, Text

NAME = "anchors.lock"


@dataclass(frozen=True)
class Anchor:
    """The place of one `at`."""

    start: int
    end: int
    paragraph: int
    sha256: str


@dataclass(frozen=True)
class Lock:
    """The places of all passages and sections of one source."""

    file: str
    sha256: str
    sections: dict[str, int]
    passages: dict[str, Anchor] = field(hash=False)

    def dump(self) -> str:
        """Return the file's text: stable bytes for the same places."""
        head = json.dumps({"file": self.file, "sha256": self.sha256}, ensure_ascii=False)
        sections = json.dumps(self.sections, ensure_ascii=False)
        ordered = sorted(self.passages.items(), key=lambda item: (item[1].start, item[1].end, item[0]))
        lines = (
            json.dumps({"at": at, **anchor.__dict__}, ensure_ascii=False, separators=(", ", ": "))
            for at, anchor in ordered
        )
        return (
            f'{{\n  "text": {head},\n  "sections": {sections},\n  "passages": [\n    '
            + ",\n    ".join(lines)
            + "\n  ]\n}\n"
        )


def read_lock(folder: Path) -> Lock:
    """Read a folder's lock.

    Raises:
        CodingError: the file is not there, or is not what `kg anchor` writes.

    """
    file = folder / NAME
    if not file.exists():
        hint = "`kg anchor` writes it from your copy of the text; --texts says where that is"
        raise CodingError(Place(file), "the file is not there", hint)
    try:
        raw: Any = json.loads(file.read_bytes())
        passages = {
            p["at"]: Anchor(int(p["start"]), int(p["end"]), int(p["paragraph"]), str(p["sha256"]))
            for p in raw["passages"]
        }
        if not all(0 <= anchor.start < anchor.end for anchor in passages.values()):
            raise ValueError("a passage that ends before it starts")
        sections = {str(k): int(v) for k, v in raw["sections"].items()}
        return Lock(str(raw["text"]["file"]), str(raw["text"]["sha256"]), sections, passages)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise CodingError(Place(file, line), "not a lock file", "write it anew with `kg anchor`") from None


def make_lock(text: Text, file: str, sections: list[tuple[str, str, Place]], ats: list[tuple[str, Place]]) -> Lock:
    """Find every section and passage in the text.

    Args:
        text: the reader's copy.
        file: its name, for the lock's head.
        sections: id, first words and place in `source.yaml`, in the order of the text.
        ats: the passages as coded, with the place in the coding file.

    Raises:
        Faults: all passages that do not stand exactly once.

    """
    faults: list[AnchorError] = []
    starts: dict[str, int] = {}
    previous = -1
    for name, at, place in sections:
        try:
            start = text.find(at).start
        except NotFound as error:
            faults.append(AnchorError(place, f"section '{name}': {error}"))
            continue
        if start < previous:
            faults.append(AnchorError(place, f"section '{name}' stands before the section listed above it"))
        starts[name] = previous = start
    passages: dict[str, Anchor] = {}
    for at, place in ats:
        if at in passages:
            continue
        try:
            span = text.find(at)
        except NotFound as error:
            faults.append(AnchorError(place, f"passage: {error}"))
            continue
        passages[at] = anchor_of(text, span, starts)
    if faults:
        raise Faults(faults)
    return Lock(file, text.sha256, starts, passages)


def anchor_of(text: Text, span: Span, sections: dict[str, int]) -> Anchor:
    """Describe a span: its paragraph is counted from the start of its section."""
    begin = max((start for start in sections.values() if start <= span.start), default=0)
    return Anchor(span.start, span.end, text.paragraph(begin, span.start), text.digest(span))


def verify(lock: Lock, text: Text, place: Place, sections: Iterable[tuple[str, str]] = ()) -> list[AnchorError]:
    """Compare a lock with a copy of the text; return what does not agree.

    Args:
        place: the lock file.
        sections: id and first words of each section, as `source.yaml` has them now.

    """
    if lock.sha256 != text.sha256:
        found = f"sha256 {text.sha256[:12]}…, {lock.sha256[:12]}… expected"
        hint = "use the copy named in source.yaml, or write the lock anew with `kg anchor`"
        return [AnchorError(place, f"the text differs from the one that was anchored ({found})", hint)]
    hint = "write it anew with `kg anchor`"
    return [
        AnchorError(place, f"section '{name}' does not begin where the lock says", hint)
        for name, at in sections
        if name in lock.sections and _start(text, at) != lock.sections[name]
    ] + [
        AnchorError(place, f"passage '{at}' is not where the lock says", hint)
        for at, anchor in lock.passages.items()
        if text.digest(Span(anchor.start, anchor.end)) != anchor.sha256 or _start(text, at) != anchor.start
    ]


def _start(text: Text, at: str) -> int:
    try:
        return text.find(at).start
    except NotFound:
        return -1
