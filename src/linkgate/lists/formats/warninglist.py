"""MISP warninglists: what is known and harmless. Every item is an allow item, never a listing.

A source with this format lifts what it names; a guard takes its hosts instead of our own table of
popular hosts (`linkgate.lists.guard.popular_hosts`). Lists of type `string` hold exact values; in
a `hostname` list a name that begins with a dot covers its subdomains, and another one only
itself: the narrow reading. Networks, substrings and patterns cover what an entry cannot say.

>>> data = b'{"name": "demo", "type": "hostname", "list": ["good.example", ".dyn.example"]}'
>>> [(item.address, item.scope, item.allow) for item in read(data)]
[('good.example', None, True), ('*.dyn.example', 'domain', True)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.errors import ListError
from linkgate.lists.formats.document import load
from linkgate.lists.formats.ip_host import web_host
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TYPES = frozenset({"string", "hostname", "cidr"})


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Allow items of a warninglist, counted from 1; ListError for JSON that is none."""
    del columns
    document = load(data)
    values = document.get("list") if isinstance(document, dict) else None
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(values, list) or not isinstance(kind, str):
        raise ListError("it is no MISP warninglist; one has a type and a list")
    for number, value in enumerate(values, 1):
        yield _item(number, kind, value)


def _item(number: int, kind: str, value: Any) -> ListItem | RejectedLine:
    if kind not in _TYPES:
        return Skipped(number, "warninglist: a pattern, no address")
    if not isinstance(value, str):
        return RejectedLine(number, "warninglist: not text")
    if kind == "hostname" and value.startswith("."):
        return ListItem(line=number, address=f"*{value}", scope="domain", allow=True)
    address = web_host(value) if kind == "cidr" or "/" not in value or value[:1].isdigit() else value
    if address is None:
        return Skipped(number, "warninglist: a network, no host")
    return ListItem(line=number, address=address, allow=True)
