"""Whose word counts: what one source or corpus has said, no other changes, hides or adds to.

`‸` marks where in a file the fault must be told, as in `test_load.py`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from small import Small, spoil, write_small
from vocabularies import CABLE, faults, told, write

from kg import inventory, names, pipeline, resources
from kg.errors import Faults, InputError
from kg.graph import link_id, quads_of
from kg.load import corpus, rights
from kg.load.folder import Folder, open_folder
from kg.load.founding import Founding
from kg.load.inputs import Inputs, source_folders
from kg.load.own_terms import Gate
from kg.load.rights import same_work
from kg.records import Source
from kg.store.local import open_store

# ── one corpus against another ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("‸technology:cable skos:altLabel 'wire'@en .", "technology:cable is defined already"),
        ("‸actor:cable a air:Firm , skos:Concept .", "slug 'cable' is that of technology:cable"),
        (
            "my:x a air:Technology , skos:Concept ; skos:prefLabel ‸'Cable'@en .",
            "'Cable' is the name of technology:cable",
        ),
    ],
)
def test_who_comes_first_keeps_a_name(project: Founding, tmp_path: Path, text: str, message: str) -> None:
    """A second corpus stands to the first as both stand to the project."""
    write(tmp_path / "a" / "vocabulary.ttl", CABLE)
    place = write(tmp_path / "b" / "vocabulary.ttl", text)
    found = faults(project, tmp_path / "a" / "vocabulary.ttl", tmp_path / "b" / "vocabulary.ttl")
    assert [(f.place.file.parent.name, f.place.line, f.place.column) for f in found] == [("b", *place)]
    assert found[0].message == message
    if message.endswith("already"):
        assert re.search(r"a/vocabulary.ttl:\d+:1$", found[0].hint)


def test_terms_of_two_corpora_may_stand_below_each_other(project: Founding, tmp_path: Path) -> None:
    """To name another's term is no word about it; the order of the files does not matter."""
    write(tmp_path / "a" / "vocabulary.ttl", CABLE.replace("    .\n", "    skos:broader my:conduit ;\n    .\n"))
    conduit = CABLE.replace("technology:cable", "my:conduit").replace('"cable"', '"conduit"')
    write(tmp_path / "b" / "vocabulary.ttl", conduit)
    assert told(project, tmp_path / "a" / "vocabulary.ttl", tmp_path / "b" / "vocabulary.ttl") == []


def test_the_names_of_the_founding_corpus_mean_what_they_meant(small: Small, project: Founding) -> None:
    """A bare slug in another's coding must not become ambiguous, or another term, by a file of somebody else's."""
    write(small.folder / "vocabulary.ttl", CABLE.replace("technology:cable", "<https://example.org/x/digitalisation>"))
    vocabulary = small.vocabulary
    before = vocabulary.resolve("digitalisation")
    gate = Gate(project)
    gate.read([small.folder / "vocabulary.ttl"])
    assert not gate.faults
    assert gate.terms.resolve("digitalisation") == before
    assert gate.terms.resolve("https://example.org/x/digitalisation") == "https://example.org/x/digitalisation"


# ── one source against another ────────────────────────────────────────────────────────────────────────

OTHER = """\
coder: poe
date: 2026-11-22
assertions:
  - id: repeats-doe
    at: "Clever machines loosen … on world affairs."
    claim: machines-weaken-state-monopoly
    voice: attributed
    attributed-to: roe2020
    stance: contests
    hedge: categorical
    mode: finding
    basis: cited-work
  - id: cables-belong-to-firms
    at: "the cables (Poe, 2019) … private firms own."
    claim:
      id: cables-are-private
      kind: characterisation
      says: Cables are in private hands.
      subject: technology-firms
      attribute: holders of cables
    voice: own
    stance: endorses
    hedge: likely
    mode: premise
    basis: reasoning
relations:
  - claim: cables-are-private
    relation: repeats
    other: firms-own-the-cables
    because: Both say who owns them.
"""


class Other(Small):
    """The second corpus on disk: another source, by another coder."""

    @property
    def folder(self) -> Path:
        return self.root / "poe2026"


@pytest.fixture
def other(small: Small, tmp_path: Path) -> Other:
    """A second corpus: it lists the same work, asserts a claim of the first one's, and relates its own to another."""
    made = write_small(tmp_path / "second", tmp_path / "second-texts", small.vocabulary)
    made.rename("poe2026")
    found = Other(made.root, made.texts, made.vocabulary)
    found.path("coding.yaml").write_text(OTHER, encoding="utf-8")
    return found


def load(*corpora: Small) -> list[Source]:
    return corpus.load([open_folder(one.folder, one.root) for one in corpora], corpora[0].vocabulary)


def wrong(*corpora: Small) -> list[InputError]:
    """Return what is wrong with some corpora together, in the order of files and lines."""
    try:
        load(*corpora)
    except Faults as error:
        return list(error.faults)
    return []


def test_a_second_source_says_nothing_of_what_the_first_describes(small: Small, other: Other) -> None:
    """It asserts the other's claim, cites the same work, relates the other's claim: all in nodes of its own."""
    first, second = ([q.triple for q in quads_of(source)] for source in load(small, other))
    described = {t.subject.value for t in first} - {names.expand("coder:tester")}
    about = {(names.compact(t.subject.value), names.compact(t.predicate.value)) for t in second}
    assert {t for t in second if t.subject.value in described} <= set(first)
    link = "link:poe2026.cables-are-private.repeats.firms-own-the-cables"
    assert {(link, "air:inSource"), (link, "air:reason"), ("claim:cables-are-private", "air:repeats")} <= about
    assert ("reference:poe2026.roe2020", "air:listsWork") in about


@pytest.mark.slow
def test_what_was_there_stays_when_a_corpus_is_added(small: Small, other: Other) -> None:
    """Not a triple of the first source is changed or hidden, asserted or derived."""
    write(other.folder / "vocabulary.ttl", CABLE)
    spoil(other, "coding.yaml", "      attribute: holders", "      relates-to: ‸cable\n      attribute: holders")
    alone, both = (pipeline.load(Inputs(corpora)) for corpora in ((small.root,), (small.root, other.root)))
    graphs = {q.graph_name.value for q in alone.quads}
    assert set(alone.quads) == {q for q in both.quads if q.graph_name.value in graphs}
    derived = {q.triple for q in pipeline.derive(both)}
    assert {q.triple for q in pipeline.derive(alone)} <= derived


def test_two_sources_may_relate_the_same_claims_each_for_its_own_reason(small: Small, other: Other) -> None:
    """The node of a relation says who relates and why; one node for both would mix up the two."""
    small.edit("coding.yaml", "  - claim: firms-own-the-cables\n    relation: supports\n    other: machines-weaken",
               "  - claim: cables-are-private\n    relation: repeats\n    other: firms-own-the-cables\n"
               "    because: Said in Doe.\n  - claim: firms-own-the-cables\n    relation: supports\n"
               "    other: machines-weaken")  # fmt: skip
    nodes = {link_id(link) for source in load(small, other) for link in source.links if link.relation == "repeats"}
    assert len(nodes) == 2


def test_a_relation_between_two_claims_of_others_is_refused(small: Small, other: Other) -> None:
    """Who asserts neither of two claims has no word in how they stand to each other."""
    place = spoil(other, "coding.yaml", "- claim: cables-are-private\n", "- claim: ‸machines-leave-state-monopoly\n")
    (fault,) = wrong(small, other)
    assert (fault.place.file.parent.name, fault.place.line, fault.place.column) == ("poe2026", *place)
    assert fault.message == "both claims are others'; this source asserts neither"


def test_a_relation_of_a_foreign_claim_that_the_source_asserts_is_permitted(small: Small, other: Other) -> None:
    """It contests the claim itself, and may say what else that claim clashes with."""
    spoil(other, "coding.yaml", "- claim: cables-are-private\n", "- claim: ‸machines-weaken-state-monopoly\n")
    assert wrong(small, other) == []


def test_a_relation_stands_once(small: Small, other: Other) -> None:
    """One node cannot have two reasons of one source's."""
    again = "claim: cables-are-private\n    relation: repeats\n    other: firms-own-the-cables\n    because: Again.\n"
    place = spoil(other, "coding.yaml", "- claim: cables-are-private\n", f"- {again}  - claim: ‸cables-are-private\n")
    assert [((f.place.line, f.place.column), f.message) for f in wrong(small, other)] == [
        (place, "the same relation stands twice")
    ]


def test_a_claim_is_written_out_once(small: Small, other: Other) -> None:
    """A second text for the same claim would stand beside the first in every answer."""
    place = spoil(other, "coding.yaml", "id: cables-are-private", "id: ‸firms-own-the-cables")
    found = [f for f in wrong(small, other) if "stands twice" in f.message]
    assert [(f.place.file.parent.name, f.place.line, f.place.column) for f in found] == [("poe2026", *place)]
    assert "doe2026/coding.yaml:" in found[0].hint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"title": "Nothing New"', '"title": "The End of Everything"'),
        ('"family": "Roe"', '"family": "Rowe"'),
        ('"date-parts": [[2020]]', '"date-parts": [[2021]]'),
    ],
)
def test_another_work_under_a_known_id_is_refused(small: Small, other: Other, old: str, new: str) -> None:
    """Whoever credits the first work would be shown the second."""
    other.edit("references.json", old, new)
    place = spoil(other, "references.json", '"id": "roe2020"', '"id": ‸"roe2020"')
    (fault,) = wrong(small, other)
    assert (fault.place.file.parent.name, fault.place.line, fault.place.column) == ("poe2026", *place)
    message = r"work 'roe2020' is another work than the one described at .*doe2026/references.json:3:11"
    assert re.fullmatch(message, fault.message)


def test_the_same_work_as_another_list_prints_it_is_that_work(small: Small, other: Other) -> None:
    """A title in other letters and a date in full are how another list prints the same work; the first describes it."""
    other.edit("references.json", '"title": "Nothing New"', '"title": "Nothing new."')
    other.edit("references.json", '"date-parts": [[2020]]', '"date-parts": [[2020, 5]]')
    first, second = load(small, other)
    assert [work.csl["title"] for work in first.works] == ["Nothing New"]
    assert second.works == ()
    assert [entry.work for entry in second.references] == ["roe2020"]


def test_a_source_may_be_a_work_that_another_lists_and_not_another_work(small: Small, other: Other) -> None:
    """Bibliographies print a source in the place of the work with its id."""
    item = '{"id": "doe2026", "type": "article-journal", "title": "Small Powers and Clever Machines", '
    item += '"author": [{"family": "Doe", "given": "J."}], "issued": "2026"},'
    other.edit("references.json", "[\n  {", f"[\n  {item}\n  {{")
    assert wrong(small, other) == []
    place = spoil(other, "references.json", '"id": "doe2026"', '"id": ‸"doe2026"')
    other.edit("references.json", '"family": "Doe"', '"family": "Dove"')
    (fault,) = wrong(small, other)
    assert (fault.place.line, fault.place.column) == place
    assert fault.message.startswith("work 'doe2026' is another work than the one described at ")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"DOI": "10.1000/a", "title": "A"}, {"DOI": "10.1000/A", "title": "B"}, True),
        ({"DOI": "10.1000/a", "title": "A"}, {"DOI": "10.1000/b", "title": "A"}, False),
        ({"title": "On power"}, {"title": "On Power: a view"}, True),
        ({"title": "On power"}, {"title": "Machines"}, False),
        ({"title": "On power", "issued": "2020"}, {"title": "On power", "issued": "2020-05"}, True),
        ({"title": "On power", "issued": "2020"}, {"title": "On power", "issued": "2021"}, False),
        ({"title": "On power", "issued": "2020"}, {"title": "درباره قدرت", "issued": "1399", "language": "fa"}, True),
        ({"title": "On power", "author": [{"literal": "OECD"}]}, {"title": "On power"}, True),
    ],
)
def test_what_may_be_one_work(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    """Lists print one work in many ways, and in two languages; another year or author is another work."""
    assert same_work(one, other) is same
    assert same_work(other, one) is same


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", names.RESERVED)
def test_the_names_of_the_projects_graphs_are_no_sources(small: Small, name: str) -> None:
    """A source with the id `derived` would write into what the rules conclude."""
    small.rename(name)
    folder = open_folder(small.root / name, small.root)
    with pytest.raises(Faults) as caught:
        corpus.load([folder], small.vocabulary)
    assert [(f.place.file.name, f.place.line, f.place.column, f.message) for f in caught.value.faults] == [
        ("source.yaml", 1, 5, f"source id '{name}' is a name of the project's own")
    ]


def test_every_graph_that_is_no_sources_is_reserved(founding: Path) -> None:
    """A graph that is added later must be reserved too."""
    rows: Any = open_store(founding).query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    found = {names.slug_of(row["g"].value) for row in rows}
    sources = {folder.name for folder in source_folders(resources.resource("corpus"))}
    assert found - sources <= set(names.RESERVED)
    assert names.slug_of(inventory.DATASET) in names.RESERVED


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("coding.yaml", "id: grip-loosens", "id: ‸grip.loosens"),
        ("coding.yaml", "id: machines-weaken-state-monopoly", "id: ‸machines.weaken"),
        ("coding.yaml", "id: roe-2020", "id: ‸roe.2020"),
        ("coding.yaml", "coder: tester", "coder: ‸test.er"),
        ("source.yaml", "  - id: title", "  - id: ‸ti.tle"),
        ("references.json", '"id": "roe2020"', '"id": ‸"roe.2020"'),
        ("source.yaml", "id: doe2026\n", "id: ‸doe.2026\n"),
    ],
)
def test_a_dot_joins_names_and_stands_in_none(small: Small, file: str, old: str, new: str) -> None:
    """`a` + `b.c` and `a.b` + `c` would be one node of two sources."""
    place = spoil(small, file, old, new)
    assert place in [(f.place.line, f.place.column) for f in small.faults() if f.place.file.name == file]


@pytest.mark.parametrize(
    ("old", "new"),
    [("coder: poe", "coder: ‸airkg"), ("    hedge: likely\n", "    hedge: likely\n    coder: ‸airkg\n")],
)
def test_only_the_founding_corpus_is_signed_by_the_project(small: Small, other: Other, old: str, new: str) -> None:
    """Whose word it is stands in every row; nobody signs with another's name."""
    place = spoil(other, "coding.yaml", old, new)
    project = Folder(small.folder, None, None, None, None, resources.resource("corpus"))
    found = list(rights.faults([project, open_folder(other.folder, other.root)]))
    assert [(f.place.line, f.place.column) for f in found] == [place]
    assert found[0].message == "coder 'airkg' is the name of those who coded the founding corpus"


def test_an_unresolved_citation_is_not_called_like_a_work(small: Small) -> None:
    """Whoever credits the id would credit the work no more."""
    small.edit("coding.yaml", "attributed-to: poe-2019", "attributed-to: roe2020")
    place = spoil(small, "coding.yaml", "  - id: poe-2019", "  - id: ‸roe2020")
    assert [((f.place.line, f.place.column), f.message) for f in small.faults()] == [
        (place, "id 'roe2020' is that of a listed work")
    ]


def test_a_work_under_two_ids_is_credited_in_one_way(small: Small) -> None:
    """The sentence's own citation and an inherited one are one node for one work."""
    again = '{"id": "roe2020-again", "type": "book", "title": "Nothing New", "custom": {"work": "roe2020"}}'
    small.edit("references.json", "  }\n]", f"  }},\n  {again}\n]")
    place = spoil(small, "coding.yaml", "attributed-to: [roe2020]\n",
                  "attributed-to: [roe2020]\n    inherited-from: ‸[roe2020-again]\n")  # fmt: skip
    assert [((f.place.line, f.place.column), f.message) for f in small.faults()] == [
        (place, "'roe2020-again' is the same work as 'roe2020' in attributed-to")
    ]
