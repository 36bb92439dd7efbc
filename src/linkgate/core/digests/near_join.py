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
LEAST = 256
"""So many values at least are worth the sorting."""
_BLOCK = 512
_WORTH = 100
"""A band is joined where it leaves fewer than one in so many of all pairs to compare."""
_MANY = 500
"""Where more than one of so many values of the table are asked for, it is sorted as a whole, not only its places."""


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
        for candidates in _candidates(np, table, asked, band, reach):
            if candidates is None:
                return None
            who, place = candidates
            distance = np.bitwise_count(whole[place] ^ values[who]).sum(1, dtype=np.int32)
            close = np.flatnonzero(distance <= reach)
            found.append(np.stack((who[close], place[close], distance[close]), 1))
    return tuple(np.unique(np.concatenate(found), axis=0).T)


def _candidates(np: Any, table: Any, asked: Any, band: int, reach: int) -> Iterator[tuple[Any, Any] | None]:
    """Places in `asked` and `table` whose bands differ in a bit at most, and whose other halves differ in few.

    Block by block; None to give up.
    """
    keys, wishes = (np.ascontiguousarray(rows.view(np.uint16)[:, band]) for rows in (table, asked))
    order = np.argsort(keys, kind="stable")
    counts = np.bincount(keys, minlength=1 << BAND_BITS)
    starts = np.cumsum(counts) - counts
    half = 1 - band // (BANDS // 2)
    listed, mine = (np.ascontiguousarray(rows.view(np.complex128)[:, half]) for rows in (table, asked))
    in_order = len(asked) * _MANY > len(table)  # then neighbours are read one behind the other
    if in_order:
        listed = listed[order]
    listed, mine = (rows.view(np.uint64).reshape(-1, 2) for rows in (listed, mine))
    near = np.array([0, *(1 << bit for bit in range(BAND_BITS))], np.uint16)
    sorted_wishes = np.argsort(wishes, kind="stable")
    for begin in range(0, len(asked), _BLOCK):
        block = sorted_wishes[begin : begin + _BLOCK]
        wanted = (wishes[block] ^ near[:, None]).ravel()
        many = counts[wanted]
        ends = np.cumsum(many)
        if ends[-1] * _WORTH > len(table) * len(block):
            yield None
            return
        slots = np.repeat(starts[wanted] - (ends - many), many) + np.arange(ends[-1])
        places = slots if in_order else order[slots]
        who = np.repeat(np.tile(block, len(near)), many)
        differing = np.bitwise_count(listed[places, 0] ^ mine[who, 0])
        differing += np.bitwise_count(listed[places, 1] ^ mine[who, 1])
        close = np.flatnonzero(differing <= reach)
        yield who[close], order[slots[close]]
