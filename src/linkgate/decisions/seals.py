r"""Seals: for each file of a day that is over, a signed line that says what the file held.

    decisions/seals.jsonl          one line a file: its lines, Merkle root, each writer's last number and hash,
                                   the hash of the seal before, an Ed25519 signature of the line up to it
    decisions/2026-01-31.leaves    16 bytes a line of 2026-01-31.jsonl: names a changed line, and proves nothing
    decisions/purges.jsonl         which days a purge removed, signed where the key is at hand

>>> import tempfile; from pathlib import Path
>>> moment = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
>>> with tempfile.TemporaryDirectory() as name:
...     _ = Path(name, "2026-01-31.jsonl").write_bytes(b"{}\n")
...     made = seal_decisions(Path(name), bytes(32), now=moment)
...     again = seal_decisions(Path(name), bytes(32), now=moment)
...     (seal,), faults = read_seals(Path(name), public=public_key(bytes(32)))
>>> seal.file, seal.lines, made == (seal,), again, faults
('2026-01-31.jsonl', 1, True, (), ())
"""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from linkgate.decisions.alarms import exclusive_lock
from linkgate.decisions.chain import read_link
from linkgate.decisions.log import day_of, files, lines_of
from linkgate.decisions.merkle import MerkleTree, leaf
from linkgate.errors import UsageError, installing
from linkgate.lists.disk import reason, replace_file
from linkgate.lists.manifest import stamp
from linkgate.lists.vault import parse_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE, PURGES = "seals.jsonl", "purges.jsonl"
_GRACE = dt.timedelta(minutes=10)
"""A day is over when no thread that was stopped before midnight can still write into its file."""
_SIGNATURE = b',"signature":"'
_KEY = "32 bytes as 64 hexadecimal digits or as base64, such as `openssl rand -hex 32` gives"


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """What one file held. writers: the last number and hash of each. key: the first bytes of the public key."""

    file: str
    lines: int
    root: str
    writers: dict[str, tuple[int, str]]
    at: str
    previous: str
    key: str
    signature: str

    @property
    def day(self) -> str:
        """The day of the file."""
        return self.file[:10]


class PurgeNote(msgspec.Struct, frozen=True, kw_only=True):
    """A purge removed files of the days before a day. signature: None where the key was not at hand."""

    before: str
    files: int
    at: str
    signature: str | None = None


def seal_key(env: str) -> bytes:
    """Read the private key from an environment variable. UsageError, which names the variable alone."""
    if not os.environ.get(env):
        raise UsageError(f"the key of the seals: the environment variable {env} is not set; set it to {_KEY}")
    with suppress(UsageError):
        return parse_key(os.environ[env])
    raise UsageError(f"the environment variable {env} holds no key of seals: it must be {_KEY}")


def public_key(key: bytes) -> bytes:
    """The public key to a private one."""
    return _private(key).public_key().public_bytes_raw()


def read_public_key(text: str) -> bytes:
    """Read a public key as people paste it. UsageError."""
    with suppress(UsageError):
        return parse_key(text)
    raise UsageError(f"this is no public key: `linkgate decisions seal` tells it, {_KEY.partition(',')[0]}")


def seal_decisions(folder: Path, key: bytes, *, now: dt.datetime) -> tuple[Seal, ...]:
    """Seal the files of days that are over and have no seal yet. UsageError where they cannot be read or written."""
    over = (now.astimezone(dt.UTC) - _GRACE).date().isoformat()
    try:
        with exclusive_lock(folder / f"{FILE}.lock"):
            sealed, _ = read_seals(folder)
            known = {seal.file for seal in sealed}
            waiting = [path for path in files(folder) if day_of(path) < over and path.name not in known]
            previous = last_seal(folder)
            made = []
            for path in waiting:
                line, leaves = _sealed(path, key, previous=previous, at=stamp(now))
                _append(folder / FILE, line)
                replace_file(leaves_of(path), [leaves])  # behind the seal: leaves without one say that it was removed
                previous = sha256(line).hexdigest()
                made.append(msgspec.json.decode(line, type=Seal))
    except OSError as error:
        raise UsageError(f"{folder}: the decisions cannot be sealed: {reason(error)}") from None
    return tuple(made)


def _sealed(path: Path, key: bytes, *, previous: str, at: str) -> tuple[bytes, bytes]:
    """The seal of a file as a line, and its leaves."""
    tree, leaves = MerkleTree(), bytearray()
    writers: dict[str, tuple[int, str]] = {}
    for line in lines_of(path):
        text = line.rstrip(b"\n")
        hashed = leaf(text)
        tree.add(hashed)
        leaves += hashed
        if link := read_link(text):
            writers[link.writer] = link.number, link.digest.hex()
    row = {"file": path.name, "lines": tree.size, "root": tree.root().hex(), "writers": writers}
    row |= {"at": at, "previous": previous, "key": public_key(key).hex()[:16]}
    return signed(row, key), bytes(leaves)


def signed(row: dict[str, object], key: bytes) -> bytes:
    """A JSON object with a signature of itself as its last field."""
    body = msgspec.json.encode(row)[:-1]
    return body + _SIGNATURE + _private(key).sign(body).hex().encode() + b'"}'


def is_signed(line: bytes, public: bytes) -> bool:
    """Whether a line's signature is that of a public key."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # an extra, loaded where it is used

    body, _, rest = line.rpartition(_SIGNATURE)
    try:
        _ed25519().Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(rest[:-2].decode()), body)
    except (InvalidSignature, ValueError):
        return False
    return True


def leaves_of(path: Path) -> Path:
    """Where the leaves of a file are."""
    return path.with_suffix(".leaves")


def read_seals(folder: Path, *, public: bytes | None = None) -> tuple[tuple[Seal, ...], tuple[tuple[int, str], ...]]:
    """All seals in order, and what is wrong with them: number of the line, and a sentence. OSError.

    The half line of a killed process is passed over. Signatures are checked where `public` is given.
    """
    found, faults, previous = [], [], ""
    for number, line in _numbered(folder / FILE):
        try:
            seal = msgspec.json.decode(line, type=Seal)
        except msgspec.DecodeError:
            if line.endswith(b"}"):
                faults.append((number, "the seal was edited: it cannot be read"))
            continue
        if seal.previous != previous:
            faults.append((number, "a seal before it was edited, removed, inserted or reordered"))
        if public is not None and not is_signed(line, public):
            faults.append((number, "the seal was edited, or signed with another key"))
        found.append(seal)
        previous = sha256(line).hexdigest()
    return tuple(found), tuple(faults)


def read_purges(folder: Path, *, public: bytes | None = None) -> tuple[PurgeNote, ...]:
    """The notes of purges; those that are signed, where `public` is given. OSError."""
    found = []
    for _, line in _numbered(folder / PURGES):
        try:
            note = msgspec.json.decode(line, type=PurgeNote)
        except msgspec.DecodeError:
            continue
        if public is None or (note.signature and is_signed(line, public)):
            found.append(note)
    return tuple(found)


def note_purge(folder: Path, *, before: str, files: int, key: bytes | None) -> None:
    """Write down that a purge removed files. OSError."""
    row: dict[str, object] = {"before": before, "files": files, "at": stamp(dt.datetime.now(dt.UTC))}
    _append(folder / PURGES, signed(row, key) if key else msgspec.json.encode(row))


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines_of(path), 1):
        if text := line.strip():
            yield number, text


def last_seal(folder: Path) -> str:
    """The hash of the last seal that can be read; keep it where nobody who may write to the folder can. OSError."""
    previous = ""
    for _, line in _numbered(folder / FILE):
        try:
            msgspec.json.decode(line, type=Seal)
        except msgspec.DecodeError:
            continue
        previous = sha256(line).hexdigest()
    return previous


def _append(path: Path, line: bytes) -> None:
    """Append a line and bring it to the disk; what a killed process left half gets an end of line."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        torn = size and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (b"\n" if torn else b"") + line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def _private(key: bytes) -> Ed25519PrivateKey:
    made: Ed25519PrivateKey = _ed25519().Ed25519PrivateKey.from_private_bytes(key)
    return made


def _ed25519() -> ModuleType:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415  # an extra, loaded where it is used
    except ImportError:
        raise UsageError(f"seals need the library cryptography: {installing('encryption')}") from None
    return ed25519
