"""Report: what became of every line, by list name, line number and reason; no address (law 9).

>>> report = Report(entries=2, scopes={"host": 2}, rejected=(Rejected("demo", 3, "truncated"),))
>>> report.reasons
{'rejected': {'truncated': 1}, 'quarantined': {}, 'skipped': {}}
>>> report.as_dict()["rejected"]
[{'list': 'demo', 'line': 3, 'reason': 'truncated'}]
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not be read as an entry."""

    list: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A line that is a sound entry and was held back, because it would block strangers.

    `id` is the entry's, by which it can be accepted.
    """

    list: str
    line: int
    reason: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry that the guard would hold back, for this reason, and that the operator accepted."""

    list: str
    line: int
    reason: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCounts:
    """What became of one list, in counts of entries or lines.

    `skipped` lines are sound in their format and list no web address (cosmetic rules, hashes of
    files, revoked indicators); only `rejected` ones speak of a broken file.
    """

    list: str
    entries: int = 0
    allowed: int = 0
    duplicates: int = 0
    expired: int = 0
    rejected: int = 0
    quarantined: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of one compilation; counts are of entries or lines.

    `entries` are all that came into the engine, `allowed` those of them that lift others.
    `duplicates` repeat an address and scope of the same list and are dropped, `expired` were valid
    until a date before `today`, `skipped` counts lines by reason. Line numbers count from 1 in their
    list. `lists` says it all list by list, in the order of the sources.
    """

    entries: int
    scopes: dict[str, int] = field(default_factory=dict)
    allowed: int = 0
    duplicates: int = 0
    expired: int = 0
    rejected: tuple[Rejected, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    skipped: dict[str, int] = field(default_factory=dict)
    lists: tuple[ListCounts, ...] = ()

    @property
    def reasons(self) -> dict[str, dict[str, int]]:
        """How many lines fell to each reason, most frequent first."""
        return {
            "rejected": dict(Counter(line.reason for line in self.rejected).most_common()),
            "quarantined": dict(Counter(line.reason for line in self.quarantined).most_common()),
            "skipped": dict(self.skipped),
        }

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; every rejected, quarantined and accepted line with list, line and reason."""
        return {
            "entries": self.entries,
            "scopes": dict(self.scopes),
            "allowed": self.allowed,
            "duplicates": self.duplicates,
            "expired": self.expired,
            "reasons": self.reasons,
            "rejected": [asdict(line) for line in self.rejected],
            "quarantined": [asdict(line) for line in self.quarantined],
            "accepted": [asdict(line) for line in self.accepted],
            "lists": [asdict(count) for count in self.lists],
        }
