"""An RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): every export that shows no network, described and checksummed.

The folder holds no words of the sources, also when the reader has the texts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.bibliography.items import by_iri
from kg.bibliography.lists import reference_list
from kg.errors import MissingExtra
from kg.export.dataset import TITLE, describe
from kg.licences import OURS, Coder, Rights, called

if TYPE_CHECKING:
    from kg.export import Job
    from kg.export.dataset import Dataset

METADATA = "ro-crate-metadata.json"
CHECKSUMS = "sha256sums.txt"
SHAPES, ONTOLOGY = "shapes.ttl", "ontology.ttl"
_VERSION = "https://w3id.org/ro/crate/1.1"


class Member(NamedTuple):
    """A format in the crate: its name in the table of formats, the path, the media type."""

    format: str
    path: str
    media: str


MEMBERS = (
    Member("nquads", "graph.nq", "application/n-quads"),
    Member("trig", "graph.trig", "application/trig"),
    Member("turtle", "graph.ttl", "text/turtle"),
    Member("jsonld", "graph.jsonld", "application/ld+json"),
    Member("rdfxml", "graph.rdf", "application/rdf+xml"),
    Member("ontology", ONTOLOGY, "text/turtle"),
    Member("skos", "vocabulary.ttl", "text/turtle"),
    Member("context", "context.jsonld", "application/ld+json"),
    Member("shapes", SHAPES, "text/turtle"),
    Member("nanopub", "nanopublications.trig", "application/trig"),
    Member("webannotation", "annotations.jsonld", "application/ld+json"),
    Member("csl-json", "references.json", "application/vnd.citationstyles.csl+json"),
    Member("bibtex", "references.bib", "application/x-bibtex"),
    Member("ris", "references.ris", "application/x-research-info-systems"),
    Member("assertions", "assertions.csv", "text/csv"),
    Member("csv", "tables", "text/csv"),
    Member("xlsx", "tables.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_OWN = (SHAPES, ONTOLOGY, "vocabulary.ttl", "context.jsonld")


def write(job: Job, path: Path) -> None:
    """Write the crate; the workbook is left out where the library that writes it is not installed."""
    # Most members put the same questions to the graph.
    job = replace(job, engine=cache(job.engine), texts=None, answer=None, network=None)
    path.mkdir()
    files: list[dict[str, Any]] = []
    for member in MEMBERS:
        try:
            about = _write_member(job, member, path / member.path)
        except MissingExtra:
            continue
        files += _files(path, member, about)
    sums = "".join(f"{file['sha256']}  {file['@id']}\n" for file in files)
    (path / CHECKSUMS).write_text(sums, encoding="utf-8")
    files.append(_file(path / CHECKSUMS, CHECKSUMS, "text/plain", "sha256 of every other file, for `sha256sum -c`"))
    (path / METADATA).write_text(_metadata(job, files), encoding="utf-8")


def _write_member(job: Job, member: Member, path: Path) -> str:
    """Write one export and return what it is for."""
    from kg.export import find, make

    form = find(member.format)
    make(form, job, path)
    return form.help


def _files(crate: Path, member: Member, about: str) -> Iterator[dict[str, Any]]:
    path = crate / member.path
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        media = "application/json" if file.suffix == ".json" and path.is_dir() else member.media
        yield _file(file, file.relative_to(crate).as_posix(), media, about)


def _file(file: Path, name: str, media: str, about: str) -> dict[str, Any]:
    content = file.read_bytes()
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "description": about,
        "encodingFormat": media,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _metadata(job: Job, files: list[dict[str, Any]]) -> str:
    data = describe(job)
    licence, authors = _licence(data.rights), [_author(coder) for coder in data.rights.coders]
    sources = list(_sources(job, data))
    by = _references(authors)
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE,
        "description": (
            "A knowledge graph of claims: who says what, in whose voice, how firmly, and at which passage. "
            f"Sources: {', '.join(name for _, name in data.sources)}."
        ),
        "datePublished": data.date or "1970-01-01",
        "version": data.version,
        "identifier": f"sha256:{data.digest}",
        "license": {"@id": licence["@id"]},
        "author": by,
        "publisher": by,
        "isBasedOn": _references(sources),
        "hasPart": [{"@id": file["@id"]} for file in files],
    }
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _VERSION},
        "about": {"@id": "./"},
    }
    # shapes and ontology are the project's own, whatever was coded with them
    ours = {"@id": OURS, "@type": "CreativeWork", "name": called(OURS)}
    licences = [licence] if licence["@id"] == OURS else [licence, ours]
    licensed = [{**file, "license": {"@id": OURS if file["@id"] in _OWN else licence["@id"]}} for file in files]
    # The context of 1.1 is older than schema.org's property for checksums.
    context = [f"{_VERSION}/context", {"sha256": "http://schema.org/sha256"}]
    crate = {"@context": context, "@graph": [descriptor, root, *licensed, *authors, *licences, *sources]}
    return json.dumps(crate, ensure_ascii=False, indent=1) + "\n"


def _references(entities: Sequence[Mapping[str, Any]]) -> Any:
    """Return references to entities; a single one stands alone, as RO-Crate has it."""
    found = [{"@id": entity["@id"]} for entity in entities]
    return found[0] if len(found) == 1 else found


def _licence(rights: Rights) -> dict[str, Any]:
    """Return the one licence of the data, or what is said of each part where they differ."""
    iri = rights.licence
    return {
        "@id": iri or "#rights",
        "@type": "CreativeWork",
        "name": called(iri) if iri else "rights",
        "description": rights.sentence,
    }


def _author(coder: Coder) -> dict[str, Any]:
    # a coder may be one person or several; a Person would have to have an affiliation, which no coding gives
    about = f"Who codes as {coder.id}."
    return {
        "@id": coder.iri,
        "@type": "Organization",
        "name": coder.name or coder.id,
        "description": about,
        "url": coder.iri,
    }


def _sources(job: Job, data: Dataset) -> Iterator[dict[str, Any]]:
    items = by_iri(job.engine)
    for iri, name in data.sources:
        lines = reference_list([items[iri]] if iri in items else [])
        yield {"@id": iri, "@type": "CreativeWork", "name": name, "description": lines[0] if lines else name}
