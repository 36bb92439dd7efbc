r"""Digest: what stands for a file. MD5, SHA-1 and SHA-256 tell one file; PDQ tells how a picture looks, vPDQ a video.

A digest of a list is as secret as a listed address: `repr`, `asdict` and pickles leave it out (law 9). A digest is
written in hexadecimal digits of either case, or in base64, with its `=` at the end; its type is always said:
64 hexadecimal digits are a SHA-256 or a PDQ value, and never guessed.

>>> digest = read_digest(DigestType.MD5, " D41D8CD98F00B204E9800998ECF8427E\n")
>>> digest, digest == read_digest(DigestType.MD5, "1B2M2Y8AsgTpgAmY7PhCfg==")
(Digest(type='md5'), True)
>>> read_digest(DigestType.SHA256, "d41d8cd98f00b204e9800998ecf8427e") is None
True
>>> type_named("HASH_SHA256"), type_named("SHA-1"), type_named("VIDEO_MD5"), type_named("sha512")
(<DigestType.SHA256: 'sha256'>, <DigestType.SHA1: 'sha1'>, <DigestType.MD5: 'md5'>, None)
"""

from __future__ import annotations

import binascii
from enum import StrEnum

import msgspec


class DigestType(StrEnum):
    """How a digest was computed; what says more of a file stands first."""

    SHA256 = "sha256"  # FIPS 180-4
    SHA1 = "sha1"  # FIPS 180-4
    MD5 = "md5"  # RFC 1321
    PDQ = "pdq"  # 256 bits of how a picture looks, two pictures alike where few bits differ
    VPDQ = "vpdq"  # the PDQ values of a video's frames
    PHOTODNA = "photodna"  # 144 bytes of how a picture looks; how to compare them, who has a licence knows


SIZES = {
    DigestType.SHA256: 32,
    DigestType.SHA1: 20,
    DigestType.MD5: 16,
    DigestType.PDQ: 32,
    DigestType.PHOTODNA: 144,
}
"""Bytes of a digest, where all of its type have as many."""
EXACT_TYPES = (DigestType.SHA256, DigestType.SHA1, DigestType.MD5)
"""Those that tell one file: they are looked up, the others compared."""
STRENGTH = {kind: place for place, kind in enumerate(reversed(DigestType))}
"""What says more of a file has the larger number."""
LEAST_QUALITY = 50
"""PDQ's own measure of a picture, from 0 to 100: below this, its value tells nothing (PDQ reference implementation)."""

_BEFORE, _BETWEEN = ("hash_", "filehash-", "image", "video", "photo"), str.maketrans("", "", "-_ .")
_NAMES = {kind.value: kind for kind in DigestType}


class Digest(msgspec.Struct, frozen=True, gc=False):
    """The digest of one file: its type, and its bytes, which never show."""

    type: DigestType
    octets: bytes

    def __repr__(self) -> str:
        return f"Digest(type={self.type.value!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return Digest, (self.type, b"")


def read_digest(kind: DigestType, text: str) -> Digest | None:
    """The digest that a text writes, white space around it or not; None where it is none of this type."""
    octets = octets_of(kind, text)
    return None if octets is None else Digest(kind, octets)


def octets_of(kind: DigestType, text: str) -> bytes | None:
    """The bytes of a digest; None where the text is none of this type."""
    text = text.strip()
    if kind is DigestType.VPDQ:
        from linkgate.core.digests.video_frames import frames_of  # noqa: PLC0415  # few lists hold videos

        return frames_of(text)
    size = SIZES[kind]
    if not text.isascii():
        return None
    try:
        if len(text) == 2 * size:
            return binascii.unhexlify(text)
        octets = binascii.a2b_base64(text, strict_mode=True) if len(text) == -(-size // 3) * 4 else b""
    except binascii.Error:
        return None
    return octets if len(octets) == size else None


def type_named(word: str) -> DigestType | None:
    """The type that a publisher's word names; None for any other word."""
    name = word.strip().lower()
    if name not in _NAMES:  # as `photodna` is, whose beginning is no word of its own
        for before in _BEFORE:
            name = name.removeprefix(before)
        name = name.translate(_BETWEEN)
    return _NAMES.get(name)
