"""What a scan has seen so far, as numbers that add up.

>>> tally = ScanCounts(messages=2, records=2, kinds=Counter(exact=1))
>>> tally.add(ScanCounts(messages=1, records=2, bad=1, kinds=Counter(exact=1)))
>>> tally.messages, tally.kinds["exact"], tally.share_bad
(3, 2, 0.25)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa

    from linkgate.fronts.inputs import BadRecord

_WEIGHTS = {"log": 1, "review": 2, "block": 3}


@dataclass(slots=True, kw_only=True)
class ScanCounts:
    """Counts of one chunk, or of all chunks up to one.

    records: messages, and bad records that hold none. flagged: messages whose action is block or
    review. hits: matches. actions, kinds, lists: messages, once each. bad: records with a fault.
    empty: records that were read and have neither a text field nor a link; blank: messages whose text is
    empty, and that have no link. broken: files that could not be read to their end; recordless: files of a folder
    that held no record. accounts: messages of which it is known who posted them. seconds: time spent.
    """

    records: int = 0
    messages: int = 0
    flagged: int = 0
    hits: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    bad: int = 0
    empty: int = 0
    blank: int = 0
    broken: int = 0
    recordless: int = 0
    accounts: int = 0
    seconds: float = 0.0

    def add(self, other: ScanCounts) -> None:
        """Count in what another one has seen."""
        for each in fields(self):
            value = getattr(self, each.name) + getattr(other, each.name)
            setattr(self, each.name, value)

    @property
    def share_bad(self) -> float:
        """The share of records with a fault, 0 to 1."""
        return self.bad / self.records if self.records else 0.0

    @property
    def nothing_read(self) -> bool:
        """Whether there was something to read, and no text or link in all of it."""
        return bool(self.records or self.recordless) and self.messages == self.blank

    def met(self, action: str) -> int:
        """Messages with this action or a heavier one."""
        return sum(number for each, number in self.actions.items() if _WEIGHTS[each] >= _WEIGHTS[action])

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, for people and programs, with the rate in messages a second."""
        known = {"messages_with_account": self.accounts} if self.accounts else {}
        return known | {
            "messages": self.messages,
            "flagged": self.flagged,
            "hits": self.hits,
            "actions": dict(self.actions),
            "kinds": dict(self.kinds),
            "lists": dict(self.lists),
            "bad_records": self.bad,
            "empty_records": self.empty,
            "unreadable_files": self.broken,
            "seconds": round(self.seconds, 3),
            "messages_per_second": round(self.messages / self.seconds) if self.seconds else None,
        }

    def dump(self) -> dict[str, Any]:
        """All of it as plain values, for `load`."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> ScanCounts:
        """The tally that `dump` gave. KeyError or TypeError for anything else."""
        return cls(**{each.name: _typed(each.name, values[each.name]) for each in fields(cls)})


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Counter) else value


def _typed(name: str, value: Any) -> Any:
    return Counter(value) if name in {"actions", "kinds", "lists"} else value


def count_chunk(messages: pa.RecordBatch, hits: pa.RecordBatch, bad: Sequence[BadRecord]) -> ScanCounts:
    """Count one chunk: its messages, what was found in them, and what of it could not be read."""
    places = hits.column("place").to_pylist()
    actions = dict(zip(places, hits.column("message_action").to_pylist(), strict=True))
    faulty = {each.place for each in bad if each.place is not None}
    empty = {each.place for each in bad if each.place is not None and each.empty}.difference(places)
    silent = len(empty) - _without_message(empty, messages)
    return ScanCounts(
        records=messages.num_rows + _without_message(faulty, messages),
        messages=messages.num_rows - silent,
        flagged=sum(_WEIGHTS[action] >= _WEIGHTS["review"] for action in actions.values()),
        hits=len(places),
        actions=Counter(actions.values()),
        kinds=_once_a_message(places, hits.column("kind").to_pylist()),
        lists=_once_a_message(places, hits.column("list").to_pylist()),
        bad=len(faulty - empty),
        empty=len(empty),
        blank=_count_blank(messages) - silent,
        accounts=messages.num_rows - messages.column("account").null_count,
        broken=sum(each.place is None and not each.empty for each in bad),
        recordless=sum(each.place is None and each.empty for each in bad),
    )


def _without_message(places: set[int], messages: pa.RecordBatch) -> int:
    """BadRecord records that gave no message; the others were mended and checked."""
    return len(places.difference(messages.column("place").to_pylist())) if places else 0


_PROSE = r"[ \t].*[^\s]\.[^\s]|[^\s]\.[^\s].*[ \t]|://"
"""What a line has that may hold a link, and is no name of a file or of a kind of records."""


def _count_blank(messages: pa.RecordBatch) -> int:
    from pyarrow import compute  # noqa: PLC0415  # the command line shows its help without it

    blank = compute.and_(compute.equal(messages.column("text"), ""), compute.is_null(messages.column("links")))
    prose = compute.match_substring_regex(messages.column("beside"), _PROSE)
    blank = compute.and_(blank, compute.invert(compute.fill_null(prose, fill_value=False)))
    if "media" in messages.schema.names:
        blank = compute.and_(blank, compute.is_null(messages.column("media")))
    return int(compute.sum(blank).as_py() or 0)


def _once_a_message(places: Iterable[int], values: Iterable[str]) -> Counter[str]:
    return Counter(value for _, value in set(zip(places, values, strict=True)))
