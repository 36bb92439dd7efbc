"""`linkgate decisions verify`: name what of the record was altered since it was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import keep_from, record_settings, seal_key
from linkgate.fronts.show import count, print_json, printable, say

if TYPE_CHECKING:
    from linkgate import CustodyReport


_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@click.command("verify", epilog=options.STORE_CODES)
@click.option("--public-key", metavar="KEY", help="What `seal` told; without it, that of the configured private key.")
@click.option("--last-seal", metavar="HASH", help="What `seal` told and you kept elsewhere: it must still be there.")
@options.config
@options.as_json
def command(*, public_key: str | None, last_seal: str | None, config: str, as_json: bool) -> int:
    """Check chains and seals: name file, line and writer of what was edited, removed, reordered or inserted."""
    record = record_settings(config)
    public = linkgate.read_public_key(public_key) if public_key else None
    if public is None and (key := seal_key(record)):
        public = linkgate.public_key(key)
    if last_seal is not None and not _HASH.fullmatch(last_seal):
        raise linkgate.UsageError(
            "this is no hash of a seal: `linkgate decisions seal` tells it, 64 hexadecimal digits"
        )
    kept = keep_from(record)
    told = linkgate.verify_decisions(record.path, keep_from=kept, public=public, kept_seal=last_seal)
    if as_json:
        print_json(told.as_dict() | {"signatures": public is not None})
    else:
        _print(told)
    if told.sealed and public is None:
        say("the signatures of the seals were not checked: give --public-key")
    return exits.CLEAR if told.ok else exits.UNSURE


def _print(told: CustodyReport) -> None:
    for each in told.alterations:
        click.echo(printable(str(each)))
    if told.changed > len(told.alterations):
        click.echo(f"and {count(told.changed - len(told.alterations), 'other')}")
    torn = f", {count(told.torn, 'torn line')}" if told.torn else ""
    bare = f", {count(told.unchained, 'line')} of an older linkgate without a chain" if told.unchained else ""
    files = f"{count(told.sealed, 'file')} sealed, {told.unsealed:,} not"
    state = f"{count(told.changed, 'line')} changed" if told.changed else "nothing was changed"
    click.echo(f"{count(told.lines, 'line')} of {count(told.writers, 'writer')}{torn}{bare}; {files}: {state}")
