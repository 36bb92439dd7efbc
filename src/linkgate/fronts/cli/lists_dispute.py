"""`linkgate lists dispute`: say that an entry is wrong."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, now, reason
from linkgate.fronts.cli.opinion_options import add_opinion, entry


@click.command("dispute", epilog=options.STORE_CODES)
@entry
@reason
@by
@options.config
@options.as_json
def command(*, entry: tuple[str, str], reason: str, by: str, config: str, as_json: bool) -> int:
    """Say that an entry is wrong. When so many people do as `[feedback] wrong` says, it asks for less."""
    opinion = linkgate.Opinion(list=entry[0], entry=entry[1], opinion="disputed", by=by, at=now(), reason=reason)
    add_opinion(linkgate.load_config(config), opinion, as_json=as_json)
    return exits.CLEAR
