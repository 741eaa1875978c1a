"""Coverage: which sentences of a source some assertion cites."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg import pipeline
from kg.load.inputs import Inputs
from kg.load.texts import Span, Text, uncovered


@dataclass(frozen=True)
class Coverage:
    """How much of a source's argument is cited.

    Attributes:
        source: its id.
        sentences: all sentences of the text.
        left_out: those that stand in the source's list of sentences left out.
        cited: those of the others that some assertion cites.
        open: line, first words' offset and words of those that nothing accounts for.

    """

    source: str
    sentences: int
    left_out: int
    cited: int
    open: tuple[tuple[int, int, str], ...]

    @property
    def share(self) -> float:
        """Cited sentences among the sentences of argument."""
        argument = self.sentences - self.left_out
        return self.cited / argument if argument else 1.0


def coverage(inputs: Inputs, texts: Path) -> list[Coverage]:
    """Tell, for each source whose text is at hand, which sentences an assertion cites.

    A passage cites a sentence when they share at least half of the shorter one.
    """
    found = []
    asserted = pipeline.load(Inputs(inputs.corpora, texts))
    for source in asserted.sources:
        file = texts / source.file
        if not file.is_file():
            continue
        text = Text.read(file)
        sentences = text.sentences((s.start, s.language) for s in source.sections)
        cited = [Span(p.start, p.end) for a in source.assertions for p in a.passages]
        omitted = [Span(o.passage.start, o.passage.end) for o in source.omissions]
        uncited = uncovered(sentences, cited)
        missing = uncovered(uncited, omitted)
        rows = tuple((text.line(s.start), s.start, text.text[s.start : s.end]) for s in missing)
        found.append(
            Coverage(source.id, len(sentences), len(uncited) - len(missing), len(sentences) - len(uncited), rows)
        )
    return found
