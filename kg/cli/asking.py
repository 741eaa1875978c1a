"""Asking: `ask`, `show`, `sparql`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cli.given import (
    Texts,
    engine_of,
    filters_of,
    joined_of,
    made_store,
    params_of,
    seconds_of,
    store_path,
    texts_of,
)
from kg.cli.output import form_of, put, say, to_stdout, width, write, write_page
from kg.errors import UsageError, nearest

if TYPE_CHECKING:
    from kg.ask.answer import Answer
    from kg.ask.understand import Understood
    from kg.grounds import Engine
    from kg.queries import Query


def ask(
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
    sort: str | None = None,
    group_by: str | None = None,
    columns: Sequence[str] = (),
    limit: str | None = None,
    page: str | None = None,
    no_pager: bool = False,
    extra: Sequence[str] = (),
    **filters: list[str],
) -> int:
    from kg.ask.answer import answer as answer_to
    from kg.ask.arrange import arranged
    from kg.ask.filters import parted
    from kg.ask.find import choices
    from kg.ask.view import view_of

    form, view = form_of(format, output), view_of(sort, group_by, columns, limit, page)
    if not words:
        return _list_questions(form, output)
    given = params_of(param, extra)
    engine = engine_of(store)
    asked = filters_of(filters)
    question, named, also = _question(list(words), engine, store_path(store), {**given, **joined_of(asked)})
    asked = {name: [*asked.get(name, ()), *also.get(name, ())] for name in (*asked, *also)}
    if values:
        rows = [
            {"param": p.name, "value": value, "label": label}
            for p in question.params
            for label, value in choices(engine, p, lang)
        ]
        return put(("param", "value", "label"), rows, form, output)
    question, given, left = parted(engine, question, {**named, **given}, asked)
    answer = answer_to(engine, question, given, lang, left)
    if quote:
        from kg.ask.quote import quote as quoted

        answer, lacks = quoted(answer, engine, texts_of(texts))
        for line in lacks:
            say(line)
    answer = arranged(answer, engine, view) if any(view[:4]) else answer
    if bib:
        from kg.ask.page import bibliography

        write(bibliography(answer, engine, Path(bib).suffix.lstrip(".")), bib)
        say(f"{bib} written")
    if explain:
        from kg.ask.links import explain as explained

        write_page(explained(answer, engine, lang), output)
        return 0
    return _put_answer(answer, engine, form, output, cite or "", pager=not no_pager)


def _question(
    words: list[str], engine: Engine, where: Path, given: Mapping[str, str]
) -> tuple[Query, dict[str, str], dict[str, list[str]]]:
    """Return the question of that name, or the one that free words ask; say what was understood.

    Returns:
        The question, its parameters, and filters by their names.

    What was given as an option is not sought in the words.
    """
    from kg.ask.answer import ANY
    from kg.ask.find import catalogue, find
    from kg.ask.prepared import read
    from kg.ask.understand import understand
    from kg.store.local import read_compiled

    compiled = read_compiled(where)
    name = words[0] if len(words) == 1 and " " not in words[0].strip() else ""
    questions = catalogue(compiled)
    if exact := next((question for question in questions if question.name == name), None):
        return exact, {}, {}
    try:
        found = understand(engine, " ".join(words), questions, given, read(where))
    except UsageError:
        if nearest(name, [question.name for question in questions]):
            return find(name, compiled), {}, {}  # which tells the nearest
        raise
    if "-" in name and not found.filters and all(value == ANY for value in found.given.values()):
        return find(name, compiled), {}, {}  # a name of a question, and none that there is
    say(_taken_as(found, given))
    also: dict[str, list[str]] = {}
    for name, value in found.filters:
        also.setdefault(name, []).append(value)
    return found.question, found.given, also


def _taken_as(found: Understood, given: Mapping[str, str]) -> str:
    """Return the line that says how free words were understood, as a command that can be repeated."""
    import shlex

    pairs = [*((n, v) for n, v in found.given.items() if n not in given), *found.filters]
    typed = [(name, value if "," in value else value.partition(":")[2] or value) for name, value in pairs]
    shown = "".join(f" --{name} {shlex.quote(value)}" for name, value in [*typed, *given.items()])
    notes = [*found.notes]
    if found.unused:
        notes.append(f"not used: {', '.join(found.unused)}")
    if found.near:
        notes.append(f"also near: {', '.join(question.name for question in found.near)}")
    return f"taken as: kg ask {found.question.name}{shown}" + (f"  ({'; '.join(notes)})" if notes else "")


def _list_questions(form: str, output: str | None) -> int:
    from kg.ask.find import catalogue

    questions = catalogue()
    if form in ("json", "ndjson"):
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
        return put((), rows, form, output)
    rows = [
        {"name": q.name, "question": q.header["question"], "params": ", ".join(p.name for p in q.params)}
        for q in questions
    ]
    return put(("name", "question", "params"), rows, form, output)


def _put_answer(
    answer: Answer, engine: Engine, form: str, output: str | None, style: str = "", pager: bool = False
) -> int:
    """Print an answer: a page for people, or one value a column with the ids for machines."""
    from kg.ask import page
    from kg.ask.filters import joined
    from kg.words import words

    header, say_in = answer.question.header, words(answer.language)
    nothing = header.get(f"nothing-{answer.language}") or header.get("nothing") or "The sources say nothing about this."
    nothing = say_in(str(nothing))
    if form in ("table", "md"):
        say(f"{answer.sentence} ({joined(answer.filters)})" if answer.filters else answer.sentence)
        if answer.rows:
            write_page(_page(answer, engine, form, output, style), output, pager)
        elif not to_stdout(output):
            write_page(f"{nothing}\n", output)  # else the file would keep what it said before
    else:
        columns, rows = page.flat(answer)
        put(columns, rows, form, output)
    if not (answer.rows or any(answer.without)):
        say(nothing)
    _say_left_out(answer)
    return 0


def _say_left_out(answer: Answer) -> None:
    """Say what filters did: where they leave nothing, and what has no year to be held to."""
    from kg.ask.filters import none_left, undated

    if any(answer.without):
        say(none_left(answer.filters, answer.without, answer.language))
    if answer.undated:
        say(undated(answer.undated, answer.language))


def show(
    thing: str,
    format: str | None,
    output: str | None,
    lang: str,
    store: str | None,
    sort: str | None = None,
    group_by: str | None = None,
    columns: Sequence[str] = (),
    limit: str | None = None,
    page: str | None = None,
    no_pager: bool = False,
    **filters: list[str],
) -> int:
    from kg import tables
    from kg.ask import show
    from kg.ask.arrange import arranged
    from kg.ask.filters import parted
    from kg.ask.find import find
    from kg.ask.identify import identify
    from kg.ask.view import view_of

    form = form_of(format, output)
    engine = engine_of(store)
    named = identify(engine, thing)
    iri = show.merged_into(engine, named) or named
    for_people = form in ("table", "md")
    view = view_of(sort, group_by, columns, limit or (show.beginning(iri) if for_people else None), page)
    _, _, left = parted(engine, find("about"), {}, filters_of(filters))
    merged_from = "" if iri == named else named
    answer = show.claims_about(engine, iri, lang, "" if for_people else merged_from, left)
    answer = arranged(answer, engine, view) if any(view[:4]) else answer
    if not for_people:
        return _put_answer(answer, engine, form, output)
    told = f"{_line(form, show.merged(named, iri, lang), width(output))}\n" if merged_from else ""
    card = tables.block(form, show.describe(engine, iri, lang), width(output))
    body = _page(answer, engine, form, output) if answer.rows else ""
    write_page(f"{told}{card}\n{body}", output, not no_pager)
    _say_left_out(answer)
    return 0


def _page(answer: Answer, engine: Engine, form: str, output: str | None, style: str = "") -> str:
    """Return an answer as people read it, fit for where it goes."""
    from kg.ask.page import page

    return page(answer, engine, form, width(output), style, grey=form == "table" and to_stdout(output))


def _line(form: str, text: str, size: int) -> str:
    """Return a text as a paragraph within the width, or in Markdown."""
    from kg import channels, tables

    return f"{channels.markdown(text)}\n" if form == "md" else tables.hanging("", text, size)


def sparql(
    query: str | None,
    input: str | None,
    timeout: str,
    unfenced: bool,
    format: str | None,
    output: str | None,
    store: str | None,
) -> int:
    from kg.ask import results
    from kg.ask.sparql import calls, read, rows, solve
    from kg.ask.unknown import unknown
    from kg.store.fence import Fence
    from kg.store.limits import QUERY, Limits

    if query and input:
        raise UsageError("error: a query and --input found, one of them expected")
    form = form_of(format, output, more=(*results.RESULTS, *results.GRAPHS))
    limits = Limits(seconds=seconds_of(timeout))
    text, place = (query, QUERY) if query else read(Path(input) if input else None)
    if not text.strip():
        raise UsageError("error: no query found\n  hint: type one, name a file with -i, or send it to stdin")
    with Fence(made_store(store), limits, closed=not unfenced) as fence:
        reply = solve(fence, text, place)
        written = results.write(reply, form) if form in (*results.RESULTS, *results.GRAPHS) else None
        for line in unknown(fence, text):
            say(line)
    if not unfenced and calls(text):
        say("SERVICE asks another server; none was asked, and the answer is what this graph alone gives")
    if written is None:
        return put(*rows(reply), form, output)
    write(written, output)
    return 0
