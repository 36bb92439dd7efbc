"""Listed URLs as signals: a signal names an entry of a store, and linkgate finds what it lists."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from threatexchange.content_type.text import TextContent
from threatexchange.content_type.url import URLContent
from threatexchange.signal_type.index import IndexMatch, SignalSimilarityInfoWithSingleDistance, SignalTypeIndex
from threatexchange.signal_type.signal_base import MatchesStr, SignalComparisonResult, SimpleSignalType

from linkgate.core.verdict import Kind
from linkgate.lists.canaries import CANARY_LIST, canaries
from linkgate.lists.compile import compile_lines
from linkgate.lists.current import load
from linkgate.lists.vault import store_key

if TYPE_CHECKING:
    from threatexchange.content_type.content_base import ContentType

    from linkgate.core.engine import Engine
    from linkgate.core.verdict import Match

KEY = "LINKGATE_KEY"
"""The environment variable with the key of an encrypted store."""

_DISTANCES = {Kind.EXACT: 0, Kind.NESTED: 1, Kind.LOOSE: 2}


def signal_of(store: str, list_name: str, entry: str) -> str:
    """The signal that stands for a listed entry: where it is found, never what it lists.

    >>> signal_of("/srv/store", "partner", "case-1001")
    '["/srv/store", "partner", "case-1001"]'
    """
    return json.dumps([store, list_name, entry])


def _parts(signal: str) -> tuple[str, str, str]:
    """Store, list and entry id of a signal. Raises ValueError, which does not repeat it: it might be an address."""
    try:
        store, list_name, entry = json.loads(signal)
    except (ValueError, TypeError):
        raise ValueError("no signal of linkgate: it takes a JSON array of store, list and entry id") from None
    if not all(isinstance(part, str) for part in (store, list_name, entry)):
        raise ValueError("no signal of linkgate: store, list and entry id are text")
    return store, list_name, entry


def key() -> bytes | None:
    """The key of an encrypted store, of the environment; None where none is set. Raises UsageError."""
    return store_key(env=KEY) if os.environ.get(KEY) else None


def _engine(store: str) -> Engine:
    """The current engine of a store; without a store the canaries alone, for demonstrations."""
    return load(store, key=key()) if store else compile_lines([]).engine


@dataclass(eq=False)
class LinkgateSimilarity(SignalSimilarityInfoWithSingleDistance[int]):
    """How surely a link leads to the listed page: 0 for exact, 1 for nested, 2 for loose, and by which steps."""

    kind: str = Kind.EXACT.value
    steps: tuple[str, ...] = ()

    @classmethod
    def of(cls, match: Match) -> Self:
        """What a match says."""
        return cls(_DISTANCES[match.kind], match.kind.value, match.steps)

    def pretty_str(self) -> str:
        """Such as `exact`, or `loose:www,trailing-slash`."""
        return f"{self.kind}:{','.join(self.steps)}" if self.steps else self.kind


class LinkgateIndex(SignalTypeIndex[Any]):
    """Entries by store, list and id, each with what the caller keeps of it; the addresses stay in the store."""

    def __init__(self) -> None:
        self._known: dict[str, dict[tuple[str, str], list[Any]]] = {}
        self._engines: dict[str, Engine] = {}

    def add(self, signal_str: str, entry: Any) -> None:
        """Add what is known of one signal."""
        store, *place = _parts(signal_str)
        self._known.setdefault(store, {}).setdefault((place[0], place[1]), []).append(entry)

    def query(self, query: str) -> list[IndexMatch[Any]]:
        """The entries that a URL or a message links to, each once, the surest match of it.

        Raises LinkgateError when a store cannot be read.
        """
        return [
            IndexMatch(LinkgateSimilarity.of(match), kept)
            for store, known in self._known.items()
            for place, match in self._found(store, query).items()
            for kept in known.get(place, ())
        ]

    def _found(self, store: str, query: str) -> dict[tuple[str, str], Match]:
        if store not in self._engines:
            self._engines[store] = _engine(store)
        matches = list(self._engines[store].check(query).matches)
        if not matches and len(query.split()) == 1:  # one URL, as an analyst pasted it
            matches = list(self._engines[store].lookup(query.strip()).matches)
        matches.sort(key=lambda match: _DISTANCES[match.kind], reverse=True)
        return {(match.entry.list, match.entry.id): match for match in matches}

    def __getstate__(self) -> dict[str, Any]:
        return {"_known": self._known, "_engines": {}}  # an engine holds addresses: it is read again where it is needed

    @classmethod
    def deserialize(cls, fin: BinaryIO) -> Self:
        """Read what `serialize` wrote: entry ids and what the caller kept of them."""
        found = super().deserialize(fin)
        if not isinstance(found, cls):
            raise TypeError("the file holds no index of linkgate; run `threatexchange dataset --rebuild-indices`")
        return found


class LinkgateUrlSignal(SimpleSignalType, MatchesStr):
    """A URL on a list of a linkgate store, by entry id; matches URLs and messages."""

    @classmethod
    def get_name(cls) -> str:
        """Its name in configurations and file names."""
        return "linkgate_url"

    @classmethod
    def get_content_types(cls) -> list[type[ContentType]]:
        """What may be matched: a URL, or a text with links in it."""
        return [URLContent, TextContent]

    @classmethod
    def get_index_cls(cls) -> type[LinkgateIndex]:
        """The index that asks linkgate."""
        return LinkgateIndex

    @classmethod
    def validate_signal_str(cls, signal_str: str) -> str:
        """The signal as `signal_of` writes it; ValueError for anything else."""
        return signal_of(*_parts(signal_str))

    @classmethod
    def matches_str(cls, signal: str, haystack: str) -> SignalComparisonResult:
        """Whether a text links to one entry. Reads the whole store: use the index for more than one."""
        index = LinkgateIndex.build([(signal, None)])
        found = index.query(haystack)
        if not found:
            return SignalComparisonResult.from_no_match_only()
        return SignalComparisonResult(match=True, distance=found[0].similarity_info)

    @staticmethod
    def get_examples() -> list[str]:
        """The canaries, which every engine carries and which name nothing real."""
        return [signal_of("", CANARY_LIST, canary.id) for canary in canaries(frozenset())]
