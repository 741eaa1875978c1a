"""How far two codings of sampled sentences agree: `python agreement.py ROUND` prints the tables of AGREEMENT.md.

Each round has a folder. Its `first.json` and `second.json` hold, for each sentence of `sample.json`, the claims each
coder found in it;
`alignment.json` says which claim of one restates which claim of the other, one to one: pairs of the first coder's
assertion and the position of the claim in the second coder's list. The files are frozen as compared.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np

from kg.model import KINDS

HERE = Path(__file__).parent
DRAWS, SEED = 400, 2026

Claim = dict[str, Any]
Pair = tuple[Claim, Claim]
Value = frozenset[str]


@dataclass(frozen=True)
class Row:
    """One line of the table; `low` and `high` bound the middle 95 % of alpha when sentences are drawn anew."""

    field: str
    n: int
    equal: float
    alpha: float
    low: float
    high: float


def read(round_: str, name: str) -> list[dict[str, Any]]:
    """Return one of a round's frozen files."""
    return json.loads((HERE / round_ / f"{name}.json").read_text("utf-8"))


def aligned(round_: str) -> list[list[Pair]]:
    """Return the aligned claims of each sentence, the first coder's claim first."""
    found, files = [], (read(round_, name) for name in ("first", "second", "alignment"))
    for first, second, alignment in zip(*files, strict=True):
        claims = {claim["assertion"]: claim for claim in first["claims"]}
        found.append([(claims[name], second["claims"][i]) for name, i in alignment["pairs"]])
    return found


def slot(name: str) -> Callable[[Claim], Value | None]:
    """Read a slot; None where the claim does not fill it."""
    return lambda claim: frozenset((claim["slots"][name],)) if name in claim["slots"] else None


def end(which: str) -> Callable[[Claim], Value | None]:
    """Read what stands as subject or object of a claim of any kind; None where that is prose or empty."""

    def value(claim: Claim) -> Value | None:
        kind = KINDS[claim["kind"]]
        name = getattr(kind, which)
        filler = claim["slots"].get(name)
        return frozenset((filler,)) if filler and kind.slot(name).filler == "term" else None

    return value


def code(name: str) -> Callable[[Claim], Value]:
    """Read a code, or a list of terms as a set."""
    return lambda claim: frozenset(claim[name] if isinstance(claim[name], list) else (claim[name],))


def domain(claim: Claim) -> Value:
    """Read the domain, which was the claim's in the first round and is the assertion's since."""
    return frozenset(claim.get("domain", claim["slots"].get("domain", ())))


FIELDS: dict[str, Callable[[Claim], Value | None]] = {
    "kind": code("kind"),
    "cause": slot("cause"),
    "effect direction": slot("effect"),
    "affected": slot("affected"),
    "subject, any kind": end("subject"),
    "object, any kind": end("object"),
    "voice": code("voice"),
    "attribution scope": lambda claim: frozenset(a["scope"] for a in claim["attributed_to"]),
    "works credited": lambda claim: frozenset(a["to"] for a in claim["attributed_to"]),
    "held by": code("held_by"),
    "stance": code("stance"),
    "hedge": code("hedge"),
    "mode": code("mode"),
    "basis": code("basis"),
    "domain, whole set": domain,
    "domain, MASI": domain,
}
"""A claim's value in each field, as a set; a pair counts where both claims have one."""


def masi(a: Value, b: Value) -> float:
    """Return Passonneau's distance between two sets (LREC 2006): 1 - Jaccard x monotonicity."""
    if a == b:
        return 0.0
    monotonicity = 2 / 3 if a < b or b < a else 1 / 3 if a & b else 0
    return 1 - monotonicity * len(a & b) / len(a | b)


def alpha(pairs: Sequence[tuple[Value, Value]], distance: Callable[[Value, Value], float]) -> float:
    """Return Krippendorff's alpha of two coders; NaN where only one value occurs."""
    domain = sorted({value for pair in pairs for value in pair}, key=sorted)
    if len(domain) < 2:
        return float("nan")
    counts = np.array([[pair.count(value) for value in domain] for pair in pairs])
    apart = np.array([[distance(a, b) for b in domain] for a in domain])

    def metric(v1: Any, v2: Any, i1: Any, i2: Any, n_v: Any, dtype: Any = np.float64) -> Any:
        return apart[i1, i2].astype(dtype)

    return float(krippendorff.alpha(value_counts=counts, level_of_measurement=metric))


def table(round_: str) -> list[Row]:
    """Return one row per field."""
    sentences, rows = aligned(round_), []
    for field, value in FIELDS.items():
        distance = masi if field.endswith("MASI") else lambda a, b: float(a != b)
        read_pairs = [[(value(a), value(b)) for a, b in pairs] for pairs in sentences]
        values = [[(a, b) for a, b in pairs if a is not None and b is not None] for pairs in read_pairs]
        flat = [pair for pairs in values for pair in pairs]
        chance = random.Random(SEED)
        draws = (chance.choices(values, k=len(values)) for _ in range(DRAWS))
        drawn = [alpha(list(chain.from_iterable(draw)), distance) for draw in draws]
        low, high = np.nanpercentile(drawn, (2.5, 97.5))
        equal = sum(a == b for a, b in flat) / len(flat)
        rows.append(Row(field, len(flat), equal, alpha(flat, distance), float(low), float(high)))
    return rows


def found_by_both(round_: str) -> dict[str, float]:
    """Return the counts of claims, those aligned, and F1; `exact` counts pairs of the same kind, subject and object."""
    first, second = (sum(len(s["claims"]) for s in read(round_, name)) for name in ("first", "second"))
    pairs = [pair for sentence in aligned(round_) for pair in sentence]

    def same(a: Claim, b: Claim) -> bool:
        ends = [(end(which)(a), end(which)(b)) for which in ("subject", "object")]
        return a["kind"] == b["kind"] and all(x == y for x, y in ends)

    exact = sum(same(a, b) for a, b in pairs)
    total = first + second
    f1, exact_f1 = 2 * len(pairs) / total, 2 * exact / total
    return {"first": first, "second": second, "both": len(pairs), "f1": f1, "exact": exact, "exact f1": exact_f1}


def figures(round_: str) -> str:
    """Return the two tables as Markdown, as they stand in AGREEMENT.md."""
    names = {
        "first": "claims found by the first coder",
        "second": "claims found by the second coder",
        "both": "claims found by both",
        "f1": "F1 of claims found",
        "exact": "of those found by both: same kind, subject and object",
        "exact f1": "F1 where only these count as found by both",
    }
    lines = ["| claims | |", "|---|--:|"]
    lines += [
        f"| {names[key]} | {n if isinstance(n, int) else f'{n:.2f}'} |" for key, n in found_by_both(round_).items()
    ]
    lines += ["", "| field | n | equal | alpha | 95 % |", "|---|--:|--:|--:|---|"]
    for r in table(round_):
        lines.append(f"| {r.field} | {r.n} | {r.equal:.0%} | {r.alpha:.2f} | {r.low:.2f} to {r.high:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(figures(sys.argv[1]))
