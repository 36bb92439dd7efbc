"""`linkgate decisions report`: count decisions by day, list, kind and action."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.cli import options
from linkgate.fronts.cli.decision_options import day, first_day, keep_from, last_day, lined_up, record_settings
from linkgate.fronts.show import count, print_json, printable, say
from linkgate.fronts.spreadsheet import cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linkgate import DecisionReport, ListsUsed


_HEADS = ("day", "list", "kind", "action", "matches")


@click.command("report", epilog=options.STORE_CODES)
@first_day
@last_day
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@options.config
@options.as_json
def command(*, first: dt.datetime | None, last: dt.datetime | None, as_csv: bool, config: str, as_json: bool) -> int:
    """Count the matches of a span of days by day, list, kind and action."""
    if as_csv and as_json:
        raise linkgate.UsageError("--csv and --json: choose one")
    record = record_settings(config)
    told = linkgate.count_decisions(record.path, first=day(first), last=day(last), keep_from=keep_from(record))
    used = _used(config, told)
    if as_json:
        listed = {"listed": None, "versions": None} if used is None else _used_as_dict(used)
        print_json(told.as_dict() | listed)
    elif as_csv:
        click.echo(_csv(told), nl=False)
    else:
        click.echo("\n".join(_table(told, used)))
    if told.torn:
        say(f"{count(told.torn, 'line')} of the record cannot be read, as a killed process or a full disk leaves them")
    if told.changed:
        say(f"{count(told.changed, 'line')} changed since they were written: `linkgate decisions verify` names them")
    return exits.UNSURE if told.changed else exits.CLEAR


def _shown(value: object) -> object:
    return cell(value) if isinstance(value, str) else value


def _csv(told: DecisionReport) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = [row.as_dict() for row in told.rows]
    writer.writerow(["day", "list", "kind", "action", "shadow", "matches"])
    writer.writerows(
        [str(value).lower() if isinstance(value, bool) else _shown(value) for value in row.values()] for row in rows
    )
    return text.getvalue()


def _used(config: str, told: DecisionReport) -> ListsUsed | None:
    """Versions and entries of the store; None where it is not at hand, as on a machine that has the record alone."""
    try:
        return linkgate.lists_used(linkgate.load_config(config).open_store(), told.snapshots)
    except linkgate.LinkgateError:
        return None


def _used_as_dict(used: ListsUsed) -> dict[str, object]:
    return {"listed": dict(used.listed), "versions": [each.as_dict() for each in used.versions]}


def _table(told: DecisionReport, used: ListsUsed | None) -> Iterator[str]:
    rows = [
        (row.day or "all", row.list, row.kind, row.action + (" (shadow)" if row.shadow else ""), f"{row.matches:,}")
        for row in (*told.rows, *told.totals())
    ]
    if not rows:
        yield "no decision on record in this span"
        return
    yield from lined_up([_HEADS, *rows])
    listed = {} if used is None else used.listed
    matched = [f"{name} {number:,}" + _of(listed.get(name)) for name, number in told.matched.items()]
    yield f"{count(told.entries, 'entry')} matched ({', '.join(matched)}); by surface: {_spoken(told.surfaces)}"
    if used is not None:
        numbers = sorted({each.version for each in used.versions if each.version is not None})
        gone = len({each.snapshot for each in used.versions if each.version is None})
        named = ", ".join(map(str, numbers)) or "none that the store still has"
        yield f"decided by versions: {named}" + (
            f", and {count(gone, 'snapshot')} that the store let go" if gone else ""
        )
    if told.delays["known"]:
        yield _late(told.delays)
    if told.reviews:
        yield f"reviewed: {_spoken(told.reviews)}"
    yield count_matches(told.matches)


def _of(listed: int | None) -> str:
    return "" if listed is None else f" of {listed:,}"


def _late(delays: Mapping[str, float | None]) -> str:
    """The time from post to decision, for people."""
    median, most = (f"{dt.timedelta(seconds=delays[part] or 0)}" for part in ("median", "p90"))
    return f"from post to decision: half within {median}, nine of ten within {most} ({delays['known']:,.0f} known)"


def _spoken(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{printable(name)} {number:,}" for name, number in counts.items())


def count_matches(number: int) -> str:
    """`1 match`, `2 matches`."""
    return f"{number:,} match{'' if number == 1 else 'es'}"
