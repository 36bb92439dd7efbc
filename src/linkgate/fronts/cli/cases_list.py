"""`linkgate cases list`: all cases, one a line."""

from __future__ import annotations

import click

from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import HEADS, by, row, store_of
from linkgate.fronts.cli.decision_options import lined_up
from linkgate.fronts.show import print_json


@click.command("list", epilog=options.STORE_CODES)
@by
@options.config
@options.as_json
def command(*, by: str, config: str, as_json: bool) -> int:
    """Show all cases; that somebody looked is written down for each."""
    cases = store_of(config).all(by=by, act="list")
    if as_json:
        print_json({"cases": [case.summary() for case in cases]})
    else:
        click.echo("\n".join(lined_up([HEADS, *map(row, cases)])) if cases else "no case")
    return exits.CLEAR
