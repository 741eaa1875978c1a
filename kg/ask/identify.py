"""Which thing of the graph a name means."""

from __future__ import annotations

from kg import names
from kg.errors import UsageError, nearest
from kg.grounds import Engine
from kg.queries import bind, node

_KNOWN = "SELECT ?property WHERE { $thing ?property ?value } LIMIT 1"

_NAMES = """
SELECT DISTINCT ?thing ?label ?old WHERE {
  {
    ?thing skos:prefLabel|skos:altLabel|air:statement ?label
  } UNION {
    ?thing owl:deprecated true ; dcterms:isReplacedBy ?new . BIND("" AS ?label)
    FILTER NOT EXISTS { ?thing a ?sort }
  }
  BIND(EXISTS { ?thing owl:deprecated true } AS ?old)
  FILTER(STRSTARTS(STR(?thing), STR(air:)) = false)
}
"""


def named(engine: Engine, name: str) -> list[str]:
    """Return the IRIs of the things that an id, a slug or a label names; a deprecated one only for want."""
    if (thing := node(names.expand(name))) and engine(bind(_KNOWN, thing=thing)):
        return [thing.value]
    slugs, old = _forms(engine)
    found = slugs.get(name.strip().casefold(), set())
    return sorted(found - old or found)


def identify(engine: Engine, name: str) -> str:
    """Return the IRI of the one thing that an id, a slug or a label names.

    Raises:
        UsageError: there is none, or several.

    """
    found = named(engine, name)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"error: '{name}' names several things\n  hint: {', '.join(map(names.compact, found))}")
    hint = nearest(name.strip().casefold(), _forms(engine)[0]) or "`kg ask --values` lists names"
    raise UsageError(f"error: nothing is named '{name}'\n  hint: {hint}")


def _forms(engine: Engine) -> tuple[dict[str, set[str]], set[str]]:
    """Return the things of each name, without case, and all deprecated things."""
    slugs, old = dict[str, set[str]](), set[str]()
    for row in engine(bind(_NAMES)):
        iri = row["thing"].value
        old |= {iri} if row["old"].value == "true" else set()
        for form in filter(None, (row["label"].value.casefold(), names.slug_of(iri), names.compact(iri))):
            slugs.setdefault(form, set()).add(iri)
    return slugs, old
