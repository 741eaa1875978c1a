"""Every command's arguments, defined once: a quick parser reads them here, and Typer is fed from them.

The quick parser takes every line that is plainly one of a command's; whatever it does not understand it
leaves to Typer, which explains. So help, completion and messages stay Typer's, and a good line never waits
for Typer's import (a tenth of a second).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Option(NamedTuple):
    """An option or argument; names without a dash make it positional, `flag` needs no value."""

    names: tuple[str, ...]
    help: str
    flag: bool = False
    many: bool = False
    default: Any = None
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    env: str | None = None

    @property
    def key(self) -> str:
        """The keyword under which the command gets it."""
        return self.names[0].lstrip("-").replace("-", "_")

    @property
    def positional(self) -> bool:
        """Whether it is an argument rather than an option."""
        return not self.names[0].startswith("-")


class Command(NamedTuple):
    """A command: its one-line help, its options, whether unknown `--name value` pairs are parameters."""

    name: str
    help: str
    options: tuple[Option, ...]
    open: bool = False


def parse(command: Command, words: Sequence[str]) -> dict[str, Any] | None:
    """Read a command line; None when it holds anything that is not plainly an option of the command."""
    by_name = {name: option for option in command.options for name in option.names if not option.positional}
    positional = [option for option in command.options if option.positional]
    values: dict[str, Any] = {o.key: [] if o.many else o.default for o in command.options}
    if command.open:
        values["extra"] = []
    todo = list(words)
    taken = 0
    while todo:
        word = todo.pop(0)
        if word == "--" or word in ("-h", "--help"):
            return None
        if word.startswith("-") and len(word) > 1:
            name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
            option = by_name.get(name)
            if option is None:
                if not (command.open and name.startswith("--")) or (not equals and not todo):
                    return None
                values["extra"] += [name, value if equals else todo.pop(0)]
            elif option.flag:
                if equals:
                    return None
                values[option.key] = True
            else:
                if not equals and not todo:
                    return None
                value = value if equals else todo.pop(0)
                if option.choices and value not in option.choices:
                    return None
                values[option.key] = [*values[option.key], value] if option.many else value
        else:
            if taken >= len(positional):
                return None
            option = positional[taken]
            if option.many:
                values[option.key] = [*values[option.key], word]
            else:
                values[option.key] = word
                taken += 1
    if any(o.required and values[o.key] in (None, []) for o in command.options):
        return None
    return values
