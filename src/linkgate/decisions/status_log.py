"""StatusLog: tells the log when a gate begins to need somebody, and when it does no more; each change once.

>>> import logging, sys
>>> from linkgate.decisions.gate_status import GateProblem
>>> log = StatusLog(logging.getLogger("doctest"))
>>> handler = logging.StreamHandler(sys.stdout)
>>> log.logger.addHandler(handler); log.logger.setLevel("INFO"); log.logger.propagate = False
>>> trouble = GateProblem("stale", "list demo is over its max_age", "demo")
>>> log.note([trouble]); log.note([trouble]); log.note([])
list demo is over its max_age
over: list demo is over its max_age
>>> log.logger.removeHandler(handler)
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.decisions.gate_status import GateProblem


class StatusLog:
    """What was told last. WARNING for a new problem, INFO for one that is over."""

    def __init__(self, logger: logging.Logger | None = None) -> None:
        self.logger = logger or logging.getLogger("linkgate.gate")
        self._told: tuple[GateProblem, ...] = ()

    def note(self, problems: Iterable[GateProblem]) -> None:
        """Take the problems of this moment."""
        found, before = tuple(problems), self._told
        self._told = found
        for problem in found:
            if problem not in before:
                self.logger.warning("%s", problem.sentence)
        for problem in before:
            if problem not in found:
                self.logger.info("over: %s", problem.sentence)
