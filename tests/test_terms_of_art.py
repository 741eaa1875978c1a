"""Every term of art that the sources use is found: a thing or a claim has the field's word for it.

`terms-of-art.txt` was made by reading the texts sentence by sentence: language, tab, term. Found is what stands, all
words in their order, in a label of a thing, which `kg show` opens by its name, or in a claim's statement.
"""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from printing import Graph

from kg import names
from kg.ask.identify import identify
from kg.ask.search import search, wanted
from kg.grounds import Engine
from kg.store import index

LINES = (Path(__file__).parent / "terms-of-art.txt").read_text(encoding="utf-8").splitlines()
TERMS = [(language, term) for language, _, term in (line.partition("\t") for line in LINES)]
ABOUT = f"{names.BASE}id/"


def folded(text: str) -> str:
    """Return the words of a text between blanks, without case, hyphens and ZWNJ.

    *State actors* is not in *non-state actors*: `non` is no word of its own.
    """
    text = re.sub(r"\bnon[-‐‑]", "non", text.casefold().replace("\u200c", ""))
    words = " ".join(re.findall(r"\w+", text))
    return f" {words} "


def spelled(text: str) -> str:
    """Return the text folded, in British spelling: our sentences have it, the sources' terms have both."""
    text = folded(text).replace("behavior", "behaviour").replace("defense", "defence")
    return re.sub(r"(?<=\w)iz(?=e|ing|ation)", "is", text)


class Finder:
    """What somebody finds who looks a term up in the founding corpus."""

    def __init__(self, graph: Graph) -> None:
        self.labels: dict[str, list[str]] = {}
        self.statements: dict[str, list[str]] = {}
        for (thing, path), values in graph.forth.items():
            # classes and properties have labels too, and hold nothing of what the sources say
            if not thing.startswith(ABOUT) or graph.values(thing, "owl:deprecated"):
                continue
            for value in values:
                if path in ("skos:prefLabel", "skos:altLabel"):
                    self.labels.setdefault(value.language, []).append(folded(value.value))
                elif path == "air:statement":
                    self.statements.setdefault(value.language, []).append(spelled(value.value))

    def finds(self, language: str, term: str) -> bool:
        """Tell whether a label or a statement in that language holds the term."""
        return any(folded(term) in label for label in self.labels[language]) or any(
            spelled(term) in statement for statement in self.statements[language]
        )


@pytest.fixture(scope="module")
def finder(graph: Graph) -> Finder:
    return Finder(graph)


def test_every_term_of_art_is_found(finder: Finder) -> None:
    """Whoever knows the field looks for its words, and takes what is not found for not said."""
    assert [(language, term) for language, term in TERMS if not finder.finds(language, term)] == []


def test_every_term_of_art_is_found_by_kg_search(founding: Path) -> None:
    """As words and as a phrase, among the labels and the statements of its language."""
    with closing(index.opened(founding)) as base:
        found = {
            (language, term, typed): {hit.kind for hit in search(base, wanted(base, typed), "", language).hits}
            for language, term in TERMS
            for typed in (term, f'"{term}"', term.replace("\u200c", " "))
        }
    assert [line for line, kinds in found.items() if not kinds & {"term", "claim"}] == []


@pytest.mark.parametrize(
    ("language", "term"),
    [
        pytest.param("en", "security dilemma", id="a term that no source uses"),
        pytest.param("en", "trust infrastructure", id="words that stand apart"),
        pytest.param("en", "governance digital", id="words in another order"),
        pytest.param("en", "nerd pow", id="the beginning of a word"),
        pytest.param("en", "هوش مصنوعی", id="a term of another language"),
        pytest.param("fa", "معضل امنیتی", id="a Persian term that no source uses"),
    ],
)
def test_what_is_not_there_is_not_found(finder: Finder, founding: Path, language: str, term: str) -> None:
    """A search that finds everything would prove nothing."""
    assert not finder.finds(language, term)
    with closing(index.opened(founding)) as base:
        phrase = search(base, wanted(base, f'"{term}"'), "", language)
    assert not {hit.kind for hit in phrase.hits} & {"term", "claim"}


@pytest.mark.parametrize(
    ("term", "thing"),
    [
        ("strategic autonomy", "phenomenon:strategic-autonomy"),
        ("nerd power", "actor:technical-experts"),
        ("autonomous defense systems", "technology:autonomous-weapons"),
        ("انحصار دولت‌ها", "phenomenon:state-monopoly"),
        ("نظم بین‌المللی جدید", "phenomenon:new-international-order"),
    ],
)
def test_a_term_opens_the_thing_it_means(engine: Engine, term: str, thing: str) -> None:
    """A preferred name, a synonym, the other spelling, Persian: all of them are names for `kg show`."""
    assert names.compact(identify(engine, term)) == thing


def test_the_list_keeps_to_the_form() -> None:
    """Terms of two to five words, each once, sorted; a longer one would be a phrase of somebody's prose."""
    assert sorted(set(TERMS), key=lambda pair: (pair[0], pair[1].casefold(), pair[1])) == TERMS
    assert {language for language, _ in TERMS} == {"en", "fa"}
    assert [term for _, term in TERMS if not 2 <= len(re.findall(r"\w+", term.replace("\u200c", ""))) <= 5] == []


def test_every_listed_term_stands_in_a_text(texts: Path) -> None:
    """A list into which our labels were read would find itself. Endings, and what stands between, are left open."""
    paragraphs = [folded(line) for file in texts.glob("*.txt") for line in file.read_text("utf-8").splitlines()]
    assert [
        term
        for _, term in TERMS
        if not any(all(f" {word}" in text for word in folded(term).split()) for text in paragraphs)
    ] == []
