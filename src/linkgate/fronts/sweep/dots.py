r"""dots: the last dots of listed hosts, looked up by the bytes around them, thousands at a time.

>>> dots = Dots(b"\0\0\0\0bad.ex" + b".bigger.\0\0")
>>> text = np.frombuffer(b"go see Bad.Example, bad .example, bad.other", np.uint8)
>>> dots.listed(text, np.array([10, 38])), dots.spaced(text, np.array([24]), numeric=False)
(array([10]), array([24]))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from linkgate.fronts.sweep.anchors import Octets, Places

Keys: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]

_ROW = np.dtype([("before", "<u8"), ("behind", "<u2")])
_WIDTH = 8
_FOLD = np.uint64(0x2020202020202020)  # to lower case, both what is listed and what is written
_FOLD_BEHIND = np.uint16(0x2020)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits in no order: a multiplication by it spreads the keys
_MIX_BEHIND = np.uint64(0xC2B2AE3D27D4EB4F)
_EIGHT = np.uint64(8)
_OCTET = np.uint64(0xFF)
_TOP_DOT = np.uint64(ord(".") << 56)
_LEAST_BITS, _MOST_BITS, _SPARE_BITS = 16, 26, 5
_MOST_BLANKS = 4


class Dots:
    """Rows of `linkgate.core.prefilter.coarse.Coarse.dots`, ready to be asked for."""

    def __init__(self, rows: bytes) -> None:
        listed = np.frombuffer(rows, _ROW)
        self._groups = [
            _Group.of(listed[some], empty, tailed=tailed)
            for empty in range(_WIDTH)
            for tailed in (True, False)
            if (some := (_empty(listed["before"]) == empty) & ((listed["behind"] != 0) == tailed)).any()
        ]

    def listed(self, octets: Octets, dots: Places) -> Places:
        """Those of the dots that may be the last ones of listed hosts; all right at the beginning."""
        first = dots < _WIDTH - 1
        near, dots = dots[first], dots[~first]
        before = _windows(octets)[dots - (_WIDTH - 1)]
        return np.concatenate([near, dots[self._hold(before, _behind(octets, dots + 1))]])

    def spaced(self, octets: Octets, dots: Places, *, numeric: bool) -> Places:
        """The same for dots with a blank before them, that a reader may take for one of a host.

        So are those before a closing bracket, and, where there are addresses (`numeric`), before a digit.
        """
        first = dots < 2 * _WIDTH
        near, dots = dots[first], dots[~first]
        start = dots + 1
        start = start + _BLANK[octets[np.minimum(start, len(octets) - 1)]]
        next_one = octets[np.minimum(start, len(octets) - 1)]
        end = dots - 1
        for _ in range(_MOST_BLANKS):
            end = end - _BLANK[octets[end]]
        word = _windows(octets)[end - (_WIDTH - 1)]
        found = self._hold(word >> _EIGHT | _TOP_DOT, _behind(octets, start))
        found |= _BLANK[octets[end]] | _BLANK[next_one] | _CLOSING[next_one] | _has_dot_and_blank(word)
        found |= _has_dot_ahead(octets, start)
        if numeric:
            found |= _DIGIT[next_one]
        return np.concatenate([near, dots[found]])

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


def _has_dot_ahead(octets: Octets, places: Places) -> Any:
    """Where the last dot may stand so near that the bytes before it are those before this one, in pieces."""
    last = len(octets) - 1
    found, inside = np.zeros(len(places), bool), np.ones(len(places), bool)
    for offset in range(_WIDTH):
        char, behind = octets[np.minimum(places + offset, last)], octets[np.minimum(places + offset + 1, last)]
        found |= inside & (char == ord(".")) & (behind > ord(" "))
        inside &= char > ord(" ")
    return found


def _has_dot_and_blank(words: Keys) -> Any:
    """Where another spaced dot may stand within reach, so that the word before the last one is in pieces."""
    octets = [words >> np.uint64(8 * place) & _OCTET for place in range(_WIDTH)]
    dot = np.any([octet == ord(".") for octet in octets], axis=0)
    return dot & np.any([(octet == ord(" ")) | (octet == ord("\t")) for octet in octets], axis=0)


def _table(octets: bytes) -> Any:
    table = np.zeros(256, bool)
    table[list(octets)] = True
    return table


_BLANK, _CLOSING, _DIGIT = _table(b" \t"), _table(b"])}>"), _table(b"0123456789")
