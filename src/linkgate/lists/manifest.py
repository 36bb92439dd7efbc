"""The manifest: one small JSON file that says what a store holds, and holds no address.

It is written last and renamed into place, so that a store is always in the state that one manifest
tells. Times are ISO 8601 in UTC, to the second.

>>> read_manifest(write_manifest(Manifest(current=None))) == Manifest(current=None)
True
>>> read_manifest(b"{}")
Traceback (most recent call last):
linkgate.lists.manifest.ManifestError: it is no manifest of a store
"""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import suppress

import msgspec
from msgspec.structs import replace

FORMAT = 1
"""Raised with every change that an older program would misread."""
_BLANK = "0" * 64


class ManifestError(Exception):
    """Bytes that are no manifest, or one of a later version; the text says which."""


class Quarantine(msgspec.Struct, frozen=True):
    """An entry that the guard holds back: it can be accepted by its id."""

    id: str
    line: int
    reason: str


class Refused(msgspec.Struct, frozen=True):
    """A line that could not be read as an entry, and why."""

    line: int
    reason: str


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """A list as its publisher last sent it, whole and sound: the last good file.

    `raw` is a file of the store, named by a keyed hash of its content. `changed` is when this
    content came, `checked` when the publisher last confirmed it, `full` when the last full file
    (not a delta) came. `etag` and `last_modified` are for the next request of the full file,
    `delta_etag` and `delta_modified` of the delta. `form` is the format of a file to which deltas
    were applied, None for one as it came.
    """

    raw: str
    size: int
    changed: str
    checked: str
    full: str
    form: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    delta_etag: str | None = None
    delta_modified: str | None = None


class ListState(msgspec.Struct, frozen=True, kw_only=True):
    """One list of one version: where it came from, how it was meant, and what became of its lines.

    `quarantine` holds the first of the `quarantined` entries, `refused` the first of the `rejected` lines.
    """

    name: str
    origin: Origin
    kind: str = "deny"
    category: str | None = None
    actions: dict[str, str] = {}
    entries: int = 0
    allowed: int = 0
    duplicates: int = 0
    expired: int = 0
    rejected: int = 0
    skipped: int = 0
    quarantined: int = 0
    quarantine: tuple[Quarantine, ...] = ()
    refused: tuple[Refused, ...] = ()


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One engine of the store: its number, and the lists that it was compiled from.

    `created` is when it was published, `compiled` the day after which its entries had not expired.
    """

    id: int
    created: str
    compiled: str
    snapshot: str
    file: str
    entries: int
    lists: tuple[ListState, ...] = ()


class Attempt(msgspec.Struct, frozen=True):
    """The last time that a list was asked for; `error` is why it was not to be had."""

    at: str
    error: str | None = None


class Held(msgspec.Struct, frozen=True):
    """A file that came and was not taken, because of `reason`; `linkgate lists accept` takes it."""

    origin: Origin
    reason: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a store holds. `lists` are the last good files, `versions` the engines, oldest first.

    `refused` names the files that a rollback took back, list by list: they are not taken again.
    `settings` is a keyed hash of all that was configured at the last compilation, `key` the check
    of the key that the store is encrypted with, empty when it is not, `secret` a checksum of the
    store's secret, without which every entry would get another id. `seal` is a checksum of the
    file, only there; it is against damage, not against whoever may write there.
    """

    format: int = FORMAT
    current: int | None
    versions: tuple[Version, ...] = ()
    lists: dict[str, Origin] = {}
    attempts: dict[str, Attempt] = {}
    held: dict[str, Held] = {}
    refused: dict[str, tuple[str, ...]] = {}
    settings: str = ""
    key: str = ""
    secret: str = ""
    seal: str = ""

    def version(self, number: int | None) -> Version | None:
        """The version of this number, the current one for None; None when there is none."""
        wanted = self.current if number is None else number
        return next((version for version in self.versions if version.id == wanted), None)

    def raws(self) -> frozenset[str]:
        """The names of all raw files that this manifest refers to."""
        origins = [*self.lists.values(), *(held.origin for held in self.held.values())]
        origins += [state.origin for version in self.versions for state in version.lists]
        return frozenset(origin.raw for origin in origins)

    def snapshots(self) -> frozenset[str]:
        """The names of all snapshots that this manifest refers to."""
        return frozenset(version.file for version in self.versions)


def write_manifest(manifest: Manifest) -> bytes:
    """Write a manifest as indented JSON."""
    blank = msgspec.json.format(msgspec.json.encode(replace(manifest, seal=_BLANK)), indent=1) + b"\n"
    return blank.replace(f'"seal": "{_BLANK}"'.encode(), f'"seal": "{_checksum(blank)}"'.encode())


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest; ManifestError for anything else, and for one of which a single byte is another."""
    with suppress(msgspec.DecodeError):
        manifest = msgspec.json.decode(data, type=Manifest)
        if manifest.format > FORMAT:
            raise ManifestError("it was written by a later version of linkgate; use that one")
        if _checksum(data.replace(manifest.seal.encode(), _BLANK.encode())) != manifest.seal:
            raise ManifestError("it is not as it was written")
        return replace(manifest, seal="")
    raise ManifestError("it is no manifest of a store")


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def stamp(now: dt.datetime) -> str:
    """A time as the manifest writes it.

    >>> stamp(dt.datetime(2026, 1, 31, 10, 0, tzinfo=dt.UTC))
    '2026-01-31T10:00:00Z'
    """
    return now.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def moment(text: str) -> dt.datetime:
    """The time of a stamp; the beginning of 1970 for a text that is none.

    >>> moment("2026-01-31T10:00:00Z").hour, moment("?").year
    (10, 1970)
    """
    with suppress(ValueError):
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    return dt.datetime.fromtimestamp(0, dt.UTC)
