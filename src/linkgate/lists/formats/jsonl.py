r"""JSON lines: one JSON object a line, fields `url`, `scope`, `id`, `category`, `added`, `expires`, `note`.

`columns` maps these names to the publisher's (`{"url": "address", "category": "threat"}`). A line
that is a bare JSON string is an address.

>>> [item] = read(b'{"url": "http://bad.example/", "scope": "host", "id": 7}\n')
>>> item.address, item.scope, item.id
('http://bad.example/', 'host', '7')
>>> list(read(b'{"url": \n[]\n{"scope": "host"}\n'))[0]
Rejected(line=1, reason='not JSON')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.lists.formats.item import FIELDS, Item, Rejected
from linkgate.lists.formats.lines import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Publishers' usual names for the address, tried in this order when `columns` names none.
_ADDRESS_NAMES = ("url", "address", "link", "uri")


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[Item | Rejected]:
    """Items of a JSON-lines file, fields named as in `columns` or as in `FIELDS`."""
    names = {field: field for field in FIELDS} | dict(columns or {})
    addresses = (names["url"],) if columns and "url" in columns else _ADDRESS_NAMES
    decode = msgspec.json.Decoder().decode
    for line in text_lines(data):
        if isinstance(line, Rejected):
            yield line
            continue
        number, text = line
        if not text or text.isspace():
            continue
        try:
            record = decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            yield Rejected(number, "not JSON")
            continue
        yield _item(number, record, names, addresses)


def _item(number: int, record: Any, names: Mapping[str, str], addresses: tuple[str, ...]) -> Item | Rejected:
    if isinstance(record, str):
        return Item(line=number, address=record)
    if not isinstance(record, dict):
        return Rejected(number, "not a JSON object")
    address = next((record[name] for name in addresses if name in record), None)
    if not isinstance(address, str):
        return Rejected(number, "no address field")
    more = {field: _text(record.get(names[field])) for field in FIELDS if field != "url"}
    return Item(line=number, address=address, **more)


def _text(value: Any) -> str | None:
    """Text of a scalar; None for null, the empty string, lists and objects."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return None
    return str(value)
