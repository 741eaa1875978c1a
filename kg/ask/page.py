"""An answer for people: sources numbered, the grounds gathered into two columns, a reference list below.

Machine formats keep one value a column and carry the ids behind the words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import names, tables
from kg.ask.answer import Answer
from kg.errors import UsageError
from kg.grounds import GROUNDS, Engine

if TYPE_CHECKING:
    from kg.grounds import Cell


WHO = "source, place, voice, stance, hedge"
"""Head of the column that gathers the grounds."""


def flat(answer: Answer) -> tuple[list[str], list[dict[str, str]]]:
    """Return columns and rows of text: a column's words under its name, the ids behind them under `<name>_id`."""
    rows = []
    for row in answer.rows:
        line = {name: cell.text for name, cell in row.items() if name != "assertion"}
        ids = {f"{name}_id": " ".join(map(names.compact, cell.ids)) for name, cell in row.items() if cell.ids}
        if "assertion_id" in ids:
            ids["assertion"] = ids.pop("assertion_id")
        rows.append({**line, **ids})
    return [*answer.columns, *dict.fromkeys(k for row in rows for k in row if k not in answer.columns)], rows


def page(answer: Answer, engine: Engine, form: str, width: int = 100, style: str = "") -> str:
    """Return an answer as a table (`table` or `md`) with its reference list.

    Source, place, voice, stance and hedge become one column: `[1] Introduction, ¶ 3; own; endorses; likely`.
    What contests a claim is shown where any row has it.

    Args:
        answer: what to show.
        engine: for the bibliographic data of the sources and cited works.
        form: `table` fits the width and wraps words, `md` is for a paper's appendix.
        width: columns of the terminal.
        style: a citation style (`apa`, `chicago`) for the list; our own short form when empty.

    Raises:
        MissingExtra: a citation style is asked for and its library is not installed.

    """
    works = cited(answer)
    numbers = {iri: f"[{n}]" for n, iri in enumerate(works, 1)}
    own = [c for c in answer.columns if c not in GROUNDS and c != "words"]
    grounded = any(c in answer.columns for c in GROUNDS)
    columns = list(own)
    if grounded:
        columns += ["claim", WHO]
        columns += ["contested by"] if any(row["contested"].text for row in answer.rows) else []
    columns += ["words"] if any("words" in row for row in answer.rows) else []
    against = _marks(answer)
    rows = []
    for row in answer.rows:
        line = {name: cell.text for name, cell in row.items()}
        if grounded:
            grounds = (
                _where(row["source"], row["place"], numbers),
                *(row[k].text for k in ("voice", "stance", "hedge")),
            )
            line[WHO] = "; ".join(filter(None, grounds))
            line["contested by"] = " ".join(against[i][0] for i in row["contested"].ids)
        rows.append(line)
    notes = [(f"({mark})", statement) for mark, statement in against.values()]
    listed = [(f"[{n}]", item) for n, item in enumerate(reference_list(engine, works, style), 1)]
    parts = [tables.write(form, columns, rows, width)]
    for items in filter(None, (notes, listed)):
        if form == "md":
            parts.append("".join(f"{mark} {item}  \n" for mark, item in items))
        else:
            parts.append("".join(tables.hanging(f"{mark} ", item, width) for mark, item in items))
    return "\n".join(parts)


def _marks(answer: Answer) -> dict[str, tuple[str, str]]:
    """Return a letter and the statement of each claim that contests one of the answer's."""
    from itertools import count, product
    from string import ascii_lowercase

    letters = ("".join(mark) for size in count(1) for mark in product(ascii_lowercase, repeat=size))
    marks: dict[str, tuple[str, str]] = {}
    for row in answer.rows:
        cell = row.get("contested")
        for iri, statement in zip(cell.ids, cell.parts, strict=True) if cell else ():
            if iri not in marks:
                marks[iri] = (next(letters), statement)
    return marks


def _where(source: Cell, place: Cell, numbers: dict[str, str]) -> str:
    marks = " ".join(numbers[i] for i in source.ids if i in numbers) or source.text
    return f"{marks} {place.text}".strip().replace("¶ ", "¶\u00a0")


def cited(answer: Answer) -> list[str]:
    """Return the IRIs of the sources of an answer, in the order in which they first appear."""
    ids = (i for row in answer.rows if "source" in row for i in row["source"].ids)
    return [i for i in dict.fromkeys(ids) if i.startswith(names.PREFIXES["source"])]


def all_works(answer: Answer) -> list[str]:
    """Return sources and the works they cite for the claims, in the order in which they first appear."""
    kinds = (names.PREFIXES["source"], names.PREFIXES["work"])
    return [
        i for i in dict.fromkeys(i for row in answer.rows for c in row.values() for i in c.ids) if i.startswith(kinds)
    ]


def reference_list(engine: Engine, works: list[str], style: str = "") -> list[str]:
    """Return one line per work, in order: author, year, title, container, DOI; or in a citation style."""
    from kg.bibliography import items, lists

    found = items.bibliography(engine, works)
    return lists.formatted(found, style) if style else lists.reference_list(found)


def bibliography(answer: Answer, engine: Engine, suffix: str) -> str:
    """Return the cited works as BibTeX (`bib`), RIS (`ris`) or CSL-JSON (`json`).

    Raises:
        UsageError: another suffix.

    """
    from kg.bibliography import items

    writers = {"bib": items.as_bibtex, "ris": items.as_ris, "json": items.as_csl}
    if suffix not in writers:
        raise UsageError(f"error: a bibliography ends in .bib, .ris or .json, '.{suffix}' found")
    return writers[suffix](items.bibliography(engine, all_works(answer)))
