"""What looks at the messages: one engine or several, or only at what an older engine did not find.

A `Finder` travels to other processes as the bytes of its engines, over a pipe and never by a file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import compute

import linkgate
from linkgate.fronts.batches import scan_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from linkgate import Engine, EpochKey, Policy

    Row = dict[str, Any]

_ACTIONS = ("log", "review", "block")
_SAME = ("place", "start", "end", "scope", "kind", "media")


@dataclass(frozen=True, slots=True)
class Since:
    """An older engine, an engine that flags whatever that may have missed, and the entries it did not have."""

    older: Engine
    part: Engine
    fresh: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds the hits of a batch of messages."""

    engines: tuple[Engine, ...]
    since: Since | None = None
    show_urls: bool = False
    policy: Policy | None = None
    pseudonyms: EpochKey | None = None

    def __reduce__(self) -> tuple[Callable[..., Finder], tuple[Any, ...]]:
        since = self.since and (self.since.older.sections(), self.since.part.sections(), self.since.fresh)
        sections = [engine.sections() for engine in self.engines]
        return _look, (sections, since, self.show_urls, self.policy, self.pseudonyms)

    @property
    def snapshot(self) -> str:
        """The id of what decides."""
        return "+".join(engine.snapshot for engine in self.engines)

    def hits(self, messages: pa.RecordBatch) -> pa.RecordBatch:
        """All hits of these messages, in their order; with `since`, those that the older engine does not give."""
        if self.since is not None:
            return self._new_hits(messages, self.since)
        if len(self.engines) == 1:
            return self._scan(messages, self.engines[0])
        return self._merged([self._scan(messages, engine) for engine in self.engines])

    def _scan(self, messages: pa.RecordBatch, engine: Engine) -> pa.RecordBatch:
        names = self.pseudonyms
        return scan_batch(messages, engine, show_urls=self.show_urls, policy=self.policy, pseudonyms=names)

    def _new_hits(self, messages: pa.RecordBatch, since: Since) -> pa.RecordBatch:
        """The difference of two scans, made only where the engine of new entries finds something."""
        found = self._scan(messages, since.part)
        if not found.num_rows:
            return found
        places = compute.unique(found.column("place"))
        suspects = messages.filter(compute.is_in(messages.column("place"), places))
        hits = self._scan(suspects, self.engines[0])
        known = set(map(_sameness, self._scan(suspects, since.older).to_pylist()))
        new = [(row["list"], row["entry"]) in since.fresh or _sameness(row) not in known for row in hits.to_pylist()]
        return hits.filter(pa.array(new, pa.bool_()))

    def _merged(self, several: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
        """The hits of several engines as those of one: a message has one action, the heaviest."""
        by_place: dict[int, list[Row]] = defaultdict(list)
        for hits in several:
            for row in hits.to_pylist():
                by_place[row["place"]].append(row)
        rows = [row for place in sorted(by_place) for row in self._as_one(by_place[place])]
        return pa.RecordBatch.from_pylist(rows, schema=several[0].schema)

    def _as_one(self, rows: list[Row]) -> Iterable[Row]:
        action = max((row["message_action"] for row in rows), key=_ACTIONS.index)
        for row in sorted(rows, key=lambda row: -1 if row["start"] is None else row["start"]):
            yield row | {"message_action": action, "snapshot": self.snapshot}


def _look(
    engines: list[Any],
    since: tuple[Any, Any, frozenset[tuple[str, str]]] | None,
    show_urls: bool,  # noqa: FBT001  # as pickle calls it
    policy: Policy | None,
    pseudonyms: EpochKey | None,
) -> Finder:
    load = linkgate.Engine.from_sections
    compared = since and Since(load(since[0]), load(since[1]), since[2])
    return Finder(tuple(map(load, engines)), compared, show_urls, policy, pseudonyms)


def _sameness(row: Row) -> tuple[Any, ...]:
    """What a hit is told by: its place, its scope and how they met; not the name of its list, nor its entry's."""
    return (*(row[name] for name in _SAME), *row["steps"])
