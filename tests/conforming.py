"""What an outside profile, as shapes in Turtle, finds in a file of ours."""

from __future__ import annotations

import rdflib

from kg import names


def violations(text: str, shapes: str) -> list[str]:
    """Return the node and the path of each violation, both texts in Turtle; nothing is derived first."""
    import pyshacl

    _, report, _ = pyshacl.validate(
        text, shacl_graph=shapes, data_graph_format="turtle", shacl_graph_format="turtle", inplace=True
    )
    sh = rdflib.Namespace(names.PREFIXES["sh"])
    found = report.subjects(rdflib.RDF.type, sh.ValidationResult)
    return [f"{report.value(r, sh.focusNode)} {report.value(r, sh.resultPath)}" for r in found]
