"""Writing XML as text: escaping, and nothing else.

A tree in memory, or even an element at a time, costs several times the whole of a plain write. What XML cannot
hold (control characters) was refused when the corpus was read.
"""

from __future__ import annotations


def text(words: str) -> str:
    """Escape words that stand between tags."""
    if "&" in words:
        words = words.replace("&", "&amp;")
    if "<" in words:
        words = words.replace("<", "&lt;")
    if ">" in words:
        words = words.replace(">", "&gt;")
    return words.replace("\r", "&#13;") if "\r" in words else words


def attribute(words: str) -> str:
    """Escape words that stand in an attribute, within double quotes; line breaks and tabs survive the reader."""
    if "&" in words or "<" in words or ">" in words:
        words = text(words)
    if "\r" in words:
        words = words.replace("\r", "&#13;")
    if '"' in words:
        words = words.replace('"', "&quot;")
    if "\n" in words:
        words = words.replace("\n", "&#10;")
    return words.replace("\t", "&#9;") if "\t" in words else words
