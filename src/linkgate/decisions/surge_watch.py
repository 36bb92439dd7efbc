"""Surge watch: counts what flags messages, opens the breaker, and shares its alarms with other processes.

A check counts and waits for nobody. Alarms to the disk, confirmations from it, and what is usual are `sync`, which a
thread calls once a second.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from linkgate.decisions.alarms import Alarm, Alarms
from linkgate.decisions.baseline import BaselineStore
from linkgate.decisions.breaker import Breaker
from linkgate.errors import LinkgateError
from linkgate.lists.canaries import CANARY_LIST
from linkgate.lists.manifest import stamp
from linkgate.lists.surge import Surge

if TYPE_CHECKING:
    from collections.abc import Hashable

    from linkgate.core.verdict import Verdict
    from linkgate.decisions.breaker import Baseline, Trip
    from linkgate.lists.config import Config
    from linkgate.lists.surge import Key


class SurgeWatch:
    """The breaker of a process and the alarms of all. Threads share it without a lock.

    surges: what stands under an open alarm, another set only where it is another one.
    """

    def __init__(self, config: Config) -> None:
        self._alarms = Alarms.of(config)
        self._baseline = BaselineStore(config)
        self._limits: tuple[Surge, dict[str, Surge]] = Surge(), {}
        self.breaker = Breaker(*self._limits)
        self.surges: frozenset[Key] = frozenset()
        self._error: str | None = None
        self._stamp: Hashable = None
        self._raised: dict[Key, Alarm] = {}  # not yet on the disk
        self._known: tuple[Alarm, ...] = ()
        self._confirmed: frozenset[Key] = frozenset()
        self._queue: deque[tuple[float, frozenset[Key]]] = deque()
        self.renew()
        self.follow(config)

    def renew(self) -> None:
        """Make the lock anew: in a forked process it may be held by a thread that did not come along."""
        self._turn = threading.Lock()
        self._baseline.renew()

    def follow(self, config: Config) -> None:
        """Take the limits of a configuration; the place of its alarms stays as it began."""
        limits = config.policy.surge, {source.name: source.surge for source in config.sources if source.surge}
        if limits != self._limits:  # other limits, but what is usual is the same
            baseline = self.breaker.baseline(now=time.monotonic())
            baseline = baseline if baseline.minutes else self._baseline.known()
            self.breaker, self._limits = Breaker(*limits, baseline=baseline), limits
        self._stands = dt.timedelta(seconds=config.policy.confirmed)

    @property
    def error(self) -> str | None:
        """Why alarms cannot be shared, or what is usual not be kept."""
        return self._error or self._baseline.error

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """The open alarms, those of other processes too as far as they are known."""
        found = {alarm.key: alarm for alarm in self._known if alarm.is_open}
        return tuple((self._raised.copy() | found).values())

    def tally(self, verdict: Verdict) -> bool:
        """Count what flagged a message; whether the breaker opened. Waits for nobody."""
        keys: set[Key] = set()
        for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
            entry = match.entry
            if entry.list != CANARY_LIST and ruling.action != "log":
                keys |= {(entry.list, None), (entry.list, entry.id)}
        if not keys:
            return False
        self._queue.append((time.monotonic(), frozenset(keys)))
        if not self._turn.acquire(blocking=False):
            return False  # the thread that counts takes this one, too
        try:
            return self._count()
        finally:
            self._turn.release()

    def _count(self) -> bool:
        opened = False
        while self._queue:
            now, keys = self._queue.popleft()
            for trip in self.breaker.count(keys, now=now):
                opened |= self._open(trip)
        return opened

    def _open(self, trip: Trip) -> bool:
        if trip.key in self.surges or trip.key in self._confirmed:
            return False
        name, entry = trip.key
        at = stamp(dt.datetime.now(dt.UTC))
        self._raised[trip.key] = Alarm(list=name, entry=entry, at=at, rate=trip.rate, limit=trip.limit)
        self.surges |= {trip.key}
        return True

    def sync(self, *, last: bool = False) -> None:
        """Bring alarms to the disk and confirmations from it. Never raises. last: keep what is usual now, not soon."""
        self._share()
        recent = self._keep_after()
        self._confirmed = frozenset(each.key for each in self._known if (each.confirmed or "") >= recent)
        with self._turn:
            found = frozenset(alarm.key for alarm in self.alarms)
            self.surges = self.surges if found == self.surges else found  # a gate takes a new set for a new policy
        self._baseline.keep(self._current_baseline, soon=last)

    def _share(self) -> None:
        raised = tuple(self._raised.copy().values())
        try:
            if raised:
                self._alarms.add(raised, keep_after=self._keep_after())
            seen = self._alarms.stamp()
            if seen != self._stamp:
                self._known = self._alarms.read()
                self._stamp = seen
            for alarm in raised:
                self._raised.pop(alarm.key, None)
            self._error = None
        except LinkgateError as error:
            self._error = str(error)

    def _current_baseline(self) -> Baseline:
        with self._turn:
            return self.breaker.baseline(now=time.monotonic())

    def _keep_after(self) -> str:
        return stamp(dt.datetime.now(dt.UTC) - self._stands)
