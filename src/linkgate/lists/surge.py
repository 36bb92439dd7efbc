"""Surge: limits for what a list, or one entry, may flag in a minute, as `[surge]` configures them.

>>> Surge(entry_per_minute=2).limit(("demo", "demo:1"), None)
2.0
>>> Surge(times_usual=20.0).limit(("demo", None), 5.0)
100.0
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Key = tuple[str, str | None]
"""A list, and one of its entries or None for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """When the breaker opens; None is never.

    list_per_minute, entry_per_minute: more flagged messages than that in any 60 seconds.
    times_usual: more than so many times the mean of the last day, known after an hour; `least`: never
    for this reason at so many a minute or fewer.
    """

    list_per_minute: int | None = None
    entry_per_minute: int | None = None
    times_usual: float | None = None
    least: int = 30

    def limit(self, key: Key, usual: float | None) -> float:
        """The most that a list or entry may flag in a minute; `usual` is None while it is not known."""
        fixed = self.list_per_minute if key[1] is None else self.entry_per_minute
        most = math.inf if fixed is None else float(fixed)
        if self.times_usual is not None and usual is not None:
            most = min(most, max(self.times_usual * usual, float(self.least)))
        return most

    def heeds(self, usual: float) -> bool:
        """Whether such a usual rate raises a limit."""
        return self.times_usual is not None and self.times_usual * usual > self.least

    def watches(self, key: Key) -> bool:
        """Whether it can open for a list, or for an entry."""
        fixed = self.list_per_minute if key[1] is None else self.entry_per_minute
        return fixed is not None or self.times_usual is not None
