"""Sightings: who posted a link to which entry, in a private database on the disk, so that memory stays small.

They come out of the record and the pseudonyms beside it, or out of the hits of a scan. `counts` tells what says
something of who posted it: exact and nested matches; loose and near ones only where a reviewer confirmed them; not what
was disputed or reviewed `wrong`.

>>> hits = [{"actor": "e1:ab", "list": "demo", "entry": str(n % 2), "kind": "exact", "id": str(n)} for n in range(3)]
>>> with closing(Sightings.of_hits(hits)) as found:
...     list(found.rows("select count(*), count(distinct entry) from seen where counts"))
[(3, 2)]
"""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING, Any, Self

from linkgate.decisions.account_log import COUNTED
from linkgate.decisions.actor_log import actors_of
from linkgate.decisions.decision_report import Records
from linkgate.decisions.log import day_of, files
from linkgate.decisions.policy import PUBLIC
from linkgate.decisions.private_database import PrivateDatabase
from linkgate.decisions.review import kept_reviews
from linkgate.errors import UsageError
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from linkgate.decisions.record import Decision
    from linkgate.lists.surge import Key

    Values = tuple[Any, ...]

__all__ = ["Sightings", "closing"]

_MOST_WHATS = 100_000
"""So many are remembered, not to be put in twice."""
_TABLES = """
create table who (decision text, actor text, spelling text);
create table found (actor text, spelling text, decision text, list text, entry text, at integer, message text,
                    what integer);
create table what (id integer primary key, kind text, steps text, category text, surface text, shadow integer,
                   verdict text, counts integer);
begin;
"""
_SEEN = """
create index who_by on who (decision, actor, spelling);
create table sighted as
    select coalesce(found.actor, who.actor) as actor, coalesce(found.spelling, who.spelling) as spelling,
           found.decision as decision, list, entry, at, message, what
    from found left join who on who.decision = found.decision
    where coalesce(found.actor, who.actor) is not null order by 1, at;
drop table found; drop table who;
create index by_actor on sighted (actor);
create view seen as select sighted.*, kind, steps, category, surface, shadow, verdict, counts
    from sighted join what on what.id = sighted.what;
"""
_WHAT = "insert into what values (null, ?, ?, ?, ?, ?, ?, ?)"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Sightings(PrivateDatabase):
    """The database, as the table `seen`; it is gone when it is closed.

    UsageError where there is no room for it, or what it is made of cannot be read.
    """

    def __init__(self, who: Iterable[Values], found: Iterable[tuple[Values, Values]]) -> None:
        super().__init__()
        self._whats: dict[Values, int] = {}
        try:
            self.run(_TABLES)
            self.put("insert into who values (?, ?, ?)", who)
            self.put("insert into found values (?, ?, ?, ?, ?, ?, ?, ?)", map(self._coded, found))
            self.run(_SEEN)
        except BaseException:
            self.close()
            raise

    @classmethod
    def of_record(
        cls, folder: Path, *, first: dt.date | None, last: dt.date | None, disputed: frozenset[Key] = frozenset()
    ) -> Self:
        """Those of a span of days."""
        reviews = {each.decision: each.verdict for each in kept_reviews(folder)}
        seen = (
            _decided(each, reviews.get(each.decision))
            for each in Records(folder, first=first, last=last)
            if (each.list, each.entry) not in disputed
        )
        return cls(_actors(folder, first=first, last=last), seen)

    @classmethod
    def of_hits(cls, hits: Iterable[Mapping[str, Any]]) -> Self:
        """Those of a scan with accounts; a hit on a message that had none says nothing of anybody."""
        return cls((), (_scanned(each) for each in hits if each.get("actor")))

    def _coded(self, row: tuple[Values, Values]) -> Values:
        """A sighting with the number of what it was: few are different, so each stands once."""
        sighted, what = row
        number = self._whats.get(what)
        if number is None:
            if len(self._whats) >= _MOST_WHATS:
                self._whats.clear()
            number = self._whats[what] = self.insert(_WHAT, what)
        return (*sighted, number)


def _actors(folder: Path, *, first: dt.date | None, last: dt.date | None) -> Iterator[Values]:
    try:
        span = {"first": first.isoformat() if first else "", "last": last.isoformat() if last else "9"}
        for day in sorted({day_of(path) for path in files(folder, **span)}):
            for each in actors_of(folder, day=day):
                yield each.decision, each.actor, each.spelling
    except OSError as error:
        raise UsageError(f"{folder}: the accounts cannot be read: {reason(error)}") from None


def says_something(kind: str | None, held: str | None, verdict: str | None) -> bool:
    """Whether a match says something of who posted it."""
    return verdict == "confirmed" or (verdict is None and kind in COUNTED and held != "disputed")


def _decided(each: Decision, verdict: str | None) -> tuple[Values, Values]:
    at = _micros(dt.datetime.fromisoformat(each.time))
    sighted = (None, None, each.decision, each.list, each.entry, at, each.message or each.decision)
    counts = says_something(each.kind, each.held, verdict)
    surface = each.surface or PUBLIC
    return sighted, (each.kind, " ".join(each.steps), each.category, surface, each.shadow, verdict, counts)


def _scanned(hit: Mapping[str, Any]) -> tuple[Values, Values]:
    """A hit as an output has it: of a scan, which makes no decisions, `FILE:PLACE` tells which."""
    time, steps = hit.get("time") or None, hit.get("steps") or ()
    moment = dt.datetime.fromisoformat(time) if isinstance(time, str) else time
    place = f"{hit.get('file') or ''}:{hit.get('place') or ''}"
    at = None if moment is None else _micros(moment)
    sighted = (hit["actor"], hit.get("spelling"), place, hit["list"], hit["entry"], at, hit.get("id") or place)
    shadow = hit.get("held") in {"shadow", "share"}
    words = steps if isinstance(steps, str) else " ".join(steps)
    counts = says_something(hit.get("kind"), hit.get("held"), None)
    return sighted, (hit.get("kind"), words, hit.get("category") or None, None, shadow, None, counts)


def _micros(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def instant(at: int | None) -> str | None:
    """A time of the database as people write it; None for none.

    >>> instant(1_500_000)
    '1970-01-01T00:00:01.500000Z'
    """
    if at is None:
        return None
    return (_EPOCH + dt.timedelta(microseconds=at)).isoformat().replace("+00:00", "Z")
