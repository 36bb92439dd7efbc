r"""ListItem -> Digest: of the type that the record names, else of that of the list; never guessed by its length.

>>> from linkgate.lists.formats import ListItem
>>> item = ListItem(line=1, address="D41D8CD98F00B204E9800998ECF8427E", type="MD5")
>>> digest_of(item, None), digest_of(item, DigestType.SHA256)
(Digest(type='md5'), Digest(type='md5'))
>>> digest_of(ListItem(line=1, address="d41d8cd98f00b204e9800998ecf8427e", type=""), DigestType.SHA256)
'no digest of its type'
>>> digest_of(ListItem(line=1, address="x", type=""), None), digest_of(ListItem(line=1, address="x", type="crc"), None)
('a digest without a type', 'another type of digest')
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from linkgate.core.digests.digest import Digest, DigestType, read_digest, type_named

if TYPE_CHECKING:
    from linkgate.lists.formats import ListItem

NO_TYPE = "a digest without a type"
OTHER_TYPE = "another type of digest"
NO_DIGEST = "no digest of its type"
NO_QUALITY = "quality that is no number from 0 to 100"
UNTYPED = "a digest, and its list says no type"
TAKEN_OFF = "taken off by its publisher"

_BARE = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
_HOLDS_ONE = re.compile(r"[0-9a-f]{32}|[A-Za-z0-9+/]{22,}={1,2}", re.IGNORECASE)
_HIGHEST = 100


def digest_of(item: ListItem, usual: DigestType | None) -> Digest | str:
    """The digest of an item, or the reason why there is none; `usual` is the type where the item names none."""
    kind = type_named(item.type) if item.type else usual
    if kind is None:
        return OTHER_TYPE if item.type else NO_TYPE
    return read_digest(kind, item.address.strip().strip("\"'\x00\ufeff")) or NO_DIGEST


def quality_of(item: ListItem) -> float | str | None:
    """The quality that its publisher gives a picture; None where it gives none, a reason where it cannot be read."""
    if not item.quality:
        return None
    try:
        quality = float(item.quality)
    except ValueError:
        return NO_QUALITY
    return quality if 0 <= quality <= _HIGHEST else NO_QUALITY


def is_bare_digest(address: str) -> bool:
    """Whether what stands in place of an address is a digest."""
    return _BARE.fullmatch(address.strip()) is not None


def plain_word(text: str | None) -> str | None:
    """A publisher's word, unless it may hold a digest and so must not leave the process (law 9).

    >>> plain_word("case 7"), plain_word("md5-d41d8cd98f00b204e9800998ecf8427e")
    ('case 7', None)
    """
    return None if text is None or _HOLDS_ONE.search(text) else text
