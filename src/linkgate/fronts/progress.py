"""Progress of a scan on a terminal: nothing at first, then a line on stderr that rich keeps up to date.

rich is imported only when the line is first drawn, so that short scans and pipes never pay for it.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from linkgate.fronts.show import printable

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from linkgate.fronts.scan import Tally

_PATIENCE = 2.0
"""Seconds before anything is drawn."""

_PAUSE = 0.1
"""Seconds between two drawings."""


class Progress:
    """To be called with a file's name and raw stream; draws when it is time to."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._next = time.perf_counter() + _PATIENCE if sys.stderr.isatty() else float("inf")
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, name: str, raw: Any) -> None:
        """Draw, if the last time is long enough ago."""
        now = time.perf_counter()
        if now < self._next:
            return
        self._next = now + _PAUSE
        size = _size(raw)
        seen = f"{self._tally.messages:,} messages, {self._tally.flagged:,} flagged"
        bar, task = self._drawn()
        bar.update(
            task,
            description=f"{printable(Path(name).name)}: {seen}",
            total=size,
            completed=raw.tell() if size else 0,
        )

    def _drawn(self) -> tuple[Bar, TaskID]:
        if self._bar is None or self._task is None:
            self._bar = _bar()
            self._task = self._bar.add_task("", total=None)
            self._bar.start()
        return self._bar, self._task


def _bar() -> Bar:
    from rich.console import Console  # noqa: PLC0415  # see the module's docstring
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=16),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    return Bar(*columns, console=Console(stderr=True), transient=True)


def _size(raw: Any) -> int | None:
    """Bytes of a regular file; None for a pipe, which has no end to show."""
    if raw is None:
        return None
    status = os.fstat(raw.fileno())
    return status.st_size if stat.S_ISREG(status.st_mode) and raw.seekable() else None
