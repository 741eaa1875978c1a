"""What every export says about the data set it holds, and the graph's things with their properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg import names
from kg.licences import Rights, rights_of
from kg.queries import bind, nodes

if TYPE_CHECKING:
    from kg.export import Job
    from kg.grounds import Engine, Term

TITLE = "airkg: what the literature on artificial intelligence and international relations claims"

Thing = dict[str, list["Term"]]
"""A thing's properties: compact name (`air:asserts`) to its values, sorted and distinct."""


@dataclass(frozen=True)
class Dataset:
    """The data set, as an export names it.

    Attributes:
        iri: of the data set; also the named graph that holds its description.
        version: of the program that built it.
        digest: sha256 of the canonical N-Quads, from the seal.
        rights: whose coding of which source, under which licence.
        date: the latest day of coding, `2026-11-21`; empty when nothing is coded.
        quads: how many the store holds.

    """

    iri: str
    version: str
    digest: str
    rights: Rights
    date: str
    quads: int

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """IRI and short reference of each coded source, by IRI."""
        return tuple((coding.source, coding.label) for coding in self.rights.codings)

    @property
    def sentence(self) -> str:
        """Version, hash, sources, coders and licences in one line, for comments."""
        digest = f" (sha256 {self.digest})" if self.digest else ""
        return f"{TITLE}, version {self.version}{digest}; {self.rights.sentence}"


_LAST = "SELECT (MAX(?day) AS ?last) WHERE { ?thing a air:Assertion ; dcterms:created ?day }"
_GRAPHS = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } } ORDER BY ?graph"
_THINGS = "SELECT DISTINCT ?thing ?property ?value WHERE { ?thing a $cls . ?thing ?property ?value }"
_ASSERTED = """
SELECT DISTINCT ?thing ?property ?value WHERE {
  ?thing a $cls . GRAPH ?graph { ?thing ?property ?value } FILTER(?graph != $derived)
}
"""


def describe(job: Job) -> Dataset:
    """Return what the seal and the graph say of the data set; the seal's machine paths stay out."""
    last = [row["last"].value for row in job.engine(bind(_LAST)) if "last" in row]
    return Dataset(
        names.thing("graph", "dataset"),
        str(job.seal.get("version", "unknown")),
        str(job.seal.get("sha256", "")),
        rights_of(job.engine),
        last[0] if last else "",
        int(job.seal.get("quads", 0)),
    )


def things(engine: Engine, cls: str, asserted: bool = False) -> dict[str, Thing]:
    """Return the things of a class (`air:Claim`), by IRI, each with its properties.

    Args:
        asserted: leave out what the rules derived.

    """
    kind, derived = nodes([names.expand(cls), names.DERIVED_GRAPH])
    found: dict[str, dict[str, set[Term]]] = {}
    for row in engine(bind(_ASSERTED, cls=kind, derived=derived) if asserted else bind(_THINGS, cls=kind)):
        properties = found.setdefault(row["thing"].value, {})
        properties.setdefault(names.compact(row["property"].value), set()).add(row["value"])
    return {
        iri: {name: sorted(terms, key=str) for name, terms in sorted(properties.items())}
        for iri, properties in sorted(found.items())
    }


def values(thing: Thing, name: str) -> list[str]:
    """Return a property's values as text, IRIs in full."""
    return [term.value for term in thing.get(name, ())]


def first(thing: Thing, name: str, language: str = "") -> str:
    """Return the first value of a property, of those in a language where one is asked for; empty when there is none."""
    for term in thing.get(name, ()):
        if not language or getattr(term, "language", None) == language:
            return str(term.value)
    return ""


def label(thing: Thing, language: str = "en", name: str = "skos:prefLabel") -> str:
    """Return the label in a language, else in English, else any."""
    return first(thing, name, language) or first(thing, name, "en") or first(thing, name)


def natural(passage: str) -> tuple[str, int, str]:
    """Sort key that puts passages in the order of the text; their IRIs end in `<source>.<start>-<end>`."""
    source, _, rest = passage.rpartition("/")[2].rpartition(".")
    start = rest.partition("-")[0]
    return source, int(start) if start.isdigit() else 0, passage


def graphs(engine: Engine) -> Iterator[str]:
    """Yield the IRIs of the named graphs, sorted."""
    for row in engine(bind(_GRAPHS)):
        yield row["graph"].value
