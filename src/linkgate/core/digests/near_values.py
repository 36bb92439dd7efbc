r"""near values: which PDQ values differ from a picture's in few bits. Faiss counts the bits, exactly: none is missed.

It is the one module that imports faiss, and it does so when the first picture is looked up.

>>> values = NearValues(bytes(31) + b"\1" + bytes(31) + b"\7" + b"\xff" * 32)
>>> values.near(bytes(32), 31), values.near(bytes(32), 2)
([(0, 1), (1, 3)], [(0, 1)])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkgate.errors import UsageError, installing

if TYPE_CHECKING:
    from collections.abc import Sequence

PDQ_BYTES = 32
PDQ_BITS = 8 * PDQ_BYTES
DISTANCE = 31
"""In how many of the 256 bits two values of one picture differ at most, unless its list says another number (PDQ)."""
MOST_NEAR = 1000
"""So many values are looked at for one picture at most, the nearest first."""


class NearValues:
    """A table of PDQ values, searched where it lies. It never shows its values (law 9)."""

    def __init__(self, octets: bytes | memoryview) -> None:
        if len(octets) % PDQ_BYTES:
            raise ValueError("the table of PDQ values has half a value")
        self.octets = octets

    def __len__(self) -> int:
        return len(self.octets) // PDQ_BYTES

    def __getitem__(self, slot: int) -> bytes:
        return bytes(self.octets[slot * PDQ_BYTES : (slot + 1) * PDQ_BYTES])

    def __eq__(self, other: object) -> bool:
        return self.octets == other.octets if isinstance(other, NearValues) else NotImplemented

    def __hash__(self) -> int:
        return hash(bytes(self.octets))

    def near(self, value: bytes, reach: int) -> list[tuple[int, int]]:
        """The places of the values that differ in `reach` bits at most, with their distances; the nearest first."""
        return self.near_each([value], reach)[0]

    def near_each(
        self, values: Sequence[bytes], reach: int, *, most: int | None = MOST_NEAR
    ) -> list[list[tuple[int, int]]]:
        """The same for several values, of each so many as `most` says."""
        import numpy as np  # noqa: PLC0415  # as faiss

        from linkgate.core.digests.near_join import near_pairs  # noqa: PLC0415  # as faiss

        table, asked = (
            np.frombuffer(octets, np.uint8).reshape(-1, PDQ_BYTES) for octets in (self.octets, b"".join(values))
        )
        pairs = near_pairs(table, asked, reach)
        if pairs is None:
            limits, distances, places = _compared(table, asked, reach + 1)  # which is the first that is too far
        else:
            limits, (_, places, distances) = np.searchsorted(pairs[0], np.arange(len(values) + 1)), pairs
        found = []
        for number in range(len(values)):
            start, end = int(limits[number]), int(limits[number + 1])
            order = np.lexsort((places[start:end], distances[start:end]))[:most]
            told = zip(places[start:end][order].tolist(), distances[start:end][order].tolist(), strict=True)
            found.append([(place, int(distance)) for place, distance in told])
        return found

    def ready(self) -> None:
        """Load what searches. UsageError where faiss is not installed and there are values to search."""
        if len(self):
            _faiss()


def _compared(table: Any, asked: Any, radius: int) -> tuple[Any, Any, Any]:
    """Every value asked for against the whole table, which faiss reads in place: an index of its own is a copy of it.

    In the thread that asks: for one picture a second thread takes longer to wake, and forks badly.
    """
    faiss = _faiss()
    found, usual = faiss.RangeSearchResult(len(asked)), faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        faiss.hamming_range_search(
            faiss.swig_ptr(asked), faiss.swig_ptr(table), len(asked), len(table), radius, PDQ_BYTES, found
        )
    finally:
        faiss.omp_set_num_threads(usual)
    limits = faiss.rev_swig_ptr(found.lims, len(asked) + 1).copy()
    count = int(limits[-1])
    distances, places = (faiss.rev_swig_ptr(each, count).copy() for each in (found.distances, found.labels))
    return limits, distances, places


def _faiss() -> Any:
    try:
        import faiss  # noqa: PLC0415  # few lists hold pictures, and it takes half a second to load
    except ImportError:
        raise UsageError(f"the lists hold PDQ values, which need faiss: {installing('media')}") from None
    return faiss
