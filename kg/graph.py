"""Records to quads: one named graph per source, no blank nodes, the same records always the same quads.

The triple patterns are those of `ontology/`; a reader's way in is `assertion air:asserts claim`,
`assertion air:hasPassage passage`, `assertion air:inSource source`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kg import names
from kg.bibliography.people import et_al, issued_date, person, plain_names, short_reference
from kg.model import ASSERTION_SLOTS, CODES, KINDS, LINKS
from kg.records import Agent, Assertion, Authorship, Citation, Claim, Link, Merger, Passage, Reference, Source, Work

if TYPE_CHECKING:
    import pyoxigraph as ox

    Object = ox.NamedNode | ox.Literal

XSD = names.PREFIXES["xsd"]


def quads_of(source: Source) -> Iterator[ox.Quad]:
    """Yield the quads of one source, in its own named graph; the same quad may come twice."""
    import pyoxigraph as ox

    graph = ox.NamedNode(names.source_graph(source.id))
    for subject, predicate, value in _triples(source):
        yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, graph)


def canonical(quads: Iterable[ox.Quad]) -> list[str]:
    """Return quads as sorted, distinct N-Quads lines: the bytes that two builds must share."""
    return sorted({f"{quad} ." for quad in quads})


def iri(name: str) -> ox.NamedNode:
    """Return a node for `prefix:local` or a full IRI."""
    import pyoxigraph as ox

    return ox.NamedNode(names.expand(name))


def literal(value: str, datatype: str = "", language: str = "") -> ox.Literal:
    """Return a literal; `datatype` is a local name in `xsd:`."""
    import pyoxigraph as ox

    if language:
        return ox.Literal(value, language=language)
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype)) if datatype else ox.Literal(value)


Row = tuple[str, str, "Object"]


def _row(subject: str, predicate: str, value: str | Object) -> Row:
    return subject, names.expand(predicate), iri(value) if isinstance(value, str) else value


def _triples(source: Source) -> Iterator[Row]:
    me = names.thing("source", source.id)
    yield from _bibliographic(me, "air:Source", source.fabio, source.csl)
    yield _row(me, "skos:prefLabel", literal(short_reference(source.csl)))
    if source.title_fa:
        yield _row(me, "dcterms:title", literal(source.title_fa, language="fa"))
    for language in source.languages:
        yield _row(me, "dcterms:language", literal(language))
    yield _row(me, "dcterms:license", literal(source.license))
    yield _row(me, "air:textFile", literal(source.file))
    yield _row(me, "air:textHash", literal(source.sha256))
    if source.url:
        yield _row(me, "air:webPage", literal(source.url, "anyURI"))
    if source.coding_license:
        yield _row(names.source_graph(source.id), "dcterms:license", source.coding_license)
    for coder, name in source.coders:
        yield _row(names.thing("coder", coder), "foaf:name", literal(name))
    for section in source.sections:
        node = names.thing("section", source.id, section.id)
        yield _row(node, "rdf:type", "air:Section")
        # coders name sections in English whatever the text's language: `Persian abstract`
        spoken = "en" if section.title.isascii() else section.language
        yield _row(node, "skos:prefLabel", literal(section.title, language=spoken))
        yield _row(node, "dcterms:language", literal(section.language))
        yield _row(node, "air:inSource", me)
    for work in source.works:
        yield from _work(work)
    for agent in source.agents:
        yield from _agent(agent)
    for authorship in source.authorships:
        yield from _authorship(authorship)
    for reference in source.references:
        yield from _reference(reference, me)
    for claim in source.claims:
        yield from _claim(claim)
    for assertion in source.assertions:
        yield from _assertion(assertion, me, source)
    for citation in source.citations:
        yield from _citation(citation, me, source)
    for link in source.links:
        yield from _link(link, me)
    for merger in source.merged:
        yield from _merged(merger)


def _bibliographic(node: str, cls: str, fabio: str, csl: dict[str, Any]) -> Iterator[Row]:
    yield _row(node, "rdf:type", cls)
    if fabio:
        yield _row(node, "rdf:type", f"fabio:{fabio}")
    if title := csl.get("title"):
        yield _row(node, "dcterms:title", literal(str(title), language=str(csl.get("language", "en"))))
    for author in csl.get("author", ()):
        yield _row(node, "dcterms:creator", literal(person(author)))
    if issued := issued_date(csl):
        yield _row(node, "dcterms:issued", literal(issued))
    if container := csl.get("container-title"):
        yield _row(node, "air:container", literal(str(container)))
    if doi := csl.get("DOI"):
        yield _row(node, "bibo:doi", literal(str(doi)))
    bare = {key: value for key, value in csl.items() if key != "custom"} | plain_names(csl)
    bare["id"] = names.slug_of(node)
    if et_al(csl):
        bare["custom"] = {"et-al": True}
    yield _row(node, "air:csl", literal(json.dumps(bare, ensure_ascii=False, sort_keys=True)))


def _work(work: Work) -> Iterator[Row]:
    node = names.thing("work", work.id)
    yield from _bibliographic(node, "air:Work", work.fabio, work.csl)
    yield _row(node, "skos:prefLabel", literal(short_reference(work.csl)))
    for language, title in work.titles:
        yield _row(node, "dcterms:title", literal(title, language=language))


def _agent(agent: Agent) -> Iterator[Row]:
    node = names.thing("agent", agent.id)
    yield _row(node, "rdf:type", "air:Agent")
    yield _row(node, "rdf:type", "foaf:Person" if agent.person else "foaf:Organization")
    if agent.label:
        yield _row(node, "skos:prefLabel", literal(agent.label))
    for key, value in (("name", agent.name), ("familyName", agent.family), ("givenName", agent.given)):
        if value:
            yield _row(node, f"foaf:{key}", literal(value))
    for other in agent.others:
        yield _row(node, "skos:altLabel", literal(other))
    if agent.identifier:
        yield _row(node, "air:orcid" if agent.person else "air:ror", literal(agent.identifier, "anyURI"))


def _authorship(authorship: Authorship) -> Iterator[Row]:
    node = names.thing("authorship", authorship.id)
    yield _row(node, "rdf:type", "air:Authorship")
    yield _row(node, "air:contributesTo", names.thing(*authorship.of))
    yield _row(node, "air:creditsAgent", names.thing("agent", authorship.agent))
    yield _row(node, "air:hasRole", code("role", authorship.role))
    yield _row(node, "air:position", literal(str(authorship.position), "integer"))
    yield _row(node, "air:nameAsPrinted", literal(authorship.name))
    for printed, organisation in authorship.affiliations:
        yield _row(node, "air:affiliationAsPrinted", literal(printed))
        yield _row(node, "air:hasAffiliation", names.thing("agent", organisation))


def _reference(reference: Reference, source: str) -> Iterator[Row]:
    node = names.thing("reference", reference.source, reference.id)
    yield _row(node, "rdf:type", "air:ReferenceEntry")
    yield _row(node, "air:inSource", source)
    yield _row(node, "air:listsWork", names.thing("work", reference.work))
    yield _row(node, "air:position", literal(str(reference.position), "integer"))
    for defect in reference.defects:
        yield _row(node, "air:defectNote", literal(defect))


def _claim(claim: Claim) -> Iterator[Row]:
    kind = KINDS[claim.kind]
    node = names.thing("claim", claim.id)
    yield _row(node, "rdf:type", f"air:{kind.cls}")
    yield _row(node, "air:statement", literal(claim.statement, language="en"))
    if claim.statement_fa:
        yield _row(node, "air:statement", literal(claim.statement_fa, language="fa"))
    for name, values in claim.values:
        slot = kind.slot(name)
        for value in values:
            if slot.filler == "term":
                filler: str | Object = value
            elif slot.filler == "code":
                filler = code(slot.classes[0], value)
            else:
                filler = literal(value, "decimal" if slot.filler == "number" else "")
            yield _row(node, f"air:{slot.property}", filler)


def code(scheme: str, value: str) -> str:
    """Return the IRI of a codebook value."""
    if value not in CODES[scheme]:
        raise ValueError(f"{scheme} has no value {value!r}")
    return names.thing("code", scheme, value)


def _assertion(assertion: Assertion, me: str, source: Source) -> Iterator[Row]:
    node = names.thing("assertion", assertion.source, assertion.id)
    yield _row(node, "rdf:type", "air:Assertion")
    yield _row(node, "air:asserts", names.thing("claim", assertion.claim))
    yield _row(node, "air:inSource", me)
    for passage in assertion.passages:
        yield _row(node, "air:hasPassage", names.thing("passage", passage.id))
        yield from _passage(passage, me, source)
    for scheme in ("voice", "stance", "hedge", "mode", "basis"):
        yield _row(node, f"air:has{scheme.capitalize()}", code(scheme, getattr(assertion, scheme)))
    for slot in ASSERTION_SLOTS:
        for term in getattr(assertion, slot.name.replace("-", "_")):
            yield _row(node, f"air:{slot.property}", term)
    for credit in assertion.attributions:
        child = names.thing("attribution", assertion.source, assertion.id, credit.to)
        yield _row(node, "air:hasAttribution", child)
        yield _row(child, "rdf:type", "air:Attribution")
        yield _row(child, "air:hasScope", code("scope", credit.scope))
        if credit.resolved:
            yield _row(child, "air:attributedTo", names.thing("work", credit.to))
        else:
            yield _row(child, "air:throughCitation", names.thing("citation", assertion.source, credit.to))
    coder = names.thing("coder", assertion.coder)
    yield _row(coder, "rdf:type", "air:Coder")
    yield _row(coder, "skos:prefLabel", literal(assertion.coder))
    yield _row(node, "air:codedBy", coder)
    yield _row(node, "dcterms:created", literal(assertion.date, "date"))
    if assertion.note:
        yield _row(node, "skos:note", literal(assertion.note))


def _passage(passage: Passage, me: str, source: Source) -> Iterator[Row]:
    node = names.thing("passage", passage.id)
    position = names.thing("position", passage.id)
    yield _row(node, "rdf:type", "air:Passage")
    yield _row(node, "rdf:type", "oa:SpecificResource")
    yield _row(node, "skos:prefLabel", literal(place_label(passage)))
    yield _row(node, "air:inSource", me)
    yield _row(node, "oa:hasSource", me)
    yield _row(node, "air:inSection", names.thing("section", passage.source, passage.section.id))
    yield _row(node, "air:paragraph", literal(str(passage.paragraph), "integer"))
    yield _row(node, "air:words", literal(passage.at))
    yield _row(node, "air:digest", literal(passage.digest))
    yield _row(node, "oa:hasSelector", position)
    yield _row(position, "rdf:type", "oa:TextPositionSelector")
    yield _row(position, "oa:start", literal(str(passage.start), "integer"))
    yield _row(position, "oa:end", literal(str(passage.end), "integer"))
    if source.url:
        yield _row(node, "air:webPage", literal(text_fragment(source.url, passage.at), "anyURI"))


def _citation(citation: Citation, me: str, source: Source) -> Iterator[Row]:
    node = names.thing("citation", citation.source, citation.id)
    yield _row(node, "rdf:type", "air:InTextCitation")
    yield _row(node, "air:inSource", me)
    yield _row(node, "skos:prefLabel", literal(citation.text))
    yield _row(node, "air:hasPassage", names.thing("passage", citation.passage.id))
    yield from _passage(citation.passage, me, source)
    if citation.work:
        yield _row(node, "air:citesWork", names.thing("work", citation.work))
    if citation.defect:
        yield _row(node, "air:hasDefect", code("defect", citation.defect))
    if citation.probably:
        yield _row(node, "air:probablyCites", names.thing("work", citation.probably))


def _link(link: Link, me: str) -> Iterator[Row]:
    name, node = LINKS[link.relation], link_id(link)
    subject, other = names.thing("claim", link.subject), names.thing("claim", link.object)
    yield _row(subject, f"air:{name}", other)
    yield _row(node, "rdf:type", "air:ClaimLink")
    yield _row(node, "air:linksFrom", subject)
    yield _row(node, "air:linksTo", other)
    yield _row(node, "air:hasLinkProperty", names.thing("code", "link", name))
    yield _row(node, "air:reason", literal(link.reason))
    yield _row(node, "air:inSource", me)


def _merged(merger: Merger) -> Iterator[Row]:
    # without a class: nothing counts it as a claim or an assertion
    node = merged_id(merger)
    yield _row(node, "owl:deprecated", literal("true", "boolean"))
    yield _row(node, "dcterms:isReplacedBy", merged_id(merger, merger.into))


def merged_id(merger: Merger, name: str = "") -> str:
    """Return the IRI of what was merged, or of another of its kind and source."""
    name = name or merger.old
    return names.thing(merger.kind, *([name] if merger.kind == "claim" else [merger.source, name]))


def link_id(link: Link) -> str:
    """Return the IRI of a relation between two claims."""
    # with the source in it: two sources may relate the same claims, each for its own reason
    return names.thing("link", link.source, link.subject, LINKS[link.relation], link.object)


def place_label(passage: Passage) -> str:
    """Return what a footnote would say of a passage: `Introduction, ¶ 3`."""
    return f"{passage.section.title}, ¶ {passage.paragraph}"


def text_fragment(url: str, at: str) -> str:
    """Return a link that opens the page at the words.

    Form: https://wicg.github.io/scroll-to-text-fragment/ (`#:~:text=start,end`; `-`, `&` and `,` always encoded).
    """
    mark = ":~:text=" if "#" in url else "#:~:text="
    ends = [re.sub(r"[*_]", "", part).strip() for part in at.split("…")]
    encoded = ",".join(quote(part, safe="").replace("-", "%2D") for part in ends if part)
    return f"{url}{mark}{encoded}"
