"""Where a link in running text ends: every reading that a person, a messenger or a browser might take.

A link in a message has no closing mark. Trailing punctuation may belong to it or to the sentence, a
bracket may have been opened before it, the next word may be glued to it. All readings are tried, a
bounded number for each link. A reading is *natural* when messengers end the link there by
themselves; any other one takes a reader who knows where the link should end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Letters that are part of a word together with Latin ones; all other scripts may be glued to a link.
LATIN = r"\x00-\x7f\u00aa-\u058f\u1e00-\u1fff"
_PUNCTUATION = "\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u301f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
_SENTENCE = frozenset(".,:;!?'\"`()[]{}<>«»“”„‘’…。、，．：；！？」』）】》〉—–")
_MARKUP = frozenset("*_~|")
_TRAILING = _SENTENCE | _MARKUP | frozenset("=-/\\·•&#$^+@")
_MOST_TRIMS = 8
_FAR = 2048
_NATURAL = (rf"[<>\"«»{_PUNCTUATION}]|&(?:quot|gt|lt|#3[49]|#x2[27]|nbsp);",)
_CLOSING = (r"\)", r"\]", r"\}")
_OTHER = (
    r"['`]",
    r"\|",
    r"[,;]",
    r"[(\[{]",
    rf"[^{LATIN}]",
    r"(?<!^)https?:[/\\]{2}",
    r"\\[nrt]",
    r"\*\*|~~|\^",
    r":(?![/\\])",
    r"\.\.\.",
    r"[\x00-\x1f\x7f]",
)
_CUT = re.compile("|".join(f"({pattern})" for pattern in _NATURAL + _CLOSING + _OTHER), re.IGNORECASE)
_OPENING = {")": "(", "]": "[", "}": "{"}
FRESH = re.compile(rf"[<>\"«»'|,;()\[\]{{}}]|[^{LATIN}]")
"""What may separate one link from the next, where it stands between two of them."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """The places in one token where a link may end, a sorted list for each class of separator."""

    token: str
    places: tuple[list[int], ...]

    @classmethod
    def of(cls, token: str) -> Cuts:
        """Find all places of all classes in one pass."""
        places: tuple[list[int], ...] = tuple([] for _ in _NATURAL + _CLOSING + _OTHER)
        for cut in _CUT.finditer(token):
            places[(cut.lastindex or 1) - 1].append(cut.start())
        return cls(token, places)

    def ends(self, start: int, body: int, *, far: bool) -> Iterator[tuple[int, bool]]:
        """All ends of a link that begins at `start` and whose scheme ends at `body`, and if each is natural.

        The first place of each class, and the end of the token (no farther than 2,048 characters
        unless `far`), each as it is and without its trailing punctuation.
        """
        last = len(self.token) if far else min(len(self.token), start + _FAR)
        ends = {last: True}
        for number, places in enumerate(self.places):
            first = bisect_left(places, body + 1)
            if first < len(places) and places[first] < last:
                place = places[first]
                ends[place] = ends.get(place, False) or self._is_natural(number, body, place)
        found: dict[int, bool] = {}
        before = self.token[start - 1] if start else ""
        for end, natural in ends.items():
            for trimmed, still in self._trims(body, end, before, natural=natural):
                found[trimmed] = found.get(trimmed, False) or still
        yield from sorted(found.items(), reverse=True)

    def _is_natural(self, number: int, body: int, place: int) -> bool:
        if number < len(_NATURAL):
            return True
        closing = self.token[place]
        if number < len(_NATURAL) + len(_CLOSING):
            return self.token.count(_OPENING[closing], body, place) <= self.token.count(closing, body, place)
        return False

    def _trims(self, body: int, end: int, before: str, *, natural: bool) -> Iterator[tuple[int, bool]]:
        yield end, natural
        for count in range(len(self.token)):
            last = self.token[end - 1]
            if end <= body or last not in _TRAILING:
                return
            natural = natural and (last in _SENTENCE or (last in _MARKUP and last == before))
            end -= 1
            if end > body and (count < _MOST_TRIMS or self.token[end - 1] not in _TRAILING):
                yield end, natural
