"""`linkgate lists history`: the versions that the store keeps."""

from __future__ import annotations

import click

from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import (
    history_rows,
    open_store,
    print_rows,
)


@click.command("history", epilog=options.STORE_CODES)
@options.config
@options.as_json
def command(*, config: str, as_json: bool) -> int:
    """Show the versions that the store keeps, oldest first."""
    _, store = open_store(config)
    manifest = store.manifest()
    rows = [
        {
            "version": version.id,
            "current": version.id == manifest.current,
            "created": version.created,
            "snapshot": version.snapshot,
            "entries": version.entries,
            "lists": {state.name: state.entries for state in version.lists},
        }
        for version in manifest.versions
    ]
    return print_rows({"versions": rows}, history_rows(rows), as_json=as_json)
