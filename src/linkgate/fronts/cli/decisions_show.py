"""`linkgate decisions show`: all that is on record of one decision."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.show import print_block, print_json, printable


@click.command("show", epilog=options.STORE_CODES)
@click.argument("decision", metavar="ID")
@options.config
@options.as_json
def command(*, decision: str, config: str, as_json: bool) -> int:
    """Show which entry and list decided, how, what was asked and done, what reviewers said. No address, no text."""
    told = linkgate.shown_decision(linkgate.load_config(config), decision)
    if as_json:
        print_json(told)
        return exits.CLEAR
    review, opinions = told.pop("review"), told.pop("opinions")
    rows = [(name, _word(value)) for name, value in told.items() if value not in (None, [], False)]
    if review:
        overturned = ", overturned" if review["overturned"] else ""
        rows.append(("review", _word(f"{review['verdict']}{overturned} at {review['at']}{_by(review)}")))
    rows += [("opinion", _word(f"{each['opinion']} at {each['at']}{_by(each)}")) for each in opinions]
    print_block("decision", rows)
    return exits.CLEAR


def _word(value: object) -> str:
    return printable(" ".join(value) if isinstance(value, list) else str(value))


def _by(said: dict[str, str]) -> str:
    by = f" by {said['by']}" if said.get("by") else ""
    return f"{by}: {said['reason']}" if said.get("reason") else by
