"""`linkgate cases show`: one case, with all that was done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, store_of, told
from linkgate.fronts.show import defang, print_json, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate import Case


@click.command("show", epilog=options.STORE_CODES)
@click.argument("case_id", metavar="CASE")
@options.show_urls
@by
@options.config
@options.as_json
def command(*, case_id: str, show_urls: bool, by: str, config: str, as_json: bool) -> int:
    """Show a case. That somebody looked is written down first. Links only with --show-urls, and defanged."""
    case = store_of(config).read(case_id, by=by, act="show, with links" if show_urls else "show")
    links = {name: defang(capture.link) for name, capture in case.captures.items() if capture.link} if show_urls else {}
    if as_json:
        print_json(case.summary() | ({"links": links} if show_urls else {}))
    else:
        click.echo("\n".join(printable(line) for line in _lines(case, links)))
    return exits.CLEAR


def _place(row: dict[str, Any]) -> str:
    return f"file {row['media']}" if row.get("media") else "link"


def _lines(case: Case, links: dict[str, str]) -> Iterator[str]:
    yield f"{told(case)}; opened by {case.by}: {case.reason}"
    for row in case.decisions:
        name = row["decision"]
        said = f", reviewed {case.reviews[name]}" if name in case.reviews else ""
        kept = "captured" if name in case.captures else "not captured"
        message = f", message {row['message']}" if row.get("message") else ""
        what = f"entry {row['entry']}, {row['kind']}, {row['action']}"
        yield f"  {row['time']}  decision {name}{message}: {what}{said}; {_place(row)} {links.get(name, kept)}"
    for event in case.events:
        why = f": {event.reason}" if event.reason else ""
        form = f" as {event.form}" if event.form else ""
        until = f" until {event.until}" if event.until else ""
        yield f"  {event.at}  {event.what}{form}{until} by {event.by}{why}"
