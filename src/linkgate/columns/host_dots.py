r"""host_dots: the last dots of listed hosts, looked up by the bytes around them, thousands at a time.

It knows the hosts, as data, and nothing of disguises.

>>> dots = HostDots([(".dab", "example"), (".reggib.", "")])
>>> text = np.frombuffer(b"go see Bad.Example, bad.other", np.uint8)
>>> dots.listed(text)
array([10])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Places: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
Octets: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]
Keys: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]

_ROW = np.dtype([("before", "<u8"), ("behind", "<u2")])
_WIDTH = 8
_FOLD = np.uint64(0x2020202020202020)  # to lower case, both what is listed and what is written
_FOLD_BEHIND = np.uint16(0x2020)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits in no order: a multiplication by it spreads the keys
_MIX_BEHIND = np.uint64(0xC2B2AE3D27D4EB4F)
_LEAST_BITS, _MOST_BITS, _SPARE_BITS = 16, 26, 5
_TAIL = 2
_DOT, _BLANK = ord("."), 0x20


class HostDots:
    """What stands around the last dots of listed hosts: up to eight bytes that end in it, and the two behind it."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """Words as in `ListedHosts.words`: what ends in the dot, reversed, and the labels that may follow it."""
        listed = np.frombuffer(b"".join(_rows(words)), _ROW)
        self._groups = [
            _Group.of(listed[some], empty, tailed=tailed)
            for empty in range(_WIDTH)
            for tailed in (True, False)
            if (some := (_empty(listed["before"]) == empty) & ((listed["behind"] != 0) == tailed)).any()
        ]

    def listed(self, octets: Octets) -> Places:
        """The dots of folded texts, one after the other, that may be the last ones of listed hosts.

        It may find too much and never misses: all at the very beginning are found.
        """
        dots = np.flatnonzero(octets == _DOT)
        behind = octets[np.minimum(dots + 1, len(octets) - 1)]
        dots = dots[behind > _BLANK]  # else it is the dot of a sentence
        first = dots < _WIDTH - 1
        near, dots = dots[first], dots[~first]
        before = _windows(octets)[dots - (_WIDTH - 1)]
        return np.concatenate([near, dots[self._hold(before, _behind(octets, dots + 1))]])

    def _hold(self, before: Keys, behind: Any) -> Any:
        before, behind = before | _FOLD, behind | _FOLD_BEHIND
        found = np.zeros(len(before), bool)
        for group in self._groups:
            found |= group.holds(before, behind)
        return found


class _Group(NamedTuple):
    """Rows with equally many bytes before the dot, all with something behind it or all with anything.

    marks: of its bits one in 32 is set, so that few of the others need a search in the sorted keys.
    """

    mask: np.uint64
    tailed: bool
    marks: Octets
    keys: Keys

    @classmethod
    def of(cls, rows: Any, empty: int, *, tailed: bool) -> _Group:
        mask = np.uint64((-1 << 8 * empty) & (1 << 64) - 1)
        before, behind = (rows["before"] | _FOLD) & mask, rows["behind"] | _FOLD_BEHIND
        keys = np.unique(_keys(before, behind if tailed else None))
        return cls(mask, tailed, _marks(keys), keys)

    def holds(self, before: Keys, behind: Any) -> Any:
        keys = _keys(before & self.mask, behind if self.tailed else None)
        slots = keys & np.uint64(len(self.marks) * 8 - 1)
        found = self.marks[slots >> np.uint64(3)] >> (slots & np.uint64(7)).astype(np.uint8) & 1 != 0
        some = np.flatnonzero(found)
        nearest = np.minimum(np.searchsorted(self.keys, keys[some]), len(self.keys) - 1)
        found[some] = self.keys[nearest] == keys[some]
        return found


def _keys(before: Keys, behind: Any) -> Keys:
    keys = before * _MIX
    if behind is not None:
        keys += behind.astype(np.uint64) * _MIX_BEHIND
    return keys ^ keys >> np.uint64(32)


def _marks(keys: Keys) -> Octets:
    bits = min(max(len(keys).bit_length() + _SPARE_BITS, _LEAST_BITS), _MOST_BITS)
    marks = np.zeros(1 << bits - 3, np.uint8)
    slots = keys & np.uint64((1 << bits) - 1)
    np.bitwise_or.at(marks, slots >> np.uint64(3), np.uint8(1) << (slots & np.uint64(7)).astype(np.uint8))
    return marks


def _empty(before: Keys) -> Any:
    """How many bytes on the left of each row are none."""
    return sum((before & np.uint64((1 << 8 * count) - 1) == 0).astype(np.int64) for count in range(1, _WIDTH))


def _windows(octets: Octets) -> Keys:
    """The eight bytes from each place on, as a number; the first byte is its lowest."""
    return np.ndarray((max(0, len(octets) - _WIDTH + 1),), "<u8", octets, 0, (1,))


def _behind(octets: Octets, places: Places) -> Any:
    last = len(octets) - 1
    first, second = octets[np.minimum(places, last)], octets[np.minimum(places + 1, last)]
    return first | second.astype(np.uint16) << 8


def _rows(words: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """A row of ten bytes for each word and what may follow it; zeros where there is nothing, or anything."""
    for word, tails in words:
        before = word[:_WIDTH][::-1].encode("utf-8", "surrogatepass")[-_WIDTH:].rjust(_WIDTH, b"\0")
        behind = {tail.encode("utf-8", "surrogatepass")[:_TAIL] for tail in tails.split(" ")}
        yield from (before + (each if len(each) == _TAIL else b"\0\0") for each in sorted(behind))
