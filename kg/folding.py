"""How letters and words are made alike before they are compared: the one table, whatever is compared with it.

A key of a name, a word of the full text and a passage in a text need different things kept: whoever compares builds
on `plain`, `letters` or the tables. Latin: case, accents, letters of one language alone, American spelling. Persian:
the Arabic letters that keyboards give for Persian ones, hamza, vowel signs, tatweel. Digits of all scripts are ASCII.
"""

from __future__ import annotations

import re
import unicodedata

ARABIC = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ہ": "ه", "ـ": ""}
"""Arabic and other letters to Persian ones; where marks are taken off, hamza and madda go with them."""
HAMZA = {"ۀ": "ه", "أ": "ا", "إ": "ا"}
"""Letters whose hamza is often left out, where no other mark is taken off."""
LATIN = {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
"""Small letters that no decomposition takes apart."""
DIGITS = dict(zip("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789", strict=True))

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
WORD = rf"[^\W_](?:[^\W_]|[{_MARKS}])*"
"""The pattern of a word: letters and digits, with the marks that stand on them."""

_LETTERS = str.maketrans(ARABIC | LATIN)
_NO_LETTER = re.compile("[^a-z0-9]+")

_SPELLINGS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"(?<=\w{3})iz(e[ds]?|ers?|ing|ations?|ational)$", r"is\1"),
        (r"(?<=\w{3})yz(e[ds]?|ers?|ing)$", r"ys\1"),
        (r"(behavi|col|fav|hon|hum|lab|neighb|rum|val|vig|harb|arm|endeav|flav)our", r"\1or"),
        (r"(def|off)ens|^(pret|lic)ens", r"\1\2enc"),
        (r"(?<=cent)re(s?)$|(?<=heat)re(s?)$", r"er\1\2"),
        (r"(?<=cent)red$", "ered"),
        (r"(catal|dial|anal)ogue", r"\1og"),
        (r"^(programm)e(s?)$", r"program\2"),
        (r"^(trave|mode|labe|signa|cance|fue|leve)ll(ed|ing|ers?)$", r"\1l\2"),
        (r"^(judg|acknowledg)ement", r"\1ment"),
        (r"^artefact", "artifact"),
        (r"^sceptic", "skeptic"),
        (r"^grey(s?)$", r"gray\1"),
    )
)


def plain(text: str) -> str:
    """Return a text without case, accents and other marks, its letters and digits by the table; signs stay."""
    if text.isascii():  # most words, and ten times as quick
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    return "".join(map(_plain, apart))


def _plain(char: str) -> str:
    if unicodedata.category(char)[0] == "M":
        return ""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def letters(text: str) -> str:
    """Return of a text its letters and digits alone, as `plain` gives them; `&` is *and*."""
    bare = plain(text.translate({ord("&"): " and "}))
    return _NO_LETTER.sub("", bare) if bare.isascii() else "".join(filter(str.isalnum, bare))


def one_spelling(word: str) -> str:
    """Return an English word, already plain, in one of American and British spelling, whichever is the plainer."""
    if word.isascii():
        for pattern, form in _SPELLINGS:
            word = pattern.sub(form, word)
    return word
