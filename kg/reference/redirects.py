"""Rules for w3id.org: which page or file each IRI of ours leads to, by what the asker accepts.

The service (https://github.com/perma-id/w3id.org) has a folder a project with a `.htaccess` of Apache's mod_rewrite
and a README; both are made here, so that the rules fit the pages they lead to. A test asks for every IRI.
"""

from __future__ import annotations

from kg import names

NOWHERE = "https://example.org/airkg/"
"""Where the rules lead when nobody says where the pages will stand."""

HTACCESS, README = "w3id/.htaccess", "w3id/README.md"
HEADERS = {
    "turtle": r"text/turtle|application/x-turtle|text/n3",
    "rdfxml": r"application/rdf\+xml|application/owl\+xml",
    "jsonld": r"application/ld\+json",
}
"""What an asker's Accept header names when it wants data; whoever names none of these gets the page."""

_VOCABULARY = "|".join(("code", *names.VOCABULARY_KINDS))
_DATA = "|".join(sorted(kind for kind in names.KINDS if kind not in ("code", *names.VOCABULARY_KINDS)))


def render(version: str, site: str) -> dict[str, str]:
    """Return the two files; `site` is where the pages stand, with a slash at its end."""
    lines = [
        f"# airkg {version}: rules for w3id.org, made by `kg docs`",
        "Options -MultiViews",
        "RewriteEngine On",
        "",
        "# the JSON-LD context",
        _rule(r"context(\.jsonld)?/?", f"{site}context.jsonld"),
        "",
        "# the ontology: the whole, of this version and of others",
        *_data("(ontology|ns)?/?", "turtle", f"{site}ontology/{version}/airkg.ttl"),
        *_data("(ontology|ns)?/?", "rdfxml", f"{site}ontology/{version}/airkg.owl"),
        *_data("(ontology|ns)?/?", "jsonld", f"{site}ontology/{version}/airkg.jsonld"),
        _rule("(ontology)?/?", f"{site}index.html"),
        _rule("ns/?", f"{site}terms.html"),
        *_data(r"ontology/(\d+\.\d+\.\d+)/?", "rdfxml", f"{site}ontology/$1/airkg.owl"),
        *_data(r"ontology/(\d+\.\d+\.\d+)/?", "jsonld", f"{site}ontology/$1/airkg.jsonld"),
        _rule(r"ontology/(\d+\.\d+\.\d+)/?", f"{site}ontology/$1/airkg.ttl"),
        "",
        "# its modules, and the files of shapes",
        _rule(r"(ontology|shapes)/(\d+\.\d+\.\d+)/([a-z]+)/?", f"{site}$1/$2/$3.ttl"),
        *_data("(ontology|shapes)/([a-z]+)/?", "turtle|rdfxml|jsonld", f"{site}$1/{version}/$2.ttl"),
        _rule("shapes/(derived|ontology|vocabulary)/?", f"{site}airkg.html#shapes"),
        _rule("shapes/([a-z]+)/?", f"{site}$1.html#shapes"),
        _rule("ontology/([a-z]+)/?", f"{site}$1.html"),
        "",
        "# questions, checks, rules",
        _rule("queries/(ask|check|infer|project)/([a-z0-9-]+)/?", f"{site}$1.html#$2"),
        "",
        "# shapes by name: the pages of the nouns have them",
        _rule("ns/[A-Za-z]+(Shape|Part)(-[A-Za-z-]+)?", f"{site}index.html#nouns"),
        "",
        "# terms: classes and properties, then the vocabulary and the codes",
        *_data("ns/([A-Za-z]+)", "turtle|rdfxml|jsonld", f"{site}ns/$1.ttl"),
        _rule("ns/([A-Za-z]+)", f"{site}ns/$1.html"),
        *_data(rf"id/({_VOCABULARY})/([A-Za-z0-9.-]+)", "turtle|rdfxml|jsonld", f"{site}id/$1/$2.ttl"),
        _rule(rf"id/({_VOCABULARY})/([A-Za-z0-9.-]+)", f"{site}id/$1/$2.html"),
        "",
        "# things of the data: claims, assertions, passages …",
        _rule(rf"id/({_DATA})/.+", f"{site}things.html"),
    ]
    return {HTACCESS: "\n".join(lines) + "\n", README: _README.format(version=version, site=site)}


def _rule(path: str, target: str) -> str:
    # NE: a # in a target is a place on a page, not a letter to be escaped
    return f"RewriteRule ^{path}$ {target} [R=303,NE,L]"


def _data(path: str, kinds: str, target: str) -> list[str]:
    accepted = "|".join(HEADERS[kind] for kind in kinds.split("|"))
    return [f"RewriteCond %{{HTTP_ACCEPT}} ({accepted})", _rule(path, target)]


_README = """# airkg

Permanent identifiers of airkg, an ontology and coded corpus of what the literature on artificial intelligence and
international relations claims.

- `https://w3id.org/airkg/ontology`: the ontology; `/ontology/{version}` this version; `/ontology/claims` one module
- `https://w3id.org/airkg/ns/Claim`: a class or property; `/id/actor/china`: a term of the vocabulary
- `https://w3id.org/airkg/context.jsonld`: the JSON-LD context

A browser gets a page; who accepts `text/turtle`, `application/rdf+xml` or `application/ld+json` gets data.

This folder was made by `kg docs --site {site}` of version {version}; copy it to `airkg/` of the repository of
w3id.org, and add there who maintains it.
"""
