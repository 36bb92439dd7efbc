"""numbers: dots between digits that may be those of a listed address, told from versions and prices.

As `linkgate.core.prefilter.addresses` has it: three dots, each with a number before it, or what names a place before
the first. Such a number is then read and looked up. Numbers of eight digits or more, and hexadecimal
ones, are found as such.

>>> import linkgate
>>> coarse = linkgate.compile_lines(["http://192.0.2.7/", "http://1.0.0.2/"]).engine.coarse()
>>> text = np.frombuffer(b"in 10.04 or 192.0.2.7, 192.0.2.8 and http://1.2, 1.2", np.uint8)
>>> found = Numbers(coarse).listed(text, np.flatnonzero(text == ord(".")), np.array([0, len(text)]))
>>> [text[dot - 3 : dot + 2].tobytes() for dot in found]
[b'2.0.2', b'0.2.7', b'//1.2']
"""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from linkgate import Coarse
    from linkgate.fronts.sweep.anchors import Octets, Places

_LONGEST = 8  # digits of a number that is not found as a long one, and the dot
_SHORTEST = 7  # of a number before a slash
_REACH = 24  # bytes before and behind a dot within which its number is read
_MOST_KNOWN = 4096
_BEFORE, _BEHIND = re.compile(rb"[0-9a-fxA-FX.]*\Z"), re.compile(rb"[0-9a-fxA-FX.]*")


def _table(octets: bytes) -> Any:
    table = np.zeros(256, bool)
    table[list(octets)] = True
    return table


_DIGIT = _table(b"0123456789")
_SKIPPED = _table(b" ._~*-" + bytes(range(0x1C)))
_PLACING = _table(b"/\\@:=?&")
_NUMERIC = _table(b"0123456789abcdefxABCDEFX.")
_SLASH, _OPEN = _table(b"/\\"), _table(b":?#")


class Numbers:
    """The listed addresses, and what was found of the numbers that texts hold again and again."""

    def __init__(self, coarse: Coarse) -> None:
        self._addresses = coarse.addresses
        self._known: dict[bytes, bool] = {}

    def listed(self, octets: Octets, dots: Places, starts: Places) -> Places:
        """Those of the dots, each between two digits, ascending, that may stand in a listed address.

        starts: where the texts begin, for what places a number stands in the same text.
        """
        if not len(dots):
            return dots
        content = octets.tobytes()
        likely = (_second_of_three(octets, dots), _placed(octets, dots, starts), _followed(octets, dots))
        found = reduce(np.union1d, likely)
        owners = np.searchsorted(starts, found, side="right")
        texts = zip(found.tolist(), starts[owners - 1].tolist(), starts[owners].tolist(), strict=True)
        return np.array([dot for dot, *text in texts if self._is_listed(_number_at(content, dot, *text))], np.int64)

    def _is_listed(self, number: bytes) -> bool:
        listed = self._known.get(number)
        if listed is None:
            listed = len(number) >= _REACH or self._addresses.any_in(number.decode("ascii").lower())
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[number] = listed
        return listed


def _number_at(content: bytes, dot: int, start: int, end: int) -> bytes:
    """The number around a dot of a text; of a long one a part that is long enough to be told as such."""
    before = _BEFORE.search(content, max(start, dot - _REACH), dot)
    behind = _BEHIND.match(content, dot, min(end, dot + _REACH))
    return (before[0] if before else b"") + (behind[0] if behind else b"")


def _second_of_three(octets: Octets, dots: Places) -> Places:
    """The second of two dots with one number between, where another dot may follow the next number."""
    seconds = dots[1:][np.diff(dots) <= _LONGEST]
    found = np.zeros(len(seconds), bool)
    for offset in range(1, _LONGEST + 1):
        found |= octets[np.minimum(seconds + offset, len(octets) - 1)] == ord(".")
    return seconds[found]


def _followed(octets: Octets, dots: Places) -> Places:
    """Those behind whose number its link goes on, and may hold there what makes it one: seven digits and a slash."""
    begin, end, last = dots, dots + 1, len(octets) - 1
    for _ in range(_LONGEST):
        begin = begin - _NUMERIC[octets[np.maximum(begin - 1, 0)]]
        end = end + _NUMERIC[octets[np.minimum(end, last)]]
    behind, next_one = octets[np.minimum(end, last)], octets[np.minimum(end + 1, last)]
    found: Places = dots[(_OPEN[behind] & (next_one > ord(" "))) | (_SLASH[behind] & (end - begin >= _SHORTEST))]
    return found


def _placed(octets: Octets, dots: Places, starts: Places) -> Places:
    """Those before whose number stands what names a place, with nothing but signs between."""
    at = dots - 1
    for table in (_DIGIT, _SKIPPED):
        for _ in range(_LONGEST):
            at = at - table[octets[np.maximum(at, 0)]]
    placed = (_PLACING | _SKIPPED)[octets[np.maximum(at, 0)]] | (octets[at + 1] == ord("_"))  # `http____192.519`
    some = (at >= 0) & placed
    dots, at = dots[some], at[some]
    inside: Places = at >= starts[np.searchsorted(starts, dots, side="right") - 1]
    return dots[inside]
