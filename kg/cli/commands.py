"""The table of commands and what each does: one call to a stage, then print.

Data goes to stdout, words to stderr; 0 is success, 1 findings, 2 could not run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cli.arguments import Command, Option
from kg.errors import KgError, Place, QueryError, UsageError
from kg.tables import FORMATS

if TYPE_CHECKING:
    from kg.ask import Answer
    from kg.grounds import Engine

STORE = Option(
    ("--store",), "where the built graph is (default: KG_STORE, or the user's data directory)", metavar="DIR"
)
TEXTS = Option(("--texts",), "your own copies of the sources' texts (default: KG_TEXTS)", metavar="DIR", env="KG_TEXTS")
CORPUS = Option(("--corpus",), "a directory with sources of your own; may be given again", many=True, metavar="DIR")
ALONE = Option(("--alone",), "leave the founding corpus out", flag=True)
FORMAT = Option(("--format", "-f"), "form of the output: table on a terminal, tsv in a pipe", choices=FORMATS)
OUTPUT = Option(("--output", "-o"), "write to this file instead of stdout", metavar="FILE")
LANG = Option(("--lang",), "language of labels and statements: en or fa", default="en", choices=("en", "fa"))

COMMANDS: tuple[Command, ...] = (
    Command(
        "ask",
        "Ask a ready question, by name or in your own words; without one, list them all.",
        (
            Option(("words",), "a question's name, or free words", many=True),
            Option(
                ("--param", "-p"),
                "a parameter as name=value; --name value is the same",
                many=True,
                metavar="NAME=VALUE",
            ),
            Option(("--values",), "list the possible values of the question's parameters", flag=True),
            FORMAT,
            OUTPUT,
            LANG,
            STORE,
        ),
        quick=True,
        open=True,
    ),
    Command(
        "show",
        "Show everything about one actor, concept, claim or work, with passages.",
        (Option(("thing",), "its id (actor:china), slug or label", required=True), FORMAT, OUTPUT, LANG, STORE),
        quick=True,
    ),
    Command(
        "sparql",
        "Run a SPARQL query of your own: an argument, a file (-i), or stdin.",
        (
            Option(("query",), "the query"),
            Option(("--input", "-i"), "a file with the query", metavar="FILE"),
            FORMAT,
            OUTPUT,
            STORE,
        ),
        quick=True,
    ),
    Command(
        "build",
        "Build the graph from the coded sources, validate it and publish it.",
        (CORPUS, ALONE, TEXTS, STORE, Option(("--force",), "build even if nothing has changed", flag=True)),
    ),
    Command(
        "check",
        "Check coding, anchors (with the texts at hand), shapes and check queries.",
        (CORPUS, ALONE, TEXTS, FORMAT, OUTPUT),
    ),
    Command(
        "anchor",
        "Find every passage in your copy of the texts and write the lock files.",
        (CORPUS, ALONE, TEXTS),
    ),
    Command(
        "coverage",
        "Tell how many of each source's sentences some assertion cites, and list those that none does.",
        (CORPUS, ALONE, TEXTS, FORMAT, OUTPUT),
    ),
    Command(
        "export",
        "Write the graph, a network or an answer in a form that another program opens; without a name, list them.",
        (
            Option(("format",), "the export's name"),
            Option(("--network", "-n"), "which network, for formats that show one", default="effects", metavar="NAME"),
            Option(("--question", "-q"), "export the answer to a ready question", metavar="NAME"),
            Option(
                ("--param", "-p"),
                "a parameter of the question or network as name=value",
                many=True,
                metavar="NAME=VALUE",
            ),
            Option(("--form", "-f"), "for assertions: csv, json or ndjson", choices=("csv", "json", "ndjson")),
            OUTPUT,
            LANG,
            TEXTS,
            STORE,
        ),
    ),
    Command(
        "schema",
        "Print the JSON Schema of coding.yaml or source.yaml, for your editor.",
        (Option(("form",), "coding or source", default="coding"), OUTPUT),
    ),
)


def command(name: str) -> Command | None:
    """Return the command of that name."""
    return next((c for c in COMMANDS if c.name == name), None)


def run(name: str, values: Mapping[str, Any]) -> int:
    """Run a command; a `KgError` becomes its line on stderr and its exit code, anything else is a bug."""
    try:
        return int(globals()[f"run_{name}"](**values))
    except KgError as error:
        say(str(error))
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def say(words: str) -> None:
    """Print words for people on stderr."""
    print(words, file=sys.stderr)


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────


def run_ask(
    words: Sequence[str],
    param: Sequence[str],
    values: bool,
    format: str | None,
    output: str | None,
    lang: str,
    store: str | None,
    extra: Sequence[str] = (),
) -> int:
    from kg import ask

    if not words:
        return _list_questions(format, output)
    given = _params(param, extra)
    engine = _engine(store)
    question = ask.find(words[0])
    if values:
        rows = [
            {"param": p.name, "value": value, "label": label, "default": p.default}
            for p in question.params
            for label, value in ask.choices(engine, p, lang)
        ]
        return _put(("param", "value", "label"), rows, format, output)
    return _put_answer(ask.answer(engine, question, given, lang), format, output)


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
        return _put((), rows, format, output)
    rows = [
        {"name": q.name, "question": q.header["question"], "params": ", ".join(p.name for p in q.params)}
        for q in questions
    ]
    return _put(("name", "question", "params"), rows, format, output)


def _params(param: Sequence[str], extra: Sequence[str]) -> dict[str, str]:
    given = {name.lstrip("-"): value for name, value in zip(extra[::2], extra[1::2], strict=False)}
    if len(extra) % 2:
        raise UsageError(f"error: {extra[-1]} needs a value")
    for pair in param:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"error: parameter '{pair}' found, name=value expected")
        given[name] = value
    return given


def _put_answer(answer: Answer, format: str | None, output: str | None) -> int:
    """Print an answer: labels for people; machine formats also carry the ids behind them."""
    form = format or _default_format(output)
    if form not in ("table", "md"):
        columns, rows = _flat(answer)
        return _put(columns, rows, form, output)
    rows = [{name: cell.text for name, cell in row.items()} for row in answer.rows]
    if form == "table":
        say(answer.sentence)
    _put(answer.columns, rows, form, output)
    if not rows:
        say(str(answer.question.header.get("nothing") or "The sources say nothing about this."))
    return 0


def _flat(answer: Answer) -> tuple[list[str], list[dict[str, str]]]:
    """Return columns and rows of text: a column's words under its name, the ids behind them under `<name>_id`."""
    from kg import names

    rows = []
    for row in answer.rows:
        flat = {name: cell.text for name, cell in row.items() if name != "assertion"}
        ids = {f"{name}_id": " ".join(map(names.compact, cell.ids)) for name, cell in row.items() if cell.ids}
        if "assertion_id" in ids:
            ids["assertion"] = ids.pop("assertion_id")
        rows.append({**flat, **ids})
    return [*answer.columns, *dict.fromkeys(k for row in rows for k in row if k not in answer.columns)], rows


def _engine(store: str | None) -> Engine:
    from kg.grounds import local

    return local(_store(store))


def _store(path: str | None) -> Any:
    """Open the store; where there is none at all, build the founding corpus first and say so."""
    from kg import store

    where = Path(path) if path else store.default_path()
    if store.current(where) is None:
        from kg import pipeline

        say(f"no store at {where}: building the founding corpus first")
        pipeline.build(pipeline.Inputs.of(), where)
    return store.open_store(where)


def run_show(thing: str, format: str | None, output: str | None, lang: str, store: str | None) -> int:
    from kg import show

    engine = _engine(store)
    iri = show.identify(engine, thing)
    card = show.describe(engine, iri, lang)
    answer = show.claims_about(engine, iri, lang)
    form = format or _default_format(output)
    if form in ("table", "md"):
        _write("".join(f"{name}: {value}\n" for name, value in card) + "\n", output)
        return _put_answer(answer, form, output and None)
    return _put_answer(answer, form, output)


def run_sparql(query: str | None, input: str | None, format: str | None, output: str | None, store: str | None) -> int:
    from kg import queries
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
    columns, rows = solve(_store(store), queries.with_prefixes(text), place)
    return _put(columns, rows, format, output)


# ── building ──────────────────────────────────────────────────────────────────────────────────────────


def _inputs(corpus: Sequence[str], alone: bool, texts: str | None) -> Any:
    from kg.pipeline import Inputs

    if alone and not corpus:
        raise UsageError("error: --alone found without --corpus\n  hint: name the directory of your own sources")
    where = texts or os.environ.get("KG_TEXTS")
    return Inputs.of([Path(c) for c in corpus], Path(where) if where else None, founding=not alone)


def run_build(corpus: Sequence[str], alone: bool, texts: str | None, store: str | None, force: bool) -> int:
    from kg import pipeline
    from kg.cli.progress import bar
    from kg.store import default_path

    where = Path(store) if store else default_path()
    inputs = _inputs(corpus, alone, texts)
    with bar() as progress:
        built = pipeline.build(inputs, where, force, progress)
    seal = built.seal
    counts = f"{seal['claims']} claims, {seal['assertions']} assertions, {seal['quads']} quads from {', '.join(seal['sources'])}"
    say(f"{'built' if built.fresh else 'nothing has changed'}: {counts}\n{where}")
    if built.findings:
        say(f"{len(built.findings)} findings short of a violation; `kg check` lists them")
    return 0


def run_check(corpus: Sequence[str], alone: bool, texts: str | None, format: str | None, output: str | None) -> int:
    from kg import names, pipeline
    from kg.cli.progress import bar

    inputs = _inputs(corpus, alone, texts)
    with bar() as progress:
        progress("reading the corpus")
        asserted = pipeline.load(inputs)
        progress("deriving")
        derived = pipeline.derive(asserted)
        progress("validating")
        findings = pipeline.examine(asserted, derived)
    if format in (None, "table"):
        for finding in findings:
            print(finding)
    else:
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
        _put(("severity", "rule", "focus", "message", "value", "place"), rows, format, output)
    anchored = sum(len(s.assertions) for s in asserted.sources)
    texts_seen = f"anchors verified against {inputs.texts}" if inputs.texts else "anchors not verified: no --texts"
    counts = ", ".join(f"{sum(f.severity == s for f in findings)} {s}s" for s in ("violation", "warning", "info"))
    say(f"{len(asserted.sources)} sources, {anchored} assertions; {texts_seen}; {counts}")
    return 1 if any(f.severity == "violation" for f in findings) else 0


def _texts(texts: str | None) -> Path:
    where = texts or os.environ.get("KG_TEXTS")
    if not where:
        raise UsageError("error: the sources' texts are needed\n  hint: --texts DIR, or set KG_TEXTS")
    return Path(where)


def run_anchor(corpus: Sequence[str], alone: bool, texts: str | None) -> int:
    from kg import pipeline

    where = _texts(texts)
    written = pipeline.anchor(_inputs(corpus, alone, texts), where)
    for name, count in written.items():
        say(f"{name}: {count} passages anchored")
    if not written:
        raise UsageError(f"error: none of the sources' texts is in {where}\n  hint: source.yaml names the file")
    return 0


def run_coverage(corpus: Sequence[str], alone: bool, texts: str | None, format: str | None, output: str | None) -> int:
    from kg import pipeline

    found = pipeline.coverage(_inputs(corpus, alone, texts), _texts(texts))
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
        _put((), rows, format, output)
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
        _put(("source", "sentences", "left out", "cited", "share", "open"), rows, format, output)
        for c in found:
            for line, _, words in c.open:
                say(f"{c.source}:{line}: not cited: {words[:90]}")
    return 1 if any(c.open for c in found) else 0


def run_schema(form: str, output: str | None) -> int:
    import json

    from kg.loaders import schema

    forms = {"coding": schema.CodingForm, "source": schema.SourceForm}
    if form not in forms:
        raise UsageError(f"error: no form is named '{form}'\n  hint: coding or source")
    _write(json.dumps(forms[form].model_json_schema(by_alias=True), indent=1, ensure_ascii=False) + "\n", output)
    return 0


# ── exporting ─────────────────────────────────────────────────────────────────────────────────────────


def run_export(
    format: str | None,
    network: str,
    question: str | None,
    param: Sequence[str],
    form: str | None,
    output: str | None,
    lang: str,
    texts: str | None,
    store: str | None,
) -> int:
    import shutil
    import tempfile

    from kg import ask, export, networks
    from kg.store import default_path, read_seal

    if format is None:
        rows = [{"name": f.name, "for": f.help} for f in export.FORMATS]
        return _put(("name", "for"), rows, None, output)
    chosen = export.find(format)
    engine = _engine(store)
    given = _params(param, ())
    projected = answered = None
    if chosen.network and not question:
        query = networks.find(network)
        resolved = ask.resolve(engine, query, given)
        projected = networks.project(engine, query, {name: term for name, (term, _) in resolved.items()}, lang)
    if question:
        columns, rows = _flat(ask.answer(engine, ask.find(question), given, lang))
        answered = (list(columns), rows)
    seal = read_seal(Path(store) if store else default_path()) or {}
    where = texts or os.environ.get("KG_TEXTS")
    job = export.Job(engine, seal, projected, answered, lang, Path(where) if where else None)
    suffix = form or chosen.suffix
    if output:
        export.export(chosen, job, Path(output))
        say(f"{output} written")
        return 0
    if not suffix:
        raise UsageError(f"error: '{format}' is a folder of files\n  hint: name it with -o DIR")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"export.{suffix}"
        export.export(chosen, job, file)
        with file.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)
    return 0


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────


def _default_format(output: str | None) -> str:
    if output:
        suffix = Path(output).suffix.lstrip(".")
        return suffix if suffix in FORMATS else "tsv"
    return "table" if sys.stdout.isatty() else "tsv"


def _put(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], format: str | None, output: str | None) -> int:
    from kg import tables

    form = format or _default_format(output)
    width = 100
    if form == "table" and not output:
        import shutil

        width = shutil.get_terminal_size((100, 24)).columns
    _write(tables.write(form, columns, rows, width), output)
    return 0


def _write(text: str, output: str | None) -> None:
    """Write to stdout, or to a file by way of a temporary one, so that a failure leaves the old file."""
    if not output:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    path = Path(output)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"error: {output} cannot be written: {error.strerror}") from None
