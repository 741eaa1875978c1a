"""The reference is whole and stands alone: every term, shape and query has a place, and every link leads to one."""

from __future__ import annotations

import os
import posixpath
import re
import shlex
import subprocess
import sys
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import __version__, names, reference
from kg.__main__ import main
from kg.ask import answer as ask
from kg.ask import find as questions
from kg.ask.filters import FILTERS
from kg.cli.arguments import parse
from kg.cli.table import command
from kg.grounds import local
from kg.headers import FOLDERS
from kg.load.turtle import read_turtle
from kg.queries import read_queries
from kg.reason import axioms
from kg.reference import diagram
from kg.reference.layout import place
from kg.reference.terms import read
from kg.resources import files
from kg.store.local import open_store, read_seal
from kg.validate import lint

ROOT = Path(__file__).parent.parent
MIRO = ROOT / "docs" / "MIRO.md"


class Page(HTMLParser):
    """What a page asks for, links to and defines, and whether its tags close."""

    VOID = ("meta", "link", "br", "img", "rect", "line", "path", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.persian: list[dict[str, str | None]] = []
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        if tag == "a":
            self.links.append(found.get("href") or "")
        else:
            self.loads += [found[key] or "" for key in ("src", "href", "xlink:href", "data") if key in found]
        if found.get("lang") == "fa":
            self.persian.append(found)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)


@cache
def pages() -> dict[str, str]:
    return reference.render(__version__)


@cache
def parsed() -> dict[str, Page]:
    return {name: Page(text) for name, text in pages().items() if name.endswith(".html")}


def test_every_link_within_leads_to_a_page_and_a_place() -> None:
    """A reference with dead links is worse than a list of files."""
    dead = []
    for name, page in parsed().items():
        for link in page.links:
            target, _, place_there = link.partition("#")
            if target.startswith(("https:", "http:")):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) if target else name
            if path not in pages() or (place_there and place_there not in parsed()[path].ids):
                dead.append((name, link))
    assert dead == []


def test_a_page_asks_for_nothing_but_its_own_style_sheet() -> None:
    """It works from a folder, a stick or a train, and nobody learns who reads it."""
    for name, page in parsed().items():
        up = "../" * name.count("/")
        own = [f"{posixpath.basename(name).removesuffix('.html')}.ttl"] if up else []
        assert page.loads == [f"{up}style.css", *own], name
        assert "default-src 'none'" in pages()[name]
        assert "<script" not in pages()[name]
    assert not re.search(r"url\(|@import|@font-face", pages()["style.css"])


def test_tags_close_and_ids_stand_once() -> None:
    for name, page in parsed().items():
        assert (page.crossed, page.open) == ([], []), name
        assert [i for i, number in Counter(page.ids).items() if number > 1 and i != "tip"] == [], name


def test_every_term_has_one_place_with_its_label_and_definition() -> None:
    """What stands in the Turtle stands in the reference."""
    skos = names.PREFIXES["skos"]
    labels, definitions = {}, {}
    for file in files("ontology", "**/*.ttl"):
        for t in read_turtle(file, blank_nodes=True):
            if t.predicate.value == skos + "prefLabel" and t.object.language == "en":
                labels[t.subject.value] = t.object.value
            elif t.predicate.value == skos + "definition":
                definitions[t.subject.value] = t.object.value
    places = Counter(i for page in parsed().values() for i in page.ids)
    unescaped = {name: text.replace("&#39;", "'").replace("&#34;", '"') for name, text in pages().items()}
    for iri, label in labels.items():
        anchor = names.compact(iri).replace(":", "-")
        assert places[anchor] == 1, iri
        text = next(text for name, text in unescaped.items() if f'id="{anchor}"' in text)
        assert f">{label}</a>" in text, iri
        if iri.startswith(names.BASE):
            assert definitions[iri] in text, iri
            assert definitions[iri] in unescaped[f"{iri.removeprefix(names.BASE)}.html"], iri
        else:
            assert iri not in definitions, iri
    assert len(labels) > 900


def test_every_shape_and_query_has_its_place() -> None:
    for file in files("shapes", "*.ttl"):
        page = parsed()["airkg.html" if file.stem in ("ontology", "vocabulary", "derived") else f"{file.stem}.html"]
        targeted = re.findall(r"^air:(\w+Shape-[\w-]+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(targeted) <= set(page.ids), file.stem
    for kind in FOLDERS:
        queries = read_queries(kind)
        assert {query.name for query in queries} <= set(parsed()[f"{kind}.html"].ids)


def test_persian_stands_from_right_to_left() -> None:
    spans = [span for page in parsed().values() for span in page.persian]
    assert len(spans) > 200
    assert all(span.get("dir") == "rtl" for span in spans)


@pytest.mark.parametrize("query", [*read_queries("ask"), *read_queries("project")], ids=lambda query: query.name)
def test_the_command_shown_for_a_query_is_one_that_the_program_understands(query) -> None:  # type: ignore[no-untyped-def]
    words = shlex.split(reference.command(query))
    known = command(words[1])
    assert words[0] == "kg"
    assert known
    values = parse(known, words[2:])
    assert values is not None
    given_ = [*values.get("extra", ()), *(f"--{pair.partition('=')[0]}" for pair in values["param"])]
    given_ += [f"--{name}" for name in FILTERS if values.get(name.replace("-", "_"))]
    assert {name for name in given_ if name.startswith("--")} == {f"--{p.name}" for p in query.params if p.default}
    assert words[-1] in pages()[f"{query.kind}.html"].replace("&#39;", "'")


def test_the_command_writes_the_pages_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "-o", str(tmp_path / "site")]) == 0
    site = tmp_path / "site"
    assert {f.relative_to(site).as_posix() for f in site.rglob("*") if f.is_file()} == set(pages())
    assert "index.html" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["docs", "-o", str(tmp_path / "file" / "site")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_pages_are_the_same_whatever_the_order_of_chance() -> None:
    """Two people who write the reference of one version have the same bytes."""
    code = "import hashlib, kg.reference as r; print(hashlib.sha256(repr(r.render('x')).encode()).hexdigest())"
    sums = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        sums.add(done.stdout)
    assert len(sums) == 1


# ── a term's own page, the worked example ─────────────────────────────────────────────────────────────


def test_the_worked_example_is_what_the_graph_says(founding: Path) -> None:
    """Every triple of it, asserted or derived; a coder who changes the claim is told to change the page."""
    text = (ROOT / "kg" / "reference" / "templates" / "example.ttl").read_text(encoding="utf-8")
    shown = [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
    held = {quad.triple: quad.graph_name.value for quad in open_store(founding)}
    assert [str(triple) for triple in shown if triple not in held] == []
    assert {names.compact(held[triple]) for triple in shown} == {"graph:hanggarini2025", "graph:derived"}
    first = pages()["index.html"]
    for piece in re.split(r"(?m)^# ", text)[1:]:
        assert piece.partition("\n")[0] in first.replace("&#39;", "'")


WORDS = {
    "ReportedAssertion": "A reported assertion is the same as an assertion that has stance “reports”.",
    "HedgedAssertion": "A hedged assertion is the same as an assertion that has hedge “conditional”, “likely” or "
    "“possible”.",
    "OwnVoiceClaim": "A claim in own voice is the same as a claim such that an assertion in own voice that has stance "
    "“endorses” asserts it.",
    "PowerShiftClaim": "a claim of effect that has effect “redistributes” and that either has affected a type ",
    "EffectClaim": "No claim of effect is a ",
    "isNarrowerThan": "What is so related step by step is so related from the first to the last.",
}


@pytest.mark.parametrize("term", WORDS)
def test_axioms_are_told_in_words(term: str) -> None:
    """A scholar reads what makes a thing a member; the Manchester syntax stands beside it."""
    assert WORDS[term] in pages()[f"ns/{term}.html"].replace("&#39;", "'")


def test_every_axiom_has_its_sentence() -> None:
    for noun in read():
        for term in noun.terms:
            assert len(term.words) == len(term.axioms), term.name
            assert all(re.fullmatch(r"[A-Z].*\.", sentence) for sentence in term.words), term.words


def test_a_page_of_a_term_shows_its_alignments() -> None:
    page = pages()["ns/Work.html"]
    assert "fabio:Expression" in page and "prov:Entity" in page
    assert "wd:Q148" in pages()["id/actor/china.html"]


# ── diagrams ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_picture_of_the_core_shows_what_the_shapes_say() -> None:
    """A property that a shape requires cannot be missing from it."""
    text = pages()["index.html"]
    for words in ("asserts", "hasPassage", "hasAttribution", "codedBy", "inSource", "attributedTo", "listsWork"):
        assert f">{words}</text>" in text, words
    for label in ("assertion", "claim", "passage", "source", "term", "work"):
        assert re.search(rf'<text class="name"[^>]*>{label}</text>', text), label


def test_labels_in_a_picture_are_text_and_nothing_else() -> None:
    """A label of a stranger's vocabulary must not become markup."""
    term = next(term for noun in read() for term in noun.terms)
    terms = {"a": term, "b": term}
    drawn = diagram.draw({"a": ["<b>x</b>"], "b": ["&"]}, {("a", "b"): "<i>"}, terms, lambda iri: 'x" onload="y', "<t>")
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert '" onload' not in drawn
    assert "&lt;b&gt;" in drawn


def test_a_picture_without_edges_is_none() -> None:
    assert diagram.draw({}, {}, {}, lambda iri: "", "") == ""


NODES = st.sampled_from("abcdefghijkl")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.tuples(NODES, NODES), st.floats(0, 120), min_size=1, max_size=24))
def test_boxes_never_lie_on_one_another_and_edges_end_at_them(edges: dict[tuple[str, str], float]) -> None:
    """Whatever the ontology comes to look like, with circles and loops, the picture can be read."""
    sizes = {node: (60.0 + 9 * i, 26.0 + 7 * i) for i, node in enumerate(sorted({n for e in edges for n in e}))}
    laid = place(sizes, edges)
    assert set(laid.boxes) == set(sizes)
    boxes = list(laid.boxes.values())
    for number, one in enumerate(boxes):
        assert one.x >= 0 <= one.y
        assert one.y + one.height <= laid.height + 0.01
        for other in boxes[number + 1 :]:
            beside = one.x + one.width <= other.x + 0.01 or other.x + other.width <= one.x + 0.01
            assert beside or one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01
    for (start, end), points in laid.routes.items():
        for node, (x, y) in ((start, points[0]), (end, points[-1])):
            box = laid.boxes[node]
            assert x in (box.x, box.x + box.width)
            assert box.y <= y <= box.y + box.height
    assert place(sizes, edges) == laid


# ── the MIRO record ───────────────────────────────────────────────────────────────────────────────────


def metrics(founding: Path) -> dict[str, int]:
    """Count what the record reports."""
    rdf, skos = names.PREFIXES["rdf"], names.PREFIXES["skos"]
    triples = {f: read_turtle(f, blank_nodes=True) for f in files("ontology", "**/*.ttl")}
    flat = [t for found in triples.values() for t in found]
    types = {(t.subject.value, names.compact(t.object.value)) for t in flat if t.predicate.value == rdf + "type"}
    named = {t.subject.value for t in flat if isinstance(t.subject, ox.NamedNode)}

    def typed(kind: str, own: bool) -> set[str]:
        return {s for s, k in types if k == kind and s in named and s.startswith(names.BASE) == own}

    stated = [axiom for file, found in triples.items() for axiom in axioms.read(found, file)]
    logic = Counter(axiom.kind for axiom in stated)
    individuals = typed("skos:Concept", True)
    codes = {iri for iri in individuals if iri.startswith(names.PREFIXES["code"])}
    persian = {t.subject.value for t in flat if t.predicate.value == skos + "prefLabel" and t.object.language == "fa"}
    matches = [
        t for t in flat if re.fullmatch("skos:(exact|close|broad|narrow)Match", names.compact(t.predicate.value))
    ]
    kinds = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
    block = re.compile(r"^air:(\S+)\n    a sh:(?:Node|Property)Shape", re.MULTILINE)
    shapes = {name for file in files("shapes", "*.ttl") for name in block.findall(file.read_text())}
    engine, seal = local(open_store(founding)), read_seal(founding) or {}
    answered = [q for q in questions.catalogue() if ask.answer(engine, q, {}, "en").rows]
    return {
        "classes": len(typed("owl:Class", True)),
        "of these, defined by an axiom": len({axiom.subject for axiom in stated if axiom.kind == "definition"}),
        "object properties": len(typed("owl:ObjectProperty", True)),
        "datatype properties": len(typed("owl:DatatypeProperty", True)),
        "annotation properties": len(typed("owl:AnnotationProperty", True)),
        "individuals of the vocabulary": len(individuals - codes),
        "codes": len(codes),
        "foreign terms reused as stubs": len(set().union(*(typed(kind, False) for kind in kinds))),
        "matches to foreign terms": len(matches),
        "axioms: wider class": logic["subclass"],
        "axioms: wider property": logic["subproperty"],
        "axioms: disjoint classes": logic["disjoint"],
        "axioms: constant values": logic["consequence"],
        "axioms: necessary conditions": logic["necessary"],
        "axioms: transitive, symmetric": logic["transitive"] + logic["symmetric"],
        "classes with a Persian label": len(typed("owl:Class", True) & persian),
        "individuals with a Persian label": len((individuals - codes) & persian),
        "shapes": len(shapes) - sum(name.endswith("Part") for name in shapes),
        "checks of the ontology": len(lint.checks()),
        "checks of the data": len(read_queries("check")) - len(lint.checks()),
        "rules": len(read_queries("infer")),
        "competency questions (ready questions)": len(questions.catalogue()),
        "of these, with an answer in the founding corpus as they stand": len(answered),
        "sources of the founding corpus": len(seal["sources"]),
        "claims of the founding corpus": seal["claims"],
        "assertions of the founding corpus": seal["assertions"],
    }


def test_the_record_says_what_is_measured(founding: Path, golden: bool) -> None:
    """`pytest --update-golden` writes the numbers anew."""
    rows = "".join(f"| {name} | {number} |\n" for name, number in metrics(founding).items())
    block = f"<!-- metrics -->\n| measured | number |\n|---|---|\n{rows}<!-- /metrics -->"
    text = MIRO.read_text(encoding="utf-8")
    if golden:
        MIRO.write_text(re.sub(r"(?s)<!-- metrics -->.*<!-- /metrics -->", lambda _: block, text), encoding="utf-8")
    assert block in MIRO.read_text(encoding="utf-8")


def test_the_record_reports_every_item() -> None:
    """MIRO names 34 items; each has its line, also where the answer is: none."""
    items = re.findall(r"^\| ([A-G]\d+) ", MIRO.read_text(encoding="utf-8"), re.MULTILINE)
    sections = {"A": 6, "B": 3, "C": 3, "D": 3, "E": 11, "F": 3, "G": 5}
    assert items == [f"{letter}{n}" for letter, last in sections.items() for n in range(1, last + 1)]


def test_the_record_gives_the_version_that_there_is() -> None:
    assert f"version {__version__}" in MIRO.read_text(encoding="utf-8")
