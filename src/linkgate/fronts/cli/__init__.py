"""The command line: `linkgate lookup | check | scan | lists | policy | decisions | selftest | serve`.

Each command is a module of this package, named as it is typed (`lists update` is `lists_update`), and is
loaded when it is typed. It sees linkgate only through its face, like any other program.
"""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click
from click.shell_completion import shell_complete

from linkgate import __version__
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence

COMPLETE = "_LINKGATE_COMPLETE"
"""The environment variable by which a shell asks for what may stand next."""
_ELSEWHERE = {"scan": "scan_command"}
"""Modules that cannot be named as their command: the name stands elsewhere in the tree."""


class CommandGroup(click.Group):
    """Commands that are loaded when they are asked for. modules: command name -> module of this package."""

    def __init__(self, *arguments: Any, modules: dict[str, str], **given: Any) -> None:
        super().__init__(*arguments, **given)
        self._modules = modules

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it; but a bare group prints its help as lines, and has not done what was wanted."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(exits.UNSURE)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, sorted."""
        return sorted({*super().list_commands(ctx), *self._modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in self._modules:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f"{__name__}.{self._modules[cmd_name]}").command
        path = cmd_name if self.name == "linkgate" else f"{self.name} {cmd_name}"
        if path in EXAMPLES and not (command.epilog or "").startswith(_EXAMPLE):
            command.epilog = f"{_EXAMPLE}linkgate {EXAMPLES[path]}\n\n{command.epilog or ''}"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their first sentences, whole: no `...` in the middle of a word of advice."""
        named = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, _summary(command)) for name, command in named if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


_EXAMPLE = "\b\nExample:\n  "


def _summary(command: click.Command) -> str:
    """The first clause of a command's help: up to a full stop or a semicolon."""
    first = " ".join((command.help or "").partition("\n\n")[0].split())
    return re.split(r"[.;](?: |$)", first, maxsplit=1)[0]


def _group(name: str, help_text: str) -> CommandGroup:
    """A group whose commands are the modules NAME_COMMAND of this package."""
    found = [each.name.removeprefix(f"{name}_") for each in iter_modules(__path__) if each.name.startswith(f"{name}_")]
    return CommandGroup(name, modules={each: f"{name}_{each}" for each in found}, help=help_text)


linkgate = CommandGroup(
    "linkgate",
    modules={
        each: _ELSEWHERE.get(each, each)
        for each in ("check", "completion", "lookup", "resolve", "scan", "selftest", "serve", "why")
    },
    help="Say whether a message links to a listed page, however the link is spelled, and which entry says so.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=options.CODES,
)
click.version_option(__version__, prog_name="linkgate")(linkgate)
linkgate.add_command(
    _group(
        "lists",
        "Work on lists: compile files, or keep the lists of a configuration in a store.",
    )
)
linkgate.add_command(_group("policy", "See what is done about matches, and answer the alarms of the surge breaker."))
linkgate.add_command(
    _group(
        "decisions",
        "Work on the record of decisions: count, review, remove. Nothing here shows a listed address.",
    )
)
linkgate.add_command(
    _group(
        "cases",
        "Keep decisions for a report: encrypted, held, every look written down. Nothing is sent to anybody.",
    )
)
linkgate.add_command(
    _group(
        "feedback",
        "Tell publishers what was wrong with their entries: files in their words, without an address.",
    )
)


def run(arguments: Sequence[str]) -> int:
    """Run one command line to its exit code, printing whatever there is to print."""

    def command() -> int:
        if asked := os.environ.get(COMPLETE):  # by the script that `linkgate completion` prints
            return shell_complete(linkgate, {}, "linkgate", COMPLETE, asked)
        with linkgate.make_context("linkgate", list(arguments)) as ctx:
            return int(linkgate.invoke(ctx) or 0)

    return exits.guarded(command)


def _nowhere() -> TextIO:
    """What stands for a closed output. It is open until the end, so that no file gets the output's number."""
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # it is no path


def main() -> NoReturn:
    """Be the `linkgate` program. Who has closed an output wants the exit code alone, and gets it."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # half an emoji must not end the program
    sys.exit(run(sys.argv[1:]))
