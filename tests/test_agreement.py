"""The figures that AGREEMENT.md states are those of the two frozen codings."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kg.model import CODES, KINDS
from kg.resources import resource

HERE = Path(__file__).parent / "agreement"
SIZES = {"first": 50, "second": 80, "third": 80}
"""Sentences of each round."""


def script(name: str) -> ModuleType:
    """Import a script of `tests/agreement`."""
    spec = importlib.util.spec_from_file_location(f"agreement_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


agreement = script("agreement")


@pytest.mark.parametrize("round_", SIZES)
def test_the_stated_figures_are_recomputed(round_: str) -> None:
    """A reader must be able to trust the table without running anything."""
    stated = (resource("corpus") / "AGREEMENT.md").read_text("utf-8")
    assert agreement.figures(round_) in stated


@pytest.mark.parametrize("round_", SIZES)
def test_both_codings_are_of_the_sample(round_: str) -> None:
    """Agreement on sentences chosen afterwards would mean nothing."""
    sample = [(s["source"], s["start"]) for s in agreement.read(round_, "sample")]
    assert len(sample) == SIZES[round_]
    for name in ("first", "second", "alignment"):
        assert [(s["source"], s["start"]) for s in agreement.read(round_, name)] == sample


@pytest.mark.parametrize("round_", SIZES)
def test_claims_are_aligned_one_to_one(round_: str) -> None:
    """A claim counted twice would raise F1."""
    for sentence in agreement.read(round_, "alignment"):
        for side in zip(*sentence["pairs"], strict=True):
            assert len(set(side)) == len(side)


@pytest.mark.parametrize("round_", SIZES)
@pytest.mark.parametrize("name", ["first", "second"])
def test_a_frozen_claim_keeps_to_the_model(round_: str, name: str) -> None:
    """A misspelt value would count as a disagreement."""
    for sentence in agreement.read(round_, name):
        for claim in sentence["claims"]:
            kind = KINDS[claim["kind"]]
            assert {slot.name for slot in kind.slots if slot.required} <= set(claim["slots"])
            # the domain was the claim's when these were frozen, and is the assertion's now
            for slot in set(claim["slots"]) - {"domain"}:
                kind.slot(slot)
            for scheme in ("voice", "stance", "hedge", "mode", "basis"):
                assert claim[scheme] in CODES[scheme]


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ({"x"}, {"x"}, 0),
        ({"x"}, {"y"}, 1),
        ({"x"}, {"x", "y"}, 2 / 3),
        ({"x", "y"}, {"y", "z"}, 8 / 9),
        (set(), {"x"}, 1),
    ],
)
def test_masi_is_the_published_distance(a: set[str], b: set[str], distance: float) -> None:
    """Passonneau 2006: a subset weighs 2/3, an overlap 1/3, times Jaccard."""
    assert agreement.masi(frozenset(a), frozenset(b)) == pytest.approx(distance)


def test_alpha_is_that_of_the_literature() -> None:
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), C: two observers, nominal data: 0.692."""
    pairs = zip("aabbdcccedda", "babbbccceddd", strict=True)
    sets = [(frozenset(a), frozenset(b)) for a, b in pairs]
    assert agreement.alpha(sets, lambda a, b: float(a != b)) == pytest.approx(0.692, abs=0.001)


@pytest.mark.parametrize("round_", SIZES)
def test_the_sample_is_drawn_again(round_: str, texts: Path) -> None:
    """The seed and the frame are all that chose the sentences."""
    assert script("sample").draw(round_, texts) == agreement.read(round_, "sample")
