"""Who coded what, and under which licence: what every export says of the rights in it, decided here once.

A coding gives its own licence, and its coders' names, at the head of `coding.yaml`; the graph of the source says so of
itself. Where none is given, an export says that, and claims nothing. Whoever holds the rights in a source's text is
another matter (`license` in `source.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from kg import names
from kg.queries import bind

if TYPE_CHECKING:
    from kg.grounds import Engine

_CC = "https://creativecommons.org/"
LICENCES: Mapping[str, tuple[str, str]] = {
    "CC0-1.0": ("CC0 1.0", f"{_CC}publicdomain/zero/1.0/"),
    **{
        f"CC-{kind.upper()}-4.0": (f"CC {kind.upper()} 4.0", f"{_CC}licenses/{kind}/4.0/")
        for kind in ("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd")
    },
    "ODC-By-1.0": ("ODC-By 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "ODbL-1.0": ("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
    "PDDL-1.0": ("PDDL 1.0", "https://opendatacommons.org/licenses/pddl/1-0/"),
}
"""Licences for data that go by their SPDX id: what people call them, and their address."""

OURS = LICENCES["CC-BY-4.0"][1]
"""The licence of the project's own ontology, vocabulary and shapes."""

NONE = "no licence given"

_WEB = re.compile(r"https?://[\w.-]+(:\d+)?(/([\w.~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?")


class Coder(NamedTuple):
    """Who coded: IRI, id, and the name if one is given."""

    iri: str
    id: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id


class Coding(NamedTuple):
    """The coding of one source: the source's IRI and short reference, the licence's IRI (empty: none), the coders."""

    source: str
    label: str
    licence: str
    coders: tuple[Coder, ...]


class Rights(NamedTuple):
    """The rights in codings, in the order of their sources' IRIs, and in the terms that they use.

    `vocabularies` are the names of those that a corpus brings beside its sources; one in a source's folder goes with
    its coding.
    """

    codings: tuple[Coding, ...]
    vocabularies: tuple[str, ...] = ()

    def among(self, sources: Iterable[str]) -> Rights:
        """Return the rights in the codings of these sources alone."""
        wanted = set(sources)
        return Rights(tuple(coding for coding in self.codings if coding.source in wanted))

    @property
    def licence(self) -> str:
        """The IRI of the one licence of everything, our terms included; empty where parts differ or one has none."""
        return OURS if all(coding.licence == OURS for coding in self.codings) and not self.vocabularies else ""

    @property
    def of_codings(self) -> str:
        """The IRI of the one licence of the codings; empty where they differ or one has none."""
        found = {coding.licence for coding in self.codings}
        return found.pop() if len(found) == 1 else ""

    @property
    def coders(self) -> tuple[Coder, ...]:
        """Everybody who coded anything, once, by IRI."""
        return tuple(sorted({coder for coding in self.codings for coder in coding.coders}))

    @property
    def creators(self) -> str:
        """The coders as one line of text."""
        return ", ".join(map(str, self.coders))

    @property
    def told(self) -> str:
        """Whose coding of what is under which licence, in one line; sources alike are told together."""
        alike: dict[tuple[str, tuple[Coder, ...]], list[str]] = {}
        for coding in self.codings:
            alike.setdefault((coding.licence, coding.coders), []).append(coding.label)
        return "; ".join(_told(labels, *key) for key, labels in alike.items())

    @property
    def sentence(self) -> str:
        """The same, and under which licence the terms are."""
        added = [f"vocabulary of {name}: {NONE}" for name in self.vocabularies]
        return "; ".join(filter(None, [self.told, *added, f"airkg's ontology and vocabulary: {called(OURS)}"]))


def _told(labels: Iterable[str], licence: str, coders: Iterable[Coder]) -> str:
    by = ", ".join(map(str, coders))
    return f"coding of {', '.join(labels)}{f' by {by}' if by else ''}: {called(licence)}"


def address(given: str) -> str:
    """Return the IRI of a licence given by its SPDX id or as an address; empty for anything else."""
    if given in LICENCES:
        return LICENCES[given][1]
    return given if _WEB.fullmatch(given) else ""


def called(licence: str) -> str:
    """Return what people call a licence: its name, else its address; for none, that none is given."""
    return next((name for name, iri in LICENCES.values() if iri == licence), licence) or NONE


def spdx(licence: str) -> str:
    """Return the SPDX id of a licence, empty where we know none."""
    return next((id for id, (_, iri) in LICENCES.items() if iri == licence), "")


_CODINGS = """
SELECT DISTINCT ?source ?label ?coder ?id ?name WHERE {
  ?source a air:Source ; skos:prefLabel ?label .
  OPTIONAL {
    ?assertion air:inSource ?source ; air:codedBy ?coder .
    ?coder skos:prefLabel ?id .
    OPTIONAL { ?coder foaf:name ?name }
  }
}
ORDER BY ?source ?coder ?label ?name
"""

_LICENCES = "SELECT ?graph ?licence WHERE { GRAPH ?graph { ?graph dcterms:license ?licence } } ORDER BY ?graph"


_VOCABULARIES = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?term a skos:Concept } } ORDER BY ?graph"

_STATED = "SELECT DISTINCT ?claim ?graph WHERE { GRAPH ?graph { ?claim air:statement ?statement } }"


def rights_of(engine: Engine) -> Rights:
    """Return the rights in what a graph holds, sources by IRI."""
    # what a graph says of itself: another source's graph has no say in it
    licences = {row["graph"].value: row["licence"].value for row in engine(bind(_LICENCES))}
    labels: dict[str, str] = {}
    coders: dict[str, dict[str, Coder]] = {}
    for row in engine(bind(_CODINGS)):
        source = row["source"].value
        labels.setdefault(source, row["label"].value)
        known = coders.setdefault(source, {})
        if "coder" in row:
            name = row["name"].value if "name" in row else ""
            known.setdefault(row["coder"].value, Coder(row["coder"].value, row["id"].value, name))
    graphs = {source: names.source_graph(names.slug_of(source)) for source in labels}
    codings = (
        Coding(source, label, licences.get(graphs[source], ""), tuple(coders[source].values()))
        for source, label in labels.items()
    )
    terms = [row["graph"].value for row in engine(bind(_VOCABULARIES))]
    beside = (
        graph.removeprefix(f"{names.VOCABULARY_GRAPH}.")
        for graph in terms
        if graph != names.VOCABULARY_GRAPH and names.is_vocabulary(graph)
    )
    folders = {names.slug_of(source) for source in labels}
    return Rights(tuple(codings), tuple(unquote(name) for name in beside if name not in folders))


def stated_in(engine: Engine) -> dict[str, set[str]]:
    """Return, for each claim, the sources whose coding states it: others may assert it, the words are theirs."""
    found: dict[str, set[str]] = {}
    for row in engine(bind(_STATED)):
        found.setdefault(row["claim"].value, set()).add(names.thing("source", names.slug_of(row["graph"].value)))
    return found
