"""cues: the needles of the automaton: endings of listed hosts, and what disguises and wrappers cannot be without.

The cues of a row are computed from its pattern (`text.patterns.cues`); where one stands, the pattern itself is
searched for around it. What is written down here is how a number or a name without a dot is told to be a host.

>>> dict(needles_of(ListedHosts.of(["bad.example"]), numeric=False))["bad."]
(4, ('example',), '.dab example', 0, None, None)
"""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from linkgate.core.disguises import DISGUISES
from linkgate.core.links.find import ATTRIBUTE
from linkgate.core.prefilter.addresses import IN_BRACKETS, WORTH
from linkgate.core.prefilter.automaton import alike
from linkgate.core.prefilter.hosts import LONGEST, ListedHosts
from linkgate.core.text.patterns import compiled, cues, rarity
from linkgate.core.wrappers import WRAPPERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linkgate.core.text.patterns import Pattern

    Word = tuple[str, str]
    Check = Callable[[str, int], object]
    # The length of a needle; what must follow it; the words of a host ending, a line each, as in `ListedHosts`, or a
    # table of them where they are many; what else it is a cue of, as bits; what tells, of a plain text and the place
    # of the needle, whether it may be one, and the same for any folded text. Few objects, and mostly none that the
    # garbage collector would walk again and again.
    Needle = tuple[int, tuple[str, ...], str | dict[str, str], int, Check | None, Check | None]

# How much of a host's ending the automaton holds: less of many hosts, so that its size is bounded, and more where it
# would be the ending of many words.
_ENDINGS = ((20_000, 6), (100_000, 5))
_SHORTEST_ENDING = 4
_RARE_ENOUGH, _HARDLY_ANY = 8, 16
"""How rare what is left of a cue must be, so that few texts have it, or hardly any."""
_MOST_WORDS = 8
_MOST_TAILS = 12
_ANY = ()

UNDONE = tuple(row.pattern for row in DISGUISES if row.hides_host)
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

_NUMBERS = {
    **dict.fromkeys((f"{mark}0" for mark in map(alike, "/\\@:=?&_")), _ANY),
    "0.": (*string.digits,),
    "0x": _ANY,
    "[": _ANY,
}
"""Where a number may be an address, `0` for any digit, and what follows there."""
_FOLDED_WIDTH = 4
"""A character that is not ASCII folds to a few."""
_IN_BRACKETS = re.compile(IN_BRACKETS)
# What stands before the colon is not `http` or `https` by itself, so that it may be a scheme to mend.
_ODD_SCHEME = re.compile(r"(?<!\bhttp)(?<!\bhttps):|;").match
_WORTH = re.compile(rf".{WORTH}", re.DOTALL)
# Without a scheme, slashes or the like in front an address is four numbers.
_THREE_DOTS = re.compile(r".(?:\.(?:0x[0-9a-f]*|[0-9]+)){2}\.", re.DOTALL)
_NUMBER_CHECKS = {"[": _IN_BRACKETS.match, "0.": _THREE_DOTS.match, "0x": re.compile("0x").match}


@cache
def pattern_check(bits: int, *, plain: bool) -> Check:
    """What tells, of a folded text and the place of a cue, whether there is a match of one of its patterns around it.

    Of every match, the first cue tells: so no match begins more than its `lead` before it.
    """
    looks = [_look(place, plain=plain) for place in range(len(PATTERNS)) if bits >> place & 1]
    first, *others = looks
    if not others:
        return first
    if len(others) == 1:
        return lambda folded, start: first(folded, start) or others[0](folded, start)
    return lambda folded, start: any([look(folded, start) for look in looks])  # noqa: C419  # quicker


def _look(place: int, *, plain: bool) -> Check:
    row = PATTERNS[place]
    lead = row.lead * (1 if plain else _FOLDED_WIDTH)
    match = re.compile(rf"(?s:.{{0,{lead}}}?){row.expression if plain else row.folded}", re.IGNORECASE).match
    return lambda folded, start: match(folded, start - lead if start > lead else 0)


def _number_check(needle: str, *, tight: bool) -> Check | None:
    if needle in _NUMBER_CHECKS:
        return _NUMBER_CHECKS[needle]
    return _WORTH.match if tight else None


@cache
def _check(needle: str, bits: int, *, tight: bool, plain: bool) -> Check | None:
    """What tells whether a needle that has only these meanings may be a cue at all."""
    if bits == NUMBER:
        return _number_check(needle, tight=tight)
    if bits >= HOST:
        return None
    around = pattern_check(bits, plain=plain)
    if needle.startswith(":/") and not bits & ~DISGUISED:
        return lambda folded, colon: _ODD_SCHEME(folded, colon) and around(folded, colon)
    return around


def needles_of(hosts: ListedHosts, *, numeric: bool, tight: bool = False) -> Iterator[tuple[str, Needle]]:
    """All needles with what they mean, one after the other: a table of all would be walked by the garbage collector.

    numeric: whether addresses are listed. tight: whether none of them is a number of less than eight digits.
    """
    count = hosts.packed.count(b"\n") if isinstance(hosts.packed, bytes) else len(hosts.packed) // LONGEST
    kept = next((length for most, length in _ENDINGS if count <= most), _SHORTEST_ENDING)
    others = dict(_of_any_list(numeric=numeric, tight=tight))
    for name in filter(None, hosts.names):
        place, bits = _place(alike(name)), SCHEME if name.endswith(":") else NAME
        bits |= others[place][3] if place in others else 0
        others[place] = _needle(place, bits, tight=tight)
    few = cache(_few)  # many endings have the same tails
    for ending, words in _endings(((alike(word[0]), word) for word in hosts.words()), kept):
        other = others.pop(ending[::-1], None)
        tails = few(tuple(several for _, several in words)) if other is None else _ANY
        bits = 0 if other is None else other[3]
        several = "\n".join(map(" ".join, words)) if len(words) <= _MOST_WORDS else dict(words)
        yield ending[::-1], (len(ending), tails, several, bits, None, None)
    yield from others.items()


@cache
def _of_any_list(*, numeric: bool, tight: bool) -> dict[str, Needle]:
    """The needles that do not depend on what is listed: two thousand, made once."""
    found: dict[str, int] = {}
    for needle, bit in (*pattern_cues(), *((number, NUMBER) for number in _NUMBERS if numeric)):
        found[_place(needle)] = found.get(_place(needle), 0) | bit
    return {needle: _needle(needle, bits, tight=tight) for needle, bits in found.items()}


def _place(needle: str) -> str:
    return ":/" if needle.startswith(":/") else needle  # a look at one is a look at all that begin so


def _needle(needle: str, bits: int, *, tight: bool) -> Needle:
    plain, folded = (_check(needle, bits, tight=tight, plain=plain) for plain in (True, False))
    return len(needle), _NUMBERS[needle] if bits == NUMBER else _ANY, "", bits, plain, folded


@cache
def pattern_cues() -> tuple[tuple[str, int], ...]:
    """Every cue of every pattern, with the pattern's bit."""
    found = [(cue, 1 << place) for place, pattern in enumerate(PATTERNS) for cue in sorted(cues(pattern))]
    cut = _cut({alike(cue) for cue, _ in found})
    return tuple(dict.fromkeys((cut[alike(cue)], bit) for cue, bit in found))


def _cut(several: Iterable[str]) -> dict[str, str]:
    """Each cue without its last characters, where that leaves fewer characters in which one ends, and rarer ones.

    A text is read backwards, and at nearly each of its characters all of these are compared with it.
    """
    ends = {cue: {cue[place] for place in _places_to_cut(cue)} for cue in several}
    chosen = {"0", "."}.union(*(some for some in ends.values() if len(some) == 1))
    while left := [some for some in ends.values() if chosen.isdisjoint(some)]:
        counts = Counter(end for some in left for end in some)
        chosen.add(max(counts, key=lambda end: (counts[end], rarity(end), end)))
    return {cue: _shortest(cue, chosen) for cue in ends}


def _shortest(cue: str, chosen: set[str]) -> str:
    """The shortest beginning of a cue that ends in one of the chosen and that hardly any text has; else the longest."""
    left = [cue[: place + 1] for place in _places_to_cut(cue) if cue[place] in chosen]
    return next((some for some in left if rarity(some) >= _HARDLY_ANY), left[-1])


def _places_to_cut(cue: str) -> list[int]:
    """Which characters of a cue may be its last one."""
    return [place for place in range(len(cue)) if rarity(cue[: place + 1]) >= _RARE_ENOUGH] or [len(cue) - 1]


def _endings(words: Iterable[tuple[str, Word]], kept: int) -> Iterator[tuple[str, tuple[Word, ...]]]:
    """The endings to hold of words, each with the few words that have it; they are sorted by what is read of them."""
    for ending, group in groupby(words, key=lambda word: word[0][:kept]):
        some = tuple(group)
        if len(some) <= _MOST_WORDS or kept > LONGEST:
            yield ending, tuple(word for _, word in some)
        else:
            yield from _endings(some, kept + 1)


def _few(all_tails: tuple[str, ...]) -> tuple[str, ...]:
    """The labels that may follow an ending, where they are few enough to be compared first."""
    tails = {tail for several in all_tails for tail in several.split(" ")}
    return tuple(sorted(tails)) if len(tails) <= _MOST_TAILS else _ANY
