"""The table of claim kinds with their slots, and the closed lists of the codebook.

`KINDS` is the one definition of what each kind of claim may say: the JSON Schema of the coding file,
the loader's checks and the triples are made from it. The ontology and the shapes state the same in
their own languages; tests hold the three equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Filler = Literal["term", "code", "text", "date", "number"]


@dataclass(frozen=True)
class Slot:
    """One thing a claim says.

    Attributes:
        name: the key in `coding.yaml`.
        property: local name of the property in `air:`.
        filler: `term` (a vocabulary individual), `code` (a value of the codebook), or a literal.
        classes: for a term, the ontology classes it must belong to (any, when empty); for a code, its scheme.
        required: whether the kind demands it.
        many: whether it may hold several values.
        help: one line for the editor that completes the coding file.

    """

    name: str
    property: str
    filler: Filler
    classes: tuple[str, ...] = ()
    required: bool = False
    many: bool = False
    help: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of claim: its class, its slots, and which of them read as subject, relation and object.

    `relation` names a slot, or, when no slot has that name, a constant individual `relation:<name>`.
    `object` names a term slot or a text slot; the statement stands in where the slot is empty.
    """

    name: str
    cls: str
    slots: tuple[Slot, ...]
    subject: str
    relation: str
    object: str
    help: str = ""

    def slot(self, name: str) -> Slot:
        """Return the slot of that name, own or common to all kinds."""
        return next(s for s in (*self.slots, *COMMON_SLOTS) if s.name == name)


def _t(name: str, prop: str, help: str, *classes: str, required: bool = False, many: bool = False) -> Slot:
    return Slot(name, prop, "term", classes, required, many, help)


def _code(name: str, prop: str, scheme: str, help: str, required: bool = False) -> Slot:
    return Slot(name, prop, "code", (scheme,), required, False, help)


def _text(name: str, prop: str, help: str, required: bool = False) -> Slot:
    return Slot(name, prop, "text", (), required, False, help)


COMMON_SLOTS: tuple[Slot, ...] = (
    _code("level", "hasLevel", "level", "level of analysis"),
    _text("condition", "condition", "the scope within which the claim is said to hold"),
    _text("time", "time", "when the claim is said to hold"),
)
"""Slots that any claim may carry."""

ASSERTION_SLOTS: tuple[Slot, ...] = (
    _t("held-by", "heldBy", "who the text says holds the view", "ActorTerm", "Theory", many=True),
    _t("domain", "hasDomain", "field of world politics that the sentence or its heading names", "Domain", many=True),
)
"""Terms that an assertion may name: they belong to one source's sentence, not to a claim that sources share."""

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "effect",
            "EffectClaim",
            (
                _t("cause", "hasCause", "what brings the change about", required=True),
                _t("effect", "hasEffect", "the direction of the change", "Effect", required=True),
                _t("affected", "hasAffected", "what is changed", required=True),
                _t("mechanism", "hasMechanism", "by which mechanism", "Mechanism", many=True),
                _t("performer", "hasPerformer", "who acts", "ActorTerm", many=True),
                _t("gainer", "hasGainer", "in a redistribution: to whom it passes", "ActorTerm", many=True),
                _t("loser", "hasLoser", "in a redistribution: from whom it passes", "ActorTerm", many=True),
                _t("power-type", "hasPowerType", "which type of power is at stake", "PowerType", many=True),
                _t("diplomacy-mode", "hasDiplomacyMode", "in which mode of diplomacy", "DiplomacyMode", many=True),
            ),
            "cause",
            "effect",
            "affected",
            "what changes what, and how",
        ),
        Kind(
            "risk",
            "RiskClaim",
            (
                _t("risk", "hasRisk", "what may go wrong", "Risk", required=True),
                _t("arises-from", "arisesFrom", "what the risk comes from", required=True),
                _t("bearer", "hasBearer", "who bears it", "ActorTerm", many=True),
                _t("consequence", "hasConsequence", "what comes of it, once it has gone wrong", many=True),
                _text("likelihood", "likelihood", "how probable or frequent it is said to be, in the coder's words"),
                _text("severity", "severity", "how grave it is said to be, in the coder's words"),
                _t("diplomacy-mode", "hasDiplomacyMode", "in which mode of diplomacy", "DiplomacyMode", many=True),
            ),
            "arises-from",
            "poses-risk",
            "risk",
            "what may go wrong",
        ),
        Kind(
            "benefit",
            "BenefitClaim",
            (
                _t("benefit", "hasBenefit", "what may be won", "Benefit", required=True),
                _t("arises-from", "arisesFrom", "what the benefit comes from", required=True),
                _t("beneficiary", "hasBeneficiary", "who gains", "ActorTerm", many=True),
                _t("diplomacy-mode", "hasDiplomacyMode", "in which mode of diplomacy", "DiplomacyMode", many=True),
            ),
            "arises-from",
            "brings-benefit",
            "benefit",
            "what may be won",
        ),
        Kind(
            "definition",
            "DefinitionClaim",
            (
                _t("definiendum", "defines", "the term that is defined", required=True),
                _text("definiens", "definiens", "what it is said to mean, in the coder's words", required=True),
                _t("genus", "hasGenus", "the broader thing it is said to be a kind of"),
            ),
            "definiendum",
            "is-defined-as",
            "definiens",
            "what a term means here",
        ),
        Kind(
            "prescription",
            "PrescriptionClaim",
            (
                _t("addressee", "hasAddressee", "who is called on", "ActorTerm", required=True),
                _text("action", "action", "what they are to do, in the coder's words", required=True),
                _t("topic", "hasTopic", "what the action concerns"),
                _t("aim", "hasAim", "to what end", many=True),
                _code("force", "hasForce", "force", "how binding: must, should or may"),
            ),
            "addressee",
            "is-called-on-to",
            "action",
            "who should do what",
        ),
        Kind(
            "prerequisite",
            "PrerequisiteClaim",
            (
                _t("for", "isPrerequisiteOf", "the strategy or state of things that has the need", required=True),
                _t("requires", "requires", "what it needs", required=True),
                _t("of-whom", "isRequiredOf", "who has to provide it", "ActorTerm", many=True),
            ),
            "for",
            "needs",
            "requires",
            "what a strategy needs",
        ),
        Kind(
            "position",
            "PositionClaim",
            (
                _t("theory", "hasTheory", "the theory or school that holds the view", "Theory", required=True),
                _t("topic", "hasTopic", "what the view is about", required=True),
                _text("view", "view", "the view, in the coder's words"),
            ),
            "theory",
            "takes-view-on",
            "topic",
            "what a theory holds about a topic",
        ),
        Kind(
            "characterisation",
            "CharacterisationClaim",
            (
                _t("subject", "hasSubject", "the actor or thing that is characterised", required=True),
                _text("attribute", "attribute", "what it is like, in the coder's words", required=True),
                _t("relates-to", "hasObject", "a vocabulary term that the attribute turns on"),
                _t("counted-among", "countsAmong", "the sort of actor among which it is counted", "ActorKind"),
            ),
            "subject",
            "is-characterised-as",
            "attribute",
            "what an actor or thing is like",
        ),
        Kind(
            "fact",
            "FactClaim",
            (
                _t("subject", "hasSubject", "the event, case or thing the fact is about", required=True),
                _t("relation", "hasRelation", "how subject and object stand", "Relation"),
                _t("object", "hasObject", "the other end of the relation"),
                _t("means", "hasMeans", "with what it is done", many=True),
                _text("date", "date", "when, as the text gives it: a year, a year and month, or a day"),
                Slot("quantity", "quantity", "number", (), False, False, "the number the text gives"),
                _text("unit", "unit", "the unit of the number"),
                _text("place", "location", "where"),
            ),
            "subject",
            "relation",
            "object",
            "an event, case or number",
        ),
        Kind(
            "study",
            "StudyClaim",
            (
                _code("aspect", "hasAspect", "aspect", "which part of the study's design is stated", required=True),
                _t("subject", "hasSubject", "what that part is about"),
                _t("relates-to", "hasObject", "a second term the statement turns on"),
            ),
            "subject",
            "is-studied-as",
            "relates-to",
            "a question, hypothesis, method, data, gap or framework element of a study",
        ),
    )
}
"""The closed list of claim kinds, by the name that stands in `coding.yaml`."""

CODES: dict[str, tuple[str, ...]] = {
    "voice": ("own", "attributed"),
    "stance": ("endorses", "reports", "contests"),
    "hedge": ("categorical", "likely", "possible", "conditional"),
    "mode": ("finding", "hypothesis", "premise", "prediction", "norm", "definition"),
    "basis": ("cited-work", "case", "data", "reasoning", "none-given"),
    "scope": ("strict", "inherited"),
    "level": ("individual", "group", "state", "region", "system"),
    "force": ("must", "should", "may"),
    "aspect": (
        *("question", "hypothesis", "confirmation", "variable", "aim", "method", "data", "sampling", "case"),
        *("framework", "indicator", "literature", "gap", "contribution", "implication"),
    ),
    "reason": ("heading", "connective", "repetition", "boilerplate", "bibliography"),
    "defect": ("misspelt-name", "wrong-year", "missing-entry", "self-reference"),
    "direction": ("increase", "decrease", "change", "no-change", "open"),
    "role": ("author", "editor", "translator"),
}
"""Closed lists of the codebook: scheme, then its values, each an individual `code:<scheme>.<value>`."""

LINKS: dict[str, str] = {
    "supports": "supports",
    "in tension with": "isInTensionWith",
    "refines": "refines",
    "repeats": "repeats",
    "differs in translation from": "differsInTranslationFrom",
}
"""Relations between claims: the words in `coding.yaml`, then the property in `air:`."""
