"""What a list has listed so far: whether an address is new, and how many there are of each scope.

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.index.entry import Scope
>>> seen, url = SeenAddresses(), canonicalize("http://bad.example/")
>>> seen.adds(Scope.HOST, url), seen.adds(Scope.HOST, url), seen.adds(Scope.PAGE, url)
(True, False, True)
>>> seen.scopes
{'page': 1, 'host': 1}
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from linkgate.core.index.entry import Scope

if TYPE_CHECKING:
    from linkgate.core.digests.digest import Digest
    from linkgate.core.url.canonical import CanonicalUrl

_HOST, _PAGE = Scope.HOST, Scope.PAGE


class SeenAddresses:
    """The addresses of one list, each with its scope.

    Bare hosts, most of a long list, are kept as the strings that their entries hold anyway.
    """

    def __init__(self) -> None:
        self._hosts: set[str] = set()
        self._pages: set[tuple[str, int | None, str, str | None, str | None]] = set()
        self._others: set[tuple[Scope, bool, CanonicalUrl, str | None]] = set()
        self._files: set[bytes] = set()
        self._allowed_files: set[bytes] = set()

    def adds(self, scope: Scope, url: CanonicalUrl, *, allow: bool = False) -> bool:
        """Remember an address; False when it was there with this scope."""
        if scope is _HOST and url.port is None and not allow:
            if url.host in self._hosts:
                return False
            self._hosts.add(url.host)
            return True
        if scope is _PAGE and not allow:
            before = len(self._pages)
            self._pages.add((url.host, url.port, url.path, url.query, url.fragment))
            return len(self._pages) != before
        before = len(self._others)
        self._others.add((scope, allow, url, url.fragment))
        return len(self._others) != before

    def adds_file(self, digest: Digest, *, allow: bool = False) -> bool:
        """Remember a digest; False when it was there."""
        known = self._allowed_files if allow else self._files
        before = len(known)
        known.add(digest.type.encode() + digest.octets)
        return len(known) != before

    @property
    def scopes(self) -> dict[str, int]:
        """How many listed addresses there are of each scope, most frequent first; allow entries are not counted."""
        sizes = {_PAGE: len(self._pages), _HOST: len(self._hosts), Scope.FILE: len(self._files)}
        counts = Counter({scope.value: size for scope, size in sizes.items()})
        counts.update(scope.value for scope, allow, _, _ in self._others if not allow)
        return {scope: count for scope, count in counts.most_common() if count}

    @property
    def allowed(self) -> int:
        """How many allow entries there are."""
        return sum(allow for _, allow, _, _ in self._others) + len(self._allowed_files)
