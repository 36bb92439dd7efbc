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

_MOST_SEEN = 1000


@dataclass(frozen=True, slots=True)
class Repeat:
    """An account that posted so many messages that link to so many listed pages. It is for a person to look at."""

    actor: str
    messages: int
    entries: int


@dataclass(slots=True)
class _Seen:
    told: str = ""
    recent: deque[tuple[float, str, tuple[str, str]]] = field(default_factory=lambda: deque(maxlen=_MOST_SEEN))


class RepeatWindow:
    """What accounts did lately. Not for several threads at once."""

    def __init__(self, rule: RepeatRule) -> None:
        self.rule = rule
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    def add(self, actor: str, *, message: str, entry: tuple[str, str], now: float, day: str) -> Repeat | None:
        """Count a match; the account, once a day, when it goes over the rule. now: seconds that never run back."""
        seen = self._seen.get(actor)
        if seen is None:
            seen = self._seen[actor] = _Seen()
            if len(self._seen) > MOST_ACTORS:
                self._seen.popitem(last=False)
        self._seen.move_to_end(actor)
        recent = seen.recent
        recent.append((now, message, entry))
        while recent[0][0] <= now - self.rule.within:
            recent.popleft()
        messages, entries = len({each[1] for each in recent}), len({each[2] for each in recent})
        if seen.told == day or messages < self.rule.messages or entries < self.rule.entries:
            return None
        seen.told = day
        return Repeat(actor, messages, entries)
