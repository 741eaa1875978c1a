"""The vault: a folder of linked Markdown notes whose links all resolve, with file names fit for every system."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from exporting import LABELS, contents, job_around, job_of, write
from hypothesis import given, settings

from kg import export
from kg.channels import file_name as safe
from kg.queries import with_prefixes

LINK = re.compile(r"\[\[([^\]|]+)\|([^\]|]*)\]\]")
FORBIDDEN = re.compile(r'[<>:"\\|?*#^\[\]\x00-\x1f]|[. ]$')
"""Characters that Windows or Obsidian does not take in a file's name."""


@pytest.fixture(scope="module")
def job(founding: Path) -> export.Job:
    return job_of(founding)


@pytest.fixture(scope="module")
def vault(founding: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The notes of the founding corpus, by path."""
    path = write("vault", job_of(founding), tmp_path_factory.mktemp("vault") / "vault")
    return {name: content.decode() for name, content in contents(path).items()}


def count(job: export.Job, pattern: str) -> int:
    row = job.engine(with_prefixes(f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT * {{ {pattern} }} }}"))[0]
    return int(row["n"].value)


def links(note: str) -> Iterator[str]:
    assert note.count("[[") == len(LINK.findall(note)), note
    for target, label in LINK.findall(note):
        assert label.strip()
        yield target


def test_every_link_of_the_vault_resolves(vault: dict[str, str]) -> None:
    for name, note in vault.items():
        for target in links(note):
            assert f"{target}.md" in vault, f"{name} links to {target}"


def test_the_vault_has_a_note_for_everything(vault: dict[str, str], job: export.Job) -> None:
    assert sum(name.startswith("claim/") for name in vault) == count(job, "?x a air:Claim")
    assert sum(name.startswith("source/") for name in vault) == len(job.seal["sources"])
    assert "actor/china.md" in vault and "index.md" in vault
    assert job.seal["sha256"] in vault["index.md"]


def test_a_claim_is_linked_from_its_source_and_its_terms(vault: dict[str, str]) -> None:
    """Obsidian's graph view shows nothing but links."""
    for name, note in vault.items():
        if name.startswith("claim/"):
            sources = [target for target in links(note) if target.startswith("source/")]
            assert sources
            assert all(f"[[{name[:-3]}|" in vault[f"{source}.md"] for source in sources)


def sections(note: str) -> dict[str, list[str]]:
    """Return the links under each heading and in each field of a note, in their order."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in note.splitlines():
        heading = line[3:] if line.startswith("## ") else heading
        field = re.match(r"- \*\*(.+?)\*\*: ", line)
        found.setdefault(field[1] if field else heading, []).extend(target for target, _ in LINK.findall(line))
    return found


def pairs(job: export.Job, pattern: str) -> set[tuple[str, str]]:
    """Return the notes of both ends of what a pattern of `?x` and `?y` finds."""
    found = job.engine(with_prefixes(f"SELECT DISTINCT ?x ?y WHERE {{ {pattern} }}"))
    return {("/".join(r["x"].value.split("/")[-2:]), "/".join(r["y"].value.split("/")[-2:])) for r in found}


@pytest.mark.parametrize(
    ("heading", "pattern"),
    [
        ("Contested by", "?x a air:Claim ; air:isContestedBy ?y"),
        ("Supports", "?x a air:Claim ; air:supports ?y"),
        ("Broader", "?x skos:broader ?y"),
        ("Narrower", "?y skos:broader ?x"),
    ],
)
def test_a_note_links_to_what_the_graph_joins_it_to(
    heading: str, pattern: str, vault: dict[str, str], job: export.Job
) -> None:
    shown = {(name[:-3], other) for name, note in vault.items() for other in sections(note).get(heading, ())}
    wanted = {(x, y) for x, y in pairs(job, pattern) if f"{x}.md" in vault and f"{y}.md" in vault}
    assert shown == wanted
    assert shown


def test_a_domain_s_note_lists_what_is_said_in_it(vault: dict[str, str], job: export.Job) -> None:
    """The domain is the assertion's, and an assertion has no note."""
    wanted = pairs(job, "?act air:hasDomain ?x ; air:asserts ?y")
    notes = [name for name in vault if name.startswith("domain/")]
    assert {(name[:-3], one) for name in notes for one in sections(vault[name]).get("Claims", ())} == wanted != set()
    assert {(one, name[:-3]) for name in vault if name.startswith("claim/")
            for one in links(vault[name]) if one.startswith("domain/")} == wanted  # fmt: skip


def test_a_source_s_note_follows_its_text(vault: dict[str, str], job: export.Job) -> None:
    starts: dict[str, int] = {}
    query = (
        "SELECT ?claim (MIN(?at) AS ?start) WHERE { ?act air:asserts ?claim ; air:hasPassage ?p ; "
        "air:inSource source:baig . ?p oa:hasSelector/oa:start ?at } GROUP BY ?claim"
    )
    for row in job.engine(with_prefixes(query)):
        starts["/".join(row["claim"].value.split("/")[-2:])] = int(row["start"].value)
    listed = [target for target in sections(vault["source/baig.md"])["Asserts"] if target.startswith("claim/")]
    order = [starts[claim] for claim in dict.fromkeys(listed)]
    assert order == sorted(order) and len(order) == len(starts)


def test_file_names_are_fit_for_every_system(vault: dict[str, str]) -> None:
    """Windows reserves names and characters, and folds case, as macOS does."""
    assert len({name.casefold() for name in vault}) == len(vault)
    for part in {part for name in vault for part in name.split("/")}:
        assert not FORBIDDEN.search(part) and len(part.encode()) <= 120
        assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", part, re.IGNORECASE)


@pytest.mark.parametrize(
    "slug", ["con", "nul", "aux.x", "Upper", "a/b", "..", "", "x" * 300, "é", "com1", "a:b", "trailing."]
)
def test_unsafe_slugs_get_safe_names_of_their_own(slug: str) -> None:
    name = safe(slug)
    assert not FORBIDDEN.search(name) and name.isascii() and 0 < len(name) <= 120 and name == name.lower()
    assert name != slug and safe(slug) == name and name != safe(slug + "x")


@given(label=LABELS)
@settings(max_examples=40, deadline=None)
def test_any_label_makes_a_vault_whose_links_resolve(label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write("vault", job_around(label), tmp_path_factory.getbasetemp() / "label-vault")
    notes = {name: content.decode() for name, content in contents(path).items()}
    for name, note in notes.items():
        if name.startswith("phenomenon/"):
            assert json.loads(note.splitlines()[1].removeprefix("aliases: "))[0] == label
        for target in re.findall(r"\[\[([a-z]+/[^\]|]+)\|", note):
            assert f"{target}.md" in notes
        assert unicodedata.is_normalized("NFC", name)
