"""Report: what became of every line, by list name, line number and reason; no address (law 9).

>>> report = Report(entries=2, scopes={"host": 2}, rejected=(Rejected("demo", 3, "truncated"),))
>>> report.reasons
{'rejected': {'truncated': 1}, 'quarantined': {}}
>>> report.as_dict()["rejected"]
[{'list': 'demo', 'line': 3, 'reason': 'truncated'}]
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not be read as an entry."""

    list: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A line that is a sound entry and was held back, because it would block strangers."""

    list: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of one compilation; counts are of entries or lines.

    `duplicates` repeat an address and scope of the same list and are dropped, `expired` were valid
    until a date before `today`. Line numbers count from 1 in their list.
    """

    entries: int
    scopes: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0
    expired: int = 0
    rejected: tuple[Rejected, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()

    @property
    def reasons(self) -> dict[str, dict[str, int]]:
        """How many lines fell to each reason, most frequent first."""
        return {
            "rejected": dict(Counter(line.reason for line in self.rejected).most_common()),
            "quarantined": dict(Counter(line.reason for line in self.quarantined).most_common()),
        }

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; every rejected and quarantined line with list, line and reason."""
        return {
            "entries": self.entries,
            "scopes": dict(self.scopes),
            "duplicates": self.duplicates,
            "expired": self.expired,
            "reasons": self.reasons,
            "rejected": [_row(line) for line in self.rejected],
            "quarantined": [_row(line) for line in self.quarantined],
        }


def _row(line: Rejected | Quarantined) -> dict[str, Any]:
    return {"list": line.list, "line": line.line, "reason": line.reason}
