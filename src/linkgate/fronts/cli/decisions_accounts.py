"""`linkgate decisions accounts`: who posted links to listed pages again and again."""

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

_HEADS = ("actor", "first", "last", "lists", "spellings", "confirmed", "wrong", "entries", "messages")


@click.command("accounts", epilog=options.STORE_CODES)
@first_day
@last_day
@click.option(
    "--min-messages",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    metavar="N",
    help="Only of so many messages.",
)
@click.option(
    "--min-entries", type=click.IntRange(1), default=2, show_default=True, metavar="N", help="Only of so many entries."
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
    min_messages: int,
    min_entries: int,
    hits: str | None,
    report: str | None,
    as_csv: bool,
    config: str,
    as_json: bool,
) -> int:
    """Show accounts, by pseudonym, that posted messages that link to listed pages. For a person to look at: no score.

    Nobody can tell here who reports or quotes a link from who spreads it.
    """
    only_record(hits, **{"from": first, "to": last})
    asked = Asked("accounts", _HEADS, "no such account", as_csv, as_json, report)
    limits = {"min_messages": min_messages, "min_entries": min_entries}
    if hits is not None:
        from linkgate.fronts.archive.hit_rows import hit_rows  # noqa: PLC0415  # --help must not wait for Arrow

        print_rows(linkgate.accounts_in(hit_rows(hits), **limits), asked)
        return exits.CLEAR
    folder, disputed = folder_of(config)
    found = linkgate.accounts_of(folder, first=day(first), last=day(last), disputed=disputed, **limits)
    print_rows(found, asked)
    return exits.CLEAR
