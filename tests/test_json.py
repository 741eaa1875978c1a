"""JSON: locks and reference lists of any shape are read as every reader would read them, or told with their place.

`‸` marks where in a text the fault must be told, as in `test_load.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small import MARK, Small, spoil

from kg.errors import CodingError
from kg.load import json_text
from kg.load.lock import read_lock
from kg.reading import Lines

# ── locks ─────────────────────────────────────────────────────────────────────────────────────────────

PASSAGE = {"at": "x … y", "start": 1, "end": 2, "paragraph": 1, "sha256": "0" * 64}
WHOLE = {"text": {"file": "x.txt", "sha256": "0" * 64}, "sections": {"title": 0}, "passages": [PASSAGE]}


def with_(key: str, value: str) -> str:
    """Return a lock in which a key has another value, written as it stands."""
    return json.dumps(WHOLE).replace(f'"{key}": {json.dumps(PASSAGE.get(key, 0))}', f'"{key}": {value}', 1)


LOCKS = [
    *(with_(key, value) for key in ("start", "end", "paragraph", "title")
      for value in ("Infinity", "-1", "1e3", "NaN", '"1"', "true", "null", "[]", "9" * 5000, "1.5", "-Infinity")),
    *(with_("sha256", value) for value in ('""', '"x"', "5", '"\\u001b[2J"', f'"{"0" * 63}g"')),
    with_("start", "2"), with_("at", "5"), with_("at", "null"),
    "", "[", "[]", "5", "null", '{"text": 5}', '"x"', "[" * 100_000, '{"a":' * 60 + "1" + "}" * 60, "\ufeff{}",
    json.dumps({**WHOLE, "passages": {}}), json.dumps({**WHOLE, "passages": [5]}),
    json.dumps({**WHOLE, "sections": []}), json.dumps({**WHOLE, "text": []}),
    json.dumps(WHOLE)[:-1] + ', "text": 5}',
]  # fmt: skip


@pytest.mark.parametrize("text", LOCKS, ids=range(len(LOCKS)))
def test_a_lock_of_any_shape_is_a_lock_or_is_told(tmp_path: Path, text: str) -> None:
    """`"start": Infinity` was a traceback; a lock comes with a stranger's corpus as any file does."""
    (tmp_path / "anchors.lock").write_text(json.dumps(WHOLE))
    assert read_lock(tmp_path).passages["x … y"].end == 2
    (tmp_path / "anchors.lock").write_text(text)
    with pytest.raises(CodingError) as caught:
        read_lock(tmp_path)
    assert caught.value.message.startswith("not a lock file")
    assert caught.value.hint == "write it anew with `kg anchor`"
    assert caught.value.place.line >= 1
    assert "\x1b" not in str(caught.value)


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"id": "a", ‸"id": "b"}]', "key 'id' stands twice"),
        ('[{"a": {"x": 1}, "b": {"x": 2, "y": [1],\n ‸"x": 3}}]', "key 'x' stands twice"),
        ('[{"a": ‸NaN}]', "NaN found, a number expected"),
        ('[{"a": "NaN", "b": ‸-Infinity}]', "-Infinity found, a number expected"),
        ("[1, ‸1234567890123456]", "a number of 16 characters found, one of at most 15 digits expected"),
        ("[" + "9" * 14 + ", ‸1e400]", "a number of 5 characters found, one of at most 15 digits expected"),
        ("[‸" + "9" * 5000 + "]", "a number of 5000 characters found, one of at most 15 digits expected"),
        ("[" * 50 + "‸[" + "]" * 51, "nested deeper than 50 levels"),
        ('{"a":' * 50 + "‸[1]" + "}" * 50, "nested deeper than 50 levels"),
        ("[" * 50 + "‸" + "[" * 200_000, "nested deeper than 50 levels"),
        ('{"a": 1 ‸"b": 2}', "not JSON: Expecting ',' delimiter"),
        ('["a\\"b", "[[[", ‸x]', "not JSON: Expecting value"),
        ('["a‸', "not JSON: Unterminated string starting at"),
    ],
    ids=lambda v: v[:30],
)
def test_json_that_readers_would_read_in_two_ways_is_refused_with_its_place(text: str, message: str) -> None:
    """The second of two keys wins in one program and the first in another; a double holds 15 digits."""
    lines = text[: text.index(MARK)].split("\n")
    with pytest.raises(CodingError) as caught:
        json_text.load(text.replace(MARK, ""), Path("x.json"))
    if "Unterminated" not in message:
        assert (caught.value.place.line, caught.value.place.column) == (len(lines), len(lines[-1]) + 1)
    assert caught.value.message == message


def test_json_is_read_as_the_library_reads_it() -> None:
    text = json.dumps({"a": [1, -2.5, 1e3, True, None, 'x"\\ü\u202a', {"b": []}], "c": "NaN [[ {"})
    assert json_text.load(text, Path("x")) == json.loads(text)
    deep = "[" * 50 + "]" * 50
    assert json_text.load(deep, Path("x")) == json.loads(deep)


def test_each_entry_of_a_list_has_its_place() -> None:
    """A fault of a reference is told where its id stands, also where another reference mentions that id."""
    items = [{"title": '"id": "b"', "id": "a"}, {"custom": {"id": "a"}, "id": "b"}, 5, {"no": "id"}, {"id": "a"}]
    text = json.dumps(items, indent=1)
    found = list(json_text.entries(text, Path("x")))
    assert [item for item, _ in found] == items
    lines = text.split("\n")
    starts = [lines[place.line - 1][place.column - 1 :] for _, place in found]
    assert starts == ['"a"', '"b"', "5,", "{", '"a"']
    assert [place.line for _, place in found] == sorted({place.line for _, place in found})


def test_lines_are_counted_once() -> None:
    text = "ab\ncd\n\nef"
    lines = Lines(text, Path("x"))
    places = [lines.place(offset)[1:] for offset in (0, 1, 3, 4, 7, 8, 0, 6)]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2), (1, 1), (3, 1)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"volume": {"a": 1}', "{\"a\": 1} found, text expected for 'volume'"),
        ('"page": true', "true found, text expected for 'page'"),
        ('"title": 5', "5 found, text expected for 'title'"),
        ('"editor": ["Doe"]', '["Doe"] found, a list of names with family and given, or literal, expected'),
        (
            '"editor": [{"family": {}}]',
            '[{"family": {}}] found, a list of names with family and given, or literal, expected',
        ),
        ('"accessed": {"date-parts": [[2020, 13]]}', '{"date-parts": [[2020, 13]]} found, a date expected'),
        ('"URL": "javascript:alert(1)"', "'javascript:alert(1)' found, an address that begins with https://"),
        ('"URL": "data:text/html,x"', "'data:text/html,x' found, an address that begins with https://"),
        ('"URL": "https://x.org/ y"', "'https://x.org/ y' found, an address that begins with https://"),
        ('"DOI": "https://doi.org/10.1000/182"', "'https://doi.org/10.1000/182' found, a DOI such as 10.1000/182"),
        (f'"abstract": "{"x" * 20_001}"', "20,001 characters found, at most 20,000 expected for 'abstract'"),
        ('"categories": [1]', "[1] found, a list of texts expected for 'categories'"),
    ],
    ids=lambda v: v[:30],
)
def test_a_reference_has_the_form_that_every_writer_of_references_relies_on(
    small: Small, value: str, message: str
) -> None:
    """A volume that is a mapping was a traceback in BibTeX; a `javascript:` URL became a link."""
    rest = "" if value.startswith('"title"') else '"title": "Nothing New",'
    place = spoil(small, "references.json", '"id": "roe2020",', f'"id": ‸"roe2020", {value},')
    small.edit("references.json", '"title": "Nothing New",', rest)
    (fault,) = small.faults()
    assert (fault.place.line, fault.place.column) == place
    assert fault.message.startswith(message)


def test_the_forms_that_references_have_are_read(small: Small) -> None:
    """CSL as Zotero writes it: numbers as numbers, suffixes, old DOIs with angle brackets."""
    more = {
        "volume": 5, "page": "1-2", "editor": [{"family": "Doe", "given": "J.", "suffix": "Jr.", "comma-suffix": True}],
        "accessed": {"date-parts": [["2020", 1, 2]]}, "DOI": "10.1002/(SICI)1097-0266(199605)17:5<343::AID>3.0.CO;2-X",
        "URL": "HTTPS://example.org/a?b=c#d", "categories": ["a"], "container-author": [{"literal": "OECD"}],
    }  # fmt: skip
    small.edit("references.json", '"id": "roe2020",', f'"id": "roe2020", {json.dumps(more)[1:-1]},')
    assert small.faults() == []
