"""The guard of digests: holds back those that would flag strangers' files, and those that tell no file at all.

>>> from linkgate.core.digests.digest import read_digest
>>> guard = DigestGuard()
>>> empty = read_digest(DigestType.MD5, "d41d8cd98f00b204e9800998ecf8427e")
>>> flat, busy = Digest(DigestType.PDQ, bytes(31) + bytes([255])), Digest(DigestType.PDQ, bytes(range(16)) * 2)
>>> guard.objection(empty), guard.objection(flat), guard.objection(busy), guard.objection(busy, quality=40)
('the empty file', 'a flat picture', None, 'quality under 50')
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from linkgate.core.digests.digest import LEAST_QUALITY, Digest, DigestType
from linkgate.core.digests.video_frames import each_frame

if TYPE_CHECKING:
    from collections.abc import Collection

_HASHES = {DigestType.SHA256: hashlib.sha256, DigestType.SHA1: hashlib.sha1, DigestType.MD5: hashlib.md5}
_EMPTY = frozenset(Digest(kind, new(b"", usedforsecurity=False).digest()) for kind, new in _HASHES.items())
_FILLED = (b"\x00", b"\xff")
"""What publishers write where they have no digest: all bits alike."""
_FEWEST, _MOST = 32, 224
"""Bits that are set in the PDQ value of a picture with anything on it: nearly half of them, as PDQ is made."""


class DigestGuard:
    """The judgement over digests. well_known: those of files that everybody has, which the operator's list names."""

    def __init__(self, well_known: Collection[Digest] = ()) -> None:
        self._well_known = frozenset(well_known)

    def objection(self, digest: Digest, *, quality: float | None = None) -> str | None:
        """The reason to hold a digest back, a short stable phrase; None lets it pass."""
        if digest in _EMPTY:
            return "the empty file"
        if digest in self._well_known:
            return "a well-known file"
        if digest.type is DigestType.PDQ:
            return _of_picture(digest.octets, quality)
        if digest.type is DigestType.VPDQ:
            return _of_video(digest.octets)
        return "a placeholder" if digest.octets in {byte * len(digest.octets) for byte in _FILLED} else None


def _of_video(octets: bytes) -> str | None:
    """As of a picture, where one of its frames is flat, or none tells anything."""
    if not octets:
        return f"quality under {LEAST_QUALITY}"
    return next((reason for frame in each_frame(octets) if (reason := _of_picture(frame, None))), None)


def _of_picture(octets: bytes, quality: float | None) -> str | None:
    if quality is not None and quality < LEAST_QUALITY:
        return f"quality under {LEAST_QUALITY}"
    ones = int.from_bytes(octets).bit_count()
    return None if _FEWEST <= ones <= _MOST else "a flat picture"
