"""Channels: any text is shown there as it stands, by programs that are not ours, and none of it is obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from exporting import LABELS, NASTY, contents, job_around, write
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small import Run

from kg import channels, tables

ROOT = Path(__file__).parent.parent

HOSTILE = (
    *NASTY,
    "<script>alert(1)</script>",
    "<script src=x>alert(1)</script>",
    "<!-- comment",
    "<div onclick=alert(1)> and <b>",
    "https://example.org/a_b_(c)~d*e@f. And (see https://example.org/x), [http://www.example.org]; www.a_b.org",
    "HTTPS://EXAMPLE.ORG/A_B https:// http://-",
    "an address <https://example.org/a> and <b@example.org>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "<javascript:alert(1)>",
    "![](https://example.org/spy.png)",
    "javascript://example.org/%0aalert(1)",
    "ftp://example.org/x and a.b@example.org",
    "&lt;b&gt; &copy; &#x41;",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "(a) item",
    "iv. item",
    "> quote",
    "===",
    "---",
    ":::: {.warning}",
    "~~~ python",
    "```{=html}",
    "`<b>`{=html}",
    "*a* **b** _c_ ~~d~~ ^e^ ~f~ ==g==",
    "$x$ and $$y$$ and \\(z\\)",
    "a | b || c",
    "@doe2020 and [@roe]",
    "[^1] and ^[note]",
    ":smile: :+1:",
    "%%hidden%% and %%",
    "#tag #tag/sub",
    "{{template}} {#id .cls}",
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31mred",
    "abc\u202edcba",
    "pay\u200bpal, pay\u200cpal, pay\u2060pal, \U000e0041",
    "back\rover",
    "می\u200cشود و AI\u200cها",
    "👩\u200d🔬 ✊🏽",
    "a\x00b",
    "\\N \\G \\l \\",
    '"; DROP (n) //',
    "\\u0022",
    "end --> <!-- <![CDATA[ ]]>",
)
"""What some channel or other would obey."""

TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), LABELS)
SOME = st.lists(TEXTS, min_size=1, max_size=15)


def with_hostile(test: Any) -> Any:
    """Have a property tried with every hostile text, beside those that Hypothesis makes up."""
    for text in HOSTILE:
        test = example(text=text)(test)
    return test


QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def invisible(text: str) -> list[int]:
    """Return where something stands that acts on a terminal or cannot be seen, by Unicode's own categories."""
    return [
        i
        for i, char in enumerate(text)
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        # Signs before Arabic and other numbers are of category Cf, and seen.
        and char not in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
        and not (char in "\u200c\u200d" and any(c > "\x7f" for c in (text[i - 1 : i], text[i + 1 : i + 2])))
    ]


# ── terminal ─────────────────────────────────────────────────────────────────────────────────────────


@QUIET
@with_hostile
@given(text=TEXTS)
def test_nothing_that_a_terminal_obeys_or_hides_passes(text: str) -> None:
    """A label could otherwise clear the screen, set the window's title, or read as another word."""
    hidden = invisible(text)
    escaped = [ascii(c)[1:-1] if i in hidden else c for i, c in enumerate(text)]
    assert [i for i in invisible(channels.terminal(text)) if channels.terminal(text)[i] not in "\t\n"] == []
    assert invisible(channels.line(text)) == []
    # Fillers of Korean and Khmer are letters by category, but nobody sees them.
    fillers = str.maketrans({c: ascii(c)[1:-1] for c in "\u115f\u1160\u3164\uffa0"})
    assert channels.line(text) == "".join(escaped).translate(fillers)


def test_what_belongs_to_words_and_signs_stays() -> None:
    """ZWNJ in Persian, joiners in emoji, combining marks, no-break spaces: not to be escaped."""
    for text in ("می\u200cشود", "AI\u200cها", "👩\u200d🔬", "e\u0301", "¶\u00a03", "✊🏽", "❤\ufe0f", "a\nb\tc"):
        assert channels.terminal(text) == text


def test_a_long_message_is_cut_and_says_so() -> None:
    assert channels.line("x" * 700, 600) == "x" * 600 + " …"
    assert channels.line("x" * 600, 600) == "x" * 600


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────────


def shown(text: str) -> str:
    """Return what a reader of Markdown should see: one line, nothing invisible."""
    words = channels.terminal(re.sub(r"[^\S\xa0\u202f]+", " ", text).strip(" "))
    return unicodedata.normalize("NFC", words)  # as pandoc does


ACTIVE = {"RawInline", "RawBlock", "Image", "Code", "CodeBlock", "Math", "Cite", "Note", "Emph", "Strong", "Strikeout"}
ACTIVE |= {"Superscript", "Subscript", "Span", "Div", "Header", "BlockQuote", "OrderedList", "BulletList", "LineBlock"}


def nodes(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield type and content of every part of a pandoc document."""
    if isinstance(node, list):
        for part in node:
            yield from nodes(part)
    elif isinstance(node, dict):
        if "t" in node:
            yield node["t"], node.get("c")
        yield from nodes(node.get("c"))


def said(node: Any) -> str:
    """Return the words of a part of a pandoc document."""
    parts = []
    for kind, content in nodes(node):
        parts.append(content if kind == "Str" else " " if kind in ("Space", "SoftBreak", "LineBreak") else "")
    return unicodedata.normalize("NFC", "".join(parts))


def pandoc(text: str, form: str) -> list[Any]:
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")
    return json.loads(pypandoc.convert_text(text, "json", format=form))["blocks"]  # type: ignore[no-any-return]


DIALECTS = ["markdown-smart", "gfm", "commonmark_x-smart", "commonmark"]


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
@settings(QUIET, max_examples=30)
@example(texts=list(HOSTILE))
@given(texts=SOME)
def test_pandoc_shows_any_text_as_it_stands(dialect: str, texts: list[str]) -> None:
    """As a paragraph of its own, where a first sign counts; no markup, no raw HTML, no link but to the web."""
    texts = [t for t in texts if shown(t).strip()]
    document = "\n\n".join(f"{channels.markdown(t)}\n\nEND" for t in texts)
    blocks = [b for b in pandoc(document, dialect) if said(b) != "END"]
    assert [said(b).strip() for b in blocks] == [shown(t).strip() for t in texts]
    for kind, content in nodes(blocks):
        assert kind not in ACTIVE
        if kind == "Link":
            assert content[2][0].lower().startswith(("http://", "https://"))
            assert unquote(content[2][0]) == unquote(said(content[1])), "it leads where it says"


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["markdown-smart", "gfm"])
@settings(QUIET, max_examples=30)
@example(texts=list(HOSTILE))
@given(texts=SOME)
def test_a_table_in_markdown_holds_any_cell(dialect: str, texts: list[str]) -> None:
    """A bar or a line break in a claim must not make a column or a row."""
    rows = [{"one": text, "two": "x"} for text in texts]
    (table,) = pandoc(tables.write("md", ["one", "two"], rows), dialect)
    assert table["t"] == "Table"
    cells = [[said(cell[4]) for cell in row[1]] for body in table["c"][4] for row in body[3]]
    assert cells == [[shown(text), "x"] for text in texts]
    assert not {kind for kind, _ in nodes(table)} & ACTIVE


@QUIET
@with_hostile
@given(text=TEXTS)
def test_commonmark_finds_no_markup_in_any_text(text: str) -> None:
    """Another parser, with HTML, tables, strikethrough and bare links on."""
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    words = channels.markdown(text)
    tokens = [t for t in parser.parse(words) if t.type not in ("paragraph_open", "paragraph_close")]
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert {t.type for t in tokens} <= {"inline"} and kinds <= {"text", "text_special", "link_open", "link_close"}
    for child in (child for token in tokens for child in token.children or () if child.type == "link_open"):
        assert str(child.attrs["href"]).lower().startswith(("http://", "https://"))
    words = "".join(c.content for t in tokens for c in t.children or ())
    assert unicodedata.normalize("NFC", words).strip() == shown(text).strip()


@QUIET
@with_hostile
@given(text=TEXTS)
def test_a_wiki_link_shows_any_label_and_stays_one_link(text: str) -> None:
    """The label of a note is part of a link that knows no escape."""
    alias = channels.wiki(text)
    assert not set(alias) & set("[]|<>`$\\") and "%%" not in alias and "\n" not in alias
    assert len(alias) >= len(shown(text))


def test_a_vault_of_hostile_labels_runs_nothing(tmp_path: Path) -> None:
    """Scripts in labels ran after `pandoc note.md`; now every note reads as text and links."""
    for text in ("<script>alert(1)</script>", "<javascript:alert(1)>", "`<b>`{=html}", "![](https://example.org/x)"):
        for name, content in contents(write("vault", job_around(text), tmp_path / "vault")).items():
            note = content.decode().partition("---\n\n")[2] or content.decode()
            found = dict(nodes(pandoc(note, "markdown+wikilinks_title_after_pipe-yaml_metadata_block")))
            assert not {"RawInline", "RawBlock", "Image"} & set(found), name
            assert "javascript:" not in str([c for k, c in nodes(pandoc(note, "markdown")) if k == "Link"])


def test_what_stands_below_a_table_is_escaped_too(kg: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference list and the claims in the notes are words of files as the rows are."""
    from kg.bibliography import lists

    monkeypatch.setattr(lists, "reference_list", lambda items: ["<script>alert(1)</script> [x](javascript:y)"])
    out = kg("ask", "weakens", "-f", "md")[1]
    assert "[1] \\<script\\>" in out and "<script>" not in out
    assert "RawInline" not in dict(nodes(pandoc(out, "gfm")))


# ── HTML, XML, JSON ──────────────────────────────────────────────────────────────────────────────────


class Page(HTMLParser):
    """Reads back the one element that there should be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.words += data


@QUIET
@with_hostile
@given(text=TEXTS)
def test_html_shows_any_text_between_tags_and_in_attributes(text: str) -> None:
    page = Page()
    page.feed(f'<p title="{channels.html(text)}">{channels.html(text)}</p>')
    page.close()
    assert (page.tags, page.words) == ([("p", [("title", channels.terminal(text))])], channels.terminal(text))


@QUIET
@with_hostile
@given(text=TEXTS)
def test_xml_gives_any_text_back(text: str) -> None:
    """All that XML can hold comes back the same; the rest is shown, since a parser would refuse the whole file."""
    root = ElementTree.fromstring(f'<a b="{channels.attribute(text)}">{channels.xml(text)}</a>')
    held = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", lambda m: ascii(m[0])[1:-1], text)
    assert ((root.text or ""), root.attrib["b"]) == (held, held)


@QUIET
@example(texts=list(HOSTILE))
@given(texts=SOME)
def test_json_has_the_same_values_and_nothing_invisible(texts: list[str]) -> None:
    """A terminal obeys U+009B as it does the escape; JSON need not hold it as it is."""
    document = json.dumps(texts, ensure_ascii=False)
    assert json.loads(channels.json(document)) == texts
    assert invisible(channels.json(document)) == []
    held = channels.script(document)
    assert json.loads(held) == texts and "<" not in held


# ── spreadsheets ─────────────────────────────────────────────────────────────────────────────────────


@QUIET
@example(texts=list(HOSTILE))
@given(texts=SOME)
def test_the_form_for_spreadsheets_has_no_formula_and_csv_is_as_it_was(texts: list[str]) -> None:
    """`-f csv` is SPARQL's own form, cell by cell; `-f sheet` is for a program that runs cells."""
    rows = [{"=one": text} for text in texts]
    head, *plain = csv.reader(io.StringIO(tables.write("csv", ["=one"], rows), newline=""))
    assert (head, plain) == (["=one"], [[t] for t in texts])
    sheet = tables.write("sheet", ["=one"], rows)
    assert sheet.startswith("\ufeff")
    (head,), *cells = csv.reader(io.StringIO(sheet.removeprefix("\ufeff"), newline=""))
    assert not [c for (c,) in [[head], *cells] if c.startswith(tuple("=+-@\t\r\n＝＋－＠"))]
    assert [channels.original(c) for (c,) in cells] == texts


# ── pictures and databases ───────────────────────────────────────────────────────────────────────────


@settings(QUIET, max_examples=25)
@with_hostile
@given(text=TEXTS)
def test_graphviz_shows_any_label(text: str) -> None:
    """Read from the picture: Graphviz would take `&lt;` for a sign and a backslash and a letter for a command."""
    source = f"digraph {{ a [label={channels.dot(text)}, tooltip={channels.dot(text)}] }}"
    done = subprocess.run(["dot", "-Tsvg"], input=source.encode(), capture_output=True, check=True)
    svg = ElementTree.fromstring(done.stdout)
    lines = [e.text or "" for e in svg.iter("{http://www.w3.org/2000/svg}text")]
    held = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", lambda m: ascii(m[0])[1:-1], text)
    assert " ".join("".join(lines).split()) == " ".join(held.replace("\n", "").split())


@settings(QUIET, max_examples=60)
@with_hostile
@given(text=TEXTS)
def test_a_database_reads_any_text_from_cypher(text: str) -> None:
    """Kùzu reads the same strings as Neo4j, but for line breaks; those are escaped as in JSON."""
    kuzu = pytest.importorskip("kuzu")
    assert not set(channels.cypher(text)) & set("\n\r")
    held = text.replace("\x00", "\\x00")
    assert json.loads(channels.cypher(text), strict=False) == held
    connection = kuzu.Connection(kuzu.Database(":memory:"))
    flat = re.sub("[\r\n]", " ", text)
    assert connection.execute(f"RETURN {channels.cypher(flat)}").get_next() == [re.sub("[\r\n]", " ", held)]


# ── names and addresses ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=c#d", "HTTP://example.org", "doi:10.1/x", "urn:isbn:1", "mailto:a@b.c", "https://x.ir/ه"],
)
def test_addresses_of_the_web_and_of_publications_may_be_links(address: str) -> None:
    assert channels.link(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", ""),
        *("https:", "//example.org", "https://example.org/a b", 'https://example.org/"onclick=x', "java\nscript:x"),
        *("https://example.org/\u202egpj.exe", "https://example.org/\x00", "https://example.org/<b>", " https://x.org"),
    ],
)
def test_no_other_address_is_a_link(address: str) -> None:
    """A reader who clicks must not run anything, nor go where the eye does not see."""
    assert channels.link(address) == ""


@given(slug=st.text(max_size=300))
def test_any_slug_has_a_file_name_for_every_system(slug: str) -> None:
    name = channels.file_name(slug)
    assert re.fullmatch(r"[a-z0-9._-]{1,120}", name) and name[0] not in ".-" and name[-1] != "."
    assert not re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)


# ── one place ────────────────────────────────────────────────────────────────────────────────────────

ELSEWHERE = {"kg/channels.py", "kg/bibliography/bibtex.py", "kg/export/nanopub.py"}
"""BibTeX's escapes are LaTeX's; a trusty URI is a hash over a form of its own."""

OWN = re.compile(r"&(?:amp|lt|gt|quot);|html import|saxutils|u003c|\\g<0>|\.replace\(\"[\\\\\"<>&|\[`]\"")


def test_nothing_else_escapes() -> None:
    """Each exporter had its own escapes, each with its own holes."""
    found = {
        str(file.relative_to(ROOT)): hits
        for file in sorted((ROOT / "kg").rglob("*.py"))
        if str(file.relative_to(ROOT)) not in ELSEWHERE and (hits := OWN.findall(file.read_text(encoding="utf-8")))
    }
    assert found == {}
