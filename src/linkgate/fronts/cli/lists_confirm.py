"""`linkgate lists confirm`: say that an entry is right."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, now
from linkgate.fronts.cli.opinion_options import add_opinion, entry


@click.command("confirm", epilog=options.STORE_CODES)
@entry
@click.option("--reason", metavar="TEXT", default="", help="Why; it is written down.")
@by
@options.config
@options.as_json
def command(*, entry: tuple[str, str], reason: str, by: str, config: str, as_json: bool) -> int:
    """Say that an entry is right: it asks again for what its list asks for."""
    opinion = linkgate.Opinion(list=entry[0], entry=entry[1], opinion="confirmed", by=by, at=now(), reason=reason)
    add_opinion(linkgate.load_config(config), opinion, as_json=as_json)
    return exits.CLEAR
