"""Baseline rates of lists and entries, in a file beside the alarms: a process that is restarted goes on with them.

One small file that processes share. Each has its own record, as each sees its own part of the
messages; who begins takes the busiest of the last day. It names lists and entry ids, and no address.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     file = BaselineFile(Path(folder, "alarms.usual.json"))
...     file.write("1", Baseline(90, {("demo", None): 5.0}), at="2026-01-31T10:00:00Z")
...     file.write("2", Baseline(80, {("demo", None): 7.0}), at="2026-01-31T10:01:00Z")
...     file.read()
Baseline(minutes=90, rates={('demo', None): 7.0})
"""

from __future__ import annotations

import datetime as dt
import os
import time
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

import msgspec

from linkgate.decisions.alarms import Alarms, exclusive_lock
from linkgate.decisions.breaker import Baseline
from linkgate.errors import LinkgateError, StoreError
from linkgate.lists.disk import reason, replace_file
from linkgate.lists.manifest import moment, stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from linkgate.lists.config import Config
    from linkgate.lists.surge import Key

EVERY = 60.0
"""Seconds between two writes: so much, at most, a killed process takes with it."""

_DAY = dt.timedelta(days=1)
_MOST_PROCESSES, _MOST_RATES = 64, 10_000


class _Record(msgspec.Struct):
    saved: str
    minutes: int
    rates: list[tuple[str, str | None, float]]


class _File(msgspec.Struct):
    processes: dict[str, _Record] = {}

    def recent(self) -> dict[str, _Record]:
        """The last ones, of one day: what no process has kept for longer was another time's usual."""
        newest = sorted(self.processes.items(), key=lambda named: named[1].saved)[-_MOST_PROCESSES:]
        return {name: each for name, each in newest if moment(newest[-1][1].saved) - moment(each.saved) <= _DAY}


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """The file. StoreError where it cannot be read or written."""

    path: Path

    def read(self) -> Baseline:
        """What is usual for the busiest process; nothing while there is no file."""
        records = self._read().recent().values()
        rates: dict[Key, float] = {}
        for name, entry, rate in (rate for record in records for rate in record.rates):
            rates[name, entry] = max(rate, rates.get((name, entry), 0.0))
        return Baseline(max((record.minutes for record in records), default=0), rates)

    def write(self, process: str, baseline: Baseline, *, at: str) -> None:
        """Put the record of a process in the place of its last one."""
        most = nlargest(_MOST_RATES, baseline.rates.items(), key=lambda rate: rate[1])
        record = _Record(at, baseline.minutes, [(name, entry, rate) for (name, entry), rate in most])
        try:
            with exclusive_lock(self.path.with_name(f"{self.path.name}.lock")):
                kept = _File({**self._sound().processes, process: record}).recent()
                replace_file(self.path, [msgspec.json.encode(_File(kept))])
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}.") from None

    def _read(self) -> _File:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=_File)
        except FileNotFoundError:
            return _File()
        except OSError as error:
            raise StoreError(f"{self.path}: {reason(error)}.") from None
        except msgspec.DecodeError:
            raise StoreError(f"{self.path} is damaged: what is usual is learned anew.") from None

    def _sound(self) -> _File:
        """The file, or none in its place where it is damaged: it is about to be written anew."""
        try:
            return self._read()
        except StoreError:
            return _File()


class BaselineStore:
    """Keeps for one process what is usual; `error` is why it cannot."""

    def __init__(self, config: Config) -> None:
        alarms = Alarms.of(config).path
        self._file = BaselineFile(alarms.with_name(f"{alarms.stem}.usual.json"))
        self.error: str | None = None
        self._given = Baseline()
        self.renew()

    def renew(self) -> None:
        """Be another process, as after a fork."""
        self._process = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._kept = -EVERY

    def known(self) -> Baseline:
        """What was kept; nothing where it cannot be read."""
        try:
            self._given = self._file.read()
        except LinkgateError as error:
            self.error = str(error)
        return self._given

    def keep(self, take: Callable[[], Baseline], *, soon: bool = False) -> None:
        """Write what is usual, now and then or (where it is the last time) `soon`. Never raises."""
        now = time.monotonic()
        if now - self._kept < EVERY and not soon:
            return
        baseline = take()
        if not baseline.minutes or baseline is self._given:  # who has seen nothing has nothing to say
            return
        self._kept = now
        try:
            self._file.write(self._process, baseline, at=stamp(dt.datetime.now(dt.UTC)))
            self.error = None
        except LinkgateError as error:
            self.error = str(error)
