"""near join: many PDQ values against a table at once, exactly; several times as quick as one after the other.

Two values that differ in 31 bits at most have one of 16 bands of 16 bits that differs in one bit at most (31 < 2 * 16).
So for each band the table is sorted, each value asks for its own band and the 16 next to it, and what it finds is
compared in full. Where many values of a table share their bands, comparing all is quicker: then it gives up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

BANDS, BAND_BITS = 16, 16
REACH = 2 * BANDS - 1
"""In how many bits values may differ, so that none is missed."""
LEAST = 64
"""So many values at least are worth the sorting."""
_BLOCK = 512
_WORTH = 160
"""A band is joined where it leaves fewer than this part of all pairs to compare."""


def near_pairs(table: Any, asked: Any, reach: int) -> tuple[Any, Any, Any] | None:
    """All pairs that differ in `reach` bits at most. None where it gives up, or `reach` is too far.

    In: two arrays of bytes, a value of 32 a row. Out: places in `asked`, places in `table`, distances; each pair once.
    """
    import numpy as np  # noqa: PLC0415  # few lists hold pictures

    if reach > REACH or len(asked) < LEAST or not hasattr(np, "bitwise_count"):
        return None
    found = []
    whole, values = table.view(np.uint64), asked.view(np.uint64)
    for band in range(BANDS):
        for candidates in _candidates(np, table.view(np.uint16)[:, band], asked.view(np.uint16)[:, band]):
            if candidates is None:
                return None
            who, place = candidates
            first = np.bitwise_count(whole[place, 0] ^ values[who, 0]) + np.bitwise_count(
                whole[place, 1] ^ values[who, 1]
            )
            close = np.flatnonzero(first <= reach)
            who, place = who[close], place[close]
            distance = np.bitwise_count(whole[place] ^ values[who]).sum(1, dtype=np.int32)
            close = np.flatnonzero(distance <= reach)
            found.append(np.stack((who[close], place[close], distance[close]), 1))
    return tuple(np.unique(np.concatenate(found), axis=0).T)


def _candidates(np: Any, table: Any, asked: Any) -> Iterator[tuple[Any, Any] | None]:
    """Places in `asked` and `table` whose bands differ in a bit at most, block by block; None to give up."""
    order = np.argsort(table, kind="stable")
    counts = np.bincount(table, minlength=1 << BAND_BITS)
    starts = np.cumsum(counts) - counts
    near = np.array([0, *(1 << bit for bit in range(BAND_BITS))], np.uint16)
    for begin in range(0, len(asked), _BLOCK):
        wanted = (asked[begin : begin + _BLOCK, None] ^ near).ravel()
        many = counts[wanted]
        ends = np.cumsum(many)
        if ends[-1] * _WORTH > len(table) * len(wanted):
            yield None
            return
        places = np.repeat(starts[wanted] - (ends - many), many) + np.arange(ends[-1])
        yield np.repeat(np.arange(len(wanted)) // len(near) + begin, many), order[places]
