"""`linkgate cases export`: write a case as a file for somebody who reports it."""

from __future__ import annotations

from pathlib import Path

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, now, store_of
from linkgate.fronts.private_file import write_private
from linkgate.fronts.show import count, print_json, say

_FORMS = ("coop", "hotline", "nca", "ncmec", "neutral")


@click.command("export", epilog=options.STORE_CODES)
@click.argument("case_id", metavar="CASE")
@click.option("--as", "form", type=click.Choice(_FORMS), required=True, help="For whom.")
@click.option("-o", "--output", metavar="FILE", type=options.NEW, required=True, help="Write there; never overwrites.")
@click.option("--subsequent-of", metavar="REPORT", help="The report that this one follows.")
@click.option("--priority", metavar="TEXT", help="Why it is urgent.")
@click.option(
    "--with",
    "facts",
    metavar="FILE",
    type=options.PATH,
    help="JSON of what only the platform knows: who posted it, from where.",
)
@by
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    case_id: str,
    form: str,
    output: str,
    subsequent_of: str | None,
    priority: str | None,
    facts: str | None,
    by: str,
    config: str,
    as_json: bool,
) -> int:
    """Write a case to a file and say what is missing in it, which only the platform has. Nothing is sent.

    All but `hotline` hold the links as they were posted.
    """
    found = linkgate.load_config(config)
    known = linkgate.PlatformFacts() if facts is None else _facts(facts)
    store = store_of(config)
    event = linkgate.CaseEvent(what="exported", at=now(), by=by, form=form)
    case = store.read(case_id, by=by, act=f"export, {form}")
    notes = linkgate.ExportNotes(subsequent_of=subsequent_of, priority=priority, facts=known)
    export = linkgate.exported(case, form, found.reporter, notes)
    write_private(output, export.data)
    store.change(case_id, event)
    if as_json:
        print_json({"case": case_id, "form": form, "missing": list(export.missing)})
    else:
        click.echo(f"{output}: case {case_id}, {count(len(case.decisions), 'decision')}")
        for each in export.missing:
            say(f"missing: {each}")
    return exits.CLEAR


def _facts(path: str) -> linkgate.PlatformFacts:
    """What the platform knows, from a file. UsageError."""
    try:
        return linkgate.read_facts(Path(path).read_bytes(), name=path)
    except OSError as error:
        raise linkgate.UsageError(exits.os_sentence(error, name=path)) from None
