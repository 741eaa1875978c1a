"""Questions answered anew in Python, from the graph alone: what their queries are to give."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from printing import Graph

from kg import names

Anew = Callable[[Graph, str], set[tuple[str, ...]]]


def kind(graph: Graph, thing: str, cls: str) -> bool:
    return names.expand(cls) in graph.values(thing, "rdf:type")


def within(graph: Graph, thing: str, *terms: str) -> bool:
    """Tell whether a term is one of others, or narrower than one of them."""
    return any(names.expand(one) in graph.values(thing, "isNarrowerThan?") for one in terms)


def placed(graph: Graph, assertion: str, domain: str) -> bool:
    """Tell whether an assertion stands in a domain, or in one narrower than it."""
    return any(within(graph, one, domain) for one in graph.values(assertion, "hasDomain"))


def made(graph: Graph, claim: str) -> list[str]:
    return graph.values(claim, "^asserts")


CAUSE = "^hasCause|^arisesFrom|^hasMechanism"


def link(graph: Graph, cause: str, affected: str) -> list[tuple[str, str]]:
    """Return the claims, and how they relate the two, that lead from one thing to another."""
    found = [c for c in graph.values(cause, CAUSE) if affected in graph.values(c, "hasObject")]
    pairs = [(c, relation) for c in found for relation in graph.values(c, "hasRelation")]
    return [(c, r) for c, r in pairs if r != names.expand("relation:leaves-unchanged")]


def chains(graph: Graph, begin: str, end: str) -> set[tuple[str, ...]]:
    """Rows of chains of two and three claims: the terms between, the step, its ends, its effect, its assertion."""
    paths = [[begin, a, end] for a in graph.values(begin, "leadsTo") if end in graph.values(a, "leadsTo")]
    for a in graph.values(begin, "leadsTo"):
        paths += [[begin, a, b, end] for b in graph.values(a, "leadsTo") if end in graph.values(b, "leadsTo")]
    rows = set()
    for path in paths:
        inner = path[1:-1]
        if begin == end or end in inner or (len(inner) == 2 and begin == inner[1]):
            continue
        for step, (cause, affected) in enumerate(pairwise(path), 1):
            for claim, relation in link(graph, cause, affected):
                then = inner[1] if len(inner) == 2 else ""
                rows |= {(inner[0], then, str(step), cause, relation, affected, a) for a in made(graph, claim)}
    return rows


def leads_to(graph: Graph, end: str) -> set[tuple[str, ...]]:
    rows = set()
    for through in graph.values(end, "^leadsTo"):
        for claim in graph.values(through, "^hasObject"):
            for origin in graph.values(claim, "hasCause|arisesFrom|hasMechanism"):
                for c, relation in link(graph, origin, through) if origin != end else ():
                    rows |= {(origin, through, "1", relation, a) for a in made(graph, c)}
        for origin in graph.values(through, "^leadsTo"):
            for claim, relation in link(graph, through, end) if origin != end else ():
                rows |= {(origin, through, "2", relation, a) for a in made(graph, claim)}
    return rows


LOST = (
    *("risk:loss-of-agency", "risk:loss-of-sovereignty", "risk:loss-of-human-control", "risk:marginalisation"),
    *("risk:competitive-disadvantage", "risk:technological-dependency", "risk:strategic-vulnerability"),
    "phenomenon:inequality",
)
HELD = (
    "phenomenon:state-monopoly",
    "phenomenon:state-control",
    "phenomenon:state-hierarchy",
    "phenomenon:sovereignty",
    "power:state-power",
)


def loses_power(graph: Graph, actor: str) -> set[tuple[str, ...]]:
    """Rows of four sorts: weakened themselves, held back as performers, states by what they hold, by risks of power."""
    found = []
    for claim in graph.all("air:Claim"):
        effects = {names.compact(e) for e in graph.values(claim, "hasEffect")}
        affected = graph.values(claim, "hasAffected")
        if "relation:weakens" in effects:
            found += [(a, "", claim) for a in affected if kind(graph, a, "air:ActorTerm")]
        if "relation:constrains" in effects:
            kinds = [*graph.values(claim, "hasPowerType"), *graph.values(claim, "hasAffected/isNarrowerThan?")]
            if any(kind(graph, k, "air:PowerType") for k in kinds):
                found += [(p, a, claim) for p in graph.values(claim, "hasPerformer") for a in affected]
        found += [(loser, a, claim) for loser in graph.values(claim, "hasLoser") for a in affected]
        if effects & {"relation:weakens", "relation:constrains", "relation:redistributes"}:
            found += [(names.expand("actor:states"), a, claim) for a in affected if within(graph, a, *HELD)]
        risks = [r for r in graph.values(claim, "hasRisk") if within(graph, r, *LOST)]
        found += [(b, r, claim) for b in graph.values(claim, "hasBearer") for r in risks]
    return {
        (who, through, how, loss, a)
        for who, loss, claim in found
        if names.expand(actor) in graph.values(who, "countsAs?")
        for how in graph.values(claim, "hasRelation")
        for through in graph.values(claim, "hasSubject")
        for a in made(graph, claim)
    }


def members(graph: Graph, cls: str) -> set[tuple[str, ...]]:
    rows = set()
    # whether somebody has a status is a claim: it is the ground, and not whatever else is said of him
    status = [c for sort in graph.values(cls, "^kindOf") for c in graph.values(sort, "^isNarrowerThan?")]
    for sort in status:
        for claim in graph.values(sort, "^countsAmong"):
            rows |= {(m, a) for m in graph.values(claim, "hasSubject") for a in made(graph, claim)}
    for member in graph.all(cls):
        rows |= {(member, a) for a in made(graph, member)}
        rows |= {(member, member)} if kind(graph, member, "air:Assertion") else set()
        if kind(graph, member, "air:InTextCitation"):
            rows |= {(member, a) for a in graph.values(member, "^throughCitation/^hasAttribution")}
        if kind(graph, member, "air:Term") and not status:
            claims = graph.values(member, "^hasSubject|^hasObject|^hasMechanism|^hasPerformer|^hasGainer|^hasLoser")
            rows |= {(member, a) for claim in claims for a in made(graph, claim)}
    return rows


def disagreements(graph: Graph, slot: str) -> set[tuple[str, ...]]:
    tension = names.expand("code:link.isInTensionWith")
    links = [x for x in graph.values(tension, "^hasLinkProperty") if slot in graph.values(x, "differsIn")]
    return {
        (other, place, ", ".join(sorted(graph.values(x, "differsIn"))), a)
        for x in links
        for other in graph.values(x, "linksTo")
        for rebuttal in made(graph, other)
        if not denied(graph, rebuttal)
        for place in graph.values(rebuttal, "hasPassage")
        for claim in graph.values(x, "linksFrom")
        for a in made(graph, claim)
        if not denied(graph, a)
    }


def denied(graph: Graph, assertion: str) -> bool:
    """Whether the assertion says in its own voice that its claim does not hold."""
    said = {*graph.values(assertion, "hasStance"), *graph.values(assertion, "hasVoice")}
    return {names.expand("code:stance.contests"), names.expand("code:voice.own")} <= said


WAYS = {
    "supports": ("supports it", "is supported by it"),
    "refines": ("refines it", "is refined by it"),
    "repeats": ("repeats it", "repeats it"),
    "isInTensionWith": ("stands against it", "stands against it"),
    "differsInTranslationFrom": ("says it otherwise in another language", "says it otherwise in another language"),
}


def for_and_against(graph: Graph, claim: str) -> set[tuple[str, ...]]:
    rejects = names.expand("code:stance.contests")
    rows = {
        ("rejects it" if rejects in graph.values(a, "hasStance") else "makes it", "", a) for a in made(graph, claim)
    }
    for near, far, way in (("linksTo", "linksFrom", 0), ("linksFrom", "linksTo", 1)):
        for x in graph.values(claim, f"^{near}"):
            (relation,), (reason,) = graph.values(x, "hasLinkProperty"), graph.values(x, "reason")
            said = WAYS[relation.rpartition(".")[2]][way]
            rows |= {(said, reason, a) for other in graph.values(x, far) for a in made(graph, other)}
    return rows


def impact(graph: Graph, work: str) -> set[tuple[str, ...]]:
    lost = graph.values(work, "^restsOnlyOn")
    rows = {("every assertion", a) for claim in lost for a in made(graph, claim)}
    for claim in {c for one in lost for c in graph.values(one, "supports")} - set(lost):
        if set(graph.values(claim, "^supports")) <= set(lost):
            rows |= {("every supporting claim", a) for a in made(graph, claim)}
    return rows


def rests_on(graph: Graph, work: str) -> set[tuple[str, ...]]:
    rows = set()
    for credit in graph.values(work, "^attributedTo"):
        for a in graph.values(credit, "^hasAttribution"):
            only = work in graph.values(a, "asserts/restsOnlyOn")
            (scope,), (basis,) = graph.values(credit, "hasScope"), graph.values(a, "hasBasis")
            rows.add(("only on it" if only else "also on something else", scope, basis, a))
    return rows


def about(graph: Graph, thing: str) -> set[tuple[str, ...]]:
    rows = set()
    for (value, prop), claims in graph.back.items():
        if value == thing and graph.values(names.expand(prop), "skos:prefLabel"):
            narrow = graph.values(names.expand(prop), "^rdfs:subPropertyOf")
            for claim in (c for c in claims if kind(graph, c, "air:Claim")):
                if not any(thing in graph.values(claim, names.compact(n)) for n in narrow):
                    rows |= {(names.expand(prop), a) for a in made(graph, claim)}
    for role, path in (
        ("claim", "^asserts"),
        ("source", "^inSource"),
        ("passage", "^hasPassage"),
        ("section", "^inSection/^hasPassage"),
        *((names.term(p), f"^{p}") for p in ("hasDomain", "hasVoice", "hasStance", "hasHedge", "hasMode", "hasBasis")),
        (names.term("hasScope"), "^hasScope/^hasAttribution"),
        ("holds the view", "^heldBy"),
        ("cited for it", "^attributedTo/^hasAttribution"),
    ):
        rows |= {(role, a) for a in graph.values(thing, path) if kind(graph, a, "air:Assertion")}
    return rows


def below(graph: Graph, prop: str) -> list[str]:
    """Return the properties below one, at any depth."""
    nearest = graph.values(names.expand(prop), "^rdfs:subPropertyOf")
    return [*nearest, *(deeper for one in nearest for deeper in below(graph, one))]


def parts(graph: Graph, assertion: str) -> set[tuple[str, str]]:
    """Return what an assertion has to do with, and as what: terms, domain, holder, source, works, and their authors."""
    rows = set()
    for claim in graph.values(assertion, "asserts"):
        for slot in below(graph, "air:involves"):
            fine = {t for one in below(graph, slot) for t in graph.values(claim, names.compact(one))}
            rows |= {(thing, slot) for thing in graph.values(claim, names.compact(slot)) if thing not in fine}
    for prop, path in (("hasDomain",) * 2, ("heldBy",) * 2, ("inSource",) * 2, ("attributedTo", CITED)):
        rows |= {(thing, names.term(prop)) for thing in graph.values(assertion, path)}
    works = graph.values(assertion, CITED)
    if names.expand("code:voice.own") in graph.values(assertion, "hasVoice"):
        works = [*works, *graph.values(assertion, "inSource")]
    for share in (share for work in works for share in graph.values(work, "^contributesTo")):
        for prop in ("creditsAgent", "hasAffiliation"):
            rows |= {(thing, names.term(prop)) for thing in graph.values(share, prop)}
    return rows


CITED = "hasAttribution/attributedTo"


def together(graph: Graph, thing: str) -> set[tuple[str, ...]]:
    """Rows of what is said about one thing, or a narrower one, where the assertion has to do with another too."""
    rows = set()
    for assertion in graph.all("air:Assertion"):
        found = parts(graph, assertion)
        mine = {(part, role) for part, role in found if within(graph, part, thing)}
        rows |= {(part, role, assertion) for part, role in mine if {other for other, _ in found} != {part}}
    return rows


def beside(graph: Graph, source: str) -> set[tuple[str, ...]]:
    """Rows of what any source says, for one source beside any other: terms of the claim, and the domain."""
    roles = {*below(graph, "air:involves"), names.term("hasDomain")}
    said = ((a, s) for a in graph.all("air:Assertion") for s in graph.values(a, "inSource"))
    return {(part, role, s, a) for a, s in said for part, role in parts(graph, a) if role in roles}


def conditions(graph: Graph, words: str) -> set[tuple[str, ...]]:
    """Rows of claims with these words in their condition, or in the label of what is needed."""
    rows = set()
    for claim in graph.all("air:Claim"):
        texts = [(text, "", text) for text in graph.values(claim, "condition")]
        texts += [("", need, label) for need in graph.values(claim, "requires") for label in graph.values(need, LABEL)]
        for condition, need, text in texts:
            if names.compact(words).casefold() in text.casefold():
                subjects = graph.values(claim, "hasSubject")
                rows |= {(condition, need, subject, a) for subject in subjects for a in made(graph, claim)}
    return rows


LABEL = "skos:prefLabel"


def mechanisms(graph: Graph, domain: str) -> set[tuple[str, ...]]:
    claims: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = {}
    for claim in graph.all("air:EffectClaim"):
        for a in (a for a in made(graph, claim) if placed(graph, a, domain)):
            for mechanism in graph.values(claim, "hasMechanism|hasCause"):
                if kind(graph, mechanism, "air:Mechanism"):
                    claims.setdefault(mechanism, set()).add(claim)
                    sources.setdefault(mechanism, set()).update(graph.values(a, "inSource"))
    return {(m, str(len(cs)), str(len(sources[m]))) for m, cs in claims.items()}


def most_cited(graph: Graph, source: str) -> set[tuple[str, ...]]:
    rows = set()
    for work in graph.all("air:Work"):
        places = [c for c in graph.values(work, "^citesWork") if source in graph.values(c, "inSource")]
        said = [a for a in graph.values(work, "^attributedTo/^hasAttribution") if source in graph.values(a, "inSource")]
        claims = {c for a in said for c in graph.values(a, "asserts")}
        alone = [c for c in claims if graph.values(c, "restsOnlyOn")]
        if places:
            rows.add((work, str(len(places)), *((str(len(claims)), str(len(alone))) if claims else ("", ""))))
    return rows


def single_work(graph: Graph, source: str) -> set[tuple[str, ...]]:
    rows = set()
    strict = names.expand("code:scope.strict")
    for work in graph.all("air:Work"):
        said = {
            c: [a for a in made(graph, c) if source in graph.values(a, "inSource")]
            for c in graph.values(work, "^restsOnlyOn")
        }
        claims = [c for c, assertions in said.items() if assertions]
        at = [c for c in claims if any(strict in graph.values(a, "hasAttribution/hasScope") for a in said[c])]
        if claims:
            rows.add((work, str(len(claims)), str(len(at))))
    return rows


def theirs(graph: Graph, work: str) -> set[tuple[str, str]]:
    """Return the claims that a source makes in its own voice, or that are credited to a work, with their assertions."""
    own = names.expand("code:voice.own")
    said = [a for a in graph.values(work, "^inSource") if own in graph.values(a, "hasVoice")]
    said += graph.values(work, "^attributedTo/^hasAttribution")
    return {(c, a) for a in said for c in graph.values(a, "asserts")}


def authors(graph: Graph, role: str) -> set[tuple[str, ...]]:
    rows = set()
    for one in graph.values(role, "^hasRole"):
        for work in graph.values(one, "contributesTo"):
            if claims := {c for c, _ in theirs(graph, work)}:
                rows |= {(agent, work, str(len(claims))) for agent in graph.values(one, "creditsAgent")}
    return rows


def institutions(graph: Graph, thing: str) -> set[tuple[str, ...]]:
    rows, bodies = set(), set(graph.all("foaf:Organization"))
    about = {
        claim
        for (claim, prop), ends in graph.forth.items()
        if graph.values(names.expand(prop), "skos:prefLabel") and any(within(graph, e.value, thing) for e in ends)
    }
    for one in graph.all("air:Authorship"):
        for work in graph.values(one, "contributesTo"):
            claims = {c for c, a in theirs(graph, work) if c in about or placed(graph, a, thing)}
            for body in bodies.intersection(graph.values(one, "hasAffiliation|creditsAgent")):
                if claims:
                    rows.add((body, work, str(len(claims))))
    return rows


ANEW: dict[tuple[str, str], tuple[Anew, tuple[str, ...]]] = {
    ("leads-to", "phenomenon"): (leads_to, ("origin", "through", "step", "effect", "assertion")),
    ("loses-power", "actor"): (loses_power, ("actor", "through", "how", "loss", "assertion")),
    ("members", "class"): (members, ("member", "assertion")),
    ("disagreements", "slot"): (disagreements, ("against", "against_place", "differs", "assertion")),
    ("for-and-against", "claim"): (for_and_against, ("way", "reason", "assertion")),
    ("impact", "work"): (impact, ("loss", "assertion")),
    ("rests-on", "work"): (rests_on, ("weight", "pointer", "basis", "assertion")),
    ("about", "thing"): (about, ("role", "assertion")),
    ("together", "thing"): (together, ("thing", "role", "assertion")),
    ("together", "with"): (together, ("with", "with_role", "assertion")),
    ("side-by-side", "source"): (beside, ("thing", "role", "source", "assertion")),
    ("side-by-side", "other"): (beside, ("thing", "role", "source", "assertion")),
    ("conditions", "upon"): (conditions, ("condition", "requires", "subject", "assertion")),
    ("mechanisms", "domain"): (mechanisms, ("mechanism", "claims", "sources")),
    ("authors", "role"): (authors, ("person", "work", "claims")),
    ("institutions", "thing"): (institutions, ("institution", "work", "claims")),
    ("most-cited", "source"): (most_cited, ("work", "places", "claims", "alone")),
    ("single-work", "source"): (single_work, ("work", "claims", "at_sentence")),
}
"""Questions answered in Python: by their parameter, the rows under these columns."""
