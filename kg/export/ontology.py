"""The ontology in one file, for others to import: classes, axioms, alignments, vocabulary; see `kg.release`.

Turtle as it was written; RDF/XML for Protégé and OWLAPI (`.owl`, `.rdf`); JSON-LD. `skos` is vocabulary and codes
alone, for SkoHub, Skosmos and VocBench. All depend on the installed ontology, not on what was coded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg import jsonld, release

if TYPE_CHECKING:
    from kg.export import Job


def write(job: Job, path: Path) -> None:
    """Write the whole ontology in the form of the job; Turtle when it names none."""
    made = {"jsonld": _jsonld, "rdf": release.rdfxml, "owl": release.rdfxml}.get(job.form, release.whole)
    path.write_text(made(), encoding="utf-8", newline="\n")


def _jsonld() -> str:
    return "".join(jsonld.document(release.triples(release.whole())))


def write_context(_job: Job, path: Path) -> None:
    """Write the JSON-LD context as a document of its own."""
    path.write_text(jsonld.published(), encoding="utf-8", newline="\n")


def write_skos(_job: Job, path: Path) -> None:
    """Write vocabulary and codes as Turtle."""
    import pyoxigraph as ox

    found = release.skos()
    ox.serialize(found, str(path), ox.RdfFormat.TURTLE, prefixes=release.used_prefixes(found))
