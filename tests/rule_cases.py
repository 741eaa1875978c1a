"""For each rule: what it is about, a small graph, and all that it derives from it."""

from __future__ import annotations

TERMS = """
relation:weakens air:hasDirection code:direction.decrease ; air:hasEdgeProperty air:weakens ;
    skos:prefLabel "weakens"@en .
relation:strengthens air:hasDirection code:direction.increase ; air:hasEdgeProperty air:strengthens ;
    skos:prefLabel "strengthens"@en .
technology:ai skos:prefLabel "AI"@en , "هوش"@fa .
phenomenon:trust skos:prefLabel "trust"@en .
"""

WEAKENS = """
claim:a a air:EffectClaim ; air:hasCause technology:ai ; air:hasEffect relation:weakens ;
    air:hasAffected phenomenon:trust .
assertion:s.a air:asserts claim:a ; air:hasStance code:stance.endorses .
"""

STRENGTHENS = """
claim:b a air:EffectClaim ; air:hasCause technology:ai ; air:hasEffect relation:strengthens ;
    air:hasAffected phenomenon:trust .
assertion:s.b air:asserts claim:b ; air:hasStance code:stance.reports .
"""

DENIED = "assertion:s.d air:asserts claim:d ; air:hasVoice code:voice.own ; air:hasStance code:stance.contests ."

TENSION = """
link:a.isInTensionWith.b air:hasLinkProperty code:link.isInTensionWith ;
    air:linksFrom claim:a ; air:linksTo claim:b .
"""

CREDITS = "".join(
    f"assertion:s.{n} air:asserts claim:{n} ; air:inSource source:s ; air:hasStance code:stance.{stance} ; "
    f"air:hasBasis code:basis.{basis} ; air:hasAttribution attribution:{n} . claim:{n} a air:{kind} . "
    f"attribution:{n} air:attributedTo work:{n} . "
    for n, stance, basis, kind in (
        ("a", "contests", "reasoning", "EffectClaim"),
        ("b", "reports", "cited-work", "EffectClaim"),
        ("c", "endorses", "cited-work", "DefinitionClaim"),
        ("d", "endorses", "data", "EffectClaim"),
        ("e", "endorses", "cited-work", "FactClaim"),
        ("f", "endorses", "cited-work", "EffectClaim"),
    )
)

CASES: dict[str, list[tuple[str, str, str]]] = {
    "narrower": [
        (
            "the closure of broader terms, and not the term itself",
            "power:cyber iso-thes:broaderGeneric power:hard . power:hard iso-thes:broaderGeneric power:power .",
            "power:cyber air:isNarrowerThan power:hard , power:power . power:hard air:isNarrowerThan power:power .",
        ),
        (
            "kinds and cases, and no parts",
            "actor:eu iso-thes:broaderInstantial actor:unions . actor:unions iso-thes:broaderGeneric actor:bodies . "
            "actor:council iso-thes:broaderPartitive actor:eu .",
            "actor:eu air:isNarrowerThan actor:unions , actor:bodies . actor:unions air:isNarrowerThan actor:bodies .",
        ),
    ],
    "counts-as": [
        (
            "what is wider, and the status that somebody reports; not one that is only contested",
            "actor:x a air:ActorTerm ; air:isNarrowerThan actor:z . actor:middle air:isNarrowerThan actor:lesser . "
            "claim:a air:hasSubject actor:x ; air:countsAmong actor:middle . assertion:s.a air:asserts claim:a ; "
            "air:hasStance code:stance.reports . claim:b air:hasSubject actor:x ; air:countsAmong actor:major . "
            "assertion:s.b air:asserts claim:b ; air:hasStance code:stance.contests .",
            "actor:x air:countsAs actor:z , actor:middle , actor:lesser .",
        )
    ],
    "arguably": [
        (
            "a kind of what is arguably narrower is so too, and under what is wider",
            "power:a air:isArguablyNarrowerThan power:b . power:c air:isNarrowerThan power:a . "
            "power:b air:isNarrowerThan power:d .",
            "power:a air:isArguablyNarrowerThan power:d . power:c air:isArguablyNarrowerThan power:b , power:d .",
        )
    ],
    "part-of": [
        (
            "a part of a part, and a kind of a part, is a part; a part of a kind of thing is none of the kind",
            "actor:council iso-thes:broaderPartitive actor:eu . actor:eu iso-thes:broaderInstantial actor:unions . "
            "actor:bureau iso-thes:broaderPartitive actor:council . actor:team iso-thes:broaderGeneric actor:bureau .",
            "actor:council air:isPartOf actor:eu . actor:bureau air:isPartOf actor:council , actor:eu . "
            "actor:team air:isPartOf actor:council , actor:eu .",
        )
    ],
    "broader": [
        (
            "each of the three is broader, by one step",
            "actor:a iso-thes:broaderGeneric actor:b . actor:b iso-thes:broaderInstantial actor:c . "
            "actor:c iso-thes:broaderPartitive actor:d .",
            "actor:a skos:broader actor:b . actor:b skos:broader actor:c . actor:c skos:broader actor:d .",
        )
    ],
    "types": [
        (
            "a thing belongs to the superclasses of its classes",
            "air:MiddlePower rdfs:subClassOf air:State . air:State rdfs:subClassOf air:Actor . "
            "actor:x a air:MiddlePower .",
            "actor:x a air:State , air:Actor .",
        )
    ],
    "reading": [
        (
            "a slot below hasSubject is the subject",
            "air:hasCause rdfs:subPropertyOf air:hasSubject . "
            "claim:a a air:Claim ; air:hasCause technology:ai ; air:hasTopic domain:x .",
            "claim:a air:hasSubject technology:ai .",
        )
    ],
    "involves": [
        (
            "whatever stands in a slot, and nothing else that a claim or who asserts it points at",
            "air:hasCause rdfs:subPropertyOf air:hasSubject . air:hasSubject rdfs:subPropertyOf air:involves . "
            "air:hasMechanism rdfs:subPropertyOf air:involves . "
            "claim:a a air:Claim ; air:hasCause technology:ai ; air:hasMechanism mechanism:m ; air:supports claim:b . "
            "assertion:s.a air:asserts claim:a ; air:hasDomain domain:x . edge:e air:hasCause technology:ai .",
            "claim:a air:involves technology:ai , mechanism:m .",
        )
    ],
    "constant-relations": [
        (
            "a risk reads with the relation of its kind",
            "claim:a a air:RiskClaim .",
            "claim:a air:hasRelation relation:poses-risk .",
        ),
        ("an effect has its own", "claim:a a air:EffectClaim .", ""),
    ],
    "object-text": [
        (
            "the English statement stands in for an object that is not named",
            'claim:a a air:Claim ; air:statement "It is so."@en , "چنین است."@fa .',
            'claim:a air:objectText "It is so."@en .',
        ),
        (
            "an object that is named needs none",
            'claim:a a air:Claim ; air:statement "It is so."@en ; air:hasObject power:x .',
            "",
        ),
    ],
    "edges": [
        (
            "an edge from the cause, with the claim that it stands for",
            TERMS + WEAKENS,
            "technology:ai air:weakens phenomenon:trust . "
            "edge:technology.ai.weakens.phenomenon.trust a air:EffectEdge ; "
            "air:edgeFrom technology:ai ; air:hasEffect relation:weakens ; air:edgeTo phenomenon:trust ; "
            "air:standsFor claim:a .",
        ),
        (
            "a claim that everybody contests makes none",
            TERMS + WEAKENS.replace("endorses", "contests"),
            "",
        ),
    ],
    "edge-grounds": [
        (
            "two claims, one of them contested by a second source, and reported by a third",
            "edge:e a air:EffectEdge ; air:standsFor claim:a , claim:b ."
            + WEAKENS
            + STRENGTHENS
            + "assertion:s.a air:inSource source:s ; air:hasHedge code:hedge.likely . "
            "assertion:s.b air:inSource source:t ; air:hasHedge code:hedge.categorical . "
            "assertion:u.b air:asserts claim:b ; air:inSource source:u ; air:hasStance code:stance.contests .",
            "edge:e air:carriesStance code:stance.endorses , code:stance.reports , code:stance.contests ; "
            "air:carriesHedge code:hedge.likely , code:hedge.categorical ; "
            "air:claimCount 2 ; air:sourceCount 2 ; air:endorsementCount 1 .",
        ),
        (
            "what everybody only reports",
            "edge:e a air:EffectEdge ; air:standsFor claim:b ." + STRENGTHENS + "assertion:s.b air:inSource source:t .",
            "edge:e air:carriesStance code:stance.reports ; air:claimCount 1 ; air:sourceCount 1 ; "
            "air:endorsementCount 0 .",
        ),
    ],
    "leads-to": [
        ("cause and mechanism lead to what is affected", WEAKENS, "technology:ai air:leadsTo phenomenon:trust ."),
        (
            "where the effect has a direction, the step keeps it",
            TERMS + WEAKENS + STRENGTHENS,
            "technology:ai air:leadsTo phenomenon:trust ; air:leadsToLessOf phenomenon:trust ; "
            "air:leadsToMoreOf phenomenon:trust .",
        ),
        ("what leaves a thing unchanged does not", WEAKENS.replace("weakens", "leaves-unchanged"), ""),
    ],
    "mitigated-by": [
        (
            "cause and mechanism of what mitigates the same risk or a wider one, unless everybody contests it",
            "claim:r a air:RiskClaim ; air:hasRisk risk:bias . risk:bias air:isNarrowerThan risk:harm . "
            "claim:a air:hasEffect relation:mitigates ; air:hasAffected risk:harm ; air:hasCause mechanism:rules ; "
            "air:hasMechanism mechanism:audits . "
            "assertion:s.a air:asserts claim:a ; air:hasStance code:stance.reports . "
            "claim:b air:hasEffect relation:mitigates ; air:hasAffected risk:bias ; air:hasCause technology:ai . "
            "assertion:s.b air:asserts claim:b ; air:hasStance code:stance.contests . "
            "claim:c air:hasEffect relation:exacerbates ; air:hasAffected risk:bias ; air:hasCause mechanism:haste . "
            "assertion:s.c air:asserts claim:c ; air:hasStance code:stance.endorses .",
            "claim:r air:isMitigatedBy mechanism:rules , mechanism:audits .",
        )
    ],
    "tension": [
        (
            "opposite effects of one cause on one thing",
            TERMS + WEAKENS + STRENGTHENS,
            "claim:a air:isInTensionWith claim:b . link:a.isInTensionWith.b a air:ClaimLink ; air:linksFrom claim:a ; "
            'air:linksTo claim:b ; air:hasLinkProperty code:link.isInTensionWith ; air:derivedBy "tension" ; '
            'air:reason "One says that AI weakens trust, the other that it strengthens it." .',
        ),
        (
            "powers that do not meet are no tension",
            TERMS
            + WEAKENS
            + STRENGTHENS
            + "claim:a air:hasPowerType power:hard . claim:b air:hasPowerType power:soft .",
            "",
        ),
        (
            "a broader power meets a narrower one",
            TERMS
            + WEAKENS
            + STRENGTHENS
            + "claim:a air:hasPowerType power:cyber . claim:b air:hasPowerType power:hard . "
            + "power:cyber air:isNarrowerThan power:hard .",
            "claim:a air:isInTensionWith claim:b . link:a.isInTensionWith.b a air:ClaimLink ; air:linksFrom claim:a ; "
            'air:linksTo claim:b ; air:hasLinkProperty code:link.isInTensionWith ; air:derivedBy "tension" ; '
            'air:reason "One says that AI weakens trust, the other that it strengthens it." .',
        ),
        (
            "what is said of the broader cause is said of the narrower",
            TERMS
            + WEAKENS
            + STRENGTHENS.replace("technology:ai", "technology:ml")
            + "technology:ml air:isNarrowerThan technology:ai ; "
            'skos:prefLabel "ML"@en .',
            "claim:a air:isInTensionWith claim:b . link:a.isInTensionWith.b a air:ClaimLink ; air:linksFrom claim:a ; "
            'air:linksTo claim:b ; air:hasLinkProperty code:link.isInTensionWith ; air:derivedBy "tension" ; '
            'air:reason "One says that AI weakens trust, the other that ML strengthens it." .',
        ),
        (
            "what is said of the broader thing is said of the narrower",
            TERMS
            + WEAKENS
            + STRENGTHENS.replace("phenomenon:trust", "phenomenon:faith")
            + "phenomenon:faith air:isNarrowerThan phenomenon:trust ; "
            'skos:prefLabel "faith"@en .',
            "claim:a air:isInTensionWith claim:b . link:a.isInTensionWith.b a air:ClaimLink ; air:linksFrom claim:a ; "
            'air:linksTo claim:b ; air:hasLinkProperty code:link.isInTensionWith ; air:derivedBy "tension" ; '
            'air:reason "One says that AI weakens trust, the other that it strengthens faith." .',
        ),
        (
            "what one actor can do and another cannot",
            TERMS + WEAKENS + STRENGTHENS + "claim:a air:hasPerformer actor:x . claim:b air:hasPerformer actor:y .",
            "",
        ),
        (
            "what is put up for testing stands against nothing",
            TERMS + WEAKENS + STRENGTHENS + "assertion:s.a air:hasMode code:mode.hypothesis .",
            "",
        ),
        (
            "what a coder has linked already is not linked again",
            TERMS + WEAKENS + STRENGTHENS + "claim:b air:isInTensionWith claim:a .",
            "",
        ),
    ],
    "contested": [
        (
            "what its sources only deny in their own voice is contested, and contests nothing",
            WEAKENS + DENIED + "claim:a air:isInTensionWith claim:d .",
            "claim:d air:isContestedBy claim:a .",
        ),
        (
            "both sides of a tension, of which one source denies what another relays",
            WEAKENS + DENIED + "claim:a air:isInTensionWith claim:d . assertion:t.d air:asserts claim:d ; "
            "air:hasVoice code:voice.attributed ; air:hasStance code:stance.reports .",
            "claim:a air:isContestedBy claim:d . claim:d air:isContestedBy claim:a .",
        ),
        (
            "both sides of a tension, of which a source denies what it says that another holds",
            WEAKENS + DENIED.replace("voice.own", "voice.attributed") + "claim:d air:isInTensionWith claim:a .",
            "claim:a air:isContestedBy claim:d . claim:d air:isContestedBy claim:a .",
        ),
    ],
    "rests-only-on": [
        (
            "a claim that one work alone is credited with",
            "work:w a air:Work . assertion:s.a air:asserts claim:a ; air:hasAttribution attribution:x . "
            "attribution:x air:attributedTo work:w .",
            "claim:a air:restsOnlyOn work:w .",
        ),
        (
            "an author's own voice beside it is another ground",
            "work:w a air:Work . assertion:s.a air:asserts claim:a ; air:hasAttribution attribution:x . "
            "attribution:x air:attributedTo work:w . assertion:s.b air:asserts claim:a .",
            "",
        ),
    ],
    "citations": [
        (
            "each credit is a citation of its own, with the function that the direct link between the works has",
            CREDITS,
            "".join(
                f"attribution:{n} a cito:Citation ; cito:hasCitingEntity source:s ; cito:hasCitedEntity work:{n} ; "
                f"cito:hasCitationCharacterization cito:{function} . "
                for n, function in zip(
                    "abcdef",
                    ("disputes", "discusses", "citesAsAuthority", *["citesAsEvidence"] * 2, "obtainsSupportFrom"),
                    strict=True,
                )
            ),
        ),
        (
            "a pointer that resolves to no work is none",
            "assertion:s.a air:asserts claim:a ; air:inSource source:s ; air:hasStance code:stance.reports ; "
            "air:hasBasis code:basis.data ; air:hasAttribution attribution:a . "
            "attribution:a air:throughCitation citation:s.c .",
            "",
        ),
    ],
    "cites": [
        (
            "the stance towards a credited work, a definition and a fact as what they are",
            CREDITS,
            "source:s cito:disputes work:a ; cito:discusses work:b ; cito:citesAsAuthority work:c ; "
            "cito:citesAsEvidence work:d , work:e ; cito:obtainsSupportFrom work:f .",
        ),
        (
            "a pointer that resolves to no work is no edge",
            "assertion:s.a air:asserts claim:a ; air:inSource source:s ; air:hasStance code:stance.reports ; "
            "air:hasAttribution attribution:a . attribution:a air:throughCitation citation:s.c .",
            "",
        ),
    ],
    "coding": [
        (
            "one activity a source and coder, under the version of the codebook",
            "assertion:s.a air:codedBy coder:x ; air:inSource source:s . "
            "<https://w3id.org/airkg/ontology/coding> owl:versionIRI <https://w3id.org/airkg/ontology/0.1.0/coding> .",
            "assertion:s.a prov:wasGeneratedBy coding:s.x . coder:x a prov:Agent . coding:s.x a prov:Activity ; "
            "prov:used source:s , <https://w3id.org/airkg/ontology/0.1.0/coding> ; prov:wasAssociatedWith coder:x . "
            "<https://w3id.org/airkg/ontology/0.1.0/coding> a prov:Entity .",
        )
    ],
    "in-scheme": [
        (
            "a concept of the vocabulary, and no class of the ontology; what has no broader one stands at the top",
            "phenomenon:trust a skos:Concept ; rdfs:isDefinedBy <https://example.org/v> . "
            "phenomenon:mistrust a skos:Concept ; rdfs:isDefinedBy <https://example.org/v> ; "
            "skos:broader phenomenon:trust . "
            "air:Claim rdfs:isDefinedBy <https://example.org/o> . <https://example.org/v> a skos:ConceptScheme .",
            "phenomenon:trust skos:inScheme <https://example.org/v> ; skos:topConceptOf <https://example.org/v> . "
            "<https://example.org/v> skos:hasTopConcept phenomenon:trust . "
            "phenomenon:mistrust skos:inScheme <https://example.org/v> . ",
        )
    ],
    "spoken-of": [
        (
            "a body with the proper name of an actor; no person, no kind, no other case, no theory",
            'actor:oecd skos:altLabel "OECD"@en . actor:firms skos:prefLabel "firms"@en . '
            'actor:china skos:prefLabel "China"@en . theory:oecd skos:prefLabel "OECD"@en . '
            'agent:oecd a air:Agent , foaf:Organization ; skos:prefLabel "OECD" . '
            'agent:firms a air:Agent , foaf:Organization ; skos:prefLabel "firms" . '
            'agent:small a air:Agent , foaf:Organization ; skos:prefLabel "Oecd" . '
            'agent:china a air:Agent , foaf:Person ; skos:prefLabel "China" .',
            "agent:oecd air:isSpokenOfAs actor:oecd .",
        )
    ],
    "language": [
        (
            "an assertion is in the language of the section of its passage",
            'section:s.i a air:Section ; dcterms:language "fa" . passage:s.1-2 air:inSection section:s.i . '
            "assertion:s.a air:asserts claim:a ; air:hasPassage passage:s.1-2 .",
            'assertion:s.a dcterms:language "fa" .',
        )
    ],
    "differs": [
        (
            "the slot in which they differ",
            WEAKENS + STRENGTHENS.replace("reports", "endorses") + TENSION,
            'link:a.isInTensionWith.b air:differsIn "effect" .',
        ),
        (
            "a scope that only one has, and the stance",
            WEAKENS + STRENGTHENS.replace("strengthens", "weakens") + TENSION + 'claim:a air:condition "in wartime" .',
            'link:a.isInTensionWith.b air:differsIn "condition" , "stance" .',
        ),
        (
            "how firmly, in which mode and in whose voice they are said",
            WEAKENS
            + STRENGTHENS.replace("strengthens", "weakens").replace("reports", "endorses")
            + TENSION
            + "assertion:s.a air:hasHedge code:hedge.likely ; air:hasMode code:mode.finding ; "
            "air:hasVoice code:voice.own . assertion:s.b air:hasHedge code:hedge.possible ; "
            "air:hasMode code:mode.premise ; air:hasVoice code:voice.attributed .",
            'link:a.isInTensionWith.b air:differsIn "hedge" , "mode" , "voice" .',
        ),
    ],
}
