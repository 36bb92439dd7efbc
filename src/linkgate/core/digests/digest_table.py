"""digest table: digests that are compared with what is asked for, not looked up, and the records of their entries.

>>> table = DigestTable.of(DigestType.VPDQ, [(bytes(64), b"one"), (bytes(32), b"two")])
>>> len(table), table.starts.tolist(), bytes(table.octets_at(1)) == bytes(32), bytes(table.record_at(0))
(2, [0, 64, 96], True, b'one')
>>> again = DigestTable.from_sections(DigestType.VPDQ, table.sections())
>>> again == table, DigestTable.from_sections(DigestType.VPDQ, {}) == DigestTable.of(DigestType.VPDQ, [])
(True, True)
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Self

from linkgate.core.digests.digest import SIZES, DigestType
from linkgate.core.index.arrays import from_little, little

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class DigestTable:
    """All digests of one type. It never shows them (law 9).

    starts: where each begins, and the end; those of digests of one size are not kept. offsets: the same of the records.
    """

    type: DigestType
    octets: bytes | memoryview = field(repr=False)
    starts: Sequence[int] = field(repr=False)
    offsets: array[int] = field(repr=False)
    blob: bytes | memoryview = field(repr=False)

    @classmethod
    def of(cls, kind: DigestType, rows: Sequence[tuple[bytes, bytes]]) -> Self:
        """The table of digests and their records, in this order."""
        octets, blob = b"".join([row[0] for row in rows]), b"".join([row[1] for row in rows])
        starts = _evenly(kind, len(rows)) or array("Q", accumulate((len(row[0]) for row in rows), initial=0))
        return cls(kind, octets, starts, array("Q", accumulate((len(row[1]) for row in rows), initial=0)), blob)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def octets_at(self, slot: int) -> bytes:
        """One digest."""
        return bytes(self.octets[self.starts[slot] : self.starts[slot + 1]])

    def record_at(self, slot: int) -> bytes | memoryview:
        """Its record."""
        return self.blob[self.offsets[slot] : self.offsets[slot + 1]]

    def sections(self) -> dict[str, bytes]:
        """The table as bytes, for a snapshot."""
        told = {"values": bytes(self.octets), "offsets": little(self.offsets), "blob": bytes(self.blob)}
        if isinstance(self.starts, array):
            told["starts"] = little(self.starts)
        return {f"{self.type.value}-{name}": data for name, data in told.items()}

    @classmethod
    def from_sections(cls, kind: DigestType, sections: Mapping[str, bytes | memoryview]) -> Self:
        """What `sections` gave; empty where there is none of this type. ValueError where it does not fit together."""
        name = kind.value
        if f"{name}-values" not in sections:
            return cls.of(kind, [])
        octets, blob = sections[f"{name}-values"], sections[f"{name}-blob"]
        offsets = from_little("Q", sections[f"{name}-offsets"])
        starts = _evenly(kind, len(offsets) - 1) or from_little("Q", sections[f"{name}-starts"])
        if len(starts) != len(offsets) or starts[-1] != len(octets) or offsets[-1] != len(blob):
            raise ValueError("the tables of the digests do not fit together")
        return cls(kind, octets, starts, offsets, blob)


def _evenly(kind: DigestType, count: int) -> range | None:
    """Where so many digests of one size begin, and the end; None where they are of many sizes."""
    size = SIZES.get(kind)
    return None if size is None else range(0, size * count + 1, size)
