"""PeriodicTask: a thread that does once a second what a check must not wait for; started anew in a forked process."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE = 1.0
"""Seconds between two turns."""

_TASKS: weakref.WeakSet[PeriodicTask] = weakref.WeakSet()


class PeriodicTask:
    """Calls `upkeep` until it is closed; `renew` comes first in a forked process."""

    def __init__(self, upkeep: Callable[[], None], renew: Callable[[], None], *, pause: float | None = PAUSE) -> None:
        self._tend = upkeep
        self._renew = renew
        self._pause = pause
        self.begin()
        _TASKS.add(self)

    def begin(self) -> None:
        """Start the thread, if there is a pause to wait between two turns."""
        self._renew()
        self._closing = threading.Event()
        if self._pause is not None:
            arguments = (self._tend, self._closing, self._pause)
            threading.Thread(target=_keep, args=arguments, name="linkgate-upkeep", daemon=True).start()

    def close(self) -> None:
        """Let the thread end; it is not waited for. May be called twice."""
        _TASKS.discard(self)
        self._closing.set()


def _keep(upkeep: Callable[[], None], closing: threading.Event, pause: float) -> None:
    while not closing.wait(pause):
        with suppress(Exception):  # a keeper that ends would be worse, and the next turn comes
            upkeep()


def _begin_all() -> None:
    for keeper in list(_TASKS):
        keeper.begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all)
