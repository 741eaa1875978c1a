"""The rules for w3id.org lead every IRI of ours to a page or file that is there and speaks of it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import __version__, names, reference, release
from kg.__main__ import main
from kg.queries import read_queries
from kg.reference import redirects
from kg.resources import files
from kg.store.local import open_store

SITE = "https://site.example/airkg/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
TURTLE, JSONLD, ANY = "text/turtle", "application/ld+json", "*/*"
ASKERS = {"a browser": BROWSER, "Turtle": TURTLE, "Protégé": PROTEGE, "JSON-LD": JSONLD, "curl": ANY}


@cache
def pages() -> dict[str, str]:
    return reference.render(__version__, SITE)


@cache
def rules() -> list[tuple[str, str, str]]:
    """Return condition on Accept, pattern and target of each rule; every line of the file must be understood."""
    found, condition = [], ""
    for line in pages()[redirects.HTACCESS].splitlines():
        if not line or line.startswith("#") or line in ("Options -MultiViews", "RewriteEngine On"):
            continue
        if match := re.fullmatch(r"RewriteCond %\{HTTP_ACCEPT\} (\S+)", line):
            assert not condition
            condition = match[1]
            continue
        match = re.fullmatch(r"RewriteRule (\S+) (\S+) \[R=303,NE,L\]", line)
        assert match, line
        found.append((condition, match[1], match[2]))
        condition = ""
    assert not condition
    return found


def led(iri: str, accept: str) -> str:
    """Return where mod_rewrite leads who asks w3id.org for an IRI: in a folder's file, paths begin below the folder."""
    path = iri.removeprefix("https://w3id.org/airkg").removeprefix("/").partition("#")[0]
    for condition, pattern, target in rules():
        match = re.search(pattern, path)
        if match and re.search(condition, accept):
            groups = ("", *match.groups(default=""))
            return "".join(groups[int(part)] if n % 2 else part for n, part in enumerate(re.split(r"\$(\d)", target)))
    return ""


def arrived(iri: str, accept: str) -> tuple[str, str]:
    """Return path and text of the page or file that is reached; a place on a page must be there."""
    target = led(iri, accept)
    assert target.startswith(SITE), (iri, accept)
    path, _, place = target.removeprefix(SITE).partition("#")
    assert path in pages(), (iri, target)
    assert not place or f'id="{place}"' in pages()[path], (iri, target)
    return path, pages()[path]


def declared() -> list[str]:
    """Return every term of ours: classes, properties, codes, vocabulary."""
    kinds = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Concept")
    return sorted(
        {
            t.subject.value
            for t in release.triples(release.whole())
            if t.predicate.value.endswith("#type")
            and str(getattr(t.object, "value", "")).rpartition("#")[2] in kinds
            and isinstance(t.subject, ox.NamedNode)
            and t.subject.value.startswith(names.BASE)
        }
    )


@pytest.mark.parametrize("asker", ASKERS)
def test_every_term_leads_to_its_own_page_or_file(asker: str) -> None:
    found = declared()
    assert len(found) > 850
    wanted = "html" if ASKERS[asker] in (BROWSER, ANY) else "ttl"
    for iri in found:
        path, text = arrived(iri, ASKERS[asker])
        assert path.endswith(f".{wanted}"), iri
        if wanted == "html":
            assert f"<code>{iri}</code>" in text
        else:
            assert any(t.subject == ox.NamedNode(iri) for t in release.triples(text)), iri


def test_what_all_files_of_terms_say_is_what_the_whole_says_of_them() -> None:
    """Each file is whole by itself: its prefixes, its alignments, the expressions below it."""
    found = {t for text in release.by_term().values() for t in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
    plain = {q.triple for q in found if not any(isinstance(n, ox.BlankNode) for n in q.triple)}
    ours = set(map(ox.NamedNode, declared()))
    whole = release.triples(release.whole())
    assert {t for t in plain if t.subject in ours} == {
        t for t in whole if t.subject in ours and not isinstance(t.object, ox.BlankNode)
    }
    disjoint, claim = release.by_term()["air:Firm"], release.by_term()["air:Claim"]
    assert "owl:AllDisjointClasses" in disjoint and "air:ArmedGroup" in disjoint
    assert "owl:disjointUnionOf" in claim and "air:RiskClaim" in claim and "air:EffectClaim" in claim


def test_ontology_modules_and_versions_lead_to_what_they_name() -> None:
    for module in release.modules():
        version = f"{names.BASE}ontology/{__version__}" + (f"/{module.name}" if module.name else "")
        assert arrived(module.iri, BROWSER)[0].endswith(".html")
        path, text = arrived(module.iri, TURTLE)
        assert path == f"ontology/{__version__}/{module.name or 'airkg'}.ttl"
        header = [t for t in release.triples(text) if t.predicate.value.endswith("#versionIRI")]
        assert [(t.subject.value, t.object.value) for t in header] == [(module.iri, version)]  # type: ignore[union-attr]
        for asker in (BROWSER, TURTLE, ANY):
            assert arrived(version, asker)[0] == path
    assert arrived(release.WHOLE, PROTEGE)[0] == f"ontology/{__version__}/airkg.owl"
    assert arrived(release.WHOLE, JSONLD)[0] == f"ontology/{__version__}/airkg.jsonld"
    assert arrived(f"{release.WHOLE}/{__version__}", PROTEGE)[0].endswith("airkg.owl")
    assert led(f"{release.WHOLE}/9.8.7/claims", TURTLE) == f"{SITE}ontology/9.8.7/claims.ttl"
    for start in ("", "/", "/ns/", "/ontology"):
        assert arrived(f"https://w3id.org/airkg{start}", BROWSER)[0] in ("index.html", "terms.html")
        assert arrived(f"https://w3id.org/airkg{start}", TURTLE)[0].endswith("airkg.ttl")


def test_shapes_questions_and_the_context_lead_somewhere() -> None:
    for file in files("shapes", "*.ttl"):
        for asker in (BROWSER, TURTLE):
            arrived(f"{names.BASE}shapes/{file.stem}", asker)
        assert arrived(f"{names.BASE}shapes/{__version__}/{file.stem}", ANY)[1] == file.read_text(encoding="utf-8")
        for name in re.findall(r"^air:(\w+(?:Shape|Part)\S*)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            arrived(names.term(name), BROWSER)
    for kind in ("ask", "check", "infer", "project"):
        for query in read_queries(kind):
            arrived(f"{names.BASE}queries/{kind}/{query.name}", BROWSER)
    for path in ("context", "context.jsonld"):
        assert arrived(names.BASE + path, JSONLD)[0] == "context.jsonld"


def test_every_thing_of_the_data_leads_somewhere(founding: Path) -> None:
    """Every IRI of ours in the graph, whichever kind: nothing that an export names is a dead link."""
    things = set()
    for quad in open_store(founding):
        things |= {n.value for n in (quad.subject, quad.object, quad.graph_name) if isinstance(n, ox.NamedNode)}
    ours = {iri for iri in things if iri.startswith(names.BASE)}
    assert len(ours) > 5000
    for iri in ours:
        for asker in (BROWSER, TURTLE):
            arrived(iri, asker)


def test_what_is_no_iri_of_ours_leads_nowhere() -> None:
    """A rule that takes anything would hide a misspelt one."""
    for path in ("nothing", "ns/Claim/x", "id/planet/mars", "id/actor/", "ontology/a/b/c", "queries/x/y"):
        assert led(names.BASE + path, BROWSER) == "", path


def test_a_rule_that_is_missing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk above fails when a rule leads wrong: here those of terms are left out."""
    kept = [rule for rule in rules() if "ns/$1" not in rule[2]]
    monkeypatch.setitem(globals(), "rules", lambda: kept)
    assert led(names.term("Claim"), BROWSER) == ""


def test_the_command_takes_the_address_of_the_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "-o", str(tmp_path / "a"), "--site", SITE.rstrip("/")]) == 0
    assert (tmp_path / "a" / redirects.HTACCESS).read_text(encoding="utf-8") == pages()[redirects.HTACCESS]
    assert SITE in (tmp_path / "a" / redirects.README).read_text(encoding="utf-8")
    for wrong in ("ftp://x", "https://x y", "https://x/$1", "https://x/%{ENV:A}"):
        assert main(["docs", "-o", str(tmp_path / "b"), "--site", wrong]) == 2
    assert "an address that begins with https:// expected" in capsys.readouterr().err
