"""How often a host is asked, and for how long it is left alone when it says so. Time is handed in.

>>> limits = HostLimits(rate=1.0, burst=2)
>>> [limits.wait("sho.example", now=0.0) for _ in range(4)]
[0.0, 0.0, 1.0, 2.0]
>>> limits.pause("sho.example", seconds=30.0, now=0.0)
>>> limits.wait("sho.example", now=10.0) is None, limits.wait("sho.example", now=31.0)
(True, 0.0)
"""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_WAIT = 2.0
"""Seconds; who would have to wait longer is told so at once."""
_LONGEST_PAUSE = 3600.0


@dataclass(slots=True)
class HostLimits:
    """A bucket for each host, of `burst`, filled with `rate` a second. Hosts are those of a table, so they are few."""

    rate: float = 5.0
    burst: float = 20.0
    _left: dict[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    _paused: dict[str, float] = field(default_factory=dict, repr=False)

    def wait(self, host: str, *, now: float) -> float | None:
        """The seconds after which the host may be asked, which is then counted; None where that is too long."""
        paused = self._paused.get(host, 0.0) - now
        left, at = self._left.get(host, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.rate)
        wait = max(0.0, (1 - left) / self.rate, paused)
        if wait > LONGEST_WAIT:
            return None
        self._left[host] = left - 1, now
        return wait

    def pause(self, host: str, *, seconds: float, now: float) -> None:
        """Leave a host alone for as long as it asks for, an hour at most."""
        self._paused[host] = now + min(seconds, _LONGEST_PAUSE)
