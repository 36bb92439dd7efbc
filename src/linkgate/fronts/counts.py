"""What a gate's checks add up to: counted with one short lock, told when somebody asks.

>>> counts = Counts()
>>> counts.bounds[:3], counts.seconds[1]
((2e-06, 5e-06, 1e-05), 0)
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkgate import Verdict

_MOST_SURFACES = 32
"""Surfaces are named by callers; beyond so many, the others are counted as one."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
"""A name that may be told; another may be anything, an address too."""


class Counts:
    """Messages by surface and outcome, matches by list, kind and action, and how long checks took.

    `seconds[i]` counts the checks that took more than `bounds[i - 1]` and at most `bounds[i]`; `links[i]`
    in the same way, of the messages that came to the judge, how many links it read. To be
    given to `gate.observe`; a clear message costs about a microsecond.
    """

    bounds = (2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 5e-2, 0.1, 1.0)
    link_bounds = (0, 1, 2, 5, 10, 20, 50, 100)

    def __init__(self) -> None:
        self.messages: Counter[tuple[str, str]] = Counter()
        self.matches: Counter[tuple[str, str, str]] = Counter()
        self.seconds = [0] * (len(self.bounds) + 1)
        self.total = 0.0
        self.links = [0] * (len(self.link_bounds) + 1)
        self.links_total = 0
        self.opaque = 0
        self._surfaces: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, verdict: Verdict, seconds: float) -> None:
        """Count one check."""
        told = verdict.matches or verdict.opaque
        outcome = (verdict.action if told else "clear") if verdict.scanned else "unscanned"
        key = self._surface(verdict.surface or "public"), outcome or "clear"
        place = bisect_left(self.bounds, seconds)
        with self._lock:
            self.messages[key] += 1
            self.seconds[place] += 1
            self.total += seconds
            if verdict.links is not None:
                self._judged(verdict, verdict.links)

    def _judged(self, verdict: Verdict, links: int) -> None:
        self.links[bisect_left(self.link_bounds, links)] += 1
        self.links_total += links
        self.opaque += len(verdict.opaque)
        self._matched(verdict)

    def rechecked(self, verdict: Verdict) -> None:
        """Count the matches that a recheck found; its message was counted when it was checked."""
        with self._lock:
            self._matched(verdict)

    def _matched(self, verdict: Verdict) -> None:
        for match, ruling in zip(verdict.matches, verdict.rulings, strict=True):
            self.matches[match.entry.list, match.kind.value, ruling.action] += 1

    def _surface(self, name: str) -> str:
        if name in self._surfaces:
            return name
        if len(self._surfaces) >= _MOST_SURFACES or not _NAME.fullmatch(name):
            return "other"
        self._surfaces.add(name)
        return name
