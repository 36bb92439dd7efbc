r"""MISP events, as JSON (a single event, a feed's event file, an answer of restSearch) and as CSV.

Only attributes with `to_ids` count: MISP's own mark for "act on this", all others are context.
Types, and what they cover by MISP's own exports: `url` and `uri` one page, `hostname` and `ip-dst`
one host, `domain` the name and all its subdomains; of `domain|ip` the domain (its address may
serve others), of `hostname|port` and `ip-dst|port` that port. `md5`, `sha1` and `sha256`, with a `filename|` before
them or not, are digests of files. `link` is where analysts put the
reports that they read; it is skipped with all other types.

>>> data = b'''{"Event": {"Attribute": [
...   {"type": "url", "value": "http://bad.example/x", "to_ids": true, "uuid": "7"},
...   {"type": "link", "value": "http://good.example/report", "to_ids": true},
...   {"type": "domain", "value": "good.example", "to_ids": false}]}}'''
>>> [(item.address, item.scope, item.id) if isinstance(item, ListItem) else item.reason for item in read(data)]
[('http://bad.example/x', 'page', '7'), 'misp: no web address', 'misp: not for detection']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.errors import ListError
from linkgate.lists.formats import delimited_list
from linkgate.lists.formats.document import load
from linkgate.lists.formats.ip_host import web_host
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped
from linkgate.lists.formats.paths import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCOPES = {
    "url": "page",
    "uri": "page",
    "hostname": "host",
    "hostname|port": "host",
    "ip-dst": "host",
    "ip-dst|port": "host",
    "domain": "domain",
    "domain|ip": "domain",
}
_DIGESTS = {f"{before}{name}": name for name in ("md5", "sha1", "sha256") for before in ("", "filename|")}
_HOLDERS = ("Attribute", "Object", "Event", "response")
_CSV = {"url": "value", "kind": "type", "active": "to_ids"}
_CSV_MORE = {"id": "uuid", "category": "category", "added": "date", "note": "comment"}


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of MISP JSON; `line` counts attributes from 1; `columns` has no meaning here and is ignored.

    Raises ListError for JSON that holds no event, such as a feed's manifest.
    """
    del columns
    document = load(data)
    events = document if isinstance(document, list) else [document]
    if any(not isinstance(event, dict) or not set(_HOLDERS) & set(event) for event in events):
        raise ListError("it is no MISP event; give the event files that the manifest names")
    for number, attribute in enumerate(_attributes(document), 1):
        yield _attribute(number, attribute)


def read_csv(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of MISP's CSV export, whose header has `type`, `value` and `to_ids`; ListError without them."""
    names = delimited_list.header(data)
    known = _CSV | {field: name for field, name in _CSV_MORE.items() if name in names} | dict(columns or {})
    for number, cells in delimited_list.records(data, columns=known):
        if isinstance(cells, RejectedLine):
            yield cells
        else:
            more = {field: cells.get(field) or None for field in _CSV_MORE}
            yield _item(number, cells.get("kind", ""), cells.get("url", ""), cells.get("active"), more)


def _attributes(document: Any) -> Iterator[dict[str, Any]]:
    """Every attribute of every event, of their objects too, in the order of the document."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict) and "value" in node:
            yield node
        elif isinstance(node, dict) and not _says_yes(node.get("deleted")):
            waiting.extend(node[holder] for holder in reversed(_HOLDERS) if holder in node)


def _attribute(number: int, attribute: dict[str, Any]) -> ListItem | RejectedLine:
    if _says_yes(attribute.get("deleted")):
        return Skipped(number, "misp: deleted")
    texts = {name: text_of(attribute.get(name)) for name in ("type", "value", "to_ids", "uuid", "category")}
    added = text_of(attribute.get("first_seen")) or text_of(attribute.get("timestamp"))
    more = {
        "id": texts["uuid"],
        "category": texts["category"],
        "added": added,
        "note": text_of(attribute.get("comment")),
    }
    return _item(number, texts["type"] or "", texts["value"] or "", texts["to_ids"], more)


def _item(
    number: int, kind: str, value: str, to_ids: str | None, more: Mapping[str, str | None]
) -> ListItem | RejectedLine:
    scope, digest = _SCOPES.get(kind.strip().lower()), _DIGESTS.get(kind.strip().lower())
    if scope is None and digest is None:
        return Skipped(number, "misp: no web address")
    if not _says_yes(to_ids):
        return Skipped(number, "misp: not for detection")
    if digest is not None:
        item = ListItem(line=number, address=value.rpartition("|")[2], type=digest)
        return msgspec.structs.replace(item, **more)
    address = _address(kind.strip().lower(), value.strip())
    if not address:
        return RejectedLine(number, "misp: value")
    return msgspec.structs.replace(ListItem(line=number, address=address, scope=scope), **more)


def _says_yes(value: Any) -> bool:
    """MISP writes its flags as booleans, as numbers and as texts."""
    return (text_of(value) or "").strip().lower() in {"1", "true"}


def _address(kind: str, value: str) -> str | None:
    """The address in a value, of the two parts of a composite one.

    >>> _address("domain|ip", "bad.example|192.0.2.7"), _address("ip-dst|port", "2001:db8::1|8080")
    ('bad.example', '[2001:db8::1]:8080')
    >>> _address("ip-dst", "192.0.2.0/24") is None, _address("hostname|port", "bad.example") is None
    (True, True)
    """
    if "|" not in kind:
        return web_host(value) if kind == "ip-dst" else value
    host, bar, rest = value.partition("|")
    if kind == "domain|ip":
        return host
    address = web_host(host)
    return f"{address}:{rest}" if address and bar and rest.isdecimal() else None
