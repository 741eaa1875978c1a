"""`references.json` and `anchors.lock`: JSON that attacks its reader, lists and locks that lie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from small import REFERENCES

from hostile.case import Accepted, Case, Refused
from hostile.coding import CHECK, COVERAGE, FOLDER, READ
from hostile.scene import Scene

LIST = FOLDER + "references.json"
LOCK = FOLDER + "anchors.lock"


def _list(why: str, content: Callable[[], str | bytes], expect: Refused | Accepted) -> Case:
    def prepare(scene: Scene) -> None:
        scene.file(LIST, content())

    return Case("references", why, COVERAGE if expect is READ else CHECK, expect, prepare)


def _at(says: str, line: int = 1, column: int | None = None, faults: int | None = 1, more: int = 0) -> Refused:
    return Refused(says, LIST, line, column, faults, more)


def _with(**keys: Any) -> Callable[[], str]:
    """Return the small list with other keys in its one item; the item's id stands on line 1, column 9."""
    item = {"id": "roe2020", "type": "article-journal", "title": "Nothing New", "issued": {"date-parts": [[2020]]}}
    return lambda: json.dumps([{**item, **keys}])


def _many(count: int, **keys: str) -> Callable[[], str]:
    return lambda: (
        REFERENCES.rstrip("]\n")
        + "".join(
            "," + json.dumps({"id": f"w{i}", "type": "book", "title": f"T{i}", **keys}) + "\n" for i in range(count)
        )
        + "]\n"
    )


LISTS: list[Case] = [
    _list("an infinite number", lambda: '[{"id": "roe2020", "type": "book",\n "volume": Infinity}]', _at("Infinity",
    2)),
    _list("no number", lambda: '[{"id": "roe2020", "type": "book",\n "volume": NaN}]', _at("NaN", 2)),
    _list("a number beyond any float", lambda: '[{"id": "roe2020", "type": "book", "volume": 1e999}]', _at("")),
    _list("a whole number of 5,000 digits", lambda: f'[{{"id": "roe2020", "volume": {"9" * 5000}}}]', _at("")),
    _list("a year of 4,000 digits",
    lambda: f'[{{"id": "roe2020", "type": "book", "issued": {{"date-parts": [[{"9" * 4000}]]}}}}]',
          _at("4000 characters")),
    _list("a hundred thousand open lists", lambda: "[" * 100_000, _at("")),
    _list("depth inside a key that is kept",
    lambda: '[{"id": "roe2020", "type": "book", "x": ' + "[" * 900 + "]" * 900 + "}]", _at("")),
    _list("the same key twice in an item", lambda: '[{"id": "roe2020", "type": "book",\n"title": "a", "title": "b"}]',
          _at("title", 2)),
    _list("the same id twice", lambda: '[{"id": "roe2020", "type": "book"},\n {"id": "roe2020", "type": "book"}]',
          _at("stands twice", 2, 9)),
    _list("an object where a list is wanted", lambda: "{}", _at("a list")),
    _list("nothing", lambda: "", _at("not JSON")),
    _list("null", lambda: "null", _at("a list")),
    _list("a list of lists", lambda: "[[]]", _at("an item with an id", faults=None)),
    _list("a comment", lambda: "// list\n[]", _at("not JSON", 1, 1)),
    _list("a comma too many", lambda: REFERENCES.replace("}\n]", "},\n]"), _at("not JSON", 9)),
    _list("UTF-16", lambda: REFERENCES.encode("utf-16"), _at("UTF-8")),
    _list("a byte order mark, which is no fault", lambda: b"\xef\xbb\xbf" + REFERENCES.encode(), READ),
    _list("an escape that turns the line", _with(title="x \u202e y"), _at("U+202E", 1, 9)),
    _list("an escape for a terminal", _with(title="x \x1b]0;y\x07"), _at("U+001B", 1, 9)),
    _list("a key that turns the line", _with(**{"ti\u202etle": "x"}), _at("U+202E", 1, 9)),
    _list("an id that is a number", _with(id=2020), _at("an item with an id", faults=None)),
    _list("an id that is an address", _with(id="http://zotero.org/users/1/items/AB"), _at("an item with an id",
    faults=None)),
    _list("an id with a dot", _with(id="roe.2020"), _at("an item with an id", faults=None)),
    _list("an id that is a prototype", _with(id="__proto__"), _at("an item with an id", faults=None)),
    _list("a type that is a list", _with(type=["book"]), _at("type", 1, 9)),
    _list("an author who is a number", _with(author=[1]), _at("list of names", 1, 9)),
    _list("a date with a truth in it", _with(issued={"date-parts": [[True]]}), _at("a date expected", 1, 9)),
    _list("a date of dates", _with(issued={"date-parts": [[[2020]]]}), _at("a date expected", 1, 9)),
    _list("an address that is script", _with(URL="javascript:alert(document.domain)"), _at("javascript", 1, 9)),
    _list("a DOI that is an address of script", _with(DOI="javascript:alert(1)"), _at("DOI", 1, 9)),
    _list("a language that ends a literal", _with(language='en"@en .'), _at("language tag", 1, 9)),
    _list("a work that is its own second listing", _with(custom={"work": "roe2020"}), _at("first listing", 1, 9)),
    _list("two works that list each other", lambda: '[{"id": "roe2020", "type": "book", "custom": {"work": "a"}},\n'
          ' {"id": "a", "type": "book", "custom": {"work": "roe2020"}}]', _at("first listing", 1, 9, 2)),
    _list("custom that is a list", _with(custom=["work"]), _at("custom", 1, 9)),
    _list("a class that is none", _with(custom={"fabio": "Thing> a <x"}), _at("fabio", 1, 9)),
    _list("twenty thousand items without ids", lambda: json.dumps([{"type": "book"}] * 20_000),
          _at("an item with an id", 1, 2, 50, 19_950)),
    _list("a hundred thousand nulls", lambda: "[" + "null,\n" * 99_999 + "null]", _at("an item with an id", 1, 2, 50,
    99_950)),
    _list("two thousand works, which are no fault", _many(2000), READ),
]  # fmt: skip


def _lock(
    why: str, change: Callable[[dict[str, Any]], object], expect: Refused | Accepted, texts: bool = False
) -> Case:
    """A lock that was changed; `change` returns what is written, or changes its argument."""

    def prepare(scene: Scene) -> None:
        lock = json.loads((scene.work / LOCK).read_text())
        made = change(lock)
        scene.file(LOCK, made if isinstance(made, str | bytes) else json.dumps(lock, indent=1))

    words = COVERAGE if expect is READ else CHECK + (("--texts", "texts") if texts else ())
    return Case("lock", why, words, expect, prepare)


def _set(key: str, value: Any, number: int = 0) -> Callable[[dict[str, Any]], object]:
    return lambda lock: lock["passages"][number].__setitem__(key, value)


_NO_LOCK = Refused("not a lock file", LOCK, -1)


def _another(lock: dict[str, Any]) -> None:
    """Add a passage that the coding does not name: the first word of one that it does."""
    first = next(one for one in lock["passages"] if one["at"].startswith("INTRODUCTION"))
    assert first["end"] - first["start"] == len("INTRODUCTION")
    lock["passages"].append({**first, "at": "INTRODUCTION "})


LOCKS: list[Case] = [
    _lock("a passage that starts at infinity", _set("start", float("inf")), _NO_LOCK),
    _lock("a passage that starts nowhere", _set("start", float("nan")), _NO_LOCK),
    _lock("a passage that starts at 1e400", lambda lock: json.dumps(lock).replace('"start": 48', '"start": 1e400'),
    _NO_LOCK),
    _lock("a start of 5,000 digits", lambda lock: json.dumps(lock).replace('"start": 48', f'"start": {"9" * 5000}'),
    _NO_LOCK),
    _lock("a start that is beyond 64 bits", _set("end", 1 << 70), _NO_LOCK),
    _lock("a negative start", _set("start", -1), _NO_LOCK),
    _lock("a passage that ends before it starts", _set("end", 1), _NO_LOCK),
    _lock("a start that is a text", _set("start", "48"), _NO_LOCK),
    _lock("a start that is a truth", _set("start", True), _NO_LOCK),
    _lock("a start between two characters", _set("start", 48.5), _NO_LOCK),
    _lock("a negative paragraph", _set("paragraph", -5), _NO_LOCK),
    _lock("words that are a list", _set("at", ["x"]), _NO_LOCK),
    _lock("a passage that stands twice", lambda lock: lock["passages"].append({**lock["passages"][0], "end": 99}),
    _NO_LOCK),
    _lock("a section that starts at minus one", lambda lock: lock["sections"].__setitem__("title", -1), _NO_LOCK),
    _lock("sections that are a list", lambda lock: lock.__setitem__("sections", []), _NO_LOCK),
    _lock("a hash with a terminal's escapes", lambda lock: lock["text"].__setitem__("sha256", "\x1b[2J\u202e"),
    Refused("", faults=None)),
    _lock("a passage's hash that is no hash", _set("sha256", "\x1b[31m"), _NO_LOCK),
    _lock("nothing", lambda lock: "", _NO_LOCK),
    _lock("a list", lambda lock: "[]", _NO_LOCK),
    _lock("a hundred thousand open lists", lambda lock: "[" * 100_000, _NO_LOCK),
    _lock("UTF-16", lambda lock: json.dumps(lock).encode("utf-16"), Refused("UTF-8", LOCK, 1, 1)),
    _lock("a passage beyond the text's end", _set("end", 100_000), Refused("not where the lock says", LOCK), True),
    _lock("two passages' places exchanged", lambda lock: [
        one.update(start=other["start"], end=other["end"], sha256=other["sha256"])
        for one, other in [(lock["passages"][0], dict(lock["passages"][1]))]], Refused("not where the lock says",
        LOCK), True),
    _lock("another text's hash", lambda lock: lock["text"].__setitem__("sha256", "0" * 64),
          Refused("000000000000", FOLDER + "source.yaml", 13, 11)),
    _lock("a passage that the coding does not name, which is no fault",
          _another, READ),
]  # fmt: skip


def cases() -> Iterator[Case]:
    yield from LISTS
    yield from LOCKS
