"""When hits were posted: counted by the hour as they come, shown in bins that suit the whole span.

>>> times = Times()
>>> times.add([0, 1, 30], ["block", "block", "log"])
>>> bins = times.bins()
>>> bins.unit, [(each.start.isoformat(), dict(each.actions)) for each in bins.bins][0]
('hour', ('1970-01-01T00:00:00', {'block': 1}))
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_KEYS = 50_000
"""So many different hours are kept apart; of more, the days, and so on."""
MOST_BINS = 80
"""So many bars can be told apart on a screen."""
TAIL = 0.005
"""The share of hits at either end that may be left out where they are far off: clocks are wrong now and then."""

# All times here are UTC; a zone would only slow the sums.
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # as said above
_LAST = datetime.max  # noqa: DTZ901  # as above
_MONTHS = {"month": 1, "quarter": 3}
_YEARS = {"year": 1, "decade": 10, "century": 100}
_FIXED = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
UNITS = ("hour", "day", "week", "month", "quarter", "year", "decade", "century")
_FIRST_HOUR = (datetime(1, 1, 1) - _EPOCH) // _FIXED["hour"]  # noqa: DTZ001  # as above
_LAST_HOUR = (_LAST - _EPOCH) // _FIXED["hour"]


@dataclass(frozen=True, slots=True)
class Bin:
    """Hits from `start` up to `end` (UTC), by action."""

    start: datetime
    end: datetime
    actions: Counter[str]

    @property
    def hits(self) -> int:
        """All hits of the bin."""
        return self.actions.total()


@dataclass(frozen=True, slots=True)
class Bins:
    """The bins with a hit, in order; `outside`: hits far from all others, which are in none."""

    unit: str
    bins: tuple[Bin, ...]
    outside: int


@dataclass(slots=True)
class Times:
    """Hits by start of their hour (or a coarser unit, when there are too many hours) and action."""

    unit: str = "hour"
    unknown: int = 0
    _counts: dict[datetime, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, hours: Iterable[int | None], actions: Iterable[str]) -> None:
        """Count hits by hours since 1970; None, and what is no year from 1 to 9999, as unknown."""
        for (hour, action), number in Counter(zip(hours, actions, strict=True)).items():
            if hour is None or not _FIRST_HOUR <= hour <= _LAST_HOUR:
                self.unknown += number
            else:
                self._counts[floor(_EPOCH + timedelta(hours=hour), self.unit)][action] += number
        while len(self._counts) > MOST_KEYS:
            self.unit = UNITS[UNITS.index(self.unit) + 1]
            self._counts = _coarser(self._counts, self.unit)

    def bins(self) -> Bins:
        """The hits in the finest unit that gives few enough bins."""
        shown, outside = _without_tails(self._counts)
        for unit in UNITS[UNITS.index(self.unit) :]:
            starts = [floor(start, unit) for start in (min(shown), max(shown))] if shown else []
            if not starts or _distance(starts[0], starts[1], unit) < MOST_BINS:
                break
        counts = _coarser(shown, unit)
        return Bins(unit, tuple(Bin(start, after(start, unit), counts[start]) for start in sorted(counts)), outside)


def floor(moment: datetime, unit: str) -> datetime:
    """The start of the unit that a moment is in; weeks start on Monday.

    >>> floor(datetime(2024, 5, 17, 8, 30), "week"), floor(datetime(2024, 5, 17), "decade")
    (datetime.datetime(2024, 5, 13, 0, 0), datetime.datetime(2020, 1, 1, 0, 0))
    """
    if unit == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit in _MONTHS:
        return day.replace(month=day.month - (day.month - 1) % _MONTHS[unit], day=1)
    if unit in _YEARS:
        return day.replace(year=max(1, day.year - day.year % _YEARS[unit]), month=1, day=1)
    return day


def minute(moment: datetime, between: str = "T") -> str:
    """A moment to the minute, its year in four digits (`strftime` may give fewer).

    >>> minute(datetime(987, 1, 2)), minute(datetime(2024, 5, 17, 8, 30), " ")
    ('0987-01-02T00:00', '2024-05-17 08:30')
    """
    return moment.isoformat(between, "minutes")


def after(start: datetime, unit: str) -> datetime:
    """The start of the next unit; the end of time where there is none.

    >>> after(datetime(2024, 12, 1), "month"), after(datetime(9999, 12, 27), "week").year
    (datetime.datetime(2025, 1, 1, 0, 0), 9999)
    """
    try:
        if unit in _FIXED:
            return start + _FIXED[unit]
        if unit in _MONTHS:
            return floor(start + timedelta(days=31 * _MONTHS[unit]), unit)
        return start.replace(year=start.year - start.year % _YEARS[unit] + _YEARS[unit])
    except (OverflowError, ValueError):
        return _LAST


def _coarser(counts: dict[datetime, Counter[str]], unit: str) -> dict[datetime, Counter[str]]:
    coarse: dict[datetime, Counter[str]] = defaultdict(Counter)
    for moment, actions in counts.items():
        coarse[floor(moment, unit)].update(actions)
    return coarse


def _distance(first: datetime, last: datetime, unit: str) -> int:
    """How many units lie between two starts."""
    if unit in _FIXED:
        return (last - first) // _FIXED[unit]
    if unit in _MONTHS:
        return ((last.year - first.year) * 12 + last.month - first.month) // _MONTHS[unit]
    return (last.year - first.year) // _YEARS[unit]


def _without_tails(counts: dict[datetime, Counter[str]]) -> tuple[dict[datetime, Counter[str]], int]:
    """Leave out what is rare and farther off than all others are from each other, and how much that was."""
    total = sum(actions.total() for actions in counts.values())
    moments = sorted(counts)
    low = _beyond_tail(moments, counts, total)
    high = _beyond_tail(moments[::-1], counts, total)
    near = max(high - low, _FIXED["day"])
    kept = {moment: counts[moment] for moment in moments if low - moment <= near and moment - high <= near}
    return kept, total - sum(actions.total() for actions in kept.values())


def _beyond_tail(moments: list[datetime], counts: dict[datetime, Counter[str]], total: int) -> datetime:
    seen = 0
    for moment in moments:
        seen += counts[moment].total()
        if seen > total * TAIL:
            return moment
    return _EPOCH
