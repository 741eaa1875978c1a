"""The ways in which scholars write the name of a work: each means it, and none of them another."""

from __future__ import annotations

from typing import Any

import pytest
from printing import Graph

from kg import names
from kg.ask.work_names import LOOSE, OWN, TITLE, USUAL, fold, forms_of_work, works
from kg.grounds import Engine


def work(*authors: str | dict[str, str], year: int | None = 2021, **more: Any) -> dict[str, Any]:
    """Return a CSL item: each author `Family, Given`, or as CSL has it."""
    people = [
        {"family": a.partition(", ")[0], "given": a.partition(", ")[2]} if isinstance(a, str) else a for a in authors
    ]
    return {"author": people, **({"issued": {"date-parts": [[year]]}} if year else {}), **more}


def ranks(csl: dict[str, Any], called: dict[int, list[str]] | None = None) -> dict[str, int]:
    """Return the forms as they are compared."""
    found: dict[str, int] = {}
    for form, rank in forms_of_work(csl, called).items():
        found[fold(form)] = min(rank, found.get(fold(form), rank))
    return found


LAMBACH = work("Lambach, D.", "Landwehr-Matlé, J.", "Oppermann, K.", year=2023, title="Tech Wars: A Tale")
MEER = work({"family": "Meer", "given": "Jan", "non-dropping-particle": "van der"}, **{"year-suffix": "a"})
TWO = work("Giacomello, G.", "Eriksson, J.", year=2024)
PERSIAN = work("شریف‌زاده, زهرا", "میرکوشش, امیر", "حسینی, محمد", year=2024)
LATIN = {1: ["Sharifzadeh"], 2: ["Mirkoushesh"], 3: ["Hosseini"]}


@pytest.mark.parametrize(
    ("csl", "written", "rank"),
    [
        (LAMBACH, "Lambach et al. 2023", OWN),
        (LAMBACH, "Lambach et al. (2023)", OWN),
        (LAMBACH, "(Lambach et al., 2023)", OWN),
        (LAMBACH, "lambach et al 2023", OWN),
        (LAMBACH, "Lambach, Landwehr-Matlé and Oppermann 2023", USUAL),
        (LAMBACH, "Lambach, Landwehr-Matle, & Oppermann, 2023", USUAL),
        (LAMBACH, "Lambach, Landwehr Matlé, Oppermann 2023", USUAL),
        (LAMBACH, "Lambach and others 2023", USUAL),
        (LAMBACH, "Lambach and colleagues (2023)", USUAL),
        (LAMBACH, "Lambach 2023", USUAL),
        (LAMBACH, "D. Lambach 2023", USUAL),
        (LAMBACH, "Lambach, D. (2023)", USUAL),
        (LAMBACH, "Lambach D et al. 2023", USUAL),
        (LAMBACH, "Lambach and Landwehr-Matlé 2023", LOOSE),
        (LAMBACH, "Oppermann 2023", LOOSE),
        (LAMBACH, "Tech Wars: A Tale", TITLE),
        (LAMBACH, "tech wars", TITLE),
        (MEER, "van der Meer 2021a", OWN),
        (MEER, "Van der Meer (2021a)", OWN),
        (MEER, "Meer 2021a", USUAL),
        (MEER, "Jan van der Meer 2021a", USUAL),
        (MEER, "van der Meer 2021", LOOSE),
        (work("van der Meer, J."), "Meer 2021", USUAL),
        (work("d’Aspremont, J."), "d'Aspremont 2021", OWN),
        (TWO, "Giacomello and Eriksson 2024", OWN),
        (TWO, "Giacomello & Eriksson (2024)", OWN),
        (TWO, "Giacomello, Eriksson 2024", USUAL),
        (TWO, "Giacomello et al. 2024", USUAL),
        (TWO, "Giacomello 2024", USUAL),
        (TWO, "Eriksson 2024", LOOSE),
        (work("Besenyő, J."), "Besenyo 2021", OWN),
        (work("Frąckiewicz, M."), "Frackiewicz 2021", OWN),
        (work("Łoś, M."), "Los 2021", OWN),
        (work("Müller, H."), "Muller 2021", OWN),
        (work("Müller, H."), "Mueller 2021", USUAL),
        (work("Al-Amaireh, A."), "Amaireh 2021", USUAL),
        (work("Sökmen Alaca, A."), "Sokmen 2021", LOOSE),
        (work("Sökmen Alaca, A."), "Alaca (2021)", LOOSE),
        (work({"literal": "McKinsey Global Institute"}), "McKinsey Global Institute (2021)", OWN),
        (work("Baig, M.", year=None), "Baig n.d.", OWN),
        (work("Baig, M.", year=None), "Baig (n.d.)", OWN),
        (work("Baig, M.", year=None), "Baig, undated", USUAL),
        (work(publisher="Oxford", title="Dictionary"), "Oxford 2021", OWN),
        (work(publisher="Oxford", title="Dictionary"), "Dictionary 2021", USUAL),
        (PERSIAN, "شریف‌زاده et al. 2024", OWN),
        (PERSIAN, "شریف‌زاده و همکاران ۲۰۲۴", USUAL),
        (PERSIAN, "شريف زاده و ديگران، ٢٠٢٤", USUAL),
        (PERSIAN, "شریفزاده، میرکوشش و حسینی (۲۰۲۴)", USUAL),
        (PERSIAN, "شریف‌زاده و همکاران، ۱۴۰۳", LOOSE),
        (PERSIAN, "Sharifzadeh et al. 2024", USUAL),
        (PERSIAN, "Sharifzadeh, Mirkoushesh and Hosseini (2024)", USUAL),
        (PERSIAN, "Sharifzadeh 2024", USUAL),
        (PERSIAN, "Hosseini 2024", LOOSE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_work_is_known_by_each_way_of_writing_it(csl: dict[str, Any], written: str, rank: int) -> None:
    """The nearer to the label, the lower the number: so that a label never loses against a way to shorten another."""
    assert ranks(csl, LATIN if csl is PERSIAN else None).get(fold(written)) == rank


@pytest.mark.parametrize(
    ("csl", "written"),
    [
        (LAMBACH, "Lambach 2024"),
        (LAMBACH, "Lambach"),
        (LAMBACH, "2023"),
        (LAMBACH, "J. Oppermann 2023"),
        (MEER, "van der Meer 2021b"),
        (MEER, "der 2021a"),
        (work("Doe, J."), "Doe et al. 2021"),
        (work("Al-Amaireh, A."), "Al 2021"),
        (TWO, "Giacomello 1402"),
        (work("Baig, M.", year=None), "Baig 2021"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_means_another_work_is_no_name_of_it(csl: dict[str, Any], written: str) -> None:
    assert fold(written) not in ranks(csl)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Landwehr-Matlé", "landwehr matle"),
        ("قدرت‌های میانه", "قدرت هاي ميانه"),
        ("چهره‌آزاد", "چهره ازاد"),
        ("مسئولیت", "مسيوليت"),
        ("۱۴۰۳", "١٤٠٣"),
        ("Istanbul", "İstanbul"),
        ("AI & war", "AI and war"),
        ("ﬁrms", "firms"),
        ("Straße", "STRASSE"),
    ],
)
def test_what_differs_in_writing_alone_folds_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_a_name_of_signs_folds_to_nothing_and_a_very_long_one_is_cut() -> None:
    """Marks in the wrong order are sorted at the cost of their square: of a hundred thousand, a thousand are."""
    assert {fold(sign) for sign in ("", " ", "\u200c", "…", "۞", "\u202e", "\u0301")} == {""}
    assert fold("e" + "\u0301\u0323" * 100_000) == "e"
    assert len(fold("x" * 100_000)) == 1000


def test_every_work_of_the_graph_goes_by_its_label_and_by_each_of_its_authors(engine: Engine, graph: Graph) -> None:
    """Also those whose Persian authors the graph calls by a Latin name."""
    found = works(engine)
    assert set(found) == set(graph.all("air:Work"))
    for iri, forms in found.items():
        assert forms[graph.label(iri, "en")] == OWN
    assert found[names.expand("work:dehghani2023")]["Dehghani Firoozabadi and Chehraazad 2023"] == USUAL
    assert found[names.expand("work:oxford2025")]["Oxford English Dictionary 2025"] == USUAL
