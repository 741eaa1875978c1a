"""The list of released terms: `python -m tests.release_terms` writes it when a version is released.

Later versions may deprecate what is in it, and never drop it; `test_release.py` holds them to that.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox

from kg import __version__, names
from kg.load.turtle import read_turtle
from kg.resources import files

LIST = Path(__file__).parent / "released-terms.txt"
HEAD = "# Terms released with version {}; never dropped, only deprecated. Written by python -m tests.release_terms\n"


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


def released(file: Path = LIST) -> tuple[str, set[str]]:
    """Return the version of the list and its terms."""
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    return head.split("version ")[1].split(";")[0], set(lines)


def write(file: Path = LIST, version: str = __version__) -> set[str]:
    """Write the list for a version; return what an earlier version had and this one drops (then nothing is written)."""
    terms = declared()
    if file.exists():
        before, old = released(file)
        if before != version and old - terms:
            return old - terms
    file.write_text(HEAD.format(version) + "".join(f"{term}\n" for term in sorted(terms)), encoding="utf-8")
    return set()


if __name__ == "__main__":
    if dropped := write():
        sys.exit("error: released terms are gone; deprecate them instead:\n" + "\n".join(sorted(dropped)))
    print(f"{LIST}: {len(released()[1])} terms of version {__version__}")
