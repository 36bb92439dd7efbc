r"""Decisions -> counts by day, list, kind and action, as a transparency report has them. Canaries are left out.

>>> import tempfile; from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     line = b'{"time":"2026-01-31T10:00:00Z","decision":"1","list":"demo","entry":"demo:1","scope":"page",'
...     line += b'"kind":"exact","action":"block","asked":"block","snapshot":"id","micros":9}'
...     _ = Path(folder, "2026-01-31.jsonl").write_bytes(line + b"\n" + line[:40])
...     found = count_decisions(folder)
>>> found.rows, found.torn
((DecisionCount(day='2026-01-31', list='demo', kind='exact', action='block', shadow=False, matches=1),), 1)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkgate.decisions.custody import Custody
from linkgate.decisions.delays import Delays
from linkgate.decisions.policy import PUBLIC
from linkgate.decisions.record import Reading
from linkgate.decisions.review import kept_reviews
from linkgate.errors import UsageError
from linkgate.lists.canaries import CANARY_LIST
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterator, Mapping

    from linkgate.decisions.record import Decision

COLUMNS = ("day", "list", "kind", "action", "shadow", "matches")


@dataclass(frozen=True, slots=True)
class DecisionCount:
    """One count. shadow: of lists that only reported, or were rolled out to other messages."""

    day: str
    list: str
    kind: str
    action: str
    shadow: bool
    matches: int

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {name: getattr(self, name) for name in COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReport:
    """Counts, ordered; first, last: the span that was asked for.

    torn: lines that could not be read. changed: places where the record was altered since it was written.
    surfaces: matches by surface. entries: how many different entries matched; matched: the same for each list.
    snapshots: what decided. delays: seconds from post to decision: of how many they are `known`, `median`, `p90`.
    reviews: decisions of the span that were reviewed, by `confirmed`, `wrong` and `overturned`.
    """

    rows: tuple[DecisionCount, ...]
    first: str | None
    last: str | None
    torn: int
    changed: int = 0
    surfaces: Mapping[str, int] = field(default_factory=dict)
    entries: int = 0
    matched: Mapping[str, int] = field(default_factory=dict)
    delays: Mapping[str, float | None] = field(default_factory=dict)
    snapshots: tuple[str, ...] = ()
    reviews: Mapping[str, int] = field(default_factory=dict)

    @property
    def matches(self) -> int:
        """How many there are."""
        return sum(row.matches for row in self.rows)

    def totals(self) -> tuple[DecisionCount, ...]:
        """The rows of all days together; their `day` is empty."""
        counts: Counter[tuple[str, str, str, bool]] = Counter()
        for row in self.rows:
            counts[row.list, row.kind, row.action, row.shadow] += row.matches
        return tuple(DecisionCount("", *key, number) for key, number in sorted(counts.items()))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        told: dict[str, Any] = {
            "from": self.first,
            "to": self.last,
            "matches": self.matches,
            "torn": self.torn,
            "changed": self.changed,
        }
        told |= {"surfaces": dict(self.surfaces), "entries": self.entries, "matched": dict(self.matched)}
        told |= {"snapshots": list(self.snapshots), "delays": dict(self.delays)}
        return told | {"reviews": dict(self.reviews), "rows": [row.as_dict() for row in self.rows]}


def count_decisions(
    folder: str | os.PathLike[str],
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    keep_from: dt.date | None = None,
) -> DecisionReport:
    """Count the decisions of a span of days in UTC, both included. UsageError where they cannot be read.

    keep_from: a purge removes the days before it.
    """
    kinds: Counter[tuple[tuple[str, str, str, str, bool], str | None, str]] = Counter()
    reviews: Counter[str] = Counter()
    entries, delays = set[tuple[str, str]](), Delays()
    reviewed = {each.decision: each for each in kept_reviews(Path(folder))}
    record = Records(folder, first=first, last=last, keep_from=keep_from)
    for each in record:
        kinds[(each.day, each.list, each.kind, each.action, each.shadow), each.surface, each.snapshot] += 1
        entries.add((each.list, each.entry))
        if each.posted is not None:
            delays.add(each.seconds)
        if reviewed and (review := reviewed.get(each.decision)) is not None:
            reviews["overturned" if review.overturned else review.verdict] += 1
    counts: Counter[tuple[str, str, str, str, bool]] = Counter()
    surfaces: Counter[str] = Counter()
    for (row, surface, _), number in kinds.items():
        counts[row] += number
        surfaces[surface or PUBLIC] += number
    return DecisionReport(
        rows=tuple(DecisionCount(*key, number) for key, number in sorted(counts.items())),
        first=first.isoformat() if first else None,
        last=last.isoformat() if last else None,
        torn=record.torn,
        changed=record.changed,
        surfaces=dict(sorted(surfaces.items())),
        entries=len(entries),
        matched=dict(sorted(Counter(name for name, _ in entries).items())),
        delays=delays.as_dict(),
        snapshots=tuple(sorted({snapshot for _, _, snapshot in kinds})),
        reviews=dict(sorted(reviews.items())),
    )


class Records:
    """The decisions of a span of days, in the order of their files; canaries are left out.

    `torn` counts, while one reads, the lines that cannot be read; `changed`, at the end, the places
    where the record was altered: `verify_decisions` names them. keep_from: as for `verify_decisions`.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        first: dt.date | None = None,
        last: dt.date | None = None,
        keep_from: dt.date | None = None,
    ) -> None:
        if first and last and first > last:
            raise UsageError(f"the span ends before it begins: {first} is after {last}")
        self.torn = self.changed = 0
        self._folder = Path(folder)
        self._first, self._last = first.isoformat() if first else "", last.isoformat() if last else "9"
        self._keep_from = keep_from.isoformat() if keep_from else ""

    def __iter__(self) -> Iterator[Decision]:
        try:
            custody = Custody(self._folder, first=self._first, last=self._last, keep_from=self._keep_from)
            for path in custody.files():
                reading = Reading(custody.read(path))
                yield from (each for each in reading if each.list != CANARY_LIST)
                self.torn += reading.torn
            self.changed = custody.close().changed
        except OSError as error:
            raise UsageError(f"{self._folder}: the decisions cannot be read: {reason(error)}") from None
