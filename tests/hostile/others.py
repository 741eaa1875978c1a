"""Two sources side by side: none may change, hide or add to what another has said, or pose as the project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.coding import CHECK
from hostile.scene import Scene
from hostile.turtle import HEAD, LINE, TTL, second_source, term

SECOND = "corpus/roe2027/"
BUILD = ("build", "--corpus", "corpus", "--alone", "--store", "made")


def _coding(why: str, old: str, new: str, says: str) -> Case:
    """The second source's coding says `new` where `old` stood; ‸ marks the fault."""

    def prepare(scene: Scene) -> tuple[int, int]:
        second_source(scene)
        text = (scene.work / SECOND / "coding.yaml").read_text()
        assert text.count(old) == 1, old
        text = text.replace(old, new)
        before = text[: text.index("‸")]
        scene.file(f"{SECOND}coding.yaml", text.replace("‸", ""))
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    return Case("others", why, CHECK, Refused(says, f"{SECOND}coding.yaml"), prepare)


def _listed(why: str, says: str, **keys: Any) -> Case:
    """The second source's reference list has another item under an id that the first one knows."""

    def prepare(scene: Scene) -> None:
        second_source(scene)
        items = json.loads((scene.work / SECOND / "references.json").read_text())
        known = [item for item in items if item["id"] != keys.get("id", "roe2020")]
        item = {**items[0], **keys}
        scene.file(f"{SECOND}references.json", json.dumps([item, *known]))

    return Case("others", why, CHECK, Refused(says, f"{SECOND}references.json", 1, 9), prepare)


def _term(why: str, text: str, says: str, line: int = 1) -> Case:
    def prepare(scene: Scene) -> None:
        scene.file(TTL, HEAD + text)

    return Case("others", why, CHECK, Refused(says, TTL, LINE + line - 1), prepare)


def _contesting(scene: Scene) -> None:
    """The second source contests the first one's claim, under an assertion's id that the first one has, too."""
    second_source(scene)
    text = (scene.work / SECOND / "coding.yaml").read_text()
    start, end = text.index("    claim:\n"), text.index("    voice: own\n")
    text = text[:start] + "    claim: machines-weaken-state-monopoly\n" + text[end:]
    scene.file(f"{SECOND}coding.yaml", text.replace("stance: endorses", "stance: contests", 1))


def _rows(scene: Scene, query: str) -> list[tuple[str, ...]]:
    from kg.queries import with_prefixes
    from kg.store.local import open_store

    store = open_store(scene.work / "made")
    found: Any = store.query(with_prefixes(query), use_default_graph_as_union=True)
    return sorted(tuple(term.value.rpartition("/")[2] for term in row) for row in found)


def _contested(scene: Scene, outcome: Outcome) -> None:
    said = "?claim air:statement ?text FILTER(STRENDS(STR(?claim), '/machines-weaken-state-monopoly'))"
    assert _rows(scene, f"SELECT ?text {{ {said} FILTER(LANG(?text) = 'en') }}") == [
        ("Artificial intelligence weakens the monopoly of states.",)
    ]
    assert _rows(scene, f"SELECT ?assertion ?stance {{ {said} ?assertion air:asserts ?claim ; air:hasStance ?stance "
                        "FILTER(LANG(?text) = 'en') }") == [
        ("doe2026.grip-loosens", "stance.endorses"),
        ("roe2027.grip-loosens", "stance.contests"),
    ]  # fmt: skip


OWN = term("sea-cable", "skos:broader <urn:example:cable>").replace("actor:sea-cable", "<urn:example:sea-cable>")


def _own_namespace(scene: Scene) -> None:
    scene.file(TTL, HEAD + OWN + term("x").replace("actor:x", "<urn:example:cable>").replace('"x of', '"cable of'))


def _named(scene: Scene, outcome: Outcome) -> None:
    assert _rows(scene,
    "SELECT ?term ?wider { ?term skos:broader ?wider FILTER(STRSTARTS(STR(?term), 'urn:example:')) }"
                 ) == [("urn:example:sea-cable", "urn:example:cable")]  # fmt: skip


POSES = (
    "http://w3id.org/airkg/id/claim/x",
    "https://www.w3id.org/airkg/id/claim/x",
    "https://w3id.org:443/airkg/id/claim/x",
    "https://somebody@w3id.org/airkg/id/claim/x",
    "HTTPS://W3ID.ORG/airkg/id/claim/x",
    "https://w3id.org/airkg/id/assertion/doe2026.grip-loosens",
)


def cases() -> Iterator[Case]:
    yield _coding("a claim that bears the id of another's", "id: again-machines-weaken-state-monopoly",
                  "id: ‸machines-weaken-state-monopoly", "stands twice")  # fmt: skip
    relation = "relations:\n  - claim: ‸{}\n    relation: supports\n    other: {}\n    because: So it seems.\nleft-out:"
    first, second = "machines-weaken-state-monopoly", "firms-own-the-cables"
    yield _coding(
        "a relation between two claims of another", "left-out:", relation.format(second, first), "asserts neither"
    )
    yield _coding("a relation to a claim of nobody", "left-out:", relation.format("again-" + second, "x").replace(
        "‸", "").replace("other: x", "other: ‸x"), "nowhere")  # fmt: skip
    yield _coding(
        "a work that only another lists",
        "attributed-to: [roe2020]",
        "attributed-to: [‸poe2019]",
        "not in the references",
    )
    yield _coding(
        "a pointer that only another has", "attributed-to: poe-2019", "attributed-to: ‸doe2026", "not in the references"
    )
    yield _listed("another title and year for a work", "another work", title="Something Else", issued="1999")
    yield _listed("another author for a work", "another work", author=[{"family": "Mallory"}])
    yield _listed(
        "another description of the first source itself", "another work", id="doe2026", title="A Forgery", issued="1999"
    )
    yield Case("others", "a claim of another that is contested, which is no fault", BUILD, Accepted(_contested),
    _contesting,
               writes=("work/made", "work/made/*"), seconds=8)  # fmt: skip
    yield Case("others", "terms in a namespace of one's own, which are no fault", BUILD, Accepted(_named),
    _own_namespace,
               writes=("work/made", "work/made/*"), seconds=8)  # fmt: skip
    yield Case("others", "a coder who signs as the project", ("check", "--corpus", "corpus"),
               Refused("airkg", "corpus/doe2026/coding.yaml", 1, 8), lambda s: s.spoil("coding.yaml", "coder: tester",
               "coder: ‸airkg"),
               seconds=15)  # fmt: skip
    yield _term(
        "a term with the name of a project's term",
        term("own-council").replace("own-council of ours", "China"),
        "China",
        3,
    )
    yield _term("a term with the name of a project's term in other letters", term("own-council").replace(
        "own-council of ours", "CHINA"), "CHINA", 3)  # fmt: skip
    yield _term("a term with the slug of a project's term of another kind", term("state-monopoly"), "state-monopoly")
    for iri in POSES:
        yield _term(f"a term that poses as {iri}", f'<{iri}> skos:prefLabel "x"@en .\n', "")
