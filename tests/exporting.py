"""What the tests of exports share: jobs over a store, and a tiny graph around one label."""

from __future__ import annotations

import html
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
from hypothesis import strategies as st

from kg import export, graph, names
from kg.errors import Place
from kg.grounds import local
from kg.records import Assertion, Attribution, Citation, Claim, Passage, Section, Source, Work
from kg.store import local as store
from kg.tree import bad_character

SHARED = Path(__file__).parent.parent.parent / "shared"
TERM = names.thing("phenomenon", "state-monopoly")

NASTY = (
    "=1+1",
    "+49 30",
    "-5",
    "@SUM(A1:A9)",
    "\tindented",
    "'=apostrophe before",
    '"quoted" and ]]> and <b>&amp;</b>',
    "back\\slash {brace} $dollar% #hash ~tilde^ _under_",
    "two\nlines",
    "dashes -- and --- more",
    "e\u0301 z\u0335\u0336 combining",
    "روابط بین\u200cالملل",
    "_x0041_ is no A",
    "[[link]] | #tag %%comment%% ==mark== `code`",
    "😀 beyond the basic plane",
    "x" * 10_000,
)
"""Labels that some format or other is known to spoil."""

LABELS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs",)).filter(lambda c: not bad_character(c)), min_size=1, max_size=60),
)
"""Any label that the corpus lets in."""


def job_of(path: Path, **more: object) -> export.Job:
    """Return a job over a built store."""
    return export.Job(local(store.open_store(path)), store.read_seal(path) or {}, **more)  # type: ignore[arg-type]


def job_around(label: str) -> export.Job:
    """Return a job over a graph in which a claim, a term, a title and a pointer all read `label`."""
    held = ox.Store()
    held.extend(quads_around(label))
    return export.Job(local(held), {"version": "0", "sha256": "0" * 64})


def quads_around(label: str) -> list[ox.Quad]:
    place = Place(Path("coding.yaml"), 1, 1)
    section = Section("body", label, "en", 0)
    passage = Passage("doe", "these words", 3, 14, 1, section, "f" * 64)
    csl = {"id": "doe", "type": "article-journal", "title": label, "author": [{"family": "Doe", "given": "J."}]}
    effect = (("cause", (TERM,)), ("effect", (names.thing("relation", "weakens"),)), ("affected", (TERM,)))
    source = Source(
        id="doe",
        csl=csl,
        fabio="JournalArticle",
        title_fa=label,
        languages=("en",),
        license="unknown",
        url="https://example.org/doe",
        file="doe.txt",
        sha256="0" * 64,
        sections=(section,),
        works=(Work("roe", {**csl, "id": "roe"}, "Book", (("en", label), ("fa", label))),),
        references=(),
        citations=(Citation("doe", "c1", passage, label, "roe", None, None, place),),
        claims=(Claim("one", "effect", "doe", label, label, effect, place),),
        assertions=(
            Assertion(
                *("a1", "doe", "one", (passage,), "attributed", "reports", "likely", "finding", "cited-work"),
                *((Attribution("roe", True, "strict"),), (), (), "tester", "2026-11-21", label, place),
            ),
        ),
        links=(),
        omissions=(),
    )
    rows = [
        (names.thing("claim", "one"), "rdf:type", graph.iri("air:Claim")),
        (names.thing("source", "doe"), "rdf:type", graph.iri("air:Work")),
        (TERM, "rdf:type", graph.iri("skos:Concept")),
        (TERM, "skos:prefLabel", graph.literal(label, language="en")),
        (TERM, "skos:prefLabel", graph.literal(label)),
        (TERM, "skos:altLabel", graph.literal(label, language="fa")),
        (TERM, "skos:definition", graph.literal(label, language="en")),
    ]
    derived = ox.NamedNode(names.DERIVED_GRAPH)
    quads = [ox.Quad(ox.NamedNode(s), ox.NamedNode(names.expand(p)), o, derived) for s, p, o in rows]
    return [*quads, *graph.quads_of(source)]


def stored(job: export.Job) -> set[ox.Quad]:
    """Return every quad that the job's engine holds."""
    rows = job.engine("SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }")
    return {ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows}  # type: ignore[arg-type]


def write(name: str, job: export.Job, target: Path) -> Path:
    """Run an export over what stood at the target before."""
    if target.is_dir():
        shutil.rmtree(target)
    export.export(export.find(name), job, target)
    return target


def contents(path: Path) -> dict[str, bytes]:
    """Return the bytes of a file, or of every file of a folder by its path there."""
    files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
    return {f.relative_to(path).as_posix(): f.read_bytes() for f in files}


def readable(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every text in a file or folder: parts of workbooks unpacked, escapes undone."""
    for name, content in contents(path).items():
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                yield from ((f"{name}/{part}", html.unescape(book.read(part).decode())) for part in book.namelist())
        else:
            text = content.decode("utf-8", errors="ignore")
            yield name, unquote(re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text))
