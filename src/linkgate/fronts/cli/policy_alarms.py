"""`linkgate policy alarms`: which lists and entries flag more than usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.show import print_json, printable

if TYPE_CHECKING:
    from linkgate import Alarm


@click.command("alarms", epilog=options.STORE_CODES)
@click.option("--all", "every", is_flag=True, help="Show those, too, that were confirmed lately.")
@options.config
@options.as_json
def command(*, every: bool, config: str, as_json: bool) -> int:
    """Show which lists and entries flag far more than usual, and so fell to review."""
    found = [alarm for alarm in linkgate.Alarms.of(linkgate.load_config(config)).read() if every or alarm.is_open]
    if as_json:
        print_json({"alarms": [alarm.as_dict() for alarm in found]})
    else:
        click.echo("\n".join(map(_row, found)) or "no alarm is open")
    return exits.UNSURE if any(alarm.is_open for alarm in found) else exits.CLEAR


def _row(alarm: Alarm) -> str:
    state = "open" if alarm.is_open else f"confirmed {alarm.confirmed}"
    return printable(
        f"{alarm_name(alarm)}: {alarm.rate:,} in a minute, may {alarm.limit:,.0f}; since {alarm.at}, {state}"
    )


def alarm_name(alarm: Alarm) -> str:
    """LIST, or LIST:ENTRY, as `policy confirm` takes it."""
    return alarm.list if alarm.entry is None else f"{alarm.list}:{alarm.entry}"
