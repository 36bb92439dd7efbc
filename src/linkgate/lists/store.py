"""The store: a folder that holds lists and engines, and says which engine is current.

>>> import tempfile
>>> from linkgate.lists.compile import compile_lines
>>> with tempfile.TemporaryDirectory() as folder:
...     store = Store.open(Path(folder, "store"), create=True)
...     version = store.publish(compile_lines(["http://bad.example/page"]).engine)
...     version.id, version.entries, store.load().lookup("bad.example/page").flagged
(1, 1, True)
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from linkgate.errors import SnapshotError, StoreError
from linkgate.lists import snapshot
from linkgate.lists.store_folder import AGAIN, RESTORE, StoreFolder
from linkgate.lists.transaction import Transaction

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterator

    from linkgate.core.engine import Engine
    from linkgate.lists.manifest import ListState, Version


class Store(StoreFolder):
    """A store that was found in order, and its versions."""

    @property
    def current(self) -> Version:
        """The version that decides now; StoreError when nothing was published yet."""
        return self.version(None)

    def version(self, number: int | None) -> Version:
        """The version of this number, the current one for None; StoreError when there is none."""
        manifest = self.manifest()
        found = manifest.version(number)
        if found is not None:
            return found
        if not manifest.versions:
            raise StoreError(f"{self.path} holds no version yet: run `linkgate lists update`.")
        raise StoreError(f"{self.path} holds no version {number}: `linkgate lists history` shows those it holds.")

    def versions(self) -> tuple[Version, ...]:
        """All versions that are kept, oldest first."""
        return self.manifest().versions

    def load(self, version: int | None = None) -> Engine:
        """The engine of a version, the current one for None. Raises StoreError or SnapshotError."""
        return self.load_version(version)[0]

    def load_version(self, version: int | None = None) -> tuple[Engine, Version]:
        """The same with what the manifest says of it.

        Takes no lock: when a publisher removes the file under our eyes, the new current one is read.
        """
        while True:
            found = self.version(version)
            try:
                return self.engine_of(found), found
            except SnapshotError as error:
                raise SnapshotError(str(error).replace(snapshot.AGAIN, AGAIN)) from None
            except FileNotFoundError:
                if self.version(version).file == found.file:
                    raise StoreError(f"{self.path}: the file of version {found.id} is gone; {RESTORE}.") from None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Hold the lock and change the store: nothing counts before the transaction's `commit`. Raises StoreError."""
        with self.told(), self.locked():
            yield Transaction(self, self.manifest())

    def publish(self, engine: Engine, *, lists: tuple[ListState, ...] = (), now: dt.datetime | None = None) -> Version:
        """Make an engine the current one. Out: its version; the current one as it is where it has the same id."""
        with self.transaction() as transaction:
            return transaction.publish(engine, lists=lists, now=now)

    def rollback(self, number: int) -> Version:
        """Make an older (or newer) version the current one; what it takes back is not taken again. StoreError."""
        with self.transaction() as transaction:
            return transaction.rollback(self.version(number))


def is_store(path: str | os.PathLike[str]) -> bool:
    """Whether a folder looks like a store."""
    return Path(path, "manifest.json").is_file()
