"""Sources and cited works for reference managers: CSL-JSON, BibTeX, RIS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.bibliography.items import as_bibtex, as_csl, as_ris, everything
from kg.export.dataset import describe

if TYPE_CHECKING:
    from kg.export import Job


def csl_json(job: Job, path: Path) -> None:
    """Write CSL-JSON, for Zotero and pandoc."""
    _write(path, as_csl(everything(job.engine)))


def bibtex(job: Job, path: Path) -> None:
    """Write BibTeX in UTF-8, for LaTeX, JabRef and pandoc; its head names the data set."""
    _write(path, f"% {describe(job).sentence.replace('@', ' at ')}\n\n" + as_bibtex(everything(job.engine)))


def ris(job: Job, path: Path) -> None:
    """Write RIS in UTF-8, for EndNote, Mendeley and Zotero."""
    _write(path, as_ris(everything(job.engine)))


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
