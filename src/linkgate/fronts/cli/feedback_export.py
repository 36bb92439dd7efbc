"""`linkgate feedback export`: tell a publisher what people here think of its entries, as a file."""

from __future__ import annotations

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.store_rows import open_store
from linkgate.fronts.private_file import write_private
from linkgate.fronts.show import count, print_json, say

_FORMS = ("csv", "misp", "ncmec", "stopncii", "threatexchange")


@click.command("export", epilog=options.STORE_CODES)
@click.argument("name", metavar="LIST")
@click.option("-o", "--output", metavar="FILE", type=options.NEW, required=True, help="Write there; never overwrites.")
@click.option("--as", "form", type=click.Choice(_FORMS), default="csv", show_default=True, help="In whose words.")
@click.option("--reason-id", metavar="ID", help="For ncmec: which of its reasons a downvote names.")
@options.config
@options.as_json
def command(*, name: str, output: str, form: str, reason_id: str | None, config: str, as_json: bool) -> int:  # noqa: PLR0913
    """Write the opinions of a list's entries in its publisher's words: its own ids, or lines of its file.

    There is no address in it, no message, no account and nobody's name; reasons in which there is a link are left out.
    """
    found, store = open_store(config)
    (source,) = found.named((name,))
    said = [each for each in linkgate.OpinionFile.of(found).read() if each.list == name]
    names, checksum = linkgate.publisher_ids(store, source, {each.entry for each in said})
    rows = linkgate.feedback_of(said, names)
    asked = linkgate.FeedbackAsked(checksum=checksum, reason_id=reason_id)
    write_private(output, linkgate.feedback_file(rows, form, asked))
    gone = len({each.entry for each in said} - set(names))
    withheld = sum(row.withheld for row in rows)
    if as_json:
        print_json({"entries": len(rows), "not_listed": gone, "reasons_withheld": withheld})
    else:
        click.echo(f"{output}: {count(len(rows), 'entry')}")
    if gone:
        say(f"{count(gone, 'entry')} left out: not in the list any more")
    if withheld:
        say(f"{count(withheld, 'reason')} left out: there is a link or an account in them")
    return exits.CLEAR
