"""`linkgate policy confirm`: say that a surge is what it should be."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.policy_alarms import alarm_name
from linkgate.fronts.show import count, print_json, say

if TYPE_CHECKING:
    from linkgate import Config


@click.command("confirm", epilog=options.STORE_CODES)
@click.argument("names", nargs=-1, metavar="[LIST[:ENTRY]...]")
@click.option("--all", "every", is_flag=True, help="Confirm all that are open.")
@options.config
@options.as_json
def command(*, names: tuple[str, ...], every: bool, config: str, as_json: bool) -> int:
    """Say that a surge is what it should be: the action of the list or entry is again what was asked for.

    All processes on this store follow within seconds.
    """
    found = linkgate.load_config(config)
    file, at = linkgate.Alarms.of(found), _now()
    if bool(names) == every:
        raise linkgate.UsageError("name what is confirmed, as `linkgate policy alarms` shows it, or give --all")
    if every:
        names = tuple(alarm_name(alarm) for alarm in file.read() if alarm.is_open)
    confirmed = [name for name in names if _confirmed(found, name, at=at)]
    left = [alarm for alarm in file.read() if alarm.is_open]
    if as_json:
        print_json({"confirmed": confirmed, "open": [alarm.as_dict() for alarm in left]})
    elif confirmed:
        click.echo(f"{count(len(confirmed), 'alarm')} confirmed; {len(left):,} open")
    if len(confirmed) < len(names):
        say("no open alarm of this name: see `linkgate policy alarms`")
        return exits.UNSURE
    return exits.CLEAR


def _confirmed(config: Config, name: str, *, at: str) -> bool:
    name, colon, entry = name.partition(":")
    return linkgate.Alarms.of(config).confirm(name, entry if colon else None, at=at)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
