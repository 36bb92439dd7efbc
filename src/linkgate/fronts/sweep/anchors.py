r"""anchors: the few characters around which a host stands or is hidden, and what the bytes beside them make of them.

Each trigger of `linkgate.core.prefilter.cues` is here by its rarest character. The bytes of many texts follow
one another, so a rule may look into the next text: that finds too much, never too little.

>>> kinds, places = find(np.frombuffer(b"is 1.2 on a.example? 10 \\_ 20!", np.uint8), Search())
>>> [(int(place), int(kind)) for place, kind in zip(places, kinds) if kind]
[(4, 5), (11, 1), (24, 8)]
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Places: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]
Octets: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]


class Search(NamedTuple):
    """What there is to find: addresses, `tg:` links, bytes that are not ASCII."""

    numeric: bool = True
    telegram: bool = False
    foreign: bool = True


HOST, SPACED, NUMBER, OTHER, FOREIGN = 1, 2, 4, 8, 16
"""A dot inside a word; one behind a blank; one between digits; something else that may hide a host; no ASCII."""

_STRETCH = 1 << 17
"""Bytes that numpy looks at together: what stays in the processor's cache."""
_FOLD = 0x20
_ANY = bytes(range(256))
_BLANKS, _DIGITS = b" \t", b"0123456789"
_SMALL = b"abcdefghijklmnopqrstuvwxyz"
_LETTERS = _SMALL + _SMALL.upper()
_HEX = _DIGITS + b"abcdefABCDEF"
_OPENINGS, _CLOSINGS = b"[({<", b"])}>"
# What a browser takes in a host is more than letters, digits and hyphens (URL Standard §3.5, forbidden code points).
_LABEL = bytes(set(range(0x21, 0x7F)) - set(b"#%/:<>?@[]\\^|."))
# Anchor, the byte two before it, the one before it, the one behind it, and the kind that these make it.
_RULES = (
    (b".", _ANY, _LABEL + b".", _LABEL, HOST),
    (b".", _ANY, _BLANKS, _LETTERS + _DIGITS + _BLANKS + _CLOSINGS, SPACED),
    (b".", _ANY, b"[", _ANY, OTHER),
    (b".", _ANY, _ANY, b"]", OTHER),
    (b".", _ANY, _OPENINGS, _CLOSINGS + _BLANKS, OTHER),
    (b"%", _ANY, _ANY, _HEX + b"\t\r\n", OTHER),
    (b"\\", _ANY, _ANY, b"_*-.()[]~!+|uxUX", OTHER),
    (b"&", _ANY, _ANY, _LETTERS + b"#", OTHER),
    (b"=", b"eE", b"fF", _ANY, OTHER),  # href=
    (b"=", b"rRoO", b"cCnN", _ANY, OTHER),  # src=, action=
    (b"=", b"fcnFCN \t\r\n\v\f", b" \t\r\n\v\f", _ANY, OTHER),
    (b"0", _ANY, b"rR", b"cC", OTHER),  # `http` in base64
    (b"f", _ANY, b"sS", b"rR", OTHER),  # the same in capitals
    (b"F", _ANY, b"sS", b"rR", OTHER),
    (b"dD", _ANY, _BLANKS + _OPENINGS + b"_-", b"oO0", OTHER),  # dot, d0t
    (_CLOSINGS, b"okntaiOKNTAI0", b"toakTOAK", _ANY, OTHER),  # the same and its like in brackets
    (_CLOSINGS, b"toakTOAK", b" ", _ANY, OTHER),
)
_TELEGRAM = ((b"tT", _ANY, _ANY, b"gG", OTHER),)  # tg:
_NUMERIC = (
    (b".", _ANY, _DIGITS, _DIGITS, NUMBER),
    (b"0", _ANY, _ANY, b"xX", OTHER),
    (b"[", _ANY, _ANY, _HEX + b":", OTHER),
    (b":/@", _ANY, _OPENINGS, _CLOSINGS + b"/", OTHER),
    (b"\\", _ANY, _ANY, _DIGITS, OTHER),
)
# A first and a third letter, at which words are found whose letters are no rare ones: dot, sfruu, tg:.
_WORDS = (("d", "t"), ("f", "u"))
_TELEGRAM_WORDS = (("t", ":"),)
_LONG = 8
_FOREIGN = bytes(range(0x80, 0x100))
_HALF = np.uint32(0xFFFF)


def find(octets: Octets, search: Search) -> tuple[Octets, Places]:
    """All anchors for which a rule holds, and others whose kind is 0; long numbers stand at the end."""
    tables = _tables(search)
    found = [np.empty(0, np.int64)]
    numbers = [np.empty(0, np.int64)]
    for start in range(0, len(octets), _STRETCH):
        stretch = octets[start : start + _STRETCH + _LONG]
        found.append(np.flatnonzero(_may_be(stretch, tables)[:_STRETCH]) + start)
        if search.numeric:
            numbers.append(_long_numbers(stretch) + start)
    places = np.concatenate(found)
    kinds = _ruled(octets, places, tables)
    long = np.concatenate(numbers)
    return np.append(kinds, np.full(len(long), OTHER, np.uint8)), np.append(places, long)


def _may_be(octets: Octets, tables: _Tables) -> Any:
    found = np.frombuffer(bytearray(octets).translate(tables.anchors), bool)
    folded = octets | _FOLD
    for first, third in tables.words:
        found[:-2] |= (folded[:-2] == first) & (folded[2:] == third)
    return found


def _long_numbers(octets: Octets) -> Places:
    """Where so many digits stand together that they may be an address, as one number."""
    digits = octets - ord("0") < 10  # noqa: PLR2004  # bytes below `0` become large ones
    for step in (1, 2, 4):
        digits = digits[:-step] & digits[step:]
    return np.flatnonzero(digits)


def _ruled(octets: Octets, places: Places, tables: _Tables) -> Octets:
    last = len(octets) - 1
    rules = tables.here[octets[places]]
    rules &= tables.behind[octets[np.minimum(places + 1, last)]]
    rules &= tables.before[octets[np.maximum(places - 1, 0)]]
    kinds = np.zeros(len(places), np.uint8)
    some = np.flatnonzero(rules)
    held = rules[some] & tables.second[octets[np.maximum(places[some] - 2, 0)]]
    kinds[some] = tables.low[held & _HALF] | tables.high[held >> np.uint32(16)]
    kinds[(places < 2) | (places == last)] = OTHER  # noqa: PLR2004  # where a byte beside it is missing
    return kinds


class _Tables(NamedTuple):
    """For each byte whether it is an anchor, and the rules that it may have a part in; the kinds of sets of rules."""

    anchors: bytes
    words: tuple[tuple[int, int], ...]
    here: Any
    second: Any
    before: Any
    behind: Any
    low: Octets
    high: Octets


@cache
def _tables(search: Search) -> _Tables:
    rules = [*_RULES, *(_NUMERIC if search.numeric else ()), *(_TELEGRAM if search.telegram else ())]
    rules += [(_FOREIGN, _ANY, _ANY, _ANY, FOREIGN)] if search.foreign else []
    anchors = b"".join(here for here, *_ in rules if not here.isalpha())
    here, second, before, behind = (_table([rule[column] for rule in rules]) for column in range(4))
    return _Tables(
        bytes(octet in anchors for octet in range(256)),
        tuple((ord(first), ord(third)) for first, third in (*_WORDS, *(_TELEGRAM_WORDS if search.telegram else ()))),
        *(here, second, before, behind),
        *(_kinds([rule[4] for rule in rules][first : first + 16]) for first in (0, 16)),
    )


def _table(several: list[bytes]) -> Any:
    table = np.zeros(256, np.uint32)
    for number, octets in enumerate(several):
        table[list(octets)] |= np.uint32(1 << number)
    return table


def _kinds(kinds: list[int]) -> Octets:
    """For each set of rules, as bits, the kinds that they make."""
    sets = np.arange(1 << len(kinds))
    made = np.zeros(len(sets), np.uint8)
    for number, kind in enumerate(kinds):
        made[sets >> number & 1 != 0] |= kind
    return made
