"""Mutations of exported data are found by our shapes alone, with plain pySHACL: no loader, no check, no rule."""

from __future__ import annotations

import logging

import pyshacl
import pytest
from mutations import CLASSES, Mutation, drawn, exported, spoilt
from rdflib import Graph
from small import write_small

from kg.export.shapes import merged
from kg.load.vocabulary import Vocabulary

logging.getLogger("pyshacl").setLevel(logging.ERROR)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Graph:
    folder = tmp_path_factory.mktemp("mutated")
    return exported(write_small(folder / "corpus", folder / "texts", vocabulary), folder)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=merged(), format="turtle")


def conforms(data: Graph, shapes: Graph) -> bool:
    return bool(pyshacl.validate(data, shacl_graph=shapes, inference="none")[0])


@pytest.mark.parametrize("cls", CLASSES)
def test_mutations_of_a_thing_are_found(cls: str, export: Graph, shapes: Graph) -> None:
    """Each in a graph of its own, so that no other fault can stand in for it."""
    chosen = [mutation for mutation in drawn(export) if mutation.cls == cls]
    missed = [str(mutation) for mutation in chosen if conforms(spoilt(export, mutation)[0], shapes)]
    assert chosen and missed == []


def test_fifty_mutations_over_all_classes_are_drawn_from_what_conforms(export: Graph, shapes: Graph) -> None:
    chosen: list[Mutation] = drawn(export)
    assert len(set(chosen)) >= 50 and {m.cls for m in chosen} == set(CLASSES)
    assert {m.done for m in chosen} == set(WAYS)
    assert conforms(export, shapes)


WAYS = ("drop", "misspell", "dangle", "strange", "datatype", "language", "twice", "moved")
