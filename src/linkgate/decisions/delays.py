"""Delays: how long decisions took from the post on, counted in little room: each is known to one part in a hundred.

>>> delays = Delays()
>>> for seconds in (0.2, 3.0, 90.0, 86_400.0):
...     delays.add(seconds)
>>> delays.add(None)
>>> delays.as_dict()
{'known': 4, 'median': 3.0, 'p90': 86400.0}
>>> Delays().as_dict()
{'known': 0, 'median': None, 'p90': None}
"""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import Any


class Delays:
    """Seconds, kept with two digits and a half: of any number of decisions some thousands of different ones."""

    def __init__(self) -> None:
        self._counts: Counter[float] = Counter()

    def add(self, seconds: float | None) -> None:
        """Count one; None is of a decision of which nobody said when the message was posted."""
        if seconds is not None:
            self._counts[float(f"{seconds:.3g}")] += 1

    @property
    def known(self) -> int:
        """Of how many decisions it is known."""
        return self._counts.total()

    def share(self, part: float) -> float | None:
        """The seconds within which this part of the decisions came; None where none is known."""
        left = ceil(self.known * part)
        for seconds, number in sorted(self._counts.items()):
            left -= number
            if left <= 0:
                return seconds
        return None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"known": self.known, "median": self.share(0.5), "p90": self.share(0.9)}
