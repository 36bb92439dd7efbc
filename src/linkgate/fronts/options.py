"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Decorator = Callable[[Any], Any]

CODES = "Exit codes: 0 clear, 1 flagged, 2 could not tell, 130 stopped by Ctrl-C."
STORE_CODES = "Exit codes: 0 all is well, 2 something needs attention or could not be done, 130 stopped by Ctrl-C."

PATH = click.Path(readable=False)  # an unreadable file is told about where it is read

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
as_json: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
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
