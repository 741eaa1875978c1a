"""Exports: one table of formats, one module per family, each writing one file or folder that another program opens."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import files
from kg.errors import UsageError, nearest, one_of

if TYPE_CHECKING:
    from kg.grounds import Engine
    from kg.measure.networks import Network


@dataclass(frozen=True)
class Job:
    """What an export is made from.

    Attributes:
        engine: answers SPARQL over the graph.
        seal: the store's seal: version, sources, counts, hash of the data.
        network: the projected network, for formats that show one.
        answer: columns and rows of a question, for `csv` and `xlsx` when one is asked for; else None.
        language: of labels.
        texts: the reader's copies to quote from; None unless quotes were asked for.
        asserted: leave out what rules derived.
        form: of rows, for formats that have several; the first of them when empty.

    """

    engine: Engine
    seal: dict[str, Any] = field(hash=False)
    network: Network | None = None
    answer: tuple[list[str], list[dict[str, str]]] | None = None
    language: str = "en"
    texts: Path | None = None
    asserted: bool = False
    form: str = ""


class Format(NamedTuple):
    """A format: who opens it, suffix (empty: a folder), `module:function`, and whether it shows a network.

    `answer` is the suffix of the one file that it writes for a question; empty where it can take none.
    `options` are those of `--asserted` and `--quote` that it knows.
    `forms` are the suffixes among which a file's name chooses, for rows.
    """

    name: str
    help: str
    suffix: str
    home: str
    network: bool = False
    answer: str = ""
    options: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    def suffix_for(self, job: Job) -> str:
        """Return the suffix of what it makes of a job; empty for a folder."""
        return (self.answer if job.answer else "") or self.suffix

    def makes_folder(self, job: Job) -> bool:
        """Tell whether it writes a folder rather than a file."""
        return not self.suffix_for(job)


FORMATS: tuple[Format, ...] = (
    Format(
        "assertions",
        "one row per passage of an assertion: for spreadsheets (csv, xlsx) or programs (tsv, json, ndjson)",
        "csv",
        "assertions:write",
        forms=("csv", "xlsx", "tsv", "json", "ndjson"),
    ),
    Format("gexf", "a network for Gephi and Gephi Lite (GEXF 1.3)", "gexf", "gexf:write", network=True),
    Format("graphml", "a network for yEd, igraph, networkx and visone", "graphml", "graphml:write", network=True),
    Format("cyjs", "a network for Cytoscape.js and Cytoscape", "cyjs", "cytoscape:write_cyjs", network=True),
    Format("cx2", "a network for Cytoscape and NDEx (CX2)", "cx2", "cytoscape:write_cx2", network=True),
    Format("dot", "a network for Graphviz", "dot", "dot:write", network=True),
    Format("svg", "a network as a picture for the web and for papers", "svg", "dot:write_svg", network=True),
    Format("png", "a network as a picture for slides", "png", "dot:write_png", network=True),
    Format("node-link", "a network as JSON for notebooks, D3 and Observable", "json", "nodelink:write", network=True),
    Format("mermaid", "a network's heaviest edges for GitHub and Markdown", "mmd", "mermaid:write", network=True),
    Format("neo4j-csv", "a network as CSV for Neo4j and Kùzu, with load scripts", "", "neo4j:write_csv", network=True),
    Format("cypher", "a network as Cypher statements", "cypher", "neo4j:write_cypher", network=True),
    Format("dna", "the event list and networks of Discourse Network Analyzer", "", "dna:write"),
    Format("html", "a network as one page to read, search and filter, offline", "html", "page:write", network=True),
    Format(
        "csv",
        "tables for spreadsheets: claims, assertions, citations, vocabulary",
        "",
        "spreadsheets:csv",
        answer="csv",
    ),
    Format("xlsx", "the same tables and the codebook as one workbook", "xlsx", "spreadsheets:xlsx", answer="xlsx"),
    Format("csl-json", "sources and cited works for Zotero and pandoc", "json", "references:csl_json"),
    Format("bibtex", "sources and cited works for LaTeX and JabRef", "bib", "references:bibtex"),
    Format("ris", "sources and cited works for EndNote and Mendeley", "ris", "references:ris"),
    Format("turtle", "all triples as Turtle", "ttl", "rdf:turtle", options=("asserted",)),
    Format(
        "nquads",
        "the canonical N-Quads, whose sha256 is the seal's; the axioms are in `ontology`",
        "nq",
        "rdf:nquads",
        options=("asserted",),
    ),
    Format("trig", "all named graphs as TriG", "trig", "rdf:trig", options=("asserted",)),
    Format(
        "jsonld",
        "all triples as JSON-LD, with a context made for reading",
        "jsonld",
        "rdf:jsonld",
        options=("asserted",),
    ),
    Format("rdfxml", "all triples as RDF/XML", "rdf", "rdf:rdfxml", options=("asserted",)),
    Format(
        "ontology",
        "classes, axioms, alignments, vocabulary in one file: to import (ttl), for Protégé (owl, rdf), as JSON-LD",
        "ttl",
        "ontology:write",
        forms=("ttl", "owl", "rdf", "jsonld"),
    ),
    Format("skos", "vocabulary and codes as SKOS, for SkoHub, Skosmos and VocBench", "ttl", "ontology:write_skos"),
    Format("context", "the JSON-LD context: prefixes, and a key for each property", "jsonld", "ontology:write_context"),
    Format(
        "shapes",
        "our SHACL shapes in one file, to validate an export without kg",
        "ttl",
        "shapes:write",
        options=("asserted",),
    ),
    Format("nanopub", "one nanopublication per assertion, with trusty URIs", "trig", "nanopub:write"),
    Format(
        "webannotation",
        "W3C Web Annotations, one per passage of an assertion",
        "jsonld",
        "webannotation:write",
        options=("quote",),
    ),
    Format("rocrate", "an RO-Crate for archives: all exports that show no network", "", "crate:write"),
    Format("vault", "a folder of linked Markdown notes, for Obsidian", "", "vault:write"),
)


def find(name: str) -> Format:
    """Return the format of that name.

    Raises:
        UsageError: there is none; the message names the nearest.

    """
    for form in FORMATS:
        if form.name == name:
            return form
    hint = nearest(name, [f.name for f in FORMATS]) or "`kg export` lists the formats"
    raise UsageError(f"error: no export is named '{name}'\n  hint: {hint}")


def make(form: Format, job: Job, path: Path) -> None:
    """Write an export at a path where nothing is.

    Every writer is `write(job, path)`: it creates `path` (a file, or a folder where the suffix is empty) and
    gives the same bytes for the same graph.

    Raises:
        MissingExtra: the format needs a library or program that is not installed.

    """
    module, _, function = form.home.partition(":")
    getattr(importlib.import_module(f"kg.export.{module}"), function)(job, path)


def export(form: Format, job: Job, target: Path | str) -> None:
    """Write an export to a file or folder, whole or not at all; see `kg.files`.

    Raises:
        UsageError: the target cannot be written, is a folder that is not empty, or is named as another format is.
        MissingExtra: the format needs a library or program that is not installed.

    """
    job = replace(job, form=form_for(form, job, Path(target)))
    with files.replacing(target, folder=form.makes_folder(job)) as path:
        make(form, job, path)


def form_for(form: Format, job: Job, target: Path) -> str:
    """Return the form of rows that a file's name asks for, where a format has several; else nothing.

    Raises:
        UsageError: the name is that of another format.

    """
    suffix = target.suffix.lstrip(".").lower()
    allowed = (job.form,) if job.form else form.forms or tuple(filter(None, [form.suffix_for(job)]))
    known = {s for f in FORMATS for s in (f.suffix, f.answer, *f.forms)} - {""}
    if suffix in known and suffix not in allowed:
        can = f"a file of {one_of([f'.{s}' for s in allowed])}" if allowed else "a folder"
        raise UsageError(f"error: {target} found, {can} expected\n  hint: '{form.name}' is {form.help}")
    return job.form or (suffix if suffix in form.forms else "")
