"""The words of passages, from the reader's own copies of the texts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.ask.answer import Answer
from kg.errors import InputError
from kg.grounds import Cell, Engine
from kg.queries import bind, nodes
from kg.reading import read_text

_PASSAGES = """
SELECT ?passage ?start ?end ?file ?hash ?link WHERE {
  VALUES ?passage { $passages }
  ?passage oa:hasSelector ?position ; air:inSource ?source .
  ?source air:textFile ?file ; air:textHash ?hash .
  ?position oa:start ?start ; oa:end ?end .
  OPTIONAL { ?passage air:webPage ?link }
}
"""


def quote(answer: Answer, engine: Engine, texts: Path | None) -> tuple[Answer, list[str]]:
    """Add a column `words`: each passage as it stands in the reader's copy, and its link where there is one.

    Words are shown only from the very copy that was anchored: in another one the offsets lead elsewhere.

    Returns:
        The answer, and a line for each text that the reader lacks or has in another copy.

    """
    passages = dict.fromkeys(i for row in answer.rows if "place" in row for i in row["place"].ids)
    opened: dict[str, str] = {}
    missing: dict[str, str] = {}
    words: dict[str, str] = {}
    for row in engine(bind(_PASSAGES, passages=nodes(passages))) if passages else []:
        file = row["file"].value
        if texts and file not in opened:
            opened[file], missing[file] = _open(texts / file, row["hash"].value)
        text = opened.get(file, "")
        parts = [f"“{text[int(row['start'].value) : int(row['end'].value)]}”"] if text else []
        parts += [row["link"].value] if "link" in row else []
        words[row["passage"].value] = " ".join(parts)
    rows = []
    for line in answer.rows:
        found = [words.get(i, "") for i in line["place"].ids] if "place" in line else []
        rows.append({**line, "words": Cell(" ".join(filter(None, found)))})
    lacks = [missing[file] for file in sorted(missing) if missing[file]]
    if words and not texts:
        lacks = ["no words shown: --texts DIR, or KG_TEXTS, says where your copies of the texts are"]
    return answer._replace(columns=(*answer.columns, "words"), rows=rows), lacks


def _open(file: Path, expected: str) -> tuple[str, str]:
    """Return a text and no complaint, where it is the one with that hash; else no text and what is wrong."""
    try:
        text = read_text(file)
    except InputError as error:
        return "", f"{error.place}: {error.message}, so its words are not shown"
    if hashlib.sha256(text.encode()).hexdigest() != expected:
        return "", f"{file}: not the copy that was anchored (another sha256), so its words are not shown"
    return text, ""
