"""Accounts: who posted links to listed pages, out of the record or out of the hits of a scan.

It is evidence for a person: counts and decision ids, ordered, and no score.

>>> hits = [{"actor": "e1:ab", "list": "demo", "entry": str(n % 2), "kind": "exact", "id": str(n)} for n in range(3)]
>>> [(row.actor, row.messages, row.entries) for row in accounts_in(hits)]
[('e1:ab', 3, 2)]
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.decisions.sightings import Sightings, closing, instant

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from linkgate.lists.surge import Key

_SHOWN = 100
"""Decision ids of an account that are told."""


def _distinct(name: str) -> str:
    """The different values of a column among what counts, as JSON: a name may hold any letter."""
    return f"json_group_array(distinct {name}) filter (where counts and {name} is not null)"


_ACCOUNTS = f"""
select actor, min(at) filter (where counts), max(at) filter (where counts),
       count(distinct message) filter (where counts) as messages,
       count(distinct list || char(0) || entry) filter (where counts) as entries,
       {_distinct("list")}, {_distinct("category")}, {_distinct("kind")},
       count(distinct spelling) filter (where counts), {_distinct("surface")},
       count(*) filter (where counts and verdict = 'confirmed'), count(*) filter (where verdict = 'wrong'),
       min(shadow) filter (where counts)
from seen group by actor having messages >= ? and entries >= ? order by entries desc, messages desc, actor
"""  # noqa: S608  # names of ours


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one account posted. confirmed, wrong: matches that a reviewer called so; a wrong one counts nowhere else.

    shadow: all of them are of lists in shadow. decisions: ids, the first hundred; of a scan `FILE:PLACE`. first, last:
    None where a scan knew no times.
    """

    actor: str
    first: str | None
    last: str | None
    messages: int
    entries: int
    lists: tuple[str, ...]
    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    spellings: int
    surfaces: tuple[str, ...]
    confirmed: int
    wrong: int
    shadow: bool
    decisions: tuple[str, ...]


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
    with closing(Sightings.of_record(folder, first=first, last=last, disputed=disputed)) as seen:
        yield from _rows(seen, min_messages, min_entries)


def accounts_in(
    hits: Iterable[Mapping[str, Any]], *, min_messages: int = 3, min_entries: int = 2
) -> Iterator[AccountRow]:
    """The same out of the hits of a scan with `--account`."""
    with closing(Sightings.of_hits(hits)) as seen:
        yield from _rows(seen, min_messages, min_entries)


def _rows(seen: Sightings, min_messages: int, min_entries: int) -> Iterator[AccountRow]:
    ids = "select decision from seen where actor = ? and counts order by at limit ?"
    for row in seen.rows(_ACCOUNTS, (min_messages, min_entries)):
        lists, categories, kinds, surfaces = (tuple(sorted(json.loads(row[place]))) for place in (5, 6, 7, 9))
        yield AccountRow(
            actor=row[0],
            first=instant(row[1]),
            last=instant(row[2]),
            messages=row[3],
            entries=row[4],
            lists=lists,
            categories=categories,
            kinds=kinds,
            spellings=row[8],
            surfaces=surfaces,
            confirmed=row[10],
            wrong=row[11],
            shadow=bool(row[12]),
            decisions=tuple(each[0] for each in seen.rows(ids, (row[0], _SHOWN))),
        )
