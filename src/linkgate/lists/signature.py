"""A publisher's Ed25519 signature (RFC 8032) over the file of a list: bare, or as minisign writes it.

A bare public key is 32 bytes in hexadecimal or base64, and its signature file 64 bytes, as they are
or in hexadecimal or base64. A key of minisign is one word of base64 that begins with `RW`, and its
signature file has a comment line and a line of base64; the other two lines of it are not read.

A signature says whose file it is, not how old: an old file was signed, too. `max_shrink` and the
store's history are for that.

>>> parse_public_key("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").number
>>> parse_public_key("d75a")
Traceback (most recent call last):
linkgate.lists.signature.KeyFormatError: must be 32 bytes in hexadecimal or base64, or a key of minisign, RW…
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import blake2b

from linkgate.errors import ListError, UsageError, installing

_KEY, _SIGNATURE, _NUMBER = 32, 64, 8
_LEGACY, _HASHED = b"Ed", b"ED"  # minisign: of the file, of its BLAKE2b-512
_COMMENT = b"untrusted comment:"
_WRONG = "its signature is not the publisher's; the file was changed on its way, or signed with another key"


class KeyFormatError(ValueError):
    """A text is no public key; it says what would be one, and not what was there."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A publisher's public key; `number` is the one that minisign gives to it."""

    raw: bytes
    number: bytes | None = None

    def check(self, data: bytes, signature: bytes) -> None:
        """Raise ListError unless `signature`, the content of a signature file, is this key's over `data`."""
        try:
            from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # an extra, loaded where it is used
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  # as above
        except ImportError:
            raise UsageError(f"signatures need the library cryptography: {installing('encryption')}") from None
        found = self._minisign(signature) if self.number is not None else (_LEGACY, _decoded(signature, _SIGNATURE))
        if found is None or found[1] is None:
            raise ListError("its signature file holds no signature; check signature_url and public_key.")
        signed = blake2b(data).digest() if found[0] == _HASHED else data
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(found[1], signed)
        except (InvalidSignature, ValueError):
            right = False
        else:
            right = True
        if not right:
            raise ListError(f"{_WRONG}; ask the publisher.")

    def _minisign(self, text: bytes) -> tuple[bytes, bytes] | None:
        lines = text.splitlines()
        if len(lines) < 2 or not lines[0].startswith(_COMMENT):  # noqa: PLR2004  # the comment and the signature
            return None
        packed = _decoded(lines[1], len(_LEGACY) + _NUMBER + _SIGNATURE)
        if packed is None or packed[:2] not in {_LEGACY, _HASHED}:
            return None
        if packed[2 : 2 + _NUMBER] != self.number:
            raise ListError("its signature was made with another key than public_key; ask the publisher.")
        return packed[:2], packed[2 + _NUMBER :]


def parse_public_key(text: str) -> PublicKey:
    """Read a public key; KeyFormatError."""
    word = text.strip().encode("ascii", "replace")
    packed = _decoded(word, len(_LEGACY) + _NUMBER + _KEY)
    if packed is not None and packed.startswith(_LEGACY):
        return PublicKey(packed[2 + _NUMBER :], packed[2 : 2 + _NUMBER])
    raw = _decoded(word, _KEY)
    if raw is None:
        raise KeyFormatError("must be 32 bytes in hexadecimal or base64, or a key of minisign, RW…")
    return PublicKey(raw)


def _decoded(data: bytes, size: int) -> bytes | None:
    """Exactly so many bytes, as they are, in hexadecimal or in base64."""
    if len(data) == size and size == _SIGNATURE:
        return data
    word = b"".join(data.split())  # openssl breaks base64 into lines
    for read in (binascii.unhexlify, lambda text: base64.b64decode(text, validate=True)):
        try:
            found = read(word)
        except ValueError:
            continue
        if len(found) == size:
            return found
    return None
