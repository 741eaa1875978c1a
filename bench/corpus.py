"""A made-up corpus of any size, for growth: the founding sources again and again under new names.

Slots are drawn anew, seeded, from the fillers that the founding corpus has for them, so that the degrees of
terms grow with the corpus as they would in a literature. The vocabulary does not grow, which is the worst
case: claims that meet in cause and affected, and so tensions, grow with the square of the corpus. Passages,
citations, references and links between claims are kept; one work in ten is cited by the next copy too.
The rules then run as in a build.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from kg import graph, pipeline
from kg.reason import rules as reason
from kg.records import Assertion, Authorship, Citation, Claim, Source

if TYPE_CHECKING:
    import pyoxigraph as ox

SEED = 2026
KNOWN_WORKS = 0.1


def store_of(founding: pipeline.Asserted, size: int = 0) -> ox.Store:
    """Return an in-memory store with `size` claims, or the founding corpus itself, derived triples included."""
    if not size:
        return reason.together(founding.quads, pipeline.derive(founding))
    asserted = [q for q in founding.quads if q.graph_name.value.endswith(("/ontology", "/vocabulary"))]
    for source in grow(founding.sources, size):
        asserted.extend(graph.quads_of(source))
    return reason.together(asserted, pipeline.derive(replace(founding, quads=tuple(asserted))))


def grow(sources: tuple[Source, ...], size: int) -> Iterator[Source]:
    """Yield made-up sources with `size` claims in all."""
    rng = random.Random(SEED)
    pool: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for claim in (c for s in sources for c in s.claims):
        for slot, values in claim.values:
            pool.setdefault((claim.kind, slot), []).append(values)
    for number in count():
        made: set[str] = set()
        works = {w.id: w.id if rng.random() < KNOWN_WORKS else _name(w.id, number) for s in sources for w in s.works}
        for source in sources:
            claims = tuple(_claim(claim, number, pool, rng) for claim in source.claims[:size])
            size -= len(claims)
            made |= {claim.id for claim in claims}
            yield _copy(source, number, claims, made, works)
        if not size:
            return


def _claim(claim: Claim, number: int, pool: dict[tuple[str, str], list[tuple[str, ...]]], rng: random.Random) -> Claim:
    values = tuple((slot, rng.choice(pool[claim.kind, slot])) for slot, _ in claim.values)
    name, statement = _name(claim.id, number), f"{claim.statement} ({number})"
    return replace(claim, id=name, source=_name(claim.source, number), statement=statement, values=values)


def _name(name: str, number: int) -> str:
    """Keep the names of the first copy, so that the defaults of the questions are there."""
    return f"{name}-{number}" if number else name


def _copy(source: Source, number: int, claims: tuple[Claim, ...], made: set[str], works: dict[str, str]) -> Source:
    name = _name(source.id, number)

    def assertion(old: Assertion) -> Assertion:
        passages = tuple(replace(p, source=name) for p in old.passages)
        credits = tuple(replace(c, to=works[c.to] if c.resolved else c.to) for c in old.attributions)
        claim = _name(old.claim, number)
        return replace(old, source=name, claim=claim, passages=passages, attributions=credits)

    def citation(old: Citation) -> Citation:
        work, probably = (works[w] if w else None for w in (old.work, old.probably))
        return replace(old, source=name, passage=replace(old.passage, source=name), work=work, probably=probably)

    def authorship(old: Authorship) -> Authorship:
        kind, of = old.of
        return replace(old, of=(kind, works[of] if kind == "work" else name))

    links = (
        replace(k, source=name, subject=_name(k.subject, number), object=_name(k.object, number)) for k in source.links
    )
    return replace(
        source,
        id=name,
        csl={**source.csl, "title": f"{source.csl['title']} ({number})", "issued": str(1990 + number % 36)},
        works=tuple(replace(w, id=works[w.id]) for w in source.works),
        references=tuple(replace(r, source=name, work=works[r.work]) for r in source.references),
        authorships=tuple(map(authorship, source.authorships)),
        citations=tuple(map(citation, source.citations)),
        claims=claims,
        assertions=tuple(a for a in map(assertion, source.assertions) if a.claim in made),
        links=tuple(link for link in links if {link.subject, link.object} <= made),
        omissions=(),
    )
