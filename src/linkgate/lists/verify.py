"""Every file of a store, read and checked: what is damaged, missing, or open to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.errors import LinkgateError, SnapshotError
from linkgate.lists import snapshot
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.lists.manifest import Manifest, Version
    from linkgate.lists.store import Store

_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Finding:
    """A file or folder of the store, relative to it, and what is wrong with it."""

    place: str
    problem: str


def verify(store: Store) -> tuple[Finding, ...]:
    """Read all that the manifest refers to; nothing found is all well. StoreError when the store is in use."""
    with store.told(), store.locked():
        manifest = store.manifest()
        return (*_modes(store), *_secret(store), *_raws(store, manifest), *_snapshots(store, manifest))


def _modes(store: Store) -> Iterator[Finding]:
    for path in (store.path, *sorted(store.path.rglob("*"))):
        mode = path.lstat().st_mode
        if mode & _OTHERS:
            place = path.relative_to(store.path).as_posix()
            kind = "700" if path.is_dir() else "600"
            yield Finding(place, f"others may use it (mode {mode & 0o777:o}); chmod {kind}")


def _secret(store: Store) -> Iterator[Finding]:
    try:
        _ = store.secret
    except LinkgateError:
        yield Finding("secret", "it is damaged; restore it, for without it every entry has another id")


def _raws(store: Store, manifest: Manifest) -> Iterator[Finding]:
    for name in sorted(manifest.raws()):
        problem = _problem_of_raw(store, name)
        if problem is not None:
            yield Finding(f"raw/{name}", problem)


def _problem_of_raw(store: Store, name: str) -> str | None:
    try:
        (store.raws / name).stat()
        store.raw(name)
    except OSError as error:
        return reason(error)
    except LinkgateError:
        return "it is damaged, or was encrypted with another key; `update --force` mends what is in use"
    return None


def _snapshots(store: Store, manifest: Manifest) -> Iterator[Finding]:
    for version in manifest.versions:
        problem = _problem_of_version(store, version, current=version.id == manifest.current)
        if problem is not None:
            yield Finding(f"snapshots/{version.file}", f"version {version.id}: {problem}")


def _problem_of_version(store: Store, version: Version, *, current: bool) -> str | None:
    """The current one is loaded, to the engine and its id; of the others the checksum tells enough."""
    try:
        data = store.snapshot_bytes(version)
        if not current:
            snapshot.unpack(data)
            return None
        same = snapshot.loads(data).snapshot == version.snapshot
    except OSError as error:
        return reason(error)
    except SnapshotError:
        return "it is damaged, or made by another version of linkgate; update with --force"
    except LinkgateError:
        return "it is damaged, or was encrypted with another key; update with --force"
    return None if same else "it is the engine of another version; update with --force"
