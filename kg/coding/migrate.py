"""Deprecated terms of one's own corpora, rewritten in place: the words themselves change, and not a byte besides.

All files are made ready before the first is written: what is to be written is read again, and must say what the old
text said but for those words. If anything is unclear there, nothing is written at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from kg import files, pipeline, resources
from kg.errors import CodingError, Faults, InputError, Place, UsageError, show_path
from kg.load.inputs import VOCABULARY, Inputs, corpus_files
from kg.load.moved import Use
from kg.load.turtle import OwnTurtle
from kg.reading import read_bytes
from kg.tree import parse_yaml, spans

CODING = "coding.yaml"
_BOM = "\ufeff"

Edit = tuple[int, int, str]
"""Where words begin and end, as offsets, and what to write in their place."""


def migrate(inputs: Inputs, own: Sequence[Path], tell: Callable[[Use], object]) -> tuple[int, int]:
    """Write what replaces deprecated terms into the corpora that are named, and into no other file.

    Args:
        inputs: all that is read, among it the corpora.
        own: the directories whose files may be written.
        tell: is given each use that was rewritten, file by file.

    Returns:
        How many uses were rewritten, and how many are left to a person.

    Raises:
        Faults, CodingError: a corpus has faults, or a place in a file is unclear; nothing was written.
        UsageError: a file may not be written, or has been changed meanwhile; it, and those after it, are as they were.

    """
    held = _held(own)
    uses = [use for use in pipeline.load(inputs).moved if use.place.file in held]
    by_file: dict[Path, list[Use]] = {}
    for use in uses:
        if use.new:
            by_file.setdefault(use.place.file, []).append(use)
    ready = [(file, _rewritten(file, held[file], some), some) for file, some in by_file.items()]
    for file in by_file:
        _may_be_written(file)
        if read_bytes(file) != held[file]:
            raise UsageError(f"error: {show_path(file)} has changed meanwhile; nothing was written\n  hint: try again")
    for file, text, some in ready:
        with files.replacing(file, still=held[file]) as path:
            path.write_bytes(text)
        for use in some:
            tell(use)
    written = sum(map(len, by_file.values()))
    return written, len(uses) - written


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


def _rewritten(file: Path, raw: bytes, uses: Sequence[Use]) -> bytes:
    """Return the bytes of a file with the new names in it."""
    text = raw.decode()
    return (_coding if file.name == CODING else _vocabulary)(file, text, uses).encode()


def _coding(file: Path, text: str, uses: Sequence[Use]) -> str:
    tree = parse_yaml(text, file)
    wanted = deepcopy(tree.data)
    where = spans(text, {(use.place.line, use.place.column) for use in uses})
    edits = []
    for use in uses:
        span = where.get((use.place.line, use.place.column))
        if span is None:
            raise _unclear(use)
        edits.append((*span, use.new))
        _put(wanted, use)
    new = _edited(text, edits)
    if _read_again(lambda: parse_yaml(new, file).data) != wanted:
        raise _unclear(uses[0])
    return new


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
    new = _edited(body, edits)
    if _read_again(lambda: OwnTurtle(file, new).triples) != wanted:
        raise _unclear(uses[0])
    return text[: len(text) - len(body)] + new


def _read_again(read: Callable[[], Any]) -> Any:
    """Return what a new text says; None where it cannot even be read."""
    try:
        return read()
    except (Faults, InputError):
        return None


def _edited(text: str, edits: Iterable[Edit]) -> str:
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _unclear(use: Use) -> CodingError:
    hint = "write the new name by hand, as a plain word, and try again"
    return CodingError(Place(*use.place), f"how to write '{use.new}' for '{use.written}' is unclear here", hint)
