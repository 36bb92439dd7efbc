r"""StopNCII's hash records (JSON): one page of its answers, several in an array, or the records alone.

What its owner has withdrawn, or was deleted, is gone: that is so where the record says it, or where all its cases do.
PDQ values of pictures and MD5 of videos are read; all others are skipped.

>>> page = b'''{"hashRecords": [
...   {"hashValue": "d41d8cd98f00b204e9800998ecf8427e", "hashStatus": "Active", "signalType": "VideoMD5"},
...   {"hashValue": "d41d8cd98f00b204e9800998ecf8427f", "hashStatus": "Withdrawn", "signalType": "VideoMD5"},
...   {"hashValue": "x", "hashStatus": "Active", "signalType": "VideoTMK"}]}'''
>>> [(item.type, item.gone) if isinstance(item, ListItem) else item.reason for item in read(page)]
[('VideoMD5', False), ('VideoMD5', True), 'stopncii: another signal']
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from linkgate.core.digests.digest import type_named
from linkgate.errors import ListError
from linkgate.lists.formats.document import load
from linkgate.lists.formats.item import ListItem, RejectedLine, Skipped
from linkgate.lists.formats.paths import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RECORDS, _VALUE = "hashRecords", "hashValue"
_GONE = frozenset({"withdrawn", "deleted"})


def read(data: bytes, *, columns: Mapping[str, str] | None = None) -> Iterator[ListItem | RejectedLine]:
    """Items of the pages, counted from 1; a record that comes again counts as it is told last. ListError."""
    del columns
    last: dict[tuple[str | None, str | None], tuple[int, Any]] = {}
    for number, record in zip(count(1), _records(load(data)), strict=False):
        told = record if isinstance(record, dict) else {}
        key = text_of(told.get("signalType")), text_of(told.get(_VALUE)) or f"\0{number}"
        last[key] = number, record
    for number, record in last.values():
        yield _item(number, record)


def _records(document: Any) -> Iterator[Any]:
    pages = document if isinstance(document, list) else [document]
    for page in pages:
        if isinstance(page, dict) and isinstance(page.get(_RECORDS), list):
            yield from page[_RECORDS]
        elif isinstance(page, dict) and _VALUE in page:
            yield page
        else:
            raise ListError(f"it is no answer of StopNCII; one has its records in {_RECORDS}")


def _item(number: int, record: Any) -> ListItem | RejectedLine:
    if not isinstance(record, dict):
        return RejectedLine(number, "stopncii: not an object")
    signal, value = text_of(record.get("signalType")) or "", text_of(record.get(_VALUE))
    if type_named(signal) is None:
        return Skipped(number, "stopncii: another signal")
    if value is None:
        return RejectedLine(number, "stopncii: no value")
    added = text_of(record.get("lastModtimestamp"))
    return ListItem(line=number, address=value, type=signal, added=added, gone=_is_gone(record))


def _is_gone(record: dict[str, Any]) -> bool:
    """Whether nobody wants it looked for any more."""
    cases = record.get("caseNumbers")
    states = [str(state).lower() for state in cases.values()] if isinstance(cases, dict) else []
    status = (text_of(record.get("hashStatus")) or "").lower()
    return status in _GONE or (bool(states) and _GONE.issuperset(states))
