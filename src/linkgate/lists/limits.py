"""What a list may do to us: how much of it may change, how large it may be, how long its server may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.lists import amounts
from linkgate.lists.compile_report import UNDER_HALF

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkgate.lists.toml import TomlTable

LIMIT_KEYS = (
    *("deadline", "interval", "max_age", "max_growth", "max_rejected", "max_shrink"),
    *("max_size", "timeout"),
)

_TIMEOUT, _DEADLINE = 30, 600
_TIME = 'a time with its unit, as in "12h"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a new file of a list may not exceed; `shrink`, `growth` and `rejected` are fractions.

    If nothing is said, a half of a file that is lost or cannot be read is too much.

    `interval` and `age` are seconds: how often to ask, and how old the last confirmed file may be. So
    are `timeout`, without any byte from the server, and `deadline`, for one file with all its tries.
    """

    shrink: float = UNDER_HALF
    growth: float | None = None
    rejected: float = UNDER_HALF
    interval: int = 0
    age: int | None = None
    size: int | None = None
    timeout: int = _TIMEOUT
    deadline: int = _DEADLINE


def read_limits(table: TomlTable) -> Limits:
    """Read the limits that stand in a list's table. UsageError."""
    shrink = measured(table, "max_shrink", amounts.share, 'a percentage, as in "20%"')
    rejected = measured(table, "max_rejected", amounts.share, 'a percentage, as in "5%"')
    size = measured(table, "max_size", amounts.octets, 'a size with its unit, as in "256MB"')
    return Limits(
        shrink=UNDER_HALF if shrink is None else shrink,
        growth=measured(table, "max_growth", amounts.share, 'a percentage, as in "300%"'),
        rejected=UNDER_HALF if rejected is None else rejected,
        interval=duration(table, "interval") or 0,
        age=duration(table, "max_age"),
        size=None if size is None else int(size),
        timeout=_patience(table, "timeout", _TIMEOUT),
        deadline=_patience(table, "deadline", _DEADLINE),
    )


def duration(table: TomlTable, key: str) -> int | None:
    """A time in seconds; None where the table has none."""
    seconds = measured(table, key, amounts.seconds, _TIME)
    return None if seconds is None else int(seconds)


def measured(table: TomlTable, key: str, read: Callable[[str], float | None], what: str) -> float | None:
    """An amount, read by `read`; None where the table has none, UsageError where it is not `what`."""
    text = table.get(key, str, what)
    if text is None:
        return None
    amount = read(text)
    if amount is None:
        raise table.fault(key, f"must be {what}")
    return amount


def _patience(table: TomlTable, key: str, default: int) -> int:
    seconds = duration(table, key)
    if seconds is not None and seconds < 1:
        raise table.fault(key, "must be a second at least")
    return default if seconds is None else seconds
