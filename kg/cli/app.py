"""The Typer application, made from the table of commands: help, completion, did-you-mean, and all slow commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from kg.cli.arguments import Command, Option
from kg.cli.commands import run
from kg.cli.table import COMMANDS


def make_app() -> typer.Typer:
    """Return the application with every command of the table."""
    app = typer.Typer(
        help="A knowledge graph of what the literature on AI and international relations claims.",
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for command in COMMANDS:
        settings = {"allow_extra_args": command.open, "ignore_unknown_options": command.open}
        app.command(command.name, help=command.help, context_settings=settings)(_function(command))
    return app


def _print_version(asked: bool) -> None:
    if asked:
        from kg import __version__

        typer.echo(__version__)
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Take the options that need no command."""


def _function(command: Command) -> Callable[..., None]:
    def call(**values: Any) -> None:
        context = values.pop("context", None)
        for option in command.options:
            if option.many:
                values[option.key] = list(values[option.key] or [])
        if command.open and context is not None:
            words = [*values.get("words", []), *context.args]
            values["words"], values["extra"] = _split(words)
            if unknown := next((word for word in values["words"] if word[0:1] == "-" and word[1:].isalpha()), None):
                raise typer.BadParameter(f"No such option: {unknown}", context)
        raise typer.Exit(run(command.name, values))

    parameters = [_parameter(option) for option in command.options]
    if command.open:
        context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
        parameters.insert(0, context)
    call.__name__ = command.name
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    return call


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Part free words from `--name value` pairs, which Typer leaves in one list."""
    plain: list[str] = []
    extra: list[str] = []
    todo = list(words)
    while todo:
        word = todo.pop(0)
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            extra += [name, value] if equals else [name, *todo[:1]]
            todo = todo if equals else todo[1:]
        else:
            plain.append(word)
    return plain, extra


def _parameter(option: Option) -> inspect.Parameter:
    base: Any = bool if option.flag else str
    if option.choices:
        base = Literal[option.choices]
    kind: Any = list[str] | None if option.many else base if option.flag or option.required else base | None
    if option.positional:
        info: Any = typer.Argument(help=option.help, metavar=option.metavar or option.names[0].upper())
    elif option.flag:
        info = typer.Option(*option.names, help=option.help)
    else:
        info = typer.Option(*option.names, help=option.help, metavar=option.metavar, envvar=option.env)
    default = inspect.Parameter.empty if option.required else False if option.flag else option.default
    return inspect.Parameter(
        option.key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]
    )
