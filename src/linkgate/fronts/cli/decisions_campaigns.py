"""`linkgate decisions campaigns`: which listed pages many accounts posted within a short time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.account_tables import as_csv, folder_of, print_table
from linkgate.fronts.cli.decision_options import day, first_day, last_day

if TYPE_CHECKING:
    import datetime as dt

_HEADS = ("list", "entry", "first", "last", "cluster", "spellings", "burst", "messages", "actors")


@click.command("campaigns", epilog=options.STORE_CODES)
@first_day
@last_day
@click.option(
    "--min-actors", type=click.IntRange(2), default=5, show_default=True, metavar="N", help="So many accounts or more."
)
@click.option(
    "--within", type=click.IntRange(1, 8760), default=24, show_default=True, metavar="HOURS", help="Of each other."
)
@as_csv
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    first: dt.datetime | None,
    last: dt.datetime | None,
    min_actors: int,
    within: int,
    as_csv: bool,
    config: str,
    as_json: bool,
) -> int:
    """Show entries that many accounts posted; those whose accounts are mostly the same have one cluster's number."""
    folder, disputed = folder_of(config)
    found = linkgate.campaigns_of(
        folder, first=day(first), last=day(last), min_actors=min_actors, within=within * 3600.0, disputed=disputed
    )
    rows = [msgspec.to_builtins(row) for row in found]
    print_table(rows, _HEADS, name="campaigns", none="no campaign", as_csv=as_csv, as_json=as_json)
    return exits.CLEAR
