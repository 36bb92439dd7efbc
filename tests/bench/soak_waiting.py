"""How long threads have stood ready without a processor, as Linux counts it: what a busy machine adds to an answer."""

from __future__ import annotations

import os
from pathlib import Path


def seconds_waited(process: int) -> float:
    """Seconds that all threads of a process have waited for a processor; 0 for one that is gone, and elsewhere."""
    waited = 0
    try:
        for thread in os.scandir(f"/proc/{process}/task"):
            waited += int(Path(thread.path, "schedstat").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return waited / 1e9


class Waiting:
    """What this process and the workers of a sidecar waited since it was made; the longest of the workers counts."""

    def __init__(self, workers: list[int]) -> None:
        self._before = {each: seconds_waited(each) for each in (os.getpid(), *workers)}

    def seconds(self) -> float:
        """Seconds until now, of this process and of one worker together."""
        waited = {each: max(0.0, seconds_waited(each) - before) for each, before in self._before.items()}
        return waited.pop(os.getpid()) + max(waited.values(), default=0.0)
