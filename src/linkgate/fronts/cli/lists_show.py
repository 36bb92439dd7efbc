"""`linkgate lists show`: what is known of an entry, by its id."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import open_store
from linkgate.fronts.entry_report import entry_reports, entry_rows
from linkgate.fronts.show import print_block, print_json


@click.command("show", epilog=options.STORE_CODES)
@click.argument("entry", metavar="ENTRY-ID|LIST:ENTRY")
@options.config
@options.as_json
def command(*, entry: str, config: str, as_json: bool) -> int:
    """Show what is known of an entry, and never its address.

    Its list and scope, its publisher's id or line, since which version and until when it is listed, the guard's word,
    what the policy makes of a match with it, and the opinions.
    """
    read, store = open_store(config)
    policy = linkgate.policy_of(read, store.current.lists, disputed=linkgate.disputed_entries(read))
    found = entry_reports(entry, read, store, policy=policy)
    if not found:
        raise linkgate.UsageError("no version of the store has an entry of this id: see `linkgate lists diff`")
    if as_json:
        print_json({"entries": found})
        return exits.CLEAR
    for row in found:
        print_block("entry", entry_rows(row))
    return exits.CLEAR
