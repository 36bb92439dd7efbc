"""`linkgate decisions report` and `purge`."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.show import count, print_json, printable, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from linkgate import DecisionReport

_HEADS = ("day", "list", "kind", "action", "matches")


def report(*, first: dt.datetime | None, last: dt.datetime | None, as_csv: bool, config: str, as_json: bool) -> int:
    """Count, and print as table, JSON or CSV."""
    if as_csv and as_json:
        raise linkgate.UsageError("--csv and --json: choose one")
    told = linkgate.count_decisions(record_of(config), first=day(first), last=day(last))
    if as_json:
        print_json(told.as_dict())
    elif as_csv:
        click.echo(_csv(told), nl=False)
    else:
        click.echo("\n".join(_table(told)))
    if told.torn:
        say(f"{count(told.torn, 'line')} of the record cannot be read, as a killed process or a full disk leaves them")
    return exits.CLEAR


def record_of(config: str) -> Path:
    """The folder of the decisions; UsageError where none is configured."""
    record = linkgate.load_config(config).policy.record
    if record is None:
        raise linkgate.UsageError(f"{config} has no [decisions], so nothing is recorded: add the table")
    return record.path


def day(moment: dt.datetime | None) -> dt.date | None:
    """The day of an option."""
    return moment.date() if moment else None


def _csv(told: DecisionReport) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = [row.as_dict() for row in told.rows]
    writer.writerow(["day", "list", "kind", "action", "shadow", "matches"])
    writer.writerows(
        [str(value).lower() if isinstance(value, bool) else value for value in row.values()] for row in rows
    )
    return text.getvalue()


def _table(told: DecisionReport) -> Iterator[str]:
    rows = [
        (row.day or "all", row.list, row.kind, row.action + (" (shadow)" if row.shadow else ""), f"{row.matches:,}")
        for row in (*told.rows, *told.totals())
    ]
    if not rows:
        yield "no decision on record in this span"
        return
    yield from lined_up([_HEADS, *rows])
    yield count_matches(told.matches)


def count_matches(number: int) -> str:
    """`1 match`, `2 matches`."""
    return f"{number:,} match{'' if number == 1 else 'es'}"


def lined_up(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Rows in columns, the last one to the right.

    >>> list(lined_up([("list", "matches"), ("demo", "7")]))
    ['list  matches', 'demo        7']
    """
    rows = [tuple(printable(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        *left, right = zip(row, widths, strict=True)
        yield "  ".join([*(f"{cell:<{width}}" for cell, width in left), f"{right[0]:>{right[1]}}"])


def purge(*, before: dt.datetime | None, config: str, as_json: bool) -> int:
    """Remove old days."""
    folder = record_of(config)
    record = linkgate.load_config(config).policy.record
    limit = day(before)
    if limit is None and record is not None and record.keep is not None:
        limit = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=record.keep)
    if limit is None:
        raise linkgate.UsageError(f"{config} keeps decisions forever: name a day with --before")
    try:
        done = linkgate.purge_decisions(folder, before=limit.isoformat())
    except FileNotFoundError:  # no gate has written yet; any other fault is told, for then nothing was removed
        done = linkgate.Purged(0, 0)
    told: dict[str, Any] = {"before": limit.isoformat(), "files": done.files, "bytes": done.octets}
    if as_json:
        print_json(told)
    else:
        click.echo(f"{count(done.files, 'file')} of days before {limit} removed ({done.octets:,} bytes)")
    return exits.CLEAR
