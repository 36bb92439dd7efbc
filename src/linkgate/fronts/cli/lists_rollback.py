"""`linkgate lists rollback`: make another version the current one."""

from __future__ import annotations

import click

from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import (
    open_store,
    print_rows,
)
from linkgate.fronts.show import count


@click.command("rollback", epilog=options.STORE_CODES)
@click.argument("version", type=int)
@options.config
@options.as_json
def command(*, version: int, config: str, as_json: bool) -> int:
    """Make another version the current one.

    Files that it takes back are not taken again; `accept` with the list's name takes them after all.
    """
    _, store = open_store(config)
    now = store.rollback(version)
    told = {"version": now.id, "snapshot": now.snapshot, "entries": now.entries}
    return print_rows(told, [f"version {now.id} is current: {count(now.entries, 'entry')}"], as_json=as_json)
