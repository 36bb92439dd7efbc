"""`linkgate decisions statements`: statements of reasons for the DSA Transparency Database, as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import day, first_day, last_day, record_settings
from linkgate.fronts.private_file import write_private
from linkgate.fronts.show import count, print_json

if TYPE_CHECKING:
    import datetime as dt

_MOST = 100
"""Statements in one request, as the database takes them."""


@click.command("statements", epilog=options.STORE_CODES)
@first_day
@last_day
@click.option("-o", "--output", metavar="FILE", type=options.NEW, required=True, help="Write there; never overwrites.")
@options.config
@options.as_json
def command(*, first: dt.datetime | None, last: dt.datetime | None, output: str, config: str, as_json: bool) -> int:
    """Write a statement for each decision with an effect: blocked, or reviewed and confirmed. Nothing is sent.

    Each line is the body of one request, a hundred statements at most, in the words of `[dsa.category.NAME]`.
    """
    templates = linkgate.load_config(config).dsa
    if not templates:
        raise linkgate.UsageError(f"{config} has no [dsa.category.NAME]: add what a statement says of each category")
    rows = list(linkgate.statements(record_settings(config).path, templates, first=day(first), last=day(last)))
    lines = [json.dumps({"statements": rows[at : at + _MOST]}) + "\n" for at in range(0, len(rows), _MOST)]
    write_private(output, "".join(lines).encode())
    if as_json:
        print_json({"statements": len(rows), "requests": len(lines)})
    else:
        click.echo(f"{output}: {count(len(rows), 'statement')} in {count(len(lines), 'request')}")
    return exits.CLEAR
