"""What a browser makes of an export: the page that holds a network, and Mermaid, in real Chromium.

The page must work from a disk without a network: every request but the file itself fails the test, and so does
every error on it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from exporting import LABELS, write
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from networking import JS, job_of_labels, job_with

from kg import names, resources
from kg.export import about, page
from kg.queries import bind

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
)

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium that playwright drives; skipped where there is none."""
    path = os.environ.get("KG_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no chromium is installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS])
        yield running
        running.close()


class Watched:
    """A browser page that remembers requests and errors."""

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_page(viewport={"width": 1400, "height": 900})
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, file: Path) -> Any:
        self.page.goto(file.as_uri())
        self.page.wait_for_selector("html[data-ready]")
        return self.page


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    """A page on which, at the end, nothing has gone wrong and nothing was fetched."""
    one = Watched(browser)
    yield one
    one.page.close()
    assert one.faults == []
    assert [url for url in one.requests if not url.startswith("file:")] == []


@pytest.fixture(scope="module")
def effects(founding: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (resources.PACKAGE / "_web" / "cytoscape.min.js").is_file():
        pytest.skip("cytoscape.min.js is not in kg/_web: the build brings it from npm")
    return write("html", job_with(founding, "effects"), tmp_path_factory.mktemp("page") / "effects.html")


def at(page: Any, id: str) -> dict[str, float]:
    """Return where on the screen a node, or the middle of an edge, stands, once it has been brought to the middle."""
    return page.evaluate(  # type: ignore[no-any-return]
        """id => { const graph = document.getElementById("graph"), cy = graph._cyreg.cy, it = cy.getElementById(id);
        cy.zoom(1); cy.center(it);
        const spot = it.isNode() ? it.renderedPosition() : it.renderedMidpoint(), box = graph.getBoundingClientRect();
        return {x: box.x + spot.x, y: box.y + spot.y}; }""",
        id,
    )


def test_the_table_says_of_each_edge_which_way_it_goes_and_whether_it_is_contested(
    effects: Path, founding: Path
) -> None:
    """What a screen reader has in place of the picture."""
    network = about.network_of(job_with(founding, "effects"))
    rows = re.findall(r"<tr data-edge=(\S+)>.*?<td>([^<]*)</td><td><ul>", effects.read_text(encoding="utf-8"))
    assert dict(rows) == {e.id: e.direction + ", contested" * bool(e.contested) for e in network.edges}
    assert len({bool(e.contested) for e in network.edges}) == 2


def test_a_click_on_a_node_or_edge_opens_its_claims(watched: Watched, effects: Path, founding: Path) -> None:
    network = about.network_of(job_with(founding, "effects"))
    shown = watched.open(effects)
    node = max(network.nodes, key=lambda n: n.degree)
    spot = at(shown, node.id)
    shown.mouse.click(spot["x"], spot["y"])
    details = shown.locator("#details")
    assert details.locator("h2").inner_text() == node.label
    opened = {a.get_attribute("data-assertion") for a in details.locator("article").all()}
    assert opened == {a for e in network.edges if node.id in (e.source, e.target) for a in e.assertions}
    edge = next(e for e in network.edges if e.target == node.id or e.source == node.id)
    details.locator("h3 button").first.click()
    assert edge.statements[0] in details.locator("article p").first.inner_text()
    assert edge.sources[0] in details.locator("dd").first.inner_text()
    assert "¶" in details.locator("dd").nth(1).inner_text()


def test_a_click_on_a_line_opens_the_edge(watched: Watched, founding: Path, tmp_path: Path) -> None:
    job = job_with(founding, "conflict")
    shown = watched.open(write("html", job, tmp_path / "conflict.html"))
    for edge in about.network_of(job).edges[:5]:
        spot = at(shown, edge.id)
        shown.mouse.click(spot["x"], spot["y"])
        found = {a.get_attribute("data-assertion") for a in shown.locator("#details article").all()}
        if found == set(edge.assertions):
            return
    raise AssertionError("no click on the middle of a line opened its edge")


def test_search_finds_concepts_and_claims(watched: Watched, effects: Path) -> None:
    shown = watched.open(effects)
    shown.fill("#search", "STATE monop")
    hits = shown.locator("#hits button")
    assert "state monopoly" in hits.first.inner_text()
    hits.first.click()
    assert shown.locator("#details h2").inner_text() == "state monopoly"
    shown.fill("#search", "zzzz")
    assert shown.locator("#hits").inner_text() == "nothing found"


def test_filters_hide_kinds_directions_and_sources(watched: Watched, effects: Path, founding: Path) -> None:
    """Picture and table show the same edges."""
    network = about.network_of(job_with(founding, "effects"))
    kind = {node.id: node.kind for node in network.nodes}
    shown = watched.open(effects)

    def visible() -> set[str]:
        rows = shown.locator("#rows tr:visible").evaluate_all("rows => rows.map(row => row.dataset.edge)")
        drawn = shown.evaluate("document.getElementById('graph')._cyreg.cy.edges(':visible').map(e => e.id())")
        assert set(rows) == set(drawn)
        return set(rows)

    assert visible() == {e.id for e in network.edges}
    shown.uncheck("input[name=direction][value=weakening]")
    left = {e.id for e in network.edges if e.direction != "weakening"}
    assert visible() == left
    shown.uncheck("input[name=kind][value=risk]")
    left &= {e.id for e in network.edges if "risk" not in (kind[e.source], kind[e.target])}
    assert visible() == left
    source = network.edges[0].sources[0]
    shown.uncheck(f'input[name=source][value="{source}"]')
    left &= {e.id for e in network.edges if set(e.sources) - {source}}
    assert visible() == left
    shown.check("input[name=contested]")
    assert visible() == left & {e.id for e in network.edges if e.contested}


def test_the_keyboard_reaches_every_edge_by_the_table(watched: Watched, effects: Path, founding: Path) -> None:
    """A canvas says nothing to a screen reader; the table says the same."""
    edge = about.network_of(job_with(founding, "effects")).edges[3]
    shown = watched.open(effects)
    shown.locator(f"tr[data-edge={edge.id}] button").focus()
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "details"
    assert edge.statements[0] in shown.locator("#details").inner_text()


def test_right_to_left_labels_stand_right(watched: Watched, founding: Path, tmp_path: Path) -> None:
    """On the canvas each line is isolated as right-to-left; in the page the browser does it."""
    job = job_with(founding, "effects", "fa")
    node = next(n for n in about.network_of(job).nodes if page.right_to_left(n.label) and " " in n.label)
    shown = watched.open(write("html", job, tmp_path / "fa.html"))
    label = shown.evaluate(
        "id => document.getElementById('graph')._cyreg.cy.getElementById(id).style('label')", node.id
    )
    assert all(re.fullmatch("\u2067[^\u2067\u2069]+\u2069", line) for line in label.split("\n"))
    shown.fill("#search", node.label.replace("ی", "ي").replace("\u200c", ""))
    shown.locator("#hits button").first.click()
    assert shown.locator("#details h2").inner_text() == node.label
    assert shown.locator("#details h2").evaluate("h => getComputedStyle(h).direction") == "rtl"


@pytest.mark.slow
@settings(QUIET, max_examples=6)
@given(texts=st.lists(LABELS, min_size=8, max_size=16))
@example(texts=[*["=1+1"] * 5, "'=apostrophe before", "=1+1", "=1+1", "x" * 10_000])
def test_any_label_comes_back_the_same_from_the_page(texts: list[str], browser: Any, tmp_path: Path) -> None:
    """Also one that looks like markup or like the end of a script."""
    if not (resources.PACKAGE / "_web" / "cytoscape.min.js").is_file():
        pytest.skip("cytoscape.min.js is not in kg/_web: the build brings it from npm")
    job = job_of_labels([*texts, "</script><script>alert(1)</script>", "{{TITLE}}", "<!--"])
    one = Watched(browser)
    shown = one.open(write("html", job, tmp_path / "out.html"))
    found = shown.evaluate("document.getElementById('graph')._cyreg.cy.nodes().map(n => [n.id(), n.data('label')])")
    one.page.close()
    assert dict(found) == {node.id: node.label for node in about.network_of(job).nodes}
    assert one.faults == []


def draw(watched: Watched, text: str, folder: Path) -> dict[str, Any]:
    """Let Mermaid itself parse and draw a file; return what it took it for, its edges and its labels."""
    library = JS / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"
    if not library.is_file():
        pytest.skip("npm's readers are not installed: npm ci --ignore-scripts --prefix tests/js")
    blank = folder / "blank.html"
    blank.write_text("<!DOCTYPE html><html data-ready><body></body></html>")
    shown = watched.open(blank)
    shown.add_script_tag(path=library)
    return shown.evaluate(  # type: ignore[no-any-return]
        """async text => { mermaid.initialize({startOnLoad: false});
        const kind = (await mermaid.parse(text)).diagramType;
        const {svg} = await mermaid.render("it", text);
        const tree = new DOMParser().parseFromString(svg, "text/html");
        return {kind, edges: tree.querySelectorAll("path.flowchart-link").length,
          labels: [...tree.querySelectorAll(".nodeLabel")].map(n => n.textContent)}; }""",
        text,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["effects", "conflict", "works-claims"])
def test_mermaid_draws_every_edge_that_the_file_keeps(
    name: str, watched: Watched, founding: Path, tmp_path: Path
) -> None:
    network = about.network_of(job_with(founding, name))
    text = write("mermaid", job_with(founding, name), tmp_path / "out.mmd").read_text(encoding="utf-8")
    drawn = draw(watched, text, tmp_path)
    assert drawn["kind"].startswith("flowchart")
    assert drawn["edges"] == len(re.findall(r"^  n\d+ --", text, re.MULTILINE))
    whole = {" ".join(node.label.split()) for node in network.nodes}
    assert all(label in whole or label.endswith("…") for label in drawn["labels"])
    if len(network.edges) > drawn["edges"]:
        assert f"the {drawn['edges']} heaviest of {len(network.edges)} edges" in text


def test_mermaid_shows_labels_that_look_like_its_own_language(watched: Watched, tmp_path: Path) -> None:
    labels = [
        "end",
        "a --> b; c",
        'say "so"',
        "#35; is #",
        "<b>bold</b>",
        "`code` *stars*",
        "روابط بین\u200cالملل",
        "1. x",
    ]
    text = write("mermaid", job_of_labels(labels), tmp_path / "out.mmd").read_text(encoding="utf-8")
    assert set(draw(watched, text, tmp_path)["labels"]) == set(labels)


def data_of(page: Path) -> dict[str, Any]:
    """Return what the viewer gets."""
    text = page.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_a_passage_is_linked_to_its_own_place_on_the_web(effects: Path, founding: Path) -> None:
    """Held against the graph: each link is one of a passage of that assertion, and none is missing."""
    pages: dict[str, list[str]] = {}
    query = "SELECT ?a ?page WHERE { ?a air:hasPassage/air:webPage ?page } ORDER BY ?a ?page"
    for row in job_with(founding, "effects").engine(bind(query)):
        pages.setdefault(names.compact(row["a"].value), []).append(row["page"].value)
    shown = data_of(effects)["assertions"]
    assert {a: d["page"] for a, d in shown.items() if "page" in d} == {a: pages[a][0] for a in shown if a in pages}
    assert len({d["page"] for d in shown.values() if "page" in d}) > 50


def test_a_page_makes_no_link_that_runs_something(founding: Path, tmp_path: Path) -> None:
    """An address comes from a stranger's source.yaml, and a click on it must not run a script."""
    job = job_with(founding, "effects")

    def hostile(query: Any) -> Any:
        rows = job.engine(query)
        return [{**row, "page": ox.NamedNode("javascript:alert(1)")} if "page" in row else row for row in rows]

    page = write("html", replace(job, engine=hostile), tmp_path / "page.html")
    shown = data_of(page)["assertions"]
    assert shown and not [d for d in shown.values() if "page" in d]


def test_the_pages_own_policy_forbids_every_connection(effects: Path) -> None:
    text = effects.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy and "default-src 'none'" in policy[1] and "unsafe-eval" not in policy[1]
    assert not re.search(
        r"(?:src|href)=[\"']?(?!https://creativecommons.org)(?:https?:)?//", text.partition('id="data"')[0]
    )
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data and json.loads(data[1])["elements"]["nodes"]
