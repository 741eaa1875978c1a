"""`ask`, `show`, `explain` and their parameters: words that would be query, path, option or picture."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.scene import Scene

JSON = ("-f", "json")


def weakens(scene: Scene, outcome: Outcome) -> None:
    """The one row of the small corpus about what weakens state monopoly."""
    (row,) = json.loads(outcome.out)
    assert row["claim_id"] == "claim:machines-weaken-state-monopoly" and row["source"] == "Doe 2026"
    assert row["contested_id"] == "claim:machines-leave-state-monopoly"


def nothing(scene: Scene, outcome: Outcome) -> None:
    """No row, which is said."""
    assert json.loads(outcome.out) == []
    assert len(outcome.err.splitlines()) == 1, outcome.err


def understood(scene: Scene, outcome: Outcome) -> None:
    """Some question was taken, which is said in one line; whether it has rows here is another matter."""
    assert isinstance(json.loads(outcome.out), list)
    assert outcome.err.startswith("taken as: kg ask "), outcome.err
    assert len(outcome.err.splitlines()) <= 2


def answered(scene: Scene, outcome: Outcome) -> None:
    """A list of rows, and nothing of what was typed for a terminal."""
    assert isinstance(json.loads(outcome.out), list)
    assert "\u202e" not in outcome.out + outcome.err and "error" not in outcome.err, outcome.err


NAMES: list[tuple[str, str]] = [
    ("twenty thousand words", "what weakens sovereignty " * 7000),
    ("a question with its suffix", "weakens.rq"),
    ("a question that climbs", "../../../../etc/passwd"),
    ("a question of dots", ".."),
    ("no question", ""),
    ("a question of spaces", "   "),
    ("a question of signs", "???!!!"),
    ("a question of digits", "12345 67890"),
    ("a question of one sign that turns the line", "\u202e"),
    ("a question with a terminal's escapes", "\x1b]0;x\x07\x1b[2J"),
    ("a question of bytes that are no UTF-8", os.fsdecode(b"\xff\xfe zzz")),
    ("a question of pictures", "🤖🤖🤖"),
    ("a question of a hundred thousand letters", "x" * 100_000),
]

FREE: list[tuple[str, str]] = [
    ("a question that closes a query", "} UNION { ?s ?p ?o } #"),
    ("a question in capitals of another script", "ＷＥＡＫＥＮＳ"),
    ("a question with a query inside", "what weakens <http://x/> } UNION { ?s ?p ?o } sovereignty?"),
    ("a question of patterns", "what (.*)* weakens [a-z]+ sovereignty\\"),
    ("a question with line breaks", "what\nweakens\tsovereignty\r\n?"),
    ("a question with quotes", "what \"weakens\" 'state' `monopoly`?"),
    ("a question with marks on every letter", "w\u0301e\u0301akens sovereignty"),
]

VALUES: list[tuple[str, str]] = [
    ("closes an IRI", "x> } SELECT ?s WHERE { ?s ?p <http://y"),
    ("is an IRI with a space", "http://a b"),
    ("is an IRI in brackets", "<x>"),
    ("is a bracket", ">"),
    ("is a brace", "}"),
    ("holds a slash", "either / or"),
    ("is an address", "CANARY/thing"),
    ("is script", "javascript:alert(1)"),
    ("is a path", "../../etc/passwd"),
    ("has quotes", "\"'\"'"),
    ("has a line break", "state\nmonopoly x"),
    ("has a terminal's escapes", "\x1b[31mred\x1b[0m"),
    ("is no UTF-8", os.fsdecode(b"\xff\xfe")),
    ("is a hundred thousand letters", "x" * 100_000),
    ("is persian", "هیچ چیز"),
    ("has a prefix of nobody", "evil:thing"),
    ("has a prefix and nothing more", "phenomenon:"),
    ("is a variable", "?phenomenon"),
    ("is a parameter", "$phenomenon"),
    ("is nothing", ""),
    ("is space", " \t "),
    ("is an option", "--output"),
]

NAMED: list[tuple[str, str]] = [
    ("has a backslash at its end", "sovereignty\\"),
    ("turns the line", "state \u202e monopoly"),
    ("is of another kind", "actor:china"),
]
"""What is no way of writing a name, and names something all the same; of what has no row the answer is none."""

TEXTS: list[tuple[str, str]] = [
    ("closes its quotes", 'fa" } SELECT ?s WHERE { ?s ?p "x'),
    ("ends with a backslash", "fa\\"),
    ("is three quotes", '"""'),
    ("has line breaks", "fa\n\r\n}"),
    ("is a hundred thousand quotes", '"' * 100_000),
    ("turns the line", "\u202efa"),
    ("is persian", "هیچ"),
]

SHOWN: list[tuple[str, str]] = [
    ("an IRI with a space", "http://a b"),
    ("an IRI in brackets", "<x>"),
    ("an IRI that closes itself", "https://w3id.org/airkg/id/actor/x> ?p ?o } #"),
    ("nothing", ""),
    ("an address", "CANARY/x"),
    ("a text with quotes and a brace", '"} #'),
    ("a name of three parts", "actor:china:beijing"),
    ("a prefix and nothing more", "claim:"),
    ("a hundred thousand letters", "x" * 100_000),
    ("a terminal's escapes", "\x1b[2J"),
    ("a line break", "actor:china\nclaim:x"),
    ("bytes that are no UTF-8", os.fsdecode(b"\xff")),
]


def _one(says: str = "") -> Refused:
    return Refused(says)


def _ask(why: str, *words: str, expect: Refused | Accepted, **more: object) -> Case:
    return Case("ask", why, ("ask", *words), expect, **more)  # type: ignore[arg-type]


def _bib(name: str, test: Callable[[str], bool]) -> Accepted:
    def right(scene: Scene, outcome: Outcome) -> None:
        weakens(scene, outcome)
        assert test((scene.work / name).read_text())

    return Accepted(right)


def _texts(content: bytes | None) -> Callable[[Scene], None]:
    """Other words in the reader's copy, or a pipe for it."""

    def prepare(scene: Scene) -> None:
        path = scene.work / "texts" / "doe2026.txt"
        path.unlink()
        if content is None:
            os.mkfifo(path)
        else:
            path.write_bytes(content)

    return prepare


def _unquoted(scene: Scene, outcome: Outcome) -> None:
    """The row without the words of a copy that is not the one it was coded from, and a line that says so."""
    weakens(scene, outcome)
    assert "Clever machines" not in outcome.out and "EVIL" not in outcome.out
    assert "doe2026" in outcome.err, outcome.err


def cases() -> Iterator[Case]:
    for why, words in NAMES:
        yield _ask(why, words, *JSON, expect=_one())
    for why, words in FREE:
        yield _ask(why, words, *JSON, expect=Accepted(understood))
    for why, value in VALUES:
        yield _ask(f"a value that {why}", "weakens", "--phenomenon", value, *JSON, expect=_one("phenomenon"))
    for why, value in NAMED:
        yield _ask(f"a value that {why}", "weakens", "--phenomenon", value, *JSON, expect=Accepted(answered))
    for why, value in TEXTS:
        yield _ask(f"a text that {why}", "one-language-only", "--language", value, *JSON, expect=Accepted(nothing))
    for why, thing in SHOWN:
        yield Case("show", why, ("show", thing), _one("nothing is named"))
    yield Case("show", "a NUL", ("show", "actor:\0"), _one("NUL"))
    taken = ("weakens", *JSON)
    yield _ask("a value that has a NUL", *taken, "--phenomenon", "state\0monopoly", expect=_one("NUL"))
    yield _ask(
        "a text that is no UTF-8",
        "one-language-only",
        "--language",
        os.fsdecode(b"\xff"),
        *JSON,
        expect=_one("language"),
    )
    yield _ask("a parameter without its value", *taken, "-p", "phenomenon", expect=_one("name=value"))
    yield _ask("a parameter without a name", *taken, "-p", "=x", expect=_one())
    yield _ask("a parameter that the question has not", *taken, "-p", "__class__=x", expect=_one("__class__"))
    yield _ask("an option that nobody knows", *taken, "--evil", "x", expect=_one("evil"))
    yield _ask("an option at the end without its value", *taken, "--phenomenon", expect=_one("value"))
    yield _ask("-p at the end without its value", *taken, "-p", expect=Refused("requires an argument", usage=True))
    yield _ask("a short option that nobody knows", *taken, "-Z", expect=Refused("No such option: -Z", usage=True))
    yield _ask("an option with a terminal's escapes", *taken, "--ev\x1b[31mil", "x", expect=_one("no parameter"))
    yield _ask("a form that nobody knows", "weakens", "-f", "exe", expect=Refused("exe", usage=True))
    yield _ask("a language that nobody knows", *taken, "--lang", "../fa", expect=Refused("../fa", usage=True))
    yield _ask("a style that nobody knows", *taken, "--cite", "http://x", expect=Refused("http://x", usage=True))
    yield _ask(
        "the same parameter twice",
        *taken,
        "-p",
        "phenomenon=x y z",
        "-p",
        "phenomenon=state-monopoly",
        expect=Accepted(weakens),
    )
    yield _ask(
        "a whole IRI, which is no fault",
        *taken,
        "--phenomenon",
        "https://w3id.org/airkg/id/phenomenon/state-monopoly",
        expect=Accepted(weakens),
    )
    yield _ask(
        "capitals and space around a value, which are no fault",
        *taken,
        "--phenomenon",
        "  State MONOPOLY ",
        expect=Accepted(weakens),
    )
    yield _ask("a bibliography without a suffix", *taken, "--bib", "works", expect=_one("bibliography"))
    yield _ask("a bibliography of an unknown form", *taken, "--bib", "works.exe", expect=_one("exe"))
    yield _ask(
        "a bibliography in a folder that is not there", *taken, "--bib", "no/works.bib", expect=_one("no/works.bib")
    )
    yield _ask(
        "a bibliography, which is no fault",
        *taken,
        "--bib",
        "works.bib",
        expect=_bib("works.bib", lambda text: "@article{doe2026" in text),
        writes=("work/works.bib",),
    )
    yield _ask("quotes without texts", *taken, "--quote", expect=Accepted(weakens))
    yield _ask(
        "quotes from another copy",
        *taken,
        "--quote",
        "--texts",
        "texts",
        expect=Accepted(_unquoted),
        prepare=_texts(b"EVIL " * 200),
    )
    yield _ask(
        "quotes from a copy that is no UTF-8",
        *taken,
        "--quote",
        "--texts",
        "texts",
        expect=Accepted(_unquoted),
        prepare=_texts(b"EVIL \xff" * 200),
    )
    yield _ask(
        "quotes from a pipe", *taken, "--quote", "--texts", "texts", expect=Accepted(_unquoted), prepare=_texts(None)
    )
    explain = ("explain", "--corpus", "corpus", "--alone")
    yield Case(
        "explain",
        "a thing that closes an IRI",
        (*explain, "x> ?p ?o", "StateMonopolyErosionClaim"),
        _one("nothing is named"),
    )
    yield Case(
        "explain",
        "a class that closes an IRI",
        (*explain, "machines-weaken-state-monopoly", "x> ?p <y"),
        _one("x> ?p <y"),
    )
    yield Case(
        "explain", "a class that is an address", (*explain, "machines-weaken-state-monopoly", "CANARY/C"), _one("/C")
    )
    yield Case("command", "that nobody knows", ("sparqll",), Refused("No such command", usage=True))
    yield Case("command", "with a terminal's escapes", ("\x1b[2J\u202e",), Refused("No such command", usage=True))
    yield Case("command", "of three hundred letters", ("x" * 300,), Refused("No such command", usage=True))
    yield Case("command", "that is an address", ("CANARY",), Refused("No such command", usage=True))
