"""Standing in the debate: the claims as arguments that attack and support each other.

The graph of arguments is made anew from the graph at each question and never stored.

* Conflict: two claims in tension, as coders named it or the rule derived it.
* Attack: conflicting claims attack each other, except that a claim which its sources only deny attacks nothing,
  and that one which no source endorses does not attack one that a source does (preference-based framework:
  Amgoud and Cayrol 2002, "A reasoning model based on the production of acceptable arguments", Annals of
  Mathematics and Artificial Intelligence 34).
* Support is deductive: who accepts the supporter accepts the supported. Hence whatever attacks the
  supported attacks the supporter, and a supporter attacks what the supported attacks (mediated and
  supported attack: Cayrol and Lagasquie-Schiex 2013, "Bipolarity in argumentation graphs: Towards a
  better understanding", International Journal of Approximate Reasoning 54).
* Grounded and preferred semantics: Dung 1995, "On the acceptability of arguments", Artificial Intelligence 77.
* Gradual strength: quadratic energy model, Potyka 2018, "Continuous Dynamical Systems for Weighted Bipolar
  Argumentation", KR 2018; every claim starts at 0.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.grounds import Cell, Engine, Solution, labels_of
from kg.queries import bind

INITIAL = 0.5
STEP = 0.5
STEPS = 1000

_CONFLICTS = "SELECT DISTINCT ?one ?other WHERE { ?one air:isContestedBy ?other }"
_SUPPORTS = "SELECT DISTINCT ?one ?other WHERE { ?one air:supports ?other }"
_ENDORSED = "SELECT DISTINCT ?one WHERE { ?assertion air:asserts ?one ; air:hasStance code:stance.endorses }"


@dataclass(frozen=True)
class Debate:
    """An argument graph; every relation maps a claim to the claims at the other end.

    Attributes:
        attackers: who attacks a claim, support taken into account.
        supporters: who supports a claim directly.
        conflicts: the tensions themselves, both ways, but not what nobody holds.
    """

    attackers: Mapping[str, frozenset[str]] = field(hash=False)
    supporters: Mapping[str, frozenset[str]] = field(hash=False)
    conflicts: Mapping[str, frozenset[str]] = field(hash=False)

    @classmethod
    def of(
        cls,
        conflicts: Iterable[tuple[str, str]],
        supports: Iterable[tuple[str, str]],
        endorsed: Iterable[str],
        denied: Iterable[str] = (),
    ) -> Debate:
        """Make the argument graph from pairs in tension, pairs (supporter, supported), endorsed and denied claims."""
        import networkx as nx

        accepted, unheld = set(endorsed), set(denied)
        tension = nx.Graph((a, b) for a, b in conflicts if a != b)
        support = nx.DiGraph((a, b) for a, b in supports if a != b)
        attack = nx.DiGraph()
        backed = {c: {c} | (nx.ancestors(support, c) if c in support else set()) for c in tension}
        for a, b in tension.edges:
            for one, other in ((a, b), (b, a)):
                for attacker in backed[one] - unheld:
                    for target in backed[other]:
                        if attacker != target and (attacker in accepted or target not in accepted):
                            attack.add_edge(attacker, target)
        return cls(
            {n: frozenset(attack.predecessors(n)) for n in attack},
            {n: frozenset(support.predecessors(n)) for n in support},
            {n: frozenset(tension.neighbors(n)) - unheld for n in tension},
        )

    @classmethod
    def read(cls, engine: Engine) -> Debate:
        """Make the argument graph of all claims of a graph."""

        def pairs(rows: Iterable[Solution]) -> list[tuple[str, str]]:
            return [(row["one"].value, row["other"].value) for row in rows]

        endorsed = [row["one"].value for row in engine(bind(_ENDORSED))]
        conflicts = pairs(engine(bind(_CONFLICTS)))
        # contested, and contesting nothing in turn: what nobody holds, by the rule that derives it
        denied = {one for one, _ in conflicts} - {other for _, other in conflicts}
        return cls.of(conflicts, pairs(engine(bind(_SUPPORTS))), endorsed, denied)

    def grounded(self) -> dict[str, str]:
        """Return `in`, `out` or `undecided` for each claim that attacks or is attacked."""
        targets: dict[str, set[str]] = {}
        for claim, attackers in self.attackers.items():
            for attacker in attackers:
                targets.setdefault(attacker, set()).add(claim)
        label = dict.fromkeys(self.attackers, "undecided")
        todo = [claim for claim, attackers in self.attackers.items() if not attackers]
        while todo:
            winner = todo.pop()
            label[winner] = "in"
            for loser in targets.get(winner, set()):
                if label[loser] == "undecided":
                    label[loser] = "out"
                    for next_one in targets.get(loser, set()):
                        defended = all(label[a] == "out" for a in self.attackers[next_one])
                        if label[next_one] == "undecided" and defended:
                            todo.append(next_one)
        return label

    def preferred(self) -> dict[str, str]:
        """Return whether `all`, `some` or `none` of the preferred extensions hold each claim.

        A claim is in some preferred extension when it is in an admissible set, which is searched for. It is in
        all when, besides, no attacker of it is in one: attacks that are not mutual come here only from
        endorsed claims, each of which is admissible by itself, or go to what nobody holds and attacks nothing,
        so that nothing else can keep a claim out.
        """
        credulous = {claim: self._admissible(frozenset({claim}), self.attackers[claim]) for claim in self.attackers}
        return {
            claim: "none" if not yes else "some" if any(credulous[a] for a in self.attackers[claim]) else "all"
            for claim, yes in credulous.items()
        }

    def _admissible(self, chosen: frozenset[str], barred: frozenset[str]) -> bool:
        """Tell whether a conflict-free set can be completed to one that attacks all its attackers.

        The attacker with the fewest possible defenders is answered first, and a defender that led nowhere is not
        tried again beside the others.

        Args:
            chosen: the set.
            barred: its attackers, and what cannot complete it.

        """
        attackers = {a for claim in chosen for a in self.attackers[claim]}
        if attackers & chosen:
            return False
        answers = [self.attackers[a] - barred for a in attackers if chosen.isdisjoint(self.attackers[a])]
        if not answers:
            return True
        fewest = min(answers, key=len)
        for defender in sorted(fewest):
            against = self.attackers[defender]
            if chosen.isdisjoint(against) and self._admissible(chosen | {defender}, barred | against):
                return True
            barred |= {defender}
        return False

    def strength(self, wanted: Iterable[str], tolerance: float = 1e-4) -> dict[str, float]:
        """Return the quadratic energy strength of claims, between 0 and 1, by Euler's method.

        Only what bears on the wanted claims is computed: their supporters and opponents, and theirs in turn.
        """
        claims: set[str] = set()
        todo = list(wanted)
        while todo:
            claim = todo.pop()
            if claim not in claims:
                claims.add(claim)
                todo += [*self.supporters.get(claim, ()), *self.conflicts.get(claim, ())]
        place = {claim: i for i, claim in enumerate(sorted(claims))}
        supporters = [[place[s] for s in self.supporters.get(c, ())] for c in place]
        opponents = [[place[o] for o in self.conflicts.get(c, ())] for c in place]
        now = [INITIAL] * len(place)
        for _ in range(STEPS):
            aims = [
                _aim(sum(now[s] for s in pro) - sum(now[o] for o in con))
                for pro, con in zip(supporters, opponents, strict=True)
            ]
            change = max((abs(aim - value) for aim, value in zip(aims, now, strict=True)), default=0.0)
            now = [value + STEP * (aim - value) for aim, value in zip(aims, now, strict=True)]
            if change < tolerance:
                break
        return dict(zip(place, now, strict=True))


def _aim(energy: float) -> float:
    """Return the strength to which an energy drives a claim."""
    impact = energy**2 / (1 + energy**2)
    return INITIAL + (1 - INITIAL) * impact if energy > 0 else INITIAL - INITIAL * impact


COLUMNS = ("attackers", "supporters", "grounded", "preferred", "strength")


def standing(engine: Engine, claims: Iterable[str], language: str = "en") -> dict[str, dict[str, Cell]]:
    """Return for each claim who attacks and supports it, and where it stands; cells by `COLUMNS`."""
    debate = Debate.read(engine)
    wanted = list(dict.fromkeys(claims))
    grounded, preferred, strength = debate.grounded(), debate.preferred(), debate.strength(wanted)
    ends = {e for c in wanted for m in (debate.conflicts, debate.supporters) for e in m.get(c, ())}
    labels = labels_of(engine, ends, language)

    def cell(ids: Iterable[str]) -> Cell:
        found = tuple(sorted(ids))
        parts = tuple(labels[i] for i in found)
        return Cell("; ".join(parts), found, parts)

    rows: dict[str, dict[str, Any]] = {}
    for claim in wanted:
        rows[claim] = {
            "attackers": cell(debate.conflicts.get(claim, ())),
            "supporters": cell(debate.supporters.get(claim, ())),
            "grounded": Cell(grounded.get(claim, "in")),
            "preferred": Cell(preferred.get(claim, "all")),
            "strength": Cell(f"{strength.get(claim, INITIAL):.2f}"),
        }
    return rows
