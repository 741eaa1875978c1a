"""Names and dates of works as they are printed, from CSL-JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count, product
from string import ascii_lowercase
from typing import Any, NamedTuple


class Name(NamedTuple):
    """The parts of a person's name; a body has a family name alone."""

    particle: str
    family: str
    given: str = ""
    suffix: str = ""

    @property
    def whole(self) -> str:
        """The family name with its particle: `van der Meer`, `d’Aspremont`."""
        joint = "" if self.particle.endswith(("'", "’", "-")) else " "
        return f"{self.particle}{joint}{self.family}" if self.particle else self.family


def name_of(author: Mapping[str, Any]) -> Name:
    """Return the parts of a CSL name.

    CSL has two fields for particles, and coders write them before the family name or after the given one, too;
    wherever `van der` stands, it is a part of the name and stays before `Meer`.
    """
    if author.get("literal"):
        return Name("", str(author["literal"]))
    given, after = _parted(str(author.get("given") or "").split())
    before, family = _led(str(author.get("family") or "").split())
    fields = [str(author[key]) for key in ("dropping-particle", "non-dropping-particle") if author.get(key)]
    return Name(" ".join([*fields, *after, *before]), family, given, str(author.get("suffix") or ""))


def _led(words: list[str]) -> tuple[list[str], str]:
    """Part the words without a capital that lead a family name from the rest; the last word always is the rest."""
    end = next((i for i, word in enumerate(words[:-1]) if not word[0].islower()), max(0, len(words) - 1))
    return words[:end], " ".join(words[end:])


def _parted(words: list[str]) -> tuple[str, list[str]]:
    """Part the words without a capital at the end of a given name from the rest; the first word always is the rest."""
    end = len(words)
    while end > 1 and words[end - 1][0].islower() and words[end - 1].isalpha():
        end -= 1
    return " ".join(words[:end]), words[end:]


def person(author: Mapping[str, Any]) -> str:
    """Return `van der Meer, Jan` or `King, Martin Luther, Jr.`, or the name of a body."""
    name = name_of(author)
    return ", ".join(filter(None, (name.whole, name.given, name.suffix)))


def creators(csl: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return those under whose name a work is listed, in the order printed: authors, or editors where it has none."""
    return list(csl.get("author") or csl.get("editor") or ())


BEYOND_CSL = ("ORCID", "orcid", "ror", "affiliation", "authenticated-orcid", "sequence")
"""Keys of a name, Crossref's and ours, that CSL does not know: its schema refuses them."""


def plain_names(csl: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lists of names of an item with CSL's own keys alone: the rest goes into the graph."""
    return {
        key: [{k: v for k, v in one.items() if k not in BEYOND_CSL} for one in value]
        for key, value in csl.items()
        if key != "categories" and isinstance(value, list)
    }


def et_al(csl: Mapping[str, Any]) -> bool:
    """Tell whether the list prints `et al.` instead of further names."""
    return bool((csl.get("custom") or {}).get("et-al"))


def issued_date(csl: Mapping[str, Any]) -> str:
    """Return the date of issue as `2025`, `2025-11` or `2025-11-06`; empty when the entry has none."""
    issued = csl.get("issued")
    if isinstance(issued, str):
        return issued
    parts = (issued or {}).get("date-parts") or [[]]
    return "-".join(str(part).zfill(2) for part in parts[0])


def year(csl: Mapping[str, Any]) -> str:
    """Return the year with its letter: `2021`, `2021a`, `n.d.`, `n.d.-b`."""
    letter = str(csl.get("year-suffix") or "")
    return issued_date(csl)[:4] + letter if issued_date(csl) else "n.d." + (f"-{letter}" if letter else "")


def short_reference(csl: Mapping[str, Any]) -> str:
    """Return an author-year label: `van der Meer and de Wijk 2024a`, `Baele et al. 2024`, `Baig n.d.`."""
    families = [name_of(author).whole for author in creators(csl)]
    if not families:
        return f"{csl.get('publisher') or csl.get('title') or 'Anonymous'} {year(csl)}"
    if et_al(csl) or len(families) > 2:
        return f"{families[0]} et al. {year(csl)}"
    return f"{' and '.join(families)} {year(csl)}"


def letters(lists: Iterable[Iterable[tuple[str, Mapping[str, Any]]]]) -> dict[str, str]:
    """Return for each work the letter after its year; empty where author and year name it alone.

    A work has one letter in the whole graph, so that a label never names two works: that of the first list in which
    it stands. There it is the letter that the list prints (`year-suffix`), else the next free one in the list's order.
    What an earlier list calls a work stays as it is, whatever lists are added after it.

    Args:
        lists: sources and reference lists in their order, each with ids and CSL items in the order printed.

    """
    given: dict[str, str] = {}
    taken: dict[str, set[str]] = {}
    for entries in lists:
        alike: dict[str, list[tuple[str, str]]] = {}
        for work, csl in entries:
            if work not in given:
                label = short_reference({**csl, "year-suffix": ""})
                alike.setdefault(label, []).append((work, str(csl.get("year-suffix") or "")))
        for label, works in alike.items():
            used = taken.setdefault(label, set())
            rest = []
            for work, printed in works:
                if printed and printed not in used:
                    given[work] = printed
                    used.add(printed)
                else:
                    rest.append(work)
            alone = len(rest) == 1 and not used
            # an earlier work without a letter counts as the first
            first = {"a"} if "" in used else set()
            free = (letter for letter in alphabet() if letter not in used and letter not in first)
            for work in rest:
                given[work] = "" if alone else next(free)
                used.add(given[work])
    return given


def alphabet() -> Iterator[str]:
    """Yield the letters, then pairs of them."""
    return ("".join(mark) for size in count(1) for mark in product(ascii_lowercase, repeat=size))
