"""Names, words of the full text, values of filters and passages are compared by one table of letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.ask import filters, spelling, work_names
from kg.load import agents
from kg.load.texts import Text
from kg.store import folding

EVERY: dict[str, Callable[[str], str]] = {
    "full text": folding.fold,
    "names of things": spelling.key,
    "names of works": work_names.fold,
    "values of filters": filters.fold,
}
LETTERS_KEPT: dict[str, Callable[[str], str]] = {
    "passages": lambda text: Text(text).folded.lower(),
    "names of people": agents.fold,
}
"""These keep marks, since two people or passages may differ in one."""


@pytest.mark.parametrize("where", EVERY)
@pytest.mark.parametrize(
    "forms",
    [
        ("Frąckiewicz", "Fra\u0328ckiewicz", "FRACKIEWICZ"),
        ("Østergård", "ostergard"),
        ("Łódź", "lodz"),
        ("straße", "STRASSE"),
        ("کتاب", "كتاب", "کِتابْ", "کتـــاب"),
        ("آیندۀ", "ايندة", "اینده"),
        ("ہمه", "همه"),
        ("۱۴۰۵", "١٤٠٥", "1405"),
    ],
    ids=lambda forms: forms[0],
)
def test_a_letter_that_is_one_somewhere_is_one_everywhere(where: str, forms: tuple[str, ...]) -> None:
    """`kg search` found a name that `kg ask` did not know, since each had a table of its own."""
    assert len({EVERY[where](form) for form in forms}) == 1


@pytest.mark.parametrize("where", LETTERS_KEPT)
@pytest.mark.parametrize("forms", [("کتاب", "كتاب", "کتـــاب"), ("موسی", "موسى", "موسي"), ("خانہ", "خانة", "خانه")])
def test_where_marks_are_kept_the_letters_are_the_same(where: str, forms: tuple[str, ...]) -> None:
    assert len({LETTERS_KEPT[where](form) for form in forms}) == 1


def test_there_is_one_table_of_letters() -> None:
    """Whoever writes Arabic yeh or kaf in the program makes a second one."""
    root = Path(kg.__file__).parent
    having = [file.name for file in root.rglob("*.py") if {"\u064a", "\u0643"} & set(file.read_text("utf-8"))]
    assert having == ["folding.py"]
