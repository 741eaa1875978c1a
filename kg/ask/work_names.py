"""All the ways in which scholars write the name of a work: authors, year, title.

A form is given as it would stand in a sentence, without brackets and commas: whoever compares it folds both sides
(`fold`), so that `Lambach et al. (2023)`, `lambach et al 2023` and `Lambach, et al., 2023` are one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.bibliography.people import Name, creators, et_al, issued_date, name_of, short_reference, year
from kg.folding import letters
from kg.grounds import Engine
from kg.queries import bind

OWN, USUAL, LOOSE, TITLE = range(4)
"""How far a form stands from the work's label: the label; another usual form; less than one needs; the title."""

LONGEST = 1000
"""Characters that are compared; sorting very many combining marks would cost their square."""

_WORKS = "SELECT ?work ?csl WHERE { ?work a air:Work ; air:csl ?csl } ORDER BY ?work ?csl"

_TITLES = "SELECT ?work ?title WHERE { ?work a air:Work ; dcterms:title ?title } ORDER BY ?work ?title"

_CALLED = """
SELECT DISTINCT ?work ?position ?name WHERE {
  ?authorship air:contributesTo ?work ; air:position ?position ; air:creditsAgent ?agent .
  ?authorship air:hasRole code:role.author .
  { ?agent foaf:familyName ?name } UNION { ?agent skos:altLabel ?other . BIND(STRBEFORE(STR(?other), ",") AS ?name) }
  FILTER(?name != "")
}
ORDER BY ?work ?position ?name
"""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa"})
_PERSIAN = re.compile("[\u0600-\u06ff]")


def fold(text: str) -> str:
    """Return what of a name is compared: its letters and digits alone.

    Case, accents, Arabic and Persian variants of a letter, joiners, spaces and punctuation go; digits become ASCII.
    """
    return letters(text[:LONGEST])


def works(engine: Engine) -> dict[str, dict[str, int]]:
    """Return for each work of the graph the forms in which it is written, each with its distance from the label."""
    called: dict[str, dict[int, list[str]]] = {}
    for row in engine(bind(_CALLED)):
        places = called.setdefault(row["work"].value, {})
        places.setdefault(int(row["position"].value), []).append(row["name"].value)
    found: dict[str, dict[str, int]] = {}
    for row in engine(bind(_WORKS)):
        iri = row["work"].value
        for form, rank in forms_of_work(json.loads(row["csl"].value), called.get(iri)).items():
            _add(found.setdefault(iri, {}), form, rank)
    for row in engine(bind(_TITLES)):
        for form in _of_title(row["title"].value):
            _add(found.setdefault(row["work"].value, {}), form, TITLE)
    return found


def forms_of_work(csl: Mapping[str, Any], called: Mapping[int, Iterable[str]] | None = None) -> dict[str, int]:
    """Return the forms in which a work is written, each with its distance from the label.

    Args:
        csl: its CSL-JSON item, with the letter of its year as the graph gives it.
        called: other family names of its authors by their place in the list, from 1: in another script, or in full.

    """
    found = {short_reference(csl): OWN}
    authors = [name_of(author) for author in creators(csl)]
    if authors:
        who = list(_who(authors, et_al(csl), called or {}))
    else:
        who = [(str(csl[key]), USUAL) for key in ("publisher", "title", "container-title") if csl.get(key)]
    for name, rank in who:
        for when, more in _years(csl, name):
            _add(found, f"{name} {when}", max(rank, more))
    for form in _of_title(str(csl.get("title") or "")):
        _add(found, form, TITLE)
    return found


def _add(found: dict[str, int], form: str, rank: int) -> None:
    found[form] = min(rank, found.get(form, rank))


def _of_title(title: str) -> list[str]:
    """Return a title, and what stands before its colon."""
    short = re.split(r"[:：?؟؛]\s", title)[0]
    return list(dict.fromkeys(filter(None, (title.strip(), short.strip()))))


def _who(authors: list[Name], more: bool, called: Mapping[int, Iterable[str]]) -> Iterator[tuple[str, int]]:
    """Yield how the authors are named together; `more` says that the list prints `et al.`."""
    for names in _spelt(authors, called):
        yield from _joined(names, more)
    first, several = authors[0], more or len(authors) > 1
    for name in [n for n in (f"{first.given} {first.whole}", f"{first.whole} {first.given}") if first.given]:
        yield from ((form, USUAL) for form in (name, *(_and_others(name) if several else ())))
    for part in _parts(first):
        yield from ((form, LOOSE) for form in (part, *(_and_others(part) if several else ())))


def _spelt(authors: list[Name], called: Mapping[int, Iterable[str]]) -> list[list[str]]:
    """Return the family names of all authors, once for each way of spelling them: the printed one first."""
    whole = [author.whole for author in authors]
    ways = [whole, [author.family for author in authors], [re.sub(r"^(?i:al|el)[- ]", "", name) for name in whole]]
    ways += [[name.translate(_UMLAUTS) for name in whole]]
    others = [list(called.get(place, ())) for place in range(1, len(authors) + 1)]
    for turn in range(max(map(len, others), default=0)):
        ways.append([names[turn] if turn < len(names) else name for names, name in zip(others, whole, strict=True)])
    return [list(way) for way in dict.fromkeys(map(tuple, ways))]


def _joined(names: list[str], more: bool) -> Iterator[tuple[str, int]]:
    if len(names) > 1:
        *before, last = names
        joints = (" و ", " and ", " ") if _PERSIAN.search(names[0]) else (" and ", " ")
        yield from ((" ".join(before) + joint + last, USUAL) for joint in joints)
        if len(names) > 2:
            yield from ((names[0] + joint + names[1], LOOSE) for joint in joints)
    if more or len(names) > 1:
        yield from ((form, USUAL) for form in _and_others(names[0]))
    yield names[0], USUAL
    yield from ((name, LOOSE) for name in names[1:])


def _and_others(name: str) -> list[str]:
    own = ("و همکاران", "و دیگران") if _PERSIAN.search(name) else ("and others", "and colleagues")
    return [f"{name} {others}" for others in ("et al.", *own)]


def _parts(name: Name) -> list[str]:
    """Return the first and the last word of a family name that has several, by which some call its bearer."""
    words = [word for word in re.split(r"[\s-]+", name.family) if len(word) > 2]
    return [words[0], words[-1]] if name.given and len(words) > 1 else []


def _years(csl: Mapping[str, Any], name: str) -> Iterator[tuple[str, int]]:
    """Yield the year with its letter; without it; where the name is in Arabic letters, also that of Iran's calendar."""
    issued, letter = issued_date(csl)[:4], str(csl.get("year-suffix") or "")
    yield year(csl), OWN
    if not issued:
        yield from ((word, USUAL) for word in ("undated", "no date", "بی‌تا"))
    if letter:
        yield issued or "n.d.", LOOSE
    if issued.isdecimal() and _PERSIAN.search(name):
        # its year begins in March, so that one of the other lies in two of it
        yield from ((str(int(issued) - shift), LOOSE) for shift in (621, 622))
