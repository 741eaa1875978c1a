"""The graph: what each record becomes, always the same quads, with a name for every node."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import Small

from kg import names
from kg.errors import Place
from kg.graph import (
    canonical,
    code,
    issued_date,
    literal,
    person,
    place_label,
    quads_of,
    short_reference,
    text_fragment,
)
from kg.load import csl
from kg.model import CODES, KINDS, LINKS
from kg.records import Claim, Passage, Section, Source


def triples(source: Source) -> set[str]:
    """Return the graph as lines of compact names, which a person can read."""

    def show(node: ox.NamedNode | ox.Literal) -> str:
        if isinstance(node, ox.NamedNode):
            return names.compact(node.value)
        kind = f"@{node.language}" if node.language else f"^^{names.compact(node.datatype.value)}"
        return f'"{node.value}"{kind}'.removesuffix("^^xsd:string")

    return {f"{show(q.subject)} {show(q.predicate)} {show(q.object)}" for q in quads_of(source)}


def test_an_assertion_leads_to_its_claim_its_source_and_its_passages(small: Small) -> None:
    """The three plain nodes, as every question walks them."""
    found = {line for line in triples(small.load()) if line.startswith("assertion:doe2026.grip-loosens ")}
    passages = sorted(line.split(" ")[2] for line in found if " air:hasPassage " in line)
    assert found == {
        "assertion:doe2026.grip-loosens " + rest
        for rest in (
            "rdf:type air:Assertion",
            "air:asserts claim:machines-weaken-state-monopoly",
            "air:inSource source:doe2026",
            f"air:hasPassage {passages[0]}",
            f"air:hasPassage {passages[1]}",
            "air:hasVoice code:voice.own",
            "air:hasStance code:stance.endorses",
            "air:hasHedge code:hedge.categorical",
            "air:hasMode code:mode.finding",
            "air:hasBasis code:basis.reasoning",
            "air:hasDomain domain:political",
            "air:codedBy coder:tester",
            'dcterms:created "2026-11-21"^^xsd:date',
        )
    }


def test_a_claim_says_what_its_slots_say(small: Small) -> None:
    """One triple a slot and value, the statement in each language, and nothing else."""
    found = {line for line in triples(small.load()) if line.startswith("claim:machines-weaken-state-monopoly ")}
    assert found == {
        "claim:machines-weaken-state-monopoly " + rest
        for rest in (
            "rdf:type air:EffectClaim",
            'air:statement "Artificial intelligence weakens the monopoly of states."@en',
            'air:statement "هوش مصنوعی انحصار دولت‌ها را سست می‌کند."@fa',
            "air:hasCause technology:artificial-intelligence",
            "air:hasEffect relation:weakens",
            "air:hasAffected phenomenon:state-monopoly",
        )
    }


def test_a_passage_is_a_web_annotation_target_with_a_link_to_the_words(small: Small) -> None:
    """Other tools find the place by offsets, people by the link, and none of the words are copied."""
    found = triples(small.load())
    node = next(line.split(" ")[0] for line in found if line.endswith(' air:words "nothing of the sort has happened"'))
    start, end = node.rpartition(".")[2].split("-")
    position = node.replace("passage:", "position:")
    assert {line for line in found if line.startswith((f"{node} ", f"{position} "))} == {
        f"{node} rdf:type air:Passage",
        f"{node} rdf:type oa:SpecificResource",
        f'{node} skos:prefLabel "Introduction, ¶ 2"',
        f"{node} air:inSource source:doe2026",
        f"{node} oa:hasSource source:doe2026",
        f"{node} air:inSection section:doe2026.introduction",
        f'{node} air:paragraph "2"^^xsd:integer',
        f'{node} air:words "nothing of the sort has happened"',
        next(line for line in found if line.startswith(f"{node} air:digest ")),
        f"{node} oa:hasSelector {position}",
        f'{node} air:webPage "https://example.org/doe2026#:~:text=nothing%20of%20the%20sort%20has%20happened"^^xsd:anyURI',
        f"{position} rdf:type oa:TextPositionSelector",
        f'{position} oa:start "{start}"^^xsd:integer',
        f'{position} oa:end "{end}"^^xsd:integer',
    }


def test_an_attribution_goes_to_the_work_or_to_the_pointer_that_resolves_to_none(small: Small) -> None:
    """A work that the reference list lacks is not invented: the in-text citation stands for it."""
    found = triples(small.load())
    assert {line for line in found if line.startswith("attribution:")} == {
        "attribution:doe2026.nothing-happened.roe2020 rdf:type air:Attribution",
        "attribution:doe2026.nothing-happened.roe2020 air:hasScope code:scope.strict",
        "attribution:doe2026.nothing-happened.roe2020 air:attributedTo work:roe2020",
        "attribution:doe2026.firms-own-cables.poe-2019 rdf:type air:Attribution",
        "attribution:doe2026.firms-own-cables.poe-2019 air:hasScope code:scope.strict",
        "attribution:doe2026.firms-own-cables.poe-2019 air:throughCitation citation:doe2026.poe-2019",
    }
    assert "citation:doe2026.poe-2019 air:hasDefect code:defect.missing-entry" in found
    assert "citation:doe2026.roe-2020 air:citesWork work:roe2020" in found


def test_a_relation_of_claims_is_an_edge_and_a_node_with_its_reason(small: Small) -> None:
    """The edge is for walking, the node for asking who said so and why."""
    found = triples(small.load())
    node = "link:doe2026.firms-own-the-cables.supports.machines-weaken-state-monopoly"
    assert "claim:firms-own-the-cables air:supports claim:machines-weaken-state-monopoly" in found
    assert {line for line in found if line.startswith(node)} == {
        f"{node} rdf:type air:ClaimLink",
        f"{node} air:linksFrom claim:firms-own-the-cables",
        f"{node} air:linksTo claim:machines-weaken-state-monopoly",
        f"{node} air:hasLinkProperty code:link.supports",
        f'{node} air:reason "Who owns the cables has a part of what governments had."',
        f"{node} air:inSource source:doe2026",
    }


def test_the_same_records_make_the_same_quads(small: Small) -> None:
    """Two builds are compared byte by byte; so are their parts."""
    assert canonical(quads_of(small.load())) == canonical(quads_of(small.load()))
    source = small.load()
    turned = replace(
        source,
        assertions=source.assertions[::-1],
        claims=source.claims[::-1],
        citations=source.citations[::-1],
        works=source.works[::-1],
    )
    assert canonical(quads_of(turned)) == canonical(quads_of(source))


def test_no_node_is_without_a_name_and_all_are_in_the_source_s_graph(small: Small) -> None:
    """A blank node would get another name in every build, and nobody could link to it."""
    quads = list(quads_of(small.load()))
    assert {q.graph_name.value for q in quads} == {"https://w3id.org/airkg/id/graph/doe2026"}
    assert not any(isinstance(node, ox.BlankNode) for q in quads for node in (q.subject, q.object))
    assert all(names.compact(q.subject.value) != q.subject.value for q in quads), "every subject has a short name"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_slot_of_every_kind_becomes_its_property(small: Small, kind: object) -> None:
    """A slot that the graph forgot would be coded in vain."""
    assert hasattr(kind, "slots")
    filler = {"term": "https://w3id.org/airkg/id/actor/x", "text": "words", "number": "15.7", "date": "2025"}
    slots = (*kind.slots, kind.slot("level"), kind.slot("condition"), kind.slot("time"))
    values = tuple((s.name, (CODES[s.classes[0]][0] if s.filler == "code" else filler[s.filler],)) for s in slots)
    claim = Claim("c", kind.name, "doe2026", "It is so.", None, values, Place(Path("x")))
    found = triples(replace(small.load(), claims=(claim,)))
    for slot, (_, (value,)) in zip(slots, values, strict=True):
        shown = {
            "term": "actor:x",
            "code": f"code:{slot.classes[0] if slot.classes else ''}.{value}",
            "number": '"15.7"^^xsd:decimal',
        }.get(slot.filler, f'"{value}"')
        assert f"claim:c air:{slot.property} {shown}" in found
    assert f"claim:c rdf:type air:{kind.cls}" in found


def test_a_code_outside_its_scheme_is_refused() -> None:
    """The loader has checked it; the graph must still never make up a node."""
    assert code("stance", "contests") == "https://w3id.org/airkg/id/code/stance.contests"
    with pytest.raises(ValueError, match="stance has no value 'doubts'"):
        code("stance", "doubts")
    assert set(LINKS) == {"supports", "in tension with", "refines", "repeats", "differs in translation from"}


def test_a_place_reads_as_a_footnote_would_have_it() -> None:
    """Section and paragraph are what a reader without page numbers can follow."""
    section = Section("s", "Research Findings", "en", 0)
    assert place_label(Passage("x", "a … b", 0, 9, 3, section, "")) == "Research Findings, ¶ 3"


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ({"author": [{"family": "Roe"}], "issued": {"date-parts": [[2020, 3]]}}, "Roe 2020"),
        ({"author": [{"family": "Roe"}, {"family": "Poe"}], "issued": "2025-11-06"}, "Roe and Poe 2025"),
        ({"author": [{"family": n} for n in "ABC"], "issued": {"date-parts": [["2020"]]}}, "A et al. 2020"),
        ({"author": [{"family": "Roe"}], "custom": {"et-al": True}}, "Roe et al. n.d."),
        ({"author": [{"literal": "United Nations"}]}, "United Nations n.d."),
        ({"publisher": "OECD", "title": "T", "issued": "2019"}, "OECD 2019"),
        ({"title": "T"}, "T n.d."),
        ({}, "Anonymous n.d."),
    ],
)
def test_a_work_is_called_by_author_and_year(item: dict[str, object], label: str) -> None:
    """The label is what an answer's column shows; it has to be what a bibliography would say."""
    assert short_reference(item) == label


def test_names_and_dates_are_read_as_csl_has_them() -> None:
    """CSL-JSON allows several forms of both."""
    assert person({"family": "Roe", "given": "R."}) == "Roe, R."
    assert person({"literal": "United Nations"}) == "United Nations"
    assert issued_date({"issued": {"date-parts": [[2025, 5, 2]]}}) == "2025-05-02"
    assert issued_date({"issued": {}}) == issued_date({}) == ""


TEXT = st.text(max_size=5)
PARTS = st.lists(st.lists(st.integers() | TEXT))
NAME = st.dictionaries(st.sampled_from(["family", "given", "literal"]), TEXT | st.none())
ITEMS = st.fixed_dictionaries(
    {"type": st.sampled_from([*csl.FABIO, "tweet", 5])},
    optional={
        "title": TEXT | st.integers(),
        "author": st.lists(NAME) | TEXT,
        "issued": st.none() | TEXT | st.integers() | st.dictionaries(st.just("date-parts"), PARTS) | st.just("2025-02"),
        "language": TEXT | st.sampled_from(["en", "fa", "zh-Hant"]),
        "publisher": TEXT | st.none(),
        "custom": st.dictionaries(st.sampled_from(["fabio", "defects", "et-al"]), TEXT | st.booleans()) | TEXT,
    },
)


@given(item=ITEMS)
def test_an_item_without_a_fault_makes_a_graph(item: dict[str, object]) -> None:
    """What the loader lets through, the graph can be made from: no other check stands between them."""
    if not list(csl.wrong(item)):
        assert short_reference(item)
        assert literal(str(item.get("title", "")), language=str(item.get("language", "en")))
        assert all(map(person, item.get("author", [])))
        assert csl.is_date(issued_date(item) or "2025")


@pytest.mark.parametrize(
    ("url", "at", "expected"),
    [
        ("https://x.org/a", "two words", "https://x.org/a#:~:text=two%20words"),
        ("https://x.org/a", "first … last", "https://x.org/a#:~:text=first,last"),
        ("https://x.org/a", "multi-level, a & b", "https://x.org/a#:~:text=multi%2Dlevel%2C%20a%20%26%20b"),
        ("https://x.org/a", "the *stressed* word", "https://x.org/a#:~:text=the%20stressed%20word"),
        ("https://x.org/a#s2", "first … last", "https://x.org/a#s2:~:text=first,last"),
        (
            "https://x.org/a",
            "سست می‌کند",
            "https://x.org/a#:~:text=%D8%B3%D8%B3%D8%AA%20%D9%85%DB%8C%E2%80%8C%DA%A9%D9%86%D8%AF",
        ),
    ],
)
def test_a_text_fragment_opens_the_page_at_the_words(url: str, at: str, expected: str) -> None:
    """`-`, `&` and `,` have a meaning there; a link that keeps them opens the page at its top."""
    assert text_fragment(url, at) == expected


@given(at=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="…*_"), min_size=1))
def test_a_text_fragment_holds_the_words_and_nothing_that_ends_it(at: str) -> None:
    """Whatever the words are, they come back when the fragment is decoded."""
    fragment = text_fragment("https://x.org/", at).partition("#:~:text=")[2]
    assert unquote(fragment) == at.strip()
    assert not set(fragment) & set('-&, \n#"<>')


@given(slug=st.from_regex(names.SLUG, fullmatch=True), kind=st.sampled_from(names.KINDS))
def test_a_minted_name_shortens_and_lengthens_again(slug: str, kind: str) -> None:
    """What an answer shows as an id is what `kg show` takes."""
    iri = names.thing(kind, slug)
    assert names.compact(iri) == f"{kind}:{slug}"
    assert names.expand(names.compact(iri)) == iri
    assert names.slug_of(iri) == slug
