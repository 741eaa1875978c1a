"""Deprecated terms of one's own corpora, rewritten in place: the words themselves change, and not a byte besides.

Keys that have moved from the claim to the assertion are moved, whole lines. All files are made ready before the first
is written: what is to be written is read again, and must say what the old text said but for those words. If anything
is unclear there, nothing is written at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from kg import files, pipeline, resources
from kg.coding.keys import edited, moved
from kg.errors import CodingError, Faults, InputError, Place, UsageError, show_path
from kg.load.inputs import VOCABULARY, Inputs, corpus_files
from kg.load.keys import Misplaced, lift
from kg.load.moved import Use
from kg.load.turtle import OwnTurtle
from kg.reading import read_bytes
from kg.tree import parse_yaml, spans

CODING = "coding.yaml"
_BOM = "\ufeff"

Change = Use | Misplaced


def migrate(inputs: Inputs, own: Sequence[Path], tell: Callable[[Change], object]) -> tuple[int, int]:
    """Write what replaces deprecated terms, and moved keys, into the corpora that are named, and into no other file.

    Args:
        inputs: all that is read, among it the corpora.
        own: the directories whose files may be written.
        tell: is given each use that was rewritten and each key that was moved, file by file.

    Returns:
        How many of them were written, and how many are left to a person.

    Raises:
        Faults, CodingError: a corpus has faults, or a place in a file is unclear; nothing was written.
        UsageError: a file may not be written, or has been changed meanwhile; it, and those after it, are as they were.

    """
    held = _held(own)
    asserted = pipeline.load(inputs)
    told: tuple[Change, ...] = (*asserted.moved, *asserted.misplaced)
    changes = [one for one in told if one.place.file in held]
    by_file: dict[Path, list[Change]] = {}
    for one in sorted(changes, key=lambda one: one.place):
        if one.new:
            by_file.setdefault(one.place.file, []).append(one)
    ready = [(file, _rewritten(file, held[file], some), some) for file, some in by_file.items()]
    for file in by_file:
        _may_be_written(file)
        if read_bytes(file) != held[file]:
            raise UsageError(f"error: {show_path(file)} has changed meanwhile; nothing was written\n  hint: try again")
    for file, text, some in ready:
        with files.replacing(file, still=held[file]) as path:
            path.write_bytes(text)
        for one in some:
            tell(one)
    written = sum(map(len, by_file.values()))
    return written, len(changes) - written


def _held(own: Iterable[Path]) -> dict[Path, bytes]:
    """Return what stands in each file that may be rewritten; what cannot be read, loading tells with all else."""
    held = {}
    for file in (file for corpus in own for file in corpus_files(corpus) if file.name in (CODING, VOCABULARY)):
        try:
            held[file] = read_bytes(file)
        except InputError:
            continue
    return held


def _may_be_written(file: Path) -> None:
    """Refuse what the system would, and what belongs to an installed airkg, before anything is written."""
    target = Path(os.path.realpath(file))
    if resources.installed() and target.is_relative_to(resources.PACKAGE.resolve()):
        hint = "copy the folder to a place of your own, or work on a checkout"
        raise UsageError(f"error: {show_path(file)} belongs to the installed airkg\n  hint: {hint}")
    for path in (target, target.parent):
        if not os.access(path, os.W_OK):
            raise UsageError(f"error: {show_path(file)} may not be written; nothing was\n  hint: see who owns it")


def _rewritten(file: Path, raw: bytes, changes: Sequence[Change]) -> bytes:
    """Return the bytes of a file with the new names in it."""
    text = raw.decode()
    if file.name == CODING:
        return _coding(file, text, changes).encode()
    return _vocabulary(file, text, [one for one in changes if isinstance(one, Use)]).encode()


def _coding(file: Path, text: str, changes: Sequence[Change]) -> str:
    uses = [one for one in changes if isinstance(one, Use)]
    wanted, _ = _said(text, file)
    where = spans(text, {(use.place.line, use.place.column) for use in uses})
    edits = []
    for use in uses:
        span = where.get((use.place.line, use.place.column))
        if span is None:
            raise _unclear(use)
        edits.append((*span, use.new))
        _put(wanted, use)
    new = _read_again(lambda: moved(edited(text, edits), file))
    if new is None or _read_again(lambda: _said(new, file)) != (wanted, False):
        raise _unclear(changes[0])
    return str(new)


def _said(text: str, file: Path) -> tuple[Any, bool]:
    """Return what a coding says, moved keys as the assertion's, and whether one is left that can be moved."""
    tree = parse_yaml(text, file)
    left = lift(tree)
    return tree.data, any(one.movable for one in left)


def _put(data: Any, use: Use) -> None:
    """Set a value in parsed YAML, which must be what was found there."""
    *path, last = use.at
    for step in path:
        data = data[step]
    if data[last] != use.written:
        raise _unclear(use)
    data[last] = use.new


def _vocabulary(file: Path, text: str, uses: Sequence[Use]) -> str:
    body = text.removeprefix(_BOM)
    turtle = OwnTurtle(file, body)
    wanted = [*turtle.triples]
    edits = []
    for use in uses:
        (number,) = use.at
        old = wanted[int(number)]
        name = type(old.predicate)
        if turtle.word(int(number)) != use.written or old.object != name(use.fate.term):
            raise _unclear(use)
        edits.append((*turtle.span(int(number)), use.new))
        wanted[int(number)] = type(old)(old.subject, old.predicate, name(use.fate.successor))
    new = edited(body, edits)
    if _read_again(lambda: OwnTurtle(file, new).triples) != wanted:
        raise _unclear(uses[0])
    return text[: len(text) - len(body)] + new


def _read_again(read: Callable[[], Any]) -> Any:
    """Return what a new text says; None where it cannot even be read."""
    try:
        return read()
    except (Faults, InputError):
        return None


def _unclear(one: Change) -> CodingError:
    hint = "write the new name by hand, as a plain word, and try again"
    if isinstance(one, Misplaced):
        hint = "move it by hand, and try again"
    return CodingError(Place(*one.place), f"how to write '{one.new}' for '{one.written}' is unclear here", hint)
