"""How a store stands: each list with its age, its last good file, and what needs attention."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkgate.lists.manifest import moment
from linkgate.lists.update import is_stale

if TYPE_CHECKING:
    from linkgate.lists.config import Config
    from linkgate.lists.manifest import ListState, Manifest, Quarantine, Refused, Version
    from linkgate.lists.source_config import SourceConfig
    from linkgate.lists.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStatus:
    """One configured list. `age`: seconds since its publisher last confirmed it, None if never.

    `error`: why the last attempt failed; `held`: why a file was held back; `stale`: over its
    max_age; `quarantine`: entries that the guard holds back, the first of `quarantined`; `refused`: lines
    that could not be read, the first of `rejected`.
    """

    list: str
    kind: str
    age: int | None
    stale: bool
    error: str | None
    held: str | None
    entries: int = 0
    rejected: int = 0
    quarantined: int = 0
    quarantine: tuple[Quarantine, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.age is not None and not (self.stale or self.error or self.held)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        shown = [{"id": entry.id, "line": entry.line, "reason": entry.reason} for entry in self.quarantine]
        lines = [{"line": each.line, "reason": each.reason} for each in self.refused]
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {**plain, "ok": self.ok, "quarantine": shown, "refused": lines}


_PLAIN = ("list", "kind", "age", "stale", "error", "held", "entries", "rejected", "quarantined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A store as it stands: its current version, None before the first update, and every configured list."""

    version: Version | None
    encrypted: bool
    lists: tuple[ListStatus, ...]

    @property
    def ok(self) -> bool:
        """Whether there is an engine and nobody needs to look at any list."""
        return self.version is not None and all(each.ok for each in self.lists)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        version = self.version
        return {
            "ok": self.ok,
            "encrypted": self.encrypted,
            "version": version.id if version else None,
            "snapshot": version.snapshot if version else None,
            "created": version.created if version else None,
            "entries": version.entries if version else None,
            "lists": [each.as_dict() for each in self.lists],
        }


def status(config: Config, store: Store, *, now: dt.datetime | None = None) -> Status:
    """Say how a store stands; reads the manifest and nothing else. StoreError."""
    manifest, moment_ = store.manifest(), now or dt.datetime.now(dt.UTC)
    version = manifest.version(None)
    states = {state.name: state for state in version.lists} if version else {}
    rows = tuple(_row(source, manifest, states.get(source.name), moment_) for source in config.sources)
    return Status(version=version, encrypted=store.encrypted, lists=rows)


def _row(source: SourceConfig, manifest: Manifest, state: ListState | None, now: dt.datetime) -> ListStatus:
    origin = manifest.lists.get(source.name)
    attempt, held = manifest.attempts.get(source.name), manifest.held.get(source.name)
    # A clock that ran back makes no list younger than new.
    age = None if origin is None else max(int((now - moment(origin.checked)).total_seconds()), 0)
    return ListStatus(
        list=source.name,
        kind=source.kind,
        age=age,
        stale=is_stale(origin, source, now),
        error=attempt.error if attempt else None,
        held=held.reason if held else None,
        entries=state.entries if state else 0,
        rejected=state.rejected if state else 0,
        quarantined=state.quarantined if state else 0,
        quarantine=state.quarantine if state else (),
        refused=state.refused if state else (),
    )
