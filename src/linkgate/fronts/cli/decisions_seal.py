"""`linkgate decisions seal`: sign what the files of days that are over hold."""

from __future__ import annotations

import datetime as dt

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import record_settings
from linkgate.fronts.show import count, print_json


@click.command("seal", epilog=options.STORE_CODES)
@options.config
@options.as_json
def command(*, config: str, as_json: bool) -> int:
    """Seal each file of a day that is over, once; for a timer. `linkgate decisions verify` checks the seals.

    The private key is in the environment variable that `seal_key_env` of `[decisions]` names.
    """
    record = record_settings(config)
    if record.seal_key_env is None:
        raise linkgate.UsageError(f"{config} names no key: set seal_key_env in [decisions]")
    key = linkgate.seal_key(record.seal_key_env)
    made = linkgate.seal_decisions(record.path, key, now=dt.datetime.now(dt.UTC))
    public, last = linkgate.public_key(key).hex(), linkgate.last_seal(record.path)
    if as_json:
        files = [{"file": seal.file, "lines": seal.lines, "root": seal.root} for seal in made]
        print_json({"sealed": files, "public_key": public, "last_seal": last})
    else:
        click.echo(f"{count(len(made), 'file')} sealed; last seal {last or 'none'}; public key {public}")
    return exits.CLEAR
