"""What a query gave, in the forms that W3C gives it: results of SELECT and ASK, graphs of CONSTRUCT and DESCRIBE.

https://www.w3.org/TR/sparql11-results-json/, https://www.w3.org/TR/rdf-sparql-XMLres/ and
https://www.w3.org/TR/sparql11-results-csv-tsv/, as the engine writes them.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from kg import channels, names
from kg.errors import UsageError
from kg.store.fence import Reply

RESULTS = ("srj", "srx", "w3c-csv", "w3c-tsv")
"""Of SELECT and ASK: SPARQL Results JSON and XML, and W3C's CSV and TSV; in `csv` and `tsv` IRIs are shortened."""
GRAPHS = ("ttl", "nt", "jsonld")
"""Of CONSTRUCT and DESCRIBE."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Form(NamedTuple):
    named: str
    engine: str
    """Its name among the engine's formats."""


_FORMS = {
    "srj": _Form("SPARQL Results JSON", "JSON"),
    "srx": _Form("SPARQL Results XML", "XML"),
    "w3c-csv": _Form("W3C's CSV", "CSV"),
    "w3c-tsv": _Form("W3C's TSV", "TSV"),
    "ttl": _Form("Turtle", "TURTLE"),
    "nt": _Form("N-Triples", "N_TRIPLES"),
    "jsonld": _Form("JSON-LD", "JSON_LD"),
}


def write(reply: Reply, form: str) -> str:
    """Return a reply in one of the forms; triples are sorted, and Turtle declares the prefixes that it uses.

    Raises:
        UsageError: the form is not for this kind of query, or cannot hold what the answer has.

    """
    if form in GRAPHS:
        if reply.kind != "graph":
            raise _unfit(form, "a graph, and this query gives none", "CONSTRUCT or DESCRIBE gives one")
        return _graph(reply, form)
    if reply.kind == "graph":
        raise _unfit(form, "results, and this query gives a graph", f"-f {', -f '.join(GRAPHS)}")
    return _results(reply, form)


def _results(reply: Reply, form: str) -> str:
    import pyoxigraph as ox

    found: Any = ox.parse_query_results(reply.data, ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean) and form.startswith("w3c"):
        raise _unfit(form, "rows, and ASK gives none", "-f srj, -f srx, or -f tsv for true or false alone")
    text: str = found.serialize(None, getattr(ox.QueryResultsFormat, _FORMS[form].engine)).decode()
    if form == "srj":
        return channels.json(text) + "\n"
    if form == "srx":
        if bad := _NOT_XML.search(text):
            code = f"U+{ord(bad[0]):04X}"
            raise UsageError(f"error: XML cannot hold the character {code} of this answer\n  hint: -f srj can")
        return text.replace("\r", "&#13;") + "\n"  # a reader of XML would make a line feed of it
    return text


def _graph(reply: Reply, form: str) -> str:
    import pyoxigraph as ox

    triples = sorted(ox.parse(reply.data, ox.RdfFormat.N_TRIPLES), key=str)
    used = {names.compact(iri).partition(":")[0] for triple in triples for iri in re.findall("<([^>]*)>", str(triple))}
    known = {prefix: iri for prefix, iri in names.PREFIXES.items() if prefix in used}
    try:
        data = ox.serialize(triples, None, getattr(ox.RdfFormat, _FORMS[form].engine), prefixes=known)
    except OSError as error:  # triple terms of RDF 1.2 in JSON-LD
        raise UsageError(f"error: {error}\n  hint: -f ttl, or -f nt") from None
    text = (data or b"").decode()
    return channels.json(text) + "\n" if form == "jsonld" else text


def _unfit(form: str, holds: str, hint: str) -> UsageError:
    return UsageError(f"error: {_FORMS[form].named} holds {holds}\n  hint: {hint}")
