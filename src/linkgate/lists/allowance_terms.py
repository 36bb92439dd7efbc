"""What a list says of its allow entries besides their addresses: the reason, and the end.

>>> end("2026-01-31"), end("2026-01-31T10:00:00Z"), end("1769853600"), end("31/01/2026"), end("2026-13-01")
(1769904000, 1769853600, 1769853600, None, None)
>>> reason_of("case 7, see https://bad.example/ and bad[.]example. A. Reviewer")
'case 7, see … and … A. Reviewer'
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from linkgate.core.allowance import Allowance

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from linkgate.lists.formats import ListItem

NO_END = "its end is no date"
"""Why an allow entry is rejected: without its end it would lift for ever."""

_DAY = 86400
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NUMBER = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")
_WORD = re.compile(r"\S+")
_ADDRESS = re.compile(r"[^\s.。．｡][.。．｡]+[^\s.。．｡]|[:\[(]+[./\\]|\[dot\]", re.IGNORECASE)
_LONGEST = 200


def end(text: str) -> int | None:
    """The second since 1970 from which on an entry has ended; None for a text that is no date.

    A day ends when it is over in UTC; a time ends at that time, which is UTC where it names no zone.
    """
    text = text.strip()
    if number := _NUMBER.fullmatch(text):
        return int(number[1]) if number[1] else int(number[2]) // 1000
    with suppress(ValueError):
        return (dt.date.fromisoformat(text).toordinal() + 1 - _EPOCH) * _DAY
    with suppress(ValueError, OverflowError):
        moment = dt.datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp())
    return None


def midnight(day: str) -> int:
    """The second since 1970 at which a day (ISO 8601) begins."""
    return (dt.date.fromisoformat(day).toordinal() - _EPOCH) * _DAY


def reason_of(note: str | None) -> str | None:
    """A note as a reason that may be shown: what may be an address stands as `…` (law 9)."""
    words = _WORD.findall(note or "")
    told = " ".join("…" if _ADDRESS.search(word) else word for word in words)[:_LONGEST]
    return told or None


class AllowanceTerms:
    """The terms of the allow entries of one list.

    An address may stand on several lines: it is allowed as long as one of them allows it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: dict[Hashable, Allowance] = {}

    def __iter__(self) -> Iterator[Allowance]:
        return iter(self._found.values())

    def note(self, item: ListItem, entry_id: str, covered: Hashable) -> None:
        """Keep the terms of an entry, where it has any; its end was read before. covered: what the entry covers."""
        reason, ends = reason_of(item.note), end(item.expires) if item.expires else None
        if reason is not None or ends is not None:
            self._found[covered] = Allowance(self._name, entry_id, reason, ends)

    def extend(self, item: ListItem, covered: Hashable) -> None:
        """Another line for the same address or digest: its terms count where they last longer."""
        known = self._found.get(covered)
        if known is None or known.ends is None:
            return
        ends = end(item.expires) if item.expires else None
        if ends is None or ends > known.ends:
            reason = reason_of(item.note) or known.reason
            self._found[covered] = Allowance(self._name, known.id, reason, ends)
