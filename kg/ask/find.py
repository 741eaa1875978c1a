"""The ready questions: by name, by the words of somebody who asks, and what their parameters may be."""

from __future__ import annotations

import re

from kg import names
from kg.errors import UsageError, nearest
from kg.grounds import Engine, labels_of
from kg.queries import Compiled, Param, Query, read_queries, read_query
from kg.resources import resource


def catalogue(known: Compiled | None = None) -> list[Query]:
    """Return all canned questions, in their order."""
    return read_queries("ask", known=known)


def find(name: str, known: Compiled | None = None) -> Query:
    """Return the question of that name.

    Raises:
        UsageError: there is none; the message names the nearest.

    """
    files = {file.stem: file for file in (resource("queries") / "ask").glob("*.rq")}
    if name in files:
        return read_query(files[name], known)
    hint = nearest(name, files) or "`kg ask` lists the questions"
    raise UsageError(f"error: no question is named '{name}'\n  hint: {hint}")


def choices(engine: Engine, param: Param, language: str = "en") -> list[tuple[str, str]]:
    """Return the possible values of a parameter from the graph, as label and value, by label."""
    if not param.values:
        return []
    values = [row["value"].value for row in engine(param.listing()) if "value" in row]
    labels = labels_of(engine, values, language) if param.type == "term" else {}
    return sorted((labels.get(v, v), names.compact(v)) for v in values)


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
