"""prefilter: could this text matter, and where? One pass of an automaton over the folded text.

It may suspect too much, it must never miss (DESIGN §2), and it says where: which words of the text name a
listed host, in letters or in numbers, or hold what a wrapper cannot be without; and whether a disguise is
to be undone, which makes another view of the text, searched in turn. Nearly every text has none of these
and is clear after one fold and one pass.

>>> prefilter = Prefilter.build(["bad.example", "192.0.2.7"])
>>> prefilter.search("nothing here").clear
True
>>> prefilter.search("see BAD.example/x").words
[Candidate(start=4, end=17, places=(8,))]
>>> prefilter.search("b%61d[.]example").disguised, prefilter.search("http://3221225991/").words
(True, [Candidate(start=0, end=18, places=())])
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.links.find import markup_urls
from linkgate.core.prefilter.addresses import Addresses
from linkgate.core.prefilter.automaton import Automaton
from linkgate.core.prefilter.cues import (
    DISGUISED,
    HOST,
    IN_ATTRIBUTE,
    NAME,
    NUMBER,
    PATTERNS,
    REGEXES,
    SCHEME,
    needles_of,
)
from linkgate.core.prefilter.hosts import LONGEST, ListedHosts
from linkgate.core.prefilter.searched_text import SearchedText
from linkgate.core.text.refang import repair
from linkgate.core.text.words import word_around

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.core.prefilter.cues import Needle

    # Something that a text has: where it begins, its length, what it is a cue of.
    Cue = tuple[int, int, int]

_AFTER_SCHEME = frozenset("/abcdefghijklmnopqrstuvwxyz")
_LONGEST_RUN = 96
_LITERAL = 50
"""So many characters an IPv6 address has at most, with its brackets."""
_NUMERIC = frozenset("0123456789abcdefx.")


class Candidate(NamedTuple):
    """A word of a text in which a link to something listed may stand.

    places: right behind the last dots of listed hosts, from the start of the text, where all that is known
    of the word is that it names these, in plain letters; else none.
    """

    start: int
    end: int
    places: tuple[int, ...]


@dataclass(slots=True)
class Found:
    """What a search found: words, whether a disguise is to be undone, whether to read attributes of HTML."""

    words: list[Candidate] = field(default_factory=list)
    disguised: bool = False
    markup: bool = False

    @property
    def clear(self) -> bool:
        """Whether nothing listed can be in the text."""
        return not (self.words or self.disguised or self.markup)


_CLEAR = Found()


class Prefilter:
    """The automaton over listed hosts and cues. Immutable once built."""

    __slots__ = ("_addresses", "_hits", "_numeric")

    def __init__(self, hosts: ListedHosts) -> None:
        self._addresses = Addresses(hosts.addresses, literals=hosts.literals)
        self._hits = Automaton(needles_of(hosts, numeric=bool(self._addresses))).hits

    def __del__(self) -> None:
        """Let go of the automaton apart from the rest: to free it takes milliseconds, in which no other thread runs."""
        self._hits = None  # type: ignore[assignment]

    @classmethod
    def build(cls, hosts: Iterable[str]) -> Prefilter:
        """A prefilter for these canonical hosts."""
        return cls(ListedHosts.of(hosts))

    def search(self, text: str, *, undone: bool = False) -> Found:
        """What there may be in a view of a message. undone: its disguises are undone already."""
        searched = SearchedText.of(text)
        cues = self._seen(searched)
        return self._found(searched, cues, undone=undone) if cues else _CLEAR

    def suspects_link(self, link: str) -> bool:
        """Whether a hidden link may lead to something listed: all of it is one word, in which no neighbour counts."""
        if self._suspects(link):
            return True
        mended = repair(link).text
        return mended != link and self._suspects(mended)

    def _suspects(self, link: str) -> bool:
        searched = SearchedText.of_link(link)
        found = self._found(searched, self._seen(searched), undone=True)
        return bool(found.words) or found.markup or self._addresses.any_in(searched.folded, glued=True)

    def _seen(self, searched: SearchedText) -> list[Cue]:
        """Listed hosts, each by its last dot, and cues, from the last one of the text to the first."""
        folded = searched.folded
        last = len(folded) - 1
        cues: list[Cue] = []
        for end, (length, tails, words, bits) in self._hits(folded):
            place = last - end + length
            if words and folded.startswith(tails, place):
                if is_named(folded, place, words, apart=searched.origin(place)[1] < 0):
                    cues.append((place, 0, bits | HOST))
                    continue
            if bits:
                cues.append((place - length, length, bits))
        return cues

    def _found(self, searched: SearchedText, cues: Iterable[Cue], *, undone: bool) -> Found:
        found = Found()
        words: dict[tuple[int, int], list[int] | None] = {}  # None where more is in a word than names of hosts
        word = (len(searched.text) + 1, 0)
        for start, length, bits in cues:
            place, end = searched.origin(start)
            if end >= 0 or place < word[0]:  # cues come from the last to the first: else it is in the word of the last one
                word = (place, end) if end >= 0 else word_around(searched.text, place)
            known = DISGUISED if undone or found.disguised else 0
            known |= ~(DISGUISED | IN_ATTRIBUTE) if words.get(word, ()) is None else 0
            meant = self._confirmed(searched.folded, start, length, bits & ~known, odd=end >= 0)
            found.disguised |= bool(meant & DISGUISED)
            found.markup |= bool(meant & IN_ATTRIBUTE)
            meant &= ~(DISGUISED | IN_ATTRIBUTE)
            if meant == HOST and end < 0:
                words[word] = [*(words.get(word) or ()), place]
            elif meant:
                words[word] = None
        found.words = [Candidate(*each, tuple(places or ())) for each, places in words.items()]
        found.markup = found.markup and any(self.suspects_link(url) for _, _, url in markup_urls(searched.text))
        return found

    def _confirmed(self, folded: str, start: int, length: int, bits: int, *, odd: bool) -> int:
        """Those of the bits of a cue of which all that they stand for is there."""
        confirmed = bits & HOST
        rest = bits ^ confirmed
        while rest:
            bit = rest & -rest
            rest ^= bit
            if self._holds(folded, start, length, bit, odd=odd):
                confirmed |= bit
        return confirmed

    def _holds(self, folded: str, start: int, length: int, bit: int, *, odd: bool) -> bool:
        if bit == NUMBER:
            run = _number_at(folded, start)
            return run is None or self._addresses.any_in(run, glued=odd)
        if bit == NAME:
            return is_apart(folded, start, start + length)
        if bit == SCHEME:
            return folded[start + length : start + length + 1] in _AFTER_SCHEME
        number = bit.bit_length() - 1
        width = PATTERNS[number].width
        return REGEXES[number].search(folded, max(0, start + length - width), start + width) is not None


def _number_at(folded: str, start: int) -> str | None:
    """The run of digits, letters of hexadecimals and dots at a place, or an IPv6 address there; None for a long one."""
    if "[" in folded[start : start + 3]:
        return folded[start : start + _LITERAL]
    begin = end = start if folded[start] in _NUMERIC else start + 1
    first, last = begin - _LONGEST_RUN, begin + _LONGEST_RUN
    while begin > max(0, first) and folded[begin - 1] in _NUMERIC:
        begin -= 1
    while end < min(last, len(folded)) and folded[end] in _NUMERIC:
        end += 1
    return None if begin == first or end == last else folded[begin:end]


def is_apart(folded: str, start: int, end: int) -> bool:
    """Whether what stands here is no part of a longer ASCII word."""
    before, behind = folded[start - 1 : start], folded[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (behind.isascii() and behind.isalnum())


def is_named(folded: str, place: int, words: str, *, apart: bool = False) -> bool:
    """True when what stands around a dot is a listed host; `place` is right behind the dot.

    apart: letters and digits right before or behind it make it another one, as where nothing is decoded or glued.
    """
    if folded[place : place + 1] <= " ":  # the dot of a sentence
        return False
    start = max(0, place - LONGEST)
    before = folded[start:place][::-1]
    for line in words.split("\n"):
        word, _, tails = line.partition(" ")
        if before.startswith(word) and not (apart and not _begins(folded, place - len(word), start)):
            for tail in tails.split(" "):
                if folded.startswith(tail, place) and not (apart and not _ends(folded, place, tail)):
                    return True
    return False


def _begins(folded: str, place: int, start: int) -> bool:
    """Whether a host may begin here; of a longer one than a word holds only its end is known."""
    return place == start or not folded[place - 1].isalnum()


def _ends(folded: str, place: int, tail: str) -> bool:
    end = place + len(tail)
    return not tail or not folded[end : end + 1].isalnum() or folded.startswith("http", end)
