"""Anchoring: finding every passage of a coding in the reader's copy of the text, and writing it down."""

from __future__ import annotations

from pathlib import Path

from kg.errors import CodingError, Faults, InputError, Place
from kg.load.folder import Folder, open_folders
from kg.load.inputs import Inputs
from kg.load.lock import NAME, make_lock
from kg.load.texts import Text


def anchor(inputs: Inputs, texts: Path) -> dict[str, int]:
    """Write `anchors.lock` for every source whose text is at hand.

    Returns:
        Source id and number of passages, for each lock that was written.

    Raises:
        Faults: a passage that does not stand exactly once, or a text that is not the one in source.yaml;
            no lock is written then.

    """
    folders = open_folders(inputs)
    faults: list[InputError] = [fault for folder in folders for fault in folder.faults]
    if faults:
        raise Faults(faults)
    written: list[tuple[Path, str, str, int]] = []
    for folder in folders:
        file = find_text(folder, texts)
        if file is None:
            continue
        text = Text.read(file)
        form = folder.about
        if text.sha256 != form.text.sha256:
            message = f"sha256 {form.text.sha256[:12]}… found, {text.sha256[:12]}… of {file.name} expected"
            hint = "offsets hold for one copy of the text only; if this is the copy you code from, set its hash here"
            faults.append(CodingError(folder.place("text", "sha256"), message, hint))
            continue
        try:
            lock = make_lock(text, form.text.file, folder.section_ats, folder.ats)
        except Faults as error:
            faults.extend(error.faults)
            continue
        written.append((folder.path / NAME, lock.dump(), form.id, len(lock.passages)))
    if faults:
        raise Faults(faults)
    for path, dump, _, _ in written:
        temporary = path.with_suffix(".tmp")
        try:
            temporary.write_text(dump, encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise CodingError(Place(path), f"cannot be written: {error.strerror}") from None
    return {name: count for _, _, name, count in written}


def find_text(folder: Folder, texts: Path) -> Path | None:
    """Return the reader's copy of a source's text, or None when it is not below `texts`."""
    file = texts / folder.about.text.file
    return file if file.is_file() else None
