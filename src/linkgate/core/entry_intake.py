"""entry intake: what is noted of entries on their way into an engine; the digests among them leave the way here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkgate.core.digests.digest_index import DigestIndexBuilder
from linkgate.core.index.entry import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linkgate.core.digests.digest import DigestType
    from linkgate.core.index.entry import Entry

    Canaries = Callable[[frozenset[str], frozenset[DigestType]], Iterable[Entry]]


class EntryIntake:
    """What is noted of entries as they pass: the hosts of the listed ones for the gate, the digests, the canaries."""

    def __init__(self) -> None:
        self.hosts: set[str] = set()
        self.types: set[DigestType] = set()
        self.added: list[str] = []
        self.digests = DigestIndexBuilder()

    def addressed(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Pass the entries that have an address on; of a brand the host is `label.*`."""
        for entry in entries:
            if entry.digest is not None:
                self.types.add(entry.digest.type)
                self.digests.add(entry)
                continue
            if not entry.allow:
                self.hosts.add(f"{entry.url.host}.*" if entry.scope is Scope.BRAND else entry.url.host)
            yield entry

    def late(self, canaries: Canaries) -> Iterator[Entry]:
        """The canaries, asked for when all entries are noted."""
        for canary in canaries(frozenset(self.hosts), frozenset(self.types)):
            self.added.append(canary.id)
            yield canary
