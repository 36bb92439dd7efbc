"""Breaker: detects that a list, or one entry, flags far more than its limit. It has no clock: time is handed in.

>>> from linkgate.lists.surge import Surge
>>> breaker = Breaker(Surge(entry_per_minute=2))
>>> [breaker.count({("demo", "demo:1")}, now=second) for second in (0, 10, 20)]
[(), (), (Trip(key=('demo', 'demo:1'), rate=3, limit=2.0),)]
>>> breaker.count({("demo", "demo:1")}, now=200)
()
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkgate.lists.surge import Key, Surge

MINUTE = 60.0
_DAY = 1440
_WARM = 60
"""Minutes that it takes to know what is usual."""
_MOST_KEYS = 50_000
"""So many meters are kept; above, those of entries that have been still for a minute begin anew."""


@dataclass(frozen=True, slots=True)
class Trip:
    """What flagged how many messages in a minute, and how many it may."""

    key: Key
    rate: int
    limit: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual: the mean of the flagged messages in a minute, and of how many minutes it is, a day at most.

    Only rates that can raise a limit are here; of any other list or entry, what is usual is little.
    """

    minutes: int = 0
    rates: Mapping[Key, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Meter:
    """The flagged messages of the last minute, and the mean of those before."""

    recent: deque[float] = field(default_factory=deque)
    minute: int = 0
    counted: int = 0
    baseline: float = 0.0

    def add(self, now: float, began: int) -> int:
        """Count one; how many there were in the last 60 seconds, with this one."""
        minute = int(now // MINUTE)
        if minute > self.minute:
            self.settle(minute, began)
        self.counted += 1
        recent = self.recent
        recent.append(now)
        while recent[0] <= now - MINUTE:
            recent.popleft()
        return len(recent)

    def settle(self, minute: int, began: int) -> None:
        """Take the minutes up to this one into the mean, which spans a day at most."""
        self.baseline = self.mean(minute, began)
        self.minute, self.counted = minute, 0

    def mean(self, minute: int, began: int) -> float:
        """The mean of the minutes up to this one, itself left out."""
        gap = minute - max(self.minute, began)
        if gap <= 0:
            return self.baseline
        span = max(min(minute - began, _DAY), 1)
        return (self.baseline * max(span - gap, 0) + self.counted) / span


class Breaker:
    """Counts what lists and entries flag, and says when one goes over its limit.

    `lists` are the limits of lists that have their own; `baseline` is what another breaker knew, as if it
    had ended right before this one began: the time in which nobody counted does not count. Not for
    several threads at once.
    """

    def __init__(
        self, surge: Surge, lists: Mapping[str, Surge] | None = None, *, baseline: Baseline | None = None
    ) -> None:
        self._surge = surge
        self._lists = lists or {}
        self._meters: dict[Key, _Meter] = {}
        self._known = baseline or Baseline()
        self._first: int | None = None
        """The minute of the first count."""

    def count(self, keys: Iterable[Key], *, now: float) -> tuple[Trip, ...]:
        """Count one message for the lists and entries that flagged it; those that went over their limit.

        `now`: seconds on a clock that never runs back.
        """
        if self._first is None:
            self._first = int(now // MINUTE)
        return tuple(trip for key in keys if (trip := self._counted(key, now)))

    @property
    def _began(self) -> int:
        """The minute in which the counting began, this breaker's and what it knew before."""
        return (self._first or 0) - self._known.minutes

    def baseline(self, *, now: float) -> Baseline:
        """What is usual up to this minute, for another breaker to go on with."""
        if self._first is None:
            return self._known
        if not any(surge.times_usual for surge in (self._surge, *self._lists.values())):
            return Baseline()
        minute, began = int(now // MINUTE), self._began
        unmet = {key: _Meter(minute=self._first, baseline=rate) for key, rate in self._known.rates.items()}
        rates = {key: meter.mean(minute, began) for key, meter in (unmet | self._meters).items()}
        telling = {key: rate for key, rate in rates.items() if self._lists.get(key[0], self._surge).heeds(rate)}
        return Baseline(min(minute - began, _DAY), telling)

    def _counted(self, key: Key, now: float) -> Trip | None:
        surge = self._lists.get(key[0], self._surge)
        if not surge.watches(key):
            return None
        meter = self._meters.get(key) or self._new(key, now)
        began = self._began
        rate = meter.add(now, began)
        limit = surge.limit(key, meter.baseline if now // MINUTE - began >= _WARM else None)
        return Trip(key, rate, limit) if rate > limit else None

    def _new(self, key: Key, now: float) -> _Meter:
        if len(self._meters) >= _MOST_KEYS:
            lists = {kept: meter for kept, meter in self._meters.items() if kept[1] is None}
            busy = {kept: meter for kept, meter in self._meters.items() if meter.recent[-1] > now - MINUTE}
            self._meters = lists | (busy if len(busy) < _MOST_KEYS // 2 else {})
        baseline = self._known.rates.get(key, 0.0)
        meter = self._meters[key] = _Meter(minute=self._first or 0, baseline=baseline)
        return meter
