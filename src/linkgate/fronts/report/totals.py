"""The numbers of a report, counted as the hits pass by: memory grows with lists and files, not with hits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import compute

from linkgate.fronts.report.time_bins import Times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ACTIONS = ("block", "review", "log")
"""Heaviest first."""
COLUMNS = ("list", "kind", "category", "file", "scope", "entry")
"""What hits are counted by, each hit once."""
_HOUR = 3_600_000_000
"""Microseconds."""


@dataclass(slots=True)
class Totals:
    """Hits by what they are, and messages by their action.

    steps: how many hits needed each step, of which one may need several; stepped: hits that needed any.
    """

    hits: int = 0
    stepped: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    times: Times = field(default_factory=Times)
    by: dict[str, Counter[str | None]] = field(default_factory=lambda: {name: Counter() for name in COLUMNS})
    _last: tuple[object, ...] = ()

    def add(self, hits: pa.RecordBatch) -> None:
        """Count a batch with the columns of HITS."""
        self.hits += hits.num_rows
        for name, counter in self.by.items():
            counter.update(dict(_counted(hits.column(name))))
        steps = hits.column("steps")
        self.steps.update({step: number for step, number in _counted(steps.flatten()) if step is not None})
        self.stepped += compute.sum(compute.greater(compute.list_value_length(steps), 0)).as_py() or 0
        actions = hits.column("action").to_pylist()
        whole = hits.column("message_action").to_pylist()  # which older hits do not have
        self._add_messages(hits, [message or own for message, own in zip(whole, actions, strict=True)])
        microseconds = compute.cast(hits.column("time"), pa.timestamp("us", "UTC")).cast(pa.int64())
        hours = compute.floor(compute.divide(microseconds.cast(pa.float64(), safe=False), float(_HOUR)))
        self.times.add(hours.cast(pa.int64()).to_pylist(), actions)

    def _add_messages(self, hits: pa.RecordBatch, actions: Iterable[str]) -> None:
        """Count each message once: its hits stand together, and all say its action."""
        keys = [hits.column(name).to_pylist() for name in ("file", "place", "id")]
        for action, *key in zip(actions, *keys, strict=True):
            if (message := tuple(key)) != self._last:
                self.messages[action] += 1
                self._last = message

    @property
    def flagged(self) -> int:
        """Messages to block or to review."""
        return self.messages["block"] + self.messages["review"]


def _counted(column: pa.Array) -> Iterator[tuple[str | None, int]]:
    for pair in compute.value_counts(column).to_pylist():
        yield pair["values"], pair["counts"]
