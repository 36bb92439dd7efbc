"""`linkgate lists entry`: since when an entry is listed, by which list, and what people here say of it."""

from __future__ import annotations

import click
import msgspec

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.opinion_options import entry
from linkgate.fronts.cli.store_rows import open_store
from linkgate.fronts.show import print_block, print_json, printable


@click.command("entry", epilog=options.STORE_CODES)
@entry
@options.config
@options.as_json
def command(*, entry: tuple[str, str], config: str, as_json: bool) -> int:
    """Show the versions that have an entry, its scope and category, the guard's word and the opinions. No address."""
    found, store = open_store(config)
    told = linkgate.entry_history(store, *entry)
    if told is None:
        raise linkgate.UsageError("no version that the store keeps has this entry: see `linkgate lists history`")
    said = [each for each in linkgate.OpinionFile.of(found).read() if each.key == entry]
    opinions = msgspec.to_builtins(said)
    if as_json:
        print_json(told.as_dict() | {"opinions": opinions})
        return exits.CLEAR
    shown = {
        "first": told.first and f"version {told.first} of {told.since}",
        "last": told.last and f"version {told.last} of {told.until}{', the current one' if told.is_current else ''}",
        "changed": " ".join(f"version {number}" for number in told.changed),
        "scope": told.scope,
        "category": told.category,
        "held back": told.quarantined,
    }
    rows = [(name, printable(str(value))) for name, value in shown.items() if value]
    rows += [("opinion", printable(f"{each.opinion} at {each.at} by {each.by}: {each.reason}")) for each in said]
    print_block(printable(f"entry {told.entry} of list {told.list}"), rows)
    return exits.CLEAR
