"""Options that several commands share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from linkgate.fronts.inputs import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorator = Callable[[Any], Any]

CODES = "Exit codes: 0 clear, 1 flagged, 2 could not tell, 130 stopped by Ctrl-C."
SCAN_CODES = "Exit codes: 0 nothing found, 1 found (see --fail-on), 2 could not finish, 130 stopped by Ctrl-C."
STORE_CODES = "Exit codes: 0 all is well, 2 something needs attention or could not be done, 130 stopped by Ctrl-C."


class FileName(click.Path):
    """The name of a file or folder. new: of one to be written; others are told of it, so it must be UTF-8."""

    def __init__(self, *, new: bool = False) -> None:
        super().__init__(readable=False)  # an unreadable file is told about where it is read
        self._new = new

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name as it is, or a sentence."""
        if "\0" in os.fsdecode(value):
            self.fail("no file can have such a name", param, ctx)
        if self._new and any("\ud800" <= sign <= "\udfff" for sign in os.fsdecode(value)):
            self.fail("its name is no UTF-8: name another file", param, ctx)
        return super().convert(value, param, ctx)


PATH, NEW = FileName(), FileName(new=True)

lists: Decorator = click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="FILE",
    type=PATH,
    envvar="LINKGATE_LIST",
    show_envvar=True,
    help="A list file, a snapshot or a store; may be given several times.",
)
silent: Decorator = click.option("-q", "--quiet", is_flag=True, help="Print nothing where nothing needs attention.")
as_json: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
quiet: Decorator = click.option("-q", "--quiet", is_flag=True, help="Print no answer: the exit code tells.")
show_urls: Decorator = click.option(
    "--show-urls", is_flag=True, help="Show each link as its poster wrote it, but defanged."
)
config: Decorator = click.option(
    "--config",
    "config",
    metavar="FILE",
    type=PATH,
    default="linkgate.toml",
    show_default=True,
    envvar="LINKGATE_CONFIG",
    show_envvar=True,
    help="Where lists and store are named.",
)
policed: Decorator = click.option(
    "--config",
    "config",
    metavar="FILE",
    type=PATH,
    envvar="LINKGATE_CONFIG",
    show_envvar=True,
    help="Instead of --list: store and policy of this linkgate.toml, as in a gate, but for the surge breaker; that of "
    "the folder where no list is named.",
)
surface: Decorator = click.option(
    "--surface", metavar="NAME", help="With --config: where the messages stand; public if absent."
)


def share(_ctx: click.Context, _param: click.Parameter, value: str | None) -> float | None:
    """Read a percentage, as people write it, as a share of 1; None where there is none."""
    if value is None:
        return None
    try:
        part = float(value.strip().removesuffix("%")) / 100
    except ValueError:
        part = -1.0
    if not 0 <= part <= 1:
        raise click.BadParameter("give a percentage from 0% to 100%")
    return part


_SCAN: tuple[Decorator, ...] = (
    click.option(
        "-o",
        "--output",
        metavar="FILE",
        type=NEW,
        help="Write the hits there: .jsonl or .csv (also .gz, .zst), or .parquet.",
    ),
    click.option(
        "--format",
        "form",
        type=click.Choice([form for form in FORMS if form != "database"]),
        help="Format of the files; told by name and first bytes if absent.",
    ),
    click.option("--text", metavar="FIELD", help="Where the text stands."),
    click.option(
        "--links",
        metavar="FIELD",
        multiple=True,
        help="Where links stand that the text does not show; may be given several times.",
    ),
    click.option(
        "--media",
        metavar="FIELD",
        help="Where the digests of files stand: records with sha256, sha1, md5, pdq, pdq_quality, id; in CSV as JSON.",
    ),
    click.option("--id", "id", metavar="FIELD", help="Where the id stands."),
    click.option("--time", metavar="FIELD", help="Where the time stands."),
    click.option(
        "--account",
        metavar="FIELD",
        help="Where it stands who posted: a hit gets the pseudonym (actor); needs --config with [accounts].",
    ),
    click.option(
        "--jobs",
        metavar="N",
        type=click.IntRange(1, 256),
        default=1,
        help="Use so many processes, each with work for two processors.",
    ),
    click.option("--resume", is_flag=True, help="Go on where the same command was stopped or killed."),
    click.option(
        "--since",
        metavar="SNAPSHOT",
        type=PATH,
        help="Find only what this older snapshot did not: a file, or a version of the store.",
    ),
    click.option("--report", metavar="FILE", type=NEW, help="Write a page about the hits, for people (.html)."),
    click.option(
        "--rejects",
        metavar="FILE",
        type=NEW,
        help="Write down there which records could not be read; OUTPUT.rejects.jsonl if absent.",
    ),
    click.option(
        "--max-bad",
        metavar="PERCENT",
        callback=share,
        default="5%",
        show_default=True,
        help="Stop when more than this share of the records cannot be read.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["block", "review", "log", "never"]),
        default="review",
        show_default=True,
        help="Exit with 1 when a message asks for this action or a heavier one.",
    ),
)


def scan(command: Any) -> Any:
    """The options of `scan` alone."""
    for option in reversed(_SCAN):
        command = option(command)
    return command
