"""An answer for people: sources numbered, the grounds gathered into two columns, a reference list below.

Machine formats keep one value a column and carry the ids behind the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kg import channels, names, tables
from kg.ask.answer import Answer
from kg.ask.view import Counts, told
from kg.bibliography.people import alphabet
from kg.errors import UsageError
from kg.grounds import GROUNDS, Engine
from kg.words import Words, words

if TYPE_CHECKING:
    from kg.grounds import Cell


WHO = "source, place, voice, stance, hedge"
"""Head of the column that gathers the grounds."""


def flat(answer: Answer) -> tuple[list[str], list[dict[str, str]]]:
    """Return columns and rows of text: a column's words under its name, the ids behind them under `<name>_id`.

    Where columns were chosen, these alone; what rows are grouped by stands first.
    """
    columns, rows = _every(answer)
    first, chosen = answer.view.group, answer.view.columns
    if not (first or chosen):
        return columns, rows
    columns = list(dict.fromkeys([*([first] if first else []), *(chosen or columns)]))
    return columns, [{column: row[column] for column in columns if column in row} for row in rows]


def _every(answer: Answer) -> tuple[list[str], list[dict[str, str]]]:
    rows = []
    for row in answer.rows:
        line = {name: cell.text for name, cell in row.items() if name != "assertion"}
        ids = {f"{name}_id": " ".join(map(names.compact, cell.ids)) for name, cell in row.items() if cell.ids}
        if "assertion_id" in ids:
            ids["assertion"] = ids.pop("assertion_id")
        rows.append({**line, **ids})
    return [*answer.columns, *dict.fromkeys(k for row in rows for k in row if k not in answer.columns)], rows


def page(answer: Answer, engine: Engine, form: str, width: int = 100, style: str = "") -> str:
    """Return an answer as a table (`table` or `md`) with its reference list, and what it counts at the foot.

    Source, place, voice, stance and hedge become one column: `[1] Introduction, ¶ 3; own; endorses; likely`.
    A claim's condition, time and level stand behind it. What contests a claim is shown where any row has it.

    Args:
        answer: what to show.
        engine: for the bibliographic data of the sources and cited works.
        form: `table` fits the width and wraps words, `md` is for a paper's appendix.
        width: columns of the terminal.
        style: a citation style (`apa`, `chicago`) for the list; our own short form when empty.

    Raises:
        MissingExtra: a citation style is asked for and its library is not installed.

    """
    numbers, say = numbered(answer), words(answer.language)
    against = {} if answer.view.columns else _marks(answer)
    columns, rows = _lines(answer, numbers, against, say)
    heads = {column: say(column) for column in columns}
    named = [{head: line.get(column, "") for column, head in heads.items()} for line in rows]
    parts = _tables(answer, form, list(heads.values()), named, width)
    notes = [(f"({mark})", statement) for mark, statement in against.values()]
    listed = list(zip(numbers.values(), reference_list(engine, [*numbers], style), strict=True))
    for items in filter(None, (notes, listed)):
        if form == "md":
            parts.append("".join(f"{mark} {channels.markdown(item)}  \n" for mark, item in items))
        else:
            parts.append("".join(tables.hanging(f"{mark} ", item, width) for mark, item in items))
    if answer.rows:
        foot = told(answer.counts or counted(answer), answer.view, answer.language)
        parts.append(f"{channels.markdown(foot)}\n" if form == "md" else tables.hanging("", foot, width))
    return "\n".join(parts)


def _tables(
    answer: Answer, form: str, heads: Sequence[str], rows: Sequence[Mapping[str, str]], width: int
) -> list[str]:
    """Return the rows as one table; or, grouped, a heading and a table each, without the column they share."""
    group = answer.view.group
    if not group or not rows:
        return [tables.write(form, heads, rows, width)]
    say = words(answer.language)
    groups: dict[str, list[Mapping[str, str]]] = {}
    for row, line in zip(answer.rows, rows, strict=True):
        groups.setdefault(row[group].text if group in row else "", []).append(line)
    left = [head for head in heads if head != say(group)]
    parts = []
    for value, lines in groups.items():
        title = f"{say(group)}: {value or '–'}"
        parts.append(f"## {channels.markdown(title)}\n" if form == "md" else tables.hanging("══ ", title, width))
        parts.append(tables.write(form, left, lines, width))
    return parts


def counted(answer: Answer) -> Counts:
    """Count rows, claims, sources and cited works of an answer."""
    ids = [i for row in answer.rows for column in answer.columns if column in row for i in row[column].ids]
    works = {i for i in ids if i.startswith(names.PREFIXES["work"])}
    claims = {i for row in answer.rows if "claim" in row for i in row["claim"].ids}
    return Counts(len(answer.rows), len(claims), len(numbered(answer)), len(works))


def _lines(
    answer: Answer, numbers: Mapping[str, str], against: Mapping[str, tuple[str, str]], say: Words
) -> tuple[list[str], list[dict[str, str]]]:
    """Return columns and rows as a page has them."""
    if answer.view.columns:
        columns, plain = flat(answer)
        pairs = zip(answer.rows, plain, strict=True)
        return columns, [{**line, **{c: _shown(row[c], numbers) for c in columns if c in row}} for row, line in pairs]
    grounded = answer.question.header.get("grounds") != "none"
    columns = [c for c in answer.columns if c in answer.question.columns and not (grounded and c in _GATHERED)]
    scope = [c for c in _SCOPE if grounded and c not in columns]
    if grounded:
        columns += ["claim", WHO]
        columns += ["contested by"] if any(row["contested"].text for row in answer.rows) else []
    columns += ["words"] if "words" in answer.columns else []
    rows = []
    for row in answer.rows:
        line = {name: _shown(cell, numbers) for name, cell in row.items()}
        if grounded:
            line["claim"] = claim_of(row, scope, say)
            line[WHO] = _who(row, numbers)
            line["contested by"] = " ".join(against[i][0] for i in row["contested"].ids)
        rows.append(line)
    return columns, rows


_SCOPE = ("condition", "time", "level")
_GATHERED = tuple(column for column in GROUNDS if column not in _SCOPE)
"""Grounds that stand in columns of their own making; the scope of a claim does where a question asks for it."""


def numbered(answer: Answer) -> dict[str, str]:
    """Return the sources of an answer, each with its number, in the order in which they first appear."""
    columns = flat(answer)[0] if answer.view.columns else answer.columns
    cells = (row[column] for row in answer.rows for column in columns if column in row and column != "assertion")
    ids = dict.fromkeys(i for cell in cells for i in cell.ids if i.startswith(names.PREFIXES["source"]))
    return {iri: f"[{n}]" for n, iri in enumerate(ids, 1)}


def _marks(answer: Answer) -> dict[str, tuple[str, str]]:
    """Return a letter and the statement of each claim that contests one of the answer's."""
    letters = alphabet()
    marks: dict[str, tuple[str, str]] = {}
    for row in answer.rows:
        cell = row.get("contested")
        for iri, statement in zip(cell.ids, cell.parts, strict=True) if cell else ():
            if iri not in marks:
                marks[iri] = (next(letters), statement)
    return marks


def _shown(cell: Cell, numbers: Mapping[str, str]) -> str:
    """Return what stands in a cell; a source has its number behind it."""
    if any(i in numbers for i in cell.ids):
        return "; ".join(f"{part} {numbers.get(i, '')}".strip() for i, part in zip(cell.ids, cell.parts, strict=True))
    return cell.text


def claim_of(row: Mapping[str, Cell], scope: Iterable[str] = _SCOPE, say: Words = str) -> str:
    """Return the claim of a row with what limits it: `… (condition: during war; level: state)`."""
    limits = "; ".join(f"{say(name)}: {row[name].text}" for name in scope if row[name].text)
    return f"{row['claim'].text} ({limits})" if limits else row["claim"].text


def _who(row: Mapping[str, Cell], numbers: Mapping[str, str]) -> str:
    """Return who says it, where and how: `[1] Introduction, ¶ 3; own; endorses; likely`."""
    marks = " ".join(numbers[i] for i in row["source"].ids if i in numbers) or row["source"].text
    where = f"{marks} {row['place'].text}".strip().replace("¶ ", "¶\u00a0")
    return "; ".join(filter(None, (where, *(row[name].text for name in ("voice", "stance", "hedge")))))


def all_works(answer: Answer) -> list[str]:
    """Return sources and the works they cite for the claims, in the order in which they first appear."""
    kinds = (names.PREFIXES["source"], names.PREFIXES["work"])
    return [
        i for i in dict.fromkeys(i for row in answer.rows for c in row.values() for i in c.ids) if i.startswith(kinds)
    ]


def reference_list(engine: Engine, works: list[str], style: str = "") -> list[str]:
    """Return one line per work, in order: author, year, title, container, DOI; or in a citation style."""
    from kg.bibliography import items, lists

    found = items.listed(engine, works)
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
