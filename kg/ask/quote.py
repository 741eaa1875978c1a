"""The words of passages, from the reader's own copies of the texts."""

from __future__ import annotations

from pathlib import Path

from kg.ask.answer import Answer
from kg.grounds import Cell, Engine
from kg.load.texts import Span, Text
from kg.queries import bind, nodes

_PASSAGES = """
SELECT ?passage ?start ?end ?digest ?file ?link WHERE {
  VALUES ?passage { $passages }
  ?passage oa:hasSelector ?position ; air:digest ?digest ; air:inSource/air:textFile ?file .
  ?position oa:start ?start ; oa:end ?end .
  OPTIONAL { ?passage air:webPage ?link }
}
"""


def quote(answer: Answer, engine: Engine, texts: Path | None) -> Answer:
    """Return the answer with a column `words`: each passage as it stands in the reader's copy, and its link.

    Words are shown only where the copy is the one that was anchored; the link where the source is on the web.
    """
    passages = dict.fromkeys(i for row in answer.rows if "place" in row for i in row["place"].ids)
    opened: dict[str, Text | None] = {}
    words: dict[str, str] = {}
    for row in engine(bind(_PASSAGES, passages=nodes(passages))) if passages else []:
        file = row["file"].value
        if file not in opened:
            path = texts / file if texts else None
            opened[file] = Text.read(path) if path and path.is_file() else None
        text = opened[file]
        span = Span(int(row["start"].value), int(row["end"].value))
        parts = []
        if text and text.digest(span) == row["digest"].value:
            parts.append(f"“{text.text[span.start : span.end]}”")
        if "link" in row:
            parts.append(row["link"].value)
        words[row["passage"].value] = " ".join(parts)
    rows = []
    for line in answer.rows:
        found = [words.get(i, "") for i in line["place"].ids] if "place" in line else []
        rows.append({**line, "words": Cell(" ".join(filter(None, found)))})
    return answer._replace(columns=(*answer.columns, "words"), rows=rows)
