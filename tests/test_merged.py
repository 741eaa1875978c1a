"""Ids that are used no more: a claim or assertion that was merged into another is still found by whoever cited it.

`‸` marks where in a file the fault must be told, as in `test_load.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph
from release_terms import coded
from small import MARK, NAME, Run, Small, write_small
from test_shapes import results

from kg import names, pipeline
from kg.errors import Faults
from kg.graph import quads_of
from kg.load import corpus
from kg.load.folder import open_folder
from kg.load.inputs import Inputs
from kg.load.vocabulary import Vocabulary
from kg.store.local import open_store

OLD, NEW = "cables-are-of-firms", "firms-own-the-cables"
CLAIM = f"  - claim: {OLD}\n    into: {NEW}\n"
ASSERTION = "  - assertion: cables-of-firms\n    into: firms-own-cables\n"
NAMED = {f"claim:{OLD}": f"claim:{NEW}", f"assertion:{NAME}.cables-of-firms": f"assertion:{NAME}.firms-own-cables"}


def merge(small: Small, entries: str) -> tuple[int, int]:
    """Put entries under `merged`; return line and column of the mark in them, if there is one."""
    small.edit("coding.yaml", "left-out:\n", f"merged:\n{entries}left-out:\n")
    text = small.path("coding.yaml").read_text(encoding="utf-8")
    small.path("coding.yaml").write_text(text.replace(MARK, ""), encoding="utf-8")
    lines = text.partition(MARK)[0].split("\n")
    return len(lines), len(lines[-1]) + 1


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────

FAULTS = [
    ("‸claim: old\n    assertion: older\n    into: x", "either 'claim' or 'assertion' expected", ""),
    (f"‸into: {NEW}", "either 'claim' or 'assertion' expected", ""),
    ("‸claim: old", "key 'into' is missing", ""),
    (f"claim: ‸Old One\n    into: {NEW}", "'Old One' found, a name of lower-case ASCII words joined by hyphens", ""),
    (f"claim: old\n    ‸inot: x\n    into: {NEW}", "unknown key 'inot'", "did you mean 'into'?"),
    (
        f"claim: ‸ministries-train-their-people\n    into: {NEW}",
        "claim 'ministries-train-their-people' found, which is in use",
        "it is at coding.yaml:52:11; only what is used no more is merged",
    ),
    (
        "assertion: ‸ministries-train\n    into: firms-own-cables",
        "assertion 'ministries-train' found, which is in use",
        "it is at coding.yaml:49:9; only what is used no more is merged",
    ),
    (
        f"claim: old\n    into: {NEW}\n  - claim: ‸old\n    into: ministries-train-their-people",
        "claim 'old' is merged twice",
        "it is first at coding.yaml:78:12",
    ),
    (
        "claim: old\n    into: ‸firms-own-cables",
        "claim 'firms-own-cables' found, one that this source asserts expected",
        f"did you mean '{NEW}'?",
    ),
    (
        f"assertion: old\n    into: ‸{NEW}",
        f"assertion '{NEW}' found, one that this source asserts expected",
        "did you mean 'firms-own-cables'?",
    ),
    (
        f"claim: old\n    into: {NEW}\n  - claim: older\n    into: ‸old",
        "claim 'old' found, which was merged itself",
        f"write what it was merged into, '{NEW}'",
    ),
    (
        "assertion: old\n    into: ‸zzz",
        "assertion 'zzz' found, one that this source asserts expected",
        "name the assertion of this file that says what the old one said",
    ),
]


@pytest.mark.parametrize(("entry", "message", "hint"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_told_once_with_its_place(
    small: Small, entry: str, message: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small.folder)
    line, column = merge(small, f"  - {entry}\n")
    (fault,) = small.faults()
    assert str(fault).startswith(f"coding.yaml:{line}:{column}: error: {message}")
    assert fault.hint == hint or not hint


def test_a_claim_and_an_assertion_may_have_had_one_id(small: Small) -> None:
    merge(small, f"  - claim: old\n    into: {NEW}\n  - assertion: old\n    into: firms-own-cables\n")
    assert small.faults() == []
    assert [(m.kind, m.old, m.into) for m in small.load().merged] == [
        ("claim", "old", NEW),
        ("assertion", "old", "firms-own-cables"),
    ]


def test_whoever_names_a_merged_claim_is_told_what_it_became(small: Small) -> None:
    """What they meant is in another sentence now, and whether their text says that, they have to see."""
    merge(small, CLAIM)
    line, column = small.edit("coding.yaml", f"  - claim: {NEW}\n    relation", f"  - claim: {OLD}\n    relation")
    (fault,) = small.faults()
    assert (fault.place.line, fault.place.column) == (line, column + len("  - claim: "))
    assert fault.message == f"claim '{OLD}' found, which was merged into '{NEW}'"
    assert fault.hint == "name that, if your text says it"


# ── whose word counts ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def theirs(tmp_path: Path, vocabulary: Vocabulary) -> Path:
    """Return the `coding.yaml` of a stranger's corpus, which has ids of its own."""
    other = write_small(tmp_path / "other", tmp_path / "other-texts", vocabulary)
    text = other.path("coding.yaml").read_text(encoding="utf-8")
    for claim in ("machines-weaken", "machines-leave", "firms-own-the", "ministries-train-their"):
        text = text.replace(claim, f"b-{claim}")
    other.path("coding.yaml").write_text(text, encoding="utf-8")
    other.rename("poe2026")
    return other.root / "poe2026" / "coding.yaml"


def told(small: Small, theirs: Path) -> list[tuple[str, str]]:
    """Load both; return folder and message of each fault."""
    try:
        corpus.load([small.open(), open_folder(theirs.parent)], small.vocabulary)
    except Faults as error:
        return [(fault.place.file.parent.name, fault.message) for fault in error.faults]
    return []


def test_a_strangers_corpus_leads_no_id_of_anothers_elsewhere(small: Small, theirs: Path) -> None:
    """Neither one in use nor one that is merged already; and no claim of another's that it does not itself assert."""
    merge(small, CLAIM)
    own = theirs.read_text(encoding="utf-8")
    for entry, message in (
        (f"claim: {NEW}\n    into: b-{NEW}", f"claim '{NEW}' found, which is in use"),
        (f"claim: {OLD}\n    into: b-{NEW}", f"claim '{OLD}' is merged twice"),
        (f"claim: mine\n    into: {NEW}", f"claim '{NEW}' found, one that this source asserts expected"),
    ):
        theirs.write_text(own.replace("left-out:\n", f"merged:\n  - {entry}\nleft-out:\n"), encoding="utf-8")
        assert told(small, theirs) == [("poe2026", message)]


def test_a_strangers_corpus_does_not_take_a_merged_id_for_a_claim_of_its_own(small: Small, theirs: Path) -> None:
    merge(small, CLAIM)
    theirs.write_text(theirs.read_text(encoding="utf-8").replace(f"b-{NEW}", OLD), encoding="utf-8")
    assert told(small, theirs) == [("poe2026", f"claim id '{OLD}' found, which was merged into '{NEW}'")]


def test_a_stranger_may_merge_a_claim_of_their_own_into_anothers_that_they_assert(small: Small, theirs: Path) -> None:
    """As is done where two sources turn out to say the same; an assertion is named with its source."""
    merge(small, CLAIM + ASSERTION)
    text = theirs.read_text(encoding="utf-8")
    start, end = (
        text.index(f"    claim:\n      id: b-{NEW}"),
        text.index("    voice: attributed\n    attributed-to: poe"),
    )
    text = text[:start] + f"    claim: {NEW}\n" + text[end:]
    text = text.replace(f"  - claim: b-{NEW}", f"  - claim: {NEW}")
    mine = f"merged:\n  - claim: b-{NEW}\n    into: {NEW}\n{ASSERTION}"
    theirs.write_text(text.replace("left-out:\n", f"{mine}left-out:\n"), encoding="utf-8")
    assert told(small, theirs) == []


# ── in the graph ──────────────────────────────────────────────────────────────────────────────────────


def test_an_id_is_deprecated_and_replaced_and_nothing_else(small: Small) -> None:
    """In the graph of its source; without a class, so that nothing counts it as a claim or an assertion."""
    before = set(quads_of(small.load()))
    merge(small, CLAIM + ASSERTION)
    added = set(quads_of(small.load())) - before
    home, yes = (
        ox.NamedNode(names.source_graph(NAME)),
        ox.Literal("true", datatype=ox.NamedNode(names.expand("xsd:boolean"))),
    )
    assert added == {
        ox.Quad(ox.NamedNode(names.expand(old)), ox.NamedNode(names.expand(predicate)), value, home)
        for old, new in NAMED.items()
        for predicate, value in (
            ("owl:deprecated", yes),
            ("dcterms:isReplacedBy", ox.NamedNode(names.expand(new))),
        )
    }


GOOD = "claim:old owl:deprecated true ; dcterms:isReplacedBy claim:known ."
PREFIXES = "".join(f"@prefix {p}: <{names.PREFIXES[p]}> .\n" for p in ("air", "assertion", "claim", "dcterms", "owl"))


def test_an_assertion_that_was_merged_breaks_no_shape() -> None:
    data = "assertion:known.old owl:deprecated true ; dcterms:isReplacedBy assertion:known.known ."
    assert results(Graph().parse(data=PREFIXES + data, format="turtle")) == set()


@pytest.mark.parametrize(
    "spoilt",
    [
        "claim:old owl:deprecated true .",
        "claim:old dcterms:isReplacedBy claim:known .",
        GOOD.replace("true", "false"),
        GOOD.replace("true", '"true"'),
        GOOD.replace("true", "true , false"),
        GOOD.replace("claim:known", "claim:known , claim:other"),
        GOOD.replace("claim:known", "assertion:known.known"),
        GOOD.replace("claim:known", '"claim:known"'),
        GOOD.replace("claim:known", "claim:old"),
        GOOD.replace("claim:old", "assertion:old"),
    ],
)
def test_an_export_with_a_spoilt_merger_is_found(spoilt: str) -> None:
    found = results(Graph().parse(data=PREFIXES + spoilt, format="turtle"))
    assert "MergedShape" in {shape for shape, _, _ in found}


# ── for a reader ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    root = tmp_path_factory.mktemp("merged")
    small = write_small(root / "corpus", root / "texts", vocabulary)
    merge(small, CLAIM + ASSERTION)
    pipeline.build(Inputs.of([small.root], founding=False), root / "store")
    return root / "store"


def forms() -> list[tuple[str, str]]:
    """Every way to type an old id, and the old id."""
    return [(form, old) for old in NAMED for form in (old, old.partition(":")[2], names.expand(old))]


@pytest.mark.parametrize(("typed", "old"), forms())
def test_an_old_id_shows_what_it_was_merged_into(kg: Run, store: Path, typed: str, old: str) -> None:
    """One line first says so; then comes all that the new id shows."""
    new = NAMED[old]
    for form in ("table", "md"):
        code, out, _ = kg("show", typed, "-f", form, "--store", store)
        told, _, rest = out.partition("\n\n")
        # a line of a terminal may break within the id
        assert (code, told.replace("\n", "")) == (0, f"{old} was merged into {new}")
        assert rest == kg("show", new, "-f", form, "--store", store)[1]
    assert "Technology firms own the cables." in out


@pytest.mark.parametrize("old", NAMED)
def test_a_program_reads_the_old_id_in_each_row(kg: Run, store: Path, old: str) -> None:
    rows = json.loads(kg("show", old, "-f", "json", "--store", store)[1])
    plain = json.loads(kg("show", NAMED[old], "-f", "json", "--store", store)[1])
    assert rows and [row.pop("merged_from") for row in rows] == [old] * len(rows)
    assert rows == plain


def test_the_line_is_persian_and_fits_the_window(kg: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kg("show", OLD, "-f", "md", "--lang", "fa", "--store", store)[1].splitlines()[0] == (
        f"claim:{OLD} ادغام شد در claim:{NEW}"
    )
    monkeypatch.setenv("COLUMNS", "40")
    lines = kg("show", OLD, "-f", "table", "--store", store)[1].splitlines()
    assert lines[:2] == [f"claim:{OLD} was merged", f"into claim:{NEW}"]


def test_why_a_thing_belongs_to_a_class_is_told_of_what_it_was_merged_into(small: Small, kg: Run) -> None:
    merge(small, CLAIM)
    code, out, err = kg("explain", OLD, "air:Claim", "--alone", "--corpus", small.root)
    assert (code, err) == (0, f"claim:{OLD} was merged into claim:{NEW}\n")
    assert out == kg("explain", NEW, "air:Claim", "--alone", "--corpus", small.root)[1]


def test_an_id_that_is_nowhere_is_still_nowhere(kg: Run, store: Path) -> None:
    code, out, err = kg("show", f"{OLD}-x", "--store", store)
    assert (code, out) == (2, "") and err.startswith(f"error: nothing is named '{OLD}-x'\n  hint: did you mean")


def test_nothing_counts_it(kg: Run, store: Path, small_store: Path) -> None:
    """Statistics and the catalogue's classes are those of the corpus without it."""
    assert counted(kg, store) == counted(kg, small_store)


def counted(kg: Run, store: Path) -> tuple[str, str, dict[str, str]]:
    """Return the statistics, the table of assertions, and how many things of each class the catalogue counts."""
    triples = list(open_store(store).quads_for_pattern(None, None, None, ox.NamedNode(names.CATALOGUE_GRAPH)))
    of = {
        key: {str(t.subject): str(t.object) for t in triples if t.predicate.value == names.expand(key)}
        for key in ("void:class", "void:entities")
    }
    classes = {part: f"{cls} {of['void:entities'][part]}" for part, cls in of["void:class"].items()}
    assert any("/Claim>" in said for said in classes.values())
    return kg("stats", "-f", "json", "--store", store)[1], kg("export", "assertions", "--store", store)[1], classes


@pytest.mark.parametrize("form", ["turtle", "nquads", "jsonld", "rdfxml"])
def test_exports_of_rdf_keep_it(kg: Run, store: Path, form: str) -> None:
    """Whoever was sent a file resolves the id in it too."""
    out = kg("export", form, "--store", store)[1]
    assert OLD in out and "cables-of-firms" in out


def test_ids_of_0_1_0_that_are_gone_lead_to_others(kg: Run, founding: Path) -> None:
    """One of each sort, in the corpus itself; `test_release.py` holds all others."""
    assert names.expand("claim:ai-priority-secures-economic-advancement") in coded()
    for old, new in (
        ("claim:ai-priority-secures-economic-advancement", "claim:states-must-make-ai-foreign-policy-priority"),
        ("assertion:baig.developers-keep-ethical-standards", "assertion:baig.developer-compliance-needs-consensus"),
    ):
        code, out, _ = kg("show", old, "-f", "md", "--store", founding)
        assert code == 0 and out.startswith(f"{old} was merged into {new}\n\nname: ")
