"""A counter for several threads, without a lock.

>>> counter = ThreadCounter()
>>> counter.add(); counter.add(2)
>>> counter.total
3
"""

from __future__ import annotations

import threading


class ThreadCounter:
    """A count that many threads raise without a lock: each has its own part."""

    def __init__(self) -> None:
        self._parts: dict[int, int] = {}

    def add(self, number: int = 1) -> None:
        """Raise it."""
        thread = threading.get_ident()
        self._parts[thread] = self._parts.get(thread, 0) + number

    @property
    def total(self) -> int:
        """What it is."""
        return sum(self._parts.copy().values())
