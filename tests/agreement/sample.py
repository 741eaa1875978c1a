"""Draw the sentences that a second coder codes: `python sample.py ROUND DIR`, where DIR holds the sources' texts.

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

ROUNDS: dict[str, tuple[int, tuple[int, ...]]] = {
    "first": (2026, (10, 3, 11, 26)),
    "second": (2027, (14, 4, 18, 44)),
    "third": (2028, (6, 3, 14, 57)),
}
"""The seed of each round and how many sentences it draws from each line of the frame."""

FRAME: tuple[tuple[str, str, tuple[tuple[int, int], ...]], ...] = (
    ("baig", "en", ((3, 33),)),
    ("koohkan2026", "fa", ((6, 15),)),
    ("koohkan2026", "en", ((27, 35), (37, 41), (43, 47), (49, 63), (65, 78), (80, 84))),
    (
        "hanggarini2025",
        "en",
        ((16, 22), (24, 78), (80, 91), (93, 145), (147, 264), (269, 288), (292, 302), (304, 311)),
    ),
)
"""Source, language, numbers of the first and last sentence of each stretch (counted from 0)."""

CUT: dict[str, tuple[int, ...]] = {"hanggarini2025": (32, 59, 108, 135, 170, 225, 253, 301)}
"""Numbers of the parts that only end the sentence before them."""


def sentences(source: str, texts: Path) -> list[Span]:
    """Return a source's sentences in order, split by the language of their section."""
    about = YAML(typ="safe").load((resource("corpus") / source / "source.yaml").read_text("utf-8"))
    text = Text.read(texts / about["text"]["file"])
    languages = [(text.find(s["at"]).start, s.get("language", about["languages"][0])) for s in about["sections"]]
    return text.sentences(languages)


def draw(round_: str, texts: Path) -> list[dict[str, str | int]]:
    """Return the sample in the order of the texts; `start` and `end` are code points, end exclusive."""
    seed, sizes = ROUNDS[round_]
    chance, sample = random.Random(seed), []
    # a sentence that was discussed after an earlier round would agree for that reason
    before = [*ROUNDS][: [*ROUNDS].index(round_)]
    earlier = {(row["source"], row["start"]) for one in before for row in draw(one, texts)}
    for (source, language, stretches), size in zip(FRAME, sizes, strict=True):
        spans, cut = sentences(source, texts), CUT.get(source, ())
        numbers = [n for first, last in stretches for n in range(first, last + 1) if n not in cut]
        numbers = [n for n in numbers if (source, spans[n].start) not in earlier]
        for n in sorted(chance.sample(numbers, size)):
            end = spans[n + 1].end if n + 1 in cut else spans[n].end
            sample.append({"source": source, "language": language, "start": spans[n].start, "end": end})
    return sample


if __name__ == "__main__":
    rows = ",\n".join(f"  {json.dumps(row)}" for row in draw(sys.argv[1], Path(sys.argv[2])))
    (Path(__file__).parent / sys.argv[1] / "sample.json").write_text(f"[\n{rows}\n]\n", "utf-8")
