r"""Messages as JSON lines: one object a line, its parts named by dotted paths.

>>> import io
>>> list(read(io.BytesIO(b'{"id": 7, "text": "hi"}\n[]\n'), fields=Fields()))
[Record(line=1, id=7, text='hi', links=()), Bad(line=2, reason='not a JSON object')]
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from linkgate.fronts.records import Bad, Fields, Record, decode, lines, not_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Finder = Callable[[dict[str, Any]], list[Any]]


def read(stream: BinaryIO, *, fields: Fields) -> Iterator[Record | Bad]:
    """Read JSON lines; blank lines are no records. A text of null is a message without text."""
    find = {part: _finder(path) for part, path in (("text", fields.text), ("id", fields.id))}
    find["links"] = _finder(fields.links) if fields.links else _nothing
    for number, line in lines(stream):
        if isinstance(line, Bad):
            yield line
        elif line.strip():
            row, valid = _loads(line)
            if not valid:
                yield not_utf8(number)
            yield _record(number, row, find, fields.text)


def _nothing(_row: dict[str, Any]) -> list[Any]:
    return []


def _loads(line: bytes) -> tuple[Any, bool]:
    """Parse the row, None when it is no JSON, and say whether it was UTF-8.

    msgspec is quick, but strict where exports are not: half an emoji, NaN, a byte of Latin-1.
    """
    try:
        return msgspec.json.decode(line), True
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text, valid = decode(line)
    try:
        return json.loads(text), valid
    except (ValueError, RecursionError):
        return None, True


def _record(number: int, row: Any, find: dict[str, Finder], name: str) -> Record | Bad:
    if not isinstance(row, dict):
        return Bad(number, "not a JSON object")
    texts = find["text"](row)
    if not texts:
        return Bad(number, f"no field {name!r}; name yours with --text")
    text = "" if texts[0] is None else texts[0]
    if not isinstance(text, str):
        return Bad(number, f"field {name!r} is not text")
    ids = [value for value in find["id"](row) if isinstance(value, str | int)]
    return Record(number, ids[0] if ids else None, text, tuple(_strings(find["links"](row))))


def _finder(path: str) -> Finder:
    """Find all values at a dotted path, through lists.

    >>> _finder("entities.url")({"entities": [{"url": "a"}, {"type": "bold"}, {"url": "b"}]})
    ['a', 'b']
    """
    keys = path.split(".")

    def find(row: dict[str, Any]) -> list[Any]:
        if path in row:
            return [row[path]]
        found: list[Any] = [row]
        for key in keys:
            found = [item[key] for item in _flat(found) if isinstance(item, dict) and key in item]
        return found

    return find


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _strings(values: list[Any]) -> Iterator[str]:
    return (value for value in _flat(values) if isinstance(value, str))
