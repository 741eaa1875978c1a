"""A W3C Web Annotation collection (https://www.w3.org/TR/annotation-model/), one annotation a passage of an assertion.

The body is the claim in the coder's words, with kind, stance, voice and hedge as tags. The target is the source
with a position in code points of its text file, and the first and last words as a Text Fragment. The passage itself
stands there, as a TextQuoteSelector, only where quotes were asked for and the reader's own copy is at hand. It
belongs to its author: the licence of the coding is then said of the coder's words alone, and the label says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import channels, names
from kg.errors import UsageError
from kg.export.dataset import describe, first, natural, things, values
from kg.graph import text_fragment
from kg.licences import stated_in
from kg.load.texts import Text

if TYPE_CHECKING:
    from kg.export import Job
    from kg.export.dataset import Thing
    from kg.licences import Rights

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
FRAGMENT = "https://wicg.github.io/scroll-to-text-fragment/"
AROUND = 32
"""Characters of text before and after a quote."""

NOTICE = (
    "The words quoted as exact, prefix and suffix are the sources' own and belong to their authors; no licence given "
    "here is about them. Pass them on only as far as the law of quotation allows."
)
"""What a collection with quotes says of itself."""

_TAGS = ("air:hasStance", "air:hasVoice", "air:hasHedge", "air:hasMode")


def write(job: Job, path: Path) -> None:
    """Write the collection with its one page, annotations in the order of sources and text.

    Raises:
        UsageError: the copy of a text is not the one whose offsets the coding holds.

    """
    data = describe(job)
    items = list(_annotations(job, data.rights))
    page = {
        "id": f"{data.iri}#annotations-1",
        "type": "AnnotationPage",
        "partOf": f"{data.iri}#annotations",
        "startIndex": 0,
        "items": items,
    }
    collection = {
        "@context": CONTEXT,
        "id": f"{data.iri}#annotations",
        "type": "AnnotationCollection",
        "label": f"{data.sentence}. {NOTICE}" if job.texts else data.sentence,
        "creator": [{"id": coder.iri, "name": str(coder)} for coder in data.rights.coders],
        "total": len(items),
    }
    if data.rights.of_codings and not job.texts:
        collection["rights"] = data.rights.of_codings
    if items:
        collection |= {"first": page, "last": page["id"]}
    path.write_text(json.dumps(collection, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _annotations(job: Job, rights: Rights) -> Iterator[dict[str, Any]]:
    acts, claims = things(job.engine, "air:Assertion"), things(job.engine, "air:Claim")
    passages, positions = things(job.engine, "air:Passage"), things(job.engine, "oa:TextPositionSelector")
    sources = things(job.engine, "air:Source")
    homes = stated_in(job.engine)
    coders = {coder.iri: str(coder) for coder in rights.coders}
    texts = {iri: _text(job, source) for iri, source in sources.items()}
    pairs = [(passage, act) for act, thing in acts.items() for passage in values(thing, "air:hasPassage")]
    for passage, act in sorted(pairs, key=lambda pair: (natural(pair[0]), pair[1])):
        thing = acts[act]
        source = first(thing, "air:inSource")
        coder = first(thing, "air:codedBy")
        claim = first(thing, "air:asserts")
        target = passages[passage]
        selectors = _selectors(target, positions[first(target, "oa:hasSelector")], texts.get(source))
        coded = rights.among({source, *homes.get(claim, ())}).of_codings
        licence = {"rights": coded} if coded else {}
        yield {
            "id": f"{act}#{names.slug_of(passage).rpartition('.')[2]}",
            "type": "Annotation",
            "motivation": "describing",
            "creator": {"id": coder, "name": coders[coder]},
            **({} if job.texts else licence),
            # The model asks for a moment, the coding knows the day.
            **({"created": f"{day}T00:00:00Z"} if (day := first(thing, "dcterms:created")) else {}),
            "body": list(_bodies(claim, claims.get(claim, {}), thing, licence if job.texts else {})),
            "target": {
                "id": passage,
                "type": "SpecificResource",
                "source": channels.link(first(sources.get(source, {}), "air:webPage")) or source,
                "selector": selectors,
            },
        }


def _bodies(claim: str, thing: Thing, act: Thing, licence: dict[str, str]) -> Iterator[dict[str, Any]]:
    for statement in thing.get("air:statement", ()):
        language: Any = getattr(statement, "language", None)
        body = {"type": "TextualBody", "purpose": "describing", "value": statement.value, "format": "text/plain"}
        body |= licence
        yield {**body, "language": language} if language else body
    yield {"type": "SpecificResource", "purpose": "identifying", "source": claim}
    for value in [v for name in _TAGS for v in values(act, name)]:
        yield {"type": "TextualBody", "purpose": "tagging", "value": names.slug_of(value).replace(".", ": ")}


def _selectors(passage: Thing, position: Thing, text: Text | None) -> list[dict[str, Any]]:
    start, end = int(first(position, "oa:start")), int(first(position, "oa:end"))
    found: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": start, "end": end}]
    fragment = text_fragment("", first(passage, "air:words")).removeprefix("#")
    found.append({"type": "FragmentSelector", "conformsTo": FRAGMENT, "value": fragment})
    if text:
        quote = {"type": "TextQuoteSelector", "exact": text.text[start:end]}
        around = {"prefix": text.text[max(0, start - AROUND) : start], "suffix": text.text[end : end + AROUND]}
        found.append(quote | {name: words for name, words in around.items() if words})
    return found


def _text(job: Job, source: Thing) -> Text | None:
    """Return the reader's copy of a source's text; None when there is none."""
    file = job.texts / first(source, "air:textFile") if job.texts else None
    if file is None or not file.is_file():
        return None
    text = Text.read(file)
    if text.sha256 != first(source, "air:textHash"):
        raise UsageError(
            f"error: {file} is not the copy that was coded; its words would stand at other places\n"
            "  hint: leave --quote out, or code from this copy"
        )
    return text
