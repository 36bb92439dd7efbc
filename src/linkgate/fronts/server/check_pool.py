"""Threads for checks that may take long, so that the event loop goes on answering everybody else.

A message whose check may take more than BUDGET seconds, by its length, is checked here. The threads are
daemons: a process that is told to end does not wait for a check under way. A check whose client has gone
before it began is not made.

>>> async def ask() -> int:
...     return await CheckPool(1).run(lambda: 7)
>>> asyncio.run(ask())
7
"""

from __future__ import annotations

import asyncio
import sys
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Job = tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[[], Any]]

BUDGET = 0.002
"""Seconds for which a check may hold up the event loop."""
PER_SUSPECT_CHARACTER = 60e-6
"""Seconds that a character of a short suspect message takes at worst, as `tests/bench/slowest.py` finds it."""
PER_CHARACTER = 1e-6
"""The same of a message that the prefilter alone clears."""
THREADS = 4
"""Python runs one at a time; several let a short check overtake a long one."""
_SWITCH = 0.0005
"""Seconds after which a thread that checks lets the event loop go on."""

_Found = TypeVar("_Found")


def is_quick(characters: int, *, suspect: bool) -> bool:
    """Whether a check is within the budget of the event loop, whatever the message holds.

    >>> is_quick(33, suspect=True), is_quick(34, suspect=True), is_quick(2_000, suspect=False)
    (True, False, True)
    """
    return characters * (PER_SUSPECT_CHARACTER if suspect else PER_CHARACTER) <= BUDGET


class CheckPool:
    """Daemon threads, started with the first job."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._is_started = False

    def run(self, work: Callable[[], _Found]) -> asyncio.Future[_Found]:
        """Have `work` done by a thread. To be called in the event loop; cancel the future to give its place away."""
        if not self._is_started:
            self._start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Found] = loop.create_future()
        self._jobs.put((loop, future, work))
        return future

    def _start(self) -> None:
        self._is_started = True
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH))
        for _ in range(self._threads):
            threading.Thread(target=_work, args=(self._jobs,), name="linkgate-check", daemon=True).start()


def _work(jobs: SimpleQueue[Job]) -> None:
    while True:
        loop, future, work = jobs.get()
        if future.cancelled():
            continue
        try:
            outcome, is_error = work(), False
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the caller's to handle
            outcome, is_error = error, True
        try:
            loop.call_soon_threadsafe(_settle, future, outcome, is_error)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return
        del loop, future, work, outcome  # nothing of a message is kept while the thread waits


def _settle(future: asyncio.Future[Any], outcome: Any, is_error: bool) -> None:  # noqa: FBT001  # call_soon knows no keywords
    if future.cancelled():
        return
    if is_error:
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
