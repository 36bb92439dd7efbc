"""Entry: one item of a list, an address and the scope that the publisher gave it (DESIGN §3), or the digest of a file.

Address and digest never show in `repr`, in `asdict` or in a pickle, so that an entry may pass through a log or a cache
by mistake (law 9):

>>> from linkgate.core.url.canonical import canonicalize
>>> entry = Entry(id="demo:1", scope=Scope.PAGE, list="demo", url=canonicalize("http://bad.example/page"))
>>> entry
Entry(id='demo:1', scope='page', list='demo', category=None)
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from linkgate.core.url.canonical import CanonicalUrl

if TYPE_CHECKING:
    from linkgate.core.digests.digest import Digest


class Scope(StrEnum):
    """What an entry covers; given by the list and never widened."""

    PAGE = "page"  # that page; a query must be equal
    PREFIX = "prefix"  # everything below, at path-segment boundaries
    HOST = "host"  # every page of exactly this host
    DOMAIN = "domain"  # the host and all its subdomains
    BRAND = "brand"  # the same registrable label under any public suffix
    FILE = "file"  # every file with this digest, or, for PDQ, near it


ADDRESSED = tuple(scope for scope in Scope if scope is not Scope.FILE)
"""The scopes of addresses, in the words of a list."""
NO_ADDRESS = CanonicalUrl("", None, "/", None)
"""The address of an entry that has none: of a digest, or one that was pickled."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One listed address or digest. A Struct is as good as a frozen dataclass, and made in a fifth of the time.

    `url` is the canonical address: for `page` the page; for `prefix` the directory, its path
    ending in `/`; for `host` and `domain` only host and port count; for `brand` the host is the
    bare registrable label. `fragment`, where it is not None, must be met: exactly, or by loose steps.

    An `allow` entry lists nothing: what it covers exactly is not flagged by a host, domain or brand
    entry of its own list, nor by a page or prefix entry where it is one itself or says so (`lifts`).
    With `everywhere`, which the operator says and no publisher, it lifts the entries of other lists too.

    `digest` is the digest of a file, for scope `file`; such an entry has no address.
    """

    id: str
    scope: Scope
    list: str
    url: CanonicalUrl
    category: str | None = None
    allow: bool = False
    lifts: bool = False
    everywhere: bool = False
    digest: Digest | None = None

    def __repr__(self) -> str:
        return f"Entry(id={self.id!r}, scope={self.scope.value!r}, list={self.list!r}, category={self.category!r})"

    def __reduce__(self) -> tuple[object, ...]:
        kept = {name: getattr(self, name) for name in self.__struct_fields__ if name not in _SECRET}
        return _without_address, (kept,)

    def lifts_entry(self, listed: Entry) -> bool:
        """True when this allow entry beats a listed one, where both cover the same link."""
        if not self.allow or not (self.everywhere or self.list == listed.list):
            return False
        broad = {Scope.HOST, Scope.DOMAIN, Scope.BRAND}
        return self.lifts or listed.scope in broad or self.scope not in broad

    @property
    def fragment(self) -> str | None:
        """The fragment that a link must carry, or None when any will do."""
        return self.url.fragment


_SECRET = frozenset({"digest", "url"})


def _without_address(kept: dict[str, Any]) -> Entry:
    """An entry that was pickled or copied: known by its id, and no more to be met."""
    return Entry(url=NO_ADDRESS, **kept)
