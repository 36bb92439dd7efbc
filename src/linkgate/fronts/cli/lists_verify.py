"""`linkgate lists verify`: read every file of the store."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import (
    open_store,
    print_rows,
)
from linkgate.fronts.show import count, say


@click.command("verify", epilog=options.STORE_CODES)
@options.config
@options.as_json
def command(*, config: str, as_json: bool) -> int:
    """Read every file of the store: what is damaged, missing, or open to others."""
    _, store = open_store(config)
    findings = linkgate.verify(store)
    told = [{"place": finding.place, "problem": finding.problem} for finding in findings]
    good = [] if findings else [f"all is well: {count(len(store.versions()), 'version')}"]
    print_rows({"ok": not findings, "findings": told}, good, as_json=as_json)
    for finding in findings:
        say(f"{store.path}: {finding.place}: {finding.problem}")
    return exits.UNSURE if findings else exits.CLEAR
