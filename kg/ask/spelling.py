"""One spelling for many: what is folded before a word that somebody typed is compared with a name of the graph.

Letters and spelling are those of `kg.folding`. Beside these, English: possessives, plurals, the abbreviations AI and
IR. Persian: the zero-width non-joiner, the plural in *ha*, the ending in *i*.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from kg.folding import WORD, one_spelling, plain

_WORD = re.compile(rf"{WORD}(?:['’]s\b)?")
_SHORT = {
    "ai": ("artificial", "intelligence"),
    "ir": ("international", "relation"),
    "intl": ("international",),
    "tech": ("technology",),
    "govt": ("government",),
    "among": ("between",),
    "amongst": ("between",),
}
"""Written out wherever they stand, so that *AI diplomacy* and *diplomacy of artificial intelligence* meet."""
_PLURALS = ("ها", "های", "هایی")
_IRREGULAR = {"crises": "crisis", "biases": "bias", "analyses": "analysis", "hypotheses": "hypothesis", "men": "man"}


class Token(NamedTuple):
    """A word, folded, and where it stands among the words that were typed."""

    text: str
    number: int


def typed(text: str) -> list[str]:
    """Return the words of a text as they were typed."""
    text = re.sub(
        "\\b(ن?م[ی\u064a])[\u200c ](?=\\w)", r"\1", unicodedata.normalize("NFKC", text)
    )  # the prefix of a verb
    return _WORD.findall(text.replace("\u200c", " "))


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """Return one word in the spelling in which it is compared; empty for a Persian plural that stands apart."""
    bare = re.sub(r"['’]s$", "", plain(word))
    if bare in _PLURALS:
        return ""
    for plural in _PLURALS:
        if bare.endswith(plural) and len(bare) > len(plural) + 2:
            return bare.removesuffix(plural)
    if bare.isascii():
        return one_spelling(_singular(bare))
    # the ending that makes adjectives, joins words or says "a": «بین‌الملل» and «بین‌المللی»
    return bare[:-1] if bare.endswith("ی") and len(bare) > 3 else bare


def tokens(words: list[str]) -> list[Token]:
    """Return the words folded; abbreviations are written out, and every token knows the word that it came from."""
    found = []
    for number, word in enumerate(words):
        folded = fold(word)
        found += [Token(text, number) for text in _SHORT.get(folded, (folded,)) if text]
    return found


def key(text: str) -> str:
    """Return a whole name folded and without blanks: *cyber security*, *cyber-security* and *cybersecurity* are one."""
    return "".join(token.text for token in tokens(typed(text)))


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and re.search(r"(ss|x|ch|sh)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not re.search(r"(ss|us|is|os|as)$", word):
        return word[:-1]
    return word
