"""The names by which the things of the graph go, and where a person's words name them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from kg import names
from kg.ask.forms import PEOPLE, Forms, bag_of, empty, kind_of, made, root, stem
from kg.ask.romanised import consonants
from kg.ask.spelling import Token, fold, key, tokens, typed
from kg.grounds import Engine
from kg.queries import bind, nodes

_NARROWER = """
SELECT ?narrow WHERE { VALUES ?narrow { $these } VALUES ?wide { $these } ?narrow air:isNarrowerThan ?wide }
"""
FEW = 6
"""Names that may hold a word which then still stands for one of them."""
NAMELIKE = 0.87
"""How near a word must be to somebody's name to be taken for it: most words are near to some name."""
ASKING = frozenset("which what whose how کدام چه".split())
SORTS = frozenset(
    "actor mechanism risk theory technology phenomenon power mode state country author scholar work".split()
)
"""Nouns that say, after one of the former, of what sort the answer is to be."""
SCHOLARLY = ("scholarly", "academic")
"""Names of a domain that before a word of questions only say that scholars are asked."""
OTHER_THAN = ("non", "غیر")
"""What before a name says that something else is meant."""
OBJECT = fold("را")
"""What stands behind that on which something acts; no name goes on after it."""
JOINING = ("and", "or", "و", "یا")
"""What stands between two names; a name that holds it is known as it is written, and not by its words alone."""
NEAREST = 3
"""Words that a slip may have been meant for."""
SOUNDS = 2
"""Consonants by which a name written in another script is known at all."""
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
        sure: whether the words are one of its names, or spelt like one, and no mere part of one.

    """

    start: int
    end: int
    words: str
    things: tuple[str, ...]
    exact: bool = True
    all: bool = False
    sure: bool = True


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

    def mentions(self, words: str, known: frozenset[str] = frozenset(), who: bool = False) -> list[Mention]:
        """Return what the words name, in their order; the longest names win.

        Args:
            words: as typed.
            known: stems of words that questions are found by; they are no misspelt names.
            who: whether somebody's words are asked for, so that a short word may be a name.

        """
        raw = typed(words)
        said = tokens(raw)
        found = self._exact(raw, said, known)
        for start, end in _gaps(said, found, known):
            spelt = all(token.text in self._forms.words for token in said[start:end])
            part = self._part(raw, said, start, end, found) if spelt else None
            near = (
                part
                or self._misspelt(raw, said, start, end, known)
                or self._part(raw, said, start, end, found)
                or self._heard(raw, said, start, end, 2 if who or len(said) == 1 else 3)
                or self._titled(raw, said, start, end, 1 if not found else 2)
            )
            if near:
                found = [m for m in found if m.end <= near.start or m.start >= near.end] + [near]
        return self._without_sorts(_written_together(said, sorted(found, key=lambda m: m.start)))

    def _without_sorts(self, found: Sequence[Mention]) -> list[Mention]:
        """Make one of a name and the word beside it that only says of what sort it is: *Big Tech companies*."""
        kept = list[Mention]()
        for mention in found:
            last = kept[-1] if kept else None
            if last and last.end == mention.start:
                pair = nodes([last.things[0], mention.things[0]])
                rows = self._engine(bind(_NARROWER, these=pair)) if pair[0] != pair[1] else ()
                if narrower := next((row["narrow"].value for row in rows), None):
                    meant = last if last.things[0] == narrower else mention
                    words = f"{last.words} {mention.words}"
                    kept[-1] = meant._replace(start=last.start, end=mention.end, words=words)
                    continue
            kept.append(mention)
        return kept

    def holding(self, raw: Sequence[str], mentions: Sequence[Mention]) -> Mention | None:
        """Return the things in the name of which two others stand side by side, where they are few: drones in Libya."""
        said = tokens(list(raw))
        window = said[mentions[0].start : mentions[-1].end]
        between = said[mentions[0].end : mentions[-1].start]
        if len(mentions) != 2 or _parted(between):
            return None
        held = [self._forms.holding.get(word, set()) for word in bag_of(window)]
        things = {iri: False for bag in set.intersection(*held) for iri in self._forms.of_words(bag)}
        start, end = mentions[0].start, mentions[-1].end
        return (
            self._mention(raw, window, start, end, things, exact=False, part=True) if 0 < len(things) <= FEW else None
        )

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
                whole = "".join(token.text for token in window)
                things = self._forms.called(whole)
                # a verb of the question must stand in the name as it is: who strengthens X asks for no strength of X
                verbs = any(stem(token.text) in known for token in window)
                parted = any(token.text in (OBJECT, *JOINING) for token in window)
                bag = frozenset[str]() if parted else bag_of(window, whole=verbs)
                sought = whole in self._forms.sought
                if sought and all(_is_known(token.text, known) for token in window):
                    continue  # a word of questions first
                if start and said[start - 1].text in OTHER_THAN:
                    continue  # the non-Western world is not the West
                if end - start == 1 and window[0].text in SCHOLARLY and _stands_before(said[end:], known):
                    continue  # scholarly disputes: no domain
                if end - start == 1 and start and said[start - 1].text in ASKING and window[0].text in SORTS:
                    continue  # which actors: of that sort, and not what is called so
                if things and not self._is_plain_word(raw, window):
                    found.append(self._mention(raw, window, start, end, things, not sought))
                elif len(bag) > 1 and (bearing := self._forms.of_words(bag)):
                    exact = " ".join(sorted(bag)) not in self._forms.sought
                    found.append(self._mention(raw, window, start, end, dict.fromkeys(bearing, False), exact))
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
        bags = set.intersection(*holding) if holding else set[frozenset[str]]()
        left = max((m.start for m in found if m.end <= start and not _parted(said[m.end : start])), default=start)
        right = min((m.end for m in found if m.start >= end and not _parted(said[end : m.start])), default=end)
        # what is of something stands before it in Persian, and mostly after it in English
        sides = ((left, end), (start, right)) if said[start].text.isascii() else ((start, right), (left, end))
        for first, last in dict.fromkeys(((left, right), *sides, (start, end))):
            window = said[first:last]
            whole = [bag for bag in bags if bag_of(window) <= bag]
            if whole and len(whole) <= FEW:
                things = {iri: False for bag in whole for iri in self._forms.of_words(bag)}
                exact = any(bag == bag_of(window) for bag in whole)
                return self._mention(raw, window, first, last, things, exact, part=not exact)
        return None

    def _misspelt(
        self, raw: Sequence[str], said: Sequence[Token], start: int, end: int, known: frozenset[str]
    ) -> Mention | None:
        """Return what the words name when one of them is a slip for a word of some name."""
        spelt = {n: close for n in range(start, end) if (close := self._near(said[n].text))}
        for slips in dict.fromkeys((tuple(spelt), *((n,) for n in spelt))):
            for choice in range(NEAREST):
                mends = {n: spelt[n][min(choice, len(spelt[n]) - 1)] for n in slips}
                mended = [Token(mends.get(n, token.text), token.number) for n, token in enumerate(said)]
                around = [m for m in self._exact(raw, mended, known) if any(m.start <= n < m.end for n in slips)]
                part = None if around or not slips else self._part(raw, mended, start, end, ())
                if near := max((*around, *filter(None, [part])), key=lambda m: m.end - m.start, default=None):
                    return near._replace(exact=False)
        return None

    def _near(self, word: str) -> list[str]:
        """Return the words of names for which a word may be a slip, the nearest first."""
        import difflib

        if len(word) < (5 if word.isascii() else 4) or word in self._forms.words:
            return []
        # a slip is seldom in the first letter
        like = [other for other in self._forms.words if abs(len(other) - len(word)) < 3 and other[0] == word[0]]
        close = difflib.get_close_matches(word, like, n=NEAREST, cutoff=0.8 if word.isascii() else 0.85)
        people = [one for one in close if one in self._forms.of_people]
        return [one for one in close if one not in people or difflib.get_close_matches(word, [one], cutoff=NAMELIKE)]

    def _heard(self, raw: Sequence[str], said: Sequence[Token], start: int, end: int, least: int) -> Mention | None:
        """Return the people whose Latin names are written in Persian letters, with so many consonants at least."""
        for number in range(start, end):
            word = said[number].text
            heard = "" if word.isascii() else consonants(word)
            people = self._forms.heard.get(heard, set()) if len(heard) >= SOUNDS else set()
            year = next((token.text for token in said[number + 1 : number + 2] if token.text.isdigit()), "")
            dated = {iri for iri in people if year and names.slug_of(iri).endswith(year)}
            # two consonants are enough where a year stands behind them, or to begin a line with a source's author
            first = number == 0 and any(kind_of(iri) == "source" for iri in people)
            if people and (len(heard) >= least or dated or first):
                last = number + 2 if dated else number + 1
                return self._mention(
                    raw, said[number:last], number, last, dict.fromkeys(dated or people, False), exact=False
                )
        return None

    def _titled(self, raw: Sequence[str], said: Sequence[Token], start: int, end: int, least: int) -> Mention | None:
        """Return the few works in whose title the words stand, so many at least: where nothing else is called so."""
        words = bag_of(said[start:end])
        works = self._forms.titled(words) if len(words) >= least else set()
        if not 0 < len(works) <= FEW:
            return None
        return self._mention(raw, said[start:end], start, end, dict.fromkeys(works, False), exact=False, part=True)

    def _mention(
        self,
        raw: Sequence[str],
        window: Sequence[Token],
        start: int,
        end: int,
        things: dict[str, bool],
        exact: bool = True,
        part: bool = False,
    ) -> Mention:
        words = " ".join(dict.fromkeys(raw[n] for n in range(window[0].number, window[-1].number + 1)))
        ranked = self._ranked(things)
        kinds = set(map(kind_of, ranked))
        # all the works of one author; all the things whose names hold a word
        several = len(ranked) > 1 and (kinds <= {"work", "agent"} or (part and not kinds & {*PEOPLE}))
        return Mention(start, end, words, tuple(ranked), exact, several, not part)

    def _ranked(self, things: dict[str, bool]) -> list[str]:
        """Put the things of one name in order: by their label, then by how much is said of them."""
        used = self._forms.used
        return sorted(things, key=lambda iri: (kind_of(iri) != "source", not things[iri], -used.get(iri, 0), iri))


def _written_together(said: Sequence[Token], found: Sequence[Mention]) -> list[Mention]:
    """Make one of the names of people who stand side by side and wrote a work together."""
    kept = list[Mention]()
    for mention in found:
        last = kept[-1] if kept else None
        if last and kind_of(last.things[0]) in PEOPLE and not _solid(said[last.end : mention.start]):
            both = tuple(iri for iri in last.things if iri in mention.things)
            if both:
                words, exact = f"{last.words} {mention.words}", last.exact and mention.exact
                kept[-1] = Mention(last.start, mention.end, words, both, exact, len(both) > 1)
                continue
        kept.append(mention)
    return kept


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


def _stands_before(said: Sequence[Token], known: Collection[str]) -> bool:
    return bool(said) and _is_known(said[0].text, known)


def _is_known(word: str, known: Collection[str]) -> bool:
    """Tell whether a word is one of those by which questions are found, and no slip for a name that begins like it."""
    return stem(word) in known and root(word) in known


def _parted(said: Sequence[Token]) -> bool:
    """Tell whether names with these words between them are two and not one."""
    return any(not empty(token.text) or token.text in JOINING for token in said)


def _solid(said: Sequence[Token]) -> bool:
    """Tell whether a word that carries meaning is among these."""
    return any(not empty(token.text) for token in said)
