"""The form of `source.yaml` and `coding.yaml`, as pydantic models made from `kg.model`.

One validation pass reports every fault of a file: the fields check form, and, through the validation
context, also names (terms, works, claims, passages). The JSON Schema for editors comes from the same models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from kg import licences, names
from kg.errors import nearest, one_of
from kg.load import csl
from kg.load.vocabulary import Unresolved, Vocabulary
from kg.model import ASSERTION_SLOTS, CODES, COMMON_SLOTS, KINDS, LINKS, Kind, Slot

MANY = 50
"""Values of one key of a record; rules compare the values of two claims each with each."""
TEXT_LENGTH = 5000
"""Characters of a statement, a note, a title."""
AT_LENGTH = 1000
"""Characters of an `at`: twelve words."""


@dataclass
class Known:
    """The names a file may use; the validation context. None: they could not be read, and nothing is held to them.

    `merged` says what claims that are used no more were merged into;
    `locate` tells why a passage has no place in the lock, and then a hint if there is one; else nothing.
    """

    vocabulary: Vocabulary | None
    works: frozenset[str] | None = None
    unresolved: frozenset[str] = frozenset()
    claims: frozenset[str] | None = None
    merged: Mapping[str, str] = field(default_factory=dict)
    locate: Callable[[str], tuple[str, ...]] = field(default=lambda at: ())


def fault(message: str, hint: str | Callable[[], str] = "") -> PydanticCustomError:
    """Return an error whose message and hint reach the user as they are; a hint that costs is a function."""
    told = hint if callable(hint) else lambda: hint
    return PydanticCustomError("airkg", "{message}", {"message": message, "hint": told})


def _slug(value: str) -> str:
    if len(value) > names.SLUG_LENGTH:
        raise fault(f"a name of {len(value):,} characters found, at most {names.SLUG_LENGTH} expected")
    if not names.SLUG.fullmatch(value):
        raise fault(f"'{value}' found, a name of lower-case ASCII words joined by hyphens expected")
    return value


def _date(value: str) -> str:
    if not csl.is_date(value):
        raise fault(f"'{value}' found, a date expected (2025, 2025-11 or 2025-11-06)")
    return value


def _day(value: str) -> str:
    if not csl.is_date(value) or len(value) != 10:
        raise fault(f"'{value}' found, a day expected (2025-11-06)")
    return value


def _language(value: str) -> str:
    if not csl.LANGUAGE.fullmatch(value):
        raise fault(f"'{value}' found, a language tag such as en or fa expected")
    return value


def _file(value: str) -> str:
    if not re.fullmatch(r"[^/\\]{1,200}\.(txt|md)", value) or value.startswith("."):
        raise fault(f"'{value}' found, the bare name of a .txt or .md file expected", "it is looked up below --texts")
    return value


def _digest(value: str) -> str:
    if not re.fullmatch("[0-9a-f]{64}", value):
        raise fault(f"'{value}' found, the 64 hexadecimal digits of a SHA-256 expected", "`sha256sum FILE` prints them")
    return value


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
        raise fault(f"'{value}' found, an address that begins with https:// expected")
    return value


def _licence(value: str) -> str:
    if not (found := licences.address(value)):
        hint = nearest(value, licences.LICENCES) or f"known are {one_of(list(licences.LICENCES))}"
        raise fault(f"licence '{value}' found, an SPDX id of a licence for data or a web address expected", hint)
    return found


def _number(value: str) -> str:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", value):
        raise fault(f"'{value}' found, a plain number expected (15.7)")
    return value


def _many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _known(info: ValidationInfo) -> Known | None:
    return info.context if isinstance(info.context, Known) else None


def _passage(value: str, info: ValidationInfo) -> str:
    known = _known(info)
    if known and (problem := known.locate(value)):
        raise fault(*problem)
    return value


def _cited(value: str, info: ValidationInfo) -> str:
    known = _known(info)
    if known and known.works is not None and value not in known.works and value not in known.unresolved:
        works, pointers = known.works, known.unresolved
        hint = "references.json lists the works by their id"
        raise fault(f"work '{value}' is not in the references", lambda: nearest(value, [*works, *pointers]) or hint)
    return value


def _work(value: str, info: ValidationInfo) -> str:
    known = _known(info)
    if known and known.works is not None and value not in known.works:
        works = known.works
        raise fault(f"work '{value}' is not in the references", lambda: nearest(value, works))
    return value


def _claim(value: str, info: ValidationInfo) -> str:
    known = _known(info)
    if known and known.claims is not None and value not in known.claims:
        claims = known.claims
        hint = "write the claim out here, or name one of another source"
        if value in known.merged:
            into = known.merged[value]
            raise fault(f"claim '{value}' found, which was merged into '{into}'", "name that, if your text says it")
        raise fault(f"claim '{value}' is nowhere in the corpus", lambda: nearest(value, claims) or hint)
    return value


def _term(classes: Sequence[str] = ()) -> Any:
    """Return a field that holds a term and resolves to its IRI."""

    def check(value: str, info: ValidationInfo) -> str:
        known = _known(info)
        if not known or known.vocabulary is None:
            return value
        try:
            iri = known.vocabulary.meant(value, classes)
        except Unresolved as error:
            raise fault(f"'{value}' {error}", error.hint) from None
        if not known.vocabulary.fits(iri, classes):
            found = one_of(sorted(known.vocabulary.terms[iri])) or "term without a class"
            raise fault(f"'{value}' is a {found}, {one_of(list(classes))} expected")
        return iri

    return Annotated[str, AfterValidator(check)]


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LENGTH)]
Slug = Annotated[str, AfterValidator(_slug)]
Date = Annotated[str, AfterValidator(_date)]
Day = Annotated[str, AfterValidator(_day)]
Number = Annotated[str, AfterValidator(_number), WithJsonSchema({"type": "number"})]
Language = Annotated[str, AfterValidator(_language)]
At = Annotated[str, Field(min_length=1, max_length=AT_LENGTH), AfterValidator(_passage)]
Cited = Annotated[str, AfterValidator(_cited)]
WorkId = Annotated[str, AfterValidator(_work)]
ClaimId = Annotated[str, AfterValidator(_claim)]


def many(item: Any) -> Any:
    """Return a field that holds one item or a list of them, of which there are at most MANY."""
    several = Annotated[list[item], Field(max_length=MANY)]
    return Annotated[several, BeforeValidator(_many, json_schema_input_type=item | several)]


def code(scheme: str) -> Any:
    """Return a field that holds one value of a closed list."""
    return Literal[CODES[scheme]]


class Form(BaseModel):
    """Base of all forms: hyphens in keys, nothing unknown."""

    model_config = ConfigDict(
        extra="forbid", alias_generator=lambda name: name.replace("_", "-"), protected_namespaces=()
    )


def _slot_type(slot: Slot) -> Any:
    if slot.filler == "term":
        item = _term(slot.classes)
    elif slot.filler == "code":
        item = code(slot.classes[0])
    else:
        item = {"text": Line, "date": Date, "number": Number}[slot.filler]
    return many(item) if slot.many else item


def _claim_form(kind: Kind) -> type[Form]:
    fields: dict[str, Any] = {
        "id": (Slug, Field(description="unique in the whole corpus")),
        "kind": (Literal[kind.name], Field(description=kind.help)),
        "says": (Line, Field(description="one sentence in the coder's own words")),
        "says_fa": (Line | None, Field(None, description="the same in Persian, where the source is Persian")),
    }
    for slot in (*kind.slots, *COMMON_SLOTS):
        form = _slot_type(slot)
        default = ... if slot.required else None
        fields[slot.name.replace("-", "_")] = (
            form if slot.required else form | None,
            Field(default, description=slot.help),
        )
    return create_model(kind.name.capitalize() + "Claim", __base__=Form, **fields)


def _claim_tag(value: Any) -> str:
    if isinstance(value, str):
        return "id"
    return str(value.get("kind")) if isinstance(value, dict) else "id"


CLAIM_FORMS = {kind.name: _claim_form(kind) for kind in KINDS.values()}

_union: Any = Annotated[ClaimId, Tag("id")]
for _name, _form in CLAIM_FORMS.items():
    _union = _union | Annotated[_form, Tag(_name)]
AnyClaim = Annotated[
    _union,
    Discriminator(
        _claim_tag,
        custom_error_type="airkg_kind",
        custom_error_message="a claim of a known kind expected",
    ),
]


def _named(name: str) -> Any:
    """Return the field of a slot of the assertion."""
    slot = next(slot for slot in ASSERTION_SLOTS if slot.name == name)
    return Annotated[_slot_type(slot), Field(description=slot.help)]


class AssertionForm(Form):
    id: Slug
    at: many(At)  # type: ignore[valid-type]
    claim: AnyClaim
    voice: code("voice")  # type: ignore[valid-type]
    attributed_to: many(Cited) = []  # type: ignore[valid-type]
    inherited_from: many(Cited) = []  # type: ignore[valid-type]
    held_by: _named("held-by") = []  # type: ignore[valid-type]
    stance: code("stance")  # type: ignore[valid-type]
    hedge: code("hedge")  # type: ignore[valid-type]
    mode: code("mode")  # type: ignore[valid-type]
    basis: code("basis")  # type: ignore[valid-type]
    domain: _named("domain") = []  # type: ignore[valid-type]
    coder: Slug | None = None
    date: Day | None = None
    note: Line | None = None


class CitationForm(Form):
    id: Slug
    at: At
    text: Line
    work: WorkId | None = None
    defect: code("defect") | None = None  # type: ignore[valid-type]
    probably: WorkId | None = None


class RelationForm(Form):
    claim: ClaimId
    relation: Literal[tuple(LINKS)]  # type: ignore[valid-type]
    other: ClaimId
    because: Line


class MergerForm(Form):
    claim: Slug | None = Field(None, description="the id of a claim that is used no more")
    assertion: Slug | None = Field(None, description="or that of an assertion of this source")
    into: Annotated[Slug, Field(description="the claim or assertion of this source that has taken its place")]


class OmissionForm(Form):
    at: many(At)  # type: ignore[valid-type]
    reason: code("reason")  # type: ignore[valid-type]


class CodingForm(Form):
    """A source's `coding.yaml`."""

    coder: Slug
    date: Day
    license: Annotated[str, AfterValidator(_licence)] | None = Field(
        None, description="of this coding, not of the text: an SPDX id such as CC-BY-4.0, or an address"
    )
    coders: dict[Slug, Line] = Field({}, description="the coders' names, by their ids")
    assertions: list[AssertionForm]
    citations: list[CitationForm] = []
    relations: list[RelationForm] = []
    merged: list[MergerForm] = []
    left_out: list[OmissionForm] = []


class SectionForm(Form):
    id: Slug
    title: Line
    language: Language | None = None
    at: Annotated[str, Field(min_length=1, max_length=AT_LENGTH)]


class TextForm(Form):
    file: Annotated[str, AfterValidator(_file)]
    sha256: Annotated[str, AfterValidator(_digest)]


class SourceForm(Form):
    """A source's `source.yaml`."""

    id: Slug
    csl: dict[str, Any]
    title_fa: Line | None = None
    languages: Annotated[list[Language], Field(min_length=1)]
    license: Line
    url: Annotated[str, AfterValidator(_url)] | None = None
    text: TextForm
    sections: Annotated[list[SectionForm], Field(min_length=1)]
