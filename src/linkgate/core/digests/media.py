"""Media: the digests of one file of a message, as the platform computed them where it has the bytes.

>>> Media(id="att1", md5="D41D8CD98F00B204E9800998ECF8427E")
Media(id='att1')
>>> Media(id="att1", sha256="d41d8cd98f00b204e9800998ecf8427e")
Traceback (most recent call last):
TypeError: sha256 must be 64 hexadecimal digits
>>> Media(id="att1")
Traceback (most recent call last):
TypeError: media has no digest: give sha256, sha1, md5 or pdq
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from msgspec.structs import force_setattr

from linkgate.core.digests.digest import LEAST_QUALITY, SIZES, DigestType, octets_of

_HIGHEST = 100


class Media(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One file: an id of the caller's, by which a match names it, and at least one digest.

    sha256, sha1, md5, pdq: hexadecimal digits of either case, or base64 with its `=`. pdq_quality: from 0 to 100, as
    PDQ gives it beside the value; below 50 the value is not looked up, as flat pictures all look alike.

    Raises TypeError, naming the argument and quoting nothing, for what is no digest of its type. Its `repr` shows the
    id alone.
    """

    id: str
    sha256: str | None = None
    sha1: str | None = None
    md5: str | None = None
    pdq: str | None = None
    pdq_quality: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.id, str):
            raise TypeError(f"id must be str, not {type(self.id).__name__}")
        given = [kind for kind in DigestType if getattr(self, kind) is not None]
        for kind in given:
            force_setattr(self, kind, _hexadecimal(kind, getattr(self, kind)))
        if not given:
            raise TypeError("media has no digest: give sha256, sha1, md5 or pdq")
        _require_quality(self.pdq_quality)

    def __repr__(self) -> str:
        return f"Media(id={self.id!r})"

    @property
    def digests(self) -> dict[str, str]:
        """The digests that it has, by type, in small hexadecimal digits."""
        return {kind.value: digits for kind in DigestType if (digits := getattr(self, kind)) is not None}

    @property
    def near(self) -> str | None:
        """The PDQ value, where its picture has enough to tell it by."""
        return None if self.pdq_quality is not None and self.pdq_quality < LEAST_QUALITY else self.pdq


def _hexadecimal(kind: DigestType, value: object) -> str:
    """A digest as small hexadecimal digits. TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"{kind.value} must be str, not {type(value).__name__}: give hexdigest()")
    octets = octets_of(kind, value)
    if octets is None:
        raise TypeError(f"{kind.value} must be {2 * SIZES[kind]} hexadecimal digits")
    return octets.hex()


def _require_quality(value: object) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"pdq_quality must be int, not {type(value).__name__}")
    if not 0 <= value <= _HIGHEST:
        raise TypeError("pdq_quality must be from 0 to 100")


def require_media(values: object) -> tuple[Media, ...]:
    """The media of a message. Raises TypeError for what is no collection of Media.

    >>> require_media(Media(id="att1", md5="d41d8cd98f00b204e9800998ecf8427e"))
    Traceback (most recent call last):
    TypeError: media must be a list of linkgate.Media, not Media: give media=[item]
    >>> require_media([{"id": "att1"}])
    Traceback (most recent call last):
    TypeError: media must be a list of linkgate.Media, and holds dict
    """
    kind = type(values).__name__
    if isinstance(values, Media | str | bytes):
        raise TypeError(f"media must be a list of linkgate.Media, not {kind}: give media=[item]")
    if not isinstance(values, Collection):
        raise TypeError(f"media must be a list of linkgate.Media, not {kind}")
    found = tuple(values)
    for value in found:
        if not isinstance(value, Media):
            raise TypeError(f"media must be a list of linkgate.Media, and holds {type(value).__name__}")
    return found
