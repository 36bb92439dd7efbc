"""A thread that looks at the disk now and then, and has what is new taken, not at once in all processes."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import suppress
from random import SystemRandom
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkgate.lists.engine_reference import EngineReference

WATCH = 5.0
"""Seconds between two looks at the disk."""

JITTER = 10.0
"""Seconds over which the processes that watch one store spread their reloads."""

_SPREAD = SystemRandom()  # forked processes would share the state of another generator
_WATCHERS: weakref.WeakSet[Watcher] = weakref.WeakSet()


class Watcher:
    """Watches for one reference, until it is closed; begins anew in a forked process, where no thread came along."""

    def __init__(self, reference: EngineReference, *, pause: float | None, jitter: float) -> None:
        self._reference = reference
        self.pause = pause
        self._jitter = jitter
        self.begin()
        _WATCHERS.add(self)

    def begin(self) -> None:
        """Start the thread, if there is a pause to wait between two looks."""
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        if self.pause is not None:
            arguments = (self._reference, self._closing, self.pause, self._jitter)
            self._thread = threading.Thread(target=_follow, args=arguments, name="linkgate-reload", daemon=True)
            self._thread.start()

    def is_alive(self) -> bool:
        """Whether the thread is at work."""
        return self._thread is not None and self._thread.is_alive() and not self._closing.is_set()

    def close(self) -> None:
        """Let the thread end; it is not waited for. May be called twice."""
        _WATCHERS.discard(self)
        self._closing.set()


def _follow(reference: EngineReference, closing: threading.Event, pause: float, jitter: float) -> None:
    while not closing.wait(pause):
        if reference.is_behind() and not closing.wait(_SPREAD.uniform(0, jitter)):
            with suppress(Exception):  # it is in the status, and a watcher that ends would be worse
                reference.reload()


def _begin_all() -> None:
    for watcher in list(_WATCHERS):
        watcher.begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all)
