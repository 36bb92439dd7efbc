"""Where an entry came from, and since when: the versions of the store that have it. No address (law 9).

>>> import tempfile; from pathlib import Path
>>> from linkgate.lists.compile import compile_lines
>>> from linkgate.lists.store import Store
>>> with tempfile.TemporaryDirectory() as name:
...     store = Store.open(Path(name, "store"), create=True)
...     for number in (1, 2, 3):
...         lines = ["worse.example", "bad.example", "last.example"][:number]
...         _ = store.publish(compile_lines(lines, name="demo").engine)
...     found = entry_history(store, "demo", "demo:2")
...     none = entry_history(store, "demo", "demo:9")
>>> found.first, found.last, found.scope, found.is_current, found.changed, none
(2, 3, 'host', True, (), None)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkgate.lists.diff import entries_of

if TYPE_CHECKING:
    from linkgate.core.index.entry import Entry
    from linkgate.lists.manifest import Version
    from linkgate.lists.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHistory:
    """An entry in the versions that the store keeps.

    first, last: the versions that have it, the oldest and the newest that is kept; since, until: when they were
    published. is_current: whether it decides now. changed: in which versions it came with another content.
    quarantined: why the guard holds it back, None where it does not.
    """

    list: str
    entry: str
    first: int | None
    since: str | None
    last: int | None
    until: str | None
    is_current: bool
    scope: str | None
    category: str | None
    changed: tuple[int, ...]
    quarantined: str | None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {name: getattr(self, name) for name in self.__slots__} | {"changed": list(self.changed)}


def entry_history(store: Store, name: str, entry: str) -> EntryHistory | None:
    """The history of an entry; None where no version that is kept has it. StoreError, SnapshotError."""
    manifest = store.manifest()
    found: list[tuple[Version, Entry]] = []
    changed: list[int] = []
    for version in manifest.versions:
        one = next((each for each in entries_of(store, version.id) if (each.list, each.id) == (name, entry)), None)
        if one is not None:
            if found and found[-1][1] != one:
                changed.append(version.id)
            found.append((version, one))
    current = manifest.version(None)
    states = [state for state in (current.lists if current else ()) if state.name == name]
    held = next((each.reason for state in states for each in state.quarantine if each.id == entry), None)
    if not found and held is None:
        return None
    first, last = (found[0], found[-1]) if found else (None, None)
    return EntryHistory(
        list=name,
        entry=entry,
        first=first[0].id if first else None,
        since=first[0].created if first else None,
        last=last[0].id if last else None,
        until=last[0].created if last else None,
        is_current=bool(last and current and last[0].id == current.id),
        scope=last[1].scope.value if last else None,
        category=last[1].category if last else None,
        changed=tuple(changed),
        quarantined=held,
    )
