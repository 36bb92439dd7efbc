r"""WhatsApp's export of a chat, _chat.txt: a message begins with its time, whatever the telephone and its language.

    [05/01/2023, 12:34:56] Ann: see http://bad.example/     05.01.23, 12:34 - Ann: see http://bad.example/

Which number is the day is told by the whole beginning of a file: one above 12 is; else dots and dashes put the day
first, and a clock with a large AM or PM the month. Times are as the telephone showed them, read as UTC.

>>> order = order_of("1/13/23, 9:05 PM - Ann: hi")
>>> message("[1/2/23, 9:05:00\u202fPM] Ann: hi\nthere", order)
ParsedMessage(text='hi\nthere', id=None, time=1672693500000000, links=())
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from linkgate.fronts.inputs.chunks import BLOCK, LIMIT, Cut
from linkgate.fronts.inputs.messages import Builder, Decoded, ParsedMessage, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.chunks import Plan
    from linkgate.fronts.inputs.streams import ByteSource

_DATE = r"(?P<a>\d{1,4})(?P<sep>[./-]|\. ?|年)(?P<b>\d{1,2})(?:[./-]|\. ?|月)(?P<c>\d{1,4})(?:日|\.)?"
_HALF = r"(?P<half>[AaPp]\.?\s?[Mm]\.?|午前|午後|上午|下午|오전|오후)"
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
_TIME = rf"(?:{_HALF}\s?)?{_CLOCK}(?:\s?{_HALF.replace('half', 'after')})?"
_SPACE = r"[,،]?[\s\u200e\u200f]{1,3}(?:\S{1,5}\s)??"
_LINE = rf"[\u200e\u200f\u202a-\u202c\ufeff]*(?:\[{_DATE}{_SPACE}{_TIME}\]\s?|{_DATE.replace('?P<', '?P<d')}{_SPACE}"
_SECOND = _TIME.replace("?P<", "?P<d")
START = re.compile(rf"^{_LINE}{_SECOND}(?:\s[-–]\s|,\s(?=[^:\n]{{1,80}} : )))", re.MULTILINE)
"""What a message begins with."""
_NAME = re.compile(r"[\u200e\u200f\u202a-\u202e~\s]*[^:\n]{1,80}?:[ \u200e\u200f]")
_AFTERNOON = ("p", "午後", "下午", "오후")
_MONTHS = 12
_HOURS = 12
_CENTURY = 100


def begins_chat(head: str) -> bool:
    """Whether a text is a chat: its first line, and some name behind it."""
    lines = [line for line in head.split("\n") if line.strip()][:20]
    starts = [found for line in lines if (found := START.match(line))]
    return bool(lines) and START.match(lines[0]) is not None and len(starts) * 4 >= len(lines)


def order_of(head: str) -> str:
    """The order of day, month and year in the dates of a chat: `dmy`, `mdy` or `ymd`."""
    found = [_groups(match) for match in START.finditer(head)]
    if any(len(each["a"]) == len("2023") for each in found):
        return "ymd"
    if any(int(each["a"]) > _MONTHS for each in found):
        return "dmy" if all(int(each["a"]) <= _DAYS for each in found) else "ymd"
    if any(int(each["b"]) > _MONTHS for each in found):
        return "mdy"
    american = all(each["sep"] == "/" and each["after"] in {"AM", "PM"} and each["a"][0] != "0" for each in found)
    return "mdy" if found and american else "dmy"


_DAYS = 31


def message(text: str, order: str) -> ParsedMessage:
    """One message, without its time and the name before it."""
    found = START.match(text)
    if found is None:
        return ParsedMessage(text.strip())
    rest = text[found.end() :]
    named = _NAME.match(rest)
    shown = rest[named.end() :] if named else rest
    return ParsedMessage(shown.strip("\r\n\u200e"), time=_instant(_groups(found), order))


def _groups(found: re.Match[str]) -> dict[str, str]:
    groups = found.groupdict()
    side = "d" if groups["a"] is None else ""
    return {
        name: groups[side + name] or "" for name in ("a", "b", "c", "sep", "half", "hour", "minute", "second", "after")
    }


def _instant(part: dict[str, str], order: str) -> int | None:
    date = dict(zip(order, map(int, (part["a"], part["b"], part["c"])), strict=True))
    year = date["y"] + 2000 if date["y"] < _CENTURY else date["y"]
    half, hour = (part["half"] or part["after"]).lower(), int(part["hour"])
    if half:
        hour = hour % _HOURS + (_HOURS if half.startswith(_AFTERNOON) else 0)
    try:
        time = dt.datetime(
            year, date["m"], date["d"], hour, int(part["minute"]), int(part["second"] or 0), tzinfo=dt.UTC
        )
    except ValueError:
        return None
    return int(time.timestamp()) * 1_000_000


def cut_chat(source: ByteSource, *, block: int = BLOCK, limit: int = LIMIT) -> Iterator[Cut]:
    """Cut a chat before a message."""
    rest, ended = b"", False
    while not ended:
        content = source.read(block)
        ended = not content
        rest += content
        text = rest.decode("utf-8", "surrogateescape")
        starts = [found.start() for found in START.finditer(text)]
        if ended:
            yield from [Cut(rest, max(1, len(starts)))] if rest else []
        elif len(starts) > 1:
            whole = text[: starts[-1]].encode("utf-8", "surrogateescape")
            yield Cut(whole, len(starts) - 1)
            rest = rest[len(whole) :]
        elif len(rest) > limit:
            yield Cut(rest[:limit], 1)
            rest = b""


def decode(block: bytes, first: int, plan: Plan) -> Decoded:
    """Read whole messages, the first of which is message `first` of its file."""
    build = Builder()
    text, valid = decoded(block)
    starts = [found.start() for found in START.finditer(text)][1:]
    for place, (start, end) in enumerate(pairwise([0, *starts, len(text)]), first):
        build.add(place, message(text[start:end], plan.delimiter), valid=valid or "\ufffd" not in text[start:end])
    return build.finish()
