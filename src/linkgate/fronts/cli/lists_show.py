"""`linkgate lists show`: what is known of an entry, by its id."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import open_store
from linkgate.fronts.entry_report import entry_reports
from linkgate.fronts.show import print_block, print_json, printable


@click.command("show", epilog=options.STORE_CODES)
@click.argument("entry", metavar="ENTRY-ID")
@options.config
@options.as_json
def command(*, entry: str, config: str, as_json: bool) -> int:
    """Show an entry: list, scope, its publisher's id or line, since which version, until when, guard and opinions.

    Never its address. Example: linkgate lists show partner:7
    """
    found = entry_reports(entry, *open_store(config))
    if not found:
        raise linkgate.UsageError("no version of the store has an entry of this id: see `linkgate lists diff`")
    if as_json:
        print_json({"entries": found})
        return exits.CLEAR
    for row in found:
        opinions = [f"{each['opinion']} by {each['by']} at {each['at']}" for each in row.pop("opinions", [])]
        told = [(name, str(value)) for name, value in row.items() if value not in (None, False)]
        print_block(
            "entry", [(name, printable(value)) for name, value in (*told, *(("opinion", each) for each in opinions))]
        )
    return exits.CLEAR
