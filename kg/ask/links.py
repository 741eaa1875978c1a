"""What an answer stands on: the query that was run, and for each row the links that bear on its claim."""

from __future__ import annotations

from typing import NamedTuple

from kg import names
from kg.ask.answer import Answer
from kg.ask.page import claim_of
from kg.grounds import Engine, is_thing, labels_of, natural
from kg.queries import bind, nodes

_LINKS = """
SELECT ?claim ?arrow ?other ?relation ?reason ?rule ?source ?place WHERE {
  VALUES ?claim { $claims }
  { ?link air:linksFrom ?claim ; air:linksTo ?other . BIND("→" AS ?arrow) }
  UNION { ?link air:linksTo ?claim ; air:linksFrom ?other . BIND("←" AS ?arrow) }
  ?link air:hasLinkProperty ?relation ; air:reason ?reason .
  OPTIONAL { ?link air:derivedBy ?rule }
  ?assertion air:asserts ?other ; air:inSource ?source ; air:hasPassage ?place .
}
"""


class _Link(NamedTuple):
    """A link of a claim: the arrow leads from it or to it; labels for relation and the other claim's statement."""

    arrow: str
    relation: str
    statement: str
    other: str
    reason: str
    rule: str


def explain(answer: Answer, engine: Engine, language: str = "en") -> str:
    """Return the query that was run and, row by row, the claim, its passages, and every link that bears on it.

    `→ supports` leads from the row's claim to the other, `← supports` from the other to it. A link that a
    rule derived names the rule; each link ends in the passages of the other claim, in the order of the text.
    """
    lines = [*filter(str.strip, answer.query.splitlines()), ""]
    links = _links(answer, engine, language)
    for number, row in enumerate(answer.rows, 1):
        if "claim" not in row:
            continue
        lines.append(f"row {number}: {claim_of(row)} ({' '.join(map(names.compact, row['claim'].ids))})")
        if "assertion" in row:
            lines.append(f"  {names.compact(row['assertion'].ids[0])}: {row['source'].text}, {row['place'].text}")
        for claim in row["claim"].ids:
            for link, places in sorted(links.get(claim, {}).items()):
                by = f"derived by the rule {link.rule}" if link.rule else "judged by the coder"
                named = f"{link.statement} ({names.compact(link.other)})"
                lines.append(f"  {link.arrow} {link.relation}: {named} — {by}: {link.reason}")
                lines += [f"    {places[place]}" for place in sorted(places, key=natural)]
    return "\n".join(lines) + "\n"


def _links(answer: Answer, engine: Engine, language: str) -> dict[str, dict[_Link, dict[str, str]]]:
    """Return for each claim of an answer its links, each with the passages of the other claim and where they are."""
    claims = dict.fromkeys(i for row in answer.rows if "claim" in row for i in row["claim"].ids)
    solutions = engine(bind(_LINKS, claims=nodes(claims))) if claims else []
    labels = labels_of(engine, (t.value for s in solutions for t in s.values() if is_thing(t)), language)
    found: dict[str, dict[_Link, dict[str, str]]] = {}
    for one in solutions:
        other = one["other"].value
        rule = one["rule"].value if "rule" in one else ""
        link = _Link(one["arrow"].value, labels[one["relation"].value], labels[other], other, one["reason"].value, rule)
        place = f"{labels[one['source'].value]}, {labels[one['place'].value]}"
        found.setdefault(one["claim"].value, {}).setdefault(link, {})[one["place"].value] = place
    return found
