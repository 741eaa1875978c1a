"""What the records say where one assertion, credit or section differs from what the whole file says."""

from __future__ import annotations

from small import Small

from kg import graph


def test_an_assertion_may_have_a_coder_and_a_day_of_its_own(small: Small) -> None:
    small.edit(
        "coding.yaml",
        "    basis: cited-work\n  - id: firms",
        "    basis: cited-work\n    coder: second\n    date: 2026-12-24\n  - id: firms",
    )
    coded = {a.id: (a.coder, a.date) for a in small.load().assertions}
    assert coded.pop("nothing-happened") == ("second", "2026-12-24")
    assert set(coded.values()) == {("tester", "2026-11-21")}


def test_a_credit_says_whether_its_pointer_stands_at_the_sentence(small: Small) -> None:
    small.edit(
        "coding.yaml", "    attributed-to: poe-2019", "    attributed-to: poe-2019\n    inherited-from: [roe2020]"
    )
    credits = {a.id: [(c.to, c.resolved, c.scope) for c in a.attributions] for a in small.load().assertions}
    assert credits["nothing-happened"] == [("roe2020", True, "strict")]
    assert credits["firms-own-cables"] == [("poe-2019", False, "strict"), ("roe2020", True, "inherited")]
    assert credits["grip-loosens"] == []


def test_a_passage_is_in_the_section_that_began_last_and_has_its_language(small: Small) -> None:
    source = small.load()
    assert [(s.id, s.language) for s in source.sections] == [
        ("title", "en"),
        ("introduction", "en"),
        ("conclusion", "fa"),
    ]
    placed = {a.id: [p.section.id for p in a.passages] for a in source.assertions}
    assert placed["grip-loosens"] == ["introduction", "conclusion"]
    assert placed["ministries-train"] == ["introduction", "introduction"]
    assert [c.passage.section.id for c in source.citations] == ["introduction", "introduction"]


def test_paragraphs_are_counted_without_headings(small: Small) -> None:
    places = {a.id: [graph.place_label(p) for p in a.passages] for a in small.load().assertions}
    assert places["grip-loosens"] == ["Introduction, ¶ 1", "Conclusion, ¶ 1"]
    assert places["nothing-happened"] == ["Introduction, ¶ 2"]
    assert places["firms-own-cables"] == ["Introduction, ¶ 3"]


def test_what_is_left_out_has_its_passages_and_reason(small: Small) -> None:
    left = [(o.passage.at, o.reason) for o in small.load().omissions]
    assert left == [("INTRODUCTION", "heading"), ("CONCLUSION", "heading")]


def test_entries_stand_in_the_order_printed_from_one(small: Small) -> None:
    second = '{"id": "again", "type": "book", "title": "Again", "custom": {"work": "roe2020"}}'
    more = '    "issued": {"date-parts": [[2020]]}\n  },\n  ' + second
    small.edit("references.json", '    "issued": {"date-parts": [[2020]]}\n  }', more)
    source = small.load()
    assert [(r.id, r.work, r.position) for r in source.references] == [
        ("roe2020", "roe2020", 1),
        ("again", "roe2020", 2),
    ]
    assert [work.id for work in source.works] == ["roe2020"]
