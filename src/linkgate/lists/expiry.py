"""Dates of publishers -> calendar days: when an entry ends.

>>> day("2026-01-31T10:00:00.000Z"), day("20260131"), day("1769853600"), day("1769853600000")
('2026-01-31', '2026-01-31', '2026-01-31', '2026-01-31')
>>> day("31/01/2026") is None, day("never") is None
(True, True)
"""

from __future__ import annotations

import datetime as dt
import re

_ISO = re.compile(r"([12]\d{3})-?([01]\d)-?([0-3]\d)(?!\d)")
_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+)?")
_MILLISECONDS = re.compile(r"(\d{12,13})")


def day(text: str) -> str | None:
    """The day (ISO 8601, of UTC where the text is a Unix time in seconds or milliseconds) of a date.

    None for a text that is no such date: its entry does not expire, for a listed page that is
    dropped by mistake is worse than one that stays.
    """
    text = text.strip()
    if iso := _ISO.match(text):
        return "-".join(iso.groups())
    if seconds := _SECONDS.fullmatch(text):
        return _of_unix_time(int(seconds[1]))
    if thousandths := _MILLISECONDS.fullmatch(text):
        return _of_unix_time(int(thousandths[1]) // 1000)
    return None


def _of_unix_time(seconds: int) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
