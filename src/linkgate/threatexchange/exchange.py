"""A linkgate store as an exchange: what is fetched are entry ids, never addresses."""

# No `from __future__ import annotations` here: the command reads the types of `StoreConfig`, which must be types.

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.fetch_state import (
    FetchCheckpointBase,
    FetchDelta,
    FetchedSignalMetadata,
    SignalOpinion,
    SignalOpinionCategory,
)
from threatexchange.exchanges.signal_exchange_api import SignalExchangeAPI
from threatexchange.signal_type.signal_base import SignalType

from linkgate.core.index.index import Index
from linkgate.core.url.suffixes import Rules
from linkgate.lists import snapshot
from linkgate.lists.canaries import is_reserved
from linkgate.lists.manifest import Version
from linkgate.lists.store import Store
from linkgate.threatexchange.signals import KEY, LinkgateUrlSignal, key, signal_of

_ALL = ""
"""The one key of what is fetched: each fetch replaces all of it, so that no entry outlives its list."""


@dataclass
class _Required:
    store: str = field(metadata={"help": f"the folder of the linkgate store; the key of an encrypted one is in {KEY}"})


@dataclass
class StoreConfig(CollaborationConfigWithDefaults, _Required):
    """A collaboration: which store to read."""


@dataclass
class StoreCheckpoint(FetchCheckpointBase):
    """Which version of which store was fetched."""

    store: str
    version: int
    snapshot: str


@dataclass
class ListedEntry(FetchedSignalMetadata):
    """What is told of a match: list, scope and category of its entry."""

    list: str
    scope: str
    category: str | None = None

    def get_as_opinions(self) -> Sequence[SignalOpinion]:
        """One opinion, the publisher's: it is listed. Its tags are the list and the category."""
        tags = {f"list:{self.list}"} | ({self.category} if self.category else set())
        return [SignalOpinion(is_mine=False, category=SignalOpinionCategory.POSITIVE_CLASS, tags=tags)]


@dataclass
class FetchedEntries:
    """All entries of one version of a store, as list, id, scope and category."""

    store: str
    entries: tuple[tuple[str, str, str, str | None], ...]


class LinkgateStoreAPI(SignalExchangeAPI[StoreConfig, StoreCheckpoint, ListedEntry, str, FetchedEntries]):
    """The current version of a linkgate store; allow entries are left out, as they list nothing."""

    def __init__(self, store: str) -> None:
        self._path = store
        self._store = Store.open(store, key=key())

    @classmethod
    def for_collab(cls, collab: StoreConfig) -> Self:
        """Open the store of a collaboration. Raises StoreError or UsageError."""
        return cls(str(Path(collab.store).expanduser().absolute()))

    @classmethod
    def get_name(cls) -> str:
        """Its name in configurations and file names."""
        return "linkgate_store"

    @staticmethod
    def get_checkpoint_cls() -> type[StoreCheckpoint]:
        """What is kept between two fetches."""
        return StoreCheckpoint

    @staticmethod
    def get_record_cls() -> type[ListedEntry]:
        """What is told of a match."""
        return ListedEntry

    @staticmethod
    def get_config_cls() -> type[StoreConfig]:
        """What a collaboration needs to know."""
        return StoreConfig

    def fetch_iter(
        self, supported_signal_types: Sequence[type[SignalType]], checkpoint: StoreCheckpoint | None
    ) -> Iterator[FetchDelta[str, FetchedEntries, StoreCheckpoint]]:
        """Read the current version, whole; nothing where it was fetched before. Raises LinkgateError."""
        if LinkgateUrlSignal not in supported_signal_types:
            return
        version = self._store.current
        here = StoreCheckpoint(self._path, version.id, version.snapshot)
        if checkpoint != here:
            yield FetchDelta({_ALL: FetchedEntries(self._path, self._entries(version))}, here)

    def _entries(self, version: Version) -> tuple[tuple[str, str, str, str | None], ...]:
        sections = snapshot.unpack(self._store.snapshot_bytes(version), name=f"{self._path}, version {version.id}")
        # The rules decide how links are loosened; reading entries needs none.
        index = Index.from_sections(sections, rules=Rules(suffixes=(), private=(), tracking=(), redirectors=()))
        return tuple(
            (entry.list, entry.id, entry.scope.value, entry.category)
            for entry in index.entries()
            if not entry.allow and not is_reserved(entry.list)
        )

    @classmethod
    def naive_convert_to_signal_type(
        cls,
        signal_types: Sequence[type[SignalType]],
        collab: StoreConfig,  # noqa: ARG003  # the caller's interface
        fetched: Mapping[str, FetchedEntries],
    ) -> dict[type[SignalType], dict[str, ListedEntry]]:
        """What was fetched, signal by signal."""
        if LinkgateUrlSignal not in signal_types:
            return {}
        return {
            LinkgateUrlSignal: {
                signal_of(each.store, list_name, entry): ListedEntry(list_name, scope, category)
                for each in fetched.values()
                for list_name, entry, scope, category in each.entries
            }
        }
