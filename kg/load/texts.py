"""Finding passages in a reader's own copy of a text, and telling how much of it is cited.

Matching folds what differs between copies (white space, NFKC, ZWNJ, Arabic and Persian variants of a
letter, Markdown emphasis) and keeps a map back, so that offsets are code points of the file as it stands.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import islice
from pathlib import Path

from kg.folding import ARABIC, DIGITS, HAMZA
from kg.reading import read_text

ELLIPSIS = "…"
END_WORDS = 6
WHOLE_WORDS = 8
END_LETTERS = 400
"""Characters of one end of an `at`."""
_COUNTED = 100
"""Occurrences of some words that are counted; a single letter may stand a million times."""
_MARKS = 30
"""Combining marks folded with one letter (UAX #15, Stream-Safe Text Format): normalising costs their square."""

_PLAIN = re.compile("[!-)+-^`-~]+(?: [!-)+-^`-~]+)*")
"""Words of ASCII with a space between, which fold to themselves: most of a text, and 8 times as quick."""

_ENDS = (".", "!", "?", "؟", "…", "”", "»", '"')
_DROPPED = {"\u200c", "\u200d", "\u00ad", "*", "_"}
_LETTERS = str.maketrans(ARABIC | HAMZA | DIGITS)


class NotFound(ValueError):
    """An `at` does not fit the text exactly once; `str()` says what was found and how to mend it."""


@dataclass(frozen=True)
class Span:
    """`text[start:end]`, in code points of the text as it stands."""

    start: int
    end: int


class Text:
    """A source's text, folded once for matching.

    Attributes:
        text: the words as they stand in the file.
        sha256: the file's hash, which ties locks to this copy.

    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha256 = hashlib.sha256(text.encode()).hexdigest()
        self._folded, self._starts, self._ends = _fold(text)

    @classmethod
    def read(cls, file: Path) -> Text:
        """Read a UTF-8 file with its line ends as they are.

        Raises:
            CodingError: the file cannot be read, or is not UTF-8.

        """
        return cls(read_text(file))

    @property
    def folded(self) -> str:
        """The text as it is compared: case kept, white space, joiners and variants of a letter made one."""
        return self._folded

    def find(self, at: str) -> Span:
        """Return the one span that `at` names: first words, ellipsis, last words; or the whole passage.

        Raises:
            NotFound: the words are nowhere, or twice, or too many to be cited without copying.

        """
        head, gap, tail = (part.strip() for part in at.partition(ELLIPSIS))
        if not head or (gap and not tail):
            raise NotFound("words before and after the … expected")
        limit = END_WORDS if gap else WHOLE_WORDS
        for part in filter(None, (head, tail)):
            if len(part) > END_LETTERS:
                raise NotFound(f"{len(part):,} characters found at one end, at most {END_LETTERS} expected")
            if len(part.split()) > limit:
                raise NotFound(f"{len(part.split())} words found at one end, at most {limit} expected")
        places = list(islice(self._occurrences(_fold(head)[0]), _COUNTED))
        if not places:
            dots = "; write … between first and last words, not three dots" if "..." in head and not gap else ""
            raise NotFound(f"'{head}' stands nowhere in the text{dots or self._near(head)}")
        if len(places) > 1:
            lines = ", ".join(str(self.text.count("\n", 0, self._starts[i]) + 1) for i, _ in places[:4])
            count = f"{len(places)} times" + " or more" * (len(places) == _COUNTED)
            raise NotFound(f"'{head}' stands {count} (lines {lines}); take more words or others")
        start, end = places[0]
        if gap:
            last = next(self._occurrences(_fold(tail)[0], end), None)
            if last is None:
                raise NotFound(f"'{tail}' does not stand after '{head}'{self._near(tail)}")
            end = last[1]
        return Span(self._starts[start], self._ends[end - 1])

    def _occurrences(self, needle: str, begin: int = 0) -> Iterator[tuple[int, int]]:
        """Yield where a folded needle stands in the folded text, as whole words; places may overlap."""
        if not needle:
            return
        # the search for whole words is the engine's: within other words a letter stands everywhere
        before, after = ("(?<!\\w)" * needle[0].isalnum(), "(?!\\w)" * needle[-1].isalnum())
        whole = re.compile(before + re.escape(needle) + after)
        found = whole.search(self._folded, begin)
        while found:
            if self._parted(found.start()) and self._parted(found.end()):
                yield found.span()
            found = whole.search(self._folded, found.start() + 1)

    def _parted(self, at: int) -> bool:
        """Tell whether no character of the file stands on both sides of a place in the folded text."""
        return not 0 < at < len(self._folded) or self._starts[at - 1] != self._starts[at]

    def _near(self, words: str) -> str:
        """Say up to where the words can be followed, which is mostly where the typing error is."""
        parts = words.split()
        for n in range(len(parts) - 1, 0, -1):
            if next(self._occurrences(_fold(" ".join(parts[:n]))[0]), None):
                return f"; '{' '.join(parts[:n])}' does, followed by something other than '{parts[n]}'"
        return ""

    def digest(self, span: Span) -> str:
        """Return the sha256 of a passage's words."""
        return hashlib.sha256(self.text[span.start : span.end].encode()).hexdigest()

    def line(self, offset: int) -> int:
        """Return the line of an offset, from 1."""
        return self.text.count("\n", 0, offset) + 1

    def paragraph(self, start: int, offset: int) -> int:
        """Return the number of the paragraph at `offset`, from 1, in the section that begins at `start`.

        A section's first line is its heading, which is no paragraph, unless it ends as a sentence does.
        """
        end = self.text.find("\n", start)
        first = self.text[start : end if end >= 0 else None].rstrip()
        if not 0 <= end < offset:
            return 1
        last = self.text.rfind("\n", 0, offset)
        # lines between the heading and the one at `offset`, which counts though it has not ended
        between = bisect_right(self._filled, last) - bisect_right(self._filled, end)
        return max(1, first.endswith(_ENDS) + between + 1)

    @cached_property
    def _filled(self) -> list[int]:
        """Return where each line ends that is not blank, in order, without the last line."""
        return [found.end() for found in re.finditer(r"(?m)^.*\S.*$(?=\n)", self.text)]

    def sentences(self, languages: Iterable[tuple[int, str]]) -> list[Span]:
        """Split into sentences, line by line (a line is a paragraph, a heading or a table row).

        Args:
            languages: offset and language of each section, in order; the first holds for what precedes it.

        """
        import sentencex

        sections = sorted(languages, key=lambda section: section[0])
        starts = [start for start, _ in sections]
        found, offset = [], 0
        for line in self.text.splitlines(keepends=True):
            language = sections[max(bisect_right(starts, offset) - 1, 0)][1]
            position = offset
            for part in sentencex.segment(language, line):
                stripped = part.strip()
                if stripped:
                    lead = len(part) - len(part.lstrip())
                    found.append(Span(position + lead, position + lead + len(stripped)))
                position += len(part)
            offset += len(line)
        return found


def covers(passage: Span, sentence: Span) -> bool:
    """Tell whether a passage cites a sentence: they share at least half of the shorter one."""
    shared = min(passage.end, sentence.end) - max(passage.start, sentence.start)
    return shared * 2 >= min(passage.end - passage.start, sentence.end - sentence.start) > 0


def uncovered(sentences: Iterable[Span], passages: Iterable[Span]) -> list[Span]:
    """Return the sentences that no passage covers, in order."""
    waiting = sorted(passages, key=lambda span: span.start, reverse=True)
    open_: list[tuple[int, int]] = []
    told = list(sentences)
    missing = []
    for number, sentence in sorted(enumerate(told), key=lambda item: item[1].start):
        # only what reaches into the sentence is compared: what runs through it covers it, the rest begins or ends in it
        while waiting and waiting[-1].start < sentence.end:
            begun = waiting.pop()
            heappush(open_, (begun.end, begun.start))
        while open_ and open_[0][0] <= sentence.start:
            heappop(open_)
        if not any(covers(Span(start, end), sentence) for end, start in open_):
            missing.append(number)
    return [told[number] for number in sorted(missing)]


def _fold(text: str) -> tuple[str, list[int], list[int]]:
    """Return the folded text and, for each of its characters, where the character it came from starts and ends."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i = 0
    while i < len(text):
        if plain := _PLAIN.match(text, i):
            j = plain.end()
            # a mark that follows belongs to the last letter, which is left for the slow way
            j -= j < len(text) and unicodedata.combining(text[j]) > 0
            out.extend(text[i:j])
            starts.extend(range(i, j))
            ends.extend(range(i + 1, j + 1))
            if (i := j) == len(text):
                break
        j = i + 1
        while j < len(text) and j - i <= _MARKS and unicodedata.combining(text[j]):
            j += 1
        cluster = text[i + 1 : j] if text[i] in _DROPPED else text[i:j]
        for char in unicodedata.normalize("NFKC", cluster).translate(_LETTERS):
            space = char.isspace()
            if not (space and (not out or out[-1] == " ")):
                out.append(" " if space else char)
                starts.append(i)
                ends.append(j)
        i = j
    while out and out[-1] == " ":
        out.pop()
    return "".join(out), starts, ends
