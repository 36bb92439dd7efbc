r"""JSON lines: one JSON object a line, its fields by the names of `linkgate.lists.formats.usual_fields`.

`columns` maps these names to the publisher's (`{"url": "address", "category": "threat"}`), or to
field paths (`{"url": "indicators[].value"}`). A line that is a bare JSON string is an address.

>>> [item] = read(b'{"url": "http://bad.example/", "scope": "host", "id": 7}\n')
>>> item.address, item.scope, item.id
('http://bad.example/', 'host', '7')
>>> [item.address for item in read(b'{"ioc": {"value": "bad.example"}}', columns={"url": "ioc.value"})]
['bad.example']
>>> list(read(b'{"url": \n[]\n{"scope": "host"}\n'))[0]
RejectedLine(line=1, reason='not JSON')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.errors import ListError
from linkgate.lists.formats.fields import anchor, make_item, refuse_unknown
from linkgate.lists.formats.item import ListItem, RejectedLine
from linkgate.lists.formats.paths import parse, records, text_of
from linkgate.lists.formats.text_lines import text_lines
from linkgate.lists.formats.usual_fields import usual_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of a JSON-lines file, fields named as in `columns` or as in `FIELDS`."""
    refuse_unknown(columns or {})
    deep = any(len(parse(path)) > 1 or "." in path for path in (columns or {}).values())
    mapped = {field: (name,) for field, name in (columns or {}).items()}
    decode = msgspec.json.Decoder().decode
    for line in text_lines(data):
        if isinstance(line, RejectedLine):
            yield line
            continue
        number, text = line
        if not text or text.isspace():
            continue
        try:
            record = decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            yield RejectedLine(number, "not JSON")
            continue
        if deep and isinstance(record, dict):
            names = {**usual_of(mapped), **mapped}
            yield from _deep(number, record, {field: usual[0] for field, usual in names.items()})
        else:
            yield _item(number, record, mapped)


def _item(number: int, record: Any, mapped: Mapping[str, tuple[str, ...]]) -> ListItem | RejectedLine:
    if isinstance(record, str):
        return ListItem(line=number, address=record)
    if not isinstance(record, dict):
        return RejectedLine(number, "not a JSON object")
    names = {**usual_of(mapped if anchor(mapped) in mapped else record), **mapped}
    fields = {
        field: text_of(record[name])
        for field, usual in names.items()
        if (name := next((name for name in usual if name in record), None)) is not None
    }
    return make_item(number, fields)


def _deep(number: int, record: dict[str, Any], names: Mapping[str, str]) -> Iterator[ListItem | RejectedLine]:
    """The items of a line whose address stands deeper in it, or stands there several times."""
    try:
        for fields in records(record, names):
            yield make_item(number, fields)
    except ListError:
        yield RejectedLine(number, "no address field")
