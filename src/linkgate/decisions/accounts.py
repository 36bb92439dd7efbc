"""Accounts and campaigns out of the record: who posted links to listed pages, and which pages many accounts posted.

It is evidence for a person: counts and decision ids, ordered, and no score. Exact and nested matches count; loose and
near ones only where a reviewer confirmed them; canaries, disputed entries and what was reviewed `wrong` never. One pass
over the record fills a private database on the disk, so memory does not grow with the number of accounts.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as name:
...     tuple(accounts_of(Path(name))), tuple(campaigns_of(Path(name)))
((), ())
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter, deque
from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.decisions.account_log import COUNTED
from linkgate.decisions.actor_log import actors_of
from linkgate.decisions.decision_report import Records
from linkgate.decisions.log import day_of, files
from linkgate.decisions.policy import PUBLIC
from linkgate.decisions.review import kept_reviews
from linkgate.errors import UsageError
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from linkgate.decisions.record import Decision
    from linkgate.lists.surge import Key

_SHOWN = 100
"""Decision ids of an account that are told."""

_BURST = 600.0
_SEEN = "insert into seen select actor, ?, ?, ?, ?, ?, ?, ?, ?, ?, spelling, ?, ?, decision from who where decision = ?"
_TABLES = """
create table who (decision text primary key, actor text, spelling text) without rowid;
create table seen (actor text, entry text, list text, at real, time text, message text, kind text, steps text,
                   category text, surface text, spelling text, shadow integer, verdict text, decision text);
"""
_ACCOUNTS = """
select actor, min(time), max(time),
       count(distinct message) as messages, count(distinct list || ':' || entry) as entries,
       group_concat(distinct list), group_concat(distinct category), group_concat(distinct kind),
       count(distinct spelling), group_concat(distinct surface), sum(verdict = 'confirmed'), min(shadow)
from seen group by actor having messages >= ? and entries >= ? order by entries desc, messages desc, actor
"""


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one account posted. confirmed: matches that a reviewer confirmed; shadow: all of them of lists in shadow.

    decisions: ids, the first hundred.
    """

    actor: str
    first: str
    last: str
    messages: int
    entries: int
    lists: tuple[str, ...]
    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    spellings: int
    surfaces: tuple[str, ...]
    confirmed: int
    shadow: bool
    decisions: tuple[str, ...]


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


def accounts_of(  # noqa: PLR0913  # the span, the thresholds
    folder: Path,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    min_messages: int = 3,
    min_entries: int = 2,
    disputed: frozenset[Key] = frozenset(),
) -> Iterator[AccountRow]:
    """The accounts that posted so many messages that link to so many different entries; by entries, then messages."""
    with closing(_filled(folder, first, last, disputed)) as database:
        for row in database.execute(_ACCOUNTS, (min_messages, min_entries)):
            query = "select decision from seen where actor = ? order by time limit ?"
            ids = tuple(each[0] for each in database.execute(query, (row[0], _SHOWN)))
            lists, categories, kinds, surfaces = (_words(row[place]) for place in (5, 6, 7, 9))
            yield AccountRow(
                actor=row[0],
                first=row[1],
                last=row[2],
                messages=row[3],
                entries=row[4],
                lists=lists,
                categories=categories,
                kinds=kinds,
                spellings=row[8],
                surfaces=surfaces,
                confirmed=row[10],
                shadow=bool(row[11]),
                decisions=ids,
            )


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
    found: list[CampaignRow] = []
    actors: dict[tuple[str, str], frozenset[str]] = {}
    with closing(_filled(folder, first, last, disputed)) as database:
        query = "select list, entry from seen group by list, entry having count(distinct actor) >= ?"
        for name, entry in database.execute(query, (min_actors,)).fetchall():
            row, who = _campaign(database, name, entry, within)
            if row.within >= min_actors:
                found.append(row)
                actors[name, entry] = who
    numbers = _clusters(actors, min_actors)
    rows = [msgspec.structs.replace(row, cluster=numbers.get((row.list, row.entry))) for row in found]
    return tuple(sorted(rows, key=lambda row: (-row.actors, -row.messages, row.list, row.entry)))


def _campaign(database: sqlite3.Connection, name: str, entry: str, within: float) -> tuple[CampaignRow, frozenset[str]]:
    query = (
        "select actor, at, time, message, steps, surface, spelling from seen where list = ? and entry = ? order by at"
    )
    rows = database.execute(query, (name, entry)).fetchall()
    steps = {step for row in rows for step in row[4].split()}
    who = frozenset(row[0] for row in rows)
    told = CampaignRow(
        list=name,
        entry=entry,
        actors=len(who),
        within=_most([(row[1], row[0]) for row in rows], within),
        messages=len({row[3] for row in rows}),
        spellings=len({row[6] for row in rows}),
        steps=tuple(sorted(steps)),
        burst=_most([(row[1], row[3]) for row in rows], _BURST),
        surfaces=tuple(sorted({row[5] for row in rows})),
        first=rows[0][2],
        last=rows[-1][2],
    )
    return told, who


def _most(rows: list[tuple[float, str]], within: float) -> int:
    """The most different names within any such time; rows in the order of time.

    >>> _most([(0.0, "a"), (5.0, "b"), (9.0, "b"), (11.0, "c")], 10.0)
    2
    """
    window: deque[tuple[float, str]] = deque()
    names: Counter[str] = Counter()
    most = 0
    for at, name in rows:
        window.append((at, name))
        names[name] += 1
        while window[0][0] <= at - within:
            gone = window.popleft()[1]
            names[gone] -= 1
            if not names[gone]:
                del names[gone]
        most = max(most, len(names))
    return most


def _clusters(actors: dict[tuple[str, str], frozenset[str]], least: int) -> dict[tuple[str, str], int]:
    """The group of each entry that shares at least half of its accounts (Jaccard) with another one.

    >>> _clusters({("l", "1"): frozenset("abcde"), ("l", "2"): frozenset("abcdef"), ("l", "3"): frozenset("xyz")}, 5)
    {('l', '1'): 1, ('l', '2'): 1}
    """
    leader = {key: key for key in actors}
    keys = sorted(actors)
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            shared = len(actors[one] & actors[other])
            if shared >= least and 2 * shared >= len(actors[one] | actors[other]):
                old, new = leader[other], leader[one]
                leader = {key: new if led == old else led for key, led in leader.items()}
    sizes = Counter(leader.values())
    numbers = {led: number for number, led in enumerate(sorted(led for led in sizes if sizes[led] > 1), 1)}
    return {key: numbers[led] for key, led in leader.items() if led in numbers}


def _filled(folder: Path, first: dt.date | None, last: dt.date | None, disputed: frozenset[Key]) -> sqlite3.Connection:
    """The matches that count, with who posted them. UsageError where the record cannot be read."""
    database = sqlite3.connect("", isolation_level=None)  # private, on the disk, gone when it is closed
    database.executescript(_TABLES)
    database.execute("begin")
    try:
        span = {"first": first.isoformat() if first else "", "last": last.isoformat() if last else "9"}
        for day in sorted({day_of(path) for path in files(folder, **span)}):
            rows = ((each.decision, each.actor, each.spelling) for each in actors_of(folder, day=day))
            database.executemany("insert or ignore into who values (?, ?, ?)", rows)
    except FileNotFoundError:
        return database
    except OSError as error:
        raise UsageError(f"{folder}: the accounts cannot be read: {reason(error)}") from None
    reviews = {each.decision: each.verdict for each in kept_reviews(folder)}
    database.executemany(
        _SEEN,
        (
            _row(each, reviews.get(each.decision))
            for each in Records(folder, first=first, last=last)
            if _counts(each, reviews.get(each.decision)) and (each.list, each.entry) not in disputed
        ),
    )
    database.execute("create index by_actor on seen (actor)")
    database.execute("create index by_entry on seen (list, entry)")
    return database


def _counts(each: Decision, verdict: str | None) -> bool:
    """Whether a match says something of who posted it."""
    return verdict == "confirmed" or (verdict is None and each.kind in COUNTED and each.held != "disputed")


def _row(each: Decision, verdict: str | None) -> tuple[Any, ...]:
    at = dt.datetime.fromisoformat(each.time).timestamp()
    message = each.message or each.decision
    steps, surface = " ".join(each.steps), each.surface or PUBLIC
    start = each.entry, each.list, at, each.time, message, each.kind, steps
    return (*start, each.category, surface, each.shadow, verdict, each.decision)


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(sorted(text.split(","))) if text else ()
