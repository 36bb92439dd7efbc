"""Where a link in running text ends: every reading that a person, a messenger or a browser might take.

A link in a message has no closing mark. Trailing punctuation may belong to it or to the sentence, a
bracket may have been opened before it, the next word may be glued to it. All readings are tried, a
bounded number for each link. A reading is *natural* when messengers end the link there by
themselves; any other one takes a reader who knows where the link should end.

>>> cuts = Cuts.of("http://bad.example/page).")
>>> [(cuts.token[:end], natural) for end, natural in cuts.ends(0, 7, far=True)][1:3]
[('http://bad.example/page)', True), ('http://bad.example/page', True)]
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Letters that are part of a word together with Latin ones; all other scripts may be glued to a link.
LETTERS = r"\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0556\u0560-\u0588\u1e00-\u1fff"
_PUNCTUATION = "\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u301f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
_SENTENCE = ".,:;!?'\"`()[]{}<>«»“”„‘’…。、，．：；！？」』）】》〉—–"
_MARKUP = frozenset("*_~|")
_TRAILING = _SENTENCE + "*_~|=-/\\·•&#$^+@"
_MOST_TRIMS = 8
_FAR = 2048
_NEXT_LINK = r"(?=[\"'(<\[]?(?:https?:|//|[A-Za-z0-9\-]+\.[A-Za-z]{2}))"
_NATURAL = (rf"[<>\"«»{_PUNCTUATION}]|&(?:quot|gt|lt|#3[49]|#x2[27]|nbsp);",)
_CLOSING = (r"\)", r"\]", r"\}")
_FOREIGN_LETTER = rf"[^\x00-\x7f{LETTERS}]"
_OTHER = (
    r"'(?:s(?!\w)|(?!\w))",
    r"`",
    rf"[,;|]{_NEXT_LINK}",
    r"[|\[]",
    r"[({](?![^()\[\]{}]*[)\]}])",
    r":(?=[A-Za-z()]{1,3}\Z)",
    rf"[(\[{{]{_NEXT_LINK}",
    _FOREIGN_LETTER,
    r"(?<!^)https?:[/\\]{2}",
    r"\\[nrt]",
    r"\*\*|~~",
    r"\.\.\.",
    r"[\x00-\x1f\x7f]",
)
_FOREIGN = len(_NATURAL + _CLOSING) + _OTHER.index(_FOREIGN_LETTER)
_CUT = re.compile("|".join(f"({pattern})" for pattern in _NATURAL + _CLOSING + _OTHER), re.IGNORECASE | re.ASCII)
_MARK = re.compile(r"[/\\?#@(){}\[\]]|:(?![0-9]{1,5}(?:[/?#\\]|\Z))")
_OPENING = {")": "(", "]": "[", "}": "{"}
_MORE_LABELS = re.compile(r"[^\x00-\x7f][^/\\?#\s]{0,253}?\.[A-Za-z0-9\-]")
# What may separate one link from the next, where it stands between two of them.
_FRESH = re.compile(rf"[<>\"'|,;()\[\]{{}}]|[^\x00-\x7f{LETTERS}]")


@dataclass(frozen=True, slots=True)
class Cuts:
    """The places in one token where a link may end: sorted lists, found once, so that each link costs the same."""

    token: str
    places: tuple[list[int], ...]
    marks: dict[str, list[int]]
    fresh: list[int]

    @classmethod
    def of(cls, token: str) -> Cuts:
        """Find all places of all classes, in one pass each."""
        places: tuple[list[int], ...] = tuple([] for _ in _NATURAL + _CLOSING + _OTHER)
        for cut in _CUT.finditer(token):
            places[(cut.lastindex or 1) - 1].append(cut.start())
        marks: dict[str, list[int]] = {mark: [] for mark in "/@:(){}[]"}
        for mark in _MARK.finditer(token):
            marks["/" if mark[0] in "\\?#" else mark[0]].append(mark.start())
        return cls(token, places, marks, [fresh.start() for fresh in _FRESH.finditer(token)])

    def next_fresh(self, start: int) -> int:
        """The first place from `start` on where another link may begin; the end of the token if there is none."""
        return _next(self.fresh, start, len(self.token))

    def ends(self, start: int, body: int, *, far: bool) -> Iterator[tuple[int, bool]]:
        """All ends of a link that begins at `start` and whose scheme ends at `body`, and if each is natural.

        The first place of each class, and the end of the token (unless `far`, where there is no such
        place, and no farther than 2,048 characters), each as it is and without trailing punctuation.
        """
        last = len(self.token) if far else min(len(self.token), start + _FAR)
        ends: dict[int, bool] = {}
        authority = min(last, _next(self.marks["/"], body, last))
        host = max(body, _last(self.marks["@"], authority) + 1)
        for number, places in enumerate(self.places):
            for first in (max(body + 1, host), authority) if number == _FOREIGN else (max(body + 1, host),):
                place = _next(places, first, last)
                if place < last and not self._goes_on(place, authority):
                    ends[place] = ends.get(place, False) or self._is_natural(number, body, place)
        port = _next(self.marks[":"], max(body + 1, host), authority)
        if port < authority:
            ends.setdefault(port, False)
        if self.token[start - 1 : start] == "<" and (label := self.token.find("|", body, last)) >= 0:
            ends[label] = True  # `<url|label>`
        if far or not ends:
            ends[last] = True
        yield from self._trimmed(start, body, ends)

    def _goes_on(self, place: int, authority: int) -> bool:
        """True for a foreign letter inside a host whose labels go on: all of it is one other host."""
        return place < authority and _MORE_LABELS.match(self.token, place, authority) is not None

    def _trimmed(self, start: int, body: int, ends: dict[int, bool]) -> Iterator[tuple[int, bool]]:
        found: dict[int, bool] = {}
        before = self.token[start - 1] if start else ""
        for end, natural in ends.items():
            for trimmed, still in self._trims(body, end, before):
                found[trimmed] = found.get(trimmed, False) or (natural and still)
        yield from sorted(found.items(), reverse=True)

    def _is_natural(self, number: int, body: int, place: int) -> bool:
        if number < len(_NATURAL):
            return True
        if number >= len(_NATURAL) + len(_CLOSING):
            return False
        closing = self.token[place]
        return _count(self.marks[_OPENING[closing]], body, place) <= _count(self.marks[closing], body, place)

    def _trims(self, body: int, end: int, before: str) -> Iterator[tuple[int, bool]]:
        yield end, True
        text = self.token[body:end]
        shortest = body + len(text.rstrip(_TRAILING))
        natural = body + len(text.rstrip(_SENTENCE + before if before in _MARKUP else _SENTENCE))
        for trimmed in {*range(max(shortest, end - _MOST_TRIMS), end), shortest}:
            if body < trimmed < end:
                yield trimmed, trimmed >= natural


def _next(places: list[int], start: int, otherwise: int) -> int:
    slot = bisect_left(places, start)
    return places[slot] if slot < len(places) else otherwise


def _last(places: list[int], before: int) -> int:
    slot = bisect_left(places, before)
    return places[slot - 1] if slot else -1


def _count(places: list[int], start: int, end: int) -> int:
    return bisect_left(places, end) - bisect_left(places, start)
