"""What each command does: one call to a stage, then print.

Exit codes: 0 success, 1 findings, 2 could not run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cli.output import form_of, put, say, width, write
from kg.errors import KgError, Place, QueryError, UsageError, one_of

if TYPE_CHECKING:
    from kg.ask import Answer
    from kg.grounds import Engine
    from kg.networks import Network
    from kg.queries import Query
    from kg.validate import Finding

Texts = str | None


def run(name: str, values: Mapping[str, Any]) -> int:
    """Run a command; a `KgError` becomes its line on stderr and its exit code, anything else is a bug."""
    try:
        return int(globals()[f"_{name}"](**values))
    except KgError as error:
        say(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _engine(store: str | None) -> Engine:
    from kg.grounds import local

    return local(_open(store))


def _open(path: str | None) -> Any:
    """Open the store; where there is none at all, build the founding corpus first and say so."""
    from kg import store

    where = _where(path)
    if store.current(where) is None:
        from kg import pipeline

        say(f"no store at {where}: building the founding corpus first")
        pipeline.build(pipeline.Inputs.of(), where)
    return store.open_store(where)


def _where(store: str | None) -> Path:
    from kg.store import default_path

    return Path(store) if store else default_path()


def _texts(texts: Texts) -> Path | None:
    found = texts or os.environ.get("KG_TEXTS")
    return Path(found) if found else None


def _needed_texts(texts: Texts) -> Path:
    where = _texts(texts)
    if where is None:
        raise UsageError("error: the sources' texts are needed\n  hint: --texts DIR, or set KG_TEXTS")
    return where


def _inputs(corpus: Sequence[str], alone: bool, texts: Texts) -> Any:
    from kg.pipeline import Inputs

    if alone and not corpus:
        raise UsageError("error: --alone found without --corpus\n  hint: name the directory of your own sources")
    return Inputs.of([Path(c) for c in corpus], _texts(texts), founding=not alone)


def _params(param: Sequence[str], extra: Sequence[str] = ()) -> dict[str, str]:
    if len(extra) % 2:
        raise UsageError(f"error: {extra[-1]} needs a value")
    given = {name.lstrip("-"): value for name, value in zip(extra[::2], extra[1::2], strict=True)}
    for pair in param:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"error: parameter '{pair}' found, name=value expected")
        given[name] = value
    return given


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────


def _ask(
    words: Sequence[str],
    param: Sequence[str],
    values: bool,
    explain: bool,
    quote: bool,
    cite: str | None,
    bib: str | None,
    format: str | None,
    output: str | None,
    lang: str,
    texts: Texts,
    store: str | None,
    extra: Sequence[str] = (),
) -> int:
    from kg import ask

    if not words:
        return _list_questions(format, output)
    given = _params(param, extra)
    engine = _engine(store)
    question, named = _question(list(words), engine, _where(store))
    if values:
        rows = [
            {"param": p.name, "value": value, "label": label}
            for p in question.params
            for label, value in ask.choices(engine, p, lang)
        ]
        return put(("param", "value", "label"), rows, format, output)
    answer = ask.answer(engine, question, {**named, **given}, lang)
    if quote:
        from kg.report import quote as quoted

        answer = quoted(answer, engine, _texts(texts))
    if bib:
        from kg.report import bibliography

        write(bibliography(answer, engine, Path(bib).suffix.lstrip(".")), bib)
        say(f"{bib} written")
    if explain:
        from kg.report import explain as explained

        write(explained(answer, engine), output)
        return 0
    return _put_answer(answer, engine, form_of(format, output), output, cite or "")


def _question(words: list[str], engine: Engine, where: Path) -> tuple[Query, dict[str, str]]:
    """Return the question of that name, or the nearest to free words with the values they name; say which."""
    from kg import ask, names
    from kg.store import read_compiled

    compiled = read_compiled(where)
    if len(words) == 1 and names.SLUG.fullmatch(words[0]):
        return ask.find(words[0], compiled), {}
    from kg.report import nearest_questions, values_in

    asked = " ".join(words)
    ranked = nearest_questions(asked, ask.catalogue(compiled))
    if not ranked:
        raise UsageError(f"error: no question is near '{asked}'\n  hint: `kg ask` lists the questions")
    question = ranked[0][1]
    given = values_in(asked, question, engine)
    shown = "".join(f" --{name} {names.compact(value).partition(':')[2]}" for name, value in given.items())
    near = ", ".join(q.name for _, q in ranked[1:4])
    say(f"taken as: kg ask {question.name}{shown}" + (f"  (also near: {near})" if near else ""))
    return question, given


def _list_questions(format: str | None, output: str | None) -> int:
    from kg import ask

    questions = ask.catalogue()
    if format in ("json", "ndjson"):
        rows: list[Any] = [
            {
                "name": q.name,
                "question": q.header["question"],
                "summary": q.summary,
                "tags": list(q.tags),
                "params": [{"name": p.name, "label": p.label, "type": p.type, "default": p.default} for p in q.params],
                "columns": list(q.columns),
            }
            for q in questions
        ]
        return put((), rows, format, output)
    rows = [
        {"name": q.name, "question": q.header["question"], "params": ", ".join(p.name for p in q.params)}
        for q in questions
    ]
    return put(("name", "question", "params"), rows, format, output)


def _put_answer(answer: Answer, engine: Engine, form: str, output: str | None, style: str = "") -> int:
    """Print an answer: a page for people, or one value a column with the ids for machines."""
    from kg import report

    if form in ("table", "md"):
        say(answer.sentence)
        if answer.rows:
            write(report.page(answer, engine, form, width(output), style), output)
    else:
        columns, rows = report.flat(answer)
        put(columns, rows, form, output)
    if not answer.rows:
        say(str(answer.question.header.get("nothing") or "The sources say nothing about this."))
    return 0


def _show(thing: str, format: str | None, output: str | None, lang: str, store: str | None) -> int:
    from kg import report, show

    engine = _engine(store)
    iri = show.identify(engine, thing)
    answer = show.claims_about(engine, iri, lang)
    form = form_of(format, output)
    if form not in ("table", "md"):
        return _put_answer(answer, engine, form, output)
    card = "".join(f"{name}: {value}\n" for name, value in show.describe(engine, iri, lang))
    body = report.page(answer, engine, form, width(output)) if answer.rows else ""
    write(f"{card}\n{body}", output)
    return 0


def _sparql(query: str | None, input: str | None, format: str | None, output: str | None, store: str | None) -> int:
    from kg.sparql import refuse_federation, solve

    if query and input:
        raise UsageError("error: a query and --input found, one of them expected")
    if input:
        try:
            text, place = Path(input).read_text(encoding="utf-8"), Path(input)
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(Place(Path(input)), f"cannot be read: {error}") from None
    else:
        text, place = query or sys.stdin.read(), Path("query")
    refuse_federation(text, place)
    columns, rows = solve(_open(store), text, place)
    return put(columns, rows, format, output)


# ── building ──────────────────────────────────────────────────────────────────────────────────────────


def _build(corpus: Sequence[str], alone: bool, texts: Texts, store: str | None, force: bool) -> int:
    from kg import pipeline
    from kg.cli.progress import bar

    where = _where(store)
    inputs = _inputs(corpus, alone, texts)
    with bar() as progress:
        built = pipeline.build(inputs, where, force, progress)
    seal = built.seal
    counts = f"{seal['claims']} claims, {seal['assertions']} assertions, {seal['quads']} quads"
    say(f"{'built' if built.fresh else 'nothing has changed'}: {counts} from {', '.join(seal['sources'])}\n{where}")
    if built.findings:
        say(f"{len(built.findings)} findings short of a violation; `kg check` lists them")
    return 0


def _check(
    corpus: Sequence[str],
    alone: bool,
    texts: Texts,
    ontology: bool,
    owl: bool,
    format: str | None,
    output: str | None,
) -> int:
    from kg import pipeline
    from kg.cli.progress import bar

    inputs = _inputs(corpus, alone, texts)
    if ontology:
        from kg import lint

        found = lint.lint([f for c in inputs.corpora for f in pipeline.corpus_files(c) if f.name == "vocabulary.ttl"])
        _put_findings(found, lint.line, format, output)
        say(f"{len(lint.files())} files, {len(lint.checks())} checks; {_count(found)}")
        return 1 if any(f.severity == "violation" for f in found) else 0
    with bar() as progress:
        progress("reading the corpus")
        asserted = pipeline.load(inputs)
        progress("deriving")
        derived = pipeline.derive(asserted)
        progress("validating")
        findings = pipeline.examine(asserted, derived)
        if owl:
            progress("reasoning")
            findings += pipeline.classify(asserted, derived)
    _put_findings(findings, str, format, output)
    anchored = sum(len(s.assertions) for s in asserted.sources)
    seen = f"anchors verified against {inputs.texts}" if inputs.texts else "anchors not verified: no --texts"
    say(f"{len(asserted.sources)} sources, {anchored} assertions; {seen}; {_count(findings)}")
    return 1 if any(f.severity == "violation" for f in findings) else 0


def _count(findings: Sequence[Finding]) -> str:
    return ", ".join(f"{sum(f.severity == s for f in findings)} {s}s" for s in ("violation", "warning", "info"))


def _put_findings(
    findings: Sequence[Finding], line: Callable[[Finding], str], format: str | None, output: str | None
) -> None:
    """Print findings as lines for people, or as rows in the form asked for."""
    from kg import names

    if format in (None, "table"):
        write("".join(f"{line(finding)}\n" for finding in findings), output)
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
    put(("severity", "rule", "focus", "message", "value", "place"), rows, format, output)


def _explain(
    thing: str,
    cls: str,
    corpus: Sequence[str],
    alone: bool,
    format: str | None,
    output: str | None,
    lang: str,
) -> int:
    import pyoxigraph as ox

    from kg import explain, grounds, names, pipeline, show
    from kg.reasons import reasons

    inputs = _inputs(corpus, alone, None)
    asserted = pipeline.load(inputs)
    store = ox.Store()
    store.bulk_extend(asserted.quads)
    engine = grounds.local(store)
    node, wanted = show.identify(engine, thing), explain.class_named(cls, asserted.axioms, engine)
    found = reasons(store, asserted.axioms, node, wanted)
    if found is None:
        say(f"{names.compact(node)} is no member of {names.compact(wanted)}, by what is coded")
        return 1
    own = [f for c in inputs.corpora for f in pipeline.corpus_files(c) if f.name == "vocabulary.ttl"]
    rows = explain.lines(found, engine, asserted.places, own, lang)
    if form_of(format, output) == "table":
        write(explain.page(found, rows, engine, width(output), lang), output)
        return 0
    return put(explain.Line._fields, [row._asdict() for row in rows], format, output)


def _anchor(corpus: Sequence[str], alone: bool, texts: Texts) -> int:
    from kg import pipeline

    where = _needed_texts(texts)
    written = pipeline.anchor(_inputs(corpus, alone, texts), where)
    for name, count in written.items():
        say(f"{name}: {count} passages anchored")
    if not written:
        raise UsageError(f"error: none of the sources' texts is in {where}\n  hint: source.yaml names the file")
    return 0


def _coverage(corpus: Sequence[str], alone: bool, texts: Texts, format: str | None, output: str | None) -> int:
    from kg import pipeline

    found = pipeline.coverage(_inputs(corpus, alone, texts), _needed_texts(texts))
    if format in ("json", "ndjson"):
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
        put((), rows, format, output)
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
        put(("source", "sentences", "left out", "cited", "share", "open"), rows, format, output)
        for c in found:
            for line, _, words in c.open:
                say(f"{c.source}:{line}: not cited: {words[:90]}")
    return 1 if any(c.open for c in found) else 0


def _project(engine: Engine, network: str, given: Mapping[str, str], lang: str) -> Network:
    from kg import ask, networks

    query = networks.find(network)
    values = {name: term for name, (term, _) in ask.resolve(engine, query, given).items()}
    return networks.project(engine, query, values, lang)


def _stats(
    network: str | None, param: Sequence[str], format: str | None, output: str | None, lang: str, store: str | None
) -> int:
    from kg import measures

    engine = _engine(store)
    if network is None:
        return put(("source", "kind", "claims", "assertions"), measures.counts(engine), format, output)
    projected = _project(engine, network, _params(param), lang)
    columns = ["node", "kind", "degree", *(("in", "out") if projected.directed else ()), "betweenness", "community"]
    return put(columns, measures.network(projected), format, output)


def _schema(form: str, output: str | None) -> int:
    import json

    from kg.loaders.schema import CodingForm, Form, SourceForm

    forms: dict[str, type[Form]] = {"coding": CodingForm, "source": SourceForm}
    if form not in forms:
        raise UsageError(f"error: no form is named '{form}'\n  hint: coding or source")
    write(json.dumps(forms[form].model_json_schema(by_alias=True), indent=1, ensure_ascii=False) + "\n", output)
    return 0


# ── exporting ─────────────────────────────────────────────────────────────────────────────────────────


def _export(
    name: str | None,
    network: str,
    question: str | None,
    param: Sequence[str],
    form: str | None,
    output: str | None,
    lang: str,
    texts: Texts,
    store: str | None,
) -> int:
    import shutil
    import tempfile

    from kg import ask, export, report
    from kg.store import read_seal

    if name is None:
        return put(("name", "for"), [{"name": f.name, "for": f.help} for f in export.FORMATS], None, output)
    chosen = export.find(name)
    suffix = form or (chosen.answer if question else chosen.suffix)
    if question and not chosen.answer:
        takes = one_of([f.name for f in export.FORMATS if f.answer])
        raise UsageError(f"error: '{name}' takes no answer to a question\n  hint: {takes} does")
    if not output and not suffix:
        raise UsageError(f"error: '{name}' is a folder of files\n  hint: name it with -o DIR")
    engine = _engine(store)
    given = _params(param)
    projected = answered = None
    if chosen.network:
        projected = _project(engine, network, given, lang)
    if question:
        answered = report.flat(ask.answer(engine, ask.find(question), given, lang))
    job = export.Job(engine, read_seal(_where(store)) or {}, projected, answered, lang, _texts(texts))
    if output:
        export.export(chosen, job, Path(output))
        say(f"{output} written")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"export.{suffix}"
        export.export(chosen, job, file)
        with file.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
    return 0
