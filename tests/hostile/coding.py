"""`coding.yaml` and `source.yaml`: YAML that attacks its reader, and entries that say what nobody may say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from small import CODING

from hostile.case import Accepted, Case, Outcome, Refused
from hostile.scene import Scene

CHECK = ("check", "--corpus", "corpus", "--alone")
COVERAGE = ("coverage", "--corpus", "corpus", "--alone", "--texts", "texts", "-f", "tsv")
FOLDER = "corpus/doe2026/"
HERE = "coder: tester\n"
FOUND = "two different claims"
"""What the shapes say, so that it is a finding of `check`."""


def covered(scene: Scene, outcome: Outcome) -> None:
    """The whole small source was read, and six of its seven sentences are cited."""
    assert outcome.out.splitlines()[1].split("\t") == ["doe2026", "9", "2", "6", "85.7%", "1"]
    assert outcome.err == "doe2026:1: not cited: Small Powers and Clever Machines\n"


READ = Accepted(covered, code=1)
"""What `coverage` says of the small source when it was read as it is meant."""

Spoilt = tuple[str, str, str, str, str]
"""Why, file, what stands there, what is put there (‸ marks the place of the fault), what the line says."""

SPOILT: list[Spoilt] = [
    ("a NUL byte", "coding.yaml", "owners of the", "owners ‸\0of the", "U+0000"),
    ("half of a surrogate pair as an escape", "coding.yaml", HERE, 'coder: ‸"\\ud800"\n', "U+D800"),
    ("a C1 control that begins a terminal sequence", "coding.yaml", "owners of the", "owners ‸\x9b31mof the", "U+009B"),
    ("a bell in a comment", "source.yaml", "license: unknown", "license: unknown # ‸\a", "U+0007"),
    ("an isolate that is never closed", "coding.yaml", "owners of the", "owners ‸\u2066of the", "U+2066"),
    ("a bomb of aliases", "coding.yaml", HERE, "coder: ‸&a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchor"),
    ("an alias that contains itself", "coding.yaml", "    at: \"nothing", "    note: ‸&n [*n]\n    at: \"nothing",
     "anchor"),
    ("merge keys that multiply", "coding.yaml", HERE, "coder: tester\n‸<<: [{<<: [{a: x}]}]\n", "merge key"),
    ("a tag that builds an object", "coding.yaml", HERE, "coder: ‸!!python/object/apply:os.system [id]\n",
     "a tag found"),
    ("a tag for binary data", "coding.yaml", HERE, "coder: ‸!!binary dGVzdGVy\n", "a tag found"),
    ("a tag of one's own", "source.yaml", "license: unknown", "license: ‸!include /etc/passwd", "a tag found"),
    ("lists as keys", "coding.yaml", HERE, "coder: tester\n? ‸[a, b]\n: x\n", "as a key"),
    ("the same key twice, far apart", "source.yaml", "    at: \"CONCLUSION\"\n", "    at: \"CONCLUSION\"\n‸id: x\n",
     "stands twice"),
    ("a norwegian no where a stance is wanted", "coding.yaml",
     "stance: endorses\n    hedge: categorical\n    mode: norm",
     "stance: ‸NO\n    hedge: categorical\n    mode: norm", "stance 'NO' is not one of"),
    ("a day that is in no calendar", "coding.yaml", "date: 2026-11-21", "date: ‸2026-02-30", "a day"),
    ("a time stamp for a day", "coding.yaml", "date: 2026-11-21", "date: ‸2026-11-21T00:00:00Z", "a d"),
    ("the year nought", "coding.yaml", "date: 2026-11-21", "date: ‸0000-01-01", "a da"),
    ("persian digits in a day", "coding.yaml", "date: 2026-11-21", "date: ‸۲۰۲۶-۱۱-۲۱", "a da"),
    ("an id with a dot, which joins ids to IRIs", "coding.yaml", "id: grip-loosens", "id: ‸grip.loosens",
     "lower-case ASCII"),
    ("an id with a cyrillic letter", "coding.yaml", "id: grip-loosens", "id: ‸grіp-loosens", "lower-case ASCII"),
    ("an id that climbs", "coding.yaml", "id: grip-loosens", "id: ‸../../loosens", "lower-case ASCII"),
    ("an id with a line break", "coding.yaml", "id: grip-loosens", 'id: ‸"grip\\nloosens"', "lower-case ASCII"),
    ("an id that closes an IRI", "coding.yaml", "id: grip-loosens", "id: ‸\"x> a <http://x\"", "lower-case ASCII"),
    ("a claim's id that is another's", "coding.yaml", "id: machines-leave-state-monopoly",
     "id: ‸machines-weaken-state-monopoly", "stands twice"),
    ("a claim that nobody made", "coding.yaml", "other: machines-weaken-state-monopoly", "other: ‸no-such-claim",
     "nowhere"),
    ("an address that is script", "source.yaml", "url: https://example.org/doe2026", "url: ‸javascript:alert(1)",
     "https://"),
    ("an address in this machine", "source.yaml", "url: https://example.org/doe2026", "url: ‸file:///etc/passwd",
     "https://"),
    ("an address that holds a page", "source.yaml", "url: https://example.org/doe2026", "url: ‸data:text/html,x",
     "https://"),
    ("an address that closes its tag", "source.yaml", "url: https://example.org/doe2026",
     "url: ‸'https://x/\"><script>alert(1)</script>'", "https://"),
    ("a text above the texts", "source.yaml", "file: doe2026.txt", "file: ‸../../etc/passwd.txt", "bare name"),
    ("a text at the root", "source.yaml", "file: doe2026.txt", "file: ‸/etc/passwd", "bare name"),
    ("a text behind a backslash", "source.yaml", "file: doe2026.txt", "file: ‸..\\secret.txt", "bare name"),
    ("a text that is hidden", "source.yaml", "file: doe2026.txt", "file: ‸.netrc.txt", "bare name"),
    ("a language tag that ends a literal", "source.yaml", "languages: [en, fa]", "languages: [en, ‸'fa\"^^<x>']",
     "language tag"),
    ("a key that is python's", "coding.yaml", HERE, "coder: tester\n‸__class__: x\n", "unknown key '__class__'"),
    ("a hash that is none", "source.yaml", "sha256: SHA", "sha256: ‸SHA", "64 hexadecimal"),
    ("words that are a pattern", "coding.yaml", 'at: "nothing of the sort has happened"', "at: ‸'(.*)+$'",
     "anchors.lock"),
    ("a passage of nothing but space", "coding.yaml", 'at: "nothing of the sort has happened"', "at: ‸'   '", ""),
    ("a term of no kind", "coding.yaml", "addressee: states", "addressee: ‸'states> ?p ?o'",
     "no term of the vocabulary"),
    ("a term of another slot", "coding.yaml", "addressee: states", "addressee: ‸state-monopoly", "expected"),
    ("a kind that is nobody's", "coding.yaml", "kind: prescription", "kind: ‸__init__", "kind '__init__'"),
    ("a relation of a claim to itself", "coding.yaml",
     "  - claim: firms-own-the-cables\n    relation: supports\n    other: machines-weaken-state-monopoly",
     "  - ‸claim: firms-own-the-cables\n    relation: supports\n    other: firms-own-the-cables", FOUND),
    ("a second document", "source.yaml", "license: unknown", "license: unknown\n‸---\nlicense: x", "second document"),
    ("a tab before a key", "coding.yaml", "    domain: [political]\n  - id: nothing", "‸\t  basis: x\n  - id: nothing",
     "not YAML"),
    ("a list of names that is a name", "source.yaml", "[{family: Doe, given: Jane}]", "‸{family: Doe}",
     "list of names"),
    ("a date of issue with an infinite year", "source.yaml", 'issued: "2026-02"', "issued: ‸.inf", "a date expected"),
]  # fmt: skip


SEVERAL = {
    "a bomb of aliases": 8,
    "an alias that contains itself": 2,
    "merge keys that multiply": 2,
    "the same key twice, far apart": 2,
    "a relation of a claim to itself": 2,
}
"""Inputs with more than one fault, and how many: each anchor and alias, the key and what it says."""


def _spoilt(one: Spoilt) -> Case:
    why, file, old, new, says = one

    def prepare(scene: Scene) -> tuple[int, int]:
        if "SHA" in old:
            text = scene.small.path(file).read_text()
            digest = text.partition("sha256: ")[2].partition("\n")[0]
            return scene.spoil(file, f"sha256: {digest}", f"sha256: ‸{digest[:-1]}٣")
        return scene.spoil(file, old, new)

    return Case(
        "coding", why, CHECK, Refused(says, FOLDER + file, faults=SEVERAL.get(why, 1), findings=says is FOUND), prepare
    )


Whole = tuple[str, str, Callable[[], bytes], Refused | Accepted]


def _at(
    says: str, line: int = 1, column: int | None = 1, faults: int | None = 1, file: str = "coding.yaml", more: int = 0
) -> Refused:
    return Refused(says, FOLDER + file, line, column, faults, more)


def _line_of(words: str, text: str = CODING) -> int:
    return text[: text.index(words)].count("\n") + 1


def _misleading(mark: str) -> Callable[[], bytes]:
    """Put a character that some readers take for a line's end before a fault."""
    return lambda: (
        CODING.replace("coder: tester", f"coder: tester # {mark}").replace("force: should", "force: x").encode()
    )


_FORCE = _line_of("force: should")

WHOLE: list[Whole] = [
    ("nothing at all", "coding.yaml", lambda: b"", _at("", 1, None)),
    ("nothing but a comment", "coding.yaml", lambda: b"# nothing\n", _at("", 1, None)),
    ("null", "coding.yaml", lambda: b"~\n", _at("", 1, 1)),
    ("a list", "coding.yaml", lambda: b"- a\n- b\n", _at("keys and values")),
    ("UTF-16", "coding.yaml", lambda: CODING.encode("utf-16"), _at("UTF-8", 1, None)),
    ("UTF-32", "source.yaml", lambda: "id: doe2026\n".encode("utf-32"), _at("UTF-8", 1, None, None, "source.yaml")),
    ("a byte of Latin-1", "coding.yaml", lambda: CODING.replace("Technology firms", "Caf\xe9").encode("latin-1",
     "replace"),
     _at("UTF-8", _line_of("Technology firms"), None)),
    ("a surrogate in UTF-8's clothes", "coding.yaml", lambda: b"coder: \xed\xa0\x80\n", _at("UTF-8", 1, None)),
    ("an overlong slash", "coding.yaml", lambda: b"coder: a\ncoder: \xc0\xaf\n", _at("UTF-8", 2, None)),
    ("a byte order mark, which is no fault", "coding.yaml", lambda: b"\xef\xbb\xbf" + CODING.encode(), READ),
    ("line ends of Windows, which are no fault", "coding.yaml", lambda: CODING.replace("\n", "\r\n").encode(), READ),
    ("21 megabytes", "coding.yaml", lambda: CODING.encode() + b"# " + b"x" * 21_000_000, _at("", 0, None)),
    ("a hundred thousand open lists", "coding.yaml", lambda: b"coder: " + b"[" * 100_000, _at("nested deeper", 1, 57)),
    ("ten thousand dashes in a line", "coding.yaml", lambda: b"coder: x\nassertions:\n" + b"- " * 10_000 + b"x\n",
     _at("nested deeper", 3, None)),
    ("a thousand open mappings, line by line", "coding.yaml",
     lambda: b"".join(b" " * i + b"a:\n" for i in range(1000)), _at("nested deeper", 51, None)),
    ("thirty thousand unknown keys", "coding.yaml",
     lambda: CODING.encode() + b"".join(b"k%d: x\n" % i for i in range(30_000)), _at("unknown key 'k0'",
     CODING.count("\n") + 1, 1, 50, more=29_950)),
    ("a key of a hundred thousand letters", "coding.yaml", lambda: CODING.encode() + b"x" * 100_000 + b": y\n",
     _at("", CODING.count("\n") + 1, None)),
    ("a directive for tags", "coding.yaml", lambda: b"%TAG !e! http://evil.example/\n---\n" + CODING.encode(), READ),
    ("a version of the future", "coding.yaml", lambda: b"%YAML 9.9\n---\n" + CODING.encode(), _at("YAML", 1, None)),
    ("a quotation mark that is never closed", "coding.yaml", lambda: b'coder: "x\n' + b"y\n" * 1000, _at("not YAML",
     1002, None)),
    ("an indentation indicator that lies", "coding.yaml", lambda: CODING.replace(
        "because: Who owns", "because: |9\n      Who owns").encode(), _at("", _line_of("because: Who") + 1, None)),
    ("a line separator before the fault", "coding.yaml", _misleading("\u2028"), _at("force 'x'", _FORCE, 14)),
    ("a form feed before the fault", "coding.yaml", _misleading("\x0c"), _at("U+000C", 1, None, None)),
    ("a next-line control before the fault", "coding.yaml", _misleading("\x85"), _at("U+0085", 1, None, None)),
    ("letters beyond the first plane before the fault", "coding.yaml", lambda: CODING.replace(
        "force: should", "force: 𝒙𝒚").encode(), _at("force '𝒙𝒚'", _FORCE, 14)),
    ("fifty thousand passages nowhere", "coding.yaml", lambda: CODING.replace(
        'at: "nothing of the sort has happened"', "at: [" + ", ".join(f"w{i}" for i in range(50_000)) + "]").encode(),
     _at("50,000 entries", _line_of("nothing of the sort"), 9)),
    ("ten thousand terms that are nearly one", "coding.yaml", lambda: CODING.replace(
        "cause: artificial-intelligence\n      effect: weakens", "cause: artificial-intelligence\n      mechanism: ["
        + ", ".join(f"artificial-intelligenc{i}" for i in range(10_000)) + "]\n      effect: weakens").encode(),
     _at("10,000 entries", _line_of("cause: artificial") + 1, 18)),
]  # fmt: skip


def _whole(one: Whole) -> Case:
    why, file, content, expect = one

    def prepare(scene: Scene) -> None:
        scene.file(FOLDER + file, content())

    return Case("coding", f"{file} holds {why}", COVERAGE if expect is READ else CHECK, expect, prepare)


def cases() -> Iterator[Case]:
    yield from map(_spoilt, SPOILT)
    yield from map(_whole, WHOLE)
