"""`vocabulary.ttl`: Turtle that attacks its reader, and terms that speak of what is not theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from hostile.case import Accepted, Case, Refused
from hostile.coding import CHECK, COVERAGE, FOLDER, READ
from hostile.scene import Scene

TTL = FOLDER + "vocabulary.ttl"

HEAD = """\
@prefix air: <https://w3id.org/airkg/ns/> .
@prefix id: <https://w3id.org/airkg/id/> .
@prefix actor: <https://w3id.org/airkg/id/actor/> .
@prefix phenomenon: <https://w3id.org/airkg/id/phenomenon/> .
@prefix claim: <https://w3id.org/airkg/id/claim/> .
@prefix assertion: <https://w3id.org/airkg/id/assertion/> .
@prefix source: <https://w3id.org/airkg/id/source/> .
@prefix mechanism: <https://w3id.org/airkg/id/mechanism/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
LINE = HEAD.count("\n") + 1
"""The line on which what follows the head begins."""


def term(name: str, *more: str, kind: str = "actor", cls: str = "air:Actor") -> str:
    """Return a whole term of one's own; `more` stands one a line, from the fifth line on."""
    lines = [
        f"{kind}:{name}",
        f"    a skos:Concept, {cls} ;",
        f'    skos:prefLabel "{name} of ours"@en ;',
        '    skos:definition "A thing that this test made up."@en ;',
        *(f"    {one} ;" for one in more),
        "    .",
    ]
    return "\n".join(lines) + "\n"


OWN = term("own-council")


def _ttl(why: str, content: str | bytes | Callable[[], str | bytes], expect: Refused | Accepted) -> Case:
    def prepare(scene: Scene) -> None:
        scene.file(TTL, content() if callable(content) else content)

    return Case("vocabulary", why, COVERAGE if expect is READ else CHECK, expect, prepare)


def _at(says: str, line: int = 0, column: int | None = None, faults: int | None = 1) -> Refused:
    return Refused(says, TTL, line and LINE + line - 1, column, faults)


SAID_OF_OTHERS: list[tuple[str, str, int]] = [
    ("a mechanism for another's claim",
     "claim:ai-weakens-state-monopoly air:hasMechanism mechanism:algorithmic-control .", 1),
    ("a holder for another's assertion", "assertion:baig.a1 air:heldBy actor:china .", 1),
    ("an endorsement of what a source contests", "assertion:doe2026.nothing-happened air:hasStance air:endorses .", 1),
    ("another name for a founding term", 'actor:china skos:prefLabel "Zhongguo"@de .', 1),
    ("another name for a founding term beside one's own", OWN + 'actor:china skos:altLabel "Nobody"@en .', 6),
    ("a broader term for a founding term", OWN + "actor:china skos:broader actor:own-council .", 6),
    ("a founding term that is the same as one's own", OWN + "actor:china owl:sameAs actor:own-council .", 6),
    ("a type for a founding term", "actor:china a air:Risk .", 1),
    ("an edge between founding terms", "mechanism:algorithmic-control air:weakens phenomenon:state-monopoly .", 1),
    ("a support of another's claim",
     "claim:machines-leave-state-monopoly air:supports claim:machines-weaken-state-monopoly .", 1),
    ("a class of the project's", "air:OwnClass a owl:Class .", 1),
    ("an axiom about the project's classes", "air:Actor rdfs:subClassOf air:Risk .", 1),
    ("a disjointness that makes all inconsistent", "air:Actor owl:disjointWith air:Actor .", 1),
    ("a property of the project's", "air:weakens a owl:TransitiveProperty .", 1),
    ("a licence for another's source", "source:baig <http://purl.org/dc/terms/license> <http://x.example/> .", 1),
    ("a claim of one's own, without a source", "claim:own-claim a air:EffectClaim ; air:statement \"Own.\"@en .", 1),
    ("an assertion that no source makes",
     "assertion:own.one a air:Assertion ; air:asserts claim:machines-weaken-state-monopoly .", 1),
    ("a thing under the project's ids that has no kind",
     "<https://w3id.org/airkg/id/nothing> skos:prefLabel \"x\"@en .", 1),
    ("a graph of the project's", "<https://w3id.org/airkg/graph/derived> rdfs:label \"x\"@en .", 1),
    ("a claim by way of one's own prefix",
     "@prefix x: <https://w3id.org/airkg/id/cla> .\nx:im\\/machines-weaken-state-monopoly "
     "skos:note \"x\"@en .", 2),
    ("a claim by way of a base", "@base <https://w3id.org/airkg/id/claim/> .\n<machines-weaken-state-monopoly> "
     "skos:note \"x\"@en .", 2),
    ("the meaning of SKOS", "skos:broader rdfs:subPropertyOf air:supports .", 1),
]  # fmt: skip

OF_ONES_OWN: list[tuple[str, str, str, int]] = [
    ("a class that is nowhere", term("own-council", cls="air:Akter"), "Akter", 2),
    ("a class of claims", term("own-council", cls="air:EffectClaim"), "no class of the vocabulary", 2),
    ("a predicate that is not on the list", term("own-council", "air:weakens phenomenon:state-monopoly"),
     "air:weakens", 5),
    ("a predicate of OWL", term("own-council", "owl:sameAs actor:china"), "sameAs", 5),
    ("an import", term("own-council", "owl:imports <CANARY/o.owl>"), "imports", 5),
    ("a term that is broader than itself", term("own-council", "skos:broader actor:own-council"), "own-council", 5),
    ("two terms each broader than the other", term("own-a", "skos:broader actor:own-b") + term("own-b",
     "skos:broader actor:own-a"),
     "own-", 5),
    ("a broader term of another kind", term("own-council", "skos:broader phenomenon:state-monopoly"),
     "state-monopoly", 5),
    ("a broader term that is nowhere", term("own-council", "skos:broader actor:nobody-at-all"), "nobody-at-all", 5),
    ("a broader term that is a text", term("own-council", 'skos:broader "china"'), "broader", 5),
    ("a mapping to script", term("own-council", "skos:exactMatch <javascript:alert(1)>"), "javascript", 5),
    ("a mapping to this machine", term("own-council", "skos:closeMatch <file:///etc/passwd>"), "file:", 5),
    ("a name that turns the line", term("own-council", 'skos:altLabel "x \u202e y"@en'), "U+202E", 5),
    ("a name with a terminal's escape as an escape", term("own-council", 'skos:altLabel "x \\u001B[2J y"@en'),
     "control character", 5),
    ("a name that is no text", term("own-council", "skos:altLabel actor:china"), "a text expected", 5),
    ("a number that is none", term("own-council", 'skos:note "abc"^^xsd:integer'), "", 5),
    ("a datatype of nobody", term("own-council", 'skos:note "abc"^^<http://evil.example/type>'), "", 5),
    ("a slug with a dot", term("own.council"), "own.council", 1),
    ("a slug with a cyrillic letter", term("сouncil"), "ouncil", 1),
    ("a slug that climbs", term("x").replace("actor:x\n", "<https://w3id.org/airkg/id/actor/../claim/x>\n"), "", 1),
    ("a slug with an escaped slash", term("x").replace("actor:x\n", "<https://w3id.org/airkg/id/actor/a%2Fb>\n"), "",
     1),
]  # fmt: skip

SYNTAX: list[tuple[str, str | bytes | Callable[[], str | bytes], str, int]] = [
    ("a triple term", "actor:x skos:note <<( actor:a skos:b actor:c )>> .\n", "", 1),
    ("a reified triple", "<< actor:china skos:note \"x\" >> skos:note \"y\" .\n", "", 1),
    ("an annotation", "actor:x skos:note \"x\" {| skos:note \"y\" |} .\n", "", 1),
    ("a base direction", term("own-council", 'skos:altLabel "x"@en--rtl'), "", 5),
    ("a space in an IRI", "<http://a b> skos:note \"x\" .\n", "not Turtle", 1),
    ("a bad escape in an IRI", "<http://a/\\u0020b> skos:note \"x\" .\n", "not Turtle", 1),
    ("a relative IRI without a base", "<council> skos:note \"x\" .\n", "not Turtle", 1),
    ("a base in this machine", "@base <file:///etc/> .\n<passwd> skos:note \"x\"@en .\n", "", 2),
    ("an import of style sheets", "@import <CANARY/x.ttl> .\n", "not Turtle", 1),
    ("a graph", "<http://x.example/g> { actor:x skos:note \"x\" }\n", "not Turtle", 1),
    ("a blank node", "actor:x skos:note [ skos:note \"x\" ] .\n", "blank node", 1),
    ("a list", "actor:x skos:note ( 1 2 ) .\n", "blank node", 1),
    ("twenty thousand open brackets", lambda: "actor:x skos:note " + "[ skos:note " * 20_000, "", 1),
    ("twenty thousand open lists", lambda: "actor:x skos:note " + "(" * 20_000, "", 1),
    ("a text that is never closed", "actor:x skos:note \"\"\"x\n\n\n", "not Turtle", 1),
    ("an undeclared prefix", "evil:x skos:note \"x\" .\n", "not Turtle", 1),
    ("a NUL byte", "actor:x skos:note \"\0\" .\n", "U+0000", 1),
    ("a variable", "?x skos:note \"x\" .\n", "not Turtle", 1),
    ("a rule of N3", "{ ?x skos:note ?y } => { ?y skos:note ?x } .\n", "not Turtle", 1),
]  # fmt: skip


def _chain(count: int) -> str:
    return (
        HEAD + "".join(term(f"own-{i}", f"skos:broader actor:own-{i + 1}") for i in range(count)) + term(f"own-{count}")
    )


def cases() -> Iterator[Case]:
    for why, text, line in SAID_OF_OTHERS:
        yield _ttl(
            f"says {why}", HEAD + text + "\n", _at("", line, faults=None if "claim of" in why or "makes" in why else 1)
        )
    for why, text, says, line in OF_ONES_OWN:
        yield _ttl(
            f"a term with {why}",
            HEAD + text,
            _at(says, line, faults=None if "each" in why or "slug" in why or "class" in why else 1),
        )
    for why, made, says, line in SYNTAX:

        def content(made: str | bytes | Callable[[], str | bytes] = made) -> bytes:
            text = made() if callable(made) else made
            return HEAD.encode() + (text if isinstance(text, bytes) else text.encode())

        shown, more = (
            (50, 19_950) if "twenty thousand" in why else (None if "triple" in why or "annot" in why else 1, 0)
        )
        yield _ttl(f"has {why}", content, replace(_at(says, line, faults=shown), more=more))
    yield _ttl("UTF-16", lambda: HEAD.encode("utf-16"), Refused("UTF-8", TTL, 1))
    yield _ttl("21 megabytes", lambda: HEAD + "#" * 21_000_000, Refused("", TTL))
    yield _ttl("broader chain of a thousand", lambda: _chain(1000), Refused("levels deep", TTL, -1))
    yield _ttl("broader chain of ten, which is no fault", lambda: _chain(10), READ)
    yield _ttl("a term of one's own, which is no fault", HEAD + term("own-council", "skos:broader actor:states"), READ)
    yield _ttl(
        "a mapping outward that is only named, never fetched",
        HEAD + term("own-council", "skos:exactMatch <CANARY/council>"),
        READ,
    )
    yield _ttl("nothing at all, which is no fault", "", READ)
    yield _ttl(
        "five thousand terms of one's own, which are no fault",
        lambda: HEAD + "".join(term(f"own-{i}") for i in range(5000)),
        READ,
    )
    yield Case(
        "vocabulary",
        "that two sources bring alike",
        CHECK,
        Refused("own-council", "corpus/roe2027/vocabulary.ttl", LINE),
        lambda scene: _twice(scene),
    )


def _twice(scene: Scene) -> None:
    scene.file(TTL, HEAD + OWN)
    second_source(scene)
    scene.file("corpus/roe2027/vocabulary.ttl", HEAD + OWN)


def second_source(scene: Scene) -> None:
    """Lay a second source beside the small one, which asserts the first one's claims again."""
    text = (scene.work / "texts" / "doe2026.txt").read_text()
    scene.file("texts/roe2027.txt", text)
    for name in ("source.yaml", "coding.yaml", "references.json", "anchors.lock"):
        scene.file(f"corpus/roe2027/{name}", (scene.folder / name).read_text().replace("doe2026", "roe2027"))
    coding = (scene.work / "corpus/roe2027/coding.yaml").read_text()
    for claim in (
        "machines-weaken-state-monopoly",
        "machines-leave-state-monopoly",
        "firms-own-the-cables",
        "ministries-train-their-people",
    ):
        coding = coding.replace(f"      id: {claim}", f"      id: again-{claim}")
    coding = coding.replace("      says: ", "      says: In other words, ")
    relations, left_out = coding.index("relations:"), coding.index("left-out:")
    scene.file("corpus/roe2027/coding.yaml", coding[:relations] + coding[left_out:])
