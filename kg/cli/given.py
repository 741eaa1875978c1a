"""What commands are given: the store, the texts, the corpora, the parameters."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cli.output import say
from kg.errors import UsageError, plain

if TYPE_CHECKING:
    from kg.grounds import Engine

Texts = str | None
"""The value of --texts."""


def engine_of(store: str | None) -> Engine:
    """Return an engine over the store named, or over the default one."""
    from kg.grounds import local

    return local(open_store(store))


def open_store(path: str | None) -> Any:
    """Open the store; where there is none at all, build the founding corpus first and say so."""
    from kg.store.local import open_store

    return open_store(made_store(path))


def made_store(path: str | None) -> Path:
    """Return where the store is; where there is none at all, build the founding corpus first and say so."""
    from kg.store.local import current

    where = store_path(path)
    if current(where) is None:
        from kg import pipeline
        from kg.load.inputs import Inputs
        from kg.store.publish import refuse

        refuse(where)
        say(f"no store at {where}: building the founding corpus first")
        pipeline.build(Inputs.of(), where)
    return where


def store_path(store: str | None) -> Path:
    """Return where the store is: as named, or the default."""
    from kg.store.local import default_path

    try:
        return Path(store) if store else default_path()
    except RuntimeError:
        raise UsageError(
            "error: no home directory found to keep the store in\n  hint: --store DIR, or KG_STORE"
        ) from None


def texts_of(texts: Texts) -> Path | None:
    """Return the folder of the reader's texts, from --texts or KG_TEXTS; None where neither is given."""
    found = texts or os.environ.get("KG_TEXTS")
    return Path(found) if found else None


def needed_texts(texts: Texts) -> Path:
    """Return the folder of the texts.

    Raises:
        UsageError: neither --texts nor KG_TEXTS is given.
    """
    where = texts_of(texts)
    if where is None:
        raise UsageError("error: the sources' texts are needed\n  hint: --texts DIR, or set KG_TEXTS")
    return where


def seconds_of(text: str) -> float:
    """Return the value of --timeout.

    Raises:
        UsageError: no number, or out of range.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0.1 <= seconds <= 86_400:  # NaN is in no range
        raise UsageError(f"error: --timeout '{plain(text)}' found, seconds from 0.1 to 86400 expected")
    return seconds


def inputs_of(corpus: Sequence[str], alone: bool, texts: Texts) -> Any:
    """Return what a build reads.

    Raises:
        UsageError: --alone without a corpus of one's own.
    """
    from kg.load.inputs import Inputs

    if alone and not corpus:
        raise UsageError("error: --alone found without --corpus\n  hint: name the directory of your own sources")
    return Inputs.of([Path(c) for c in corpus], texts_of(texts), founding=not alone)


def params_of(param: Sequence[str], extra: Sequence[str] = ()) -> dict[str, str]:
    """Return parameters from `--param name=value` and `--name value`.

    Raises:
        UsageError: one lacks its value.
    """
    if len(extra) % 2:
        raise UsageError(f"error: {extra[-1]} needs a value")
    given = {name.lstrip("-"): value for name, value in zip(extra[::2], extra[1::2], strict=True)}
    for pair in param:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"error: parameter '{pair}' found, name=value expected")
        given[name] = value
    return given


def filters_of(options: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the filters that were typed, by their names: of `held_by=[…]` the values under `held-by`."""
    return {key.replace("_", "-"): list(values) for key, values in options.items() if values}


def joined_of(filters: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return filters as a line has them: the values of each in one text."""
    return {name: ",".join(values) for name, values in filters.items()}
