"""What the commands of `linkgate decisions` share: the span of days, the folder of the record, columns of text."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts.show import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from linkgate import RecordConfig

    Decorator = Callable[[Any], Any]

DAY = click.DateTime(["%Y-%m-%d"])
first_day: Decorator = click.option(
    "--from", "first", metavar="DAY", type=DAY, help="First day, as in 2026-01-31 (UTC)."
)
last_day: Decorator = click.option("--to", "last", metavar="DAY", type=DAY, help="Last day.")


def record_of(config: str) -> Path:
    """The folder of the decisions; UsageError where none is configured."""
    return record_settings(config).path


def record_settings(config: str) -> RecordConfig:
    """What `[decisions]` says; UsageError where it is not there."""
    record = linkgate.load_config(config).policy.record
    if record is None:
        raise linkgate.UsageError(f"{config} has no [decisions], so nothing is recorded: add the table")
    return record


def keep_from(record: RecordConfig) -> dt.date | None:
    """The first day that the configuration keeps; None for all."""
    return None if record.keep is None else dt.datetime.now(dt.UTC).date() - dt.timedelta(days=record.keep)


def seal_key(record: RecordConfig) -> bytes | None:
    """The private key of the seals, where it is configured and at hand."""
    env = record.seal_key_env
    return linkgate.seal_key(env) if env and os.environ.get(env) else None


def day(moment: dt.datetime | None) -> dt.date | None:
    """The day of an option."""
    return moment.date() if moment else None


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
