"""An answer for people: sources numbered, the grounds gathered into two columns, a reference list below.

Machine formats keep one value a column and carry the ids behind the words.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from kg import names, tables
from kg.ask import Answer
from kg.errors import UsageError
from kg.grounds import GROUNDS, Engine
from kg.queries import Query, with_prefixes

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
    from kg.export import references

    items = references.bibliography(engine, works)
    return references.formatted(items, style) if style else references.reference_list(items)


def bibliography(answer: Answer, engine: Engine, suffix: str) -> str:
    """Return the cited works as BibTeX (`bib`), RIS (`ris`) or CSL-JSON (`json`).

    Raises:
        UsageError: another suffix.

    """
    from kg.export import references

    writers = {"bib": references.as_bibtex, "ris": references.as_ris, "json": references.as_csl}
    if suffix not in writers:
        raise UsageError(f"error: a bibliography ends in .bib, .ris or .json, '.{suffix}' found")
    return writers[suffix](references.bibliography(engine, all_works(answer)))


# ── quoting ───────────────────────────────────────────────────────────────────────────────────────────


_PASSAGES = """
SELECT ?passage ?start ?end ?digest ?file ?link WHERE {
  VALUES ?passage { %s }
  ?passage oa:hasSelector ?position ; air:digest ?digest ; air:inSource/air:textFile ?file .
  ?position oa:start ?start ; oa:end ?end .
  OPTIONAL { ?passage air:webPage ?link }
}
"""


def quote(answer: Answer, engine: Engine, texts: Path | None) -> Answer:
    """Return the answer with a column `words`: each passage as it stands in the reader's copy, and its link.

    Words are shown only where the copy is the one that was anchored; the link where the source is on the web.
    """
    from kg.grounds import Cell
    from kg.loaders.texts import Span, Text

    passages = dict.fromkeys(i for row in answer.rows if "place" in row for i in row["place"].ids)
    values = " ".join(f"<{iri}>" for iri in passages)
    opened: dict[str, Text | None] = {}
    words: dict[str, str] = {}
    for row in engine(with_prefixes(_PASSAGES % values)) if values else []:
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


# ── explaining ────────────────────────────────────────────────────────────────────────────────────────


_LINKS = """
SELECT ?claim ?arrow ?other ?statement ?relation ?reason ?rule ?source ?place WHERE {
  VALUES ?claim { %s }
  { ?link air:linksFrom ?claim ; air:linksTo ?other . BIND("→" AS ?arrow) }
  UNION { ?link air:linksTo ?claim ; air:linksFrom ?other . BIND("←" AS ?arrow) }
  ?link air:hasLinkProperty/skos:prefLabel ?relation ; air:reason ?reason .
  FILTER(LANG(?relation) = "en")
  OPTIONAL { ?link air:derivedBy ?rule }
  ?other air:statement ?statement .
  FILTER(LANG(?statement) = "en")
  ?assertion air:asserts ?other ; air:inSource/skos:prefLabel ?source ; air:hasPassage/skos:prefLabel ?place .
}
ORDER BY ?claim ?relation ?other ?source ?place
"""


def explain(answer: Answer, engine: Engine) -> str:
    """Return the query that was run and, row by row, the claim, its passages, and every link that bears on it.

    `→ supports` leads from the row's claim to the other, `← supports` from the other to it. A link that a
    rule derived names the rule; each link ends in the passages of the other claim.
    """
    lines = [*filter(str.strip, answer.query.splitlines()), ""]
    claims = dict.fromkeys(i for row in answer.rows if "claim" in row for i in row["claim"].ids)
    links: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for row in engine(with_prefixes(_LINKS % " ".join(f"<{c}>" for c in claims))) if claims else []:
        parts = ("arrow", "relation", "other", "statement", "reason", "rule")
        key = tuple(row[k].value if k in row else "" for k in parts)
        found = links.setdefault(row["claim"].value, {}).setdefault(key, [])
        found.append(f"{row['source'].value}, {row['place'].value}")
    for number, line in enumerate(answer.rows, 1):
        claim = line.get("claim")
        if claim is None:
            continue
        ids = " ".join(map(names.compact, claim.ids))
        lines.append(f"row {number}: {claim.text} ({ids})")
        if "assertion" in line:
            lines.append(f"  {names.compact(line['assertion'].ids[0])}: {line['source'].text}, {line['place'].text}")
        for iri in claim.ids:
            for (arrow, relation, other, statement, reason, rule), places in sorted(links.get(iri, {}).items()):
                by = f"derived by the rule {rule}" if rule else "judged by the coder"
                lines.append(f"  {arrow} {relation}: {statement} ({names.compact(other)}) — {by}: {reason}")
                lines += [f"    {place}" for place in sorted(set(places))]
    return "\n".join(lines) + "\n"


# ── finding a question ────────────────────────────────────────────────────────────────────────────────

_STOP = frozenset(
    "a an and any are as at be by do does for from has have how i in is it its me of on or s say says show tell "
    "that the their them they this to what when where which who whom whose why with".split()
)


def stems(text: str) -> set[str]:
    """Return the words of a text that carry meaning, cut to their first six letters (weaken, weakens, weakening)."""
    return {word[:6].rstrip("es") or word for word in re.findall(r"[^\W\d_]+", text.casefold()) if word not in _STOP}


def nearest_questions(words: str, questions: list[Query]) -> list[tuple[float, Query]]:
    """Rank the questions by the rarity of the words they share with `words`; those that share none are left out."""
    from math import log

    wanted = stems(words)
    texts = {q.name: stems(f"{q.name.replace('-', ' ')} {q.summary} {q.header['question']}") for q in questions}
    tags = {q.name: stems(" ".join(q.tags)) for q in questions}
    count = {w: sum(w in texts[q.name] or w in tags[q.name] for q in questions) for w in wanted}
    ranked = []
    for q in questions:
        score = sum(
            log(1 + len(questions) / count[w]) * (2 if w in texts[q.name] else 1)
            for w in wanted
            if w in texts[q.name] or w in tags[q.name]
        )
        if score:
            ranked.append((score / (1 + 0.02 * len(texts[q.name])), q))
    return sorted(ranked, key=lambda pair: (-pair[0], pair[1].order, pair[1].name))


def values_in(words: str, question: Query, engine: Engine) -> dict[str, str]:
    """Find parameter values that the words name: for each parameter the longest label that stands in them."""
    from kg.ask import choices

    plain = " " + " ".join(re.findall(r"[^\W_]+", words.casefold())) + " "
    found = {}
    for param in question.params:
        if param.type != "term":
            continue
        hits = []
        for label, name in choices(engine, param):
            for form in {label, name.partition(":")[2].replace("-", " ")}:
                bare = " ".join(re.findall(r"[^\W_]+", form.casefold()))
                if bare and f" {bare} " in plain:
                    hits.append((len(bare), name))
        if hits:
            found[param.name] = max(hits)[1]
    return found
