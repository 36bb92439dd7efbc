"""`linkgate lists diff`: what changed between two versions."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import (
    change_rows,
    open_store,
    print_rows,
)


@click.command("diff", epilog=options.STORE_CODES)
@click.argument("before", metavar="A", type=int)
@click.argument("after", metavar="B", type=int)
@options.config
@options.as_json
def command(*, before: int, after: int, config: str, as_json: bool) -> int:
    """Show which entries came and went between two versions, by list and entry id."""
    _, store = open_store(config)
    changes = linkgate.diff(store, before, after)
    told = [{"list": each.list, "added": list(each.added), "removed": list(each.removed)} for each in changes]
    return print_rows({"before": before, "after": after, "lists": told}, change_rows(changes), as_json=as_json)
