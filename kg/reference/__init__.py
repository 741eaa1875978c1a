"""The reference: ontology, shapes and questions as static HTML that needs no server and asks nobody anything.

One page a noun, one for each folder of `queries/`, a list of all terms, the core of the model as a picture; for each
term a page and a Turtle file of its own, under the path of its IRI; the modules as released; and the rules by which
w3id.org leads each IRI there. Everything is read from the files, so nothing here can go stale.
"""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import channels, files, jsonld, names, release, resources
from kg.errors import UsageError
from kg.headers import FOLDERS
from kg.queries import Query, read_queries
from kg.reading import read_bytes
from kg.reference import diagram, redirects
from kg.reference.terms import Noun, Shape, Term, read

if TYPE_CHECKING:
    from jinja2 import Environment

SAID = {
    "ask": ("Questions", "ready questions, with their parameters and a command for each."),
    "check": ("Checks", "what must not be: each finds what breaks a rule."),
    "infer": ("Rules", "what the build concludes from what coders assert."),
    "project": ("Networks", "what makes the edges of each network that can be exported."),
}
"""Title and one line for each folder of `queries/`."""

_OURS = re.compile(rb"<title>[^<]* airkg [^<]*</title>")

_NAME = re.compile(r"(?<![\w:/.#-])([a-z][\w-]*:[A-Za-z0-9](?:[\w.-]*\w)?)")


def write(folder: Path, version: str, site: str = redirects.NOWHERE) -> list[Path]:
    """Write all pages into a folder, which is made where it is not there; return them.

    Files of other versions in it stay, since their IRIs must go on leading somewhere.

    Args:
        site: the address at which the folder will stand, for the rules of w3id.org.

    Raises:
        UsageError: the folder cannot be written, or begins with a page that is another's.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        first = folder / "index.html"
        if first.exists() and not _OURS.search(read_bytes(first)[:2000]):
            raise UsageError(f"error: {first} is no page of the reference\n  hint: name another folder")
    except OSError as error:
        raise UsageError(f"error: {folder} cannot be written: {error.strerror}") from None
    pages = render(version, site)
    for name, text in pages.items():
        _below_folder(folder, name)
        files.write_text(folder / name, text)
    return [folder / name for name in pages]


def _below_folder(folder: Path, name: str) -> None:
    """Make the folders of a page.

    Raises:
        UsageError: one of them is a file.

    """
    try:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"error: {(folder / name).parent} cannot be made: {error.strerror}") from None


def render(version: str, site: str = redirects.NOWHERE) -> dict[str, str]:
    """Return each page's path below the folder and its text; the same files always give the same text."""
    nouns = read()
    terms = {term.iri: term for noun in nouns for term in noun.terms}
    page = {term.iri: noun.name for noun in nouns for term in noun.terms}
    queries = [(kind, *SAID[kind], read_queries(kind)) for kind in FOLDERS]

    root = [""]

    def link(iri: str) -> str:
        if iri in terms and root[0] and iri.startswith(names.BASE):
            return f"{root[0]}{_path(iri)}.html"
        return f"{root[0]}{page[iri]}.html#{terms[iri].anchor}" if iri in terms else ""

    environment = _environment(link, terms)
    listed = [(f"{noun.name}.html", str(noun.header["dcterms:title"])) for noun in nouns]
    pages = [("index.html", "Start"), *listed, *((f"{kind}.html", title) for kind, title, _, _ in queries)]
    about = {
        "version": version,
        "pages": [*pages, ("terms.html", "All terms")],
        "below": _below(terms),
        "rules": _rules(nouns),
    }

    def made(name: str, template: str, **values: Any) -> tuple[str, str]:
        # a page deeper down leads to the pages of terms, one at the top to their places on the pages of nouns
        root[0] = "../" * name.count("/")
        return name, environment.get_template(template).render(about, here=name, root=root[0], **values)

    picture = _safe(diagram.core(nouns, terms, link))
    example = (_templates() / "example.ttl").read_text(encoding="utf-8")
    first = {"whole": nouns[0], "nouns": nouns, "queries": queries, "core": picture, "example": _pieces(example)}
    found = [made("index.html", "index.html", **first)]
    for noun in nouns:
        drawn = {"tree": _safe(diagram.tree(noun, terms, link)), "slots": _safe(diagram.slots(noun, terms, link))}
        matched = _matched(terms) if noun.name == "alignments" else []
        found.append(made(f"{noun.name}.html", "noun.html", noun=noun, matched=matched, **drawn))
    for kind, title, said, read_here in queries:
        values = {"kind": kind, "title": title, "said": said[0].upper() + said[1:], "found": read_here}
        found.append(made(f"{kind}.html", "queries.html", **values))
    by_label = sorted(terms.values(), key=lambda term: (term.label.casefold(), term.iri))
    found.append(made("terms.html", "terms.html", terms=by_label))
    found.append(made("things.html", "things.html"))
    turtle = release.by_term()
    for iri, term in terms.items():
        if iri.startswith(names.BASE):
            path, own = _path(iri), turtle[term.name]
            found += [made(f"{path}.html", "term.html", term=term, turtle=own, noun=page[iri]), (f"{path}.ttl", own)]
    style = (_templates() / "style.css").read_text(encoding="utf-8")
    return {**dict(found), "style.css": style, **_released(version), **redirects.render(version, site)}


def _path(iri: str) -> str:
    """Return the path of a term's own page, that of its IRI: `ns/Claim`, `id/actor/china`."""
    return iri.removeprefix(names.BASE)


def _released(version: str) -> dict[str, str]:
    """Return the released ontology with its modules, and the files of shapes, by the paths of their version IRIs."""
    whole = release.whole()
    found = {
        "context.jsonld": jsonld.published(),
        f"ontology/{version}/airkg.ttl": whole,
        f"ontology/{version}/airkg.owl": release.rdfxml(),
        f"ontology/{version}/airkg.jsonld": "".join(jsonld.document(release.triples(whole))),
    }
    found |= {f"ontology/{version}/{m.name}.ttl": release.module(m.name) for m in release.modules() if m.name}
    for file in resources.files("shapes", "*.ttl"):
        found[f"shapes/{version}/{file.name}"] = file.read_text(encoding="utf-8")
    return found


def _pieces(example: str) -> list[tuple[str, str]]:
    """Return the pieces of the worked example: what each says, in words and in triples."""
    pieces = re.split(r"(?m)^# ", example)[1:]
    told = [piece.partition("\n") for piece in pieces]
    return [(words, triples.strip()) for words, _, triples in told]


def _templates() -> Path:
    return resources.PACKAGE / "reference" / "templates"


def _safe(svg: str) -> Any:
    from markupsafe import Markup

    return Markup(svg)


def _environment(link: Callable[[str], str], terms: Mapping[str, Term]) -> Environment:
    """Return Jinja2 with our filters: names become links, and everything else is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=FileSystemLoader(_templates()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def anchored(name: str, words: str) -> Markup:
        address = link(names.expand(name))
        return Markup('<a href="{}">{}</a>').format(address, words) if address else escape(words)

    def linked(text: str, words: str = "") -> Markup:
        if re.fullmatch(r"https?://\S+", text):
            return anchored(text, words or names.compact(text))
        parts = _NAME.split(text)
        return Markup("").join(anchored(part, part) if n % 2 else escape(part) for n, part in enumerate(parts))

    def elsewhere(address: str) -> Markup:
        words = Markup("<code>{}</code>").format(names.compact(address))
        return (
            Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, words) if channels.link(address) else words
        )

    def question(query: Query) -> str:
        asked = str(query.header.get("question") or query.name)
        for param in query.params:
            term = terms.get(names.expand(param.default))
            asked = asked.replace(f"{{{param.name}}}", term.label if term else param.default or f"({param.label})")
        return asked

    environment.filters |= {"linked": linked, "elsewhere": elsewhere, "command": command, "question": question}
    return environment


def command(query: Query) -> str:
    """Return a command that asks a question or exports a network, with each parameter that has a default."""
    given = [(param.name, _typed(param.default)) for param in query.params if param.default]
    if query.kind == "project":
        params = "".join(f" --param {name}={value}" for name, value in given)
        return f"kg export html --network {query.name}{params} --output {query.name}.html"
    return f"kg ask {query.name}" + "".join(f" --{name} {value}" for name, value in given)


def _typed(value: str) -> str:
    """Return a value as one types it: a term by its slug, words in quotation marks."""
    prefix, _, slug = value.partition(":")
    return slug if prefix in names.VOCABULARY_KINDS and names.SLUG.fullmatch(slug) else shlex.quote(value)


def _matched(terms: Mapping[str, Term]) -> list[tuple[Term, str, str]]:
    """Return every match of a term to a foreign one, by the term's name."""
    found = [(term, *match) for term in terms.values() for match in term.matches]
    return sorted(found, key=lambda row: (row[0].name.casefold(), row[2]))


def _below(terms: Mapping[str, Term]) -> Mapping[str, list[str]]:
    """Return what is directly narrower than each term."""
    found = defaultdict[str, list[str]](list)
    for term in terms.values():
        for parent in term.parents:
            found[parent].append(term.iri)
    return found


def _rules(nouns: Sequence[Noun]) -> Mapping[str, list[Shape]]:
    """Return the shapes that are about each class; those of all terms alike stand on their own page only."""
    found = defaultdict[str, list[Shape]](list)
    for noun in nouns:
        for shape in noun.shapes if noun.name != "airkg" else ():
            for cls in shape.about:
                found[cls].append(shape)
    return found
