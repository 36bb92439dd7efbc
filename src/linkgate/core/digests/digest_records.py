"""digest records: the entries of digests as they lie in an index, their words as numbers of a table of names.

>>> from linkgate.core.digests.digest import read_digest, DigestType
>>> digest = read_digest(DigestType.MD5, "1B2M2Y8AsgTpgAmY7PhCfg==")
>>> entry, names = file_entry(id="demo:1", list="demo", digest=digest), {"": 0}
>>> told = DigestRecord(*record_of_digest(entry, names))
>>> entry_of_digest(told, digest, tuple(names)) == entry
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.digests.digest import EXACT_TYPES, DigestType
from linkgate.core.index.entry import NO_ADDRESS, Entry, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkgate.core.digests.digest import Digest

TYPES = tuple(DigestType)
_PLACES = {kind: place for place, kind in enumerate(TYPES)}
_ALLOW, _OWN_LIST = 1, 2
KEY_BYTES = 8


class DigestRecord(NamedTuple):
    """What `record_of_digest` gives, read back. rest: the bytes of an exact digest behind the eight of its key."""

    type: int
    list: int
    category: int
    flags: int
    id: str
    rest: bytes


def record_of_digest(entry: Entry, names: dict[str, int]) -> tuple[int, int, int, int, str, bytes]:
    """The fields of a `DigestRecord`; new names are added to the table. ValueError for an entry without a digest."""
    digest = entry.digest
    if digest is None:
        raise ValueError("an entry of a digest is asked for")
    return (
        _PLACES[digest.type],
        names.setdefault(entry.list, len(names)),
        names.setdefault(entry.category or "", len(names)),
        _ALLOW * entry.allow | _OWN_LIST * (entry.allow and not entry.everywhere),
        entry.id,
        digest.octets[KEY_BYTES:] if digest.type in EXACT_TYPES else b"",
    )


def entry_of_digest(record: DigestRecord, digest: Digest, names: Sequence[str]) -> Entry:
    """The entry of a record."""
    return file_entry(
        id=record.id,
        list=names[record.list],
        category=names[record.category] or None,
        digest=digest,
        allow=bool(record.flags & _ALLOW),
        everywhere=record.flags & (_ALLOW | _OWN_LIST) == _ALLOW,
    )


def file_entry(  # noqa: PLR0913  # the fields of an entry
    *,
    id: str,  # noqa: A002  # the word for it
    list: str,  # noqa: A002  # as above
    digest: Digest,
    category: str | None = None,
    allow: bool = False,
    everywhere: bool = False,
) -> Entry:
    """The entry of one digest: it covers the files that have it, or for PDQ, those near it."""
    return Entry(
        id=id,
        scope=Scope.FILE,
        list=list,
        url=NO_ADDRESS,
        category=category,
        allow=allow,
        everywhere=everywhere,
        digest=digest,
    )
