"""Engine <-> bytes: the snapshot file, checksummed, never pickled, replaced in one step.

    8   magic, `89 4C 47 53 0D 0A 1A 0A`: not text, and broken by transfers that rewrite line ends
    2   format version: 1, or 2 where there are sections of digests
    4   canonicaliser version: its keys must be the keys that this program looks up
    8   length of the body
    32  SHA-256 of the body
    body: 4 number of sections; for each 2 length of its name, the name (UTF-8), 8 offset in the
          body, 8 length; then the sections, without a gap, in the order of the table

All numbers are unsigned and little-endian. A reader trusts no number before it has seen that the
bytes are there, and copies nothing: sections are views of the file's bytes.

>>> data = pack({"hosts": b"example", "keys": b""})
>>> is_snapshot(data), {name: bytes(section) for name, section in unpack(data).items()}
(True, {'hosts': b'example', 'keys': b''})
>>> unpack(data[:-1], name="today.snapshot")
Traceback (most recent call last):
linkgate.errors.SnapshotError: today.snapshot is cut short (109 of 110 bytes): copy it again in full, \
or compile the list again with `linkgate lists compile`.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from struct import Struct
from struct import error as StructError  # noqa: N812  # the struct module's exception is no CapWord
from typing import TYPE_CHECKING

from linkgate.core.arguments import require_kind
from linkgate.core.digests.digest_index import NAMES
from linkgate.core.engine import Engine
from linkgate.core.url.canonical import VERSION as CANONICALISER
from linkgate.errors import SnapshotError
from linkgate.lists.disk import replace_file
from linkgate.lists.vault import VaultError, is_sealed, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAGIC = b"\x89LGS\r\n\x1a\n"
FORMAT = 1
"""Raised with every change of the layout or of what a section holds."""
WITH_DIGESTS = 2
"""The format of a snapshot that holds digests: a program that knows none must not read it and let files pass."""

_LABEL = "snapshot"
"""What a snapshot file that stands alone is encrypted for: it cannot stand in for a file of a store."""
_HEADER = Struct("<8sHIQ32s")
_COUNT = Struct("<I")
_NAME = Struct("<H")
_SPAN = Struct("<QQ")
AGAIN = "compile the list again with `linkgate lists compile`"


def dump(engine: Engine) -> bytes:
    """Write an engine as bytes that `loads` reads back."""
    return pack(engine.sections())


def loads(data: bytes, *, name: str = "the snapshot") -> Engine:
    """Read the engine out of a snapshot's bytes.

    In: the bytes, and the name to call them in an error. Out: the engine, with the same snapshot id
    as the one that was dumped. Raises SnapshotError, with the cure, for anything else.
    """
    sections = unpack(data, name=name)
    try:
        return Engine.from_sections(sections)
    except (ValueError, LookupError, TypeError, ArithmeticError, EOFError, StructError):
        damage = SnapshotError(f"{name} holds sections that this version cannot read: {AGAIN}.")
    raise damage  # outside the handler, so that no listed address comes along as its context (law 9)


def save(engine: Engine, path: str | os.PathLike[str], *, key: bytes | None = None) -> None:
    """Write an engine to a file that only its owner can read, replacing the old one in one step.

    `key`: 32 bytes, to encrypt it. After any failure the old file is as it was and no draft is left.
    Raises SnapshotError, and UsageError where encryption is not installed.
    """
    require_kind(engine, Engine, name="engine")
    parts: Iterable[bytes] = _parts(engine.sections())
    if key is not None:
        parts = list(seal(b"".join(parts), key, label=_LABEL))
    with _told(path, "written"):
        target = Path(os.path.realpath(path))  # a link to the file stays a link
        if target.exists() and not target.is_file():  # such as /dev/null, which a rename would replace
            raise SnapshotError(f"{path} is not a file: name a file for the snapshot.")
        replace_file(target, parts)


def load(path: str | os.PathLike[str], *, key: bytes | None = None) -> Engine:
    """Read a snapshot file, with `key` an encrypted one. Raises SnapshotError, naming the file and the cure."""
    with _told(path, "read"):
        data = _read(Path(path))
    return loads(_opened(data, key, path), name=str(path))


def _opened(data: bytes, key: bytes | None, path: str | os.PathLike[str]) -> bytes:
    if key is None:
        if is_sealed(data):
            raise SnapshotError(f"{path} is encrypted, and no key was given: set LINKGATE_KEY, or give the key.")
        return data
    if not is_sealed(data):
        raise SnapshotError(f"{path} is not encrypted, and a key was given: leave the key away, or name another file.")
    try:
        return unseal(data, key, label=_LABEL)
    except VaultError as error:
        damage = SnapshotError(f"{path} cannot be decrypted, {error}: give its key, or copy the file again.")
    raise damage


def is_snapshot(data: bytes) -> bool:
    """Whether these bytes begin as a snapshot does, encrypted or not; says nothing about the rest.

    >>> is_snapshot(b"http://example.test/"), is_snapshot(b"")
    (False, False)
    """
    return data[: len(MAGIC)] == MAGIC or is_sealed(data)


def is_encrypted(data: bytes) -> bool:
    """Whether these bytes begin as an encrypted file of linkgate does."""
    return is_sealed(data)


def pack(sections: Mapping[str, bytes]) -> bytes:
    """Named sections -> the bytes of a snapshot; equal sections in equal order, equal bytes."""
    return b"".join(_parts(sections))


def unpack(data: bytes, *, name: str = "the snapshot") -> dict[str, memoryview]:
    """Bytes of a snapshot -> its sections, as read-only views of `data`; SnapshotError if damaged."""
    _check_header(data, name)
    body = memoryview(data).toreadonly()[_HEADER.size :]
    with suppress(StructError, ValueError):
        return _sections(body)
    # The checksum is right, so this is a writer's mistake or an attack, not a bad disk.
    raise SnapshotError(f"{name} has a table of sections that makes no sense: {AGAIN}.")


def _parts(sections: Mapping[str, bytes]) -> list[bytes]:
    """Lay the file out in pieces, so that writing it copies no section."""
    table = _table(sections)
    body = [table, *sections.values()]
    checksum = sha256()
    for part in body:
        checksum.update(part)
    form = WITH_DIGESTS if NAMES in sections else FORMAT
    header = _HEADER.pack(MAGIC, form, CANONICALISER, sum(map(len, body)), checksum.digest())
    return [header, *body]


def _table(sections: Mapping[str, bytes]) -> bytes:
    names = [name.encode() for name in sections]
    offset = _COUNT.size + sum(_NAME.size + len(name) + _SPAN.size for name in names)
    table = bytearray(_COUNT.pack(len(names)))
    for name, section in zip(names, sections.values(), strict=True):
        table += _NAME.pack(len(name)) + name + _SPAN.pack(offset, len(section))
        offset += len(section)
    return bytes(table)


def _check_header(data: bytes, name: str) -> None:
    """Refuse what is no whole snapshot of this version; the cheapest question first."""
    if data[: len(MAGIC)] != MAGIC and (not data or not MAGIC.startswith(data)):
        raise SnapshotError(f"{name} is not a linkgate snapshot: name another file, or {AGAIN}.")
    if len(data) < _HEADER.size:
        raise _cut_short(name, len(data), f"at least {_HEADER.size}")
    _, version, canonicaliser, length, checksum = _HEADER.unpack_from(data)
    if version not in {FORMAT, WITH_DIGESTS}:
        raise SnapshotError(
            f"{name} has snapshot format {version}, this program reads {FORMAT} and {WITH_DIGESTS}: {AGAIN}."
        )
    if canonicaliser != CANONICALISER:
        raise SnapshotError(
            f"{name} was made with version {canonicaliser} of the canonicaliser, "
            f"this program has {CANONICALISER}: {AGAIN}."
        )
    size = _HEADER.size + length
    if len(data) < size:
        raise _cut_short(name, len(data), f"{size}")
    if len(data) > size or sha256(memoryview(data)[_HEADER.size :]).digest() != checksum:
        raise SnapshotError(f"{name} is damaged (its checksum is wrong): copy it again, or {AGAIN}.")


def _cut_short(name: str, there: int, whole: str) -> SnapshotError:
    missing = f"{name} is cut short ({there} of {whole} bytes)"
    return SnapshotError(f"{missing}: copy it again in full, or {AGAIN}.")


def _sections(body: memoryview) -> dict[str, memoryview]:
    """Follow the table. Raises struct.error or ValueError where it does not describe this body exactly."""
    spans: dict[str, tuple[int, int]] = {}
    (count,) = _COUNT.unpack_from(body)
    at = _COUNT.size
    for _ in range(count):
        (size,) = _NAME.unpack_from(body, at)
        name = str(body[at + _NAME.size : at + _NAME.size + size], "utf-8")
        at += _NAME.size + size
        offset, length = _SPAN.unpack_from(body, at)
        at += _SPAN.size
        spans[name] = offset, offset + length
    edges = [(0, at), *spans.values(), (len(body), len(body))]
    if len(spans) != count or any(before[1] != after[0] for before, after in pairwise(edges)):
        raise ValueError
    return {name: body[start:end] for name, (start, end) in spans.items()}


def _read(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):  # before opening: a pipe without a writer would hang
        kind = "a folder" if path.is_dir() else "not a file"
        raise SnapshotError(f"{path} is {kind}: name the snapshot file itself.")
    with path.open("rb", buffering=0) as file:
        start = file.read(len(MAGIC))
        if not is_snapshot(start):
            _check_header(start, str(path))  # a big foreign file is refused unread
        file.seek(0)
        return file.readall()


@contextmanager
def _told(path: str | os.PathLike[str], verb: str) -> Iterator[None]:
    """Turn an OSError into one sentence that names the file as the caller wrote it."""
    try:
        yield
    except FileNotFoundError:
        missing = "it does not exist" if verb == "read" else "its folder does not exist"
        raise SnapshotError(f"{path} cannot be {verb}: {missing}, check the path.") from None
    except PermissionError:
        raise SnapshotError(f"{path} cannot be {verb}: no permission, check its owner and mode.") from None
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "no such path"
        raise SnapshotError(f"{path} cannot be {verb}: {reason}; check the disk and the path.") from None
