"""What an update did, list by list, in words that hold no address (law 9)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linkgate.lists.manifest import Version

GOOD = frozenset({"updated", "unchanged", "skipped", "removed"})
"""States that need nobody's attention; the others are `kept` (the last good file) and `failed` (there is none)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one list. `reason` says why it was kept, failed or skipped; `stale` that it is over max_age."""

    list: str
    state: str
    reason: str | None = None
    entries: int | None = None
    rejected: int | None = None
    quarantined: int | None = None
    stale: bool = False

    @property
    def ok(self) -> bool:
        """Whether this list needs nobody's attention.

        >>> Outcome(list="demo", state="updated").ok, Outcome(list="demo", state="updated", stale=True).ok
        (True, False)
        """
        return self.state in GOOD and not self.stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What an update did: outcomes in the order of the configuration, and the version that decides now.

    `published` is whether that version is a new one; `remarks` are about the whole, such as a clock that ran back.
    """

    outcomes: tuple[Outcome, ...]
    version: Version | None
    published: bool
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is an engine, and every list is as it should be."""
        return self.version is not None and all(outcome.ok for outcome in self.outcomes)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        version = self.version
        return {
            "ok": self.ok,
            "published": self.published,
            "version": version.id if version else None,
            "snapshot": version.snapshot if version else None,
            "entries": version.entries if version else None,
            "lists": [asdict(outcome) | {"ok": outcome.ok} for outcome in self.outcomes],
            "remarks": list(self.remarks),
        }
