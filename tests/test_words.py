"""The words that the project puts on a page: none of them is English where a reader asked for Persian."""

from __future__ import annotations

import re

import pytest
from printing import PERSIAN, QUESTIONS, SCOPE, WHO

from kg.queries import Query
from kg.words import words

FOOT = (
    *(
        ", ",
        "row",
        "rows",
        "claim",
        "source",
        "cited work",
        "of",
        "goes on",
        "none with",
        "without filters",
        "only with",
    ),
    "left out: no year is known",
)
"""What is said of an answer as a whole."""


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_is_put_in_persian(question: Query) -> None:
    """With the same blanks, and an answer to no rows of its own where the English has one."""
    persian = str(question.header["question-fa"])
    blanks = re.compile(r"\{\w+\}")
    assert sorted(blanks.findall(persian)) == sorted(blanks.findall(str(question.header["question"])))
    assert not re.search("[A-Za-z]", blanks.sub("", persian))
    assert persian.endswith("؟")
    assert ("nothing-fa" in question.header) == ("nothing" in question.header)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_is_found_by_persian_words(question: Query) -> None:
    words_of_it = question.header["tags-fa"]
    assert len(set(words_of_it)) == len(words_of_it) >= 3
    assert not [word for word in words_of_it if re.search("[A-Za-zيك]", word) or not re.search("[آ-ی]", word)]


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_column_and_parameter_has_a_persian_name_of_its_own(question: Query) -> None:
    say = words("fa")
    heads = [*question.columns, "claim", "contested by", WHO]
    assert [name for name in (*heads, *(p.name for p in question.params)) if not re.search("[آ-ی]", say(name))] == []
    assert len({say(name) for name in dict.fromkeys(heads)}) == len(dict.fromkeys(heads))


def test_the_words_between_have_persian_ones() -> None:
    plain = (*SCOPE, "anything", "citing", "view of", "The sources say nothing about this.", *FOOT)
    assert [word for word in plain if words("fa")(word) == word] == []
    assert words("en")("citing") == words("de")("citing") == "citing"


def test_the_list_is_in_order_and_says_nothing_twice() -> None:
    assert list(PERSIAN) == sorted(PERSIAN)
    assert not [word for word, persian in PERSIAN.items() if re.search("[A-Za-zيك]", persian)]
