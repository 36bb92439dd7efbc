"""How often somebody may ask: so many a minute, in bursts of at most as many.

>>> rate = RateLimit(2)
>>> [rate.wait("joe", now=second) for second in (0.0, 0.0, 0.0, 30.0, 30.0)]
[0.0, 0.0, 30.0, 0.0, 30.0]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from linkgate.fronts.server.file_lock import exclusive

if TYPE_CHECKING:
    from pathlib import Path

_LEFT = msgspec.msgpack.Decoder(dict[str, tuple[float, float]])


class RateLimit:
    """A bucket for each name, filled at `per_minute` and never over it. Time is handed in."""

    def __init__(self, per_minute: float, left: dict[str, tuple[float, float]] | None = None) -> None:
        self._most = per_minute
        self.left = {} if left is None else left

    def wait(self, name: str, *, now: float, number: int = 1, per_minute: float | None = None) -> float:
        """Take some. Out: 0, or the seconds after which there will be one again, and nothing is taken.

        Who has one left may take more than that, and waits for longer then. per_minute: the limit of this name.

        >>> rate = RateLimit(60)
        >>> [rate.wait("joe", now=0.0, number=90), rate.wait("joe", now=0.0), rate.wait("joe", now=31.0)]
        [0.0, 31.0, 0.0]
        """
        most = per_minute or self._most
        left, at = self.left.get(name, (most, now))
        left = min(most, left + (now - at) * most / 60)
        if left < 1:
            return (1 - left) * 60 / most
        self.left[name] = left - number, now
        return 0.0


class SharedRateLimit:
    """The same for several processes: the buckets are in a folder that they share, and outlive a killed one.

    >>> import tempfile; from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     one, other = (SharedRateLimit(2, Path(folder)) for _ in range(2))
    ...     [rate.wait("joe", now=0.0) for rate in (one, other, one, other)]
    [0.0, 0.0, 30.0, 30.0]
    """

    def __init__(self, per_minute: float, folder: Path) -> None:
        self._most = per_minute
        self._folder = folder

    def wait(self, name: str, *, now: float, number: int = 1, per_minute: float | None = None) -> float:
        """As `RateLimit.wait`; `now` is on a clock that the processes share. Raises OSError."""
        path, draft = self._folder / "rates", self._folder / "rates.draft"
        with exclusive(self._folder / "rates.mutex"):
            rate = RateLimit(self._most, _LEFT.decode(path.read_bytes()) if path.exists() else {})
            seconds = rate.wait(name, now=now, number=number, per_minute=per_minute)
            draft.write_bytes(msgspec.msgpack.encode(rate.left))
            draft.rename(path)
        return seconds
