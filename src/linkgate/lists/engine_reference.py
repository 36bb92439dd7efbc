"""Who holds the current engine, and puts another one in its place: whole, or not at all (law 8)."""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING

from linkgate.errors import LinkgateError

if TYPE_CHECKING:
    from linkgate.lists.current import Current, EngineSource

_log = logging.getLogger("linkgate.reload")
_REFERENCES: weakref.WeakSet[EngineReference] = weakref.WeakSet()


class EngineReference:
    """The current engine and what became of its replacements.

    Readers read `current`, one attribute, and take no lock; `checked` is when the disk was last
    looked at without a fault, on the monotonic clock; `error` is why the last replacement failed.
    """

    def __init__(self, source: EngineSource) -> None:
        self._source = source
        self.current = source.load()
        self.checked = time.monotonic()
        self.reloads = self.failures = 0
        self.error: str | None = None
        self.renew()
        _REFERENCES.add(self)

    def renew(self) -> None:
        """Make the lock anew: in a forked process it may be held by a thread that did not come along."""
        self._turn = threading.Lock()

    def is_behind(self) -> bool:
        """Whether there is something to take, or a fault to tell. One `stat`."""
        try:
            behind = self._source.stamp() != self.current.stamp
        except LinkgateError:
            return True
        if not behind:
            self._settle()
        return behind

    def reload(self, *, force: bool = False) -> bool:
        """Take what is on the disk, if it is another engine or `force` says so; whether it was replaced.

        Raises what the source raises, after noting it; the old engine stays.
        """
        with self._turn:
            try:
                return self._replace(force=force)
            except LinkgateError as error:
                self._note(str(error))
                raise
            except Exception as error:  # its words may quote what it choked on (law 9)
                self._note(f"the reload failed: {type(error).__name__}")
                raise

    def _replace(self, *, force: bool) -> bool:
        old = self.current
        if not force and self._source.stamp() == old.stamp:
            self._settle()
            return False
        self.current = self._source.load(known=None if force else old)
        self._settle()
        replaced = self.current.compiled is not old.compiled
        self.reloads += replaced
        if replaced:
            _log.info("engine replaced: %s, was %s", _named(self.current), _named(old))
        return replaced

    def in_force(self) -> Current:
        """What decides at this moment. Waits for nobody: an allow entry that has ended is left out at once.

        Readers ask for it instead of `current` where that has an `until`.
        """
        current, now = self.current, time.time()
        if current.until is None or now < current.until:
            return current
        later = current.at(now)
        if self._turn.acquire(blocking=False):  # else a reload is under way, whose engine must not be lost
            try:
                if self.current is current:
                    self.current = later
            finally:
                self._turn.release()
        return later

    def _settle(self) -> None:
        self.checked = time.monotonic()
        if self.error is not None:
            _log.info("over: %s", self.error)
        self.error = None

    def _note(self, error: str) -> None:
        self.failures += 1
        if error != self.error:  # once: the next look at the disk comes within seconds
            _log.warning("the old engine stays: %s", error)
        self.error = error


def _named(current: Current) -> str:
    version = "" if current.version is None else f"version {current.version}, "
    return f"{version}snapshot {current.engine.snapshot} ({current.engine.size:,} entries)"


def _renew_all() -> None:
    for reference in list(_REFERENCES):
        reference.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
