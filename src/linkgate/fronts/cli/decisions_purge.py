"""`linkgate decisions purge`: remove old days of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import DAY, day, keep_from, record_settings, seal_key
from linkgate.fronts.show import count, print_json

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


@click.command("purge", epilog=options.STORE_CODES)
@click.option(
    "--before", metavar="DAY", type=DAY, help="Remove the days before it; `keep` of the configuration if absent."
)
@click.option("--accounts", is_flag=True, help="Remove who posted, and leave the decisions; all days without --before.")
@options.config
@options.as_json
def command(*, before: dt.datetime | None, accounts: bool, config: str, as_json: bool) -> int:
    """Remove decisions that are older than they may be. A running gate does so itself, once an hour."""
    record = record_settings(config)
    if accounts:
        return _accounts(record.path, day(before), as_json=as_json)
    limit = day(before) or keep_from(record)
    if limit is None:
        raise linkgate.UsageError(f"{config} keeps decisions forever: name a day with --before")
    try:
        done = linkgate.purge_decisions(record.path, before=limit.isoformat(), key=seal_key(record))
    except FileNotFoundError:  # no gate has written yet; any other fault is told, for then nothing was removed
        done = linkgate.Purged(0, 0)
    told: dict[str, Any] = {"before": limit.isoformat(), "files": done.files, "bytes": done.octets}
    if as_json:
        print_json(told)
    else:
        click.echo(f"{count(done.files, 'file')} of days before {limit} removed ({done.octets:,} bytes)")
    return exits.CLEAR


def _accounts(folder: Path, before: dt.date | None, *, as_json: bool) -> int:
    """Remove the pseudonyms of the days before a day, or of all."""
    number = linkgate.purge_actors(folder, before=before.isoformat() if before else "9")
    if as_json:
        print_json({"before": before.isoformat() if before else None, "files": number})
    else:
        click.echo(f"{count(number, 'file')} of accounts removed; the decisions stay")
    return exits.CLEAR
