"""Names and dates of works as they are printed, from CSL-JSON."""

from __future__ import annotations

from typing import Any


def person(author: dict[str, Any]) -> str:
    """Return `Family, Given`, or the literal name of a body."""
    if "literal" in author:
        return str(author["literal"])
    return ", ".join(str(author[key]) for key in ("family", "given") if author.get(key))


def issued_date(csl: dict[str, Any]) -> str:
    """Return the date of issue as `2025`, `2025-11` or `2025-11-06`; empty when the entry has none."""
    issued = csl.get("issued")
    if isinstance(issued, str):
        return issued
    parts = (issued or {}).get("date-parts") or [[]]
    return "-".join(str(part).zfill(2) for part in parts[0])


def short_reference(csl: dict[str, Any]) -> str:
    """Return an author-year label: `Giacomello and Eriksson 2024`, `Baele et al. 2024`, `Baig n.d.`."""
    families = [str(a.get("family") or a.get("literal") or "") for a in csl.get("author", ())]
    year = issued_date(csl)[:4] or "n.d."
    if not families:
        return f"{csl.get('publisher') or csl.get('title', 'Anonymous')} {year}"
    if csl.get("custom", {}).get("et-al") or len(families) > 2:
        return f"{families[0]} et al. {year}"
    return f"{' and '.join(families)} {year}"
