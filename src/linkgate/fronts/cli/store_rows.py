"""What the commands of `linkgate lists` print: a line for each list, version and change; names, counts, ids alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import linkgate
from linkgate.fronts import exits
from linkgate.fronts.show import count, print_json, printable, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linkgate import Change, Config, ListStatus, Outcome, Status, Store, Update

_SHOWN = 20
"""Entry ids in one line; JSON has them all."""
_LINES = 5
"""Rejected lines; JSON has more."""


def outcome_row(outcome: Outcome) -> str:
    """One list after an update.

    >>> import linkgate
    >>> outcome_row(linkgate.Outcome(list="demo", state="kept", reason="shrank", entries=2, rejected=1, stale=True))
    'demo: kept (2 entries, 1 rejected), over its max_age: shrank'
    """
    counts = _counts(outcome.entries, outcome.rejected, outcome.quarantined)
    stale = ", over its max_age" if outcome.stale else ""
    reason = f": {outcome.reason}" if outcome.reason else ""
    return f"{outcome.list}: {outcome.state}{counts}{stale}{reason}"


def _counts(entries: int | None, rejected: int | None, quarantined: int | None) -> str:
    if entries is None:
        return ""
    refused = [
        f"{number:,} {word}" for number, word in ((rejected, "rejected"), (quarantined, "quarantined")) if number
    ]
    return f" ({', '.join([count(entries, 'entry'), *refused])})"


def status_rows(told: Status) -> Iterator[str]:
    """A store: its version, its lists, the quarantined entries."""
    version = told.version
    sealed = ", encrypted" if told.encrypted else ""
    if version is None:
        yield f"no version yet{sealed}: run `linkgate lists update`"
    else:
        yield f"version {version.id} of {version.created}: {count(version.entries, 'entry')}{sealed}"
    for each in told.lists:
        yield f"  {each.list}: {_standing(each)}"
        for entry in each.quarantine[:_SHOWN]:
            yield f"    quarantined: entry {entry.id} (line {entry.line}), {entry.reason}"
        for line in each.refused[:_LINES]:
            yield f"    rejected: line {line.line}, {line.reason}"


def _standing(each: ListStatus) -> str:
    counts = _counts(each.entries, each.rejected, each.quarantined)
    age = "never fetched" if each.age is None else f"checked {_ago(each.age)} ago"
    faults = [
        *(["over its max_age"] if each.stale else []),
        *([f"last attempt failed: {each.error}"] if each.error else []),
        *([f"held back: {each.held}"] if each.held else []),
    ]
    return f"{age}{counts}" + "".join(f"; {fault}" for fault in faults)


def _ago(seconds: int) -> str:
    """A time as people say it.

    >>> _ago(59), _ago(7200), _ago(200000)
    ('59 s', '2 h', '2 d')
    """
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def history_rows(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Versions, the current one marked."""
    for row in rows:
        mark = "*" if row["current"] else " "
        lists = ", ".join(f"{name} {number:,}" for name, number in row["lists"].items())
        entries = count(row["entries"], "entry")
        yield f"{mark} {row['version']}  {row['created']}  {row['snapshot']}  {entries} ({lists})"
    if not rows:
        yield "no version yet: run `linkgate lists update`"


def change_rows(changes: Iterable[Change]) -> Iterator[str]:
    """What came and what went, list by list."""
    none = True
    for change in changes:
        none = False
        yield f"{change.list}: {len(change.added):,} added, {len(change.removed):,} removed"
        for sign, ids in (("+", change.added), ("-", change.removed)):
            if ids:
                yield f"  {sign} {' '.join(ids[:_SHOWN])}" + (" …" if len(ids) > _SHOWN else "")
    if none:
        yield "no difference"


def open_store(config: str) -> tuple[Config, Store]:
    """Open the configuration and its store. Raises UsageError, StoreError."""
    found = linkgate.load_config(config)
    return found, found.open_store()


def print_rows(told: dict[str, Any], rows: Iterable[str], *, as_json: bool) -> int:
    """Print an answer: JSON for programs, rows for people."""
    if as_json:
        print_json(told)
    else:
        for row in rows:
            click.echo(printable(row))
    return exits.CLEAR


def print_update(done: Update, *, as_json: bool, quiet: bool = False) -> int:
    """Good news on stdout, what needs attention on stderr: a timer may mail that."""
    good = [outcome_row(outcome) for outcome in done.outcomes if outcome.ok]
    if done.version is not None:
        new = "new version" if done.published else "version"
        good.append(
            f"{new} {done.version.id}: {count(done.version.entries, 'entry')}, snapshot {done.version.snapshot}"
        )
    if not (quiet and done.ok):
        print_rows(done.as_dict(), [] if quiet else good, as_json=as_json)
    for outcome in done.outcomes:
        if not outcome.ok:
            say(f"list {outcome_row(outcome)}")
    for remark in done.remarks:
        say(remark)
    if done.version is None:
        say("nothing was published: no list could be used")
    return exits.CLEAR if done.ok else exits.UNSURE
