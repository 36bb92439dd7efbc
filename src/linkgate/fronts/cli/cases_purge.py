"""`linkgate cases purge`: remove cases that nobody holds any more, and captures that are over their age."""

from __future__ import annotations

import datetime as dt

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, store_of, today
from linkgate.fronts.show import count, print_json


@click.command("purge", epilog=options.STORE_CODES)
@click.argument("cases", nargs=-1, metavar="[CASE]...")
@by
@options.config
@options.as_json
def command(*, cases: tuple[str, ...], by: str, config: str, as_json: bool) -> int:
    """Remove the cases named, or all that are not held. One that is held is never removed: naming it is an error."""
    store, day = store_of(config), today()
    names = cases or tuple(case.id for case in store.all(by=by, act="purge") if not case.is_held(day))
    store.remove(names, by=by, today=day)
    settings = linkgate.load_config(config).cases
    age = settings.capture_days if settings else 0
    before = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=age)).isoformat()
    days = linkgate.purge_captures(store.folder, before=before)
    if as_json:
        print_json({"removed": list(names), "capture_days": days})
    else:
        click.echo(f"{count(len(names), 'case')} removed, and the captures of {count(days, 'day')}")
    return exits.CLEAR
