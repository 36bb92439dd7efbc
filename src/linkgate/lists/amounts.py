"""Amounts as people write them in a configuration: times, shares, sizes.

>>> seconds("12h"), seconds("90s"), share("20%"), octets("256MB"), octets("1GiB")
(43200, 90, 0.2, 256000000, 1073741824)
>>> seconds("1y") // 86400
365
>>> seconds("soon") is None, share("0.2") is None, octets("-1MB") is None
(True, True, True)
"""

from __future__ import annotations

import re

_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([A-Za-z%]*)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "y": 365 * 86400}
_OCTETS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def seconds(text: str) -> int | None:
    """A time with its unit in seconds; None for anything else."""
    return _amount(text, _SECONDS)


def octets(text: str) -> int | None:
    """A size with its unit in bytes; None for anything else."""
    return _amount(text, _OCTETS)


def share(text: str) -> float | None:
    """A percentage as a fraction; None for anything else."""
    found = _AMOUNT.fullmatch(text.strip())
    return float(found[1]) / 100 if found and found[2] == "%" else None


def _amount(text: str, units: dict[str, int]) -> int | None:
    found = _AMOUNT.fullmatch(text.strip())
    unit = units.get(found[2].lower()) if found else None
    return int(float(found[1]) * unit) if found and unit else None


def spoken(count: float) -> str:
    """Seconds as a time that people read.

    >>> spoken(59), spoken(7200), spoken(200000)
    ('59 s', '2 h', '2 d')
    """
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if count >= 2 * size or count == size:
            return f"{int(count // size)} {unit}"
    return f"{int(count)} s"
