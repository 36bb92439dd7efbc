"""`linkgate feedback hits`: tell a publisher how often its entries matched, in steps."""

from __future__ import annotations

import datetime as dt

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import day, first_day, last_day, record_of
from linkgate.fronts.cli.store_rows import open_store
from linkgate.fronts.private_file import write_private
from linkgate.fronts.show import count, print_json, say

_USUAL = dt.timedelta(weeks=12)


@click.command("hits", epilog=options.STORE_CODES)
@click.argument("name", metavar="LIST")
@click.option("-o", "--output", metavar="FILE", type=options.PATH, required=True, help="Write there; never overwrites.")
@first_day
@last_day
@click.option(
    *("--dead-after", "dead_weeks"),
    metavar="WEEKS",
    type=click.IntRange(1, 520),
    default=12,
    show_default=True,
    help="An entry that nobody posted and that is unchanged for so long is dead.",
)
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    name: str,
    output: str,
    first: dt.datetime | None,
    last: dt.datetime | None,
    dead_weeks: int,
    config: str,
    as_json: bool,
) -> int:
    """Write how often a list's entries matched: by week, in steps of 0, 1-9, 10-99, 100+; of the last twelve weeks.

    Only with `share_hits = true` of the list. Entries that fewer than ten messages met are left out; totals are
    exact. There is no address in it, no message and no account.
    """
    found, store = open_store(config)
    (source,) = found.named((name,))
    if not source.share_hits:
        raise linkgate.UsageError(f"{name} does not share its hits: set share_hits = true in its [[list]]")
    end = day(last) or dt.datetime.now(dt.UTC).date()
    begin = day(first) or end - _USUAL
    hits = linkgate.shared_hits(record_of(config), store, name, first=begin, last=end, dead_weeks=dead_weeks)
    names, checksum = linkgate.publisher_ids(store, source, {*hits.entries, *(hits.dead or ())})
    write_private(output, linkgate.hits_file(hits, names, checksum=checksum))
    dead = None if hits.dead is None else len(hits.dead)
    if as_json:
        told = {"entries": len(hits.entries), "entries_hidden": hits.hidden, "messages": hits.messages, "dead": dead}
        print_json(told)
    else:
        shown = f"{count(len(hits.entries), 'entry')} told, {count(hits.hidden, 'entry')} hidden"
        click.echo(f"{output}: {count(hits.messages, 'message')}; {shown}")
    if dead is None:
        say(f"record or store are younger than {count(dead_weeks, 'week')}: nobody knows which entries are dead")
    return exits.CLEAR
