"""`linkgate decisions campaigns`: which listed pages many accounts posted within a short time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.account_tables import Asked, as_csv, folder_of, hits, only_record, print_rows, report
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
@hits
@report
@as_csv
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    first: dt.datetime | None,
    last: dt.datetime | None,
    min_actors: int,
    within: int,
    hits: str | None,
    report: str | None,
    as_csv: bool,
    config: str,
    as_json: bool,
) -> int:
    """Show entries that many accounts posted; those whose accounts are mostly the same have one cluster's number."""
    only_record(hits, **{"from": first, "to": last})
    asked = Asked("campaigns", _HEADS, "no campaign", as_csv, as_json, report)
    seconds = within * 3600.0
    if hits is not None:
        from linkgate.fronts.archive.hit_rows import hit_rows  # noqa: PLC0415  # --help must not wait for Arrow

        print_rows(linkgate.campaigns_in(hit_rows(hits), min_actors=min_actors, within=seconds), asked)
        return exits.CLEAR
    folder, disputed = folder_of(config)
    span = {"first": day(first), "last": day(last)}
    found = linkgate.campaigns_of(folder, **span, min_actors=min_actors, within=seconds, disputed=disputed)
    print_rows(found, asked)
    return exits.CLEAR
