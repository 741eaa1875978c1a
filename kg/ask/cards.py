"""Rows of an answer as cards, for a window in which they are no table: a claim, its columns, a grey line of grounds.

    Artificial intelligence gives digital platforms power beside states.
      actor: digital platforms
      means: artificial intelligence
      [3] Discussion, ¶ 6; own; endorses; categorical; level: system

What a claim's next assertion repeats is not printed again: its grounds stand below, after `also:`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kg import channels, tables
from kg.ask.answer import Answer, claim_key
from kg.words import Words

if TYPE_CHECKING:
    from kg.grounds import Cell

WHO = "source, place, voice, stance, hedge"
"""Head of the column that gathers the grounds."""
LIMITS = "limits"
"""Key of a row's texts: condition, time and level of its claim, and what contests it; said once of a claim."""
NARROW = 24
"""A column narrower than this is none to read sentences in: three or four words a line."""
NONE = "–"
"""Stands for an empty cell where the row above has something there."""


class Line(NamedTuple):
    """A row as it is printed.

    Attributes:
        cells: texts by column; of a row that repeats a claim, only what differs from the row above.
        repeats: whether it is another assertion of the claim of the row above.

    """

    cells: dict[str, str]
    repeats: bool = False


def thinned(answer: Answer, pairs: Iterable[tuple[Mapping[str, Cell], Mapping[str, str]]]) -> list[Line]:
    """Return rows, each given with its texts, without what a claim's next assertion repeats."""
    found: list[Line] = []
    before: tuple[object, ...] = ()
    above: Mapping[str, str] = {}
    for row, line in pairs:
        key = claim_key(answer.question, row)
        repeats = bool(key) and key == before
        found.append(Line(_differing(line, above) if repeats else dict(line), repeats))
        before, above = key, line
    return found


def cell(line: Line, column: str, say: Words) -> str:
    """Return what stands in a cell of a table; a row that repeats a claim has the word for it in the claim's place."""
    return line.cells.get(column, say("also") if line.repeats and column == "claim" else "")


def _differing(line: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    return {c: text or NONE for c, text in line.items() if c == WHO or text != above.get(c, "")}


def written(columns: Sequence[str], lines: Iterable[Line], width: int, say: Words, grey: bool) -> str:
    """Return the rows as cards, a blank line between claims.

    Args:
        columns: what is shown, in order; but a claim stands first and the grounds last.
        lines: rows, thinned.
        width: columns of the terminal.
        say: the words of the reader's language.
        grey: whether the grounds are marked for `channels.shaded`.

    """
    cards: list[str] = []
    for line in lines:
        named = [c for c in columns if c not in ("claim", WHO) and line.cells.get(c)]
        claim = line.cells.get("claim", "") if "claim" in columns else ""
        pairs = [f"{say(column)}: {line.cells[column]}" for column in named]
        if not (claim or line.repeats) and pairs:
            claim, *pairs = pairs
        text = tables.paragraph(claim, width, "", "") if claim else ""
        text += "".join(tables.paragraph(pair, width, "  ", "    ") for pair in pairs)
        text += _grounds(line, width, say, grey)
        if line.repeats and cards:
            cards[-1] += text
        else:
            cards.append(text)
    return "\n".join(cards)


def _grounds(line: Line, width: int, say: Words, grey: bool) -> str:
    held = "; ".join(filter(None, (line.cells.get(WHO), line.cells.get(LIMITS))))
    if not held:
        return ""
    text = tables.paragraph(f"{say('also')}: {held}" if line.repeats else held, width, "  ", "    ")
    return channels.quiet(text) if grey else text
