"""An answer for people: sources numbered, the grounds gathered into two columns, a reference list below.

Machine formats keep one value a column and carry the ids behind the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from kg import channels, names, tables
from kg.ask import cards
from kg.ask.answer import Answer
from kg.ask.cards import WHO
from kg.ask.view import Counts, told
from kg.bibliography.people import alphabet
from kg.errors import UsageError
from kg.grounds import GROUNDS, SCOPE, Engine
from kg.words import Words, words

if TYPE_CHECKING:
    from kg.grounds import Cell

Numbers = Mapping[str, str]
"""The number of each source."""
Marks = Mapping[str, tuple[str, str]]
"""A letter and the statement of each claim that contests one of the answer's."""


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


def page(answer: Answer, engine: Engine, form: str, width: int = 100, style: str = "", grey: bool = False) -> str:
    """Return an answer as a table (`table` or `md`) with its reference list, and what it counts at the foot.

    Source, place, voice, stance and hedge become one column: `[1] Introduction, ¶ 3; own; endorses; likely`.
    A claim's condition, time and level stand behind it. What contests a claim is shown where any row has it.
    A `table` that does not fit the width (`tables.fits`; `cards.NARROW`) becomes cards (`kg.ask.cards`).

    Args:
        answer: what to show.
        engine: for the bibliographic data of the sources and cited works.
        form: `table` fits the width and wraps words, `md` is for a paper's appendix.
        width: columns of the terminal.
        style: a citation style (`apa`, `chicago`) for the list; our own short form when empty.
        grey: whether the grounds of cards are marked for `channels.shaded`.

    Raises:
        MissingExtra: a citation style is asked for and its library is not installed.

    """
    numbers = numbered(answer)
    against = {} if answer.view.columns else _marks(answer)
    parts = _body(answer, numbers, against, form, width, grey)
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


def _body(answer: Answer, numbers: Numbers, against: Marks, form: str, width: int, grey: bool) -> list[str]:
    """Return the rows as one table, or all as cards; grouped, below a heading each, without the column they share."""
    say, group = words(answer.language), answer.view.group
    whole = form == "md" or bool(answer.view.columns)
    columns, lines = _lines(answer, numbers, against, say)
    columns = [column for column in columns if column != group]
    groups = _groups(answer, lines, whole)
    heads = [*map(say, columns)]
    cells = [[cards.cell(line, column, say) for column in columns] for line in chain(*groups.values())]
    fits = form == "md" or not answer.rows or tables.fits(heads, cells, width, cards.NARROW)
    if not (fits or whole):
        columns, lines = _lines(answer, numbers, against, say, scoped=False)
        columns = [column for column in columns if column != group]
        groups = _groups(answer, lines, whole)
    parts = []
    for value, those in groups.items():
        if group and answer.rows:
            title = f"{say(group)}: {value or cards.NONE}"
            parts.append(f"## {channels.markdown(title)}\n" if form == "md" else tables.hanging("══ ", title, width))
        if fits:
            named = [{say(column): cards.cell(line, column, say) for column in columns} for line in those]
            parts.append(tables.write(form, heads, named, width, cards.NARROW))
        else:
            parts.append(cards.written(columns, those, width, say, grey))
    return parts


def _groups(answer: Answer, lines: Sequence[Mapping[str, str]], whole: bool) -> dict[str, list[cards.Line]]:
    """Return the rows below each heading; what repeats a claim is thinned out unless they are to stay whole."""
    group = answer.view.group
    groups: dict[str, list[tuple[Mapping[str, Cell], Mapping[str, str]]]] = {} if answer.rows else {"": []}
    for row, line in zip(answer.rows, lines, strict=True):
        groups.setdefault(row[group].text if group in row else "", []).append((row, line))
    return {
        value: [cards.Line(dict(line)) for _, line in those] if whole else cards.thinned(answer, those)
        for value, those in groups.items()
    }


def counted(answer: Answer) -> Counts:
    """Count rows, claims, sources and cited works of an answer."""
    ids = [i for row in answer.rows for column in answer.columns if column in row for i in row[column].ids]
    works = {i for i in ids if i.startswith(names.PREFIXES["work"])}
    claims = {i for row in answer.rows if "claim" in row for i in row["claim"].ids}
    return Counts(len(answer.rows), len(claims), len(numbered(answer)), len(works))


def _lines(
    answer: Answer, numbers: Numbers, against: Marks, say: Words, scoped: bool = True
) -> tuple[list[str], list[dict[str, str]]]:
    """Return columns and rows as a page has them; where claims are not `scoped`, what limits them stands apart."""
    if answer.view.columns:
        columns, plain = flat(answer)
        pairs = zip(answer.rows, plain, strict=True)
        return columns, [{**line, **{c: _shown(row[c], numbers) for c in columns if c in row}} for row, line in pairs]
    grounded = answer.question.header.get("grounds") != "none"
    columns = [c for c in answer.columns if c in answer.question.columns and not (grounded and c in _GATHERED)]
    scope = [c for c in SCOPE if grounded and c not in columns]
    if grounded:
        columns += ["claim", WHO]
        columns += ["contested by"] if scoped and any(row["contested"].text for row in answer.rows) else []
    columns += ["words"] if "words" in answer.columns else []
    rows = []
    for row in answer.rows:
        line = {name: _shown(cell, numbers) for name, cell in row.items()}
        if grounded:
            marks = " ".join(against[i][0] for i in row["contested"].ids)
            limits = [f"{say(name)}: {row[name].text}" for name in scope if row[name].text]
            limits += [f"{say('contested by')} {marks}"] if marks else []
            line["claim"] = claim_of(row, scope, say) if scoped else row["claim"].text
            line[WHO] = _who(row, numbers)
            line[cards.LIMITS] = "; ".join(limits)
            line["contested by"] = marks
        rows.append(line)
    return columns, rows


_GATHERED = tuple(column for column in GROUNDS if column not in SCOPE)
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


def claim_of(row: Mapping[str, Cell], scope: Iterable[str] = SCOPE, say: Words = str) -> str:
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
