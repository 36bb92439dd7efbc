"""How often somebody may ask: so many a minute, in bursts of at most as many.

>>> rate = Rate(2)
>>> [rate.wait("joe", now=second) for second in (0.0, 0.0, 0.0, 30.0, 30.0)]
[0.0, 0.0, 30.0, 0.0, 30.0]
"""

from __future__ import annotations


class Rate:
    """A bucket for each name, filled at `per_minute` and never over it. Time is handed in."""

    def __init__(self, per_minute: float) -> None:
        self._most = per_minute
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, name: str, *, now: float) -> float:
        """Take one. Out: 0, or the seconds after which there will be one again, and nothing is taken."""
        left, at = self._left.get(name, (self._most, now))
        left = min(self._most, left + (now - at) * self._most / 60)
        if left < 1:
            return (1 - left) * 60 / self._most
        self._left[name] = left - 1, now
        return 0.0
