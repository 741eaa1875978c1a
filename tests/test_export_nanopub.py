"""What a nanopublication says of where its assertion comes from, and what it does not say."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from exporting import job_around, write

from kg import names
from kg.model import LINKS


def said(file: Path) -> set[tuple[str, str, str]]:
    quads = ox.parse(path=str(file), format=ox.RdfFormat.TRIG)
    return {(q.subject.value, names.compact(q.predicate.value), q.object.value) for q in quads}  # type: ignore[union-attr]


def test_a_nanopublication_says_where_its_assertion_comes_from_and_who_coded_it(tmp_path: Path) -> None:
    rows = said(write("nanopub", job_around("label"), tmp_path / "np.trig"))
    (uri,) = {s for s, p, _ in rows if p == "dcterms:creator" and "/np/" in s}
    assert {(p, o) for s, p, o in rows if s == f"{uri}#assertion"} == {
        ("prov:wasAttributedTo", names.thing("coder", "tester")),
        ("prov:hadPrimarySource", names.thing("source", "doe")),
        ("prov:wasDerivedFrom", names.thing("passage", "doe.3-14")),
    }
    assert (uri, "dcterms:creator", names.thing("coder", "tester")) in rows
    assert (names.thing("work", "roe"), "dcterms:title", "label") in rows


def test_a_nanopublication_does_not_speak_for_other_claims(crate: Path) -> None:
    """That a claim supports another is the judgement of the whole coding, and no part of one assertion."""
    spoken = {predicate for _, predicate, _ in said(crate / "nanopublications.trig")}
    assert "air:asserts" in spoken
    assert not spoken & {f"air:{name}" for name in LINKS.values()}
