"""reload: the current engine, and its replacement. The handle of a process that runs for long.

A new engine is built aside and takes the old one's place by one assignment: a check sees the one
or the other, takes no lock and does no I/O. What cannot be loaded leaves the old engine in place,
and says so in the status (law 8).

>>> import tempfile; from pathlib import Path
>>> from linkgate.lists.compile import compile_lines
>>> from linkgate.lists.store import Store
>>> with tempfile.TemporaryDirectory() as folder:
...     store = Store.open(Path(folder, "store"), create=True)
...     _ = store.publish(compile_lines(["http://bad.example/page"]).engine)
...     with Gate.open(store.path, watch=None) as gate:
...         _ = store.publish(compile_lines(["http://worse.example/page"]).engine)
...         before = gate.lookup("worse.example/page").flagged
...         before, gate.reload(), gate.lookup("worse.example/page").flagged, gate.status().version
(False, True, True, 2)
"""

from __future__ import annotations

import time
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from linkgate.lists.current import source_of
from linkgate.lists.holder import Holder
from linkgate.lists.watcher import JITTER, WATCH, Watcher

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from types import TracebackType

    from linkgate.core.engine import Engine
    from linkgate.core.explain import Explanation
    from linkgate.core.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class GateStatus:
    """How a gate stands.

    snapshot: the id of what decides; version: its number in the store, None for a snapshot file;
    entries: how many; age: seconds since it was published; loaded: seconds since this process took
    it; checked: seconds since the disk was last looked at, without a fault; reloads, failures: how
    often a replacement came, and did not; error: why the last one did not, None after one that did;
    seconds: what the last load took; watching: whether a watcher is at work.
    """

    snapshot: str
    version: int | None
    entries: int
    age: float
    loaded: float
    checked: float
    reloads: int
    failures: int
    error: str | None
    seconds: float
    watching: bool

    @property
    def ok(self) -> bool:
        """Whether the last look at the disk went well."""
        return self.error is None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; holds no address."""
        return {"ok": self.ok} | {name: getattr(self, name) for name in self.__slots__}


class Gate:
    """The current engine of a store or snapshot file; safe to share between threads, and across a fork."""

    def __init__(self, holder: Holder, watcher: Watcher) -> None:
        self._holder = holder
        self._watcher = watcher
        weakref.finalize(self, watcher.close)  # the thread does not keep a forgotten gate alive

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        key: bytes | None = None,
        watch: float | None = WATCH,
        jitter: float = JITTER,
    ) -> Self:
        """Load what decides now, and follow what is published from now on.

        path: a store, or a snapshot file. key: 32 bytes, for an encrypted store. watch: seconds
        between two looks at the disk by a thread in the background, None to look only when `reload`
        is called. jitter: at most so many seconds a watcher waits before it takes what is new.
        Raises StoreError or SnapshotError when there is nothing to begin with.
        """
        holder = Holder(source_of(path, key=key))
        return cls(holder, Watcher(holder, pause=watch, jitter=jitter))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """The engine that decides at this moment: for several questions to one and the same."""
        return self._holder.current.engine

    def check(self, text: str, *, links: Sequence[str] = ()) -> Verdict:
        """Say whether a message links to a listed page, as `Engine.check` does. Never raises, never waits."""
        return self._holder.current.engine.check(text, links=links)

    def lookup(self, url: str) -> Verdict:
        """Say whether one URL is listed, as `Engine.lookup` does."""
        return self._holder.current.engine.lookup(url)

    def explain(self, url: str) -> Explanation:
        """The way from a URL as written to its verdict, as `Engine.explain` does."""
        return self._holder.current.engine.explain(url)

    def reload(self, *, force: bool = False) -> bool:
        """Take what is on the disk now, if it is another one (or `force` says so).

        Out: whether the engine was replaced. Raises StoreError or SnapshotError when it cannot be
        loaded: then the old engine goes on deciding, and `status` says why.
        """
        return self._holder.reload(force=force)

    def status(self) -> GateStatus:
        """How the gate stands. Never raises, never waits."""
        holder, current, now = self._holder, self._holder.current, time.monotonic()
        return GateStatus(
            snapshot=current.engine.snapshot,
            version=current.version,
            entries=current.engine.size,
            age=max(0.0, time.time() - current.published),
            loaded=now - current.loaded,
            checked=now - holder.checked,
            reloads=holder.reloads,
            failures=holder.failures,
            error=holder.error,
            seconds=current.seconds,
            watching=self._watcher.is_alive(),
        )

    def close(self) -> None:
        """End the watcher; the engine goes on answering. May be called twice."""
        self._watcher.close()
