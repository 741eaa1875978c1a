"""Writing XML as text: escaping, and nothing else.

A tree in memory, or even an element at a time, costs several times the whole of a plain write. What XML cannot
hold (control characters) was refused when the corpus was read.
"""

from __future__ import annotations

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)


def text(words: str) -> str:
    """Escape words that stand between tags."""
    return words.translate(_TEXT)


def attribute(words: str) -> str:
    """Escape words that stand in an attribute, within double quotes; line breaks and tabs survive the reader."""
    return words.translate(_ATTRIBUTE)
