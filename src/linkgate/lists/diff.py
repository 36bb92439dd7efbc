"""Two versions of a store -> what came and what went, by list and entry id; never an address (law 9).

>>> compare({"demo": frozenset({"a", "b"})}, {"demo": frozenset({"b", "c"}), "new": frozenset()})
(Change(list='demo', added=('c',), removed=('a',)),)
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.core.digests.digest_index import NAMES, DigestIndex
from linkgate.core.index.index import Index
from linkgate.core.url.suffixes import Rules
from linkgate.errors import StoreError
from linkgate.lists.canaries import is_reserved
from linkgate.lists.snapshot import unpack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from linkgate.core.index.entry import Entry
    from linkgate.lists.store import Store

Ids = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one list: entry ids, sorted."""

    list: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def diff(store: Store, before: int, after: int) -> tuple[Change, ...]:
    """Compare two versions of a store. StoreError or SnapshotError when one of them cannot be read."""
    return compare(entry_ids(store, before), entry_ids(store, after))


def sent_anew(store: Store, before: int, after: int, keys: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Of some entries, by list and id, those that came between two versions, or came with another content."""
    old, new = (
        {(entry.list, entry.id): entry for entry in entries_of(store, number) if (entry.list, entry.id) in keys}
        for number in (before, after)
    )
    return frozenset(key for key, entry in new.items() if old.get(key) != entry)


def entry_ids(store: Store, number: int) -> Ids:
    """The ids of a version's entries, list by list."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in entries_of(store, number):
        if is_reserved(entry.list):
            continue  # another version of linkgate may have other canaries; no list changed
        found[entry.list].add(entry.id)
    return {name: frozenset(ids) for name, ids in found.items()}


def entries_of(store: Store, number: int) -> Iterator[Entry]:
    """The entries of a version."""
    version = store.version(number)
    try:
        data = store.snapshot_bytes(version)
    except FileNotFoundError:
        raise StoreError(f"{store.path}: the file of version {number} is gone; run `linkgate lists verify`.") from None
    return entries_in(unpack(data, name=f"{store.path}, version {number}"))


def entries_in(sections: Mapping[str, bytes | memoryview]) -> Iterator[Entry]:
    """The entries of the sections of an engine, of addresses and digests."""
    # The rules decide how links are loosened; reading entries needs none.
    rules = Rules(suffixes=(), private=(), tracking=(), redirectors=())
    yield from Index.from_sections(sections, rules=rules).entries()
    if NAMES in sections:
        yield from DigestIndex.from_sections(sections).entries()


def compare(before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]) -> tuple[Change, ...]:
    """The lists that differ, by name."""
    none: frozenset[str] = frozenset()
    changes = (
        Change(
            name,
            tuple(sorted(after.get(name, none) - before.get(name, none))),
            tuple(sorted(before.get(name, none) - after.get(name, none))),
        )
        for name in sorted({*before, *after})
    )
    return tuple(change for change in changes if change.added or change.removed)
