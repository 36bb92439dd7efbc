"""What decides now, where it is read from, and how one sees that there is something newer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from linkgate.errors import SnapshotError
from linkgate.lists import snapshot
from linkgate.lists.disk import reason
from linkgate.lists.manifest import moment
from linkgate.lists.store import Store

if TYPE_CHECKING:
    import os
    from collections.abc import Hashable, Mapping

    from linkgate.core.engine import Engine
    from linkgate.lists.manifest import ListState


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """An engine, and where it came from.

    compiled: the engine as it was published. engine: as it decides now, without the allow entries that
    have ended; until: the second since 1970 at which the next one ends, None for never. stamp: what
    will differ on the disk when there is something newer. version: its number in the store, None for
    a file. published: when it was, in seconds since 1970. loaded: when this process took it, on the
    monotonic clock; seconds: how long that took. lists: the lists it was compiled from. checked: when
    the publisher of each list last confirmed it, in seconds since 1970.
    """

    compiled: Engine
    engine: Engine
    until: int | None = None
    stamp: Hashable
    version: int | None
    published: float
    loaded: float
    seconds: float
    lists: tuple[ListState, ...] = ()
    checked: Mapping[str, float] = field(default_factory=dict)

    def at(self, now: float) -> Current:
        """The same at another moment, in seconds since 1970."""
        return replace(self, engine=self.compiled.at(now), until=self.compiled.next_end(now))


class EngineSource(Protocol):
    """Where an engine comes from."""

    def stamp(self) -> Hashable:
        """One look at the disk. Raises LinkgateError."""

    def load(self, *, known: Current | None = None) -> Current:
        """Read what decides now; `known` with a new stamp where it is the same. Raises LinkgateError."""


@dataclass(frozen=True, slots=True)
class StoreSource:
    """The current version of a store."""

    store: Store

    def stamp(self) -> Hashable:
        """What changes with every commit."""
        return self.store.stamp()

    def load(self, *, known: Current | None = None) -> Current:
        """Read the current version; a commit that leaves it in place costs nothing."""
        began = time.perf_counter()
        stamp = self.stamp()  # before the load: what is committed in between is seen at the next look
        version = self.store.current
        if known is not None and version.snapshot == known.compiled.snapshot:
            engine = known.compiled
        else:
            engine, version = self.store.load_version()
            engine.ready()
        return Current(
            compiled=engine,
            engine=engine,
            stamp=stamp,
            version=version.id,
            published=moment(version.created).timestamp(),
            loaded=time.monotonic(),
            seconds=time.perf_counter() - began,
            lists=version.lists,
            checked=self._checked(),
        ).at(time.time())

    def _checked(self) -> dict[str, float]:
        """A version keeps the time of its making; lists are confirmed long after."""
        return {name: moment(origin.checked).timestamp() for name, origin in self.store.manifest().lists.items()}


@dataclass(frozen=True, slots=True)
class FileSource:
    """A snapshot file, and its key if it is encrypted."""

    path: Path
    key: bytes | None = field(default=None, repr=False)

    def stamp(self) -> Hashable:
        """What changes when the file is replaced."""
        found = self._stat()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def load(self, *, known: Current | None = None) -> Current:
        """Read the file."""
        began = time.perf_counter()
        stamp, changed = self.stamp(), self._stat().st_mtime
        engine = snapshot.load(self.path, key=self.key)
        engine.ready()
        if known is not None and engine.snapshot == known.compiled.snapshot:
            return replace(known, stamp=stamp)
        return Current(
            compiled=engine,
            engine=engine,
            stamp=stamp,
            version=None,
            published=changed,
            loaded=time.monotonic(),
            seconds=time.perf_counter() - began,
        ).at(time.time())

    def _stat(self) -> os.stat_result:
        try:
            return self.path.stat()
        except (OSError, ValueError) as error:
            raise SnapshotError(f"{self.path} cannot be read ({reason(error)}): check the path.") from None


@dataclass(frozen=True, slots=True)
class FixedSource:
    """An engine in memory, which is never replaced."""

    engine: Engine

    def stamp(self) -> Hashable:
        """Always the same."""
        return self.engine.snapshot

    def load(self, *, known: Current | None = None) -> Current:
        """The engine; `known` again where there is one."""
        return known or Current(
            compiled=self.engine,
            engine=self.engine,
            stamp=self.stamp(),
            version=None,
            published=time.time(),
            loaded=time.monotonic(),
            seconds=0.0,
        ).at(time.time())


def source_of(path: str | os.PathLike[str], *, key: bytes | None = None) -> EngineSource:
    """The store or snapshot file at a path. StoreError where the store cannot be opened."""
    if Path(path).is_dir():
        return StoreSource(Store.open(path, key=key))
    return FileSource(Path(path), key)


def load(path: str | os.PathLike[str], *, key: bytes | None = None) -> Engine:
    """Read an engine: a snapshot file, or the current version of a store, with `key` where it is encrypted.

    It decides as of now (`Engine.at`): allow entries that have ended lift nothing.

    Raises SnapshotError or StoreError, naming the file or folder and the cure.
    """
    return source_of(path, key=key).load().engine
