r"""STIX 2.1 indicators: a bundle, a list of objects, or envelopes of a TAXII 2.1 collection.

An indicator lists the addresses of its pattern: `url:value` one page, `domain-name:value` and
`ipv4-addr:value` one host, for that is what `=` says. Revoked indicators and benign ones are
skipped; of several versions of one object the latest counts, wherever it stands. `valid_until` becomes `expires`.
Observables (`url`, `domain-name` objects) say what was seen, not that it is bad: they are skipped.

>>> data = b'''{"type": "bundle", "objects": [
...   {"type": "indicator", "id": "indicator--1", "pattern": "[url:value = 'http://bad.example/x']"},
...   {"type": "url", "id": "url--1", "value": "http://good.example/"}]}'''
>>> [(item.address, item.scope, item.id) if isinstance(item, ListItem) else item.reason for item in read(data)]
[('http://bad.example/x', 'page', 'indicator--1'), 'stix: observable']
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from linkgate.errors import ListError
from linkgate.lists.formats.document import load
from linkgate.lists.formats.ip_host import web_host
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped
from linkgate.lists.formats.paths import text_of
from linkgate.lists.formats.pattern import alternatives

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BLANK = re.compile(r"\s*")
_SCOPES = {"url": "page", "domain-name": "host", "ipv4-addr": "host", "ipv6-addr": "host"}


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of STIX objects, numbered from 1; `columns` has no meaning here and is ignored.

    Raises ListError for JSON that holds no STIX objects.
    """
    del columns
    objects = list(_objects(data))
    latest: dict[str, str] = {}
    for found in objects:
        key, version = _version(found)
        latest[key] = max(version, latest.get(key, ""))
    for number, found in enumerate(objects, 1):
        key, version = _version(found)
        if key and version < latest[key]:
            yield Skipped(number, "stix: replaced by a later version")
        else:
            yield from _items(number, found)


def envelopes(data: bytes) -> Iterator[Any]:
    r"""JSON documents, one after another; ListError where one is broken.

    >>> list(envelopes(b'{"objects": []}\n{"objects": []}'))
    [{'objects': []}, {'objects': []}]
    """
    try:
        yield load(data)
    except ListError:
        yield from _concatenated(data)


def _concatenated(data: bytes) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    try:
        text = data.decode("utf-8-sig").strip()
        place = 0
        while place < len(text):
            document, place = decoder.raw_decode(text, place)
            yield document
            place = _BLANK.match(text, place).end()  # type: ignore[union-attr]  # the pattern matches anything
    except (ValueError, RecursionError):
        raise ListError("it is not JSON, or only a part of it; fetch it again and keep the last good one") from None


def _objects(data: bytes) -> Iterator[dict[str, Any]]:
    for document in envelopes(data):
        if isinstance(document, dict) and "objects" not in document and document.get("type") != "indicator":
            if document.get("type") == "bundle" or set(document) <= {"more", "next"}:
                continue  # a bundle or an envelope without objects is an empty one
            raise ListError("it holds no STIX objects; check the address of the source")
        found = document.get("objects", [document]) if isinstance(document, dict) else document
        if not isinstance(found, list):
            raise ListError("it holds no STIX objects; check the address of the source")
        yield from (one for one in found if isinstance(one, dict))


def _version(found: dict[str, Any]) -> tuple[str, str]:
    """The id of an object, and its time of change in a form that sorts."""
    when = text_of(found.get("modified")) or text_of(found.get("created")) or ""
    return text_of(found.get("id")) or "", when.rstrip("Zz")


def _items(number: int, found: dict[str, Any]) -> Iterator[ListItem | RejectedLine]:
    kind = found.get("type")
    if kind == "indicator":
        reason = _not_listed(found)
        yield from [Skipped(number, f"stix: {reason}")] if reason else _addresses(number, found)
    elif isinstance(kind, str) and kind in _SCOPES:
        yield Skipped(number, "stix: observable")


def _not_listed(indicator: dict[str, Any]) -> str | None:
    if indicator.get("revoked") is True:
        return "revoked"
    if indicator.get("pattern_type", "stix") != "stix":
        return "another pattern language"
    kinds = indicator.get("indicator_types")
    return "benign" if isinstance(kinds, list) and "benign" in kinds else None


def _addresses(number: int, indicator: dict[str, Any]) -> Iterator[ListItem | RejectedLine]:
    """The items of an indicator's pattern."""
    pattern = indicator.get("pattern")
    found = alternatives(pattern) if isinstance(pattern, str) else "not a pattern"
    if isinstance(found, str):
        yield RejectedLine(number, f"stix: {found}")
        return
    if not found:
        yield Skipped(number, "stix: no web address")
    for kind, value in found:
        address = value if kind == "url" else web_host(value)
        if address is None:
            yield Skipped(number, "stix: a network, no host")
            continue
        yield ListItem(
            line=number,
            address=address,
            scope=_SCOPES[kind],
            id=text_of(indicator.get("id")),
            category=_category(indicator),
            added=text_of(indicator.get("valid_from")),
            expires=text_of(indicator.get("valid_until")),
            note=text_of(indicator.get("name")),
        )


def _category(indicator: dict[str, Any]) -> str | None:
    for field in ("indicator_types", "labels"):
        words = indicator.get(field)
        if isinstance(words, list) and words and isinstance(words[0], str):
            return words[0]
    return None
