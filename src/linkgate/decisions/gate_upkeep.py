"""Gate upkeep: what a thread does once a second beside the checks of a gate, and the log told of what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.decisions.gate_status import GateStatus
from linkgate.decisions.periodic import PAUSE, PeriodicTask
from linkgate.decisions.status_log import StatusLog

if TYPE_CHECKING:
    from linkgate.decisions.enforcement import Enforcement
    from linkgate.lists.engine_reference import EngineReference


class GateUpkeep:
    """The thread of a gate. It holds no gate, which would be kept alive. pause: None for no thread."""

    def __init__(self, reference: EngineReference, enforcement: Enforcement, *, pause: float | None) -> None:
        self._reference, self._enforcement, self._log = reference, enforcement, StatusLog()
        pause = None if pause is None else min(pause, PAUSE)
        self._task = PeriodicTask(self.run, enforcement.renew, pause=pause)

    def run(self) -> None:
        """Take alarms, opinions and configuration from the disk, and bring to it what waits."""
        self._enforcement.upkeep()
        status = GateStatus.of(
            self._reference, self._enforcement, watching=True, observer_errors=0, unknown_surfaces={}
        )
        self._log.note(problem for problem in status.problems if problem.kind != "reload")  # which the reference tells

    def end_thread(self) -> None:
        """Let the thread end. May be called twice."""
        self._task.close()

    def close(self) -> None:
        """The same, and do what can wait for a minute else."""
        self.end_thread()
        self._enforcement.upkeep(last=True)
