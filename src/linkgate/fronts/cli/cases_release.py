"""`linkgate cases release`: end the hold of a case."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, now, reason, store_of, told
from linkgate.fronts.show import print_json


@click.command("release", epilog=options.STORE_CODES)
@click.argument("case_id", metavar="CASE")
@reason
@by
@options.config
@options.as_json
def command(*, case_id: str, reason: str, by: str, config: str, as_json: bool) -> int:
    """Release a case: `linkgate cases purge` may remove it from now on."""
    event = linkgate.CaseEvent(what="released", at=now(), by=by, reason=reason)
    case = store_of(config).change(case_id, event)
    if as_json:
        print_json(case.summary())
    else:
        click.echo(told(case))
    return exits.CLEAR
