"""What a soak counts: requests and faults by kind, how long answers took, when snapshots were seen, memory."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

AFTER_KILL = 6.0
"""Seconds after the kill of a worker in which its clients may meet a connection that is reset."""

_SHOWN = 20
_PAGE = 4096
_GROWTH, _SLACK = 1.10, 8 << 20


@dataclass
class Tally:
    """Shared by all threads of a soak."""

    began: float = field(default_factory=time.monotonic)
    done: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    snapshots: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
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


@dataclass
class Memory:
    """Samples of the memory of processes, by their number."""

    samples: dict[int, list[tuple[float, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def look(self, process: int) -> None:
        """Take a sample: time, resident bytes, open files."""
        from pathlib import Path  # noqa: PLC0415  # of /proc alone

        try:
            pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
            files = len(list(Path(f"/proc/{process}/fd").iterdir()))
        except OSError:
            return
        self.samples[process].append((time.monotonic(), pages * _PAGE, files))

    def quarters(self, process: int) -> tuple[float, float, float, float]:
        """Median bytes and open files in the first quarter of a life (without its very beginning), and in the last."""
        samples = self.samples[process][3:] or self.samples[process]
        part = max(1, len(samples) // 4)
        first, last = samples[:part], samples[-part:]
        sizes = (median(size for _, size, _ in part) for part in (first, last))
        files = (median(number for _, _, number in part) for part in (first, last))
        return *sizes, *files  # type: ignore[return-value]  # two and two

    def grows(self, process: int) -> bool:
        """Whether a process is larger at the end of its life than at its beginning, by more than noise."""
        first, last, files, more_files = self.quarters(process)
        return last > first * _GROWTH + _SLACK or more_files > files + 50

    def long_lives(self, seconds: float) -> list[int]:
        """Processes that lived for so long."""
        return [each for each, found in self.samples.items() if found[-1][0] - found[0][0] >= seconds]
