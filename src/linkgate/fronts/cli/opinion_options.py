"""What `linkgate lists confirm` and `dispute` share: the entry, and what is said when an opinion is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts.show import print_json, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate import Config, Opinion

    Decorator = Callable[[Any], Any]


def _pair(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, str]:
    name, colon, entry = value.partition(":")
    if not (name and colon and entry) or "/" in value:
        raise click.BadParameter("give an entry as LIST:ENTRY, as `linkgate decisions show` tells it")
    return name, entry


entry: Decorator = click.argument("entry", metavar="LIST:ENTRY", callback=_pair)


def add_opinion(config: Config, opinion: Opinion, *, as_json: bool) -> None:
    """Keep an opinion of an entry of a configured list, and say what becomes of the entry. UsageError."""
    config.named((opinion.list,))
    linkgate.OpinionFile.of(config).add([opinion])
    disputed = opinion.key in linkgate.disputed_entries(config)
    if as_json:
        print_json({"list": opinion.list, "entry": opinion.entry, "opinion": opinion.opinion, "disputed": disputed})
        return
    action = config.wrong.action if config.wrong else ""
    state = f"it asks for {action} at most" if disputed else "it asks for what its list asks for"
    click.echo(printable(f"{opinion.list}:{opinion.entry}: {opinion.opinion}; {state}"))
