"""Identifiers of people and organisations: their form, their check digits, and the affiliations that carry them.

ORCID: https://support.orcid.org/hc/en-us/articles/360006897674 (ISO 7064 MOD 11-2). ROR:
https://ror.readme.io/docs/identifier (Crockford's base 32, check digits by ISO/IEC 7064). Keys of a name are those
that Crossref adds to CSL-JSON: `ORCID`, and `affiliation` with `name` and `id`; `orcid` and `ror` are shorter.
"""

from __future__ import annotations

import re
from typing import Any

_ORCID = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9Xx])")
_ROR = re.compile(r"(?:https?://(?:www\.)?ror\.org/)?(0[0-9a-hj-km-np-tv-z]{6}[0-9]{2})")
_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"
MANY = 50
"""Affiliations of one name."""
TEXT_LENGTH = 5000
"""Characters of an affiliation."""
ORCID = "https://orcid.org/"
ROR = "https://ror.org/"
AFFILIATION = frozenset(("name", "id", "ror", "printed", "department", "place", "acronym"))
"""Keys of an affiliation: Crossref's, and ours for what is printed."""


def orcid(value: Any) -> str:
    """Return the address of an ORCID entry; empty where the value is no ORCID or a digit of it is wrong."""
    found = _ORCID.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return ""
    digits, last = found[1].upper().replace("-", "")[:-1], found[1][-1].upper()
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return ORCID + found[1].upper() if last == "0123456789X"[(12 - total % 11) % 11] else ""


def ror(value: Any) -> str:
    """Return the address of a ROR entry; empty where the value is no ROR id or a character of it is wrong."""
    found = _ROR.fullmatch(value.lower()) if isinstance(value, str) else None
    if not found:
        return ""
    number = 0
    for character in found[1][1:7]:
        number = number * 32 + _BASE_32.index(character)
    return ROR + found[1] if int(found[1][7:]) == 98 - number * 100 % 97 else ""


def affiliations(name: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is printed, the organisation's name and its ROR address for each affiliation of a checked name."""
    found = []
    for one in name.get("affiliation") or ():
        about = one if isinstance(one, dict) else {"name": one}
        # Crossref splits what is printed into department, name and place
        parts = [*_texts(about.get("department")), about["name"], *_texts(about.get("place"))]
        found.append((about.get("printed") or ", ".join(parts), about["name"], _ror_of(about)))
    return found


def _ror_of(about: dict[str, Any]) -> str:
    ids = [one.get("id") for one in about.get("id") or () if str(one.get("id-type", "")).upper() == "ROR"]
    return next(filter(None, map(ror, [about.get("ror"), *ids])), "")


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def wrong(name: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return what is wrong with the identifiers and affiliations of a name: the key, what was found, a hint."""
    for key in ("ORCID", "orcid"):
        if key in name and not orcid(name[key]):
            hint = "sixteen digits in fours, the last one a check digit or X: a digit is mistyped or missing"
            return key, f"'{name[key]}' found, an ORCID such as 0000-0002-1825-0097 expected", hint
        if key in name and name.get("literal"):
            return key, f"an ORCID found of the body '{name['literal']}'", "an ORCID is a person's; a body has a ROR id"
    if "ror" in name and not ror(name["ror"]):
        return "ror", *_no_ror(name["ror"])
    if "ror" in name and not name.get("literal"):
        return "ror", "a ROR id found of a person", "a ROR id is an organisation's: write it at the affiliation"
    given = name.get("affiliation", [])
    if not isinstance(given, list) or len(given) > MANY:
        message = f"{_show(given)} found, a list of at most {MANY} affiliations expected"
        return "affiliation", message, "write [University of X]"
    return next(filter(None, map(_wrong_affiliation, given)), None)


def _wrong_affiliation(one: Any) -> tuple[str, str, str] | None:
    if isinstance(one, str) and one.strip() and len(one) <= TEXT_LENGTH:
        return None
    about = one if isinstance(one, dict) else {}
    hint = "write what is printed, or {name: University of X, ror: https://ror.org/…, printed: …}"
    words = [about.get("name"), about.get("printed", "x")]
    plain = all(isinstance(text, str) and text.strip() and len(text) <= TEXT_LENGTH for text in words)
    lists = [about.get(key, []) for key in ("department", "place", "acronym")]
    listed = all(isinstance(x, str) or (isinstance(x, list) and all(isinstance(y, str) for y in x)) for x in lists)
    ids = about.get("id", [])
    identified = isinstance(ids, list) and all(isinstance(x, dict) for x in ids)
    if not (plain and listed and identified and about.keys() <= AFFILIATION):
        return "affiliation", f"{_show(one)} found, the name of an organisation expected", hint
    if "ror" in about and not ror(about["ror"]):
        return "affiliation", *_no_ror(about["ror"])
    for x in ids:
        if str(x.get("id-type", "")).upper() == "ROR" and not ror(x.get("id")):
            return "affiliation", *_no_ror(x.get("id"))
    return None


def _no_ror(value: Any) -> tuple[str, str]:
    hint = "nine characters, the last two check digits: one is mistyped or missing; https://ror.org finds the id"
    return f"'{value}' found, a ROR id such as https://ror.org/03yrm5c26 expected", hint


def _show(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)[:60]
