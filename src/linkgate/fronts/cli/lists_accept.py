"""`linkgate lists accept`: take what was held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import linkgate
from linkgate import Store
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import (
    open_store,
    print_rows,
    print_update,
)
from linkgate.fronts.show import count

if TYPE_CHECKING:
    from collections.abc import Iterable


@click.command("accept", epilog=options.STORE_CODES)
@click.argument("names", nargs=-1, required=True, metavar="LIST|ENTRY-ID...")
@click.option("--reason", metavar="TEXT", help="Who decided, and why; needed for entries.")
@options.config
@options.as_json
def command(*, names: tuple[str, ...], reason: str | None, config: str, as_json: bool) -> int:
    """Take what was held back: the file of a list as it is, or quarantined entries by their ids.

    Entries are noted in the configuration with the reason, and come with the next update.
    """
    found, store = open_store(config)
    known = {source.name for source in found.sources}
    lists = tuple(name for name in names if name in known)
    entries = [name for name in names if name not in known]
    _check_quarantined(store, entries)
    if entries and not reason:
        raise linkgate.UsageError("an entry is accepted with a --reason: who decided, and why")
    for entry in entries:
        found = linkgate.add_acceptance(config, entry, reason or "")
    if lists:
        return print_update(linkgate.accept(found, store, lists), as_json=as_json)
    row = f"{count(len(entries), 'entry')} noted in {config}; in use after `linkgate lists update`"
    return print_rows({"accepted": entries}, [row], as_json=as_json)


def _check_quarantined(store: Store, entries: Iterable[str]) -> None:
    """Only ids that were reported: a slip would accept what nobody has seen. It may be an address: not repeated."""
    version = store.manifest().version(None)
    held = {entry.id for state in (version.lists if version else ()) for entry in state.quarantine}
    if not held.issuperset(entries):
        raise linkgate.UsageError("no list of this name, no quarantined entry of this id: see `linkgate lists status`")
