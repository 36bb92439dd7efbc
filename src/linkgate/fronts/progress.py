"""Progress of a scan: on a terminal a line that rich keeps up to date, elsewhere a sentence a minute.

Nothing is shown at first, and rich is imported only when the line is first drawn, so that short
scans and pipes never pay for it.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from linkgate.fronts.show import printable, say

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from linkgate.fronts.archive.scan_counts import ScanCounts

_PATIENCE = 2.0
"""Seconds before anything is drawn."""

_PAUSE = 0.1
"""Seconds between two drawings."""

_MINUTE = 60.0
"""Seconds between two sentences, for whoever reads a log."""


class Progress:
    """To be called after each chunk; shows something when it is time to.

    total: bytes of all files on disk, None where there is a pipe among them. done: bytes that were
    done before, by a run that this one goes on with.
    """

    def __init__(self, total: int | None, *, done: int = 0, messages: int = 0) -> None:
        self._total = total
        self._done_before = done
        self._messages_before = messages
        self._began = time.perf_counter()
        self._drawing = sys.stderr.isatty()
        self._next = self._began + (_PATIENCE if self._drawing else _MINUTE)
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, name: str, done: int, tally: ScanCounts) -> None:
        """Show how far it has come, if the last time is long enough ago. `done`: bytes on disk."""
        now = time.perf_counter()
        if now < self._next:
            return
        self._next = now + (_PAUSE if self._drawing else _MINUTE)
        seconds = now - self._began
        seen = f"{tally.messages:,} messages, {tally.flagged:,} flagged"
        rate = f"{round((tally.messages - self._messages_before) / seconds):,} a second"
        if self._drawing:
            bar, task = self._drawn()
            bar.update(task, description=f"{printable(name)}: {seen}, {rate}", total=self._total, completed=done)
        else:
            say(f"{name}: {seen}, {rate}{self._left(done, seconds)}")

    def _left(self, done: int, seconds: float) -> str:
        if not self._total or done <= self._done_before:
            return ""
        left = (self._total - done) * seconds / (done - self._done_before)
        return f"; {done / self._total:.0%} of {size(self._total)}, {duration(left)} left"

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


def size(number: int) -> str:
    """A number of bytes as people say it.

    >>> size(999), size(12_345_678), size(4_000_000_000)
    ('999 bytes', '12 MB', '4.0 GB')
    """
    for unit, many in (("GB", 10**9), ("MB", 10**6)):
        if number >= many:
            return f"{number / many:.1f} {unit}" if number < 10 * many else f"{number / many:.0f} {unit}"
    return f"{number:,} bytes"


def duration(seconds: float) -> str:
    """A time as people say it, rounded up.

    >>> duration(20), duration(61), duration(4000)
    ('1 min', '2 min', '1 h 7 min')
    """
    minutes = max(1, -int(-seconds // 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004  # minutes
