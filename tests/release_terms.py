"""The list of released ids: `python -m tests.release_terms` writes it when a version is released.

Later versions may deprecate terms that are in it, merge claims and assertions, and never drop one;
`test_release.py` holds them to that.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg import __version__, names
from kg.load import merged
from kg.load.folder import claim_ids
from kg.load.inputs import source_folders
from kg.load.keys import items
from kg.load.turtle import read_turtle
from kg.resources import files, resource
from kg.tree import read_yaml

LIST = Path(__file__).parent / "released-terms.txt"
HEAD = "# Ids released with version {}; never dropped, only deprecated. Written by python -m tests.release_terms\n"


def declared() -> set[str]:
    """Return the IRI of every term of ours that ontology and vocabulary declare: classes, properties, individuals."""
    rdf_type = names.PREFIXES["rdf"] + "type"
    return {
        triple.subject.value
        for file in files("ontology", "**/*.ttl")
        for triple in read_turtle(file, blank_nodes=True)
        if triple.predicate.value == rdf_type
        and isinstance(triple.subject, ox.NamedNode)
        and triple.subject.value.startswith((names.AIR, f"{names.BASE}id/"))
    }


@cache
def coded() -> frozenset[str]:
    """Return the IRI of every claim and assertion of the corpus, those included that were merged into others."""
    found = set[str]()
    for folder in source_folders(resource("corpus")):
        coding = read_yaml(folder / "coding.yaml")
        gone = [(entry.kind, entry.old) for entry in merged.entries(coding)]
        claims = [name for name, _ in claim_ids(coding)] + [old for kind, old in gone if kind == "claim"]
        said = [entry["id"] for _, entry in items(coding, "assertions")]
        said += [old for kind, old in gone if kind == "assertion"]
        found |= {names.thing("claim", name) for name in claims}
        found |= {names.thing("assertion", folder.name, name) for name in said}
    return frozenset(found)


def known() -> set[str]:
    """Return all that a version has to keep of what an earlier one had."""
    return declared() | coded()


def released(file: Path = LIST) -> tuple[str, set[str]]:
    """Return the version of the list and its ids."""
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    return head.split("version ")[1].split(";")[0], set(lines)


def write(file: Path = LIST, version: str = __version__) -> set[str]:
    """Write the list for a version; return what an earlier version had and this one drops (then nothing is written)."""
    terms = known()
    if file.exists():
        before, old = released(file)
        if before != version and old - terms:
            return old - terms
    file.write_text(HEAD.format(version) + "".join(f"{term}\n" for term in sorted(terms)), encoding="utf-8")
    return set()


if __name__ == "__main__":
    if dropped := write():
        sys.exit("error: released ids are gone; deprecate or merge them instead:\n" + "\n".join(sorted(dropped)))
    print(f"{LIST}: {len(released()[1])} ids of version {__version__}")
