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

import re
from typing import TYPE_CHECKING, NamedTuple

from linkgate.core.links.find import markup_urls
from linkgate.core.prefilter.addresses import Addresses
from linkgate.core.prefilter.automaton import CLASSES, ODD, Automaton, backwards
from linkgate.core.prefilter.cues import (
    DISGUISED,
    FOLDED_REGEXES,
    HOST,
    IN_ATTRIBUTE,
    NAME,
    NUMBER,
    REGEXES,
    needles_of,
    pattern_check,
)
from linkgate.core.prefilter.hosts import LONGEST, ListedHosts
from linkgate.core.prefilter.searched_text import SearchedText
from linkgate.core.text.refang import repair
from linkgate.core.text.words import word_around

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkgate.core.prefilter.cues import Needle

    # Where something is in a folded text, and what it is, as bits.
    Cue = tuple[int, int]

_BEFORE_NAMES = frozenset("/\\@:.=?&[({<_")
"""What stands before a host without a dot, as a bare one is no link."""
_AFTER_SCHEME = frozenset("/abcdefghijklmnopqrstuvwxyz")
_LONGEST_RUN = 96
_MOST_FAILED, _APART = 8, 128
"""So many cues of a pattern are looked at, and one more for so many characters, before all of the text is searched."""
_LITERAL = 50
"""So many characters an IPv6 address has at most, with its brackets."""
_NUMERIC = frozenset("0123456789abcdefx.")
_RUN = re.compile(r"[0-9a-fx.]*")


class Candidate(NamedTuple):
    """A word of a text in which a link to something listed may stand.

    places: right behind the last dots of listed hosts, from the start of the text, where all that is known
    of the word is that it names these, in plain letters; else none.
    """

    start: int
    end: int
    places: tuple[int, ...]


class Found(NamedTuple):
    """What a search found: words, whether a disguise is to be undone, whether to read attributes of HTML."""

    words: list[Candidate]
    disguised: bool = False
    markup: bool = False

    @property
    def clear(self) -> bool:
        """Whether nothing listed can be in the text."""
        return self is CLEAR


CLEAR = Found([])


class Prefilter:
    """The automaton over listed hosts and cues. Immutable once built."""

    __slots__ = ("_addresses", "_hits", "_numeric")

    def __init__(self, hosts: ListedHosts) -> None:
        self._addresses = Addresses(hosts.addresses, literals=hosts.literals)
        self._hits = Automaton(needles_of(hosts, numeric=bool(self._addresses), tight=self._addresses.tight)).hits

    def __del__(self) -> None:
        """Let go of the automaton apart from the rest: to free it takes milliseconds, in which no other thread runs."""
        self._hits = None  # type: ignore[assignment]

    @classmethod
    def build(cls, hosts: Iterable[str]) -> Prefilter:
        """A prefilter for these canonical hosts."""
        return cls(ListedHosts.of(hosts))

    def search(self, text: str, known: int = 0) -> Found:
        """What there may be in a view of a message. known: meanings that are not looked for."""
        searched = None
        if not text.isascii() or ODD in (octets := text.encode().translate(CLASSES)):
            searched = SearchedText.of(text)
            raw = self._hits(backwards(searched.folded))
        else:
            raw = self._hits(octets.decode()[::-1])
        if (first := next(raw, None)) is None:
            return CLEAR
        folded = text.lower() if searched is None else searched.folded
        if not (hits := _meaning([first, *raw], folded, plain=searched is None, known=known)):
            return CLEAR
        searched = searched or SearchedText(text, folded)
        return self._found(searched, self._seen(searched, hits, known=known))

    def suspects_link(self, link: str) -> bool:
        """Whether a hidden link may lead to something listed: all of it is one word, in which no neighbour counts."""
        if self._suspects(link):
            return True
        mended = repair(link).text
        return mended != link and self._suspects(mended)

    def _suspects(self, link: str) -> bool:
        searched = SearchedText.of_link(link)
        hits = _meaning(self._hits(backwards(searched.folded)), searched.folded, plain=False, known=DISGUISED)
        found = self._found(searched, self._seen(searched, hits, known=DISGUISED))
        return not found.clear or self._addresses.any_in(searched.folded, glued=True)

    def _seen(self, searched: SearchedText, hits: list[tuple[int, Needle]], *, known: int = 0) -> list[Cue]:
        """What these needles really are, each with its place.

        A listed host has its place right behind its last dot, all else where it begins.
        """
        folded, plain = searched.folded, not searched.starts
        cues: list[Cue] = []
        for place, (length, _, words, bits, *_) in hits:
            odd = not plain and searched.origin(place)[1] >= 0
            if words and is_named(folded, place, words, apart=not odd):
                cues.append((place, HOST))
            rest = bits & ~known
            if rest and (meant := self._confirmed(searched, place - length, length, rest, odd=odd)):
                cues.append((place - length, meant))
                if meant & DISGUISED:
                    known |= DISGUISED
        return cues

    def _found(self, searched: SearchedText, cues: list[Cue]) -> Found:
        if not cues:
            return CLEAR
        words: dict[tuple[int, int], list[int] | None] = {}  # None where more is in a word than names of hosts
        word = (len(searched.text) + 1, 0)
        every = 0
        for start, meant in cues:
            every |= meant
            place, end = searched.origin(start) if searched.starts else (start, -1)
            if end >= 0 or place < word[0]:  # else it is in the word of the cue before, which stands behind it
                word = (place, end) if end >= 0 else word_around(searched.text, place)
            if meant == HOST and end < 0:
                known = words.setdefault(word, [])
                if known is not None:
                    known.append(place)
            elif meant & ~(DISGUISED | IN_ATTRIBUTE):
                words[word] = None
        return Found(
            [Candidate(start, end, tuple(places or ())) for (start, end), places in words.items()],
            bool(every & DISGUISED),
            bool(every & IN_ATTRIBUTE) and any(self.suspects_link(url) for _, _, url in markup_urls(searched.text)),
        )

    def _confirmed(self, searched: SearchedText, start: int, length: int, bits: int, *, odd: bool) -> int:
        """Those of the bits of a cue of which all that they stand for is there."""
        folded, plain = searched.folded, not searched.starts
        confirmed = 0
        while bits:
            bit = bits & -bits
            bits ^= bit
            if bit > IN_ATTRIBUTE:
                holds = self._names(folded, start, length, bit, odd=odd)
            else:
                holds = bool(pattern_check(bit, plain=plain)(folded, start))
            if holds:
                confirmed |= bit
        return confirmed

    def _names(self, folded: str, start: int, length: int, bit: int, *, odd: bool) -> bool:
        """Whether a number, or a name without a dot, may be that of a listed host."""
        if bit == NUMBER:
            run = _number_at(folded, start)
            return run is None or self._addresses.any_in(run, glued=odd)
        if bit == NAME:
            return is_apart(folded, start, start + length) and (odd or folded[start - 1 : start] in _BEFORE_NAMES)
        return folded[start + length : start + length + 1] in _AFTER_SCHEME


def _meaning(
    raw: Iterable[tuple[int, Needle]], folded: str, *, plain: bool, known: int = 0
) -> list[tuple[int, Needle]]:
    """Those of the needles in a folded text that may mean something, each with the place behind it.

    plain: whether folding only put the text in lower case. known: meanings that are not looked for.
    """
    last = len(folded) - 1
    most = _MOST_FAILED + len(folded) // _APART
    hits = []
    failed: dict[int, int] = {}
    for end, needle in raw:
        length, tails, _, bits, check, check_folded = needle
        place = last - end + length
        if tails and not folded.startswith(tails, place):
            continue
        if not bits and folded[place : place + 1] <= " ":  # the dot of a sentence
            continue
        if check is not None:
            if not bits & ~known:
                continue
            if not (check if plain else check_folded or check)(folded, place - length):
                if bits < HOST:
                    times = failed[bits] = failed.get(bits, 0) + 1
                    if times == most:
                        known |= _absent(folded, bits, plain=plain)
                continue
            if not bits & ~DISGUISED:  # one is enough, as all of the text will be mended
                known |= DISGUISED
        hits.append((place, needle))
    return hits


def _absent(folded: str, bits: int, *, plain: bool) -> int:
    """Those of the bits of patterns that are nowhere in a text: told by one search, where many of their cues failed."""
    regexes = REGEXES if plain else FOLDED_REGEXES
    places = (place for place in range(len(regexes)) if bits >> place & 1)
    return sum(1 << place for place in places if not regexes[place].search(folded))


def _number_at(folded: str, start: int) -> str | None:
    """The run of digits, letters of hexadecimals and dots at a place, or an IPv6 address there; None for a long one."""
    if "[" in folded[start : start + 3]:
        return folded[start : start + _LITERAL]
    first = start if folded[start] in _NUMERIC else start + 1
    run = _RUN.match(folded, first, first + _LONGEST_RUN)
    least = max(0, first - _LONGEST_RUN)
    while first > least and folded[first - 1] in _NUMERIC:
        first -= 1
    return None if run is None or run.end() - first >= _LONGEST_RUN else folded[first : run.end()]


def is_apart(folded: str, start: int, end: int) -> bool:
    """Whether what stands here is no part of a longer ASCII word."""
    before, behind = folded[start - 1 : start], folded[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (behind.isascii() and behind.isalnum())


def is_named(folded: str, place: int, words: str | dict[str, str], *, apart: bool = False) -> bool:
    """True when what stands around a dot is a listed host; `place` is right behind the dot.

    apart: letters and digits right before or behind it make it another one, as where nothing is decoded or glued.
    """
    start = max(0, place - LONGEST)
    before = folded[start:place][::-1]
    for line in words.split("\n") if isinstance(words, str) else _lines(words, before):
        word, _, tails = line.partition(" ")
        if before.startswith(word) and not (apart and not _begins(folded, place - len(word), start)):
            for tail in tails.split(" "):
                if folded.startswith(tail, place) and not (apart and not _ends(folded, place, tail)):
                    return True
    return False


def _lines(words: dict[str, str], before: str) -> list[str]:
    """Those of many words of a needle that may stand before a place."""
    return [f"{before[:end]} {words[before[:end]]}" for end in range(len(before) + 1) if before[:end] in words]


def _begins(folded: str, place: int, start: int) -> bool:
    """Whether a host may begin here; of a longer one than a word holds only its end is known."""
    return place == start or not folded[place - 1].isalnum()


def _ends(folded: str, place: int, tail: str) -> bool:
    end = place + len(tail)
    return not tail or not folded[end : end + 1].isalnum() or folded.startswith("http", end)
