r"""A Bluesky repository as a server hands it out: a CAR file of version 1, in which each block is a record.

A record's name stands in the tree, whose blocks may come behind it: so records wait in a temporary file, while
names are gathered in memory (some 200 bytes each). Blocks are DAG-CBOR, which libipld reads.

Source: CARv1 specification (ipld.io), AT Protocol repository specification, version 3 (atproto.com).

>>> import io
>>> from linkgate.fronts.inputs.streams import ByteSource
>>> block = bytes([1, 0x71, 0x12, 32]) + bytes(32) + b'\xa2dtextbhie$typeat'
>>> head = b"\x11\xa2eroots\x80gversion\x01"
>>> cut, = cut_repository(ByteSource(io.BytesIO(head + bytes([len(block)]) + block)))
>>> cut.content[0].content
b'{"path":null,"record":{"text":"hi","$type":"t"}}'
"""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import msgspec

from linkgate.extras import installing
from linkgate.fronts.inputs.broken_input import BrokenInput
from linkgate.fronts.inputs.chunks import BLOCK, LIMIT, BadRecord, Cut, Fields, Items, size
from linkgate.fronts.inputs.gathered_items import GatheredItems
from linkgate.fronts.inputs.guessing import seen_in
from linkgate.fronts.inputs.record_lists import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkgate.fronts.inputs.chunks import Paths
    from linkgate.fronts.inputs.streams import ByteSource

HEAD: Final = re.compile(rb".{1,2}\xa2(?:eroots|gversion)", re.DOTALL)
"""What a CAR file of version 1 begins with: the length of its header, a map of roots and version."""
SECOND: Final = b"\x0a\xa1gversion\x02"
"""What one of version 2 begins with."""
_UNSOUND = "not a sound .car file; what stood before was read; download it again"
_BUFFER = 1 << 20
_SAMPLE = 200
_VARINT = 10
_PREFIXES = 4
"""Numbers before the digest of a CID: version, codec, hash function, length."""


@dataclass(slots=True)
class _Repository:
    """What is known of a repository when all of it was passed once."""

    did: str | None = None
    names: dict[bytes, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    samples: list[list[Any]] = field(default_factory=list)

    def paths(self) -> list[Paths]:
        """Where the parts of the records of each type stand, in the order in which the types were met."""
        kinds = [plan_of(seen_in(rows), Fields()) for rows in self.samples]
        return [replace(paths, id=("path",), id_else=()) for paths in kinds]

    def note(self, cid: bytes, block: dict[str, Any]) -> bytes:
        """Take what a block says of the repository, and give what waits: its type's number, its CID, its content."""
        if isinstance(block.get("e"), list):
            self.names |= _names(block["e"])
            return b""
        if "$type" not in block:
            self.did = block.get("did", self.did)
            return b""
        number = self.numbers.setdefault(str(block["$type"]), len(self.samples))
        if number == len(self.samples):
            self.samples.append([])
        if len(self.samples[number]) < _SAMPLE:
            self.samples[number].append({"record": block})
        return b"%d %s %s\n" % (number, cid.hex().encode(), msgspec.json.encode(block))

    def item(self, cid: bytes, content: bytes) -> bytes:
        """A record with its name, as JSON."""
        return b'{"path":%s,"record":%s}' % (msgspec.json.encode(self.names.get(cid)), content)


def _names(entries: list[Any]) -> dict[bytes, str]:
    """The names of records in a node of the tree, each of which says how much of the one before it begins with."""
    found: dict[bytes, str] = {}
    name = b""
    for entry in entries:
        name = name[: entry["p"]] + entry["k"]
        found[entry["v"]] = name.decode("utf-8", "replace")
    return found


class _Raw(io.RawIOBase):
    """A ByteSource as a raw stream, for Python's buffer."""

    def __init__(self, source: ByteSource) -> None:
        super().__init__()
        self.readinto = source.readinto  # type: ignore[assignment]

    def readable(self) -> bool:
        return True


def cut_repository(source: ByteSource, *, block: int = BLOCK, limit: int = LIMIT) -> Iterator[Cut]:
    """Cut the records out of a repository, as JSON; a place is a record's number. BrokenInput where it breaks off."""
    try:
        decode = import_module("libipld").decode_dag_cbor
    except ModuleNotFoundError:
        raise BrokenInput(f"a Bluesky repository (.car) needs libipld; run: {installing('archive')}") from None
    repository, gathered, place = _Repository(), GatheredItems(), 0
    with tempfile.TemporaryFile() as spool:  # it ends with the process, however that ends
        broken = _spool(source, spool, repository, decode, limit)
        kinds = repository.paths()
        for place, line in enumerate(spool, 1):
            if line.startswith(b"-"):
                yield from gathered.flush()
                yield Cut(BadRecord(place, line[1:-1].decode()), 1)
                continue
            number, cid, content = line.rstrip(b"\n").split(b" ", 2)
            items = Items(repository.did and f"at://{repository.did}", b"", "bluesky", kinds[int(number)])
            gathered.add(items, repository.item(bytes.fromhex(cid.decode()), content))
            if gathered.size >= block:
                yield from gathered.flush()
        yield from gathered.flush()
    if broken:
        raise broken


def _spool(source: ByteSource, spool: Any, repository: _Repository, decode: Any, limit: int) -> BrokenInput | None:
    """Pass over a repository once; what is bad is written in its place. Gives what it broke off with."""
    try:
        for cid, content in _blocks(io.BufferedReader(_Raw(source), _BUFFER), limit):
            if content is None:
                spool.write(b"-longer than %s\n" % size(limit).encode())
                continue
            try:
                found = decode(content)
                spool.write(repository.note(cid, found) if isinstance(found, dict) else b"")
            except (ValueError, TypeError, KeyError, RecursionError):
                spool.write(b"-not a sound block of DAG-CBOR\n")
    except BrokenInput as error:
        return error
    finally:
        spool.seek(0)
    return None


def _blocks(stream: io.BufferedReader, limit: int) -> Iterator[tuple[bytes, bytes | None]]:
    """The blocks behind the header, each with its CID; None for one above the limit."""
    _exactly(stream, _varint(stream) or 0)
    while (length := _varint(stream)) is not None:
        if length > limit:
            for start in range(0, length, limit):
                _exactly(stream, min(limit, length - start))
            yield b"", None
            continue
        section = _exactly(stream, length)
        end = _cid_end(section)
        yield section[:end], section[end:]


def _cid_end(section: bytes) -> int:
    """How long the CID at the beginning of a section is."""
    if section.startswith(b"\x12\x20"):  # version 0: a bare SHA-256
        return 2 + 32
    stream = io.BytesIO(section)
    digest = [_varint(stream) for _ in range(_PREFIXES)][-1]
    return stream.tell() + (digest or 0)


def _varint(stream: io.BufferedReader | io.BytesIO) -> int | None:
    """A number of seven bits a byte, the lowest first; None at the end."""
    number = 0
    for at in range(_VARINT):
        byte = stream.read(1)
        if not byte and not at:
            return None
        if not byte:
            break
        number |= (byte[0] & 0x7F) << 7 * at
        if byte[0] < 0x80:  # noqa: PLR2004  # the last one
            return number
    raise BrokenInput(_UNSOUND)


def _exactly(stream: io.BufferedReader, count: int) -> bytes:
    content = stream.read(count)
    if len(content) < count:
        raise BrokenInput(_UNSOUND)
    return content
