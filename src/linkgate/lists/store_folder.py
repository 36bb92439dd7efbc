"""The folder of a store: its files, their encryption, and the lock of who writes.

    manifest.json   what holds; its rename is the one step from the old state to the new
    raw/            the last good files of the lists, as they came; snapshots/: the engines
    secret          keys the entry ids; with it and a guess of an address, one could check the guess
    lock            held by who writes; readers need none

Folders are 0700 and files 0600, whatever the umask. With a key, all but manifest and lock is encrypted.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from linkgate.errors import SnapshotError, StoreError
from linkgate.lists import snapshot
from linkgate.lists.disk import is_draft, make_folder, reason, replace_file
from linkgate.lists.lock import LockedError, locked
from linkgate.lists.manifest import Manifest, ManifestError, Version, read_manifest, write_manifest
from linkgate.lists.vault import VaultError, key_check, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from linkgate.core.engine import Engine

HISTORY = 10
"""Versions that are kept if nothing else is said."""

AGAIN = "run `linkgate lists update --force`"
RESTORE = "restore the folder from a backup, or name an empty one and update again"

_SECRET_BYTES = 32
_PARTS = frozenset({"lock", "manifest.json", "raw", "secret", "snapshots"})


class StoreFolder:
    """A store that was found in order. Every answer is read afresh: another process may have published meanwhile."""

    def __init__(self, path: Path, *, key: bytes | None, history: int) -> None:
        self.path = path
        self.history = history
        self._key = key

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        key: bytes | None = None,
        create: bool = False,
        history: int = HISTORY,
    ) -> Self:
        """Open a store; make it first if there is none and `create` says so.

        `key`: 32 bytes, for a store that is encrypted. `history`: versions to keep when publishing.
        Raises StoreError: no store, no permission, damage, a wrong, missing or needless key.
        """
        store = cls(Path(path), key=key, history=history)
        with store.told():
            if create and not store._manifest_path.exists():
                store._create()
        store.manifest()
        return store

    def _create(self) -> None:
        if self.path.exists() and not _is_beginning(self.path):
            raise StoreError(f"{self.path} is no store and not empty: name another folder for the store.")
        make_folder(self.path)
        with self.locked():
            if self._manifest_path.exists():
                return
            for folder in (self.raws, self.snapshots):
                make_folder(folder)
            self.write(self.path / "secret", os.urandom(_SECRET_BYTES))
            self.commit(Manifest(current=None, key=self._check))

    @property
    def raws(self) -> Path:
        """The folder of the raw files."""
        return self.path / "raw"

    @property
    def snapshots(self) -> Path:
        """The folder of the snapshots."""
        return self.path / "snapshots"

    @property
    def secret(self) -> bytes:
        """What keys the ids of entries: 32 random bytes, made with the store."""
        secret = self._read_secret()
        noted = self.manifest().secret
        if noted and noted != _checksum(secret):
            raise StoreError(f"{self.path}: its secret is damaged; {RESTORE}.")
        return secret

    def _read_secret(self) -> bytes:
        secret = self.read(self.path / "secret")
        if len(secret) != _SECRET_BYTES:
            raise StoreError(f"{self.path}: its secret is damaged; {RESTORE}.")
        return secret

    @property
    def encrypted(self) -> bool:
        """Whether this store was opened with a key."""
        return self._key is not None

    def stamp(self) -> Hashable:
        """What changes with every commit, for one look at the disk. StoreError when it cannot be had."""
        with self.told():
            found = self._manifest_path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def manifest(self) -> Manifest:
        """The manifest as it is now; StoreError when it cannot be read, or the key does not fit."""
        with self.told():
            data = self._manifest_path.read_bytes()
        try:
            manifest = read_manifest(data)
        except ManifestError as error:
            raise StoreError(f"{self.path}: its manifest cannot be used, {error}; {RESTORE}.") from None
        if manifest.key != self._check:
            raise StoreError(f"{self.path} {self._misfit(manifest)}")
        return manifest

    def engine_of(self, version: Version) -> Engine:
        """The engine of a version that `manifest` named. FileNotFoundError, StoreError, SnapshotError."""
        name = f"{self.path}, version {version.id}"
        engine = snapshot.loads(self.snapshot_bytes(version), name=name)
        if engine.snapshot != version.snapshot:
            raise SnapshotError(f"{name} is a sound snapshot, and another one than was published: {snapshot.AGAIN}.")
        return engine

    def snapshot_bytes(self, version: Version) -> bytes:
        """The bytes of a version's snapshot, decrypted. FileNotFoundError when it is gone, else StoreError."""
        path = self.snapshots / version.file
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._unusable(error) from None
        return self._opened(path, data)

    def raw(self, name: str) -> bytes:
        """A raw file as it came from its publisher; StoreError, too, when it is another one by now."""
        data = self.read(self.raws / name)
        if self.name_of(data) != name:
            raise StoreError(f"{self.path}: raw/{name} is damaged; {AGAIN}.")
        return data

    def name_of(self, data: bytes) -> str:
        """The name of a raw file: a hash that tells nothing to who has not the store's secret."""
        return blake2b(data, key=self.secret, digest_size=16).hexdigest()

    def read(self, path: Path) -> bytes:
        """Read a file of the store, decrypted; StoreError."""
        with self.told():
            data = path.read_bytes()
        return self._opened(path, data)

    def _opened(self, path: Path, data: bytes) -> bytes:
        if self._key is None:
            return data
        try:
            return unseal(data, self._key, label=self._label(path))
        except VaultError as error:
            raise StoreError(f"{self.path}: {self._label(path)} cannot be decrypted, {error}; {RESTORE}.") from None

    def write(self, path: Path, data: bytes) -> None:
        """Write a file of the store in one step, encrypted where the store is; OSError."""
        parts: Iterable[bytes] = [data] if self._key is None else seal(data, self._key, label=self._label(path))
        replace_file(path, parts)

    def _label(self, path: Path) -> str:
        return path.relative_to(self.path).as_posix()

    @property
    def _manifest_path(self) -> Path:
        return self.path / "manifest.json"

    def commit(self, manifest: Manifest) -> None:
        """Rename a manifest into place; for the holder of the lock. OSError."""
        if not manifest.secret:
            manifest = replace(manifest, secret=_checksum(self._read_secret()))
        replace_file(self._manifest_path, [write_manifest(manifest)])

    @property
    def _check(self) -> str:
        return "" if self._key is None else key_check(self._key).hex()

    def _misfit(self, manifest: Manifest) -> str:
        if not manifest.key:
            return "is not encrypted, and a key was given: leave the key away, or name another folder."
        if self._key is None:
            return "is encrypted, and no key was given: name the key's file or environment variable."
        return "is encrypted with another key: give the key that it was made with."

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock; StoreError at once when another process holds it."""
        try:
            with locked(self.path / "lock"):
                yield
        except LockedError as error:
            raise StoreError(f"{self.path}: {error}; wait until it is done.") from None

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn an OSError into a StoreError of one sentence."""
        try:
            yield
        except FileNotFoundError as error:
            raise StoreError(self._missing(error)) from None
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> StoreError:
        return StoreError(f"{self.path}: {self._named(error)}{reason(error)}.")

    def _missing(self, error: FileNotFoundError) -> str:
        if not self._manifest_path.exists():
            return f"{self.path} is no store: check the path, or make one with `linkgate lists update`."
        return f"{self.path}: {self._named(error)}it is gone; {RESTORE}."

    def _named(self, error: OSError) -> str:
        try:
            return f"{Path(str(error.filename)).relative_to(self.path).as_posix()}: "
        except ValueError:
            return ""


def _is_beginning(path: Path) -> bool:
    """Whether a folder is empty, or the store of who was stopped while making it."""
    return path.is_dir() and all(found.name in _PARTS or is_draft(found) for found in path.iterdir())


def _checksum(secret: bytes) -> str:
    """What tells a secret from a damaged one, and nothing about it: it is random, and not to be guessed."""
    return blake2b(secret, digest_size=16, person=b"linkgate secret").hexdigest()
