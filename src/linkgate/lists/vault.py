"""Encryption at rest: AES-256-GCM in chunks, a key of its own for every file.

    8   magic, `89 4C 47 56 0D 0A 1A 0A`
    8   check of the key: another one is told from damage before anything is decrypted
    16  salt: the file's own key is BLAKE2b(salt, keyed with the store's key)
    then chunks of at most 4 MiB, each with its tag of 16 bytes; the nonce of a chunk is its number,
    and the last one has a mark, so that a file cannot be cut, and chunks cannot change places

A file is bound to its purpose (`label`), so one file of a store cannot stand in for another.
Chunks are small so that no call holds up other threads for long. The library is cryptography.

What it does not do: the manifest is plain, and so are the sizes and dates of files. Who can write to
the folder cannot forge a file, but can put back older ones, manifest and all. Files that were sealed
with one key in two stores differ in nothing that is checked: give each store a key of its own.

>>> key = parse_key("00" * 32)
>>> sealed = b"".join(seal(b"the list", key, label="raw"))
>>> is_sealed(sealed), b"the list" in sealed, unseal(sealed, key, label="raw")
(True, False, b'the list')
>>> unseal(sealed, parse_key("11" * 32), label="raw")
Traceback (most recent call last):
linkgate.lists.vault.WrongKeyError: the key is another one than it was encrypted with
"""

from __future__ import annotations

import base64
import binascii
import os
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING

from linkgate.errors import UsageError, installing
from linkgate.lists.disk import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"\x89LGV\r\n\x1a\n"
KEY_BYTES = 32
_CHECK = 8
_SALT = 16
_TAG = 16
_CHUNK = 4 * 2**20
_HEADER = len(MAGIC) + _CHECK + _SALT
_NONCE = Struct(">QI")
_KEY = "32 bytes as 64 hexadecimal digits or as base64, such as `openssl rand -hex 32` gives"


class VaultError(Exception):
    """A sealed file cannot be opened; the text says why, and neither its name nor content."""


class WrongKeyError(VaultError):
    """It was sealed with another key."""


def seal(data: bytes, key: bytes, *, label: str) -> Iterator[bytes]:
    """Encrypt bytes for a purpose: the parts of the sealed file, in order."""
    salt = os.urandom(_SALT)
    cipher = _cipher(key, salt)
    yield MAGIC + key_check(key) + salt
    for start, number, last in _chunks(len(data), _CHUNK):
        yield cipher.encrypt(_NONCE.pack(number, last), data[start : start + _CHUNK], label.encode())


def unseal(sealed: bytes, key: bytes, *, label: str) -> bytes:
    """Decrypt. Raises WrongKeyError for another key, VaultError for what is damaged, cut or no sealed file."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  # an extra, loaded where it is used

    if not is_sealed(sealed) or len(sealed) < _HEADER:
        raise VaultError("it is not encrypted, or it is cut short")
    if sealed[len(MAGIC) : len(MAGIC) + _CHECK] != key_check(key):
        raise WrongKeyError("the key is another one than it was encrypted with")
    body = memoryview(sealed)[_HEADER:]
    cipher = _cipher(key, sealed[_HEADER - _SALT : _HEADER])
    step = _CHUNK + _TAG
    try:
        return b"".join(
            cipher.decrypt(_NONCE.pack(number, last), bytes(body[start : start + step]), label.encode())
            for start, number, last in _chunks(len(body), step)
        )
    except (InvalidTag, ValueError):
        damage = VaultError("it is damaged")
    raise damage


def is_sealed(data: bytes) -> bool:
    """Whether these bytes begin as a sealed file does."""
    return data[: len(MAGIC)] == MAGIC


def key_check(key: bytes) -> bytes:
    """What tells a key from another one, and nothing about it."""
    return blake2b(b"check", key=key, digest_size=_CHECK, person=b"linkgate vault").digest()


def parse_key(text: str) -> bytes:
    r"""Read a key: 32 bytes in hexadecimal or base64. UsageError, without the text, for anything else.

    >>> parse_key(base64.b64encode(bytes(32)).decode() + "\n") == bytes(32)
    True
    """
    text = text.strip()
    for read in (bytes.fromhex, _from_base64):
        try:
            key = read(text)
        except (ValueError, binascii.Error):
            continue
        if len(key) == KEY_BYTES:
            return key
    raise UsageError(f"the key of the store is no key: it must be {_KEY}")


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_", "+/")), validate=True)


def store_key(*, env: str | None = None, file: str | os.PathLike[str] | None = None) -> bytes | None:
    """Read the key of a store from an environment variable or a file; None where neither is named.

    Raises UsageError, which names the variable or the file, and never what stands in it.
    """
    if env is not None:
        if not os.environ.get(env):
            raise UsageError(f"the key of the store: the environment variable {env} is not set; set it to {_KEY}")
        return parse_key(os.environ[env])
    if file is None:
        return None
    try:
        text = Path(file).read_text("ascii", errors="replace")
    except OSError as error:
        raise UsageError(f"the key of the store cannot be read from {file}: {reason(error)}") from None
    return parse_key(text)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  # as above
    except ImportError:
        raise UsageError(f"encryption needs the library cryptography: {installing('encryption')}") from None
    return AESGCM(blake2b(salt, key=key, digest_size=KEY_BYTES, person=b"linkgate vault").digest())


def _chunks(size: int, step: int) -> Iterator[tuple[int, int, int]]:
    """Start, number and last-mark of every chunk; an empty file has one."""
    starts = range(0, max(size, 1), step)
    for number, start in enumerate(starts):
        yield start, number, int(number == len(starts) - 1)
