"""`linkgate cases open`: keep decisions for a report."""

from __future__ import annotations

import datetime as dt

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.case_options import by, reason, store_of, told, until
from linkgate.fronts.cli.decision_options import record_settings
from linkgate.fronts.show import count, print_json, say


@click.command("open", epilog=options.STORE_CODES)
@click.option("--decision", "decisions", multiple=True, metavar="ID", help="A decision; may be given several times.")
@click.option("--message", "messages", multiple=True, metavar="ID", help="All decisions on a message.")
@click.option(
    "--media",
    multiple=True,
    metavar="ALGORITHM=HEX,…",
    help="The digests of a file beside the message, as in md5=…,sha256=…; one --media a file.",
)
@reason
@until
@by
@options.config
@options.as_json
def command(  # noqa: PLR0913  # one argument an option
    *,
    decisions: tuple[str, ...],
    messages: tuple[str, ...],
    media: tuple[str, ...],
    reason: str,
    until: dt.datetime | None,
    by: str,
    config: str,
    as_json: bool,
) -> int:
    """Open a case: a copy of the decisions and of what was captured of them, encrypted, that no purge touches.

    It is held until the day given, or for as long as `hold` of `[cases]` says, or until it is released.
    """
    if not decisions and not messages:
        raise linkgate.UsageError("a case is about decisions: name them with --decision or --message")
    store, folder = store_of(config), record_settings(config).path
    files = [linkgate.read_digests(each) for each in media]
    rows = linkgate.find_decisions(folder, decisions=decisions, messages=messages)
    missing = {*decisions} - {row["decision"] for row in rows} | {*messages} - {row.get("message") for row in rows}
    if missing or not rows:
        raise linkgate.UsageError(f"not on record: {', '.join(sorted(missing))}; nothing was opened")
    ids = {row["decision"] for row in rows}
    reviews = {each.decision: each.verdict for each in linkgate.kept_reviews(folder) if each.decision in ids}
    actors = linkgate.find_actors(folder, ids, days={str(row["time"])[:10] for row in rows})
    case = store.open(
        rows, by=by, reason=reason, until=_last_day(config, until), reviews=reviews, actors=actors, media=files
    )
    if as_json:
        print_json(case.summary())
    else:
        click.echo(told(case))
        if len(case.captures) < len(rows):
            say(f"of {count(len(rows) - len(case.captures), 'decision')} nothing was captured: the link is not known")
    return exits.CLEAR


def _last_day(config: str, until: dt.datetime | None) -> str | None:
    """The last day of the hold; None where nobody says one."""
    if until is not None:
        return until.date().isoformat()
    cases = linkgate.load_config(config).cases
    if cases is None or cases.hold_days is None:
        return None
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=cases.hold_days)).isoformat()
