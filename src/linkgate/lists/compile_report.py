"""Report: what became of every line, by list name, line number and reason; no address (law 9).

>>> report = Report(entries=2, scopes={"host": 2}, rejected=(Rejected("demo", 3, "truncated"),))
>>> report.reasons
{'rejected': {'truncated': 1}, 'quarantined': {}, 'skipped': {}}
>>> report.as_dict()["rejected"]
[{'list': 'demo', 'line': 3, 'reason': 'truncated'}]
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


UNDER_HALF = math.nextafter(0.5, 0)
"""The usual limit of what a list may lose, or hold of lines that cannot be read: a half is too much."""


def percent(share: float) -> str:
    """A share in words.

    >>> percent(0.05), percent(UNDER_HALF)
    ('5 %', 'under 50 %')
    """
    return "under 50 %" if share == UNDER_HALF else f"{share * 100:.3g} %"


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
    files, revoked indicators); only `rejected` ones speak of a broken file. `exceptions`: the allow entries
    stand in a publisher's list, and so lift the entries of that list alone.
    """

    list: str
    entries: int = 0
    allowed: int = 0
    duplicates: int = 0
    expired: int = 0
    rejected: int = 0
    quarantined: int = 0
    skipped: int = 0
    exceptions: bool = True

    @property
    def lines(self) -> int:
        """How many lines were read as addresses, well or not."""
        return self.entries + self.duplicates + self.expired + self.quarantined + self.rejected

    def unreadable(self, limit: float = UNDER_HALF) -> str | None:
        """What to say of a list of which a larger share than `limit` was rejected; None for a good one.

        >>> ListCounts(list="demo", entries=1, rejected=1).unreadable()
        '1 of its 2 lines cannot be read, 50 %, and under 50 % may'
        """
        if self.rejected <= limit * self.lines:
            return None
        return (
            f"{self.rejected:,} of its {self.lines:,} lines cannot be read, {percent(self.rejected / self.lines)}, "
            f"and {percent(limit)} may"
        )

    @property
    def idle(self) -> bool:
        """Whether a list was read well and has no effect: rules that are no addresses, or exceptions, alone."""
        return self.useless() is not None and not self.rejected and bool(self.skipped or self.allowed)

    def useless(self) -> str | None:
        """What to say of a list that lists nothing and lifts nothing; None for one that does.

        >>> ListCounts(list="demo").useless(), ListCounts(list="demo", entries=2).useless()
        ('holds not one entry that can be used', None)
        """
        if not self.entries:
            return "holds not one entry that can be used"
        if self.exceptions and self.allowed == self.entries:
            return 'holds exceptions alone, and they lift nothing outside of their list: give it as one of kind "allow"'
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of one compilation; counts are of entries or lines.

    `entries` are all that came into the engine, `allowed` those of them that lift others.
    `duplicates` repeat an address and scope of the same list and are dropped, `expired` were valid
    until a date before `today`, `skipped` counts lines by reason, `anchors` counts pages that were
    listed with a fragment that is no part of their address. Line numbers count from 1 in their
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
    anchors: int = 0
    lists: tuple[ListCounts, ...] = ()

    def faults(self, *, rejected: float = UNDER_HALF) -> Iterator[str]:
        """A sentence for each list that must not be taken for a good one: mostly unreadable, or without effect.

        `rejected` is the largest share of lines that may be rejected.

        >>> list(Report(entries=0, lists=(ListCounts(list="demo"),)).faults())
        ["list 'demo' holds not one entry that can be used"]
        """
        for counts in self.lists:
            if reason := counts.unreadable(rejected) or (None if counts.idle else counts.useless()):
                yield f"list {counts.list!r} {reason}"

    def idle(self) -> Iterator[str]:
        """A sentence for each list that was read well and has no effect; those beside it are as good as without."""
        for counts in self.lists:
            if counts.idle:
                yield f"list {counts.list!r} {counts.useless()}"

    @property
    def listed(self) -> int:
        """How many entries list something."""
        return self.entries - self.allowed

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
            "anchors": self.anchors,
            "reasons": self.reasons,
            "rejected": [asdict(line) for line in self.rejected],
            "quarantined": [asdict(line) for line in self.quarantined],
            "accepted": [asdict(line) for line in self.accepted],
            "lists": [asdict(count) for count in self.lists],
        }
