"""Media: the digests of one file of a message, as the platform computed them where it has the bytes.

>>> Media(id="att1", md5="D41D8CD98F00B204E9800998ECF8427E")
Media(id='att1')
>>> Media(id="att1", sha256="d41d8cd98f00b204e9800998ecf8427e")
Traceback (most recent call last):
TypeError: sha256 must be 64 hexadecimal digits
>>> Media(id="att1")
Traceback (most recent call last):
TypeError: media has no digest: give sha256, sha1, md5, pdq, vpdq or photodna
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from linkgate.core.digests.digest import LEAST_QUALITY, SIZES, DigestType, octets_of
from linkgate.core.digests.near_values import PDQ_BYTES

_HIGHEST = 100

NearWith = Callable[[bytes, bytes | memoryview], Iterable[tuple[int, int]]]
"""Compares a PhotoDNA value with all listed ones, which stand behind each other, 144 bytes each: of those that are near
the place, from 0, and the distance, 0 for the same."""


class Media(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One file: an id of the caller's, by which a match names it, and at least one digest.

    sha256, sha1, md5, pdq, photodna: hexadecimal digits of either case, or base64 with its `=`. vpdq: the frames of a
    video, each `HEX,QUALITY,SECONDS`, as a list or as the JSON text of one; it keeps the values. near_with:
    what compares the PhotoDNA value, of who has a licence for that; no value without it. pdq_quality: from 0 to 100, as
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
    vpdq: str | list[str] | None = None
    photodna: str | None = None
    near_with: Any = None

    def __post_init__(self) -> None:
        if not isinstance(self.id, str):
            raise TypeError(f"id must be str, not {type(self.id).__name__}")
        given = [kind for kind in DigestType if getattr(self, kind) is not None]
        for kind in given:
            force_setattr(self, kind, _hexadecimal(kind, getattr(self, kind)))
        if not given:
            *names, last = DigestType
            raise TypeError(f"media has no digest: give {', '.join(names)} or {last}")
        _require_quality(self.pdq_quality)
        if (self.photodna is not None or self.near_with is not None) and not callable(self.near_with):
            raise TypeError("photodna is compared by near_with, a function of yours: give both")

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
    if kind is DigestType.VPDQ:
        return _frames(value)
    if not isinstance(value, str):
        raise TypeError(f"{kind.value} must be str, not {type(value).__name__}: give hexdigest()")
    octets = octets_of(kind, value)
    if octets is None:
        raise TypeError(f"{kind.value} must be {2 * SIZES[kind]} hexadecimal digits")
    return octets.hex()


def _frames(value: object) -> str:
    """The frames of a video that tell something, as the JSON text of a list that is read as this one."""
    try:
        octets = octets_of(DigestType.VPDQ, value if isinstance(value, str) else msgspec.json.encode(value).decode())
    except (TypeError, ValueError):
        octets = None
    if octets is None:
        raise TypeError("vpdq must be a list of frames: hexadecimal digits, quality, seconds, with commas between them")
    return msgspec.json.encode([octets[at : at + PDQ_BYTES].hex() for at in range(0, len(octets), PDQ_BYTES)]).decode()


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
