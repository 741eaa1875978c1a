"""Draw the sentences that the second coder codes: `python sample.py DIR`, where DIR holds the sources' texts.

The frame is every sentence of argument of `Text.sentences`: headings, front matter, captions, references, notes and
site text are dropped by eye (`FRAME` numbers what stays), and a sentence cut by a page break counts once (`CUT`).
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from ruamel.yaml import YAML

from kg.load.texts import Span, Text
from kg.resources import resource

SEED = 2026
FRAME: tuple[tuple[str, str, tuple[tuple[int, int], ...], int], ...] = (
    ("baig", "en", ((3, 33),), 10),
    ("koohkan2026", "fa", ((6, 15),), 3),
    ("koohkan2026", "en", ((27, 35), (37, 41), (43, 47), (49, 63), (65, 78), (80, 84)), 11),
    (
        "hanggarini2025",
        "en",
        ((16, 22), (24, 78), (80, 91), (93, 145), (147, 264), (269, 288), (292, 302), (304, 311)),
        26,
    ),
)
"""Source, language, numbers of the first and last sentence of each stretch (counted from 0), sentences to draw."""

CUT: dict[str, tuple[int, ...]] = {"hanggarini2025": (32, 59, 108, 135, 170, 225, 253, 301)}
"""Numbers of the parts that only end the sentence before them."""


def sentences(source: str, texts: Path) -> list[Span]:
    """Return a source's sentences in order, split by the language of their section."""
    about = YAML(typ="safe").load((resource("corpus") / source / "source.yaml").read_text("utf-8"))
    text = Text.read(texts / about["text"]["file"])
    languages = [(text.find(s["at"]).start, s.get("language", about["languages"][0])) for s in about["sections"]]
    return text.sentences(languages)


def draw(texts: Path) -> list[dict[str, str | int]]:
    """Return the sample in the order of the texts; `start` and `end` are code points, end exclusive."""
    chance, sample = random.Random(SEED), []
    for source, language, stretches, size in FRAME:
        spans, cut = sentences(source, texts), CUT.get(source, ())
        numbers = [n for first, last in stretches for n in range(first, last + 1) if n not in cut]
        for n in sorted(chance.sample(numbers, size)):
            end = spans[n + 1].end if n + 1 in cut else spans[n].end
            sample.append({"source": source, "language": language, "start": spans[n].start, "end": end})
    return sample


if __name__ == "__main__":
    rows = ",\n".join(f"  {json.dumps(row)}" for row in draw(Path(sys.argv[1])))
    Path(__file__).with_name("sample.json").write_text(f"[\n{rows}\n]\n", "utf-8")
