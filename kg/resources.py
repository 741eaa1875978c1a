"""Where the project's own data stand: in a checkout at the top, in an installed wheel inside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kg.errors import MissingExtra, UsageError

PACKAGE = Path(__file__).parent


def installed() -> bool:
    """Tell whether this is an installed wheel and no checkout: then its files belong to the installation."""
    return (PACKAGE / "_resources").is_dir()


def resource(name: str) -> Path:
    """Return the folder `ontology`, `shapes`, `queries`, or the founding `corpus`."""
    if name == "corpus":
        return PACKAGE / "corpus"
    inside = PACKAGE / "_resources" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def files(name: str, pattern: str) -> list[Path]:
    """Return the files of a resource folder that match a glob, in the order of their paths."""
    return sorted(resource(name).glob(pattern))


def web_asset(name: str) -> str:
    """Return the text of a browser library that the build brought from npm (`kg/_web/`, never committed).

    Raises:
        UsageError: it is not there.

    """
    file = PACKAGE / "_web" / name
    if not file.is_file():
        raise UsageError(
            f"error: {name} is not in this installation\n  hint: install airkg anew; its build brings the file from npm"
        )
    return file.read_text(encoding="utf-8")


def extra(module: str, what: str, name: str) -> Any:
    """Import an optional library.

    Raises:
        MissingExtra: it is not installed; the message names the extra that brings it.

    """
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtra(what, name) from None
