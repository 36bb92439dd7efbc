"""`linkgate decisions overturn`: an appeal is granted."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, now, reason
from linkgate.fronts.show import print_json, say


@click.command("overturn", epilog=options.STORE_CODES)
@click.argument("decision", metavar="ID")
@reason
@by
@options.config
@options.as_json
def command(*, decision: str, reason: str, by: str, config: str, as_json: bool) -> int:
    """Put on record that a decision was wrong, and run `on_overturn` of `[decisions]` so that the platform restores.

    The command gets the decision as JSON on stdin: its id, that of the message, surface, list, entry.
    """
    found = linkgate.load_config(config)
    review = linkgate.overturn(found, decision, reason=reason, by=by, at=now())
    fault = linkgate.tell_platform(found, decision, review)
    told = bool(found.policy.record and found.policy.record.on_overturn and fault is None)
    if as_json:
        print_json({"decision": decision, "overturned": True, "platform_told": told})
    else:
        click.echo(f"decision {decision} overturned" + (", and the platform told" if told else ""))
    if fault is not None:
        say(fault)
    elif not told:
        say("nobody told the platform: set on_overturn in [decisions], or restore the message by hand")
    return exits.CLEAR if fault is None else exits.UNSURE
