"""The order of the stages: load → graph → validate → reason → check → publish. No other module knows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names, resources, store
from kg.errors import CodingError, Faults, InputError, Place, StoreError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.axioms import Axiom
    from kg.loaders.folder import Folder
    from kg.records import Source
    from kg.validate import Finding

Progress = Callable[[str], None]


def _silent(stage: str) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Inputs:
    """What a build reads.

    Attributes:
        corpora: directories of sources (the founding corpus is one of them).
        texts: where the readers' copies of the sources are, or None.

    """

    corpora: tuple[Path, ...]
    texts: Path | None = None

    @classmethod
    def of(cls, own: Sequence[Path] = (), texts: Path | None = None, founding: bool = True) -> Inputs:
        """Return the founding corpus and a scholar's own directories.

        Raises:
            CodingError: a directory is not there or holds no source.

        """
        corpora = tuple([resources.resource("corpus")] * founding + list(own))
        for directory in (*corpora, *([texts] if texts else [])):
            if not directory.is_dir():
                raise CodingError(Place(directory), "the directory is not there")
        for directory in own:
            resources.folders_below(directory)
        return cls(corpora, texts)

    def files(self) -> list[Path]:
        """Return every file that a build depends on, in a fixed order."""
        found = [f for kind in ("ontology", "shapes", "queries") for f in resources.files(kind, "**/*") if f.is_file()]
        for corpus in self.corpora:
            found += corpus_files(corpus)
        if self.texts:
            found += sorted(f for pattern in ("*.txt", "*.md") for f in self.texts.glob(pattern))
        return found

    def fingerprint(self) -> str:
        """Return a hash of the contents of all inputs and of the program's version."""
        digest = hashlib.sha256(_version().encode())
        for file in [*self.files(), *sorted(resources.PACKAGE.rglob("*.py"))]:
            digest.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


_CORPUS_FILES = ("source.yaml", "references.json", "coding.yaml", "anchors.lock", "vocabulary.ttl")


def corpus_files(corpus: Path) -> list[Path]:
    """Return the files of a directory of sources that a build reads: its own and those of the folders in it."""
    return sorted(f for name in _CORPUS_FILES for f in (*corpus.glob(name), *corpus.glob(f"*/{name}")) if f.is_file())


@dataclass(frozen=True)
class Asserted:
    """What the inputs say before anything is derived.

    `axioms` are those of the ontology, among them those that need blank nodes and so never enter the graph.
    """

    sources: tuple[Source, ...]
    quads: tuple[ox.Quad, ...] = field(hash=False)
    shapes: tuple[ox.Triple, ...] = field(hash=False)
    places: dict[str, Place] = field(hash=False)
    axioms: tuple[Axiom, ...] = field(hash=False)


@dataclass(frozen=True)
class Built:
    """The outcome of a build: its seal, whether it was new, and what validation found short of violations."""

    seal: dict[str, Any] = field(hash=False)
    fresh: bool
    findings: tuple[Finding, ...] = ()


def open_folders(inputs: Inputs) -> list[Folder]:
    """Open every source folder of the inputs; what is wrong with one stands in its `faults`."""
    from kg.loaders.folder import open_folder

    opened = [open_folder(path) for corpus in inputs.corpora for path in resources.folders_below(corpus)]
    seen: dict[str, Path] = {}
    for folder in opened:
        name = folder.name
        if name in seen:
            message = f"source id '{name}' stands twice"
            folder.faults.append(CodingError(folder.place("id"), message, f"also in {seen[name]}"))
        seen[name] = folder.path
    return opened


def load(inputs: Inputs) -> Asserted:
    """Read and check all inputs, and turn them into quads.

    Raises:
        Faults: every fault of every file.

    """
    import pyoxigraph as ox

    from kg import axioms
    from kg.graph import quads_of
    from kg.loaders import corpus
    from kg.loaders.vocabulary import Vocabulary, read_turtle

    own = [f for corpus in inputs.corpora for f in corpus_files(corpus) if f.name == "vocabulary.ttl"]
    faults: list[InputError] = []
    graphs: dict[str, list[ox.Triple]] = {names.ONTOLOGY_GRAPH: [], names.VOCABULARY_GRAPH: []}
    logic: list[Axiom] = []
    for file in [*ontology_files(), resources.resource("ontology") / _DEFINITIONS, *own]:
        try:
            terms = file.parent.name == "vocabulary" or file in own
            triples = read_turtle(file, blank_nodes=file.name == _DEFINITIONS)
            logic += axioms.read(triples, file)
            graphs[names.VOCABULARY_GRAPH if terms else names.ONTOLOGY_GRAPH] += axioms.named(triples)
        except InputError as error:
            faults.append(error)
        except Faults as error:
            faults.extend(error.faults)
    vocabulary = None if faults else Vocabulary.of(t for triples in graphs.values() for t in triples)
    folders = open_folders(inputs)
    try:
        sources = corpus.load(folders, vocabulary, inputs.texts)
    except Faults as error:
        faults.extend(error.faults)
    if faults:
        raise Faults(faults)
    quads = [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for graph, ts in graphs.items() for t in ts]
    for source in sources:
        quads.extend(quads_of(source))
    places = _places(sources, {folder.name: folder.path for folder in folders})
    shapes = [t for file in resources.files("shapes", "*.ttl") for t in read_turtle(file, blank_nodes=True)]
    return Asserted(tuple(sources), tuple(dict.fromkeys(quads)), tuple(shapes), places, tuple(logic))


_DEFINITIONS = "definitions.ttl"


def ontology_files() -> list[Path]:
    """Return the Turtle files all of whose triples enter the graph.

    `definitions.ttl` has axioms that need anonymous classes; of it, only what it says of names enters the graph.
    """
    return [f for f in resources.files("ontology", "**/*.ttl") if f.name != _DEFINITIONS]


def _places(sources: Iterable[Source], files: Mapping[str, Path]) -> dict[str, Place]:
    """Return where each node was coded; `files` maps a source's id to its folder."""
    from kg.graph import link_id

    places: dict[str, Place] = {}
    for source in sources:
        listed, about = Place(files[source.id] / "references.json"), Place(files[source.id] / "source.yaml")
        places[names.thing("source", source.id)] = about
        for section in source.sections:
            places[names.thing("section", source.id, section.id)] = about
        for work in source.works:
            places.setdefault(names.thing("work", work.id), listed)
        for reference in source.references:
            places[names.thing("reference", source.id, reference.id)] = listed
        for claim in source.claims:
            places[names.thing("claim", claim.id)] = claim.place
        for link in source.links:
            places[link_id(link)] = link.place
        for citation in source.citations:
            places[names.thing("citation", source.id, citation.id)] = citation.place
            places.setdefault(names.thing("passage", citation.passage.id), citation.place)
        for assertion in source.assertions:
            places[names.thing("assertion", source.id, assertion.id)] = assertion.place
            for passage in assertion.passages:
                places.setdefault(names.thing("passage", passage.id), assertion.place)
            for credit in assertion.attributions:
                places[names.thing("attribution", source.id, assertion.id, credit.to)] = assertion.place
    return places


def derive(asserted: Asserted) -> list[ox.Quad]:
    """Run the rules of `queries/infer/` over what is asserted, then those of the defined classes."""
    from kg.definitions import rules
    from kg.queries import read_queries
    from kg.reason import derive as run

    return run(asserted.quads, [*read_queries("infer"), *rules(asserted.axioms)])


def examine(asserted: Asserted, derived: Iterable[ox.Quad], whole: ox.Store | None = None) -> list[Finding]:
    """Validate the asserted graph against the shapes, then run the check queries over the whole.

    Checks with the tag `ontology` are left out: they want all files of the ontology, and `kg.lint` runs them.
    """
    from kg.queries import read_queries
    from kg.reason import together
    from kg.validate import check, conform

    found = conform(asserted.quads, asserted.shapes, asserted.places)
    checks = [query for query in read_queries("check") if "ontology" not in query.tags]
    return found + check(whole or together(asserted.quads, derived), checks, asserted.places)


def classify(asserted: Asserted, derived: Iterable[ox.Quad]) -> list[Finding]:
    """Look at the graph as a reasoner would: form, clashes, and HermiT over all terms and a sample of the claims."""
    from kg.loaders.blocks import Blocks
    from kg.owl import check

    terms, coded = Blocks(resources.files("ontology", "**/*.ttl")), asserted.places
    return check([*asserted.quads, *derived], asserted.axioms, lambda iri: coded.get(iri) or terms.place(iri))


def build(inputs: Inputs, path: Path, force: bool = False, progress: Progress = _silent) -> Built:
    """Build the graph and publish it at `path`, unless the store there was made from the same inputs.

    Raises:
        Faults: the inputs have faults. Invalid: the graph breaks shapes or checks. Nothing is published then.
        StoreError: the store cannot be written.

    """
    from kg import inventory
    from kg.queries import compiled, read_queries
    from kg.reason import together
    from kg.validate import Invalid

    fingerprint = inputs.fingerprint()
    seal = store.read_seal(path)
    if not force and seal and seal.get("inputs") == fingerprint and _sound(path):
        return Built(seal, False)
    progress("reading the corpus")
    asserted = load(inputs)
    progress("deriving")
    derived = derive(asserted)
    progress("validating")
    whole = together(asserted.quads, derived)
    findings = examine(asserted, derived, whole)
    if wrong := [f for f in findings if f.severity == "violation"]:
        raise Invalid(wrong)
    progress("publishing")
    about = {
        "inputs": fingerprint,
        "version": _version(),
        "sources": [s.id for s in asserted.sources],
        "corpora": [str(c.resolve()) for c in inputs.corpora],
        "assertions": sum(len(s.assertions) for s in asserted.sources),
        "claims": sum(len(s.claims) for s in asserted.sources),
    }
    ready = compiled(read_queries("ask"))
    described = inventory.describe(whole, _version())
    files = {inventory.FILE: lambda seal: inventory.turtle(described, seal)}
    quads = [*asserted.quads, *derived, *described]
    return Built(store.publish(path, quads, about, ready, files), True, tuple(findings))


def _sound(path: Path) -> bool:
    try:
        store.open_store(path, thorough=True)
    except StoreError:
        return False
    return True


def _version() -> str:
    from kg import __version__

    return __version__


def find_text(folder: Folder, texts: Path) -> Path | None:
    """Return the reader's copy of a source's text, or None when it is not below `texts`."""
    file = texts / folder.about.text.file
    return file if file.is_file() else None


def anchor(inputs: Inputs, texts: Path) -> dict[str, int]:
    """Write `anchors.lock` for every source whose text is at hand.

    Returns:
        Source id and number of passages, for each lock that was written.

    Raises:
        Faults: a passage that does not stand exactly once, or a text that is not the one in source.yaml;
            no lock is written then.

    """
    from kg.loaders.lock import NAME, make_lock
    from kg.loaders.texts import Text

    folders = open_folders(inputs)
    faults: list[InputError] = [fault for folder in folders for fault in folder.faults]
    if faults:
        raise Faults(faults)
    written: list[tuple[Path, str, str, int]] = []
    for folder in folders:
        file = find_text(folder, texts)
        if file is None:
            continue
        text = Text.read(file)
        form = folder.about
        if text.sha256 != form.text.sha256:
            message = f"sha256 {form.text.sha256[:12]}… found, {text.sha256[:12]}… of {file.name} expected"
            hint = "offsets hold for one copy of the text only; if this is the copy you code from, set its hash here"
            faults.append(CodingError(folder.place("text", "sha256"), message, hint))
            continue
        try:
            lock = make_lock(text, form.text.file, folder.section_ats, folder.ats)
        except Faults as error:
            faults.extend(error.faults)
            continue
        written.append((folder.path / NAME, lock.dump(), form.id, len(lock.passages)))
    if faults:
        raise Faults(faults)
    for path, dump, _, _ in written:
        temporary = path.with_suffix(".tmp")
        try:
            temporary.write_text(dump, encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise CodingError(Place(path), f"cannot be written: {error.strerror}") from None
    return {name: count for _, _, name, count in written}


@dataclass(frozen=True)
class Coverage:
    """How much of a source's argument is cited.

    Attributes:
        source: its id.
        sentences: all sentences of the text.
        left_out: those that stand in the source's list of sentences left out.
        cited: those of the others that some assertion cites.
        open: line, first words' offset and words of those that nothing accounts for.

    """

    source: str
    sentences: int
    left_out: int
    cited: int
    open: tuple[tuple[int, int, str], ...]

    @property
    def share(self) -> float:
        """Cited sentences among the sentences of argument."""
        argument = self.sentences - self.left_out
        return self.cited / argument if argument else 1.0


def coverage(inputs: Inputs, texts: Path) -> list[Coverage]:
    """Tell, for each source whose text is at hand, which sentences an assertion cites.

    A passage cites a sentence when they share at least half of the shorter one.
    """
    from kg.loaders.texts import Span, Text, uncovered

    found = []
    asserted = load(Inputs(inputs.corpora, texts))
    for source in asserted.sources:
        file = texts / source.file
        if not file.is_file():
            continue
        text = Text.read(file)
        sentences = text.sentences((s.start, s.language) for s in source.sections)
        cited = [Span(p.start, p.end) for a in source.assertions for p in a.passages]
        omitted = [Span(o.passage.start, o.passage.end) for o in source.omissions]
        uncited = uncovered(sentences, cited)
        missing = uncovered(uncited, omitted)
        rows = tuple((text.line(s.start), s.start, text.text[s.start : s.end]) for s in missing)
        found.append(
            Coverage(source.id, len(sentences), len(uncited) - len(missing), len(sentences) - len(uncited), rows)
        )
    return found
