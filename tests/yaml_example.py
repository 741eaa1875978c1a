"""The example of `coding.yaml` in the corpus README, held to the form it describes."""

from __future__ import annotations

import re
from pathlib import Path

from kg.load.faults import validate
from kg.load.folder import beyond_the_form
from kg.load.schema import CodingForm, Known
from kg.load.vocabulary import Vocabulary
from kg.tree import parse_yaml

EXAMPLE = re.compile(r"^## coding\.yaml\n+```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"^ *[a-z-]+: +…(?: +#.*)?\n", re.MULTILINE)


def faults(readme: Path, vocabulary: Vocabulary, name: str) -> list[str]:
    """Return what is wrong with the example when a source called `name` has it; lines that say only `…` are left out.

    Terms must be in the vocabulary; passages, works and claims of other sources are taken on trust.
    """
    found = EXAMPLE.search(readme.read_text(encoding="utf-8"))
    if not found:
        return [f"{readme.name}: no example of coding.yaml"]
    tree = parse_yaml(PLACEHOLDER.sub("", found[1]), Path(name) / "coding.yaml")
    _, wrong = validate(CodingForm, tree, Known(vocabulary))
    return [str(fault) for fault in (*tree.faults, *wrong, *beyond_the_form(tree))]
