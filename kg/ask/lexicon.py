"""The names by which the things of the graph go, and where a person's words name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kg import names
from kg.ask.forms import Forms, bag_of, empty, made, root, stem
from kg.ask.spelling import Token, key, tokens, typed
from kg.grounds import Engine
from kg.queries import bind, nodes

_USED = """
SELECT ?thing (COUNT(*) AS ?claims) WHERE {
  VALUES ?thing { $things }
  { ?claim air:involves ?thing } UNION { ?assertion air:hasDomain|air:heldBy|air:inSource ?thing }
  UNION { ?assertion air:hasAttribution/air:attributedTo ?thing }
} GROUP BY ?thing
"""
FEW = 4
"""Names that may hold a word which then still stands for one of them."""
LONGEST = 9
"""Words in the longest name that is sought."""


class Mention(NamedTuple):
    """Things that some of the words name.

    Attributes:
        start: first token.
        end: the token after the last.
        words: as they were typed.
        things: IRIs, the likeliest first.
        exact: whether the words are one of its names, and not only near one.
        all: whether all the things are meant, such as the works of one author, and not one of them.

    """

    start: int
    end: int
    words: str
    things: tuple[str, ...]
    exact: bool = True
    all: bool = False


class Lexicon:
    """The names of a graph, and who bears them."""

    def __init__(self, engine: Engine, forms: Forms | None = None) -> None:
        self._engine = engine
        self._forms = forms or Forms(made(engine))

    @property
    def labels(self) -> dict[str, str]:
        """A label of each thing."""
        return self._forms.labels

    def named(self, name: str) -> list[str]:
        """Return the things of which the whole text is a name, the likeliest first."""
        return self._ranked(self._forms.called(key(name)))

    def mentions(self, words: str, known: frozenset[str] = frozenset()) -> list[Mention]:
        """Return what the words name, in their order; the longest names win.

        Args:
            words: as typed.
            known: stems of words that questions are found by; they are no misspelt names.

        """
        raw = typed(words)
        said = tokens(raw)
        found = self._exact(raw, said, known)
        for start, end in _gaps(said, found, known):
            spelt = all(token.text in self._forms.words for token in said[start:end])
            part = self._part(raw, said, start, end, found) if spelt else None
            near = part or self._misspelt(raw, said, start, end, known) or self._part(raw, said, start, end, found)
            if near:
                found = [m for m in found if m.end <= near.start or m.start >= near.end] + [near]
        return sorted(found, key=lambda m: m.start)

    def near(self, words: str) -> list[str]:
        """Return labels that are spelt like the words, the nearest first."""
        import difflib

        known = {label.casefold(): label for label in self.labels.values()}
        return [known[form] for form in difflib.get_close_matches(words.casefold()[:100], known, n=3, cutoff=0.6)]

    def _exact(self, raw: Sequence[str], said: Sequence[Token], known: frozenset[str]) -> list[Mention]:
        """Return the longest windows of words that are a name, or its words in another order."""
        found, start = list[Mention](), 0
        while start < len(said):
            for end in range(min(len(said), start + LONGEST), start, -1):
                window = said[start:end]
                if empty(window[0].text) or empty(window[-1].text):
                    continue
                things = self._forms.called("".join(token.text for token in window))
                # a verb of the question must stand in the name as it is: who strengthens X asks for no strength of X
                bag = bag_of(window, whole=any(stem(token.text) in known for token in window))
                if things and not self._is_plain_word(raw, window):
                    found.append(self._mention(raw, window, start, end, things))
                elif len(bag) > 1 and (bearing := self._forms.of_words(bag)):
                    found.append(self._mention(raw, window, start, end, dict.fromkeys(bearing, False)))
                else:
                    continue
                start = end - 1
                break
            start += 1
        return found

    def _is_plain_word(self, raw: Sequence[str], window: Sequence[Token]) -> bool:
        """Tell whether an abbreviation such as US was typed as the word us."""
        text = "".join(token.text for token in window)
        return (
            text in self._forms.capitals and text in {"us", "it", "who", "un"} and not raw[window[0].number].isupper()
        )

    def _part(
        self, raw: Sequence[str], said: Sequence[Token], start: int, end: int, found: Sequence[Mention]
    ) -> Mention | None:
        """Return the thing whose name holds these words, and if it can be the names beside them, where few do."""
        gap = bag_of(said[start:end])
        holding = [self._forms.holding.get(word, set()) for word in gap]
        bags = set.intersection(*holding) if holding else set()
        if not bags or len(bags) > FEW:
            return None
        left = max((m.start for m in found if m.end <= start and not _solid(said[m.end : start])), default=start)
        right = min((m.end for m in found if m.start >= end and not _solid(said[end : m.start])), default=end)
        for first, last in ((left, right), (left, end), (start, right), (start, end)):
            window = said[first:last]
            if whole := [bag for bag in bags if bag_of(window) <= bag]:
                least = min(map(len, whole))
                things = {iri: False for bag in whole if len(bag) == least for iri in self._forms.of_words(bag)}
                return self._mention(raw, window, first, last, things, exact=False)
        return None

    def _misspelt(
        self, raw: Sequence[str], said: Sequence[Token], start: int, end: int, known: frozenset[str]
    ) -> Mention | None:
        """Return what the words name when one of them is a slip for a word of some name."""
        import difflib

        for number in range(start, end):
            word = said[number].text
            if len(word) < (5 if word.isascii() else 4) or word in self._forms.words:
                continue
            like = [other for other in self._forms.words if abs(len(other) - len(word)) < 3]
            best = None
            for close in difflib.get_close_matches(word, like, n=3, cutoff=0.8 if word.isascii() else 0.85):
                mended = [token._replace(text=close) if n == number else token for n, token in enumerate(said)]
                around = [m for m in self._exact(raw, mended, known) if m.start <= start and end <= m.end]
                part = None if around else self._part(raw, mended, start, end, ())
                for found in (*around, *filter(None, [part])):
                    if best is None or found.end - found.start > best.end - best.start:
                        best = found._replace(exact=False)
            if best:
                return best
        return None

    def _mention(
        self,
        raw: Sequence[str],
        window: Sequence[Token],
        start: int,
        end: int,
        things: dict[str, bool],
        exact: bool = True,
    ) -> Mention:
        words = " ".join(dict.fromkeys(raw[n] for n in range(window[0].number, window[-1].number + 1)))
        ranked = self._ranked(things)
        people = {"work", "agent"}
        written = len(ranked) > 1 and {names.compact(iri).partition(":")[0] for iri in ranked} <= people
        return Mention(start, end, words, tuple(ranked), exact, written)

    def _ranked(self, things: dict[str, bool]) -> list[str]:
        """Put the things of one name in order: by their label, then by how much is said of them."""
        if len(things) < 2:
            return list(things)
        used = Counter[str]()
        for row in self._engine(bind(_USED, things=nodes(things))):
            if "thing" in row:
                used[row["thing"].value] = int(row["claims"].value)
        return sorted(things, key=lambda iri: (not things[iri], -used[iri], iri))


def _gaps(said: Sequence[Token], found: Sequence[Mention], known: frozenset[str]) -> list[tuple[int, int]]:
    """Return the runs of words that carry meaning and are neither named yet nor words of questions."""
    taken = {n for m in found for n in range(m.start, m.end)}
    gaps = list[tuple[int, int]]()
    for number, token in enumerate(said):
        if number in taken or empty(token.text) or token.text.isdigit() or _is_known(token.text, known):
            continue
        if gaps and gaps[-1][1] == number:
            gaps[-1] = (gaps[-1][0], number + 1)
        else:
            gaps.append((number, number + 1))
    return gaps


def _is_known(word: str, known: Collection[str]) -> bool:
    """Tell whether a word is one of those by which questions are found, and no slip for a name that begins like it."""
    return stem(word) in known and root(word) in known


def _solid(said: Sequence[Token]) -> bool:
    """Tell whether a word that carries meaning is among these."""
    return any(not empty(token.text) for token in said)
