"""What a name means: works, people, sections and codes by the names that people use, and what is near to a miss."""

from __future__ import annotations

import pytest
from small import Run

from kg import names
from kg.ask.identify import identify, named
from kg.errors import UsageError
from kg.grounds import Engine


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("Giacomello 2024", "work:giacomello2024"),
        ("Giacomello & Eriksson (2024)", "work:giacomello2024"),
        ("Lambach et al. (2023)", "work:lambach2023"),
        ("(Chen, 2023)", "work:chen2023"),
        ("Chen 2023", "work:chen2023"),
        ("Wang 2025", "work:valle2025"),
        ("Hirblinger 2024", "work:hirblinger2024"),
        ("Hirblinger et al. 2024", "work:hirblinger2024forum"),
        ("Hanggarini 2025", "source:hanggarini2025"),
        ("Hanggarini 2025b", "work:hanggarini2025book"),
        ("Koohkan & Asgarian (2026)", "source:koohkan2026"),
        ("Sharifzadeh et al. 2024", "work:sharifzadeh2024"),
        ("شريف زاده و همكاران، ۱۴۰۳", "work:sharifzadeh2024"),
        ("Rise of the nerd", "work:giacomello2024"),
        ("Artificial intelligence", "technology:artificial-intelligence"),
        ("Besenyo", "agent:besenyo-j.besenyo2024"),
        ("Amir Houshang Mirkoushesh", "agent:mirkoushesh-amir-houshang"),
        ("شریف زاده", "agent:sharifzadeh-zahra"),
        ("Results & discussion", "section:hanggarini2025.results"),
        ("Research Methodology", "section:koohkan2026.methodology"),
        ("political domain", "domain:political"),
        ("contests", "code:stance.contests"),
        ("Categorical", "code:hedge.categorical"),
        ("رد مي كند", "code:stance.contests"),
        ("Middle-Powers", "actor:middle-powers"),
        ("هوش مصنوعي", "technology:artificial-intelligence"),
        ("strategic  autonomy", "phenomenon:strategic-autonomy"),
    ],
)
def test_a_name_means_one_thing(engine: Engine, name: str, thing: str) -> None:
    assert names.compact(identify(engine, name)) == thing


@pytest.mark.parametrize(
    ("name", "things"),
    [
        ("Conclusion", ["section:hanggarini2025.conclusion", "section:koohkan2026.conclusion"]),
        ("Giacomello", ["agent:giacomello-g.eriksson2021", "agent:giacomello-g.giacomello2024"]),
        ("data", ["code:aspect.data", "code:basis.data"]),
    ],
)
def test_a_name_of_several_things_lists_them_all_with_labels(engine: Engine, name: str, things: list[str]) -> None:
    assert [names.compact(iri) for iri in named(engine, name)] == things
    with pytest.raises(UsageError, match="names several things") as told:
        identify(engine, name)
    assert all(f"{thing} (" in str(told.value) for thing in things)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Giacomelo 2024", "work:giacomello2024 (Giacomello and Eriksson 2024)"),
        ("giacomello 2023", "work:giacomello2024 (Giacomello and Eriksson 2024)"),
        ("Hiacomello 2024", "work:giacomello2024 (Giacomello and Eriksson 2024)"),
        ("surveilance", "risk:surveillance (surveillance)"),
        ("results", "section:hanggarini2025.results (Results and discussion)"),
        ("actor:middle-power", "actor:middle-powers (middle powers)"),
        ("politcal domain", "domain:political (political domain)"),
    ],
)
def test_a_miss_is_told_with_near_names_the_best_first(engine: Engine, name: str, first: str) -> None:
    assert named(engine, name) == []
    with pytest.raises(UsageError) as told:
        identify(engine, name)
    assert str(told.value).startswith(f"error: nothing is named '{name}'\n  hint: did you mean {first}")


def test_several_near_names_are_told_and_no_passage_among_them(engine: Engine) -> None:
    with pytest.raises(UsageError) as told:
        identify(engine, "result")
    assert str(told.value).endswith(
        "hint: did you mean section:hanggarini2025.results (Results and discussion), "
        "section:hanggarini2025.results-after-table (Results and discussion, after Table 1)?"
    )


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200c",
        "۞",
        "…",
        "\u202e",
        "x" * 100_000,
        "e" + "\u0301\u0323" * 50_000,
        "work 2024 " * 9000,
        "\udcff",
    ],
    ids=lambda name: ascii(name[:8]),
)
def test_a_name_that_is_none_is_refused_in_a_line(kg: Run, name: str) -> None:
    """Quickly, however long it is, and without a letter that a terminal obeys."""
    code, out, err = kg("show", name)
    assert (code, out) == (2, "")
    assert err.startswith("error: nothing is named '") and len(err.splitlines()) == 2
    assert len(err) < 1000 and "\u202e" not in err
