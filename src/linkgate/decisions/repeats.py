"""Repeats: an early warning of accounts that post listed links again and again. One thread counts, a window long.

>>> from linkgate.lists.accounts_config import RepeatRule
>>> window = RepeatWindow(RepeatRule(messages=3, entries=2, within=60))
>>> [window.add("e1:ab", message=str(n), entry=("demo", str(n % 2)), now=10.0 * n, day="2026-01-31") for n in range(5)]
[None, None, Repeat(actor='e1:ab', messages=3, entries=2), None, None]
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkgate.lists.accounts_config import RepeatRule

MOST_ACTORS = 100_000
"""So many are kept; above, those that were still for the longest are forgotten."""

MOST_SEEN = 1_000_000
"""So many sightings are kept of all of them together; above, the stillest accounts are forgotten as well."""

_MOST_OF_ONE = 1000


@dataclass(frozen=True, slots=True)
class Repeat:
    """An account that posted so many messages that link to so many listed pages. It is for a person to look at."""

    actor: str
    messages: int
    entries: int


@dataclass(slots=True)
class _Seen:
    told: str = ""
    recent: deque[tuple[float, int, int]] = field(default_factory=deque)


class RepeatWindow:
    """What accounts did lately. Not for several threads at once."""

    def __init__(self, rule: RepeatRule) -> None:
        self.rule = rule
        self.sightings = 0
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def add(self, actor: str, *, message: str, entry: tuple[str, str], now: float, day: str) -> Repeat | None:
        """Count a match; the account, once a day, when it goes over the rule. now: seconds that never run back."""
        seen = self._seen.get(actor)
        if seen is None:
            seen = self._seen[actor] = _Seen()
        self._seen.move_to_end(actor)
        recent = seen.recent
        recent.append((now, hash(message), hash(entry)))  # of ids as long as their owners like them
        self.sightings += 1
        while recent[0][0] <= now - self.rule.within or len(recent) > _MOST_OF_ONE:
            recent.popleft()
            self.sightings -= 1
        self._forget()
        messages, entries = len({each[1] for each in recent}), len({each[2] for each in recent})
        if seen.told == day or messages < self.rule.messages or entries < self.rule.entries:
            return None
        seen.told = day
        return Repeat(actor, messages, entries)

    def _forget(self) -> None:
        """Let go those that were still for the longest, where there are too many; the last one stays."""
        while len(self._seen) > MOST_ACTORS or (self.sightings > MOST_SEEN and len(self._seen) > 1):
            _, gone = self._seen.popitem(last=False)
            self.sightings -= len(gone.recent)
