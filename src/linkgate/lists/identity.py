"""Entry ids: what an entry is known by outside, and what says nothing about its address.

With the store's secret, an id is a keyed hash of list, scope and canonical URL: the same in every
version of the list, another one in every store, and of no use to who guesses addresses without the secret.

>>> from linkgate.core.url.canonical import canonicalize
>>> from linkgate.core.index.entry import Scope
>>> url = canonicalize("http://bad.example/page")
>>> one, other = Naming("demo", secret=b"one"), Naming("demo", secret=b"other")
>>> len(one.keyed(Scope.PAGE, url)), one.keyed(Scope.PAGE, url) == other.keyed(Scope.PAGE, url)
(16, False)
>>> one.keyed(Scope.PAGE, url) == Naming("demo", secret=b"one").keyed(Scope.PAGE, canonicalize("bad.example/page"))
True
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from linkgate.core.index.entry import Scope

if TYPE_CHECKING:
    from linkgate.core.digests.digest import Digest
    from linkgate.core.url.canonical import CanonicalUrl

_WORDS = {scope: scope.value for scope in Scope}  # to format an enumeration's member takes ten times as long
_SIZE = 8  # bytes: with 10^6 entries, two share an id in one list of 40 million


class Naming:
    """Gives ids to the entries of one list."""

    def __init__(self, list_name: str, *, secret: bytes | None) -> None:
        self._list = list_name
        self._start = None
        if secret is not None:
            # RFC 7693 allows keys of at most 64 bytes.
            key = secret if len(secret) <= 64 else blake2b(secret).digest()  # noqa: PLR2004
            self._start = blake2b(f"{list_name}\0".encode("utf-8", "replace"), key=key, digest_size=_SIZE)

    def name(self, line: int, nth: int, scope: Scope, url: CanonicalUrl, *, allow: bool = False) -> str:
        """The id of an entry for which the publisher gives none.

        Without a secret it is list and line, and the place in the line where several entries stand in one.
        """
        if self._start is not None:
            return self.keyed(scope, url, allow=allow)
        return f"{self._list}:{line}" if nth == 1 else f"{self._list}:{line}.{nth}"

    def keyed(self, scope: Scope, url: CanonicalUrl, *, allow: bool = False) -> str:
        """The keyed hash, 16 hexadecimal digits; an allow entry has another one than a listed one."""
        # No part of a canonical URL holds a NUL, so no two addresses give one text.
        text = f"{_WORDS[scope]}\0{url.host}\0{url.port}\0{url.path}\0{url.query or ''}\0{url.fragment or ''}"
        return self._hashed(f"+{text}" if allow else text)

    def file(self, line: int, nth: int, digest: Digest, *, allow: bool = False) -> str:
        """The id of a digest for which the publisher gives none, as `name`."""
        if self._start is None:
            return f"{self._list}:{line}" if nth == 1 else f"{self._list}:{line}.{nth}"
        return self.keyed_file(digest, allow=allow)

    def keyed_file(self, digest: Digest, *, allow: bool = False) -> str:
        """The keyed hash of a digest."""
        text = f"file\0{digest.type.value}\0{digest.octets.hex()}"
        return self._hashed(f"+{text}" if allow else text)

    def word(self, line: int, text: str) -> str:
        """The id of a line that holds no address, such as a bare top-level domain."""
        return f"{self._list}:{line}" if self._start is None else self._hashed(f"word\0{text}")

    def _hashed(self, text: str) -> str:
        if self._start is None:
            raise ValueError("a keyed id needs a secret")
        digest = self._start.copy()
        digest.update(text.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()
