"""What is known of short links, in memory alone, for as long as it may be true. Time is handed in.

A key is a keyed hash of a link as it is asked: what came over plain HTTP says nothing of the same link over TLS. What a
link led to is asked once more after ten minutes, and then not for a day: some services show a first visitor another
target. An error is forgotten after a minute.

>>> cache = TargetCache(key=b"k")
>>> cache.put("http://sho.example/3xYz", KnownTarget("redirects", ("http://other.example/",)), now=0.0)
>>> cache.get("http://sho.example/3xYz", now=599.0).state, cache.get("http://sho.example/3xYz", now=601.0)
('redirects', None)
>>> cache.put("http://sho.example/3xYz", KnownTarget("redirects", ("http://other.example/",)), now=601.0)
>>> cache.get("http://sho.example/3xYz", now=80_000.0).state
'redirects'
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import NamedTuple

MOST = 200_000
MOST_BYTES = 128 << 20
"""Of all addresses; an attacker chooses how long they are."""

_SOON, _DAY, _HOUR, _ERROR = 600.0, 86400.0, 3600.0, 60.0
_LIFE = {"redirects": _SOON, "non_http": _SOON, "not_redirect": _SOON, "gone": _HOUR}
_TWICE = frozenset({"redirects", "non_http"})
_ENTRY = 200


class KnownTarget(NamedTuple):
    """The state of a link, the addresses that it led to, and when that was asked, in seconds since 1970."""

    state: str
    hops: tuple[str, ...] = ()
    at: float = 0.0


class _Kept(NamedTuple):
    found: KnownTarget
    until: float
    size: int


class TargetCache:
    """The newest links, at most so many and so many bytes."""

    def __init__(self, *, key: bytes, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._key, self._most, self._most_bytes = key, most, most_bytes
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, link: str, *, now: float) -> KnownTarget | None:
        """What is known of a link and still holds."""
        kept = self._kept.get(self.name(link))
        return kept.found if kept is not None and now < kept.until else None

    def put(self, link: str, found: KnownTarget, *, now: float) -> None:
        """Keep what was found; what nobody was asked for is not known."""
        if found.state == "overload":
            return
        name, life = self.name(link), _LIFE.get(found.state, _ERROR)
        before = self._kept.pop(name, None)
        if before is not None:
            self.size -= before.size
            again = found.state in _TWICE and (before.found.state, before.found.hops) == (found.state, found.hops)
            life = _DAY if again else life
        kept = _Kept(found, now + life, _ENTRY + sum(map(len, found.hops)))
        self._kept[name] = kept
        self.size += kept.size
        while len(self._kept) > self._most or self.size > self._most_bytes:
            self.size -= self._kept.popitem(last=False)[1].size

    def name(self, link: str) -> bytes:
        """The key of a link."""
        return blake2b(link.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
