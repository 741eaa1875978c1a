"""Anchoring: finding every passage of a coding in the reader's copy of the text, and writing it down."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

from kg.errors import CodingError, Place, Tally
from kg.load.folder import open_folders
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
    faults = Tally()
    for folder in folders:
        faults.extend(folder.faults)
    faults.settle()
    written: list[tuple[Path, str, str, int]] = []
    for folder in folders:
        file = folder.text_in(texts)
        text = faults.attempt(lambda file=file: Text.read(file)) if file else None
        if file is None or text is None:
            continue
        form = folder.about
        if text.sha256 != form.text.sha256:
            message = f"sha256 {form.text.sha256[:12]}… found, {text.sha256[:12]}… of {file.name} expected"
            hint = "offsets hold for one copy of the text only; if this is the copy you code from, set its hash here"
            faults.add(CodingError(folder.place("text", "sha256"), message, hint))
            continue
        lock = faults.attempt(
            lambda text=text, form=form, folder=folder: make_lock(text, form.text.file, folder.section_ats, folder.ats)
        )
        if lock:
            written.append((folder.path / NAME, lock.dump(), form.id, len(lock.passages)))
    faults.settle()
    for path, dump, _, _ in written:
        # in a folder from elsewhere a name that can be guessed may be a link to anything
        temporary = path.with_name(f".{NAME}.{token_hex(8)}")
        try:
            with temporary.open("x", encoding="utf-8") as stream:
                stream.write(dump)
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise CodingError(Place(path), f"cannot be written: {error.strerror}") from None
    return {name: count for _, _, name, count in written}
