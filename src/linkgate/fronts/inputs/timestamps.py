"""Times as exports write them -> microseconds since 1970 in UTC; what cannot be read is null, never an error.

A number is seconds, or by its size milli-, micro- or nanoseconds; a text is a number, ISO 8601, or the date
of a mail (RFC 5322). A time without a zone is read as UTC.

>>> instant(1358788919), instant("1358788919.5"), instant("2013-01-21T18:21:59+01:00")
(1358788919000000, 1358788919500000, 1358788919000000)
>>> instant("Mon, 21 Jan 2013 17:21:59 GMT"), instant("soon"), instant(1e300)
(1358788919000000, None, None)
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import compute as pc

from linkgate.columns.schema import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable

_NAIVE = pa.timestamp("us")
_TIME = MESSAGES.field("time").type
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_FIRST = (dt.datetime(1, 1, 1, tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND
_LAST = (dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND
_SCALES = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0))  # below 10^11 a number is seconds: that is the year 5138
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_LONGEST = 64
"""Characters of the longest time: what is longer is none."""


def instant(value: object) -> int | None:
    """Read one time, whatever its type."""
    if isinstance(value, dt.datetime):
        return _of_datetime(value)
    if isinstance(value, dt.date):
        return _of_datetime(dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC))
    if isinstance(value, str):
        return _of_text(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return _of_number(float(value))
    except (ValueError, OverflowError):
        return None


def _of_number(number: float) -> int | None:
    size = abs(number)
    scale = next((scale for below, scale in _SCALES if size < below), 1e-3)
    if not size * scale < _LAST * 2.0:  # NaN and infinity too
        return None
    return _in_range(round(number * scale))


def _in_range(found: int) -> int | None:
    return found if _FIRST <= found <= _LAST else None


def _of_text(text: str) -> int | None:
    if len(text) > _LONGEST:
        return None
    if _NUMBER.fullmatch(text):
        return _of_number(float(text))
    readers: tuple[Callable[[str], dt.datetime], ...] = (dt.datetime.fromisoformat, parsedate_to_datetime)
    for read in readers:
        try:
            return _of_datetime(read(text.removesuffix(" UTC")))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _of_datetime(value: dt.datetime) -> int | None:
    value = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value
    try:
        return _in_range((value - _EPOCH) // _MICROSECOND)
    except OverflowError:
        return None


def instants(values: pa.Array) -> pa.Array:
    """Read a column of times: as `instant` reads each of them, but at once where they are of one kind."""
    kind = values.type
    try:
        if pa.types.is_timestamp(kind):
            return _of_units(values.cast(pa.int64()), kind.unit)
        if pa.types.is_date(kind):
            days = values.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
            return _of_units(pc.multiply(days, 86_400), "s")
        if pa.types.is_integer(kind) or pa.types.is_floating(kind):
            return _clear(_of_numbers(values.cast(pa.float64(), safe=False)))
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return _of_texts(values)
    except pa.ArrowInvalid:
        pass
    return pa.array([instant(value) for value in values.to_pylist()], pa.int64()).cast(_TIME)


def _of_units(values: pa.Array, unit: str) -> pa.Array:
    if unit == "ns":
        return _clear(pc.divide(values, 1000))
    scale = {"s": 1_000_000, "ms": 1000, "us": 1}[unit]
    fine = pc.and_(pc.greater_equal(values, -(-_FIRST // scale)), pc.less_equal(values, _LAST // scale))
    return pc.multiply(pc.if_else(fine, values, None), scale).cast(_TIME)


def _of_texts(values: pa.Array) -> pa.Array:
    sample = next((value for value in values.slice(0, 100).to_pylist() if value), "")
    if _NUMBER.fullmatch(sample):
        return _clear(_of_numbers(values.cast(pa.float64())))
    iso = _ISO.fullmatch(sample)
    if iso:
        return _clear(values.cast(_TIME if iso[1] else _NAIVE))
    raise pa.ArrowInvalid


def _of_numbers(values: pa.Array) -> pa.Array:
    size = pc.abs(values)
    scale = pa.scalar(1e-3)
    for below, each in reversed(_SCALES):
        scale = pc.if_else(pc.less(size, below), pa.scalar(each), scale)
    micros = pc.round(pc.multiply(values, scale), round_mode="half_to_even")
    fine = pc.and_(pc.greater_equal(micros, float(_FIRST)), pc.less_equal(micros, float(_LAST)))
    return pc.if_else(fine, micros, None).cast(pa.int64())


def _clear(values: pa.Array) -> pa.Array:
    """Microseconds as times in UTC, null beyond the years that calendars have."""
    micros = values.cast(pa.int64())
    fine = pc.and_(pc.greater_equal(micros, _FIRST), pc.less_equal(micros, _LAST))
    return pc.if_else(fine, micros, None).cast(_TIME)
