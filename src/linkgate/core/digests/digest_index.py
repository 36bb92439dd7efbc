"""digest index: digest -> entries. Exact digests stand in sorted tables, others are compared with all of their type.

>>> from linkgate.core.digests.digest import read_digest
>>> from linkgate.core.digests.digest_records import file_entry
>>> from linkgate.core.digests.media import Media
>>> empty = "d41d8cd98f00b204e9800998ecf8427e"
>>> building = DigestIndexBuilder()
>>> building.add(file_entry(id="demo:1", list="demo", digest=read_digest(DigestType.MD5, empty)))
>>> index = DigestIndex.from_sections(building.build().sections())
>>> [(meeting.entry.id, meeting.kind.value, meeting.type.value) for meeting in index.meet(Media(id="att1", md5=empty))]
[('demo:1', 'exact', 'md5')]
>>> list(index.meet(Media(id="att1", md5=empty.replace("d", "e"))))
[]
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from linkgate.core.digests.digest import EXACT_TYPES, Digest, DigestType, octets_of
from linkgate.core.digests.digest_records import KEY_BYTES, TYPES, DigestRecord, entry_of_digest, record_of_digest
from linkgate.core.digests.digest_table import DigestTable
from linkgate.core.digests.near_values import DISTANCE, PDQ_BYTES, NearValues
from linkgate.core.index.arrays import from_big, from_little, little
from linkgate.core.verdict import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from linkgate.core.digests.media import Media, NearWith
    from linkgate.core.index.entry import Entry

    Near = Mapping[str, list[tuple[int, int]]]

_EXACT = ("digest-keys", "digest-offsets", "digest-blob")
_COMPARED = tuple(kind for kind in DigestType if kind not in EXACT_TYPES)
NAMES = "digest-names"
MOST_MET = 100
"""So many entries are told of one picture at most, the nearest first."""
_KEY_DIGITS = 2 * KEY_BYTES
_FEW_BITS = 4
"""Where the keys of each beginning stand is remembered, so long a one that some 2 ** 4 are left: they are spread."""
_BY_TYPE = tuple((kind, place) for place, kind in enumerate(TYPES) if kind in EXACT_TYPES)

_Names = tuple[tuple[str, ...], dict[str, int]]


class DigestMeeting(NamedTuple):
    """An entry that a file meets, how surely, by which type of digest, and how far it is where digests are compared."""

    entry: Entry
    kind: Kind
    type: DigestType
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class DigestIndex:
    """The digests of all lists. Its tables hold them: never in `repr`, never logged (law 9).

    keys: the first eight bytes of each exact digest, sorted; offsets and blob: their records. tables: those
    that are compared, by type. distances: in how many bits a picture may differ, by list, where it says it.
    """

    keys: array[int] = field(repr=False)
    offsets: array[int] = field(repr=False)
    blob: bytes | memoryview = field(repr=False)
    tables: Mapping[DigestType, DigestTable] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    distances: Mapping[str, int] = field(repr=False)
    values: NearValues = field(init=False, repr=False, compare=False)
    """The PDQ values."""
    _frames: NearValues = field(init=False, repr=False, compare=False)
    _heads: list[int] = field(init=False, repr=False, compare=False)
    _shift: int = field(init=False, repr=False, compare=False)
    _decoder: msgspec.msgpack.Decoder[DigestRecord] = field(
        init=False, repr=False, compare=False, default_factory=lambda: msgspec.msgpack.Decoder(DigestRecord)
    )

    def __post_init__(self) -> None:
        bits = max(len(self.keys).bit_length() - _FEW_BITS, 0)
        shift = 8 * KEY_BYTES - bits
        begins = (bisect_left(self.keys, head << shift) for head in range(1 << bits))
        object.__setattr__(self, "values", NearValues(self.tables[DigestType.PDQ].octets))
        object.__setattr__(self, "_frames", NearValues(self.tables[DigestType.VPDQ].octets))
        object.__setattr__(self, "_shift", shift)
        object.__setattr__(self, "_heads", [*begins, len(self.keys)])

    def __len__(self) -> int:
        return len(self.keys) + sum(map(len, self.tables.values()))

    def sections(self) -> dict[str, bytes]:
        """The tables as bytes, for a snapshot."""
        exact = (little(self.keys), little(self.offsets), bytes(self.blob))
        told = dict(zip(_EXACT, exact, strict=True))
        for table in self.tables.values():
            told |= table.sections() if len(table) else {}
        return told | {NAMES: msgspec.msgpack.encode((self.names, dict(sorted(self.distances.items()))))}

    @classmethod
    def from_sections(cls, sections: Mapping[str, bytes | memoryview]) -> DigestIndex:
        """The index that `sections` gave. ValueError or KeyError where they do not fit together."""
        names, distances = msgspec.msgpack.decode(sections[NAMES], type=_Names)
        keys, offsets = (from_little("Q", sections[name]) for name in _EXACT[:2])
        blob = sections[_EXACT[2]]
        if len(keys) + 1 != len(offsets) or offsets[-1] != len(blob):
            raise ValueError("the tables of the digests do not fit together")
        tables = {kind: DigestTable.from_sections(kind, sections) for kind in _COMPARED}
        return cls(keys, offsets, blob, tables, names, distances)

    def ready(self) -> None:
        """Load what searches. UsageError where there are values to search, and faiss is not installed."""
        self.values.ready()
        self._frames.ready()

    def entries(self) -> Iterator[Entry]:
        """Give every entry, the exact digests first."""
        for slot in range(len(self.keys)):
            yield self._exact_entry(slot)[0]
        for table in self.tables.values():
            for slot in range(len(table)):
                yield self._compared_entry(table, slot)

    def near_each(self, media: Iterable[Media]) -> Near:
        """What stands near the pictures of some files, looked up together; `meet` takes it in place of a look-up."""
        digits = list(dict.fromkeys(each.near for each in media if each.near is not None)) if len(self.values) else []
        if not digits:
            return {}
        return dict(zip(digits, self.values.near_each(list(map(bytes.fromhex, digits)), self.reach), strict=True))

    def may_meet(self, media: Media) -> bool:
        """Whether a file may meet an entry: nearly every file does not, and this says so in a microsecond or two."""
        keys, heads, shift = self.keys, self._heads, self._shift
        for digits in (media.sha256, media.sha1, media.md5):
            if digits is not None:
                key = int(digits[:_KEY_DIGITS], 16)
                head = key >> shift
                end = heads[head + 1]
                slot = bisect_left(keys, key, heads[head], end)
                if slot < end and keys[slot] == key:
                    return True
        if media.pdq is not None and media.near is not None and len(self.values) > 0:
            return True
        return bool((media.vpdq and len(self._frames)) or media.photodna)

    def meet(self, media: Media, near: Near | None = None) -> Iterator[DigestMeeting]:
        """All entries that a file meets: allow entries too, and of those compared only where they are the same.

        near: what `near_each` told of several files, this one among them.
        """
        keys, count = self.keys, len(self.keys)
        for kind, place in _BY_TYPE:
            digits: str | None = getattr(media, kind)
            if digits is None or not count:
                continue
            key = int(digits[:_KEY_DIGITS], 16)
            slot = bisect_left(keys, key)
            while slot < count and keys[slot] == key:
                if (entry := self._same(slot, place, digits)) is not None:
                    yield DigestMeeting(entry, Kind.EXACT, kind)
                slot += 1
        if media.near is not None and len(self.values):
            yield from islice(self._near(media.near, near), MOST_MET)
        if len(self._frames) and (frames := octets_of(DigestType.VPDQ, str(media.vpdq or ""))):
            yield from islice(self._videos(frames), MOST_MET)
        if media.photodna is not None and media.near_with is not None:
            yield from islice(self._opaque(bytes.fromhex(media.photodna), media.near_with), MOST_MET)

    def _same(self, slot: int, place: int, digits: str) -> Entry | None:
        entry, record = self._exact_entry(slot)
        return entry if record.type == place and record.rest.hex() == digits[_KEY_DIGITS:] else None

    def _near(self, digits: str, near: Near | None) -> Iterator[DigestMeeting]:
        found = self.values.near(bytes.fromhex(digits), self.reach) if near is None else near[digits]
        for slot, distance in found:
            entry = self._compared_entry(self.tables[DigestType.PDQ], slot)
            if distance <= (0 if entry.allow else self._reach_of(entry)):
                yield DigestMeeting(entry, Kind.NEAR, DigestType.PDQ, distance)

    def _videos(self, asked: bytes) -> Iterator[DigestMeeting]:
        from linkgate.core.digests.video_frames import videos_near  # noqa: PLC0415  # few lists hold videos

        table = self.tables[DigestType.VPDQ]
        starts = [start // PDQ_BYTES for start in table.starts]
        found = videos_near(
            self._frames, starts, asked, self.reach, lambda slot: self._reach_of(self._compared_entry(table, slot))
        )
        yield from self._met(table, asked, found)

    def _opaque(self, asked: bytes, near_with: NearWith) -> Iterator[DigestMeeting]:
        table = self.tables[DigestType.PHOTODNA]
        found = near_with(asked, table.octets) if len(table) else ()
        yield from self._met(table, asked, sorted(found, key=lambda near: (near[1], near[0])))

    def _met(self, table: DigestTable, asked: bytes, found: Iterable[tuple[int, int]]) -> Iterator[DigestMeeting]:
        for slot, distance in found:
            entry = self._compared_entry(table, slot)
            if not entry.allow or table.octets_at(slot) == asked:
                yield DigestMeeting(entry, Kind.NEAR, table.type, distance)

    def _reach_of(self, entry: Entry) -> int:
        return self.distances.get(entry.list, DISTANCE)

    @property
    def reach(self) -> int:
        """The largest distance of any list."""
        return max((DISTANCE, *self.distances.values()))

    def _exact_entry(self, slot: int) -> tuple[Entry, DigestRecord]:
        record = self._decoder.decode(self.blob[self.offsets[slot] : self.offsets[slot + 1]])
        digest = Digest(TYPES[record.type], self.keys[slot].to_bytes(KEY_BYTES) + record.rest)
        return entry_of_digest(record, digest, self.names), record

    def _compared_entry(self, table: DigestTable, slot: int) -> Entry:
        digest = Digest(table.type, table.octets_at(slot))
        return entry_of_digest(self._decoder.decode(table.record_at(slot)), digest, self.names)


class DigestIndexBuilder:
    """Takes the entries of digests one by one, as there may be millions, and makes their index."""

    def __init__(self) -> None:
        self._slots: list[bytes] = []
        self._compared: dict[DigestType, list[tuple[bytes, bytes]]] = {kind: [] for kind in _COMPARED}
        self._names: dict[str, int] = {"": 0}
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, entry: Entry) -> None:
        """Take an entry. ValueError where it has no digest."""
        record = record_of_digest(entry, self._names)
        octets = b"" if entry.digest is None else entry.digest.octets
        if (compared := self._compared.get(TYPES[record[0]])) is not None:
            compared.append((octets, self._encode(record)))
        else:
            self._slots.append(octets[:KEY_BYTES] + self._encode(record))

    def build(self, distances: Mapping[str, int] | None = None) -> DigestIndex | None:
        """The index; None where there is no digest."""
        if not self._slots and not any(self._compared.values()):
            return None
        self._slots.sort()
        used = {name: bits for name, bits in (distances or {}).items() if name in self._names}
        return DigestIndex(
            from_big(b"".join([slot[:KEY_BYTES] for slot in self._slots])),
            *_records(self._slots),
            {kind: DigestTable.of(kind, sorted(rows)) for kind, rows in self._compared.items()},
            tuple(self._names),
            used,
        )


def _records(slots: Sequence[bytes]) -> tuple[array[int], bytes]:
    """Where each record begins, and all records."""
    offsets = array("Q", accumulate((len(slot) - KEY_BYTES for slot in slots), initial=0))
    return offsets, b"".join([slot[KEY_BYTES:] for slot in slots])
