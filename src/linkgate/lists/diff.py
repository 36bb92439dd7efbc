"""Two versions of a store -> what came and what went, by list and entry id; never an address (law 9).

>>> compare({"demo": frozenset({"a", "b"})}, {"demo": frozenset({"b", "c"}), "new": frozenset()})
(Change(list='demo', added=('c',), removed=('a',)),)
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.core.index.index import Index
from linkgate.core.url.suffixes import Rules
from linkgate.errors import StoreError
from linkgate.lists.canaries import is_reserved
from linkgate.lists.snapshot import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def entry_ids(store: Store, number: int) -> Ids:
    """The ids of a version's entries, list by list."""
    version = store.version(number)
    try:
        data = store.snapshot_bytes(version)
    except FileNotFoundError:
        raise StoreError(f"{store.path}: the file of version {number} is gone; run `linkgate lists verify`.") from None
    # The rules decide how links are loosened; reading entries needs none.
    rules = Rules(suffixes=(), private=(), tracking=(), redirectors=())
    index = Index.from_sections(unpack(data, name=f"{store.path}, version {number}"), rules=rules)
    found: dict[str, set[str]] = defaultdict(set)
    for entry in index.entries():
        if is_reserved(entry.list):
            continue  # another version of linkgate may have other canaries; no list changed
        found[entry.list].add(entry.id)
    return {name: frozenset(ids) for name, ids in found.items()}


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
