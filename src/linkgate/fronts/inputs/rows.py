"""A record as Python values -> a message: the plain way, for what Arrow's readers refuse and for JSON documents.

>>> from linkgate.fronts.inputs.chunks import Paths
>>> paths = Paths(text=("message", "text"), links=(("entities", "url"),), id=("id",))
>>> row = {"id": 7, "message": {"text": "hi"}, "entities": [{"url": "a"}, {"type": "bold"}, {"url": "b"}]}
>>> message(row, paths)
ParsedMessage(text='hi', id=7, time=None, links=('a', 'b'))
>>> message({"id": 8}, paths)
Nothing(reason="no field 'message.text', and no link; name yours with --text", rest=None)
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from linkgate.fronts.inputs.field_links import elsewhere, hidden, may_hold_link
from linkgate.fronts.inputs.messages import Nothing, ParsedMessage
from linkgate.fronts.inputs.timestamps import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.chunks import Path, Paths

NOT_OBJECT = "not a JSON object"


def message(row: Any, paths: Paths) -> ParsedMessage | Nothing | str:
    """Find the parts of a record; a string says why it is no message. No text is an empty one, if there is a link."""
    if not isinstance(row, dict):
        return NOT_OBJECT
    texts = values(row, paths.text)
    parts = [part for text in texts for part in _parts(text) if part is not None]
    if not all(isinstance(part, str) for part in parts):
        return f"field {'.'.join(paths.text)!r} is not text"
    more = [each for path in paths.more for each in _at(row, path) if isinstance(each, str) and each]
    text = "\n".join(parts)
    text = "\n".join([text, *more] if text else more) if more else text
    links, others = _links(row, text, paths)
    beside = "\n".join(others) or None
    ids = (name for path in paths.ids for value in _at(row, path) if (name := id_value(value)) is not None)
    times = (time for path in paths.times if (time := instant(next(iter(_at(row, path)), None))) is not None)
    found = ParsedMessage(text, next(ids, None), next(times, None), tuple(links), account_of(row, paths), beside)
    if texts or more or links or any(flat(_at(row, paths.media))) or any(map(may_hold_link, others)):
        return found
    reason = f"no field {'.'.join(paths.text)!r}, and no link; name yours with --text"
    return Nothing(reason, found if beside else None)


def account_of(row: Any, paths: Paths) -> str | None:
    """Who posted it, where the user said in which field that stands."""
    found = (name for value in _at(row, paths.account) if (name := id_value(value)) is not None)
    return next(map(str, found), None)


def _parts(text: Any) -> list[Any]:
    """A text, or several; pieces of one that are objects, as of styled text, are one text.

    >>> _parts(["see ", {"type": "bold", "text": "here"}]), _parts(["a", "b"])
    (['see here'], ['a', 'b'])
    """
    parts = list(flat([text]))
    if not (isinstance(text, list) and any(isinstance(part, dict) for part in parts)):
        return parts
    pieces = (part.get("text") if isinstance(part, dict) else part for part in parts)
    return ["".join(piece for piece in pieces if isinstance(piece, str))]


def _links(row: dict[str, Any], text: str, paths: Paths) -> tuple[dict[str, None], list[str]]:
    """The links in the named fields, then those that markup hides, then those in every other field; other texts."""
    links = dict.fromkeys(link for path in paths.links for link in _at(row, path) if isinstance(link, str) and link)
    if not paths.anywhere:
        return links, []
    found, texts = elsewhere(row, paths)
    return links | dict.fromkeys(hidden(text)) | dict.fromkeys(found), texts


def values(row: dict[str, Any], path: Path) -> list[Any]:
    """All values at a path, through lists."""
    found: list[Any] = [row]
    for key in path:
        found = [item[key] for item in flat(found) if isinstance(item, dict) and key in item]
    return found


def _at(row: dict[str, Any], path: Path | None) -> list[Any]:
    return list(flat(values(row, path))) if path else []


def flat(found: list[Any]) -> Iterator[Any]:
    """Values, those of lists one by one, however deep they lie."""
    left = found[::-1]
    while left:
        value = left.pop()
        if isinstance(value, list):
            left += value[::-1]
        else:
            yield value


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects inside, outer ones first, however deep they lie."""
    left = [value]
    while left:
        for part in flat([left.pop()]):
            if isinstance(part, dict):
                yield part
                left += list(part.values())[::-1]


def id_value(value: object) -> str | int | None:
    """An id as text or whole number; a number that a table made a float of is whole again.

    >>> id_value(7), id_value(7.0), id_value("7"), id_value(7.5), id_value(True), id_value(2**64)
    (7, 7, '7', None, None, '18446744073709551616')
    """
    if isinstance(value, str | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return _bytes_id(bytes(value))
    return _time_id(value) if isinstance(value, dt.date) else _number_id(value)


def _number_id(value: object) -> str | int | None:
    """A number that is whole; as text where 64 bits do not hold it."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = int(value)
        if value != number:
            return None
        return number if -_MOST <= number < _MOST else str(number)
    except (ValueError, OverflowError):  # NaN, infinity, more digits than Python writes
        return None


_MOST = 1 << 63


def _time_id(value: dt.date) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return value.isoformat()


def _bytes_id(value: bytes) -> str:
    """Text where it is such, else a UUID where it is as long as one, else hexadecimal digits."""
    with suppress(UnicodeDecodeError):
        text = value.decode()
        if text.isprintable():
            return text
    return str(UUID(bytes=value)) if len(value) == _UUID else value.hex()


_UUID = 16


CELL: Final = r"^\[|[\n\r]|,\s*[a-zA-Z]+://"
"""A table's cell that may hold several links: a JSON list, lines, or URLs with commas between them."""
_BETWEEN = re.compile(r"\n|,\s*(?=[a-zA-Z]{2,10}://)")


def cell_links(cell: str) -> tuple[str, ...]:
    r"""The links of a table's cell: a JSON list of texts, or one a line, or several with commas between them.

    >>> cell_links('["http://a.example/", "http://b.example/"]'), cell_links("http://a.example/ b\n\n")
    (('http://a.example/', 'http://b.example/'), ('http://a.example/ b',))
    >>> cell_links("http://a.example/?x=1,2,http://b.example/")
    ('http://a.example/?x=1,2', 'http://b.example/')
    """
    if cell.startswith("["):
        try:
            return tuple(link for link in msgspec.json.decode(cell, type=list[str]) if link)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            pass
    return tuple(link for line in _BETWEEN.split(cell) if (link := line.strip("\r")))
