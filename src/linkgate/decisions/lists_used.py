"""Which versions of the lists decided what is on record, and how many entries these lists have.

>>> import tempfile; from pathlib import Path
>>> from linkgate.lists.compile import compile_lines
>>> from linkgate.lists.store import Store
>>> with tempfile.TemporaryDirectory() as folder:
...     store = Store.open(Path(folder, "store"), create=True)
...     version = store.publish(compile_lines(["http://bad.example/page"]).engine)
...     used = lists_used(store, [version.snapshot, f"{version.snapshot}!0a1b2c3d", "gone"])
...     [(each.version, each.disputed) for each in used.versions], used.listed
([(1, False), (1, True), (None, False)], {})
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from linkgate.lists.store import Store


@dataclass(frozen=True, slots=True)
class UsedVersion:
    """A snapshot that decided. version, created: None where the store has let it go.

    disputed: entries that people called wrong asked for less.
    """

    snapshot: str
    version: int | None
    created: str | None
    disputed: bool

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class ListsUsed:
    """The versions that decided, and the entries of each list as it is now."""

    versions: tuple[UsedVersion, ...]
    listed: Mapping[str, int]


def lists_used(store: Store, snapshots: Iterable[str]) -> ListsUsed:
    """The versions of a store behind the ids of snapshots on record. StoreError."""
    versions = store.versions()
    known = {version.snapshot: version for version in versions}
    used = []
    for snapshot in snapshots:
        name, _, overlay = snapshot.partition("!")
        found = known.get(name)
        used.append(
            UsedVersion(
                snapshot, None if found is None else found.id, None if found is None else found.created, bool(overlay)
            )
        )
    current = store.manifest().current
    now = next((version.lists for version in versions if version.id == current), ())
    return ListsUsed(tuple(used), {state.name: state.entries for state in now if state.kind == "deny"})
