"""`linkgate lists status`: how the store stands."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import (
    open_store,
    print_rows,
    status_rows,
)


@click.command("status", epilog=options.STORE_CODES)
@options.config
@options.as_json
def command(*, config: str, as_json: bool) -> int:
    """Say how the store stands: version, age of each list, and what needs attention."""
    found, store = open_store(config)
    told = linkgate.status(found, store)
    disputed = sorted(linkgate.disputed_entries(found))
    rows = [
        *status_rows(told),
        *(f"  {name}: entry {entry} was called wrong, and asks for less" for name, entry in disputed),
    ]
    entries = [{"list": name, "entry": entry} for name, entry in disputed]
    print_rows(told.as_dict() | {"disputed": entries}, rows, as_json=as_json)
    return exits.CLEAR if told.ok else exits.UNSURE
