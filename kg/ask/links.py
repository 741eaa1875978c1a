"""What an answer stands on: the query that was run, and for each row the links that bear on its claim."""

from __future__ import annotations

from kg import names
from kg.ask.answer import Answer
from kg.grounds import Engine
from kg.queries import bind, nodes

_LINKS = """
SELECT ?claim ?arrow ?other ?statement ?relation ?reason ?rule ?source ?place WHERE {
  VALUES ?claim { $claims }
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
    for row in engine(bind(_LINKS, claims=nodes(claims))) if claims else []:
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
