r"""Text made safe for where it goes: each channel's own signs are shown there, and none is obeyed.

Words come from people and from files. A terminal would run an escape sequence, a Markdown viewer a `<script>`, a
spreadsheet `=1+1`, and a right-to-left override shows another word than the one that stands there. Whatever
the project prints or writes for somebody else's program passes one of these functions; nothing else escapes.

    people      terminal, line, markdown, wiki, html; emphasised, bold; quiet, shaded
    programs    xml, attribute, json, script, cell, dot, cypher, mermaid
    names       file_name, link

For people, what is invisible is shown as `\x1b` or `\u202e`; programs get every character that their format can hold.
BibTeX's and DNA's rules are their own formats', and stand there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

_INVISIBLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
"""Controls, direction, fillers, tags and halves of pairs. White space, combining marks and variants of signs stay."""

_JOINERS = r"(?<![^\x00-\x7f])[\u200c\u200d](?![^\x00-\x7f])"
"""ZWNJ and ZWJ belong to Persian words and to emoji; between Latin letters they only make a word look like another."""

_HIDDEN = f"[{_INVISIBLE}]|{_JOINERS}"
_HIDDEN_OR_BREAK = f"[\t\n{_INVISIBLE}]|{_JOINERS}"

Replacement = str | Callable[[re.Match[str]], str]


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compile at first use: all of them take some milliseconds, which a quick command does not spend."""
    return re.compile(text)


def _sub(pattern: str, replacement: Replacement, text: str) -> str:
    return _pattern(pattern).sub(replacement, text)


def _shown(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


def terminal(text: str) -> str:
    """Return text that does nothing to a terminal; its line breaks and tabs stay."""
    return text if text.isascii() and text.isprintable() else _sub(_HIDDEN, _shown, text)


def line(text: str, limit: int = 0) -> str:
    """Return text that does nothing to a terminal, on one line; what is longer than `limit`, if given, is cut."""
    kept = text[:limit] if limit else text
    shown = kept if kept.isascii() and kept.isprintable() else _sub(_HIDDEN_OR_BREAK, _shown, kept)
    return f"{shown} …" if len(text) > len(kept) else shown


def _folded(text: str) -> str:
    """Return text on one line: white space becomes one space, but a no-break space, as in `¶ 3`, stays."""
    return terminal(_sub(r"[^\S\xa0\u202f]+", " ", text).strip(" "))


# ── emphasis ──────────────────────────────────────────────────────────────────────────────────────────

_ON, _OFF = "\ufe09", "\ufe0a"
"""Variation selectors that no writing uses: they take no column and pass every channel, until they become bold."""


def emphasised(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """Return text in which words are marked, to be made bold when it has passed its channel.

    Args:
        text: what is shown; marks of ours that stand in it already are taken out.
        marks: from which code point to which, end exclusive, in order; each within a word.

    """
    parts, last = [], 0
    for start, end in marks:
        parts += [text[last:start], _ON, text[start:end], _OFF]
        last = end
    kept = (part if part in (_ON, _OFF) else part.replace(_ON, "").replace(_OFF, "") for part in (*parts, text[last:]))
    return "".join(kept)


def bold(text: str, before: str = "", after: str = "") -> str:
    """Return text with what is marked in it between two signs; by default without its marks.

    A marked word that a line break parts is bold up to there: on a terminal, the next column would be bold, too.
    """
    found = _sub(rf"{_ON}([^\s{_OFF}]*)", lambda word: f"{before}{word[1]}{after}", text)
    return found.replace(_OFF, "")


_QUIET = "\ufe0b"
"""Stands before a line that is to be grey; it takes no column and passes every channel, as the marks above."""


def quiet(lines: str) -> str:
    """Return lines marked to become grey when they have passed their channel."""
    return "".join(f"{_QUIET}{line}" for line in lines.splitlines(keepends=True))


def shaded(text: str, before: str = "", after: str = "") -> str:
    """Return text with each line that is marked as quiet between two signs; by default without its mark.

    Each line stands for itself, since a pager shows them one by one.
    """
    return _sub(rf"(?m)^{_QUIET}( *)(.*)$", lambda line: f"{line[1]}{before}{line[2]}{after}", text)


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────

_MARKS = (
    r"[\\`*_{}\[\]<>|~^$@#]"  # in CommonMark, GitHub's, pandoc's or Obsidian's dialect; `@` cites, `^` is a footnote
    r"|(?<=-)-|(?<=\.)\.|(?<==)=|(?<=%)%|(?<=:):"  # dashes and ellipses, highlights, Obsidian's comments, divisions
    r"|&(?=#?\w+;)|:(?=[A-Za-z0-9_+-]+:)"  # entities, emoji by name
    r"|(?<!https)(?<!http):(?=//)|(?<=\bwww)\."  # addresses that would become links of themselves
)
_FIRST = r"(?:[-+=:%]|\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdmIVXLCDM]+)(?=[.)](?:\s|$)))"


def markdown(text: str) -> str:
    """Return text as Markdown that shows it as it stands, on one line, also where the line begins with it.

    An address of the web stands in `<>`: bare, it would become a link with the backslashes that escape the rest.
    """
    words = _folded(text)
    if "://" in words:
        parts = _pattern(f"({_WEB})").split(words)
        return "".join(f"<{part}>" if n % 2 else _escaped(part, n == 0) for n, part in enumerate(parts))
    return _escaped(words)


def _escaped(words: str, begins: bool = True) -> str:
    if not begins:
        return _sub(_MARKS, r"\\\g<0>", words)
    first = _pattern(_FIRST).match(words)
    shown = _sub(_MARKS, r"\\\g<0>", words)
    if not first:
        return shown
    at = first.end() if words[first.end() - 1].isalnum() else 0
    return shown if shown.startswith("\\") else f"{shown[:at]}\\{shown[at:]}"


_ALIAS = str.maketrans({**dict(zip("[]|<>`$\\*", "()/‹›'＄＼∗", strict=True)), "&": "＆", "@": "＠", "~": "∼"})


def wiki(text: str) -> str:
    """Return text for the shown half of `[[path|…]]`; it knows no escape, so signs are replaced by their like."""
    return _folded(text).replace("%%", "％％").translate(_ALIAS)


# ── HTML, XML, JSON ───────────────────────────────────────────────────────────────────────────────────

_IN_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
_XML = "[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
_XML_QUOTED = '[&<>\r"\n\t\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]'
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def html(text: str) -> str:
    """Return text for HTML, between tags or in a quoted attribute."""
    return terminal(text).translate(_IN_HTML)


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or _shown(found)


def xml(text: str) -> str:
    """Return text for XML between tags; characters that XML cannot hold are shown as in `terminal`."""
    # A large network has a million of these: most need no more than a look.
    plain = text.isprintable() and "&" not in text and "<" not in text and ">" not in text
    return text if plain else _sub(_XML, _entity, text)


def attribute(text: str) -> str:
    """Return text for an XML attribute within double quotes; line breaks and tabs survive the reader."""
    plain = text.isprintable() and '"' not in text and "&" not in text and "<" not in text and ">" not in text
    return text if plain else _sub(_XML_QUOTED, _entity, text)


def json(document: str) -> str:
    """Return a JSON document with the same values in which what is invisible is escaped."""
    plain = document.isascii() and "\x7f" not in document
    return document if plain else _sub(_HIDDEN, _in_json, document)


def _in_json(found: re.Match[str]) -> str:
    pair = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pair[i : i + 2].hex()}" for i in range(0, len(pair), 2))


def script(document: str) -> str:
    """Return a JSON document for a `<script>` element, which no `</script>` in it can end."""
    return json(document).replace("<", "\\u003c")


# ── spreadsheets ──────────────────────────────────────────────────────────────────────────────────────

_FORMULA = r"'*[=+\-@\t\r\n＝＋－＠]"


def cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; `original` takes it away again."""
    return f"'{text}" if _pattern(_FORMULA).match(text) else text


def original(text: str) -> str:
    """Return what `cell` was given."""
    return text[1:] if text.startswith("'") and _pattern(_FORMULA).match(text) else text


# ── pictures and databases ────────────────────────────────────────────────────────────────────────────

_REFERENCE = r"&(?=#?\w+;)"
_IN_CYPHER = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_NOT_CYPHER = '[\\\\"\n\r\x00\ud800-\udfff]'


def dot(text: str) -> str:
    """Return a DOT string with its quotes; Graphviz knows backslashes and entities."""
    words = _sub(_REFERENCE, "&amp;", _sub(_NOT_XML, _shown, text))
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def cypher(text: str) -> str:
    """Return a Cypher string with its quotes, on one line."""
    return '"' + _sub(_NOT_CYPHER, lambda found: _IN_CYPHER.get(found[0]) or cypher(_shown(found))[1:-1], text) + '"'


def mermaid(text: str) -> str:
    """Return words for a quoted label of Mermaid, on one line: its own signs as entity codes."""
    words = _folded(text)
    return "".join(c if c.isalnum() or c in " -–—.,:()/'’…" or ord(c) > 127 else f"#{ord(c)};" for c in words) or " "


# ── names of files, addresses ─────────────────────────────────────────────────────────────────────────

_RESERVED = r"(?i:con|prn|aux|nul|com\d|lpt\d)"
_LONGEST = 100
_LETTER = rf'(?:(?![{_INVISIBLE}])[^\s<>"\\^`{{|}}])'
_WEB = rf"(?i:https?://){_LETTER}*(?![.,;:!?')\]*_~]){_LETTER}"
_ADDRESS = rf"(?i:https?://|doi:|urn:|mailto:){_LETTER}+"


def file_name(slug: str) -> str:
    """Return a file name without suffix that Windows, macOS, Linux and Obsidian all take."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", slug).strip(".-") or "x"
    if plain == slug.lower() and len(plain) <= _LONGEST and not _pattern(_RESERVED).fullmatch(plain.partition(".")[0]):
        return plain
    import hashlib

    return f"{plain[:_LONGEST].rstrip('.-').lower()}-{hashlib.sha256(slug.encode(errors='replace')).hexdigest()[:8]}"


def link(address: str) -> str:
    """Return an address that a page may make a link of (http, https, doi, urn, mailto); for any other nothing."""
    return address if _pattern(_ADDRESS).fullmatch(address) else ""
