"""`anchors.lock`: where each passage of a coding stands in the text, written by `kg anchor`.

JSON, one passage a line, in the order of the text. `start` and `end` count Unicode code points of the
file as it stands, end exclusive; `paragraph` counts the section's paragraphs from 1; `sha256` is the
hash of the passage's words, so that a changed text is noticed without the words being here.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kg.errors import AnchorError, CodingError, Place, Tally
from kg.load import json_text
from kg.load.texts import NotFound, Span, Text
from kg.reading import read_text

T = TypeVar("T")

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
    missing = "`kg anchor` writes it from your copy of the text; --texts says where that is"
    text = read_text(file, hint=missing)
    hint = "write it anew with `kg anchor`"
    try:
        return _lock(json_text.load(text, file))
    except _Unlike as error:
        raise CodingError(Place(file, 1, 1), f"not a lock file: {error}", hint) from None
    except CodingError as error:
        raise CodingError(error.place, f"not a lock file: {error.message}", hint) from None


class _Unlike(ValueError):
    """No lock that `kg anchor` has written."""


def _lock(raw: Any) -> Lock:
    """Make a lock of what stands in the file, and trust nothing of it."""
    head = _part(raw, "text", dict, "the file")
    starts = _part(raw, "sections", dict, "the file")
    sections = {name: _part(starts, name, int, "sections") for name in starts}
    passages = {}
    for number, entry in enumerate(_part(raw, "passages", list, "the file"), 1):
        where = f"passage {number}"
        start, end, paragraph = (_part(entry, name, int, where) for name in ("start", "end", "paragraph"))
        anchor = Anchor(start, end, paragraph, _hash(entry, where))
        if anchor.start >= anchor.end:
            raise _Unlike(f"{where} ends before it starts")
        if (at := _part(entry, "at", str, where)) in passages:
            raise _Unlike(f"{where} stands twice")
        passages[at] = anchor
    return Lock(_part(head, "file", str, "text"), _hash(head, "text"), sections, passages)


def _part(entry: Any, name: str, form: type[T], where: str) -> T:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, form) or isinstance(value, bool) or (isinstance(value, int) and value < 0):
        raise _Unlike(f"{where} has no fitting '{name}'")
    return value


def _hash(entry: Any, where: str) -> str:
    value = _part(entry, "sha256", str, where)
    if not re.fullmatch("[0-9a-f]{64}", value):
        raise _Unlike(f"{where} has no fitting 'sha256'")
    return value


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
    faults = Tally()
    starts: dict[str, int] = {}
    previous = -1
    for name, at, place in sections:
        try:
            start = text.find(at).start
        except NotFound as error:
            faults.add(AnchorError(place, f"section '{name}': {error}"))
            continue
        if start < previous:
            faults.add(AnchorError(place, f"section '{name}' stands before the section listed above it"))
        starts[name] = previous = start
    passages: dict[str, Anchor] = {}
    begins = sorted(starts.values())
    for at, place in ats:
        if at in passages:
            continue
        try:
            span = text.find(at)
        except NotFound as error:
            faults.add(AnchorError(place, f"passage: {error}"))
            continue
        begin = begins[max(bisect_right(begins, span.start) - 1, 0)] if begins and begins[0] <= span.start else 0
        passages[at] = Anchor(span.start, span.end, text.paragraph(begin, span.start), text.digest(span))
    faults.settle()
    return Lock(file, text.sha256, starts, passages)


def verify(lock: Lock, text: Text, place: Place, sections: Iterable[tuple[str, str]] = ()) -> Iterator[AnchorError]:
    """Compare a lock with a copy of the text; yield what does not agree.

    Args:
        place: the lock file.
        sections: id and first words of each section, as `source.yaml` has them now.

    """
    if lock.sha256 != text.sha256:
        found = f"sha256 {text.sha256[:12]}…, {lock.sha256[:12]}… expected"
        hint = "use the copy named in source.yaml, or write the lock anew with `kg anchor`"
        yield AnchorError(place, f"the text differs from the one that was anchored ({found})", hint)
        return
    hint = "write it anew with `kg anchor`"
    for name, at in sections:
        if name in lock.sections and _start(text, at) != lock.sections[name]:
            yield AnchorError(place, f"section '{name}' does not begin where the lock says", hint)
    for at, anchor in lock.passages.items():
        if text.digest(Span(anchor.start, anchor.end)) != anchor.sha256 or _start(text, at) != anchor.start:
            yield AnchorError(place, f"passage '{at}' is not where the lock says", hint)


def _start(text: Text, at: str) -> int:
    try:
        return text.find(at).start
    except NotFound:
        return -1
