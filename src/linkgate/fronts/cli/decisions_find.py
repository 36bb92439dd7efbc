"""`linkgate decisions find`: the decisions on record about a message, an entry, a list or a day."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import day, first_day, last_day, record_of
from linkgate.fronts.show import count, print_json, printable, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from linkgate import Decision


@click.command("find", epilog=options.STORE_CODES)
@click.option("--message", metavar="ID", help="Of the message with this id.")
@click.option("--entry", metavar="ID", help="Of this entry.")
@click.option("--list", "name", metavar="NAME", help="Of this list.")
@click.option("--kind", type=click.Choice([kind.value for kind in linkgate.Kind]), help="Of this kind.")
@click.option("--action", type=click.Choice(["block", "review", "log"]), help="With this action.")
@first_day
@last_day
@click.option(
    "-n", "--most", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="At most so many."
)
@options.config
@options.as_json
def command(
    *, first: dt.datetime | None, last: dt.datetime | None, most: int, config: str, as_json: bool, **wanted: Any
) -> int:
    """Find decisions on record, oldest first. No address, no text of a message.

    Example: linkgate decisions find --entry partner:7 --from 2026-01-01
    """
    records = linkgate.Records(record_of(config), first=day(first), last=day(last))
    found = list(islice(_matching(records, wanted), most + 1))
    for decision in found[:most]:
        row = {name: getattr(decision, name) for name in decision.__struct_fields__ if name != "text"}
        if as_json:
            print_json(row)
        else:
            click.echo(printable(_line(decision)))
    if not found:
        say("no decision on record is like that")
    if len(found) > most:
        say(f"more than {count(most, 'decision')}: see --most, or name a day with --from and --to")
    if records.torn:
        say(f"{count(records.torn, 'line')} of the record cannot be read")
    return exits.CLEAR


def _matching(records: linkgate.Records, wanted: dict[str, Any]) -> Iterator[Decision]:
    fields = {("list" if name == "name" else name): value for name, value in wanted.items() if value is not None}
    return (each for each in records if all(getattr(each, name) == value for name, value in fields.items()))


def _line(decision: Decision) -> str:
    held = f" (not {decision.asked}: {decision.held})" if decision.held else ""
    message = f", message {decision.message}" if decision.message is not None else ""
    what = f"entry {decision.entry} of {decision.list}, {decision.kind}"
    return f"{decision.time}  {decision.decision}  {decision.action}{held}: {what}{message}"
