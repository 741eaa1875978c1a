"""Writing for other programs: `export`, `stats`, `schema`, `docs`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.given import Texts, engine_of, made_store, needed_texts, params_of
from kg.cli.output import put, say, to_stdout, write, written
from kg.errors import UsageError, one_of

if TYPE_CHECKING:
    from kg.grounds import Engine
    from kg.measure.networks import Network


def export(
    name: str | None,
    network: str,
    question: str | None,
    param: Sequence[str],
    form: str | None,
    output: str | None,
    asserted: bool,
    quote: bool,
    lang: str,
    texts: Texts,
    store: str | None,
) -> int:
    from kg import export
    from kg.ask.answer import answer
    from kg.ask.find import find
    from kg.ask.page import flat
    from kg.grounds import local
    from kg.store.local import open_build

    if name is None:
        return put(("name", "for"), [{"name": f.name, "for": f.help} for f in export.FORMATS], None, output)
    chosen = export.find(name)
    if question and not chosen.answer:
        takes = one_of([f.name for f in export.FORMATS if f.answer])
        raise UsageError(f"error: '{name}' takes no answer to a question\n  hint: {takes} does")
    for option, given in (("asserted", asserted), ("quote", quote)):
        if given and option not in chosen.options:
            takes = one_of([f.name for f in export.FORMATS if option in f.options])
            raise UsageError(f"error: '{name}' knows no --{option}\n  hint: {takes} does")
    if form and form not in chosen.forms:
        has = [f.name for f in export.FORMATS if f.forms]
        raise UsageError(f"error: '{name}' has one form only\n  hint: {one_of(has)} has several")
    copies = needed_texts(texts) if quote else None
    if quote:
        say("the export quotes the sources: their words belong to their authors, and no licence in it is about them")
    build = open_build(made_store(store))
    engine = local(build.store)
    values = params_of(param)
    projected = answered = None
    if chosen.network:
        projected = _project(engine, network, values, lang)
    if question:
        answered = flat(answer(engine, find(question), values, lang))
    job = export.Job(engine, build.seal, projected, answered, lang, copies, asserted, form or "")
    if output is not None and not to_stdout(output):
        export.export(chosen, job, output)
        say(f"{output} written")
        return 0
    suffix = form or (chosen.answer if question else chosen.suffix)
    with written(output, f".{suffix}", folder=chosen.makes_folder(job)) as path:
        export.make(chosen, job, path)
    return 0


def stats(
    network: str | None, param: Sequence[str], format: str | None, output: str | None, lang: str, store: str | None
) -> int:
    from kg.measure import statistics

    engine = engine_of(store)
    if network is None:
        return put(("source", "kind", "claims", "assertions"), statistics.counts(engine), format, output)
    projected = _project(engine, network, params_of(param), lang)
    columns = ["node", "kind", "degree", *(("in", "out") if projected.directed else ()), "betweenness", "community"]
    return put(columns, statistics.network(projected), format, output)


def _project(engine: Engine, network: str, given: Mapping[str, str], lang: str) -> Network:
    from kg.ask.answer import resolve
    from kg.measure import networks

    query = networks.find(network)
    values = {name: term for name, (term, _) in resolve(engine, query, given).items()}
    return networks.project(engine, query, values, lang)


def schema(form: str, output: str | None) -> int:
    import json

    from kg.load.schema import CodingForm, Form, SourceForm

    forms: dict[str, type[Form]] = {"coding": CodingForm, "source": SourceForm}
    if form not in forms:
        raise UsageError(f"error: no form is named '{form}'\n  hint: coding or source")
    write(json.dumps(forms[form].model_json_schema(by_alias=True), indent=1, ensure_ascii=False) + "\n", output)
    return 0


def docs(output: str, site: str | None) -> int:
    from kg import __version__, reference
    from kg.reference.redirects import NOWHERE

    if to_stdout(output):
        raise UsageError("error: this is a folder of pages\n  hint: name it with -o DIR")
    if site and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`$%]+", site):
        raise UsageError(f"error: --site '{site}' found, an address that begins with https:// expected")
    pages = reference.write(Path(output), __version__, f"{site.rstrip('/')}/" if site else NOWHERE)
    say(f"{len(pages)} files written; open {pages[0]}")
    return 0
