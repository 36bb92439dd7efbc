"""`linkgate decisions accounts`: who posted links to listed pages again and again."""

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

_HEADS = ("actor", "first", "last", "lists", "spellings", "confirmed", "entries", "messages")


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
@as_csv
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    first: dt.datetime | None,
    last: dt.datetime | None,
    min_messages: int,
    min_entries: int,
    as_csv: bool,
    config: str,
    as_json: bool,
) -> int:
    """Show accounts, by pseudonym, that posted messages that link to listed pages. For a person to look at: no score.

    Nobody can tell here who reports or quotes a link from who spreads it.
    """
    folder, disputed = folder_of(config)
    found = linkgate.accounts_of(
        folder, first=day(first), last=day(last), min_messages=min_messages, min_entries=min_entries, disputed=disputed
    )
    rows = [msgspec.to_builtins(row) for row in found]
    print_table(rows, _HEADS, name="accounts", none="no such account", as_csv=as_csv, as_json=as_json)
    return exits.CLEAR
