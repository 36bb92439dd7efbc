r"""OpenIOC 1.0 and 1.1 (XML): the addresses of items that stand as alternatives.

Terms, and what they cover: a URI one page, a DNS name and a remote IP address one host. Only the condition `is` says
that, and not where it is negated; items under an AND are a part of what is asked for, so an entry would cover more than
the indicator does: they are refused.

>>> data = b'''<ioc id="7"><criteria><Indicator operator="OR">
... <IndicatorItem id="8" condition="is"><Context search="Network/DNS"/><Content>bad.example</Content></IndicatorItem>
... <IndicatorItem condition="is"><Context search="FileItem/Md5sum"/><Content>d41d8cd98f</Content></IndicatorItem>
... </Indicator></criteria></ioc>'''
>>> [(item.address, item.id) if isinstance(item, ListItem) else item.reason for item in read(data)]
[('bad.example', '8'), 'openioc: no web address']
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # its usual name

from linkgate.errors import ListError
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SCOPES = {
    "network/uri": "page",
    "urlhistoryitem/url": "page",
    "filedownloadhistoryitem/sourceurl": "page",
    "network/dns": "host",
    "dnsentryitem/host": "host",
    "dnsentryitem/recordname": "host",
    "urlhistoryitem/hostname": "host",
    "portitem/remoteip": "host",
    "routeentryitem/destination": "host",
}


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of an OpenIOC document, counted from 1; `columns` has no meaning here. ListError for other XML."""
    del columns
    root = _parse(data)
    number = count(1)
    tops = [node for node in root.iter() if _name(node) in {"criteria", "definition"}]
    if not tops:
        raise ListError("it is no OpenIOC; one has its indicators in criteria or definition")
    for top in tops:
        for node in top:
            yield from _indicator(node, number, together=False)


def _parse(data: bytes) -> ET.Element:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ListError("its XML declares a document type, which an OpenIOC needs not; ask the publisher why")
    try:
        return ET.fromstring(data)  # noqa: S314  # without a document type it has no entities
    except (ET.ParseError, LookupError, ValueError):
        raise ListError("it is not XML, or only a part of it; fetch it again and keep the last good one") from None


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2].lower()


def _indicator(node: ET.Element, number: Iterator[int], *, together: bool) -> Iterator[ListItem | RejectedLine]:
    """The items below one node; `together`: they are asked for at once with others."""
    if _name(node) == "indicatoritem":
        yield _item(node, next(number), together=together)
        return
    items = [child for child in node if _name(child) in {"indicator", "indicatoritem"}]
    joined = (node.get("operator") or "OR").upper() == "AND" and len(items) > 1
    for child in items:
        yield from _indicator(child, number, together=together or joined)


def _item(node: ET.Element, number: int, *, together: bool) -> ListItem | RejectedLine:
    parts = {_name(child): child for child in node}
    search = parts["context"].get("search", "") if "context" in parts else ""
    scope = _SCOPES.get(search.lower())
    address = (parts["content"].text or "").strip() if "content" in parts else ""
    if scope is None:
        return Skipped(number, "openioc: no web address")
    if together:
        return RejectedLine(number, "openioc: and")
    if node.get("condition", "is").lower() != "is" or node.get("negate", "false").lower() == "true":
        return Skipped(number, "openioc: comparison")
    if not address:
        return RejectedLine(number, "openioc: no content")
    # A URI may be written without its host, as a path that is asked for anywhere.
    if scope == "page" and address.startswith("/"):
        return Skipped(number, "openioc: no web address")
    return ListItem(line=number, address=address, scope=scope, id=node.get("id"))
