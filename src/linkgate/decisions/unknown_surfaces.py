"""Surfaces that a configuration does not declare: counted by name, so that a misspelled one is seen.

>>> unknown_surfaces = UnknownSurfaces()
>>> for name in ("pubilc", "pubilc", "http://bad.example/"):
...     unknown_surfaces.add(name)
>>> unknown_surfaces.counts()
{'pubilc': 2, 'another': 1}
"""

from __future__ import annotations

import re

from linkgate.decisions.counter import ThreadCounter

OTHERS = "another"
"""What stands for a name that may be anything (law 9), and for all names after the first few."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_MOST = 32


class UnknownSurfaces:
    """How many messages came with each unknown surface. Threads share it without a lock."""

    def __init__(self) -> None:
        self._tallies: dict[str, ThreadCounter] = {}

    def add(self, name: str) -> None:
        """Count a message."""
        shown = name if _NAME.fullmatch(name) else OTHERS
        if shown not in self._tallies and len(self._tallies) >= _MOST:
            shown = OTHERS
        self._tallies.setdefault(shown, ThreadCounter()).add()

    def counts(self) -> dict[str, int]:
        """Messages by name."""
        return {name: tally.total for name, tally in self._tallies.copy().items()}
