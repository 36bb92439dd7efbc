"""Hits for the publisher of a list: how often its entries matched, by week, in steps that hide single messages.

An entry that fewer than ten different messages met is left out, so nobody can be told by their one message; the totals
of the whole list are exact. Dead entries were never met and are unchanged for so many weeks: out of the record and the
versions of the store alone, nothing is asked of any page (law 10).

>>> [step(number) for number in (0, 1, 9, 10, 99, 100, 5000)]
['0', '1-9', '1-9', '10-99', '10-99', '100+', '100+']
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkgate.decisions.decision_report import Records
from linkgate.decisions.log import day_of, files
from linkgate.decisions.private_database import PrivateDatabase
from linkgate.decisions.review import kept_reviews
from linkgate.decisions.sightings import says_something
from linkgate.lists.diff import entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from linkgate.core.index.entry import Entry
    from linkgate.decisions.record import Decision
    from linkgate.lists.publisher_ids import PublisherId
    from linkgate.lists.store import Store

LEAST = 10
"""Messages that an entry must have met, to be told of."""

_STEPS = ((100, "100+"), (10, "10-99"), (1, "1-9"), (0, "0"))


def step(number: int) -> str:
    """The step in which a number of messages is told."""
    return next(name for least, name in _STEPS if number >= least)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedHits:
    """entries: of each that is told of, the step of each week. dead: ids; None where record or store are too young.

    messages, matches: of the whole list, exact. hidden: entries that were met, by too few messages.
    """

    list: str
    weeks: tuple[str, ...]
    entries: Mapping[str, tuple[str, ...]]
    messages: int
    matches: int
    hidden: int
    dead: tuple[str, ...] | None


def shared_hits(  # noqa: PLR0913  # the list, the span
    folder: Path, store: Store, name: str, *, first: dt.date, last: dt.date, dead_weeks: int
) -> SharedHits:
    """The hits of a list in a span of days. UsageError, StoreError, SnapshotError where something cannot be read."""
    weeks = list(dict.fromkeys(_week(first + dt.timedelta(days=day)) for day in range((last - first).days + 1)))
    reviews = {each.decision: each.verdict for each in kept_reviews(folder)}
    with closing(PrivateDatabase()) as database:
        database.run("create table met (entry text, week text, message text); begin")
        found = (each for each in Records(folder, first=first, last=last) if each.list == name)
        kept = (each for each in found if says_something(each.kind, each.held, reviews.get(each.decision)))
        database.put("insert into met values (?, ?, ?)", map(_row, kept))
        ((messages, matches),) = database.rows("select count(distinct message), count(*) from met")
        query = "select entry, count(distinct message) from met group by entry"
        told = {entry for entry, number in database.rows(query) if number >= LEAST}
        ((all_met,),) = database.rows("select count(distinct entry) from met")
        counts: dict[str, dict[str, int]] = {entry: {} for entry in sorted(told)}
        for entry, week, number in database.rows(f"{query.replace('select entry', 'select entry, week')}, week"):
            if entry in told:
                counts[entry][week] = number
    steps = {entry: tuple(step(found.get(week, 0)) for week in weeks) for entry, found in counts.items()}
    dead = _dead(folder, store, name, last=last, weeks=dead_weeks)
    return SharedHits(
        list=name,
        weeks=tuple(weeks),
        entries=steps,
        messages=messages,
        matches=matches,
        hidden=all_met - len(told),
        dead=dead,
    )


def _row(each: Decision) -> tuple[str, str, str]:
    return each.entry, _week(dt.date.fromisoformat(each.day)), each.message or each.decision


def _week(day: dt.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _dead(folder: Path, store: Store, name: str, *, last: dt.date, weeks: int) -> tuple[str, ...] | None:
    """Entries that are the same as so many weeks ago, and were not met since; None where nobody knows."""
    cutoff = last - dt.timedelta(weeks=weeks)
    old = [version for version in store.versions() if version.created[:10] <= cutoff.isoformat()]
    if not old or not any(day_of(path) <= cutoff.isoformat() for path in files(folder)):
        return None
    then = set(_entries(store, old[-1].id, name))
    same = {entry.id for entry in _entries(store, store.current.id, name) if entry in then}
    for each in Records(folder, first=cutoff, last=last):
        if each.list == name:
            same.discard(each.entry)
    return tuple(sorted(same))


def _entries(store: Store, version: int, name: str) -> Iterator[Entry]:
    return (entry for entry in entries_of(store, version) if entry.list == name and not entry.allow)


def hits_file(hits: SharedHits, names: Mapping[str, PublisherId], *, checksum: str) -> bytes:
    """The file for the publisher: its own ids, or lines of the file with this checksum; of entries it still has."""

    def called(entry: str) -> dict[str, Any]:
        name = names[entry]
        return {"id": name.id} if name.id is not None else {"line": name.line}

    told = {
        "form": "linkgate-hits-1",
        "list": hits.list,
        "list_sha256": checksum,
        "weeks": hits.weeks,
        "messages": hits.messages,
        "matches": hits.matches,
        "entries": [called(entry) | {"steps": steps} for entry, steps in hits.entries.items() if entry in names],
        "entries_hidden": hits.hidden,
        "dead": None if hits.dead is None else [called(entry) for entry in hits.dead if entry in names],
    }
    return json.dumps(told).encode()
