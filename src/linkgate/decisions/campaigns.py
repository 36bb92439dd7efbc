"""Campaigns: which entries many accounts posted within a short time, and which entries have mostly the same accounts.

All is counted by the database, so memory grows neither with accounts nor with messages. The most accounts within a
time are the most intervals that overlap: each sighting lasts until the account's next one, that time at most.

>>> hits = [{"actor": f"e1:{n}", "list": "demo", "entry": "1", "kind": "exact", "time": f"2026-01-0{n}T10:00:00Z"}
...         for n in range(1, 6)]
>>> [(row.actors, row.within) for row in campaigns_in(hits, min_actors=2, within=2 * 86400.0)]
[(5, 2)]
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.decisions.sightings import Sightings, closing, instant

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from linkgate.lists.surge import Key

    Entry = tuple[str, str]

_BURST = 600_000_000
"""Microseconds."""
_CANDIDATES = """
create index by_entry on sighted (list, entry, actor);
create table large as
    select list, entry from seen where counts group by list, entry having count(distinct actor) >= {least};
create unique index large_by on large (list, entry);
create table pair as select distinct large.rowid as entry, actor from large join seen
    on seen.list = large.list and seen.entry = large.entry and counts order by actor;
"""
_CAMPAIGNS = """
select list, entry, count(distinct actor), count(distinct message), count(distinct spelling),
       json_group_array(distinct steps), json_group_array(distinct surface) filter (where surface is not null),
       min(at), max(at)
from large join seen using (list, entry) where counts group by list, entry
"""
_MOST = """
with next as (
    select list, entry, at, lead(at) over (partition by list, entry, {name} order by at) as again
    from large join seen using (list, entry) where counts and at is not null
), change as (
    select list, entry, at as moment, 1 as step from next
    union all select list, entry, min(coalesce(again, at + ?1), at + ?1), -1 from next
), level as (
    select list, entry, sum(step) over (partition by list, entry order by moment, step
                                        rows between unbounded preceding and current row) as number from change
)
select list, entry, max(number) from level group by list, entry
"""
_SHARED = """
select one.entry, other.entry, count(*) as shared from pair as one
join pair as other on one.actor = other.actor and one.entry < other.entry
group by one.entry, other.entry having shared >= ?
"""


class CampaignRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that many accounts posted within a short time.

    actors: all; within: the most in any such time; burst: the most messages in ten minutes. cluster: the number of
    the group of entries whose accounts are mostly the same, None for one alone.
    """

    list: str
    entry: str
    actors: int
    within: int
    messages: int
    spellings: int
    steps: tuple[str, ...]
    burst: int
    surfaces: tuple[str, ...]
    first: str
    last: str
    cluster: int | None = None


def campaigns_of(  # noqa: PLR0913  # the span, the thresholds
    folder: Path,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    min_actors: int = 5,
    within: float = 86400.0,
    disputed: frozenset[Key] = frozenset(),
) -> tuple[CampaignRow, ...]:
    """The entries that so many accounts posted within so many seconds, those with the most accounts first."""
    with closing(Sightings.of_record(folder, first=first, last=last, disputed=disputed)) as seen:
        return _campaigns(seen, min_actors, within)


def campaigns_in(
    hits: Iterable[Mapping[str, Any]], *, min_actors: int = 5, within: float = 86400.0
) -> tuple[CampaignRow, ...]:
    """The same out of the hits of a scan with `--account`; those without a time are in no campaign."""
    with closing(Sightings.of_hits(hits)) as seen:
        return _campaigns(seen, min_actors, within)


def _campaigns(seen: Sightings, min_actors: int, within: float) -> tuple[CampaignRow, ...]:
    seen.run(_CANDIDATES.format(least=int(min_actors)))
    most = {row[:2]: row[2] for row in seen.rows(_MOST.format(name="actor"), (int(within * 1e6),))}
    burst = {row[:2]: row[2] for row in seen.rows(_MOST.format(name="message"), (_BURST,))}
    kept = {key for key, number in most.items() if number >= min_actors}
    numbers = _clusters(seen, kept, min_actors)
    found = []
    for name, entry, actors, messages, spellings, steps, surfaces, began, ended in seen.rows(_CAMPAIGNS):
        if (key := (name, entry)) in kept:
            found.append(
                CampaignRow(
                    list=name,
                    entry=entry,
                    actors=actors,
                    within=most[key],
                    messages=messages,
                    spellings=spellings,
                    steps=tuple(sorted({step for each in json.loads(steps) for step in (each or "").split()})),
                    burst=burst[key],
                    surfaces=tuple(sorted(json.loads(surfaces))),
                    first=instant(began) or "",
                    last=instant(ended) or "",
                    cluster=numbers.get(key),
                )
            )
    return tuple(sorted(found, key=lambda row: (-row.actors, -row.messages, row.list, row.entry)))


def _clusters(seen: Sightings, kept: set[Entry], least: int) -> dict[Entry, int]:
    """The group of each entry that shares at least half of its accounts (Jaccard) with another one."""
    names = {number: (name, entry) for number, name, entry in seen.rows("select rowid, list, entry from large")}
    sizes: dict[int, int] = dict(seen.rows("select entry, count(*) from pair group by entry"))
    pairs = (
        (one, other)
        for one, other, shared in seen.rows(_SHARED, (least,))
        if names[one] in kept and names[other] in kept and 2 * shared >= sizes[one] + sizes[other] - shared
    )
    return {names[number]: group for number, group in grouped(pairs).items()}


def grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The number of the group of each item, where each pair is in one group.

    >>> grouped([(1, 2), (5, 6), (2, 3)])
    {1: 1, 2: 1, 5: 2, 6: 2, 3: 1}
    """
    leader: dict[int, int] = {}

    def led(item: int) -> int:
        while leader.setdefault(item, item) != item:
            leader[item] = item = leader[leader[item]]
        return item

    for one, other in pairs:
        low, high = sorted((led(one), led(other)))
        leader[high] = low
    numbers = {each: number for number, each in enumerate(sorted(Counter(map(led, leader))), 1)}
    return {item: numbers[led(item)] for item in leader}
