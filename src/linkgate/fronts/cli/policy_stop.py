"""`linkgate policy stop`: a list blocks nothing any more, at once, and it is written down who said so and why."""

from __future__ import annotations

import getpass
import os

import click

import linkgate
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import print_rows


@click.command("stop", epilog=options.STORE_CODES)
@click.argument("name", metavar="LIST")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is written down.")
@click.option("--by", metavar="NAME", envvar="LINKGATE_USER", show_envvar=True, help="Who; your login if absent.")
@options.config
@options.as_json
def command(*, name: str, reason: str, by: str | None, config: str, as_json: bool) -> int:
    """Put a list in shadow: it reports on, and blocks nothing.

    Running gates on this configuration follow within seconds. The reason stands in linkgate.toml and in
    changes.jsonl of the store; to start the list again, take out the line `shadow = true`.
    """
    who = by or _login()
    linkgate.stop_list(config, name, reason=reason, by=who)
    row = f"{config}: list {name} is in shadow: it reports, and blocks nothing"
    return print_rows({"list": name, "shadow": True, "reason": reason, "by": who}, [row], as_json=as_json)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        return str(os.getuid())
