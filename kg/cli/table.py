"""The table of commands: what `kg` understands, in one place."""

from __future__ import annotations

from kg.cli.arguments import Command, Option
from kg.cli.output import FORMS

STORE = Option(("--store",), "where the graph is (default: KG_STORE, or the user's data directory)", metavar="DIR")
TEXTS = Option(("--texts",), "your own copies of the sources' texts (default: KG_TEXTS)", metavar="DIR", env="KG_TEXTS")
CORPUS = Option(("--corpus",), "a directory with sources of your own; may be given again", many=True, metavar="DIR")
ALONE = Option(("--alone",), "leave the founding corpus out", flag=True)
FORMAT = Option(("--format", "-f"), "form of the output: table on a terminal, tsv in a pipe", choices=FORMS)
OUTPUT = Option(("--output", "-o"), "write to this file (- is stdout); its suffix says the form", metavar="FILE")
LANG = Option(("--lang",), "language of labels and statements", default="en", choices=("en", "fa"))
PARAM = Option(("--param", "-p"), "a parameter as name=value", many=True, metavar="NAME=VALUE")
W3C = ("srj", "srx", "w3c-csv", "w3c-tsv", "ttl", "nt", "jsonld")
"""Of what a query of one's own gives; `kg.ask.results` has the same."""
SORTS = ("weight", "source", "place")
"""Orders of an answer; `kg.ask.view` says what they are."""
FILTERS = (
    Option(("--source",), "only what this source says; as all filters, again or with commas for several", many=True),
    Option(("--voice",), "only what is said so: own, attributed", many=True),
    Option(("--stance",), "only what the source endorses, reports or contests", many=True),
    Option(("--hedge",), "only what is put so firmly: categorical, likely, possible, conditional", many=True),
    Option(("--mode",), "only what plays this part: finding, premise, norm, prediction, hypothesis …", many=True),
    Option(("--basis",), "only what rests on: data, case, reasoning, cited-work, none-given", many=True),
    Option(("--domain",), "only what is said in this domain, or a narrower one", many=True),
    Option(("--level",), "only claims at this level: individual, group, state, region, system", many=True),
    Option(("--held-by",), "only the views that are told of these", many=True, metavar="WHO"),
    Option(("--work",), "only what this work is cited for", many=True),
    Option(("--about",), "only claims that have to do with this, in any part; again for a second thing", many=True),
    Option(("--since",), "only what is said in this year or later: a cited work's year, else the source's", many=True),
    Option(("--until",), "only what is said in this year or before", many=True),
)
"""What leaves out rows of any answer; `kg.ask.filters` has the same names."""
VIEW = (
    Option(("--sort",), "order: claims with most assertions, source, or place in the text", choices=SORTS),
    Option(("--group-by",), "a heading for each value of this column", metavar="COLUMN"),
    Option(("--columns",), "these columns alone, with commas between", many=True, metavar="NAMES"),
    Option(("--limit",), "rows of a page", metavar="NUMBER"),
    Option(("--page",), "which page", metavar="NUMBER"),
    Option(("--no-pager",), "print a long answer at once, also on a terminal", flag=True, default=False),
)
"""How much of an answer is shown, and in what order."""

EXPORT_FORMS = ("csv", "xlsx", "tsv", "json", "ndjson", "ttl", "owl", "rdf", "jsonld")
"""Of exports that have several; which has which, `kg.export.FORMATS` says."""
KINDS = ("term", "claim", "definition", "source", "work", "person", "organisation")
"""Of texts that are searched, as in `kg.store.index.KINDS`, whose import would cost more than the line."""

COMMANDS: tuple[Command, ...] = (
    Command(
        "ask",
        "Ask a ready question, by name or in your own words; without one, list them all.",
        (
            Option(("words",), "a question's name, or free words", many=True),
            PARAM._replace(help="a parameter as name=value; --name value is the same"),
            Option(("--values",), "list the possible values of the question's parameters", flag=True),
            Option(("--explain",), "show the query, and for each row the claims and passages it stands on", flag=True),
            Option(("--quote",), "add the passages' words from your copies of the texts, and links", flag=True),
            Option(("--cite",), "style of the reference list (extra: cite)", choices=("apa", "chicago")),
            Option(("--bib",), "also write the cited works to this file: .bib, .ris or .json (CSL)", metavar="FILE"),
            *FILTERS,
            *VIEW,
            FORMAT,
            OUTPUT,
            LANG,
            TEXTS,
            STORE,
        ),
        open=True,
    ),
    Command(
        "show",
        "Show everything about one actor, concept, claim, work, section or code, with passages.",
        (
            Option(("thing",), "its id (actor:china), slug or label, or a work as it is cited", required=True),
            *FILTERS,
            *VIEW,
            FORMAT,
            OUTPUT,
            LANG,
            STORE,
        ),
    ),
    Command(
        "search",
        "Search statements, labels, definitions and titles, English and Persian, for words.",
        (
            Option(
                ("words",),
                "words, all of which must be there, with any ending; begin*; '\"a phrase\"' in quotation marks",
                many=True,
                required=True,
            ),
            Option(("--kind", "-k"), "texts of this kind alone", choices=KINDS),
            LANG._replace(help="texts in this language alone", default=None),
            Option(("--limit",), "show so many (20)", default="20", metavar="NUMBER"),
            *FILTERS,
            FORMAT,
            OUTPUT,
            STORE,
        ),
    ),
    Command(
        "sparql",
        "Run a SPARQL query of your own: an argument, a file (-i), or stdin.",
        (
            Option(("query",), "the query"),
            Option(("--input", "-i"), "a file with the query", metavar="FILE"),
            Option(("--timeout",), "stop it after so many seconds (30)", default="30", metavar="SECONDS"),
            Option(
                ("--unfenced",),
                "do not keep it from the network, where this system cannot: SERVICE then calls any server it names",
                flag=True,
            ),
            FORMAT._replace(
                help="form of the output: rows as of any answer, or W3C's: srj … w3c-tsv for results, ttl … for graphs",
                choices=(*FORMS, *W3C),
            ),
            OUTPUT,
            STORE,
        ),
    ),
    Command(
        "build",
        "Build the graph from the coded sources, validate it and publish it.",
        (CORPUS, ALONE, TEXTS, STORE, Option(("--force",), "build even if nothing has changed", flag=True)),
    ),
    Command(
        "check",
        "Check coding, anchors (with the texts at hand), shapes and check queries.",
        (
            CORPUS,
            ALONE,
            TEXTS,
            Option(("--ontology",), "check the ontology and vocabulary instead, file by file like a linter", flag=True),
            Option(("--owl",), "let HermiT reason over all terms and a sample of claims, too (extra: owl)", flag=True),
            Option(("--fix",), "first put what replaces deprecated terms in their place, in your --corpus", flag=True),
            FORMAT,
            OUTPUT,
            LANG,
        ),
    ),
    Command(
        "explain",
        "Tell why a thing belongs to a class: axioms and coded triples, none to spare, with their passages.",
        (
            Option(("thing",), "its id (claim:ai-weakens-state-monopoly), slug or label", required=True),
            Option(("cls",), "the class's id (StateMonopolyErosionClaim) or label", required=True, metavar="CLASS"),
            CORPUS,
            ALONE,
            FORMAT,
            OUTPUT,
            LANG,
        ),
    ),
    Command(
        "anchor",
        "Find every passage in your copy of the texts and write the lock files.",
        (CORPUS, ALONE, TEXTS),
    ),
    Command(
        "coverage",
        "Tell how many of each source's sentences some assertion cites, and list those that none does.",
        (CORPUS, ALONE, TEXTS, FORMAT, OUTPUT),
    ),
    Command(
        "export",
        "Write the graph, a network or an answer for another program; without a name, list the forms.",
        (
            Option(("name",), "the export's name"),
            Option(("--network", "-n"), "which network, for formats that show one", default="effects", metavar="NAME"),
            Option(("--question", "-q"), "export the answer to a ready question", metavar="NAME"),
            PARAM._replace(help="a parameter of the question or network as name=value"),
            Option(("--form", "-f"), "form, for assertions and ontology", choices=EXPORT_FORMS),
            OUTPUT,
            Option(
                ("--asserted",),
                "for linked data: what sources assert, without what rules derive",
                flag=True,
                default=False,
            ),
            Option(
                ("--quote",),
                "for webannotation: with the passages' words, from your own texts",
                flag=True,
                default=False,
            ),
            LANG,
            TEXTS,
            STORE,
        ),
    ),
    Command(
        "stats",
        "Count claims per source and kind; for a network: degree, betweenness and communities.",
        (
            Option(("--network", "-n"), "measure this network instead", metavar="NAME"),
            PARAM._replace(help="a parameter of the network as name=value"),
            FORMAT,
            OUTPUT,
            LANG,
            STORE,
        ),
    ),
    Command(
        "schema",
        "Print the JSON Schema of coding.yaml or source.yaml, for your editor.",
        (Option(("form",), "coding or source", default="coding"), OUTPUT),
    ),
    Command(
        "docs",
        "Write the reference of ontology, shapes and questions as HTML pages, to read in a browser without a server.",
        (
            OUTPUT._replace(help="the folder for the pages", default="site", metavar="DIR"),
            Option(("--site",), "where the pages will stand, for w3id/.htaccess, which leads there", metavar="URL"),
        ),
    ),
)


def command(name: str) -> Command | None:
    """Return the command of that name."""
    return next((c for c in COMMANDS if c.name == name), None)
