"""`linkgate cases due`: cases whose hold is over, or soon will be."""

from __future__ import annotations

import datetime as dt

import click

from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import HEADS, by, row, store_of
from linkgate.fronts.cli.decision_options import lined_up
from linkgate.fronts.show import print_json


@click.command("due", epilog=options.STORE_CODES)
@click.option(
    "--within", metavar="DAYS", type=click.IntRange(0, 36_500), default=30, show_default=True, help="From today on."
)
@by
@options.config
@options.as_json
def command(*, within: int, by: str, config: str, as_json: bool) -> int:
    """Show which cases somebody must decide about: to hold them longer, or to remove them. Exits 2 if there are any."""
    then = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=within)).isoformat()
    found = [case for case in store_of(config).all(by=by, act="due") if not case.is_held(then)]
    if as_json:
        print_json({"cases": [case.summary() for case in found]})
    else:
        click.echo("\n".join(lined_up([HEADS, *map(row, found)])) if found else "no case is due")
    return exits.UNSURE if found else exits.CLEAR
