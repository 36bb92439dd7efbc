"""cues: the needles of the automaton: endings of listed hosts, and what disguises and wrappers cannot be without.

The cues of a row are computed from its pattern (`text.patterns.cues`); where one stands, the pattern itself is
searched for around it. What is written down here is how a number or a name without a dot is told to be a host.

>>> dict(needles_of(ListedHosts.of(["bad.example"]), numeric=False))["bad."]
(4, ('example',), '.dab example', 0)
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from linkgate.core.disguises import DISGUISES, NOT_ASCII
from linkgate.core.links.find import ATTRIBUTE
from linkgate.core.prefilter.hosts import LONGEST, ListedHosts
from linkgate.core.text.patterns import compiled, cues
from linkgate.core.wrappers import WRAPPERS

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from linkgate.core.text.patterns import Pattern

    Word = tuple[str, str]
    # The length of a needle; what must follow it; the words of a host ending, a line each, as in `ListedHosts`; what
    # else it is a cue of, as bits. Few objects, and none that the garbage collector would walk again and again.
    Needle = tuple[int, tuple[str, ...], str, int]

# How much of a host's ending the automaton holds: less of many hosts, so that its size is bounded, and more where it
# would be the ending of many words.
_ENDINGS = ((20_000, 6), (100_000, 5))
_SHORTEST_ENDING = 4
_MOST_WORDS = 8
_MOST_TAILS = 12
_ANY = ("",)

UNDONE = tuple(row.pattern for row in DISGUISES if row is not NOT_ASCII)
_HIDING = tuple(row.pattern for row in WRAPPERS if row.pattern is not None)
PATTERNS: tuple[Pattern, ...] = (*UNDONE, *_HIDING, ATTRIBUTE)
"""All that has cues: disguises, wrappers, attributes of HTML; the bit of each is its place."""
REGEXES: tuple[re.Pattern[str], ...] = tuple(map(compiled, PATTERNS))
FOLDED_REGEXES: tuple[re.Pattern[str], ...] = tuple(compiled(pattern, folded=True) for pattern in PATTERNS)
"""For texts that are not plain, which folding has changed."""
DISGUISED = (1 << len(UNDONE)) - 1
WRAPPED = ((1 << len(_HIDING)) - 1) << len(UNDONE)
IN_ATTRIBUTE = 1 << len(PATTERNS) - 1
HOST, NUMBER, NAME, SCHEME = (1 << len(PATTERNS) + bit for bit in range(4))
"""A listed host; a number that may be an address; a listed host without a dot; a scheme that is listed as such."""

_DIGITS = "0123456789"
_NUMBERS = {
    **dict.fromkeys((mark + digit for mark in "/\\@:=?&_" for digit in _DIGITS), _ANY),
    **dict.fromkeys((f"{digit}." for digit in _DIGITS), (*_DIGITS,)),
    **dict.fromkeys(("0x", "["), _ANY),
}
"""Where a number may be an address, and what follows there."""


def needles_of(hosts: ListedHosts, *, numeric: bool) -> Iterator[tuple[str, Needle]]:
    """All needles with what they mean, one after the other: a table of all would be walked by the garbage collector."""
    count = hosts.packed.count(b"\n") if isinstance(hosts.packed, bytes) else len(hosts.packed) // LONGEST
    kept = next((length for most, length in _ENDINGS if count <= most), _SHORTEST_ENDING)
    others = _others(hosts, numeric=numeric)
    few = cache(_few)  # many endings have the same tails
    for ending, words in _endings(hosts.words(), kept):
        bits = others.pop(ending[::-1], 0)
        tails = _ANY if bits else few(tuple(several for _, several in words))
        yield ending[::-1], (len(ending), tails, "\n".join(map(" ".join, words)), bits)
    for needle, bits in others.items():
        yield needle, (len(needle), _NUMBERS[needle] if bits == NUMBER else _ANY, "", bits)


def _others(hosts: ListedHosts, *, numeric: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    names = {name: SCHEME if name.endswith(":") else NAME for name in hosts.names if name}
    told = [*pattern_cues(), *((number, NUMBER) for number in _NUMBERS if numeric), *names.items()]
    for needle, bit in told:
        found[needle] = found.get(needle, 0) | bit
    return found


@cache
def pattern_cues() -> tuple[tuple[str, int], ...]:
    """Every cue of every pattern, with the pattern's bit."""
    return tuple((cue, 1 << place) for place, pattern in enumerate(PATTERNS) for cue in sorted(cues(pattern)))


def _endings(words: Iterable[Word], kept: int) -> Iterator[tuple[str, tuple[Word, ...]]]:
    """The endings to hold of sorted words, each with the few words that have it."""
    for _, group in groupby(words, key=lambda word: word[0][:kept]):
        yield from _burst(tuple(group), kept)


def _burst(words: tuple[Word, ...], kept: int) -> Iterator[tuple[str, tuple[Word, ...]]]:
    if len(words) <= _MOST_WORDS:
        yield words[0][0][:kept], words
    else:
        yield from _endings(words, kept + 1)


def _few(all_tails: tuple[str, ...]) -> tuple[str, ...]:
    """The labels that may follow an ending, where they are few enough to be compared first."""
    tails = {tail for several in all_tails for tail in several.split(" ")}
    return tuple(sorted(tails)) if len(tails) <= _MOST_TAILS else _ANY
