"""reload: the current engine, and its replacement. What the handle of a process that runs for long stands on.

A new engine is built aside and takes the old one's place by one assignment: a check sees the one
or the other, takes no lock and does no I/O. What cannot be loaded leaves the old engine in place,
and says so in the status (law 8).

>>> import tempfile; from pathlib import Path
>>> from linkgate.lists.compile import compile_lines
>>> from linkgate.lists.store import Store
>>> with tempfile.TemporaryDirectory() as folder:
...     store = Store.open(Path(folder, "store"), create=True)
...     _ = store.publish(compile_lines(["http://bad.example/page"]).engine)
...     with Follower.open(store.path, watch=None) as follower:
...         _ = store.publish(compile_lines(["http://worse.example/page"]).engine)
...         before = follower.engine.lookup("worse.example/page").flagged
...         before, follower.reload(), follower.engine.lookup("worse.example/page").flagged
(False, True, True)
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Self

from linkgate.lists.current import source_of
from linkgate.lists.engine_reference import EngineReference
from linkgate.lists.watcher import JITTER, WATCH, Watcher

if TYPE_CHECKING:
    import os
    from types import TracebackType

    from linkgate.core.engine import Engine
    from linkgate.lists.manifest import ListState


class Follower:
    """Follows a store or snapshot file; safe to share between threads, and across a fork."""

    def __init__(self, reference: EngineReference, watcher: Watcher) -> None:
        self._reference = reference
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
        reference = EngineReference(source_of(path, key=key))
        return cls(reference, Watcher(reference, pause=watch, jitter=jitter))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """The engine that decides at this moment: for several questions to one and the same."""
        return self._reference.in_force().engine

    @property
    def lists(self) -> tuple[ListState, ...]:
        """The lists that it was compiled from; none for a snapshot file, which does not tell."""
        return self._reference.current.lists

    def reload(self, *, force: bool = False) -> bool:
        """Take what is on the disk now, if it is another one (or `force` says so).

        Out: whether the engine was replaced. Raises StoreError or SnapshotError when it cannot be
        loaded: then the old engine goes on deciding, and the status says why.
        """
        return self._reference.reload(force=force)

    def close(self) -> None:
        """End the watcher; the engine goes on answering. May be called twice."""
        self._watcher.close()
