"""records: an entry as it lies in an index, its words as numbers of a table of names.

>>> from linkgate.core.url.canonical import canonicalize
>>> entry = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> names = {"": 0}
>>> record = Record(*record_of(entry, names))
>>> entry_of(record, tuple(names)) == entry
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.index.entry import Entry, Scope
from linkgate.core.url.canonical import CanonicalUrl

if TYPE_CHECKING:
    from collections.abc import Sequence

_SCOPES = tuple(Scope)
_PLACES = {scope: place for place, scope in enumerate(_SCOPES)}
_ALLOW, _LIFTS, _OWN_LIST = 1, 2, 4


class Record(NamedTuple):
    """What `record_of` gives, read back; list and category are places in the table of names."""

    scope: int
    list: int
    category: int
    id: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None
    flags: int


def record_of(
    entry: Entry, names: dict[str, int]
) -> tuple[int, int, int, str, str, int | None, str, str | None, str | None, int]:
    """The fields of a `Record`; new names are added to the table. A plain tuple, as there may be millions."""
    url = entry.url
    return (
        _PLACES[entry.scope],
        names.setdefault(entry.list, len(names)),
        names.setdefault(entry.category or "", len(names)),
        entry.id,
        url.host,
        url.port,
        url.path,
        url.query,
        url.fragment,
        _ALLOW * entry.allow | _LIFTS * entry.lifts | _OWN_LIST * (entry.allow and not entry.everywhere),
    )


def entry_of(record: Record, names: Sequence[str]) -> Entry:
    """The entry of a record."""
    return Entry(
        id=record.id,
        scope=_SCOPES[record.scope],
        list=names[record.list],
        category=names[record.category] or None,
        url=CanonicalUrl(record.host, record.port, record.path, record.query, record.fragment),
        allow=bool(record.flags & _ALLOW),
        lifts=bool(record.flags & _LIFTS),
        everywhere=record.flags & (_ALLOW | _OWN_LIST) == _ALLOW,
    )
