"""Turtle that people write by hand: parsed by the library, with the place of each statement and of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import CodingError, Faults, InputError, Place, Tally
from kg.reading import LIMIT, Lines, read_text
from kg.tree import bad_character, bad_characters

if TYPE_CHECKING:
    from pyoxigraph import Triple

OWN_BYTES, OWN_TRIPLES, IRI_LENGTH = 5_000_000, 200_000, 500
"""What a vocabulary of one's own may hold; a prefix of many letters is written once and costs with each name."""

_TOKEN = re.compile(
    r"""(?xs)
    (?P<gap> \s++ | \#[^\r\n]*+ )
    | (?P<iri> <(?!<)[^<>"{}|^`\s]*+> )
    # a text that does not end is one token too, lest each quotation mark in it be tried as a beginning
    | (?P<text> \"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3}|\\?\Z) | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3}|\\?\Z)
              | "(?:[^"\\\r\n]|\\[^\r\n])*+(?:"|\\?(?=[\r\n]|\Z)) | '(?:[^'\\\r\n]|\\[^\r\n])*+(?:'|\\?(?=[\r\n]|\Z)) )
    | (?P<tag> @[A-Za-z][A-Za-z0-9-]*+ )
    | (?P<nameless> << | >> | \{\| | \|\} | ~ | [\[\]()] | _: )
    | (?P<stop> [;,] | \.(?!\d) )
    | (?P<name> (?:[^\s;,()\[\]<>"'\#.@^\\{}|~]|\\.|\.(?=\d)) (?:[^\s;,()\[\]<>"'\#.@^\\{}|~]|\\.|\.(?=[\w%:\\.-]))*+ )
    | (?P<other> . )
    """
)
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[bfr])")
_BARE_WORDS = {"prefix": 2, "base": 1, "version": 1}
"""SPARQL's forms of the directives, which end without a full stop, with the tokens that follow."""


class Spot(NamedTuple):
    """Where the parts of a statement begin, as offsets into the text."""

    subject: int
    predicate: int
    object: int


def read_turtle(file: Path, blank_nodes: bool = False) -> list[Triple]:
    """Parse a Turtle file; blank nodes are refused unless allowed, control characters always.

    Raises:
        CodingError: the file cannot be read.
        Faults: bad syntax, blank nodes, control characters; with line and column.

    """
    import pyoxigraph as ox

    text = _text_of(file)
    triples = _parse(text, file)
    if not blank_nodes and any(isinstance(n, ox.BlankNode) for t in triples for n in (t.subject, t.object)):
        raise Faults(list(_nameless(text, file)))
    return triples


class OwnTurtle:
    """A file of a stranger's: small, no nameless node in it, and each statement with its place.

    Args:
        file: where it stands.
        text: what stands in it, without a byte order mark; read where it is not given.

    Attributes:
        triples: in the order of the file.

    Raises:
        CodingError: the file cannot be read.
        Faults: what `read_turtle` finds, triple terms, IRIs that are too long, too many statements.

    """

    def __init__(self, file: Path, text: str | None = None) -> None:
        text = _text_of(file, OWN_BYTES) if text is None else text
        # before the library is asked: it dies of a hundred thousand triple terms one in another
        faults = Tally()
        faults.extend(_nameless(text, file))
        faults.extend(_endless(text, file))
        faults.settle()
        self.triples = _parse(text, file, OWN_TRIPLES)
        self._spots = list(_spots(text))
        if len(self._spots) != len(self.triples):  # the file is told, if not the line
            self._spots = [Spot(0, 0, 0)] * len(self.triples)
        self._lines = Lines(text, file)
        self._text = text

    def place(self, number: int, part: str = "subject") -> Place:
        """Return where the subject, predicate or object of a statement stands."""
        return self._lines.place(getattr(self._spots[number], part))

    def span(self, number: int) -> tuple[int, int]:
        """Return where the name begins and ends that is the object of a statement, as offsets into the text."""
        start = self._spots[number].object
        found = _TOKEN.match(self._text, start)
        return start, found.end() if found else start

    def word(self, number: int) -> str:
        """Return the name that is the object of a statement, as it is written."""
        return self._text[slice(*self.span(number))]

    def like(self, word: str, iri: str) -> str:
        """Return how to write an IRI where a name stands: with a prefix, if that has one and the file knows it."""
        if word.startswith("<"):
            return f"<{iri}>"
        # the prefix that stood there first: who has two for one namespace meant that one
        prefixes = sorted(self._prefixes, key=lambda said: not word.startswith(f"{said[0]}:"))
        found = [f"{prefix}:{iri.removeprefix(space)}" for prefix, space in prefixes if iri.startswith(space)]
        plain = [name for name in found if re.fullmatch(r"[\w-]*:[a-z0-9-]+", name)]
        return plain[0] if plain else f"<{iri}>"

    @cached_property
    def _prefixes(self) -> list[tuple[str, str]]:
        """The prefixes that the file declares once and by a whole IRI."""
        tokens = [token[0] for token in _TOKEN.finditer(self._text) if token.lastgroup != "gap"]
        said = [
            (name[:-1], iri[1:-1])
            for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
            if word.lower() in ("prefix", "@prefix") and name.endswith(":") and iri.startswith("<")
        ]
        declared = [name for name, _ in said]
        return [(name, iri) for name, iri in said if declared.count(name) == 1 and ":" in iri]


def _text_of(file: Path, limit: int = LIMIT) -> str:
    text = read_text(file, limit).removeprefix("\ufeff")
    if faults := bad_characters(text, file):
        raise Faults(faults)
    return text


def _parse(text: str, file: Path, most: int = 0) -> list[Triple]:
    import pyoxigraph as ox

    triples = []
    try:
        for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE):
            triples.append(quad.triple)
            if len(triples) > most > 0:
                raise CodingError(Place(file), f"more than {most:,} statements found, at most {most:,} expected")
    except (SyntaxError, ValueError) as error:
        place = Place(file, getattr(error, "lineno", None) or 0, getattr(error, "offset", None) or 0)
        message = re.sub(r"^Parser error at .*?: ", "", getattr(error, "msg", None) or str(error))
        raise Faults([CodingError(place, f"not Turtle: {message}")]) from None
    texts = (t.object.value for t in triples if isinstance(t.object, ox.Literal))
    if any(map(bad_character, texts)) and (wrong := list(_escaped(text, file))):
        raise Faults(wrong)
    return triples


def _escaped(text: str, file: Path) -> Iterator[InputError]:
    lines = Lines(text, file)
    for found in _ESCAPE.finditer(text):
        if bad_character(_decoded(found[0])):
            message = "an escaped control character found, plain text expected"
            yield CodingError(lines.place(found.start()), message, "remove it")


def _decoded(escape: str) -> str:
    code = int(escape[2:] or "0", 16)
    return {"b": "\b", "f": "\f", "r": "\r"}.get(escape[1]) or (chr(code) if code < 0x110000 else "")


def _nameless(text: str, file: Path) -> Iterator[InputError]:
    lines = Lines(text, file)
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "nameless" and token[0] in ("<<", "{|", "~"):
            message = "a statement about a statement found, plain triples expected"
            yield CodingError(lines.place(token.start()), message, "say it of a node with a name")
        elif token.lastgroup == "nameless" and token[0] in ("[", "(", "_:"):
            message = "a blank node or list found, a node with a name expected"
            yield CodingError(lines.place(token.start()), message, "give the node a name")


def _endless(text: str, file: Path) -> Iterator[InputError]:
    lines = Lines(text, file)
    for token in _TOKEN.finditer(text):
        if token.lastgroup in ("iri", "name") and token.end() - token.start() > IRI_LENGTH:
            message = f"a name of {token.end() - token.start():,} characters found, at most {IRI_LENGTH} expected"
            yield CodingError(lines.place(token.start()), message)


def _spots(text: str) -> Iterator[Spot]:
    """Yield where each statement stands, in a file that is Turtle and has no nameless nodes."""
    parts: list[int] = []
    skip = 0
    inside = False
    for token in _TOKEN.finditer(text):
        kind, at = token.lastgroup, token.start()
        if kind == "gap":
            continue
        if skip:
            skip -= 1
        elif inside:
            inside = token[0] != "."
        elif kind == "stop":
            del parts[{".": 0, ";": 1, ",": 2}[token[0]] :]
        elif not parts and kind == "tag":
            inside = True
        elif not parts and token[0].lower() in _BARE_WORDS:
            skip = _BARE_WORDS[token[0].lower()]
        elif kind in ("iri", "name", "text") and len(parts) < 3:
            parts.append(at)
            if len(parts) == 3:
                yield Spot(*parts)
