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
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkgate.decisions.log import files
from linkgate.decisions.record import LONGEST_LINE, Reading
from linkgate.errors import UsageError
from linkgate.lists.canaries import CANARY_LIST
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterable, Iterator

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
    """Counts, ordered; first, last: the span that was asked for. torn: lines that could not be read."""

    rows: tuple[DecisionCount, ...]
    first: str | None
    last: str | None
    torn: int

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
        told = {"from": self.first, "to": self.last, "matches": self.matches, "torn": self.torn}
        return told | {"rows": [row.as_dict() for row in self.rows]}


def count_decisions(
    folder: str | os.PathLike[str], *, first: dt.date | None = None, last: dt.date | None = None
) -> DecisionReport:
    """Count the decisions of a span of days in UTC, both included. UsageError where they cannot be read."""
    counts: Counter[tuple[str, str, str, str, bool]] = Counter()
    record = Records(folder, first=first, last=last)
    for each in record:
        counts[each.day, each.list, each.kind, each.action, each.shadow] += 1
    return DecisionReport(
        rows=tuple(DecisionCount(*key, number) for key, number in sorted(counts.items())),
        first=first.isoformat() if first else None,
        last=last.isoformat() if last else None,
        torn=record.torn,
    )


class Records:
    """The decisions of a span of days, in the order of their files; canaries are left out.

    `torn` counts, while one reads, the lines that cannot be read.
    """

    def __init__(
        self, folder: str | os.PathLike[str], *, first: dt.date | None = None, last: dt.date | None = None
    ) -> None:
        if first and last and first > last:
            raise UsageError(f"the span ends before it begins: {first} is after {last}")
        self.torn = 0
        self._folder = Path(folder)
        self._span = {"first": first.isoformat() if first else "", "last": last.isoformat() if last else "9"}

    def __iter__(self) -> Iterator[Decision]:
        try:
            for path in files(self._folder, **self._span):
                with ExitStack() as stack:
                    reading = Reading(_lines(path, stack))
                    yield from (each for each in reading if each.list != CANARY_LIST)
                    self.torn += reading.torn
        except OSError as error:
            raise UsageError(f"{self._folder}: the decisions cannot be read: {reason(error)}") from None


def _lines(path: Path, stack: ExitStack) -> Iterable[bytes]:
    """Lines, of what is too long for one the pieces: a file without an end of line must not fill the memory."""
    try:
        file = stack.enter_context(path.open("rb"))
    except FileNotFoundError:  # purged meanwhile
        return ()
    return iter(partial(file.readline, LONGEST_LINE), b"")
