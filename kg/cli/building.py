"""Building: `build`, `check`, `explain`, `anchor`, `coverage`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import channels
from kg.cli.given import Texts, inputs_of, needed_texts, store_path
from kg.cli.output import form_of, put, say, width, write_page
from kg.errors import SHOWN, UsageError, plain, show_path

if TYPE_CHECKING:
    from kg.coding.migrate import Change
    from kg.validate.findings import Finding


def build(corpus: Sequence[str], alone: bool, texts: Texts, store: str | None, force: bool) -> int:
    from kg import pipeline
    from kg.cli.progress import bar
    from kg.store.local import read_seal
    from kg.validate.moved import RULES

    where = store_path(store)
    inputs = inputs_of(corpus, alone, texts)
    before = read_seal(where) or {}
    with bar() as progress:
        built = pipeline.build(inputs, where, force, progress)
    seal = built.seal
    counts = f"{seal['claims']} claims, {seal['assertions']} assertions, {seal['quads']} quads"
    say(f"{'built' if built.fresh else 'nothing has changed'}: {counts} from {', '.join(seal['sources'])}\n{where}")
    if gone := [source for source in before.get("sources", ()) if source not in seal["sources"]]:
        kept = " ".join(f"--corpus {c}" for c in before.get("corpora", ()) if c not in seal["corpora"])
        back = f"; {kept} keeps {'them' if gone[1:] else 'it'}" if kept else ""
        say(plain(f"no longer in the store: {', '.join(gone)}{back}"))
    moved = [f for f in built.findings if f.rule in RULES]
    for finding in moved[:SHOWN]:
        say(channels.line(str(finding)))
    if built.findings:
        say(f"{len(built.findings)} findings short of a violation; `kg check` lists them")
    return 0


def check(
    corpus: Sequence[str],
    alone: bool,
    texts: Texts,
    ontology: bool,
    owl: bool,
    fix: bool,
    format: str | None,
    output: str | None,
    lang: str,
) -> int:
    from kg import pipeline
    from kg.cli.progress import bar

    if fix and ontology:
        raise UsageError("error: --fix found with --ontology\n  hint: it mends codings and vocabularies of your own")
    inputs = inputs_of(corpus, alone, texts)
    left = _fix(inputs, corpus) if fix else 0
    if ontology:
        from kg.load.inputs import vocabularies
        from kg.validate import lint

        found = lint.lint([file for corpus in inputs.corpora for file in vocabularies(corpus)])
        _put_findings(found, lint.line, format, output)
        say(f"{len(lint.files())} files, {len(lint.checks())} checks; {_count(found)}")
        return 1 if any(f.severity == "violation" for f in found) else 0
    with bar() as progress:
        progress("reading the corpus")
        asserted = pipeline.load(inputs)
        progress("deriving")
        derived = pipeline.derive(asserted)
        progress("validating")
        findings = pipeline.examine(asserted, derived, language=lang)
        reasoned = None
        if owl:
            progress("reasoning")
            reasoned = pipeline.classify(asserted, derived)
            findings += reasoned.findings
    _put_findings(findings, str, format, output)
    anchored = sum(len(s.assertions) for s in asserted.sources)
    seen = f"anchors verified against {inputs.texts}" if inputs.texts else "anchors not verified: no --texts"
    say(f"{len(asserted.sources)} sources, {anchored} assertions; {seen}; {_count(findings)}")
    if reasoned:
        say(str(reasoned))
    return 1 if left or any(f.severity == "violation" for f in findings) else 0


def _fix(inputs: Any, corpus: Sequence[str]) -> int:
    """Rewrite deprecated terms, move keys, and say what was written; return how many are left to a person."""
    from kg.coding.migrate import migrate

    if not corpus:
        raise UsageError("error: --fix found without --corpus\n  hint: name the directory of your own sources")
    rewritten, left = migrate(inputs, [Path(one) for one in corpus], _tell)
    say(f"{rewritten} places rewritten" + (f", {left} left to you" if left else ""))
    return left


def _tell(change: Change) -> None:
    say(f"{show_path(change.place.file)}:{change.place.line}: {plain(change.written)} → {change.new}")


def _count(findings: Sequence[Finding]) -> str:
    return ", ".join(f"{sum(f.severity == s for f in findings)} {s}s" for s in ("violation", "warning", "info"))


def _put_findings(
    findings: Sequence[Finding], line: Callable[[Finding], str], format: str | None, output: str | None
) -> None:
    """Print findings as lines for people, or as rows in the form asked for."""
    from kg import names

    form = form_of(format, output, "table")
    if form == "table":
        write_page("".join(f"{channels.line(line(finding))}\n" for finding in findings), output)
        return
    rows = [
        {
            "severity": f.severity,
            "rule": f.rule,
            "focus": names.compact(f.focus),
            "message": f.message,
            "value": names.compact(f.value),
            "place": str(f.place or ""),
        }
        for f in findings
    ]
    put(("severity", "rule", "focus", "message", "value", "place"), rows, form, output)


def explain(
    thing: str,
    cls: str,
    corpus: Sequence[str],
    alone: bool,
    format: str | None,
    output: str | None,
    lang: str,
) -> int:
    import pyoxigraph as ox

    from kg import grounds, names, pipeline
    from kg.ask import show
    from kg.ask.identify import identify
    from kg.load.inputs import vocabularies
    from kg.reason import explain
    from kg.reason.reasons import reasons

    form = form_of(format, output)
    inputs = inputs_of(corpus, alone, None)
    asserted = pipeline.load(inputs)
    store = ox.Store()
    store.bulk_extend(asserted.quads)
    engine = grounds.local(store)
    named, wanted = identify(engine, thing), explain.class_named(cls, asserted.axioms, engine)
    node = show.merged_into(engine, named) or named
    if node != named:
        say(show.merged(named, node, lang))
    found = reasons(store, asserted.axioms, node, wanted)
    if found is None:
        say(f"{names.compact(node)} is no member of {names.compact(wanted)}, by what is coded")
        return 1
    own = [file for corpus in inputs.corpora for file in vocabularies(corpus)]
    rows = explain.lines(found, engine, asserted.places, own, lang)
    if form == "table":
        write_page(explain.page(found, rows, engine, width(output), lang), output)
        return 0
    return put(explain.Line._fields, [row._asdict() for row in rows], form, output)


def anchor(corpus: Sequence[str], alone: bool, texts: Texts) -> int:
    from kg.coding.anchor import anchor as anchor_texts

    where = needed_texts(texts)
    written = anchor_texts(inputs_of(corpus, alone, texts), where)
    for name, count in written.items():
        say(f"{name}: {count} passages anchored")
    if not written:
        raise UsageError(f"error: none of the sources' texts is in {where}\n  hint: source.yaml names the file")
    return 0


def coverage(corpus: Sequence[str], alone: bool, texts: Texts, format: str | None, output: str | None) -> int:
    from kg.coding.coverage import coverage as measure

    form = form_of(format, output)
    found = measure(inputs_of(corpus, alone, texts), needed_texts(texts))
    if form in ("json", "ndjson"):
        rows: list[Any] = [
            {
                "source": c.source,
                "sentences": c.sentences,
                "left_out": c.left_out,
                "cited": c.cited,
                "share": round(c.share, 4),
                "open": [{"line": line, "start": start, "words": words} for line, start, words in c.open],
            }
            for c in found
        ]
        put((), rows, form, output)
    else:
        rows = [
            {
                "source": c.source,
                "sentences": str(c.sentences),
                "left out": str(c.left_out),
                "cited": str(c.cited),
                "share": f"{c.share:.1%}",
                "open": str(len(c.open)),
            }
            for c in found
        ]
        put(("source", "sentences", "left out", "cited", "share", "open"), rows, form, output)
        for c in found:
            for line, _, words in c.open:
                say(f"{c.source}:{line}: not cited: {words[:90]}")
    return 1 if any(c.open for c in found) else 0
