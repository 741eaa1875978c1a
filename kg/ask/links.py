"""What an answer stands on: the query that was run, and for each row the links that bear on its claim."""

from __future__ import annotations

from typing import NamedTuple

from kg import names
from kg.ask.answer import Answer
from kg.ask.page import claim_of
from kg.grounds import Engine, is_thing, labels_of, natural
from kg.queries import bind, nodes

# each side of the union whole, or the engine looks through all links for each claim: 5 s became 0.02 s
_LINKS = """
SELECT ?claim ?arrow ?other ?relation ?reason ?rule WHERE {
  VALUES ?claim { $claims }
  {
    ?link air:linksFrom ?claim ; air:linksTo ?other ; air:hasLinkProperty ?relation ; air:reason ?reason .
    OPTIONAL { ?link air:derivedBy ?rule }
    BIND("→" AS ?arrow)
  } UNION {
    ?link air:linksTo ?claim ; air:linksFrom ?other ; air:hasLinkProperty ?relation ; air:reason ?reason .
    OPTIONAL { ?link air:derivedBy ?rule }
    BIND("←" AS ?arrow)
  }
}
"""

_PLACES = """
SELECT ?claim ?source ?place WHERE {
  VALUES ?claim { $claims }
  ?assertion air:asserts ?claim ; air:inSource ?source ; air:hasPassage ?place .
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
    links, places = _links(answer, engine, language)
    for number, row in enumerate(answer.rows, 1):
        if "assertion" not in row:
            continue
        lines.append(f"row {number}: {claim_of(row)} ({' '.join(map(names.compact, row['claim'].ids))})")
        lines.append(f"  {names.compact(row['assertion'].ids[0])}: {row['source'].text}, {row['place'].text}")
        for claim in row["claim"].ids:
            for link in sorted(links.get(claim, ())):
                by = f"derived by the rule {link.rule}" if link.rule else "judged by the coder"
                named = f"{link.statement} ({names.compact(link.other)})"
                lines.append(f"  {link.arrow} {link.relation}: {named} — {by}: {link.reason}")
                lines += [f"    {place}" for place in places.get(link.other, ())]
    return "\n".join(lines) + "\n"


def _links(answer: Answer, engine: Engine, language: str) -> tuple[dict[str, set[_Link]], dict[str, list[str]]]:
    """Return the links of each claim of an answer, and for each claim at their other ends where it is made."""
    claims = dict.fromkeys(i for row in answer.rows if "claim" in row for i in row["claim"].ids)
    solutions = engine(bind(_LINKS, claims=nodes(claims))) if claims else []
    others = dict.fromkeys(one["other"].value for one in solutions)
    made = engine(bind(_PLACES, claims=nodes(others))) if others else []
    things = (term.value for one in [*solutions, *made] for term in one.values() if is_thing(term))
    labels = labels_of(engine, things, language)
    links: dict[str, set[_Link]] = {}
    for one in solutions:
        relation, statement = (labels[one[key].value] for key in ("relation", "other"))
        other, reason, rule = (one[key].value if key in one else "" for key in ("other", "reason", "rule"))
        links.setdefault(one["claim"].value, set()).add(
            _Link(one["arrow"].value, relation, statement, other, reason, rule)
        )
    places: dict[str, dict[str, str]] = {}
    for one in sorted(made, key=lambda one: natural(one["place"].value)):
        place = f"{labels[one['source'].value]}, {labels[one['place'].value]}"
        places.setdefault(one["claim"].value, {})[one["place"].value] = place
    return links, {claim: list(found.values()) for claim, found in places.items()}
