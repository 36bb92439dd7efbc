"""What a soak counts: requests and faults by kind, how long answers took, when snapshots were seen, memory."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from soak_waiting import Waiting

AFTER_KILL = 6.0
"""Seconds after the kill of a worker in which its clients may meet a connection that is reset."""

SLOW = 0.25
"""Seconds that the answer to a good single may take, less what its process waited for a processor."""
_SHOWN = 20
_GROWTH, _SLACK, _FILES = 1.10, 8 << 20, 50
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Tally:
    """Shared by all threads of a soak."""

    began: float = field(default_factory=time.monotonic)
    done: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    snapshots: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    workers: list[int] = field(default_factory=list)
    killed: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def did(self, what: str, number: int = 1) -> None:
        """Count something that went as it should."""
        with self.lock:
            self.done[what] += number

    def fault(self, what: str, words: str = "") -> None:
        """Count something that may not be, and keep the first words about it."""
        with self.lock:
            self.faults[what] += 1
            if len(self.told) < _SHOWN:
                self.told.append(f"{time.monotonic() - self.began:7.1f} s  {what}: {words[:300]}")

    def took(self, seconds: float, waiting: Waiting) -> None:
        """A good single took so long: too long, where the machine was not what it waited for."""
        self.seconds.append(seconds)
        if seconds <= SLOW:
            return
        self.did("singles over 250 ms")
        waited = waiting.seconds()
        if seconds - waited <= SLOW:
            self.did("of these for want of a processor")
        elif time.monotonic() - self.killed < AFTER_KILL:
            self.did("of these after a kill")
        else:
            self.fault("slow", f"{seconds * 1e3:.0f} ms, of which {waited * 1e3:.0f} without a processor")

    def reset(self, who: str, error: Exception) -> None:
        """A connection broke: that is right after a kill, and at no other time."""
        if time.monotonic() - self.killed < AFTER_KILL:
            self.did("reset after a kill")
        else:
            self.fault("reset without a kill", f"{who}: {error!r}")

    def saw(self, snapshot: str) -> None:
        """An answer came of this snapshot: keep the first and the last time."""
        now = time.monotonic()
        with self.lock:
            seen = self.snapshots[snapshot]
            seen[1:] = [now]
            if len(seen) == 1:
                seen.append(now)

    def reloads(self, published: Iterable[tuple[float, str]]) -> list[tuple[float, float]]:
        """Of each update that all took: seconds to the first answer of the new version, and to the last of the old."""
        found, before = [], ""
        for at, snapshot in published:
            new, old = self.snapshots.get(snapshot), self.snapshots.get(before)
            if new and old and old[1] > at:
                found.append((new[0] - at, old[1] - at))
            before = snapshot
        return found


class Life(NamedTuple):
    """Of a process: median bytes and open files in the first quarter of its life, and in the last."""

    bytes: float
    files: float
    later_bytes: float
    later_files: float

    @property
    def grows(self) -> bool:
        """Whether it is larger at the end than at the beginning, by more than noise."""
        return self.later_bytes > self.bytes * _GROWTH + _SLACK or self.later_files > self.files + _FILES


@dataclass
class Memory:
    """Samples of the memory of processes, by their number: time, resident bytes, open files."""

    samples: dict[int, list[tuple[float, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def look(self, process: int) -> None:
        """Take a sample."""
        place = Path("/proc", str(process))
        try:
            pages = int((place / "statm").read_text().split()[1])
            files = len(list((place / "fd").iterdir()))
        except OSError:
            return
        self.samples[process].append((time.monotonic(), pages * PAGE, files))

    def lives(self, seconds: float) -> dict[int, Life]:
        """The lives that lasted for so long, without their first moments, when things are loaded."""
        found = {
            each: samples[3:] for each, samples in self.samples.items() if samples[-1][0] - samples[0][0] >= seconds
        }
        return {each: _life(samples) for each, samples in found.items() if samples}


def _life(samples: list[tuple[float, int, int]]) -> Life:
    part = max(1, len(samples) // 4)
    first, last = samples[:part], samples[-part:]
    return Life(*(median(each[place] for each in part) for part in (first, last) for place in (1, 2)))
