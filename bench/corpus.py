"""A made-up corpus of any size, for growth: the founding claims again and again under new names.

Slots are drawn anew, seeded, from the fillers that the founding corpus has for them, so that the degrees of
terms grow with the corpus as they would in a literature. The rules then run over it as in a build.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from kg import graph, pipeline, reason
from kg.records import Assertion, Claim, Source

if TYPE_CHECKING:
    import pyoxigraph as ox

SEED = 2026


def store_of(founding: pipeline.Asserted, size: int) -> ox.Store:
    """Return an in-memory store with `size` claims, derived triples included."""
    asserted = [q for q in founding.quads if q.graph_name.value.endswith(("/ontology", "/vocabulary"))]
    for source in grow(founding.sources, size):
        asserted.extend(graph.quads_of(source))
    return reason.together(asserted, pipeline.derive(replace(founding, quads=asserted)))


def grow(sources: tuple[Source, ...], size: int) -> list[Source]:
    """Return made-up sources with `size` claims in all, about 500 a source."""
    rng = random.Random(SEED)
    assertions = [a for s in sources for a in s.assertions]
    claims = {c.id: c for s in sources for c in s.claims}
    pool: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for claim in claims.values():
        for slot, values in claim.values:
            pool.setdefault((claim.kind, slot), []).append(values)
    works = tuple(w for s in sources for w in s.works)
    grown = []
    for start in range(0, size, 500):
        name = f"made{start // 500}"
        made_claims: list[Claim] = []
        made_assertions: list[Assertion] = []
        for number in range(start, min(start + 500, size)):
            model = rng.choice(assertions)
            claim = claims[model.claim]
            values = tuple((slot, rng.choice(pool[claim.kind, slot])) for slot, _ in claim.values)
            made = replace(
                claim, id=f"made-{number}", source=name, statement=f"{claim.statement} ({number})", values=values
            )
            passages = tuple(replace(p, source=name) for p in model.passages)
            made_claims.append(made)
            credits = tuple(replace(c, resolved=True, to=rng.choice(works).id) for c in model.attributions)
            made_assertions.append(
                replace(model, id=f"a{number}", source=name, claim=made.id, passages=passages, attributions=credits)
            )
        base = sources[0]
        csl = {
            "type": "article-journal",
            "title": name,
            "author": [{"family": name}],
            "issued": str(1990 + start // 500 % 36),
        }
        grown.append(
            replace(
                base, id=name, csl=csl, works=works if start == 0 else (), references=(), citations=(), links=(),
                omissions=(), claims=tuple(made_claims), assertions=tuple(made_assertions),
            )
        )  # fmt: skip
    return grown
