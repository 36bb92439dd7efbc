"""What the holder of a store's lock does: write files that nothing refers to yet, then commit one manifest."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from linkgate.errors import LinkgateError, StoreError
from linkgate.lists import snapshot
from linkgate.lists.disk import sweep, sweep_drafts
from linkgate.lists.manifest import Version, stamp

if TYPE_CHECKING:
    from linkgate.core.engine import Engine
    from linkgate.lists.manifest import ListState, Manifest
    from linkgate.lists.store_folder import StoreFolder


class Transaction:
    """A change of a store under its lock. `manifest` is what the store will say after the next commit."""

    def __init__(self, store: StoreFolder, manifest: Manifest) -> None:
        self.store = store
        self.manifest = manifest
        self._committed = manifest
        self.secret = store.secret

    def edit(self, **changes: object) -> None:
        """Change fields of the manifest to come."""
        self.manifest = msgspec.structs.replace(self.manifest, **changes)

    def put_raw(self, data: bytes) -> str:
        """Write a raw file and give its name; one that is there and sound is not written again."""
        name = self.store.name_of(data)
        path = self.store.raws / name
        if not self._holds(name):
            self.store.write(path, data)
        return name

    def _holds(self, raw: str) -> bool:
        """Whether a raw file is there and sound: a damaged one is written again."""
        try:
            return (self.store.raws / raw).exists() and bool(self.store.raw(raw) or raw)
        except StoreError:
            return False

    def raw(self, name: str) -> bytes:
        """A raw file of the store; StoreError."""
        return self.store.raw(name)

    def commit(self) -> None:
        """Make the store say what this transaction says, and then remove what it refers to no more. OSError."""
        if self.manifest != self._committed:
            self.store.commit(self.manifest)
            self._committed = self.manifest
        self._tidy()

    def _tidy(self) -> None:
        sweep_drafts(self.store.path)
        sweep(self.store.raws, keep=self._committed.raws())
        sweep(self.store.snapshots, keep=self._committed.snapshots())

    def publish(self, engine: Engine, *, lists: tuple[ListState, ...] = (), now: dt.datetime | None = None) -> Version:
        """Make an engine current and commit. Where the current one has the same id, only its lists are noted."""
        moment = now or dt.datetime.now(dt.UTC)
        current = self.manifest.version(None)
        if current is not None and current.snapshot == engine.snapshot:
            version = msgspec.structs.replace(current, lists=lists or current.lists, compiled=_day(moment))
            self._mend(version, engine)
            versions = tuple(version if kept.id == version.id else kept for kept in self.manifest.versions)
        else:
            version = self._new(engine, lists, moment)
            versions = self._kept((*self.manifest.versions, version), version)
        self.edit(versions=versions, current=version.id)
        self.commit()
        return version

    def _mend(self, version: Version, engine: Engine) -> None:
        """Write the snapshot of a version again where it is damaged, gone, or that of another version."""
        try:
            self.store.engine_of(version)
        except (FileNotFoundError, LinkgateError):
            self.store.write(self.store.snapshots / version.file, snapshot.dump(engine))

    def _new(self, engine: Engine, lists: tuple[ListState, ...], moment: dt.datetime) -> Version:
        # A number, not a time, orders the versions: a clock may run back.
        number = max((version.id for version in self.manifest.versions), default=0) + 1
        file = f"{number}-{engine.snapshot}"
        self.store.write(self.store.snapshots / file, snapshot.dump(engine))
        return Version(
            id=number,
            created=stamp(moment),
            compiled=_day(moment),
            snapshot=engine.snapshot,
            file=file,
            entries=engine.size,
            lists=lists,
        )

    def _kept(self, versions: tuple[Version, ...], current: Version) -> tuple[Version, ...]:
        """The newest versions, as many as the store's history says, the current one always among them."""
        kept = versions[-max(self.store.history, 1) :]
        return kept if current in kept else (current, *kept[1:])

    def rollback(self, version: Version) -> Version:
        """Go to another version and commit: its lists are the last good ones again.

        The files of the lists that it takes back are refused from now on: the publisher sends them still.
        """
        before = self.manifest
        lists = {state.name: state.origin for state in version.lists} or before.lists
        refused = {name: set(raws) for name, raws in before.refused.items()}
        for name, origin in before.lists.items():
            refused.setdefault(name, set()).add(origin.raw)
        for name, origin in lists.items():
            refused.get(name, set()).discard(origin.raw)
        taken_back = {name: tuple(sorted(raws)) for name, raws in refused.items() if raws}
        self.edit(current=version.id, lists=lists, refused=taken_back, settings="")
        self.commit()
        return version


def _day(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).date().isoformat()
