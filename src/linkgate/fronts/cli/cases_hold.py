"""`linkgate cases hold`: keep a case until a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, now, reason, store_of, told, until
from linkgate.fronts.show import print_json

if TYPE_CHECKING:
    import datetime as dt


@click.command("hold", epilog=options.STORE_CODES)
@click.argument("case_id", metavar="CASE")
@until
@reason
@by
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *, case_id: str, until: dt.datetime | None, reason: str, by: str, config: str, as_json: bool
) -> int:
    """Hold a case until a day, or until it is released: it cannot be removed before."""
    day = until.date().isoformat() if until else None
    event = linkgate.CaseEvent(what="held", at=now(), by=by, reason=reason, until=day)
    case = store_of(config).change(case_id, event)
    if as_json:
        print_json(case.summary())
    else:
        click.echo(told(case))
    return exits.CLEAR
